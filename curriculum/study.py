"""What a learner completed on which day, in the time zone that is active. Computed, never stored.

A unit counts on the day it was completed, with the whole time its author expects. What has left the
curriculum since is history too; what was opened again is not.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils import timezone

from accounts.models import User
from curriculum.models import Enrollment, Unit, UnitCompletion

WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Entry:
    """A unit that was completed on a day."""

    day: date
    unit: Unit
    enrollment_id: int


@dataclass(frozen=True, slots=True)
class Study:
    """Everything a learner completed, earliest first, as seen on a day."""

    today: date
    entries: tuple[Entry, ...]

    @property
    def minutes_by_day(self) -> Mapping[date, int]:
        """The days on which something was completed, earliest first, each with its minutes."""
        minutes: dict[date, int] = defaultdict(int)
        for entry in self.entries:
            minutes[entry.day] += entry.unit.minutes
        return minutes

    def within(self, first: date, last: date) -> list[Entry]:
        """What was completed from one day to another, both included."""
        return [entry for entry in self.entries if first <= entry.day <= last]

    def minutes(self, first: date, last: date) -> int:
        return sum(entry.unit.minutes for entry in self.within(first, last))

    def on(self, enrollment: Enrollment) -> "Study":
        """The same, of one roadmap alone."""
        return Study(
            self.today,
            tuple(entry for entry in self.entries if entry.enrollment_id == enrollment.pk),
        )


def of(learner: User) -> Study:
    """All that a person completed and did not open again, on every roadmap, in one query.

    A completion from after today, as a clock that was put back leaves it, counts today.
    """
    today = timezone.localdate()
    completions = (
        UnitCompletion.objects.standing()
        .filter(enrollment__learner=learner)
        .select_related("unit__module__stage")
        .order_by("completed_at", "pk")
    )
    return Study(
        today,
        tuple(
            Entry(
                min(timezone.localdate(completion.completed_at), today),
                completion.unit,
                completion.enrollment_id,
            )
            for completion in completions
        ),
    )


def monday_of(day: date) -> date:
    """The Monday of the week in which a day falls."""
    return day - timedelta(days=day.weekday())
