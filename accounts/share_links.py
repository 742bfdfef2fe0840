"""Make, open and revoke secret links, and count what was opened by them.

A token is 256 random bits. Its SHA-256 is kept, it itself is shown once: whoever reads the table cannot
open anything, and who lost a link makes another one.
"""

import hashlib
import secrets
from datetime import datetime, timedelta

import structlog
from django.contrib.auth.models import AnonymousUser
from django.db import DatabaseError, transaction
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.views.decorators.debug import sensitive_variables

from accounts.models import ShareLink, User, Visit
from accounts.sightings import Thing

log = structlog.get_logger(__name__)

#: Links that one person has open at a time.
OPEN_LIMIT = 20
#: Where a session keeps the links that a browser has opened, and how many of them.
OPENED = "opened_links"
MOST_OPENED = 30
#: How long a visit is kept, and a link after it has ended.
KEPT = timedelta(days=365)
#: Rows that are forgotten in one statement.
BATCH = 1000


class TooManyLinks(Exception):
    """This person has as many open links as one may have."""


@sensitive_variables("token")
def make(owner: User, label: str, lifetime: timedelta) -> tuple[ShareLink, str]:
    """A new link of this person and its token, which nobody can say again later. Raises TooManyLinks."""
    token = secrets.token_urlsafe(32)
    now = timezone.now()
    with transaction.atomic():
        User.objects.select_for_update().get(pk=owner.pk)  # two tabs, one count
        if owner.share_links.in_force().count() >= OPEN_LIMIT:
            raise TooManyLinks
        link = owner.share_links.create(
            label=label, token_hash=hash_of(token), made_at=now, expires_at=now + lifetime
        )
    return link, token


def hash_of(token: str) -> str:
    """What the table keeps of a token: its SHA-256 as 64 hexadecimal digits."""
    return hashlib.sha256(token.encode()).hexdigest()


@sensitive_variables("token")
def find(token: str) -> ShareLink | None:
    """The link in force with this token; None for one that is not, was revoked or has expired."""
    wanted = hash_of(token)
    links = ShareLink.objects.in_force().select_related("owner__profile")
    link = links.filter(token_hash=wanted).first()
    known = link.token_hash if link else hash_of("")
    return link if constant_time_compare(known, wanted) else None


def revoke(link: ShareLink) -> bool:
    """End a link now, for whoever has opened it too; whether it was open until now."""
    open_still = ShareLink.objects.filter(
        pk=link.pk, revoked_at=None, expires_at__gt=timezone.now()
    )
    return bool(open_still.update(revoked_at=timezone.now()))


def with_another(opened: dict[str, str], link: ShareLink) -> dict[str, str]:
    """What a session keeps once this link was opened too: links by their keys, the newest last.

    Beside each stands a random value that tells this browser from another, at this link alone.
    """
    visitor = opened.get(str(link.pk)) or secrets.token_urlsafe(16)
    others = [(pk, value) for pk, value in opened.items() if pk != str(link.pk)]
    return dict([*others, (str(link.pk), visitor)][-MOST_OPENED:])


def record(viewer: User | AnonymousUser, owner_id: int, thing: Thing) -> None:
    """Count that this browser opened a thing of its owner's (by their key), if it came by a link.

    Within one hour the same is counted once. A database that refuses is logged, and raises nothing.
    """
    now = timezone.now()
    opened = getattr(viewer, "opened_links", {})
    if not opened:
        return
    links = ShareLink.objects.opened_by(viewer).filter(owner=owner_id)
    rows = [
        Visit(
            link_id=pk,
            visitor=opened[pk],
            what=thing.kind,
            thing=str(thing.key)[:64],
            words=thing.words[:120],
            visited_at=now,
            hour=now.replace(minute=0, second=0, microsecond=0),
        )
        for pk in links.values_list("pk", flat=True)
    ]
    try:
        with transaction.atomic():
            Visit.objects.bulk_create(rows, ignore_conflicts=True)
    except DatabaseError as error:
        log.error("a visit was not written", owner=owner_id, error=type(error).__name__)


def forget_old(now: datetime | None = None) -> int:
    """Delete visits that are older than a year and links that ended so long ago; how many rows."""
    before = (now or timezone.now()) - KEPT
    visits = Visit.objects.filter(visited_at__lt=before)
    ended = ShareLink.objects.filter(expires_at__lt=before) | ShareLink.objects.filter(
        revoked_at__lt=before
    )
    forgotten = 0
    for rows in (visits, ended):
        while keys := list(rows.values_list("pk", flat=True)[:BATCH]):
            forgotten += rows.model.objects.filter(pk__in=keys).delete()[0]
    return forgotten
