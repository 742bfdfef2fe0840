"""Write down who looked at what that was not public, and forget it after a year.

Writing is one insert that leaves alone what the hour has already, and a page never fails for it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from django.db import DatabaseError, transaction
from django.utils import timezone

from accounts.models import Sighting, User

log = structlog.get_logger(__name__)

#: How long a sighting is kept.
KEPT = timedelta(days=365)
#: Rows that are forgotten in one statement.
BATCH = 1000


@dataclass(frozen=True, slots=True)
class Thing:
    """What was seen: its kind (Sighting.Kind), a key that tells it from others, and its name."""

    kind: str
    key: int | str = ""
    words: str = ""


def record(viewer: User, owners: Iterable[int], thing: Thing, path: str) -> None:
    """Write down that somebody saw a thing of these people (by their keys); never of their own.

    Within one hour the same is written once. A database that refuses is logged, and raises nothing.
    """
    now = timezone.now()
    hour = now.replace(minute=0, second=0, microsecond=0)
    rows = [
        Sighting(
            viewer=viewer,
            owner_id=owner,
            kind=thing.kind,
            thing=str(thing.key)[:64],
            words=thing.words[:120],
            path=path[:200],
            seen_at=now,
            hour=hour,
        )
        for owner in owners
        if owner != viewer.pk
    ]
    if not rows:
        return
    try:
        with transaction.atomic():
            Sighting.objects.bulk_create(rows, ignore_conflicts=True)
    except DatabaseError as error:
        log.error("a sighting was not written", viewer=viewer.pk, error=type(error).__name__)


def forget_old(now: datetime | None = None) -> int:
    """Delete what is older than a year, some at a time; how many they were."""
    before = (now or timezone.now()) - KEPT
    forgotten = 0
    while keys := list(
        Sighting.objects.filter(seen_at__lt=before).values_list("pk", flat=True)[:BATCH]
    ):
        forgotten += Sighting.objects.filter(pk__in=keys).delete()[0]
    return forgotten
