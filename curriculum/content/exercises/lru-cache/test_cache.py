import pytest
from cache import Cache


def test_what_was_put_is_found():
    cache = Cache(2)
    cache.put("a", 1)
    assert cache.get("a") == 1
    assert cache.get("b") is None
    assert cache.get("b", 0) == 0


def test_the_one_not_used_for_longest_goes():
    cache = Cache(2)
    cache.put("a", 1)
    cache.put("b", 2)
    cache.get("a")
    cache.put("c", 3)
    assert cache.get("b") is None
    assert (cache.get("a"), cache.get("c")) == (1, 3)


def test_putting_again_is_a_use_and_changes_the_value():
    cache = Cache(2)
    cache.put("a", 1)
    cache.put("b", 2)
    cache.put("a", 10)
    cache.put("c", 3)
    assert cache.get("a") == 10
    assert cache.get("b") is None
    assert len(cache) == 2


def test_none_is_a_value():
    cache = Cache(1)
    cache.put("a", None)
    assert cache.get("a", "missing") is None


@pytest.mark.parametrize("capacity", [0, -1])
def test_a_cache_for_nothing_is_refused(capacity):
    with pytest.raises(ValueError):
        Cache(capacity)


def test_a_hundred_thousand_uses_take_no_time():
    cache = Cache(1_000)
    for number in range(100_000):
        cache.put(number, number)
    assert len(cache) == 1_000
    assert cache.get(99_999) == 99_999
