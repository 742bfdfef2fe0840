"""A year of practice for several kinds of learner: no day is too long and nothing is lost."""

import random
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from curriculum import practice, recall
from curriculum.models import Attempt, Card, Question
from tests.factories import enroll, make_question, make_skill, make_unit, make_user

pytestmark = pytest.mark.once

NEW_YEAR = datetime(2026, 1, 1, 19, 0, tzinfo=UTC)
QUESTIONS = 12
#: Who it is: the cap, new cards a day, how often they come (0 to 1), how often they know (0 to 1).
LEARNERS = {
    "every evening": (10, 3, 1.0, 0.9),
    "at weekends": (12, 4, 0.28, 0.8),
    "rarely, and forgets much": (5, 2, 0.12, 0.5),
    "more than the cap holds": (1, 1, 0.6, 0.7),
    "knows all": (10, 5, 0.9, 1.0),
    "knows nothing": (4, 2, 0.15, 0.0),
}


def make_learner(questions=QUESTIONS):
    ada = make_user()
    skill = make_skill()
    unit = make_unit()
    unit.module.taught.create(skill=skill, level=2)
    enrollment = enroll(ada, unit)
    enrollment.completions.create(unit=unit, completed_at=NEW_YEAR - timedelta(days=1))
    for _ in range(questions):
        make_question(skill)
    return ada


def sit(ada, clock, knows, dice):
    """Answer what is asked until nothing is, waiting for what comes back; cards by key."""
    cards = set()
    for _ in range(100):
        today = practice.today(practice.deck(ada))
        if not today.queue:
            if not today.later:
                break
            clock.move_to(min(card.due_at for card in today.later) + timedelta(seconds=1))
            continue
        first = today.queue[0]
        card = practice.take(ada, first) if isinstance(first, Question) else first
        practice.reveal(card, version=card.version)
        known = dice.random() < knows
        again = dice.choice([2, 3, 3, 4]) if known else recall.AGAIN
        # Nobody sits for ever: what is not known the third time waits for another day.
        if card.pk in cards and not known and dice.random() < 0.5:
            break
        cards.add(card.pk)
        practice.grade(card, again, version=card.version)
    return cards


@pytest.mark.django_db
@pytest.mark.parametrize("name", LEARNERS)
def test_a_year_of_days(name):
    cap, new_a_day, comes, knows = LEARNERS[name]
    dice, ada = random.Random(name), make_learner()
    practice.settle(ada, daily_cap=cap, new_a_day=new_a_day, retention=90)
    waited = {}
    with time_machine.travel(NEW_YEAR, tick=False) as clock:
        for number in range(365):
            clock.move_to(NEW_YEAR + timedelta(days=number))
            if dice.random() >= comes:
                continue
            today = practice.today(practice.deck(ada))
            assert len(today.due) + len(today.new) + today.answered <= cap
            for card in today.due:
                waited[card.pk] = max(waited.get(card.pk, 0), (today.day - card.due_on).days)
            answered = sit(ada, clock, knows, dice)
            day = (NEW_YEAR + timedelta(days=number)).date()
            told = Attempt.objects.standing().filter(day=day).values("card").distinct().count()
            assert told <= cap
            assert told == len(answered)
        now = (NEW_YEAR + timedelta(days=365)).date()

    cards = list(ada.cards.all())
    assert cards
    for (
        card
    ) in cards:  # nothing is lost: it has a day, or it is set aside, or it waits for its first
        assert card.is_set_aside or card.phase == Card.Phase.NEW or card.due_on is not None
        if card.due_on:
            assert card.due_on <= now + timedelta(days=recall.MOST_DAYS)
    numbers = Attempt.objects.standing().order_by("turn").values_list("turn", flat=True)
    assert list(numbers) == list(range(1, len(numbers) + 1))
    if comes == 1.0 and cap >= 10:
        assert len(cards) == QUESTIONS
        assert max(waited.values(), default=0) <= 1  # who comes every evening keeps no backlog


@pytest.mark.django_db
@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["answer", "answer", "answer", "undo", "pause", "resume", "wait"]),
            st.integers(1, 4),
            st.integers(-2, 40),
        ),
        max_size=40,
    )
)
def test_whatever_is_pressed_in_whatever_order_the_cap_holds_and_every_answer_counts_once(presses):
    with time_machine.travel(NEW_YEAR, tick=False) as clock:
        ada = make_learner(questions=5)
        practice.settle(ada, daily_cap=3, new_a_day=2, retention=90)
        standing = 0
        for press, confidence, days in presses:
            if press == "answer" and (card := practice.next_card(ada)):
                practice.reveal(card, version=card.version)
                practice.grade(card, confidence, version=card.version)
                standing += 1
            elif press == "undo" and (last := practice.last_answer(ada)):
                practice.undo(last)
                standing -= 1
            elif press == "pause":
                practice.pause(ada)
            elif press == "resume":
                practice.resume(ada)
            elif press == "wait":
                clock.shift(timedelta(days=days, minutes=20))
            today = practice.today(practice.deck(ada))
            assert len(today.due) + len(today.new) <= 3
            assert Attempt.objects.standing().filter(card__learner=ada).count() == standing
            for card in ada.cards.exclude(due_on=None):
                assert card.due_on >= card.last_on
        Attempt.objects.all().delete()
        Card.objects.all().delete()
        ada.delete()
