"""What second steps rest on, sealed: the seed of an app, and that of recovery codes.

allauth keeps them as its adapter gives them; whoever copies the database could make codes of them. Those
from before they were sealed are opened as they are, and sealed by `manage.py reseal`.
"""

import base64
import secrets

import structlog
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.views.decorators.debug import sensitive_variables

from accounts import sealing

log = structlog.get_logger(__name__)

#: How all that is sealed begins (Fernet's version), and no seed does: those are base32 or hexadecimal.
SEALED = "gAAAA"
#: Where the seed stands in the data of each kind.
SEEDS = {Authenticator.Type.TOTP: "secret", Authenticator.Type.RECOVERY_CODES: "seed"}


class MFAAdapter(DefaultMFAAdapter):
    """Seals what it is given to keep."""

    @sensitive_variables()
    def encrypt(self, text: str) -> str:
        return sealing.seal(text)

    @sensitive_variables()
    def decrypt(self, encrypted_text: str) -> str:
        """The seed; where its key is gone, one that nobody knows, so that no code of it is right."""
        if not encrypted_text.startswith(SEALED):
            return encrypted_text
        try:
            return sealing.unseal(encrypted_text)
        except sealing.Broken:
            log.error("a second step cannot be opened")
            return base64.b32encode(secrets.token_bytes(20)).decode("ascii")


def reseal_all() -> tuple[int, int]:
    """Seal all with the first of today's keys; how many were, and how many cannot be opened."""
    done = broken = 0
    for step in Authenticator.objects.filter(type__in=SEEDS).order_by("pk").iterator():
        place = SEEDS[Authenticator.Type(step.type)]
        seed = step.data.get(place)
        if not seed:
            continue  # recovery codes that another site made
        try:
            sealed = sealing.reseal(seed) if seed.startswith(SEALED) else sealing.seal(seed)
        except sealing.Broken:
            broken += 1
            log.error("a second step cannot be opened", user=step.user_id)
            continue
        is_same = Authenticator.objects.filter(pk=step.pk, data=step.data)
        done += is_same.update(data=step.data | {place: sealed})
    return done, broken
