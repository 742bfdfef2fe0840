"""Every page of the demo by the accessibility rules of axe (WCAG 2.2 AA), narrow and wide, light and dark."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.browser.conftest import watched_page
from tests.browser.test_whole_loop import sign_in

RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],  # what passes is not gathered, which takes as long again
}

#: Leads to the page on which a review is written, for the mentor who holds it.
HELD = "/@tomas-rivera/how-late-will-this-flight-be/review/"
PAGES = {
    "": [
        "/", "/roadmap/", "/modules/linear-models/", "/units/regularisation/", "/skills/",
        "/skills/python-core/", "/roles/", "/roles/junior-ml-engineer/", "/ladder/", "/@ada-nwosu/",
        "/roles/compare/?a=junior-ml-engineer&b=ml-engineer",
        "/verify/claims/1/", "/verify/reviews/1/", "/verify/measurements/1/",
        "/@ada-nwosu/bike-share-demand-one-hour-ahead/", "/accounts/login/", "/accounts/signup/",
        "/accounts/password/reset/", "/no-such-page/", "/styleguide/", "/checks/",
        "/questions/", "/questions/two-sum-pairs/", "/@ada-nwosu/resume/",
    ],
    "learner": [
        "/", "/roadmap/", "/modules/linear-models/", "/units/regularisation/",
        "/units/demand-forecast/", "/enrollment/", "/plan/", "/study/", "/modules/dev-setup/",
        "/units/terminal-basics/", "/roles/", "/roles/junior-ml-engineer/", "/projects/",
        "/roles/compare/?a=junior-ml-engineer&b=mlops-engineer", "/roles/new/", "/evidence/", "/background/",
        "/skills/sql/",
        "/projects/new/", "/projects/bike-share-demand-one-hour-ahead/",
        "/projects/which-subscribers-leave-and-when/", "/projects/x-ray-archive-with-priya-raman/",
        "/projects/bike-share-demand-one-hour-ahead/outcomes/", "/projects/thesis/outcomes/",
        "/projects/bike-share-demand-one-hour-ahead/outcomes/new/", "/breadth/", "/projects/thesis/case-study/",
        "/projects/thesis/", "/projects/thesis/edit/", "/projects/thesis/delete/",
        "/settings/profile/", "/settings/notices/", "/notices/", "/mentorships/", "/accounts/email/", "/accounts/2fa/",
        "/accounts/sessions/", "/accounts/password/change/", "/mentoring/",
        "/cohorts/", "/cohorts/thursday-study-group/leave/", "/settings/seen/",
        "/settings/sharing/", "/settings/showcase/",
        "/projects/bike-share-demand-one-hour-ahead/badge/", "/settings/takeout/",
        "/settings/takeout/bring/", "/settings/delete/",
        "/practice/", "/practice/settings/", "/projects/tidyframe-gaps-in-time-series/contributions/",
        "/practice/asked/", "/defend/", "/mock-interviews/",
        "/mock-interviews/new/", "/mock-interviews/3/", "/mock-interviews/4/", "/mock-interviews/5/",
        "/mock-interviews/4/times/", "/mock-interviews/4/cancel/", "/stories/", "/stories/new/",
        "/questions/?format=coding", "/questions/two-sum-pairs/", "/questions/design-churn-system/canvas/",
        "/resume/", "/resume/new/", "/resume/1/", "/resume/1/edit/", "/resume/1/preview/", "/resume/import/",
        "/resume/1/experience/new/", "/resume/1/entries/1/", "/resume/1/lines/1/", "/resume/1/delete/",
        "/projects/which-subscribers-leave-and-when/review/", "/reviews/8/",
        "/projects/which-subscribers-leave-and-when/claims/", "/reviews/8/file/?path=README.md",
    ],
    "mentor": [
        "/", "/mentoring/", "/mentoring/?show=stuck&cohort=thursday-study-group", "/cohorts/",
        "/mentoring/ada-nwosu/", "/mentoring/maximiliana-wolkenstein-trostb/",
        "/@ada-nwosu/find-the-meter-that-lies/review/", "/@ada-nwosu/which-subscribers-leave-and-when/",
        "/mentoring/snippets/", "/reviews/6/", HELD, "/mock-interviews/4/", "/mock-interviews/4/sheet/",
    ],
    "organiser": [
        "/cohorts/", "/cohorts/new/", "/cohorts/thursday-study-group/",
        "/cohorts/thursday-study-group/edit/", "/cohorts/thursday-study-group/invite/",
        "/cohorts/thursday-study-group/end/", "/settings/seen/",
    ],
    "newcomer": ["/", "/projects/", "/roadmap/", "/mentorships/", "/practice/", "/stories/", "/resume/"],
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
        if person == "mentor":
            page.goto(HELD)
            if (take := page.get_by_role("button", name="Take it", exact=True)).is_visible():
                take.click()
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
