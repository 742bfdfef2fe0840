"""Whether experiments are recorded, so that a result can be traced to the run that gave it."""

import re
from posixpath import basename

from portfolio.checks import code, completeness, files, training
from portfolio.checks.check import Check, Group
from portfolio.checks.code import Source
from portfolio.checks.results import Confidence, Evidence, Outcome, Result
from portfolio.checks.training import sign
from portfolio.github.snapshot import Snapshot

NAME = "experiment-tracking"

#: The trackers by their documented calls: what writes a figure or a run, not what merely imports them.
TRACKERS = (
    sign(
        "MLflow records the run",
        r"mlflow\.(?:\w+\.){0,3}(?:log_\w+|start_run|autolog|set_experiment)|"
        r"[\w.]*\bclient\.log_(?:metric|param|batch)s?",
        ("mlflow",),
    ),
    sign(
        "Weights & Biases records the run",
        r"wandb\.(?:\w+\.)*(?:init|log|watch|log_artifact|WandbCallback|WandbLogger)",
        ("wandb",),
    ),
    sign(
        "TensorBoard records the run",
        r"[\w.]*\b(?:SummaryWriter|TensorBoard|TensorBoardLogger|create_file_writer|"
        r"add_scalars?)",
    ),
    sign(
        "Neptune records the run",
        r"neptune\.(?:\w+\.)*init\w*|[\w.]*\bNeptuneLogger",
        ("neptune",),
    ),
    sign(
        "Comet records the run",
        r"comet_ml\.(?:Experiment|start|OfflineExperiment)|[\w.]*\bCometLogger",
        ("comet_ml",),
    ),
    sign(
        "ClearML records the run",
        r"(?:clearml|trains)\.Task\.init|[\w.]*\.report_scalar",
        ("clearml", "trains"),
    ),
    sign("Aim records the run", r"aim\.(?:\w+\.)*(?:Run|AimLogger|AimCallback)", ("aim",)),
    sign("Sacred records the run", r"sacred\.Experiment|[\w.]*\.log_scalar", ("sacred",)),
    sign(
        "DVCLive records the run",
        r"dvclive\.(?:\w+\.)*(?:Live|DVCLiveCallback|DVCLiveLogger)",
        ("dvclive",),
    ),
    sign("Trackio records the run", r"trackio\.(?:init|log)", ("trackio",)),
    sign("Lightning's logger records the run", r"[\w.]*\b(?:CSVLogger|WandbLogger|MLFlowLogger)"),
)  # fmt: skip
LIBRARIES = (
    "mlflow", "wandb", "tensorboard", "tensorboardx", "neptune", "comet-ml", "clearml", "aim", "sacred",
    "dvclive", "trackio",
)  # fmt: skip
#: DVC reads these names by default (dvc.org, "params.yaml", "metrics").
FILES = re.compile(
    r"^(?:params\.ya?ml|(?:\w{1,40}[-_.])?metrics(?:[-_.]\w{1,40})?\.(?:json|ya?ml|csv)|scores?\.json)$",
    re.I,
)
#: Folders that MLflow, Weights & Biases and Lightning write into.
RECORDS = re.compile(r"(?:^|/)(?:mlruns|wandb|lightning_logs)(?=/)", re.I)

NEEDED = re.compile(
    r"^[ \t]{0,40}[\"']?(" + "|".join(LIBRARIES) + r")(?=[\s\"'=<>~!\[,;]|$)",
    re.IGNORECASE | re.MULTILINE,
)


def check_tracking(snapshot: Snapshot) -> Result:
    """A tracker is called in own code, or figures of runs are kept in files made for that."""
    sources = code.sources(snapshot)
    if found := training.find(sources, TRACKERS):
        return Result(
            NAME,
            Outcome.PASSED,
            "tracked",
            f"{found.what} in {basename(found.path)}.",
            evidence=(found,),
        )
    kept = _kept(snapshot)
    if kept:
        names = files.siblings(item.path for item in kept)
        return Result(
            NAME,
            Outcome.PASSED,
            "in_files",
            f"Parameters and figures of a run are kept in {names}.",
            Confidence.MEDIUM,
            evidence=kept,
        )
    if not code.has_code(snapshot):
        return _not_applicable(
            "There is no Python code of its own whose experiments could be recorded."
        )
    if not code.is_known(snapshot):
        return code.unread(NAME, snapshot)
    lookalikes = tuple(_lookalikes(snapshot, sources))
    if not lookalikes and not training.find(sources, training.TRAINS):
        return _not_applicable("No model is trained in the files that were read.")
    if completeness.unseen(snapshot):
        return Result(
            NAME,
            Outcome.UNKNOWN,
            "partial",
            f"No tracker seen. {completeness.TOO_LONG}, so there may be one in a file that we could not see.",
            fix=completeness.FIX,
            lookalikes=lookalikes,
        )
    return Result(
        NAME,
        Outcome.FAILED,
        "none_lookalike" if lookalikes else "none",
        "No call found that records an experiment (MLflow, Weights & Biases, TensorBoard, DVC…).",
        Confidence.MEDIUM,
        fix="Write each run's parameters and figures down: “mlflow.autolog()” before training is a "
        "start, a metrics.json "
        "beside the script will do.",
        lookalikes=lookalikes,
    )


def _not_applicable(why: str) -> Result:
    return Result(NAME, Outcome.NOT_APPLICABLE, "not_applicable", why)


def _kept(snapshot: Snapshot) -> tuple[Evidence, ...]:
    """Figures or parameters in a file: metrics.json, params.yaml."""
    environments = files.environments(snapshot)
    found = [
        entry.path
        for entry in files.within(snapshot)
        if entry.is_file
        and FILES.match(basename(entry.path))
        and not files.why_not_own(entry.path, environments)
        and not files.TEST_WORD.search(entry.path)
    ]
    return tuple(
        Evidence(path, what="figures or parameters of a run") for path in files.spread(found)[:3]
    )


def _lookalikes(snapshot: Snapshot, sources: list[Source]) -> list[Evidence]:
    found = []
    for source in sources:
        line = source.imports_of(*(name.replace("-", "_") for name in LIBRARIES))
        if line is not None:
            found.append(source.evidence(line, "a tracker is imported; no call of it was seen"))
    for path, text in snapshot.files.items():
        if path.endswith((".txt", ".toml", ".yml", ".yaml")) and (match := NEEDED.search(text)):
            line = text.count("\n", 0, match.start(1)) + 1
            found.append(
                Evidence(path, line, what="a tracker is installed; no call of it was seen")
            )
    folders = {m[0] for entry in files.within(snapshot) if (m := RECORDS.search(entry.path))}
    found += [Evidence(folder, what="a folder that trackers write") for folder in sorted(folders)]
    return found[:3]


CHECKS = (
    Check(
        NAME,
        "Experiment tracking",
        Group.LIFECYCLE,
        30,
        check_tracking,
        "In an interview you are asked what you tried; a record remembers, and shows that you compared.",
        wanted=code.wanted,
    ),
)
