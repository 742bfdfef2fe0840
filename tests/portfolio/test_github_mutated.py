"""GitHub answers with something slightly else: the client understands it or says so, and never breaks."""

import copy
import json
import random
from collections.abc import Iterator
from contextlib import suppress

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from portfolio.github.client import GitHub
from portfolio.github.connection import open_http
from portfolio.github.errors import GitHubError
from portfolio.github.heads import Head
from portfolio.github.links import parse
from portfolio.github.snapshot import Snapshot, TreeEntry, Unread
from tests.github_server import GitHubServer

LINKS = [parse("ada/engine"), parse("ada/engine/tree/main"), parse("ada/nothing")]
WANTED = ["README.md", "src/engine.py", "tests/test_engine.py"]
ODD = [
    None, True, False, 0, -1, 1, 2**63, 10**400, 1.5, "", " ", "main", "\x00", "\ud800", "../..",
    "a" * 70_000, [], {}, [None],
    [[]], {"a": 1}, {"message": None}, {"errors": [None]}, "2026-01-01T00:00:00Z", "0000-00-00T99:99:99Z", "deadbeef",
]  # fmt: skip
BODIES = [
    b"", b" ", b"null", b"0", b'""', b"[]", b"{}", b"[[[[", b'{"data": null}', b'{"data": {}}',
    b'{"data": []}', b'{"errors": []}',
    b'{"errors": [{}]}', b'{"errors": {"type": "RATE_LIMITED"}}', b'{"message": ["x"]}',
    b'{"message": "Not Found"}', b"<html>",
    b"\xff\xfe\x00", b"[" * 100_000, b'{"a":' * 50_000, b'{"tree": null}', b'{"tree": [null]}',
    b'{"block": 3}', b"NaN", b'"\\ud800"',
]  # fmt: skip
HEADERS = {
    "x-ratelimit-limit": ["", "x", "-1", "1e9", "9" * 5000],
    "x-ratelimit-remaining": ["", "0", "-3", "nan", "9" * 5000],
    "x-ratelimit-reset": ["", "0", "-1", "99999999999999", "now", "9" * 5000],
    "x-ratelimit-resource": ["", "graphql", "\x7f", "x" * 5000],
    "retry-after": ["", "0", "-1", "99999999999", "soon", "Wed, 99 Feb 2026 00:00:00 GMT", "²"],
    "date": ["", "never", "Fri, 32 Dec 0000 00:00:00 GMT"],
    "location": ["", "/", "//", "http://[", "https://evil.example/x", "http://127.0.0.1:1/", "\x7f", "/x" * 3000],
    "content-type": ["", "text/html", "application/json; charset=base64", "application/json; charset=utf-7"],
    "github-authentication-token-expiration": ["", "never", "0000-00-00 00:00:00 UTC", "2026-13-01 00:00:00 UTC"],
}  # fmt: skip
STATUSES = [
    200,
    201,
    202,
    204,
    301,
    302,
    304,
    400,
    401,
    403,
    404,
    409,
    410,
    418,
    422,
    429,
    451,
    500,
    502,
    503,
    504,
    599,
]
CREDENTIALS = ["anonymous", "token", "application"]


@pytest.fixture(scope="module")
def github_at():
    """The double's address, and what shows who asks."""
    with GitHubServer() as server:
        server.application("an-id", "a-secret")
        server.add(
            "ada/engine",
            {
                "README.md": "# Engine\n",
                "src/engine.py": "gear = 1\n",
                "tests/test_engine.py": "def test_gear():\n    assert 1\n",
            },
        )
        yield (
            server.url,
            {
                "anonymous": {},
                "token": {"token": server.token("ada")},
                "application": {"client_id": "an-id", "client_secret": "a-secret"},
            },
        )


def places(value: object, path: tuple = ()) -> Iterator[tuple]:
    """Every place in some JSON, the whole of it first."""
    yield path
    if isinstance(value, dict):
        for key in value:
            yield from places(value[key], (*path, key))
    elif isinstance(value, list):
        for position, inner in enumerate(value):
            yield from places(inner, (*path, position))


def elsewise(body: bytes, chance: random.Random) -> bytes:
    """The body with one thing in it changed."""
    how = chance.randrange(5)
    if how == 0 or not body:
        return chance.choice(BODIES)
    if how == 1:
        return body[: chance.randrange(len(body))]
    try:
        value = copy.deepcopy(json.loads(body))
    except ValueError:
        return chance.choice(BODIES)
    *way, last = chance.choice(list(places(value))[1:] or [(None,)])
    if last is None:
        return chance.choice(BODIES)
    holder = value
    for key in way:
        holder = holder[key]
    if how == 2:
        del holder[last]
    else:
        holder[last] = chance.choice(ODD)
    return json.dumps(value).encode()


class Odd(httpx.BaseTransport):
    """Asks the real double, and changes the answers whose number is in `turned`."""

    def __init__(self, turned: frozenset[int], chance: random.Random):
        self.turned = turned
        self.chance = chance
        self.answers = 0
        self.inner = httpx.HTTPTransport()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        answer = self.inner.handle_request(request)
        body = answer.read()
        status = answer.status_code
        headers = {
            name: value
            for name, value in answer.headers.items()
            if name not in ("content-length", "content-encoding", "transfer-encoding")
        }
        self.answers += 1
        if self.answers in self.turned:
            how = self.chance.randrange(4)
            if how == 0:
                status = self.chance.choice(STATUSES)
            elif how == 1:
                for name in self.chance.sample(sorted(HEADERS), 3):
                    headers[name] = self.chance.choice(HEADERS[name])
            else:
                body = elsewise(body, self.chance)
        raw = [(name.encode(), value.encode()) for name, value in headers.items()]
        return httpx.Response(status, headers=raw, content=body, request=request)

    def close(self) -> None:
        self.inner.close()


@pytest.mark.parametrize("kind", CREDENTIALS)
@given(turned=st.frozensets(st.integers(1, 7), max_size=3), seed=st.integers(0, 2**32))
def test_an_answer_of_any_shape_is_understood_or_told(kind, github_at, turned, seed):
    """Whatever comes, the client returns what it promises or raises a GitHubError."""
    url, credentials = github_at
    transport = Odd(turned, random.Random(seed))
    with (
        open_http(url, transport=transport) as http,
        GitHub(url, http=http, timeout=5, **credentials[kind]) as github,
    ):
        with suppress(GitHubError):
            assert all(isinstance(head, Head) for head in github.heads(LINKS))
        with suppress(GitHubError):
            snapshot = github.snapshot(LINKS[0])
            look_over(snapshot)
            read = github.read(snapshot, WANTED)
            assert set(read) == set(WANTED)
            assert all(isinstance(text, str | Unread) for text in read.values())


def look_over(snapshot: Snapshot) -> None:
    """Raises AssertionError when a snapshot holds something that its types do not promise."""
    assert isinstance(snapshot.full_name, str)
    assert isinstance(snapshot.head_sha, str)
    assert len(snapshot.head_sha) in (0, 40)
    for entry in snapshot.entries:
        assert isinstance(entry, TreeEntry)
        assert isinstance(entry.path, str)
        assert isinstance(entry.sha, str)
        assert entry.size is None or (isinstance(entry.size, int) and entry.size >= 0)
        entry.path.encode()


def test_without_a_change_everything_is_read(github_at):
    """So that the test above cannot pass because nothing answers."""
    url, credentials = github_at
    transport = Odd(frozenset(), random.Random(0))
    with (
        open_http(url, transport=transport) as http,
        GitHub(url, http=http, **credentials["token"]) as github,
    ):
        snapshot = github.snapshot(LINKS[0])
        assert github.read(snapshot, WANTED)["src/engine.py"] == "gear = 1\n"
        assert [head.seen.name for head in github.heads(LINKS)] == ["THERE", "THERE", "MISSING"]
    assert transport.answers == 4
