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
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any, TypeVar
from urllib.parse import urlsplit

from allauth.account.models import EmailAddress
from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext as _

from accounts import blocks, names
from accounts.models import CohortInvitation, Invitation, Part, User
from accounts.models.mentorships import MAX_ATTEMPTS

#: How long after the first attempt to send a letter the second one is due; each later attempt
#: waits twice as long (2, 4, 8, 16 minutes).
FIRST_PAUSE = timedelta(minutes=2)

_SALT = "accounts.invitations"

Row = TypeVar("Row", Invitation, CohortInvitation)
Kind = type[Invitation] | type[CohortInvitation]


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


def secret_of(invitation: Invitation | CohortInvitation) -> str:
    """The secret of an invitation's link, rebuilt with the current key or a former one.

    Raises SecretLost when none of them is the key that made it.
    """
    for key in [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]:
        secret = secret_from(invitation.nonce, key=key)
        if constant_time_compare(hash_of(secret), invitation.token_hash):
            return secret
    raise SecretLost(f"invitation {invitation.pk}")


def unsent(kind: Kind = Invitation) -> Iterator[int]:
    """The ids of open invitations of one kind whose letter is due and has not left yet."""
    due = kind.objects.open().filter(
        sent_at=None, send_at__lte=timezone.now(), attempts__lt=MAX_ATTEMPTS
    )
    if kind is CohortInvitation:
        due = due.by_email()
    yield from due.order_by("send_at").values_list("pk", flat=True)[:100]


def send(invitation_id: int, *, stop: str = "") -> bool:
    """Send an invitation's letter once; whether it left now. `stop` is a link by which a member stops these.

    Taking the turn moves the next attempt into the future, so that of two workers one sends, and a
    worker that dies on the way delays the letter and does not lose it. Nothing is sent for an
    invitation that was answered, has expired or was sent before. What the mail server raises is
    passed on; the letter is tried again when it is due.
    """
    due = Invitation.objects.open().select_related("inviter__profile")
    return _send(Invitation, due.filter(pk=invitation_id).first(), letter, stop)


def send_to_cohort(invitation_id: int, *, stop: str = "") -> bool:
    """The same for the letter that invites somebody to a cohort."""
    due = CohortInvitation.objects.open().by_email().select_related("cohort", "made_by__profile")
    return _send(CohortInvitation, due.filter(pk=invitation_id).first(), cohort_letter, stop)


def _send(
    kind: type[Row],
    invitation: Row | None,
    write: Callable[..., EmailMultiAlternatives],
    stop: str,
) -> bool:
    now = timezone.now()
    if invitation is None or invitation.sent_at or invitation.send_at > now:
        return False
    if invitation.attempts >= MAX_ATTEMPTS:
        return False
    # On the row itself, not in a subquery: that one PostgreSQL would not look at again after a wait.
    turn = kind.objects.filter(
        pk=invitation.pk, sent_at=None, attempts=invitation.attempts, send_at=invitation.send_at
    )
    pause = FIRST_PAUSE * 2**invitation.attempts
    if not turn.update(attempts=invitation.attempts + 1, send_at=now + pause):
        return False
    if not blocks.is_unwanted(invitation):  # to its sender it looks as if it had left
        write(invitation, stop=stop).send()
    kind.objects.filter(pk=invitation.pk).update(sent_at=timezone.now())
    return True


def leave_unsent(invitation_id: int, kind: Kind = Invitation) -> None:
    """Count a letter as sent that nobody wants: they hear of the invitation in another way."""
    kind.objects.filter(pk=invitation_id, sent_at=None).update(sent_at=timezone.now())


def member_at(email: str) -> User | None:
    """The person whose verified address this is, if they may sign in."""
    verified = EmailAddress.objects.filter(email__iexact=email, verified=True)
    found = verified.select_related("user").order_by("pk").first()
    return found.user if found and found.user.is_active else None


def letter(invitation: Invitation, *, stop: str = "") -> EmailMultiAlternatives:
    """The e-mail that invites: who asks, what it means, and the link, as text and as HTML.

    Its Message-ID depends on the invitation alone, so that a mail server which took a letter and
    then dropped the connection can recognise the second copy.
    """
    context = {
        "invitation": invitation,
        "inviter": invitation.inviter.profile,
        "link": settings.SITE_URL + reverse("accounts:invitation", args=[secret_of(invitation)]),
        "site_name": settings.SITE_NAME,
        "stop": stop,
    }
    if invitation.seeks == Invitation.Seeks.LEARNER:
        subject = _("%(name)s would like to mentor you")
    else:
        subject = _("%(name)s asks you to be their mentor")
    return _letter(
        to=invitation.email,
        subject=subject % {"name": invitation.inviter.profile.name},
        template="email/accounts/invitation",
        context=context,
        key=f"invitation-{invitation.pk}-{invitation.token_hash[:16]}",
    )


def cohort_link(invitation: CohortInvitation) -> str:
    """The whole address with which one joins. Raises SecretLost."""
    address = reverse("accounts:cohort_invitation", args=[secret_of(invitation)])
    return f"{settings.SITE_URL}{address}"


def cohort_letter(invitation: CohortInvitation, *, stop: str = "") -> EmailMultiAlternatives:
    """The e-mail that invites to a cohort: what it is, who asks, what it opens, and the link."""
    context = {
        "invitation": invitation,
        "cohort": invitation.cohort,
        "inviter": invitation.made_by.profile,
        "link": cohort_link(invitation),
        "site_name": settings.SITE_NAME,
        "stop": stop,
    }
    subject = {
        Part.LEARNER: _("You are invited to learn with %(cohort)s"),
        Part.MENTOR: _("You are invited to mentor in %(cohort)s"),
        Part.ORGANISER: _("You are asked to organise %(cohort)s"),
    }[Part(invitation.part)]
    return _letter(
        to=invitation.email,
        subject=subject % {"cohort": invitation.cohort.name},
        template="email/accounts/cohort_invitation",
        context=context,
        key=f"cohort-invitation-{invitation.pk}-{invitation.token_hash[:16]}",
    )


def _letter(
    *, to: str, subject: str, template: str, context: dict[str, Any], key: str
) -> EmailMultiAlternatives:
    host = urlsplit(settings.SITE_URL).hostname
    subject = names.plain(subject)
    context["subject"] = subject
    message = EmailMultiAlternatives(
        subject=subject,
        body=render_to_string(f"{template}.txt", context),
        to=[to],
        headers={"Message-ID": f"<{key}@{host}>", "Auto-Submitted": "auto-generated"},
    )
    if stop := context["stop"]:
        message.extra_headers["List-Unsubscribe"] = f"<{stop}>"
        message.extra_headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message.attach_alternative(render_to_string(f"{template}.html", context), "text/html")
    return message
