"""Java and Kotlin tests: JUnit, TestNG and Kotest, in the classes that Surefire and Gradle collect."""

import re

from portfolio.checks.tests.language import Language, Signs, by_lines, pattern

SIGNS = Signs(
    case=re.compile(
        r"@(?:\w+\.){0,4}(?:Test|ParameterizedTest|RepeatedTest|TestFactory|Property)\b(?!Instance|Container)"
        r"|\bpublic\s+void\s+test\w*\s*\(|^\s*(?:test|should|it|describe|context|given|\"[^\"]{1,120}\")\s*(?:\(\s*\"[^\"]{1,120}\"\s*\))?\s*\{"
    ),
    assertion=re.compile(
        r"\b(?:Assert(?:ions)?\.)?(?:assert\w*|fail|expectThrows)\s*\(|\bverify\s*[({]|\bshould\w*\b|\bandExpect\s*\(|"
        r"\bexpected\s*=\s*\w+|\bexpect\w*\s*[({]|\bassert\s"
    ),
    comment=re.compile(r"^\s*(?://|\*|import\b|package\b)"),
    what="JUnit test",
)

JVM = Language(
    name="Java or Kotlin",
    endings=frozenset({"java", "kt", "groovy"}),
    strong=pattern(
        r"(?:^|/)src/(?:test|\w{1,30}Test)/(?:[^/]+/){0,20}(?:Test[^/]*|[^/]*(?:Tests?|TestCase|Spec|IT))\.(?:java|kt|groovy)$"
    ),
    weak=pattern(
        r"(?:^|/)(?:[^/]+(?:Tests?|TestCase|Spec)|Test[^/]*)\.(?:java|kt|groovy)$|(?:^|/)(?:tests?|androidTest)/(?:[^/]+/){0,20}[^/]+\.(?:java|kt|groovy)$"
    ),
    examine=by_lines(SIGNS),
    assertion="assertEquals(4, add(2, 2))",
)
