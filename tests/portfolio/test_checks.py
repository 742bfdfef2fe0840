"""The engine as a whole: what is read, in which order, what is reported, and that nothing raises."""

import json
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portfolio import checks
from portfolio.checks import Group, Outcome, prose, sections
from portfolio.checks.ci import check_ci_runs_tests
from portfolio.checks.report import report
from portfolio.checks.results import quoted
from portfolio.checks.tests.language import Project
from portfolio.checks.tests.languages import ALL
from portfolio.github import contents
from portfolio.github.snapshot import Snapshot, TreeEntry, Unread
from tests.portfolio.trees import PROSE, inspect, reader, tree

GOOD = {
    "README.md": PROSE,
    "LICENSE": "MIT",
    "requirements.txt": "numpy",
    "Dockerfile": "FROM python:3.11",
    "bikes/model.py": "def predict(x):\n    return x\n",
    "tests/test_model.py": "from bikes.model import predict\n\ndef test_a():\n    assert predict(1) == 1\n",
    ".github/workflows/tests.yml": "jobs:\n  t:\n    steps:\n      - run: pytest\n",
}

KEYS = {
    "has_readme", "readme_path", "readme_substantial", "readme_sections", "has_tests", "test_paths", "has_ci",
    "ci_runs_tests", "has_licence", "has_environment", "has_dockerfile", "findings",
}  # fmt: skip


def told(files, **facts):
    snapshot, results = checks.inspect(tree(files, **facts), reader(files))
    return report(snapshot, results)


def test_a_good_repository_passes_every_check_that_applies_to_it():
    outcomes = {name: result.outcome for name, result in inspect(GOOD).items()}
    groups = (Group.REQUIRED, Group.PRACTICE)
    practice = {check.name for check in checks.CHECKS if check.group in groups}
    passed = {name for name, outcome in outcomes.items() if outcome == Outcome.PASSED}
    assert practice - passed <= {"notebooks", "readme-links"}  # it has neither
    assert set(outcomes.values()) == {Outcome.PASSED, Outcome.NOT_APPLICABLE}


def test_the_required_checks_are_among_the_checks_and_all_have_titles():
    names = [result.check_name for result in checks.run(tree(GOOD))]
    assert len(names) == len(set(names)) == len(checks.CHECKS)
    assert set(checks.REQUIRED) < set(names)
    assert all(checks.title(name) != name for name in names)
    assert checks.title("of-another-ruleset") == "of-another-ruleset"


def test_the_readme_is_read_first_then_ci_then_settings_then_tests():
    files = {"tests/helpers.py": "x = 1\n", "pyproject.toml": "", **GOOD}
    wanted = checks.wanted(tree(files))
    assert wanted == [
        "README.md",
        ".github/workflows/tests.yml",
        "pyproject.toml",
        "tests/test_model.py",
        "tests/helpers.py",
        "bikes/model.py",
        "requirements.txt",
    ]


def test_one_round_reads_at_most_nineteen_files_beside_the_readme():
    files = {"README.md": PROSE}
    files |= {f"pkg{n}/tests/test_{m}.py": "pass\n" for n in range(9) for m in range(9)}
    asked = []
    checks.inspect(tree(files), reader(files, asked))
    assert len(asked) == checks.MAX_ROUNDS
    assert max(len([path for path in paths if path != "README.md"]) for paths in asked) == 19
    assert len({path.split("/")[0] for path in asked[0][1:10]}) == 9


def test_one_round_is_one_question_to_github():
    assert 1 + checks.MAX_FILES + checks.MAX_FURTHER <= contents.BATCH


@pytest.mark.parametrize(
    "files",
    [
        {f".github/workflows/{n}.yml": "run: echo\n" for n in range(10)},
        dict.fromkeys(["setup.cfg", "tox.ini", "pyproject.toml", "Makefile", "noxfile.py"], "x\n"),
        {f"engine/part{n}.py": Unread.FAILED for n in range(40)},
    ],
    ids=["workflows", "settings", "sources"],
)
def test_what_would_only_be_more_of_the_same_costs_no_further_round(files):
    asked = []
    files = {"README.md": PROSE, **files}
    checks.inspect(tree(files), reader(files, asked))
    assert len(asked) == 1


def test_nothing_more_is_read_once_a_test_was_found():
    asked = []
    checks.inspect(tree(GOOD), reader(GOOD, asked))
    assert len(asked) == 1


def test_a_file_is_asked_for_once_even_when_it_cannot_be_read():
    files = {
        "README.md": Unread.FAILED,
        "tests/test_a.py": Unread.FAILED,
        ".travis.yml": Unread.FAILED,
    }
    asked = []
    checks.inspect(tree(files), reader(files, asked))
    assert sorted(path for paths in asked for path in paths) == sorted(files)


def test_an_outage_while_reading_is_not_turned_into_verdicts():
    def read(snapshot, paths):
        raise ConnectionError

    with pytest.raises(ConnectionError):
        checks.inspect(tree(GOOD), read)


def test_the_report_of_a_good_repository_says_yes_throughout():
    said = told(GOOD)
    assert set(said) == KEYS
    assert said["readme_path"] == "README.md"
    assert said["test_paths"] == ["tests/test_model.py"]
    assert all(
        said[name] is True for name in KEYS if name.startswith(("has_", "ci_", "readme_subst"))
    )
    assert said["findings"][0]["check"] == "readme"
    json.dumps(said)


def test_what_could_not_be_looked_at_is_none_in_the_report_and_never_false():
    said = told({"data/1.jpg": "x"}, is_truncated=True)
    assert {said[name] for name in KEYS if name.startswith(("has_", "ci_", "readme_subst"))} == {
        None
    }
    assert set(said["readme_sections"].values()) == {None}
    assert said["test_paths"] == []


def test_a_report_without_results_says_nothing():
    said = report(Snapshot(full_name="", head_sha=""), [])
    assert set(said) == KEYS
    assert said["has_readme"] is said["has_tests"] is said["ci_runs_tests"] is None


def test_an_empty_readme_is_a_readme_without_substance_in_the_report():
    said = told({"README.md": ""})
    assert (said["has_readme"], said["readme_path"], said["readme_substantial"]) == (
        True,
        "README.md",
        False,
    )
    assert set(said["readme_sections"].values()) == {False}


def test_without_ci_the_report_says_that_ci_runs_no_tests():
    assert told({"main.py": ""})["ci_runs_tests"] is False


@pytest.mark.parametrize(
    "files", [GOOD, {"main.py": ""}, {"README.md": Unread.FAILED, "test.py": Unread.FAILED}]
)
def test_every_yes_shows_a_place_and_every_no_says_what_to_do(files):
    for result in inspect(files).values():
        assert result.summary.endswith((".", ")")), result
        assert len(result.state) <= 40
        is_absence = result.check_name in checks.PRIVATE  # which no place can show
        if result.outcome == Outcome.PASSED and not is_absence:
            assert result.evidence[0].path in files
        if result.outcome == Outcome.FAILED:
            assert result.fix, result


def test_a_quote_is_one_short_visible_line():
    assert quoted("a\u202eb\n\tc\x00d") == "a b c d"
    assert len(quoted("word " * 500)) <= 120


def test_a_repository_of_thirty_thousand_files_is_looked_through_in_seconds():
    files = {f"data/class_{n % 90}/test/img_{n}.png": "x" for n in range(30_000)}
    snapshot = tree({**files, **GOOD})
    started = time.process_time()
    checks.run(snapshot)
    assert time.process_time() - started < 6


PATHS = st.text(
    st.sampled_from("abR/._- \\\n\0eémdpyTtsREADME测\ud7ff"), min_size=1, max_size=40
) | st.sampled_from(
    sorted({*GOOD, "test.py", "README.ipynb", "a/test.ipynb", ".travis.yml", "tests/a_test.go"})
)
TEXTS = st.text(max_size=300) | st.sampled_from(
    [
        "def test_a():\n    assert f()\n", PROSE, '{"cells": [{"cell_type": "code", "source": ["assert x"]}]}',
        "../../etc", "\0", "```\n" * 9, "| a | b |\n|---|---|\n| 1.5 | 2 |", "=====\n-----\n", "#\n##\n",
    ]
)  # fmt: skip
MODES = st.sampled_from(
    [("100644", "blob"), ("120000", "blob"), ("160000", "commit"), ("040000", "tree")]
)


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.tuples(PATHS, MODES, st.none() | st.integers(0, 10**9)), max_size=12),
    TEXTS | st.sampled_from(list(Unread)),
    st.sampled_from(["", "tests", "a", "a/b"]),
    st.booleans(),
)
def test_no_tree_and_no_text_makes_a_check_raise(entries, text, folder, is_truncated):
    rows = tuple(
        TreeEntry(path, mode, kind, "b" * 40, size) for path, (mode, kind), size in entries
    )
    snapshot = Snapshot("a/b", "c" * 40, rows, folder=folder, is_truncated=is_truncated)
    snapshot, results = checks.inspect(snapshot, lambda _, paths: dict.fromkeys(paths, text))
    json.dumps(report(snapshot, results))
    assert len(results) == len(checks.CHECKS)


@settings(max_examples=100, deadline=None)
@given(TEXTS, st.sampled_from(["md", "rst", "org", "adoc", "txt", "ipynb", ""]))
def test_lines_of_a_readme_keep_their_order_and_stay_inside_the_file(text, ending):
    seen = prose.lines(text, f"README.{ending}".rstrip("."))
    numbers = [line.number for line in seen]
    assert numbers == sorted(numbers)
    if ending != "ipynb":
        assert all(1 <= number <= len(text.splitlines()) for number in numbers)
    sections.find(seen)


HOSTILE = [
    "a" * 100_000, " " * 100_000, "\t" * 99_999 + "x", "[" * 100_000, "![" * 50_000, "[![" * 33_000, "[![a](" * 16_000,
    "<" * 100_000, "<a " * 33_000, "<!--" * 25_000, "`" * 100_000, "*" * 100_000, "_" * 100_000, "#" * 100_000,
    "|" * 100_000, "| a " * 25_000, "=" * 100_000, ":a" * 50_000, ".. " * 33_000, "accuracy " * 11_000,
    "data mnist " * 9_000, "the " * 25_000, "this project " * 7_600, "1.1 " * 25_000, "test " * 20_000,
    "make -x " * 12_000, "npm run " * 12_000, "cargo +a " * 11_000, "(" * 100_000, '"' * 100_000, "test(" * 20_000,
    "/*" * 50_000, "$" * 100_000, "a/" * 50_000, "gradle " * 14_000, "a.b." * 25_000, "\\" * 100_000, "assert" * 16_000,
]  # fmt: skip


def hostile_rows(text):
    """The text as it is, and broken into rows as long as the longest that is looked at."""
    rows = "\n".join(text[start : start + 999] for start in range(0, len(text), 999))
    return [text, rows, "# " + rows.replace("\n", "\n# ")]


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: repr(text[:8]))
def test_no_readme_of_100_kb_takes_long(text):
    for variant in hostile_rows(text):
        started = time.process_time()
        sections.find(prose.lines(variant))
        assert time.process_time() - started < 1


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: repr(text[:8]))
def test_no_source_of_100_kb_takes_long(text):
    for language in ALL:
        started = time.process_time()
        language.examine("tests/test_x", hostile_rows(text)[1], Project())
        assert time.process_time() - started < 1, language.name


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: repr(text[:8]))
def test_no_workflow_of_100_kb_takes_long(text):
    files = {".github/workflows/ci.yml": hostile_rows(text)[1]}
    snapshot = tree(files).with_files(files)
    started = time.process_time()
    check_ci_runs_tests(snapshot)
    assert time.process_time() - started < 1
