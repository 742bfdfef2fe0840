"""How several learners are doing, at a glance. Computed, never stored."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, F, Max, OuterRef, Q, Subquery, Sum
from django.utils import timezone

from accounts.models import User
from curriculum.models import Enrollment, Unit, UnitCompletion, UnitSkip
from curriculum.progress import Progress

WEEKS = 4  # that make the pace, as in the forecast
WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Pace:
    """Minutes a week by the authors' estimates: as completed in the last weeks, and as planned."""

    kept: int
    planned: int
    weeks: int  # whole ones since enrolment, four at most


@dataclass(frozen=True, slots=True)
class Glance:
    """One learner in a list: where they stand, how fast they go, and what they completed last."""

    learner: User
    enrollment: Enrollment | None = None
    progress: Progress | None = None
    open_units: int = 0  # neither complete nor skipped
    pace: Pace | None = None  # None in the first week
    last_completed_at: datetime | None = None
    last_unit: str = ""  # its title


def at_a_glance(learners: Iterable[User]) -> list[Glance]:
    """A glance at each learner, in the order given, in four queries however many there are."""
    learners = list(learners)
    newest = UnitCompletion.objects.standing().filter(enrollment=OuterRef("pk"))
    enrollments = {
        enrollment.learner_id: enrollment
        for enrollment in Enrollment.objects.filter(learner__in=learners)
        .select_related("target_role")
        .annotate(last_unit=Subquery(newest.values("unit__title")[:1]))
        .order_by("-roadmap__position", "-pk")
    }
    totals = dict(
        Unit.objects.live()
        .values_list("module__stage__roadmap")
        .annotate(total=Count("pk"))
        .order_by()
    )
    live = Q(unit__in=Unit.objects.live())
    lately = Q(completed_at__gt=timezone.now() - WEEKS * WEEK)
    completions = {
        row["enrollment"]: row
        for row in UnitCompletion.objects.standing()
        .filter(enrollment__in=enrollments.values())
        .values("enrollment")
        .annotate(
            done=Count("pk", filter=live),
            last=Max(F("completed_at")),
            minutes=Sum("unit__minutes", filter=lately, default=0),
        )
        .order_by()
    }
    skipped = dict(
        UnitSkip.objects.standing()
        .filter(live, enrollment__in=enrollments.values())
        .values_list("enrollment")
        .annotate(units=Count("pk"))
        .order_by()
    )
    return [
        _glance(learner, enrollments.get(learner.pk), totals, completions, skipped)
        for learner in learners
    ]


def _glance(
    learner: User,
    enrollment: Enrollment | None,
    totals: dict[int, int],
    completions: dict[int, dict],
    skipped: dict[int, int],
) -> Glance:
    if enrollment is None:
        return Glance(learner)
    row = completions.get(enrollment.pk, {"done": 0, "last": None, "minutes": 0})
    progress = Progress(row["done"], totals.get(enrollment.roadmap_id, 0))
    weeks = min(WEEKS, (timezone.now() - enrollment.enrolled_at) // WEEK)
    pace = (
        Pace(round(row["minutes"] / weeks), enrollment.weekly_hours * 60, weeks)
        if weeks > 0
        else None
    )
    return Glance(
        learner,
        enrollment,
        progress,
        open_units=max(0, progress.total - progress.completed - skipped.get(enrollment.pk, 0)),
        pace=pace,
        last_completed_at=row["last"],
        last_unit=enrollment.last_unit or "",
    )
