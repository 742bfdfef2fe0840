"""Letters with real processes: a mail server that is down, a worker killed while it sends, a lost broker."""

import os
import signal

import httpx
import pytest
from django.utils import timezone

from accounts import kinds
from accounts.models import Letter
from tests.factories import make_notice
from tests.terminal import wait_until, wait_until_gone

pytestmark = pytest.mark.django_db(transaction=True)


def write(ada, number=1):
    """So many letters to Ada, to be sent at once."""
    for _ in range(number):
        make_notice(ada, kinds.REVIEW_ARRIVED)


def let_time_pass():
    """As if the pause, or the lease, of every waiting letter were over."""
    Letter.objects.waiting().update(due_at=timezone.now())


def are_sent():
    return not Letter.objects.filter(sent_at=None).exists()


def assert_taken_once(site, number):
    assert len(site.mail.messages) == len(set(site.mail.ids)) == number


def test_a_mail_server_that_is_down_and_up_again_gets_every_letter_once(ada, site):
    site.mail.stop()
    write(ada, 5)
    wait_until(lambda: not Letter.objects.filter(trouble="").exists())
    assert not site.mail.messages

    site.mail.start()
    let_time_pass()
    wait_until(are_sent)

    assert_taken_once(site, 5)


def test_a_letter_whose_worker_is_killed_while_it_sends_is_sent_once_by_the_next(ada, site):
    site.mail.answers.append("hang")
    write(ada)
    assert site.mail.is_asked.wait(30)
    parent, children = site.worker()

    for pid in (parent, *children):
        os.kill(pid, signal.SIGKILL)
    wait_until_gone([parent, *children])
    site.mail.let_go()
    assert not Letter.objects.get().sent_at
    let_time_pass()
    wait_until(are_sent)

    assert_taken_once(site, 1)
    assert Letter.objects.get().attempts == 2


def test_letters_written_while_the_broker_was_lost_are_sent_once(ada, site):
    site.restart_broker()
    write(ada, 3)
    wait_until(are_sent)

    assert_taken_once(site, 3)


def test_a_code_is_on_its_way_before_the_scheduler_looks(site, ada):
    """And neither the worker nor the web says a word of it."""
    with httpx.Client(base_url=site.terminal.url) as http:
        page = http.get("/accounts/password/reset/")
        token = page.text.partition('name="csrfmiddlewaretoken" value="')[2].partition('"')[0]
        answer = http.post(
            "/accounts/password/reset/",
            data={"csrfmiddlewaretoken": token, "email": ada.email},
            headers={"Referer": site.terminal.url},
        )
    assert answer.status_code == 302
    wait_until(are_sent)

    [letter] = site.mail.messages
    text = letter.get_payload(decode=True).decode()
    key = text.partition("/reset/key/")[2].partition("/")[0]
    assert key
    site.terminal.read_until_match(rf"letter sent .*letter={Letter.objects.get().pk}\b")
    assert not [line for line in site.terminal.seen if key in line]
