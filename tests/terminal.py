"""A devserver in a terminal of its own, for tests of the whole with real processes."""

import contextlib
import http.client
import json
import os
import queue
import re
import select
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

from django.conf import settings

from config.processes import free_port

PATIENCE = 90  # seconds, on a busy machine


class Terminal:
    """A devserver as a person sees it: its lines, and the keys they press."""

    def __init__(self, var: Path, *options: str, port: int = 0, **variables: str):
        self.var = var
        self.port = port or free_port()
        kept = {key: os.environ[key] for key in ["PATH", "HOME"] if key in os.environ}
        self.process = subprocess.Popen(
            [sys.executable, "manage.py", "devserver", "--port", str(self.port), *options],
            cwd=settings.BASE_DIR,
            env=kept | {"VAR_DIR": str(var), "SECRET_KEY": "of-this-test-only"} | variables,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        self.seen: list[str] = []
        self._lines: queue.Queue[str | None] = queue.Queue()
        threading.Thread(target=self._read, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def _read(self) -> None:
        with self.process.stdout as lines:
            for line in lines:
                self._lines.put(line.rstrip())
        self._lines.put(None)

    def read_until(self, words: str) -> str:
        """The first new line with these words. Fails when the program ends without saying them."""
        deadline = time.monotonic() + PATIENCE
        while (line := self._lines.get(timeout=max(0.1, deadline - time.monotonic()))) is not None:
            self.seen.append(line)
            if words in line:
                return line
        raise AssertionError(f"{words!r} was not said:\n" + "\n".join(self.seen))

    def read_until_match(self, pattern: str) -> re.Match[str]:
        """The first new line that holds the pattern, as its match. Fails when none has come in time."""
        deadline = time.monotonic() + PATIENCE
        while not (match := re.search(pattern, self.read_until(""))):
            assert time.monotonic() < deadline, f"{pattern!r} was not said"
        return match

    def read_rest(self) -> list[str]:
        """The lines that nobody has read, of a program that has ended."""
        return list(iter(lambda: self._lines.get(timeout=PATIENCE), None))

    def get(self, path: str) -> tuple[int, object]:
        """Status and JSON of the answer."""
        with contextlib.closing(
            http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        ) as connection:
            connection.request("GET", path)
            answer = connection.getresponse()
            return answer.status, json.load(answer)

    def end(self, how: signal.Signals = signal.SIGINT) -> int:
        self.process.send_signal(how)
        return self.process.wait(PATIENCE)

    def pids(self, *words: str) -> list[int]:
        """Every process that was told of our folder, or those with these words in their command."""
        found = []
        for entry in Path("/proc").glob("[0-9]*"):
            try:
                told = str(self.var) in (entry / "environ").read_text(errors="replace")
                command = (entry / "cmdline").read_text(errors="replace").replace("\0", " ")
            except OSError:
                continue
            if told and command and all(word in command for word in words):
                found.append(int(entry.name))
        return sorted(found)


def wait_until(is_so: Callable[[], object], *, seconds: float = PATIENCE) -> None:
    """Look again and again until it is so. Fails when it is not so in time."""
    deadline = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < deadline, f"it was not so within {seconds} seconds"
        time.sleep(0.05)


def wait_until_gone(pids: list[int]) -> None:
    for pid in pids:
        try:
            handle = os.pidfd_open(pid)
        except ProcessLookupError:
            continue
        try:
            gone, _, _ = select.select([handle], [], [], PATIENCE)
        finally:
            os.close(handle)
        assert gone, f"process {pid} is still there"
