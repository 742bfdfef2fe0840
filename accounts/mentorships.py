"""Invite, accept, decline, withdraw and end: how two people come to guide and to learn.

Nothing here depends on whether an invited address belongs to somebody: an invitation to a stranger
and one to a member are made, counted and refused alike, so no answer tells who has an account.
"""

from datetime import timedelta

from allauth.account.models import EmailAddress
from django.contrib.auth.models import AnonymousUser
from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone

from accounts import blocks, invitations, kinds, notices, unsubscribing
from accounts.kinds import Timing
from accounts.models import Block, Invitation, Mentorship, User

#: How long an invitation can be answered.
INVITATION_LIFETIME = timedelta(days=14)

#: How many invitations of one person may be open, or have been made within a day.
INVITATION_LIMIT = 20


class MentorshipError(Exception):
    """Something that cannot be done with a mentorship or an invitation."""


class InvitationClosed(MentorshipError):
    """The invitation was answered or withdrawn, has expired, or its sender has left."""


class AlreadyInvited(MentorshipError):
    """The same person asked the same address for the same within the life of an invitation."""


class TooManyInvitations(MentorshipError):
    """The person has as many invitations open, or made within a day, as one may have."""


class NotWithYourself(MentorshipError):
    """Nobody mentors themselves."""


class AlreadyMentoring(MentorshipError):
    """The one mentors the other already."""


class NotYours(MentorshipError):
    """Only those whom a mentorship or an invitation concerns can change it."""


@transaction.atomic
def invite(inviter: User, email: str, seeks: str, message: str = "") -> tuple[Invitation, str]:
    """Ask the person behind an address to be the inviter's learner or mentor (Invitation.Seeks).

    Returns the invitation and the secret of its link; sending the letter is a task's work. Raises
    NotWithYourself for an address of one's own, AlreadyInvited when the address was asked for the
    same and has 14 days to answer or said no, and TooManyInvitations at 20 that are open or made
    within a day, so that nobody's mailbox can be flooded from here.
    """
    User.objects.select_for_update().get(pk=inviter.pk)
    email = email.strip()
    if _is_own_address(inviter, email):
        raise NotWithYourself
    now = timezone.now()
    sent = inviter.invitations_sent
    answers_that_allow_another = [Invitation.Answer.ACCEPTED, Invitation.Answer.WITHDRAWN]
    asked_before = sent.filter(email__iexact=email, seeks=seeks, expires_at__gt=now)
    if asked_before.exclude(answer__in=answers_that_allow_another).exists():
        raise AlreadyInvited
    is_open = Q(answered_at=None, expires_at__gt=now)
    counted = sent.filter(is_open | Q(invited_at__gt=now - timedelta(days=1)))
    if counted.count() >= INVITATION_LIMIT:
        raise TooManyInvitations
    nonce = invitations.new_nonce()
    secret = invitations.secret_from(nonce)
    invitation = sent.create(
        email=email,
        seeks=seeks,
        message=message.strip(),
        nonce=nonce,
        token_hash=invitations.hash_of(secret),
        invited_at=now,
        send_at=now,
        expires_at=now + INVITATION_LIFETIME,
    )
    return invitation, secret


def deliver(invitation_id: int) -> bool:
    """Bring an invitation to whom it is for; whether its letter left now.

    A member is told on the site, too, and gets no letter if they want none of this kind at once. This is
    done in the background, where it takes no time that would tell the inviter who is a member.
    """
    invitation = Invitation.objects.open().filter(pk=invitation_id).first()
    if invitation is None:
        return False
    member = invitations.member_at(invitation.email)
    if member is None or member == invitation.inviter:
        return invitations.send(invitation_id)
    notices.tell(
        member,
        kinds.MENTORSHIP_INVITED,
        key=_key(invitation),
        path=reverse("accounts:answer_invitation", args=[invitation.pk]),
        actor=invitation.inviter,
        facts={"part": invitation.seeks},
        has_own_letter=True,
    )
    if notices.timing_of(member, kinds.MENTORSHIP_INVITED) == Timing.AT_ONCE:
        stop = unsubscribing.link(member, kinds.MENTORSHIP_INVITED.code)
        return invitations.send(invitation_id, stop=stop)
    invitations.leave_unsent(invitation_id)
    return False


def find(secret: str) -> Invitation | None:
    """The invitation whose link carries this secret, open or not; None when there is none."""
    found = Invitation.objects.select_related("inviter__profile", "mentorship")
    return found.filter(token_hash=invitations.hash_of(secret)).first()


def waiting_for(user: User) -> QuerySet[Invitation]:
    """Open invitations that others sent to one of this person's verified addresses."""
    addresses = Q(pk=None)
    verified = EmailAddress.objects.filter(user=user, verified=True)
    for email in verified.values_list("email", flat=True):
        addresses |= Q(email__iexact=email)
    sent_by_others = Invitation.objects.open().exclude(inviter=user)
    sent_by_others = sent_by_others.exclude(inviter__blocks_suffered__blocker=user)
    return sent_by_others.filter(addresses).select_related("inviter__profile")


def sent_by(user: User) -> QuerySet[Invitation]:
    """The invitations this person sent, newest first, with whoever accepted."""
    return user.invitations_sent.select_related(
        "inviter", "mentorship__mentor__profile", "mentorship__learner__profile"
    )


def accept(invitation: Invitation, user: User) -> Mentorship:
    """Begin the mentorship that an invitation asks for, with the person who answers.

    Of two answers at once the database lets one through. Raises InvitationClosed, also where one of
    the two blocked the other, NotWithYourself
    for the sender, and AlreadyMentoring, after which the invitation stands as before.
    """
    if user == invitation.inviter:
        raise NotWithYourself
    pair = {"mentor": user, "learner": invitation.inviter}
    if invitation.seeks == Invitation.Seeks.LEARNER:
        pair = {"mentor": invitation.inviter, "learner": user}
    if Mentorship.objects.active().between(**pair).exists() and invitation.is_open:
        raise AlreadyMentoring
    try:
        with transaction.atomic():
            blocks.hold(user, invitation.inviter)
            if Block.objects.between(user, invitation.inviter).exists():
                raise InvitationClosed
            _answer(invitation, Invitation.Answer.ACCEPTED)
            invitation.mentorship = Mentorship.objects.create(**pair)
            invitation.save(update_fields=["mentorship"])
            notices.tell(
                invitation.inviter,
                kinds.MENTORSHIP_ACCEPTED,
                key=_key(invitation),
                path=reverse("accounts:mentorships"),
                actor=user,
                facts={"part": invitation.seeks},
            )
    except IntegrityError:
        invitation.refresh_from_db()
        raise AlreadyMentoring from None
    return invitation.mentorship


def decline(invitation: Invitation, user: User) -> Invitation:
    """Say no. Raises InvitationClosed, and NotWithYourself for the sender, who can withdraw."""
    if user == invitation.inviter:
        raise NotWithYourself
    return _answer(invitation, Invitation.Answer.DECLINED)


def withdraw(invitation: Invitation, user: User) -> Invitation:
    """Take an invitation back. Raises NotYours unless the user sent it, and InvitationClosed."""
    if user != invitation.inviter:
        raise NotYours
    return _answer(invitation, Invitation.Answer.WITHDRAWN)


def end(mentorship: Mentorship, user: User) -> Mentorship:
    """End a mentorship, for both at once; ending it again changes nothing.

    What the mentor has not read of the learner is gone with it. Raises NotYours unless the user is
    its mentor or its learner.
    """
    mentor, learner = mentorship.mentor, mentorship.learner
    if user not in (mentor, learner):
        raise NotYours
    with transaction.atomic():
        active = Mentorship.objects.active().filter(pk=mentorship.pk)
        if active.update(ended_at=timezone.now(), ended_by=user):
            notices.forget_about(learner, recipient=mentor)
            notices.tell(
                mentor if user == learner else learner,
                kinds.MENTORSHIP_ENDED,
                key=f"mentorship {mentorship.pk}",
                path=reverse("accounts:mentorships"),
                actor=user,
            )
    mentorship.refresh_from_db()
    return mentorship


def is_mentor_of(mentor: User | AnonymousUser, learner: User | AnonymousUser) -> bool:
    """Whether the one mentors the other now; never for somebody signed out or shut out.

    A mentorship of the two makes it so, and a live cohort in which the one is a mentor and the other
    a learner.
    """
    if not (isinstance(mentor, User) and isinstance(learner, User)):
        return False
    return User.objects.guided_by(mentor).filter(pk=learner.pk).exists()


def learners_of(mentor: User) -> QuerySet[User]:
    """The people whom this one mentors now, in either way, by name, with their profiles."""
    return _by_name(User.objects.guided_by(mentor))


def mentors_of(learner: User) -> QuerySet[User]:
    """The people who mentor this one now, in either way, by name, with their profiles."""
    return _by_name(User.objects.guiding(learner))


def _by_name(people: QuerySet[User]) -> QuerySet[User]:
    return people.select_related("profile").order_by("profile__name", "pk")


def _is_own_address(user: User, email: str) -> bool:
    own = EmailAddress.objects.filter(user=user, email__iexact=email)
    return user.email.lower() == email.lower() or own.exists()


@transaction.atomic
def _answer(invitation: Invitation, answer: Invitation.Answer) -> Invitation:
    """Close an open invitation with an answer; the row decides, so only one answer wins.

    The conditions stand on the row itself: in a subquery, as a join makes one, PostgreSQL would not
    look at them again after waiting for another answer, and both would win.
    """
    answered_at = timezone.now()
    still_open = Invitation.objects.filter(
        pk=invitation.pk, answered_at=None, expires_at__gt=answered_at
    )
    if not invitation.inviter.is_active:
        raise InvitationClosed
    if not still_open.update(answer=answer, answered_at=answered_at):
        raise InvitationClosed
    invitation.answer, invitation.answered_at = answer, answered_at
    notices.settle(kinds.MENTORSHIP_INVITED, key=_key(invitation))
    return invitation


def _key(invitation: Invitation) -> str:
    """What names an invitation among notices."""
    return f"invitation {invitation.pk}"
