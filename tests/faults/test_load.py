"""Many people at once on what `make run` starts: no page breaks, no limit is counted by one process alone.

The long form, with figures: bench/load.py.
"""

import asyncio
import http.client
import re
import socket
from concurrent.futures import ThreadPoolExecutor
from itertools import product

import httpx
import pytest

from bench import load


def test_a_mixed_story_meets_no_error(site):
    names = [f"learner{number}/engine" for number in range(8)]
    cast = load.make_people(len(names), names, others=0)

    def play():
        return asyncio.run(load.mix(load.Site(site.terminal, cast), people=8, seconds=8))

    with ThreadPoolExecutor(1) as apart:  # a browser of another test may keep this thread's loop
        figures = apart.submit(play).result()

    assert figures.failed == []
    assert {"home", "unit", "public page", "write progress"} <= set(figures.seconds)


@pytest.mark.django_db(transaction=True)
def test_wrong_passwords_are_counted_by_all_processes_together(site, ada):
    """Each guess comes on a connection of its own, so that both processes of the web server get some."""
    answers = []
    for number in range(14):
        with httpx.Client(base_url=site.terminal.url) as guesser:
            page = guesser.get("/accounts/login/").text
            token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)[1]
            said = {"csrfmiddlewaretoken": token, "login": ada.email, "password": f"guess {number}"}
            answer = guesser.post(
                "/accounts/login/", data=said, headers={"Referer": site.terminal.url}
            )
            answers.append("Too many" in answer.text)

    assert answers == [False] * 5 + [True] * 9


SECRETS = [
    "milepost.sqlite3", "secret-key", ".env", "settings.py", "config/settings.py", "manage.py", ".git/config",
    "etc/passwd", "celerybeat-schedule", "deleted-accounts",
]  # fmt: skip
AROUND = [
    "/{}", "/static/{}", "/static/../{}", "/static/../../{}", "/static/%2e%2e/{}", "/static/..%2f{}", "/static//{}",
    "/static/%2e%2e%2f%2e%2e%2f{}", "/static/..%5c{}", "/media/{}", "/var/{}", "/images/../{}", "//{}", "/static/./{}",
    "/static/{}%00.css", "/static/%252e%252e/{}",
]  # fmt: skip


def test_no_file_beside_the_site_is_served(site):
    """Weblate CVE-2026-21889; the paths go out as they are, which no client library would do."""
    answers = {}
    for way, name in product(AROUND, SECRETS):
        path = way.format(name)
        asked = http.client.HTTPConnection("127.0.0.1", site.terminal.port, timeout=20)
        asked.putrequest("GET", path, skip_accept_encoding=True)
        asked.endheaders()
        answer = asked.getresponse()
        body = answer.read()
        asked.close()
        answers[path] = answer.status
        assert b"SQLite format 3" not in body, path
        assert b"SECRET_KEY" not in body, path
        assert b"root:" not in body, path

    assert set(answers.values()) <= {301, 302, 400, 404}, answers


#: Requests of which two servers could think that they end in different places, with another one behind.
BEHIND = b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
LENGTH = b"Content-Length: %d\r\n" % len(BEHIND)
TWO_ENDS = {
    "two lengths": LENGTH + b"Content-Length: 0\r\n",
    "two lengths in one line": b"Content-Length: 0, %d\r\n" % len(BEHIND),
    "a length and chunks": LENGTH + b"Transfer-Encoding: chunked\r\n",
    "chunks and a length": b"Transfer-Encoding: chunked\r\n" + LENGTH,
    "chunks that are none": LENGTH + b"Transfer-Encoding: xchunked\r\n",
    "chunks twice": b"Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n",
    "chunks after a blank": LENGTH + b"Transfer-Encoding : chunked\r\n",
    "chunks after a tab": LENGTH + b"Transfer-Encoding:\x0bchunked\r\n",
    "a negative length": b"Content-Length: -1\r\n",
    "a length with a sign": b"Content-Length: +%d\r\n" % len(BEHIND),
    "a length in hexadecimal": b"Content-Length: 0x2c\r\n",
    "a folded line": b"Content-Length:\r\n 0\r\n",
}


@pytest.mark.parametrize("headers", TWO_ENDS.values(), ids=TWO_ENDS)
def test_a_request_with_two_ends_is_not_followed_by_a_hidden_one(site, headers):
    """Request smuggling (ASVS 5.0, 4.2.1): it is refused and the connection closed, or read to one end."""
    raw = b"POST /accounts/login/ HTTP/1.1\r\nHost: 127.0.0.1\r\n" + headers + b"\r\n"
    with socket.create_connection(("127.0.0.1", site.terminal.port), timeout=20) as line:
        line.sendall(raw + b"0\r\n\r\n" + BEHIND)
        line.shutdown(socket.SHUT_WR)
        said = b"".join(iter(lambda: line.recv(65_536), b""))

    first = said.partition(b"\r\n")[0]
    assert re.match(rb"HTTP/1\.1 (400|403|405|501) ", first), said[:200]
    assert said.count(b"HTTP/1.1 ") == 1, said
