"""Which stages of a machine learning system's life the repository shows, each by a place in it."""

import re
from posixpath import basename

from portfolio.checks import ci, code, completeness, files, training
from portfolio.checks.check import Check, Group
from portfolio.checks.code import Source
from portfolio.checks.container import DOCKERFILE
from portfolio.checks.results import Confidence, Evidence, Outcome, Result
from portfolio.github.snapshot import Snapshot

NAME = "lifecycle"

#: The stages in order, as a page says them.
STAGES = (
    "data", "features", "training", "evaluation", "packaging", "serving", "automation", "monitoring",
)  # fmt: skip
#: Without these it is no machine learning, however much there is around it.
CORE = ("training", "evaluation")
#: What to do to show a stage that is missing.
NEXT = {
    "data": "Read the data in a script of its own, and check them there (pandera, or a few assertions).",
    "features": "Make features in one place, the same for training and serving: a scikit-learn Pipeline is a start.",
    "training": "Put training into a script that anybody can run: “python train.py”.",
    "evaluation": "Measure on data that training never saw, against a baseline, with a metric that fits the problem.",
    "packaging": "Add a Dockerfile or a pyproject.toml, so that it runs on another machine.",
    "serving": "Put the model behind something a person can use: a FastAPI endpoint, or a Streamlit page.",
    "automation": "Let continuous integration run the tests, or the training, on every push.",
    "monitoring": "Watch what the served model sees: log inputs and predictions, measure drift (Evidently is a start).",
}
ENOUGH = 4  # stages, those of CORE among them

PACKAGE = re.compile(
    r"^(?:pyproject\.toml|setup\.py|setup\.cfg|bentofile\.ya?ml|MLproject|conda\.ya?ml)$",
    re.IGNORECASE,
)
DEPLOYS = re.compile(
    r"(?:^|/)(?:k8s|kubernetes|helm|charts|terraform|deploy(?:ment)?)/[^/]{1,200}\.(?:ya?ml|tf|tpl)$|"
    r"(?:^|/)(?:app\.yaml|procfile|render\.ya?ml|fly\.toml|vercel\.json|serverless\.ya?ml|bentofile\.ya?ml|skaffold\.ya?ml|modal_app\.py)$",
    re.IGNORECASE,
)
WATCHES = re.compile(
    r"(?:^|/)(?:prometheus|grafana|alertmanager)[^/]{0,100}(?:/|\.ya?ml$|\.json$)|(?:^|/)monitor(?:ing)?/[^/]{1,200}\.(?:py|ya?ml|json)$",
    re.IGNORECASE,
)
PIPELINE = re.compile(
    r"(?:^|/)(?:dvc\.yaml|airflow\.cfg|prefect\.ya?ml|kedro\.yml|dagster\.ya?ml)$|(?:^|/)dags/[^/]{1,200}\.py$",
    re.IGNORECASE,
)


def check_lifecycle(snapshot: Snapshot) -> Result:
    """Four stages or more, training and evaluation among them."""
    sources = code.sources(snapshot)
    found = _stages(snapshot, sources)
    shown = {stage: item for stage in STAGES if (item := found.get(stage))}
    details = {"stages": {stage: stage in shown for stage in STAGES}}
    if "training" not in shown and not _is_learning(sources):
        if code.has_code(snapshot) and not code.is_known(snapshot):
            return code.unread(NAME, snapshot)
        return Result(
            NAME,
            Outcome.NOT_APPLICABLE,
            "not_applicable",
            "No machine learning library is used in the files that were read.",
            details=details,
        )
    missing = [stage for stage in STAGES if stage not in shown]
    needed = [stage for stage in CORE if stage in missing]
    is_enough = len(shown) >= ENOUGH and not needed
    summary = _summary(list(shown), needed if len(shown) >= ENOUGH else [])
    nearest = next(iter([*needed, *missing]), "")
    is_partial = completeness.unseen(snapshot) or not code.is_known(snapshot)
    if not is_enough and is_partial:
        return Result(
            NAME,
            Outcome.UNKNOWN,
            "partial",
            f"{summary} Not every file could be seen, so there may be more.",
            Confidence.LOW,
            evidence=tuple(shown.values()),
            details=details,
        )
    return Result(
        NAME,
        Outcome.PASSED if is_enough else Outcome.FAILED,
        "broad" if is_enough else "narrow",
        summary,
        Confidence.MEDIUM,
        fix=f"The nearest next stage is {nearest}. {NEXT[nearest]}" if nearest else "",
        evidence=tuple(shown.values()),
        details=details,
    )


def _summary(shown: list[str], needed: list[str]) -> str:
    """How many stages are shown, which, and what is needed although there are enough of them."""
    if not shown:
        return f"No stage of the {len(STAGES)} from data to monitoring is shown yet."
    summary = f"{len(shown)} of {len(STAGES)} stages shown: {', '.join(shown)}"
    return f"{summary}; {' and '.join(needed)} not." if needed else f"{summary}."


#: Libraries that nobody imports for anything but learning from data.
LEARNING = (
    "sklearn", "torch", "tensorflow", "keras", "xgboost", "lightgbm", "catboost", "transformers", "jax", "flax",
    "statsmodels", "prophet", "fastai", "pytorch_lightning", "lightning", "sentence_transformers", "spacy",
    "gensim", "implicit",
)  # fmt: skip


def _is_learning(sources: list[Source]) -> bool:
    return any(source.imports_of(*LEARNING) is not None for source in sources)


def _stages(snapshot: Snapshot, sources: list[Source]) -> dict[str, Evidence | None]:
    named = _by_name(snapshot)
    workflow = next(iter(ci.configurations(snapshot)), None)
    automation = named.get("automation")
    if automation is None and workflow is not None:
        automation = Evidence(workflow.path, what="continuous integration")
    return {
        "data": training.find(sources, (*training.VALIDATES_DATA, *training.READS_DATA)),
        "features": training.find(sources, training.PREPARES),
        "training": training.find(sources, training.TRAINS),
        "evaluation": training.find(sources, training.EVALUATES),
        "packaging": named.get("packaging"),
        "serving": training.find(sources, training.SERVES) or named.get("serving"),
        "automation": automation,
        "monitoring": training.find(sources, training.MONITORS) or named.get("monitoring"),
    }


def _by_name(snapshot: Snapshot) -> dict[str, Evidence]:
    """Stages that a file's name shows, since a tool looks for that very name."""
    environments = files.environments(snapshot)
    found: dict[str, Evidence] = {}
    for entry in files.within_or_at_root(snapshot):
        if not entry.is_file or files.why_not_own(entry.path, environments):
            continue
        name = basename(entry.path)
        if DOCKERFILE.match(name):
            found.setdefault("packaging", Evidence(entry.path, what="a container"))
        elif PACKAGE.match(name):
            found.setdefault("packaging", Evidence(entry.path, what="a package"))
        if DEPLOYS.search(entry.path):
            found.setdefault("serving", Evidence(entry.path, what="how it is deployed"))
        if WATCHES.search(entry.path):
            found.setdefault("monitoring", Evidence(entry.path, what="how it is watched"))
        if PIPELINE.search(entry.path):
            found.setdefault("automation", Evidence(entry.path, what="a pipeline of steps"))
    return found


CHECKS = (
    Check(
        NAME,
        "Lifecycle",
        Group.LIFECYCLE,
        40,
        check_lifecycle,
        "Employers look for people who take a model from data to something that runs, not for another notebook.",
        wanted=code.wanted,
    ),
)
