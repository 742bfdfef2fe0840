"""Whether experiments are recorded: by a call of a tracker, or in files made for it."""

import pytest

from portfolio.checks import Outcome
from portfolio.github.snapshot import Unread
from tests.portfolio.trees import inspect

TRAINS = "from sklearn.svm import SVC\n\nmodel = SVC()\nmodel.fit(x, y)\n"


def judge(files, **facts):
    return inspect(files, **facts)["experiment-tracking"]


@pytest.mark.parametrize(
    ("text", "tracker"),
    [
        ("import mlflow\nmlflow.autolog()\n", "MLflow"),
        ("import mlflow\nmlflow.log_metric('f1', 0.8)\n", "MLflow"),
        ("from mlflow.tracking import MlflowClient\nclient.log_metric(r, 'f1', 0.8)\n", "MLflow"),
        ("import wandb as w\nw.init(project='bikes')\n", "Weights & Biases"),
        ("from torch.utils.tensorboard import SummaryWriter\nSummaryWriter()\n", "TensorBoard"),
        ("import tensorflow as tf\ntf.keras.callbacks.TensorBoard('logs')\n", "TensorBoard"),
        ("from comet_ml import Experiment\nExperiment()\n", "Comet"),
        ("from clearml import Task\nTask.init('bikes')\n", "ClearML"),
        ("from dvclive import Live\nLive()\n", "DVCLive"),
        ("from aim import Run\nRun()\n", "Aim"),
    ],
)
def test_a_call_of_a_tracker_is_a_record(text, tracker):
    result = judge({"train.py": text + TRAINS})
    assert (result.outcome, result.state) == (Outcome.PASSED, "tracked")
    assert tracker in result.summary
    assert (result.evidence[0].path, result.evidence[0].line) == ("train.py", 2)


def test_a_call_in_a_notebook_counts_without_a_line():
    source = '"source": ["import mlflow\\n", "%matplotlib inline\\n", "mlflow.start_run()"]'
    cell = f'{{"cell_type": "code", {source}}}'
    result = judge({"train.ipynb": f'{{"cells": [{cell}]}}'})
    assert result.state == "tracked"
    assert (result.evidence[0].path, result.evidence[0].line) == ("train.ipynb", 0)


@pytest.mark.parametrize("path", ["metrics.json", "params.yaml", "reports/test_metrics.json"])
def test_figures_of_runs_kept_in_a_file_are_a_record(path):
    result = judge({path: "{}", "train.py": TRAINS})
    if "test" in path:
        assert result.outcome == Outcome.FAILED  # of a test, not of a run
    else:
        assert (result.outcome, result.state) == (Outcome.PASSED, "in_files")
        assert result.evidence[0].path == path


@pytest.mark.parametrize(
    ("files", "lookalike"),
    [
        ({"train.py": "import mlflow\n" + TRAINS}, "train.py"),
        ({"train.py": TRAINS, "requirements.txt": "numpy\nmlflow==2.1\n"}, "requirements.txt"),
        ({"train.py": TRAINS, "mlruns/0/meta.yaml": "x"}, "mlruns"),
    ],
)
def test_a_tracker_that_records_nothing_is_a_lookalike(files, lookalike):
    result = judge(files)
    assert (result.outcome, result.state) == (Outcome.FAILED, "none_lookalike")
    assert result.lookalikes[0].path == lookalike
    assert "mlflow.autolog()" in result.fix


@pytest.mark.parametrize(
    "text",
    [
        "from database import Run\nRun()\n",
        "run.log('x')\nexperiment.start()\n",
        "import logging\nlogging.log(1, 'x')\nmath.log(2)\n",
        "# mlflow.autolog()\n",
    ],
)
def test_other_calls_of_such_names_are_no_record(text):
    result = judge({"train.py": text + TRAINS})
    assert (result.outcome, result.state) == (Outcome.FAILED, "none")
    assert not result.lookalikes


def test_a_requirement_is_looked_for_where_it_was_read():
    files = {"train.py": TRAINS, "requirements.txt": "# mlflow\nnot-mlflow\nmlflow-skinny-x\n"}
    assert judge(files).state == "none"


def test_without_training_nothing_is_asked():
    assert judge({"main.py": "print(1)\n"}).outcome == Outcome.NOT_APPLICABLE
    assert judge({"main.go": "package main\n"}).outcome == Outcome.NOT_APPLICABLE


@pytest.mark.parametrize(
    ("files", "facts"),
    [({"train.py": TRAINS}, {"is_truncated": True}), ({"train.py": Unread.FAILED}, {})],
)
def test_what_could_not_be_seen_leaves_the_answer_open(files, facts):
    assert judge(files, **facts).outcome == Outcome.UNKNOWN


def test_a_notebook_too_large_to_be_read_leaves_the_answer_open():
    result = judge({"train.ipynb": "x" * 300_000})
    assert (result.outcome, result.state) == (Outcome.UNKNOWN, "unread")
    assert "train.ipynb is too large" in result.summary
    assert "Clear the outputs" in result.fix
