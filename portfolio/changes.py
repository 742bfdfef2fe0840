"""What changed between two runs of the same repository. Computed from their findings, never stored."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import OuterRef, Subquery
from django.utils import timezone

from accounts.models import User
from portfolio import checks
from portfolio.checks import Outcome
from portfolio.models import CheckRun, Dispute, Finding, Repository

#: How long a change is news.
LATELY = timedelta(days=14)
KNOWN = (Outcome.PASSED, Outcome.FAILED)


@dataclass(frozen=True, slots=True)
class Change:
    """One check whose outcome is another than before; None where the check was not made then or now."""

    check_name: str
    before: str | None
    after: str | None

    @property
    def title(self) -> str:
        return checks.title(self.check_name)

    @property
    def words(self) -> list[str | None]:
        """Before and after as a page shows them: what nothing hangs on is advice, not a failure."""
        return [
            checks.word(self.check_name, outcome) if outcome else None
            for outcome in (self.before, self.after)
        ]


@dataclass(frozen=True, slots=True)
class Comparison:
    """A run beside the last one before it that read the repository."""

    earlier: CheckRun
    changes: list[Change]
    is_same_commit: bool
    is_same_ruleset: bool


def since_the_run_before(check_run: CheckRun, *, is_owner: bool = False) -> Comparison | None:
    """What is different since the previous look; None for the first one, and for a run that did not look.

    What is told to the owner alone is compared only for the owner.
    """
    if not check_run.looked:
        return None
    earlier = (
        CheckRun.objects.conclusive()
        .filter(repository=check_run.repository_id, requested_at__lt=check_run.requested_at)
        .first()
    )
    if earlier is None:
        return None
    return Comparison(
        earlier=earlier,
        changes=between(
            list(earlier.findings.told_to(is_owner=is_owner)),
            list(check_run.findings.told_to(is_owner=is_owner)),
        ),
        is_same_commit=earlier.head_sha == check_run.head_sha,
        is_same_ruleset=earlier.ruleset == check_run.ruleset,
    )


@dataclass(frozen=True, slots=True)
class News:
    """What the checks say of a repository now and did not say two weeks ago."""

    run: CheckRun  # the newest that read it
    changes: list[Change]

    @property
    def worse(self) -> list[Change]:
        """Required checks that passed and no longer do."""
        return [
            change
            for change in self.changes
            if change.after == Outcome.FAILED and change.check_name in checks.REQUIRED
        ]


def lately(owner: User) -> list[News]:
    """The verdicts of a person's repositories that are others than two weeks ago, newest run first.

    What stood then is what the last run before said, or the first one since where there was none.
    Only passed and failed are compared: what is not known, does not apply or is a new rule is no
    change. A finding that a mentor overruled passed. In four queries at most.
    """
    since = timezone.now() - LATELY
    runs = CheckRun.objects.conclusive().filter(repository=OuterRef("pk"))
    looked = (
        Repository.objects.filter(project__owner=owner)
        .annotate(
            newest=Subquery(runs.filter(requested_at__gte=since).values("pk")[:1]),
            before=Subquery(runs.filter(requested_at__lt=since).values("pk")[:1]),
            first=Subquery(runs.order_by("requested_at", "pk").values("pk")[:1]),
        )
        .exclude(newest=None)
    )
    pairs = {
        newest: before or first
        for newest, before, first in looked.values_list("newest", "before", "first")
    }
    outcomes = _outcomes({*pairs, *pairs.values()})
    found = {
        newest: _differing(outcomes[before], outcomes[newest]) for newest, before in pairs.items()
    }
    changed = [newest for newest, changes in found.items() if changes]
    newest_runs = CheckRun.objects.filter(pk__in=changed).select_related("repository__project")
    return [News(run, found[run.pk]) for run in newest_runs]


def _differing(before: Mapping[str, str], after: Mapping[str, str]) -> list[Change]:
    """The checks that are in both and say something else."""
    return [
        Change(name, before[name], outcome)
        for name, outcome in after.items()
        if before.get(name, outcome) != outcome
    ]


def _outcomes(run_ids: set[int]) -> dict[int, dict[str, str]]:
    """By run and check: the outcomes that are known, as they were ruled, in the order of the checks."""
    ruled = set(
        Dispute.objects.filter(
            ruling=Dispute.Ruling.ACCEPTED, repository__check_runs__in=run_ids
        ).values_list("repository", "check_name", "tree_sha")
    )
    findings = (
        Finding.objects.filter(check_run__in=run_ids, outcome__in=KNOWN)
        .order_by("position")
        .values_list(
            "check_run", "check_run__repository", "check_run__tree_sha", "check_name", "outcome"
        )
    )
    outcomes: dict[int, dict[str, str]] = defaultdict(dict)
    for run, repository, tree, name, outcome in findings:
        is_overruled = (repository, name, tree) in ruled
        outcomes[run][name] = Outcome.PASSED if is_overruled else outcome
    return outcomes


def between(before: list[Finding], after: list[Finding]) -> list[Change]:
    """The checks whose outcome differs, in the order of the later run, then those that are gone."""
    was = {finding.check_name: finding.outcome for finding in before}
    now = {finding.check_name: finding.outcome for finding in after}
    return [
        Change(name, was.get(name), now.get(name))
        for name in [*now, *(name for name in was if name not in now)]
        if was.get(name) != now.get(name)
    ]
