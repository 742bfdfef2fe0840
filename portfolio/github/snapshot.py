"""A repository as it stood at one commit: its tree, and the few files that were read."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum


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

    @property
    def is_file(self) -> bool:
        return self.type == "blob" and self.mode != "120000"

    @property
    def is_symlink(self) -> bool:
        return self.mode == "120000"


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
    is_truncated: bool = False  # GitHub cut the tree: absence proves nothing
    files: Mapping[str, str] = field(default_factory=dict)  # path -> text
    unread: Mapping[str, Unread] = field(default_factory=dict)  # path -> why it has no text

    @property
    def is_empty(self) -> bool:
        return not self.head_sha

    def entry(self, path: str) -> TreeEntry | None:
        return next((entry for entry in self.entries if entry.path == path), None)

    def with_files(self, contents: Mapping[str, "str | Unread"]) -> "Snapshot":
        """This snapshot with more files read (or known to be unreadable)."""
        texts = {path: text for path, text in contents.items() if not isinstance(text, Unread)}
        reasons = {path: why for path, why in contents.items() if isinstance(why, Unread)}
        return replace(self, files={**self.files, **texts}, unread={**self.unread, **reasons})


#: Fetches files of a snapshot by path. Never raises for one file; GitHubError if GitHub is away.
Read = Callable[[Snapshot, Sequence[str]], Mapping[str, "str | Unread"]]
