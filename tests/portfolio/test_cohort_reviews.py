"""Reviews in a cohort: the queue of its mentors, who is told, and whom a block keeps out."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts import blocks, cohorts, kinds, mentorships
from accounts.models import Notice, User
from portfolio import reviews
from portfolio.models import Dispute, Project, Review
from tests.factories import (
    make_check_run,
    make_cohort,
    make_mentorship,
    make_project,
    make_user,
)


@pytest.fixture
def mary():
    return make_user("Mary Okafor")


def ask(learner, days=1):
    """A request that has waited so long."""
    project = make_project(learner)
    make_check_run(project)
    review = reviews.request(project)
    Review.objects.filter(pk=review.pk).update(requested_at=timezone.now() - timedelta(days=days))
    return review


def test_own_learners_come_before_the_pool_and_in_it_those_without_a_mentor(ada, grace, eve, mary):
    alone, has_own = make_user("Alone"), make_user("Has Own")
    make_cohort(mentors=[grace], learners=[alone, has_own])
    make_mentorship(mentor=mary, learner=has_own)
    make_mentorship(mentor=grace, learner=eve)
    waits = [ask(has_own, 9), ask(alone, 5), ask(ada, 1), ask(alone, 6), ask(eve, 2)]
    others, fifth, own, sixth, second = waits

    assert list(reviews.queue_of(grace)) == [second, own, sixth, fifth, others]
    assert list(reviews.queue_of(mary)) == [others]


def test_one_learner_in_two_cohorts_and_a_mentorship_waits_once(ada, grace):
    make_cohort(mentors=[grace], learners=[ada])
    make_cohort(mentors=[grace], learners=[ada])

    review = ask(ada)

    assert list(reviews.queue_of(grace)) == [review]


def test_a_mentor_of_the_pool_claims_and_the_own_mentor_finds_it_taken(ada, grace, mary, as_user):
    make_cohort(mentors=[mary], learners=[ada])
    review = ask(ada)

    answer = as_user(mary).post(f"/reviews/{review.pk}/claim/")

    assert answer.url == f"/reviews/{review.pk}/write/"
    assert not reviews.queue_of(grace)
    with pytest.raises(reviews.Taken):
        reviews.claim(review, grace)


def test_each_mentor_of_the_cohort_is_told_and_its_organiser_is_not(ada, grace, mary, katherine):
    make_cohort(mentors=[mary], learners=[ada], organisers=[katherine])

    ask(ada)

    told = Notice.objects.filter(kind=kinds.REVIEW_REQUESTED.code)
    assert {notice.recipient for notice in told} == {grace, mary}


def test_who_left_the_cohort_gives_back_what_they_held(ada, mary):
    cohort = make_cohort(mentors=[mary], learners=[ada])
    review = ask(ada)
    reviews.claim(review, mary)

    cohorts.leave(cohort.memberships.get(person=mary), by=mary)

    assert reviews.release_unentitled() == [review]


@pytest.mark.parametrize("blocker", ["learner", "mentor"])
def test_a_block_keeps_a_mentor_of_the_cohort_out(blocker, ada, mary, as_user):
    make_cohort(slug="spring", mentors=[mary], learners=[ada])
    review = ask(ada)
    claimed = ask(ada)
    reviews.claim(claimed, mary)
    pair = (ada, mary) if blocker == "learner" else (mary, ada)

    blocks.block(*pair)

    assert not mentorships.is_mentor_of(mary, ada)
    assert mary not in mentorships.mentors_of(ada)
    assert not User.objects.guided_by(mary).exists()
    assert not Project.objects.in_pool_of(mary).exists()
    assert not Project.objects.known_to(mary).exists()
    assert not Dispute.objects.waiting_for(mary).exists()
    assert not reviews.queue_of(mary)
    with pytest.raises(reviews.NotYourLearner):
        reviews.claim(review, mary)
    assert reviews.release_unentitled() == [claimed]
    client = as_user(mary)
    for path in ("/mentoring/?cohort=spring", "/mentoring/"):
        assert "Ada Nwosu" not in client.get(path).content.decode()
    for path in ("/mentoring/ada-nwosu/", f"/reviews/{review.pk}/", "/@ada-nwosu/"):
        assert client.get(path).status_code == 404


def test_a_block_keeps_out_only_those_two(ada, grace, mary, eve):
    make_cohort(mentors=[grace, mary], learners=[ada, eve])
    blocks.block(ada, mary)

    assert set(mentorships.mentors_of(ada)) == {grace}
    assert set(mentorships.mentors_of(eve)) == {grace, mary}
    blocks.unblock(ada, mary)
    assert set(mentorships.mentors_of(ada)) == {grace, mary}


def test_nobody_is_told_of_the_requests_of_who_blocked_them(ada, grace, mary):
    make_cohort(mentors=[mary], learners=[ada])
    blocks.block(ada, mary)

    ask(ada)

    assert not mary.notices.exists()


def test_ada_blocks_a_mentor_of_her_cohort_from_her_page(ada, mary, as_user):
    make_cohort(mentors=[mary], learners=[ada])
    client = as_user(ada)
    assert "/people/mary-okafor/block/" in client.get("/cohorts/").content.decode()

    client.post("/people/mary-okafor/block/")

    assert not mentorships.is_mentor_of(mary, ada)


def test_strangers_are_not_there_to_be_blocked(ada, mary, as_user):
    make_cohort(mentors=[mary])

    assert as_user(ada).get("/people/mary-okafor/block/").status_code == 404
