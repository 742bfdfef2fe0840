"""Whether the trained model has a version: a registry, a card, or a file under version control for data."""

import re
from posixpath import basename

from portfolio.checks import code, completeness, files, training
from portfolio.checks.check import Check, Group
from portfolio.checks.results import Confidence, Evidence, Outcome, Result, quoted
from portfolio.checks.training import sign
from portfolio.github.snapshot import Snapshot

NAME = "model-versioning"

#: Calls that give a model a name and a version elsewhere (each library's own documentation).
REGISTERS = (
    sign(
        "the model is logged to MLflow",
        r"mlflow\.(?:\w+\.){0,3}(?:log_model|register_model|create_model_version|"
        r"create_registered_model)|[\w.]*\bclient\.(?:create_model_version|"
        r"create_registered_model)",
        ("mlflow",),
    ),
    sign(
        "the model is pushed to the Hugging Face Hub",
        r"[\w.]*\b(?:push_to_hub|push_to_hub_keras)|huggingface_hub\.upload_(?:file|"
        r"folder)|[\w.]*\bHfApi\.upload_(?:file|folder)",
    ),
    sign(
        "the model is a Weights & Biases artifact",
        r"wandb\.(?:log_model|link_model)|[\w.]*\brun\.(?:log_model|link_model)",
        ("wandb",),
    ),
    sign(
        "the model is a Weights & Biases artifact",
        r"wandb\.(?:Artifact|log_artifact)",
        ("wandb",),
        word="model",
    ),
    sign("the model is kept by BentoML", r"bentoml\.(?:\w+\.)?save_model", ("bentoml",)),
    sign("the model is kept by ClearML", r"clearml\.OutputModel", ("clearml",)),
)  # fmt: skip
CARD = re.compile(r"^model[-_ ]?cards?(?:[-_]\w{1,40})?\.(?:md|rst|txt|json|ya?ml)$", re.IGNORECASE)
WEIGHTS = frozenset([
    "pkl", "pickle", "joblib", "pt", "pth", "ckpt", "h5", "hdf5", "keras", "onnx", "pb", "tflite",
    "safetensors", "bin", "cbm", "ubj", "bst", "mlmodel",
])  # fmt: skip
#: Words in a path that say "this is a model" where the ending alone does not (.bin, .h5, .pkl are data too).
MODELLY = re.compile(
    r"model|weight|checkpoint|classifier|regressor|estimator|pipeline|scaler|vectori[sz]er|encoder|net\b|\.(?:onnx|keras|tflite|safetensors|pth?|ckpt|cbm|mlmodel)$",
    re.IGNORECASE,
)
TRACKED = re.compile(
    r"(?:model|weight|checkpoint)[^/]{0,100}\.dvc$|(?:^|/)(?:models?|checkpoints?|weights)/[^/]{1,200}\.dvc$",
    re.IGNORECASE,
)
LFS_MODEL = re.compile(
    r"^(?!\s*#)\S{0,200}\.(?:pkl|joblib|pt|pth|ckpt|h5|keras|onnx|safetensors|bin|pb|tflite)\s[^\n]{0,200}?filter=lfs",
    re.MULTILINE | re.IGNORECASE,
)


def check_model(snapshot: Snapshot) -> Result:
    """The model is registered, described by a card, or versioned as data are."""
    sources = code.sources(snapshot)
    found = [item for item in (training.find(sources, REGISTERS), *_in_files(snapshot)) if item]
    if found:
        return Result(
            NAME,
            Outcome.PASSED,
            "versioned",
            f"{found[0].what[:1].upper()}{found[0].what[1:]}.",
            evidence=tuple(found[:4]),
        )
    weights = _weights(snapshot)
    trains = training.find(sources, training.TRAINS)
    if not weights and not trains:
        if code.has_code(snapshot) and not code.is_known(snapshot):
            return code.unread(NAME, snapshot)
        return Result(
            NAME,
            Outcome.NOT_APPLICABLE,
            "not_applicable",
            "No model is trained in the files that were read.",
        )
    if completeness.unseen(snapshot):
        return Result(
            NAME,
            Outcome.UNKNOWN,
            "partial",
            f"No version of a model seen. {completeness.TOO_LONG}, so there may be one that we could not see.",
            fix=completeness.FIX,
        )
    return Result(
        NAME,
        Outcome.FAILED,
        "none_lookalike" if weights else "none",
        "No model registry, model card or versioned model file found.",
        Confidence.MEDIUM,
        fix="Give the trained model a version: log it (“mlflow.sklearn.log_model”), push it to the Hugging Face "
        "Hub, or write a "
        "MODEL_CARD.md that says which data and code made it and how good it is.",
        lookalikes=tuple(
            Evidence(path, what="a model without a word about which run made it")
            for path in weights[:3]
        )
        or ((trains,) if trains else ()),
    )


def _in_files(snapshot: Snapshot) -> list[Evidence]:
    environments = files.environments(snapshot)
    found = []
    for entry in files.within_or_at_root(snapshot):
        if not entry.is_file or files.why_not_own(entry.path, environments):
            continue
        if CARD.match(basename(entry.path)):
            found.append(Evidence(entry.path, what="the model is described by a card"))
        elif TRACKED.search(entry.path):
            found.append(Evidence(entry.path, what="the model is versioned by DVC"))
    text = snapshot.files.get(".gitattributes", "")
    if match := LFS_MODEL.search(text):
        line = text.count("\n", 0, match.start()) + 1
        found.append(
            Evidence(
                ".gitattributes",
                line,
                what="the model is versioned by Git LFS",
                quote=quoted(match[0]),
            )
        )
    return found


def _weights(snapshot: Snapshot) -> list[str]:
    environments = files.environments(snapshot)
    found = [
        entry.path
        for entry in files.within(snapshot)
        if entry.is_file
        and files.place(entry.path).ending in WEIGHTS
        and MODELLY.search(entry.path)
        and not files.why_not_own(entry.path, environments)
        and not files.TEST_WORD.search(entry.path)
    ]
    return files.spread(found)


CHECKS = (
    Check(
        NAME,
        "Models",
        Group.LIFECYCLE,
        20,
        check_model,
        "Somebody will ask which model is running, and what made it.",
        wanted=code.wanted,
    ),
)
