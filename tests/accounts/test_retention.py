"""What is kept for a time is gone after it, by one task, whoever looks after the kind; and not before."""

from datetime import timedelta

import pytest
from allauth.account.models import EmailConfirmation
from allauth.usersessions.models import UserSession
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.sessions.models import Session
from django.db import DatabaseError
from django.utils import timezone

from accounts import register, retention, tasks
from accounts.models import CohortInvitation, Invitation
from tests.factories import make_cohort, make_cohort_invitation, make_invitation


def make_session(person, age):
    key = f"session-{age.days}"
    expires = timezone.now() + timedelta(days=14) - age
    Session.objects.create(session_key=key, session_data="", expire_date=expires)
    made = UserSession.objects.create(user=person, session_key=key, ip="127.0.0.1", user_agent="F")
    UserSession.objects.filter(pk=made.pk).update(last_seen_at=timezone.now() - age)


def make_letter_to_join(person, age):
    make_cohort_invitation(make_cohort(), person, expires_at=timezone.now() - age)


def make_confirmation(person, age):
    address = person.emailaddress_set.get()
    made = EmailConfirmation.objects.create(email_address=address, key=f"key-{age.days}")
    EmailConfirmation.objects.filter(pk=made.pk).update(created=timezone.now() - age)


def make_log_entry(person, age):
    made = LogEntry.objects.create(user=person, object_repr="x", action_flag=CHANGE)
    LogEntry.objects.filter(pk=made.pk).update(action_time=timezone.now() - age)


@pytest.mark.parametrize(
    ("model", "days", "make"),
    [
        (Session, 14, make_session),
        (UserSession, 14, make_session),
        (
            Invitation,
            90,
            lambda person, age: make_invitation(person, expires_at=timezone.now() - age),
        ),
        (CohortInvitation, 90, make_letter_to_join),
        (EmailConfirmation, 7, make_confirmation),
        (LogEntry, 730, make_log_entry),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_a_row_stays_until_its_time_is_over(ada, monkeypatch, model, days, make):
    monkeypatch.setattr(retention, "BATCH", 2)
    before = model.objects.count()
    for age in (1, days - 1, days + 1, days + 2, days + 3):
        make(ada, timedelta(days=age))

    tasks.forget_old()
    tasks.forget_old()

    assert model.objects.count() == before + 2


def test_one_kind_that_cannot_be_removed_stops_no_other(ada, monkeypatch):
    def refuse(rows):
        raise DatabaseError("locked")

    make_invitation(ada, expires_at=timezone.now() - timedelta(days=91))
    broken = register.Line("x.Y", forget=lambda: refuse(None))
    monkeypatch.setitem(register.LINES, "x.Y", broken)

    tasks.forget_old()

    assert not Invitation.objects.exists()


def test_what_the_register_keeps_for_a_time_is_removed_by_the_task():
    """A line that names a time has somebody who removes, or goes with the rows it hangs on."""
    timed = [line for line in register.LINES.values() if any(map(str.isdigit, line.kept))]

    assert {line.model for line in timed if not line.forget} <= {"accounts.User"}
