"""Several learners at a glance, as those who guide them need it. Computed, never stored.

Somebody is *stuck* when something is open to them, no mentor owes them an answer, and for two weeks
nothing of theirs moved: no unit completed, no project started, no new commit seen, nothing asked.
A check is *lost* when it is required, passed in an earlier run and fails in the newest that read the
repository; what is not known loses nothing, and what a mentor overruled passed.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from django.db.models import Exists, Max, OuterRef, Q, Subquery
from django.utils import timezone

from accounts.models import User
from curriculum import learners as curriculum_learners
from curriculum.models import Enrollment
from curriculum.progress import Progress
from portfolio import checks, readiness
from portfolio.checks import Outcome
from portfolio.models import CheckRun, Dispute, Finding, Project, Repository, Review
from portfolio.readiness import Readiness

#: After so long without anything that moved, somebody counts as stuck.
STUCK_AFTER = timedelta(days=14)


class Who(StrEnum):
    """Whose turn it is."""

    MENTOR = "mentor"  # the learner waits
    LEARNER = "learner"  # the mentor waits


@dataclass(frozen=True, slots=True)
class Waiting:
    """Somebody waits for somebody, since when, and about which project."""

    who: Who
    since: datetime
    project: Project
    dispute: Dispute | None = None  # None: a review


class Reason(StrEnum):
    """What a learner seems to be stuck at."""

    RETURNED = "returned"  # a review asks for changes
    LOST = "lost"  # a check that passed fails
    NOT_BEGUN = "not_begun"  # nothing was ever completed
    QUIET = "quiet"  # the next unit


@dataclass(frozen=True, slots=True)
class Stuck:
    """Since when, and at what."""

    since: datetime
    reason: Reason


@dataclass(frozen=True, slots=True)
class Lost:
    """A required check that passed once and fails now."""

    project: Project
    check_name: str

    @property
    def title(self) -> str:
        return checks.title(self.check_name)


@dataclass(frozen=True, slots=True)
class Glance:
    """One learner, with all that tells whether they need somebody."""

    on_roadmap: curriculum_learners.Glance
    last_active_at: datetime | None
    waiting: tuple[Waiting, ...]  # those of the mentor's turn first, longest wait first
    lost: tuple[Lost, ...]
    stuck: Stuck | None
    write_about: Project | None  # what the next words are best said about
    aim: Readiness | None = None  # for their role, where somebody asked for it

    @property
    def learner(self) -> User:
        return self.on_roadmap.learner

    @property
    def enrollment(self) -> Enrollment | None:
        return self.on_roadmap.enrollment

    @property
    def progress(self) -> Progress | None:
        return self.on_roadmap.progress

    @property
    def pace(self) -> curriculum_learners.Pace | None:
        return self.on_roadmap.pace

    @property
    def asks(self) -> Waiting | None:
        """What waits for a mentor longest."""
        return next((each for each in self.waiting if each.who == Who.MENTOR), None)

    @property
    def owes(self) -> Waiting | None:
        """What a mentor has waited for longest."""
        return next((each for each in self.waiting if each.who == Who.LEARNER), None)


class Show(StrEnum):
    """Which learners a list holds."""

    ALL = "all"
    WAITING = "waiting"
    STUCK = "stuck"
    LOST = "lost"


def of(learners: Iterable[User]) -> list[Glance]:
    """A glance at each learner, in the order given, in a constant number of queries."""
    on_roadmap = curriculum_learners.at_a_glance(learners)
    owners = [glance.learner.pk for glance in on_roadmap]
    moved = _moved(owners)
    waiting = _waiting(owners)
    lost = _lost(owners)
    checked = _newest_checked(owners)
    return [
        _glance(
            glance,
            moved.get(glance.learner.pk),
            tuple(waiting[glance.learner.pk]),
            tuple(lost[glance.learner.pk]),
            checked.get(glance.learner.pk),
        )
        for glance in on_roadmap
    ]


def with_aims(glances: Iterable[Glance], *, seen_by: User) -> list[Glance]:
    """The same with how each learner stands for their role, as a mentor may see it, in a constant number of queries."""
    glances = list(glances)
    roles = [
        (each.learner, each.enrollment.target_role)
        for each in glances
        if each.enrollment and each.enrollment.target_role
    ]
    aims = readiness.of_each(roles, seen_by=seen_by)
    return [replace(each, aim=aims.get(each.learner.pk)) for each in glances]


def by_need(glances: Iterable[Glance]) -> list[Glance]:
    """Those who wait first, longest wait first; then checks lost, then stuck; then by name."""
    return sorted(glances, key=_need)


def shown(glances: Iterable[Glance], show: Show) -> list[Glance]:
    """Those whom a filter keeps."""
    keeps = {
        Show.ALL: lambda glance: True,
        Show.WAITING: lambda glance: glance.asks is not None,
        Show.STUCK: lambda glance: glance.stuck is not None,
        Show.LOST: lambda glance: bool(glance.lost),
    }[show]
    return [glance for glance in glances if keeps(glance)]


def _need(glance: Glance) -> tuple[int, datetime, str]:
    name = glance.learner.profile.name.casefold()
    if glance.asks:
        return 0, glance.asks.since, name
    if glance.stuck:
        return (1 if glance.lost else 2), glance.stuck.since, name
    return (
        (1 if glance.lost else 3),
        datetime.max.replace(tzinfo=timezone.get_default_timezone()),
        name,
    )


def _glance(
    on_roadmap: curriculum_learners.Glance,
    moved: datetime | None,
    waiting: tuple[Waiting, ...],
    lost: tuple[Lost, ...],
    checked: Project | None,
) -> Glance:
    moments = [at for at in (on_roadmap.last_completed_at, moved) if at]
    last_active_at = max(moments, default=None)
    return Glance(
        on_roadmap,
        last_active_at,
        waiting,
        lost,
        _stuck(on_roadmap, last_active_at, waiting, lost),
        waiting[0].project if waiting else lost[0].project if lost else checked,
    )


def _stuck(
    on_roadmap: curriculum_learners.Glance,
    last_active_at: datetime | None,
    waiting: tuple[Waiting, ...],
    lost: tuple[Lost, ...],
) -> Stuck | None:
    if any(each.who == Who.MENTOR for each in waiting):
        return None
    enrollment = on_roadmap.enrollment
    is_owing = any(each.who == Who.LEARNER for each in waiting)
    if enrollment and not (on_roadmap.open_units or is_owing or lost):
        return None
    began = enrollment.enrolled_at if enrollment else on_roadmap.learner.date_joined
    since = max(last_active_at or began, began)
    if timezone.now() - since < STUCK_AFTER:
        return None
    if is_owing:
        return Stuck(since, Reason.RETURNED)
    if lost:
        return Stuck(since, Reason.LOST)
    has_begun = on_roadmap.last_completed_at is not None
    return Stuck(since, Reason.QUIET if has_begun else Reason.NOT_BEGUN)


def _moved(owners: list[int]) -> dict[int, datetime]:
    """By owner: when a project of theirs was started, changed on GitHub or asked about last."""
    asked = Q(reviews__is_asked=True) & ~Q(reviews__status=Review.Status.DRAFT)
    rows = (
        Project.objects.filter(owner__in=owners)
        .order_by()
        .values_list("owner")
        .annotate(
            started=Max("created_at"),
            changed=Max("repositories__changed_at"),
            asked=Max("reviews__requested_at", filter=asked),
        )
    )
    return {owner: max(at for at in moments if at) for owner, *moments in rows}


def _waiting(owners: list[int]) -> dict[int, list[Waiting]]:
    """By owner: what waits for a mentor, and after it what a mentor waits for."""
    found: dict[int, list[Waiting]] = defaultdict(list)
    requests = Review.objects.awaited().filter(project__owner__in=owners)
    for review in requests.select_related("project__owner__profile"):
        found[review.project.owner_id].append(
            Waiting(Who.MENTOR, review.requested_at, review.project)
        )
    disputes = Dispute.objects.open().filter(repository__project__owner__in=owners)
    for dispute in disputes.select_related("repository__project__owner__profile"):
        project = dispute.repository.project
        found[project.owner_id].append(Waiting(Who.MENTOR, dispute.disputed_at, project, dispute))
    returned = Review.objects.returned().filter(project__owner__in=owners)
    for review in returned.select_related("project__owner__profile"):
        if review.submitted_at:
            found[review.project.owner_id].append(
                Waiting(Who.LEARNER, review.submitted_at, review.project)
            )
    for waiting in found.values():
        waiting.sort(key=lambda each: (each.who == Who.LEARNER, each.since))
    return found


def _lost(owners: list[int]) -> dict[int, list[Lost]]:
    """By owner: the required checks that passed once and fail in the newest run that read."""
    runs = CheckRun.objects.conclusive().filter(repository=OuterRef("pk"))
    newest = (
        Repository.objects.filter(project__owner__in=owners)
        .annotate(newest=Subquery(runs.values("pk")[:1]))
        .exclude(newest=None)
        .values_list("newest", flat=True)
    )
    earlier = Finding.objects.filter(
        check_run__repository=OuterRef("check_run__repository"),
        check_run__requested_at__lt=OuterRef("check_run__requested_at"),
        check_name=OuterRef("check_name"),
        outcome=Outcome.PASSED,
    )
    overruled = Dispute.objects.filter(
        ruling=Dispute.Ruling.ACCEPTED,
        repository=OuterRef("check_run__repository"),
        check_name=OuterRef("check_name"),
        tree_sha=OuterRef("check_run__tree_sha"),
    )
    fails = (
        Finding.objects.filter(
            Exists(earlier),
            ~Exists(overruled),
            check_run__in=list(newest),
            check_name__in=checks.REQUIRED,
            outcome=Outcome.FAILED,
        )
        .select_related("check_run__repository__project__owner__profile")
        .order_by("check_run", "position")
    )
    found: dict[int, list[Lost]] = defaultdict(list)
    for finding in fails:
        project = finding.check_run.repository.project
        found[project.owner_id].append(Lost(project, finding.check_name))
    return found


def _newest_checked(owners: list[int]) -> dict[int, Project]:
    """By owner: the project whose repository was read last, which a review can be pinned to."""
    looked = CheckRun.objects.conclusive().filter(repository__project__owner=OuterRef("pk"))
    newest = User.objects.filter(pk__in=owners).annotate(
        newest=Subquery(looked.values("repository__project")[:1])
    )
    pairs = dict(newest.exclude(newest=None).values_list("pk", "newest"))
    projects = Project.objects.select_related("owner__profile").in_bulk(pairs.values())
    return {owner: projects[project] for owner, project in pairs.items()}
