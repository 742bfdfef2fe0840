"""Shell tests: Bats files, shUnit2 and shellspec."""

import re

from portfolio.checks.tests.language import Language, Signs, by_lines, pattern

SIGNS = Signs(
    case=re.compile(
        r"^\s*@test\b|^\s*(?:function\s+)?test\w*\s*\(\)|^\s*(?:It|Example|Specify)\s+['\"]"
    ),
    assertion=re.compile(
        r"^\s*(?:run\s+)?\[{1,2}\s|\btest\s+[!-]|\b(?:assert|refute)\w*\b|^\s*(?:diff|cmp|grep|\(\()\b|\bThe\s+\w+\s+should\b|\bfail\b|"
        r"^\s*run\s+\S|\|\s*grep\b"
    ),
    comment=re.compile(r"^\s*#(?!!)"),
    what="shell test",
    block_comments=(),
)

SHELL = Language(
    name="shell",
    endings=frozenset({"bats", "sh", "bash"}),
    strong=pattern(r"\.bats$"),
    weak=pattern(
        r"(?:^|/)tests?/(?:[^/]+/){0,6}[^/]+\.(?:sh|bash)$|_(?:test|spec)\.sh$|(?:^|/)test_[^/]+\.sh$"
    ),
    examine=by_lines(SIGNS),
    command="bats tests",
    assertion='[ "$output" = "4" ]',
)
