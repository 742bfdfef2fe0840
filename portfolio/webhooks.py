"""GitHub tells us of a push, so that a check need not wait for its day.

Each repository has a secret of its own, which its owner pastes into GitHub's settings. It is derived
from the site's key and a nonce in the row, so a copy of the database holds no secret; a new nonce
makes the old secret worthless. A delivery asks for a check run and nothing else: what it says of the
repository is never believed, GitHub is asked.
"""

import hashlib
import hmac
import secrets
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.utils import timezone
from django.utils.crypto import salted_hmac
from redis import RedisError

from portfolio import check_runs
from portfolio.models import CheckRun, Repository

SALT = "portfolio.webhooks"

#: Events after which a repository may look different from outside.
EVENTS = frozenset({"push", "repository", "public", "create", "delete"})

#: A delivery's number is remembered this long; GitHub delivers anew within three days.
REMEMBERED_SECONDS = 3 * 24 * 60 * 60


class BadSignature(Exception):
    """The delivery was not signed with the repository's secret."""


def turn_on(repository: Repository) -> str:
    """Let GitHub tell us of pushes; the secret to paste there. An earlier one ends."""
    repository.webhook_nonce = secrets.token_urlsafe(24)
    repository.save(update_fields=["webhook_nonce"])
    return secret_of(repository)


def turn_off(repository: Repository) -> None:
    """Listen no longer."""
    repository.webhook_nonce = ""
    repository.save(update_fields=["webhook_nonce"])


def secret_of(repository: Repository, key: str | None = None) -> str:
    """The secret that signs this repository's deliveries; 64 hex digits."""
    value = f"{repository.pk}:{repository.webhook_nonce}"
    return salted_hmac(SALT, value, secret=key, algorithm="sha256").hexdigest()


def verify(repository: Repository, body: bytes, signature: str) -> None:
    """Raises BadSignature unless X-Hub-Signature-256 fits the body, under today's key or an earlier one."""
    if not repository.webhook_nonce:
        raise BadSignature
    for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
        digest = hmac.new(secret_of(repository, key).encode(), body, hashlib.sha256).hexdigest()
        if hmac.compare_digest(f"sha256={digest}".encode(), signature.encode(errors="replace")):
            return
    raise BadSignature


def hear(
    repository: Repository, *, event: str, delivery: str, payload: Mapping[str, Any]
) -> CheckRun | None:
    """Ask for a check run if the event can have changed something we look at; None if not.

    The same delivery counts once. A push that comes while a run is reading leads to another look
    after it.
    """
    if event not in EVENTS or not _is_new(delivery):
        return None
    if event == "push" and not _concerns(repository, payload.get("ref")):
        return None
    Repository.objects.filter(pk=repository.pk).update(pushed_at=timezone.now())
    return check_runs.request(repository)


def _concerns(repository: Repository, ref: object) -> bool:
    branch = repository.ref or repository.default_branch
    return not branch or ref == f"refs/heads/{branch}"


def _is_new(delivery: str) -> bool:
    if not delivery:
        return True
    number = hashlib.sha256(delivery.encode(errors="replace")).hexdigest()
    try:
        return cache.add(f"webhook:{number}", 1, REMEMBERED_SECONDS)
    except RedisError:  # the cache is away; a second run for one push harms nobody
        return True
