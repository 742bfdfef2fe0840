"""A web address as a person types it, or as a page redirects to it: read once, and strictly.

What browsers would guess is refused: two programs that read one address differently are how a guard is
led past its post. The httpx.URL that comes out is what is connected to, part by part.
"""

import re
import unicodedata

import httpx

from curriculum.reach import networks
from curriculum.reach.refusals import MAX_LENGTH, Reason, Refused

AUTHORITY = re.compile(r"(?P<host>\[[^]]*\]|[^:]*)(?P<port>(?::.*)?)")
PORTS = frozenset(["", ":", ":80", ":443"])
LABEL = re.compile(r"[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?")
#: A last label of this form makes browsers and C libraries read the whole host as one number.
NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*")
MAX_HOST = 253

#: Endings that are never public names: RFC 6761 and 6762, 7686, 8375, 9476, ICANN's own list of
#: names that it does not delegate, and what routers and companies use all the same.
LOCAL_ENDINGS = frozenset(
    [
        *("alt", "arpa", "corp", "example", "home", "internal", "intranet", "invalid", "lan"),
        *("local", "localdomain", "localhost", "mail", "onion", "private", "test"),
    ]
)


def parse(text: str) -> httpx.URL:
    """Read an http or https address of a public host. Raises Refused with the reason.

    No name is looked up: where a name leads is checked when it is connected to.
    """
    if len(text) > MAX_LENGTH:
        raise Refused(Reason.TOO_LONG)
    if any(c == "\\" or unicodedata.category(c)[0] in "CZ" for c in text):
        raise Refused(Reason.UNSEEN)
    scheme, _, rest = text.partition("://")
    if scheme.lower() not in ("http", "https"):
        raise Refused(Reason.SCHEME)
    _check_authority(re.split(r"[/?#]", rest, maxsplit=1)[0])
    try:
        url = httpx.URL(text).copy_with(fragment=None)
    except httpx.InvalidURL:
        raise Refused(Reason.HOST) from None
    _check_host(url.raw_host.decode("ascii"))
    return url


def join(url: httpx.URL, location: str) -> httpx.URL:
    """Where a redirect from `url` leads. Raises Refused as `parse` does."""
    if len(location) > MAX_LENGTH:
        raise Refused(Reason.TOO_LONG)
    try:
        joined = url.join(location.replace(" ", "%20"))
    except (httpx.InvalidURL, ValueError):
        raise Refused(Reason.HOST) from None
    return parse(str(joined))


def host_of(text: str) -> str:
    """The host of an address as it is looked up, in ASCII; "" of one that is refused."""
    try:
        return parse(text).raw_host.decode("ascii")
    except Refused:
        return ""


def _check_authority(authority: str) -> None:
    if "@" in authority:
        raise Refused(Reason.CREDENTIALS)
    divided = AUTHORITY.fullmatch(authority)
    if divided is None or divided["port"] not in PORTS:
        raise Refused(Reason.PORT)


def _check_host(host: str) -> None:
    labels = host.split(".")
    if ":" in host or NUMBER.fullmatch(labels[-1]):
        networks.public(host)
        return
    if len(host) > MAX_HOST or not all(LABEL.fullmatch(label) for label in labels):
        raise Refused(Reason.HOST)
    if len(labels) == 1 or labels[-1] in LOCAL_ENDINGS:
        raise Refused(Reason.LOCAL_NAME)
