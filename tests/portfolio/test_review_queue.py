"""Who waits, for whom, and how long one waits: what a mentor and a learner are told."""

from datetime import timedelta

import pytest
from django.utils import timezone

from curriculum import declarations
from curriculum.models import SkillLevel
from portfolio import reviews, waiting_time
from portfolio.models import Draft, Review
from tests.factories import make_check_run, make_mentorship, make_project, make_skill

TIME_SERIES = "Time series"


@pytest.fixture
def engine(ada, grace):
    project = make_project(ada, slug="engine", title="Engine")
    make_check_run(project)
    return project


def ask(ada, name, days):
    project = make_project(ada, slug=name, title=name.title(), repository=f"ada/{name}")
    make_check_run(project)
    review = reviews.request(project)
    Review.objects.filter(pk=review.pk).update(requested_at=timezone.now() - timedelta(days=days))
    return review


def test_the_longest_wait_comes_first_and_a_match_is_shown(ada, grace, as_user):
    skill = make_skill(TIME_SERIES)
    declarations.declare(grace, skill, SkillLevel.PRACTITIONER)
    ask(ada, "young", 1).project.claims.create(skill=skill, level=2)
    ask(ada, "old", 9)

    queue = reviews.queue_with_match(grace)

    assert [(review.project.slug, match) for review, match in queue] == [
        ("old", []),
        ("young", [skill]),
    ]
    page = as_user(grace).get("/mentoring/").content.decode()
    assert page.index("Old") < page.index("Young")
    assert "Your skills:" in page


def test_a_wait_ends_with_what_ended_it(ada, grace):
    """Taken back after two days is a wait of two days without an answer, not one that still grows."""
    review = ask(ada, "engine", 40)
    reviews.withdraw(review)
    review.moves.update(moved_at=timezone.now() - timedelta(days=40))
    review.moves.filter(to_status="withdrawn").update(moved_at=timezone.now() - timedelta(days=38))

    told = waiting_time.of_mentors([grace])

    assert (told.answered, told.waiting) == (0, 1)
    assert told.longest < timedelta(days=3)


def test_what_another_mentor_answered_counts_too(ada, grace, eve):
    make_mentorship(mentor=eve, learner=ada)
    review = ask(ada, "engine", 4)
    reviews.submit(
        review.project, reviewer=eve, review=review, verdict="approved", body="Good.",
        check_run=review.check_run,
    )  # fmt: skip

    assert waiting_time.of_mentors([grace]).answered == 1


def test_what_is_typed_after_the_lease_is_kept(engine, grace, as_user):
    review = reviews.begin(engine, grace)
    reviews.give_back(review, grace)

    answer = as_user(grace).post(f"/reviews/{review.pk}/draft/", {"body": "An hour of thought."})

    assert answer.url == f"/mentoring/drafts/{Draft.objects.get().pk}/"
    assert Draft.objects.get().words["body"] == "An hour of thought."


def test_a_draft_that_comes_after_its_review_was_sent_is_no_new_one(engine, grace, as_user):
    review = reviews.begin(engine, grace)
    reviews.submit(
        engine, reviewer=grace, review=review, verdict="approved", body="Good.",
        check_run=review.check_run,
    )  # fmt: skip

    answer = as_user(grace).post(f"/reviews/{review.pk}/draft/", {"body": "Goo"})

    assert answer.status_code == 404
    assert not Draft.objects.exists()


def test_somebody_who_never_held_it_keeps_nothing_there(engine, grace, eve, as_user):
    review = reviews.begin(engine, grace)
    assert as_user(eve).post(f"/reviews/{review.pk}/draft/", {"body": "x"}).status_code == 404
    assert not Draft.objects.exists()
