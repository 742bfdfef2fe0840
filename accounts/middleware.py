"""What holds for every request: when its browser was seen, which links it has opened, whose it is, how many come."""

import zoneinfo
from collections.abc import Callable

import structlog
from allauth.account.adapter import get_adapter
from allauth.usersessions.models import UserSession
from django.core.cache import cache
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.crypto import salted_hmac

from accounts import limits, profiles
from accounts.share_links import OPENED
from accounts.views.limits import too_often

log = structlog.get_logger(__name__)

#: Seconds between two notes that a browser was seen: a page that is only read writes nothing.
SEEN_EVERY = 300


class SeenDevices:
    """Note when a signed-in browser was last seen, from where and by which program.

    At most every five minutes while these stay the same; at once when one changes. A database that
    refuses is logged, and breaks no page: who reads goes on while the disk is full.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.session.session_key and request.user.is_authenticated:
            _note_device(request)
        return self.get_response(request)


def _note_device(request: HttpRequest) -> None:
    browser = (
        request.session.session_key,
        get_adapter().get_client_ip(request),
        request.headers.get("User-Agent", ""),
    )
    digest = salted_hmac("accounts.middleware.SeenDevices", repr(browser), algorithm="sha256")
    if not cache.add(f"seen:{digest.hexdigest()}", 1, SEEN_EVERY):
        return
    try:
        UserSession.objects.create_from_request(request)
    except DatabaseError as error:
        log.error("a device was not noted", user=request.user.pk, error=type(error).__name__)


class OpenedLinks:
    """Put the secret links that this browser has opened on the person of the request.

    `opened_links` holds the keys of links, each with the value that tells this browser from another.
    Whether a link is still in force, and what it opens, is for whoever asks (ShareLink.objects.opened_by).
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if opened := request.session.get(OPENED):
            links = {int(pk): visitor for pk, visitor in opened.items()}
            request.user.opened_links = links  # type: ignore[union-attr]
        return self.get_response(request)


class TimeZone:
    """Activate the time zone of the signed-in person's profile; UTC for everybody else.

    Somebody without a profile (a row from elsewhere) gets one here, so that every page may rely on
    request.user.profile.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with timezone.override(_zone_of(request)):
            return self.get_response(request)


def _zone_of(request: HttpRequest) -> zoneinfo.ZoneInfo:
    if not request.user.is_authenticated:
        return zoneinfo.ZoneInfo("UTC")
    return profiles.of(request.user).zone


#: What one person may send and read in a minute, and what may be sent from one network by who is not signed in. Nobody
#: types or reads as fast; a program that does fills tables, or takes away what it can see (ASVS 5.0, 2.4.1).
SENT_BY_ONE, READ_BY_ONE, SENT_BY_STRANGERS = 180, 600, 300


class Pace:
    """Answer 429 to who sends or reads faster than anybody can.

    Strangers read as fast as the proxy lets them. What is signed and comes from a program (a delivery of
    GitHub, one click in a mail program) has no form, and is not counted: it would be lost.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], *rest: object
    ) -> HttpResponse | None:
        sends = request.method == "POST"
        if getattr(view, "csrf_exempt", False) or not (sends or request.user.is_authenticated):
            return None
        if request.user.is_authenticated:
            who, most = f"person {request.user.pk}", SENT_BY_ONE if sends else READ_BY_ONE
        else:
            who = limits.network_of(get_adapter().get_client_ip(request))
            most = SENT_BY_STRANGERS
        within = limits.allows("send" if sends else "read", who, most=most, seconds=60)
        return None if within else too_often(request, 60)
