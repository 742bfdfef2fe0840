from boundary import first_at_least


class Counting(list):
    """A list that counts how often somebody looks into it."""

    looks = 0

    def __getitem__(self, index):
        self.looks += 1
        return super().__getitem__(index)


def test_between_before_and_after():
    assert first_at_least([1, 3, 5], 4) == 2
    assert first_at_least([1, 3, 5], 0) == 0
    assert first_at_least([1, 3, 5], 6) == 3
    assert first_at_least([], 1) == 0


def test_the_first_of_equal_values():
    assert first_at_least([1, 2, 2, 2, 3], 2) == 1


def test_every_value_of_a_list_is_found_at_its_place():
    values = list(range(0, 100, 3))
    assert [first_at_least(values, value) for value in values] == list(range(len(values)))


def test_it_looks_rarely():
    values = Counting(range(1_000_000))
    assert first_at_least(values, 765_432) == 765_432
    assert values.looks <= 25
