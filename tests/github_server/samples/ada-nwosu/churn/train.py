"""Train the churn model and save it."""

import argparse

import joblib
import pandas as pd
from sklearn.compose import make_column_transformer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

NUMBERS = ["tenure", "MonthlyCharges", "TotalCharges"]
WORDS = ["Contract", "InternetService", "PaymentMethod"]


def build():
    columns = make_column_transformer(
        (StandardScaler(), NUMBERS), (OneHotEncoder(handle_unknown="ignore"), WORDS)
    )
    return make_pipeline(columns, LogisticRegression(max_iter=1000, class_weight="balanced"))


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", required=True)
    frame = pd.read_csv(parser.parse_args().data)
    frame["TotalCharges"] = pd.to_numeric(frame["TotalCharges"], errors="coerce").fillna(0)
    model = build().fit(frame[NUMBERS + WORDS], frame["Churn"] == "Yes")
    joblib.dump(model, "model.joblib")
