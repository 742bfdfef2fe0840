"""Every page of the demo by the accessibility rules of axe (WCAG 2.2 AA), narrow and wide, light and dark."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.browser.conftest import watched_page
from tests.browser.test_whole_loop import sign_in

RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}

PAGES = {
    "": [
        "/", "/roadmap/", "/modules/linear-models/", "/units/regularisation/", "/skills/",
        "/skills/python-core/", "/roles/", "/roles/junior-ml-engineer/", "/ladder/", "/@ada-nwosu/",
        "/roles/compare/?a=junior-ml-engineer&b=ml-engineer",
        "/@ada-nwosu/bike-share-demand-one-hour-ahead/", "/accounts/login/", "/accounts/signup/",
        "/accounts/password/reset/", "/no-such-page/", "/styleguide/", "/checks/",
    ],
    "learner": [
        "/", "/roadmap/", "/modules/linear-models/", "/units/regularisation/",
        "/units/demand-forecast/", "/enrollment/", "/plan/", "/study/", "/modules/dev-setup/",
        "/units/terminal-basics/", "/roles/", "/roles/junior-ml-engineer/", "/projects/",
        "/roles/compare/?a=junior-ml-engineer&b=mlops-engineer", "/roles/new/", "/evidence/", "/background/",
        "/skills/sql/",
        "/projects/new/", "/projects/bike-share-demand-one-hour-ahead/",
        "/projects/which-subscribers-leave-and-when/", "/projects/x-ray-archive-with-priya-raman/",
        "/projects/thesis/", "/projects/thesis/edit/", "/projects/thesis/delete/",
        "/settings/profile/", "/mentorships/", "/accounts/email/", "/accounts/2fa/",
        "/accounts/sessions/", "/accounts/password/change/", "/mentoring/",
    ],
    "mentor": [
        "/", "/mentoring/", "/mentoring/ada-nwosu/", "/mentoring/maximiliana-wolkenstein-trostb/",
        "/@ada-nwosu/find-the-meter-that-lies/review/", "/@ada-nwosu/which-subscribers-leave-and-when/",
    ],
    "newcomer": ["/", "/projects/", "/roadmap/", "/mentorships/"],
}  # fmt: skip

WINDOWS = {
    "narrow and dark": {"viewport": {"width": 390, "height": 844}, "color_scheme": "dark"},
    "wide and light": {"viewport": {"width": 1280, "height": 900}, "color_scheme": "light"},
}


@pytest.mark.parametrize("window", WINDOWS)
@pytest.mark.parametrize("person", PAGES, ids=lambda person: person or "nobody")
def test_every_page_can_be_used_by_everybody(browser, demo_site, person, window):
    troubles = {}
    with watched_page(browser, demo_site.url, **WINDOWS[window]) as page:
        if person:
            sign_in(page, person)
        for path in PAGES[person]:
            page.goto(path)
            found = [
                f"{rule['id']}: {node['html'][:160]}"
                for rule in Axe().run(page, options=RULES).response["violations"]
                for node in rule["nodes"]
            ]
            if page.evaluate("document.documentElement.scrollWidth > window.innerWidth"):
                found.append("wider than the window")
            if found:
                troubles[path] = found

    assert troubles == {}
