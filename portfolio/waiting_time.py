"""How long a review takes to begin with, said honestly: those who still wait count too.

Counting only reviews that came would leave out the longest waits. So this is the estimate that medicine
uses for the same question (Kaplan and Meier, 1958): whoever still waits, or took the request back, is
counted as having waited at least so long.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Max, Q
from django.utils import timezone

from accounts.models import Membership, Mentorship, User
from portfolio.models import Review

#: Requests of this long are looked at.
LATELY = timedelta(days=90)
#: Fewer answers than this say nothing.
FEWEST = 5


@dataclass(frozen=True, slots=True)
class Wait:
    """One request: how long until it was answered, or at least how long it went without an answer."""

    length: timedelta
    is_answered: bool


@dataclass(frozen=True, slots=True)
class Estimate:
    """What somebody who asks now may expect."""

    answered: int
    waiting: int
    median: timedelta | None  # None: longer than anybody has waited so far
    ninetieth: timedelta | None
    longest: timedelta = timedelta()

    @property
    def is_known(self) -> bool:
        """Whether there were enough answers to say anything."""
        return self.answered >= FEWEST


def estimate(waits: Iterable[Wait]) -> Estimate:
    """Median and 90th percentile of the time until an answer, by the product-limit estimate."""
    waits = list(waits)
    answered = sum(wait.is_answered for wait in waits)
    return Estimate(
        answered=answered,
        waiting=len(waits) - answered,
        median=_quantile(waits, 0.5),
        ninetieth=_quantile(waits, 0.9),
        longest=max((wait.length for wait in waits), default=timedelta()),
    )


def _quantile(waits: list[Wait], share: float) -> timedelta | None:
    """The shortest time by which this share is answered; None where the waits do not reach it."""
    still = 1.0
    left = len(waits)
    # Of equal lengths answers come first: who still waits at that moment was there to be answered.
    for wait in sorted(waits, key=lambda wait: (wait.length, not wait.is_answered)):
        if wait.is_answered:
            still *= 1 - 1 / left
            if 1 - still >= share - 1e-9:
                return wait.length
        left -= 1
    return None


def of_mentors(mentors: Iterable[User], *, now: datetime | None = None) -> Estimate:
    """How long the learners of these mentors have waited for a review lately, those who wait included.

    Whoever answered: to leave out what another mentor answered would keep only the waits.
    """
    now = now or timezone.now()
    mentors = list(mentors)
    learners = Mentorship.objects.filter(mentor__in=mentors).order_by().values("learner")
    led = Membership.objects.mentors().filter(person__in=mentors).order_by().values("cohort")
    beside = Membership.objects.learners().filter(cohort__in=led).order_by().values("person")
    asked = (
        Review.objects.asked_for()
        .filter(
            Q(project__owner__in=learners) | Q(project__owner__in=beside),
            requested_at__gte=now - LATELY,
        )
        .annotate(moved_at=Max("moves__moved_at"))
    )
    rows = asked.values_list("status", "requested_at", "submitted_at", "moved_at")
    return estimate(_wait(now, *row) for row in rows)


def _wait(
    now: datetime,
    status: str,
    requested_at: datetime,
    submitted_at: datetime | None,
    moved_at: datetime | None,
) -> Wait:
    """Answered, still waiting, or without an answer until it ended, whatever ended it."""
    is_open = status in Review.OPEN
    ended_at = submitted_at or (None if is_open else moved_at) or now
    return Wait(max(ended_at - requested_at, timedelta()), status == Review.Status.SUBMITTED)
