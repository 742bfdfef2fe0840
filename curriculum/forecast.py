"""When the route will be done: at the pace that was kept, and at the pace that is planned.

Computed, never stored. The pace kept is what was completed in the last four weeks, by the authors'
estimates. It is told as a span: from the pace of these weeks without their poorest to that without
their richest one, so uneven weeks make a wide span.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from django.utils import dateformat, timezone
from django.utils.translation import gettext as _

from curriculum.models import Enrollment, Unit
from curriculum.progress import Picture
from curriculum.study import WEEK, Study

WEEKS = 4  # that make the pace
FEWEST_WEEKS = 2  # since enrolment, and with something completed in them
FEWEST_UNITS = 3
LONGEST = timedelta(days=3653)  # ten years; what is further away is not told as a date
NEAR = timedelta(weeks=13)  # up to here a date may be told to the day


class Reason(StrEnum):
    """Why there is no date at the pace kept."""

    EARLY = "early"  # enrolled for less than two weeks
    QUIET = "quiet"  # nothing completed in the last four weeks
    FEW = "few"  # too little, or all of it in one week


@dataclass(frozen=True, slots=True)
class Span:
    """From the earliest day to the latest; None for one that is more than ten years away."""

    today: date
    earliest: date | None
    latest: date | None

    @property
    def words(self) -> str:
        """No finer than it can be told: 2 February, in March 2027, between March and May 2027."""
        if self.earliest is None:
            return _("in more than ten years")
        if self.latest is None:
            return _("not before %(month)s") % {"month": _month(self.earliest)}
        is_near = self.latest - self.today <= NEAR
        if is_near and self.latest - self.earliest <= timedelta(days=2):
            return _day(self.latest, self.today)
        if is_near and self.latest - self.earliest <= 2 * WEEK:
            is_same_month = self.earliest.month == self.latest.month
            return _("between %(first)s and %(last)s") % {
                "first": dateformat.format(self.earliest, "j" if is_same_month else "j F"),
                "last": _day(self.latest, self.today),
            }
        first, last = _month(self.earliest), _month(self.latest)
        if first == last:
            return _("in %(month)s") % {"month": last}
        if self.latest - self.earliest > timedelta(days=730):
            first, last = str(self.earliest.year), str(self.latest.year)
        elif self.earliest.year == self.latest.year:
            first = dateformat.format(self.earliest, "F")
        return _("between %(first)s and %(last)s") % {"first": first, "last": last}


@dataclass(frozen=True, slots=True)
class Pace:
    """Minutes a week, as the last weeks show it."""

    units: int
    weeks: int
    slow: float  # without the richest of the weeks
    usual: float
    fast: float  # without the poorest of them


@dataclass(frozen=True, slots=True)
class Goal:
    """What is left of something, and when it may be done; no spans when nothing is left."""

    units: int
    minutes: int
    kept: Span | None  # None without a pace
    planned: Span | None


@dataclass(frozen=True, slots=True)
class Forecast:
    """Either a pace, or the reason why there is none."""

    today: date
    weekly_minutes: int  # as planned
    whole: Goal  # everything that is open
    role: Goal | None  # what the role aimed for requires, with what that builds on
    pace: Pace | None
    reason: Reason | None
    tells_from: date | None  # when it will no longer be too early


def of(enrollment: Enrollment, picture: Picture, study: Study) -> Forecast:
    """The forecast of a learner; `study` is what was completed on this roadmap."""
    weekly_minutes = enrollment.weekly_hours * 60
    pace, reason = pace_of(enrollment, study)

    def goal(units: Sequence[Unit]) -> Goal:
        minutes = sum(unit.minutes for unit in units)
        if not units:
            return Goal(0, 0, None, None)
        planned = finish(study.today, minutes, weekly_minutes)
        return Goal(
            len(units),
            minutes,
            kept=Span(
                study.today,
                finish(study.today, minutes, pace.fast),
                finish(study.today, minutes, pace.slow),
            )
            if pace
            else None,
            planned=Span(study.today, planned, planned),
        )

    needed = _needed(picture)
    return Forecast(
        today=study.today,
        weekly_minutes=weekly_minutes,
        whole=goal(picture.route),
        role=goal([unit for unit in picture.route if unit.module_id in needed]) if needed else None,
        pace=pace,
        reason=reason,
        tells_from=_enrolled_on(enrollment, study) + FEWEST_WEEKS * WEEK
        if reason == Reason.EARLY
        else None,
    )


def pace_of(enrollment: Enrollment, study: Study) -> tuple[Pace | None, Reason | None]:
    """The pace of the last four weeks (of as many whole ones as there were), or why there is none."""
    since = study.today - _enrolled_on(enrollment, study)
    count = min(WEEKS, since // WEEK)
    if count < FEWEST_WEEKS:
        return None, Reason.EARLY
    ends = [study.today - number * WEEK for number in range(count)]
    weeks = [study.within(end - timedelta(days=6), end) for end in ends]
    minutes = [sum(entry.unit.minutes for entry in week) for week in weeks]
    units = sum(map(len, weeks))
    if not units:
        return None, Reason.QUIET
    if units < FEWEST_UNITS or sum(map(bool, minutes)) < FEWEST_WEEKS:
        return None, Reason.FEW
    total = sum(minutes)
    return Pace(
        units=units,
        weeks=count,
        slow=(total - max(minutes)) / (count - 1),
        usual=total / count,
        fast=(total - min(minutes)) / (count - 1),
    ), None


def finish(today: date, minutes: int, weekly_minutes: float) -> date | None:
    """The day on which so many minutes are done; None without a pace, or beyond ten years."""
    if weekly_minutes <= 0:
        return None
    days = minutes * 7 / weekly_minutes
    return today + timedelta(days=-(-days // 1)) if days <= LONGEST.days else None


def _needed(picture: Picture) -> frozenset[int]:
    """Keys of the modules that the role requires, and of all that these build on."""
    modules = {entry.module.pk: entry for entry in picture.modules}
    found: set[int] = set()
    to_see = [entry.module.pk for entry in picture.modules if entry.is_needed]
    while to_see:
        key = to_see.pop()
        if key not in found:
            found.add(key)
            to_see += [before.pk for before in modules[key].prerequisites]
    return frozenset(found)


def _enrolled_on(enrollment: Enrollment, study: Study) -> date:
    """The day of enrolment; today for one from after today, as a clock put back leaves it."""
    return min(timezone.localdate(enrollment.enrolled_at), study.today)


def _month(day: date) -> str:
    return dateformat.format(day, "F Y")


def _day(day: date, today: date) -> str:
    return dateformat.format(day, "j F" if day.year == today.year else "j F Y")
