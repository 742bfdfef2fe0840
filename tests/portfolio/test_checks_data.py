"""Whether a reader can get the data: what counts as an answer, and what only looks like one."""

import pytest

from portfolio.checks import Outcome, data
from portfolio.github.snapshot import Unread
from tests.portfolio.trees import PROSE, inspect, tree

READS = "import pandas as pd\n\nframe = pd.read_csv('data/trips.csv')\n"


def judge(files, **facts):
    return inspect(files, **facts)["data-versioning"]


@pytest.mark.parametrize(
    ("path", "tool"),
    [
        ("data/trips.csv.dvc", "DVC"),
        ("pipelines/dvc.lock", "DVC"),
        (".datalad/config", "DataLad"),
    ],
)
def test_a_file_that_a_data_version_tool_writes_for_data_is_versioning(path, tool):
    result = judge({path: "outs:\n- md5: 1\n", "train.py": READS})
    assert (result.outcome, result.state) == (Outcome.PASSED, "versioned")
    assert tool in result.summary
    assert path in result.summary


@pytest.mark.parametrize("path", [".dvc/config", ".dvcignore", "dvc.yaml"])
def test_a_tool_that_was_set_up_and_keeps_nothing_is_a_lookalike(path):
    result = judge({path: "x: 1\n", "train.py": READS})
    assert (result.outcome, result.state) == (Outcome.FAILED, "none_lookalike")
    assert result.lookalikes[0].path == path


def test_git_lfs_counts_for_data_and_not_for_weights():
    attributes = "# data\n*.pt filter=lfs diff=lfs\n*.csv filter=lfs diff=lfs merge=lfs -text\n"
    result = judge({".gitattributes": attributes, "train.py": READS})
    assert result.state == "versioned"
    assert (result.evidence[0].path, result.evidence[0].line) == (".gitattributes", 3)
    only_weights = {".gitattributes": "*.pt filter=lfs\n", "train.py": READS}
    assert judge(only_weights).outcome == Outcome.FAILED


@pytest.mark.parametrize(
    "link",
    [
        "https://www.kaggle.com/datasets/someone/bike-trips",
        "https://www.kaggle.com/c/titanic",
        "https://archive.ics.uci.edu/dataset/275/bike+sharing+dataset",
        "https://huggingface.co/datasets/openwebtext",
        "https://zenodo.org/record/123",
        "https://data.london.gov.uk/dataset/x",
        "two years of trips from the UCI Bike Sharing dataset",
        "a data set of 300 trips from Kaggle",
    ],
)
def test_a_link_to_where_data_are_kept_is_a_source(link):
    result = judge({"README.md": f"{PROSE}\nThe data: {link}.\n", "train.py": READS})
    assert (result.outcome, result.state) == (Outcome.PASSED, "documented")
    assert result.evidence[0].path == "README.md"
    assert link[:40] in result.evidence[0].quote


@pytest.mark.parametrize(
    "link",
    [
        "https://doi.org/10.1000/182",
        "https://www.kaggle.com/code/someone/notebook",
        "https://www.kaggle.com/learn/intro-to-machine-learning",
        "https://arxiv.org/abs/1505.04597",
        "my profile on Kaggle. The data set is small",
        "s3://my-bucket/models",
    ],
)
def test_a_paper_a_course_and_a_bucket_of_ones_own_are_no_source(link):
    result = judge({"README.md": f"{PROSE}\nSee {link}.\n", "train.py": READS})
    assert result.outcome == Outcome.FAILED


def test_a_badge_that_links_to_a_host_of_data_is_no_source():
    badge = "[![DOI](https://zenodo.org/badge/1.svg)](https://zenodo.org/badge/latestdoi/1)"
    result = judge({"README.md": f"{badge}\n{PROSE}", "train.py": READS})
    assert result.outcome == Outcome.FAILED


@pytest.mark.parametrize(
    "text",
    [
        "from sklearn.datasets import fetch_california_housing\nx = fetch_california_housing()\n",
        "import sklearn.datasets\nx = sklearn.datasets.load_iris()\n",
        "from datasets import load_dataset\nx = load_dataset('imdb')\n",
        "import tensorflow as tf\nx = tf.keras.datasets.mnist.load_data()\n",
        "from keras.datasets import mnist\nx = mnist.load_data()\n",
        "from torchvision import datasets\nx = datasets.MNIST('data', download=True)\n",
        "import pandas as pd\nURL = 'https://example.org/trips.csv'\nx = pd.read_csv(URL)\n",
        "import pandas as pd\nx = pd.read_parquet(f'https://example.org/{year}.parquet')\n",
        "from urllib.request import urlretrieve\nurlretrieve(url, 'trips.csv')\n",
    ],
)
def test_code_that_fetches_data_by_a_name_or_an_address_is_a_source(text):
    result = judge({"train.py": text})
    assert (result.outcome, result.state) == (Outcome.PASSED, "documented")
    assert result.evidence[0].path == "train.py"
    assert result.evidence[0].line == len(text.splitlines())


@pytest.mark.parametrize(
    "text",
    [
        "class A:\n    def run(self):\n        self.load_dataset()\n",
        "from loading import load_dataset\nx = load_dataset('trips')\n",
        "from .mnist import load_data\nx = load_data()\n",
        "from database import fetch_data\nx = fetch_data()\n",
    ],
)
def test_functions_of_ones_own_with_such_names_are_no_source(text):
    assert judge({"train.py": text}).outcome == Outcome.NOT_APPLICABLE
    assert judge({"train.py": text + READS}).outcome == Outcome.FAILED


def test_a_notebook_that_reads_from_an_address_is_a_source():
    cell = '{"cell_type": "code", "source": ["import pandas as pd\\n", "%s"]}'
    read = "pd.read_csv('https://example.org/a.csv')"
    result = judge({"eda.ipynb": '{"cells": [' + cell % read + "]}"})
    assert result.state == "documented"
    assert (result.evidence[0].path, result.evidence[0].line) == ("eda.ipynb", 0)


@pytest.mark.parametrize(
    "path", ["download_data.py", "scripts/get-dataset.sh", "fetch_bike_data.py"]
)
def test_a_script_named_for_fetching_data_is_a_source(path):
    assert judge({path: "x = 1\n", "train.py": READS}).state == "documented"


@pytest.mark.parametrize("path", ["prepare_data.py", "make_data.py", "data.py", "database.py"])
def test_a_script_that_only_works_on_data_is_none(path):
    assert judge({path: "x = 1\n", "train.py": READS}).outcome == Outcome.FAILED


def test_small_tables_in_the_repository_are_enough_and_their_source_is_asked_for():
    result = judge({"results/out.csv": "1", "data/trips.csv": "1,2\n", "train.py": READS})
    assert (result.outcome, result.state) == (Outcome.PASSED, "committed")
    assert result.evidence[0].path == "data/trips.csv"
    assert "where they come from" in result.fix


@pytest.mark.parametrize(
    "path",
    ["mlflow.db", "db.sqlite3", "models/model_weights.h5", "tests/data/a.csv", "venv/lib/a.csv"],
)
def test_what_a_program_keeps_for_itself_and_what_is_not_ones_own_are_no_data(path):
    assert judge({path: "1", "train.py": READS}).outcome == Outcome.FAILED


def test_a_split_called_test_is_data_and_so_is_what_a_readme_beside_them_explains():
    assert judge({"data/test.csv": "1", "train.py": READS}).state == "committed"
    result = judge({"data/README.md": "x", "train.py": READS})
    assert (result.state, result.evidence[0].path) == ("documented", "data/README.md")


def test_heavy_data_without_a_source_are_told_how_to_leave_git():
    files = {f"data/{kind}/{n}.jpg": "x" for kind in ("cat", "dog") for n in range(200)}
    result = judge({**files, "train.py": READS})
    assert (result.outcome, result.state) == (Outcome.FAILED, "heavy")
    assert "400 pictures or sounds" in result.fix
    documented = {**files, "README.md": f"{PROSE}\nhttps://www.kaggle.com/c/dogs\n"}
    result = judge({**documented, "train.py": READS})
    assert result.outcome == Outcome.PASSED
    assert "400 pictures or sounds" in result.fix


def test_a_few_pictures_of_a_readme_are_no_data():
    files = {f"images/{n}.png": "x" for n in range(8)}
    assert judge({**files, "main.go": "x"}).outcome == Outcome.NOT_APPLICABLE


def test_nothing_is_asked_where_no_data_are_used():
    assert judge({"main.py": "print(1)\n"}).outcome == Outcome.NOT_APPLICABLE
    assert judge({"main.go": "package main\n"}).outcome == Outcome.NOT_APPLICABLE


@pytest.mark.parametrize(
    ("files", "facts"),
    [
        ({"train.py": READS}, {"is_truncated": True}),
        ({"train.py": READS, "README.md": Unread.FAILED}, {}),
    ],
)
def test_what_could_not_be_seen_leaves_the_answer_open(files, facts):
    assert judge(files, **facts).outcome == Outcome.UNKNOWN


def test_a_linked_folder_is_judged_by_what_is_in_it():
    files = {"other/data.csv.dvc": "x", "bikes/train.py": READS}
    assert judge(files, folder="bikes").outcome == Outcome.FAILED
    assert judge(files).outcome == Outcome.PASSED


def test_gitattributes_is_asked_for_before_code():
    files = tree({".gitattributes": "x", "train.py": READS})
    assert data.wanted(files) == [".gitattributes", "train.py"]
