"""Make a cohort, invite to it, join, leave, take out and end: how people come to learn together.

Nothing here tells whether an address belongs to somebody, and nobody is put into a cohort: what one
opens to whom begins with one's own yes.
"""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from allauth.account.models import EmailAddress
from django.db import IntegrityError, transaction
from django.db.models import F, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify

from accounts import invitations, kinds, notices, unsubscribing
from accounts.kinds import Timing
from accounts.models import Cohort, CohortInvitation, Membership, Part, User

#: How many letters may leave for one cohort within a day.
LETTERS_A_DAY = 200
#: How many ways into one cohort may be open.
OPEN_LIMIT = 500
#: Words that stand where a cohort's slug stands in an address.
RESERVED_SLUGS = frozenset(["new", "join", "leave"])


class CohortError(Exception):
    """Something that cannot be done with a cohort."""


class Ended(CohortError):
    """The cohort has ended, or ended a moment ago."""


class InvitationClosed(CohortError):
    """The invitation was used up, withdrawn or has expired, or its cohort has ended."""


class AlreadyMember(CohortError):
    """The person takes part in the cohort already, as `membership` says."""

    def __init__(self, membership: Membership):
        super().__init__(membership)
        self.membership = membership


class TooManyInvitations(CohortError):
    """As many letters within a day, or ways in at one time, as a cohort may have."""


class OnlyByLetter(CohortError):
    """An organiser is invited at one address, never by a link that many can use."""


def create(
    name: str,
    *,
    by: User,
    organiser: str,
    about: str = "",
    starts_on: date | None = None,
    ends_on: date | None = None,
) -> tuple[Cohort, CohortInvitation | None]:
    """A cohort, and the invitation of its organiser; None for an address that `by` has proved theirs.

    Then `by` is the organiser at once. The slug is made from the name; of two cohorts of one name
    made at once the database gives one the next number.
    """
    facts = {"name": name, "about": about, "starts_on": starts_on, "ends_on": ends_on}
    base = slugify(name)[:50].strip("-") or "cohort"
    number = 1
    while True:
        slug = base if number == 1 else f"{base}-{number}"
        number += 1
        if slug in RESERVED_SLUGS or Cohort.objects.filter(slug=slug).exists():
            continue
        try:
            with transaction.atomic():
                cohort = Cohort.objects.create(slug=slug, **facts)
                return cohort, _name_organiser(cohort, organiser, by)
        except IntegrityError:
            if not Cohort.objects.filter(slug=slug).exists():
                raise


def change(cohort: Cohort, **facts: Any) -> None:
    """Give a cohort another name, sentence or days; its address stays. Raises Ended."""
    if not Cohort.objects.live().filter(pk=cohort.pk).update(**facts):
        raise Ended


def end(cohort: Cohort, *, by: User) -> Cohort:
    """End a cohort, for everybody at once and for good; ending it again changes nothing.

    What its mentors have not read of its learners is gone with it, unless they mentor them otherwise.
    """
    now = timezone.now()
    with transaction.atomic():
        members = list(cohort.memberships.active().select_related("person"))
        if Cohort.objects.live().filter(pk=cohort.pk).update(ended_at=now, ended_by=by):
            mentors = [each.person_id for each in members if each.part == Part.MENTOR]
            for each in members:
                if each.part == Part.LEARNER:
                    _forget(each.person, mentors)
    cohort.refresh_from_db()
    return cohort


@transaction.atomic
def invite_by_link(
    cohort: Cohort, *, by: User, part: str, lifetime: timedelta, max_uses: int
) -> CohortInvitation:
    """A link with which so many people can join. Raises OnlyByLetter, TooManyInvitations or Ended."""
    if part == Part.ORGANISER:
        raise OnlyByLetter
    _hold(cohort)
    _refuse_more(cohort, ways=1, letters=0)
    return _invite(cohort, by=by, part=part, lifetime=lifetime, max_uses=max_uses)


@transaction.atomic
def invite_by_email(
    cohort: Cohort, emails: Iterable[str], *, by: User, part: str, lifetime: timedelta
) -> list[CohortInvitation]:
    """An invitation for each address, its letter still to be sent; those who have one open are left out.

    Raises TooManyInvitations, after which none was made, or Ended.
    """
    _hold(cohort)
    asked = cohort.invitations.open().filter(part=part).values_list("email", flat=True)
    known = {email.lower() for email in asked}
    fresh: dict[str, str] = {}
    for email in emails:
        if email.lower() not in known:
            fresh.setdefault(email.lower(), email)
    _refuse_more(cohort, ways=len(fresh), letters=len(fresh))
    return [
        _invite(cohort, by=by, part=part, lifetime=lifetime, email=email)
        for email in fresh.values()
    ]


def deliver(invitation_id: int) -> bool:
    """Bring an invitation to one address to whom it is for; whether its letter left now.

    As for mentorships: a member is told on the site, too, in the background, and gets no letter if
    they want none of this kind at once.
    """
    invitation = CohortInvitation.objects.open().by_email().filter(pk=invitation_id).first()
    if invitation is None:
        return False
    member = invitations.member_at(invitation.email)
    if member is None or member == invitation.made_by:
        return invitations.send_to_cohort(invitation_id)
    if (
        not asking(member).filter(pk=invitation_id).exists()
    ):  # they are in it, or keep the sender away
        return invitations.send_to_cohort(invitation_id)
    notices.tell(
        member,
        kinds.COHORT_INVITED,
        key=_key(invitation),
        path=reverse("accounts:cohorts"),
        actor=invitation.made_by,
        facts={"cohort": invitation.cohort.name, "part": invitation.part},
        has_own_letter=True,
    )
    if notices.timing_of(member, kinds.COHORT_INVITED) == Timing.AT_ONCE:
        stop = unsubscribing.link(member, kinds.COHORT_INVITED.code)
        return invitations.send_to_cohort(invitation_id, stop=stop)
    invitations.leave_unsent(invitation_id, CohortInvitation)
    return False


def asking(person: User) -> QuerySet[CohortInvitation]:
    """The open invitations to this person's verified addresses, newest first.

    None to a cohort they are in, and none by somebody whom they blocked.
    """
    own = EmailAddress.objects.filter(user=person, verified=True)
    addresses = Q(pk=None)
    for email in own.values_list("email", flat=True):
        addresses |= Q(email__iexact=email)
    there = Membership.objects.active().filter(person=person)
    wanted = CohortInvitation.objects.open().by_email().filter(addresses)
    wanted = wanted.exclude(cohort__in=there.order_by().values("cohort"))
    wanted = wanted.exclude(made_by__blocks_suffered__blocker=person)
    return wanted.select_related("cohort", "made_by__profile")


def withdraw(invitation: CohortInvitation) -> None:
    """Close a way in. Who came through it stays. Raises InvitationClosed when it was closed before."""
    now = timezone.now()
    still_open = CohortInvitation.objects.filter(
        pk=invitation.pk, withdrawn_at=None, expires_at__gt=now, uses__lt=F("max_uses")
    )
    with transaction.atomic():
        if not still_open.update(withdrawn_at=now):
            raise InvitationClosed
        notices.settle(kinds.COHORT_INVITED, key=_key(invitation))


def find(secret: str) -> CohortInvitation | None:
    """The invitation whose link carries this secret, open or not; None when there is none."""
    found = CohortInvitation.objects.select_related("cohort", "made_by__profile")
    return found.filter(token_hash=invitations.hash_of(secret)).first()


def join(invitation: CohortInvitation, person: User) -> Membership:
    """Take the part that an invitation offers. Counts one of its uses, together with the membership.

    Raises InvitationClosed, and AlreadyMember, after which the invitation has as many uses as before.
    """
    try:
        with transaction.atomic():
            cohort = Cohort.objects.live().select_for_update().filter(pk=invitation.cohort_id)
            if not cohort.exists() or not invitation.made_by.is_active:
                raise InvitationClosed
            # On the row itself: in a subquery PostgreSQL would not look again after waiting.
            usable = CohortInvitation.objects.filter(
                pk=invitation.pk,
                withdrawn_at=None,
                expires_at__gt=timezone.now(),
                uses__lt=F("max_uses"),
            )
            if (already := membership_of(person, invitation.cohort)) is not None:
                raise AlreadyMember(already)
            if not usable.update(uses=F("uses") + 1):
                raise InvitationClosed
            membership = Membership.objects.create(
                cohort_id=invitation.cohort_id, person=person, part=invitation.part
            )
            notices.settle(kinds.COHORT_INVITED, key=_key(invitation))
            _tell_organisers(membership)
            return membership
    except IntegrityError:  # another tab joined in the same moment
        already = membership_of(person, invitation.cohort)
        if already is None:
            raise
        raise AlreadyMember(already) from None


def leave(membership: Membership, *, by: User) -> Membership:
    """End a membership, at once; ending it again changes nothing.

    `by` is the member who leaves, or the organiser who takes them out. What a mentor has not read of a
    learner is gone with it, unless they mentor them otherwise.
    """
    with transaction.atomic():
        active = Membership.objects.active().filter(pk=membership.pk)
        if active.update(left_at=timezone.now(), ended_by=by):
            _forget_by(membership)
    membership.refresh_from_db()
    return membership


def membership_of(person: User, cohort: Cohort) -> Membership | None:
    """The part that somebody takes in a cohort now, if any."""
    return Membership.objects.active().filter(cohort=cohort, person=person).first()


def memberships_of(person: User) -> QuerySet[Membership]:
    """What somebody takes part in now, by name; cohorts that have ended are not among them."""
    own = Membership.objects.in_force().filter(person=person)
    return own.select_related("cohort").order_by("cohort__name", "pk")


def led_by(mentor: User) -> QuerySet[Cohort]:
    """The live cohorts whose mentor this person is now, by name."""
    led = Membership.objects.in_force().mentors().filter(person=mentor)
    return Cohort.objects.filter(pk__in=led.order_by().values("cohort"))


def shared_by(mentor: User, learner: User) -> QuerySet[Cohort]:
    """The live cohorts in which the one mentors and the other learns now."""
    learned = Membership.objects.in_force().learners().filter(person=learner)
    return led_by(mentor).filter(pk__in=learned.order_by().values("cohort"))


def learners_in(cohort: Cohort) -> QuerySet[User]:
    """Who learns in a live cohort now, by name, with their profiles."""
    here = cohort.memberships.in_force().learners().order_by().values("person")
    people = User.objects.filter(pk__in=here).select_related("profile")
    return people.order_by("profile__name", "pk")


def _name_organiser(cohort: Cohort, email: str, by: User) -> CohortInvitation | None:
    own = EmailAddress.objects.filter(user=by, email__iexact=email, verified=True)
    if own.exists():
        Membership.objects.create(cohort=cohort, person=by, part=Part.ORGANISER)
        return None
    lifetime = timedelta(days=14)
    return _invite(cohort, by=by, part=Part.ORGANISER, lifetime=lifetime, email=email)


def _invite(
    cohort: Cohort,
    *,
    by: User,
    part: str,
    lifetime: timedelta,
    email: str = "",
    max_uses: int = 1,
) -> CohortInvitation:
    nonce = invitations.new_nonce()
    now = timezone.now()
    return CohortInvitation.objects.create(
        cohort=cohort,
        part=part,
        email=email,
        nonce=nonce,
        token_hash=invitations.hash_of(invitations.secret_from(nonce)),
        made_by=by,
        made_at=now,
        send_at=now,
        expires_at=now + lifetime,
        max_uses=max_uses,
    )


def _tell_organisers(membership: Membership) -> None:
    """Tell those who organise a cohort that somebody joined it."""
    organisers = membership.cohort.memberships.in_force().organisers()
    for organiser in organisers.select_related("person"):
        notices.tell(
            organiser.person,
            kinds.COHORT_JOINED,
            key=f"membership {membership.pk}",
            path=membership.cohort.get_absolute_url(),
            actor=membership.person,
            facts={"cohort": membership.cohort.name, "part": membership.part},
        )


def _forget_by(membership: Membership) -> None:
    """Remove what was told of learners to mentors whom this membership alone led to them."""
    others = membership.cohort.memberships.active().select_related("person")
    if membership.part == Part.LEARNER:
        _forget(membership.person, others.mentors().order_by().values_list("person", flat=True))
    elif membership.part == Part.MENTOR:
        for learner in others.learners():
            _forget(learner.person, [membership.person_id])


def _forget(learner: User, mentors: Iterable[int]) -> None:
    """Remove what these mentors, by their keys, have not read of a learner they guide no more."""
    strangers = User.objects.filter(pk__in=mentors).exclude(
        pk__in=User.objects.guiding(learner).values("pk")
    )
    for mentor in strangers:
        notices.forget_about(learner, recipient=mentor)


def _key(invitation: CohortInvitation) -> str:
    """What names an invitation among notices."""
    return f"cohort invitation {invitation.pk}"


def _hold(cohort: Cohort) -> None:
    """Let nobody else invite to the cohort or end it until the transaction around this ends."""
    if not Cohort.objects.live().select_for_update().filter(pk=cohort.pk).first():
        raise Ended


def _refuse_more(cohort: Cohort, *, ways: int, letters: int) -> None:
    a_day_ago = timezone.now() - timedelta(days=1)
    sent = cohort.invitations.by_email().filter(made_at__gt=a_day_ago).count()
    if letters and sent + letters > LETTERS_A_DAY:
        raise TooManyInvitations
    if cohort.invitations.open().count() + ways > OPEN_LIMIT:
        raise TooManyInvitations
