"""R tests: testthat, tinytest and RUnit."""

import re

from portfolio.checks.tests.language import Language, Signs, by_lines, pattern

SIGNS = Signs(
    case=re.compile(
        r"\b(?:testthat::)?(?:test_that|it|describe)\s*\(|\b(?:tinytest::|testthat::)?expect_\w+\s*\(|\bcheck(?:Equals|True|Exception|Identical)\w*\s*\("
        r"|\bstopifnot\s*\("
    ),
    assertion=re.compile(
        r"\bexpect_\w+\s*\(|\bcheck(?:Equals|True|Exception|Identical)\w*\s*\(|\bstopifnot\s*\(|\bsnapshot_\w+\("
    ),
    comment=re.compile(r"^\s*#"),
    what="testthat test",
    block_comments=(),
)

R = Language(
    name="R",
    endings=frozenset({"r"}),
    strong=pattern(
        r"(?:^|/)tests/testthat/(?:[^/]+/){0,4}test[^/]*\.r$|(?:^|/)inst/tinytest/[^/]+\.r$|(?:^|/)test[-_][^/]*\.r$"
    ),
    weak=pattern(r"(?:^|/)tests?/(?:[^/]+/){0,6}[^/]+\.r$"),
    never=pattern(r"(?:^|/)(?:helper|setup|teardown)[^/]*\.r$|(?:^|/)tests/testthat\.r$"),
    examine=by_lines(SIGNS),
    command="Rscript -e 'testthat::test_dir(\"tests\")'",
    assertion="expect_equal(add(2, 2), 4)",
)
