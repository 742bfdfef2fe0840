"""A learner's own study calendar, and what one of its days holds."""

from datetime import date

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from curriculum import study, study_sessions


@login_required
@require_safe
def study_calendar(request: HttpRequest) -> HttpResponse:
    """?day=2026-11-12 shows that day; without it the last one that holds something."""
    studied = study.of(request.user)
    days = studied.days
    chosen = _day(request.GET["day"]) if "day" in request.GET else None
    day = chosen or next(reversed(days), studied.today)
    context = {
        "study": studied,
        "day": day,
        "is_chosen": chosen is not None,
        "held": days.get(day),
        "sessions": study_sessions.on_day(request.user, day),
        "entries": studied.within(day, day),
        "before": max((other for other in days if other < day), default=None),
        "after": min((other for other in days if other > day), default=None),
    }
    return render(request, "curriculum/study.html", context)


def _day(text: str) -> date:
    """The day that an address names; 404 for what is none."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Http404 from None
