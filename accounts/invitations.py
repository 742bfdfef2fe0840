"""The secret of an invitation's link, and the letter that carries it.

The link's secret is an HMAC-SHA-256, under a key derived from SECRET_KEY, of a random nonce kept in
the invitation's row; beside the nonce the row keeps the SHA-256 of the secret. A task that knows
only the invitation's id can therefore write the letter again, no secret travels through the broker
or its logs, and whoever reads the table (a backup, a replica) cannot open an invitation without the
site's key. Links are found by their hash alone, so letters already sent outlive a change of the
key, and SECRET_KEY_FALLBACKS lets those still waiting be sent after it.
"""

import hashlib
import secrets
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from datetime import timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext as _

from accounts.models import Invitation
from accounts.models.mentorships import MAX_ATTEMPTS

#: How long after the first attempt to send a letter the second one is due; each later attempt
#: waits twice as long (2, 4, 8, 16 minutes).
FIRST_PAUSE = timedelta(minutes=2)

_SALT = "accounts.invitations"


class SecretLost(Exception):
    """No key rebuilds this invitation's secret: SECRET_KEY was changed without a fallback."""


def new_nonce() -> str:
    """Randomness of 256 bits for one invitation, as 43 URL-safe characters."""
    return secrets.token_urlsafe(32)


def secret_from(nonce: str, *, key: str | None = None) -> str:
    """The link's secret, 43 URL-safe characters; key is the site's SECRET_KEY unless given."""
    digest = salted_hmac(_SALT, nonce, secret=key, algorithm="sha256").digest()
    return urlsafe_b64encode(digest).decode().rstrip("=")


def hash_of(secret: str) -> str:
    """What the table keeps of a secret: its SHA-256 as 64 hexadecimal digits."""
    return hashlib.sha256(secret.encode()).hexdigest()


def secret_of(invitation: Invitation) -> str:
    """The secret of an invitation's link, rebuilt with the current key or a former one.

    Raises SecretLost when none of them is the key that made it.
    """
    for key in [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]:
        secret = secret_from(invitation.nonce, key=key)
        if constant_time_compare(hash_of(secret), invitation.token_hash):
            return secret
    raise SecretLost(f"invitation {invitation.pk}")


def unsent() -> Iterator[int]:
    """The ids of open invitations whose letter is due and has not left yet."""
    due = Invitation.objects.open().filter(
        sent_at=None, send_at__lte=timezone.now(), attempts__lt=MAX_ATTEMPTS
    )
    yield from due.order_by("send_at").values_list("pk", flat=True)[:100]


def send(invitation_id: int) -> bool:
    """Send an invitation's letter once; whether it left now.

    Taking the turn moves the next attempt into the future, so that of two workers one sends, and a
    worker that dies on the way delays the letter and does not lose it. Nothing is sent for an
    invitation that was answered, has expired or was sent before. What the mail server raises is
    passed on; the letter is tried again when it is due.
    """
    now = timezone.now()
    due = Invitation.objects.open().filter(sent_at=None, send_at__lte=now)
    due = due.filter(pk=invitation_id, attempts__lt=MAX_ATTEMPTS)
    invitation = due.select_related("inviter__profile").first()
    if not invitation:
        return False
    # On the row itself, not in a subquery: that one PostgreSQL would not look at again after a wait.
    turn = Invitation.objects.filter(
        pk=invitation_id, sent_at=None, attempts=invitation.attempts, send_at=invitation.send_at
    )
    pause = FIRST_PAUSE * 2**invitation.attempts
    if not turn.update(attempts=invitation.attempts + 1, send_at=now + pause):
        return False
    letter(invitation).send()
    Invitation.objects.filter(pk=invitation_id).update(sent_at=timezone.now())
    return True


def letter(invitation: Invitation) -> EmailMultiAlternatives:
    """The e-mail that invites: who asks, what it means, and the link, as text and as HTML.

    Its Message-ID depends on the invitation alone, so that a mail server which took a letter and
    then dropped the connection can recognise the second copy.
    """
    context = {
        "invitation": invitation,
        "inviter": invitation.inviter.profile,
        "link": settings.SITE_URL + reverse("accounts:invitation", args=[secret_of(invitation)]),
        "site_name": settings.SITE_NAME,
    }
    name = invitation.inviter.profile.name
    if invitation.seeks == Invitation.Seeks.LEARNER:
        subject = _("%(name)s would like to mentor you")
    else:
        subject = _("%(name)s asks you to be their mentor")
    host = urlsplit(settings.SITE_URL).hostname
    message = EmailMultiAlternatives(
        subject=" ".join((subject % {"name": name}).split()),
        body=render_to_string("email/accounts/invitation.txt", context),
        to=[invitation.email],
        headers={
            "Message-ID": f"<invitation-{invitation.pk}-{invitation.token_hash[:16]}@{host}>",
            "Auto-Submitted": "auto-generated",
        },
    )
    message.attach_alternative(
        render_to_string("email/accounts/invitation.html", context), "text/html"
    )
    return message
