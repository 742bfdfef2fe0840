"""What we look for in a repository: plain functions from a snapshot to a result, with evidence.

A check is a module of this package that holds it in CHECKS; nothing else has to name it.
"""

import hashlib
from collections.abc import Iterator
from importlib import import_module
from pkgutil import iter_modules

from portfolio.checks import ci as _ci
from portfolio.checks import readme as _readme
from portfolio.checks import tests as _tests
from portfolio.checks.check import Check, Group
from portfolio.checks.results import Confidence, Evidence, Outcome, Result
from portfolio.checks.tests import candidates as _candidates
from portfolio.github.snapshot import Read, Snapshot

__all__ = [
    "CHECKS",
    "PRIVATE",
    "REQUIRED",
    "RULESET",
    "Check",
    "Confidence",
    "Evidence",
    "Group",
    "Outcome",
    "Result",
    "find",
    "inspect",
    "run",
    "title",
    "wanted",
    "word",
]


def _discover() -> Iterator[Check]:
    for module in iter_modules(__path__):
        yield from getattr(import_module(f"{__name__}.{module.name}"), "CHECKS", ())


_ORDER = list(Group)

CHECKS: tuple[Check, ...] = tuple(
    sorted(_discover(), key=lambda check: (_ORDER.index(check.group), check.position, check.name))
)
_BY_NAME = {check.name: check for check in CHECKS}

#: A project shows a skill only when these pass.
REQUIRED = tuple(check.name for check in CHECKS if check.is_required)

#: Told to the owner of the repository only.
PRIVATE = tuple(check.name for check in CHECKS if check.is_private)

#: Of what the checks share: files, prose, completeness. Counted up when it judges differently.
EDITION = "2026.11.4"


def _digest() -> str:
    versions = ",".join(f"{check.name}:{check.version}" for check in CHECKS)
    return hashlib.sha256(versions.encode()).hexdigest()[:6]


#: The version of these rules. A verdict keeps it, so that a new rule is not taken for a new commit.
RULESET = f"{EDITION}-{_digest()}"

#: Files read in one round beside the README, the CI files among them, and how many rounds there are. With
#: the README and `MAX_FURTHER` they are what one question to GitHub holds.
MAX_FILES = 19
MAX_CI_FILES = 10
MAX_SETTINGS = 3
MAX_ROUNDS = 3
#: Files that the other checks may have read in all, which must not cost a request of their own.
MAX_FURTHER = 10


def find(check_name: str) -> Check | None:
    """The check of that name; None for one of another ruleset."""
    return _BY_NAME.get(check_name)


def title(check_name: str) -> str:
    """A check's name as a page says it; the name itself for a check of another ruleset."""
    check = find(check_name)
    return check.title if check else check_name


def word(check_name: str, outcome: str) -> str:
    """The outcome, or "advice" for a failed check on which nothing hangs.

    A check of another ruleset counts among the practices.
    """
    check = find(check_name)
    is_advice = check is None or check.group in (Group.PRACTICE, Group.LIFECYCLE)
    return "advice" if is_advice and outcome == Outcome.FAILED else outcome


def wanted(snapshot: Snapshot) -> list[str]:
    """Paths still to be read before the checks can judge, best first; [] when there are none.

    At most `MAX_FILES` beside the README, and `MAX_FURTHER` for the checks that are neither about
    the README nor about tests. Asked again once they are read, it may name more: where a linked
    README leads, and further test candidates as long as no test was found.
    """
    if snapshot.is_empty:
        return []
    known = {*snapshot.files, *snapshot.unread}
    workflows = [entry.path for entry in _ci.configurations(snapshot)]
    unread = [path for path in workflows if path not in known]
    others = [] if _ci.tests_run(snapshot) else unread[:MAX_CI_FILES]
    if _is_first_round(known):  # they alone are not worth another
        others += _candidates.settings(snapshot)[:MAX_SETTINGS]
    room = MAX_FILES - len(others)
    main = [*_readme.wanted(snapshot), *others, *_tests.wanted(snapshot, room)]
    return list(dict.fromkeys([*main, *_further(snapshot, known)]))


def _further(snapshot: Snapshot, known: set[str]) -> list[str]:
    """What the other checks want, the first of each before the second of any, in one round alone."""
    asked = [list(check.wanted(snapshot)) for check in CHECKS]
    ranked = [(rank, path) for paths in asked for rank, path in enumerate(paths)]
    in_turn = dict.fromkeys(path for _, path in sorted(ranked, key=lambda pair: pair[0]))
    paths = [path for path in in_turn if path not in known]
    return paths[:MAX_FURTHER] if _is_first_round(known) else []


def _is_first_round(known: set[str]) -> bool:
    """Whether nothing was read yet but the README that comes with a repository's description."""
    return known <= {"README.md"}


def run(snapshot: Snapshot) -> list[Result]:
    """What every check says of the snapshot as far as it was read, in the order of `CHECKS`."""
    return [check.judge(snapshot) for check in CHECKS]


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
