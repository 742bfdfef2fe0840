"""A file at the commit of a review as a page shows it: whole or its changes, with what is said on its lines."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from zlib import crc32

from accounts.models import User
from portfolio import diffs, sources
from portfolio.diffs import Kind, Line
from portfolio.models import Comment, Listing, Review, Source

#: Lines of one file on a page; more are on GitHub.
MOST_LINES = 2000
#: Changed files shown at once, and rows of all of them together.
MOST_CHANGED, MOST_ROWS = 8, 400


def key_of(path: str) -> str:
    """Tells files on one page apart, in eight letters and digits."""
    return f"{crc32(path.encode()):08x}"


@dataclass(frozen=True, slots=True)
class Row:
    """One line, with what hangs below it."""

    line: Line
    comments: list[Comment]
    has_form: bool


@dataclass(frozen=True, slots=True)
class Sheet:
    """One file; `at` is the line that is about to be commented, 0 for the whole file, None for none."""

    path: str
    source: Source
    hunks: list[list[Row]]
    on_whole_file: list[Comment]
    is_diff: bool
    is_new: bool  # since the round before; False where there was none
    has_changes: bool
    is_cut: bool
    at: int | None = None

    @property
    def key(self) -> str:
        return key_of(self.path)

    @property
    def rows(self) -> int:
        return sum(len(hunk) for hunk in self.hunks)

    @property
    def is_empty(self) -> bool:
        return self.source.read_at is not None and not self.source.unread and not self.source.text


def sheet(
    review: Review,
    reader: User,
    source: Source,
    path: str,
    before: Listing | None,
    *,
    is_diff: bool = False,
    at: int | None = None,
) -> Sheet:
    """A file of the review's commit for this reader, who is shown what went out and their own words.

    Where only the changes are asked for and line `at` is not near one, the whole file is shown.
    """
    old = sources.texts_of(before, [path]).get(path) if before else None
    is_known = before is None or not before.listed_at or sources.entry_of(before, path) is not None
    made = _sheet(path, source, old, _said(review, reader, [path]), is_diff, at, not is_known)
    shown = {row.line.after for hunk in made.hunks for row in hunk}
    if made.is_diff and at and at not in shown:
        return _sheet(path, source, old, _said(review, reader, [path]), False, at, not is_known)
    return made


def changed(review: Review, reader: User, before: Listing, after: Listing) -> list[Sheet]:
    """What changed between two commits, of the files that are at hand and not too long to show at once."""
    changes = sources.changes(before, after)
    paths = changes.paths
    old, new = sources.texts_of(before, paths), sources.texts_of(after, paths)
    said = _said(review, reader, paths)
    found: list[Sheet] = []
    rows = 0
    for path in paths:
        source = new.get(path)
        if source is None or source.read_at is None or source.unread:
            continue
        is_new = path in changes.added
        was = old.get(path)
        if not is_new and (was is None or was.read_at is None or was.unread):
            continue
        made = _sheet(path, source, was, said, True, None, is_new)
        if rows + made.rows <= MOST_ROWS and len(found) < MOST_CHANGED:
            found.append(made)
            rows += made.rows
    return found


def _said(review: Review, reader: User, paths: Sequence[str]) -> list[Comment]:
    told = review.comments.told_to(reader).threads().filter(path__in=paths)
    return list(told.select_related("author__profile", "resolved_by__profile"))


def _sheet(
    path: str,
    source: Source,
    old: Source | None,
    said: Iterable[Comment],
    is_diff: bool,
    at: int | None,
    is_new: bool,
) -> Sheet:
    has_changes = old is not None and old.sha != source.sha
    by_line: dict[int, list[Comment]] = {}
    for comment in said:
        if comment.path == path:
            by_line.setdefault(comment.line, []).append(comment)
    lines = source.text.splitlines()[:MOST_LINES]
    hunks: list[Sequence[Line]]
    if is_diff and is_new:
        hunks = [[Line(Kind.ADDED, None, n, words) for n, words in enumerate(lines, 1)]]
    elif is_diff and has_changes and old is not None and old.read_at is not None:
        hunks = list(diffs.compare(old.text, source.text).hunks)
    else:
        is_diff = False
        hunks = [[Line(Kind.SAME, n, n, words) for n, words in enumerate(lines, 1)]]
    return Sheet(
        path=path,
        source=source,
        hunks=[[_row(line, by_line, at) for line in hunk] for hunk in hunks],
        on_whole_file=by_line.get(0, []),
        is_diff=is_diff,
        is_new=is_new,
        has_changes=has_changes,
        is_cut=source.text.count("\n") > MOST_LINES,
        at=at,
    )


def _row(line: Line, by_line: dict[int, list[Comment]], at: int | None) -> Row:
    comments = by_line.get(line.after, []) if line.after else []
    return Row(line, comments, line.after is not None and line.after == at)
