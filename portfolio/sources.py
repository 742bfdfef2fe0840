"""Keep the files that a review is about at hand: list them at their commits, read the likely ones.

A page never asks GitHub. What it wants is a row; a worker lists and reads, and the page shows it when it
is there. The rows go when nobody reviews the project any more: GitHub has the files.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import structlog
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from portfolio.checks import files
from portfolio.github import texts
from portfolio.github.client import GitHub
from portfolio.github.errors import GitHubError, RateLimited
from portfolio.github.links import Link
from portfolio.github.snapshot import Snapshot, TreeEntry, Unread
from portfolio.models import CheckRun, Listing, Repository, Review, Source

log = structlog.get_logger(__name__)

#: Files read at once when a review begins, the likeliest first.
MOST_FILES = 40
#: The most that one file may have to be kept, in bytes.
MOST_BYTES = 200_000
#: Entries kept of one commit.
MOST_ENTRIES = 5_000
#: How long a worker may hold a listing, and after how many tries it is left.
LEASE, MOST_ATTEMPTS = timedelta(seconds=90), 5
#: Rows of reviews that ended so long ago go.
KEPT_FOR = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Changes:
    """Paths that differ between two commits."""

    added: tuple[str, ...]
    changed: tuple[str, ...]
    removed: tuple[str, ...]

    @property
    def paths(self) -> tuple[str, ...]:
        """Those that can be read at the later commit."""
        return (*self.changed, *self.added)


def want(review: Review) -> list[Listing]:
    """Listings of the review's commit, and of the one that the round before looked at."""
    wanted = []
    with transaction.atomic():
        for looked in filter(None, (review, review.follows)):
            if looked.check_run is None or not looked.head_sha:
                continue
            repositories = Repository.objects.select_for_update()  # it may be unlinked meanwhile
            if repository := repositories.filter(pk=looked.check_run.repository_id).first():
                listing, _ = Listing.objects.get_or_create(
                    repository=repository, head_sha=looked.head_sha
                )
                wanted.append(listing)
    return wanted


def want_commit(repository: Repository, head_sha: str) -> Listing:
    """The listing of one commit, perhaps not listed yet."""
    listing, _ = Listing.objects.get_or_create(repository=repository, head_sha=head_sha)
    return listing


def try_again(listing: Listing) -> Listing:
    """Have a listing that could not be had listed once more."""
    again = {"listed_at": None, "due_at": timezone.now(), "attempts": 0, "trouble": ""}
    Listing.objects.filter(pk=listing.pk).exclude(trouble="").update(**again)
    listing.refresh_from_db()
    return listing


def want_file(listing: Listing, path: str) -> Source | None:
    """The text of one file of a listing, perhaps not read yet; None where there is no such file."""
    entry = entry_of(listing, path)
    if entry is None or not entry.is_file:
        return None
    source, is_new = Source.objects.get_or_create(
        repository_id=listing.repository_id, sha=entry.sha, defaults={"path": path[:1000]}
    )
    if is_new:
        Listing.objects.filter(pk=listing.pk).update(
            listed_at=None, due_at=timezone.now(), attempts=0
        )
    return source


def due(*, limit: int = 50) -> list[int]:
    """Ids of listings that are wanted and in nobody's hands, the oldest first."""
    waiting = Listing.objects.due(timezone.now()).filter(attempts__lt=MOST_ATTEMPTS)
    return list(waiting.order_by("wanted_at", "pk").values_list("pk", flat=True)[:limit])


def claim(listing_id: int) -> Listing | None:
    """Take a listing that is due, for the length of the lease."""
    now = timezone.now()
    due = Listing.objects.due(now).filter(pk=listing_id, attempts__lt=MOST_ATTEMPTS)
    if not due.update(attempts=F("attempts") + 1, due_at=now + LEASE):
        return None
    return Listing.objects.select_related("repository__access", "repository__project").get(
        pk=listing_id
    )


def fetch(listing: Listing, github: GitHub) -> None:
    """List the commit and read what is likely to be read, and whatever was asked for. Never raises."""
    repository = listing.repository
    owner, name = repository.full_name.split("/")
    try:
        snapshot = github.snapshot(Link(owner, name, ref=listing.head_sha))
        if snapshot.repository_id not in (None, repository.github_id):
            _give_up(listing, "replaced")
            return
        if snapshot.is_private and not hasattr(repository, "access"):
            _give_up(listing, "not_found")
            return
        entries = snapshot.entries[:MOST_ENTRIES]
        wanted = _wanted(repository, listing.head_sha, snapshot)
        contents = github.read(snapshot, wanted)
    except RateLimited as error:
        Listing.objects.filter(pk=listing.pk).update(
            due_at=error.retry_at, attempts=F("attempts") - 1
        )
        return
    except GitHubError as error:
        log.info("files of a review are not to be had", listing=listing.pk, error=str(error))
        if listing.attempts >= MOST_ATTEMPTS:
            _give_up(listing, type(error).__name__.lower()[:20])
        return
    with transaction.atomic():
        for path, text in contents.items():
            if entry := snapshot.entry(path):
                _keep(repository, entry, text)
        _give_up_on_large_files(repository, entries)
        Listing.objects.filter(pk=listing.pk).update(
            entries=[[e.path, e.mode, e.type, e.sha, e.size] for e in entries],
            is_truncated=snapshot.is_truncated or len(snapshot.entries) > MOST_ENTRIES,
            listed_at=timezone.now(),
            trouble="",
        )


def _keep(repository: Repository, entry: TreeEntry, text: str | Unread) -> None:
    facts: dict[str, Any] = {"text": "", "unread": "", "read_at": timezone.now()}
    facts["unread" if isinstance(text, Unread) else "text"] = str(text)
    Source.objects.update_or_create(
        repository=repository,
        sha=entry.sha,
        defaults=facts,
        create_defaults=facts | {"path": entry.path[:1000]},
    )


def entries_of(listing: Listing) -> list[TreeEntry]:
    """What stands in the repository at that commit; [] until it was listed."""
    return [TreeEntry(*row) for row in listing.entries]


def entry_of(listing: Listing, path: str) -> TreeEntry | None:
    return next((entry for entry in entries_of(listing) if entry.path == path), None)


def changes(before: Listing, after: Listing) -> Changes:
    """Files that were added, changed or removed between two commits, by their paths."""
    old = {entry.path: entry.sha for entry in entries_of(before) if entry.is_file}
    new = {entry.path: entry.sha for entry in entries_of(after) if entry.is_file}
    return Changes(
        added=tuple(sorted(set(new) - set(old))),
        changed=tuple(sorted(path for path in new if path in old and new[path] != old[path])),
        removed=tuple(sorted(set(old) - set(new))),
    )


@dataclass(frozen=True, slots=True)
class File:
    """One row of the tree on a page."""

    path: str
    size: int | None
    is_read: bool
    depth: int


def outline(listing: Listing) -> list[File]:
    """The own files of a commit, as a mentor looks through them: vendored and generated ones left out."""
    read = set(
        Source.objects.filter(repository_id=listing.repository_id, read_at__isnull=False, unread="")
        .values_list("sha", flat=True)
    )  # fmt: skip
    return [
        File(entry.path, entry.size, entry.sha in read, entry.path.count("/"))
        for entry in entries_of(listing)
        if entry.is_file and not files.why_not_own(entry.path)
    ]


def readme_of(listing: Listing) -> Source | None:
    """The text of the README at the root, once it was read."""
    names = [e.path for e in entries_of(listing) if "/" not in e.path and texts.is_readme(e.path)]
    found = texts_of(
        listing, sorted(names, key=lambda name: (not name.lower().endswith(".md"), name))
    )
    return next((source for source in found.values() if source.text), None)


def texts_of(listing: Listing, paths: Iterable[str]) -> dict[str, Source]:
    """The files of these paths that were read or are wanted, in one query."""
    by_path = {e.path: e.sha for e in entries_of(listing) if e.is_file}
    shas = {by_path[path] for path in paths if path in by_path}
    found = {
        source.sha: source
        for source in Source.objects.filter(repository_id=listing.repository_id, sha__in=shas)
    }
    return {path: found[by_path[path]] for path in paths if by_path.get(path) in found}


def forget() -> int:
    """Delete what no open or lately ended review needs; how many rows."""
    long_ago = timezone.now() - KEPT_FOR
    needed = Review.objects.open().values("check_run__repository")
    lately = Review.objects.filter(submitted_at__gte=long_ago).values("check_run__repository")
    kept = Repository.objects.filter(Q(pk__in=needed) | Q(pk__in=lately))
    sources, _ = Source.objects.filter(wanted_at__lt=long_ago).exclude(repository__in=kept).delete()
    listings, _ = (
        Listing.objects.filter(wanted_at__lt=long_ago).exclude(repository__in=kept).delete()
    )
    return sources + listings


def _give_up_on_large_files(repository: Repository, entries: Iterable[TreeEntry]) -> None:
    """Whoever asked for one is told so, instead of waiting for what is never read."""
    large = [entry.sha for entry in entries if (entry.size or 0) > MOST_BYTES]
    asked = Source.objects.filter(repository=repository, read_at=None, sha__in=large)
    asked.update(unread=Unread.TOO_LARGE, read_at=timezone.now())


def _give_up(listing: Listing, trouble: str) -> None:
    Listing.objects.filter(pk=listing.pk).update(listed_at=timezone.now(), trouble=trouble)


def _wanted(repository: Repository, head_sha: str, snapshot: Snapshot) -> list[str]:
    """What a mentor reads first: what was asked for, the README, evidence, what changed, then code."""
    asked = set(
        Source.objects.filter(repository=repository, read_at=None).values_list("sha", flat=True)
    )
    known = set(
        Source.objects.filter(repository=repository, read_at__isnull=False).values_list(
            "sha", flat=True
        )
    )
    run = CheckRun.objects.conclusive().filter(repository=repository, head_sha=head_sha).first()
    evidence = [
        place["path"]
        for finding in (run.findings.all() if run else ())
        for place in finding.evidence
    ]
    readable = [
        entry
        for entry in snapshot.entries
        if entry.is_file and (entry.size or 0) <= MOST_BYTES and entry.sha not in known
    ]
    ranks = {path: rank for rank, path in enumerate(dict.fromkeys(evidence))}

    def rank(entry: TreeEntry) -> tuple[bool, bool, int, bool, int, str]:
        is_readme = entry.path.lower().startswith("readme")
        return (
            entry.sha not in asked,
            not is_readme,
            ranks.get(entry.path, len(ranks)),
            not _is_code(entry.path),
            entry.path.count("/"),
            entry.path,
        )

    worth = [e for e in readable if e.sha in asked or e.path in ranks or _is_worth_reading(e.path)]
    return [entry.path for entry in sorted(worth, key=rank)[:MOST_FILES]]


def _is_worth_reading(path: str) -> bool:
    return not files.why_not_own(path) and (_is_code(path) or path.lower().endswith(TEXTS))


TEXTS = (
    ".md",
    ".rst",
    ".toml",
    ".cfg",
    ".yml",
    ".yaml",
    ".txt",
    "Dockerfile",
    "Makefile",
)


def _is_code(path: str) -> bool:
    return path.lower().endswith(CODE)


CODE = (
    ".py", ".ipynb", ".r", ".jl", ".go", ".rs", ".js", ".ts", ".java", ".scala", ".kt", ".c", ".cc",
    ".cpp", ".h", ".hpp", ".sql", ".sh",
)  # fmt: skip
