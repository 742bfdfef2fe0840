"""Where the branches of many repositories stand now: the cheapest question GitHub answers.

One GraphQL query asks for 25 repositories by aliases. More ran into GitHub's limit of ten seconds for
others (it is a clock, not a score), so a batch that is too much is halved; a single one that is still
too much stays unknown.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from urllib.parse import quote

from portfolio.github import queries
from portfolio.github.answers import understood
from portfolio.github.connection import Connection
from portfolio.github.errors import Unavailable
from portfolio.github.links import Link, own_spelling
from portfolio.github.snapshot import git_id, natural

BATCH = 25  # repositories in one GraphQL query


class Seen(StrEnum):
    """What GitHub said of one branch."""

    THERE = "there"
    EMPTY = "empty"  # the repository has no commit yet
    MISSING = "missing"  # no such repository, or no such branch
    UNKNOWN = "unknown"  # GitHub gave no answer, or one that says nothing


@dataclass(frozen=True, slots=True)
class Head:
    """One branch as GitHub sees it now."""

    seen: Seen
    head_sha: str = ""  # of the commit; "" unless THERE
    full_name: str = ""  # as GitHub spells it now; "" where it did not say
    repository_id: int | None = None


def by_graphql(connection: Connection, links: Sequence[Link]) -> Iterator[Head]:
    """The head of each link's branch, in their order; each batch is asked for when it is needed.

    Raises RateLimited, BadCredentials, Refused, and Unavailable when GitHub is away altogether.
    """
    for start in range(0, len(links), BATCH):
        yield from _batch(connection, links[start : start + BATCH])


def by_rest(connection: Connection, links: Sequence[Link]) -> Iterator[Head]:
    """The same by one request each, for those who have no credential. A rename is followed unseen."""
    for link in links:
        ref = quote(link.ref or "HEAD")
        answer = connection.get(f"/repos/{link.full_name}/commits/{ref}?per_page=1")
        if answer.status == 409:
            yield Head(Seen.EMPTY)
        elif answer.status in (404, 410, 422):
            yield Head(Seen.MISSING)
        elif answer.is_ok:
            with understood(link.full_name):
                head = Head(Seen.THERE, git_id(answer.json()["sha"]))
            yield head
        elif answer.status in (403, 429) or answer.status == 401:
            raise connection.heard(answer, link.full_name)
        else:
            yield Head(Seen.UNKNOWN)


def _batch(connection: Connection, links: Sequence[Link]) -> list[Head]:
    text, variables = queries.heads([(link.owner, link.name, link.ref) for link in links])
    try:
        result = connection.query(text, variables)
    except Unavailable as error:
        if not error.is_timeout:
            raise
        return _halves(connection, links)
    data = result.get("data")
    if not isinstance(data, dict):
        if queries.is_out_of_time(result):
            return _halves(connection, links)
        raise Unavailable(reason="GraphQL gives no heads")
    return [_head(result, data.get(f"q{n}"), n) for n in range(len(links))]


def _halves(connection: Connection, links: Sequence[Link]) -> list[Head]:
    if len(links) == 1:
        return [Head(Seen.UNKNOWN)]
    half = len(links) // 2
    return _batch(connection, links[:half]) + _batch(connection, links[half:])


def _head(result: dict[str, Any], node: Any, number: int) -> Head:
    if not isinstance(node, dict):
        is_missing = queries.error_type(result, f"q{number}") == "NOT_FOUND"
        return Head(Seen.MISSING if is_missing else Seen.UNKNOWN)
    try:
        full_name, repository_id = own_spelling(node["nameWithOwner"]), natural(node["databaseId"])
        oid = queries.oid(node["branch"] if "branch" in node else node["head"])
        sha = git_id(oid) if oid else ""
        is_empty = bool(node["isEmpty"])
    except (KeyError, TypeError, ValueError, AttributeError):
        return Head(Seen.UNKNOWN)
    if is_empty:
        return Head(Seen.EMPTY, "", full_name, repository_id)
    if sha:
        return Head(Seen.THERE, sha, full_name, repository_id)
    has_error = bool(queries.error_type(result, f"q{number}"))
    return Head(Seen.UNKNOWN if has_error else Seen.MISSING, "", full_name, repository_id)
