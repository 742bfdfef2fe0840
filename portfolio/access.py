"""Let Milepost read one private repository, and take that back.

The owner gives a token of GitHub's that can read this repository and nothing else. It is kept sealed,
opened only for the client that asks GitHub, and belongs to this repository of this project: nobody
else's link to the same name is read with it.
"""

from datetime import datetime

import structlog
from django.db import transaction
from django.utils import timezone
from django.views.decorators.debug import sensitive_variables

from accounts import sealing
from portfolio.models import Access, Repository

log = structlog.get_logger(__name__)


@sensitive_variables()
@transaction.atomic
def give(repository: Repository, token: str) -> Access:
    """Read the repository with this token from now on; an earlier one is forgotten.

    `token` must have passed portfolio.github.tokens.check.
    """
    facts = {
        "sealed_token": sealing.seal(token),
        "given_at": timezone.now(),
        "expires_at": None,
        "used_at": None,
        "refused_at": None,
    }
    access, _ = Access.objects.update_or_create(repository=repository, defaults=facts)
    return access


@transaction.atomic
def withdraw(repository: Repository) -> None:
    """Forget the token. Verdicts stay with their date; the repository counts as not to be seen."""
    deleted, _ = Access.objects.filter(repository=repository).delete()
    if deleted and repository.is_private:
        repository.standing = Repository.Standing.NOT_FOUND
        repository.standing_since = timezone.now()
        repository.save(update_fields=["standing", "standing_since"])


def of(repository: Repository) -> Access | None:
    """What its owner gave, if anything; without a query where the row was fetched with it."""
    try:
        return repository.access
    except Access.DoesNotExist:
        return None


def token_of(repository: Repository) -> str:
    """The token to ask GitHub with; "" for a repository that is read with the site's own credential.

    Raises sealing.Broken where the site's keys no longer open it.
    """
    access = of(repository)
    return sealing.unseal(access.sealed_token) if access else ""


def note_use(repository: Repository, expires_at: datetime | None) -> None:
    """GitHub answered to the token; it says when that ends."""
    held = Access.objects.filter(repository=repository)
    held.update(used_at=timezone.now(), expires_at=expires_at, refused_at=None)


def note_refusal(repository: Repository) -> None:
    """GitHub no longer takes the token, or we can no longer open it."""
    Access.objects.filter(repository=repository, refused_at=None).update(refused_at=timezone.now())


def reseal_all() -> tuple[int, int]:
    """Seal every token with the first of today's keys; how many were, and how many cannot be opened."""
    done = broken = 0
    for access in Access.objects.order_by("pk").iterator():
        try:
            sealed = sealing.reseal(access.sealed_token)
        except sealing.Broken:
            broken += 1
            log.error("a token cannot be opened", access=access.pk)
            continue
        is_same = Access.objects.filter(pk=access.pk, sealed_token=access.sealed_token)
        done += is_same.update(sealed_token=sealed)
    return done, broken
