"""Remove what was kept long enough and no noun of its own looks after: sign-ins, invitations, the staff's log.

Each function takes some rows at a time, so that one that is cut off has done what it did.
"""

from datetime import timedelta

from allauth.account.models import EmailConfirmation
from allauth.usersessions.models import UserSession
from django.contrib.admin.models import LogEntry
from django.contrib.sessions.models import Session
from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import CohortInvitation, Invitation

#: Rows that are removed in one statement.
BATCH = 1000
#: How long an invitation stays after nobody can answer it any more: it holds somebody's address.
INVITATION_KEPT = timedelta(days=90)
#: How long a code that confirms an address by a link stays after it was sent.
CONFIRMATION_KEPT = timedelta(days=7)
#: How long it stays written down what staff changed in the administration.
LOG_KEPT = timedelta(days=730)


def forget_sessions() -> int:
    """Remove sessions that have expired, and what is known of the devices whose session is gone."""
    removed = delete(Session.objects.filter(expire_date__lt=timezone.now()))
    seen_before = timezone.now() - timedelta(days=1)  # a sign-in of this moment is left alone
    there = Session.objects.values("session_key")
    known = UserSession.objects.filter(last_seen_at__lt=seen_before)
    return removed + delete(known.exclude(session_key__in=there))


def forget_invitations() -> int:
    """Remove invitations, to a mentorship or a cohort, that were open until three months ago."""
    before = timezone.now() - INVITATION_KEPT
    removed = delete(Invitation.objects.filter(expires_at__lt=before))
    return removed + delete(CohortInvitation.objects.filter(expires_at__lt=before))


def forget_confirmations() -> int:
    """Remove keys that confirm addresses, once they are long of no use."""
    before = timezone.now() - CONFIRMATION_KEPT
    return delete(EmailConfirmation.objects.filter(created__lt=before))


def forget_log_entries() -> int:
    """Remove what staff changed in the administration, once it is two years old."""
    return delete(LogEntry.objects.filter(action_time__lt=timezone.now() - LOG_KEPT))


def delete(rows: QuerySet) -> int:
    """Delete rows, some at a time; how many they were, without what hangs on them."""
    removed = 0
    while keys := list(rows.order_by().values_list("pk", flat=True)[:BATCH]):
        rows.model._base_manager.filter(pk__in=keys).delete()
        removed += len(keys)
    return removed
