from wards.forecast import expected, same_weekday


def test_a_ward_never_needs_fewer_beds_than_none():
    assert expected(taken=2, leaving=5, coming=1) == 0


def test_the_baseline_looks_at_the_same_weekday_only():
    assert same_weekday([("mon", 10), ("tue", 99), ("mon", 14)], "mon") == 12
