from intervals import merge


def test_overlapping_ones_become_one():
    assert merge([(1, 3), (2, 6), (8, 10)]) == [(1, 6), (8, 10)]


def test_touching_ones_become_one():
    assert merge([(1, 4), (4, 5)]) == [(1, 5)]


def test_nested_and_identical_ones():
    assert merge([(1, 10), (2, 3), (1, 10)]) == [(1, 10)]


def test_any_order_and_the_list_that_was_given_stays():
    given = [(5, 6), (1, 2)]
    assert merge(given) == [(1, 2), (5, 6)]
    assert given == [(5, 6), (1, 2)]


def test_nothing_and_a_moment():
    assert merge([]) == []
    assert merge([(2, 2), (2, 2)]) == [(2, 2)]
