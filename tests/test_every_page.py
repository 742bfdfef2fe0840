"""What holds for every address of the site, whoever comes: a form without its token is refused; reading
changes nothing, shows no secret, and makes the browser ask nobody else.
"""

import re
from html.parser import HTMLParser
from itertools import product
from urllib.parse import urlsplit

import pytest
from celery import current_app
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from portfolio import access
from portfolio.models import Repository
from tests.test_site_map import OURS, PARTS, PEOPLE, as_it_was, place  # noqa: F401

pytestmark = pytest.mark.once

#: What is sent without a form of ours, and what guards it instead.
WITHOUT_A_FORM = {
    "portfolio:webhook": "GitHub signs each delivery",
    "accounts:unsubscribe": "the link of the letter is signed",
}
#: Tables that reading may write: who looked, which browser was seen.
NOTED = {"accounts_sighting", "usersessions_usersession", "django_session"}
#: Addresses that write more than that when they are opened, and what.
OPENING_WRITES = {
    "accounts:notice": {"accounts_notice"},  # it was read
    "accounts:open_share_link": {"accounts_visit"},  # it was opened
    "portfolio:write_review": {"portfolio_listing"},  # which files are to be fetched from GitHub
    "portfolio:review_file": {"portfolio_listing"},
}
WRITES = re.compile(r'^(?:INSERT INTO|UPDATE|DELETE FROM) "(\w+)"')


@pytest.fixture
def secrets(place, settings):  # noqa: F811
    """What no page may show, by what it is."""
    people, _address = place
    settings.SECRET_KEY = "planted-key-of-the-site"
    settings.ENCRYPTION_KEYS = ["planted-key-that-seals"]
    token = "github_pat_" + "PLANTED" * 5
    access.give(Repository.objects.get(project__slug="engine"), token)
    return {
        "the site's key": settings.SECRET_KEY,
        "a key that seals tokens": settings.ENCRYPTION_KEYS[0],
        "a token": token,
        **{f"the password of {name}, hashed": person.password for name, person in people.items()},
    }


@pytest.mark.parametrize("part", PARTS, ids=range(4))
def test_a_form_without_its_token_is_refused_everywhere(part, place):  # noqa: F811
    people, address = place
    client = Client(enforce_csrf_checks=True)
    for route, person in product(part, ["ada", "grace"]):
        client.force_login(people[person])
        status = client.post(address(route), {"token": "guessed"}).status_code

        if route in WITHOUT_A_FORM:
            assert status != 403, route
        else:
            assert status == 403, (route, status)


@pytest.mark.parametrize("part", PARTS, ids=range(4))
def test_reading_changes_nothing_shows_no_secret_and_asks_nobody_else(part, place, secrets):  # noqa: F811
    people, address = place
    client = Client()
    for route, person in product(part, PEOPLE):
        with as_it_was(), CaptureQueriesContext(connection) as queries:
            client.logout()
            if person in people:
                client.force_login(people[person])
            signed_in = len(queries)
            response = client.get(address(route))
        written = {
            found[1] for query in queries[signed_in:] if (found := WRITES.match(query["sql"]))
        }
        content = response.getvalue().decode("utf-8", "replace")
        here = f"{route} for {person}"

        assert written <= NOTED | OPENING_WRITES.get(route, set()), here
        hidden = secrets | {"the key of the session": client.session.session_key or "none at all"}
        assert [name for name, secret in hidden.items() if secret in content] == [], here
        assert elsewhere(content) == [], here


def test_what_search_engines_may_list_says_in_a_sentence_what_it_is(place):  # noqa: F811
    _people, address = place
    client = Client()
    said = {}
    for route in OURS:
        response = client.get(address(route))
        page = response.getvalue().decode("utf-8", "replace")
        if response.status_code == 200 and "<html" in page and "noindex" not in page:
            said[route] = re.findall(r'<meta name="description" content="([^"]*)">', page)

    assert {"portfolio:home", "curriculum:roadmap", "curriculum:unit"} <= set(said)
    assert [route for route, words in said.items() if len(words) != 1] == []
    assert [route for route, [words] in said.items() if not 0 < len(words) <= 200] == []


class Fetched(HTMLParser):
    """Every address that a browser fetches by itself while it shows a page."""

    def __init__(self):
        super().__init__()
        self.addresses = []

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        names = ["src", "poster", "data", "background"]
        if tag == "link" and not {"alternate", "canonical", "license", "me"} & set(
            (given.get("rel") or "").split()
        ):
            names.append("href")
        if tag in ("use", "image"):
            names += ["href", "xlink:href"]
        self.addresses += [given[name] for name in names if given.get(name)]
        self.addresses += [
            each.split()[0] for each in (given.get("srcset") or "").split(",") if each.strip()
        ]
        self.addresses += re.findall(r"url\(['\"]?([^'\")]+)", given.get("style") or "")


def elsewhere(content: str) -> list[str]:
    """What of it lies on another host."""
    parser = Fetched()
    parser.feed(content)
    addresses = [*parser.addresses, *re.findall(r"@import\s+['\"]([^'\"]+)", content)]
    own = urlsplit(settings.SITE_URL).netloc
    return [url for url in addresses if urlsplit(url).netloc not in ("", own)]


def test_what_a_browser_would_fetch_is_found():
    page = (
        '<img src="https://a.example/a.png"><link rel="stylesheet" href="//b.example/b.css">'
        '<svg><use href="https://c.example/#d"/></svg><img srcset="https://d.example/d.png 2x">'
        '<p style="background: url(https://e.example/e.png)"></p><a href="https://f.example/">f</a>'
        '<link rel="canonical" href="https://g.example/"><img src="/own.png">'
    )

    assert [urlsplit(url).netloc[0] for url in elsewhere(page)] == ["a", "b", "c", "d", "e"]


def test_style_sheets_and_scripts_ask_nobody_else():
    files = [
        path
        for app in ("accounts", "config", "curriculum", "portfolio")
        for path in (settings.BASE_DIR / app / "static").rglob("*")
        if path.suffix in (".css", ".js", ".svg", ".webmanifest")
    ]
    fetching = re.compile(r"(?:url\(|@import |fetch\(|src=)['\"]?((?:https?:)?//[^'\")\s]+)")
    found = {path.name: fetching.findall(path.read_text()) for path in files}

    assert files
    assert {name: urls for name, urls in found.items() if urls} == {}


def test_every_address_of_the_site_is_walked():
    assert sorted(route for part in PARTS for route in part) == OURS


def test_every_task_takes_numbers_and_nothing_else():
    """An argument stands in clear in the broker and in the worker's log."""
    current_app.loader.import_default_modules()
    ours = {
        name: task
        for name, task in current_app.tasks.items()
        if name.split(".")[0] in ("accounts", "config", "curriculum", "portfolio")
    }
    taken = {
        name: {
            argument: kind
            for argument, kind in task.run.__annotations__.items()
            if argument != "return"
        }
        for name, task in ours.items()
    }

    assert len(ours) > 10
    assert {name: each for name, each in taken.items() if set(each.values()) - {int}} == {}
    assert {
        name for name, task in ours.items() if len(taken[name]) != task.run.__code__.co_argcount
    } == set()
