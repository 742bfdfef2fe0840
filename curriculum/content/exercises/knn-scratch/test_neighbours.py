import pytest
from neighbours import predict

POINTS = [(0, 0), (0, 1), (1, 0), (5, 5), (6, 5), (5, 6)]
LABELS = ["low", "low", "low", "high", "high", "high"]


def test_the_nearest_points_vote():
    assert predict(POINTS, LABELS, (0.2, 0.2), 3) == "low"
    assert predict(POINTS, LABELS, (5.5, 5.5), 3) == "high"


def test_of_a_tie_the_nearest_decides():
    assert predict([(0, 0), (3, 0)], ["a", "b"], (1, 0), 2) == "a"
    assert predict([(3, 0), (0, 0)], ["b", "a"], (1, 0), 2) == "a"


def test_one_and_all_of_them():
    assert predict(POINTS, LABELS, (2, 2), 1) == "low"
    assert predict(POINTS, LABELS, (100, 100), 6) in {"low", "high"}


@pytest.mark.parametrize("k", [0, -1, 7])
def test_a_k_that_makes_no_sense_is_refused(k):
    with pytest.raises(ValueError):
        predict(POINTS, LABELS, (0, 0), k)


def test_more_than_two_dimensions():
    assert predict([(0, 0, 0, 0), (9, 9, 9, 9)], ["near", "far"], (1, 1, 1, 1), 1) == "near"
