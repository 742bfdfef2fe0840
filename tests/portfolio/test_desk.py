"""Grace's Thursday: who waits, how they are doing, and a written verdict."""

import pytest

from portfolio.models import Review
from tests.factories import make_check_run, make_mentorship, make_project, make_user


@pytest.fixture
def engine(ada, grace):
    project = make_project(ada, title="Engine", slug="engine", problem="Bearings break.")
    make_check_run(project, ("readme", "passed"), ("tests", "failed"))
    return project


def test_a_mentor_sees_who_waits_longest_first(ada, grace, engine, as_user):
    engine.reviews.create(question="Is the split honest?")

    page = as_user(grace).get("/mentoring/").content.decode()

    assert "Is the split honest?" in page
    assert "/@ada-nwosu/engine/review/" in page


def test_a_mentor_sees_a_learners_progress_and_projects(ada, grace, engine, as_user):
    page = as_user(grace).get("/mentoring/ada-nwosu/").content.decode()

    assert "Engine" in page
    assert "Not on the roadmap yet" in page


def test_a_review_is_written_on_one_page_and_read_by_the_learner(ada, grace, engine, as_user):
    run = engine.repositories.get().check_runs.get()
    client = as_user(grace)

    assert "Bearings break." in client.get("/@ada-nwosu/engine/review/").content.decode()
    response = client.post(
        "/@ada-nwosu/engine/review/",
        {"body": "Honest **baseline**.", "verdict": "approved", "check_run": run.pk},
    )

    assert response.status_code == 302
    assert engine.reviews.get().head_sha == run.head_sha
    page = as_user(ada).get("/projects/engine/").content.decode()
    assert "Honest <strong>baseline</strong>." in page
    assert "Grace Halloran" in page


def test_a_review_without_a_verdict_keeps_its_words(grace, engine, as_user):
    run = engine.repositories.get().check_runs.get()

    response = as_user(grace).post(
        "/@ada-nwosu/engine/review/", {"body": "An hour of thought.", "check_run": run.pk}
    )

    assert response.status_code == 422
    assert "An hour of thought." in response.content.decode()
    assert not Review.objects.exists()


def test_a_review_cannot_be_pinned_to_somebody_elses_run(grace, eve, engine, as_user):
    other = make_check_run(make_project(eve))

    response = as_user(grace).post(
        "/@ada-nwosu/engine/review/",
        {"body": "Good.", "verdict": "approved", "check_run": other.pk},
    )

    assert response.status_code == 422
    assert not Review.objects.exists()


def test_a_mentorship_that_ended_closes_the_desk_at_once(ada, grace, engine, as_user):
    client = as_user(grace)
    mentorship = grace.mentorships_as_mentor.get()
    mentorship.ended_at = mentorship.started_at
    mentorship.save()

    assert client.get("/mentoring/ada-nwosu/").status_code == 404
    assert client.get("/@ada-nwosu/engine/").status_code == 404
    assert client.get("/@ada-nwosu/engine/review/").status_code == 404
    assert "Ada Nwosu" not in client.get("/mentoring/").content.decode()


def test_a_stranger_finds_no_learner_at_the_desk(ada, eve, engine, as_user):
    client = as_user(eve)

    assert client.get("/mentoring/ada-nwosu/").status_code == 404
    assert "You mentor nobody yet" in client.get("/mentoring/").content.decode()


def test_asking_for_a_review_reaches_the_mentor(ada, grace, engine, as_user):
    as_user(ada).post("/projects/engine/review/", {"question": "Look at the leak."})

    assert "Look at the leak." in as_user(grace).get("/mentoring/").content.decode()


def test_a_request_is_taken_back(ada, grace, engine, as_user):
    client = as_user(ada)
    client.post("/projects/engine/review/", {"question": ""})
    client.post("/projects/engine/review/withdraw/")

    assert engine.reviews.get().status == Review.Status.WITHDRAWN
    assert client.post("/projects/engine/review/withdraw/").status_code == 302


def test_a_desk_of_thirty_learners_costs_as_much_as_one_of_two(
    grace, as_user, django_assert_max_num_queries
):
    for _ in range(30):
        learner = make_user()
        make_mentorship(mentor=grace, learner=learner)
        project = make_project(learner)
        project.reviews.create()

    client = as_user(grace)
    with django_assert_max_num_queries(14):
        client.get("/mentoring/")
