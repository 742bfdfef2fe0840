"""Links in letters by which whoever got one stops its like, without signing in (RFC 8058).

A link carries the person's number and what to stop, signed with a key derived from SECRET_KEY. It opens
nothing else, so it does not expire: a letter may be found again after years.
"""

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.urls import reverse

from accounts import kinds, notices
from accounts.kinds import Timing
from accounts.models import Profile, User

_SALT = "accounts.unsubscribing"

#: Beside the codes of kinds: the daily letter.
DAILY_LETTER = "daily_letter"


class Unreadable(Exception):
    """The link was altered, is not ours, or is of somebody or something that is no more."""


def link(user: User, what: str) -> str:
    """The address that stops `what` for a person: a kind's code, or DAILY_LETTER."""
    token = Signer(salt=_SALT).sign(f"{user.pk}.{what}")
    return settings.SITE_URL + reverse("accounts:unsubscribe", args=[token])


def read(token: str) -> tuple[User, str]:
    """Whom a link is for and what it stops. Raises Unreadable."""
    try:
        number, _, what = Signer(salt=_SALT).unsign(token).partition(".")
    except BadSignature:
        raise Unreadable from None
    user = User.objects.filter(pk=number, is_active=True).first()
    if user is None or not (what == DAILY_LETTER or kinds.find(what)):
        raise Unreadable
    return user, what


def stop(user: User, what: str) -> None:
    """Send no more letters of this kind; a second time changes nothing. Notices on the site stay."""
    if what == DAILY_LETTER:
        Profile.objects.filter(user=user).update(digest_hour=None)
    elif kind := kinds.find(what):
        notices.choose(user, kind, Timing.NEVER)
