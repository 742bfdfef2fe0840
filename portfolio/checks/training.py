"""What in code shows that a model is trained, evaluated, served or watched. Shared by several checks."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from portfolio.checks.code import Source
from portfolio.checks.results import Evidence


@dataclass(frozen=True, slots=True)
class Sign:
    """A call or an import that shows one thing, and the words that say so."""

    what: str
    calls: re.Pattern[str] | None = None  # of a call's full name
    modules: tuple[str, ...] = ()  # imported; with `calls` both are needed
    word: str = ""  # that one of the call's texts is or holds: Artifact("x", type="model")


def sign(what: str, calls: str = "", modules: tuple[str, ...] = (), word: str = "") -> Sign:
    """A sign whose pattern is matched from the start of the name to its end."""
    return Sign(what, re.compile(rf"\A(?:{calls})\Z") if calls else None, modules, word)


#: scikit-learn, XGBoost, Keras, Lightning and Hugging Face train by a method of these names; PyTorch by
#: an optimiser that steps after a backward pass. What only prepares data is fitted too, and is none.
TRAINS = (
    sign(
        "a model is fitted",
        r"(?!(?i:.*(?:scaler|encoder|vectori[sz]er|tokeni[sz]er|imputer|binari[sz]er|transformer|preprocess\w*|pca)\.\w+\Z))"
        r"[\w.]*\.(?:fit|partial_fit|fit_generator|fit_predict)",
    ),
    sign("a model is trained", r"(?:xgboost|lightgbm)\.(?:train|cv)|[\w.]*\b[Tt]rainer\.train"),
    sign(
        "an optimiser steps",
        r"[\w.]*\.backward|[\w.]*\b(?:optimi[sz]er|optim|opt)(?:_\w+)?\.(?:step|minimize|apply_gradients)",
    ),
)

#: By the names of scikit-learn's, TorchMetrics' and Keras' documentation; a function of one's own that
#: is called "evaluate" says what it does as well.
EVALUATES = (
    sign(
        "a metric is computed",
        r"sklearn\.metrics\.(?:\w+\.)?\w+|(?:torchmetrics|keras\.metrics|"
        r"tensorflow\.keras\.metrics)\.[\w.]+",
    ),
    sign(
        "a model is validated",
        r"sklearn\.model_selection\.cross_val\w+|[\w.]*\bcross_val(?:_score|_predict|idate)",
    ),
    sign(
        "a metric is computed",
        r"[\w.]*\b(?:accuracy|f1|precision|recall|roc_auc|r2|silhouette|average_precision|"
        r"ndcg)_score",
    ),
    sign(
        "a metric is computed",
        r"[\w.]*\b(?:classification_report|confusion_matrix|log_loss|mean_(?:absolute|"
        r"squared)\w*_error)",
    ),
    sign(
        "a model is evaluated",
        r"[\w.]*\b(?:evaluate(?:_\w+)?|estimate_loss|validate_model)|[\w.]*\.score",
    ),
)

PREPARES = (
    sign(
        "features are made",
        r"sklearn\.(?:preprocessing|feature_extraction|feature_selection|impute|"
        r"compose)\.[\w.]+",
    ),
    sign(
        "data are split",
        r"sklearn\.model_selection\.(?:train_test_split|\w*(?:Fold|Split))|"
        r"torch\.utils\.data\.random_split",
    ),
    sign(
        "features are made",
        r"pandas\.get_dummies|[\w.]*\.(?:fillna|dropna|get_dummies|one_hot)|"
        r"featuretools\.\w+",
    ),
    sign(
        "inputs are prepared",
        r"torchvision\.transforms(?:\.v2)?\.\w+|[\w.]*\b(?:transforms|A)\.Compose|"
        r"albumentations\.\w+",
    ),
    sign("texts are tokenised", r"[\w.]*[Tt]okenizer(?:\.\w+)?|tiktoken\.\w+"),
    sign("features are looked up", r"feast\.\w+|[\w.]*\.get_(?:historical|online)_features"),
)

#: A data set that a library fetches by its name.
LIBRARY_DATA = (
    sign(
        "a data set is fetched by its name",
        r"datasets\.(?:load\.)?load_dataset|seaborn\.load_dataset",
    ),
    sign("a data set is fetched by its name", r"sklearn\.datasets\.(?:fetch|load|make)_\w+"),
    sign(
        "a data set is fetched by its name",
        r"(?:tensorflow\.)?keras\.(?:\w+\.)?datasets\.\w+\.load_data",
    ),
    sign(
        "a data set is fetched by its name",
        r"(?:torchvision|torchtext|torchaudio|torch_geometric)\.datasets\.\w+",
    ),
    sign(
        "a data set is fetched by its name",
        r"tensorflow_datasets\.load|ucimlrepo\.fetch_ucirepo|openml\.datasets\.get_dataset",
    ),
)

READS_DATA = (
    sign(
        "data are read",
        r"(?:pandas|polars|dask\.dataframe|modin\.pandas|geopandas|cudf|"
        r"pyarrow\.\w+)\.(?:read|scan)_\w+",
    ),
    sign(
        "data are read",
        r"[\w.]*\bspark\.(?:read\.\w+|table|sql)|duckdb\.(?:read_\w+|sql|query)|"
        r"pyarrow\.parquet\.\w+",
    ),
    *LIBRARY_DATA,
    sign(
        "data are read",
        r"[\w.]*\b(?:ImageFolder|image_dataset_from_directory|flow_from_directory|"
        r"load_from_disk|DataLoader)",
    ),
    sign(
        "data are read",
        r"numpy\.(?:load|loadtxt|genfromtxt|memmap|fromfile)|csv\.(?:reader|DictReader)",
    ),
)

#: Frameworks by which a model is served or shown, with the call that makes the application.
SERVES = (
    sign("a FastAPI application", r"fastapi\.(?:applications\.)?FastAPI"),
    sign("a Flask application", r"flask\.(?:app\.)?Flask"),
    sign("a Streamlit page", r"streamlit\.\w[\w.]*"),
    sign("a Gradio interface", r"gradio\.(?:\w+\.)?(?:Interface|Blocks|ChatInterface)"),
    sign("a BentoML service", r"bentoml\.(?:service|Service|api)"),
    sign("a Ray Serve deployment", r"ray\.serve\.\w+"),
    sign("a LitServe server", r"litserve\.LitServer"),
    sign("a Dash application", r"dash\.Dash"),
    sign("a Chainlit application", modules=("chainlit",)),
    sign("an MLflow model server", r"mlflow\.models\.\w*serve\w*"),
)

MONITORS = (
    sign("drift is measured (Evidently)", modules=("evidently",)),
    sign("data are profiled (whylogs)", modules=("whylogs",)),
    sign("performance is estimated (NannyML)", modules=("nannyml",)),
    sign(
        "figures for Prometheus", modules=("prometheus_client", "prometheus_fastapi_instrumentator")
    ),
    sign("drift is detected", modules=("alibi_detect", "river.drift", "deepchecks", "frouros")),
    sign("calls are traced", modules=("langfuse", "arize", "phoenix.otel")),
)

VALIDATES_DATA = (
    sign(
        "data are validated",
        modules=("pandera", "great_expectations", "tensorflow_data_validation"),
    ),
)


def find(sources: Iterable[Source], signs: Iterable[Sign]) -> Evidence | None:
    """The first place that shows one of these; None for none."""
    signs = tuple(signs)
    for source in sources:
        for one in signs:
            if found := _find(source, one):
                return found
    return None


def _find(source: Source, wanted: Sign) -> Evidence | None:
    line = source.imports_of(*wanted.modules) if wanted.modules else None
    if wanted.modules and line is None:
        return None
    if wanted.calls is None:
        return source.evidence(line or 0, wanted.what)
    for call in source.calls:
        is_said = not wanted.word or any(wanted.word in text for text in call.texts)
        if is_said and wanted.calls.match(call.name):
            return source.evidence(call.line, wanted.what)
    return None
