"""The outbox: letters leave once, late rather than never, and are not forgotten when they cannot.

The row is the truth and the queue a hint, as with check runs. Taking a letter is a conditional update
that counts the attempt and moves `due_at` on, so of many workers one sends it, and one that dies delays
it. Between the moment in which a mail server says yes and the one in which we note it lies a gap that
nothing closes: a worker killed there makes a second copy, with the same Message-ID.
"""

import smtplib
from datetime import datetime, timedelta

import structlog
from allauth.account.models import EmailAddress
from django.core.mail import EmailMultiAlternatives
from django.utils import timezone
from django.views.decorators.debug import sensitive_variables

from accounts import sealing, writing
from accounts.models import Letter

log = structlog.get_logger(__name__)

#: How long a worker may hold a letter: twice the hard time limit of a task (30 s).
LEASE = timedelta(seconds=60)
#: Waits after a failed attempt double from here up to the cap. With MAX_ATTEMPTS: 20 hours in all.
FIRST_PAUSE, LONGEST_PAUSE = timedelta(seconds=30), timedelta(hours=4)
MAX_ATTEMPTS = 14
#: How long a letter stays after it was sent, and after it was given up.
SENT_KEPT, GIVEN_UP_KEPT = timedelta(days=30), timedelta(days=90)


def put(message: EmailMultiAlternatives, *, useless_at: datetime | None = None) -> Letter:
    """Put a composed e-mail to one address into the outbox, sealed.

    It goes with whoever the address belongs to when they leave. After `useless_at`, when the code in it
    is no longer good, it is not sent any more.
    """
    [address] = message.to
    owner = EmailAddress.objects.filter(email__iexact=address).order_by("-verified", "pk").first()
    return Letter.objects.create(
        recipient_id=owner.user_id if owner else None,
        address=address,
        sealed=writing.sealed(message),
        useless_at=useless_at,
    )


def due(*, limit: int = 100) -> list[int]:
    """The ids of letters that are to be tried now, those that wait longest first."""
    waiting = Letter.objects.due(timezone.now()).order_by("due_at", "pk")
    return list(waiting.values_list("pk", flat=True)[:limit])


@sensitive_variables("message")
def send(letter_id: int) -> bool:
    """Try one letter that is due; whether it left now. Harmless when it comes twice.

    Nothing that a mail server does raises here: what passes by itself is tried again, later each
    time, and what does not is given up, for staff to see.
    """
    letter = _claim(letter_id)
    if letter is None:
        return False
    try:
        message = writing.message_of(letter)
        message.send()
    except writing.NothingToSend as reason:
        _give_up(letter, str(reason))
    except sealing.Broken:
        _give_up(letter, "its seal cannot be opened")
    except (smtplib.SMTPException, OSError) as error:
        _note_failure(letter, error)
    else:
        _held(letter).update(sent_at=timezone.now(), sealed="", trouble="")
        log.info("letter sent", letter=letter.pk, about=letter.about, attempts=letter.attempts)
        return True
    return False


def pause_after(attempts: int) -> timedelta:
    """How long to wait after so many attempts, one or more."""
    return min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** min(attempts - 1, 20))


def try_again(letter: Letter) -> bool:
    """Put a letter that was given up back; False for one whose words were erased."""
    again = Letter.objects.given_up().filter(pk=letter.pk, address="")
    return bool(again.update(given_up_at=None, attempts=0, due_at=timezone.now()))


def remove_old() -> None:
    """Remove letters that were sent or given up long ago."""
    now = timezone.now()
    Letter.objects.filter(sent_at__lt=now - SENT_KEPT).delete()
    Letter.objects.filter(given_up_at__lt=now - GIVEN_UP_KEPT).delete()


def reseal_all() -> tuple[int, int]:
    """Seal what waits with the first of today's keys; how many were, and how many cannot be opened."""
    done = broken = 0
    for letter in Letter.objects.exclude(sealed="").order_by("pk").iterator():
        try:
            sealed = sealing.reseal(letter.sealed)
        except sealing.Broken:
            broken += 1
            log.error("a letter cannot be opened", letter=letter.pk)
            continue
        is_same = Letter.objects.filter(pk=letter.pk, sealed=letter.sealed)
        done += is_same.update(sealed=sealed)
    return done, broken


def _claim(letter_id: int) -> Letter | None:
    """Take a letter that is due, for at least the length of the lease. None when there is none to take."""
    now = timezone.now()
    found = Letter.objects.due(now).filter(pk=letter_id)
    letter = found.select_related("notice__recipient", "notice__actor__profile", "digest").first()
    if letter is None:
        return None
    # On the row itself, not in a subquery: that one PostgreSQL would not look at again after a wait.
    turn = Letter.objects.waiting().filter(
        pk=letter_id, attempts=letter.attempts, due_at=letter.due_at
    )
    letter.attempts += 1
    letter.due_at = now + max(LEASE, pause_after(letter.attempts))
    if not turn.update(attempts=letter.attempts, due_at=letter.due_at):
        return None
    if letter.useless_at and letter.useless_at <= now:
        _give_up(letter, "too late for the code in it")
        return None
    if letter.attempts > MAX_ATTEMPTS:  # the last worker died with it
        _give_up(letter, letter.trouble or "its worker was lost")
        return None
    return letter


def _note_failure(letter: Letter, error: Exception) -> None:
    """Plan the next attempt, or give up. Of the error only its kind and number: the rest may quote."""
    trouble = type(error).__name__
    if code := _code(error):
        trouble += f" {code}"
    if _is_final(error) or letter.attempts >= MAX_ATTEMPTS:
        _give_up(letter, trouble)
        return
    due_at = timezone.now() + pause_after(letter.attempts)
    _held(letter).update(due_at=due_at, trouble=trouble)
    log.warning(
        "a letter waits", letter=letter.pk, attempts=letter.attempts, trouble=trouble,
        until=due_at.isoformat(),
    )  # fmt: skip


def _code(error: Exception) -> int:
    """The mail server's reply code; 0 where it gave none. Of several recipients there is only one."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return next((code for code, _ in error.recipients.values()), 0)
    return error.smtp_code if isinstance(error, smtplib.SMTPResponseException) else 0


def _is_final(error: Exception) -> bool:
    """Whether the server refuses this address or these words for good (RFC 5321, 4.2.1: 5yz).

    A refusal of us, as by wrong credentials, is none: staff can mend it, and nothing is lost meanwhile.
    """
    is_about_it = isinstance(error, smtplib.SMTPRecipientsRefused | smtplib.SMTPDataError)
    return is_about_it and 500 <= _code(error) < 600


def _give_up(letter: Letter, trouble: str) -> None:
    _held(letter).update(given_up_at=timezone.now(), trouble=trouble, sealed="")
    log.error("a letter was given up", letter=letter.pk, about=letter.about, trouble=trouble)


def _held(letter: Letter):
    """The row, as long as this claim is the latest."""
    return Letter.objects.waiting().filter(pk=letter.pk, attempts=letter.attempts)
