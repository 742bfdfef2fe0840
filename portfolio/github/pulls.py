"""A pull request as GitHub tells of it: whose it is, whether it was merged, and what it changed.

One request each. With the tag of the last answer an unchanged one costs nothing of the hourly limit
where we show a credential.
"""

import re
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote

from portfolio.github import links, permalinks
from portfolio.github.answers import understood
from portfolio.github.connection import Connection
from portfolio.github.links import Link, own_spelling
from portfolio.github.snapshot import git_id, natural

#: GitHub counts issues and pull requests together; no repository is near a thousand million.
NUMBER = re.compile(r"/pull/([1-9]\d{0,8})(?![\w.-])")
LONGEST_TITLE, LONGEST_TAG = 256, 100


@dataclass(frozen=True, slots=True)
class PullRequest:
    """What one answer said. Names are as GitHub spells them now."""

    full_name: str  # of the repository that it goes into
    number: int
    title: str
    author: str  # "" where the account is gone
    author_id: int | None
    owner_id: int  # of the repository
    is_private: bool
    is_open: bool
    merged_at: datetime | None
    merge_sha: str  # of the commit by which it came in; "" unless merged
    additions: int
    deletions: int
    files: int
    tag: str = ""  # names this answer to GitHub


def parse(text: str, web_url: str = permalinks.WEB_URL) -> tuple[Link, int] | None:
    """The repository and number of a pull request's address; None for any other link.

    Raises BadLink for what is no link at all.
    """
    link = links.parse(text, web_url)
    number = NUMBER.search(text)
    return (Link(link.owner, link.name), int(number[1])) if number else None


def fetch(connection: Connection, full_name: str, number: int, tag: str = "") -> PullRequest | None:
    """Ask for one; None where it is as it was when GitHub gave that tag.

    Raises NotFound, which GitHub also says of a private repository, and the other GitHubErrors.
    """
    answer = connection.get(f"/repos/{quote(full_name)}/pulls/{number}", tag=tag)
    if answer.status == 304:
        return None
    if not answer.is_ok:
        raise connection.heard(answer, full_name)
    told = answer.headers.get("etag", "")
    with understood(full_name):
        return _read(answer.json(), told if len(told) <= LONGEST_TAG else "")


def pull_url(web_url: str, full_name: str, number: int) -> str:
    """The page of a pull request."""
    return f"{permalinks.repository_url(web_url, full_name)}/pull/{number}"


def _read(told: dict, tag: str) -> PullRequest:  # type: ignore[type-arg]
    repository, author = told["base"]["repo"], told["user"] or {}
    is_merged = bool(told["merged"])
    return PullRequest(
        full_name=own_spelling(repository["full_name"]),
        number=natural(told["number"]),
        title=" ".join(str(told["title"]).split())[:LONGEST_TITLE],
        author=str(author.get("login", ""))[:100],
        author_id=natural(author["id"]) if author else None,
        owner_id=natural(repository["owner"]["id"]),
        is_private=bool(repository["private"]),
        is_open=told["state"] == "open",
        merged_at=_moment(told["merged_at"]) if is_merged else None,
        merge_sha=git_id(told["merge_commit_sha"]) if is_merged else "",
        additions=natural(told["additions"]),
        deletions=natural(told["deletions"]),
        files=natural(told["changed_files"]),
        tag=tag,
    )


def _moment(text: object) -> datetime:
    moment = datetime.fromisoformat(str(text).replace("Z", "+00:00"))
    if moment.tzinfo is None:
        raise ValueError("a moment without a time zone")
    return moment
