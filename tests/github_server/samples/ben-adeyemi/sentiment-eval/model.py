"""The bag-of-words model."""

import pickle

from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.pipeline import make_pipeline
from sklearn.svm import LinearSVC


def build():
    return make_pipeline(TfidfVectorizer(ngram_range=(1, 2), min_df=3), LinearSVC())


def load(path):
    with open(path, "rb") as stream:
        return pickle.load(stream)
