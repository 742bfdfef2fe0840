"""Repositories in memory, with the object ids that git itself would give."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

FIRST_COMMIT_AT = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Symlink:
    target: str


@dataclass(frozen=True, slots=True)
class Submodule:
    sha: str = "f" * 40


Content = str | bytes | Symlink | Submodule


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a tree: a file, a folder, a symbolic link or a submodule."""

    path: str
    mode: str
    type: str
    sha: str
    size: int | None = None

    @property
    def name(self) -> str:
        return self.path.rpartition("/")[2]


@dataclass(frozen=True)
class Commit:
    sha: str
    tree_sha: str
    message: str
    committed_at: datetime
    parents: tuple[str, ...]
    author: str  # a login
    entries: Mapping[str, Entry]  # by path, folders too, in the order of a recursive listing
    trees: Mapping[str, str]  # folder ("" is the root) -> id


@dataclass(slots=True)
class Pull:
    """A pull request; `merge_sha` is the commit by which it came in, "" while it did not."""

    number: int
    title: str
    author: str  # a login; "" for an account that is gone
    is_open: bool = True
    merged_at: str = ""
    merge_sha: str = ""
    additions: int = 12
    deletions: int = 3
    files: int = 2


@dataclass
class Repository:
    """A repository with its branches. `state` is ok, or why GitHub blocks it: dmca or tos."""

    owner: str
    name: str
    id: int
    default_branch: str = "main"
    description: str = ""
    licence: str = ""
    is_private: bool = False
    is_fork: bool = False
    is_archived: bool = False
    parent: str = ""  # owner/name of what it was forked from
    state: str = "ok"
    max_entries: int = 100_000  # above this a recursive tree is cut
    branches: dict[str, str] = field(default_factory=dict)
    tags: dict[str, str] = field(default_factory=dict)
    commits: dict[str, Commit] = field(default_factory=dict)
    blobs: dict[str, bytes] = field(default_factory=dict)
    pulls: dict[int, Pull] = field(default_factory=dict)

    @property
    def full_name(self) -> str:
        return f"{self.owner}/{self.name}"

    @property
    def is_empty(self) -> bool:
        return not self.branches

    @property
    def head(self) -> Commit | None:
        return self.resolve(self.default_branch)

    @property
    def size_kb(self) -> int:
        return -(-sum(map(len, self.blobs.values())) // 1024)

    def push(
        self,
        files: Mapping[str, Content],
        *,
        delete: Iterable[str] = (),
        branch: str = "",
        message: str = "",
        author: str = "",
    ) -> Commit:
        """One commit on a branch, made from the default branch when it is new."""
        branch = branch or self.default_branch
        parent = self.resolve(branch) or self.head
        kept = {p: e for p, e in parent.entries.items() if e.type != "tree"} if parent else {}
        for path in delete:
            del kept[path]
        for path, content in files.items():
            kept[path] = self._entry(path, content)
        entries, trees = _trees(kept)
        number = len(self.commits)
        commit = _commit(
            trees,
            entries,
            parents=(parent.sha,) if parent else (),
            author=author or self.owner,
            committed_at=FIRST_COMMIT_AT + timedelta(hours=5, minutes=7) * number,
            message=message or ("Update" if parent else "First commit"),
        )
        self.commits[commit.sha] = commit
        self.branches[branch] = commit.sha
        return commit

    def resolve(self, ref: str) -> Commit | None:
        """The commit of a branch, a tag, an id or its first seven digits or more."""
        for prefix in ("refs/heads/", "refs/tags/", "heads/", "tags/"):
            ref = ref.removeprefix(prefix)
        if ref == "HEAD":
            ref = self.default_branch
        sha = self.branches.get(ref) or self.tags.get(ref) or ref
        if sha in self.commits:
            return self.commits[sha]
        if len(sha) >= 7:
            return next((c for full, c in self.commits.items() if full.startswith(sha)), None)
        return None

    def history(self, commit: Commit) -> list[Commit]:
        """The commit and all that lead to it, newest first."""
        found, parents = [commit], commit.parents
        while parents:
            found.append(self.commits[parents[0]])
            parents = found[-1].parents
        return found

    def tree(self, sha: str) -> tuple[Commit, str] | None:
        """The commit and folder in which a tree of this id stands."""
        for commit in reversed(self.commits.values()):
            for folder, found in commit.trees.items():
                if found == sha:
                    return commit, folder
        return None

    def _entry(self, path: str, content: Content) -> Entry:
        if isinstance(content, Submodule):
            return Entry(path, "160000", "commit", content.sha)
        mode = "120000" if isinstance(content, Symlink) else "100644"
        text = content.target if isinstance(content, Symlink) else content
        data = text.encode() if isinstance(text, str) else text
        sha = git_id("blob", data)
        self.blobs[sha] = data
        return Entry(path, mode, "blob", sha, len(data))


def git_id(kind: str, data: bytes) -> str:
    """The id of a git object: SHA-1 over its kind, its length and its bytes."""
    return hashlib.sha1(f"{kind} {len(data)}\0".encode() + data, usedforsecurity=False).hexdigest()


def children(entries: Mapping[str, Entry], folder: str) -> list[Entry]:
    """What stands directly in a folder; "" is the root."""
    return [e for e in entries.values() if e.path.rpartition("/")[0] == folder]


def _trees(files: Mapping[str, Entry]) -> tuple[dict[str, Entry], dict[str, str]]:
    """All entries in the order of a recursive listing, and the tree ids by folder."""
    folders: dict[str, dict[str, Entry]] = {"": {}}
    for path in files:
        parent = path.rpartition("/")[0]
        while parent:
            folders.setdefault(parent, {})
            parent = parent.rpartition("/")[0]
    for path, entry in files.items():
        folders[path.rpartition("/")[0]][path] = entry
    trees: dict[str, str] = {}
    for folder in sorted(folders, key=lambda f: -f.count("/") - bool(f)):
        rows = sorted(folders[folder].values(), key=_git_order)
        folders[folder] = {row.path: row for row in rows}
        trees[folder] = git_id("tree", b"".join(map(_row, rows)))
        if folder:
            entry = Entry(folder, "040000", "tree", trees[folder])
            folders[folder.rpartition("/")[0]][folder] = entry
    return dict(_listing(folders, "")), trees


def _listing(
    folders: Mapping[str, Mapping[str, Entry]], folder: str
) -> Iterable[tuple[str, Entry]]:
    for path, entry in folders[folder].items():
        yield path, entry
        if entry.type == "tree":
            yield from _listing(folders, path)


def _git_order(entry: Entry) -> bytes:
    return (entry.name + "/" * (entry.type == "tree")).encode()


def _row(entry: Entry) -> bytes:
    return f"{entry.mode.lstrip('0')} {entry.name}\0".encode() + bytes.fromhex(entry.sha)


def _commit(
    trees: Mapping[str, str],
    entries: Mapping[str, Entry],
    *,
    parents: tuple[str, ...],
    author: str,
    committed_at: datetime,
    message: str,
) -> Commit:
    who = f"{author} <{author}@users.noreply.github.com> {int(committed_at.timestamp())} +0000"
    lines = [f"tree {trees['']}", *(f"parent {parent}" for parent in parents)]
    text = "\n".join([*lines, f"author {who}", f"committer {who}", "", message, ""])
    sha = git_id("commit", text.encode())
    return Commit(sha, trees[""], message, committed_at, parents, author, entries, trees)
