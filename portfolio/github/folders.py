"""Folders of a tree that GitHub cut short, read by themselves, so that what stands there is certain.

GitHub gives at most 100,000 entries or 7 MB of a tree at once ("Get a tree", REST API). What a check
looks at first stands in few folders, so a handful of further requests settles most of it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from posixpath import basename, dirname
from typing import Any
from urllib.parse import quote

from portfolio.github import queries, texts
from portfolio.github.answers import understood
from portfolio.github.connection import Connection
from portfolio.github.errors import NotFound, Refused, Unavailable
from portfolio.github.snapshot import Snapshot, TreeEntry, git_id, natural, plain

MAX_REQUESTS = 8  # beside the cut tree itself
#: Where GitHub and CI services look, whatever else a repository holds.
FIXED = (".github", ".github/workflows", ".circleci")
READMES = "docs"  # GitHub's last place for a README
TESTS = re.compile(r"(?:unit[_-]?|integration[_-]?)?(?:tests?|specs?)|__tests__|testing", re.I)


def completed(connection: Connection, cut: Snapshot, *, speaks_graphql: bool) -> Snapshot:
    """A cut snapshot with the entries of the folders that matter most, and which are now whole.

    Costs at most eight requests. A folder that GitHub does not give stays as it was; RateLimited
    and BadCredentials are raised.
    """
    reading = _Reading(connection, cut, {entry.path: entry for entry in cut.entries})
    if speaks_graphql:
        reading.ask_together()
    for folder in reading.wanted():
        if reading.requests >= MAX_REQUESTS:
            break
        reading.ask(folder)
    entries = tuple(sorted(reading.entries.values(), key=lambda entry: entry.path))
    return replace(cut, entries=entries, whole_folders=frozenset(reading.whole))


@dataclass
class _Reading:
    """What was seen so far of one repository."""

    connection: Connection
    cut: Snapshot
    entries: dict[str, TreeEntry]
    whole: set[str] = field(default_factory=set)
    requests: int = 0

    def wanted(self) -> Iterator[str]:
        """Folders still worth a request, best first; what was read before decides what follows."""
        yield from self._unread("")
        yield from self._way_to(self.cut.folder)
        for folder in FIXED:
            yield from self._unread(folder)
        for path, entry in sorted(self.entries.items()):
            if entry.type == "tree" and "/" not in path and TESTS.fullmatch(path):
                yield from self._unread(path)
        if not any(
            texts.is_readme(path) and dirname(path) in ("", ".github") for path in self.entries
        ):
            yield from self._unread(READMES)

    def ask(self, folder: str) -> None:
        """Read one folder by REST, with all below it where that is likely to be little."""
        sha = self.entries[folder].sha if folder else self.cut.tree_sha
        goes_deep = folder and (folder == self.cut.folder or TESTS.fullmatch(basename(folder)))
        path = f"/repos/{self.cut.full_name}/git/trees/{quote(sha, safe='')}"
        self.requests += 1
        try:
            body = self.connection.get_json(
                f"{path}?recursive=1" if goes_deep else path, self.cut.full_name
            )
        except (NotFound, Refused, Unavailable):
            return
        with understood(self.cut.full_name):
            rows = [
                TreeEntry.from_row({**row, "path": _below(folder, row["path"])})
                for row in body["tree"]
            ]
            is_whole = not body.get("truncated")
        self._keep(rows)
        if is_whole:
            self.whole.add(folder)
            self.whole |= {row.path for row in rows if goes_deep and row.type == "tree"}

    def ask_together(self) -> None:
        """Read the root and the fixed folders by one GraphQL query; what fails is left to REST."""
        owner, _, name = self.cut.full_name.partition("/")
        folders = ["", *FIXED, READMES]
        text, variables = queries.folders([f"{self.cut.head_sha}:{folder}" for folder in folders])
        self.requests += 1
        try:
            result = self.connection.query(
                text, variables | {"owner": owner, "name": name}, self.cut.full_name
            )
        except (Refused, Unavailable):
            return
        node = queries.repository(result) or {}
        with understood(self.cut.full_name):
            for number, folder in enumerate(folders):
                if tree := node.get(f"f{number}"):
                    self._keep([_entry(folder, row) for row in tree["entries"]])
                    self.whole.add(folder)

    def _keep(self, rows: list[TreeEntry]) -> None:
        self.entries |= {row.path: row for row in rows if row.path not in self.entries}

    def _unread(self, folder: str) -> Iterator[str]:
        is_known = not folder or (folder in self.entries and self.entries[folder].type == "tree")
        if is_known and folder not in self.whole:
            yield folder

    def _way_to(self, folder: str) -> Iterator[str]:
        """The linked folder, after those above it that have to be read to find it."""
        parts = folder.split("/") if folder else []
        for count in range(1, len(parts)):
            if "/".join(parts[: count + 1]) not in self.entries:
                yield from self._unread("/".join(parts[:count]))
        if folder:
            yield from self._unread(folder)


def _below(folder: str, path: str) -> str:
    return f"{folder}/{path}" if folder else path


def _entry(folder: str, row: dict[str, Any]) -> TreeEntry:
    """A line of GraphQL's Tree.entries, whose mode is a number and whose folders have a size."""
    kind = str(row["type"])
    return TreeEntry(
        path=_below(folder, plain(row["name"])),
        mode=f"{int(row['mode']):06o}",
        type=kind,
        sha=git_id(row["oid"]),
        size=natural(row["size"]) if kind == "blob" and row.get("size") is not None else None,
    )
