"""Which files may hold tests, and in which order they are worth reading."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from posixpath import basename

from portfolio.checks import files
from portfolio.checks.tests.language import MAX_TEXT, Language, Rank
from portfolio.checks.tests.languages import LANGUAGES
from portfolio.github.snapshot import Snapshot, TreeEntry

#: `tests.py` as Django's startapp writes it, by its git object id (Django 5.2).
DJANGO_STUB = "7ce503c2dd97ba78597f6ff6e4393132753573f6"

#: A longer path is no file that a computer could check out (Linux takes 4,096 bytes).
MAX_PATH = 1_000

#: Files that say how tests are run.
CONFIGURATION = re.compile(
    r"^(?:pyproject\.toml|setup\.cfg|tox\.ini|pytest\.ini|\.pytest\.ini|makefile|noxfile\.py|justfile)$",
    re.IGNORECASE,
)
#: What GitHub Classroom pushes into a learner's repository to grade it.
CLASSROOM = re.compile(
    r"^\.github/(?:classroom/autograding\.json|workflows/classroom[^/]*\.ya?ml)$", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A file that may hold tests."""

    entry: TreeEntry
    language: Language
    rank: Rank

    @property
    def path(self) -> str:
        return self.entry.path

    @property
    def is_hollow(self) -> bool:
        """Whether it is empty, which is known without reading it."""
        return self.entry.size == 0 or self.entry.sha == files.EMPTY_BLOB

    @property
    def is_django_stub(self) -> bool:
        return self.entry.sha == DJANGO_STUB


def find(snapshot: Snapshot) -> list[Candidate]:
    """Files that may hold tests, best first: by rank, then shallow and spread over the folders."""
    if not snapshot.folder:
        return snapshot.derived(_find)
    return _find(snapshot)  # which tests at the root speak of a linked folder, their texts say


def _find(snapshot: Snapshot) -> list[Candidate]:
    entries = list(_scope(snapshot))
    environments = files.environments(snapshot)
    by_path: dict[str, Candidate] = {}
    for entry in entries:
        if not entry.is_file or len(entry.path) > MAX_PATH:
            continue
        relative = files.relative(snapshot, entry.path)
        languages = LANGUAGES.get(files.place(relative).ending, ())
        if not languages or files.why_no_test(relative, environments):
            continue
        ranked = [
            (rank, language)
            for language in languages
            if (rank := language.rank(relative)) is not None
        ]
        if ranked:
            rank, language = min(ranked, key=lambda pair: pair[0])
            by_path[entry.path] = Candidate(entry, language, rank)
    ordered: list[Candidate] = []
    for rank in Rank:
        paths = files.spread(path for path, found in by_path.items() if found.rank == rank)
        inside = [path for path in paths if files.relative(snapshot, path) != path]
        outside = [path for path in paths if files.relative(snapshot, path) == path]
        ordered.extend(by_path[path] for path in (*inside, *outside))
    return ordered


def settings(snapshot: Snapshot) -> list[str]:
    """Files at the root, or in the linked folder, that say how tests are run, unread ones only."""
    return [
        entry.path
        for entry in snapshot.entries
        if entry.is_file
        and (
            CONFIGURATION.match(files.relative(snapshot, entry.path)) or CLASSROOM.match(entry.path)
        )
        and not is_known(snapshot, entry.path)
    ]


def is_readable(snapshot: Snapshot, candidate: Candidate) -> bool:
    """Whether reading it is still to be done and could tell something."""
    size = candidate.entry.size or 0
    is_too_large = size > MAX_TEXT and not files.is_notebook(candidate.path)
    return not (
        is_known(snapshot, candidate.path)
        or is_too_large
        or candidate.is_hollow
        or candidate.is_django_stub
    )


def is_known(snapshot: Snapshot, path: str) -> bool:
    """Whether a file was read, or is known to be unreadable."""
    return path in snapshot.files or path in snapshot.unread


def likelihood(candidate: Candidate) -> tuple[bool, int, str]:
    """Source files in the order in which tests inside them are likely: entry files, then long ones."""
    is_entry = basename(candidate.path) in ("lib.rs", "main.rs")
    return (not is_entry, -(candidate.entry.size or 0), candidate.path)


def _scope(snapshot: Snapshot) -> Iterable[TreeEntry]:
    """The linked folder, and tests at the root that speak of it, or have not been read yet."""
    yield from files.within(snapshot)
    if not snapshot.folder:
        return
    name = basename(snapshot.folder)
    mention = re.compile(rf"(?<![A-Za-z0-9]){re.escape(name)}(?![A-Za-z0-9])")
    for entry in snapshot.entries:
        if re.match(r"tests?/", entry.path, re.IGNORECASE):
            text = snapshot.files.get(entry.path)
            if text is None or mention.search(entry.path) or mention.search(text[:MAX_TEXT]):
                yield entry
