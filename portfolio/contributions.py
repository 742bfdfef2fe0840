"""Contributions to other people's repositories: merged pull requests, and whether they are their owner's.

Verified is a pull request that GitHub shows to be merged, by the account that the owner has linked, into a
repository that is not that account's. It is looked at when it is added and then again: daily while it is open
or not to be seen, weekly once it is merged. What GitHub did not tell changes nothing.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from functools import partial

import structlog
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone

from accounts.models import User
from portfolio import ownership, projects, schedule
from portfolio.github.client import GitHub
from portfolio.github.errors import Blocked, GitHubError, NotFound, RateLimited, Refused
from portfolio.github.links import Link
from portfolio.github.pulls import PullRequest
from portfolio.models import Contribution, Project

log = structlog.get_logger(__name__)

#: Pull requests of one project.
MOST = 20
#: How long a worker may take for one look, and how many may get lost before it waits for tomorrow.
LEASE, MOST_LOST = timedelta(minutes=5), 3
#: Looks in one go.
MOST_AT_ONCE = 25
#: After a look to which GitHub gave no answer.
AGAIN = timedelta(hours=1)
#: What a look writes of a pull request.
TOLD = (
    "title", "author", "author_id", "owner_id", "is_private", "is_open", "merged_at", "merge_sha",
    "additions", "deletions", "files", "tag",
)  # fmt: skip


class AlreadyThere(Exception):
    """The person has this pull request in a project already."""

    def __init__(self, project: Project):
        super().__init__(project)
        self.project = project


class TooMany(Exception):
    """The project tells of as many pull requests as it may."""


class State(StrEnum):
    """What is said of a contribution on a page."""

    NEW = "new"  # not looked at yet
    VERIFIED = "verified"
    OPEN = "open"
    CLOSED = "closed"  # without being merged
    NOT_LINKED = "not_linked"  # merged; its owner has linked no GitHub account
    NOT_THEIRS = "not_theirs"  # merged, by another account
    OWN = "own"  # merged into a repository of their own
    MISSING = "missing"  # GitHub shows none


@dataclass(frozen=True, slots=True)
class Picture:
    """A contribution as a page shows it."""

    contribution: Contribution
    state: State
    is_missed: (
        bool  # GitHub did not show it at the last look; it is said so before it counts as gone
    )

    @property
    def is_verified(self) -> bool:
        return self.state == State.VERIFIED


def start(owner: User, link: Link, number: int, *, title: str = "", summary: str = "") -> Project:
    """A new private project that is this contribution. Raises AlreadyThere."""
    with transaction.atomic():
        _hold(owner)
        _refuse_second(owner, link, number)
        words = title.strip() or f"{projects.title_from(link)}: #{number}"
        project = projects.start_without_repository(owner, title=words, summary=summary)
        project.contributions.create(full_name=link.full_name, number=number)
    return project


def add(project: Project, link: Link, number: int) -> Contribution:
    """One more pull request of a project. Raises AlreadyThere and TooMany."""
    with transaction.atomic():
        _hold(project.owner)
        _refuse_second(project.owner, link, number)
        if project.contributions.count() >= MOST:
            raise TooMany
        return project.contributions.create(full_name=link.full_name, number=number)


def told(
    contributions: Iterable[Contribution], account_id: int | None, *, is_insider: bool
) -> list[Picture]:
    """The contributions of somebody with this GitHub account, or none, for a page.

    Strangers are told of verified ones alone, and of none in a private repository.
    """
    pictures = [
        Picture(each, state_of(each, account_id), each.missed_since is not None)
        for each in contributions
    ]
    if is_insider:
        return pictures
    return [each for each in pictures if each.is_verified and not each.contribution.is_private]


def account_of(owner: User) -> int | None:
    """The id of the GitHub account that a person has linked now."""
    author = ownership.author_of(owner.pk)
    return author.id if author else None


def state_of(contribution: Contribution, account_id: int | None) -> State:
    """What the last look says, for somebody who has this GitHub account linked, or none."""
    if contribution.missed_since and (
        contribution.looked_at is None
        or schedule.is_gone(
            since=contribution.missed_since, looks=contribution.misses, now=timezone.now()
        )
    ):
        return State.MISSING
    if contribution.looked_at is None:
        return State.NEW
    if contribution.is_open:
        return State.OPEN
    if contribution.merged_at is None:
        return State.CLOSED
    if account_id is None:
        return State.NOT_LINKED
    if contribution.author_id != account_id:
        return State.NOT_THEIRS
    return State.OWN if contribution.owner_id == account_id else State.VERIFIED


# To look


def due() -> list[int]:
    """The ids of those whose look has come, longest wait first."""
    waiting = Contribution.objects.due(timezone.now()).order_by("next_look_at", "pk")
    return list(waiting.values_list("pk", flat=True)[:MOST_AT_ONCE])


def claim(contribution_id: int) -> Contribution | None:
    """Take one that is due, for the length of the lease. None when it is not there to be taken."""
    now = timezone.now()
    found = Contribution.objects.due(now).filter(pk=contribution_id).first()
    if found is None:
        return None
    is_lost = found.attempts >= MOST_LOST
    until = schedule.next_daily_look(found.pk, now=now) if is_lost else now + LEASE
    held = Contribution.objects.filter(pk=found.pk, next_look_at=found.next_look_at)
    if not held.update(next_look_at=until, attempts=F("attempts") + 1):
        return None
    found.next_look_at = until
    return found


def execute(contribution: Contribution, github: GitHub) -> None:
    """Look at a claimed one and keep what GitHub told. Nothing that GitHub does raises here."""
    now = timezone.now()
    keep = partial(_keep, contribution)
    try:
        seen = github.pull_request(
            contribution.full_name, contribution.number, tag=contribution.tag
        )
    except (NotFound, Blocked, Refused):
        keep(
            missed_since=contribution.missed_since or now,
            misses=F("misses") + 1,
            next_look_at=schedule.look_for_missing(contribution.pk, now=now),
        )
    except RateLimited as error:
        keep(next_look_at=max(error.retry_at, now + timedelta(minutes=1)))
    except GitHubError as error:
        log.warning("a pull request was not read", contribution=contribution.pk, error=str(error))
        keep(next_look_at=now + AGAIN)
    else:
        is_open = contribution.is_open if seen is None else seen.is_open
        next_look = schedule.next_look(
            contribution.pk, now=now, changed_at=now if is_open else None
        )
        facts = {"looked_at": now, "missed_since": None, "misses": 0, "next_look_at": next_look}
        keep(**facts | (_facts_of(seen, contribution) if seen else {}))


def look_again(contribution: Contribution) -> None:
    """Have it looked at at once, unless that was a moment ago."""
    a_moment_ago = timezone.now() - timedelta(minutes=1)
    held = Contribution.objects.filter(pk=contribution.pk, attempts=0)
    held.exclude(looked_at__gt=a_moment_ago).update(next_look_at=timezone.now())


def _facts_of(seen: PullRequest, contribution: Contribution) -> dict[str, object]:
    facts: dict[str, object] = {name: getattr(seen, name) for name in TOLD}
    same = Contribution.objects.filter(
        project=contribution.project_id, full_name=seen.full_name, number=seen.number
    )
    if not same.exclude(pk=contribution.pk).exists():  # else it was added under both its names
        facts["full_name"] = seen.full_name
    return facts


def _keep(contribution: Contribution, **facts: object) -> None:
    """Write what was seen, if the lease is still ours."""
    held = Contribution.objects.filter(pk=contribution.pk, next_look_at=contribution.next_look_at)
    try:
        with transaction.atomic():
            held.update(attempts=0, **facts)
    except IntegrityError:  # the same was added meanwhile under the new name
        facts.pop("full_name", None)
        held.update(attempts=0, **facts)


def _hold(owner: User) -> None:
    """One person adds one thing at a time."""
    User.objects.select_for_update(of=("self",)).get(pk=owner.pk)


def _refuse_second(owner: User, link: Link, number: int) -> None:
    there = Contribution.objects.filter(
        project__owner=owner, full_name__iexact=link.full_name, number=number
    )
    if found := there.select_related("project").first():
        raise AlreadyThere(found.project)
