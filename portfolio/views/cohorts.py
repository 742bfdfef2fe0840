"""The organiser's page of a cohort: its learners at a glance, the mentors' load, and both as a file."""

from collections.abc import Iterator
from datetime import datetime, tzinfo

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts import cohorts
from accounts.models import Cohort, Sighting, User
from accounts.sightings import Thing
from accounts.views.sightings import looked
from portfolio import glance, mentor_load, spreadsheets
from portfolio.glance import Glance
from portfolio.views.glance import filtered

#: Learners whose rows of the file are computed together.
BATCH = 200


@login_required
@require_safe
def cohort_detail(request: HttpRequest, slug: str) -> HttpResponse:
    cohort = get_object_or_404(Cohort.objects.run_by(request.user), slug=slug)
    glances = glance.by_need(glance.of(cohorts.learners_in(cohort)))
    members = cohort.memberships.in_force().select_related("person__profile")
    page = filtered(request, glances)
    keys = dict(members.learners().order_by().values_list("person", "pk"))
    rows = [(each, keys.get(each.learner.pk)) for each in page["glances"]]
    thing = Thing(Sighting.Kind.COHORT, cohort.pk, cohort.name)
    looked(request, thing, *(each.learner.pk for each, _key in rows))
    context = page | {
        "cohort": cohort,
        "rows": rows,
        "load": mentor_load.of(cohort),
        "organisers": members.organisers().order_by("person__profile__name", "pk"),
        "open_ways": cohort.invitations.open().count(),
    }
    return render(request, "portfolio/cohort.html", context)


@login_required
@require_safe
def cohort_export(request: HttpRequest, slug: str) -> StreamingHttpResponse:
    """The learners of a cohort as CSV: what the organiser's page shows, and nothing else."""
    cohort = get_object_or_404(Cohort.objects.run_by(request.user), slug=slug)
    learners = list(cohorts.learners_in(cohort))
    looked(
        request,
        Thing(Sighting.Kind.EXPORT, cohort.pk, cohort.name),
        *(learner.pk for learner in learners),
    )
    response = StreamingHttpResponse(
        spreadsheets.lines(_rows(learners, timezone.get_current_timezone())),
        content_type="text/csv; charset=utf-8",
    )
    name = f"{cohort.slug}-{timezone.localdate():%Y-%m-%d}.csv"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _rows(learners: list[User], zone: tzinfo) -> Iterator[list[object]]:
    yield [
        _("Name"), _("Handle"), _("Units complete"), _("Units"), _("Minutes a week, last four weeks"),
        _("Minutes a week, planned"), _("Last active"), _("Stuck since"), _("Requests waiting"),
        _("Waiting since"),
    ]  # fmt: skip
    for start in range(0, len(learners), BATCH):
        for each in glance.of(learners[start : start + BATCH]):
            yield _row(each, zone)


def _row(each: Glance, zone: tzinfo) -> list[object]:
    progress, pace, asks = each.progress, each.pace, each.asks
    return [
        each.learner.profile.name,
        each.learner.profile.handle,
        progress.completed if progress else None,
        progress.total if progress else None,
        pace.kept if pace else None,
        each.enrollment.weekly_hours * 60 if each.enrollment else None,
        _day(each.last_active_at, zone),
        _day(each.stuck.since, zone) if each.stuck else None,
        sum(waiting.who == glance.Who.MENTOR for waiting in each.waiting),
        _day(asks.since, zone) if asks else None,
    ]


def _day(moment: datetime | None, zone: tzinfo) -> str | None:
    """The day in the reader's time zone, which is no longer active while the file streams."""
    return f"{timezone.localdate(moment, zone):%Y-%m-%d}" if moment else None
