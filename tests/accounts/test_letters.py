"""The outbox: a letter leaves once, late rather than never, and its secrets do not stay behind."""

import re
import smtplib
from datetime import timedelta

import pytest
import time_machine
from celery.exceptions import OperationalError
from django.contrib.auth.models import Permission
from django.core import mail
from django.core.mail import EmailMultiAlternatives
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from accounts import kinds, letters, sealing, tasks
from accounts.models import Letter, Profile
from tests.accounts.mailbox import code_for, delivered
from tests.factories import PASSWORD, make_notice, make_user
from tests.mail_server import MailServer
from tests.together import at_once


@pytest.fixture
def clock():
    with time_machine.travel(timezone.now(), tick=False) as clock:
        yield clock


@pytest.fixture
def waiting(ada, grace):
    """The letter of a review that is there, not sent yet."""
    make_notice(
        ada,
        kinds.REVIEW_ARRIVED,
        actor=grace,
        path="/projects/engine/",
        facts={"project": "Engine <b>", "verdict": "approved"},
    )
    return Letter.objects.get()


@pytest.fixture
def smtp(settings):
    """A mail server, and settings that lead there."""
    with MailServer() as server:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
        settings.EMAIL_TIMEOUT = 5
        yield server


# What a letter says


def test_a_letter_says_what_happened_as_text_and_as_html_and_leads_to_it(waiting):
    [letter] = delivered()

    html = letter.alternatives[0].content
    link = f"http://127.0.0.1:8000/notices/{waiting.notice_id}/"
    assert letter.to == ["ada.nwosu@example.org"]
    assert letter.subject == "Grace Halloran reviewed “Engine <b>”: approved"
    assert "Grace Halloran reviewed “Engine <b>”: approved." in letter.body
    assert link in letter.body
    assert f'href="{link}"' in html
    assert "Engine &lt;b&gt;" in html
    assert "<b>" not in html


def test_the_html_of_a_letter_fits_light_and_dark_and_fetches_nothing(waiting):
    [letter] = delivered()

    html = letter.alternatives[0].content
    assert '<meta name="color-scheme" content="light dark">' in html
    assert "prefers-color-scheme: dark" in html
    assert not re.search(r"<img|<link|<script|src=|url\(|@import|@font-face", html)
    assert set(re.findall(r'href="(https?://[^/"]+)', html)) == {"http://127.0.0.1:8000"}


def test_names_from_old_rows_add_no_headers_and_turn_nothing_round(waiting, grace):
    Profile.objects.filter(user=grace).update(name="Gr\u202eace\r\nBcc: all@example.org")

    [letter] = delivered()

    message = letter.message()
    assert message["Bcc"] is None
    assert letter.subject.startswith("Grace Bcc: all@example.org reviewed")
    assert "\u202e" not in letter.body + letter.alternatives[0].content
    assert letter.recipients() == ["ada.nwosu@example.org"]


def test_a_mail_program_can_stop_letters_of_this_kind(waiting):
    [letter] = delivered()

    headers = letter.message()
    assert re.fullmatch(
        r"<http://127.0.0.1:8000/unsubscribe/[^/]+/>", headers["List-Unsubscribe"].strip()
    )
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert headers["Auto-Submitted"] == "auto-generated"


# When it leaves


def test_a_letter_is_sent_once_however_often_its_task_comes(waiting, clock):
    for _ in range(3):
        tasks.send_letter(waiting.pk)
        tasks.send_due_letters()
        clock.shift(timedelta(days=1))

    assert len(mail.outbox) == 1
    waiting.refresh_from_db()
    assert waiting.sent_at


def test_a_letter_goes_to_the_address_that_is_verified_when_it_leaves(waiting, ada):
    ada.emailaddress_set.update(email="ada@new.example")

    assert delivered()[0].to == ["ada@new.example"]


def test_no_letter_to_an_address_that_is_not_verified_any_more(waiting, ada):
    ada.emailaddress_set.update(verified=False)

    assert delivered() == []
    waiting.refresh_from_db()
    assert waiting.trouble == "no verified address"


def test_a_mail_server_that_is_down_is_tried_again_later_each_time_and_then_given_up(
    waiting, clock, smtp
):
    smtp.stop()
    pauses = []

    while letters.due():
        tasks.send_due_letters()
        waiting.refresh_from_db()
        if waiting.given_up_at is None:
            pauses.append(waiting.due_at - timezone.now())
            clock.move_to(waiting.due_at - timedelta(seconds=1))
            assert letters.due() == [], "not before its time"
            clock.move_to(waiting.due_at)

    assert pauses[:4] == [timedelta(seconds=s) for s in (30, 60, 120, 240)]
    assert pauses[-1] == timedelta(hours=4)
    assert len(pauses) == 13
    assert timedelta(hours=20) < sum(pauses, timedelta()) < timedelta(hours=21)
    assert (waiting.attempts, waiting.trouble) == (14, "ConnectionRefusedError")


def test_letters_written_while_the_mail_server_was_down_arrive_once_when_it_is_up(
    ada, grace, smtp, clock
):
    smtp.stop()
    for _ in range(3):
        make_notice(ada, kinds.REVIEW_ARRIVED, actor=grace)
    tasks.send_due_letters()

    smtp.start()
    for _ in range(3):
        clock.shift(timedelta(minutes=5))
        tasks.send_due_letters()

    assert len(smtp.messages) == len(set(smtp.ids)) == 3


def test_a_server_that_takes_a_letter_and_dies_gets_a_copy_with_the_same_id(waiting, smtp, clock):
    smtp.answers = ["take and die"]
    tasks.send_due_letters()
    clock.shift(timedelta(seconds=30))
    tasks.send_due_letters()
    clock.shift(timedelta(days=1))
    tasks.send_due_letters()

    assert len(smtp.messages) == 2
    assert smtp.ids[0] == smtp.ids[1]


def test_an_address_that_does_not_exist_is_not_tried_again(waiting, smtp):
    smtp.answers = ["refuse"]
    tasks.send_due_letters()

    waiting.refresh_from_db()
    assert waiting.given_up_at
    assert waiting.trouble == "SMTPRecipientsRefused 550"


def test_a_server_that_asks_to_come_later_is_asked_later(waiting, smtp, clock):
    smtp.answers = ["later"]
    tasks.send_due_letters()
    waiting.refresh_from_db()
    assert waiting.given_up_at is None
    clock.shift(timedelta(seconds=30))
    tasks.send_due_letters()

    assert len(smtp.messages) == 1


def test_a_letter_whose_worker_died_is_sent_after_the_lease(waiting, clock, monkeypatch):
    def die(*args, **kwargs):
        raise SystemExit

    with monkeypatch.context() as patch:
        patch.setattr(EmailMultiAlternatives, "send", die)
        with pytest.raises(SystemExit):
            letters.send(waiting.pk)
    clock.shift(letters.LEASE - timedelta(seconds=1))
    tasks.send_due_letters()
    assert not mail.outbox

    clock.shift(timedelta(seconds=1))
    tasks.send_due_letters()

    assert len(mail.outbox) == 1


def test_a_letter_that_kills_every_worker_is_given_up(waiting, clock, monkeypatch):
    def die(*args, **kwargs):
        raise SystemExit

    monkeypatch.setattr(EmailMultiAlternatives, "send", die)
    for _ in range(letters.MAX_ATTEMPTS):
        with pytest.raises(SystemExit):
            letters.send(waiting.pk)
        clock.shift(timedelta(hours=4))
    letters.send(waiting.pk)

    waiting.refresh_from_db()
    assert waiting.trouble == "its worker was lost"
    assert letters.due() == []


def test_a_worker_that_was_too_slow_does_not_undo_what_the_next_one_noted(waiting, clock):
    slow = letters._claim(waiting.pk)
    clock.shift(letters.LEASE)
    tasks.send_due_letters()
    letters._note_failure(slow, smtplib.SMTPServerDisconnected("late"))

    waiting.refresh_from_db()
    assert waiting.sent_at
    assert waiting.trouble == ""


@pytest.mark.django_db(transaction=True)
def test_four_workers_at_once_send_one_letter(mailoutbox):
    ada = make_user("Ada Nwosu")
    make_notice(ada, kinds.REVIEW_ARRIVED)
    letter = Letter.objects.get()

    outcomes = at_once(*[lambda: letters.send(letter.pk)] * 4)

    assert sorted(outcomes) == [False, False, False, True]
    assert len(mailoutbox) == 1


# Letters with codes


def test_a_code_is_sealed_while_it_waits_and_gone_once_it_was_sent(client, db):
    fields = {"name": "Ada Nwosu", "email": "ada@example.org", "password1": PASSWORD}
    client.post("/accounts/signup/", fields)
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM accounts_letter")
        row = " ".join(map(str, cursor.fetchone()))
    code = code_for("ada@example.org")

    assert code not in row
    letter = Letter.objects.get()
    assert letter.sealed == ""
    assert letter.sent_at


def test_a_code_that_comes_too_late_is_not_sent(client, ada, clock):
    letter = letters.put(
        EmailMultiAlternatives("Code", "1234", to=["ada@example.org"]),
        useless_at=timezone.now() + timedelta(minutes=15),
    )
    clock.shift(timedelta(minutes=15))

    assert delivered() == []
    letter.refresh_from_db()
    assert (letter.sealed, letter.trouble) == ("", "too late for the code in it")


def test_a_letter_that_is_given_up_keeps_no_secret_and_tells_no_log(client, db, smtp, caplog):
    smtp.answers = ["refuse"]
    fields = {"name": "Ada Nwosu", "email": "ada@example.org", "password1": PASSWORD}
    assert client.post("/accounts/signup/", fields).status_code == 302
    words = sealing.unseal(Letter.objects.get().sealed)
    [code] = re.findall(r"\\n\s+([A-Z0-9-]{6,})\\n", words)
    tasks.send_due_letters()

    letter = Letter.objects.get()
    assert letter.given_up_at
    assert letter.sealed == ""
    assert "given up" in caplog.text
    assert code not in caplog.text
    assert "ada@example.org" not in caplog.text


def test_a_letter_sealed_with_a_key_that_is_gone_is_given_up(ada, settings):
    letter = letters.put(EmailMultiAlternatives("Hello", "Ada", to=["ada@example.org"]))
    settings.ENCRYPTION_KEYS = ["another"]

    assert delivered() == []
    letter.refresh_from_db()
    assert letter.trouble == "its seal cannot be opened"


def test_waiting_letters_are_sealed_with_the_new_key_by_the_command(ada, settings):
    letters.put(EmailMultiAlternatives("Hello", "Ada", to=["ada@example.org"]))
    settings.ENCRYPTION_KEYS = ["new", *settings.ENCRYPTION_KEYS]
    assert letters.reseal_all() == (1, 0)
    settings.ENCRYPTION_KEYS = ["new"]

    assert delivered()[0].body == "Ada"


@pytest.mark.django_db(transaction=True)
def test_a_code_leaves_as_soon_as_the_page_is_done(client, mailoutbox):
    client.post(
        "/accounts/signup/",
        {"name": "Ada Nwosu", "email": "ada@example.org", "password1": PASSWORD},
    )

    assert [letter.to for letter in mailoutbox] == [["ada@example.org"]]


@pytest.mark.django_db(transaction=True)
def test_without_a_broker_the_page_sends_the_code_itself(client, mailoutbox, monkeypatch):
    def refuse(*args, **kwargs):
        raise OperationalError("no broker")

    monkeypatch.setattr(tasks.send_letter, "delay", refuse)
    client.post(
        "/accounts/signup/",
        {"name": "Ada Nwosu", "email": "ada@example.org", "password1": PASSWORD},
    )

    assert len(mailoutbox) == 1


@pytest.mark.django_db(transaction=True)
def test_a_mail_server_that_is_down_breaks_no_page(client, smtp, clock):
    smtp.stop()
    fields = {"name": "Ada Nwosu", "email": "ada@example.org", "password1": PASSWORD}

    assert client.post("/accounts/signup/", fields).status_code == 302

    smtp.start()
    clock.shift(timedelta(seconds=30))
    tasks.send_due_letters()
    assert [message["To"] for message in smtp.messages] == ["ada@example.org"]


def test_a_code_that_waits_goes_with_the_account_that_it_is_for(client, ada):
    client.post(reverse("account_reset_password"), {"email": ada.email})
    assert Letter.objects.get().recipient == ada
    ada.delete()

    assert not Letter.objects.exists()


# Who looks after them


def test_katherine_sees_letters_that_were_given_up_but_not_their_words(
    as_user, katherine, waiting, smtp
):
    smtp.answers = ["refuse"]
    tasks.send_due_letters()
    client = as_user(katherine)

    page = client.get("/admin/accounts/letter/", {"state": "given-up"})

    assert "SMTPRecipientsRefused 550" in page.text
    assert "Engine" not in page.text
    assert "Engine" not in client.get(f"/admin/accounts/letter/{waiting.pk}/change/").text


def test_katherine_has_a_letter_tried_again(as_user, katherine, waiting, smtp):
    smtp.answers = ["refuse"]
    tasks.send_due_letters()

    as_user(katherine).post(
        "/admin/accounts/letter/", {"action": "try_again", "_selected_action": [waiting.pk]}
    )
    tasks.send_due_letters()

    assert len(smtp.messages) == 1


def test_staff_who_may_only_look_send_nothing_again(as_user, waiting, smtp):
    smtp.answers = ["refuse"]
    tasks.send_due_letters()
    looker = make_user("Lena Look", is_staff=True)
    looker.user_permissions.add(Permission.objects.get(codename="view_letter"))
    client = as_user(looker)

    assert "SMTPRecipientsRefused" in client.get("/admin/accounts/letter/").text
    client.post(
        "/admin/accounts/letter/", {"action": "try_again", "_selected_action": [waiting.pk]}
    )

    assert Letter.objects.given_up().count() == 1


def test_letters_are_removed_a_month_after_they_were_sent(waiting, clock):
    delivered()
    clock.shift(timedelta(days=29))
    tasks.forget_old()
    assert Letter.objects.exists()
    clock.shift(timedelta(days=2))
    tasks.forget_old()

    assert not Letter.objects.exists()
