"""What the checks say to a learner: plain sentences that name the file and the next step."""

import pytest

from portfolio import checks
from portfolio.checks import Outcome
from portfolio.checks.tests import advice
from portfolio.github.snapshot import Unread
from tests.portfolio.test_checks_notebooks import notebook as cells
from tests.portfolio.trees import PROSE, Link, inspect, tree

TEST = "from bikes import f\n\ndef test_f():\n    assert f(1) == 2\n"
WORKFLOW = "on: push\njobs:\n  a:\n    steps:\n      - run: ruff check\n"
STATES = {
    "nothing": {"main.py": "x = 1\n"},
    "empty readme": {"README.md": ""},
    "stub readme": {"README.md": "# Bikes\n\nMy project about bikes.\n"},
    "title only": {"README.md": "# Bikes\n"},
    "template": {"README.md": "This project was bootstrapped with [Create React App](x).\n"},
    "unread readme": {"README.md": Unread.FAILED},
    "large readme": {"README.md": Unread.TOO_LARGE},
    "binary readme": {"README.md": Unread.BINARY},
    "budget": {"README.md": Unread.BUDGET, "test_a.py": Unread.BUDGET},
    "odd name": {"README_en.md": PROSE},
    "html": {"README.html": PROSE},
    "sub-folder": {"a/README.md": PROSE},
    "broken link": {"README.md": Link("nowhere.md")},
    "good readme": {
        "README.md": PROSE,
        "LICENSE": "MIT",
        "requirements.txt": "x",
        "Dockerfile": "x",
    },
    "look-alikes": {"test.py": "print(1)\n", "data/test.csv": "1,2\n", "model.py": "x = 1\n"},
    "stub test": {"test_a.py": "def test_a():\n    print(1)\n"},
    "empty test": {"tests/test_a.py": "", "b.py": "x = 1\n"},
    "two empty tests": {"tests/test_a.py": "", "tests/test_b.py": ""},
    "bad python": {"test_a.py": "def test_a(:\n"},
    "unread test": {"test_a.py": Unread.FAILED},
    "large test": {"test_a.py": Unread.TOO_LARGE},
    "binary test": {"test_a.py": Unread.BINARY},
    "course": {"tests/q1.py": "OK_FORMAT = True\n\ntest = {}\n", "wine.py": "x = 1\n"},
    "tests": {"test_a.py": TEST, "bikes.py": "def f(x): ...\n"},
    "others' tests": {
        "test_a.py": "import numpy\n\ndef test_a():\n    assert numpy.f()\n",
        "w.py": "x",
    },
    "ci without tests": {".github/workflows/ci.yml": WORKFLOW, "test_a.py": TEST},
    "unread ci": {".github/workflows/ci.yml": Unread.FAILED},
    "delegated": {
        ".github/workflows/ci.yml": "jobs:\n  a:\n    uses: a/b/.github/workflows/t.yml@1\n"
    },
    "misspelt": {"requirement.txt": "numpy\n"},
    "nearly": {"packages.txt": "numpy\n"},
    "nested licence": {"src/LICENSE": "MIT"},
    "notebooks": {"eda/first.ipynb": "{}"},
    "loose": {"requirements.txt": "numpy\npandas==1\n"},
    "heavy data": {f"data/{n}.jpg": "x" for n in range(400)},
    "some data": {"data/trips.csv": "1", "a.py": "import pandas as pd\npd.read_csv('a')\n"},
    "dvc set up": {".dvc/config": "x", "a.py": "import pandas as pd\npd.read_csv('a')\n"},
    "trained": {"train.py": "import sklearn, mlflow\nmodel.fit(x)\n", "model.pkl": "x"},
    "recorded": {"train.py": "import mlflow\nmlflow.autolog()\nmodel.fit(x)\n"},
    "figures": {"train.py": "model.fit(x)\n", "metrics.json": "{}", "MODEL_CARD.md": "x"},
    "learning": {"a.py": "import torch\n"},
    "link that leads nowhere": {
        "README.md": f"{PROSE}\n![a](gone.png)\n[b](gone.md)\n",
        "c.py": "x",
    },
    "good link": {"README.md": f"{PROSE}\n[c](c.py)\n", "c.py": "x"},
    "keys": {".env": "x", "kaggle.json": "x", "a.pem": "x"},
    "one key": {".env": "x"},
    "leftovers": {"venv/a.py": "x", ".DS_Store": "x", "__pycache__/a.pyc": "x"},
    "one leftover": {".DS_Store": "x"},
    "run out of order": {"a.ipynb": cells(2, 1), "b.py": "x"},
    "ended in an error": {"a.ipynb": cells(1, error=True), "b.py": "x"},
    "cleared": {"a.ipynb": cells(None), "b.ipynb": cells(None), "c.py": "x"},
    "ran": {"a.ipynb": cells(1, 2), "b.ipynb": cells(1), "c.py": "x"},
    "notebooks alone": {"a.ipynb": cells(1, 2), "b.ipynb": cells(1)},
    "large notebook": {"train.ipynb": "x" * 300_000},
}
JARGON = [
    "snapshot",
    "tree",
    "blob",
    "ruleset",
    "candidate",
    "manifest",
    "symbolic",
    "None",
    "{",
    "}",
]
BLAME = ["you failed", "you forgot", "wrong", "bad ", "must "]


def sentences_of(files):
    """What every check says of these files, of the whole tree and of one that was cut."""
    for is_cut in (False, True):
        yield from inspect(files, is_truncated=is_cut).values()


@pytest.mark.parametrize("files", STATES.values(), ids=STATES)
def test_every_sentence_is_plain_whole_and_without_blame(files):
    for result in sentences_of(files):
        assert_reads_well(result)
        assert_says_what_to_do_next(result)


def test_what_is_said_of_an_empty_repository_is_plain_too():
    for result in checks.run(tree({}, head_sha="")):
        assert_reads_well(result)
        assert_says_what_to_do_next(result)


def assert_reads_well(result):
    for sentence in filter(None, (result.summary, result.fix)):
        assert sentence[-1] in ".”", sentence
        assert sentence[0].isupper() or sentence[0].isdigit() or "." in sentence.split()[0], (
            sentence
        )
        assert not [word for word in JARGON if word in sentence], sentence
        assert not [word for word in BLAME if word in sentence.lower()], sentence
        assert "  " not in sentence
        assert len(sentence) < 400


def assert_says_what_to_do_next(result):
    if result.outcome == Outcome.FAILED or result.state in (
        "unverified",
        "unread",
        "course_provided",
    ):
        assert result.fix, (result.check_name, result.state)


def test_a_stub_readme_is_told_how_much_it_says_and_where_to_write():
    result = inspect({"README.md": "# Bikes\n\nMy project about bikes.\n"})["readme-content"]
    assert "4 words in 1 sentence" in result.summary
    assert result.fix.startswith("In README.md, say in two or three sentences")


@pytest.mark.parametrize(
    ("paths", "place", "source", "command"),
    [
        (["src/wine.py", "main.py"], "tests/test_wine.py", "src/wine.py", "pytest"),
        (["app.py", "wine.py"], "tests/test_wine.py", "wine.py", "pytest"),
        (["pkg/kmeans.go"], "pkg/kmeans_test.go", "pkg/kmeans.go", "go test"),
        (["src/draw.js"], "src/draw.test.js", "src/draw.js", "npm test"),
        (["R/fit.R"], "tests/testthat/test-fit.R", "R/fit.R", "Rscript"),
        (["eda/first.ipynb"], "tests/test_features.py", "eda/first.ipynb", "pytest"),
        (["data.csv"], "tests/test_model.py", "your code", "pytest"),
    ],
)
def test_the_first_test_is_suggested_with_the_repositorys_own_names(paths, place, source, command):
    said = advice.first_test(tree(dict.fromkeys(paths, "x = 1\n")))
    assert place in said
    assert source in said
    assert command in said


def test_files_of_one_name_are_told_apart_by_their_folders():
    files = {"a/setup.py": "x", "b/setup.py": "x"}
    assert "a/setup.py, b/setup.py" in inspect(files)["environment"].summary
