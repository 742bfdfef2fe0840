"""When to ask again: FSRS's own values, in days, and a clock that nobody can trust."""

from datetime import date, timedelta

import fsrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from curriculum import recall
from curriculum.recall import AGAIN, EASY, GOOD, HARD, Memory

MONDAY = date(2026, 11, 16)
BY = recall.scheduler(0.9)
#: The library's defaults: one minute and ten while learning.
DEFAULT_STEPS = (timedelta(minutes=1), timedelta(minutes=10))
DEFAULTS = recall.scheduler(0.9, DEFAULT_STEPS)


def walk(confidences, by, gaps=None):
    """Answer on the day each is due, or after the gaps given; the days waited, and the memory."""
    memory, today, waited = Memory(), MONDAY, []
    for turn, confidence in enumerate(confidences):
        today += timedelta(days=gaps[turn]) if gaps else timedelta()
        memory, wait = recall.answer(memory, confidence, today, by)
        waited.append(wait.days)
        today += timedelta(days=0 if gaps else wait.days)
    return waited, memory


def test_the_waits_are_those_of_the_library_s_own_test():
    """tests/test_basic.py of py-fsrs 6.3.2, test_review_card."""
    confidences = [GOOD] * 6 + [AGAIN] * 2 + [GOOD] * 5
    by = fsrs.Scheduler(enable_fuzzing=False)

    waited, _ = walk(confidences, by)

    assert waited == [0, 2, 11, 46, 163, 498, 0, 0, 2, 4, 7, 12, 21]


def test_the_memory_is_that_of_the_library_s_own_test():
    """tests/test_basic.py of py-fsrs 6.3.2, test_memo_state."""
    _, memory = walk([AGAIN, *[GOOD] * 5], DEFAULTS, gaps=[0, 0, 1, 3, 8, 21])

    assert memory.stability == pytest.approx(53.62691, abs=1e-4)
    assert memory.difficulty == pytest.approx(6.3574867, abs=1e-4)


def test_a_first_answer_is_followed_by_minutes_or_by_days():
    waits = [recall.answer(Memory(), confidence, MONDAY, BY)[1] for confidence in (1, 2, 3, 4)]

    assert waits == [
        timedelta(minutes=10), timedelta(minutes=15), timedelta(days=2), timedelta(days=8),
    ]  # fmt: skip


def test_who_asks_for_more_is_asked_sooner():
    _, memory = walk([GOOD, GOOD, GOOD], BY)
    later = memory.last_on + timedelta(days=30)

    waits = [
        recall.answer(memory, GOOD, later, recall.scheduler(share))[1]
        for share in (0.95, 0.9, 0.85, 0.8)
    ]

    assert waits == sorted(waits)
    assert len(set(waits)) == 4


def test_chance_falls_with_the_days_and_is_ninety_per_cent_after_stability():
    _, memory = walk([GOOD, GOOD], BY)
    days = round(memory.stability)

    assert recall.chance(memory, memory.last_on, BY) == 1
    assert recall.chance(memory, memory.last_on + timedelta(days=days), BY) == pytest.approx(
        0.9, abs=0.01
    )
    assert recall.chance(Memory(), MONDAY, BY) == 0


@given(
    st.lists(
        st.tuples(st.sampled_from([AGAIN, HARD, GOOD, EASY]), st.integers(-400, 400)),
        min_size=1,
        max_size=30,
    ),
    st.sampled_from([0.75, 0.9, 0.97]),
)
def test_whatever_the_clock_does_no_wait_is_negative_and_no_memory_is_impossible(answers, share):
    memory, today, by = Memory(), MONDAY, recall.scheduler(share)
    for confidence, jump in answers:
        today += timedelta(days=jump)
        memory, wait = recall.answer(memory, confidence, today, by)

        assert timedelta(minutes=1) <= wait <= timedelta(days=recall.MOST_DAYS)
        assert memory.stability > 0
        assert 1 <= memory.difficulty <= 10
        assert 0 <= recall.chance(memory, today - timedelta(days=9), by) <= 1


@given(st.lists(st.sampled_from([1, 2, 3, 4]), min_size=1, max_size=20))
def test_a_better_answer_never_comes_back_sooner(confidences):
    _, memory = walk(confidences, BY)
    today = memory.last_on + timedelta(days=3)

    waits = [recall.answer(memory, confidence, today, BY)[1] for confidence in (1, 2, 3, 4)]

    assert waits == sorted(waits)
