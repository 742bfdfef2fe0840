"""What we say of a repository now. Computed from its check runs, never stored.

The verdicts are those of the newest run that read the repository. A later run that could not read it
is shown beside them and changes none; a verdict that is not known keeps the last known one beside it.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import OuterRef, Subquery

from portfolio import checks
from portfolio.checks import Outcome
from portfolio.models import CheckRun, Finding, Repository


@dataclass(frozen=True, slots=True)
class Verdict:
    """One check's finding, and what it was when it was last known."""

    finding: Finding
    last_known: Finding | None = None

    @property
    def title(self) -> str:
        return checks.title(self.finding.check_name)


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
        """Every required check passed at the newest commit that was read."""
        return self.looked is not None and self.looked.conclusion == CheckRun.Conclusion.SUCCESS

    def _worst(self, *names: str) -> Verdict | None:
        """The first of these checks that did not pass, or the last one."""
        found = [v for v in self.verdicts if v.finding.check_name in names]
        not_passed = (v for v in found if v.finding.outcome != Outcome.PASSED)
        return next(not_passed, found[-1] if found else None)


def of(repository: Repository) -> Picture:
    """The picture of one repository."""
    return of_many([repository])[repository.pk]


def of_many(repositories: Iterable[Repository]) -> dict[int, Picture]:
    """Pictures by the repositories' ids, in at most four queries however many there are."""
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
    pictures = {}
    for repository in repositories:
        latest, looked = (by_id.get(pk) for pk in ids[repository.pk])
        for run in filter(None, (latest, looked)):
            run.repository = repository
        verdicts = (
            [
                Verdict(finding, known.get((repository.pk, finding.check_name)))
                for finding in findings.get(looked.pk, [])
            ]
            if looked
            else []
        )
        pictures[repository.pk] = Picture(repository, latest, looked, verdicts)
    return pictures


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
