"""Letters that leave in the background. A task takes ids and calls one function."""

import structlog
from celery import shared_task
from django.db import transaction
from kombu.exceptions import OperationalError

from accounts import invitations
from accounts.models import Invitation

log = structlog.get_logger(__name__)


@shared_task
def send_invitation(invitation_id: int) -> None:
    """Send the letter of one invitation; a second run finds it sent."""
    invitations.send(invitation_id)


@shared_task
def send_unsent_invitations() -> None:
    """Bring back letters that a lost worker, broker or mail server left behind."""
    for invitation_id in invitations.unsent():
        send_invitation.delay(invitation_id)


def send(invitation: Invitation) -> None:
    """Put a letter on the queue once its invitation is committed.

    A broker that is away does not break the page: the row is there, and the scheduler sends the
    letter later.
    """
    transaction.on_commit(lambda: _send(invitation.pk), robust=True)


def _send(invitation_id: int) -> None:
    try:
        send_invitation.delay(invitation_id)
    except OperationalError as error:
        log.warning("the broker is away", invitation=invitation_id, error=str(error))
