"""The secret of an invitation's link, and the letter that carries it: once, and by id alone."""

import smtplib
from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.db import connection
from django.db.models import QuerySet
from django.utils import timezone

from accounts import invitations, mentorships, tasks
from accounts.models import Invitation, Profile
from tests.factories import make_invitation, make_user


@pytest.fixture
def waiting(ada):
    """An invitation of Ada to a mentor, its letter not sent yet."""
    invitation, _ = mentorships.invite(
        ada, "grace@example.org", "mentor", "We met at the <b>talk</b>."
    )
    return invitation


@pytest.fixture
def clock():
    with time_machine.travel(timezone.now(), tick=False) as clock:
        yield clock


def test_the_letter_says_who_asks_and_what_it_means_and_links_to_the_answer(waiting, client):
    tasks.send_invitation(waiting.pk)

    [letter] = mail.outbox
    html = letter.alternatives[0].content
    link = "http://127.0.0.1:8000/invitations/" + invitations.secret_of(waiting) + "/"
    assert letter.to == ["grace@example.org"]
    assert letter.subject == "Ada Nwosu asks you to be their mentor"
    assert "Either of you can end it at any time" in letter.body
    assert "> We met at the <b>talk</b>." in letter.body
    assert "&lt;b&gt;talk&lt;/b&gt;" in html
    assert link in letter.body
    assert f'href="{link}"' in html
    assert "Ada Nwosu asks you" in client.get(link.removeprefix("http://127.0.0.1:8000")).text


def test_a_letter_to_a_learner_says_that_the_sender_would_like_to_mentor(ada):
    invitation, _ = mentorships.invite(ada, "ben@example.org", "learner")

    tasks.send_invitation(invitation.pk)

    assert mail.outbox[0].subject == "Ada Nwosu would like to mentor you"
    assert "private ones too" in mail.outbox[0].body


def test_the_task_twice_sends_one_letter(waiting, clock):
    tasks.send_invitation(waiting.pk)
    tasks.send_invitation(waiting.pk)
    clock.shift(timedelta(days=1))
    tasks.send_invitation(waiting.pk)
    tasks.send_unsent_invitations()

    assert len(mail.outbox) == 1
    waiting.refresh_from_db()
    assert waiting.sent_at


@pytest.mark.parametrize("answer", ["accepted", "declined", "withdrawn"])
def test_no_letter_is_sent_for_an_invitation_that_was_answered(ada, answer):
    invitation = make_invitation(
        ada, sent_at=None, attempts=0, answer=answer, answered_at=timezone.now()
    )

    assert not invitations.send(invitation.pk)

    assert not mail.outbox


def test_no_letter_is_sent_for_an_invitation_that_is_gone_or_expired(ada, clock):
    invitation = make_invitation(ada, sent_at=None, attempts=0)
    clock.shift(timedelta(days=14))

    assert not invitations.send(invitation.pk)
    assert not invitations.send(0)


def test_a_mail_server_that_fails_is_tried_again_with_longer_pauses_and_then_given_up(
    waiting, clock, monkeypatch
):
    def refuse(*args, **kwargs):
        raise smtplib.SMTPServerDisconnected("gone")

    monkeypatch.setattr("django.core.mail.EmailMultiAlternatives.send", refuse)

    for minutes in [2, 4, 8, 16, 32]:
        with pytest.raises(smtplib.SMTPServerDisconnected):
            invitations.send(waiting.pk)
        assert not invitations.send(waiting.pk), "not before its time"
        clock.shift(timedelta(minutes=minutes, seconds=-1))
        assert list(invitations.unsent()) == []
        clock.shift(timedelta(seconds=1))

    assert list(invitations.unsent()) == []
    waiting.refresh_from_db()
    assert waiting.was_given_up
    assert not mail.outbox


def test_a_letter_whose_worker_died_is_sent_by_the_sweeper(waiting, clock, monkeypatch):
    def die(*args, **kwargs):
        raise SystemExit

    with monkeypatch.context() as patch:
        patch.setattr("django.core.mail.EmailMultiAlternatives.send", die)
        with pytest.raises(SystemExit):
            invitations.send(waiting.pk)
    tasks.send_unsent_invitations()
    assert not mail.outbox

    clock.shift(timedelta(minutes=2))
    tasks.send_unsent_invitations()
    tasks.send_unsent_invitations()

    assert len(mail.outbox) == 1


def test_of_two_workers_with_one_letter_one_sends(waiting, monkeypatch):
    """The second worker comes between the first one's look at the row and its turn."""
    first, outcomes = QuerySet.first, []

    def look_while_the_other_sends(rows):
        found = first(rows)
        monkeypatch.setattr(QuerySet, "first", first)
        outcomes.append(invitations.send(waiting.pk))
        return found

    monkeypatch.setattr(QuerySet, "first", look_while_the_other_sends)
    outcomes.append(invitations.send(waiting.pk))

    assert outcomes == [True, False]
    assert len(mail.outbox) == 1


def test_each_attempt_carries_the_same_message_id_and_other_letters_another(ada, waiting):
    other, _ = mentorships.invite(ada, "else@example.org", "mentor")

    ids = [invitations.letter(i).message()["Message-ID"] for i in [waiting, waiting, other]]

    assert ids[0] == ids[1] != ids[2]


def test_a_name_from_an_old_row_cannot_add_headers_to_the_letter(ada, waiting):
    Profile.objects.filter(user=ada).update(name="Ada\r\nBcc: everybody@example.org")
    invitation = Invitation.objects.get(pk=waiting.pk)

    message = invitations.letter(invitation).message()

    assert message["Bcc"] is None
    assert message["Subject"].startswith("Ada Bcc:")


def test_the_table_holds_nothing_that_opens_an_invitation(ada, client, settings):
    invitation, secret = mentorships.invite(ada, "grace@example.org", "mentor")
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM accounts_invitation")
        row = [str(value) for value in cursor.fetchone()]

    assert not any(secret in value for value in row)
    for stolen in [invitation.nonce, invitation.token_hash]:
        assert client.get(f"/invitations/{stolen}/").status_code == 404
    assert invitations.secret_from(invitation.nonce, key="another site's key") != secret


def test_a_letter_sent_before_the_key_changed_still_opens(waiting, settings):
    secret = invitations.secret_of(waiting)
    settings.SECRET_KEY = "a new key"

    assert mentorships.find(secret) == waiting


def test_a_letter_that_waited_while_the_key_changed_is_sent_with_the_former_key(waiting, settings):
    secret = invitations.secret_of(waiting)
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "a new key"

    assert invitations.secret_of(waiting) == secret

    settings.SECRET_KEY_FALLBACKS = []
    with pytest.raises(invitations.SecretLost):
        invitations.secret_of(waiting)


def test_secrets_differ_and_have_256_bits(db):
    people = [make_user() for _ in range(3)]
    secrets = {mentorships.invite(p, "grace@example.org", "mentor")[1] for p in people}

    assert len(secrets) == 3
    assert {len(secret) for secret in secrets} == {43}
