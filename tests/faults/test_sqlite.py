"""SQLite, which `make run` uses: many who write at once, a lock that is held, and a disk that is full."""

import json
import os
import re
import resource
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import pytest
from django.conf import settings

from tests.faults.writers import LOG, Writer
from tests.terminal import Terminal, wait_until

PEOPLE = 6  # who write; one more only reads
WAITING = 3  # of whom a web process has a thread more
HELD = 3.0  # seconds for which somebody else writes
PATIENT = 10
MAKE_PEOPLE = """
import django, json
django.setup()
from django.conf import settings
from django.test import Client
from tests.factories import make_user
cookies = []
for number in range({number}):
    client = Client()
    client.force_login(make_user(f"Person {{number}}"))
    cookies.append(client.cookies[settings.SESSION_COOKIE_NAME].value)
print(json.dumps([settings.SESSION_COOKIE_NAME, cookies]))
"""


class SqliteSite:
    """What `make run` starts, with its file."""

    def __init__(self, place):
        self.terminal = Terminal(place / "var")
        self.terminal.read_until("Ready: ")
        self.file = place / "var" / "milepost.sqlite3"
        environment = os.environ | {
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "DATABASE_URL": f"sqlite:///{self.file}",
            "SECRET_KEY": "of-this-test-only",
            "REDIS_URL": "redis://127.0.0.1:1/0",
            "SITE_URL": self.terminal.url,
        }
        made = subprocess.run(
            [sys.executable, "-c", MAKE_PEOPLE.format(number=PEOPLE + 1)],
            env=environment, cwd=settings.BASE_DIR, capture_output=True, text=True, check=True,
        )  # fmt: skip
        name, cookies = json.loads(made.stdout.splitlines()[-1])
        # Whom nobody tells anything: words that wait for their reader ("Kept.") are taken out of the
        # session by the next page, and that is a write.
        self.reader, *self.people = [
            httpx.Client(base_url=self.terminal.url, cookies={name: value}, timeout=60)
            for value in cookies
        ]

    def rows(self) -> list[tuple[int, str]]:
        with sqlite3.connect(self.file) as database:
            return database.execute("SELECT learner_id, words FROM curriculum_asked").fetchall()

    def limit_files(self, size: int) -> None:
        """No process of the web server may write a file beyond this size."""
        for pid in self.terminal.pids("gunicorn"):
            _soft, hard = resource.prlimit(pid, resource.RLIMIT_FSIZE)
            resource.prlimit(pid, resource.RLIMIT_FSIZE, (size, hard))


@pytest.fixture(scope="module")
def sqlite_site(tmp_path_factory):
    site = SqliteSite(tmp_path_factory.mktemp("sqlite"))
    yield site
    for person in [site.reader, *site.people]:
        person.close()
    assert site.terminal.end() == 0


@contextmanager
def writing(people: list[httpx.Client]) -> Iterator[list[Writer]]:
    """All of them write for as long as this lasts, also when it ends by a failure."""
    writers = [Writer(person) for person in people]
    try:
        yield writers
    finally:
        for writer in writers:
            writer.end()


def kept_by(writers: list[Writer]) -> list[str]:
    """What they were told is kept."""
    return sorted(words for writer in writers for words in writer.kept_since(0))


def test_many_write_at_once_and_everything_is_kept_once(sqlite_site):
    before = [words for _who, words in sqlite_site.rows()]
    with writing(sqlite_site.people) as writers:
        for writer in writers:
            writer.start()
        wait_until(lambda: all(len(writer.kept_since(0)) > 3 for writer in writers))

    assert {answer.status for writer in writers for answer in writer.answers} == {302}
    assert sorted(words for _who, words in sqlite_site.rows()) == sorted(before + kept_by(writers))


def test_who_writes_waits_while_somebody_else_does_and_who_reads_does_not(sqlite_site):
    """As many wait as leave each web process a thread for the one who reads."""
    before = [words for _who, words in sqlite_site.rows()]
    sqlite_site.reader.get(LOG).raise_for_status()  # notes the browser, once in five minutes

    with writing(sqlite_site.people[:WAITING]) as writers:
        with sqlite3.connect(sqlite_site.file, isolation_level=None) as other:
            other.execute("BEGIN IMMEDIATE")
            began = time.monotonic()
            for writer in writers:
                writer.start()
            read = []
            while time.monotonic() < began + HELD:
                asked = time.monotonic()
                assert sqlite_site.reader.get(LOG).status_code == 200
                read.append(time.monotonic() - asked)
            other.execute("ROLLBACK")

        ended = time.monotonic()
        wait_until(lambda: all(writer.kept_since(ended) for writer in writers))

    answers = [answer for writer in writers for answer in writer.answers]
    assert {answer.status for answer in answers} == {302}
    assert max(answer.seconds for answer in answers) > HELD / 2, "nobody waited"
    assert sorted(read)[len(read) // 2] < 1, "who reads does not wait for who writes"
    assert sorted(words for _who, words in sqlite_site.rows()) == sorted(before + kept_by(writers))


def test_a_full_disk_is_said_and_what_was_kept_is_there_afterwards(sqlite_site):
    before = sqlite_site.rows()
    with writing(sqlite_site.people) as writers:
        sqlite_site.limit_files(1)
        try:
            for writer in writers:
                writer.start()
            wait_until(lambda: all(len(writer.answers) > 2 for writer in writers))
            # A browser that was not seen before would be noted.
            page = sqlite_site.reader.get("/roadmap/", headers={"User-Agent": "Another"})
            full = time.monotonic()
        finally:
            sqlite_site.limit_files(resource.RLIM_INFINITY)
        wait_until(lambda: all(writer.kept_since(full) for writer in writers))

    answers = [answer for writer in writers for answer in writer.answers]
    broken = [answer for answer in answers if answer.status != 302]
    assert {answer.status for answer in broken} == {500}
    assert {"All that was saved before is still there" in answer.text for answer in broken} == {
        True
    }
    assert max(answer.seconds for answer in answers) < PATIENT
    assert page.status_code == 200, "what only reads goes on"
    assert sorted(words for _who, words in sqlite_site.rows()) == sorted(
        [words for _who, words in before] + kept_by(writers)
    )
    with sqlite3.connect(sqlite_site.file) as database:
        database.create_function("REGEXP", 2, lambda how, what: bool(re.search(how, what or "")))
        assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
