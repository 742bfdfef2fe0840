"""Record how long one studied: as a number, or by a clock that is started and stopped.

Days and weeks are those of the time zone that is active, which is the learner's own.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction
from django.db.models import Q, QuerySet, Sum
from django.utils import timezone

from accounts.models import User
from curriculum.models import StudySession, Unit
from curriculum.models.study_sessions import CAP

#: The same again within this time is the second of two presses.
TWO_PRESSES = timedelta(seconds=10)
MINUTES_OF_A_DAY = 24 * 60
MOST_YEARS_AGO = 10
LATEST = 5  # sessions that a unit lists


class NoSuchDay(Exception):
    """The day has not come yet, or is longer ago than anybody records."""


class DayIsFull(Exception):
    """A day has 24 hours, and `minutes` of it are left."""

    def __init__(self, minutes: int):
        super().__init__(minutes)
        self.minutes = minutes


class NotRunning(Exception):
    """The clock was stopped before."""


@dataclass(frozen=True, slots=True)
class Times:
    """What a learner's sessions come to, in minutes; the clock that runs is not in it."""

    on_unit: int
    this_week: int
    latest: tuple[StudySession, ...]  # of the unit, newest first
    running: StudySession | None  # on whatever unit


@dataclass(frozen=True, slots=True)
class Recorded:
    """What a learner's sessions on a unit come to on a day, in minutes."""

    day: date
    unit_id: int
    roadmap_id: int
    minutes: int


def all_of(learner: User) -> QuerySet[StudySession]:
    """A learner's sessions, newest first, each with its unit; one whose clock runs among them."""
    return learner.study_sessions.select_related("unit")


def on_day(learner: User, day: date) -> QuerySet[StudySession]:
    """What a learner recorded for a day, in the order in which they did, each with unit and module."""
    sessions = learner.study_sessions.ended().select_related("unit__module__stage")
    return sessions.filter(day=day).order_by("recorded_at", "pk")


def times(learner: User, unit: Unit) -> Times:
    """A learner's time on a unit and in this week, and the clock that runs, in three queries."""
    ended = learner.study_sessions.ended()
    sums = ended.aggregate(
        on_unit=Sum("minutes", filter=Q(unit=unit)),
        this_week=Sum("minutes", filter=Q(day__gte=monday_of(timezone.localdate()))),
    )
    return Times(
        on_unit=sums["on_unit"] or 0,
        this_week=sums["this_week"] or 0,
        latest=tuple(ended.filter(unit=unit)[:LATEST]),
        running=running_of(learner),
    )


def by_week(learner: User, *, weeks: int) -> list[tuple[date, int]]:
    """This week and those before it: its Monday and its minutes, newest first, in one query."""
    this = monday_of(timezone.localdate())
    mondays = [this - timedelta(weeks=n) for n in range(weeks)]
    minutes = dict.fromkeys(mondays, 0)
    days = (
        learner.study_sessions.ended()
        .filter(day__gte=mondays[-1], day__lt=this + timedelta(weeks=1))
        .order_by("day")
        .values_list("day")
        .annotate(Sum("minutes"))
    )
    for day, of_day in days:
        minutes[monday_of(day)] += of_day
    return list(minutes.items())


def running_of(learner: User) -> StudySession | None:
    """The session whose clock runs, if any."""
    return learner.study_sessions.running().select_related("unit").first()


@transaction.atomic
def record(learner: User, unit: Unit, *, minutes: int, day: date | None = None) -> StudySession:
    """Record so many minutes on a day, today without one. Two presses count once.

    Raises NoSuchDay or DayIsFull.
    """
    day = day or timezone.localdate()
    _hold(learner)
    before = learner.study_sessions.filter(
        unit=unit,
        day=day,
        minutes=minutes,
        started_at=None,
        recorded_at__gt=timezone.now() - TWO_PRESSES,
    )
    if pressed := before.first():
        return pressed
    _refuse_day(learner, day, minutes)
    return learner.study_sessions.create(unit=unit, day=day, minutes=minutes)


@transaction.atomic
def start(learner: User, unit: Unit) -> StudySession | None:
    """Start the clock on a unit. One that ran on another unit is stopped, and returned.

    Starting what runs already does nothing.
    """
    _hold(learner)
    running = running_of(learner)
    if running and running.unit_id == unit.pk:
        return None
    if running:
        stop(running)
    now = timezone.now()
    learner.study_sessions.create(
        unit=unit, day=timezone.localdate(now), started_at=now, recorded_at=now
    )
    return running


@transaction.atomic
def stop(session: StudySession) -> StudySession:
    """Stop the clock. Its length is in full minutes; one below a minute is not kept.

    A clock that was forgotten counts as long as anybody studies at a stretch (CAP), and less where
    its day has no room for that. Raises NotRunning when it was stopped or deleted meanwhile.
    """
    _hold(session.learner)
    if not session.learner.study_sessions.running().filter(pk=session.pk).exists():
        raise NotRunning
    now = timezone.now()
    minutes = min(session.run_minutes(now), CAP, _left_on(session.learner, session.day))
    if minutes < 1:
        StudySession.objects.filter(pk=session.pk).delete()
        return session
    session.minutes, session.recorded_at = minutes, now
    session.save(update_fields=["minutes", "recorded_at"])
    return session


@transaction.atomic
def change(session: StudySession, *, minutes: int, day: date) -> StudySession:
    """Mend a session's day and length; a clock that runs stops with that.

    Raises NoSuchDay or DayIsFull.
    """
    _hold(session.learner)
    _refuse_day(session.learner, day, minutes, beside=session)
    if session.is_running:
        session.recorded_at = timezone.now()
    session.minutes, session.day = minutes, day
    session.save(update_fields=["minutes", "day", "recorded_at"])
    return session


def by_day_and_unit(learner: User) -> list[Recorded]:
    """All that a learner ever recorded, earliest day first, in one query.

    A day is the one that the learner's own time zone had when they studied.
    """
    sums = (
        learner.study_sessions.ended()
        .order_by("day", "unit")
        .values_list("day", "unit", "unit__module__stage__roadmap")
        .annotate(Sum("minutes"))
    )
    return [Recorded(*row) for row in sums]


def monday_of(day: date) -> date:
    """The Monday of the week in which a day falls."""
    return day - timedelta(days=day.weekday())


def _refuse_day(
    learner: User, day: date, minutes: int, *, beside: StudySession | None = None
) -> None:
    today = timezone.localdate()
    if not today - timedelta(days=366 * MOST_YEARS_AGO) <= day <= today:
        raise NoSuchDay(day)
    left = _left_on(learner, day, beside=beside)
    if minutes > left:
        raise DayIsFull(left)


def _left_on(learner: User, day: date, *, beside: StudySession | None = None) -> int:
    """Minutes of a day that no session has, but for the one given."""
    sessions = learner.study_sessions.ended().filter(day=day)
    return MINUTES_OF_A_DAY - _sum(sessions.exclude(pk=beside.pk) if beside else sessions)


def _sum(sessions: QuerySet[StudySession]) -> int:
    return sessions.aggregate(minutes=Sum("minutes"))["minutes"] or 0


def _hold(learner: User) -> None:
    """Let nobody else record for this learner until the transaction ends: presses queue up."""
    User.objects.select_for_update(of=("self",)).get(pk=learner.pk)
