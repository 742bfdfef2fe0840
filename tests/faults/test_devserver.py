"""The one command that runs everything: it starts, mends itself, and leaves nothing behind."""

import os
import signal
import socket
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.terminal import PATIENCE, Terminal, wait_until, wait_until_gone


@pytest.fixture(scope="module")
def var(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("var")


@pytest.fixture
def open_terminal() -> Iterator[Callable[..., Terminal]]:
    opened: list[Terminal] = []

    def open_one(*arguments, **options) -> Terminal:
        opened.append(Terminal(*arguments, **options))
        return opened[-1]

    yield open_one
    for terminal in opened:
        if terminal.process.poll() is None:
            terminal.end(signal.SIGTERM)


@pytest.fixture
def terminal(open_terminal, var) -> Terminal:
    return open_terminal(var)


def test_the_site_answers_and_ctrl_c_leaves_nothing_behind(terminal):
    terminal.read_until(f"Ready: http://127.0.0.1:{terminal.port}/")
    assert terminal.get("/readyz")[0] == 200
    names = ["valkey-server", "gunicorn", "worker", "beat", "devserver"]
    assert all(terminal.pids(name) for name in names)

    assert terminal.end(signal.SIGINT) == 0
    assert terminal.pids() == []


def test_what_crashes_is_started_again(terminal):
    terminal.read_until("Ready: ")
    web = terminal.pids("gunicorn")

    os.kill(web[0], signal.SIGKILL)

    terminal.read_until("web ended with code -9; starting it again.")
    terminal.read_until("Ready again: ")
    wait_until_gone(web)
    assert terminal.get("/healthz") == (200, {"status": "alive"})
    assert terminal.end(signal.SIGTERM) == 0
    assert terminal.pids() == []


def test_a_second_one_does_not_touch_the_files_of_the_first(terminal, open_terminal):
    terminal.read_until("Ready: ")

    second = open_terminal(terminal.var)

    assert second.process.wait(PATIENCE) == 1
    assert "already runs with the files in" in second.read_until("already runs")
    assert terminal.get("/healthz")[0] == 200


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux tells the children")
def test_when_it_is_killed_its_programs_end_too(terminal):
    terminal.read_until("Ready: ")
    everything = terminal.pids()

    terminal.end(signal.SIGKILL)

    wait_until_gone(everything)


def test_a_port_in_use_is_said_before_anything_starts(tmp_path, open_terminal):
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]

        terminal = open_terminal(tmp_path, port=port)

        assert f"Port {port} of 127.0.0.1 is in use" in terminal.read_until("in use")
        assert terminal.process.wait(PATIENCE) == 1
        assert not (tmp_path / "valkey").exists()


def test_the_demonstration_says_what_it_is_and_who_may_sign_in(tmp_path, open_terminal):
    terminal = open_terminal(tmp_path, "--demo")
    terminal.read_until("The GitHub you see here is a sample one")

    words = terminal.read_until("Ready: ")

    for part in ["learner@", "mentor@", "organiser@example.org", "password milepost-demo"]:
        assert part in words
    assert (tmp_path / "demo" / "milepost.sqlite3").exists()
    assert not (tmp_path / "milepost.sqlite3").exists()
    wait_until(lambda: len(terminal.pids("celery", "worker")) == 3)
    assert terminal.end() == 0
    assert terminal.pids() == []
    assert [line for line in terminal.read_rest() if "[info" in line or "[warn" in line] == []
