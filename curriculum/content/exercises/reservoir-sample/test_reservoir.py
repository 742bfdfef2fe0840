import random
from collections import Counter

from reservoir import sample


def test_as_many_as_asked_and_all_of_the_stream():
    chosen = sample(iter(range(100)), 10, random.Random(1))
    assert len(set(chosen)) == 10
    assert set(chosen) <= set(range(100))


def test_a_short_stream_is_returned_whole():
    assert sorted(sample(iter([1, 2]), 5, random.Random(1))) == [1, 2]
    assert sample(iter([]), 3, random.Random(1)) == []


def test_the_same_seed_gives_the_same_sample():
    assert sample(range(50), 5, random.Random(3)) == sample(range(50), 5, random.Random(3))


def test_every_item_is_equally_likely():
    dice, counts = random.Random(7), Counter()
    for _ in range(20_000):
        counts.update(sample(iter(range(10)), 3, dice))
    assert all(abs(counts[item] / 20_000 - 0.3) < 0.02 for item in range(10))
