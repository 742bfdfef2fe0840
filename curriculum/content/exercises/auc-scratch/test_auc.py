import random

import pytest
from auc import roc_auc


def test_perfect_reversed_and_worthless():
    assert roc_auc([0, 0, 1, 1], [0.1, 0.2, 0.8, 0.9]) == 1
    assert roc_auc([1, 1, 0, 0], [0.1, 0.2, 0.8, 0.9]) == 0
    assert roc_auc([0, 1, 0, 1], [0.5, 0.5, 0.5, 0.5]) == pytest.approx(0.5)


def test_by_hand():
    assert roc_auc([0, 1, 0, 1], [0.1, 0.3, 0.3, 0.9]) == pytest.approx(3.5 / 4)


def test_it_agrees_with_counting_pairs():
    dice = random.Random(7)
    labels = [dice.randint(0, 1) for _ in range(200)]
    scores = [dice.randint(0, 20) / 20 for _ in range(200)]
    pairs = [
        (positive > negative) + (positive == negative) / 2
        for positive, one in zip(scores, labels)
        if one
        for negative, none in zip(scores, labels)
        if not none
    ]
    assert roc_auc(labels, scores) == pytest.approx(sum(pairs) / len(pairs))


def test_one_class_alone_has_no_auc():
    with pytest.raises(ValueError):
        roc_auc([1, 1], [0.2, 0.4])


def test_a_hundred_thousand_rows_take_seconds_at_most():
    labels = [n % 2 for n in range(100_000)]
    assert 0.49 < roc_auc(labels, [n % 997 for n in range(100_000)]) < 0.51
