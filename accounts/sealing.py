"""Keep a secret in the database in such a way that a copy of the database does not hold it.

The keys are derived from the site's ENCRYPTION_KEYS. The first of them seals; all of them open, so that
a key can be changed: put the new one first, run `manage.py reseal`, then take the old one away.
"""

import base64

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.views.decorators.debug import sensitive_variables

PURPOSE = b"milepost sealed secrets 1"  # so that the key serves nothing else


class Broken(Exception):
    """What was sealed cannot be opened: its key is no longer among the site's, or it was altered."""


@sensitive_variables()
def seal(secret: str) -> str:
    """The secret, encrypted and signed (Fernet: AES-128-CBC with HMAC-SHA256), as ASCII."""
    return _box().encrypt(secret.encode()).decode("ascii")


@sensitive_variables()
def unseal(sealed: str) -> str:
    """The secret again. Raises Broken."""
    try:
        return _box().decrypt(sealed.encode()).decode()
    except InvalidToken as error:
        raise Broken from error


def reseal(sealed: str) -> str:
    """The same secret under the first of today's keys. Raises Broken."""
    try:
        return _box().rotate(sealed.encode()).decode("ascii")
    except InvalidToken as error:
        raise Broken from error


def _box() -> MultiFernet:
    return MultiFernet([Fernet(_derived(key)) for key in settings.ENCRYPTION_KEYS])


def _derived(key: str) -> bytes:
    """32 bytes in the spelling that Fernet wants (RFC 5869)."""
    made = HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=PURPOSE)
    return base64.urlsafe_b64encode(made.derive(key.encode()))
