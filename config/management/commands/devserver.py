"""One command that runs everything on one machine; Ctrl-C stops it in good order."""

import contextlib
import fcntl
import hashlib
import http.client
import io
import os
import signal
import sys
import threading
import time
from argparse import ArgumentParser
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from config import programs
from config.processes import Process, Program, is_free
from config.programs import Site

WATCH_SECONDS = 0.2
READY_SECONDS = 60
RESTARTS = 5
RESTARTS_WITHIN = 60  # seconds
COLORS = {"valkey": 35, "github": 34, "prepare": 37, "worker": 33, "web": 36, "beat": 32}

DEMO_BANNER = """\
Demonstration. The GitHub you see here is a sample one on this machine, with sample repositories;
nothing is asked of github.com. GITHUB=real asks the real one."""
REAL_BANNER = "Demonstration with sample people and the real GitHub."
DEMO_SIGN_INS = (
    "sign in as learner@example.org, mentor@example.org or organiser@example.org,"
    " password milepost-demo"
)


class Command(BaseCommand):
    help = "Run broker, web, worker and scheduler in one terminal; Ctrl-C stops them."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default="127.0.0.1", help="address to listen on")
        parser.add_argument("--port", type=int, default=8000, help="port to listen on")
        parser.add_argument(
            "--demo", action="store_true", help="sample people, projects and GitHub, kept apart"
        )
        parser.add_argument(
            "--github",
            choices=["sample", "real"],
            default="sample",
            help="which GitHub the demo speaks to",
        )
        parser.add_argument(
            "--only-prepare",
            action="store_true",
            help="bring database, curriculum and static files up to date, and end",
        )

    def handle(
        self,
        *args: Any,
        host: str,
        port: int,
        demo: bool,
        github: str,
        only_prepare: bool,
        **_: Any,
    ) -> None:
        if only_prepare:
            prepare(is_demo=demo)
            return
        site = Site(
            host=host,
            port=port,
            var=settings.VAR_DIR.resolve() / "demo" if demo else settings.VAR_DIR.resolve(),
            is_demo=demo,
            has_sample_github=demo and github == "sample",
            given=dict(os.environ) | {"SECRET_KEY": settings.SECRET_KEY},
        )
        os.chdir(settings.BASE_DIR)
        with alone(site):
            refuse_taken_port(site)
            sys.exit(Run(site).run())


# Before anything starts


@contextlib.contextmanager
def alone(site: Site) -> Iterator[None]:
    """Hold the site's folder. Raises CommandError when another devserver has it."""
    site.var.mkdir(parents=True, exist_ok=True, mode=0o700)
    with (site.var / "devserver.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise CommandError(
                f"Milepost already runs with the files in {site.var}. Stop it first (Ctrl-C in its"
                " terminal), or give this one another folder with VAR_DIR."
            ) from error
        yield


def refuse_taken_port(site: Site) -> None:
    """Raises CommandError when the site cannot listen where it was told to."""
    try:
        free = is_free(site.host, site.port)
    except (OSError, OverflowError) as error:
        raise CommandError(f"Cannot listen on {site.bind}: {error}.") from error
    if not free:
        raise CommandError(
            f"Port {site.port} of {site.host} is in use by another program."
            f" Choose another, for example PORT={site.port + 1}."
        )


# Database, curriculum, static files


def prepare(*, is_demo: bool) -> None:
    """Bring everything up to date. Doing it twice changes nothing."""
    call_command("migrate", verbosity=0)
    report = io.StringIO()
    call_command("load_curriculum", keep_edits=True, stdout=report)
    sys.stdout.write(report.getvalue())
    if is_demo:
        call_command("demo")
    collect_static_files()


def collect_static_files() -> None:
    """Collect them if one was added, removed or changed since the last time."""
    stamp = settings.VAR_DIR / "static-files"
    digest = static_digest()
    if stamp.exists() and stamp.read_text() == digest and settings.STATIC_ROOT.exists():
        return
    call_command("collectstatic", interactive=False, clear=True, verbosity=0)
    stamp.write_text(digest)


def static_digest() -> str:
    """A digest of every static file's path, size and date."""
    digest = hashlib.sha256()
    for finder in finders.get_finders():
        for path, storage in sorted(finder.list([]), key=lambda found: str(found[0])):
            state = Path(storage.path(path)).stat()
            digest.update(f"{path} {state.st_size} {state.st_mtime_ns}\n".encode())
    return digest.hexdigest()


# Running


@dataclass(eq=False)
class Run:
    """One run of all programs, from the start of the first to the end of the last."""

    site: Site
    processes: list[Process] = field(default_factory=list)
    restarts: dict[str, list[float]] = field(default_factory=dict)
    signals: int = 0
    is_mending: bool = False

    def run(self) -> int:
        """Start, watch, stop. Returns the exit code: 0 when it was told to stop."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self.note_signal)
        try:
            is_well = self.start() and self.watch()
        finally:
            self.stop()
        return 0 if is_well or self.is_stopping else 1

    def note_signal(self, number: int, frame: FrameType | None) -> None:
        self.signals += 1

    @property
    def is_stopping(self) -> bool:
        return self.signals > 0

    @property
    def is_in_a_hurry(self) -> bool:
        """Told a second time."""
        return self.signals > 1

    def start(self) -> bool:
        """Start everything in order. False when something does not come up."""
        site = self.site
        if site.is_demo:
            say(DEMO_BANNER if site.has_sample_github else REAL_BANNER)
        broker = programs.choose_broker() if site.brings_broker else None
        github = programs.choose_sample_github(site) if site.has_sample_github else None
        variables = programs.environment(site, broker, github)
        if broker:
            self.launch(programs.valkey(site, broker, variables))
            if not self.wait_for(lambda: not is_free("127.0.0.1", broker.port)):
                return False
        if github:
            self.launch(programs.sample_github(github, variables))
        if not self.complete(programs.preparation(site, variables)):
            return False
        self.launch(programs.worker(variables))
        self.launch(programs.web(site, variables))
        self.launch(programs.scheduler(variables))
        if self.wait_for(self.answers_ready):
            say(ready_words(site))
        elif not self.is_stopping:
            say(f"The site is not ready: {self.site.url}/readyz says why.")
        return True

    def launch(self, program: Program) -> None:
        process = Process(program, show)
        self.processes.append(process)
        process.start()

    def complete(self, program: Program) -> bool:
        """Run a program that ends by itself. False when it fails or is interrupted."""
        process = Process(program, show)
        process.start()
        while process.is_running and not self.is_stopping:
            time.sleep(WATCH_SECONDS / 10)
        process.stop(hurry=lambda: self.is_in_a_hurry)
        return process.exit_code == 0

    def wait_for(self, is_so: Callable[[], bool]) -> bool:
        """Wait for something, a minute at most, while watching what already runs."""
        deadline = time.monotonic() + READY_SECONDS
        while not is_so():
            if self.is_stopping or time.monotonic() > deadline or not self.revive():
                return False
            time.sleep(WATCH_SECONDS / 2)
        return True

    def watch(self) -> bool:
        """Restart what ends, until told to stop. False when something cannot be kept alive."""
        while not self.is_stopping:
            if not self.revive():
                return False
            if self.is_mending and self.answers_ready():
                self.is_mending = False
                say(f"Ready again: {self.site.url}/")
            time.sleep(WATCH_SECONDS)
        return True

    def revive(self) -> bool:
        """Restart what ended. False when it happens too often to be worth it."""
        for process in self.processes:
            if process.is_running or self.is_stopping:
                continue
            name, now = process.program.name, time.monotonic()
            recent = [at for at in self.restarts.get(name, []) if now - at < RESTARTS_WITHIN]
            if len(recent) == RESTARTS:
                say(f"{name} ended {RESTARTS + 1} times within a minute. Giving up.")
                return False
            say(f"{name} ended with code {process.exit_code}; starting it again.")
            self.restarts[name] = [*recent, now]
            self.is_mending = True
            process.stop(hurry=lambda: True)
            process.start()
        return True

    def stop(self) -> None:
        """Stop everything, the last first: who depends on others goes before them."""
        if self.is_stopping:
            say("Stopping; tasks in hand are finished first. Ctrl-C again stops at once.")
        for process in reversed(self.processes):
            process.stop(hurry=lambda: self.is_in_a_hurry)
        say("Stopped.")

    def answers_ready(self) -> bool:
        host = urlsplit(self.site.url).netloc
        connection = http.client.HTTPConnection(self.site.local_host, self.site.port, timeout=5)
        try:
            connection.request("GET", "/readyz", headers={"Host": host})
            return connection.getresponse().status == 200
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()


# Words


def ready_words(site: Site) -> str:
    return f"Ready: {site.url}/  {DEMO_SIGN_INS if site.is_demo else '(Ctrl-C stops)'}"


def say(words: str) -> None:
    for line in words.splitlines():
        show("milepost", line)


def show(name: str, line: str) -> None:
    """One line with its speaker before it. A terminal that went away is no reason to fail."""
    speaker = f"{name:>8} │"
    if sys.stdout.isatty() and "NO_COLOR" not in os.environ:
        speaker = f"\033[{COLORS.get(name, 1)}m{speaker}\033[0m"
    with contextlib.suppress(OSError, ValueError), writing:
        sys.stdout.write(f"{speaker} {line}\n")
        sys.stdout.flush()


writing = threading.Lock()
