"""Go tests: functions of `_test.go` files, which `go test` collects."""

import re

from portfolio.checks.tests.language import Language, Signs, by_lines, pattern

SIGNS = Signs(
    case=re.compile(r"^func\s+(?:\([^()]{0,80}\)\s*)?(?:Test|Fuzz|Example)\w*\s*\("),
    assertion=re.compile(
        r"\b\w{1,20}\.(?:Error|Errorf|Fatal|Fatalf|Fail|FailNow)\(|\b(?:assert|require|is|qt|c|Expect|gomega)\.\w+\(|"
        r"\bcmp\.Diff\(|\bExpect\(|//\s*(?:Unordered )?[Oo]utput:|\breflect\.DeepEqual\("
    ),
    comment=re.compile(r"^\s*//(?!\s*(?:Unordered )?[Oo]utput:)"),
    what="Go test",
)

GO = Language(
    name="Go",
    endings=frozenset({"go"}),
    strong=pattern(r"_test\.go$"),
    examine=by_lines(SIGNS),
    command="go test ./...",
    assertion="if got != want { t.Errorf(…) }",
)
