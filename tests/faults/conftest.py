"""A whole site of real processes: web, worker, scheduler, broker, a GitHub that can be slow, a mail server."""

import os
import re
import signal
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import httpx
import pytest
from django.conf import settings
from django.test import Client

from tests.github_server import GitHubServer
from tests.mail_server import MailServer
from tests.services import Valkey, start_valkey, stop, url_of_the_tests_own_database
from tests.terminal import Terminal, wait_until


@dataclass
class Site:
    """The programs of one site, and what a test may do to them."""

    terminal: Terminal
    broker: Valkey
    github: GitHubServer
    mail: MailServer

    def asked(self, name: str) -> int:
        """How many requests about the repositories whose name holds this have reached GitHub."""
        return sum(name in f"{asked.path} {asked.body}" for asked in self.github.requests)

    def worker(self) -> tuple[int, list[int]]:
        """The worker's parent process, and those that do its work."""
        pids = self.terminal.pids("celery", "worker")
        [parent] = [pid for pid in pids if os.getsid(pid) == pid]
        return parent, [pid for pid in pids if pid != parent]

    def restart_broker(self) -> None:
        self.broker = self.broker.restarted()


@pytest.fixture(scope="module")
def way_to_the_database(django_db_setup, django_db_blocker) -> str:
    """The address by which the site reaches the tests' database; a module may put a wire between."""
    with django_db_blocker.unblock():
        return url_of_the_tests_own_database()


@pytest.fixture(scope="module")
def way_to_the_broker() -> Callable[[Valkey], str]:
    """The same for the broker, of which the site is told when it has started."""
    return lambda broker: broker.url


@pytest.fixture(scope="module")
def running_site(
    django_db_setup, django_db_blocker, tmp_path_factory, way_to_the_database, way_to_the_broker
) -> Iterator[Site]:
    """A site that serves the database of the tests; it is started once for all tests of a module."""
    place = tmp_path_factory.mktemp("site")
    with django_db_blocker.unblock(), GitHubServer() as github, MailServer() as mail:
        broker = start_valkey(place / "valkey")
        terminal = Terminal(
            place / "var",
            DJANGO_SETTINGS_MODULE="tests.faults.settings",
            DATABASE_URL=way_to_the_database,
            REDIS_URL=way_to_the_broker(broker),
            SECRET_KEY=settings.SECRET_KEY,
            EMAIL_URL=mail.url,
            GITHUB_URL=github.url,
            GITHUB_API_URL=github.url,
            GITHUB_TOKEN=github.token("milepost"),
        )
        site = Site(terminal, broker, github, mail)
        try:
            terminal.read_until("Ready: ")
            yield site
            assert terminal.end() == 0
            assert terminal.pids() == []
        finally:
            if terminal.process.poll() is None:
                terminal.process.kill()
            stop(site.broker.process, signal.SIGKILL)


@pytest.fixture
def site(transactional_db, running_site: Site) -> Iterator[Site]:
    """The running site, well again after the test before."""
    running_site.github.mend()
    running_site.github.requests.clear()
    running_site.mail.mend()
    wait_until(lambda: running_site.terminal.get("/readyz")[0] == 200)
    yield running_site
    running_site.github.mend()


class Visitor:
    """Somebody signed in on the running site, without a browser."""

    def __init__(self, site: Site, user):
        client = Client()
        client.force_login(user)
        name = settings.SESSION_COOKIE_NAME
        cookies = {name: client.cookies[name].value}
        self.http = httpx.Client(base_url=site.terminal.url, cookies=cookies, timeout=60)

    def leave(self) -> None:
        self.http.close()

    def see(self, path: str) -> str:
        """The page's HTML. Fails unless it is there."""
        answer = self.http.get(path)
        assert answer.status_code == 200, f"{path}: {answer.status_code}"
        return answer.text

    def press(self, path: str, button: str) -> str:
        """Send the form that leads to `button` from the page at path; the page that follows."""
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', self.see(path))
        answer = self.http.post(
            button,
            data={"csrfmiddlewaretoken": token.group(1)},
            headers={"Referer": str(self.http.base_url)},
            follow_redirects=True,
        )
        assert answer.status_code == 200, f"{button}: {answer.status_code}"
        return answer.text


@pytest.fixture
def visit(site) -> Iterator[Callable[..., Visitor]]:
    """Somebody's eyes and hands on the site: visit(ada).see("/")."""
    visitors: list[Visitor] = []

    def come(user) -> Visitor:
        visitors.append(Visitor(site, user))
        return visitors[-1]

    yield come
    for visitor in visitors:
        visitor.leave()
