"""Start on a roadmap, aim for a role; complete units and reopen them, skip them and take that back."""

from collections.abc import Iterable

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Greatest
from django.utils import timezone

from accounts.models import User
from curriculum.models import Enrollment, Module, Roadmap, Role, Unit, UnitCompletion, UnitSkip

WEEKLY_HOURS = 6
MOST_WEEKLY_HOURS = 60


class NoRoadmap(Exception):
    """There is no roadmap to follow; the curriculum has not been loaded."""


class Retired(Exception):
    """The unit, role or roadmap has left the curriculum. What was completed stays completed."""


class OnAnotherRoadmap(Exception):
    """The unit or module belongs to a roadmap that this enrollment is not about."""


class NotTheirRole(Exception):
    """The role is somebody else's own."""


class HoursOutOfRange(Exception):
    """A week of study has 1 to 60 hours."""


class NoSuchDay(Exception):
    """The days of a week are 1 for Monday to 7 for Sunday."""


def of(user: User, roadmap: Roadmap | None = None) -> Enrollment | None:
    """The enrollment of a person on a roadmap, or on the first they follow; with roadmap and role."""
    followed = Enrollment.objects.filter(learner=user)
    if roadmap is not None:
        followed = followed.filter(roadmap=roadmap)
    return (
        followed.select_related("roadmap", "target_role")
        .order_by("roadmap__position", "pk")
        .first()
    )


def enroll(
    user: User,
    roadmap: Roadmap | None = None,
    target_role: Role | None = None,
    weekly_hours: int = WEEKLY_HOURS,
) -> Enrollment:
    """Start on a roadmap: the given one, or the one they follow, or the first there is.

    Who follows it already gets the enrollment there is, as it is; `aim_for` changes it.
    Raises NoRoadmap, Retired, NotTheirRole or HoursOutOfRange.
    """
    if roadmap is None:
        followed = of(user)
        goes_on = followed is not None and not followed.roadmap.is_retired
        roadmap = followed.roadmap if followed and goes_on else Roadmap.objects.live().first()
    if roadmap is None:
        raise NoRoadmap
    _refuse_retired(roadmap, target_role)
    _refuse_others_own(target_role, user.pk)
    _refuse_hours(weekly_hours)
    enrollment, is_new = Enrollment.objects.get_or_create(
        learner=user,
        roadmap=roadmap,
        defaults={"target_role": target_role, "weekly_hours": weekly_hours},
    )
    if is_new and target_role:
        enrollment.aims.create(role=target_role)
    return enrollment


def aim_for(
    enrollment: Enrollment, role: Role | None, weekly_hours: int | None = None
) -> Enrollment:
    """Aim for a role (or for none), and set the hours a week unless they are None.

    Who aims for a role keeps it when it retires; it cannot be chosen anew. A new aim is remembered,
    the same again is none. Raises Retired, NotTheirRole or HoursOutOfRange.
    """
    _refuse_others_own(role, enrollment.learner_id)
    is_new = (role.pk if role else None) != enrollment.target_role_id
    if role is not None and is_new:
        _refuse_retired(role)
    if weekly_hours is not None:
        _refuse_hours(weekly_hours)
        enrollment.weekly_hours = weekly_hours
    enrollment.target_role = role
    with transaction.atomic():
        enrollment.save(update_fields=["target_role", "weekly_hours"])
        if is_new:
            enrollment.aims.create(role=role)
    return enrollment


def study_on(enrollment: Enrollment, weekdays: Iterable[int]) -> Enrollment:
    """Study on these days, 1 for Monday to 7 for Sunday; on none in particular when there are none.

    Raises NoSuchDay.
    """
    days = sorted(set(weekdays))
    if not set(days) <= set(range(1, 8)):
        raise NoSuchDay(days)
    enrollment.study_days = "".join(map(str, days))
    enrollment.save(update_fields=["study_days"])
    return enrollment


@transaction.atomic
def complete_unit(enrollment: Enrollment, unit: Unit) -> UnitCompletion:
    """Record that the learner finished the unit. Doing it twice, or twice at once, counts once.

    A skip of the unit ends with it. Raises Retired or OnAnotherRoadmap.
    """
    _refuse_unit(enrollment, unit)
    _hold(enrollment)
    completion, _ = UnitCompletion.objects.get_or_create(
        enrollment=enrollment, unit=unit, reopened_at=None
    )
    _end_skips(enrollment, [unit])
    return completion


def reopen_unit(enrollment: Enrollment, unit: Unit) -> None:
    """End the completion of a unit; its row stays as history. Reopening what is open does nothing.

    Raises Retired or OnAnotherRoadmap.
    """
    _refuse_unit(enrollment, unit)
    enrollment.completions.standing().filter(unit=unit).update(
        reopened_at=Greatest(F("completed_at"), timezone.now())
    )


def skip_unit(enrollment: Enrollment, unit: Unit, reason: str = "") -> None:
    """Leave a unit out. Skipping what is complete, or skipped already, does nothing.

    Raises Retired or OnAnotherRoadmap.
    """
    _refuse_unit(enrollment, unit)
    _skip(enrollment, [unit], reason)


def unskip_unit(enrollment: Enrollment, unit: Unit) -> None:
    """Take a skip back; its row stays as history. Doing it to what is not skipped does nothing.

    Raises Retired or OnAnotherRoadmap.
    """
    _refuse_unit(enrollment, unit)
    _end_skips(enrollment, [unit])


def skip_module(enrollment: Enrollment, module: Module, reason: str = "") -> None:
    """Leave out what is open of a module; what is complete stays complete.

    Raises Retired or OnAnotherRoadmap.
    """
    _refuse_module(enrollment, module)
    _skip(enrollment, module.units.live(), reason)


def unskip_module(enrollment: Enrollment, module: Module) -> None:
    """Take back every skip of a module's units. Raises Retired or OnAnotherRoadmap."""
    _refuse_module(enrollment, module)
    _end_skips(enrollment, module.units.live())


@transaction.atomic
def _skip(enrollment: Enrollment, units: Iterable[Unit], reason: str) -> None:
    _hold(enrollment)
    left = set(enrollment.completions.standing().values_list("unit", flat=True))
    left |= set(enrollment.skips.standing().values_list("unit", flat=True))
    UnitSkip.objects.bulk_create(
        UnitSkip(enrollment=enrollment, unit=unit, reason=reason)
        for unit in units
        if unit.pk not in left
    )


def _end_skips(enrollment: Enrollment, units: Iterable[Unit]) -> None:
    enrollment.skips.standing().filter(unit__in=units).update(
        ended_at=Greatest(F("skipped_at"), timezone.now())
    )


def _hold(enrollment: Enrollment) -> None:
    """Let nobody else complete or skip in this enrollment until the transaction around this ends.

    So no unit is complete and skipped at the same time.
    """
    Enrollment.objects.select_for_update().filter(pk=enrollment.pk).first()


def _refuse_unit(enrollment: Enrollment, unit: Unit) -> None:
    if unit.has_left:
        raise Retired(unit)
    _refuse_module(enrollment, unit.module)


def _refuse_module(enrollment: Enrollment, module: Module) -> None:
    if module.has_left:
        raise Retired(module)
    if module.stage.roadmap_id != enrollment.roadmap_id:
        raise OnAnotherRoadmap(module)


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
