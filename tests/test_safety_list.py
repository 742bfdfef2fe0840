"""docs/safety.md is true: each test and bench it names exists, no row is without one, none is missing."""

import ast
import re
from pathlib import Path

from django.conf import settings

ROOT = Path(settings.BASE_DIR)
LIST = (ROOT / "docs" / "safety.md").read_text(encoding="utf-8")
NAMED = re.findall(r"`((?:\w+/)?test_\w+\.py)::(\w+)`", LIST)
TABLES = [line.strip("| ").split(" | ") for line in LIST.splitlines() if line.startswith("| ")]
ROWS = {cells[0]: cells for cells in TABLES if cells[0] not in ("---", "row", "what")}

#: How many rows each group has.
GROUPS = {"A": 9, "B": 13, "C": 12, "D": 5, "I": 22} | {
    "A-": 11, "H-": 13, "S-": 9, "F-": 17, "L-": 8, "P-": 9,
}  # fmt: skip


def functions(path: Path) -> set[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}


def test_every_test_it_names_exists():
    files = {file for file, _ in NAMED}
    there = {(file, name) for file in files for name in functions(ROOT / "tests" / file)}

    assert len(NAMED) > 100
    assert set(NAMED) - there == set()


def test_every_bench_and_page_it_names_exists():
    named = re.findall(r"`((?:bench|docs|tests|\.ci)/[\w./-]+)`", LIST)

    assert [path for path in named if not (ROOT / path).exists()] == []


def test_no_row_is_missing_and_none_is_there_twice():
    names = [cells[0] for cells in TABLES]
    for group, count in GROUPS.items():
        width = 2 if group.endswith("-") else 0
        for number in range(1, count + 1):
            assert names.count(f"{group}{number:0{width}}") == 1


def test_every_row_has_a_test_or_says_why_there_is_none():
    for name, (*_, tests, result) in ROWS.items():
        is_shown = "::" in tests or "bench/" in tests
        assert is_shown or (tests == "–" and len(result.split()) > 1) or "**open" in result, name


def test_what_is_as_another_row_names_one_that_is_there():
    for name, cells in ROWS.items():
        if named := re.match(r"as ([A-Z]-?\d+)$", cells[-1]):
            assert named[1] in ROWS, name
