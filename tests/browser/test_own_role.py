"""Ada pastes an advert, confirms what it asks, aims for it, changes it and lets it go."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings

from curriculum.models import Role
from tests.browser.conftest import watched_page
from tests.browser.test_accessibility import RULES
from tests.factories import make_skill, make_unit

ADVERT = """\
Clerk of the river

What you bring
- Strong Counting
- Experience with Ledgers or Abacus
- 2+ years of experience
Nice to have
- Speed
"""
WINDOWS = {
    "by hand and eye": {"viewport": {"width": 1280, "height": 900}, "java_script_enabled": False},
    "narrow and dark": {"viewport": {"width": 390, "height": 844}, "color_scheme": "dark"},
}


@pytest.fixture
def skills(db):
    for name in ("Counting", "Ledgers", "Abacus", "Speed", "Patience"):
        make_unit().module.taught.create(skill=make_skill(name), level=3)


@pytest.mark.parametrize("window", WINDOWS)
def test_an_advert_becomes_a_role_of_ones_own(window, browser, live_server, client, ada, skills):
    options = WINDOWS[window]
    troubles = []

    def look():
        if options.get("java_script_enabled", True):
            troubles.extend(
                f"{page.url}: {rule['id']}: {node['html'][:160]}"
                for rule in Axe().run(page, options=RULES).response["violations"]
                for node in rule["nodes"]
            )
            if page.evaluate("document.documentElement.scrollWidth > window.innerWidth"):
                troubles.append(f"{page.url}: wider than the window")

    client.force_login(ada)
    with watched_page(browser, live_server.url, **options) as page:
        cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
        page.context.add_cookies(
            [{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}]
        )
        page.goto("/roles/")
        page.get_by_role("link", name="Paste a job advert").click()
        page.get_by_label("The advert").fill(ADVERT)
        page.get_by_role("button", name="Look for skills").click()
        look()

        assert page.get_by_label("Title").input_value() == "Clerk of the river"
        assert page.get_by_role("checkbox").count() == 4
        page.get_by_role("checkbox", name="Speed").uncheck()
        page.get_by_label("Level: Counting").select_option("Expert")
        page.get_by_label("Another skill").first.select_option("Patience")
        page.get_by_label("Title").fill("")
        page.get_by_role("button", name="Keep as my role").click()
        assert page.get_by_text("Not done yet.").is_visible()
        assert not page.get_by_role("checkbox", name="Speed").is_checked()
        look()

        page.get_by_label("Title").fill("Clerk")
        page.get_by_role("button", name="Keep as my role").click()
        assert page.get_by_role("heading", name="Clerk", exact=True).is_visible()
        assert page.get_by_text("“Experience with Ledgers or Abacus”").is_visible()
        look()

        page.get_by_role("button", name="Aim for this role").click()
        page.goto(Role.objects.get().get_absolute_url())
        assert page.get_by_text("only you and your mentors").is_visible()
        page.get_by_role("link", name="Edit").click()
        look()
        page.get_by_role("checkbox", name="Patience").uncheck()
        page.get_by_role("button", name="Save role").click()
        assert page.get_by_role("main").get_by_role("link", name="Patience").count() == 0

        page.get_by_role("link", name="Delete").click()
        look()
        page.get_by_role("button", name="Delete the role").click()
        assert page.get_by_text("“Clerk” is deleted.").is_visible()

    assert troubles == []
    assert not Role.objects.exists()
