"""Score the saved model on the test set and print the numbers for the README."""

import argparse

import joblib
import pandas as pd
from sklearn.metrics import roc_auc_score

from train import NUMBERS, WORDS

parser = argparse.ArgumentParser()
parser.add_argument("--model", required=True)
parser.add_argument("--data", required=True)
options = parser.parse_args()

frame = pd.read_csv(options.data)
frame["TotalCharges"] = pd.to_numeric(frame["TotalCharges"], errors="coerce").fillna(0)
scores = joblib.load(options.model).predict_proba(frame[NUMBERS + WORDS])[:, 1]
print("AUC", round(roc_auc_score(frame["Churn"] == "Yes", scores), 3))
