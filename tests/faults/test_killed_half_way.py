"""What a person asks for with all their data, by processes that are killed half-way (SIGKILL)."""

import os
import signal
import subprocess
import sys
import zipfile

import pytest
from django.conf import settings
from django.utils import timezone

from accounts import arrivals, deletions, takeouts
from accounts.models import Arrival, Deletion, Takeout, User
from tests.accounts.test_deletions import rows_that_name
from tests.rich_account import make_rich
from tests.services import url_of_the_tests_own_database

pytestmark = pytest.mark.django_db(transaction=True)

#: A worker's process without a broker, which dies at the n-th call of a function that it passes often.
WORKER = """
import os, signal, django
django.setup()
from django.db.models import QuerySet
from accounts import deletions, entries, tasks

def deadly(function, number):
    calls = []
    def call(*args, **options):
        calls.append(1)
        if len(calls) == number:
            os.kill(os.getpid(), signal.SIGKILL)
        return function(*args, **options)
    return call

deletions.BATCH = 3
deletions._remove = deadly(deletions._remove, {number})
entries.dumps = deadly(entries.dumps, {number})
QuerySet.bulk_create = deadly(QuerySet.bulk_create, {number})
tasks.{task}({key})
"""


@pytest.fixture
def rich(ada, grace, settings, tmp_path):
    settings.TAKEOUT_DIR = tmp_path / "takeouts"
    make_rich(ada, grace)
    Deletion.objects.all().delete()
    Takeout.objects.all().delete()
    return ada


@pytest.fixture
def run(tmp_path):
    """A function that has a task carried out by a process, which is killed at that call or ends well."""

    def start(task, key, *, dies_at):
        environment = os.environ | {
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "DATABASE_URL": url_of_the_tests_own_database(),
            "SECRET_KEY": settings.SECRET_KEY,
            "VAR_DIR": str(tmp_path),
            "REDIS_URL": "redis://127.0.0.1:1/0",
            "EMAIL_URL": "memorymail://",
        }
        code = WORKER.format(number=dies_at, task=task, key=key)
        done = subprocess.run(
            [sys.executable, "-c", code],
            env=environment,
            capture_output=True,
            text=True,
            timeout=60,
        )
        assert done.returncode in (0, -signal.SIGKILL), done.stderr
        return done.returncode == 0

    return start


def test_a_deletion_that_is_killed_again_and_again_is_finished_by_the_next(rich, run):
    person = (rich.pk, rich.email, "ada-nwosu", "Ada Nwosu")
    deletion = deletions.ask(rich)
    deaths = 0
    for dies_at in (1, 2, 9, 15, 1000):
        Deletion.objects.update(due_at=timezone.now(), grace_until=timezone.now())
        deaths += not run("carry_out_deletion", deletion.pk, dies_at=dies_at)
        assert not User.objects.filter(pk=rich.pk, is_active=True).exists()

    assert deaths == 4
    assert rows_that_name(*person) == []
    assert Deletion.objects.get().finished_at


def test_a_takeout_that_is_killed_again_and_again_is_whole_in_the_end(rich, run):
    takeout = takeouts.ask(rich)
    deaths = 0
    for dies_at in (1, 5, 12, 1000):
        Takeout.objects.update(due_at=timezone.now())
        deaths += not run("pack_takeout", takeout.pk, dies_at=dies_at)

    takeout.refresh_from_db()
    assert deaths == 3
    assert takeout.is_ready
    with zipfile.ZipFile(takeouts.file_of(takeout)) as archive:
        assert archive.testzip() is None
        assert len(archive.read("data/notes.json")) > 50


def test_an_arrival_that_is_killed_again_and_again_is_there_once_and_whole(rich, run, eve):
    takeout = takeouts.ask(rich)
    takeouts.pack(takeouts.claim(takeout.pk))
    takeout.refresh_from_db()
    arrival = arrivals.receive(eve, [takeouts.file_of(takeout).read_bytes()])
    arrivals.go_on(arrivals.claim(arrival.pk))
    arrivals.agree(eve)
    deaths = 0
    for dies_at in (2, 9, 1000):
        Arrival.objects.update(due_at=timezone.now())
        deaths += not run("go_on_with_arrival", arrival.pk, dies_at=dies_at)
        assert eve.projects.count() == eve.notes.count() == (dies_at == 1000)

    arrival.refresh_from_db()
    assert deaths == 2
    assert arrival.status == "done"
