"""What the log says of who came in, who was refused, and what now guards an account.

The signals are Django's and allauth's. A line has the number of its request and the address it came from,
as all of them have; none holds a password, a code or the address of a mailbox. Of a refused sign-in it
says whose account was tried by a mark that only this site can make: the same for the same address.
"""

from typing import Any

import structlog
from allauth.account import signals as account
from allauth.account.authentication import get_authentication_records
from allauth.mfa import signals as mfa
from allauth.socialaccount import signals as social
from django.contrib.auth import signals as auth
from django.dispatch import Signal
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

from accounts.models import User

log = structlog.get_logger(__name__)

#: Digits of the mark: enough that two accounts seldom share one.
MARK = 12

#: What is written down when these are sent, with the person whose account it is about.
CHANGES: dict[Signal, str] = {
    account.user_signed_up: "signed up",
    account.password_set: "a password was set",
    account.password_changed: "a password was changed",
    account.password_reset: "a password was set anew by mail",
    account.email_added: "an address was added",
    account.email_changed: "an address was changed",
    account.email_removed: "an address was removed",
    mfa.authenticator_added: "a second step was added",
    mfa.authenticator_removed: "a second step was removed",
    mfa.authenticator_reset: "recovery codes were made anew",
}
REFUSALS: dict[Signal, str] = {
    mfa.authentication_failed: "a second step was refused",
    account.email_verification_code_rejected: "a code was refused",
    account.login_code_rejected: "a code was refused",
    account.password_reset_code_rejected: "a code was refused",
}


def connect() -> None:
    """Have every such event written down, once for each."""
    auth.user_logged_in.connect(signed_in, dispatch_uid="log")
    auth.user_logged_out.connect(signed_out, dispatch_uid="log")
    auth.user_login_failed.connect(refused, dispatch_uid="log")
    social.social_account_added.connect(connected, dispatch_uid="log")
    social.social_account_removed.connect(disconnected, dispatch_uid="log")
    for signal in CHANGES:
        signal.connect(changed, dispatch_uid="log")
    for signal in REFUSALS:
        signal.connect(not_taken, dispatch_uid="log")


def signed_in(sender: Any, request: HttpRequest, user: User, **facts: Any) -> None:
    ways = [record["method"] for record in get_authentication_records(request, user)]
    log.info("signed in", user=user.pk, by=ways)


def signed_out(sender: Any, request: HttpRequest, user: User | None, **facts: Any) -> None:
    if user:
        log.info("signed out", user=user.pk)


def refused(sender: Any, credentials: dict[str, Any], **facts: Any) -> None:
    """A wrong password, an unknown address, or an account that is shut."""
    tried = str(credentials.get("email") or credentials.get("username") or "")
    log.warning("a sign-in was refused", account=mark_of(tried))


def mark_of(address: str) -> str:
    """The same for the same address on this site, and nobody can tell the address from it."""
    return salted_hmac("accounts.sign_in_log", address.casefold()).hexdigest()[:MARK]


def changed(sender: Any, signal: Signal, user: User, **facts: Any) -> None:
    if signal is account.email_changed and not facts.get("from_email_address"):
        return  # the first one, at sign-up
    kind = getattr(facts.get("authenticator"), "type", None)
    log.info(CHANGES[signal], user=user.pk, **({"kind": str(kind)} if kind else {}))


def not_taken(sender: Any, signal: Signal, user: User | None = None, **facts: Any) -> None:
    log.warning(REFUSALS[signal], user=user.pk if user else None)


def connected(sender: Any, sociallogin: Any, **facts: Any) -> None:
    log.info("an account elsewhere was connected", user=sociallogin.user.pk)


def disconnected(sender: Any, socialaccount: Any, **facts: Any) -> None:
    log.info("an account elsewhere was disconnected", user=socialaccount.user_id)
