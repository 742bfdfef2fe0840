"""Child processes with a name: started, watched, their lines passed on, stopped without a trace."""

import contextlib
import ctypes
import errno
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

PR_SET_PDEATHSIG = 1
STEP_SECONDS = 0.05

Show = Callable[[str, str], None]


@dataclass(frozen=True, slots=True)
class Program:
    """What to run, and how many seconds it may take to stop.

    `orphaned` is the signal it gets when its parent was killed and nobody is left to wait for it.
    """

    name: str
    command: Sequence[str]
    environment: Mapping[str, str]
    stop_seconds: float
    orphaned: signal.Signals = signal.SIGTERM


class Process:
    """A program as it runs, in a session of its own: Ctrl-C in the terminal does not reach it."""

    def __init__(self, program: Program, show: Show):
        self.program = program
        self.started_at = 0.0
        self._show = show
        self._child: subprocess.Popen[str] | None = None
        self._reader: threading.Thread | None = None

    def start(self) -> None:
        """Start, or start again. Call it from the main thread: the child ends with the thread."""
        self.started_at = time.monotonic()
        self._child = subprocess.Popen(
            list(self.program.command),
            env=dict(self.program.environment),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            start_new_session=True,
            preexec_fn=end_with_parent(self.program.orphaned),
        )
        self._reader = threading.Thread(target=self._pass_lines_on, args=(self._child,))
        self._reader.daemon = True
        self._reader.start()

    @property
    def is_running(self) -> bool:
        return self._child is not None and self._child.poll() is None

    @property
    def exit_code(self) -> int | None:
        """None while it runs; negative for the signal that ended it."""
        return self._child.poll() if self._child else None

    def stop(self, *, hurry: Callable[[], bool]) -> None:
        """Ask the program to stop, and see to it that none of its processes is left.

        Only the parent is asked: it knows how to stop its own children. After `stop_seconds`, or
        once `hurry` says so, the whole session is killed; so are stragglers of a program that
        ended by itself.
        """
        if self._child is None:
            return
        if self.is_running:
            self._child.terminate()
        deadline = time.monotonic() + self.program.stop_seconds
        while self.is_running and time.monotonic() < deadline and not hurry():
            time.sleep(STEP_SECONDS)
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self._child.pid, signal.SIGKILL)
        self._child.wait()
        if self._reader:
            self._reader.join(timeout=1)

    def _pass_lines_on(self, child: subprocess.Popen[str]) -> None:
        assert child.stdout is not None
        with child.stdout:
            for line in child.stdout:
                if words := line.rstrip():
                    self._show(self.program.name, words)


def end_with_parent(how: signal.Signals) -> Callable[[], object] | None:
    """A subprocess's preexec_fn: the kernel sends it `how` when its parent is gone (Linux only)."""
    if not sys.platform.startswith("linux"):
        return None
    prctl = ctypes.CDLL(None).prctl
    return lambda: prctl(PR_SET_PDEATHSIG, how)


def free_port(host: str = "127.0.0.1") -> int:
    """A TCP port that nobody listens on at this moment."""
    with socket.create_server((host, 0), family=_family(host)) as probe:
        return int(probe.getsockname()[1])


def is_free(host: str, port: int) -> bool:
    """Whether a server can listen there. Raises OSError when the address is not this machine's."""
    try:
        socket.create_server((host, port), family=_family(host)).close()
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            return False
        raise
    return True


def _family(host: str) -> socket.AddressFamily:
    return socket.AF_INET6 if ":" in host else socket.AF_INET
