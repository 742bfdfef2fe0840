"""What a learner did, newest first. Merged from the rows that say so, never stored.

Each kind of event has a source; a page takes as many queries as there are sources, however long the
history is. A day is the learner's own, in the time zone that is active. It is for its learner alone:
mentors see what docs/decisions/0013-kept-for-oneself.md names, and not this.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from heapq import merge
from itertools import islice, takewhile
from operator import attrgetter
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from accounts.models import User
from curriculum.models import (
    Aim,
    Enrollment,
    MockInterview,
    Note,
    StudySession,
    UnitCompletion,
    UnitSkip,
)
from portfolio.models import Finding, Project, Review

ON_A_PAGE = 50
YEARS = range(1970, 3000)
MOST_SHOWN = 1000  # events of one and the same moment


class Kind(StrEnum):
    ENROLLED = "enrolled"
    AIMED = "aimed"
    COMPLETED = "completed"
    REOPENED = "reopened"
    SKIPPED = "skipped"
    UNSKIPPED = "unskipped"
    STUDIED = "studied"
    NOTED = "noted"
    STARTED = "started"
    TURNED = "turned"
    ASKED = "asked"
    RECEIVED = "received"
    INTERVIEWED = "interviewed"


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened on a day; `row` is the fact that says so."""

    day: date
    at: datetime
    kind: Kind
    row: Any

    @property
    def clock(self) -> datetime | None:
        """The moment, if it was on that very day; a day that was told later has none."""
        return self.at if timezone.localdate(self.at) == self.day else None

    @property
    def place(self) -> tuple[date, datetime]:
        """Where it stands: by day, and within the day by moment."""
        return self.day, self.at


@dataclass(frozen=True, slots=True)
class Cursor:
    """Where a page ended: the place of its last event, and how many events of that place were shown."""

    day: date
    at: datetime
    shown: int

    def __str__(self) -> str:
        return f"{self.day.isoformat()}_{self.at.isoformat()}_{self.shown}"


@dataclass(frozen=True, slots=True)
class Page:
    events: tuple[Event, ...]
    older: Cursor | None  # where the next page goes on; None when this is the end


@dataclass(frozen=True, slots=True)
class Source:
    """The rows of one kind of event. `moment` leads to the column of the moment it happened.

    A row that names its day itself (`day`) stands on that one, whenever it was written.
    """

    kind: Kind
    rows: Callable[[User], QuerySet[Any]]
    moment: str
    day: str = ""


def _studied(learner: User) -> QuerySet[StudySession]:
    return StudySession.objects.ended().filter(learner=learner).select_related("unit")


def _turned(learner: User) -> QuerySet[Finding]:
    of_theirs = Finding.objects.filter(check_run__repository__project__owner=learner)
    return of_theirs.turned().select_related("check_run__repository__project")


def _completions(learner: User) -> QuerySet[UnitCompletion]:
    return UnitCompletion.objects.filter(enrollment__learner=learner).select_related("unit")


def _skips(learner: User) -> QuerySet[UnitSkip]:
    return UnitSkip.objects.filter(enrollment__learner=learner).select_related("unit")


def _reviews(learner: User) -> QuerySet[Review]:
    return Review.objects.filter(project__owner=learner).select_related(
        "project", "reviewer__profile"
    )


#: In the order in which they happen when they happen in one moment.
SOURCES = (
    Source(
        Kind.ENROLLED,
        lambda learner: Enrollment.objects.filter(learner=learner).select_related("roadmap"),
        "enrolled_at",
    ),
    Source(
        Kind.AIMED,
        lambda learner: Aim.objects.filter(enrollment__learner=learner).select_related("role"),
        "aimed_at",
    ),
    Source(Kind.COMPLETED, _completions, "completed_at"),
    Source(
        Kind.REOPENED,
        lambda learner: _completions(learner).exclude(reopened_at=None),
        "reopened_at",
    ),
    Source(Kind.SKIPPED, _skips, "skipped_at"),
    Source(Kind.UNSKIPPED, lambda learner: _skips(learner).exclude(ended_at=None), "ended_at"),
    Source(Kind.STUDIED, _studied, "recorded_at", day="day"),
    Source(
        Kind.NOTED,
        lambda learner: Note.objects.filter(learner=learner).select_related("unit").defer("text"),
        "written_at",
    ),
    Source(Kind.STARTED, lambda learner: Project.objects.owned_by(learner), "created_at"),
    Source(Kind.TURNED, _turned, "check_run__completed_at"),
    Source(
        Kind.ASKED, lambda learner: _reviews(learner) & Review.objects.asked_for(), "requested_at"
    ),
    Source(
        Kind.RECEIVED,
        lambda learner: _reviews(learner) & Review.objects.submitted(),
        "submitted_at",
    ),
    Source(
        Kind.INTERVIEWED,
        lambda person: MockInterview.objects.visible_to(person).filter(state="held").with_people(),
        "starts_at",
    ),
)


def page(learner: User, after: Cursor | None = None, *, count: int = ON_A_PAGE) -> Page:
    """A page of a learner's history: the newest events, or those after a cursor."""
    shown = after.shown if after else 0
    most = shown + count + 1
    streams = [_events(source, learner, after, most) for source in reversed(SOURCES)]
    events = merge(*streams, key=attrgetter("place"), reverse=True)
    found = list(islice(events, most))
    if after:
        there = takewhile(lambda event: event.place == (after.day, after.at), found)
        found = found[min(shown, sum(1 for _ in there)) :]
    taken = tuple(found[:count])
    if len(found) <= count:
        return Page(taken, None)
    last = taken[-1].place
    same = sum(event.place == last for event in taken)
    if after and last == (after.day, after.at):
        same += shown
    return Page(taken, Cursor(*last, same))


def cursor_from(text: str) -> Cursor | None:
    """The cursor that an address names; None for whatever else stands there."""
    try:
        day, at, shown = text.split("_")
        cursor = Cursor(date.fromisoformat(day), datetime.fromisoformat(at), int(shown))
    except ValueError:
        return None
    is_plausible = all(year in YEARS for year in (cursor.day.year, cursor.at.year))
    if timezone.is_naive(cursor.at) or not is_plausible or not 0 < cursor.shown < MOST_SHOWN:
        return None
    return cursor


def _events(source: Source, learner: User, after: Cursor | None, most: int) -> Iterator[Event]:
    """The newest events of one kind, those at the cursor's own place among them."""
    rows = source.rows(learner)
    if after:
        rows = rows.filter(_up_to(source, after))
    order = [source.moment, "pk"] if not source.day else [source.day, source.moment, "pk"]
    moment_of = attrgetter(source.moment.replace("__", "."))
    for row in rows.order_by(*(f"-{name}" for name in order))[:most]:
        at = moment_of(row)
        day = getattr(row, source.day) if source.day else timezone.localdate(at)
        yield Event(day, at, source.kind, row)


def _up_to(source: Source, cursor: Cursor) -> Q:
    """The rows of a source that stand at a cursor's place or below."""
    up_to = Q(**{f"{source.moment}__lte": cursor.at})
    if source.day:
        return Q(**{f"{source.day}__lt": cursor.day}) | Q(**{source.day: cursor.day}) & up_to
    midnight = datetime.combine(cursor.day + timedelta(days=1), time.min)
    return up_to & Q(**{f"{source.moment}__lt": timezone.make_aware(midnight)})
