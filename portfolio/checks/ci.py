"""Whether a CI service is set up for the repository, and whether it runs tests."""

import re
from collections.abc import Iterator
from posixpath import basename, dirname

from portfolio.checks import completeness, files
from portfolio.checks.check import Check, Group
from portfolio.checks.results import Confidence, Evidence, Outcome, Result, quoted
from portfolio.github.snapshot import Snapshot, TreeEntry

#: The files by which CI services are set up, each where its service looks for it.
CONFIGURATION = re.compile(
    r"^(?:\.github/workflows/[^/]+\.ya?ml|\.gitlab-ci\.ya?ml|\.circleci/config\.ya?ml|\.?azure-pipelines[^/]*\.ya?ml|"
    r"\.?azure-pipelines/.+\.ya?ml|jenkinsfile|\.travis\.ya?ml|\.?appveyor\.ya?ml|\.drone\.ya?ml|\.cirrus\.ya?ml|"
    r"bitbucket-pipelines\.ya?ml|\.woodpecker\.ya?ml|\.woodpecker/.+\.ya?ml|\.buildkite/.+\.ya?ml|\.semaphore/.+\.ya?ml|"
    r"wercker\.yml|codefresh\.yml|\.forgejo/workflows/[^/]+\.ya?ml|\.gitea/workflows/[^/]+\.ya?ml)$",
    re.IGNORECASE,
)

#: The folders, beside the root, in which those files stand.
FOLDERS = (
    ".github/workflows", ".circleci", ".azure-pipelines", "azure-pipelines", ".woodpecker",
    ".buildkite", ".semaphore", ".forgejo/workflows", ".gitea/workflows",
)  # fmt: skip

#: GitHub Classroom pushes these into a learner's repository: the course's CI, not the learner's.
CLASSROOM = re.compile(
    r"^\.github/(?:workflows/classroom[^/]*\.ya?ml|classroom/.+)$", re.IGNORECASE
)

#: Commands that run tests. A job called "test" proves nothing; a command does.
RUNNERS = re.compile(
    # by their own name
    r"(?<![\w.-])(?:py\.?test|unittest|nosetests?|tox|nox|trial|green|ward|behave|nbval|nbmake|ctest|bats|"
    r"phpunit|rspec|jest|vitest|mocha|busted|prove|luaunit|hspec|stestr|zope-testrunner)(?![\w=])"
    r"|-m\s+(?:pytest|unittest|nose|doctest)\b|doctest-modules|\bcoverage\s+run\b"
    # scripts whose name says so
    r"|manage\.py\s+test\b|setup\.py\s+test\b|runtests\.py\b|run_?tests?\.(?:sh|py)\b|\bunit_?tests?\.sh\b"
    r"|\btests?\.sh\b"
    # a compiled test program, run by its path
    r"|^\s*(?:-\s+)?(?:(?:run|script|cmd|ps)\s*:\s*)?['\"]?(?:\./)?[\w./-]{0,100}"
    r"(?:/[\w-]{0,60}_tests?(?:\.exe)?|_tests?\.exe)['\"]?\s*$"
    # a build tool told to test
    r"|\bmake\s+(?:-[CfI]\s*\S+\s+|-\S+\s+|\w+=\S+\s+){0,4}(?:\w+[-_])?(?:tests?|check)\b"
    r"|\b(?:just|inv|invoke|task|rake|doit|poe|hatch run|pdm run|poetry run|uv run|pixi run|bazel|bazelisk|"
    r"stack|cabal|dotnet|flutter|dart|swift|zig build|jpm|lein|composer|deno|bun|gleam|nimble|raco|crystal|"
    r"forge|dune|elm-test|elixir)\s+(?:run\s+)?(?:run)?tests?\b|\bxcodebuild\b.{0,200}?\btest\b"
    r"|\b(?:npm|pnpm|yarn)\s+(?:(?:run|workspaces?|-\S+)\s+){0,4}"
    r"(?:t|tests?|test[:\-]\w+|\w+:tests?|ci:test|coverage)(?![\w.])"
    r"|\bnpx\s+(?:playwright|cypress|jest|vitest|mocha|ava)\b|\b(?:playwright\s+test|cypress\s+run)\b"
    r"|\bmix\b.{0,100}?\btest\b|\bgo\s+test\b|\bcargo\s+(?:\+\S+\s+)?(?:\S+\s+)?(?:test|nextest|tarpaulin|llvm-cov)\b"
    r"|\b(?:mvnw?|mvnw\.cmd)\b.{0,100}?\b(?:test|verify|install|package)\b"
    r"|\bgradlew?\b.{0,100}?\b(?:test|check|build)\w*\b|\bsbt\b.{0,120}?\btest\w*\b|\bmill\b.{0,60}?\btest\b"
    r"|\bR\s+CMD\s+check\b|\brcmdcheck\b|\bdevtools::(?:test|check)\b|\btestthat\b|\btinytest\b"
    r"|\btest_(?:dir|local|package)\(|\bPkg\.test\b",
    re.IGNORECASE,
)
#: Ready-made steps that run tests.
ACTIONS = re.compile(
    r"uses:\s*['\"]?(?:julia-actions/julia-runtest|r-lib/actions/check-r-package|[\w.-]+/[\w.-]*(?:pytest|tox|unittest|cypress|run-tests)[\w.-]*|"
    r"cypress-io/github-action)",
    re.IGNORECASE,
)
CARGO_ACTION = re.compile(r"^\s*command:\s*['\"]?test\b", re.IGNORECASE)
#: Languages for which Travis runs the tests without being told a command.
TRAVIS_DEFAULT = re.compile(
    r"^language:\s*['\"]?(?:go|rust|julia|r|node_js|scala|java|kotlin|haskell|elixir|perl|clojure|php|ruby)\b",
    re.IGNORECASE | re.MULTILINE,
)

#: A job that is done by a workflow of another repository.
DELEGATES = re.compile(
    r"^\s{0,40}uses:\s{0,4}['\"]?[\w.-]{1,100}/[\w.-]{1,100}/\.github/workflows/", re.MULTILINE
)

_NOT_A_COMMAND = re.compile(
    r"^\s*(?:-\s+)?(?:name|description|id|if|needs|stage|displayName|title|label|key|path|paths|branches|on|group|image|cache)\s*:",
    re.IGNORECASE,
)
_INSTALLS = re.compile(
    r"\b(?:pip3?|pipx|conda|mamba|micromamba|apt|apt-get|brew|npm|yarn|pnpm|poetry|uv|pdm|pipenv|gem|cargo|choco|apk|dnf|yum)\b"
    r"(?:\s+-\S+)*\s+(?:install|add|i|ci|update|upgrade|sync|tool)\b|install\.packages|setup-r-dependencies|extra-packages|"
    r"^\s*(?:-\s+)?(?:(?:run|script)\s*:\s*)?(?:echo|printf|export|set|cp|mv|mkdir|cd)\b",
    re.IGNORECASE,
)
#: A row of a program that writes a file: what it writes does not run.
_WRITES = re.compile(r"\.write(?:_text|lines)?\(|^\s*return\b")
_COMMAND_END = re.compile(r"&&|\|\||;|\|")


def configurations(snapshot: Snapshot) -> list[TreeEntry]:
    """The CI files, those most likely to run tests first; GitHub Classroom's own left out."""
    return snapshot.derived(_configurations)


def _configurations(snapshot: Snapshot) -> list[TreeEntry]:
    found = [
        entry
        for entry in snapshot.entries
        if entry.type == "blob"
        and CONFIGURATION.match(entry.path)
        and not CLASSROOM.match(entry.path)
    ]
    return sorted(found, key=lambda entry: (_order(entry.path), entry.path))


def check_ci(snapshot: Snapshot) -> Result:
    """A CI service is set up."""
    found = configurations(snapshot)
    if found:
        return Result(
            "ci",
            Outcome.PASSED,
            "present",
            f"CI is set up in {files.siblings(entry.path for entry in found)}.",
            evidence=tuple(Evidence(entry.path, what="a CI configuration") for entry in found[:5]),
        )
    lookalikes = tuple(_lookalikes(snapshot))
    if not completeness.is_certain(snapshot, ("", *FOLDERS)):
        return Result(
            "ci",
            Outcome.UNKNOWN,
            "partial",
            f"No file seen that sets up CI. {completeness.TOO_LONG}, so there may be one that we could "
            "not see.",
            fix=completeness.FIX,
            lookalikes=lookalikes,
        )
    return Result(
        "ci",
        Outcome.FAILED,
        "none_lookalike" if lookalikes else "none",
        "Nothing checks the project by itself on every push: no file found that sets up CI (GitHub "
        "Actions, GitLab CI, CircleCI, Travis, Azure, Jenkins…).",
        fix="Add .github/workflows/tests.yml that installs the project and runs its tests on every "
        "push.",
        lookalikes=lookalikes,
    )


def check_ci_runs_tests(snapshot: Snapshot) -> Result:
    """A command of the CI configuration runs tests."""
    found = configurations(snapshot)
    if not found:
        is_certain = completeness.is_certain(snapshot, ("", *FOLDERS))
        return Result(
            "ci-runs-tests",
            Outcome.NOT_APPLICABLE if is_certain else Outcome.UNKNOWN,
            "no_ci" if is_certain else "partial",
            "There is no CI that could run tests." if is_certain else "No CI file was seen.",
        )
    if evidence := tests_run(snapshot):
        return Result(
            "ci-runs-tests",
            Outcome.PASSED,
            "runs_tests",
            f"{basename(evidence[0].path)} runs tests.",
            evidence=evidence,
        )
    unread = [entry.path for entry in found if entry.path not in snapshot.files]
    elsewhere = [
        entry.path for entry in found if DELEGATES.search(snapshot.files.get(entry.path, ""))
    ]
    if elsewhere and not unread:
        return Result(
            "ci-runs-tests",
            Outcome.UNKNOWN,
            "delegated",
            f"{elsewhere[0]} uses a workflow of another repository, which we do not read; it may run "
            "tests.",
            fix=f"Nothing has to change. If you like it to show here, add the step “run: pytest” to "
            f"{elsewhere[0]} itself.",
            lookalikes=tuple(
                Evidence(path, what="uses a workflow of another repository")
                for path in elsewhere[:5]
            ),
        )
    if unread:
        return Result(
            "ci-runs-tests",
            Outcome.UNKNOWN,
            "unverified",
            f"Whether CI runs tests is not known: {files.siblings(unread)} could not be read.",
            fix="Start the check again later.",
            lookalikes=tuple(Evidence(path, what="not read") for path in unread[:5]),
        )
    return Result(
        "ci-runs-tests",
        Outcome.FAILED,
        "no_test_command",
        f"CI is set up, but no command in {files.siblings(entry.path for entry in found)} runs tests.",
        Confidence.MEDIUM,
        fix=f"Add a step that runs the tests to {found[0].path}, for example “run: pytest”.",
        lookalikes=tuple(
            Evidence(entry.path, what="no command that runs tests") for entry in found[:5]
        ),
    )


def tests_run(snapshot: Snapshot) -> tuple[Evidence, ...]:
    """Where a CI file that was read runs tests: at most one line of each file."""
    found = []
    for entry in configurations(snapshot):
        text = snapshot.files.get(entry.path)
        if text and (place := _test_command(entry.path, text)):
            number, row = place
            found.append(Evidence(entry.path, number, what="runs tests", quote=quoted(row)))
    return tuple(found[:5])


def _test_command(path: str, text: str) -> tuple[int, str] | None:
    for number, row in commands(text):
        if RUNNERS.search(row) or ACTIONS.search(row):
            return number, row
    if "actions-rs/cargo" in text:
        for number, row in enumerate(text[:200_000].splitlines(), 1):
            if CARGO_ACTION.match(row[:300]):
                return number, row
    if basename(path).lower().startswith(".travis"):
        match = TRAVIS_DEFAULT.search(text)
        if match and not re.search(r"^script:", text, re.MULTILINE):
            return text.count("\n", 0, match.start()) + 1, match[0]
    return None


def commands(text: str) -> Iterator[tuple[int, str]]:
    """Lines that may run something, without comments, names and installations, numbered from 1."""
    for number, row in enumerate(text[:200_000].splitlines(), 1):
        row = row[:600]
        if row.lstrip(" \t-").startswith(("#", "//")) or _NOT_A_COMMAND.match(row):
            continue
        if _WRITES.search(row):
            continue
        for part in _COMMAND_END.split(row):
            if part.strip() and not _INSTALLS.search(part):
                yield number, part


def _order(path: str) -> int:
    """Files whose name speaks of tests first, then those of building, then the rest."""
    name = basename(path).lower()
    if re.search(r"test|^ci\b|[-_.]ci\b|check|travis|gitlab|circle|config|main|python|build", name):
        return 0
    return (
        2 if re.search(r"release|publish|docs|stale|label|deploy|tagbot|compathelper", name) else 1
    )


def _lookalikes(snapshot: Snapshot) -> Iterator[Evidence]:
    """What resembles a CI file and is none, at most five."""
    count = 0
    for entry in snapshot.entries:
        if count == 5:
            return
        path = entry.path.lower()
        if CLASSROOM.match(path):
            why = "supplied by GitHub Classroom"
        elif dirname(path).endswith(".github/workflow") or (
            "/.github/workflows/" in path and path.endswith((".yml", ".yaml"))
        ):
            why = "not where GitHub looks: .github/workflows/ at the root"
        elif path == "tox.ini" or path == "noxfile.py":
            why = "a test runner's own file; no service runs it"
        else:
            continue
        count += 1
        yield Evidence(entry.path, what=why)


CHECKS = (
    Check(
        "ci",
        "Continuous integration",
        Group.PRACTICE,
        10,
        check_ci,
        "A machine that repeats your checks on every push shows that they pass elsewhere too.",
    ),
    Check(
        "ci-runs-tests",
        "CI runs the tests",
        Group.PRACTICE,
        20,
        check_ci_runs_tests,
        "Tests that nobody runs stop passing.",
    ),
)
