"""Whether the trained model has a version."""

import pytest

from portfolio.checks import Outcome
from portfolio.github.snapshot import Unread
from tests.portfolio.trees import inspect

TRAINS = "from sklearn.svm import SVC\n\nmodel = SVC()\nmodel.fit(x, y)\n"


def judge(files, **facts):
    return inspect(files, **facts)["model-versioning"]


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("import mlflow\nmlflow.sklearn.log_model(model, 'm')\n", "MLflow"),
        ("import mlflow as m\nm.register_model('runs:/1', 'm')\n", "MLflow"),
        ("from transformers import Trainer\ntrainer.push_to_hub()\n", "Hugging Face"),
        ("from huggingface_hub import upload_folder\nupload_folder(repo_id='a/b')\n", "Hugging"),
        ("import wandb\nrun.link_model(path, 'm')\n", "Weights"),
        ("import wandb\na = wandb.Artifact('bikes', type='model')\n", "Weights"),
        ("import bentoml\nbentoml.sklearn.save_model('m', model)\n", "BentoML"),
    ],
)
def test_a_call_that_registers_the_model_is_a_version(text, word):
    result = judge({"train.py": text + TRAINS})
    assert (result.outcome, result.state) == (Outcome.PASSED, "versioned")
    assert word in result.summary
    assert (result.evidence[0].path, result.evidence[0].line) == ("train.py", 2)
    assert result.evidence[0].quote == text.splitlines()[1]


@pytest.mark.parametrize(
    "text",
    [
        "import wandb\na = wandb.Artifact('trips', type='dataset')\n",
        "from store import log_model\nlog_model(model)\n",
        "import mlflow\nmlflow.log_metric('f1', 1)\n",
        "import joblib\njoblib.dump(model, 'model.joblib')\n",
        "model.save_model('m.json')\n",
    ],
)
def test_what_only_sounds_like_a_registry_is_none(text):
    assert judge({"train.py": text + TRAINS}).outcome == Outcome.FAILED


@pytest.mark.parametrize(
    ("path", "what"),
    [
        ("MODEL_CARD.md", "by a card"),
        ("docs/model-card.md", "by a card"),
        ("models/bikes.pkl.dvc", "DVC"),
        ("model.joblib.dvc", "DVC"),
    ],
)
def test_a_card_or_a_pointer_of_the_repository_is_a_version(path, what):
    result = judge({path: "x", "train.py": TRAINS})
    assert result.outcome == Outcome.PASSED
    assert what in result.evidence[0].what


def test_weights_in_git_lfs_are_versioned():
    result = judge({".gitattributes": "*.csv text\n*.onnx filter=lfs\n", "train.py": TRAINS})
    assert (result.evidence[0].path, result.evidence[0].line) == (".gitattributes", 2)
    assert judge({".gitattributes": "*.csv filter=lfs\n", "a.py": TRAINS}).outcome == Outcome.FAILED


@pytest.mark.parametrize(
    "path", ["model_cards_game.py", "data/trips.csv.dvc", "venv/MODEL_CARD.md"]
)
def test_other_files_with_such_names_are_none(path):
    assert judge({path: "x", "train.py": TRAINS}).outcome == Outcome.FAILED


def test_a_model_file_without_a_word_is_the_nearest_lookalike():
    result = judge({"models/bikes.pkl": "x", "data/cache.pkl": "x", "train.py": TRAINS})
    assert (result.outcome, result.state) == (Outcome.FAILED, "none_lookalike")
    assert [item.path for item in result.lookalikes] == ["models/bikes.pkl"]
    assert "MODEL_CARD.md" in result.fix


def test_without_a_model_nothing_is_asked():
    assert judge({"main.py": "print(1)\n"}).outcome == Outcome.NOT_APPLICABLE
    scales = "from sklearn.preprocessing import StandardScaler\nscaler.fit(x)\n"
    assert judge({"main.py": scales}).outcome == Outcome.NOT_APPLICABLE


@pytest.mark.parametrize(
    ("files", "facts"),
    [({"train.py": TRAINS}, {"is_truncated": True}), ({"train.py": Unread.FAILED}, {})],
)
def test_what_could_not_be_seen_leaves_the_answer_open(files, facts):
    assert judge(files, **facts).outcome == Outcome.UNKNOWN
