"""What the candidates that were read say together: tests, only stubs, look-alikes, or not known."""

from collections.abc import Mapping, Sequence
from posixpath import basename, dirname

from portfolio.checks import ci, completeness, files
from portfolio.checks.results import Confidence, Evidence, Outcome, Result
from portfolio.checks.tests import advice
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
        return _course_provided(snapshot, course, {c.path: "GitHub Classroom" for c in course})
    if code:
        return _verified(snapshot, code, examined)
    if supplied:
        return _course_provided(
            snapshot, supplied, {c.path: examined[c.path].supplied_by for c in supplied}
        )
    unsure = _unsure(snapshot, found, examined)
    if unsure:
        return Result(
            "tests",
            Outcome.UNKNOWN,
            "unverified",
            f"{files.siblings(item.path for item in unsure)} may hold tests, but could not be judged: "
            f"{unsure[0].what}.",
            Confidence.LOW,
            fix=_make_readable(unsure[0]),
            lookalikes=tuple(unsure[:6]),
        )
    if not verified and (unseen := completeness.unseen(snapshot)):
        return Result(
            "tests",
            Outcome.UNKNOWN,
            "partial",
            f"No tests seen. {completeness.TOO_LONG}, so there may be some"
            f"{completeness.where_unseen(unseen)} that we could not see.",
            Confidence.LOW,
            fix="Keep your tests in a folder called tests at the top of the repository: we read that "
            "one in any case.",
            lookalikes=tuple(_lookalikes(snapshot, found, examined)),
        )
    if verified:
        return Result(
            "tests",
            Outcome.UNKNOWN,
            "notebook_checks",
            f"{basename(verified[0].path)} checks results inside a notebook, where nothing runs them by "
            "itself.",
            Confidence.LOW,
            fix="Move these checks into a file such as tests/test_model.py, and run it with “pytest”.",
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
        checks = "1 check" if cases == 1 else f"{cases} checks"
        summary = (
            f"{checks} {where}, which say by an exit code whether they passed, without assert."
        )
        fix = (
            f"In {ordered[0].path}, write them as functions with assert and run them with “pytest”, so "
            "that a failure says what went wrong."
        )
    elif not is_own and not run_by:
        summary = f"{tests} {where}; none of them uses the project's own code."
        fix = advice.first_test(snapshot)
    elif not run_by:
        command = ordered[0].language.command
        fix = "Let .github/workflows/tests.yml run the tests on every push"
        fix += f": “run: {command}”." if command else "."
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


def _course_provided(
    snapshot: Snapshot, found: Sequence[Candidate], sources: Mapping[str, str]
) -> Result:
    source = next(iter(sources.values()))
    return Result(
        "tests",
        Outcome.UNKNOWN,
        "course_provided",
        f"The tests here seem to come from {source}. A mentor can say whether some are your own.",
        Confidence.MEDIUM,
        fix=f"Write a test of your own as well. {advice.first_test(snapshot)}",
        lookalikes=tuple(
            Evidence(candidate.path, what=f"supplied by {sources[candidate.path]}")
            for candidate in found[:6]
        ),
    )


_UNREAD_REASON = {
    Unread.TOO_LARGE: "it is larger than 200 kB",
    Unread.BINARY: "it is not text",
    Unread.BUDGET: "we had read as much as we read of one repository",
    Unread.FAILED: "GitHub did not send it this time",
}
_NOT_YET = "we had read as many files as we read of one repository"


def _make_readable(unsure: Evidence) -> str:
    """What the learner can do so that this file is judged."""
    path = unsure.path
    if unsure.what == _UNREAD_REASON[Unread.TOO_LARGE]:
        return f"Split {path} into files below 200 kB, and keep data out of them."
    if unsure.what == _UNREAD_REASON[Unread.BINARY]:
        return f"Save {path} as plain text in UTF-8."
    if unsure.what == _UNREAD_REASON[Unread.FAILED]:
        return "Start the check again later."
    if unsure.what in (_NOT_YET, _UNREAD_REASON[Unread.BUDGET]):
        return (
            "Put one test with an assertion into tests/test_first.py: files there are read early."
        )
    return f"Run “python -m py_compile {path}”: it says at which line Python stumbles."


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
            what = _UNREAD_REASON[reason] if reason else _NOT_YET
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
            f"{basename(first.path)} has a test that cannot fail yet: no assertion in it depends on your code.",
            fix=f"In {first.path}, compare what your code returns with what it should return, for "
            f"example “{first.language.assertion or 'assert add(2, 2) == 4'}”.",
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
            f"No test yet: {files.siblings(c.path for c in which)} "
            f"{'is' if len(which) == 1 else 'are'} {_said_of(what, len(which))}.",
            fix=f"Write a test for your most important function into {which[0].path}.",
            lookalikes=(
                *(Evidence(c.path, what=what) for c in which[:3]),
                *(item for item in lookalikes if item.path not in {c.path for c in which}),
            ),
        )
    fix = advice.first_test(snapshot)
    if lookalikes:
        named = files.siblings(item.path for item in lookalikes)
        return Result(
            "tests",
            Outcome.FAILED,
            "none_lookalike",
            f"No tests found. What has “test” in its name is something else: {named}.",
            fix=fix,
            lookalikes=lookalikes,
        )
    return Result(
        "tests",
        Outcome.FAILED,
        "none",
        "No tests found: no test folder, and no file that a test runner would pick up.",
        fix=fix,
    )


def _said_of(what: str, count: int) -> str:
    return what if count == 1 else {"an empty file": "empty files"}.get(what, what)


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
    environments = files.environments(snapshot)
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
            what = "a notebook, which no test runner picks up"
        elif not what and files.is_data(path):
            what = "a data file, not test code"
        elif not what:
            what = "not a file that a test runner picks up"
        others.setdefault(f"{what}:{dirname(path)}", Evidence(path, what=what))
    return [*items[:5], *others.values()][:6]
