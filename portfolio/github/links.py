"""A link that someone pasted, read as a GitHub repository and a place in it."""

import re
import unicodedata
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from portfolio.github import permalinks
from portfolio.github.hosts import repository_parts
from portfolio.github.refusals import MAX_LENGTH, MESSAGES, BadLink, Reason

__all__ = ["BadLink", "Link", "Reason", "is_ref", "parse"]

MAX_REF_CANDIDATES = 8

#: First words of github.com addresses that are pages of GitHub's own, never an account.
# fmt: off
RESERVED = frozenset(
    [
        "about", "account", "advisories", "apps", "blog", "codespaces", "collections", "contact",
        "copilot", "customer-stories", "dashboard", "discussions", "enterprise", "events",
        "explore", "features", "gist", "home", "import", "issues", "join", "login", "logout",
        "marketplace", "mobile", "new", "nonprofit", "notifications", "organizations", "orgs",
        "password_reset", "premium-support", "pricing", "pulls", "readme", "search", "security",
        "sessions", "settings", "signup", "site", "sponsors", "stars", "stafftools", "team",
        "teams", "topics", "trending", "users", "watching",
    ]
)
# fmt: on

_OWNER = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,38}")
_NAME = re.compile(r"[A-Za-z0-9._-]{1,100}")
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]{0,15}):/+")
_SCP = re.compile(r"(?:[^@/\s]{1,64}@)?([A-Za-z0-9.-]{1,80}\.[A-Za-z]{2,12}):(?!/)(.*)", re.S)
_COMMAND = re.compile(r"(?:\$ )?(?:git clone|gh repo clone|pip install) ")
_MARKDOWN = re.compile(r'!?\[[^\[\]]*\]\(\s*<?([^()<>\s]+)>?(?:\s+"[^"]*")?\s*\)')
_SCHEMES = frozenset(["http", "https", "git", "ssh", "git+ssh", "git+https", "git+http"])
_PORTS = frozenset(["", "22", "80", "443"])
_BIDI_CONTROLS = frozenset(["LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"])
_BLANKS = " \t\r\n\u00a0\u200b\u2060\ufeff"
_PLACES = {"tree": "folder", "blob": "file", "raw": "file", "blame": "file", "edit": "file"}


@dataclass(frozen=True, slots=True)
class Link:
    """A repository, and perhaps a branch (or tag, or commit) with a folder or a file in it.

    Raises BadLink when a part cannot be what it says, so that a Link is safe to put in a request.
    """

    owner: str
    name: str
    ref: str = ""  # "" for the default branch
    folder: str = ""  # without slashes at its ends; "" for the root
    file: str = ""

    def __post_init__(self) -> None:
        if not _OWNER.fullmatch(self.owner):
            raise BadLink(Reason.BAD_OWNER)
        if self.name in (".", "..") or not _NAME.fullmatch(self.name):
            raise BadLink(Reason.BAD_NAME)
        if self.ref and not is_ref(self.ref):
            raise BadLink(Reason.BAD_REF)
        for part in filter(None, (*self.folder.split("/"), *self.file.split("/"))):
            if part in (".", ".."):
                raise BadLink(Reason.DOTS)

    @property
    def full_name(self) -> str:
        return f"{self.owner}/{self.name}"

    @property
    def key(self) -> str:
        """The full name as GitHub compares it: case does not matter."""
        return self.full_name.lower()

    @property
    def rest(self) -> str:
        """Branch and path undivided: a branch may hold slashes, and no link says where it ends."""
        return "/".join(filter(None, (self.ref, self.folder or self.file)))

    @property
    def ref_candidates(self) -> tuple[tuple[str, str], ...]:
        """The ways to divide `rest` into branch and path, this link's own first, at most eight."""
        if not self.ref:
            return ()
        parts = self.rest.split("/")
        own = (self.ref, self.folder or self.file)
        last = len(parts) - 1 if self.file else len(parts)
        splits = [("/".join(parts[:n]), "/".join(parts[n:])) for n in range(1, last + 1)]
        others = [split for split in splits if split != own and is_ref(split[0])]
        return (own, *others)[:MAX_REF_CANDIDATES]

    def url(self, web_url: str = permalinks.WEB_URL) -> str:
        """The address of this place on GitHub; `parse` reads it back as this very link."""
        if self.file:
            return permalinks.blob_url(web_url, self.full_name, self.ref or "HEAD", self.file)
        return permalinks.tree_url(web_url, self.full_name, self.ref, self.folder)


def own_spelling(text: str) -> str:
    """A full name as GitHub spells it; raises BadLink (a ValueError) when it cannot be one."""
    owner, _, name = text.partition("/")
    return Link(owner, name).full_name


def parse(text: str, web_url: str = permalinks.WEB_URL) -> Link:
    """Read a link in any form in which people paste one; raises BadLink with a sentence for them.

    `web_url` names another GitHub whose links are accepted too; github.com's always are.
    Names and passwords inside the link are dropped.
    """
    text = _cleaned(text)
    host, path = _divide(text, own_host=_authority(web_url))
    parts = _segments(path)
    if host:
        return _link(*repository_parts(host, parts, own_host=_authority(web_url)))
    if len(parts) < 2 or (len(parts) > 2 and parts[2] not in _PLACES):
        raise BadLink(Reason.NOT_A_LINK)
    return _link(parts, has_places=True)


def is_ref(name: str) -> bool:
    """Whether git allows this as the name of a branch or tag (rules of git-check-ref-format)."""
    if any(ord(c) <= 32 or ord(c) == 127 or c in "~^:?*[\\" for c in name):
        return False
    if ".." in name or "@{" in name or name in ("", "@") or name.startswith("-"):
        return False
    return all(
        part and not part.startswith(".") and not part.endswith((".", ".lock"))
        for part in name.split("/")
    )


def _cleaned(text: str) -> str:
    """The text without what surrounds a link: blanks, brackets, quotes, Markdown, a command."""
    text = text.strip(_BLANKS)
    if len(text) > MAX_LENGTH:
        raise BadLink(Reason.TOO_LONG)
    _refuse_invisible(text)
    if markdown := _MARKDOWN.fullmatch(text):
        text = markdown[1]
    if command := _COMMAND.match(text):
        words = text[command.end() :].split(" ")
        text = next((word for word in words if "/" in word and not word.startswith("-")), "")
    text = text.strip("<>\"'`“”‘’«» ").rstrip(",;")
    if not text:
        raise BadLink(Reason.EMPTY)
    return text


def _refuse_invisible(text: str) -> None:
    for character in text:
        kind = unicodedata.category(character)
        is_bidi = unicodedata.bidirectional(character) in _BIDI_CONTROLS
        if kind in ("Cc", "Cs", "Zl", "Zp") or is_bidi:
            raise BadLink(Reason.CONTROL_CHARACTERS)


def _divide(text: str, own_host: str) -> tuple[str, str]:
    """Host (lower case, with an unusual port) and path of a link; host "" for a bare owner/name."""
    if "\\" in text:
        raise BadLink(Reason.NOT_A_LINK)
    if scheme := _SCHEME.match(text):
        if scheme[1].lower() not in _SCHEMES:
            raise BadLink(Reason.NOT_A_LINK)
        text = text[scheme.end() :]
        if scheme[1].lower().startswith("git+"):
            text = re.sub(r"(\.git)?@([^/@#?]+)(?=#|\?|$)", r"/tree/\2", text)
        return _host_and_path(text)
    if text.startswith("//"):
        return _host_and_path(text[2:])
    first = text.split("/", 1)[0].lower()
    if own_host and first == own_host:
        return _host_and_path(text)
    if scp := _SCP.fullmatch(text):
        return scp[1].lower(), _without_query(scp[2])
    if "." in first or "@" in first or ":" in first:
        return _host_and_path(text)
    return "", _without_query(text)


def _host_and_path(text: str) -> tuple[str, str]:
    authority = re.split(r"[/?#]", text, maxsplit=1)[0]
    path = text[len(authority) :]
    host, _, port = authority.rpartition("@")[2].lower().partition(":")
    if host == "gitpod.io" and path.startswith(("/#", "#")):
        return _host_and_path(_SCHEME.sub("", path.lstrip("/#"), count=1))
    host = host.rstrip(".")
    if port not in _PORTS:
        host = f"{host}:{port}"
    return host, _without_query(path)


def _without_query(path: str) -> str:
    return re.split(r"[?#]", path, maxsplit=1)[0]


def _authority(web_url: str) -> str:
    parts = urlsplit(web_url)
    return parts.netloc.lower().rpartition("@")[2]


def _segments(path: str) -> list[str]:
    """The decoded parts between slashes; raises BadLink for dots and invisible characters."""
    decoded = unquote(path)
    _refuse_invisible(decoded)
    if "\ufffd" in decoded:
        raise BadLink(Reason.NOT_A_LINK)
    parts = [part for part in decoded.split("/") if part]
    if any(part.strip() in (".", "..") for part in parts):
        raise BadLink(Reason.DOTS)
    return parts


def _link(parts: list[str], has_places: bool) -> Link:
    """The link that these parts spell: owner, name, and what follows them."""
    if not parts:
        raise BadLink(Reason.NOT_A_LINK)
    owner = parts[0]
    if owner.lower() in RESERVED:
        raise BadLink(Reason.RESERVED)
    if not _OWNER.fullmatch(owner):
        raise BadLink(Reason.BAD_OWNER)
    if len(parts) == 1:
        raise BadLink(Reason.PROFILE, MESSAGES[Reason.PROFILE].format(owner=owner))
    name = _repository_name(parts[1])
    if not has_places or len(parts) < 4 or parts[2] not in _PLACES:
        return Link(owner, name)
    return _place(owner, name, kind=_PLACES[parts[2]], rest=parts[3:])


def _repository_name(text: str) -> str:
    """No repository's name ends in .git or .wiki at GitHub: these are forms of its address."""
    name = text
    while shorter := _without_ending(name):
        if shorter == name:
            return name
        name = shorter
    raise BadLink(Reason.BAD_NAME)


def _without_ending(name: str) -> str:
    shorter = name.rstrip(".")
    for ending in (".git", ".wiki"):
        if shorter.lower().endswith(ending):
            shorter = shorter[: -len(ending)]
    return shorter


def _place(owner: str, name: str, *, kind: str, rest: list[str]) -> Link:
    if rest[:2] in (["refs", "heads"], ["refs", "tags"]) and len(rest) > 2:
        rest = rest[2:]
    ref, path = rest[0], "/".join(rest[1:])
    ref = "" if ref == "HEAD" else ref
    if kind == "folder" or not path:
        return Link(owner, name, ref=ref, folder=path)
    return Link(owner, name, ref=ref, file=path)
