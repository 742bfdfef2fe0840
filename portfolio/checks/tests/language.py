"""What a language says of its tests: where they stand, and how to know one when it is read."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from enum import IntEnum

from portfolio.checks.results import quoted

#: What is read of one file. Test files of learners are a few kilobytes; data called tests is not.
MAX_TEXT = 200_000
MAX_LINE = 500
#: How many places of one file become evidence.
MAX_CASES = 40


class Rank(IntEnum):
    """How much a path alone says. Lower is read first."""

    STRONG = 0  # the name that the language's runner collects
    WEAK = 1  # a name or folder that people give to tests
    ORDINARY = 2  # a source file; some languages keep tests inside those


@dataclass(frozen=True, slots=True)
class Case:
    """One test as it stands in a file."""

    line: int
    what: str  # "pytest function with an assertion"
    quote: str = ""


@dataclass(frozen=True, slots=True)
class Examination:
    """What reading one file showed."""

    cases: tuple[Case, ...] = ()  # tests that assert something
    stubs: tuple[Case, ...] = ()  # tests that assert nothing, or never run
    why_none: str = "no test case in it"  # why it is no test, when there are neither
    is_own: bool = False  # whether it uses the project's own code
    is_boilerplate: bool = False  # generated and never filled
    supplied_by: str = ""  # the course or grader it comes from
    is_self_reported: bool = False  # its tests return whether they passed, and assert nothing
    is_unreadable: bool = False  # it could not be judged at all


@dataclass(frozen=True, slots=True)
class Project:
    """What an examination needs to know of the rest of the repository."""

    modules: frozenset[str] = frozenset()  # names that Python code may import from it
    runs_doctests: bool = False  # a runner is told to collect doctests
    runs_tests: bool = False  # CI runs tests


Examine = Callable[[str, str, Project], Examination]


@dataclass(frozen=True, slots=True)
class Language:
    """How one language keeps its tests."""

    name: str
    endings: frozenset[str]
    strong: re.Pattern[str]  # searched in the path; the runner's own default pattern
    examine: Examine
    weak: re.Pattern[str] | None = None
    ordinary: re.Pattern[str] | None = None  # source files that may hold tests
    never: re.Pattern[str] | None = None  # support files that a runner does not collect
    command: str = ""  # what runs the tests
    assertion: str = ""  # an example of one

    def rank(self, path: str) -> Rank | None:
        """How likely a file of this path holds tests; None when it does not."""
        if self.never and self.never.search(path):
            return None
        if self.strong.search(path):
            return Rank.STRONG
        if self.weak and self.weak.search(path):
            return Rank.WEAK
        if self.ordinary and self.ordinary.search(path):
            return Rank.ORDINARY
        return None


@dataclass(frozen=True, slots=True)
class Signs:
    """How a test and an assertion look in a language that is read line by line."""

    case: re.Pattern[str]  # starts a test
    assertion: re.Pattern[str]
    comment: re.Pattern[str]  # a line that says nothing
    what: str  # "Go test"
    asserts_alone: bool = False  # an assertion outside any test is a test too: assert in main()
    block_comments: tuple[tuple[str, str], ...] = field(default=(("/*", "*/"),))


def by_lines(signs: Signs) -> Examine:
    """An examination that pairs each test with the assertions that follow it."""

    def examine(path: str, text: str, project: Project) -> Examination:
        cases: list[Case] = []
        stubs: list[Case] = []
        current: Case | None = None
        loose: list[Case] = []  # assertions outside any test
        rows = code_rows(text, signs)
        literals = _literals(rows, signs)
        for number, row in rows:
            asserts = bool(signs.assertion.search(row)) and not is_constant(row, literals)
            if signs.case.search(row) and not (current and asserts):
                if current:
                    stubs.append(current)
                current = Case(number, signs.what, quoted(row))
            if asserts:
                if current:
                    cases.append(current)
                    current = None
                elif not cases:
                    loose.append(Case(number, "assertion", quoted(row)))
        if current:
            stubs.append(current)
        if signs.asserts_alone and not cases and not stubs:
            cases = loose
        why = "assertions, but no test case" if loose else "no test case in it"
        return Examination(
            tuple(cases[:MAX_CASES]), tuple(stubs[:MAX_CASES]), why, is_own=bool(cases)
        )

    return examine


def code_rows(text: str, signs: Signs) -> Sequence[tuple[int, str]]:
    """The rows of a file that are code, numbered from 1, cut to `MAX_LINE`."""
    rows = []
    closing = ""
    for number, row in enumerate(text[:MAX_TEXT].splitlines(), 1):
        row = row[:MAX_LINE]
        if closing:
            _, found, row = row.partition(closing)
            if not found:
                continue
            closing = ""
        for opening, end in signs.block_comments:
            before, found, after = row.partition(opening)
            if found and not signs.comment.match(before):
                _, ended, rest = after.partition(end)
                row = f"{before} {rest}" if ended else before
                closing = "" if ended else end
        if row.strip() and not signs.comment.match(row):
            rows.append((number, row))
    return rows


def is_constant(row: str, literals: frozenset[str] = frozenset()) -> bool:
    """Whether an assertion compares nothing but literals, as the one a generator leaves behind.

    `literals` are names that the file gives a literal and uses nowhere but in assertions. A row whose
    brackets go on in the next says too little to be called constant.
    """
    if any(row.count(opening) != row.count(closing) for opening, closing in ("()", "[]")):
        return False
    plain = _REMARK.split(_STRING.sub(" 0 ", row))[0]
    names = {name for name in _NAME.findall(plain) if not _SAYS_NOTHING.fullmatch(name)}
    has_value = bool(_VALUE.search(plain)) or bool(names & literals)
    return has_value and names <= literals


def _literals(rows: Sequence[tuple[int, str]], signs: Signs) -> frozenset[str]:
    """Names that are given a literal, and that no row uses but one with an assertion."""
    given = {match[1] for _, row in rows if (match := _ASSIGNED.match(row))}
    if not given:
        return frozenset()
    for _, row in rows:
        if not _ASSIGNED.match(row) and not signs.assertion.search(row):
            given -= set(_NAME.findall(row))
    return frozenset(given)


#: A string that is the same in every run; one with "$" or "{" may hold a value.
_STRING = re.compile(r"\"[^\"${]{0,200}\"|'[^'${]{0,200}'")
_REMARK = re.compile(r"\s(?:#|//)\s")
_NAME = re.compile(r"[^\W\d]\w*")
_VALUE = re.compile(r"\b(?:\d|true\b|false\b|null\b|nil\b|none\b)", re.IGNORECASE)
#: Words of an assertion itself, by any of these languages, and constants.
_SAYS_NOTHING = re.compile(
    r"(?:xct)?assert\w*|expect\w*|should\w*|must\w*|require\w*|check\w*|test\w*|stopifnot|to|not|be\w*|to[A-Z]\w*|"
    r"equals?\w*|eq|ne|is|same|that|this|it|true|false|null|nil|none|undefined",
    re.IGNORECASE,
)
_ASSIGNED = re.compile(
    r"^\s{0,80}(?:(?:let|const|var|val|auto|final|int|long|double|float|bool|boolean|string)\s{1,9}){0,3}(\w{1,60})\s{0,9}(?:<-|:?=)"
    r"\s{0,9}(?:-?\d[\d.eE_]{0,40}|\"[^\"${]{0,200}\"|'[^'${]{0,200}'|true|false)\s{0,9};?\s*$",
    re.IGNORECASE,
)


def pattern(expression: str) -> re.Pattern[str]:
    """A path or row pattern, upper and lower case alike."""
    return re.compile(expression, re.IGNORECASE)
