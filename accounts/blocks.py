"""Keep somebody away: no mentorship with them, no review by them, and no word to them about it."""

from allauth.account.models import EmailAddress
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from accounts.models import Block, CohortInvitation, Invitation, Membership, Mentorship, User


class NotOneself(Exception):
    """Nobody blocks themselves."""


def may_be_blocked_by(user: User) -> QuerySet[User]:
    """Whoever had to do with this person: mentors and learners of now and before, who is or was in a
    cohort with them, and who invited them."""
    own = EmailAddress.objects.filter(user=user, verified=True).values_list("email", flat=True)
    invited = Q(pk=None)
    for email in own:
        invited |= Q(invitations_sent__email__iexact=email)
        invited |= Q(cohort_invitations_made__email__iexact=email)
    met = Q(mentorships_as_mentor__learner=user) | Q(mentorships_as_learner__mentor=user)
    beside = Membership.objects.filter(
        cohort__in=Membership.objects.filter(person=user).order_by().values("cohort")
    )
    met |= Q(pk__in=beside.order_by().values("person"))
    return User.objects.filter(met | invited).exclude(pk=user.pk).distinct()


def of(user: User) -> QuerySet[Block]:
    """Whom this person keeps away, the newest first."""
    return Block.objects.filter(blocker=user).select_related("blocked__profile")


@transaction.atomic
def block(blocker: User, blocked: User) -> Block:
    """End what there is between the two and let nothing begin again; blocking twice is once.

    In a cohort both stay, and neither guides the other through it (User.objects.guided_by).

    To the other it looks like a mentorship that was ended. Raises NotOneself.
    """
    if blocker.pk == blocked.pk:
        raise NotOneself
    hold(blocker, blocked)
    now = timezone.now()
    made, _ = Block.objects.get_or_create(blocker=blocker, blocked=blocked)
    between = Q(mentor=blocker, learner=blocked) | Q(mentor=blocked, learner=blocker)
    Mentorship.objects.active().filter(between).update(ended_at=now, ended_by=blocker)
    addresses = EmailAddress.objects.filter(user=blocked).values_list("email", flat=True)
    for email in [blocked.email, *addresses]:
        sent = Invitation.objects.filter(inviter=blocker, email__iexact=email, answered_at=None)
        sent.update(answer=Invitation.Answer.WITHDRAWN, answered_at=now)
    return made


def unblock(blocker: User, blocked: User) -> None:
    """Let the other ask again; what was ended stays so."""
    Block.objects.filter(blocker=blocker, blocked=blocked).delete()


def hold(*people: User) -> None:
    """Until the transaction ends, nothing else begins or ends between these people."""
    keys = sorted(person.pk for person in people)
    list(User.objects.select_for_update().filter(pk__in=keys).order_by("pk"))


def is_unwanted(invitation: Invitation | CohortInvitation) -> bool:
    """Whether the invited address belongs to somebody who blocked the sender."""
    sender = (
        invitation.made_by_id if isinstance(invitation, CohortInvitation) else invitation.inviter_id
    )
    people = EmailAddress.objects.filter(email__iexact=invitation.email, verified=True)
    return Block.objects.filter(blocker__in=people.values("user"), blocked=sender).exists()
