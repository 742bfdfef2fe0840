"""Fit the models of the README and write down how good each of them was."""

import json
import sys
from pathlib import Path

import joblib
import pandas as pd
from sklearn.compose import make_column_transformer
from sklearn.ensemble import HistGradientBoostingRegressor
from sklearn.linear_model import Ridge
from sklearn.metrics import mean_absolute_error
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder

FEATURES = ["station", "hour", "weekday", "holiday", "level", "last_week"]
CATEGORIES = ["station", "hour", "weekday"]


def models() -> dict:
    encoded = make_column_transformer(
        (OneHotEncoder(handle_unknown="ignore"), CATEGORIES), remainder="passthrough"
    )
    return {
        "ridge": make_pipeline(encoded, Ridge(alpha=10.0)),
        "boosting": make_pipeline(encoded, HistGradientBoostingRegressor(random_state=7)),
    }


def train(path: str, reports: Path) -> None:
    hours = pd.read_csv(path)
    past, future = hours[hours.start < hours.start.max() - 168], hours[hours.start >= hours.start.max() - 168]
    errors = {}
    for name, model in models().items():
        model.fit(past[FEATURES], past["count"])
        errors[name] = mean_absolute_error(future["count"], model.predict(future[FEATURES]))
        joblib.dump(model, reports / f"{name}.joblib")
    (reports / "metrics.json").write_text(json.dumps(errors, indent=2))


if __name__ == "__main__":
    train(sys.argv[1], Path("reports"))
