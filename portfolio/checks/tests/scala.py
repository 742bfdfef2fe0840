"""Scala tests: ScalaTest, munit, specs2, ScalaCheck and utest."""

import re

from portfolio.checks.tests.language import Language, Signs, by_lines, pattern

SIGNS = Signs(
    case=re.compile(
        r"(?<![\w.])(?:test|it|they|property|ignore|scenario|Scenario|describe|feature)\s*\(\s*\"|\"[^\"]{1,160}\"\s+(?:(?:should|must|in|can|when)\b|-|>>|!)"
        r"|(?<![\w.])it\s+(?:should|must)\s+\"|@Test\b|(?<![\w.])test\s*\("
    ),
    assertion=re.compile(
        r"\bassert\w*\b|\bshould(?:Be|Equal|BE)?\b(?!\s+\")|\bmust(?:Be|Equal)?\b(?!\s+\")|\bintercept\b|\bforAll\b|==>|\bexpect\w*\(|\bassume\("
    ),
    comment=re.compile(r"^\s*(?://|\*|import\b|package\b)"),
    what="Scala test",
)

SCALA = Language(
    name="Scala",
    endings=frozenset({"scala", "sc"}),
    strong=pattern(
        r"(?:^|/)src/test/(?:[^/]+/){0,20}[^/]*(?:Test|Tests|Spec|Suite|Specs|Props?|Properties)\.scala$"
    ),
    weak=pattern(
        r"(?:^|/)tests?/(?:[^/]+/){0,20}[^/]+\.(?:scala|sc)$|(?:^|/)[^/]+(?:Test|Tests|Spec|Suite)\.(?:scala|sc)$"
    ),
    examine=by_lines(SIGNS),
    command="sbt test",
    assertion="assert(add(2, 2) == 4)",
)
