"""docs/races.md is whole and true: nothing that reads before it writes is missing, and what it names exists."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

from tests.test_safety_list import functions

ROOT = Path(settings.BASE_DIR)
LIST = (ROOT / "docs" / "races.md").read_text(encoding="utf-8")
NAMED = re.findall(r"`((?:\w+/)*test_\w+\.py)::(\w+)`", LIST)
PLACES = set(re.findall(r"`((?:accounts|curriculum|portfolio)(?:\.\w+)+)`", LIST))
#: Calls by which rows are locked, or made unless they are there.
TELLING = {"select_for_update", "get_or_create", "update_or_create"}
#: They write what the operator gives, one at a time: tests/curriculum/test_at_once.py races two loads.
APART = ("curriculum.loader.", "accounts.management.", "portfolio.management.")


def modules() -> Iterator[tuple[str, ast.Module]]:
    for app in ("accounts", "curriculum", "portfolio"):
        for path in sorted((ROOT / app).rglob("*.py")):
            name = ".".join(path.relative_to(ROOT).with_suffix("").parts)
            if ".migrations." not in name and not name.startswith(APART):
                yield name, ast.parse(path.read_text(encoding="utf-8"))


def is_telling(node: ast.AST) -> bool:
    """A lock, a row made unless it is there, or the word of a constraint."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        return node.func.attr in TELLING
    return isinstance(node, ast.ExceptHandler) and "IntegrityError" in ast.dump(node)


def test_nothing_that_reads_before_it_writes_is_missing():
    found = {
        f"{name}.{function.name}"
        for name, tree in modules()
        for function in tree.body
        if isinstance(function, ast.FunctionDef) and any(map(is_telling, ast.walk(function)))
    }

    assert len(found) > 80
    assert found - PLACES == set()


def test_every_function_it_names_exists():
    there = {
        f"{name}.{function.name}"
        for name, tree in modules()
        for function in tree.body
        if isinstance(function, ast.FunctionDef)
    }

    assert PLACES - there == set()


def test_every_test_it_names_exists():
    there = {(file, name) for file, _ in NAMED for name in functions(ROOT / "tests" / file)}

    assert set(NAMED) - there == set()


def test_every_row_has_a_test_or_says_why_not():
    rows = [line.strip("| ").split(" | ") for line in LIST.splitlines() if line.startswith("| ")]
    rows = [row for row in rows if row[0] not in ("what", "---")]

    assert len(rows) > 40
    assert [row[0] for row in rows if "::" not in row[-1] and not row[-1].startswith("– (")] == []
