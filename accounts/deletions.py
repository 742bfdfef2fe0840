"""Delete an account: ask for it, take it back within two weeks, and carry it out.

With the asking the account is switched off: nobody can sign in, its public page and links are dead, and
whoever it guided or was guided by is told that it leaves. Only keeping it is possible. After the grace a
worker deletes what the register says, kind by kind and some rows at a time, what hangs on others first and
the account itself last. Every turn finds by itself what is left, so one that is cut off is gone on with.
"""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

import structlog
from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session
from django.core.mail import EmailMultiAlternatives
from django.core.signing import BadSignature, Signer
from django.db import IntegrityError, models, transaction
from django.db.models import Q
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import (
    deleted_accounts,
    entries,
    kinds,
    letters,
    mentorships,
    names,
    notices,
    register,
)
from accounts.models import Deletion, Notice, User
from accounts.register import Line

log = structlog.get_logger(__name__)

#: How long an account can still be kept.
GRACE = timedelta(days=14)
#: How long a worker may hold one: twice the hard time limit of a task (30 s).
LEASE = timedelta(seconds=60)
#: Seconds for which one turn begins new batches, and how many rows a batch has.
TURN, BATCH = 8.0, 500
#: A turn that ran into trouble is followed by another so much later.
PAUSE = timedelta(minutes=5)
#: How long the row stays when all is done.
KEPT = timedelta(days=30)

_SALT = "accounts.deletions"


class LastOfStaff(Exception):
    """Nobody else could run the place."""


class TooLate(Exception):
    """It has begun, is done, or there is none."""


@dataclass(frozen=True, slots=True)
class Count:
    """So many rows of one kind, and for those that stay why."""

    words: str
    number: int
    why: str = ""


# Before


def what_goes(person: User) -> list[Count]:
    """What a person would lose, by kind; what there is none of is left out."""
    tops = {shape.line.model: shape for shape in entries.shapes().values()}
    counts = [Count(_in_words(shape), _mine(shape.line, person).count()) for shape in tops.values()]
    return [count for count in counts if count.number]


def what_stays(person: User) -> list[Count]:
    """What would stay without the person's name, by the reason why."""
    by_reason: dict[str, list[tuple[str, int]]] = {}
    for line in register.LINES.values():
        if not line.loses or line.rows is Deletion:
            continue
        rows = line.rows._default_manager.filter(_named_by(line, person))
        if number := rows.exclude(_of(line, person)).count():
            words = str(line.rows._meta.verbose_name_plural)
            by_reason.setdefault(line.stays, []).append((words, number))
    return [
        Count(", ".join(words for words, _n in found), sum(n for _words, n in found), why)
        for why, found in by_reason.items()
    ]


def ask(person: User, *, grace: timedelta = GRACE) -> Deletion:
    """Switch an account off, to be deleted when the grace is over; asking again can only shorten it.

    Raises LastOfStaff for the last person who could run the place.
    """
    with transaction.atomic():
        locked = _lock(person)
        until = timezone.now() + grace
        if deletion := Deletion.objects.filter(person=locked).first():
            sooner = Deletion.objects.in_grace().filter(pk=deletion.pk, due_at__gt=until)
            sooner.update(due_at=until, grace_until=until)
            return deletion
        if locked.is_superuser and not _others_run_the_place(locked):
            raise LastOfStaff
        deletion = Deletion.objects.create(person=locked, grace_until=until, due_at=until)
        _tell_others(deletion, locked)
        User.objects.filter(pk=locked.pk).update(is_active=False)
        end_sessions(locked)
        _write(deletion, locked, "deletion_asked", _("Your account will be deleted"))
    log.info("a deletion was asked for", deletion=deletion.pk)
    return deletion


@transaction.atomic
def ask_again(person: User) -> Deletion:
    """Switch off an account that a backup brought back after it was deleted; it goes at once, and nobody is told."""
    now = timezone.now()
    Deletion.objects.filter(person=person).delete()
    deletion = Deletion.objects.create(person=person, grace_until=now, due_at=now)
    User.objects.filter(pk=person.pk).update(is_active=False)
    end_sessions(person)
    log.info("an account that came back is deleted again", deletion=deletion.pk)
    return deletion


def keep(deletion: Deletion) -> None:
    """Take a deletion back: the account is as it was. Raises TooLate."""
    with transaction.atomic():
        person = _lock(deletion.person) if deletion.person else None
        if person is None or not Deletion.objects.in_grace().filter(pk=deletion.pk).delete()[0]:
            raise TooLate
        User.objects.filter(pk=person.pk).update(is_active=True)
        _tell_others_again(deletion, person)
        _write(deletion, person, "deletion_kept", _("Your account is kept"))
    log.info("a deletion was taken back")


def link(deletion: Deletion) -> str:
    """The path at which a deletion is taken back, for whoever has the person's mailbox or password."""
    token = Signer(salt=_SALT).sign(f"{deletion.pk}.{deletion.person_id}")
    return reverse("accounts:keep_account", args=[token])


def read(token: str) -> Deletion:
    """The deletion that a link is about. Raises TooLate."""
    try:
        key, _dot, person = Signer(salt=_SALT).unsign(token).partition(".")
    except BadSignature:
        raise TooLate from None
    found = Deletion.objects.in_grace().filter(pk=key, person=person)
    deletion = found.select_related("person__profile").first()
    if deletion is None:
        raise TooLate
    return deletion


# After the grace


def due(*, limit: int = 20) -> list[int]:
    """The ids of deletions that are to be gone on with now."""
    waiting = Deletion.objects.due(timezone.now()).order_by("due_at", "pk")
    return list(waiting.values_list("pk", flat=True)[:limit])


def claim(deletion_id: int) -> Deletion | None:
    """Take one that is due, for the length of the lease; None when there is none to take.

    An account that staff switched on again meanwhile is kept.
    """
    now = timezone.now()
    found = Deletion.objects.due(now).filter(pk=deletion_id)
    deletion = found.select_related("person__profile").first()
    if deletion is None:
        return None
    as_it_was = Deletion.objects.unfinished().filter(
        pk=deletion.pk, attempts=deletion.attempts, due_at=deletion.due_at
    )
    with transaction.atomic():
        if deletion.person and deletion.is_in_grace and _lock(deletion.person).is_active:
            as_it_was.delete()
            return None
        deletion.attempts += 1
        deletion.due_at = now + LEASE
        deletion.begun_at = deletion.begun_at or now
        changed = ["attempts", "due_at", "begun_at"]
        if not as_it_was.update(**{name: getattr(deletion, name) for name in changed}):
            return None
    return deletion


def carry_out(deletion: Deletion) -> bool:
    """Delete rows of a claimed deletion for some seconds; whether all is done now.

    Harmless when it is cut off anywhere, and when it comes twice.
    """
    until = time.monotonic() + TURN
    person = deletion.person
    if person is not None:
        for name, number in _batches(person):
            deletion.removed[name] = deletion.removed.get(name, 0) + number
            held = _held(deletion)
            if not held.update(removed=deletion.removed, due_at=timezone.now() + LEASE):
                return False
            if time.monotonic() > until:
                let_go(deletion)
                return False
        deleted_accounts.write_down(person)
        try:
            with transaction.atomic():
                person.delete()  # with whatever came in between
        except IntegrityError:  # it came in this moment
            let_go(deletion)
            return False
    now = timezone.now()
    if _held(deletion).update(finished_at=now):
        log.info("a deletion is finished", deletion=deletion.pk, attempts=deletion.attempts)
    return True


def let_go(deletion: Deletion, pause: timedelta = timedelta(0)) -> None:
    """Give a claimed deletion back, to be gone on with."""
    _held(deletion).update(due_at=timezone.now() + pause)


def forget_old() -> int:
    """Remove rows of deletions that were finished a month ago; how many."""
    done = Deletion.objects.filter(finished_at__lt=timezone.now() - KEPT)
    return done.delete()[0]


# What no lookup finds


def end_sessions(person: User) -> None:
    """Sign a person out everywhere."""
    known = UserSession.objects.filter(user=person)
    Session.objects.filter(pk__in=known.values("session_key")).delete()
    known.delete()


def sessions_of(person: User) -> models.QuerySet[Session]:
    """Every session of a person, also those that no list of devices knows."""
    own = [
        session.pk
        for session in Session.objects.iterator()
        if session.get_decoded().get("_auth_user_id") == str(person.pk)
    ]
    return Session.objects.filter(pk__in=own)


def addressed_to(person: User, field: str) -> Q:
    """Rows whose field holds an e-mail address of a person, however it is spelled."""
    addresses = EmailAddress.objects.filter(user=person).values_list("email", flat=True)
    found = Q()
    for address in {person.email, *addresses}:
        found |= Q(**{f"{field}__iexact": address})
    return found


def notices_that_lead_to(person: User) -> models.QuerySet[Notice]:
    """What others were told whose page has the person's handle in its address."""
    handle = person.profile.handle if hasattr(person, "profile") else None
    if handle is None:
        return Notice.objects.none()
    return Notice.objects.filter(Q(path__contains=f"/@{handle}/") | Q(path__contains=f"/{handle}/"))


# How it is done


def _batches(person: User) -> Iterator[tuple[str, int]]:
    """Delete what is a person's, one batch with each turn of the iterator: which kind, and how many."""
    upper_first = list(register.LINES.values())[::-1]
    for line in sorted(upper_first, key=_turn):
        if issubclass(line.rows, User):
            continue
        for rows in (_mine(line, person), line.also(person) if line.also else None):
            while rows is not None and (keys := list(rows.values_list("pk", flat=True)[:BATCH])):
                with transaction.atomic():
                    _remove(line, keys)
                yield line.model, len(keys)
        for name in line.loses:
            if line.rows is Deletion:
                continue
            rows = line.rows._base_manager.filter(**{name: person.pk})
            while keys := list(rows.values_list("pk", flat=True)[:BATCH]):
                line.rows._base_manager.filter(pk__in=keys).update(**{name: None})
                yield line.model, 0
    _forget_log_entries(User, [person.pk])


def _remove(line: Line, keys: list) -> None:
    """Rows and the files that they name; a file goes when its row surely has."""
    rows = line.rows._base_manager.filter(pk__in=keys)
    for one in line.rows._meta.concrete_fields:
        if isinstance(one, models.FileField):
            for name in filter(None, rows.values_list(one.name, flat=True)):
                transaction.on_commit(partial(one.storage.delete, name))
    if line.remove:
        line.remove(rows)
    else:
        rows.delete()
    _forget_log_entries(line.rows, keys)


def _forget_log_entries(model: type[models.Model], keys: list) -> None:
    """The administration's log keeps that staff changed something of somebody's, without its words."""
    about = LogEntry.objects.filter(
        content_type=ContentType.objects.get_for_model(model), object_id__in=map(str, keys)
    )
    about.update(object_id=None, object_repr="", change_message="")


def _turn(line: Line) -> tuple[bool, int]:
    """First what is found by a handle or an address that goes later, then what hangs on other rows.

    Of those that are as far from their person, the apps above go first, the profile last.
    """
    return line.also is None, -max([lookup.count("__") for lookup in line.of], default=0)


def _mine(line: Line, person: User) -> models.QuerySet:
    return (
        line.rows._base_manager.filter(_of(line, person))
        if line.of
        else line.rows._base_manager.none()
    )


def _of(line: Line, person: User) -> Q:
    found = Q(pk__in=[])
    for lookup in line.of:
        found |= Q(**{lookup: person.pk})
    return found


def _named_by(line: Line, person: User) -> Q:
    found = Q(pk__in=[])
    for name in line.loses:
        found |= Q(**{name: person.pk})
    return found


def _held(deletion: Deletion):
    return Deletion.objects.unfinished().filter(pk=deletion.pk, attempts=deletion.attempts)


def _lock(person: User) -> User:
    """The person's row and those of whoever runs the place, until the transaction ends."""
    rows = User.objects.select_for_update().filter(Q(pk=person.pk) | Q(is_superuser=True))
    return {row.pk: row for row in rows.order_by("pk")}[person.pk]


def _others_run_the_place(person: User) -> bool:
    others = User.objects.filter(is_superuser=True, is_active=True).exclude(pk=person.pk)
    return others.exists()


def _tell_others(deletion: Deletion, person: User) -> None:
    """Whoever guides the person, or is guided by them, is told that they leave."""
    others = {*mentorships.mentors_of(person), *mentorships.learners_of(person)}
    for other in others:
        _tell(other, kinds.PERSON_LEAVES, deletion)


def _tell_others_again(deletion: Deletion, person: User) -> None:
    """Whoever heard that the person leaves hears that they stay; the others need not know."""
    told = Notice.objects.filter(kind=kinds.PERSON_LEAVES.code, actor=person)
    heard = told.exclude(read_at=None, digest=None, letter__sent_at=None)
    for notice in heard.select_related("recipient"):
        _tell(notice.recipient, kinds.PERSON_STAYS, deletion)
    told.delete()


def _tell(other: User, kind: kinds.Kind, deletion: Deletion) -> None:
    path = reverse("accounts:mentorships")
    notices.tell(other, kind, key=f"deletion {deletion.pk}", path=path, actor=deletion.person)


def _write(deletion: Deletion, person: User, template: str, subject: str) -> None:
    """A letter to the person, in the outbox with the fact."""
    if not (address := notices.address_of(person)):
        return
    context = {
        "subject": subject,
        "name": names.plain(person.get_full_name()),
        "site_name": settings.SITE_NAME,
        "until": timezone.localtime(deletion.grace_until, person.profile.zone),
        "link": settings.SITE_URL + link(deletion),
        "sign_in": settings.SITE_URL + reverse("account_login"),
    }
    message = EmailMultiAlternatives(
        settings.ACCOUNT_EMAIL_SUBJECT_PREFIX + subject,
        render_to_string(f"email/accounts/{template}.txt", context),
        to=[address],
    )
    html = render_to_string(f"email/accounts/{template}.html", context)
    message.attach_alternative(html, "text/html")
    letters.put(message)


def _in_words(shape: entries.Shape) -> str:
    return shape.taken.name.replace("-", " ")
