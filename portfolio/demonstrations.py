"""What a learner's projects show: skills claimed by them, at a commit where the checks passed, and
skills that a mentor endorsed at a commit. Computed from facts, never stored.

A project demonstrates a skill that its owner claims for it when one of its repositories is theirs
(portfolio.ownership) and every required check passed at a commit, or was ruled to. A mentor endorses a
skill with a verdict that approves a commit.

Both are about one commit, and age: once a newer commit was read they stand *at an earlier commit*; while
the repository cannot be read they are *stale*, and after `GRACE` *lost*: shown still, and counted no more.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from django.db.models import Exists, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from accounts.models import User
from curriculum.models import Skill, SkillLevel
from portfolio import checks, ownership
from portfolio.checks import Outcome
from portfolio.models import CheckRun, Claim, Dispute, Endorsement, Finding, Repository, Review
from portfolio.models.projects import Project
from portfolio.ownership import Ownership

#: Checks see that work is there, explained and tested. That somebody is an expert only a person can say.
CHECKS_REACH = SkillLevel.PRACTITIONER

#: How long evidence counts after its repository was last readable.
GRACE = timedelta(days=30)


class Age(StrEnum):
    """How far evidence about a commit is from the repository as it is now, the newest first."""

    CURRENT = "current"
    EARLIER = "earlier"  # a newer commit was read
    STALE = "stale"  # the repository cannot be read
    LOST = "lost"  # and has not been for longer than GRACE: it counts no more


AGES = list(Age)


@dataclass(frozen=True, slots=True)
class Demonstration:
    """That a project shows a skill to a level, at a commit, as checks or a mentor saw it."""

    skill: Skill
    level: SkillLevel
    since: datetime
    project: Project
    head_sha: str
    age: Age
    repository: Repository | None  # None once it was unlinked
    review: Review | None = None  # of the mentor who endorses it; None where checks show it
    check_run: CheckRun | None = None

    @property
    def counts(self) -> bool:
        return self.age != Age.LOST

    @property
    def short_sha(self) -> str:
        return self.head_sha[:7]


@dataclass(frozen=True, slots=True)
class Hindrance:
    """Why a claim is not demonstrated."""

    claim: Claim
    reason: str  # "unchecked", "unread", "failing" or "unowned"


@dataclass(frozen=True, slots=True)
class Work:
    """All that a learner's projects say of skills."""

    claims: list[Claim]
    shown: list[Demonstration]  # by checks
    endorsed: list[Demonstration]  # by mentors
    hindered: list[Hindrance]  # the claims that nothing shows


@dataclass(frozen=True, slots=True)
class _Stand:
    """A repository as evidence stands on it."""

    repository: Repository
    newest: CheckRun | None  # the newest run that read it
    passed: CheckRun | None  # the newest at which every required check passed
    since: datetime | None  # from when it passed without a failure in between

    def age_of(self, head_sha: str, now: datetime) -> Age:
        if self.repository.unreadable_since is not None:
            return Age.LOST if is_lost(self.repository, now) else Age.STALE
        is_newest = self.newest is None or self.newest.head_sha == head_sha
        return Age.CURRENT if is_newest else Age.EARLIER


def is_lost(repository: Repository, now: datetime | None = None) -> bool:
    """Whether it has not been readable for longer than GRACE, so that nothing in it counts any more."""
    unreadable = repository.unreadable_since
    return unreadable is not None and (now or timezone.now()) - unreadable > GRACE


def of(learner: User, projects: QuerySet[Project]) -> Work:
    """What these projects of theirs show now, in seven queries at most, however many there are."""
    return of_each([learner.pk], projects)[learner.pk]


def of_each(owners: Iterable[int], projects: QuerySet[Project]) -> dict[int, Work]:
    """The same for several people, by their keys, in as many queries; the projects are theirs."""
    now = timezone.now()
    works = {owner: Work([], [], [], []) for owner in owners}
    live = Claim.objects.filter(project__in=projects, skill__retired_at=None)
    claims = list(live.select_related("skill__category", "project__owner__profile"))
    stands = _stands(projects)
    authors = ownership.authors_of(works) if claims else {}
    accounts = {owner: author.id for owner, author in authors.items()}
    for claim in claims:
        owner = claim.project.owner_id
        work, account = works[owner], accounts.get(owner)
        work.claims.append(claim)
        found = stands.get(claim.project_id, [])
        own = [s for s in found if Ownership(s.repository, owner, account).is_shown]
        demonstrations = [_shown(claim, stand, stand.passed, now) for stand in own if stand.passed]
        if demonstrations:
            best = min(demonstrations, key=lambda one: (AGES.index(one.age), one.since))
            work.shown.append(best)
        else:
            work.hindered.append(Hindrance(claim, _reason(found, own)))
    for endorsed in _endorsed(projects, stands, now):
        works[endorsed.project.owner_id].endorsed.append(endorsed)
    return works


def age_of(review: Review) -> Age:
    """How far a verdict is from the repository as it is now; LOST once that was unlinked."""
    run = review.check_run
    return age_at(run.repository, review.head_sha) if run else Age.LOST


def age_at(repository: Repository, head_sha: str) -> Age:
    """How far a commit is from what was read last of its repository."""
    newest = CheckRun.objects.conclusive().filter(repository=repository).first()
    return _Stand(repository, newest, None, None).age_of(head_sha, timezone.now())


def _shown(claim: Claim, stand: _Stand, passed: CheckRun, now: datetime) -> Demonstration:
    level = SkillLevel(min(claim.level, CHECKS_REACH))
    since = max(stand.since or passed.requested_at, claim.claimed_at)
    sha = passed.head_sha
    age = stand.age_of(sha, now)
    return Demonstration(
        claim.skill, level, since, claim.project, sha, age, stand.repository, check_run=passed
    )


def _reason(found: list[_Stand], own: list[_Stand]) -> str:
    if any(stand.passed for stand in found):
        return "unowned"
    if any(stand.newest for stand in own or found):
        return "failing"
    return "unread" if found else "unchecked"


def _endorsed(
    projects: QuerySet[Project], stands: Mapping[int, list[_Stand]], now: datetime
) -> Iterable[Demonstration]:
    """Endorsements by approvals, except where the same mentor has judged that commit anew since."""
    later = Review.objects.submitted().filter(
        project=OuterRef("review__project"),
        reviewer=OuterRef("review__reviewer"),
        head_sha=OuterRef("review__head_sha"),
        submitted_at__gt=OuterRef("review__submitted_at"),
    )
    rows = (
        Endorsement.objects.filter(
            review__project__in=projects,
            review__status=Review.Status.SUBMITTED,
            review__verdict=Review.Verdict.APPROVED,
            skill__retired_at=None,
        )
        .exclude(Exists(later))
        .select_related(
            "skill__category",
            "review__reviewer__profile",
            "review__project__owner__profile",
            "review__check_run",
        )
        .order_by("review__submitted_at", "pk")
    )
    for row in rows:
        review = row.review
        by_id = {stand.repository.pk: stand for stand in stands.get(review.project_id, [])}
        stand = by_id.get(review.check_run.repository_id) if review.check_run else None
        age = stand.age_of(review.head_sha, now) if stand else Age.LOST
        yield Demonstration(
            row.skill,
            SkillLevel(row.level),
            review.submitted_at or review.requested_at,
            review.project,
            review.head_sha,
            age,
            stand.repository if stand else None,
            review=review,
        )


def _stands(projects: QuerySet[Project]) -> dict[int, list[_Stand]]:
    """Where each repository of these projects stands, by project, in at most four queries."""
    runs = CheckRun.objects.filter(repository=OuterRef("pk"))
    passing = runs.filter(conclusion=CheckRun.Conclusion.SUCCESS)
    broke = runs.filter(
        conclusion=CheckRun.Conclusion.FAILURE, requested_at__lt=OuterRef("passed_at")
    )
    repositories = list(
        Repository.objects.filter(project__in=projects)
        .annotate(
            newest_id=Subquery(runs.conclusive().values("pk")[:1]),
            passed_id=Subquery(passing.values("pk")[:1]),
            passed_at=Subquery(passing.values("requested_at")[:1]),
        )
        .annotate(broke_at=Subquery(broke.values("requested_at")[:1]))
        .annotate(
            since=Coalesce(
                Subquery(
                    passing.filter(requested_at__gt=OuterRef("broke_at"))
                    .order_by("requested_at")
                    .values("completed_at")[:1]
                ),
                Subquery(passing.order_by("requested_at").values("completed_at")[:1]),
            )
        )
        .order_by("linked_at", "pk")
    )
    ids = {pk for r in repositories for pk in (r.newest_id, r.passed_id) if pk}
    by_id = CheckRun.objects.in_bulk(ids) if ids else {}
    ruled = _ruled_to_pass(
        by_id[r.newest_id]
        for r in repositories
        if r.newest_id and by_id[r.newest_id].conclusion == CheckRun.Conclusion.FAILURE
    )
    stands: dict[int, list[_Stand]] = defaultdict(list)
    for repository in repositories:
        newest, passed = by_id.get(repository.newest_id), by_id.get(repository.passed_id)
        since = repository.since
        if newest and newest.pk in ruled:
            passed, since = newest, ruled[newest.pk]
        stands[repository.project_id].append(_Stand(repository, newest, passed, since))
    return stands


def _ruled_to_pass(failed: Iterable[CheckRun]) -> dict[int, datetime]:
    """The failed runs whose every failure a mentor ruled to be wrong, and when the last was ruled."""
    runs = {run.pk: run for run in failed}
    if not runs:
        return {}
    against = defaultdict(list)
    required = Finding.objects.filter(check_run__in=runs, check_name__in=checks.REQUIRED)
    for run_id, name in required.exclude(outcome=Outcome.PASSED).values_list(
        "check_run", "check_name"
    ):
        against[run_id].append((runs[run_id].repository_id, name, runs[run_id].tree_sha))
    trees = {run.tree_sha for run in runs.values() if run.tree_sha}
    accepted = Dispute.objects.filter(tree_sha__in=trees, ruling=Dispute.Ruling.ACCEPTED)
    ruled_at = {
        (repository, name, tree): at
        for repository, name, tree, at in accepted.values_list(
            "repository", "check_name", "tree_sha", "ruled_at"
        )
        if at
    }
    return {
        run_id: max(ruled_at[key] for key in keys)
        for run_id, keys in against.items()
        if all(key in ruled_at for key in keys)
    }
