"""What changed between two runs of the same repository. Computed from their findings, never stored."""

from dataclasses import dataclass

from portfolio import checks
from portfolio.models import CheckRun, Finding


@dataclass(frozen=True, slots=True)
class Change:
    """One check whose outcome is another than before; None where the check was not made then or now."""

    check_name: str
    before: str | None
    after: str | None

    @property
    def title(self) -> str:
        return checks.title(self.check_name)


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


def between(before: list[Finding], after: list[Finding]) -> list[Change]:
    """The checks whose outcome differs, in the order of the later run, then those that are gone."""
    was = {finding.check_name: finding.outcome for finding in before}
    now = {finding.check_name: finding.outcome for finding in after}
    return [
        Change(name, was.get(name), now.get(name))
        for name in [*now, *(name for name in was if name not in now)]
        if was.get(name) != now.get(name)
    ]
