"""Invite, accept, decline, withdraw, end; and who is whose mentor."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
import time_machine
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.utils import timezone

from accounts import invitations, mentorships
from accounts.models import Invitation, Mentorship
from accounts.models.mentorships import Invitation as Model
from tests.factories import make_invitation, make_mentorship, make_user

LEARNER, MENTOR = Model.Seeks.LEARNER, Model.Seeks.MENTOR


def test_a_mentor_invites_a_learner(ada, eve):
    invitation, secret = mentorships.invite(eve, "ada.nwosu@example.org", LEARNER, "Hello")

    mentorships.accept(mentorships.find(secret), ada)

    assert mentorships.is_mentor_of(eve, ada)
    assert not mentorships.is_mentor_of(ada, eve)
    invitation.refresh_from_db()
    assert invitation.answer == "accepted"
    assert invitation.mentorship == Mentorship.objects.get()


def test_a_learner_invites_a_mentor(ada, eve):
    _invitation, secret = mentorships.invite(ada, "eve.moreau@example.org", MENTOR)

    mentorships.accept(mentorships.find(secret), eve)

    assert mentorships.is_mentor_of(eve, ada)
    assert list(mentorships.mentors_of(ada)) == [eve]
    assert list(mentorships.learners_of(eve)) == [ada]


def test_an_invitation_can_be_answered_for_fourteen_days(ada, eve):
    with time_machine.travel(timezone.now(), tick=False) as clock:
        invitation, _ = mentorships.invite(ada, "eve.moreau@example.org", MENTOR)
        clock.shift(timedelta(days=14) - timedelta(seconds=1))
        assert list(mentorships.waiting_for(eve)) == [invitation]
        clock.shift(timedelta(seconds=1))
        assert not mentorships.waiting_for(eve)

        with pytest.raises(mentorships.InvitationClosed):
            mentorships.accept(invitation, eve)

    assert not Mentorship.objects.exists()


@pytest.mark.parametrize("answer", ["accepted", "declined", "withdrawn"])
def test_a_closed_invitation_stays_closed(ada, eve, answer):
    invitation = make_invitation(ada, answer=answer, answered_at=timezone.now())

    with pytest.raises(mentorships.InvitationClosed):
        mentorships.accept(invitation, eve)
    with pytest.raises(mentorships.InvitationClosed):
        mentorships.decline(invitation, eve)
    with pytest.raises(mentorships.InvitationClosed):
        mentorships.withdraw(invitation, ada)

    assert not Mentorship.objects.exists()


def test_the_invitation_of_somebody_who_was_shut_out_is_closed(ada, eve):
    invitation = make_invitation(ada)
    ada.is_active = False
    ada.save()

    with pytest.raises(mentorships.InvitationClosed):
        mentorships.accept(invitation, eve)


def test_an_old_copy_of_an_invitation_cannot_be_answered_twice(ada, eve):
    invitation = make_invitation(ada)
    old_copy = Invitation.objects.get(pk=invitation.pk)
    mentorships.decline(invitation, eve)

    with pytest.raises(mentorships.InvitationClosed):
        mentorships.accept(old_copy, eve)


@pytest.mark.django_db(transaction=True)
def test_two_answers_at_once_make_one_mentorship():
    ada, grace, eve = make_user("Ada"), make_user("Grace"), make_user("Eve")
    invitation = make_invitation(ada, seeks=MENTOR)

    outcomes = at_once(
        lambda: mentorships.accept(Invitation.objects.get(pk=invitation.pk), grace),
        lambda: mentorships.accept(Invitation.objects.get(pk=invitation.pk), grace),
        lambda: mentorships.accept(Invitation.objects.get(pk=invitation.pk), eve),
        lambda: mentorships.decline(Invitation.objects.get(pk=invitation.pk), eve),
    )

    refused = [o for o in outcomes if isinstance(o, mentorships.MentorshipError)]
    assert len(refused) == 3
    assert Mentorship.objects.count() <= 1


@pytest.mark.django_db(transaction=True)
def test_two_invitations_between_one_pair_accepted_at_once_make_one_mentorship():
    ada, grace = make_user("Ada"), make_user("Grace")
    by_ada, by_grace = make_invitation(ada, seeks=MENTOR), make_invitation(grace, seeks=LEARNER)

    at_once(
        lambda: mentorships.accept(Invitation.objects.get(pk=by_ada.pk), grace),
        lambda: mentorships.accept(Invitation.objects.get(pk=by_grace.pk), ada),
    )

    assert Mentorship.objects.active().count() == 1


def at_once(*actions):
    """What each action returned or raised, all started together in threads of their own."""
    start = Barrier(len(actions))

    def run(action):
        start.wait()
        try:
            return action()
        except mentorships.MentorshipError as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(len(actions)) as pool:
        return list(pool.map(run, actions))


def test_somebody_who_mentors_ada_already_leaves_the_second_invitation_as_it_was(ada, grace):
    invitation = make_invitation(ada, seeks=MENTOR)

    with pytest.raises(mentorships.AlreadyMentoring):
        mentorships.accept(invitation, grace)

    invitation.refresh_from_db()
    assert invitation.is_open


def test_two_people_can_mentor_each_other(ada, grace):
    mentorships.accept(make_invitation(grace, seeks=MENTOR), ada)

    assert mentorships.is_mentor_of(ada, grace)
    assert mentorships.is_mentor_of(grace, ada)


@pytest.mark.parametrize(
    "email", ["ada.nwosu@example.org", "ADA.Nwosu@Example.org", "ada@work.org"]
)
def test_nobody_invites_themselves(ada, email):
    ada.emailaddress_set.create(email="ada@work.org", verified=False)

    with pytest.raises(mentorships.NotWithYourself):
        mentorships.invite(ada, email, MENTOR)


def test_nobody_accepts_or_declines_their_own_invitation(ada):
    invitation = make_invitation(ada)

    with pytest.raises(mentorships.NotWithYourself):
        mentorships.accept(invitation, ada)
    with pytest.raises(mentorships.NotWithYourself):
        mentorships.decline(invitation, ada)


def test_an_address_is_asked_for_the_same_once_and_again_after_a_withdrawal(ada):
    invitation, _ = mentorships.invite(ada, "grace@example.org", MENTOR)

    with pytest.raises(mentorships.AlreadyInvited):
        mentorships.invite(ada, "Grace@Example.org", MENTOR)
    mentorships.invite(ada, "grace@example.org", LEARNER)
    mentorships.withdraw(invitation, ada)
    mentorships.invite(ada, "grace@example.org", MENTOR)


def test_a_no_holds_for_the_life_of_the_invitation(ada, eve):
    with time_machine.travel(timezone.now(), tick=False) as clock:
        invitation, _ = mentorships.invite(ada, "eve.moreau@example.org", MENTOR)
        mentorships.decline(invitation, eve)
        with pytest.raises(mentorships.AlreadyInvited):
            mentorships.invite(ada, "eve.moreau@example.org", MENTOR)

        clock.shift(timedelta(days=14))

        mentorships.invite(ada, "eve.moreau@example.org", MENTOR)


def test_twenty_invitations_can_be_open_and_no_more(ada):
    for n in range(20):
        mentorships.invite(ada, f"{n}@example.org", MENTOR)

    with pytest.raises(mentorships.TooManyInvitations):
        mentorships.invite(ada, "one-more@example.org", MENTOR)

    assert Invitation.objects.count() == 20


def test_withdrawing_does_not_make_room_for_more_letters_on_the_same_day(ada):
    with time_machine.travel(timezone.now(), tick=False) as clock:
        for n in range(20):
            invitation, _ = mentorships.invite(ada, f"{n}@example.org", MENTOR)
            mentorships.withdraw(invitation, ada)
        with pytest.raises(mentorships.TooManyInvitations):
            mentorships.invite(ada, "one-more@example.org", MENTOR)

        clock.shift(timedelta(days=1))

        mentorships.invite(ada, "one-more@example.org", MENTOR)


def test_an_invitation_to_a_member_and_one_to_a_stranger_are_made_alike(ada, eve):
    to_member, _ = mentorships.invite(ada, "eve.moreau@example.org", MENTOR)
    to_stranger, _ = mentorships.invite(ada, "nobody@example.org", MENTOR)

    same = ["seeks", "message", "answer", "answered_at", "mentorship", "attempts", "sent_at"]
    assert all(getattr(to_member, name) == getattr(to_stranger, name) for name in same)


def test_inviting_ones_own_mentor_again_does_not_tell_that_the_address_is_theirs(ada, grace):
    grace.emailaddress_set.create(email="grace@home.org", verified=True)

    invitation, _ = mentorships.invite(ada, "grace@home.org", MENTOR)

    assert invitation.is_open


def test_invitations_wait_only_for_verified_addresses(ada, eve):
    eve.emailaddress_set.create(email="claimed@example.org", verified=False)
    make_invitation(ada, email="claimed@example.org")
    waiting = make_invitation(ada, email="Eve.Moreau@example.org")

    assert list(mentorships.waiting_for(eve)) == [waiting]


def test_only_the_sender_withdraws(ada, eve):
    invitation = make_invitation(ada)

    with pytest.raises(mentorships.NotYours):
        mentorships.withdraw(invitation, eve)

    assert Invitation.objects.open().count() == 1


@pytest.mark.parametrize("who", ["ada", "grace"])
def test_mentor_and_learner_can_end_it_at_once(ada, grace, who):
    mentorship = Mentorship.objects.get()
    user = {"ada": ada, "grace": grace}[who]

    mentorships.end(mentorship, user)

    assert not mentorships.is_mentor_of(grace, ada)
    assert not mentorships.learners_of(grace)
    assert mentorship.ended_by == user


def test_a_stranger_cannot_end_a_mentorship(ada, grace, eve):
    with pytest.raises(mentorships.NotYours):
        mentorships.end(Mentorship.objects.get(), eve)

    assert mentorships.is_mentor_of(grace, ada)


def test_ending_twice_keeps_the_first_end(ada, grace):
    mentorship = mentorships.end(Mentorship.objects.get(), grace)
    ended_at = mentorship.ended_at

    mentorships.end(mentorship, ada)

    assert (mentorship.ended_at, mentorship.ended_by) == (ended_at, grace)


def test_a_mentorship_can_begin_again_after_its_end(ada, grace):
    mentorships.end(Mentorship.objects.get(), ada)

    make_mentorship(mentor=grace, learner=ada)

    assert mentorships.is_mentor_of(grace, ada)


def test_nobody_signed_out_mentors_or_is_mentored(ada):
    assert not mentorships.is_mentor_of(AnonymousUser(), ada)
    assert not mentorships.is_mentor_of(ada, AnonymousUser())


def test_people_who_were_shut_out_are_not_listed(ada, grace):
    ada.is_active = False
    ada.save()

    assert not mentorships.learners_of(grace)


def test_learners_come_by_name_with_their_profiles(grace, ada, django_assert_num_queries):
    zoe = make_user("Zoe")
    ben = make_user("Ben")
    make_mentorship(mentor=grace, learner=zoe)
    make_mentorship(mentor=grace, learner=ben)

    with django_assert_num_queries(1):
        names = [learner.profile.name for learner in mentorships.learners_of(grace)]

    assert names == ["Ada Nwosu", "Ben", "Zoe"]


def test_an_unknown_secret_finds_nothing(ada):
    make_invitation(ada)

    assert mentorships.find("") is None
    assert mentorships.find("x" * 43) is None
    assert mentorships.find("\x00é") is None


@pytest.mark.django_db(transaction=True)
def test_four_workers_at_once_send_one_letter(mailoutbox):
    invitation = make_invitation(make_user("Ada"), seeks=MENTOR, sent_at=None, attempts=0)

    sent = at_once(*[lambda: invitations.send(invitation.pk)] * 4)

    assert sent.count(True) == 1
    assert len(mailoutbox) == 1
