"""Evaluate the model on the shop's reviews."""

import json

from sklearn.metrics import classification_report

from model import load


def test(path="data/shop_test.json"):
    rows = json.load(open(path))
    model = load("model.pkl")
    predicted = model.predict([row["text"] for row in rows])
    print(classification_report([row["label"] for row in rows], predicted))


if __name__ == "__main__":
    test()
