"""Train the bag-of-words model."""

import json
import pickle

from model import build

rows = json.load(open("data/train.json"))
model = build().fit([row["text"] for row in rows], [row["label"] for row in rows])
pickle.dump(model, open("model.pkl", "wb"))
