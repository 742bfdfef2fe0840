"""Whether the files, pictures and commands that a README names are in the repository."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from posixpath import basename, dirname, normpath
from urllib.parse import unquote

from portfolio.checks import completeness, files, readme
from portfolio.checks.check import Check, Group
from portfolio.checks.prose import MAX_LINE, MAX_LINES, Kind, lines, without_comments
from portfolio.checks.results import Confidence, Evidence, Outcome, Result, quoted
from portfolio.github.snapshot import Snapshot

NAME = "readme-links"

#: A README names few files; what names more was made by a tool.
MAX_NAMED = 500

_MARKDOWN = re.compile(r"(!?)\[[^\]\[]{0,300}\]\(\s{0,5}<?([^()<>\s]{1,500})>?[^()]{0,200}\)")
_REFERENCE = re.compile(r"^\s{0,3}\[[^\]\[^]{1,100}\]:\s{1,5}<?(\S{1,500}?)>?(?:\s|$)")
_HTML = re.compile(
    r"<(img|a)\s[^<>]{0,300}?\b(?:src|href)\s{0,2}=\s{0,2}[\"']?([^\"'\s<>]{1,500})", re.IGNORECASE
)
_DIRECTIVE = re.compile(r"^\s{0,10}\.\. (?:image|figure|include)::\s{1,5}(\S{1,500})")
_SCHEME = re.compile(r"^(?:[a-z][a-z0-9+.-]{0,20}:|//|#|\?)", re.IGNORECASE)
#: An address of the same repository at GitHub, of a file on some branch.
_AT_GITHUB = re.compile(
    r"^https?://(?:www\.)?(?:github\.com/([\w.-]{1,100}/[\w.-]{1,100})/(?:blob|tree|raw)|"
    r"raw\.githubusercontent\.com/([\w.-]{1,100}/[\w.-]{1,100}))/([\w.-]{1,100})/([^?#\s]{1,400})",
    re.IGNORECASE,
)
#: Commands that name a file to run or to read, as READMEs write them.
_COMMANDS = re.compile(
    r"(?:^|[\s$>&;(])(?:python3?|py|bash|sh|Rscript|julia|streamlit\s{1,3}run|(?:gradio|chainlit\s{1,3}run)|"
    r"jupyter(?:[\s-](?:notebook|lab))?|papermill|pip3?\s{1,3}install\s{1,3}-r|(?:conda|mamba)\s{1,3}env\s{1,3}(?:create|update)\s{1,3}"
    r"(?:-f|--file)|docker(?:-|\s{1,3})compose\s{1,3}-f)[\s=]{1,3}([\w./-]{1,200}\.(?:py|sh|R|r|jl|ipynb|txt|ya?ml))(?=$|[\s;&|)`])"
)
#: Words by which a README tells where the reader's own name belongs.
_PLACEHOLDER = re.compile(r"[<>{}$*]|path/to|your[_-]|my[_-]|example|\.\.\.", re.IGNORECASE)
_CLONE = re.compile(
    r"git\s{1,3}clone\s{1,3}(?:--?[\w-]{1,30}[\s=]{1,3}(?:\d{1,5}\s{1,3})?){0,3}\S{0,200}?([\w.-]{1,100}/[\w.-]{1,100}?)(?:\.git)?/?(?:\s|$)"
)


@dataclass(frozen=True, slots=True)
class Named:
    """A file that the README names, as a path from the repository's root."""

    path: str
    line: int
    what: str  # picture, link or command
    row: str


def check_links(snapshot: Snapshot) -> Result:
    """Every relative link, picture and command of the README leads to a file that is there."""
    found = readme.find(snapshot)
    path = found.content_path if found else ""
    text = snapshot.files.get(path)
    if found is None or text is None or files.is_notebook(path):
        why = (
            "There is no README that could be read."
            if text is None
            else "The README is a notebook."
        )
        return Result(NAME, Outcome.NOT_APPLICABLE, "not_applicable", why)
    named = list(_named(snapshot, found.path, text))[:MAX_NAMED]
    if not named:
        return Result(
            NAME,
            Outcome.NOT_APPLICABLE,
            "not_applicable",
            f"{path} names no file of the repository.",
        )
    broken = [item for item in named if not _is_there(item, snapshot)]
    if not broken:
        return Result(
            NAME,
            Outcome.PASSED,
            "resolved",
            f"{_all(len({item.path for item in named}))} that {path} names {_are(named)} there.",
            evidence=tuple(
                _evidence(path, item, f"{item.what} to {item.path}") for item in named[:3]
            ),
        )
    if unseen := completeness.unseen(snapshot):
        return Result(
            NAME,
            Outcome.UNKNOWN,
            "partial",
            f"Whether all that {path} names is there is not known. {completeness.TOO_LONG}, so it may "
            f"be{completeness.where_unseen(unseen)}.",
            fix=completeness.FIX,
        )
    paths = list(dict.fromkeys(item.path for item in broken))
    lower = {name.lower(): name for name in _there(snapshot)}
    lookalikes = tuple(
        Evidence(lower[name.lower()], what=f"spelt differently from {name}")
        for name in paths[:3]
        if name.lower() in lower
    )
    many = len(paths) > 1
    return Result(
        NAME,
        Outcome.FAILED,
        "broken",
        f"{path} names {files.siblings(paths)}, which {'are' if many else 'is'} not in the repository.",
        Confidence.HIGH if any(item.what != "command" for item in broken) else Confidence.MEDIUM,
        fix=f"Correct the name in line {broken[0].line} of {path}, or commit the file. GitHub tells upper "
        "from lower case.",
        evidence=tuple(
            _evidence(path, item, f"{item.what} to {item.path}, which is not there")
            for item in broken[:5]
        ),
        lookalikes=lookalikes,
        details={"named": len({item.path for item in named}), "missing": paths[:20]},
    )


def _evidence(path: str, item: Named, what: str) -> Evidence:
    return Evidence(path, item.line, what=what, quote=quoted(item.row))


def _all(number: int) -> str:
    return "The one file" if number == 1 else f"All {number} files"


def _are(named: list[Named]) -> str:
    return "is" if len({item.path for item in named}) == 1 else "are"


def _named(snapshot: Snapshot, path: str, text: str) -> Iterator[Named]:
    folder = dirname(path)
    seen = lines(text, path)
    rows = text.splitlines()
    code = {line.number for line in seen if line.kind == Kind.CODE}
    in_comment = False
    for number, row in enumerate(rows[:MAX_LINES], 1):
        if number in code:
            continue
        row, in_comment = without_comments(row[:MAX_LINE], in_comment)
        row = _without_code(row)
        for link, is_picture in _links(row):
            if target := _target(snapshot, folder, link):
                yield Named(target, number, "picture" if is_picture else "link", row)
    if any(_is_other_clone(snapshot, line.raw) for line in seen):
        return  # its commands may be run in another repository
    for line in seen:
        for match in _COMMANDS.finditer(line.raw[:MAX_LINE]) if line.kind == Kind.CODE else ():
            if not _PLACEHOLDER.search(match[1]) and not match[1].startswith("/"):
                yield Named(normpath(match[1]), line.number, "command", line.raw)


def _links(row: str) -> Iterator[tuple[str, bool]]:
    for match in _MARKDOWN.finditer(row):
        yield match[2], bool(match[1])
    for match in _HTML.finditer(row):
        yield match[2], match[1].lower() == "img"
    for pattern, is_picture in ((_REFERENCE, False), (_DIRECTIVE, True)):
        if defined := pattern.match(row):
            yield defined[1], is_picture


def _without_code(row: str) -> str:
    return re.sub(r"`[^`]{0,300}`", "", row)


def _target(snapshot: Snapshot, folder: str, link: str) -> str:
    """The path a link leads to from the repository's root; "" for one that leads elsewhere."""
    if match := _AT_GITHUB.match(link):
        full_name = (match[1] or match[2]).lower()
        if full_name != snapshot.full_name.lower() or match[3] != snapshot.default_branch:
            return ""
        return normpath(unquote(match[4])).strip("/")
    if _SCHEME.match(link) or _PLACEHOLDER.search(link):
        return ""
    path = unquote(re.split(r"[?#]", link)[0])
    joined = path.lstrip("/") if path.startswith("/") else f"{folder}/{path}" if folder else path
    target = normpath(joined) if joined else ""
    return "" if target in ("", ".") or target.startswith("..") else target


def _is_other_clone(snapshot: Snapshot, row: str) -> bool:
    match = _CLONE.search(row[:MAX_LINE])
    if not match:
        return False
    name = snapshot.full_name.partition("/")[2].lower()
    return match[1].partition("/")[2].lower() != name


def _there(snapshot: Snapshot) -> frozenset[str]:
    return snapshot.derived(_paths)


def _paths(snapshot: Snapshot) -> frozenset[str]:
    """All files, and the folders above them."""
    found: set[str] = set()
    for entry in snapshot.entries:
        path = entry.path
        while path and path not in found:
            found.add(path)
            path = dirname(path)
    return frozenset(found)


def _names(snapshot: Snapshot) -> frozenset[str]:
    return frozenset(basename(path) for path in _there(snapshot))


def _is_there(item: Named, snapshot: Snapshot) -> bool:
    """Commands may be run from another folder, so a file of that name anywhere is taken for theirs."""
    if item.path in _there(snapshot) or _is_in_submodule(item.path, snapshot):
        return True
    return item.what == "command" and basename(item.path) in snapshot.derived(_names)


def _is_in_submodule(path: str, snapshot: Snapshot) -> bool:
    """Whether the path leads into another repository, whose files are not listed here."""
    while path := dirname(path):
        if (entry := snapshot.entry(path)) and (entry.type == "commit" or entry.is_symlink):
            return True
    return False


CHECKS = (
    Check(
        NAME,
        "README links",
        Group.PRACTICE,
        60,
        check_links,
        "A picture that does not load, or a command that finds no file, is the first thing a visitor sees.",
    ),
)
