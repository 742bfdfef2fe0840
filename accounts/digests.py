"""The daily letter: once for each day of a person's own calendar, when there is something to tell."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta

from allauth.account.models import EmailAddress
from django.db import IntegrityError, transaction
from django.db.models import Exists, Max, Min, OuterRef, Subquery
from django.utils import timezone

from accounts.models import Digest, Letter, Notice, Profile, User

#: Two daily letters are at least so far apart, whatever becomes of a person's hour or time zone.
APART = timedelta(hours=12)
#: How long the row of a daily letter is kept at least.
KEPT = timedelta(days=90)


def latest_hour(profile: Profile, now: datetime) -> tuple[date, datetime]:
    """The day, in a person's own calendar, and the moment at which their hour last came.

    An hour that summer time leaves out comes when the clock has gone past it; one that it repeats
    comes the first time. Meaningless without a digest_hour.
    """
    today = now.astimezone(profile.zone).date()
    for day in (today, today - timedelta(days=1)):
        moment = datetime.combine(day, time(profile.digest_hour or 0), tzinfo=profile.zone)
        moment = moment.astimezone(UTC)
        if moment <= now:
            return day, moment
    raise AssertionError("unreachable: yesterday's hours are past")


def due() -> Iterator[int]:
    """The ids of people for whom a daily letter is to be made now. In one query.

    Their hour has come since something was told that they have not read and no letter has told; they
    want the daily letter, and their address is verified.
    """
    now = timezone.now()
    waiting = Notice.objects.awaiting_digest().filter(recipient=OuterRef("pk")).order_by()
    oldest = waiting.values("recipient").annotate(oldest=Min("created_at")).values("oldest")
    verified = EmailAddress.objects.filter(user=OuterRef("pk"), primary=True, verified=True)
    people = (
        User.objects.filter(Exists(waiting), Exists(verified), is_active=True)
        .exclude(profile__digest_hour=None)
        .annotate(oldest=Subquery(oldest), last=Max("digests__created_at"), day=Max("digests__day"))
        .select_related("profile")
    )
    for user in people:
        day, moment = latest_hour(user.profile, now)
        is_new = user.last is None or (user.day < day and user.last <= now - APART)
        if is_new and user.oldest < moment:
            yield user.pk


def make(user_id: int) -> Digest | None:
    """Write the daily letter of a person down, to be sent; None when it is there or has nothing to tell.

    What was told after their hour waits for the next day.
    """
    now = timezone.now()
    profile = Profile.objects.filter(user=user_id).exclude(digest_hour=None).first()
    if profile is None:
        return None
    day, moment = latest_hour(profile, now)
    try:
        with transaction.atomic():
            digest = Digest.objects.create(recipient_id=user_id, day=day)
            waiting = Notice.objects.awaiting_digest().filter(recipient=user_id)
            if not waiting.filter(created_at__lt=moment).update(digest=digest):
                raise _NothingToTell
            Letter.objects.create(recipient_id=user_id, digest=digest)
    except (IntegrityError, _NothingToTell):  # another worker made it, or they have read it all
        return None
    return digest


def remove_old() -> None:
    """Remove old daily letters of which no notice is left; as long as one is, it is not told again."""
    old = Digest.objects.filter(created_at__lt=timezone.now() - KEPT)
    old.exclude(Exists(Notice.objects.filter(digest=OuterRef("pk")))).delete()


class _NothingToTell(Exception):
    """Everything that waited was read meanwhile."""
