"""Whether the repository tests its own code: candidates by path, then judged by what they hold.

A name proves nothing (most files called test in machine learning repositories are data or
evaluation scripts), so a yes needs a test case with an assertion that was read. Of the candidates
those are read first that the language's own runner would collect.
"""

import re
from collections.abc import Sequence
from functools import lru_cache
from posixpath import basename

from portfolio.checks import ci, files
from portfolio.checks.check import Check, Group
from portfolio.checks.results import Outcome, Result
from portfolio.checks.tests import candidates, verdict
from portfolio.checks.tests.candidates import Candidate
from portfolio.checks.tests.language import MAX_TEXT, Examination, Language, Project, Rank
from portfolio.github.snapshot import Snapshot

#: Source files without a test's name that are read, all in one round, when nothing else tells.
MAX_ORDINARY = 12

_DOCTEST_RUNNER = re.compile(
    r"doctest-modules|doctest-glob|with-doctest|-m doctest|doctest_plus|xdoctest", re.IGNORECASE
)


def check_tests(snapshot: Snapshot) -> Result:
    """At least one test case with an assertion on the repository's own code."""
    if snapshot.is_empty:
        return Result(
            "tests",
            Outcome.FAILED,
            "empty_repository",
            "The repository is empty: nothing has been pushed to it yet.",
            fix="Push your code, and a test for its most important function.",
        )
    found = candidates.find(snapshot)
    return verdict.judge(snapshot, found, examine(snapshot, found))


def examine(snapshot: Snapshot, found: Sequence[Candidate]) -> dict[str, Examination]:
    """What reading each candidate showed; those without text are left out."""
    project = _project(snapshot)
    examined = {}
    for candidate in found:
        text = snapshot.files.get(candidate.path)
        if text is not None:
            examined[candidate.path] = _examine(candidate.language, candidate.path, text, project)
    return examined


@lru_cache(maxsize=64)  # the same files are asked about in every round of reading
def _examine(language: Language, path: str, text: str, project: Project) -> Examination:
    return language.examine(path, text, project)


def wanted(snapshot: Snapshot, limit: int) -> list[str]:
    """Candidates still to be read, best first, at most `limit`; none once a test was found."""
    found = candidates.find(snapshot)
    examined = examine(snapshot, found)
    if any(result.cases and not files.is_notebook(path) for path, result in examined.items()):
        return []
    unread = [candidate for candidate in found if candidates.is_readable(snapshot, candidate)]
    named = [candidate for candidate in unread if candidate.rank != Rank.ORDINARY]
    tried = sum(c.rank == Rank.ORDINARY and candidates.is_known(snapshot, c.path) for c in found)
    room = max(0, MAX_ORDINARY - tried)
    if tried and not named:
        return []  # the likeliest ordinary files held no test: more of them are not worth a request
    ordinary = [candidate for candidate in unread if candidate.rank == Rank.ORDINARY]
    likely = sorted(ordinary, key=candidates.likelihood)[:room]
    return [candidate.path for candidate in [*named, *likely]][:limit]


def _modules(snapshot: Snapshot) -> frozenset[str]:
    """Names by which Python code may import what stands in the repository."""
    modules = set()
    for entry in snapshot.entries:
        if entry.path.endswith(".py") and not files.why_not_own(entry.path):
            modules.add(files.place(entry.path).stem)
            modules.update(entry.path.split("/")[:-1])
    return frozenset(modules - {"test", "tests", "setup", "conftest", "__init__"})


def _project(snapshot: Snapshot) -> Project:
    texts = [
        text
        for path, text in snapshot.files.items()
        if candidates.CONFIGURATION.match(basename(path)) or ci.CONFIGURATION.match(path)
    ]
    return Project(
        modules=snapshot.derived(_modules),
        runs_doctests=any(_DOCTEST_RUNNER.search(text[:MAX_TEXT]) for text in texts),
        runs_tests=bool(ci.tests_run(snapshot)),
    )


CHECKS = (
    Check(
        "tests",
        "Tests",
        Group.REQUIRED,
        30,
        check_tests,
        "Tests show that you know what your code should do, and let others change it.",
    ),
)
