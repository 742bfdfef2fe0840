"""Whether a repository is its learner's own work: shown to readers, never judged.

Three things show it: the GitHub account that they sign in with owns the repository; it wrote some of
its commits; or the repository's README holds a line that only they were given.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from posixpath import basename

from allauth.socialaccount.models import SocialAccount
from django.utils.crypto import salted_hmac

from portfolio.github import texts
from portfolio.github.snapshot import Author, Snapshot
from portfolio.models import Repository

#: What a run may write of its repository in this respect.
LEARNT = ["owner_id", "commits", "own_commits", "author_id", "has_proof_line"]

LINE = re.compile(r"milepost-proof:\s*([0-9a-f]{20})\b")


@dataclass(frozen=True, slots=True)
class Ownership:
    """What is known of a repository and the person whose project it belongs to."""

    repository: Repository
    user_id: int  # of the person
    account_id: int | None = None  # of the GitHub account that they have linked now

    @property
    def is_owner(self) -> bool:
        """Their GitHub account owns the repository."""
        return self.account_id is not None and self.account_id == self.repository.owner_id

    @property
    def own_commits(self) -> int | None:
        """How many commits their account wrote; None where they were not counted for it."""
        is_counted = self.account_id is not None and self.account_id == self.repository.author_id
        return self.repository.own_commits if is_counted else None

    @property
    def commits(self) -> int | None:
        """All commits of the default branch; None where they were not counted."""
        return self.repository.commits if self.own_commits is not None else None

    @property
    def proof_line(self) -> str:
        """What the owner may put into the README to show it."""
        return proof_line(self.user_id)

    @property
    def is_contributor(self) -> bool:
        return bool(self.own_commits)

    @property
    def is_shown(self) -> bool:
        """At least one of the three shows that it is theirs."""
        return self.is_owner or self.is_contributor or self.repository.has_proof_line


def of(repository: Repository, user_id: int) -> Ownership:
    """The picture of one repository of this person's."""
    author = author_of(user_id)
    return Ownership(repository, user_id, author.id if author else None)


def author_of(user_id: int) -> Author | None:
    """The GitHub account that this person signs in with; None where none is linked."""
    return authors_of([user_id]).get(user_id)


def authors_of(user_ids: Iterable[int]) -> dict[int, Author]:
    """The same of several people, by their keys, in one query; who has linked none is left out."""
    accounts = SocialAccount.objects.filter(user__in=list(user_ids), provider="github")
    first = {account.user_id: account for account in accounts.order_by("-pk")}
    return {pk: _author(account) for pk, account in first.items() if account.uid.isdecimal()}


def _author(account: SocialAccount) -> Author:
    node_id = account.extra_data.get("node_id")
    return Author(int(account.uid), node_id if isinstance(node_id, str) else "")


def proof_line(user_id: int) -> str:
    """The line that shows, in a README, that this person may write to it. The same every time."""
    return f"milepost-proof: {_proof(user_id)}"


def learn(repository: Repository, snapshot: Snapshot, author: Author | None) -> None:
    """Keep what a look shows of ownership; the caller saves LEARNT.

    `author` is whose commits the look counted.
    """
    repository.owner_id = snapshot.owner_id
    repository.author_id = author.id if author else None
    repository.commits, repository.own_commits = snapshot.commits, snapshot.own_commits
    proof = _proof(repository.project.owner_id)
    repository.has_proof_line = any(
        proof in LINE.findall(text)
        for path, text in snapshot.files.items()
        if texts.is_readme(basename(path))
    )


def _proof(user_id: int) -> str:
    return salted_hmac("portfolio.ownership", str(user_id), algorithm="sha256").hexdigest()[:20]
