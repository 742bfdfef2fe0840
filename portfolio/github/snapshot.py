"""A repository as it stood at one commit: its tree, and the few files that were read."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any, Self, TypeVar

T = TypeVar("T")
HEXADECIMAL = frozenset("0123456789abcdef")


class Unread(StrEnum):
    """Why a file of the tree has no text here. Unread is never the same as absent."""

    TOO_LARGE = "too_large"  # above the size that we read
    BINARY = "binary"  # not text
    BUDGET = "budget"  # we had read enough
    FAILED = "failed"  # GitHub did not give it


@dataclass(frozen=True, slots=True)
class TreeEntry:
    """One line of GET /repos/{owner}/{repo}/git/trees/{sha}?recursive=1."""

    path: str
    mode: str = "100644"  # 120000 is a symbolic link, 160000 a submodule
    type: str = "blob"  # blob, tree or commit
    sha: str = ""
    size: int | None = None  # bytes; None where GitHub gives none

    @classmethod
    def from_row(cls, row: Mapping[str, Any]) -> Self:
        """An entry from its JSON; raises KeyError, TypeError or ValueError for another shape."""
        size = row.get("size")
        return cls(
            path=plain(row["path"]),
            mode=str(row["mode"]),
            type=str(row["type"]),
            sha=git_id(row["sha"]),
            size=natural(size) if size is not None else None,
        )

    @property
    def is_file(self) -> bool:
        return self.type == "blob" and self.mode != "120000"

    @property
    def is_symlink(self) -> bool:
        return self.mode == "120000"


@dataclass(frozen=True, slots=True)
class Author:
    """A GitHub account whose commits are counted."""

    id: int
    node_id: str = ""  # GraphQL's name of the same account; without it nothing is counted there


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A repository at one commit. Paths in `entries` are relative to the repository's root."""

    full_name: str  # owner/name, as GitHub spells it now
    head_sha: str  # the commit, 40 hex digits; "" when the repository is empty
    entries: tuple[TreeEntry, ...] = ()
    tree_sha: str = ""
    repository_id: int | None = None  # GitHub's number: survives a rename, not a replacement
    default_branch: str = "main"
    ref: str = ""  # the branch or tag a link named; "" for the default branch
    folder: str = ""  # the folder a link named, without slashes at its ends; "" for the root
    description: str = ""
    licence: str = ""  # SPDX id by GitHub's own detection; "" when unknown
    is_fork: bool = False
    is_archived: bool = False
    is_private: bool = False
    owner_id: int | None = None  # GitHub's number of the account or organisation that owns it
    parent: str = ""  # owner/name of what it was forked from
    commits: int | None = None  # on the default branch; None where nobody's were asked for
    own_commits: int | None = None  # of those, the author's
    is_truncated: bool = False  # GitHub cut the tree: absence proves nothing, except in these
    whole_folders: frozenset[str] = frozenset()  # of a cut tree: folders read by themselves
    files: Mapping[str, str] = field(default_factory=dict)  # path -> text
    unread: Mapping[str, Unread] = field(default_factory=dict)  # path -> why it has no text
    _derived: dict[object, Any] = field(default_factory=dict, init=False, repr=False, compare=False)

    @property
    def is_empty(self) -> bool:
        return not self.head_sha

    def entry(self, path: str) -> TreeEntry | None:
        """What stands at this path."""
        return self.derived(_by_path).get(path)

    def derived(self, make: Callable[["Snapshot"], T]) -> T:
        """What `make` works out from the entries alone: once, however many files are read later."""
        if make not in self._derived:
            self._derived[make] = make(self)
        found: T = self._derived[make]
        return found

    def is_whole(self, folder: str) -> bool:
        """Whether all that stands directly in this folder is among `entries`.

        A folder that does not exist is whole where its parent is: nothing stands in it.
        """
        while self.is_truncated and folder not in self.whole_folders:
            if not folder:
                return False
            if here := self.entry(folder):
                return here.type != "tree"
            folder = folder.rpartition("/")[0]
        return True

    def unseen(self, folder: str = "") -> list[str]:
        """The folders from this one down that may hold more than `entries` says, outermost first."""
        if not self.is_truncated:
            return []
        prefix = f"{folder}/" if folder else ""
        below = [e.path for e in self.entries if e.type == "tree" and e.path.startswith(prefix)]
        return sorted(
            (path for path in [folder, *below] if not self.is_whole(path)),
            key=lambda path: (path.count("/"), path),
        )

    def with_files(self, contents: Mapping[str, "str | Unread"]) -> "Snapshot":
        """This snapshot with more files read (or known to be unreadable)."""
        texts = {path: text for path, text in contents.items() if not isinstance(text, Unread)}
        reasons = {path: why for path, why in contents.items() if isinstance(why, Unread)}
        more = replace(self, files={**self.files, **texts}, unread={**self.unread, **reasons})
        object.__setattr__(more, "_derived", self._derived)
        return more


def _by_path(snapshot: Snapshot) -> dict[str, TreeEntry]:
    return {entry.path: entry for entry in reversed(snapshot.entries)}


def plain(text: str | None) -> str:
    """Text that any database takes: no NUL and no half of a surrogate pair."""
    return (text or "").replace("\0", "").encode("utf-8", "replace").decode()


def git_id(text: object) -> str:
    """The id of a commit, tree or blob, of SHA-1 or SHA-256; ValueError for anything else."""
    if not isinstance(text, str) or len(text) not in (40, 64) or not set(text) <= HEXADECIMAL:
        raise ValueError("not a git id")
    return text


def natural(value: object) -> int:
    """An id, size or count as a column of the database takes it; ValueError for anything else."""
    if not isinstance(value, int) or not 0 <= value < 2**63:
        raise ValueError("not a number of GitHub's")
    return int(value)


#: Fetches files of a snapshot by path. Never raises for one file; GitHubError if GitHub is away.
Read = Callable[[Snapshot, Sequence[str]], Mapping[str, "str | Unread"]]
