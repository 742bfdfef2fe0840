"""Which stages of a machine learning system's life are shown, each by a place in the repository."""

import pytest

from portfolio.checks import Outcome
from portfolio.checks.lifecycle import NEXT, STAGES
from portfolio.github.snapshot import Unread
from tests.portfolio.trees import inspect

DATA = "import pandas as pd\nframe = pd.read_csv('trips.csv')\n"
FEATURES = "from sklearn.preprocessing import StandardScaler\nscaler = StandardScaler()\n"
TRAINING = "from sklearn.svm import SVC\nmodel = SVC()\nmodel.fit(x, y)\n"
EVALUATION = "from sklearn.metrics import f1_score\nf1_score(y, model.predict(x))\n"
WORKFLOW = "on: push\njobs:\n  a:\n    steps:\n      - run: pytest\n"


def judge(files, **facts):
    return inspect(files, **facts)["lifecycle"]


def shown(result):
    return [stage for stage, is_shown in result.details["stages"].items() if is_shown]


def test_four_stages_with_training_and_evaluation_are_enough():
    result = judge({"train.py": DATA + FEATURES + TRAINING + EVALUATION})
    assert (result.outcome, result.state) == (Outcome.PASSED, "broad")
    assert result.summary == "4 of 8 stages shown: data, features, training, evaluation."
    assert [(item.path, item.line) for item in result.evidence] == [
        ("train.py", 2),
        ("train.py", 4),
        ("train.py", 7),
        ("train.py", 9),
    ]
    assert result.fix == f"The nearest next stage is packaging. {NEXT['packaging']}"


def test_everything_around_a_model_is_not_enough_without_measuring_it():
    files = {
        "train.py": DATA + FEATURES + TRAINING,
        "Dockerfile": "x",
        ".github/workflows/ci.yml": WORKFLOW,
    }
    result = judge(files)
    assert (result.outcome, result.state) == (Outcome.FAILED, "narrow")
    assert result.summary.endswith("packaging, automation; evaluation not.")
    assert "The nearest next stage is evaluation." in result.fix


@pytest.mark.parametrize(
    ("path", "text", "stage"),
    [
        ("check.py", "import pandera\n", "data"),
        ("load.py", "import numpy as np\nnp.load('x.npy')\n", "data"),
        ("make.py", "import pandas as pd\npd.get_dummies(x)\n", "features"),
        ("net.py", "loss.backward()\noptimizer.step()\n", "training"),
        ("boost.py", "import xgboost as xgb\nxgb.train({}, x)\n", "training"),
        ("tune.py", "trainer.train()\n", "training"),
        ("measure.py", "def evaluate(m): ...\n\nevaluate(model)\n", "evaluation"),
        ("measure.py", "model.score(x, y)\n", "evaluation"),
        ("Dockerfile", "FROM python", "packaging"),
        ("pyproject.toml", "[project]", "packaging"),
        ("app.py", "from fastapi import FastAPI\napp = FastAPI()\n", "serving"),
        ("app.py", "import streamlit as st\nst.write(1)\n", "serving"),
        ("app.py", "import gradio as gr\ngr.Interface(f)\n", "serving"),
        ("k8s/service.yaml", "x", "serving"),
        (".github/workflows/ci.yml", WORKFLOW, "automation"),
        ("dvc.yaml", "stages: {}", "automation"),
        ("dags/nightly.py", "x = 1\n", "automation"),
        ("watch.py", "from evidently import Report\n", "monitoring"),
        ("monitoring/alerts.yaml", "x", "monitoring"),
        ("grafana/board.json", "{}", "monitoring"),
    ],
)
def test_each_stage_has_its_signs(path, text, stage):
    result = judge({"m.py": "import sklearn\n", path: text})
    assert shown(result) == [stage]
    assert [item.path for item in result.evidence] == [path]


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("a.py", "from scipy.optimize import minimize, curve_fit\nminimize(f)\ncurve_fit(f)\n"),
        ("a.py", "scaler.fit(x)\nself.encoder.fit(x)\n"),
        ("a.py", "dress.fit_to_size()\n"),
        ("a.py", "from train import monitor\nmonitor()\n"),
        ("tests/test_a.py", "def test_a():\n    model.fit(x, y)\n    model.score(x, y)\n"),
        ("venv/lib/sklearn/svm.py", TRAINING),
        ("mlartifacts/0/conda.yaml", "x"),
        ("requirements.txt", "fastapi\n"),
        ("docs/monitoring.md", "# Monitoring\n"),
    ],
)
def test_what_only_sounds_like_a_stage_is_none(path, text):
    assert shown(judge({"m.py": "import sklearn\n", path: text})) == []


def test_none_of_the_stages_is_said_in_words():
    result = judge({"m.py": "import torch\n"})
    assert result.summary == "No stage of the 8 from data to monitoring is shown yet."
    assert result.fix.startswith("The nearest next stage is training.")


def test_all_stages_leave_nothing_to_advise():
    files = {
        "train.py": DATA + FEATURES + TRAINING + EVALUATION,
        "Dockerfile": "x",
        "app.py": "from flask import Flask\napp = Flask('a')\n",
        ".github/workflows/ci.yml": WORKFLOW,
        "monitor.py": "import prometheus_client\n",
    }
    result = judge(files)
    assert shown(result) == list(STAGES)
    assert result.fix == ""


def test_a_project_that_learns_nothing_is_not_asked():
    files = {"app.py": "from flask import Flask\napp = Flask('a')\n", "Dockerfile": "x"}
    assert judge(files).outcome == Outcome.NOT_APPLICABLE
    assert judge({"main.go": "package main"}).outcome == Outcome.NOT_APPLICABLE


@pytest.mark.parametrize(
    ("files", "facts"),
    [({"train.py": TRAINING}, {"is_truncated": True}), ({"train.py": Unread.FAILED}, {})],
)
def test_what_could_not_be_seen_leaves_the_answer_open(files, facts):
    assert judge(files, **facts).outcome == Outcome.UNKNOWN


def test_enough_is_enough_however_much_was_not_seen():
    files = {"train.py": DATA + FEATURES + TRAINING + EVALUATION}
    assert judge(files, is_truncated=True).outcome == Outcome.PASSED


def test_a_linked_folder_shows_its_own_stages():
    files = {"a/train.py": TRAINING, "b/train.py": TRAINING + EVALUATION}
    assert shown(judge(files, folder="a")) == ["training"]
