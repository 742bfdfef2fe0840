"""Nobody types or reads as fast as a program: who does is told to wait, and nobody else is."""

import pytest
from django.urls import reverse

from accounts import middleware
from portfolio import webhooks
from portfolio.models import Repository
from tests.factories import make_notice, make_project


@pytest.fixture(autouse=True)
def slow(monkeypatch):
    """Four a minute of each, in one and the same minute."""
    for name in ("SENT_BY_ONE", "READ_BY_ONE", "SENT_BY_STRANGERS"):
        monkeypatch.setattr(middleware, name, 4)
    monkeypatch.setattr("time.time", lambda: 6_000.0)


def statuses(ask, times=6):
    return [ask().status_code for _ in range(times)]


def test_who_reads_too_fast_waits_a_minute_and_nobody_else_does(ada, grace, client, monkeypatch):
    client.force_login(ada)
    page = reverse("curriculum:study")
    assert statuses(lambda: client.get(page)) == [200] * 4 + [429] * 2

    stopped = client.get(page)
    assert stopped["Retry-After"] == "60"
    assert "Wait a minute" in stopped.text
    client.force_login(grace)
    assert client.get(page).status_code == 200

    client.force_login(ada)
    monkeypatch.setattr("time.time", lambda: 6_061.0)
    assert client.get(page).status_code == 200


def test_what_is_sent_is_counted_apart_and_what_is_stopped_writes_nothing(ada, client):
    client.force_login(ada)
    address = reverse("accounts:mark_all_read")
    assert 429 not in statuses(lambda: client.post(address), 4)
    notice = make_notice(ada)

    assert client.post(address).status_code == 429

    notice.refresh_from_db()
    assert notice.read_at is None
    assert client.get(reverse("accounts:notices")).status_code == 200


def test_strangers_who_send_are_counted_by_network(db, client):
    def sign_in(address):
        sent = {"login": "nobody@example.org", "password": "guess"}
        return client.post(reverse("account_login"), sent, REMOTE_ADDR=address).status_code

    assert [sign_in("203.0.113.7") for _ in range(6)][4:] == [429, 429]
    assert sign_in("203.0.113.8") == 200


def test_strangers_read_what_is_public_as_fast_as_they_like(db, client):
    assert statuses(lambda: client.get(reverse("curriculum:roadmap"))).count(429) == 0


def test_a_delivery_of_github_is_never_turned_away(ada, client):
    project = make_project(ada, repository="ada/engine")
    repository = Repository.objects.get(project=project)
    webhooks.turn_on(repository)

    def deliver():
        return client.post(
            reverse("portfolio:webhook", args=[repository.pk]),
            "{}",
            content_type="application/json",
        )

    assert statuses(deliver) == [404] * 6  # not signed
