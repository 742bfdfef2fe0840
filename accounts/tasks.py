"""Letters that leave in the background. A task takes ids and calls one function."""

import random

import structlog
from celery import Task, shared_task
from celery.exceptions import SoftTimeLimitExceeded
from django.db import DatabaseError, transaction
from kombu.exceptions import OperationalError

from accounts import arrivals, cohorts, deletions, digests, letters, mentorships, register, takeouts
from accounts.invitations import unsent
from accounts.models import Arrival, CohortInvitation, Deletion, Invitation, Letter, Takeout

log = structlog.get_logger(__name__)

#: Seconds after which a letter's message on the queue is worth nothing: the scheduler sends another.
STALE = 10


@shared_task
def send_invitation(invitation_id: int) -> None:
    """Bring one invitation to whom it is for; a second run finds it brought."""
    mentorships.deliver(invitation_id)


@shared_task
def send_cohort_invitation(invitation_id: int) -> None:
    """Bring one invitation to a cohort to whom it is for; a second run finds it brought."""
    cohorts.deliver(invitation_id)


@shared_task
def send_unsent_invitations() -> None:
    """Bring back letters that a lost worker, broker or mail server left behind."""
    for invitation_id in unsent():
        send_invitation.delay(invitation_id)
    for invitation_id in unsent(CohortInvitation):
        send_cohort_invitation.delay(invitation_id)


@shared_task
def send_letter(letter_id: int) -> None:
    """Try one letter of the outbox, if it is due. Harmless when it comes twice."""
    letters.send(letter_id)


@shared_task
def send_due_letters() -> None:
    """Put on the queue what is to be sent now, and what got lost on the way."""
    for letter_id in letters.due():
        send_letter.apply_async((letter_id,), expires=STALE)


@shared_task
def write_due_digests() -> None:
    """Write the daily letters of those whose hour has come."""
    for user_id in digests.due():
        digests.make(user_id)


@shared_task
def forget_old() -> None:
    """Remove everything that was kept long enough, as the register says (docs/takeout.md).

    What one turn does not get through is left to the next; each begins with another kind, so that no
    kind waits behind a long one for ever.
    """
    forgets = list({line.forget for line in register.LINES.values() if line.forget})
    random.shuffle(forgets)
    for forget in forgets:
        try:
            forget()
        except DatabaseError as error:
            log.error("something old was not removed", of=forget.__module__, error=str(error))


@shared_task
def pack_takeout(takeout_id: int) -> None:
    """Go on with one takeout, if it is due, for some seconds. Harmless when it comes twice."""
    takeout = takeouts.claim(takeout_id)
    if takeout is None:
        return
    try:
        if not takeouts.pack(takeout):
            _enqueue(pack_takeout, takeout.pk)
    except (SoftTimeLimitExceeded, OSError) as error:
        log.warning("a takeout waits", takeout=takeout.pk, trouble=type(error).__name__)
        takeouts.let_go(takeout, takeouts.PAUSE)


@shared_task
def carry_out_deletion(deletion_id: int) -> None:
    """Go on with one deletion, if it is due, for some seconds. Harmless when it comes twice."""
    deletion = deletions.claim(deletion_id)
    if deletion is None:
        return
    try:
        if not deletions.carry_out(deletion):
            _enqueue(carry_out_deletion, deletion.pk)
    except (SoftTimeLimitExceeded, OSError, DatabaseError) as error:
        log.warning("a deletion waits", deletion=deletion.pk, trouble=type(error).__name__)
        deletions.let_go(deletion, deletions.PAUSE)


@shared_task(soft_time_limit=75, time_limit=90)  # one transaction, with images to decode
def go_on_with_arrival(arrival_id: int) -> None:
    """Read or write one takeout that was brought, if it is due. Harmless when it comes twice."""
    arrival = arrivals.claim(arrival_id)
    if arrival is None:
        return
    try:
        arrivals.go_on(arrival)
    except (SoftTimeLimitExceeded, OSError, DatabaseError, MemoryError) as error:
        log.warning("an arrival waits", arrival=arrival.pk, trouble=type(error).__name__)
        arrivals.let_go(arrival)


@shared_task
def carry_on() -> None:
    """Put on the queue what people asked to have done with all their data, and what got lost on the way."""
    for takeout_id in takeouts.due():
        pack_takeout.apply_async((takeout_id,), expires=STALE)
    for arrival_id in arrivals.due():
        go_on_with_arrival.apply_async((arrival_id,), expires=STALE)
    for deletion_id in deletions.due():
        carry_out_deletion.apply_async((deletion_id,), expires=STALE)


def send_takeout(takeout: Takeout) -> None:
    """Put a takeout on the queue once it is committed; the scheduler sends it where the broker is away."""
    transaction.on_commit(lambda: _enqueue(pack_takeout, takeout.pk), robust=True)


def send_arrival(arrival: Arrival) -> None:
    """The same for a takeout that was brought."""
    transaction.on_commit(lambda: _enqueue(go_on_with_arrival, arrival.pk), robust=True)


def send_deletion(deletion: Deletion) -> None:
    """The same for a deletion that is due now."""
    transaction.on_commit(lambda: _enqueue(carry_out_deletion, deletion.pk), robust=True)


def send(invitation: Invitation | CohortInvitation) -> None:
    """Put a letter on the queue once its invitation is committed.

    A broker that is away does not break the page: the row is there, and the scheduler sends the
    letter later.
    """
    is_to_cohort = isinstance(invitation, CohortInvitation)
    task = send_cohort_invitation if is_to_cohort else send_invitation
    transaction.on_commit(lambda: _enqueue(task, invitation.pk), robust=True)


def send_now(letter: Letter) -> None:
    """The same for a letter of the outbox that somebody waits for, as one with a code.

    Where the broker is away, nobody need wait for it: the page sends the letter itself, or leaves it
    to the scheduler when the mail server is away too.
    """

    def hand_over() -> None:
        if not _enqueue(send_letter, letter.pk):
            letters.send(letter.pk)

    transaction.on_commit(hand_over, robust=True)


def _enqueue(task: Task, pk: int) -> bool:
    """Put a task on the queue; whether the broker took it."""
    try:
        task.delay(pk)
    except OperationalError as error:
        log.warning("the broker is away", task=task.name, id=pk, error=str(error))
        return False
    return True
