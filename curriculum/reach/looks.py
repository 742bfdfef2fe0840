"""One look at a web address: does a page begin to arrive there?"""

import ssl
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from enum import StrEnum
from functools import cache

import httpcore
import httpx

from curriculum.reach import connections, web_addresses
from curriculum.reach.connections import (
    BadCertificate,
    Connect,
    CutOff,
    Deadline,
    Guard,
    NoSuchHost,
    Resolve,
    TooMuch,
)
from curriculum.reach.refusals import Reason, Refused

#: For the whole look: names, connections, redirects, and the beginning of the page.
SECONDS = 5.0
MAX_REDIRECTS = 3
REDIRECTS = frozenset([301, 302, 303, 307, 308])
PERMANENT = frozenset([301, 308])
#: Answers that may say when to come back (RFC 9110, 10.2.3; RFC 6585, 4).
PAUSES = frozenset([429, 503])

#: Parts of a path, and first labels of a host, that a page redirects to when it wants to know who asks.
SIGN_IN_PARTS = frozenset(
    [
        *("auth", "authorize", "log-in", "log_in", "login", "oauth", "oauth2", "saml"),
        *("sign-in", "sign_in", "signin", "sso"),
    ]
)
SIGN_IN_HOSTS = frozenset(["accounts", "auth", "idp", "login", "signin", "sso"])


class Outcome(StrEnum):
    """What one look found. Only a person decides what to make of it, and of two in a row."""

    REACHABLE = "reachable"
    SIGN_IN = "sign_in"  # 401, 403, or a redirect to a page that asks who you are
    GONE = "gone"  # 404 or 410
    BROKEN = "broken"  # 5xx, or an answer that is no web page
    TIMED_OUT = "timed_out"
    NO_ANSWER = "no_answer"  # the machine is there, and nobody listens or the line drops
    NO_SUCH_HOST = "no_such_host"
    BAD_CERTIFICATE = "bad_certificate"
    TOO_MANY_REDIRECTS = "too_many_redirects"
    REFUSED = "refused"  # by us: it leads where we do not go
    NOT_KNOWN = "not_known"  # a limit, another answer that says nothing, our own network away


#: A page, or somebody who asks who we are.
REACHED = frozenset([Outcome.REACHABLE, Outcome.SIGN_IN])
#: No page.
MISSED = frozenset(
    [
        Outcome.GONE,
        Outcome.BROKEN,
        Outcome.TIMED_OUT,
        Outcome.NO_ANSWER,
        Outcome.NO_SUCH_HOST,
        Outcome.BAD_CERTIFICATE,
    ]
)
#: What it looks like, too, when we are cut off ourselves.
SILENT = frozenset([Outcome.TIMED_OUT, Outcome.NO_ANSWER, Outcome.NO_SUCH_HOST])


@dataclass(frozen=True, slots=True)
class Look:
    """What was seen. `final_address` is the last one that was asked, `status` what it answered."""

    outcome: Outcome
    address: str
    final_address: str
    status: int | None = None
    reason: Reason | None = None  # of a refusal
    moved_to: str = ""  # as far as permanent redirects lead, from the first on; "" without one
    retry_after: float | None = None  # seconds for which a 429 or 503 asks to be left alone

    @property
    def is_downgraded(self) -> bool:
        """Whether an address with TLS led to one without."""
        return self.address.lower().startswith("https:") and self.final_address.startswith("http:")


#: Each error of a connection with what it says of the address, the particular ones first.
TROUBLE: dict[type[Exception], Outcome] = {
    NoSuchHost: Outcome.NO_SUCH_HOST,
    CutOff: Outcome.NOT_KNOWN,
    BadCertificate: Outcome.BAD_CERTIFICATE,
    TooMuch: Outcome.BROKEN,
    httpcore.TimeoutException: Outcome.TIMED_OUT,
    httpcore.NetworkError: Outcome.NO_ANSWER,
    httpcore.ProtocolError: Outcome.BROKEN,
}


def look(
    address: str,
    *,
    user_agent: str,
    resolve: Resolve = connections.resolve,
    connect: Connect = connections.connect,
    tls: ssl.SSLContext | None = None,
    seconds: float = SECONDS,
    head_first: bool = False,
) -> Look:
    """Look at an address that a person typed. Never raises for what the other side does.

    A plain GET that stops at the first piece of the page: many hosts do not know HEAD. With
    `head_first` each address is asked by HEAD, and by GET only when that gave no page. It follows three
    redirects, each checked like the first address, and carries no cookies, no sign-in and no proxy of
    the environment. Nothing is decompressed. `resolve`, `connect` and `tls` are the network; what they
    answer is checked, wherever it comes from.
    """
    deadline = Deadline(seconds)
    final, status = address, None
    moved_to, is_permanent = "", True

    def ask(method: str, url: httpx.URL, until: Deadline) -> Answer:
        guard = Guard(until, resolve, connect)
        return _ask(method, url, guard, tls or _public_authorities(), user_agent)

    try:
        url = web_addresses.parse(address)
        for _ in range(1 + MAX_REDIRECTS):
            final, status = str(url), None
            answer = _head(ask, url, deadline) if head_first else None
            answer = answer or ask("GET", url, deadline)
            status = answer.status
            if status not in REDIRECTS or not answer.location:
                seen = _outcome(status)
                return Look(seen, address, final, status, None, moved_to, answer.retry_after)
            url = web_addresses.join(url, answer.location)
            if _asks_who_you_are(url):
                return Look(Outcome.SIGN_IN, address, str(url), status)
            is_permanent = is_permanent and status in PERMANENT
            moved_to = str(url) if is_permanent else moved_to
        return Look(Outcome.TOO_MANY_REDIRECTS, address, final, status)
    except Refused as refused:
        return Look(Outcome.REFUSED, address, final, status, refused.reason)
    except tuple(TROUBLE) as error:
        return Look(_trouble(error), address, final)


def _trouble(error: Exception) -> Outcome:
    return next(outcome for kind, outcome in TROUBLE.items() if isinstance(error, kind))


@dataclass(frozen=True, slots=True)
class Answer:
    """What one request was answered: its status, where it redirects to, and the wait it asks for."""

    status: int
    location: str = ""
    retry_after: float | None = None  # seconds


def _head(
    ask: Callable[[str, httpx.URL, Deadline], Answer], url: httpx.URL, deadline: Deadline
) -> Answer | None:
    """The answer to HEAD, within half of the time; None when GET may say something else.

    Hosts that do not know HEAD answer it with any error, hang up, or say nothing. One that asks to be
    left alone is not asked a second time.
    """
    try:
        answer = ask("HEAD", url, Deadline(deadline.left() / 2))
    except (httpcore.TimeoutException, httpcore.ReadError, httpcore.ProtocolError):
        return None
    asks_for_a_pause = answer.status == 429 or answer.retry_after is not None
    return answer if answer.status < 400 or asks_for_a_pause else None


def _ask(method: str, url: httpx.URL, guard: Guard, tls: ssl.SSLContext, user_agent: str) -> Answer:
    """One request, and its answer; a success only once the page begins."""
    target = httpcore.URL(
        scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path
    )
    headers = [
        (b"Host", url.netloc),
        (b"User-Agent", user_agent.encode("ascii", "replace")),
        (b"Accept", b"text/html, */*;q=0.5"),
        (b"Accept-Encoding", b"identity"),
        (b"Connection", b"close"),
    ]
    with (
        httpcore.HTTPConnection(target.origin, tls, network_backend=guard) as connection,
        connection.stream(method, target, headers=headers) as response,
    ):
        if 200 <= response.status < 300:
            next(iter(response.iter_stream()), b"")
        return Answer(
            response.status,
            _header(response, b"location"),
            _seconds(_header(response, b"retry-after")) if response.status in PAUSES else None,
        )


def _header(response: httpcore.Response, name: bytes) -> str:
    found = next((value for key, value in response.headers if key.lower() == name), b"")
    try:
        return found.decode()
    except UnicodeDecodeError:
        return found.decode("latin-1")


def _seconds(retry_after: str) -> float | None:
    """Seconds from now, of a number of them or of a date; None of anything else."""
    text = retry_after.strip()
    if text.isascii() and text.isdigit():
        return float(text)
    try:
        moment = parsedate_to_datetime(text)
    except (OverflowError, ValueError):
        return None
    if moment.tzinfo is None:  # "-0000" says UTC, and is read as no zone at all
        moment = moment.replace(tzinfo=UTC)
    return max(0.0, (moment - datetime.now(UTC)).total_seconds())


def _outcome(status: int) -> Outcome:
    if 200 <= status < 300:
        return Outcome.REACHABLE
    if status in (401, 403):
        return Outcome.SIGN_IN
    if status in (404, 410):
        return Outcome.GONE
    if 500 <= status < 600:
        return Outcome.BROKEN
    return Outcome.NOT_KNOWN


def _asks_who_you_are(url: httpx.URL) -> bool:
    parts = {part.partition(".")[0] for part in url.path.lower().split("/")}
    return bool(parts & SIGN_IN_PARTS) or url.raw_host.decode().partition(".")[0] in SIGN_IN_HOSTS


@cache
def _public_authorities() -> ssl.SSLContext:
    """Made once in a process: reading all root certificates takes longer than a look."""
    return httpx.create_ssl_context()
