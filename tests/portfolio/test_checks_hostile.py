"""Repositories that nobody would write: whatever a tree holds, a check answers, and shows a true place."""

import json
import random
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portfolio import checks
from portfolio.checks import Outcome
from portfolio.checks.report import report
from portfolio.github.snapshot import Snapshot, TreeEntry, Unread
from tests.portfolio import hostile_python
from tests.portfolio.trees import PROSE, tree

# Trees

FOLDERS = ["", "src", "tests", "test", "docs", "data", ".github/workflows", ".github", "node_modules/a", "venv/lib",
           "notebooks", "..", ".", "-", " ", "tests/../..", "é", "\u202etests", "<b>", "a" * 300]  # fmt: skip
NAMES = ["README.md", "readme", "README.rst", "README.ipynb", "test_engine.py", "engine_test.go", "engine.test.ts",
         "conftest.py", "tests.py", "test.csv", "setup.py", "pyproject.toml", "package.json", "Cargo.toml", "lib.rs",
         "requirements.txt", "uv.lock", "environment.yml", "ci.yml", ".travis.yml", "Dockerfile", "LICENSE", ".env",
         "id_rsa", "model.pt", "dvc.yaml", "data.dvc", "train.py", "study.ipynb", "index.html", "pyvenv.cfg",
         "Makefile", "tox.ini", "CITATION.cff", "\u202egpj.exe", "a\nb.py", "\x1b[31m.py", "-", "..", ""]  # fmt: skip
TEXTS = [
    PROSE, "", " ", "\x00", "\ufeff", "\u202e" * 50, "import pytest\n\n\ndef test_it():\n    assert 1 + 1 == 2\n",
    "def test_it(:\n", "{", "[]", "null", '{"scripts": {"test": "jest"}}', '{"cells": [{"cell_type": "code"}]}',
    "on: push\njobs:\n  a:\n    steps:\n      - run: pytest\n", "on: [&a [*a]]\n", "a: &a [*a, *a]\n", "<!--" * 500,
    "[[" * 2000, "# " * 2000, "[a](b)\n" * 200, "[tool.pytest.ini_options]\n", "[" * 5000, "pytest\n", "FROM x\n",
    "../README.md", "README.md", "MIT License\n\nPermission is hereby granted, free of charge", "AKIAIOSFODNN7EXAMPLE",
]  # fmt: skip

paths = st.builds(
    lambda folder, name: f"{folder}/{name}".strip("/") if folder else name,
    st.sampled_from(FOLDERS),
    st.sampled_from(NAMES) | st.text(max_size=20).filter(lambda text: "\0" not in text),
)
entries = st.builds(
    TreeEntry,
    path=paths,
    mode=st.sampled_from(["100644", "100755", "120000", "160000", "040000", "", "999"]),
    type=st.sampled_from(["blob", "blob", "blob", "tree", "commit", ""]),
    sha=st.sampled_from(["", "a" * 40, "b" * 40, "c" * 40]),
    size=st.sampled_from([None, 0, 1, 700, 60_000_000, -1, 2**63]),
)
contents = st.sampled_from(TEXTS) | st.text(max_size=200) | st.sampled_from(Unread)
snapshots = st.builds(
    Snapshot,
    full_name=st.just("ada/engine"),
    head_sha=st.sampled_from(["a" * 40, "a" * 40, "a" * 40, ""]),
    entries=st.lists(entries, max_size=25).map(tuple),
    folder=st.sampled_from(["", "", "src", "nowhere", ".."]),
    licence=st.sampled_from(["", "MIT", "NOASSERTION"]),
    is_truncated=st.booleans(),
    is_private=st.booleans(),
)


class Shelf:
    """Reads a file by its path: always the same text for the same path."""

    def __init__(self, seed):
        self.seed = seed
        self.given = {}

    def __call__(self, snapshot, wanted):
        for path in wanted:
            choice = random.Random(f"{self.seed}{path!a}")
            self.given[path] = choice.choice([*TEXTS, *TEXTS, *Unread])
        return {path: self.given[path] for path in wanted}


def places(result):
    return [*result.evidence, *result.lookalikes]


@given(snapshots, st.integers())
def test_whatever_a_tree_holds_every_check_answers(snapshot, seed):
    shelf = Shelf(seed)

    read, results = checks.inspect(snapshot, shelf)

    assert [result.check_name for result in results] == [check.name for check in checks.CHECKS]
    assert {result.outcome for result in results} <= set(Outcome)
    assert all(result.summary for result in results)
    json.dumps(report(read, results), allow_nan=False).encode()


@given(snapshots, st.integers())
def test_evidence_is_a_place_that_exists(snapshot, seed):
    read, results = checks.inspect(snapshot, Shelf(seed))

    files = {entry.path for entry in snapshot.entries}
    folders = {path[:cut] for path in files for cut, letter in enumerate(path) if letter == "/"}
    for result in results:
        for place in places(result):
            assert place.path in files or (place.path in folders and not place.line), (
                result.check_name,
                place,
            )
            lines = len(read.files.get(place.path, "").splitlines())
            if place.line and place.path in read.files:
                assert 1 <= place.line <= max(lines, 1), (result.check_name, place)
                assert place.end_line == 0 or place.line <= place.end_line <= max(lines, 1)
            assert len(place.quote) <= 120
            assert "\n" not in place.quote
            assert "\u202e" not in place.quote


@given(snapshots)
def test_nothing_that_could_not_be_read_counts_as_a_test(snapshot):
    """A name alone never proves a test; a README that is there but unread is there all the same."""

    def refuse(snapshot, wanted):
        return dict.fromkeys(wanted, Unread.FAILED)

    _, results = checks.inspect(snapshot, refuse)

    verdicts = {result.check_name: result.outcome for result in results}
    for name in ("tests", "readme-content", "ci-runs-tests"):
        assert verdicts[name] != Outcome.PASSED


@given(snapshots, st.integers(), st.randoms(use_true_random=False))
def test_the_order_of_a_tree_changes_no_verdict(snapshot, seed, shuffle):
    by_path = {entry.path: entry for entry in snapshot.entries}
    ordered = sorted(by_path.values(), key=lambda entry: entry.path)
    shuffled = list(ordered)
    shuffle.shuffle(shuffled)

    verdicts = []
    for rows in (ordered, shuffled):
        again = Snapshot(
            snapshot.full_name,
            snapshot.head_sha,
            tuple(rows),
            folder=snapshot.folder,
            licence=snapshot.licence,
            is_truncated=snapshot.is_truncated,
        )
        _, results = checks.inspect(again, Shelf(seed))
        verdicts.append({result.check_name: (result.outcome, result.state) for result in results})

    assert verdicts[0] == verdicts[1]


VENDORED = ["node_modules/jest/test/{}", "venv/lib/python3.12/site-packages/x/tests/{}", "vendor/x/tests/{}",
            "third_party/x/tests/{}", ".venv/lib/x/tests/{}"]  # fmt: skip
TESTS = {
    "test_x.py": "from src.engine import gear\n\n\ndef test_gear():\n    assert gear() == 1\n",
    "x.test.js": "test('x', () => { expect(f(1)).toBe(1) })\n",
    "x_test.go": 'package x\n\nimport "testing"\n\nfunc TestX(t *testing.T) { if f() != 1 { t.Fatal() } }\n',
}
DATA = [
    "data/test/{}.csv",
    "dataset/test/images/{}.png",
    "test/{}.jpg",
    "tests/{}.json",
    "test_{}.csv",
]


@given(
    st.lists(st.tuples(st.sampled_from(VENDORED), st.sampled_from(sorted(TESTS))), max_size=8),
    st.lists(st.tuples(st.sampled_from(DATA), st.text("abc", min_size=1, max_size=4)), max_size=8),
)
def test_what_others_wrote_and_data_are_no_tests_of_the_learner(vendored, data):
    files = {"README.md": PROSE, "src/engine.py": "def gear():\n    return 1\n"}
    files |= {folder.format(name): TESTS[name] for folder, name in vendored}
    files |= {place.format(name): "1,2\n" for place, name in data}

    def read(snapshot, wanted):
        return {path: files[path] for path in wanted}

    _, results = checks.inspect(tree(files), read)

    [tests] = [result for result in results if result.check_name == "tests"]
    assert tests.outcome != Outcome.PASSED, tests.evidence


def test_the_same_tests_at_home_do_count():
    """So that the test above cannot pass because nothing counts."""
    for name, text in TESTS.items():
        files = {
            "README.md": PROSE,
            "src/engine.py": "def gear():\n    return 1\n",
            f"tests/{name}": text,
        }
        _, results = checks.inspect(
            tree(files), lambda _, wanted, files=files: {p: files[p] for p in wanted}
        )
        [tests] = [result for result in results if result.check_name == "tests"]
        assert tests.outcome == Outcome.PASSED, name


# Python that was written against its reader


@pytest.fixture(scope="module")
def costs():
    """Seconds and verdict of each hostile source, and the most memory in MB, by a process of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.portfolio.hostile_python"],
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return json.loads(done.stdout)


def test_hostile_python_is_many_kinds():
    assert len(hostile_python.SOURCES) >= 60


def test_no_hostile_python_takes_long_or_much_memory(costs):
    seconds = {name: taken for name, (taken, _) in costs["sources"].items()}
    assert set(seconds) == set(hostile_python.SOURCES)
    slowest = max(seconds, key=seconds.get)
    assert seconds[slowest] < 2, slowest
    assert costs["peak_mb"] < 256


def test_no_hostile_python_counts_as_tests(costs):
    passed = [name for name, (_, outcome) in costs["sources"].items() if outcome == "passed"]
    assert passed == []
