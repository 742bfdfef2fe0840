"""A mentor by cohort alone gets on every address what a mentor by mentorship gets."""

import pytest
from django.utils import timezone

from tests.factories import make_check_run, make_cohort, make_project, make_user
from tests.test_site_map import ABSENT, GET, OURS, answer, place  # noqa: F401

pytestmark = pytest.mark.once

#: What belongs to the mentorship of Ada and Grace, or to the cohort of the site map; what Grace holds and
#: wrote; the mock interview of the two; the page that keeps somebody away, which is there for whoever was
#: in a cohort with them; and the secret link, which opens Ada's page to whoever follows it.
NOT_BY_COHORT = {
    "accounts:end_mentorship", "accounts:leave_cohort", "accounts:cohort_invitation", "accounts:block",
    "portfolio:write_review", "portfolio:decline_review", "portfolio:kept_draft",
    "portfolio:edit_comment", "portfolio:edit_snippet", "accounts:open_share_link",
    "curriculum:mock_interview", "curriculum:mock_interview_file", "curriculum:mock_interview_times",
    "curriculum:cancel_mock_interview", "curriculum:mock_interview_sheet",
}  # fmt: skip


@pytest.mark.parametrize("leaves", [False, True], ids=["while a mentor", "a second after leaving"])
def test_on_every_address(leaves, place, client):  # noqa: F811
    people, address = place
    mary = make_user("Mary Okafor")
    cohort = make_cohort(mentors=[mary], learners=[people["ada"]])
    if leaves:
        cohort.memberships.filter(person=mary).update(left_at=timezone.now())
    client.force_login(mary)

    answers = {
        route: answer(client.get(address(route))) for route in OURS if route not in NOT_BY_COHORT
    }

    like = "eve" if leaves else "grace"
    assert answers == {route: GET[route][like] for route in answers}
    assert (ABSENT in answers.values()) is True


def test_a_learner_with_only_a_cohort_asks_for_a_review_and_gets_one(ada, hub, as_user):
    mary = make_user("Mary Okafor")
    make_cohort(mentors=[mary], learners=[ada])
    project = make_project(ada, slug="engine", repository="ada/engine")
    run = make_check_run(project, ("readme", "passed"))

    as_user(ada).post("/projects/engine/review/", {"question": "Honest?"})
    client = as_user(mary)
    assert "Honest?" in client.get("/mentoring/").content.decode()
    page = client.post("/@ada-nwosu/engine/review/")
    response = client.post(page.url, {"body": "It is.", "verdict": "approved", "check_run": run.pk})

    assert response.status_code == 302
    assert project.reviews.submitted().get().reviewer == mary
