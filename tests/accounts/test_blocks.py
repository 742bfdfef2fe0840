"""Keeping somebody away: nothing between the two goes on or begins again, and the other is not told."""

import contextlib

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.db import connection

from accounts import blocks, invitations, mentorships
from accounts.models import Block, Invitation, Mentorship
from portfolio import reviews
from portfolio.models import Project
from tests.factories import make_check_run, make_mentorship, make_project, make_user
from tests.together import at_once

LEARNER, MENTOR = Invitation.Seeks.LEARNER, Invitation.Seeks.MENTOR


@pytest.fixture
def asked(ada, grace):
    project = make_project(ada, slug="engine", title="Engine")
    make_check_run(project)
    return reviews.request(project, question="Is it honest?")


def test_a_blocked_mentor_is_no_mentor_and_reviews_nothing(ada, grace, asked):
    blocks.block(ada, grace)

    assert not mentorships.is_mentor_of(grace, ada)
    assert not reviews.queue_of(grace)
    with pytest.raises(reviews.NotYourLearner):
        reviews.claim(asked, grace)


def test_even_where_something_else_opens_the_project(ada, grace, asked):
    """A mentorship that staff make by hand, for one: the block is stronger."""
    blocks.block(ada, grace)
    make_mentorship(mentor=grace, learner=ada)

    assert not Project.objects.reviewable_by(grace)
    with pytest.raises(reviews.NotYourLearner):
        reviews.claim(asked, grace)


def test_what_a_blocked_mentor_holds_goes_back_to_the_queue(ada, grace, asked):
    reviews.claim(asked, grace)
    blocks.block(ada, grace)

    assert [review.pk for review in reviews.release_unentitled()] == [asked.pk]

    asked.refresh_from_db()
    assert (asked.status, asked.reviewer) == ("requested", None)


def test_what_others_hold_stays_with_them(grace, asked):
    reviews.claim(asked, grace)
    assert reviews.release_unentitled() == []


@pytest.mark.parametrize("seeks", [LEARNER, MENTOR])
def test_an_invitation_of_somebody_blocked_does_not_arrive(ada, grace, seeks):
    EmailAddress.objects.get_or_create(
        user=ada, email=ada.email, defaults={"verified": True, "primary": True}
    )
    blocks.block(ada, grace)

    invitation, secret = mentorships.invite(grace, ada.email, seeks, "Please.")
    invitations.send(invitation.pk)

    assert mail.outbox == []
    invitation.refresh_from_db()
    assert invitation.sent_at  # as any other, for who looks at what they sent
    assert invitation.is_open
    assert not mentorships.waiting_for(ada)
    with pytest.raises(mentorships.InvitationClosed):
        mentorships.accept(mentorships.find(secret), ada)


def test_an_invitation_from_before_cannot_be_accepted_any_more(ada, eve):
    _, secret = mentorships.invite(ada, eve.email, MENTOR)
    blocks.block(ada, eve)

    with pytest.raises(mentorships.InvitationClosed):
        mentorships.accept(mentorships.find(secret), eve)


def test_unblocking_lets_the_other_ask_again_and_brings_nothing_back(ada, grace):
    blocks.block(ada, grace)
    blocks.unblock(ada, grace)

    assert not mentorships.is_mentor_of(grace, ada)
    _, secret = mentorships.invite(grace, ada.email, LEARNER)
    mentorships.accept(mentorships.find(secret), ada)
    assert mentorships.is_mentor_of(grace, ada)


def test_the_blocked_person_sees_an_ended_mentorship_and_no_more(ada, grace, asked, as_user):
    as_user(ada).post("/people/grace-halloran/block/")

    page = as_user(grace).get("/mentorships/").content.decode()

    assert "Ada Nwosu" not in page
    assert "Kept away" not in page
    assert as_user(grace).get("/mentoring/ada-nwosu/").status_code == 404


def test_ada_blocks_and_unblocks_on_her_pages(ada, grace, as_user):
    client = as_user(ada)
    assert "Block Grace Halloran?" in client.get("/people/grace-halloran/block/").content.decode()
    assert not Block.objects.exists()

    for _ in range(2):
        client.post("/people/grace-halloran/block/")
    assert Block.objects.count() == 1
    assert "Kept away" in client.get("/mentorships/").content.decode()

    client.post("/people/grace-halloran/unblock/")
    assert not Block.objects.exists()


def test_nobody_finds_out_by_it_who_there_is(ada, eve, as_user):
    client = as_user(ada)
    assert client.get("/people/eve-moreau/block/").status_code == 404
    assert client.get("/people/no-such/block/").status_code == 404


def test_nobody_blocks_themselves(ada):
    with pytest.raises(blocks.NotOneself):
        blocks.block(ada, ada)


@pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite lets one writer in at a time")
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("attempt", range(3))
def test_of_a_block_and_an_answer_at_once_no_mentorship_is_left(attempt, transactional_db):
    ada, eve = make_user("Ada Nwosu"), make_user("Eve Moreau")
    invitation, _ = mentorships.invite(eve, ada.email, LEARNER)

    def accept():
        with contextlib.suppress(mentorships.InvitationClosed):
            mentorships.accept(Invitation.objects.get(pk=invitation.pk), ada)

    at_once(accept, lambda: blocks.block(ada, eve))

    assert not Mentorship.objects.active().exists()
