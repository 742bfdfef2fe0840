"""The little of GitHub's API that we need: a repository's tree at one commit, and some files."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from types import TracebackType
from typing import Self

import httpx

from curriculum.reach.manners import user_agent
from portfolio.github import contents, descriptions, folders, heads, permalinks, pulls
from portfolio.github.budget import Budget
from portfolio.github.connection import Connection, Credential
from portfolio.github.errors import BadCredentials, Refused
from portfolio.github.heads import Head
from portfolio.github.links import Link
from portfolio.github.pulls import PullRequest
from portfolio.github.snapshot import Author, Snapshot, Unread

API_URL = "https://api.github.com"
#: Requests an hour that GitHub answers to an address without a credential.
ANONYMOUS_LIMIT = 60


class GitHub:
    """Reads repositories with one credential: a token, an OAuth app's id and secret, or none.

    It never waits and never asks a failed question again, except that a batch of files which is
    too much for GitHub is halved. `requests` counts what was sent.
    """

    def __init__(
        self,
        api_url: str = API_URL,
        token: str = "",
        client_id: str = "",
        client_secret: str = "",
        *,
        web_url: str = permalinks.WEB_URL,
        http: httpx.Client | None = None,
        budget: Budget | None = None,
        timeout: float = 10.0,
        site_url: str = "",
    ):
        """`timeout` is in seconds for each phase of a request, an answer may take twice as long.

        `web_url` is where GitHub's pages are, `site_url` where Milepost is (for the User-Agent).
        `http` is a client that stays open after this one (portfolio.github.connection.open_http).
        """
        self.web_url = web_url.rstrip("/")
        self._credential = Credential(token, client_id, client_secret)
        self._budget = budget
        self._speaks_graphql = bool(self._credential)
        self._connection = Connection(
            api_url,
            self._credential,
            user_agent=user_agent(site_url),
            timeout=timeout,
            http=http,
            budget=budget,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"<GitHub at {self._connection.api_url}, {self._credential.kind}>"

    def close(self) -> None:
        self._connection.close()
        if self._budget:
            self._budget.release()

    def begin(self, requests: int) -> None:
        """Say that work of about so many requests begins; raises RateLimited if it has to wait.

        Only without a credential, where an hour holds a few repositories: work that several workers
        begin there at once might be finished by none.
        """
        if self._budget and not self._credential:
            self._budget.hold(min(requests, ANONYMOUS_LIMIT), limit=ANONYMOUS_LIMIT)

    @property
    def requests(self) -> int:
        """How many requests this client has sent, redirects and failures counted."""
        return self._connection.requests

    @property
    def token_expires_at(self) -> datetime | None:
        """When GitHub's token ends, as far as GitHub has said."""
        return self._connection.token_expires_at

    def heads(self, links: Sequence[Link]) -> Iterator[Head]:
        """Where the branch of each link stands now, in their order, each as it becomes known.

        Twenty-five cost one request, without a credential one each. Raises RateLimited,
        BadCredentials, Refused, and Unavailable when GitHub is away altogether.
        """
        if self._credential.kind == "token":
            yield from heads.by_graphql(self._connection, links)
            return
        told = 0
        if self._speaks_graphql:
            try:
                for head in heads.by_graphql(self._connection, links):
                    yield head
                    told += 1
            except (BadCredentials, Refused):
                self._speaks_graphql = False  # an application may read by REST alone
            else:
                return
        yield from heads.by_rest(self._connection, links[told:])

    def snapshot(self, link: Link, *, author: Author | None = None) -> Snapshot:
        """The repository with its whole tree, at the head of the link's branch or the default one.

        For an `author` it says how many of the default branch's commits are theirs.
        A renamed repository is followed: `full_name` is the new one. An empty one has no head.
        Of a tree that GitHub cuts, the folders that matter most are read by themselves.
        Raises NotFound, RefNotFound, Blocked, Refused, RateLimited, BadCredentials, Unavailable.
        """
        described = self._describe(link, author)
        if described.is_empty:
            return described
        snapshot = descriptions.with_tree(self._connection, described)
        if not snapshot.is_truncated:
            return snapshot
        return folders.completed(self._connection, snapshot, speaks_graphql=self._speaks_graphql)

    def pull_request(self, full_name: str, number: int, *, tag: str = "") -> PullRequest | None:
        """One pull request, by one request; None where it is as it was when GitHub gave that tag.

        Raises NotFound, Blocked, Refused, RateLimited, BadCredentials, Unavailable.
        """
        return pulls.fetch(self._connection, full_name, number, tag)

    def read(self, snapshot: Snapshot, paths: Sequence[str]) -> Mapping[str, str | Unread]:
        """The text of these files of the snapshot, or why one has none.

        Nothing above its size limit is asked for, and no more than 1.5 MB in all, counting what
        the snapshot already holds. Raises GitHubError when GitHub is away, not for one file.
        """
        found, wanted = contents.sort(snapshot, paths)
        entries = list(wanted.values())
        by_sha: dict[str, str | Unread] = {}
        if self._speaks_graphql:
            by_sha |= contents.by_graphql(self._connection, snapshot.full_name, entries)
        by_sha |= contents.by_rest(self._connection, snapshot.full_name, entries, by_sha)
        for path, entry in wanted.items():
            found[path] = contents.within_limit(path, by_sha[entry.sha])
        return found

    def _describe(self, link: Link, author: Author | None) -> Snapshot:
        if self._speaks_graphql:
            try:
                if described := descriptions.by_graphql(self._connection, link, author):
                    return described
            except (BadCredentials, Refused):
                if self._credential.kind == "token":
                    raise
                self._speaks_graphql = False  # an application may read by REST alone
        return descriptions.by_rest(self._connection, link, author)
