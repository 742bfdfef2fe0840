"""Response headers that Django and django-csp do not set, and requests that nothing of ours answers."""

from collections.abc import Callable
from urllib.parse import unquote_plus

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.urls import reverse

PERMISSIONS_POLICY = ", ".join(
    f"{feature}=()"
    for feature in [
        "accelerometer", "autoplay", "camera", "display-capture", "encrypted-media",
        "fullscreen", "geolocation", "gyroscope", "magnetometer", "microphone", "midi",
        "payment", "usb", "xr-spatial-tracking",
    ]
)  # fmt: skip


class ResponseHeaders:
    """No device features, no embedding elsewhere, and what is for one person alone is not stored.

    That is every answer to somebody signed in or with a secret link, and every one that sets a cookie:
    a page with a form's token in it, a message said once, a sign-in.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.setdefault("Permissions-Policy", PERMISSIONS_POLICY)
        response.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        user = getattr(request, "user", None)
        is_known = user is not None and (user.is_authenticated or hasattr(user, "opened_links"))
        if response.cookies or is_known:
            response.setdefault("Cache-Control", "no-store, private")
        return response


class KnownMethods:
    """Whatever is not read or sent is refused here, also at addresses of libraries (ASVS 5.0, 4.1.4)."""

    METHODS = ("GET", "HEAD", "POST")

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method not in self.METHODS:
            return HttpResponseNotAllowed(self.METHODS)
        return self.get_response(request)


class ReadableRequests:
    """What no browser sends is answered with 400 before anything trips over it.

    That is what config.wsgi has marked, and in the administration a NUL in the query, which would go
    into filters as it is, where PostgreSQL refuses it.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.META.get("milepost.is_unreadable"):
            raise BadRequest("The request is not in UTF-8.")
        if request.path.startswith(reverse("admin:index")):
            query = request.META.get("QUERY_STRING", "")
            if "\0" in unquote_plus(query):
                raise BadRequest("There is a NUL in the query.")
        return self.get_response(request)
