"""What Ada's fingers do every evening: the key that searches, a note in two tabs, the plan by keys alone."""

import pytest
from playwright.sync_api import expect

from curriculum import notes
from tests.factories import enroll, make_role, make_unit


@pytest.fixture
def loops(ada):
    unit = make_unit(slug="loops", title="Loops")
    make_unit(module=unit.module, title="Lists")
    enroll(ada, unit)
    return unit


def focus_of(page) -> str:
    return page.evaluate("document.activeElement.id")


# The key "/"


def test_the_slash_key_leads_to_the_search_from_every_page(signed_in, ada, loops):
    page = signed_in(ada)
    for path, field in (("/", "mast-query"), ("/roadmap/", "mast-query"), ("/search/", "query")):
        page.goto(path)
        page.locator("h1").click()
        page.keyboard.press("/")
        assert focus_of(page) == field, path
    page.keyboard.type("a/b")
    expect(page.get_by_label("Look for")).to_have_value("a/b")
    page.keyboard.press("Enter")
    expect(page).to_have_url(page.url.split("?")[0] + "?q=a%2Fb")


def test_the_slash_key_leads_to_the_page_of_the_search_where_there_is_no_field(
    signed_in, ada, loops
):
    page = signed_in(ada)
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto("/roadmap/")

    page.keyboard.press("/")

    expect(page.get_by_role("heading", name="Search", level=1)).to_be_visible()


def test_the_slash_key_is_a_letter_while_one_writes(signed_in, ada, loops):
    page = signed_in(ada)
    page.goto("/units/loops/")
    page.get_by_text("Write a note").click()
    page.get_by_role("textbox", name="Your note").focus()
    page.keyboard.type("x/y")
    expect(page.get_by_role("textbox", name="Your note")).to_have_value("x/y")

    page.goto("/enrollment/")
    page.get_by_label("Hours a week").focus()
    page.keyboard.press("/")
    assert focus_of(page) == "id_weekly_hours"
    page.get_by_label("The role you aim for").focus()
    page.keyboard.press("/")
    assert focus_of(page) == "id_target_role"


def test_the_slash_key_can_be_turned_off(signed_in, ada, loops):
    page = signed_in(ada)
    page.goto("/search/")
    page.get_by_role("button", name="Turn it off").click()
    page.goto("/roadmap/")
    page.keyboard.press("/")
    assert focus_of(page) == ""

    page.goto("/search/")
    page.get_by_role("button", name="Turn it on").click()
    page.goto("/roadmap/")
    page.keyboard.press("/")
    assert focus_of(page) == "mast-query"


# One note in two tabs


@pytest.fixture
def tabs(signed_in, ada, loops):
    """Two tabs in which Ada changes the same note."""
    notes.write(ada, loops, "As it was.")
    first = signed_in(ada)
    second = first.context.new_page()
    for tab in (first, second):
        tab.goto("/units/loops/")
        tab.get_by_text("Change the note").click()
    first.get_by_role("textbox", name="Your note").fill("From the first tab.")
    first.get_by_role("button", name="Save", exact=True).first.click()
    expect(first.get_by_text("From the first tab.").first).to_be_visible()
    second.get_by_role("textbox", name="Your note").fill("From the *second* tab.")
    second.get_by_role("button", name="Save", exact=True).first.click()
    return first, second


def test_who_saves_second_is_told_and_loses_nothing(tabs, ada, loops):
    _, second = tabs

    expect(second.get_by_role("textbox", name="Your note")).to_have_value("From the *second* tab.")
    expect(second.get_by_label("The note as it is now")).to_have_value("From the first tab.")
    expect(second.get_by_role("alert")).to_be_focused()
    assert notes.of(ada, loops).text == "From the first tab."

    second.get_by_role("button", name="Keep both").click()
    expect(second.get_by_text("Change the note")).to_be_visible()
    kept = notes.of(ada, loops).text
    assert "From the first tab." in kept
    assert "From the *second* tab." in kept


def test_who_saves_second_may_put_theirs_in_its_place_or_leave_it(tabs, ada, loops):
    first, second = tabs
    second.get_by_role("link", name="Leave it as it was").click()
    expect(second.get_by_text("From the first tab.").first).to_be_visible()
    assert notes.of(ada, loops).text == "From the first tab."

    second.get_by_text("Change the note").click()
    second.get_by_role("textbox", name="Your note").fill("Third.")
    first.get_by_text("Change the note").click()
    first.get_by_role("textbox", name="Your note").fill("Fourth.")
    first.get_by_role("button", name="Save", exact=True).first.click()
    second.get_by_role("button", name="Save", exact=True).first.click()
    second.get_by_role("button", name="Save", exact=True).first.click()
    expect(second.get_by_text("Third.").first).to_be_visible()
    assert notes.of(ada, loops).text == "Third."


# The plan by keys alone


def tab_to(page, name: str, most: int = 60):
    """Press Tab until what has this name has the focus, and return it."""
    for _ in range(most):
        page.keyboard.press("Tab")
        focused = page.locator(":focus")
        if name in (focused.get_attribute("aria-label") or focused.inner_text()):
            return focused
    raise AssertionError(f"Tab does not lead to “{name}”.")


def test_the_plan_is_read_and_changed_by_keys_alone(signed_in, ada, loops):
    make_role("Clerk of the river")
    page = signed_in(ada)
    page.goto("/plan/")

    page.keyboard.press("Tab")
    expect(page.locator(":focus")).to_have_text("Skip to content")
    page.keyboard.press("Enter")
    tab_to(page, "Change aim, hours or days")
    tab_to(page, "Loops")
    page.goto("/plan/")
    tab_to(page, "Change aim, hours or days")
    page.keyboard.press("Enter")

    expect(page.get_by_role("heading", name="Aim, hours and days", level=1)).to_be_visible()
    page.get_by_label("The role you aim for").focus()
    page.keyboard.type("Clerk")
    page.keyboard.press("Tab")
    page.keyboard.press("Control+a")
    page.keyboard.type("5")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")  # Monday
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")  # Wednesday
    tab_to(page, "Keep this plan")
    page.keyboard.press("Enter")

    expect(page.get_by_text("5 h a week on Monday and Wednesday")).to_be_visible()
    ada.enrollments.get(target_role__title="Clerk of the river")
