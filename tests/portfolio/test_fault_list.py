"""docs/github-faults.md is true: each test it names exists, and no error is without a row."""

import ast
import re
from pathlib import Path

import pytest
from django.conf import settings

from portfolio.github import errors
from portfolio.models import CheckRun

LIST = Path(settings.BASE_DIR, "docs", "github-faults.md").read_text(encoding="utf-8")
NAMED = re.findall(r"`((?:faults/)?test_\w+\.py)::(test_\w+)`", LIST)


def functions(path: Path) -> set[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}


@pytest.mark.parametrize("file", sorted({file for file, _ in NAMED}))
def test_every_test_it_names_exists(file):
    folder = Path(settings.BASE_DIR, "tests", "" if file.startswith("faults/") else "portfolio")
    named = {name for named_file, name in NAMED if named_file == file}
    assert named <= functions(folder / file)


def test_every_row_names_a_test():
    rows = [row for row in LIST.splitlines() if row.startswith("| ") and "---" not in row]
    faults = [row for row in rows if not row.startswith("| what ")]
    assert len(faults) > 30
    assert [row for row in faults if "::test_" not in row] == []


def test_every_error_and_every_reason_has_a_row():
    names = {
        name
        for name, value in vars(errors).items()
        if isinstance(value, type) and issubclass(value, errors.GitHubError)
    } - {"GitHubError"}
    assert {name for name in names if f"| `{name}` |" not in LIST} == set()
    reasons = set(CheckRun.Reason.values)
    assert {reason for reason in reasons if f"| `{reason}` |" not in LIST} == set()
