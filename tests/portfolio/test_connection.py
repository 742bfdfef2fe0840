"""The connection to GitHub that a process keeps from one task to the next."""

import socket

import httpx
import pytest
from celery.exceptions import SoftTimeLimitExceeded

from portfolio import check_runs, connection, tasks
from portfolio.github.errors import Unavailable
from portfolio.github.links import parse
from portfolio.models import CheckRun
from tests.factories import make_project

FILES = {"README.md": "# Engine\n", "engine.py": "def wear(days):\n    return days * 2\n"}


@pytest.fixture
def opened(hub, monkeypatch):
    """One item for each connection that reached GitHub."""
    sockets = []
    watch = hub.watch

    def counted(open_socket, *, is_open):
        if is_open:
            sockets.append(open_socket)
        watch(open_socket, is_open=is_open)

    monkeypatch.setattr(hub, "watch", counted)
    return sockets


@pytest.fixture
def engine(ada, hub):
    hub.add("ada/engine", FILES)
    return make_project(ada, repository="ada/engine", slug="engine")


def check(project) -> CheckRun:
    run = check_runs.request(project.repositories.get())
    tasks.execute_check_run(run.pk)
    run.refresh_from_db()
    return run


def test_runs_one_after_the_other_share_a_connection(engine, opened):
    assert [check(engine).looked for _ in range(3)] == [True] * 3

    assert len(opened) == 1


def test_one_that_github_closed_is_opened_again(engine, opened):
    check(engine)
    opened[0].shutdown(socket.SHUT_RDWR)

    assert check(engine).looked
    assert len(opened) == 2


def test_a_run_that_is_out_of_time_in_the_middle_does_not_spoil_the_next(
    engine, hub, opened, monkeypatch
):
    def interrupted(*args):
        raise SoftTimeLimitExceeded

    with monkeypatch.context() as patch:
        patch.setattr(httpx.Response, "iter_bytes", interrupted)
        run = check(engine)
    assert (run.status, run.reason) == ("queued", "unavailable")

    CheckRun.objects.update(due_at=run.requested_at)
    assert check(engine).looked
    assert len(opened) == 2


def test_another_process_opens_one_of_its_own(hub, opened, monkeypatch):
    hub.add("ada/engine", FILES)
    with connection.connect() as github:
        github.snapshot(parse("ada/engine"))
    monkeypatch.setattr(connection.os, "getpid", lambda: 0)

    with connection.connect() as github:
        github.snapshot(parse("ada/engine"))

    assert len(opened) == 2


def test_nothing_is_remembered_from_one_run_to_the_next(hub):
    hub.add("ada/engine", FILES)
    hub.fault("status", status=503, headers={"Set-Cookie": "seen=1; Path=/"})
    with connection.connect() as github, pytest.raises(Unavailable):
        github.snapshot(parse("ada/engine"))

    with connection.connect() as github:
        github.snapshot(parse("ada/engine"))

    assert len(hub.requests) > 2
    assert not any("cookie" in request.headers for request in hub.requests)
