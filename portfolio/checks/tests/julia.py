"""Julia tests: `@test` in what `test/runtests.jl` runs."""

import re

from portfolio.checks.tests.language import Language, Signs, by_lines, pattern

SIGNS = Signs(
    case=re.compile(
        r"@(?:safe)?testset\b|@testitem\b|@test(?:_throws|_logs|_nowarn|_broken|_approx_eq|_warn|_deprecated)?\s*[\s(\w]"
    ),
    assertion=re.compile(
        r"@test(?:_throws|_logs|_nowarn|_approx_eq|_warn|_deprecated|_reference)?(?=[\s(])|\bdoctest\("
    ),
    comment=re.compile(r"^\s*#"),
    what="Julia test",
    block_comments=(("#=", "=#"),),
)

JULIA = Language(
    name="Julia",
    endings=frozenset({"jl"}),
    strong=pattern(r"(?:^|/)test/runtests\.jl$"),
    weak=pattern(
        r"(?:^|/)test/(?:[^/]+/){0,6}[^/]+\.jl$|(?:^|/)(?:test[_-]?[^/]*|[^/]*_tests?)\.jl$"
    ),
    examine=by_lines(SIGNS),
    command="julia --project -e 'using Pkg; Pkg.test()'",
    assertion="@test add(2, 2) == 4",
)
