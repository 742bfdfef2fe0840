"""Comment on a line, answer, resolve, and find where the line stands at a later commit."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils import timezone

from accounts.models import User
from portfolio import diffs, sources
from portfolio.models import Comment, Listing, Project, Review

QUOTE_LENGTH = 300


class NotYours(Exception):
    """Only who wrote a comment changes it; only its two sides answer or resolve it."""


class NoSuchLine(Exception):
    """The file has no such line at that commit, or was not read."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a comment's line is at a later commit; `line` is None where it was changed or is gone."""

    comment: Comment
    line: int | None

    @property
    def is_outdated(self) -> bool:
        return self.line is None


def write(
    review: Review,
    author: User,
    *,
    listing: Listing,
    path: str,
    line: int,
    severity: str,
    body: str,
) -> Comment:
    """A comment on a line (from 1; 0 is the whole file) of a file at the review's commit.

    It goes out with the review. Raises NotYours unless the author holds the review, and NoSuchLine.
    """
    if review.reviewer_id != author.pk or review.status != Review.Status.CLAIMED:
        raise NotYours
    return Comment.objects.create(
        review=review, author=author, full_name=review.full_name, head_sha=listing.head_sha,
        path=path, line=line, quote=_quote(listing, path, line), severity=severity, body=body,
    )  # fmt: skip


def edit(comment: Comment, by: User, *, severity: str, body: str) -> Comment:
    """Change one's own words before they went out. Raises NotYours."""
    _must_be_own_and_unsent(comment, by)
    comment.severity, comment.body = severity, body
    comment.save(update_fields=["severity", "body"])
    return comment


def remove(comment: Comment, by: User) -> None:
    """Take back one's own words before they went out. Raises NotYours."""
    _must_be_own_and_unsent(comment, by)
    comment.delete()


def answer(comment: Comment, by: User, *, body: str) -> Comment:
    """Answer a comment that went out; its owner and their mentors may. Raises NotYours."""
    _must_be_a_side(comment, by)
    now = timezone.now()
    return Comment.objects.create(
        review=comment.review, author=by, answers=comment.answers or comment,
        full_name=comment.full_name, head_sha=comment.head_sha, path=comment.path,
        line=comment.line, body=body, sent_at=now,
    )  # fmt: skip


def resolve(comment: Comment, by: User) -> Comment:
    """Say that it is settled; saying it again changes nothing. Raises NotYours."""
    _must_be_a_side(comment, by)
    if comment.resolved_at is None:
        comment.resolved_at, comment.resolved_by = timezone.now(), by
        comment.save(update_fields=["resolved_at", "resolved_by"])
    return comment


def reopen(comment: Comment, by: User) -> Comment:
    """Say that it is not settled after all. Raises NotYours."""
    _must_be_a_side(comment, by)
    comment.resolved_at = comment.resolved_by = None
    comment.save(update_fields=["resolved_at", "resolved_by"])
    return comment


def places(comments: Iterable[Comment], after: Listing) -> list[Place]:
    """Where each comment's line is at the later commit, whichever earlier commit it was written at."""
    by_commit: dict[str, list[Comment]] = {}
    for comment in comments:
        by_commit.setdefault(comment.head_sha, []).append(comment)
    listings = Listing.objects.filter(repository=after.repository_id, head_sha__in=by_commit)
    before = {listing.head_sha: listing for listing in listings}
    return [
        place
        for head_sha, written in by_commit.items()
        for place in _places(written, before.get(head_sha), after)
    ]


def _places(comments: list[Comment], before: Listing | None, after: Listing) -> list[Place]:
    if before is None:
        return [Place(comment, None) for comment in comments]
    paths = {comment.path for comment in comments}
    old, new = sources.texts_of(before, paths), sources.texts_of(after, paths)
    found = []
    for comment in comments:
        was, now = old.get(comment.path), new.get(comment.path)
        if was is None or now is None:
            line = None
        elif comment.line == 0 or was.sha == now.sha:
            line = comment.line
        else:
            line = diffs.line_now(was.text, now.text, comment.line)
        found.append(Place(comment, line))
    return found


def _quote(listing: Listing, path: str, line: int) -> str:
    source = sources.texts_of(listing, [path]).get(path)
    if source is None or source.read_at is None:
        raise NoSuchLine
    if line == 0:
        return ""
    lines = source.text.splitlines()
    if not 1 <= line <= len(lines):
        raise NoSuchLine
    return lines[line - 1].strip()[:QUOTE_LENGTH]


def _must_be_own_and_unsent(comment: Comment, by: User) -> None:
    if comment.author_id != by.pk or comment.sent_at is not None:
        raise NotYours


def _must_be_a_side(comment: Comment, by: User) -> None:
    known = Project.objects.known_to(by).filter(pk=comment.review.project_id)
    if comment.sent_at is None or not known.exists():
        raise NotYours
