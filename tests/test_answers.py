"""What holds of every answer and every script of ours, beside what tests/test_headers.py says."""

import json
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client

from tests.test_logs import lines  # noqa: F401
from tests.test_site_map import OURS, place  # noqa: F401

SCRIPTS = sorted((Path(settings.BASE_DIR) / "config" / "static").glob("*.js"))
#: The one thing that our scripts keep in a browser: whether a key moves to the search.
KEPT = {"slash-key"}


@pytest.fixture
def answers(place):  # noqa: F811
    """Every address, as a stranger and as Ada get it."""
    people, address = place
    found = []
    for person in (None, people["ada"]):
        client = Client(headers={"Origin": "https://elsewhere.example"})
        if person:
            client.force_login(person)
        found += [(route, client.get(address(route))) for route in OURS]
    return found


def test_every_answer_says_what_it_is(answers):
    for route, answer in answers:
        content = b"".join(answer) if answer.streaming else answer.content
        said = answer.headers.get("Content-Type", "")
        if not content:
            continue
        assert re.fullmatch(r"[\w.+-]+/[\w.+-]+(; charset=utf-8)?(; method=PUBLISH)?", said), (
            route,
            said,
        )
        if said.startswith("text/") or "xml" in said:
            assert "; charset=utf-8" in said or "svg" in said, (route, said)
        if content.lstrip().lower().startswith(b"<!doctype html"):
            assert said == "text/html; charset=utf-8", route


def test_the_name_of_a_file_is_ours_and_needs_no_escaping(answers):
    """What people chose stands in it as letters, digits, points and hyphens, and nothing else."""
    named = {
        route: said
        for route, answer in answers
        if (said := answer.headers.get("Content-Disposition"))
    }

    assert len(named) > 4
    for route, said in named.items():
        assert re.fullmatch(
            r'(attachment|inline); filename="[A-Za-z0-9][\w.-]*"', said, re.ASCII
        ), (
            route,
            said,
        )


def test_no_answer_lets_another_origin_read_it(answers):
    for route, answer in answers:
        named = [name for name in answer.headers if name.lower().startswith("access-control-")]
        assert named == [], route


@pytest.mark.parametrize("path", ["/", "/roadmap/", "/projects/", "/accounts/login/", "/admin/"])
def test_a_request_is_not_sent_back(path, client, db):
    answer = client.generic("TRACE", path, headers={"X-Told": "tale-tale"})

    assert answer.status_code in (302, 405)
    assert b"tale-tale" not in answer.content


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_no_script_keeps_anything_in_the_browser(script):
    source = script.read_text(encoding="utf-8")

    assert set(re.findall(r'localStorage\.[gs]etItem\("([\w-]+)"', source)) <= KEPT
    assert source.count("localStorage.") == len(re.findall(r'localStorage\.[gs]etItem\("', source))
    for other in ("sessionStorage", "document.cookie", "indexedDB", "caches.", "__proto__"):
        assert other not in source


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_no_script_writes_markup_or_runs_text(script):
    source = script.read_text(encoding="utf-8")

    for way in (r"\.innerHTML\s*\+?=[^=]", r"\.outerHTML\s*\+?=[^=]", "insertAdjacentHTML", r"document\.write",
                r"\beval\(", r"new Function", r"setTimeout\(\s*[\"']", "createContextualFragment"):  # fmt: skip
        assert not re.search(way, source), way


@pytest.mark.parametrize("lines", ["json"], indirect=True)
def test_what_is_kept_from_somebody_is_logged_with_their_number(lines, place):  # noqa: F811
    people, address = place
    client = Client(enforce_csrf_checks=True)
    client.force_login(people["eve"])
    tries = {
        404: client.get(address("portfolio:project")),
        403: client.post("/projects/new/", {"link": "ada/engine"}),
    }

    logged = [json.loads(line) for line in lines().splitlines() if line.startswith("{")]
    for status, answer in tries.items():
        assert answer.status_code == status
        assert [line for line in logged if line.get("code") == status and line.get("user_id")]
