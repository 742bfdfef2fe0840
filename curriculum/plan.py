"""A week's plan, from the hours a learner has. Computed from facts, never stored.

Weeks begin on Monday. The plan takes the open units in the order in which each is next, so what was
not done comes first in the week after, whose hours stay what they are: nothing piles up.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import accumulate

from django.utils import timezone

from curriculum.models import Enrollment, Unit
from curriculum.study import WEEK, Study
from curriculum.study_sessions import monday_of

QUARTER = 15  # minutes; days are planned in quarters of an hour
SITTING = (
    120  # minutes; hours without days of their own are spread in sittings of about this length
)


@dataclass(frozen=True, slots=True)
class Part:
    """A unit on a day, or as much of it as is planned for that day."""

    unit: Unit
    minutes: int
    is_done: bool = False
    is_carried: bool = False  # last week had room for it

    @property
    def is_whole(self) -> bool:
        return self.minutes >= self.unit.minutes


@dataclass(frozen=True, slots=True)
class Day:
    date: date
    parts: tuple[Part, ...]

    @property
    def minutes(self) -> int:
        return sum(part.minutes for part in self.parts)


@dataclass(frozen=True, slots=True)
class Week:
    """The days of a week that hold something: what was done on them, then what is planned."""

    monday: date
    today: date
    minutes: int  # that the learner has; fewer in the week in which they enrolled
    minutes_done: int
    days: tuple[Day, ...]

    @property
    def sunday(self) -> date:
        return self.monday + timedelta(days=6)

    @property
    def is_spent(self) -> bool:
        """The hours of the week are used, and more may be done all the same."""
        return 0 < self.minutes <= self.minutes_done

    @property
    def has_plan(self) -> bool:
        return any(not part.is_done for day in self.days for part in day.parts)

    def excerpt(self, most: int) -> tuple[Day, ...]:
        """The days around now with at most so many parts: the two done last, then what comes."""
        rows = [(day.date, part) for day in self.days for part in day.parts]
        while len(rows) > most and sum(part.is_done for _, part in rows) > 2:
            rows.pop(0)
        return _by_day(rows[:most])


def weeks(
    enrollment: Enrollment, route: Sequence[Unit], study: Study, *, count: int = 2
) -> list[Week]:
    """The plan of this week and of those after it.

    `route` are the open units in order, and `study` is what was completed on this roadmap.
    A unit that fits into a usual day stays whole, on the day in which its middle falls; a longer one
    is split over days. A day that passed without study adds nothing to those after it.
    """
    today = study.today
    queue = [(unit, unit.minutes) for unit in route]
    carried = _carried(enrollment, route, study)
    planned = []
    for number in range(count):
        monday = monday_of(today) + number * WEEK
        minutes = _hours_of(enrollment, monday, today)
        entries = study.within(monday, monday + timedelta(days=6))
        rows = [
            (entry.day, Part(entry.unit, entry.unit.minutes, is_done=True)) for entry in entries
        ]
        minutes_done = sum(part.minutes for _, part in rows)
        room = _room(enrollment, monday, study, minutes - minutes_done)
        rows += _fill(room, queue, _usual_day(enrollment), carried if number == 0 else frozenset())
        planned.append(Week(monday, today, minutes, minutes_done, _by_day(rows)))
    return planned


def study_days(enrollment: Enrollment, monday: date, today: date) -> list[date]:
    """The days of a week on which the learner studies, from the day of enrolment on.

    They are the days they chose, or else as many as their hours fill with sittings, evenly apart.
    """
    first = max(monday, min(timezone.localdate(enrollment.enrolled_at), today))
    free = [monday + timedelta(days=n) for n in range(7) if monday + timedelta(days=n) >= first]
    if enrollment.weekdays:
        return [day for day in free if day.isoweekday() in enrollment.weekdays]
    number = max(1, round(_days_a_week(enrollment) * len(free) / 7)) if free else 0
    return [free[n * len(free) // number] for n in range(number)]


def _days_a_week(enrollment: Enrollment) -> int:
    sittings = round(enrollment.weekly_hours * 60 / SITTING)
    return len(enrollment.weekdays) or min(max(1, sittings), 7)


def _usual_day(enrollment: Enrollment) -> float:
    """Minutes of a day of study."""
    return enrollment.weekly_hours * 60 / _days_a_week(enrollment)


def _hours_of(enrollment: Enrollment, monday: date, today: date) -> int:
    """Minutes that a week has: all of them, or a share in the week of enrolment."""
    days = len(study_days(enrollment, monday, today))
    return min(_rounded(_usual_day(enrollment) * days), enrollment.weekly_hours * 60)


def _room(enrollment: Enrollment, monday: date, study: Study, left: int) -> list[tuple[date, int]]:
    """The days of study from today on, each with the minutes free on it, `left` in all at most."""
    days = study_days(enrollment, monday, study.today)
    ends = [_rounded(_usual_day(enrollment) * n) for n in range(len(days) + 1)]
    room = []
    for day, start, end in zip(days, ends, ends[1:], strict=False):
        if day < study.today:
            continue
        free = end - start - study.minutes(day, day)
        room.append((day, max(0, min(free, left))))
        left -= room[-1][1]
    return room


def _fill(
    room: Sequence[tuple[date, int]],
    queue: list[tuple[Unit, int]],
    longest_whole: float,
    carried: frozenset[int],
) -> list[tuple[date, Part]]:
    """Take units out of the queue until the room is used; the rest of a split one stays in it."""
    ends = list(accumulate(minutes for _, minutes in room))
    total = ends[-1] if ends else 0
    rows: list[tuple[date, Part]] = []
    at = 0
    while queue and at < total:
        unit, minutes = queue[0]
        if minutes <= longest_whole:
            middle = at + minutes / 2
            if middle >= total:
                break
            taken = [(next(n for n, end in enumerate(ends) if middle < end), minutes)]
        else:
            taken = _split(at, min(minutes, total - at), ends)
        for n, part in taken:
            rows.append((room[n][0], Part(unit, part, is_carried=unit.pk in carried)))
        used = sum(part for _, part in taken)
        at += used
        queue[:1] = [(unit, minutes - used)] if used < minutes else []
    return rows


def _split(at: int, minutes: int, ends: Sequence[int]) -> list[tuple[int, int]]:
    """The stretch of time from `at` on, cut where days end: number of the day, and minutes on it."""
    starts = [0, *ends]
    parts = [
        (n, min(end, at + minutes) - max(start, at))
        for n, (start, end) in enumerate(zip(starts, ends, strict=False))
    ]
    return [(n, part) for n, part in parts if part > 0]


def _carried(enrollment: Enrollment, route: Iterable[Unit], study: Study) -> frozenset[int]:
    """Keys of the open units that last week had room for; none after a week without study.

    What was done since then was planned before them.
    """
    last_monday = monday_of(study.today) - WEEK
    done_then = study.minutes(last_monday, last_monday + timedelta(days=6))
    if not done_then:
        return frozenset()
    left = _hours_of(enrollment, last_monday, study.today)
    left -= study.minutes(last_monday, study.today)
    carried = set()
    for unit in route:
        if left <= unit.minutes / 2:
            break
        carried.add(unit.pk)
        left -= unit.minutes
    return frozenset(carried)


def _rounded(minutes: float) -> int:
    return QUARTER * round(minutes / QUARTER)


def _by_day(rows: Iterable[tuple[date, Part]]) -> tuple[Day, ...]:
    """Days in order; on each, what is done comes first."""
    days: dict[date, list[Part]] = {}
    for day, part in rows:
        days.setdefault(day, []).append(part)
    return tuple(Day(day, tuple(days[day])) for day in sorted(days))
