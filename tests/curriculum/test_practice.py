"""Ada practises: what is asked on which day, what an answer does, and taking it back."""

from datetime import UTC, datetime, timedelta

import fsrs
import pytest
import time_machine
import yaml
from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from curriculum import enrollments, practice, recall
from curriculum.models import Attempt, Card, Format, Practice, Question
from curriculum.practice import LEECH, ChangedMeanwhile, IsPaused, NotTheLast
from tests.factories import enroll, make_module, make_question, make_skill, make_unit
from tests.together import at_once

TUESDAY = datetime(2026, 11, 17, 20, 0, tzinfo=UTC)
AGAIN, HARD, GOOD, EASY = Attempt.Confidence.values


@pytest.fixture
def clock(db):
    """Time stands still on a Tuesday evening until a test moves it on."""
    with time_machine.travel(TUESDAY, tick=False) as traveller:
        yield traveller


@pytest.fixture
def loops(ada, clock):
    """A skill that Ada has begun: she completed a unit of the module that teaches it."""
    skill = make_skill("Loops")
    unit = make_unit(slug="loops")
    unit.module.taught.create(skill=skill, level=2)
    enrollments.complete_unit(enroll(ada, unit), unit)
    return skill


def ask(learner):
    """What practice asks now, as prompts."""
    return [entry.prompt for entry in today(learner).queue]


def today(learner):
    return practice.today(practice.deck(learner))


def answer(card, confidence, written=""):
    practice.reveal(card, written, version=card.version)
    attempt = practice.grade(card, confidence, version=card.version)
    card.refresh_from_db()
    return attempt


def state_of(card):
    fields = [field.attname for field in Card._meta.concrete_fields if field.name != "version"]
    return Card.objects.values(*fields).get(pk=card.pk)


# What is asked


def test_only_questions_whose_every_skill_was_begun_are_asked(ada, loops):
    trees = make_skill("Trees")
    make_question(loops, prompt="Within reach?")
    make_question(loops, trees, prompt="Half within reach?")
    make_question(trees, prompt="Out of reach?")

    assert ask(ada) == ["Within reach?"]
    assert today(ada).out_of_reach == 2


def test_nothing_is_asked_of_who_has_completed_nothing(ada, eve, loops):
    make_question(loops)

    assert ask(eve) == []
    assert today(eve).out_of_reach == 1


def test_opening_the_unit_again_takes_the_new_cards_away_and_leaves_the_old(ada, loops):
    answer(practice.take(ada, make_question(loops, prompt="Answered?")), EASY)
    make_question(loops, prompt="New?")
    completion = ada.enrollments.get().completions.get()

    enrollments.reopen_unit(completion.enrollment, completion.unit)

    assert ask(ada) == []
    assert ada.cards.count() == 1


def test_new_cards_come_in_the_order_of_the_modules_with_the_formats_in_turn(ada, loops):
    later = make_skill("Later")
    unit = make_unit(module=make_module(number=9_999))
    unit.module.taught.create(skill=later, level=2)
    enrollments.complete_unit(ada.enrollments.get(), unit)
    practice.settle(ada, daily_cap=10, new_a_day=10, retention=90)
    make_question(later, prompt="4", difficulty="easy")
    make_question(loops, prompt="3", difficulty="hard")
    make_question(loops, prompt="2", format="behavioural")
    make_question(loops, prompt="1", difficulty="easy")

    assert ask(ada) == ["1", "2", "3", "4"]


def test_new_cards_are_limited_by_the_day_and_so_are_all(ada, loops, clock):
    for _ in range(9):
        make_question(loops)
    practice.settle(ada, daily_cap=4, new_a_day=2, retention=90)

    for _ in range(2):
        answer(practice.next_card(ada), EASY)
    assert ask(ada) == []

    clock.shift(timedelta(days=1))
    assert len(ask(ada)) == 2


def test_what_is_over_the_cap_waits_oldest_first_and_new_cards_after_it(ada, loops, clock):
    for number in range(6):
        answer(practice.take(ada, make_question(loops, prompt=f"{number}")), GOOD)
        clock.shift(timedelta(minutes=1))
    make_question(loops, prompt="New?")
    practice.settle(ada, daily_cap=4, new_a_day=2, retention=90)
    clock.shift(timedelta(days=30))

    assert ask(ada) == ["0", "1", "2", "3"]
    assert (today(ada).over, today(ada).days_to_clear) == (2, 1)
    for _ in range(4):
        answer(practice.next_card(ada), EASY)
    assert ask(ada) == []
    clock.shift(timedelta(days=1))

    assert ask(ada) == ["4", "5", "New?"]


def test_a_card_that_was_not_known_comes_back_in_the_sitting_and_counts_once(ada, loops, clock):
    make_question(loops)
    card = practice.next_card(ada)
    answer(card, AGAIN)

    assert ask(ada) == []
    assert [later.pk for later in today(ada).later] == [card.pk]
    clock.shift(timedelta(minutes=11))
    assert [again.pk for again in today(ada).again] == [card.pk]
    assert (today(ada).answered, today(ada).total) == (1, 1)


def test_the_day_is_the_learner_s_own(ada, loops, clock):
    card = practice.take(ada, make_question(loops))
    with timezone.override("Pacific/Auckland"):  # where it is Wednesday morning
        answer(card, GOOD)

    assert str(card.last_on) == "2026-11-18"
    assert str(card.due_on) == "2026-11-20"


def test_a_card_falls_due_with_its_day_and_not_at_an_hour_of_it(ada, loops, clock):
    make_question(loops)
    answer(practice.next_card(ada), GOOD)  # at eight in the evening, for two days

    clock.move_to(datetime(2026, 11, 19, 0, 5, tzinfo=UTC))

    assert len(ask(ada)) == 1


def test_a_retired_question_is_asked_no_more_and_its_answers_stay(ada, loops, clock):
    question = make_question(loops)
    answer(practice.next_card(ada), GOOD, "My words.")
    clock.shift(timedelta(days=9))
    Question.objects.filter(pk=question.pk).update(retired_at=timezone.now())

    assert ask(ada) == []
    assert Attempt.objects.get().written == "My words."


def test_a_card_of_another_source_is_asked_like_any(ada, loops):
    ada.cards.create(
        source="claim/1", own_format="behavioural", own_prompt="Defend this line.",
        own_outline=["What you measured."],
    )  # fmt: skip

    assert ask(ada) == ["Defend this line."]
    card = practice.next_card(ada)
    answer(card, GOOD)
    assert card.phase == Card.Phase.KEPT
    with pytest.raises(IntegrityError), transaction.atomic():
        ada.cards.create(source="claim/1", own_format="coding", own_prompt="Twice?")


# Answers


def test_an_answer_is_kept_with_its_words_its_time_and_the_card_as_it_was(ada, loops):
    make_question(loops)
    card = practice.next_card(ada)
    practice.reveal(card, "  I would sort.\r\nThen sweep. ", version=0, seconds=95)
    practice.grade(card, HARD, version=0)

    attempt = Attempt.objects.get()
    assert attempt.written == "I would sort.\nThen sweep."
    assert (attempt.seconds, attempt.number, attempt.get_confidence_display()) == (95, 1, "Hard")
    assert attempt.before["phase"] == Card.Phase.NEW


def test_what_a_button_says_is_what_it_does(ada, loops, clock):
    make_question(loops)
    card = practice.next_card(ada)
    for confidence in (GOOD, AGAIN, GOOD, EASY):
        promised = practice.previews(card, practice.of(ada))[confidence]
        answer(card, confidence)
        if promised >= recall.DAY:
            assert card.due_on - timezone.localdate() == promised
        else:
            assert card.due_at - timezone.now() == promised
        clock.shift(promised)


def test_the_log_of_answers_leads_an_optimiser_to_the_same_memory(ada, loops, clock):
    make_question(loops)
    card = practice.next_card(ada)
    for confidence in (GOOD, GOOD, AGAIN, GOOD, HARD, EASY):
        answer(card, confidence)
        clock.move_to(card.due_at or timezone.now() + (card.due_on - timezone.localdate()))
    log = [
        fsrs.ReviewLog(
            7, fsrs.Rating(one.confidence), datetime(*one.day.timetuple()[:3], tzinfo=UTC), None
        )
        for one in Attempt.objects.standing().order_by("turn")
    ]

    rebuilt = recall.scheduler(0.9).reschedule_card(fsrs.Card(card_id=7), log)

    assert rebuilt.stability == pytest.approx(card.stability)
    assert rebuilt.difficulty == pytest.approx(card.difficulty)


def test_a_clock_that_was_put_back_makes_no_wait_negative(ada, loops, clock):
    make_question(loops)
    card = practice.next_card(ada)
    answer(card, GOOD)
    clock.move_to(TUESDAY - timedelta(days=400))
    answer(card, GOOD)

    assert card.due_on > timezone.localdate()
    assert card.stability > 0


def test_a_card_forgotten_again_and_again_is_set_aside_until_it_is_taken_up(ada, loops, clock):
    make_question(loops)
    card = practice.next_card(ada)
    answer(card, EASY)
    for _ in range(LEECH):
        clock.shift(timedelta(days=60))
        answer(card, AGAIN)
        clock.shift(timedelta(minutes=11))
        answer(card, EASY)

    assert card.is_set_aside
    clock.shift(timedelta(days=400))
    assert ask(ada) == []
    assert [entry.pk for entry in today(ada).set_aside] == [card.pk]

    practice.take_up(card)

    assert len(ask(ada)) == 1
    card.refresh_from_db()
    assert (card.is_set_aside, card.lapses) == (False, 0)


# Two tabs


def test_a_card_answered_in_one_tab_is_not_answered_again_from_the_other(ada, loops):
    make_question(loops)
    card = practice.next_card(ada)
    practice.reveal(card, version=0)
    practice.grade(card, GOOD, version=0)
    after = state_of(card)

    with pytest.raises(ChangedMeanwhile):
        practice.grade(card, AGAIN, version=0)
    with pytest.raises(ChangedMeanwhile):
        practice.reveal(card, version=0)

    assert state_of(card) == after
    assert Attempt.objects.count() == 1


def test_what_was_written_in_two_tabs_is_kept_from_both(ada, loops):
    make_question(loops)
    card = practice.next_card(ada)
    practice.reveal(card, "From one tab.", version=0)
    practice.reveal(card, "From the other.", version=0)
    practice.reveal(card, "From the other.", version=0)

    assert Attempt.objects.get().written == "From one tab.\n\n---\n\nFrom the other."


def test_grading_an_answer_that_was_not_shown_is_refused(ada, loops):
    make_question(loops)
    card = practice.next_card(ada)

    with pytest.raises(ChangedMeanwhile):
        practice.grade(card, GOOD, version=0)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("turn", range(3))
def test_presses_at_once_count_once(ada, turn):
    card = practice.take(ada, make_question())
    practice.reveal(card, version=0)

    def press(confidence):
        def act():
            try:
                return practice.grade(Card.objects.get(pk=card.pk), confidence, version=0).pk
            except ChangedMeanwhile:
                return None

        return act

    results = at_once(press(GOOD), press(AGAIN), press(EASY), press(GOOD))

    assert len([result for result in results if result]) == 1
    card.refresh_from_db()
    assert card.version == 1
    assert Attempt.objects.standing().count() == 1


@pytest.mark.django_db(transaction=True)
def test_showing_the_answer_at_once_begins_one_attempt(ada):
    card = practice.take(ada, make_question())

    at_once(*(lambda: practice.reveal(Card.objects.get(pk=card.pk), version=0) for _ in range(4)))

    assert Attempt.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_taking_back_at_once_takes_one_answer_back(ada):
    first, second = (practice.take(ada, make_question()) for _ in range(2))
    answer(first, GOOD)
    last = answer(second, GOOD)

    def press():
        try:
            return practice.undo(Attempt.objects.get(pk=last.pk)).pk
        except NotTheLast:
            return None

    results = at_once(press, press, press)

    assert [result for result in results if result] == [second.pk]
    assert Attempt.objects.standing().get().card == first


# Taking back


@pytest.mark.parametrize("confidence", [AGAIN, HARD, GOOD, EASY])
def test_taking_back_leaves_the_card_as_it_was(confidence, ada, loops, clock):
    make_question(loops)
    card = practice.next_card(ada)
    for earlier in (GOOD, GOOD):
        answer(card, earlier)
        clock.shift(timedelta(days=10))
    before = state_of(card)
    attempt = answer(card, confidence, "My words.")

    practice.undo(attempt)

    assert state_of(card) == before
    attempt.refresh_from_db()
    assert attempt.is_open
    assert attempt.written == "My words."
    assert today(ada).answered == 0


def test_taking_back_and_answering_again_is_as_if_answered_once(ada, loops, clock):
    make_question(loops)
    card = practice.next_card(ada)
    practice.undo(answer(card, AGAIN))
    card.refresh_from_db()
    practice.grade(card, GOOD, version=card.version)

    card.refresh_from_db()
    assert card.due_on - timezone.localdate() == timedelta(days=2)
    assert Attempt.objects.get().number == 1


def test_only_the_last_answer_of_today_can_be_taken_back(ada, loops, clock):
    first = answer(practice.take(ada, make_question(loops)), GOOD)
    second = answer(practice.take(ada, make_question(loops)), GOOD)

    with pytest.raises(NotTheLast):
        practice.undo(first)
    practice.undo(second)
    with pytest.raises(NotTheLast):
        practice.undo(second)
    clock.shift(timedelta(days=1))
    with pytest.raises(NotTheLast):
        practice.undo(first)


def test_the_last_answer_is_the_last_one_given_whatever_the_clock_did(ada, loops, clock):
    answer(practice.take(ada, make_question(loops)), GOOD)
    clock.shift(timedelta(hours=-2))
    second = answer(practice.take(ada, make_question(loops)), GOOD)

    assert practice.last_answer(ada) == second


def test_taking_back_keeps_words_that_were_written_since(ada, loops, clock):
    make_question(loops)
    card = practice.next_card(ada)
    attempt = answer(card, AGAIN, "First.")
    practice.reveal(card, "Second.", version=card.version)

    practice.undo(attempt)

    assert Attempt.objects.get().written == "First.\n\n---\n\nSecond."


def test_taking_back_the_last_straw_takes_the_card_from_those_set_aside(ada, loops, clock):
    make_question(loops)
    card = practice.next_card(ada)
    answer(card, EASY)
    Card.objects.update(lapses=LEECH - 1)
    clock.shift(timedelta(days=60))
    card.refresh_from_db()

    practice.undo(answer(card, AGAIN))

    card.refresh_from_db()
    assert (card.is_set_aside, card.lapses) == (False, LEECH - 1)


# Pause


def test_a_pause_moves_every_card_by_its_days_and_leaves_no_debt(ada, loops, clock):
    for confidence in (AGAIN, GOOD, EASY):
        answer(practice.take(ada, make_question(loops)), confidence)
    before = dict(ada.cards.values_list("pk", "due_on"))
    practice.pause(ada)
    clock.shift(timedelta(days=100))

    assert ask(ada) == []
    assert practice.resume(ada) == 100

    after = dict(ada.cards.values_list("pk", "due_on"))
    assert after == {pk: day + timedelta(days=100) for pk, day in before.items()}
    assert not ada.cards.exclude(due_at=None).exists()


def test_pausing_and_going_on_twice_are_once(ada, loops, clock):
    answer(practice.take(ada, make_question(loops)), EASY)
    due_on = ada.cards.get().due_on
    practice.pause(ada)
    clock.shift(timedelta(days=3))
    practice.pause(ada)

    assert practice.resume(ada) == 3
    assert practice.resume(ada) == 0
    assert ada.cards.get().due_on == due_on + timedelta(days=3)


def test_a_pause_with_a_clock_put_back_moves_nothing(ada, loops, clock):
    answer(practice.take(ada, make_question(loops)), EASY)
    due_on = ada.cards.get().due_on
    practice.pause(ada)
    clock.shift(timedelta(days=-30))

    assert practice.resume(ada) == 0
    assert ada.cards.get().due_on == due_on


def test_nothing_counts_while_paused_and_what_was_written_stays(ada, loops, clock):
    make_question(loops)
    card = practice.next_card(ada)
    practice.reveal(card, "My words.", version=0)
    practice.pause(ada)

    with pytest.raises(IsPaused):
        practice.grade(card, GOOD, version=0)

    assert Attempt.objects.get().written == "My words."
    assert practice.due_skills(ada) == frozenset()


def test_somebody_else_s_practice_is_untouched(ada, eve, loops, clock):
    answer(practice.take(eve, make_question(loops)), EASY)
    due_on = eve.cards.get().due_on
    practice.pause(ada)
    clock.shift(timedelta(days=30))
    practice.resume(ada)

    assert eve.cards.get().due_on == due_on
    assert Practice.objects.get().learner == ada


# How well a format is kept


def test_a_format_is_told_by_what_is_within_reach_answered_and_known(ada, loops, clock):
    card = practice.take(ada, make_question(loops))
    make_question(loops)
    answer(card, GOOD)

    def theory():
        kept = practice.by_format(practice.deck(ada))[1]
        return kept.within_reach, kept.practised, kept.known, kept.word

    assert theory() == (2, 1, 1, "part")
    clock.shift(timedelta(days=60))
    assert theory() == (2, 1, 0, "part")


def test_the_minutes_of_a_format_are_those_of_the_content():
    file = settings.BASE_DIR / "curriculum" / "content" / "interview.yaml"
    told = yaml.safe_load(file.read_text())["formats"]

    assert {entry["slug"]: entry["minutes"] for entry in told} == {
        format.value: format.minutes for format in Format
    }
