"""Files are called what their authors like: a name is shown, never obeyed, wherever it appears."""

import itertools
import json
import re
import unicodedata
from html.parser import HTMLParser

import pytest
from django.core.management import call_command

from portfolio.models import CheckRun
from tests.factories import make_check_run, make_project
from tests.portfolio.trees import PROSE

pytestmark = pytest.mark.once

STARTS = [
    "",
    "tests/",
    "../",
    "./",
    "/",
    "//evil.example/",
    "javascript:",
    "data:text/html,",
    "C:\\",
    "~/",
]
MIDDLES = [
    "<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "' onmouseover='alert(1)", "{{ 7*7 }}",
    "{% now 'Y' %}",
    "\u202egnp.exe", "\u2066\u2069", "\x1b[2J\x1b[31m", "\x07\x08\x7f", "a\nb\r\nc", "\u200b\u2060\ufeff",
    "%00%0d%0a%2e%2e%2f",
    "&#60;b&#62;&lt;i&gt;", "?q=1#frag", "\u2028\u2029", "=cmd|'/c calc'!A1", "\\u003cscript\\u003e",
    "]]><!--", "🧪\u200d🔬", "é" * 200,
]  # fmt: skip
ENDS = ["", ".py", "/test_it.py"]
NAMES = ["".join(parts) for parts in itertools.product(STARTS, MIDDLES, ENDS)]
IN_ONE = 40  # names in one finding
#: Those that git itself can hold.
IN_GIT = [name for name in NAMES if not {"", ".", ".."} & set(name.split("/"))]


class Tags(HTMLParser):
    """What a browser would make of a page: its elements with their attributes."""

    def __init__(self, page):
        super().__init__(convert_charrefs=True)
        self.found = []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))


@pytest.fixture
def project(ada):
    ada.profile.is_public = True
    ada.profile.save()
    project = make_project(ada, slug="engine", visibility="public")
    project.repositories.update(full_name="ada/engine")
    make_check_run(project, ("readme", "passed"), ("tests", "failed"))
    return project


def pages_with(names, client, ada):
    run = CheckRun.objects.get()
    places = [{"path": name, "line": 3, "what": name, "quote": name[:120]} for name in names]
    run.findings.update(summary=names[0][:200], evidence=places, lookalikes=places)
    found = {}
    for who in (ada, None):
        client.logout()
        if who:
            client.force_login(who)
        for address in (
            "/projects/engine/",
            "/@ada-nwosu/",
            "/@ada-nwosu/engine/",
            f"/check-runs/{run.pk}/",
        ):
            response = client.get(address)
            if response.status_code == 200:
                found[bool(who), address] = response.content.decode()
    return found


def test_there_are_hundreds_of_them():
    assert len(set(NAMES)) == len(NAMES) == 600


def test_no_name_becomes_markup_or_turns_a_page_round(project, ada, client):
    plain = {
        place: Tags(page).found
        for place, page in pages_with(["src/engine.py"] * IN_ONE, client, ada).items()
    }
    assert len(plain) >= 6

    for start in range(0, len(NAMES), IN_ONE):
        names = NAMES[start : start + IN_ONE]
        for place, page in pages_with(names, client, ada).items():
            found = Tags(page).found
            assert [tag for tag, _ in found] == [tag for tag, _ in plain[place]], (place, names)
            for (_, attributes), (_, before) in zip(found, plain[place], strict=True):
                assert set(attributes) == set(before), (place, attributes)
                link = attributes.get("href")
                assert link == before.get("href") or link.startswith(
                    "https://github.com/ada/engine/"
                ), link
            text = re.sub(r'href="[^"]*"', "", page)
            odd = {
                c
                for c in text
                if unicodedata.category(c) in {"Cf", "Zl", "Zp"} or (c < " " and c not in "\n\t")
            }
            assert not odd, (place, odd)


@pytest.mark.parametrize("name", IN_GIT[:: len(IN_GIT) // 60])
def test_a_permalink_is_one_place_at_github(name, project, ada, client):
    """Nothing in a name ends the path, leaves the commit, or starts another address."""
    page = pages_with([name], client, ada)[True, "/projects/engine/"]

    [link] = {a["href"] for tag, a in Tags(page).found if tag == "a" and a.get("class") == "path"}
    assert re.fullmatch(
        r"https://github\.com/ada/engine/blob/[0-9a-f]{40}/[\w.~%!$&'()*+,;=:@/-]*#L3", link
    ), link
    path = link.partition("/blob/")[2].partition("/")[2].partition("#")[0]
    assert ".." not in path.split("/")
    assert "?" not in path


@pytest.mark.parametrize("start", range(0, len(IN_GIT), 150))
def test_the_command_prints_one_line_of_json_and_nothing_that_a_terminal_obeys(start, hub, capsys):
    names = IN_GIT[start : start + 150]
    hub.add("ada/engine", {"README.md": PROSE, **dict.fromkeys(names, "import pytest\n")})

    call_command("check_repositories", "ada/engine", json=True)
    [line] = capsys.readouterr().out.splitlines()
    assert json.loads(line)["status"] == "ok"
    assert line.isascii()

    call_command("check_repositories", "ada/engine")
    told = capsys.readouterr().out
    assert not {
        c for c in told if unicodedata.category(c) in {"Cc", "Cf", "Zl", "Zp"} and c != "\n"
    }
    assert len(told.splitlines()) == len(json.loads(line)["findings"]) + 1
