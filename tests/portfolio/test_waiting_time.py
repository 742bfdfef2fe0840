"""The time until a review, with those who still wait."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portfolio import waiting_time
from portfolio.waiting_time import Wait, estimate

HOURS = st.integers(0, 2000)
WAITS = st.lists(st.builds(lambda h, a: Wait(timedelta(hours=h), a), HOURS, st.booleans()))


def answered(*days):
    return [Wait(timedelta(days=day), True) for day in days]


def waiting(*days):
    return [Wait(timedelta(days=day), False) for day in days]


def test_when_all_were_answered_it_is_the_plain_median():
    told = estimate(answered(1, 2, 3, 4, 10))
    assert told.median == timedelta(days=3)
    assert told.ninetieth == timedelta(days=10)


def test_those_who_still_wait_make_it_longer():
    """Three of six still wait, longer than anybody was answered: the honest median is not two days."""
    quick = answered(1, 2, 3)
    assert estimate(quick).median == timedelta(days=2)
    assert estimate(quick + waiting(20, 25, 30)).median == timedelta(days=3)
    assert estimate(quick + waiting(20, 25, 30)).ninetieth is None


def test_a_wait_that_began_a_moment_ago_says_little():
    told = estimate(answered(1, 2, 3, 4, 5) + waiting(0, 0, 0))
    assert told.median == timedelta(days=3)


def test_nobody_was_answered():
    told = estimate(waiting(1, 2))
    assert (told.median, told.ninetieth, told.is_known) == (None, None, False)


@given(WAITS)
def test_the_ninetieth_is_no_shorter_than_the_median(waits):
    told = estimate(waits)
    assert told.answered + told.waiting == len(waits)
    if told.ninetieth is not None:
        assert told.median is not None
        assert told.median <= told.ninetieth <= told.longest


@given(WAITS, HOURS)
def test_somebody_who_waits_longer_than_all_never_makes_it_shorter(waits, more):
    longest = max((wait.length for wait in waits), default=timedelta())
    before = estimate(waits).median
    after = estimate([*waits, Wait(longest + timedelta(hours=more), False)]).median
    assert after is None or (before is not None and after >= before)


@given(WAITS)
def test_the_order_of_rows_does_not_matter(waits):
    assert estimate(waits) == estimate(reversed(waits))


@pytest.mark.parametrize("count", range(waiting_time.FEWEST))
def test_a_few_answers_say_nothing(count):
    assert not estimate(answered(*range(count))).is_known
