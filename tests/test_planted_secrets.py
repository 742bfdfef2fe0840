"""Secrets are planted, everything that could tell of them happens, and then they are looked for everywhere."""

import io
import logging
import zipfile

import pytest
from django.db import connection
from django.test import Client
from django.views.debug import ExceptionReporter

from accounts import takeouts, tasks
from accounts import tasks as account_tasks
from portfolio import access, check_runs, webhooks
from portfolio import tasks as portfolio_tasks
from tests.factories import PASSWORD, make_project
from tests.github_server.webhooks import signature

#: Tables that hold the key of a session, since a browser's cookie is looked for by it.
OF_SESSIONS = {"django_session", "usersessions_usersession"}


@pytest.fixture
def told(caplog, capfd):
    """Whatever this process has said so far."""
    caplog.set_level(logging.DEBUG)
    return lambda: "\n".join([*capfd.readouterr(), caplog.text])


def stored():
    """Every value of every table, with the table it stands in."""
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            for row in cursor.fetchall():
                yield table, " ".join(map(str, row))


def test_no_secret_is_found_in_logs_tables_exports_or_reports(ada, hub, settings, tmp_path, told):
    settings.TAKEOUT_DIR = tmp_path
    settings.SECRET_KEY = "planted-key-of-the-site"
    settings.ENCRYPTION_KEYS = ["planted-key-that-seals"]
    hub.add("ada/engine", {"README.md": "# Engine\n"}, is_private=True)
    token = hub.fine_grained("ada", "ada/engine")
    project = make_project(ada, slug="engine", repository="ada/engine")
    repository = project.repositories.get()

    client = Client(raise_request_exception=False)
    client.post("/accounts/login/", {"login": ada.email, "password": PASSWORD})
    session = client.session.session_key
    client.post("/accounts/login/", {"login": ada.email, "password": "planted-wrong-password"})
    access.give(repository, token)
    webhooks.turn_on(repository)
    secret = webhooks.secret_of(repository)
    portfolio_tasks.execute_check_run(check_runs.request(repository).pk)
    hub.fault("status", count=None, status=401)
    portfolio_tasks.execute_check_run(check_runs.request(repository).pk)
    hub.mend()
    body = b'{"ref": "refs/heads/main"}'
    for key in (secret, "guess"):
        client.post(
            f"/webhooks/github/{repository.pk}/", body, content_type="application/json",
            headers={"X-GitHub-Event": "push", "X-Hub-Signature-256": signature(key, body)},
        )  # fmt: skip
    takeout = takeouts.ask(ada)
    tasks.pack_takeout(takeout.pk)
    takeout.refresh_from_db()
    account_tasks.send_due_letters()
    report = report_of_a_breakdown(client, repository, token)

    secrets = {
        "the site's key": settings.SECRET_KEY, "the key that seals": settings.ENCRYPTION_KEYS[0],
        "the token": token, "the webhook's secret": secret, "her password": PASSWORD,
        "a wrong password": "planted-wrong-password", "the key of her session": session,
    }  # fmt: skip
    with zipfile.ZipFile(io.BytesIO(takeouts.file_of(takeout).read_bytes())) as archive:
        exported = "\n".join(
            archive.read(name).decode("utf-8", "replace") for name in archive.namelist()
        )
    words = {
        "the logs": told(),
        "the takeout": exported,
        "the report of an error": report,
    }
    assert "check" in words["the logs"]
    assert ada.email in exported
    for what, planted in secrets.items():
        for where, text in words.items():
            assert planted not in text, f"{what} stands in {where}"
        tables = {table for table, row in stored() if planted in row}
        assert tables <= (OF_SESSIONS if "session" in what else set()), f"{what} stands in {tables}"


def report_of_a_breakdown(client, repository, token) -> str:
    """What Django would send to the administrators of a request that broke with the token in it."""
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    really = access.give

    def broken(*args):
        del args
        raise RuntimeError("broken on purpose")

    access.give = broken
    try:
        answer = client.post(
            f"/projects/engine/repositories/{repository.pk}/access/", {"token": token}
        )
    finally:
        access.give = really
    assert answer.status_code == 500
    reporter = ExceptionReporter(answer.wsgi_request, *answer.exc_info)
    text = reporter.get_traceback_text() + reporter.get_traceback_html() + answer.content.decode()
    assert "broken on purpose" in text
    return text
