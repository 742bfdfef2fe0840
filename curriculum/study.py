"""What a learner studied on which day, in the time zone that is active. Computed, never stored.

Time that was recorded counts on the day of its study. A unit on which none was ever recorded counts on
the day it was completed, with the whole time its author expects. What has left the curriculum since is
history too; what was opened again is not.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

from django.utils import timezone

from accounts.models import User
from curriculum import study_sessions
from curriculum.models import Enrollment, Unit, UnitCompletion
from curriculum.study_sessions import Recorded

WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Entry:
    """A unit that was completed on a day."""

    day: date
    unit: Unit
    enrollment_id: int
    has_time: bool = False  # recorded on the unit, on whatever day


@dataclass(frozen=True, slots=True)
class Day:
    """What a day holds, in minutes and in units."""

    recorded: int = 0  # minutes, as the learner says or as a clock ran
    expected: int = 0  # minutes by the authors, of what was completed without time recorded on it
    units: int = 0  # completed, with or without time recorded on them

    @property
    def minutes(self) -> int:
        return self.recorded + self.expected


@dataclass(frozen=True, slots=True)
class Study:
    """Everything a learner completed and recorded, earliest first, as seen on a day."""

    today: date
    entries: tuple[Entry, ...]
    recorded: tuple[Recorded, ...] = ()

    @property
    def days(self) -> Mapping[date, Day]:
        """The days that hold something, earliest first."""
        days: dict[date, Day] = defaultdict(Day)
        for entry in self.entries:
            day = days[entry.day]
            expected = 0 if entry.has_time else entry.unit.minutes
            days[entry.day] = replace(day, expected=day.expected + expected, units=day.units + 1)
        for time in self.recorded:
            day = days[time.day]
            days[time.day] = replace(day, recorded=day.recorded + time.minutes)
        return dict(sorted(days.items()))

    def within(self, first: date, last: date) -> list[Entry]:
        """What was completed from one day to another, both included."""
        return [entry for entry in self.entries if first <= entry.day <= last]

    def minutes(self, first: date, last: date) -> int:
        """What the authors expect for all that was completed in these days, in minutes."""
        return sum(entry.unit.minutes for entry in self.within(first, last))

    def on(self, enrollment: Enrollment) -> "Study":
        """The same, of one roadmap alone."""
        return Study(
            self.today,
            tuple(entry for entry in self.entries if entry.enrollment_id == enrollment.pk),
            tuple(time for time in self.recorded if time.roadmap_id == enrollment.roadmap_id),
        )


def of(learner: User) -> Study:
    """All that a person recorded, or completed and did not open again, on every roadmap, in two queries.

    What is from after today, as a clock that was put back or a journey leaves it, counts today.
    """
    today = timezone.localdate()
    completions = (
        UnitCompletion.objects.standing()
        .filter(enrollment__learner=learner)
        .select_related("unit__module__stage")
        .defer("unit__questions", "unit__module__outcomes", "unit__module__stage__exit_evidence")
        .order_by("completed_at", "pk")
    )
    recorded = tuple(
        replace(time, day=min(time.day, today)) for time in study_sessions.by_day_and_unit(learner)
    )
    timed = {time.unit_id for time in recorded}
    return Study(
        today,
        tuple(
            Entry(
                min(timezone.localdate(completion.completed_at), today),
                completion.unit,
                completion.enrollment_id,
                has_time=completion.unit_id in timed,
            )
            for completion in completions
        ),
        recorded,
    )
