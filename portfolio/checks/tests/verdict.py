"""What the candidates that were read say together: tests, only stubs, look-alikes, or not known."""

from collections.abc import Mapping, Sequence
from posixpath import basename, dirname

from portfolio.checks import ci, files
from portfolio.checks.results import Confidence, Evidence, Outcome, Result
from portfolio.checks.tests.candidates import CLASSROOM, Candidate
from portfolio.checks.tests.language import MAX_TEXT, Examination, Rank
from portfolio.github.snapshot import Snapshot, Unread


def judge(
    snapshot: Snapshot, found: Sequence[Candidate], examined: Mapping[str, Examination]
) -> Result:
    """The result for candidates, of which `examined` holds those that have text."""
    verified = [c for c in found if c.path in examined and examined[c.path].cases]
    code = [c for c in verified if not files.is_notebook(c.path)]
    supplied = [c for c in found if c.path in examined and examined[c.path].supplied_by]
    if code and (course := _classroom(snapshot, code)):
        return _course_provided(course, {c.path: "GitHub Classroom" for c in course})
    if code:
        return _verified(snapshot, code, examined)
    if supplied:
        return _course_provided(supplied, {c.path: examined[c.path].supplied_by for c in supplied})
    unsure = _unsure(snapshot, found, examined)
    if unsure:
        return Result(
            "tests",
            Outcome.UNKNOWN,
            "unverified",
            f"{files.siblings(item.path for item in unsure)} may hold tests, but could not be judged.",
            Confidence.LOW,
            fix="Make sure that your test files are valid code and below 200 kB; then check again.",
            lookalikes=tuple(unsure[:6]),
        )
    if snapshot.is_truncated:
        return Result(
            "tests",
            Outcome.UNKNOWN,
            "partial",
            "No tests in the part of the repository that GitHub gave; the rest is not known.",
            Confidence.LOW,
            fix="Take data and generated files out of the repository, so that it can be read whole.",
            lookalikes=tuple(_lookalikes(snapshot, found, examined)),
        )
    if verified:
        return Result(
            "tests",
            Outcome.UNKNOWN,
            "notebook_checks",
            f"{basename(verified[0].path)} checks results inside a notebook; nothing runs that by itself.",
            Confidence.LOW,
            fix="Move these checks into a file such as tests/test_model.py, and run it with pytest.",
            evidence=_evidence(verified, examined),
        )
    return _none(snapshot, found, examined)


def _verified(
    snapshot: Snapshot, code: Sequence[Candidate], examined: Mapping[str, Examination]
) -> Result:
    ordered = sorted(code, key=lambda c: (not examined[c.path].is_own, c.rank))
    cases = sum(len(examined[c.path].cases) for c in code)
    is_own = any(examined[c.path].is_own for c in code)
    run_by = ci.tests_run(snapshot)
    names = ", ".join(dict.fromkeys(c.language.name for c in ordered))
    tests = f"{cases} test{'s' if cases != 1 else ''} with assertions ({names})"
    where = f"in {basename(ordered[0].path)}" if len(code) == 1 else f"in {len(code)} files"
    summary = f"{tests} {where}."
    confidence = Confidence.HIGH if is_own or run_by else Confidence.MEDIUM
    fix = ""
    if all(examined[c.path].is_self_reported for c in code):
        confidence = Confidence.LOW
        summary = f"{cases} checks that report by an exit code and assert nothing {where}."
        fix = "Write them as pytest functions with assert, so that a failure says what went wrong."
    elif not is_own and not run_by:
        summary = f"{tests} {where}; none imports the project's own code."
        fix = "Add a test that imports your own code and checks what it returns."
    elif not run_by:
        fix = "Let CI run the tests on every push."
    return Result(
        "tests",
        Outcome.PASSED,
        "verified",
        summary,
        confidence,
        fix=fix,
        evidence=_evidence(ordered, examined),
        details={
            "cases": cases,
            "files": len(code),
            "stubs": sum(len(examined[c.path].stubs) for c in code),
            "languages": list(dict.fromkeys(c.language.name for c in ordered)),
            "run_by_ci": bool(run_by),
        },
    )


def _evidence(
    ordered: Sequence[Candidate], examined: Mapping[str, Examination]
) -> tuple[Evidence, ...]:
    """Up to two places in each of five files."""
    return tuple(
        Evidence(candidate.path, case.line, what=case.what, quote=case.quote)
        for candidate in ordered[:5]
        for case in examined[candidate.path].cases[:2]
    )


def _classroom(snapshot: Snapshot, code: Sequence[Candidate]) -> list[Candidate]:
    """The verified files when all of them may be the course's; none when one is the learner's."""
    marks = [entry.path for entry in snapshot.entries if CLASSROOM.match(entry.path)]
    if not marks:
        return []
    told = " ".join(snapshot.files.get(path, "") for path in marks)
    named = [candidate for candidate in code if basename(candidate.path) in told]
    return list(code) if not named or len(named) == len(code) else []


def _course_provided(found: Sequence[Candidate], sources: Mapping[str, str]) -> Result:
    source = next(iter(sources.values()))
    return Result(
        "tests",
        Outcome.UNKNOWN,
        "course_provided",
        f"The tests here seem to come from {source}; a mentor can say whether some are your own.",
        Confidence.MEDIUM,
        fix="Add a test that you wrote yourself, in a file of its own.",
        lookalikes=tuple(
            Evidence(candidate.path, what=f"supplied by {sources[candidate.path]}")
            for candidate in found[:6]
        ),
    )


_UNREAD_REASON = {
    Unread.TOO_LARGE: "larger than we read",
    Unread.BINARY: "not text",
    Unread.BUDGET: "not read: we had read enough",
    Unread.FAILED: "GitHub did not give it",
}


def _unsure(
    snapshot: Snapshot, found: Sequence[Candidate], examined: Mapping[str, Examination]
) -> list[Evidence]:
    """Files that a runner would collect and that we could not judge."""
    unsure = []
    for candidate in found:
        if candidate.rank != Rank.STRONG or candidate.is_django_stub or candidate.is_hollow:
            continue
        result = examined.get(candidate.path)
        if result is None:
            reason = snapshot.unread.get(candidate.path)
            is_too_large = (candidate.entry.size or 0) > MAX_TEXT
            reason = reason or (Unread.TOO_LARGE if is_too_large else None)
            what = _UNREAD_REASON[reason] if reason else "not read"
            unsure.append(Evidence(candidate.path, what=what))
        elif result.is_unreadable:
            unsure.append(Evidence(candidate.path, what=result.why_none))
    return unsure


def _none(
    snapshot: Snapshot, found: Sequence[Candidate], examined: Mapping[str, Examination]
) -> Result:
    stubs = [c for c in found if c.path in examined and examined[c.path].stubs]
    boilerplate = [
        c
        for c in found
        if c.is_django_stub or (c.path in examined and examined[c.path].is_boilerplate)
    ]
    hollow = [c for c in found if c.rank == Rank.STRONG and c.is_hollow]
    lookalikes = tuple(_lookalikes(snapshot, found, examined))
    if stubs:
        first = stubs[0]
        case = examined[first.path].stubs[0]
        return Result(
            "tests",
            Outcome.FAILED,
            "stub",
            f"{basename(first.path)} has a test, but nothing in it can fail: no assertion that runs.",
            fix="Let the test compare what your code returns with what it should return.",
            lookalikes=(
                Evidence(first.path, case.line, what=case.what, quote=case.quote),
                *(item for item in lookalikes if item.path != first.path),
            ),
        )
    if boilerplate or hollow:
        kind, which = ("boilerplate", boilerplate) if boilerplate else ("stub", hollow)
        what = "generated and never filled" if boilerplate else "an empty file"
        return Result(
            "tests",
            Outcome.FAILED,
            kind,
            f"{files.siblings(c.path for c in which)}: {what}.",
            fix="Write a test for your most important function into it.",
            lookalikes=(
                *(Evidence(c.path, what=what) for c in which[:3]),
                *(item for item in lookalikes if item.path not in {c.path for c in which}),
            ),
        )
    fix = "Add tests/test_….py with a function that calls your code and asserts what it returns."
    if lookalikes:
        named = files.siblings(item.path for item in lookalikes)
        return Result(
            "tests",
            Outcome.FAILED,
            "none_lookalike",
            f"No test case found. What has test in its name is something else: {named}.",
            fix=fix,
            lookalikes=lookalikes,
        )
    return Result(
        "tests",
        Outcome.FAILED,
        "none",
        "No test files found: no test folder, and no file that a test runner would collect.",
        fix=fix,
    )


def _lookalikes(
    snapshot: Snapshot, found: Sequence[Candidate], examined: Mapping[str, Examination]
) -> list[Evidence]:
    """What has to do with tests by its name and does not count, with the reason, at most six."""
    items = [
        Evidence(c.path, what=examined[c.path].why_none)
        for c in found
        if c.rank != Rank.ORDINARY and c.path in examined and not examined[c.path].cases
    ]
    known = {item.path for item in items}
    environments = files.environments(snapshot.entries)
    others: dict[str, Evidence] = {}
    for entry in snapshot.entries:
        path = entry.path
        if path in known or entry.type == "tree" or not files.TEST_WORD.search(path):
            continue
        what = files.why_no_test(path, environments)
        if not what and basename(path).lower() in (
            ".gitkeep",
            ".keep",
            ".gitignore",
            "__init__.py",
        ):
            what = "an empty folder's placeholder"
        elif not what and files.is_notebook(path):
            what = "a notebook, not collected by a test runner"
        elif not what and files.is_data(path):
            what = "a data file, not test code"
        elif not what:
            what = "not code that a test runner collects"
        others.setdefault(f"{what}:{dirname(path)}", Evidence(path, what=what))
    return [*items[:5], *others.values()][:6]
