"""One look at a web address: what it says of honest hosts, and what hostile ones get out of it."""

import errno
import gzip
import socket
import threading
import time
import tracemalloc
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import httpcore
import pytest
from hypothesis import given
from hypothesis import strategies as st

from curriculum import reach
from curriculum.reach import Outcome, Reason, connections, looks
from curriculum.reach.connections import (
    MAX_BYTES,
    CutOff,
    Deadline,
    GuardedStream,
    NoSuchHost,
    TooMuch,
)
from tests.curriculum.internet import (
    PUBLIC,
    USER_AGENT,
    Greeting,
    Internet,
    answer,
    certificate,
    redirects,
    serving,
)

OTHER = "93.184.216.35"


@pytest.fixture
def internet() -> Internet:
    """One name, demo.example.org, at one public address where nobody listens yet."""
    internet = Internet()
    internet.host("demo.example.org", [PUBLIC])
    return internet


@pytest.fixture
def secret() -> Iterator[socket.socket]:
    """Something on this machine that nobody should be led to."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.setblocking(False)
        yield listener


def was_called(listener: socket.socket) -> bool:
    try:
        listener.accept()
    except BlockingIOError:
        return False
    return True


def look_at(internet, script, path="/", **options):
    with serving(script) as server:
        internet.listen(server.port)
        return internet.look(f"http://demo.example.org{path}", **options), server


# What hosts answer


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        ("200 OK", Outcome.REACHABLE),
        ("204 No Content", Outcome.REACHABLE),
        ("206 Partial Content", Outcome.REACHABLE),
        ("401 Unauthorized", Outcome.SIGN_IN),
        ("403 Forbidden", Outcome.SIGN_IN),
        ("404 Not Found", Outcome.GONE),
        ("410 Gone", Outcome.GONE),
        ("500 Internal Server Error", Outcome.BROKEN),
        ("502 Bad Gateway", Outcome.BROKEN),
        ("503 Service Unavailable", Outcome.BROKEN),
        ("429 Too Many Requests", Outcome.NOT_KNOWN),
        ("408 Request Timeout", Outcome.NOT_KNOWN),
        ("405 Method Not Allowed", Outcome.NOT_KNOWN),
        ("418 I'm a teapot", Outcome.NOT_KNOWN),
        ("451 Unavailable For Legal Reasons", Outcome.NOT_KNOWN),
        ("300 Multiple Choices", Outcome.NOT_KNOWN),
        ("302 Found", Outcome.NOT_KNOWN),  # and does not say where
        ("304 Not Modified", Outcome.NOT_KNOWN),
    ],
)
def test_each_status_says_what_it_says(internet, status, outcome):
    body = b"" if status[:3] in ("204", "304") else b"x"

    seen, _ = look_at(internet, answer(status, body=body))

    assert (seen.outcome, seen.status) == (outcome, int(status[:3]))
    assert seen.final_address == "http://demo.example.org/"


def test_an_empty_page_is_a_page(internet):
    seen, _ = look_at(internet, answer(body=b""))

    assert seen.outcome == Outcome.REACHABLE


def test_the_host_is_asked_politely_and_told_nothing(internet):
    _, server = look_at(internet, answer(), path="/a?b=c")

    [request] = server.requests
    first, *headers = request.decode().strip().split("\r\n")
    assert first == "GET /a?b=c HTTP/1.1"
    assert sorted(headers) == [
        "Accept-Encoding: identity",
        "Accept: text/html, */*;q=0.5",
        "Connection: close",
        "Host: demo.example.org",
        f"User-Agent: {USER_AGENT}",
    ]


def test_no_proxy_of_the_environment_is_used(internet, monkeypatch, secret):
    for name in ("http_proxy", "HTTP_PROXY", "ALL_PROXY", "https_proxy"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{secret.getsockname()[1]}")

    seen, _ = look_at(internet, answer())

    assert seen.outcome == Outcome.REACHABLE
    assert not was_called(secret)


# HEAD first


def answers(head, get=None):
    """A host that answers HEAD and GET in two ways."""

    def script(line, request, stop):
        (head if request.startswith(b"HEAD ") else get or answer())(line, request, stop)

    return script


def methods(server):
    return [request.split()[0].decode() for request in server.requests]


def hang_up(line, request, stop):
    """Say nothing and leave."""


def say_nothing(line, request, stop):
    stop.wait(10)


def test_head_alone_is_enough_when_it_finds_a_page(internet):
    seen, server = look_at(internet, answers(answer(body=b"")), head_first=True)

    assert (seen.outcome, seen.status) == (Outcome.REACHABLE, 200)
    assert methods(server) == ["HEAD"]


@pytest.mark.parametrize(
    "head",
    [
        answer("405 Method Not Allowed", body=b""), answer("501 Not Implemented", body=b""),
        answer("404 Not Found", body=b""), answer("403 Forbidden", body=b""),
        answer("503 Service Unavailable", body=b""), hang_up,
    ],
)  # fmt: skip
def test_a_host_that_does_not_know_head_is_asked_by_get(internet, head):
    seen, server = look_at(internet, answers(head), head_first=True)

    assert (seen.outcome, seen.status) == (Outcome.REACHABLE, 200)
    assert methods(server) == ["HEAD", "GET"]


def test_a_host_that_is_silent_on_head_is_asked_by_get_within_the_time(internet):
    begun = time.monotonic()

    seen, server = look_at(internet, answers(say_nothing), head_first=True, seconds=1.0)

    assert seen.outcome == Outcome.REACHABLE
    assert methods(server) == ["HEAD", "GET"]
    assert time.monotonic() - begun < 1


@pytest.mark.parametrize(("status", "headers"), [("429 No", []), ("503 No", ["Retry-After: 60"])])
def test_a_host_that_asks_for_a_pause_is_not_asked_twice(internet, status, headers):
    seen, server = look_at(internet, answer(status, *headers, body=b""), head_first=True)

    assert seen.status == int(status[:3])
    assert methods(server) == ["HEAD"]


def test_head_passes_the_same_guard(internet, secret):
    internet.host("inside.example.org", ["127.0.0.1"])

    seen = internet.look("http://inside.example.org/", head_first=True)

    assert (seen.outcome, seen.reason) == (Outcome.REFUSED, Reason.PRIVATE)
    assert internet.connected == []


# When to come back


@pytest.mark.parametrize("status", ["429 Too Many Requests", "503 Service Unavailable"])
@pytest.mark.parametrize(
    ("said", "seconds"), [("120", 120.0), ("0", 0.0), (" 7 ", 7.0), ("9" * 400, float("inf"))]
)
def test_a_pause_is_told_in_seconds(internet, status, said, seconds):
    seen, _ = look_at(internet, answer(status, f"Retry-After: {said}"))

    assert seen.retry_after == seconds


@pytest.mark.parametrize("zone", ["GMT", "-0000", "+0000"])
def test_a_pause_until_a_date_is_told_in_seconds(internet, zone):
    moment = datetime.now(UTC) + timedelta(hours=1)
    said = f"Retry-After: {moment:%a, %d %b %Y %H:%M:%S} {zone}"

    seen, _ = look_at(internet, answer("503 Wait", said))

    assert 3590 < seen.retry_after <= 3600


@pytest.mark.parametrize(
    "said",
    ["", "soon", "-5", "1.5", "Mon, 99 Foo 2026", "\u0663", "Fri, 31 Dec 99999 23:59:59 GMT"],
)
def test_a_pause_that_cannot_be_read_is_none(internet, said):
    header = f"Retry-After: {said}".encode().decode("latin-1")

    seen, _ = look_at(internet, answer("503 Wait", header))

    assert seen.retry_after is None


def test_a_pause_of_the_past_is_over(internet):
    seen, _ = look_at(internet, answer("503 Wait", "Retry-After: Sun, 06 Nov 1994 08:49:37 GMT"))

    assert seen.retry_after == 0


def test_only_answers_that_ask_for_a_pause_have_one(internet):
    seen, _ = look_at(internet, answer("404 Not Found", "Retry-After: 60"))

    assert seen.retry_after is None


# Redirects


MOVED = "301 Moved Permanently"


def test_where_a_page_moved_for_good_is_told(internet):
    seen, _ = look_at(internet, redirects("/new?a=b", "/newer", status=MOVED), path="/old")

    assert (seen.outcome, seen.moved_to) == (Outcome.REACHABLE, "http://demo.example.org/newer")


@pytest.mark.parametrize("status", ["302 Found", "303 See Other", "307 Temporary Redirect"])
def test_a_redirect_for_the_moment_moves_nothing(internet, status):
    seen, _ = look_at(internet, redirects("/b", status=status))

    assert (seen.final_address, seen.moved_to) == ("http://demo.example.org/b", "")


def test_what_comes_after_a_redirect_for_the_moment_is_not_for_good(internet):
    def script(line, request, stop):
        path = request.split()[1]
        steps = {b"/a": (MOVED, "/b"), b"/b": ("302 Found", "/c"), b"/c": (MOVED, "/d")}
        if path in steps:
            status, target = steps[path]
            answer(status, f"Location: {target}", body=b"")(line, request, stop)
        else:
            answer()(line, request, stop)

    seen, _ = look_at(internet, script, path="/a")

    assert seen.final_address == "http://demo.example.org/d"
    assert seen.moved_to == "http://demo.example.org/b"


def test_a_redirect_is_followed_and_the_end_told(internet):
    seen, _ = look_at(internet, redirects("/b", "/c", "/d"))

    assert (seen.outcome, seen.final_address) == (Outcome.REACHABLE, "http://demo.example.org/d")


def test_the_fourth_redirect_is_one_too_many(internet):
    seen, server = look_at(internet, redirects("/b", "/c", "/d", "/e"))

    assert seen.outcome == Outcome.TOO_MANY_REDIRECTS
    assert len(server.requests) == 4


def test_a_circle_of_redirects_ends(internet):
    seen, server = look_at(internet, redirects(*["/"] * 99))

    assert seen.outcome == Outcome.TOO_MANY_REDIRECTS
    assert len(server.requests) == 4


def test_cookies_do_not_come_along(internet):
    def script(line, request, stop):
        where = "Location: /in" if b"GET / " in request else "X: y"
        answer("302 Found", where, "Set-Cookie: a=b", body=b"")(line, request, stop)

    _, server = look_at(internet, script)

    assert len(server.requests) == 2
    assert not any(b"cookie" in request.lower() for request in server.requests)


@pytest.mark.parametrize(
    "target",
    [
        "/login", "/users/sign_in?next=/", "/login.php", "/SSO/start", "/-/auth/app?redirect_uri=x",
        "https://accounts.example.org/v3", "https://login.example.org/", "//sso.example.org/x",
    ],
)  # fmt: skip
def test_a_redirect_to_a_sign_in_is_one(internet, target):
    seen, server = look_at(internet, redirects(target))

    assert seen.outcome == Outcome.SIGN_IN
    assert len(server.requests) == 1


@pytest.mark.parametrize("target", ["/author/login-less", "/authors", "/blog/login-pages-compared"])
def test_a_page_about_signing_in_is_a_page(internet, target):
    seen, _ = look_at(internet, redirects(target))

    assert seen.outcome == Outcome.REACHABLE


INSIDE = [
    "http://127.0.0.1/", "http://localhost/", "http://10.0.0.1/", "http://169.254.169.254/latest/",
    "http://[::1]/", "http://[::ffff:127.0.0.1]/", "http://0x7f.1/", "http://2130706433/",
    "http://inside.example.org/", "http://half.example.org/", "//10.0.0.1/", "file:///etc/passwd",
    "http://demo.example.org:6379/", "http://ada@demo.example.org/", "gopher://10.0.0.1:6379/_x",
    "http://metadata.google.internal/", "http://[64:ff9b::a9fe:a9fe]/", "http://100.100.100.200/",
    "http://0/", "http://\u2460\u2461\u2466.0.0.1/",
]  # fmt: skip


@pytest.mark.parametrize("target", INSIDE)
def test_no_redirect_leads_inside(internet, target):
    internet.host("inside.example.org", ["192.168.1.1"])
    internet.host("half.example.org", [PUBLIC, "10.0.0.1"])

    seen, server = look_at(internet, redirects(target.encode().decode("latin-1")))

    assert seen.outcome == Outcome.REFUSED
    assert seen.reason is not None
    assert len(server.requests) == 1
    assert internet.connected == [(PUBLIC, 80)]


def test_a_redirect_from_tls_to_none_is_followed_and_told(internet):
    host_tls, our_tls = certificate("demo.example.org")
    away = redirects("http://demo.example.org/plain")
    with serving(away, host_tls) as secure, serving(answer()) as plain:
        internet.listen(secure.port, port=443)
        internet.listen(plain.port, port=80)
        seen = internet.look("https://demo.example.org/", tls=our_tls)

    assert (seen.outcome, seen.is_downgraded) == (Outcome.REACHABLE, True)


# Names and addresses


@pytest.mark.parametrize(
    "answers",
    [
        ["127.0.0.1"], ["10.1.1.1"], ["169.254.169.254"], ["100.64.0.1"], ["0.0.0.0"], ["::1"],
        ["::"], ["fe80::1%2"], ["fd00::1"], ["::ffff:127.0.0.1"], ["64:ff9b::7f00:1"],
        ["2002:7f00:1::"], ["2001::1"], ["ff02::1"], ["192.0.2.7"], ["240.0.0.1"], ["224.0.0.251"],
        [PUBLIC, "127.0.0.1"], ["127.0.0.1", PUBLIC], [PUBLIC, OTHER, "fc00::1"], [*[PUBLIC] * 50, "10.0.0.1"],
        ["not an address"], ["2130706433"], ["0x7f.1"],
    ],
    ids=str,
)  # fmt: skip
def test_a_name_with_any_address_inside_is_refused(internet, answers):
    internet.host("evil.example.org", answers)

    seen = internet.look("http://evil.example.org/")

    assert seen.outcome == Outcome.REFUSED
    assert internet.connected == []


def test_a_name_is_looked_up_once_and_what_was_checked_is_connected_to(internet):
    internet.host("evil.example.org", [PUBLIC], ["127.0.0.1"])  # it answers differently next time
    with serving(answer()) as server:
        internet.listen(server.port)
        seen = internet.look("http://evil.example.org/")

    assert seen.outcome == Outcome.REACHABLE
    assert internet.looked_up == ["evil.example.org"]
    assert internet.connected == [(PUBLIC, 80)]


def test_a_name_that_turns_inward_between_two_hops_is_refused_at_the_second(internet):
    internet.host("evil.example.org", [PUBLIC], ["127.0.0.1"])
    with serving(redirects("/again")) as server:
        internet.listen(server.port)
        seen = internet.look("http://evil.example.org/")

    assert (seen.outcome, seen.reason) == (Outcome.REFUSED, Reason.PRIVATE)
    assert internet.connected == [(PUBLIC, 80)]


def test_an_address_written_out_is_not_looked_up(internet):
    with serving(answer()) as server:
        internet.listen(server.port)
        seen = internet.look(f"http://{PUBLIC}/")

    assert seen.outcome == Outcome.REACHABLE
    assert internet.looked_up == []


@pytest.mark.parametrize(
    "address",
    [
        "http://127.0.0.1:{port}/",
        "http://localhost:{port}/",
        "http://[::1]:{port}/",
        "http://127.1:{port}",
    ],
)
def test_by_default_nothing_on_this_machine_is_reached(secret, address):
    seen = reach.look(address.format(port=secret.getsockname()[1]), user_agent=USER_AGENT)

    assert seen.outcome == Outcome.REFUSED
    assert not was_called(secret)


def test_the_system_s_resolver_is_asked_for_the_whole_name_only(monkeypatch):
    asked = []

    def getaddrinfo(name, port, **options):
        asked.append(name)
        return [(socket.AF_INET, 1, 6, "", (PUBLIC, 0)), (socket.AF_INET, 1, 6, "", (PUBLIC, 0))]

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)

    assert connections.resolve("demo.example.org", 5) == [PUBLIC]
    assert asked == ["demo.example.org."]


@pytest.mark.parametrize(
    ("error", "outcome"),
    [
        (socket.gaierror(socket.EAI_NONAME, "unknown"), Outcome.NO_SUCH_HOST),
        (socket.gaierror(socket.EAI_AGAIN, "later"), Outcome.NOT_KNOWN),
        (socket.gaierror(socket.EAI_FAIL, "failed"), Outcome.NOT_KNOWN),
        (OSError(errno.ENETDOWN, "away"), Outcome.NOT_KNOWN),
    ],
)
def test_a_name_that_is_not_there_and_a_name_server_that_is_away_are_two_things(
    error, outcome, monkeypatch
):
    def getaddrinfo(*args, **options):
        raise error

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)

    assert reach.look("http://demo.example.org/", user_agent=USER_AGENT).outcome == outcome


def test_a_name_server_that_is_silent_does_not_hold_us(monkeypatch):
    answered = threading.Event()
    monkeypatch.setattr(socket, "getaddrinfo", lambda *args, **options: answered.wait(10) and [])
    started = time.monotonic()

    seen = reach.look("http://demo.example.org/", user_agent=USER_AGENT, seconds=0.2)

    answered.set()
    assert seen.outcome == Outcome.NOT_KNOWN
    assert time.monotonic() - started < 2


@pytest.mark.parametrize("answers", [[], NoSuchHost("x")], ids=["no address", "no name"])
def test_a_name_without_an_address_is_no_host(internet, answers):
    internet.host("demo.example.org", answers)

    assert internet.look("http://demo.example.org/").outcome == Outcome.NO_SUCH_HOST


@pytest.mark.parametrize(
    ("number", "outcome"),
    [
        (errno.ECONNREFUSED, Outcome.NO_ANSWER),
        (errno.ECONNRESET, Outcome.NO_ANSWER),
        (errno.ENETUNREACH, Outcome.NOT_KNOWN),
        (errno.EHOSTUNREACH, Outcome.NOT_KNOWN),
        (errno.EACCES, Outcome.NOT_KNOWN),
        (errno.EMFILE, Outcome.NOT_KNOWN),
    ],
)
def test_a_closed_door_and_a_road_that_ends_at_ours_are_two_things(internet, number, outcome):
    internet.listen(OSError(number, "so it is"))

    assert internet.look("http://demo.example.org/").outcome == outcome


def test_our_name_server_away_says_nothing_of_the_host(internet):
    internet.host("demo.example.org", CutOff("demo.example.org"))

    assert internet.look("http://demo.example.org/").outcome == Outcome.NOT_KNOWN


def test_the_next_address_of_a_name_is_tried(internet):
    internet.host("demo.example.org", ["2606:4700::1111", PUBLIC])
    internet.listen(OSError(errno.ENETUNREACH, "no IPv6 here"), "2606:4700::1111")
    with serving(answer()) as server:
        internet.listen(server.port)
        seen = internet.look("http://demo.example.org/")

    assert seen.outcome == Outcome.REACHABLE


def test_of_many_addresses_four_are_tried(internet):
    internet.host("demo.example.org", [f"93.184.216.{n}" for n in range(1, 60)])

    assert internet.look("http://demo.example.org/").outcome == Outcome.NO_ANSWER
    assert len(internet.connected) == 4


def test_what_the_other_side_says_counts_more_than_our_missing_road(internet):
    internet.host("demo.example.org", [PUBLIC, "2606:4700::1111"])
    internet.listen(OSError(errno.ENETUNREACH, "no IPv6 here"), "2606:4700::1111")

    assert internet.look("http://demo.example.org/").outcome == Outcome.NO_ANSWER


@pytest.mark.parametrize(
    "first", [httpcore.ConnectTimeout("slow"), OSError(errno.ECONNREFUSED, "x")]
)
def test_one_address_that_does_not_answer_leaves_time_for_the_next(internet, first):
    internet.host("demo.example.org", [OTHER, PUBLIC])
    internet.listen(first, OTHER)
    with serving(answer()) as server:
        internet.listen(server.port)
        assert internet.look("http://demo.example.org/").outcome == Outcome.REACHABLE

    assert internet.patience[0] <= looks.SECONDS / 2 < internet.patience[1]


# TLS


def test_tls_is_verified_for_the_name_though_an_address_is_connected_to(internet):
    host_tls, our_tls = certificate("demo.example.org")
    names = []
    host_tls.sni_callback = lambda line, name, context: names.append(name)
    with serving(answer(), host_tls) as server:
        internet.listen(server.port, port=443)
        seen = internet.look("https://demo.example.org/", tls=our_tls)

    assert seen.outcome == Outcome.REACHABLE
    assert names == ["demo.example.org"]
    assert b"Host: demo.example.org\r\n" in server.requests[0]
    assert internet.connected == [(PUBLIC, 443)]


def test_a_certificate_for_another_name_is_bad(internet):
    host_tls, our_tls = certificate("other.example.org")
    with serving(answer(), host_tls) as server:
        internet.listen(server.port, port=443)
        seen = internet.look("https://demo.example.org/", tls=our_tls)

    assert seen.outcome == Outcome.BAD_CERTIFICATE
    assert server.requests == []


def test_a_certificate_that_nobody_signed_is_bad(internet):
    host_tls, _ = certificate("demo.example.org")
    with serving(answer(), host_tls) as server:
        internet.listen(server.port, port=443)
        seen = internet.look("https://demo.example.org/")

    assert seen.outcome == Outcome.BAD_CERTIFICATE


def test_a_host_that_speaks_no_tls_where_it_should_has_a_bad_certificate(internet):
    def greet(line, stop):
        line.sendall(b"220 mail.example.org ESMTP\r\n")
        stop.wait(10)

    with serving(greet, handler=Greeting) as server:
        internet.listen(server.port, port=443)
        seen = internet.look("https://demo.example.org/")

    assert seen.outcome == Outcome.BAD_CERTIFICATE


def test_an_internationalised_name_is_looked_up_and_verified_in_ascii(internet):
    name = "xn--mnchen-3ya.example.org"
    host_tls, our_tls = certificate(name)
    internet.host(name, [PUBLIC])
    with serving(answer(), host_tls) as server:
        internet.listen(server.port, port=443)
        seen = internet.look("https://münchen.example.org/", tls=our_tls)

    assert (seen.outcome, seen.final_address) == (Outcome.REACHABLE, f"https://{name}/")


# Answers that do not end, or are not what they say. Each in bounded time and memory.


def drips(beginning: bytes, piece: bytes):
    """A host that sends a beginning, and then one piece after the other as slowly as it likes."""

    def script(line, request, stop):
        line.sendall(beginning)
        while not stop.wait(0.02):
            line.sendall(piece)

    return script


def pours(beginning: bytes, piece: bytes):
    """A host that sends as fast as it can, without an end."""

    def script(line, request, stop):
        line.sendall(beginning)
        while not stop.is_set():
            line.sendall(piece)

    return script


class Recorded(httpcore.NetworkStream):
    """A connection on which these bytes come, in pieces, and then the end."""

    def __init__(self, whole: bytes, piece: int):
        self._whole, self._piece = whole, piece

    def read(self, max_bytes, timeout=None):
        size = min(max_bytes, self._piece)
        found, self._whole = self._whole[:size], self._whole[size:]
        return found

    def write(self, buffer, timeout=None):
        pass

    def close(self):
        pass


OK = b"HTTP/1.1 200 OK\r\n"
CHUNKED = OK + b"Transfer-Encoding: chunked\r\n\r\n"
BOMB = gzip.compress(b"\0" * 20_000_000)
ENDLESS = {
    "status drips": (drips(b"HTTP/1.1 2", b"0"), Outcome.TIMED_OUT),
    "headers drip": (drips(OK, b"X: y\r\n"), Outcome.TIMED_OUT),
    "one header drips": (drips(OK + b"X: ", b"y"), Outcome.TIMED_OUT),
    "nothing comes": (drips(b"", b""), Outcome.TIMED_OUT),
    "body never begins": (drips(OK + b"Content-Length: 9\r\n\r\n", b""), Outcome.TIMED_OUT),
    "chunk never begins": (drips(CHUNKED, b""), Outcome.TIMED_OUT),
    "chunk's length drips": (drips(CHUNKED, b"0"), Outcome.TIMED_OUT),
    "body drips": (drips(OK + b"Content-Length: 999\r\n\r\n", b"x"), Outcome.REACHABLE),
    "chunks drip": (drips(CHUNKED, b"1\r\nx\r\n"), Outcome.REACHABLE),
    "body pours": (pours(OK + b"\r\n", b"x" * 65536), Outcome.REACHABLE),
    "chunks pour": (pours(CHUNKED, b"1000\r\n" + b"x" * 4096 + b"\r\n"), Outcome.REACHABLE),
    "headers pour": (pours(OK, b"X-%s: y\r\n" % (b"z" * 900)), Outcome.BROKEN),
    "one header pours": (pours(OK + b"X: ", b"y" * 4096), Outcome.BROKEN),
    "status pours": (pours(b"HTTP/1.1 200 ", b"O" * 4096), Outcome.BROKEN),
    "continue pours": (pours(b"", b"HTTP/1.1 100 Continue\r\n\r\n" * 99), Outcome.BROKEN),
    "early hints drip": (drips(b"", b"HTTP/1.1 103 Hints\r\n\r\n"), Outcome.TIMED_OUT),
    "noise pours": (pours(b"", b"\x00\xff" * 4096), Outcome.BROKEN),
    "chunk's extension pours": (pours(CHUNKED + b"1;", b"x" * 4096), Outcome.BROKEN),
    "redirect's body pours": (
        pours(b"HTTP/1.1 302 Found\r\nLocation: /login\r\n\r\n", b"x" * 4096),
        Outcome.SIGN_IN,
    ),
    "gone, and its body drips": (
        drips(b"HTTP/1.1 404 Gone\r\nContent-Length: 9999\r\n\r\n", b"x"),
        Outcome.GONE,
    ),
    "gzip bomb": (answer("200 OK", "Content-Encoding: gzip", body=BOMB), Outcome.REACHABLE),
    "gzip in gzip": (
        answer("200 OK", "Content-Encoding: gzip, gzip, gzip", body=gzip.compress(BOMB)),
        Outcome.REACHABLE,
    ),
    "deflate that is none": (
        answer("200 OK", "Content-Encoding: deflate", body=b"\xff" * 99),
        Outcome.REACHABLE,
    ),
    "transfer in gzip": (
        pours(OK + b"Transfer-Encoding: gzip, chunked\r\n\r\n", b"1\r\nx\r\n"),
        Outcome.BROKEN,
    ),
}


@pytest.mark.parametrize("name", ENDLESS)
def test_no_answer_takes_more_than_its_time_and_room(internet, name):
    script, outcome = ENDLESS[name]
    with serving(script) as server:
        internet.listen(server.port)
        started = time.monotonic()
        tracemalloc.start()
        seen = internet.look("http://demo.example.org/", seconds=0.4)
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        took = time.monotonic() - started

    assert seen.outcome == outcome
    assert internet.bytes_read <= MAX_BYTES
    assert peak < 2_000_000
    assert took < 2


@pytest.mark.parametrize(
    ("script", "outcome"),
    [
        (drips(OK, b"X: y\r\n"), Outcome.TIMED_OUT),
        (pours(OK, b"X-%s: y\r\n" % (b"z" * 900)), Outcome.BROKEN),
    ],
    ids=["drips", "pours"],
)
def test_tls_hides_no_answer_without_an_end(internet, script, outcome):
    host_tls, our_tls = certificate("demo.example.org")
    with serving(script, host_tls) as server:
        internet.listen(server.port, port=443)
        started = time.monotonic()
        seen = internet.look("https://demo.example.org/", tls=our_tls, seconds=0.8)

    assert seen.outcome == outcome
    assert internet.bytes_read <= MAX_BYTES
    assert time.monotonic() - started < 3


def test_an_answer_has_so_much_room_and_no_more():
    stream = GuardedStream(Recorded(b"x" * 200_000, 50_000), Deadline(5))

    assert [len(stream.read(65536)) for _ in range(2)] == [50_000, MAX_BYTES - 50_000]
    with pytest.raises(TooMuch):
        stream.read(65536)


def test_redirects_share_one_deadline(internet):
    def script(line, request, stop):
        stop.wait(0.2)
        answer("302 Found", "Location: /next", body=b"")(line, request, stop)

    started = time.monotonic()
    seen, _ = look_at(internet, script, seconds=0.5)

    assert seen.outcome == Outcome.TIMED_OUT
    assert time.monotonic() - started < 1.5


def test_tls_that_does_not_shake_hands_is_given_up(internet):
    with serving(lambda line, stop: stop.wait(10), handler=Greeting) as server:
        internet.listen(server.port, port=443)
        started = time.monotonic()
        seen = internet.look("https://demo.example.org/", seconds=0.3)

    assert seen.outcome == Outcome.TIMED_OUT
    assert time.monotonic() - started < 2


ODD = {
    "no HTTP": (b"SSH-2.0-OpenSSH_9.2\r\n", Outcome.BROKEN),
    "hangs up": (b"", Outcome.BROKEN),
    "half a header": (b"HTTP/1.1 200 OK\r\nContent-Le", Outcome.BROKEN),
    "HTTP/2": (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", Outcome.BROKEN),
    "status of letters": (b"HTTP/1.1 abc OK\r\n\r\n", Outcome.BROKEN),
    "status 999": (b"HTTP/1.1 999 Denied\r\nContent-Length: 0\r\n\r\n", Outcome.NOT_KNOWN),
    "status 0": (b"HTTP/1.1 000 What\r\nContent-Length: 0\r\n\r\n", Outcome.BROKEN),
    "switching": (b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n", Outcome.BROKEN),
    "two lengths": (OK + b"Content-Length: 1\r\nContent-Length: 2\r\n\r\nx", Outcome.BROKEN),
    "length of letters": (OK + b"Content-Length: x\r\n\r\nx", Outcome.BROKEN),
    "length below nothing": (OK + b"Content-Length: -1\r\n\r\nx", Outcome.BROKEN),
    "huge length": (OK + b"Content-Length: 99999999999999999\r\n\r\nx", Outcome.REACHABLE),
    "chunk of letters": (CHUNKED + b"xyz\r\n", Outcome.BROKEN),
    "huge chunk": (CHUNKED + b"ffffffffffffffff\r\nx", Outcome.REACHABLE),
    "NUL in a header": (OK + b"X: a\x00b\r\nContent-Length: 0\r\n\r\n", Outcome.BROKEN),
    "folded header": (OK + b"X: a\r\n b\r\nContent-Length: 0\r\n\r\n", Outcome.REACHABLE),
    "HTTP/0.9": (b"<html>hello</html>", Outcome.BROKEN),
    "HTTP/1.0": (b"HTTP/1.0 200 OK\r\n\r\nhello", Outcome.REACHABLE),
    "a header split in two": (
        b"HTTP/1.1 302 Found\r\nLocation: /a\rHost: 10.0.0.1\r\nContent-Length: 0\r\n\r\n",
        Outcome.BROKEN,
    ),
    "two locations": (
        b"HTTP/1.1 302 Found\r\nLocation: /login\r\nLocation: http://10.0.0.1/\r\n\r\n",
        Outcome.SIGN_IN,
    ),
    "a location that is no text": (
        b"HTTP/1.1 302 Found\r\nLocation: http://\xff\xfe.org/\r\n\r\n",
        Outcome.NO_SUCH_HOST,
    ),
    "a huge location": (
        b"HTTP/1.1 302 Found\r\nLocation: /" + b"a" * 60_000 + b"\r\n\r\n",
        Outcome.REFUSED,
    ),
}


@pytest.mark.parametrize("name", ODD)
def test_no_answer_makes_the_look_stumble(internet, name):
    whole, outcome = ODD[name]

    seen, _ = look_at(internet, lambda line, request, stop: line.sendall(whole))

    assert seen.outcome == outcome


NOISE = st.binary(max_size=300)


@given(
    st.one_of(
        NOISE,
        st.tuples(st.sampled_from([OK, CHUNKED, b"HTTP/1.1 302 Found\r\nLocation: "]), NOISE).map(
            b"".join
        ),
        st.builds(
            b"HTTP/1.1 %d X\r\n%s\r\n\r\n%s".__mod__, st.tuples(st.integers(0, 1200), NOISE, NOISE)
        ),
    ),
    st.integers(1, 400),
)
def test_no_noise_makes_the_look_stumble(whole, piece):
    seen = looks.look(
        "http://demo.example.org/",
        user_agent=USER_AGENT,
        resolve=lambda name, seconds: [PUBLIC],
        connect=lambda address, port, seconds: Recorded(whole, piece),
    )

    assert isinstance(seen.outcome, Outcome)


# Addresses that never get as far as a connection; the rest is in test_reach_web_addresses.py.


@pytest.mark.parametrize(
    ("address", "reason"),
    [
        ("http://demo.example.org/\r\nX: y", Reason.UNSEEN),
        ("http://demo.example.org:22/", Reason.PORT),
        ("http://ada:secret@demo.example.org/", Reason.CREDENTIALS),
        ("ftp://demo.example.org/", Reason.SCHEME),
        ("http://demo.example.org./", Reason.HOST),
        ("http://demo/", Reason.LOCAL_NAME),
        ("http://127.0.0.1/", Reason.PRIVATE),
        ("http://0177.1/", Reason.NUMBER),
        ("http://demo.example.org/" + "x" * 5000, Reason.TOO_LONG),
    ],
)
def test_a_refused_address_is_neither_looked_up_nor_connected_to(internet, address, reason):
    seen = internet.look(address)

    assert (seen.outcome, seen.reason, seen.status) == (Outcome.REFUSED, reason, None)
    assert internet.looked_up == internet.connected == []


def test_nothing_is_opened_but_by_the_guard():
    guard = connections.Guard(connections.Deadline(1), connections.resolve, connections.connect)

    with pytest.raises(NotImplementedError):
        guard.connect_unix_socket("/var/run/docker.sock")
