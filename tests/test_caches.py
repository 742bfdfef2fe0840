"""The site goes on while its Redis is away: people sign in, and attempts are still counted."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.cache import caches
from django.core.cache.backends.redis import RedisCache

from config.caches import _away_until
from tests.factories import PASSWORD

AWAY = "redis://127.0.0.1:1/0"


@pytest.fixture
def cache_at(settings):
    _away_until.clear()

    def configure(url):
        settings.CACHES = {
            "default": {"BACKEND": "config.caches.SharedOrOwnCache", "LOCATION": url}
        }
        caches["default"]._own.clear()
        return caches["default"]

    return configure


def test_somebody_signs_in_while_redis_is_away(ada, client, cache_at):
    cache_at(AWAY)

    response = client.post("/accounts/login/", {"login": ada.email, "password": PASSWORD})

    assert response.status_code == 302
    assert client.get("/").context["user"] == ada


def test_wrong_passwords_are_counted_while_redis_is_away(ada, client, cache_at):
    cache_at(AWAY)

    statuses = {
        client.post("/accounts/login/", {"login": ada.email, "password": "wrong"}).status_code
        for _ in range(12)
    }

    assert max(statuses) < 500
    response = client.post("/accounts/login/", {"login": ada.email, "password": PASSWORD})
    assert response.status_code != 302


def test_the_cache_is_shared_while_redis_is_there(cache_at, valkey):
    first = cache_at(valkey.url)
    first.set("word", "shared", 60)

    assert valkey.client().keys("*word")
    assert first.get("word") == "shared"
    assert first.add("count", 1)
    assert first.incr("count") == 2


def test_what_is_read_while_redis_is_away_is_simply_not_there(cache_at):
    cache = cache_at(AWAY)

    assert cache.get("word") is None
    assert cache.add("word", "mine", 60)
    assert not cache.add("word", "again", 60)
    assert cache.get_many(["word"]) == {"word": "mine"}


def test_one_thread_that_waited_in_vain_spares_the_others_the_wait(cache_at, monkeypatch):
    cache_at(AWAY)
    asked = []
    really = RedisCache.get
    monkeypatch.setattr(RedisCache, "get", lambda *said: asked.append(said) or really(*said))

    for _ in range(4):
        with ThreadPoolExecutor(1) as another:
            assert another.submit(lambda: caches["default"].get("word")).result() is None

    assert len(asked) == 1
