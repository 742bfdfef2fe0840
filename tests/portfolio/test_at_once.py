"""Two tabs, two clicks, two mentors or two processes in the same moment."""

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import Mentorship
from portfolio import demo_links, measurements, rechecks, reviews
from portfolio.models import CheckRun, DemoLink, Draft, Project, Repository, Review
from tests.factories import make_check_run, make_mentorship, make_project, make_user
from tests.together import at_once

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _no_worker(monkeypatch):
    """The runs stay queued."""
    monkeypatch.setattr("portfolio.tasks.execute_check_run.delay", lambda pk: None)
    monkeypatch.setattr("portfolio.tasks.fetch_listing.delay", lambda pk: None)


def press(person, address, **data):
    """A press of a button in a browser of its own, to be done later; gives the status."""
    client = Client(raise_request_exception=False)
    client.force_login(person)
    return lambda: client.post(address, data).status_code


@pytest.fixture
def engine(ada, grace):
    project = make_project(ada, slug="engine")
    make_check_run(project)
    return project


def test_four_presses_start_one_project(ada):
    answers = at_once(*[press(ada, "/projects/new/", link="ada/engine")] * 4)

    assert set(answers) == {302}
    assert Project.objects.count() == CheckRun.objects.count() == 1


def test_two_tabs_do_not_add_more_numbers_than_a_project_may_have(ada, engine):
    facts = {"result": "1", "direction": "lower"}
    for position in range(1, measurements.MOST):
        engine.measurements.create(position=position, metric=f"Error {position}", **facts)

    answers = at_once(
        *[
            press(ada, "/projects/engine/outcomes/new/", metric=f"Tab {n}", **facts)
            for n in range(3)
        ]
    )

    assert sorted(answers) == [302, 422, 422]
    assert engine.measurements.count() == measurements.MOST


def test_projects_of_one_title_started_together_get_two_addresses(ada):
    links = ["ada/one", "ada/two", "ada/three"]

    answers = at_once(*[press(ada, "/projects/new/", link=link, title="Churn") for link in links])

    assert set(answers) == {302}
    slugs = set(Project.objects.values_list("slug", flat=True))
    assert slugs == {"churn", "churn-2", "churn-3"}


def test_four_presses_ask_for_one_check(ada, engine):
    answers = at_once(*[press(ada, "/projects/engine/check/")] * 4)

    assert set(answers) == {302}
    assert CheckRun.objects.active().count() == 1


def test_four_presses_ask_for_one_review(ada, engine):
    answers = at_once(*[press(ada, "/projects/engine/review/", question="Good?")] * 4)

    assert set(answers) == {302}
    assert Review.objects.count() == 1


def review_by(mentor, engine, body="Good.", **fields):
    """The press that sends a review which this mentor has begun."""
    review = reviews.begin(engine, mentor)
    fields = {"body": body, "verdict": "approved", "check_run": review.check_run_id} | fields
    return press(mentor, f"/reviews/{review.pk}/write/", **fields)


def test_four_presses_submit_one_review(grace, engine):
    answers = at_once(*[review_by(grace, engine)] * 4)

    assert set(answers) == {302}
    assert Review.objects.count() == 1


@pytest.mark.parametrize("attempt", range(3))
def test_of_two_mentors_at_once_one_has_it_and_the_other_is_told(attempt, ada, grace, engine):
    asked = reviews.request(engine, question="Good?")
    alan = make_user("Alan Oyelaran")
    make_mentorship(mentor=alan, learner=ada)
    address = f"/reviews/{asked.pk}/claim/"

    answers = at_once(press(grace, address), press(alan, address), press(grace, address))

    assert set(answers) == {302}
    asked.refresh_from_db()
    assert asked.reviewer in (grace, alan)
    assert asked.moves.filter(to_status="claimed").count() == 1


def test_three_at_once_stay_three_however_many_are_pressed(ada, grace):
    asked = []
    for number in range(6):
        project = make_project(ada, slug=f"e-{number}", repository=f"ada/e-{number}")
        make_check_run(project)
        asked.append(reviews.request(project))

    at_once(*[press(grace, f"/reviews/{review.pk}/claim/") for review in asked])

    assert Review.objects.claimed_by(grace).count() == reviews.MOST_CLAIMS


@pytest.mark.parametrize("attempt", range(3))
def test_a_request_is_answered_or_taken_back_and_never_both(attempt, ada, grace, engine):
    reviews.request(engine, question="Good?")

    at_once(review_by(grace, engine), press(ada, "/projects/engine/review/withdraw/"))

    asked = engine.reviews.get(question="Good?")
    assert asked.status in ("withdrawn", "submitted")
    assert (asked.status == "submitted") == bool(asked.verdict)
    assert asked.moves.filter(from_status="claimed").count() == 1


def test_two_tabs_that_save_a_draft_at_once_lose_no_words(grace, engine):
    review = reviews.begin(engine, grace)
    address = f"/reviews/{review.pk}/draft/"

    answers = at_once(
        press(grace, address, body="One.", version=0), press(grace, address, body="Two.", version=0)
    )

    assert sorted(answers) == [302, 409]
    assert Draft.objects.get().words["body"] in ("One.", "Two.")


@pytest.mark.parametrize("attempt", range(3))
def test_a_project_deleted_while_others_act_is_deleted_and_breaks_nothing(
    attempt, ada, grace, engine
):
    answers = at_once(
        press(ada, "/projects/engine/delete/"),
        review_by(grace, engine),
        press(ada, "/projects/engine/check/"),
        press(ada, "/projects/engine/review/", question="Good?"),
        press(ada, "/projects/engine/edit/", title="Back", visibility="private"),
        press(ada, "/projects/engine/repositories/", link="ada/wheels"),
    )

    assert max(answers) < 500, answers
    assert not Project.objects.exists()


@pytest.mark.parametrize("attempt", range(3))
def test_a_repository_unlinked_while_it_is_reviewed_breaks_nothing(attempt, ada, grace, engine):
    repository = engine.repositories.get()

    answers = at_once(
        press(ada, f"/projects/engine/repositories/{repository.pk}/unlink/"),
        review_by(grace, engine),
        press(ada, "/projects/engine/check/"),
    )

    assert max(answers) < 500, answers
    assert not engine.repositories.exists()


def test_a_mentorship_ended_by_both_at_once_ends_once(ada, grace):
    mentorship = Mentorship.objects.get()
    address = f"/mentorships/{mentorship.pk}/end/"

    answers = at_once(press(ada, address), press(grace, address))

    mentorship.refresh_from_db()
    assert answers == [302, 302]
    assert mentorship.ended_by in (ada, grace)


def test_two_people_who_want_one_handle_at_once_get_an_answer_each(ada, eve):
    fields = {"name": "Somebody", "handle": "wanted", "time_zone": "UTC"}

    answers = at_once(
        press(ada, "/settings/profile/", **fields), press(eve, "/settings/profile/", **fields)
    )

    assert sorted(answers) == [302, 422]


def test_four_workers_that_look_for_work_share_the_repositories(ada):
    for _ in range(20):
        make_project(ada)

    taken = at_once(*[lambda: [r.pk for r in rechecks.claim(limit=8)]] * 4)

    assert len([pk for batch in taken for pk in batch]) == len({pk for b in taken for pk in b})
    assert Repository.objects.filter(next_look_at__gt=timezone.now()).count() == sum(
        map(len, taken)
    )


def test_four_workers_take_a_demo_link_once(ada, settings):
    settings.DEMO_LINKS_CHECKED = True
    link = demo_links.watch(make_project(ada, demo_url="https://demo.example.org/"))

    claims = at_once(*[lambda: demo_links.claim(link.pk)] * 4)

    assert sum(claim is not None for claim in claims) == 1


def test_a_link_set_while_the_scheduler_looks_for_new_ones_is_watched_once(ada, settings):
    settings.DEMO_LINKS_CHECKED = True
    project = make_project(ada, demo_url="https://demo.example.org/")

    at_once(lambda: demo_links.watch(project), *[demo_links.watch_others] * 3)

    assert DemoLink.objects.get().url == project.demo_url
