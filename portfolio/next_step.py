"""The one thing to do next: what a person sees first when they come back. Computed, never stored."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from curriculum.progress import Picture
from portfolio.changes import News
from portfolio.models import Dispute, Review


class Step(StrEnum):
    """What may come first, most urgent first: people who wait, then work, then the way."""

    QUESTION = "question"  # a learner waits for this mentor's review
    DISPUTE = "dispute"  # a learner waits for this mentor's ruling
    RETURNED = "returned"  # a mentor asks for changes, and nothing followed
    WORSE = "worse"  # a required check passed two weeks ago and does not now
    UNIT = "unit"  # the next unit
    ARRIVED = "arrived"  # nothing is open on the roadmap
    DESK = "desk"  # a mentor who follows no roadmap, and for whom nobody waits
    START = "start"  # on no roadmap yet


@dataclass(frozen=True, slots=True)
class NextStep:
    """The step, with what it is about."""

    step: Step
    review: Review | None = None
    dispute: Dispute | None = None
    news: News | None = None


def decide(
    *,
    questions: Sequence[Review],
    disputes: Sequence[Dispute],
    returned: Sequence[Review],
    news: Sequence[News],
    picture: Picture | None,
    is_mentor: bool,
) -> NextStep:
    """What comes first. Questions and disputes are longest wait first, the others newest first.

    `picture` is of the roadmap that the person follows, None for none.
    """
    if questions:
        return NextStep(Step.QUESTION, review=questions[0])
    if disputes:
        return NextStep(Step.DISPUTE, dispute=disputes[0])
    if returned:
        return NextStep(Step.RETURNED, review=returned[0])
    for entry in news:
        if entry.worse:
            return NextStep(Step.WORSE, news=entry)
    if picture:
        return NextStep(Step.UNIT if picture.next_unit else Step.ARRIVED)
    return NextStep(Step.DESK if is_mentor else Step.START)
