"""The main job, end to end: the demo as `make demo` starts it, with a real worker, seen in Chromium."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import watched_page

PASSWORD = "milepost-demo"


def sign_in(page, mailbox):
    page.goto("/accounts/login/")
    page.get_by_label("Email").fill(f"{mailbox}@example.org")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("link", name="Home")).to_be_visible()


def sign_out(page):
    page.context.clear_cookies()


def test_a_learner_completes_the_next_unit_without_a_new_page(demo_page):
    sign_in(demo_page, "learner")
    demo_page.get_by_role("link", name=re.compile("Continue")).click()
    demo_page.evaluate("window.sameDocument = true")

    demo_page.get_by_role("button", name="I have done this").first.click()

    reopen = demo_page.get_by_role("button", name="Open it again")
    expect(reopen).to_be_visible()
    assert demo_page.evaluate("window.sameDocument") is True
    reopen.click()
    expect(reopen).to_be_hidden()


def test_a_learner_skips_a_unit_and_takes_that_back_without_a_new_page(demo_page):
    sign_in(demo_page, "learner")
    demo_page.goto("/units/svm-and-kernels/")
    demo_page.evaluate("window.sameDocument = true")

    demo_page.get_by_text("Skip this unit").click()
    demo_page.get_by_role("textbox", name="Why optional").fill("I wrote one at university.")
    demo_page.get_by_role("button", name="Skip it").click()

    back = demo_page.get_by_role("button", name="Take it back")
    expect(back).to_be_visible()
    expect(demo_page.locator("#completion")).to_contain_text("“I wrote one at university.”")
    back.click()
    expect(demo_page.get_by_role("button", name="I have done this")).to_be_visible()
    assert demo_page.evaluate("window.sameDocument") is True


def test_a_learner_follows_a_day_of_the_calendar(demo_page):
    sign_in(demo_page, "finisher")
    day = demo_page.locator("svg.heat.wide a").last
    name = day.locator("title").text_content()
    day.click()

    expect(demo_page.get_by_role("heading", level=1)).to_have_text("Study calendar")
    words = name.partition(":")[0]
    expect(demo_page.locator("#day-title")).to_contain_text(words)


def test_a_pasted_link_is_checked_while_one_watches(demo_page):
    """From the form to a verdict with its line, through the queue and a worker, without reloading."""
    sign_in(demo_page, "newcomer")
    demo_page.goto("/projects/new/")
    demo_page.get_by_label("GitHub link").fill("https://github.com/oskar-lindqvist/kmeans-go")
    demo_page.get_by_role("button", name="Add and check").click()
    demo_page.evaluate("window.sameDocument = true")

    tests = demo_page.get_by_role("article").filter(
        has=demo_page.get_by_role("heading", name="Tests", exact=True)
    )
    expect(tests.get_by_text("Passed")).to_be_visible(timeout=30_000)
    expect(demo_page.get_by_role("region", name="Check runs")).to_contain_text("tests passed")
    assert demo_page.evaluate("window.sameDocument") is True

    place = tests.get_by_role("link").first
    line = place.inner_text().rpartition(":")[2]
    place.click()
    assert demo_page.url.endswith(f"#L{line}")
    expect(demo_page.locator(f"[id='L{line}']")).to_contain_text("func Test")


def test_a_mentor_answers_and_the_learner_reads_it(demo_page):
    sign_in(demo_page, "mentor")
    demo_page.goto("/mentoring/")
    demo_page.get_by_role("button", name="Take it Find the meter that lies").click()
    demo_page.get_by_role("textbox", name="One strength").fill(
        "Honest baseline, **good** simulator."
    )
    for criterion in demo_page.locator("fieldset.rubric").all():
        criterion.get_by_label("3 Solid").check()
    demo_page.get_by_role("button", name="Approve").click()
    expect(demo_page.get_by_role("status").first).to_contain_text("is with Ada Nwosu")

    sign_out(demo_page)
    sign_in(demo_page, "learner")
    demo_page.goto("/projects/find-the-meter-that-lies/")
    expect(demo_page.get_by_text("Honest baseline, good simulator.")).to_be_visible()


def test_an_employer_follows_a_claim_to_its_proof(demo_page):
    demo_page.goto("/@ada-nwosu/")
    demo_page.get_by_role("link", name="Bike-share demand, one hour ahead", exact=True).click()
    demo_page.get_by_role("link").filter(has_text="tests/test_features.py:").first.click()

    expect(demo_page.locator("body")).to_contain_text("def test_")


def test_a_person_signs_in_with_github(demo_page):
    demo_page.goto("/accounts/login/")
    demo_page.get_by_role("button", name="Sign in with GitHub").click()
    demo_page.get_by_role("button", name=re.compile("Mei Tanaka|mei-tanaka")).click()

    expect(demo_page.get_by_role("link", name="Home")).to_be_visible()
    demo_page.goto("/@mei-tanaka/")
    expect(demo_page.get_by_role("heading", level=1)).to_have_text("Mei Tanaka")


def test_a_stranger_signs_up_with_the_code_from_the_letter(demo_page, demo_site):
    demo_page.goto("/accounts/signup/")
    demo_page.get_by_label("Name").fill("Noor Haddad")
    demo_page.get_by_label("Email").fill("noor@example.org")
    demo_page.get_by_label("Password", exact=True).fill("a-long-walk-uphill")
    demo_page.get_by_role("button", name="Sign up", exact=True).click()
    code = demo_site.read_until_match(r"Your code: (\S+)")[1]
    demo_page.get_by_label(re.compile("Code")).fill(code)
    demo_page.get_by_role("button", name=re.compile("Confirm|Verify|Continue")).click()

    expect(demo_page.get_by_role("heading", level=1)).to_have_text("Find your place on the roadmap")


@pytest.fixture
def demo_page_without_javascript(browser, demo_site):
    with watched_page(browser, demo_site.url, java_script_enabled=False) as page:
        yield page


def test_the_loop_works_without_javascript(demo_page_without_javascript):
    page = demo_page_without_javascript
    sign_in(page, "long")
    page.goto("/units/terminal-basics/")
    page.get_by_role("button", name="Open it again").click()
    page.get_by_role("button", name="I have done this").first.click()
    expect(page.get_by_role("button", name="Open it again")).to_be_visible()

    page.goto("/projects/new/")
    page.get_by_label("GitHub link").fill("https://gitlab.com/somebody/something")
    page.get_by_label("Title").fill("Kept words")
    page.get_by_role("button", name="Add and check").click()

    expect(page.get_by_role("alert").first).to_contain_text("GitLab")
    expect(page.get_by_label("Title")).to_have_value("Kept words")
