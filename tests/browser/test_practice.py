"""Ada practises by keyboard alone: think, write, look, say how it went, take it back, stop."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone

from curriculum import enrollments
from curriculum.models import Attempt
from tests.browser.test_accessibility import RULES
from tests.factories import enroll, make_question, make_skill, make_unit


@pytest.fixture
def cards(ada):
    """Three questions of a skill that she has begun."""
    skill = make_skill("Loops")
    unit = make_unit()
    unit.module.taught.create(skill=skill, level=2)
    enrollments.complete_unit(enroll(ada, unit), unit)
    for word in ("First", "Second", "Third"):
        make_question(skill, prompt=f"{word}?")


def faults_of(page):
    return [
        f"{page.url}: {rule['id']}: {node['html'][:160]}"
        for rule in Axe().run(page, options=RULES).response["violations"]
        for node in rule["nodes"]
    ]


def heading(page):
    return page.get_by_role("heading", level=1).inner_text()


def press(page, key, until):
    """Press a key and wait until the address has that end."""
    with page.expect_navigation(url=re.compile(until)):
        page.keyboard.press(key)


def test_a_sitting_by_keyboard_alone(signed_in, ada, cards):
    page = signed_in(ada)
    page.goto("/practice/")
    troubles = faults_of(page)
    press(page, "Enter", r"/cards/\d+/$")  # the start button has the focus
    assert heading(page) == "First?"
    troubles += faults_of(page)

    press(page, " ", "#answer$")
    assert page.get_by_text("Because of this.").is_visible()
    troubles += faults_of(page)
    press(page, "3", r"/cards/\d+/$")
    assert heading(page) == "Second?"

    press(page, "u", "#answer$")  # taken back: the first one asks how it went
    assert heading(page) == "First?"
    assert not Attempt.objects.standing().exists()
    press(page, "2", r"/cards/\d+/$")
    assert heading(page) == "Second?"

    while page.evaluate("document.activeElement.tagName") != "TEXTAREA":
        page.keyboard.press("Tab")
    page.keyboard.type("1 2 3 4 u are letters here")
    press(page, "Control+Enter", "#answer$")
    assert page.get_by_text("1 2 3 4 u are letters here").is_visible()
    press(page, "4", r"/cards/\d+/$")
    assert heading(page) == "Third?"

    page.get_by_role("link", name="Stop here").focus()
    press(page, "Enter", "/practice/$")

    assert page.get_by_text("1 card left today, 2 answered.").is_visible()
    given = Attempt.objects.standing().order_by("turn")
    assert [attempt.confidence for attempt in given] == [2, 4]
    assert given[0].day == timezone.localdate()
    assert troubles == []


def test_single_keys_can_be_turned_off(signed_in, ada, cards):
    page = signed_in(ada)
    page.goto("/practice/")
    press(page, "Enter", r"/cards/\d+/$")
    page.get_by_role("button", name="Turn single keys off").click()
    page.evaluate("document.activeElement.blur()")
    for key in (" ", "1", "u"):
        page.keyboard.press(key)

    assert heading(page) == "First?"
    assert not Attempt.objects.exists()
    page.get_by_role("button", name="Turn single keys on").click()
    page.evaluate("document.activeElement.blur()")
    press(page, " ", "#answer$")
    assert Attempt.objects.get().is_open


def test_thinking_is_timed_where_a_script_runs(signed_in, ada, cards):
    page = signed_in(ada)
    page.clock.install()
    page.goto("/practice/")
    press(page, "Enter", r"/cards/\d+/$")
    page.clock.run_for(65_000)

    assert page.get_by_role("timer").inner_text() == "1:05"
    press(page, " ", "#answer$")
    assert 65 <= Attempt.objects.get().seconds <= 70
