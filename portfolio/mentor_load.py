"""What waits for the mentors of a cohort, and how quickly they answer. Computed, never stored."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil
from statistics import median

from django.utils import timezone

from accounts.models import Cohort, Membership, Mentorship
from portfolio.models import Review

#: Answers of this time are counted.
LATELY = timedelta(days=28)


@dataclass(frozen=True, slots=True)
class Requests:
    """Reviews that were asked for and wait."""

    count: int
    longest_since: datetime | None


@dataclass(frozen=True, slots=True)
class Load:
    """One mentor: whom they guide here, what waits for them, and what they answered lately."""

    membership: Membership
    learners: int  # of the cohort, whom they mentor by themselves
    requests: Requests  # by these learners
    written: int  # reviews of the cohort's projects in the last four weeks
    usual_wait: timedelta | None  # the median of those that were asked for

    @property
    def usual_days(self) -> int:
        """The usual wait in days, begun ones counted; 0 where none is known."""
        return ceil(self.usual_wait / timedelta(days=1)) if self.usual_wait else 0


@dataclass(frozen=True, slots=True)
class Picture:
    """All mentors, and the requests that have no mentor of their own."""

    loads: list[Load]
    pool: Requests


def of(cohort: Cohort) -> Picture:
    """The load of each mentor of a cohort, by name, in a constant number of queries."""
    members = cohort.memberships.in_force().select_related("person__profile")
    mentors = list(members.mentors().order_by("person__profile__name", "pk"))
    learners = set(members.learners().order_by().values_list("person", flat=True))
    guided: dict[int, set[int]] = {membership.person_id: set() for membership in mentors}
    pairs = Mentorship.objects.in_force().filter(mentor__in=guided, learner__in=learners)
    for mentor, learner in pairs.order_by().values_list("mentor", "learner"):
        guided[mentor].add(learner)
    asked = list(
        Review.objects.requested()
        .filter(project__owner__in=learners)
        .values_list("project__owner", "requested_at")
    )
    answers: dict[int, list[timedelta | None]] = {mentor: [] for mentor in guided}
    written = Review.objects.submitted().filter(
        reviewer__in=guided,
        project__owner__in=learners,
        submitted_at__gt=timezone.now() - LATELY,
    )
    facts = written.values_list("reviewer", "requested_at", "submitted_at", "is_asked")
    for mentor, since, until, is_asked in facts:
        answers[mentor].append(until - since if is_asked and until > since else None)
    has_own = set().union(*guided.values())
    return Picture(
        [
            _load(membership, guided[membership.person_id], asked, answers[membership.person_id])
            for membership in mentors
        ],
        pool=_requests([since for owner, since in asked if owner not in has_own]),
    )


def _load(
    membership: Membership,
    guided: set[int],
    asked: list[tuple[int, datetime]],
    answers: list[timedelta | None],
) -> Load:
    waits = [wait.total_seconds() for wait in answers if wait is not None]
    return Load(
        membership,
        learners=len(guided),
        requests=_requests([since for owner, since in asked if owner in guided]),
        written=len(answers),
        usual_wait=timedelta(seconds=median(waits)) if waits else None,
    )


def _requests(moments: list[datetime]) -> Requests:
    return Requests(len(moments), min(moments, default=None))
