"""What a worker keeps from one task to the next."""

import pytest
from celery.fixups.django import DjangoWorkerFixup
from celery.signals import task_prerun
from django.conf import settings
from django.db import connection

from config.celery import app
from portfolio.tasks import execute_check_run


def begin_task():
    """What a worker does before each task, as far as the database is concerned."""
    task_prerun.send(sender=app.tasks[execute_check_run.name])
    connection.ensure_connection()


@pytest.fixture
def worker(transactional_db, monkeypatch):
    """Celery's own hooks, as a worker installs them, and a connection that may grow old."""
    monkeypatch.setitem(connection.settings_dict, "CONN_MAX_AGE", 600)
    connection.close()
    fixup = DjangoWorkerFixup(app)
    task_prerun.connect(fixup.on_task_prerun)
    yield fixup
    task_prerun.disconnect(fixup.on_task_prerun)
    connection.close()


def test_tasks_share_one_connection_to_the_database(worker):
    begin_task()
    first = connection.connection

    for _ in range(5):
        begin_task()

    assert connection.connection is first


def test_one_that_is_too_old_is_opened_again(worker):
    begin_task()
    first = connection.connection
    connection.close_at = 0

    begin_task()

    assert connection.connection is not first


@pytest.mark.skipif(
    settings.DATABASES["default"]["ENGINE"].endswith("sqlite3"), reason="a file does not hang up"
)
def test_one_that_broke_is_opened_again(worker):
    begin_task()
    first = connection.connection
    first.close()
    connection.errors_occurred = True

    begin_task()

    assert connection.connection is not first
