"""What Grace is told to ask Ada, and why: the same facts give the same plan."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine

from curriculum import mock_interviews, mock_plans, practice
from curriculum.models import Attempt, Format
from tests.factories import (
    enroll,
    make_mock_interview,
    make_question,
    make_skill,
    make_unit,
)

NOW = datetime(2026, 11, 26, 9, 0, tzinfo=UTC)
TODAY = date(2026, 11, 26)


@pytest.fixture
def clock():
    with time_machine.travel(NOW, tick=False) as clock:
        yield clock


def answered(learner, question, confidence, *, days):
    """A card of the question whose only answer was so many days ago."""
    with time_machine.travel(NOW - timedelta(days=days), tick=False):
        card = practice.take(learner, question)
        practice.reveal(card, version=card.version)
        practice.grade(card, confidence, version=card.version)
        card.refresh_from_db()
    return card


def drawn(learner, minutes=60, formats=(Format.THEORY,), **fields):
    plan = mock_plans.draw(learner, formats, minutes, on=TODAY, **fields)
    return [(question, why["code"]) for question, why in plan]


def test_what_is_due_comes_before_what_went_badly_and_what_was_never_asked(ada, clock):
    unit = make_unit()
    skills = [make_skill(name) for name in ("Trees", "Sums", "Maps", "Sets")]
    for skill in skills:
        unit.module.taught.create(skill=skill, level=2)
    enrollment = enroll(ada, unit)
    enrollment.completions.create(unit=unit)
    due, badly, fresh, known = (make_question(skill) for skill in skills)
    other = make_question(make_skill())
    answered(ada, due, Attempt.Confidence.GOOD, days=30)
    answered(ada, badly, Attempt.Confidence.HARD, days=0)
    answered(ada, known, Attempt.Confidence.EASY, days=1)
    practice.bring_forward(ada.cards.get(question=due))
    ada.cards.filter(question=badly).update(due_on=TODAY + timedelta(days=3))

    assert drawn(ada, minutes=90) == [
        (due, "due"), (badly, "weak"), (fresh, "begun"), (other, "format"), (known, "known"),
    ]  # fmt: skip


def test_a_skill_that_fades_is_asked_about_and_named(ada, clock):
    unit = make_unit()
    skill = make_skill("Regression")
    unit.module.taught.create(skill=skill, level=2)
    question = make_question(skill)
    make_question(skill)
    enroll(ada, unit).completions.create(unit=unit, completed_at=NOW - timedelta(days=50))

    [(first, why), *_] = mock_plans.draw(ada, [Format.THEORY], 15, on=TODAY)

    assert first == question
    assert mock_plans.words(why) == "Regression was not practised for 50 days."


def test_among_equals_each_question_brings_a_new_skill(ada, clock):
    trees, sums = make_skill("Trees"), make_skill("Sums")
    first, same, other = make_question(trees), make_question(trees), make_question(sums)

    assert [question for question, _why in drawn(ada, minutes=30)] == [first, other]
    assert [question for question, _why in drawn(ada, minutes=45)] == [first, other, same]


def test_the_minutes_are_shared_out_and_each_format_gets_one(ada, clock):
    for format in Format:
        for _ in range(5):
            make_question(make_skill(), format=format)

    def counts(minutes, *formats):
        plan = drawn(ada, minutes=minutes, formats=formats)
        return [sum(q.format == format for q, _why in plan) for format in formats]

    assert counts(60, Format.THEORY) == [4]
    assert counts(60, Format.THEORY, Format.BEHAVIOURAL) == [2, 3]
    assert counts(30, *Format) == [1, 1, 1, 1]


def test_the_same_facts_give_the_same_plan(ada, clock):
    for _ in range(12):
        make_question(make_skill(), make_skill())

    assert drawn(ada) == drawn(ada) == drawn(ada)


def test_what_was_asked_in_a_mock_interview_of_late_comes_last(ada, grace, clock):
    first, second = make_question(make_skill()), make_question(make_skill())
    held = make_mock_interview(ada, grace, agreed=NOW - timedelta(days=7))
    held.questions.create(question=first, position=1)
    assert drawn(ada, minutes=15)[0][0] == first

    type(held).objects.update(state="held")

    assert drawn(ada, minutes=15)[0][0] == second


def test_a_plan_is_drawn_when_the_two_agree_and_stays_as_it_is(ada, grace, clock):
    questions = [make_question(make_skill()) for _ in range(6)]
    interview = make_mock_interview(ada, grace)
    mock_interviews.agree(interview, interview.slots.first().pk, by=grace)
    planned = list(interview.questions.values_list("question", flat=True))

    practice.take(ada, questions[-1])

    assert planned == [question.pk for question in questions[:4]]
    assert list(interview.questions.values_list("question", flat=True)) == planned


def test_another_question_comes_in_its_place_and_all_come_round(ada, grace, clock):
    questions = [make_question(make_skill()) for _ in range(4)]
    interview = make_mock_interview(ada, grace, minutes=30, agreed=NOW + timedelta(days=1))
    mock_plans.write(interview)
    first, second = interview.questions.all()

    seen = [mock_plans.exchange(first).question for _ in range(3)]

    assert seen == [questions[2], questions[3], questions[0]]
    assert second.question == questions[1]
    interview.questions.exclude(pk=first.pk).delete()
    type(questions[0]).objects.exclude(pk=first.question_id).update(retired_at=NOW)
    assert mock_plans.exchange(first) is None
