"""Snapshots made from a few files written in a test, and the checks run on them."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from textwrap import dedent

from portfolio import checks
from portfolio.checks import Result
from portfolio.github.snapshot import Read, Snapshot, TreeEntry, Unread

#: Enough prose to be a README that explains something, for tests of other things.
PROSE = """\
# Bike demand

This project predicts how many bikes each station of a city will need in the next hour. It helps the
night shift to decide where the vans should go. The model was trained on two years of trips and beats
a seasonal baseline on every weekday.
"""


@dataclass(frozen=True, slots=True)
class Link:
    """A symbolic link."""

    target: str


#: A file's text; or why it cannot be read; or where it links to.
Content = str | Unread | Link


def tree(files: Mapping[str, Content], **facts: object) -> Snapshot:
    """A snapshot with these files, none of them read yet. `facts` are fields of Snapshot."""
    entries = tuple(_entry(path, content) for path, content in files.items())
    facts = {"full_name": "ada-nwosu/bikes", "head_sha": "a" * 40, **facts}
    return Snapshot(entries=entries, **facts)  # type: ignore[arg-type]


def reader(files: Mapping[str, Content], asked: list[list[str]] | None = None) -> Read:
    """Reads these files; each round of paths that was wanted is added to `asked`."""

    def read(snapshot: Snapshot, paths: Sequence[str]) -> dict[str, str | Unread]:
        if asked is not None:
            asked.append(list(paths))
        return {path: _text(files[path]) for path in paths}

    return read


def inspect(files: Mapping[str, Content], **facts: object) -> dict[str, Result]:
    """What each check says of a repository with these files, by its name."""
    files = {
        path: content if isinstance(content, Unread | Link) else dedent(content).lstrip("\n")
        for path, content in files.items()
    }
    _, results = checks.inspect(tree(files, **facts), reader(files))
    return {result.check_name: result for result in results}


def _entry(path: str, content: Content) -> TreeEntry:
    text = _text(content)
    data = b"unread" if isinstance(text, Unread) else text.encode()
    sha = hashlib.sha1(f"blob {len(data)}\0".encode() + data, usedforsecurity=False).hexdigest()
    mode = "120000" if isinstance(content, Link) else "100644"
    return TreeEntry(path, mode=mode, sha=sha, size=len(data))


def _text(content: Content) -> str | Unread:
    return content.target if isinstance(content, Link) else content
