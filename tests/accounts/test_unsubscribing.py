"""The link in a letter that stops its like: asked by GET, done by POST, without signing in."""

import pytest
from django.test import Client

from accounts import kinds, notices, unsubscribing
from accounts.models import Notice, Profile
from tests.accounts.mailbox import delivered
from tests.factories import make_notice

HOST = "http://127.0.0.1:8000"


@pytest.fixture
def stranger():
    """A mail program: no cookie, and no token of a form."""
    return Client(enforce_csrf_checks=True)


def address(user, what):
    return unsubscribing.link(user, what).removeprefix(HOST)


def test_opening_the_link_asks_and_changes_nothing(ada, stranger):
    page = stranger.get(address(ada, "review_arrived"))

    assert page.status_code == 200
    assert "Stop these letters?" in page.text
    assert "A review is there" in page.text
    assert not ada.notice_choices.exists()
    assert stranger.head(address(ada, "review_arrived")).status_code == 200
    assert not ada.notice_choices.exists()


def test_the_button_of_a_mail_program_stops_letters_of_this_kind_alone(ada, grace, stranger):
    make_notice(ada, kinds.REVIEW_ARRIVED, actor=grace)
    link = delivered()[0].message()["List-Unsubscribe"].strip("<> ").removeprefix(HOST)

    answer = stranger.post(link, {"List-Unsubscribe": "One-Click"})

    assert answer.status_code == 200, "RFC 8058: no redirect"
    assert notices.choices_of(ada)["review_arrived"] == "never"
    assert notices.choices_of(ada)["lease_ends"] == "at_once"
    make_notice(ada, kinds.REVIEW_ARRIVED, actor=grace)
    assert len(delivered()) == 1
    assert Notice.objects.count() == 2


def test_pressing_twice_is_as_pressing_once(ada, stranger):
    for _ in range(2):
        assert stranger.post(address(ada, "review_arrived")).status_code == 200

    assert ada.notice_choices.count() == 1


def test_the_daily_letter_is_stopped_as_a_whole(ada, stranger):
    assert "Stop the daily letter?" in stranger.get(address(ada, "daily_letter")).text

    page = stranger.post(address(ada, "daily_letter"))

    assert "no daily letter any more" in page.text
    assert Profile.objects.get(user=ada).digest_hour is None
    assert not ada.notice_choices.exists()


def test_a_person_presses_the_button_of_the_page(ada, client):
    page = client.post(address(ada, "review_arrived"))

    assert "Done: no more of these" in page.text


@pytest.mark.parametrize(
    "change",
    [
        lambda path, eve: path.replace("/unsubscribe/", "/unsubscribe/1"),
        lambda path, eve: path.replace("review_arrived", "lease_ends"),
        lambda path, eve: path[:-2] + ("a/" if path[-2] != "a" else "b/"),
        lambda path, eve: "/unsubscribe/x/",
        lambda path, eve: f"/unsubscribe/{eve.pk}.review_arrived:" + path.partition(":")[2],
    ],
)
def test_a_link_that_was_altered_does_not_exist(ada, eve, stranger, change):
    path = change(address(ada, "review_arrived"), eve)

    assert stranger.get(path).status_code == stranger.post(path).status_code == 404
    assert not ada.notice_choices.exists()
    assert not eve.notice_choices.exists()


def test_a_link_of_somebody_or_something_that_is_gone_does_not_exist(ada, stranger):
    assert stranger.post(address(ada, "no_such_kind")).status_code == 404
    path = address(ada, "review_arrived")
    ada.delete()

    assert stranger.post(path).status_code == 404


def test_a_link_outlives_a_change_of_the_key(ada, stranger, settings):
    path = address(ada, "review_arrived")
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "a new key"

    assert stranger.post(path).status_code == 200


def test_the_page_says_nothing_of_whose_link_it_is(ada, stranger):
    page = stranger.get(address(ada, "review_arrived")).text

    assert "Ada Nwosu" not in page
    assert ada.email not in page
