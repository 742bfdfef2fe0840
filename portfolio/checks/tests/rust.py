"""Rust tests: functions marked `#[test]`, in `tests/` or inside the modules they test."""

import re

from portfolio.checks.tests.language import Language, Signs, by_lines, pattern

SIGNS = Signs(
    case=re.compile(
        r"#\[(?:(?:\w+::){0,3})?(?:test|rstest|test_case|case|quickcheck|wasm_bindgen_test|bench)\b[^\]]{0,120}\]|\b(?:proptest|quickcheck)!"
    ),
    assertion=re.compile(
        r"\b(?:\w+::){0,3}(?:debug_)?(?:prop_)?assert\w*!|#\[should_panic|\bpanic!|\.unwrap_err\(|\bassert_snapshot!|"
        r"\bassert_\w+\(|\bmatches!"
    ),
    comment=re.compile(r"^\s*//"),
    what="Rust test",
)

RUST = Language(
    name="Rust",
    endings=frozenset({"rs"}),
    strong=pattern(r"(?:^|/)tests/[^/]+\.rs$|(?:^|/)(?:tests?|[^/]+_tests?|test_[^/]+)\.rs$"),
    weak=pattern(r"(?:^|/)tests?/(?:[^/]+/){1,6}[^/]+\.rs$"),
    ordinary=pattern(r"(?:^|/)src/(?:[^/]+/){0,8}[^/]+\.rs$"),
    never=pattern(r"(?:^|/)build\.rs$"),
    examine=by_lines(SIGNS),
    command="cargo test",
    assertion="assert_eq!(add(2, 2), 4)",
)
