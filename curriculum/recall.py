"""When to ask something again: what FSRS says of one memory. Plain Python.

The library reckons in moments; people practise in days. So every moment given to it is the midnight that
begins a learner's own day, and only waits of minutes are left to the clock. See
docs/decisions/0017-practice.md.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache

import fsrs

#: After "again", and after the first "hard", it comes back in the same sitting; FSRS's steps.
STEPS = (timedelta(minutes=10),)
#: A year: nobody prepares for an interview that is further away.
MOST_DAYS = 365
DAY = timedelta(days=1)

NEW = 0  # not answered yet; the others are FSRS's own numbers
LEARNING = fsrs.State.Learning.value
KEPT = fsrs.State.Review.value
RELEARNING = fsrs.State.Relearning.value
AGAIN, HARD, GOOD, EASY = (rating.value for rating in fsrs.Rating)


@dataclass(frozen=True, slots=True)
class Memory:
    """How well something is kept in mind, as FSRS models it, since the day of the last answer.

    Stability is in days: after so many, nine of ten such memories hold. Difficulty is from 1 to 10.
    """

    phase: int = NEW
    step: int | None = None
    stability: float | None = None
    difficulty: float | None = None
    last_on: date | None = None


@lru_cache(maxsize=64)
def scheduler(
    retention: float,
    steps: tuple[timedelta, ...] = STEPS,
    relearning_steps: tuple[timedelta, ...] = STEPS,
) -> fsrs.Scheduler:
    """FSRS with its published parameters, for a share (0 to 1) of answers that should be known.

    Its fuzz is off: it is random, and a button has to do what it says.
    """
    return fsrs.Scheduler(
        desired_retention=retention,
        learning_steps=steps,
        relearning_steps=relearning_steps,
        maximum_interval=MOST_DAYS,
        enable_fuzzing=False,
    )


def answer(
    memory: Memory, confidence: int, today: date, by: fsrs.Scheduler
) -> tuple[Memory, timedelta]:
    """The memory after an answer of this confidence (1 to 4), and the wait until it is asked again.

    A wait is whole days, or less than a day within a sitting. A day before that of the last answer,
    as a clock that was put back gives it, counts as the same day.
    """
    after, _ = by.review_card(
        _card(memory, today), fsrs.Rating(confidence), review_datetime=_moment(today)
    )
    learnt = Memory(after.state.value, after.step, after.stability, after.difficulty, today)
    return learnt, after.due - _moment(today)


def chance(memory: Memory, today: date, by: fsrs.Scheduler) -> float:
    """How likely it is known today, from 0 to 1; 0 for what was never answered."""
    if memory.stability is None:
        return 0.0
    return by.get_card_retrievability(_card(memory, today), _moment(today))


def _card(memory: Memory, today: date) -> fsrs.Card:
    last_on = min(memory.last_on, today) if memory.last_on else None
    return fsrs.Card(
        card_id=0,
        state=fsrs.State(memory.phase or LEARNING),
        step=memory.step,
        stability=memory.stability,
        difficulty=memory.difficulty,
        due=_moment(today),
        last_review=_moment(last_on) if last_on else None,
    )


def _moment(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=UTC)
