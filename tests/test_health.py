"""What a load balancer, a container and an operator may ask: /healthz and /readyz."""

import pytest
from django.db import DatabaseError, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

NOBODY_LISTENS = "redis://:planted-secret@127.0.0.1:1/0"


def test_the_process_is_alive_without_asking_the_database(client):
    answer = client.get("/healthz")

    assert answer.status_code == 200
    assert answer.json() == {"status": "alive"}
    assert "no-store" in answer["Cache-Control"]


@pytest.mark.django_db
def test_the_site_is_ready_when_database_migrations_and_broker_are(client, settings, valkey):
    settings.REDIS_URL = valkey.url

    answer = client.get("/readyz")

    assert answer.json() == {
        "status": "ready",
        "checks": {"database": "ok", "migrations": "ok", "broker": "ok"},
    }
    assert answer.status_code == 200


@pytest.mark.django_db
def test_a_broker_that_is_away_is_named_and_its_address_is_not(client, settings):
    settings.REDIS_URL = NOBODY_LISTENS

    answer = client.get("/readyz")

    assert answer.status_code == 503
    assert answer.json()["checks"] == {
        "database": "ok",
        "migrations": "ok",
        "broker": "does not answer",
    }
    assert "planted-secret" not in answer.content.decode()


@pytest.mark.django_db
def test_a_migration_that_is_missing_is_counted(client, settings, valkey):
    settings.REDIS_URL = valkey.url
    [newest] = MigrationLoader(connection).graph.leaf_nodes("accounts")
    MigrationRecorder(connection).record_unapplied(*newest)

    answer = client.get("/readyz")

    assert answer.status_code == 503
    assert answer.json()["checks"]["migrations"].endswith("to apply")
    assert answer.json()["checks"]["database"] == "ok"


def test_a_database_that_is_away_is_named_and_its_words_are_not(
    client, settings, valkey, monkeypatch
):
    def refuse(*arguments):
        raise DatabaseError("no route to planted-host")

    settings.REDIS_URL = valkey.url
    monkeypatch.setattr(connection, "cursor", refuse)

    answer = client.get("/readyz")

    assert answer.status_code == 503
    assert answer.json()["checks"] == {
        "database": "does not answer",
        "migrations": "cannot be read",
        "broker": "ok",
    }
    assert "planted-host" not in answer.content.decode()


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_asking_for_health_changes_nothing(client, path):
    assert client.post(path).status_code == 405
