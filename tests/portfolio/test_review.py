"""A mentor's written verdict, pinned to a commit."""

import pytest
from django.db import IntegrityError, transaction

from accounts.models import Mentorship
from portfolio import reviews
from portfolio.models import Review
from portfolio.reviews import NoMentor, NothingChecked, NotOpen, NotYourLearner
from tests.factories import make_check_run, make_mentorship, make_project, make_user


@pytest.fixture
def engine(ada, grace):
    """Ada's project, checked once."""
    project = make_project(ada, title="Engine", slug="engine")
    make_check_run(project)
    return project


def submit(project, reviewer, **fields):
    check_run = reviews.latest_commit(project)
    judgement = {"verdict": "approved", "body": "Good.", "check_run": check_run} | fields
    return reviews.submit(project, reviewer=reviewer, **judgement)


def test_a_mentor_answers_the_open_request_at_the_commit_that_was_checked(engine, grace):
    asked = reviews.request(engine, question="Is the split honest?")

    review = submit(engine, grace)

    assert review.pk == asked.pk
    assert review.head_sha == "a1" * 20
    assert review.question == "Is the split honest?"
    assert engine.reviews.requested().count() == 0


def test_a_mentor_may_review_without_being_asked(engine, grace):
    review = submit(engine, grace, verdict="changes_requested", body="Leaks.")

    assert review.status == Review.Status.SUBMITTED
    assert not review.is_approval


def test_asking_twice_is_one_request(engine):
    assert reviews.request(engine) == reviews.request(engine)


def test_submitting_the_same_words_twice_is_one_review(engine, grace):
    first = submit(engine, grace)
    second = submit(engine, grace)

    assert first.pk == second.pk
    assert engine.reviews.count() == 1


def test_a_stranger_cannot_review(engine, eve):
    with pytest.raises(NotYourLearner):
        submit(engine, eve)


def test_nobody_reviews_their_own_project(engine, ada):
    with pytest.raises(NotYourLearner):
        submit(engine, ada)


def test_a_mentorship_that_ended_a_second_ago_is_over(engine, ada, grace):
    mentorship = Mentorship.objects.get(mentor=grace, learner=ada)
    mentorship.ended_at = mentorship.started_at
    mentorship.save()

    with pytest.raises(NotYourLearner):
        submit(engine, grace)


def test_there_is_nothing_to_review_before_the_first_check(ada, grace):
    project = make_project(ada)

    with pytest.raises(NothingChecked):
        reviews.request(project)


def test_a_review_cannot_be_pinned_to_a_run_of_another_project(engine, ada, grace):
    other = make_check_run(make_project(ada))

    with pytest.raises(NothingChecked):
        submit(engine, grace, check_run=other)


def test_a_run_that_could_not_read_the_repository_is_no_commit(ada, grace):
    project = make_project(ada)
    run = make_check_run(
        project, conclusion="action_required", reason="not_found", head_sha="", full_name=""
    )

    with pytest.raises(NothingChecked):
        submit(project, grace, check_run=run)


def test_without_a_mentor_there_is_nobody_to_ask(eve):
    project = make_project(eve)
    make_check_run(project)

    with pytest.raises(NoMentor):
        reviews.request(project)


def test_a_request_is_withdrawn_once(engine):
    review = reviews.request(engine)

    review = reviews.withdraw(review)

    assert review.status == Review.Status.WITHDRAWN
    with pytest.raises(NotOpen):
        reviews.withdraw(review)


def test_a_request_that_was_answered_cannot_be_withdrawn(engine, grace):
    review = reviews.request(engine)
    submit(engine, grace)

    with pytest.raises(NotOpen):
        reviews.withdraw(review)
    review.refresh_from_db()
    assert review.status == Review.Status.SUBMITTED


def test_a_second_mentor_adds_a_review_of_their_own(engine, ada, grace):
    reviews.request(engine)
    alan = make_user("Alan Kay")
    make_mentorship(mentor=alan, learner=ada)

    submit(engine, grace)
    submit(engine, alan, verdict="changes_requested", body="I disagree.")

    assert engine.reviews.submitted().count() == 2


@pytest.mark.parametrize(
    "fields",
    [
        {"status": "submitted", "verdict": ""},
        {"status": "requested", "verdict": "approved"},
        {"status": "withdrawn", "withdrawn_at": None},
    ],
)
def test_the_database_refuses_a_review_that_contradicts_itself(engine, fields):
    with pytest.raises(IntegrityError), transaction.atomic():
        Review.objects.create(project=engine, **fields)


def test_the_database_allows_one_open_request_a_project(engine):
    Review.objects.create(project=engine)

    with pytest.raises(IntegrityError), transaction.atomic():
        Review.objects.create(project=engine)
