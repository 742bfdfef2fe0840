"""The verdicts of one repository as the flat record that `check_repositories` prints."""

from collections.abc import Sequence
from dataclasses import asdict

from portfolio.checks.results import Outcome, Result
from portfolio.checks.sections import TOPICS
from portfolio.github.snapshot import Snapshot


def report(snapshot: Snapshot, results: Sequence[Result]) -> dict[str, object]:
    """The record's verdicts. One that could not be reached is None, never False.

    The caller adds `url`, `repository`, `status`, `commit` and `requests`.
    """
    by_name = {result.check_name: result for result in results}
    has_ci = _verdict(by_name.get("ci"))
    tests = by_name.get("tests")
    paths = dict.fromkeys(item.path for item in tests.evidence) if tests else {}
    readme = by_name.get("readme")
    path = readme.details.get("path") if readme else None
    return {
        "has_readme": True if path else _verdict(readme),
        "readme_path": path,
        "readme_substantial": _verdict(by_name.get("readme-content")),
        "readme_sections": _sections(by_name.get("readme-content")),
        "has_tests": _verdict(tests),
        "test_paths": list(paths)[:5] if tests and tests.outcome == Outcome.PASSED else [],
        "has_ci": has_ci,
        "ci_runs_tests": False if has_ci is False else _verdict(by_name.get("ci-runs-tests")),
        "has_licence": _verdict(by_name.get("licence")),
        "has_environment": _verdict(by_name.get("environment")),
        "has_dockerfile": _verdict(by_name.get("container")),
        "findings": [_finding(result) for result in results],
    }


def _verdict(result: Result | None) -> bool | None:
    if result is None:
        return None
    return {Outcome.PASSED: True, Outcome.FAILED: False}.get(result.outcome)


def _sections(result: Result | None) -> dict[str, bool | None]:
    """Each topic: addressed or not; None while the README's text is unknown."""
    lines = result.details.get("sections") if result else None
    if isinstance(lines, dict):
        return {topic.name: lines.get(topic.name) is not None for topic in TOPICS}
    answer = False if result and result.outcome == Outcome.FAILED else None
    return {topic.name: answer for topic in TOPICS}


def _finding(result: Result) -> dict[str, object]:
    return {
        "check": result.check_name,
        "outcome": result.outcome.value,
        "state": result.state,
        "confidence": result.confidence.value,
        "summary": result.summary,
        "fix": result.fix,
        "evidence": [asdict(item) for item in result.evidence],
        "lookalikes": [asdict(item) for item in result.lookalikes],
        "details": dict(result.details),
    }
