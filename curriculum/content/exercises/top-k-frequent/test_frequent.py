from frequent import top_k


def test_most_often_first():
    assert top_k(["b", "a", "b", "c", "b", "a"], 2) == ["b", "a"]


def test_equally_often_in_the_order_of_coming():
    assert top_k([3, 1, 2, 1, 3, 2], 3) == [3, 1, 2]


def test_fewer_than_k_and_none_at_all():
    assert top_k([1, 1], 5) == [1]
    assert top_k([], 3) == []
    assert top_k([1, 2], 0) == []


def test_items_that_can_be_read_only_once():
    assert top_k((n % 10 for n in range(95)), 5) == [0, 1, 2, 3, 4]
