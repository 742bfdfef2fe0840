"""Grace judges a mock interview by the rubric of each format; what is to be practised becomes cards of Ada's."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.utils import timezone

from accounts.models import Notice
from curriculum import mock_interviews, mock_plans, mock_sheets, practice, rubrics
from curriculum.mock_sheets import (
    Empty,
    FollowUp,
    NotBegun,
    NotTheInterviewer,
    Sheet,
    WrittenMeanwhile,
)
from curriculum.models import Card, Format, MockInterview, MockNote, Rubric
from portfolio import history
from tests.factories import make_mock_interview, make_question, make_skill

NOW = datetime(2026, 11, 26, 9, 0, tzinfo=UTC)


@pytest.fixture
def clock():
    with time_machine.travel(NOW, tick=False) as clock:
        yield clock


def make_rubric(slug="mock-theory"):
    rubric = Rubric.objects.create(
        slug=slug, title="Theory", used_by="interviewer", pass_rule="Ready when 3.", guidance="Ask."
    )
    for position, name in enumerate(("depth", "limits"), start=1):
        criterion = rubric.criteria.create(
            slug=name, title=name.title(), position=position, question=f"How is {name}?"
        )
        for value in range(1, 5):
            criterion.ratings.create(value=value, text=f"{name.title()} as {value}.")
    return rubric


@pytest.fixture
def held_today(ada, grace, clock):
    """Agreed on for an hour ago, with a plan of two questions."""
    make_rubric()
    for _ in range(3):
        make_question(make_skill())
    interview = make_mock_interview(ada, grace, minutes=30, agreed=NOW - timedelta(hours=1))
    mock_plans.write(interview)
    interview.rubrics = rubrics.of_formats([Format.THEORY])
    interview.save()
    return MockInterview.objects.with_people().get()


DEEP = {("theory", "depth"): 3}


def share(interview, by, **fields):
    sheet = Sheet(**{"scores": DEEP, "shared_note": "Begin with the goal."} | fields)
    return mock_sheets.share(interview, sheet, by=by, version=interview.sheet_version)


def test_what_is_saved_is_the_interviewers_until_it_is_shared(ada, grace, held_today, as_user):
    address = held_today.get_absolute_url()
    sheet = Sheet(scores=DEEP, shared_note="Too fast.", private_note="Nervous.")
    mock_sheets.write(held_today, sheet, by=grace, version=0)

    page = as_user(ada).get(address).text
    assert "Too fast." not in page
    assert "Depth as 3." not in page
    assert held_today.questions.first().prompt not in page

    share(held_today, grace, shared_note="Slower.", private_note="Nervous.")

    page = as_user(ada).get(address).text
    assert "Slower." in page
    assert "Depth as 3." in page
    assert held_today.questions.first().prompt in page
    assert "Nervous." not in page
    assert "Nervous." in as_user(grace).get(address).text
    assert [n.words for n in Notice.objects.of(ada)] == [
        "Grace Halloran wrote up your mock interview"
    ]


def test_nobody_but_the_interviewer_has_a_sheet(ada, grace, eve, held_today, as_user):
    for person in (ada, eve):
        assert as_user(person).get(f"{held_today.get_absolute_url()}sheet/").status_code == 404
        with pytest.raises(NotTheInterviewer):
            share(held_today, person)
        with pytest.raises(NotTheInterviewer):
            mock_sheets.note(held_today, "Hm.", by=person)


def test_a_sheet_is_shared_after_it_began_and_not_empty(grace, held_today, clock):
    with pytest.raises(Empty):
        share(held_today, grace, scores={}, shared_note=" ")
    clock.shift(timedelta(hours=-2))
    with pytest.raises(NotBegun):
        share(held_today, grace)


def test_what_was_shared_does_not_change_any_more(grace, held_today):
    share(held_today, grace)

    with pytest.raises(mock_interviews.ChangedMeanwhile):
        mock_sheets.write(held_today, Sheet(), by=grace, version=1)
    with pytest.raises(mock_interviews.ChangedMeanwhile):
        mock_interviews.cancel(held_today, by=grace)
    mock_sheets.note(held_today, "Afterthought.", by=grace)
    assert MockNote.objects.get().text == "Afterthought."


def test_a_score_outside_the_rubric_is_not_kept(grace, held_today):
    scores = DEEP | {("theory", "height"): 4, ("coding", "depth"): 4}
    share(held_today, grace, scores=scores)

    assert [(s.format, s.criterion, s.value) for s in held_today.scores.all()] == [
        ("theory", "depth", 3)
    ]


def test_scores_keep_the_words_they_were_given_by(grace, held_today):
    share(held_today, grace)
    Rubric.objects.all().delete()

    [scored] = mock_sheets.scored(held_today)

    assert [(criterion["title"], value, words) for criterion, value, words in scored.criteria] == [
        ("Depth", 3, "Depth as 3."), ("Limits", None, ""),
    ]  # fmt: skip


def test_a_format_without_a_rubric_of_its_own_takes_the_general_one(db):
    make_rubric("mock-interview")
    make_rubric("mock-coding")

    found = rubrics.of_formats([Format.CODING, Format.THEORY])

    assert [found[format]["slug"] for format in found] == ["mock-coding", "mock-interview"]


def test_a_second_tab_loses_no_words(grace, held_today, as_user):
    path = f"{held_today.get_absolute_url()}sheet/"
    client = as_user(grace)
    client.post(path, {"version": 0, "shared_note": "From the first tab."})

    page = client.post(path, {"version": 0, "shared_note": "From the second.", "share": "yes"})

    assert page.status_code == 409
    assert "saved meanwhile in another tab" in page.text
    assert "From the second." in page.text
    held_today.refresh_from_db()
    kept = mock_sheets.so_far(held_today, grace)
    assert (held_today.state, kept.shared_note) == ("agreed", "From the first tab.")
    with pytest.raises(WrittenMeanwhile):
        mock_sheets.write(held_today, Sheet(), by=grace, version=0)


def test_a_whole_sheet_by_the_page(ada, grace, held_today, as_user):
    path = f"{held_today.get_absolute_url()}sheet/"
    first = held_today.questions.first()
    said = {
        "version": 0, "score-theory-depth": "4", "score-theory-limits": "0",
        "follow_ups": [first.pk], "shared_note": "Good.", "own_prompt_1": "What is leakage?",
        "own_outline_1": "- The future\n\n* in the past\n", "share": "yes",
    }  # fmt: skip
    assert as_user(grace).get(path).status_code == 200

    page = as_user(grace).post(path, said, follow=True)

    assert "Shared." in page.text
    cards = Card.objects.filter(learner=ada).order_by("pk")
    assert [card.prompt for card in cards] == [first.prompt, "What is leakage?"]
    assert cards[1].outline == ["The future", "in the past"]
    assert cards[1].own_path == held_today.get_absolute_url()
    with timezone.override(ada.profile.zone):
        queue = practice.today(practice.deck(ada)).queue
    assert set(queue) >= set(cards)
    card_page = as_user(ada).get(cards[1].get_absolute_url()).text
    assert "What is leakage?" in card_page


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"own_outline_2": "A point"}, "Write the question that this answers."),
        ({"own_prompt_1": "Why?", "own_outline_1": "\n".join("abcdefghijk")}, "At most 10 points"),
        ({"score-theory-depth": "9"}, "9 is not one of the available choices"),
        ({"follow_ups": ["987654"]}, "not one of the available choices"),
        ({"shared_note": "a" * 6001}, "at most 6000 characters"),
        ({"version": ""}, "required"),
    ],
)
def test_what_is_wrong_on_a_sheet_is_said_and_nothing_lost(
    grace, held_today, as_user, fields, words
):
    said = {"version": 0, "private_note": "Kept."} | fields
    page = as_user(grace).post(f"{held_today.get_absolute_url()}sheet/", said)

    assert page.status_code == 422
    assert words in page.text
    assert "Kept." in page.text


def test_a_card_that_was_known_comes_back_and_goes_back_to_its_day(ada, grace, held_today):
    first = held_today.questions.first()
    card = practice.take(ada, first.question)
    practice.reveal(card, version=0)
    practice.grade(card, 4, version=0)
    card.refresh_from_db()
    due_on = card.due_on
    share(held_today, grace, follow_ups=[first.pk])
    card.refresh_from_db()
    assert card.due_on == NOW.date()

    assert mock_sheets.take_out(held_today) == 1

    card.refresh_from_db()
    assert card.due_on == due_on
    assert mock_sheets.put_in(held_today) == 1
    card.refresh_from_db()
    assert card.due_on == NOW.date()


def test_cards_made_for_it_go_unless_they_were_answered(ada, grace, held_today):
    own = [FollowUp("theory", "Why?"), FollowUp("theory", "How?")]
    share(held_today, grace, own=own)
    answered, other = Card.objects.filter(learner=ada)
    practice.reveal(answered, "Because.", version=0)
    practice.grade(answered, 3, version=0)

    mock_sheets.take_out(held_today)

    answered.refresh_from_db()
    assert answered.is_set_aside
    assert answered.attempts.get().written == "Because."
    assert not Card.objects.filter(pk=other.pk).exists()
    mock_sheets.put_in(held_today)
    assert {card.prompt for card in Card.objects.in_play()} == {"Why?", "How?"}
    assert Card.objects.count() == 2


def test_what_was_answered_since_stays_as_the_answer_left_it(ada, grace, held_today):
    first = held_today.questions.first()
    share(held_today, grace, follow_ups=[first.pk])
    card = Card.objects.get(learner=ada)
    practice.reveal(card, version=0)
    practice.grade(card, 3, version=0)
    card.refresh_from_db()

    mock_sheets.take_out(held_today)

    after = Card.objects.get(pk=card.pk)
    assert (after.due_on, after.set_aside_at) == (card.due_on, None)


def test_taking_out_by_the_page_is_the_learners_alone(ada, grace, eve, held_today, as_user):
    share(held_today, grace, follow_ups=[held_today.questions.first().pk])
    path = f"{held_today.get_absolute_url()}cards/"
    for person in (grace, eve):
        assert as_user(person).post(path, {"do": "out"}).status_code == 404
    assert "Take them out" in as_user(ada).get(held_today.get_absolute_url()).text

    page = as_user(ada).post(path, {"do": "out"}, follow=True)

    assert "Put them into my practice" in page.text
    assert not Card.objects.exists()


def test_both_find_it_in_their_history(ada, grace, held_today, as_user):
    assert not history.page(ada).events
    share(held_today, grace)

    for person, words in ((ada, "Grace Halloran asked you"), (grace, "you asked Ada Nwosu")):
        assert history.Kind.INTERVIEWED in [event.kind for event in history.page(person).events]
        assert words in as_user(person).get("/history/").text


def test_a_private_note_goes_with_its_author_and_the_scores_stay(ada, grace, held_today, as_user):
    share(held_today, grace, private_note="Mine.")

    grace.delete()

    assert not MockNote.objects.exists()
    page = as_user(ada).get(held_today.get_absolute_url()).text
    assert "Depth as 3." in page
    assert "has left" in as_user(ada).get("/mock-interviews/").text


def test_the_plan_is_changed_by_who_asks(ada, grace, held_today, as_user):
    path = f"{held_today.get_absolute_url()}plan/"
    first = held_today.questions.first()
    assert as_user(ada).post(path, {"do": "drop", "entry": first.pk}).status_code == 404

    client = as_user(grace)
    client.post(path, {"do": "exchange", "entry": first.pk})
    client.post(path, {"do": "drop", "entry": held_today.questions.last().pk})
    assert held_today.questions.count() == 1
    assert held_today.questions.get().question_id != first.question_id
    client.post(path, {"do": "draw"})
    assert held_today.questions.count() == 2
    assert client.post(path, {"do": "drop", "entry": "x"}).status_code == 404
