"""How several learners are doing, at a glance. Computed, never stored."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, F, Max, Q

from accounts.models import User
from curriculum.models import Enrollment, Unit, UnitCompletion
from curriculum.progress import Progress


@dataclass(frozen=True, slots=True)
class Glance:
    """One learner in a list: where they stand and when they last completed something."""

    learner: User
    enrollment: Enrollment | None = None
    progress: Progress | None = None
    last_completed_at: datetime | None = None


def at_a_glance(learners: Iterable[User]) -> list[Glance]:
    """A glance at each learner, in the order given, in three queries however many there are."""
    learners = list(learners)
    enrollments = {
        enrollment.learner_id: enrollment
        for enrollment in Enrollment.objects.filter(learner__in=learners)
        .select_related("target_role")
        .order_by("-roadmap__position", "-pk")
    }
    totals = dict(
        Unit.objects.live()
        .values_list("module__stage__roadmap")
        .annotate(total=Count("pk"))
        .order_by()
    )
    live = Q(unit__in=Unit.objects.live())
    completions = {
        row["enrollment"]: row
        for row in UnitCompletion.objects.standing()
        .filter(enrollment__in=enrollments.values())
        .values("enrollment")
        .annotate(done=Count("pk", filter=live), last=Max(F("completed_at")))
        .order_by()
    }
    return [
        _glance(learner, enrollments.get(learner.pk), totals, completions) for learner in learners
    ]


def _glance(
    learner: User,
    enrollment: Enrollment | None,
    totals: dict[int, int],
    completions: dict[int, dict],
) -> Glance:
    if enrollment is None:
        return Glance(learner)
    row = completions.get(enrollment.pk, {"done": 0, "last": None})
    progress = Progress(row["done"], totals.get(enrollment.roadmap_id, 0))
    return Glance(learner, enrollment, progress, row["last"])
