"""Which accounts were deleted, written down outside the database.

A backup that is brought back brings their rows back too. So each deletion leaves a mark in a file before the
account's row goes: a keyed hash of its number and of the moment it joined, which says nothing to anybody
without the site's key. `manage.py delete_again` deletes whoever has a mark once more.
"""

import os
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.utils import timezone
from django.utils.crypto import salted_hmac

from accounts.models import User

SALT = "accounts.deleted_accounts"


def path() -> Path:
    """The file, one mark a line after the moment of the deletion."""
    return Path(settings.DELETED_ACCOUNTS)


def write_down(person: User) -> None:
    """Keep the mark of an account that is about to go; twice is harmless. Raises OSError."""
    line = f"{timezone.now():%Y-%m-%dT%H:%M:%SZ} {_mark(person, settings.SECRET_KEY)}\n"
    path().parent.mkdir(parents=True, exist_ok=True)
    file = os.open(path(), os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        os.write(file, line.encode())
        os.fsync(file)
    finally:
        os.close(file)


def found() -> Iterator[User]:
    """The accounts that are here although they were deleted."""
    if not path().exists():
        return
    marks = {line.split()[-1] for line in path().read_text().splitlines() if line.strip()}
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    for person in User.objects.order_by("pk").iterator():
        if any(_mark(person, key) in marks for key in keys):
            yield person


def _mark(person: User, key: str) -> str:
    value = f"{person.pk} {int(person.date_joined.timestamp() * 1000)}"
    return salted_hmac(SALT, value, secret=key, algorithm="sha256").hexdigest()
