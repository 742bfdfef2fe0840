"""The pages of practice: a sitting without a script, two tabs, the bank, the canvas and the log."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from curriculum import asked, canvases, enrollments, practice
from curriculum.models import Asked, Attempt, Canvas, Practice, Question
from tests.factories import enroll, make_question, make_skill, make_unit, make_user
from tests.together import at_once

TUESDAY = datetime(2026, 11, 17, 20, 0, tzinfo=UTC)


@pytest.fixture
def clock(db):
    with time_machine.travel(TUESDAY, tick=False) as traveller:
        yield traveller


@pytest.fixture
def loops(ada, clock):
    """A skill that Ada has studied: she completed the only unit of the module that teaches it."""
    skill = make_skill("Loops", slug="loops")
    unit = make_unit(slug="loops")
    unit.module.taught.create(skill=skill, level=2)
    enrollments.complete_unit(enroll(ada, unit), unit)
    return skill


def page_of(response):
    return " ".join(response.content.decode().split())


# A sitting


def test_a_whole_sitting_without_a_script(ada, loops, as_user):
    question = make_question(loops, prompt="Why does it stop?")
    client = as_user(ada)
    assert "1 card today." in page_of(client.get("/practice/"))

    address = client.post("/practice/next/").url
    assert "Because of this." not in page_of(client.get(address))
    shown = client.post(f"{address}reveal/", {"written": "A bound.", "version": 0, "seconds": 70})
    assert shown.url == f"{address}#answer"
    page = page_of(client.get(address))
    assert "A bound." in page
    assert "Because of this." in page
    assert "And otherwise?" in page
    for word in ("10 min", "15 min", "2 days", "8 days"):
        assert f"<small>{word}</small>" in page
    after = client.post(f"{address}grade/", {"confidence": 3, "version": 0})

    assert after.url == "/practice/"
    page = page_of(client.get("/practice/"))
    assert "1 card answered, and nothing more is asked today." in page
    assert "Take it back" in page
    assert "A bound." in page_of(client.get(question.get_absolute_url()))


def test_who_has_begun_nothing_is_told_how_practice_begins(eve, loops, as_user):
    make_question(loops)

    page = page_of(as_user(eve).get("/practice/"))

    assert "How practice begins" in page
    assert "1 question waits on your way." in page


def test_the_last_answer_is_taken_back_from_the_page_and_only_once(ada, loops, as_user):
    make_question(loops)
    client = as_user(ada)
    card = practice.next_card(ada)
    practice.reveal(card, version=0)
    attempt = practice.grade(card, 1, version=0)

    back = client.post(f"/practice/attempts/{attempt.pk}/undo/")
    assert back.url == f"/practice/cards/{card.pk}/#answer"
    assert "Taken back." in page_of(client.get(back.url))
    again = client.post(f"/practice/attempts/{attempt.pk}/undo/", follow=True)

    assert "Only your last answer of today can be taken back." in page_of(again)
    assert Attempt.objects.get().is_open


def test_a_second_tab_is_told_and_nothing_is_counted_twice(ada, loops, as_user):
    make_question(loops)
    client = as_user(ada)
    card = practice.next_card(ada)
    practice.reveal(card, version=0)
    first = {"confidence": 3, "version": 0}
    client.post(f"/practice/cards/{card.pk}/grade/", first)

    again = client.post(f"/practice/cards/{card.pk}/grade/", first, follow=True)

    assert "Nothing was counted twice." in page_of(again)
    assert Attempt.objects.count() == 1


def test_words_typed_in_a_tab_that_is_stale_come_back(ada, loops, as_user):
    make_question(loops)
    card = practice.next_card(ada)
    practice.reveal(card, version=0)
    practice.grade(card, 3, version=0)

    response = as_user(ada).post(
        f"/practice/cards/{card.pk}/reveal/", {"written": "Long thoughts.", "version": 0}
    )

    assert response.status_code == 409
    page = page_of(response)
    assert "Long thoughts." in page
    assert "answered meanwhile" in page
    assert 'name="version" value="1"' in page


def test_an_answer_that_is_too_long_comes_back_whole(ada, loops, as_user):
    make_question(loops)
    card = practice.next_card(ada)
    response = as_user(ada).post(
        f"/practice/cards/{card.pk}/reveal/", {"written": "x" * 10_001, "version": 0}
    )

    assert response.status_code == 422
    assert "this one has 1 more" in page_of(response)
    assert not Attempt.objects.exists()


@pytest.mark.parametrize("data", [{}, {"confidence": 5, "version": 0}, {"confidence": "x"}])
def test_a_grade_that_is_none_changes_nothing(data, ada, loops, as_user):
    make_question(loops)
    card = practice.next_card(ada)
    practice.reveal(card, version=0)

    response = as_user(ada).post(f"/practice/cards/{card.pk}/grade/", data, follow=True)

    assert "Choose how it went" in page_of(response)
    assert Attempt.objects.get().is_open


def test_pausing_and_going_on(ada, loops, clock, as_user):
    make_question(loops)
    client = as_user(ada)
    client.post("/practice/pause/")
    assert "Paused since today." in page_of(client.get("/practice/"))
    assert client.post("/practice/next/").url == "/practice/"
    clock.shift(timedelta(days=5))

    page = page_of(client.post("/practice/resume/", follow=True))

    assert "Every card moved by the 5 days of the pause." in page
    assert "1 card today." in page


def test_settings_are_kept_and_bad_ones_are_told(ada, clock, as_user):
    client = as_user(ada)
    good = {"daily_cap": 6, "new_a_day": 2, "retention": 85}
    assert client.post("/practice/settings/", good).status_code == 302
    assert "At most 6 cards a day, 2 of them new." in page_of(client.get("/practice/"))

    for bad in ({"daily_cap": 0}, {"daily_cap": 51}, {"new_a_day": -1}, {"retention": 99}):
        assert client.post("/practice/settings/", good | bad).status_code == 422
    own = Practice.objects.get()
    assert (own.daily_cap, own.new_a_day, own.retention) == (6, 2, 85)


def test_a_card_is_set_aside_and_taken_up_from_the_page(ada, loops, as_user):
    make_question(loops)
    card = practice.next_card(ada)
    client = as_user(ada)

    assert "Set aside" in page_of(client.post(f"/practice/cards/{card.pk}/set-aside/", follow=True))
    assert practice.next_card(ada) is None
    client.post(f"/practice/cards/{card.pk}/take-up/")
    assert practice.next_card(ada) == card


# On home and on the map


def test_home_says_what_is_due_how_each_format_is_kept_and_what_fades(ada, loops, clock, as_user):
    make_question(loops)
    make_unit()  # something that is still open, so that a unit comes next
    client = as_user(ada)
    page = page_of(client.get("/"))
    assert "1 practice card</a> today as well." in page
    assert "1 question, not begun" in page
    clock.shift(timedelta(days=39))
    client = as_user(ada)  # the session has ended meanwhile
    page = page_of(client.get("/"))
    assert "practice card" in page
    assert "not practised for" not in page
    clock.shift(timedelta(days=1))

    assert "not practised for 40 days" in page_of(client.get("/"))
    card = practice.next_card(ada)
    practice.reveal(card, version=0)
    practice.grade(card, 4, version=0)
    assert "not practised for" not in page_of(client.get("/"))


def test_with_nothing_open_on_the_way_cards_are_what_is_next(ada, loops, as_user):
    make_question(loops)

    page = page_of(as_user(ada).get("/"))

    assert "1 card is due today" in page


def test_a_complete_module_is_due_again_when_a_card_of_it_is(ada, loops, clock, as_user):
    make_question(loops)
    client = as_user(ada)
    card = practice.next_card(ada)
    practice.reveal(card, version=0)
    practice.grade(card, 3, version=0)
    assert "due again" not in page_of(client.get("/roadmap/"))
    clock.shift(timedelta(days=2))

    assert "due again" in page_of(client.get("/roadmap/"))
    practice.pause(ada)
    assert "due again" not in page_of(client.get("/roadmap/"))


def test_a_complete_module_is_due_again_when_all_its_skills_fade(ada, loops, clock, as_user):
    clock.shift(timedelta(days=40))

    assert "due again" in page_of(as_user(ada).get("/roadmap/"))


def test_pages_cost_the_same_for_one_card_as_for_many(ada, loops, as_user, clock):
    addresses = ["/practice/", "/questions/", "/practice/asked/", "/", "/roadmap/"]

    def fill(number):
        for _ in range(number):
            question = make_question(loops)
            card = practice.take(ada, question)
            practice.reveal(card, "Words.", version=0)
            practice.grade(card, 3, version=0)
            ada.asked.create(
                asked_on=timezone.localdate(), format="coding", words="Why?", skill=loops
            )

    def cost():
        client = as_user(ada)
        client.get("/")
        told = []
        for address in [*addresses, ada.cards.first().get_absolute_url()]:
            with CaptureQueriesContext(connection) as queries:
                assert client.get(address).status_code == 200
            told.append(len(queries))
        return told

    fill(2)
    few = cost()
    fill(20)

    assert cost() == few


# The bank


def test_the_bank_is_browsed_by_format_difficulty_and_skill(client, db):
    loops, trees = make_skill("Loops", slug="loops"), make_skill("Trees", slug="trees")
    make_question(loops, prompt="First?", format="coding", difficulty="easy")
    make_question(trees, prompt="Second?", format="coding", difficulty="hard")
    make_question(loops, prompt="Third?", format="behavioural")
    Question.objects.filter(pk=make_question(prompt="Gone?").pk).update(retired_at=timezone.now())

    def found(query):
        page = page_of(client.get(f"/questions/?{query}"))
        return [word for word in ("First?", "Second?", "Third?", "Gone?") if word in page]

    assert found("") == ["First?", "Second?", "Third?"]
    assert found("format=coding") == ["First?", "Second?"]
    assert found("format=coding&difficulty=hard") == ["Second?"]
    assert found("skill=loops") == ["First?", "Third?"]
    assert found("format=nonsense&skill=none&page=99") == ["First?", "Second?", "Third?"]
    assert found("format=theory") == []


def test_a_retired_question_is_gone_but_for_who_has_a_card_of_it(ada, eve, loops, as_user):
    question = make_question(loops)
    practice.take(ada, question)
    Question.objects.filter(pk=question.pk).update(retired_at=timezone.now())

    assert as_user(ada).get(question.get_absolute_url()).status_code == 200
    assert as_user(eve).get(question.get_absolute_url()).status_code == 410


def test_any_question_may_be_answered_at_any_time(eve, loops, as_user):
    question = make_question(loops)

    address = as_user(eve).post(f"{question.get_absolute_url()}practise/").url

    assert address == eve.cards.get().get_absolute_url()
    assert as_user(eve).get(address).status_code == 200


# The canvas


@pytest.fixture
def design(db):
    return make_question(
        slug="design-it", format="system-design", outline=["Frame it.", "Watch it."]
    )


def test_a_design_is_kept_part_by_part_with_its_checklist(ada, eve, design, as_user):
    client = as_user(ada)
    address = "/questions/design-it/canvas/"
    data = {"framing": "Who decides?", "covered": ["Frame it."], "version": ""}

    assert client.post(address, data).status_code == 302
    kept = Canvas.objects.get()
    assert (kept.parts, kept.covered) == ({"framing": "Who decides?"}, ["Frame it."])
    assert "Who decides?" in page_of(client.get(address))
    assert "Who decides?" not in page_of(as_user(eve).get(address))


def test_a_design_changed_in_another_tab_is_not_overwritten_and_nothing_typed_is_lost(
    ada, design, as_user
):
    canvases.write(ada, design, {"framing": "From one tab."}, [])

    response = as_user(ada).post(
        "/questions/design-it/canvas/", {"framing": "From the other.", "version": ""}
    )

    assert response.status_code == 409
    page = page_of(response)
    assert "From the other." in page
    assert "From one tab." in page
    assert Canvas.objects.get().parts == {"framing": "From one tab."}


def test_only_system_design_has_a_canvas(ada, loops, as_user):
    question = make_question(loops)

    assert as_user(ada).get(f"{question.get_absolute_url()}canvas/").status_code == 404


@pytest.mark.django_db(transaction=True)
def test_designs_begun_at_once_are_one(ada):
    question = make_question(format="system-design")

    def press():
        return canvases.write(ada, question, {"data": "Rows."}, []).pk

    assert len(set(at_once(press, press, press))) == 1


# The log


def test_a_line_is_kept_changed_and_deleted(ada, loops, as_user):
    client = as_user(ada)
    line = {"asked_on": "2026-11-16", "format": "theory", "skill": loops.pk, "words": "Why?"}
    assert client.post("/practice/asked/", line).status_code == 302
    entry = Asked.objects.get()
    client.post(entry.get_absolute_url(), line | {"words": "How?", "place": "Northgate"})
    page = page_of(client.get("/practice/asked/"))
    assert "How?" in page
    assert "Northgate" in page
    client.post(f"{entry.get_absolute_url()}delete/")

    assert not Asked.objects.exists()


@pytest.mark.parametrize(
    "bad", [{"asked_on": "2026-11-18"}, {"asked_on": "x"}, {"words": " "}, {"format": "x"}]
)
def test_a_line_that_is_none_is_told_and_nothing_typed_is_lost(bad, ada, clock, as_user):
    line = {"asked_on": "2026-11-16", "format": "theory", "words": "Why?", "note": "My note."} | bad

    response = as_user(ada).post("/practice/asked/", line)

    assert response.status_code == 422
    assert "My note." in page_of(response)
    assert not Asked.objects.exists()


def test_what_is_common_needs_more_than_five_people_who_share(loops):
    def somebody(is_sharing=True, lines=1):
        person = make_user()
        asked.share(person, is_sharing)
        for _ in range(lines):
            person.asked.create(
                asked_on="2026-11-01", format="theory", words="Secret words", skill=loops
            )
        return person

    people = [somebody(lines=3) for _ in range(5)]
    somebody(is_sharing=False)
    assert asked.together() == []
    sixth = somebody()

    assert [(entry.skill, entry.over) for entry in asked.together()] == [(loops, 5)]
    for _ in range(4):
        somebody()
    assert asked.together()[0].over == 5  # ten people: not yet more than ten
    somebody()
    assert asked.together()[0].over == 10
    for person in [*people, sixth]:
        asked.share(person, False)
    assert asked.together() == []


def test_what_is_common_says_no_words_and_no_places(ada, loops, as_user):
    for _ in range(6):
        person = make_user()
        asked.share(person, True)
        person.asked.create(
            asked_on="2026-11-01", format="theory", words="Secret words", place="Secret place",
            skill=loops,
        )  # fmt: skip

    page = page_of(as_user(ada).get("/practice/asked/"))

    assert "more than 5 people" in page
    assert "Secret" not in page


def test_sharing_is_off_until_it_is_turned_on(ada, clock, as_user):
    client = as_user(ada)
    assert "You do not share." in page_of(client.get("/practice/asked/"))
    client.post("/practice/asked/sharing/", {"share": "yes"})
    assert Practice.objects.get().is_sharing
    client.post("/practice/asked/sharing/", {})
    assert not Practice.objects.get().is_sharing
