from two_sum import two_sum


def test_a_pair_is_found_wherever_it_stands():
    assert two_sum([2, 7, 11, 15], 9) == (0, 1)
    assert two_sum([3, 1, 4, 1, 5], 9) == (2, 4)


def test_equal_values_are_two_elements_and_one_element_is_not_used_twice():
    assert two_sum([3, 3], 6) == (0, 1)
    assert two_sum([3, 1], 6) is None


def test_negatives_and_zero():
    assert two_sum([-4, 0, 4, 9], 0) == (0, 2)


def test_no_pair_and_nothing_at_all():
    assert two_sum([1, 2, 3], 100) is None
    assert two_sum([], 0) is None


def test_a_hundred_thousand_numbers_take_no_time():
    numbers = list(range(100_000))
    assert two_sum(numbers, 199_997) == (99_998, 99_999)
