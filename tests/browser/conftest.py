"""A page in a real browser, which tells when something went wrong behind it."""

import contextlib
import os
import shutil
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from playwright.sync_api import Browser, Page, sync_playwright

from tests.network import is_loopback
from tests.terminal import Terminal

NAMES = ["chromium", "chromium-browser", "google-chrome"]
OPTIONS = [
    "--headless=new",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
    "--disable-background-networking",
    "--disable-component-update",
]


def find_chromium() -> str | None:
    """PLAYWRIGHT_CHROMIUM, or the first browser of the system."""
    named = os.environ.get("PLAYWRIGHT_CHROMIUM")
    return named or next(filter(None, map(shutil.which, NAMES)), None)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = find_chromium()
    if not path:
        reason = "no Chromium found: install one, or name it in PLAYWRIGHT_CHROMIUM"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    # Playwright keeps an event loop in this thread, which Django takes for asynchronous code.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    options = [*OPTIONS, *(["--no-sandbox"] if os.geteuid() == 0 else [])]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=options)
        yield browser
        browser.close()


@contextlib.contextmanager
def watched_page(browser: Browser, url: str, **options) -> Iterator[Page]:
    """A page whose addresses begin at url; `options` are those of a browser context.

    Fails at its end if a script failed, the Content-Security-Policy was broken, the server broke,
    or another machine was asked for something.
    """
    context = browser.new_context(
        **{
            "base_url": url,
            "viewport": {"width": 1280, "height": 800},
            "locale": "en-GB",
            "timezone_id": "Europe/London",
        }
        | options
    )
    context.set_default_timeout(10_000)
    troubles: list[str] = []
    context.on("weberror", lambda error: troubles.append(f"script: {error.error}"))
    context.on("console", lambda message: _note_message(troubles, message))
    context.on("request", lambda request: _note_request(troubles, request.url))
    context.on("response", lambda answer: _note_answer(troubles, answer))
    try:
        yield context.new_page()
    finally:
        context.close()
    assert troubles == []


@pytest.fixture
def page(browser: Browser, live_server) -> Iterator[Page]:
    """A page on Django's own live server, with the database of the test."""
    with watched_page(browser, live_server.url) as page:
        yield page


@pytest.fixture
def signed_in(page: Page, client, live_server) -> Callable[..., Page]:
    """The page with somebody signed in: signed_in(ada).goto("/")."""

    def sign_in(user) -> Page:
        client.force_login(user)
        name = settings.SESSION_COOKIE_NAME
        value = client.cookies[name].value
        page.context.add_cookies([{"name": name, "value": value, "url": live_server.url}])
        return page

    return sign_in


@pytest.fixture(scope="session")
def demo_site(browser: Browser, tmp_path_factory) -> Iterator[Terminal]:
    """The demo as `make demo` starts it: sample GitHub, broker, worker, web and scheduler."""
    terminal = _started(tmp_path_factory)
    yield terminal
    assert terminal.end() == 0


def _started(tmp_path_factory) -> Terminal:
    """The demo once it is ready; begun anew when another process took a port that was just free."""
    for is_last in (False, True):
        terminal = Terminal(tmp_path_factory.mktemp("demo"), "--demo")
        try:
            terminal.read_until("Ready: ")
        except AssertionError as error:
            terminal.end()
            if is_last or "Address already in use" not in str(error):
                raise
        else:
            break
    return terminal


@pytest.fixture
def demo_page(browser: Browser, demo_site: Terminal) -> Iterator[Page]:
    """A page of the demo; what one test does there, the next one finds."""
    with watched_page(browser, demo_site.url) as page:
        yield page


def _note_message(troubles: list[str], message) -> None:
    # An answer of 4xx is also an "error" of the console; tests of such pages expect it.
    if message.type == "error" and "Failed to load resource" not in message.text:
        troubles.append(f"console: {message.text}")


def _note_request(troubles: list[str], url: str) -> None:
    address = urlsplit(url)
    if address.scheme in {"http", "https", "ws", "wss"} and not is_loopback(address.hostname):
        troubles.append(f"request: {url}")


def _note_answer(troubles: list[str], answer) -> None:
    if answer.status >= 500:
        troubles.append(f"answer: {answer.status} {answer.url}")
