"""A review from question to endorsement: Ada, Grace and Alan side by side, each in a browser of their own.

With a comment on a line, a lease that ends, another round, a second opinion that differs, and a request
that is taken back while somebody writes.
"""

import contextlib
from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone
from playwright.sync_api import expect

from portfolio import check_runs, sources, tasks
from portfolio.models import Review
from tests.browser.conftest import watched_page
from tests.factories import make_mentorship, make_project, make_skill, make_user

README = (
    "# Engine\n\nPredicts how long a bearing lasts, so that it is changed in time.\n"
    "It is made for three mechanics of a small mill. They change bearings by the calendar now.\n"
)
BEFORE = "import math\n\n\ndef wear(days):\n    return days * 2\n"
AFTER = "import math\n\n\ndef wear(days):\n    return days * 3\n"
TEST = "from engine import wear\n\n\ndef test_wear():\n    assert wear(2) == 6\n"


@pytest.fixture(autouse=True)
def _no_broker(monkeypatch):
    monkeypatch.setattr("portfolio.tasks.fetch_listing.delay", lambda pk: None)


@pytest.fixture
def engine(ada, grace, hub):
    hub.add("ada/engine", {"README.md": README, "engine.py": BEFORE})
    project = make_project(ada, slug="engine", title="Engine", repository="ada/engine")
    project.claims.create(skill=make_skill("Time series"), level=3)
    look(project)
    return project


@pytest.fixture
def alan(ada):
    alan = make_user("Alan Oyelaran")
    make_mentorship(mentor=alan, learner=ada)
    return alan


@pytest.fixture
def open_for(browser, live_server):
    """A browser for each person: open_for(ada) is a page on which she is signed in."""
    with contextlib.ExitStack() as stack:

        def open_page(user):
            page = stack.enter_context(watched_page(browser, live_server.url))
            client = Client()
            client.force_login(user)
            name = settings.SESSION_COOKIE_NAME
            cookie = {"name": name, "value": client.cookies[name].value, "url": live_server.url}
            page.context.add_cookies([cookie])
            return page

        yield open_page


def look(project):
    """What a worker does after a push."""
    tasks.execute_check_run(check_runs.request(project.repositories.get()).pk)


def fetch(review):
    """What a worker does once somebody wants the files of a review."""
    for listing in sources.want(review):
        tasks.fetch_listing(listing.pk)


def ask(page, question):
    page.goto("/projects/engine/review/")
    page.get_by_label("What should your mentor look at?").fill(question)
    page.get_by_role("button", name="Ask for the review").click()
    expect(page.get_by_role("status").first).to_contain_text("Your mentors see")
    return Review.objects.requested().get()


def take(page, review):
    page.goto("/mentoring/")
    page.get_by_role("button", name="Take it Engine").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Engine")
    fetch(review)
    page.reload()


def state(page):
    return page.locator("#draft-state")


def send(page, verdict):
    page.get_by_role("button", name=verdict, exact=True).click()
    expect(page.get_by_role("status").first).to_contain_text("is with Ada Nwosu")


@pytest.mark.django_db(transaction=True)
def test_a_review_of_two_rounds_with_a_second_opinion(engine, ada, grace, alan, hub, open_for):
    learner, mentor, second = open_for(ada), open_for(grace), open_for(alan)
    first_round = ask(learner, "Is the wear right?")

    # Grace takes it, comments on a line and writes; what she types is kept.
    take(mentor, first_round)
    mentor.get_by_role("link", name="engine.py", exact=True).click()
    sheet = mentor.locator("#opened")
    sheet.get_by_role("spinbutton", name="Comment on line").fill("5")
    sheet.get_by_role("button", name="Write").press("Enter")
    expect(sheet.get_by_label("Comment", exact=True)).to_be_focused()
    mentor.keyboard.type("Twice a day is not what the bearings say.")
    sheet.get_by_label("It is").select_option("must_fix")
    sheet.get_by_role("button", name="Comment", exact=True).click()
    expect(mentor.locator("#own-comments")).to_contain_text("engine.py:5")
    mentor.get_by_label("What must change").fill("Mend the wear, and test it.")
    expect(state(mentor)).to_contain_text("Draft saved")
    mentor.get_by_role("button", name="Approve").click()
    expect(mentor.get_by_role("alert").first).to_contain_text("something must change")

    # Her lease ends; what she types after that is kept, and she takes it once more.
    Review.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    tasks.keep_reviews_moving()
    mentor.get_by_label("One strength").fill("It is small.")
    expect(state(mentor)).to_contain_text("You do not hold this review any more")
    take(mentor, first_round)
    expect(mentor.get_by_label("One strength")).to_have_value("It is small.")
    expect(mentor.get_by_label("What must change")).to_have_value("Mend the wear, and test it.")
    send(mentor, "Ask for changes")

    # Ada reads, mends and asks for another look.
    learner.goto("/")
    learner.get_by_role("link", name="Read the review").click()
    expect(learner.locator("main")).to_contain_text("Twice a day is not what the bearings say.")
    hub.push("ada/engine", {"engine.py": AFTER, "test_engine.py": TEST})
    look(engine)
    another = ask(learner, "And now?")

    # Grace sees what changed, settles what was open, endorses and approves.
    take(mentor, another)
    since = mentor.get_by_role("region", name="Changed since the last round")
    expect(since).to_contain_text("return days * 3")
    expect(since).to_contain_text("test_engine.py")
    expect(since.get_by_role("listitem").filter(has_text="Tests")).to_contain_text("Passed")
    still_open = mentor.get_by_role("region", name="Still open from the last round")
    expect(still_open).to_contain_text("outdated")
    still_open.get_by_role("button", name="It is settled").click()
    expect(still_open).to_be_hidden()
    mentor.get_by_label("One strength").fill("The test says what wear means.")
    mentor.get_by_label("Time series").select_option("2")
    send(mentor, "Approve")
    learner.goto("/projects/engine/")
    expect(learner.get_by_role("region", name="Skills it shows")).to_contain_text(
        "working, endorsed by Grace Halloran"
    )

    # Alan is asked too, and sees it otherwise; both stand there.
    learner.goto(f"/reviews/{another.pk}/")
    learner.get_by_role("button", name="Ask for a second opinion").click()
    take(second, another.second_opinions.get())
    second.get_by_label("What must change").fill("One test is not enough.")
    send(second, "Ask for changes")
    learner.goto(f"/reviews/{another.pk}/")
    expect(learner.locator("main")).to_contain_text("They disagree")
    expect(learner.locator("main")).to_contain_text("One test is not enough.")

    # A later commit leaves the approval where it was given.
    hub.push("ada/engine", {"engine.py": AFTER + "\n"})
    look(engine)
    learner.goto("/projects/engine/")
    expect(learner.get_by_text("approved at an earlier commit")).to_be_visible()


@pytest.mark.django_db(transaction=True)
def test_a_request_taken_back_while_grace_writes_keeps_her_words(engine, ada, grace, open_for):
    learner, mentor = open_for(ada), open_for(grace)
    take(mentor, ask(learner, "Is the wear right?"))
    mentor.get_by_label("One idea").fill("Half an hour of thought")
    expect(state(mentor)).to_contain_text("Draft saved")

    learner.goto("/projects/engine/")
    learner.get_by_role("button", name="Withdraw the request").click()
    expect(learner.get_by_role("status").first).to_contain_text("Request withdrawn")
    mentor.get_by_label("One idea").fill("Half an hour of thought, and more")

    expect(state(mentor)).to_contain_text("You do not hold this review any more")
    state(mentor).get_by_role("link", name="your draft").click()
    expect(mentor.locator("main")).to_contain_text("Half an hour of thought, and more")
