"""Bring a takeout here: take the file, read it, ask, and write it whole or not at all.

A worker reads and a worker writes. The rows and the word that it is done are one transaction, so whoever
is killed has done all or nothing.
"""

import os
import secrets
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import timedelta
from pathlib import Path

import structlog
from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import archives, bringing, register
from accounts.archives import Refused
from accounts.models import Arrival, User

log = structlog.get_logger(__name__)

#: How long a worker may hold one, which is longer than the task may take, and how often it is tried.
LEASE, MOST_TRIES = timedelta(seconds=120), 3
#: A try that ran into trouble is followed by another so much later.
PAUSE = timedelta(seconds=30)
#: How long a file waits for a yes, and how long the row stays.
PATIENCE, KEPT = timedelta(days=1), timedelta(days=7)
#: Names that are told of those that are not known here.
MOST_TOLD = 50

Status = Arrival.Status


class TooLarge(Exception):
    """The upload has more bytes than are read."""


class Busy(Exception):
    """This person has brought one that is not settled yet."""


def receive(person: User, chunks: Iterable[bytes]) -> Arrival:
    """Keep an uploaded file, to be read by a worker. Raises TooLarge and Busy, and then keeps nothing."""
    if person.arrivals.active().exists():
        raise Busy
    arrival = Arrival(person=person, file=secrets.token_urlsafe(32))
    path = path_of(arrival)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        arrival.size = _write(path, chunks)
        with transaction.atomic():
            arrival.save()
    except IntegrityError:  # another tab in the same moment
        path.unlink(missing_ok=True)
        raise Busy from None
    except (TooLarge, OSError):
        path.unlink(missing_ok=True)
        raise
    return arrival


def due(*, limit: int = 20) -> list[int]:
    """The ids of those that a worker has to go on with now."""
    waiting = Arrival.objects.due(timezone.now()).order_by("due_at", "pk")
    return list(waiting.values_list("pk", flat=True)[:limit])


def claim(arrival_id: int) -> Arrival | None:
    """Take one that is due, for the length of the lease; None when there is none to take."""
    now = timezone.now()
    arrival = Arrival.objects.due(now).filter(pk=arrival_id).select_related("person").first()
    if arrival is None:
        return None
    as_it_was = Arrival.objects.filter(
        pk=arrival.pk, attempts=arrival.attempts, due_at=arrival.due_at, status=arrival.status
    )
    arrival.attempts += 1
    arrival.tries += 1
    arrival.due_at = now + LEASE
    changed = ["attempts", "tries", "due_at"]
    if not as_it_was.update(**{name: getattr(arrival, name) for name in changed}):
        return None
    if arrival.tries > MOST_TRIES:
        _end(arrival, Status.FAILED)
        return None
    return arrival


def go_on(arrival: Arrival) -> None:
    """Read a claimed one, or write it. What is wrong with the file refuses all of it."""
    try:
        if arrival.status == Status.READING:
            _read(arrival)
        else:
            _load(arrival)
    except Refused as refused:
        _end(arrival, Status.REFUSED, where=refused.where[:300], why=refused.why[:300])


def let_go(arrival: Arrival) -> None:
    """Give a claimed one back, to be tried again after a pause."""
    _held(arrival).update(due_at=timezone.now() + PAUSE)


def agree(person: User) -> Arrival | None:
    """The person says yes to what they were shown; None when there is nothing to say yes to."""
    asking = person.arrivals.filter(status=Status.ASKING)
    if not asking.update(status=Status.WRITING, due_at=timezone.now(), tries=0):
        return None
    return person.arrivals.active().first()


def drop(person: User) -> bool:
    """The person says no, or has read how it ended; whether there was one. One being written stays."""
    found = person.arrivals.exclude(status=Status.WRITING)
    return bool(remove(found))


def latest_of(person: User) -> Arrival | None:
    """The one to tell a person of."""
    return person.arrivals.first()


def path_of(arrival: Arrival) -> Path:
    """Where the uploaded file lies."""
    return settings.TAKEOUT_DIR / f"{arrival.file}.arrival"


def remove(arrivals: Iterable[Arrival]) -> int:
    """Remove some with their files; how many."""
    removed = 0
    for arrival in arrivals:
        path_of(arrival).unlink(missing_ok=True)
        removed += Arrival.objects.filter(pk=arrival.pk).delete()[0]
    return removed


def remove_old() -> int:
    """Remove those that nobody said yes to within a day, and those that ended a week ago; how many."""
    now = timezone.now()
    waiting = Arrival.objects.filter(status=Status.ASKING, brought_at__lt=now - PATIENCE)
    ended = Arrival.objects.filter(ended_at__lt=now - KEPT)
    return remove(waiting) + remove(ended)


def _write(path: Path, chunks: Iterable[bytes]) -> int:
    size = 0
    with open(path, "xb", opener=_private) as file:
        for chunk in chunks:
            size += len(chunk)
            if size > archives.MOST_BYTES:
                raise TooLarge
            file.write(chunk)
    return size


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _read(arrival: Arrival) -> None:
    """What would come, told to the person."""
    archive = _archive(arrival)
    plan = bringing.plan(arrival.person, dict(archive.files))
    with archives.files_of(path_of(arrival)) as content:
        for name, back in register.FILES_BACK.items():
            plan.comes[name] = back.count(arrival.person, archive.files, content)
    told = {
        "site": archive.site,
        "made_at": archive.made_at,
        "comes": _counted(plan.comes),
        "here": _counted(plan.here),
        "unknown": dict(_most(plan.unknown)),
        "loose": dict(_most(plan.loose)),
        "left_out": sum(plan.unknown.values()),
    }
    _held(arrival).update(status=Status.ASKING, told=told, tries=0)


def _load(arrival: Arrival) -> None:
    """All of it in one transaction, with the word that it is done."""
    archive = _archive(arrival)
    with transaction.atomic():
        person = User.objects.select_for_update().get(pk=arrival.person.pk)
        if not _held(arrival).exists():
            return
        plan = bringing.plan(person, dict(archive.files))
        bringing.carry_out(plan)
        with archives.files_of(path_of(arrival)) as content:
            for name, back in register.FILES_BACK.items():
                plan.comes[name] = back.bring(person, archive.files, content)
        told = arrival.told | {"comes": _counted(plan.comes), "here": _counted(plan.here)}
        now = timezone.now()
        if not _held(arrival).update(status=Status.DONE, told=told, ended_at=now):
            raise Refused(_("the file"), _("It was taken back meanwhile."))
    path_of(arrival).unlink(missing_ok=True)
    log.info("an arrival is done", arrival=arrival.pk, rows=sum(plan.comes.values()))


def _archive(arrival: Arrival) -> archives.Archive:
    path = path_of(arrival)
    if not path.exists():
        raise Refused(_("the file"), _("It is no longer here. Please bring it once more."))
    return archives.read(path, bringing.brought())


def _end(arrival: Arrival, status: str, **facts: str) -> None:
    if _held(arrival).update(status=status, ended_at=timezone.now(), **facts):
        path_of(arrival).unlink(missing_ok=True)
        log.warning("an arrival ended", arrival=arrival.pk, status=str(status))


def _held(arrival: Arrival):
    """The row, as long as this claim is the latest."""
    return Arrival.objects.filter(pk=arrival.pk, attempts=arrival.attempts, status=arrival.status)


def _counted(counter: Counter) -> dict[str, int]:
    """Numbers by file, with what stands inside added to it."""
    found: Counter = Counter()
    for name, number in counter.items():
        found[name.partition(".")[0].replace("-", " ")] += number
    return dict(+found)


def _most(counter: Counter) -> Iterator[tuple[str, int]]:
    return iter(counter.most_common(MOST_TOLD))
