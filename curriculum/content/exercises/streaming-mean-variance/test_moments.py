import random
import statistics

import pytest
from moments import Moments


def of(numbers):
    moments = Moments()
    for number in numbers:
        moments.add(number)
    return moments


def test_it_agrees_with_the_standard_library():
    dice = random.Random(7)
    numbers = [dice.gauss(10, 3) for _ in range(1_000)]
    moments = of(numbers)
    assert moments.mean == pytest.approx(statistics.fmean(numbers))
    assert moments.variance == pytest.approx(statistics.variance(numbers))


def test_a_large_offset_does_not_eat_the_variance():
    moments = of([1e9 + 4, 1e9 + 7, 1e9 + 13, 1e9 + 16])
    assert moments.variance == pytest.approx(30)


def test_too_few_numbers():
    with pytest.raises(ValueError):
        _ = Moments().mean
    with pytest.raises(ValueError):
        _ = of([1]).variance


def test_equal_numbers_do_not_vary():
    assert of([5, 5, 5]).variance == 0
