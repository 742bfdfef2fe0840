"""What somebody did, day by day; for their own eyes alone."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from curriculum import study_sessions
from portfolio import history as histories

WEEKS = 4


@login_required
@require_safe
def history(request: HttpRequest) -> HttpResponse:
    after = histories.cursor_from(request.GET.get("after", ""))
    weeks = study_sessions.by_week(request.user, weeks=WEEKS)
    context = {
        "page": histories.page(request.user, after),
        "is_newest": after is None,
        "weeks": weeks,
        "most": max(minutes for _, minutes in weeks),
        "running": study_sessions.running_of(request.user),
    }
    return render(request, "portfolio/history.html", context)
