"""The one thing to do next: what a person sees first when they come back. Computed, never stored."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from curriculum.models import MockInterview
from curriculum.progress import Picture
from portfolio.changes import News
from portfolio.models import Dispute, Review


class Step(StrEnum):
    """What may come first, most urgent first: whom one meets, people who wait, work, the way."""

    INTERVIEW = "interview"  # a mock interview today or tomorrow
    QUESTION = "question"  # a learner waits for this mentor's review
    DISPUTE = "dispute"  # a learner waits for this mentor's ruling
    RETURNED = "returned"  # a mentor asks for changes, and nothing followed
    WORSE = "worse"  # a required check passed two weeks ago and does not now
    UNIT = "unit"  # the next unit
    CARDS = "cards"  # nothing is open on the roadmap, and there is something to practise
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
    interview: MockInterview | None = None
    cards: int = 0  # of interview practice that are left today, whatever comes first


def decide(
    *,
    questions: Sequence[Review],
    disputes: Sequence[Dispute],
    returned: Sequence[Review],
    news: Sequence[News],
    picture: Picture | None,
    is_mentor: bool,
    cards: int = 0,
    interview: MockInterview | None = None,
) -> NextStep:
    """What comes first. Questions and disputes are longest wait first, the others newest first.

    `picture` is of the roadmap that the person follows, None for none; `cards` are those that
    interview practice still asks today; `interview` is a mock interview today or tomorrow.
    """
    if interview:
        return NextStep(Step.INTERVIEW, interview=interview, cards=cards)
    if questions:
        return NextStep(Step.QUESTION, review=questions[0], cards=cards)
    if disputes:
        return NextStep(Step.DISPUTE, dispute=disputes[0], cards=cards)
    if returned:
        return NextStep(Step.RETURNED, review=returned[0], cards=cards)
    for entry in news:
        if entry.worse:
            return NextStep(Step.WORSE, news=entry, cards=cards)
    if picture and picture.next_unit:
        return NextStep(Step.UNIT, cards=cards)
    if picture:
        return NextStep(Step.CARDS if cards else Step.ARRIVED, cards=cards)
    return NextStep(Step.DESK if is_mentor else Step.START)
