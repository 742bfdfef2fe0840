"""Is the process alive, and could it serve a page? For load balancers, containers and people."""

from collections.abc import Callable

import redis
from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, Error, connections
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

BROKER_SECONDS = 1


class NotReady(Exception):
    """Something a page needs is missing; the message is short and holds no secret."""


@never_cache
@require_safe
def alive(request: HttpRequest) -> HttpResponse:
    """/healthz: this process answers. Asks nothing else, so an outage elsewhere restarts nobody."""
    return JsonResponse({"status": "alive"})


@never_cache
@require_safe
def ready(request: HttpRequest) -> HttpResponse:
    """/readyz: database, migrations and broker, each "ok" or what is wrong; 503 if one is."""
    checks = {name: _answer(check) for name, check in CHECKS.items()}
    is_ready = all(answer == "ok" for answer in checks.values())
    body = {"status": "ready" if is_ready else "not ready", "checks": checks}
    return JsonResponse(body, status=200 if is_ready else 503)


def _answer(check: Callable[[], None]) -> str:
    try:
        check()
    except NotReady as error:
        return str(error)
    return "ok"


def _database() -> None:
    try:
        with connections[DEFAULT_DB_ALIAS].cursor() as cursor:
            cursor.execute("SELECT 1")
            cursor.fetchone()
    except Error as error:
        raise NotReady("does not answer") from error


def _migrations() -> None:
    try:
        executor = MigrationExecutor(connections[DEFAULT_DB_ALIAS])
        missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except Error as error:
        raise NotReady("cannot be read") from error
    if missing:
        raise NotReady(f"{len(missing)} to apply")


def _broker() -> None:
    client = redis.Redis.from_url(
        settings.REDIS_URL,
        socket_timeout=BROKER_SECONDS,
        socket_connect_timeout=BROKER_SECONDS,
    )
    try:
        client.ping()
    except redis.RedisError as error:
        raise NotReady("does not answer") from error
    finally:
        client.close()


CHECKS: dict[str, Callable[[], None]] = {
    "database": _database,
    "migrations": _migrations,
    "broker": _broker,
}
