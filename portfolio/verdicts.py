"""What we say of a repository now. Computed from its check runs and rulings, never stored.

The verdicts are those of the newest run that read the repository. A later run that could not read it
is shown beside them and changes none; a verdict that is not known keeps the last known one beside it.
A mentor's ruling on a disputed finding stands for as long as the tree it is about.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import OuterRef, Subquery

from portfolio import checks
from portfolio.checks import Outcome
from portfolio.models import CheckRun, Dispute, Finding, Repository


@dataclass(frozen=True, slots=True)
class Verdict:
    """One check's finding, what it was when it was last known, and what was said against it."""

    finding: Finding
    last_known: Finding | None = None
    dispute: Dispute | None = None

    @property
    def title(self) -> str:
        return checks.title(self.finding.check_name)

    @property
    def outcome(self) -> str:
        """The finding's, unless a mentor ruled that it is wrong."""
        is_overruled = self.dispute is not None and self.dispute.is_accepted
        return Outcome.PASSED if is_overruled else self.finding.outcome

    @property
    def is_disputable(self) -> bool:
        return self.dispute is None and self.finding.outcome in (Outcome.FAILED, Outcome.UNKNOWN)


@dataclass(frozen=True, slots=True)
class Picture:
    """A repository as its page shows it."""

    repository: Repository
    latest: CheckRun | None = None  # the newest run of all
    looked: CheckRun | None = None  # the newest that read the repository
    verdicts: list[Verdict] = field(default_factory=list)

    @property
    def active(self) -> CheckRun | None:
        """The run that waits or works."""
        return self.latest if self.latest and self.latest.is_active else None

    @property
    def trouble(self) -> CheckRun | None:
        """The newest run, when it ended without reading the repository."""
        ended = self.latest and not self.latest.is_active and not self.latest.looked
        return self.latest if ended else None

    @property
    def readme(self) -> Verdict | None:
        """The README in one verdict: what it says, once there is one."""
        return self._worst("readme", "readme-content")

    @property
    def tests(self) -> Verdict | None:
        return self._worst("tests")

    @property
    def is_success(self) -> bool:
        """Every required check passed at the newest commit that was read, or was ruled to."""
        required = [v for v in self.verdicts if v.finding.check_name in checks.REQUIRED]
        return bool(required) and all(v.outcome == Outcome.PASSED for v in required)

    def _worst(self, *names: str) -> Verdict | None:
        """The first of these checks that did not pass, or the last one."""
        found = [v for v in self.verdicts if v.finding.check_name in names]
        not_passed = (v for v in found if v.outcome != Outcome.PASSED)
        return next(not_passed, found[-1] if found else None)


def of(repository: Repository) -> Picture:
    """The picture of one repository."""
    return of_many([repository])[repository.pk]


def of_many(repositories: Iterable[Repository]) -> dict[int, Picture]:
    """Pictures by the repositories' ids, in at most five queries however many there are."""
    repositories = list(repositories)
    runs = CheckRun.objects.filter(repository=OuterRef("pk"))
    newest = Repository.objects.filter(pk__in=[r.pk for r in repositories]).annotate(
        latest_id=Subquery(runs.values("pk")[:1]),
        looked_id=Subquery(runs.conclusive().values("pk")[:1]),
    )
    ids = {
        pk: (latest, looked)
        for pk, latest, looked in newest.values_list("pk", "latest_id", "looked_id")
    }
    by_id = CheckRun.objects.in_bulk({pk for pair in ids.values() for pk in pair if pk})
    looked_ids = [looked for _, looked in ids.values() if looked]
    findings: dict[int, list[Finding]] = {}
    for finding in Finding.objects.filter(check_run__in=looked_ids).order_by("position"):
        findings.setdefault(finding.check_run_id, []).append(finding)
    known = _last_known([f for group in findings.values() for f in group], by_id)
    disputes = _disputes(by_id[pk] for pk in looked_ids)
    pictures = {}
    for repository in repositories:
        latest, looked = (by_id.get(pk) for pk in ids[repository.pk])
        for run in filter(None, (latest, looked)):
            run.repository = repository
        verdicts = []
        if looked:
            verdicts = [
                Verdict(
                    finding,
                    known.get((repository.pk, finding.check_name)),
                    disputes.get((repository.pk, finding.check_name, looked.tree_sha)),
                )
                for finding in findings.get(looked.pk, [])
            ]
        pictures[repository.pk] = Picture(repository, latest, looked, verdicts)
    return pictures


def of_run(check_run: CheckRun) -> list[Verdict]:
    """The verdicts of one run as it was, with what was said against them."""
    disputes = _disputes([check_run])
    about = (check_run.repository_id, check_run.tree_sha)
    return [
        Verdict(finding, dispute=disputes.get((about[0], finding.check_name, about[1])))
        for finding in check_run.findings.all()
    ]


def _disputes(runs: Iterable[CheckRun]) -> dict[tuple[int, str, str], Dispute]:
    """By repository, check and tree: the disputes about the trees of these runs."""
    trees = {run.tree_sha for run in runs if run.tree_sha}
    if not trees:
        return {}
    found = Dispute.objects.filter(tree_sha__in=trees).select_related("ruled_by__profile")
    return {(d.repository_id, d.check_name, d.tree_sha): d for d in found}


def _last_known(
    findings: list[Finding], runs: dict[int, CheckRun]
) -> dict[tuple[int, str], Finding]:
    """For each finding that is not known, the newest one of the same check that was."""
    unknown = {
        (runs[f.check_run_id].repository_id, f.check_name)
        for f in findings
        if f.outcome == Outcome.UNKNOWN
    }
    if not unknown:
        return {}
    earlier = (
        Finding.objects.filter(
            check_run__repository__in={repository for repository, _ in unknown},
            check_name__in={name for _, name in unknown},
        )
        .exclude(outcome=Outcome.UNKNOWN)
        .select_related("check_run")
        .order_by("check_run__requested_at")
    )
    return {
        key: finding
        for finding in earlier
        if (key := (finding.check_run.repository_id, finding.check_name)) in unknown
    }
