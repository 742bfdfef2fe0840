"""A cache that does not take the site down with it."""

import time
from collections.abc import Callable
from typing import Any

import structlog
from django.core.cache.backends.locmem import LocMemCache
from django.core.cache.backends.redis import RedisCache
from redis import RedisError

log = structlog.get_logger(__name__)

#: After a failure Redis is left alone this long (seconds), so that no page waits for it again.
PAUSE = 5.0

#: Until when, by address: for all threads of this process, each of which has a cache of its own.
_away_until: dict[str, float] = {}

OPERATIONS = [
    "add", "get", "set", "touch", "delete", "get_many", "has_key", "incr", "set_many",
    "delete_many", "clear",
]  # fmt: skip


class SharedOrOwnCache(RedisCache):
    """Redis; while it is away, this process's own memory.

    What the cache holds here are counts of attempts to sign in and numbers of deliveries. Without
    Redis each process counts for itself: weaker than one count for all, and better than no sign-in.
    """

    def __init__(self, server: Any, params: dict[str, Any]):
        super().__init__(server, params)
        self._own = LocMemCache("while redis is away", {"KEY_PREFIX": params.get("KEY_PREFIX", "")})
        self._place = str(server)


def _with_fallback(name: str) -> Callable[..., Any]:
    def operation(self: SharedOrOwnCache, *args: Any, **options: Any) -> Any:
        if time.monotonic() >= _away_until.get(self._place, 0.0):
            try:
                return getattr(RedisCache, name)(self, *args, **options)
            except RedisError as error:
                _away_until[self._place] = time.monotonic() + PAUSE
                log.warning("the cache is away", error=type(error).__name__)
        return getattr(self._own, name)(*args, **options)

    operation.__name__ = name
    return operation


for _name in OPERATIONS:
    setattr(SharedOrOwnCache, _name, _with_fallback(_name))
