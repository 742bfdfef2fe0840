"""What a cut list of files leaves certain: what the folders that were read by themselves say."""

import pytest

from portfolio import checks
from portfolio.checks import Outcome, completeness
from portfolio.github.snapshot import Snapshot, TreeEntry
from tests.portfolio.trees import PROSE, inspect

ROOT = frozenset({""})
AT_THE_ROOT = ["readme", "readme-content", "ci", "licence"]
DEEPER = ["tests", "environment", "container"]


def told(files, whole=ROOT, **facts):
    return inspect(files, is_truncated=True, whole_folders=whole, **facts)


@pytest.mark.parametrize("name", AT_THE_ROOT)
def test_what_only_stands_at_the_root_is_certain_once_the_root_is_whole(name):
    assert told({"main.py": "x = 1\n"})[name].outcome == Outcome.FAILED
    assert told({"main.py": "x = 1\n"}, whole=frozenset())[name].outcome == Outcome.UNKNOWN


def test_a_docs_folder_that_was_not_read_may_hold_the_readme():
    entries = (TreeEntry("docs", "040000", "tree"), TreeEntry("docs/a.png"))
    snapshot = Snapshot("a/b", "c" * 40, entries, is_truncated=True, whole_folders=ROOT)
    assert not completeness.is_certain(snapshot, ["", "docs"])
    assert completeness.is_certain(snapshot, ["", ".github"])


@pytest.mark.parametrize("name", DEEPER)
def test_what_may_stand_deeper_stays_unknown_where_a_folder_was_not_seen(name):
    result = run_with_folder(name, "images")
    assert result.outcome == Outcome.UNKNOWN
    assert "images/" in result.summary
    assert result.fix


@pytest.mark.parametrize("name", DEEPER)
def test_folders_of_other_peoples_code_leave_no_doubt(name):
    assert run_with_folder(name, "node_modules").outcome == Outcome.FAILED


def run_with_folder(name, folder):
    entries = (TreeEntry("README.md", size=9), TreeEntry(folder, "040000", "tree"))
    snapshot = Snapshot("a/b", "c" * 40, entries, is_truncated=True, whole_folders=ROOT)
    return next(result for result in checks.run(snapshot) if result.check_name == name)


def test_what_was_found_is_found_however_much_is_missing():
    files = {
        "README.md": PROSE,
        "requirements.txt": "numpy\n",
        "LICENSE": "MIT",
        "Dockerfile": "FROM x",
    }
    results = told(files, whole=frozenset())
    assert all(results[n].outcome == Outcome.PASSED for n in ("readme", "environment", "container"))


def test_a_linked_folder_that_was_read_whole_has_certain_verdicts():
    files = {"wine/README.md": PROSE, "wine/a.py": "x = 1\n"}
    results = told(files, whole=frozenset({"", "wine"}), folder="wine")
    assert results["tests"].outcome == Outcome.FAILED
    assert results["environment"].outcome == Outcome.FAILED
