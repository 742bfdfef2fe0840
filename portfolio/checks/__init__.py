"""What we look for in a repository: plain functions from a snapshot to a result, with evidence."""

from collections.abc import Callable

from portfolio.checks import ci as _ci
from portfolio.checks import readme as _readme
from portfolio.checks import tests as _tests
from portfolio.checks.ci import check_ci, check_ci_runs_tests
from portfolio.checks.container import check_container
from portfolio.checks.content import check_content
from portfolio.checks.environment import check_environment
from portfolio.checks.licence import check_licence
from portfolio.checks.readme import check_readme
from portfolio.checks.results import Confidence, Evidence, Outcome, Result
from portfolio.checks.tests import candidates as _candidates
from portfolio.checks.tests import check_tests
from portfolio.github.snapshot import Read, Snapshot

__all__ = [
    "CHECKS",
    "REQUIRED",
    "RULESET",
    "Confidence",
    "Evidence",
    "Outcome",
    "Result",
    "inspect",
    "run",
    "title",
    "wanted",
]

#: The version of these rules. A verdict keeps it, so that a new rule is not taken for a new commit.
RULESET = "2026.11.2"

Check = Callable[[Snapshot], Result]

CHECKS: tuple[Check, ...] = (
    check_readme,
    check_content,
    check_tests,
    check_ci,
    check_ci_runs_tests,
    check_licence,
    check_environment,
    check_container,
)

#: A project shows a skill only when these pass.
REQUIRED = ("readme", "readme-content", "tests")

_TITLES = {
    "readme": "README",
    "readme-content": "What the README says",
    "tests": "Tests",
    "ci": "Continuous integration",
    "ci-runs-tests": "CI runs the tests",
    "licence": "Licence",
    "environment": "Dependencies",
    "container": "Container",
}

#: Files read in one round beside the README, the CI files among them, and how many rounds there are.
MAX_FILES = 16
MAX_CI_FILES = 5
MAX_SETTINGS = 3
MAX_ROUNDS = 3


def title(check_name: str) -> str:
    """A check's name as a page says it; the name itself for a check of another ruleset."""
    return _TITLES.get(check_name, check_name)


def wanted(snapshot: Snapshot) -> list[str]:
    """Paths still to be read before the checks can judge, best first; [] when there are none.

    At most `MAX_FILES` beside the README. Asked again once they are read, it may name more: where a
    linked README leads, and further test candidates as long as no test was found.
    """
    if snapshot.is_empty:
        return []
    paths = _readme.wanted(snapshot)
    known = {*snapshot.files, *snapshot.unread}
    workflows = [entry.path for entry in _ci.configurations(snapshot)]
    unread = [path for path in workflows if path not in known]
    others = [] if _ci.tests_run(snapshot) else unread[:MAX_CI_FILES]
    others += _candidates.settings(snapshot)[:MAX_SETTINGS]
    room = MAX_FILES - len(others)
    return list(dict.fromkeys([*paths, *others, *_tests.wanted(snapshot, room)]))


def run(snapshot: Snapshot) -> list[Result]:
    """What every check says of the snapshot as far as it was read, in the order of `CHECKS`."""
    return [check(snapshot) for check in CHECKS]


def inspect(snapshot: Snapshot, read: Read) -> tuple[Snapshot, list[Result]]:
    """Read what the checks want, in at most `MAX_ROUNDS` rounds, and run them.

    Raises what `read` raises when GitHub is away: then nothing is said about the repository.
    """
    for _ in range(MAX_ROUNDS):
        paths = wanted(snapshot)
        if not paths:
            break
        snapshot = snapshot.with_files(read(snapshot, paths))
    return snapshot, run(snapshot)
