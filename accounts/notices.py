"""Tell people what concerns them, once; how they choose to hear of it; and what they have read."""

from collections.abc import Iterable, Mapping
from datetime import timedelta

from allauth.account.models import EmailAddress
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone

from accounts import kinds
from accounts.kinds import Kind, Timing
from accounts.models import Letter, Notice, NoticeChoice, Profile, User

#: How long a notice is kept after it was read, and one that nobody reads after it was told.
READ_KEPT = timedelta(days=90)
UNREAD_KEPT = timedelta(days=365)
#: Unread notices are counted up to here.
MOST_COUNTED = 100


def tell(
    recipient: User,
    kind: Kind,
    *,
    key: str,
    path: str,
    actor: User | None = None,
    facts: Mapping[str, object] | None = None,
    has_own_letter: bool = False,
) -> Notice | None:
    """Tell a person one fact; None when they were told it before, did it themselves or are shut out.

    `key` names the fact among those of its kind, such as "review 12"; `path` is a page of this site
    that the recipient may see; `facts` are names and titles for the sentence of the kind. Whoever
    wants the kind at once gets a letter, written in the same transaction as the notice, which the
    scheduler sends; unless the fact `has_own_letter`, as an invitation has. So call this where the fact
    itself is written.
    """
    if recipient == actor or not recipient.is_active:
        return None
    timing = timing_of(recipient, kind)
    try:
        with transaction.atomic():
            notice = Notice.objects.create(
                recipient=recipient,
                actor=actor,
                kind=kind.code,
                key=key,
                path=path,
                facts={name: str(value) for name, value in (facts or {}).items()},
                timing=timing,
            )
    except IntegrityError:
        if Notice.objects.filter(recipient=recipient, kind=kind.code, key=key).exists():
            return None
        raise
    if timing == Timing.AT_ONCE and not has_own_letter and address_of(recipient):
        Letter.objects.create(recipient=recipient, notice=notice)
    return notice


def settle(kind: Kind, *, key: str) -> None:
    """What a notice asked for is done, or asked no more: nobody need read it, and no digest tells it.

    A key with more behind a space, such as "review 12 again", is of the same fact.
    """
    same = Q(key=key) | Q(key__startswith=f"{key} ")
    asked = Notice.objects.unread().filter(same, kind=kind.code)
    asked.update(read_at=timezone.now())


def forget_about(actor: User, *, recipient: User) -> None:
    """Remove what somebody was told of a person and has not read, with the letters not sent yet.

    For the end of a mentorship: from then on the one hears nothing of the other.
    """
    Notice.objects.unread().filter(actor=actor, recipient=recipient).delete()


def address_of(user: User) -> str:
    """Where letters to a person go: their primary address, once verified; "" without one."""
    own = EmailAddress.objects.filter(user=user, primary=True, verified=True)
    return own.values_list("email", flat=True).first() or ""


# What a person chooses


def timing_of(user: User, kind: Kind) -> Timing:
    """When this person wants this kind by e-mail."""
    chosen = NoticeChoice.objects.filter(user=user, kind=kind.code).first()
    return Timing(chosen.timing) if chosen else kind.timing


def choices_of(user: User) -> dict[str, Timing]:
    """When this person wants each kind by e-mail, by the kind's code."""
    chosen = dict(NoticeChoice.objects.filter(user=user).values_list("kind", "timing"))
    return {kind.code: Timing(chosen.get(kind.code, kind.timing)) for kind in kinds.KINDS}


@transaction.atomic
def choose(user: User, kind: Kind, timing: Timing) -> None:
    """Mail a kind from now on as the person says; what waits for the daily letter included."""
    NoticeChoice.objects.update_or_create(user=user, kind=kind.code, defaults={"timing": timing})
    if timing == Timing.NEVER:
        waiting = Notice.objects.awaiting_digest().filter(recipient=user, kind=kind.code)
        waiting.update(timing=timing)


@transaction.atomic
def choose_all(user: User, timings: Mapping[str, Timing], digest_hour: int | None) -> None:
    """All choices of a person at once: timings by the kinds' codes, and the hour of the daily letter.

    `digest_hour` is of the person's own clock; None for no daily letter.
    """
    before = choices_of(user)
    for kind in kinds.KINDS:
        if timings[kind.code] != before[kind.code]:
            choose(user, kind, timings[kind.code])
    Profile.objects.filter(user=user).update(digest_hour=digest_hour)


# What a person has read


def unread_count(user: User) -> int:
    """How many notices wait to be read; counted to a hundred."""
    return Notice.objects.unread().filter(recipient=user)[:MOST_COUNTED].count()


def mark_read(user: User, notice_ids: Iterable[int]) -> int:
    """Mark those of a person's own notices as read; how many were not."""
    own = Notice.objects.unread().filter(recipient=user, pk__in=notice_ids)
    return own.update(read_at=timezone.now())


def mark_all_read(user: User, *, until: int) -> int:
    """Mark all of a person's notices as read, up to the one with this id: the newest they were shown."""
    own = Notice.objects.unread().filter(recipient=user, pk__lte=until)
    return own.update(read_at=timezone.now())


def remove_old() -> int:
    """Remove notices that were read long ago, or told a year ago; how many."""
    now = timezone.now()
    read = Notice.objects.filter(read_at__lt=now - READ_KEPT)
    told = Notice.objects.filter(created_at__lt=now - UNREAD_KEPT)
    removed = 0
    for old in (read, told):
        _, by_model = old.delete()
        removed += by_model.get("accounts.Notice", 0)
    return removed
