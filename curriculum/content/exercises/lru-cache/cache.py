from typing import Any


class Cache:
    """Holds at most so many values; the one that was not used for longest goes first.

    Both get and put are uses, and take constant time. ValueError for a capacity below 1.
    Do not use functools.lru_cache.
    """

    def __init__(self, capacity: int):
        raise NotImplementedError

    def get(self, key: Any, default: Any = None) -> Any:
        raise NotImplementedError

    def put(self, key: Any, value: Any) -> None:
        raise NotImplementedError

    def __len__(self) -> int:
        raise NotImplementedError
