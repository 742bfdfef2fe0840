"""Grace's Thursday: who waits, how they are doing, and a written verdict."""

import pytest

from curriculum import declarations
from portfolio import reviews
from portfolio.models import Review
from tests.factories import (
    add_clause,
    enroll,
    make_check_run,
    make_mentorship,
    make_project,
    make_role,
    make_skill,
    make_user,
)


@pytest.fixture
def engine(ada, grace):
    project = make_project(ada, title="Engine", slug="engine", problem="Bearings break.")
    make_check_run(project, ("readme", "passed"), ("tests", "failed"))
    return project


def test_a_mentor_sees_who_waits_longest_first(ada, grace, engine, as_user):
    review = engine.reviews.create(question="Is the split honest?")

    page = as_user(grace).get("/mentoring/").content.decode()

    assert "Is the split honest?" in page
    assert f"/reviews/{review.pk}/claim/" in page


def test_a_mentor_sees_a_learners_progress_and_projects(ada, grace, engine, as_user):
    page = as_user(grace).get("/mentoring/ada-nwosu/").content.decode()

    assert "Engine" in page
    assert "Not on the roadmap yet" in page


def test_a_review_is_written_on_one_page_and_read_by_the_learner(ada, grace, engine, as_user):
    run = engine.repositories.get().check_runs.get()
    client = as_user(grace)

    begun = client.post("/@ada-nwosu/engine/review/")
    assert "Bearings break." in client.get(begun.url).content.decode()
    response = client.post(
        begun.url, {"strength": "Honest **baseline**.", "verdict": "approved", "check_run": run.pk}
    )

    assert response.status_code == 302
    assert engine.reviews.get().head_sha == run.head_sha
    page = as_user(ada).get("/projects/engine/").content.decode()
    assert "Honest <strong>baseline</strong>." in page
    assert "Grace Halloran" in page


def test_a_review_without_a_verdict_keeps_its_words(grace, engine, as_user):
    review = reviews.begin(engine, grace)

    response = as_user(grace).post(
        f"/reviews/{review.pk}/write/",
        {"body": "An hour of thought.", "check_run": review.check_run.pk},
    )

    assert response.status_code == 422
    assert "An hour of thought." in response.content.decode()
    assert "Choose one of the two verdicts." in response.content.decode()
    assert not Review.objects.submitted().exists()


def test_a_review_cannot_be_pinned_to_somebody_elses_run(grace, eve, engine, as_user):
    other = make_check_run(make_project(eve))
    review = reviews.begin(engine, grace)

    response = as_user(grace).post(
        f"/reviews/{review.pk}/write/",
        {"body": "Good.", "verdict": "approved", "check_run": other.pk},
    )

    assert response.status_code == 422
    assert not Review.objects.submitted().exists()


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
    with django_assert_max_num_queries(26):
        client.get("/mentoring/")


def test_a_mentor_sees_how_a_learner_stands_for_their_role_and_by_what(ada, grace, eve, as_user):
    known, claimed = make_skill("Testing"), make_skill("Docker")
    role = make_role("Junior ML engineer")
    for skill in (known, claimed, make_skill("Statistics")):
        add_clause(role, (skill, 2))
    declarations.declare(ada, claimed, 2)
    project = make_project(ada, title="Private work")
    project.repositories.update(has_proof_line=True, standing="readable")
    project.claims.create(skill=known, level=2)
    make_check_run(project, ("readme", "passed"), ("tests", "passed"))
    enroll(ada, target_role=role)

    page = " ".join(as_user(grace).get("/mentoring/ada-nwosu/").content.decode().split())

    aim = page.partition('id="aim-title"')[2].partition("</section>")[0]
    assert "For Junior ML engineer" in aim
    assert "<dt>met</dt><dd>1</dd>" in aim
    assert "you say" not in page
    skills = page.partition('id="skills-title"')[2].partition("</section>")[0]
    assert skills.index("Testing") < skills.index("Docker")  # what is shown before what is said
    assert "Demonstrated" in skills
    assert as_user(eve).get("/mentoring/ada-nwosu/").status_code == 404
