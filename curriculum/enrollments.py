"""Start on a roadmap, aim for a role, complete units and reopen them."""

from django.db.models import F
from django.db.models.functions import Greatest
from django.utils import timezone

from accounts.models import User
from curriculum.models import Enrollment, Roadmap, Role, Unit, UnitCompletion

WEEKLY_HOURS = 6
MOST_WEEKLY_HOURS = 60


class NoRoadmap(Exception):
    """There is no roadmap to follow; the curriculum has not been loaded."""


class Retired(Exception):
    """The unit, role or roadmap has left the curriculum. What was completed stays completed."""


class OnAnotherRoadmap(Exception):
    """The unit belongs to a roadmap that this enrollment is not about."""


class NotTheirRole(Exception):
    """The role is somebody else's own."""


class HoursOutOfRange(Exception):
    """A week of study has 1 to 60 hours."""


def of(user: User) -> Enrollment | None:
    """The enrollment of a person on the first roadmap they follow; with its roadmap and role."""
    return (
        Enrollment.objects.filter(learner=user)
        .select_related("roadmap", "target_role")
        .order_by("roadmap__position", "pk")
        .first()
    )


def enroll(
    user: User,
    roadmap: Roadmap | None = None,
    target_role: Role | None = None,
    weekly_hours: int = WEEKLY_HOURS,
) -> Enrollment:
    """Start on a roadmap: the given one, or the first there is.

    Who follows it already gets the enrollment there is, as it is; `aim_for` changes it.
    Raises NoRoadmap, Retired, NotTheirRole or HoursOutOfRange.
    """
    roadmap = roadmap or Roadmap.objects.live().first()
    if roadmap is None:
        raise NoRoadmap
    _refuse_retired(roadmap, target_role)
    _refuse_others_own(target_role, user.pk)
    _refuse_hours(weekly_hours)
    enrollment, _ = Enrollment.objects.get_or_create(
        learner=user,
        roadmap=roadmap,
        defaults={"target_role": target_role, "weekly_hours": weekly_hours},
    )
    return enrollment


def aim_for(
    enrollment: Enrollment, role: Role | None, weekly_hours: int | None = None
) -> Enrollment:
    """Aim for a role (or for none), and set the hours a week unless they are None.

    Who aims for a role keeps it when it retires; it cannot be chosen anew.
    Raises Retired, NotTheirRole or HoursOutOfRange.
    """
    _refuse_others_own(role, enrollment.learner_id)
    if role is not None and role.pk != enrollment.target_role_id:
        _refuse_retired(role)
    if weekly_hours is not None:
        _refuse_hours(weekly_hours)
        enrollment.weekly_hours = weekly_hours
    enrollment.target_role = role
    enrollment.save(update_fields=["target_role", "weekly_hours"])
    return enrollment


def complete_unit(enrollment: Enrollment, unit: Unit) -> UnitCompletion:
    """Record that the learner finished the unit. Doing it twice, or twice at once, counts once.

    Raises Retired or OnAnotherRoadmap.
    """
    _refuse_unit(enrollment, unit)
    completion, _ = UnitCompletion.objects.get_or_create(
        enrollment=enrollment, unit=unit, reopened_at=None
    )
    return completion


def reopen_unit(enrollment: Enrollment, unit: Unit) -> None:
    """End the completion of a unit; its row stays as history. Reopening what is open does nothing.

    Raises Retired or OnAnotherRoadmap.
    """
    _refuse_unit(enrollment, unit)
    enrollment.completions.standing().filter(unit=unit).update(
        reopened_at=Greatest(F("completed_at"), timezone.now())
    )


def _refuse_unit(enrollment: Enrollment, unit: Unit) -> None:
    if unit.has_left:
        raise Retired(unit)
    if unit.module.stage.roadmap_id != enrollment.roadmap_id:
        raise OnAnotherRoadmap(unit)


def _refuse_retired(*contents: Roadmap | Role | None) -> None:
    for content in contents:
        if content is not None and content.is_retired:
            raise Retired(content)


def _refuse_others_own(role: Role | None, learner_id: int) -> None:
    if role is not None and role.is_own and role.owner_id != learner_id:
        raise NotTheirRole(role)


def _refuse_hours(weekly_hours: int) -> None:
    if not 1 <= weekly_hours <= MOST_WEEKLY_HOURS:
        raise HoursOutOfRange(weekly_hours)
