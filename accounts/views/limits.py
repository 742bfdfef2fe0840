"""Answer 429 to who asks too often."""

from collections.abc import Callable
from functools import wraps

from allauth.account.adapter import get_adapter
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from accounts import limits

View = Callable[..., HttpResponse]


def limited(what: str, *, most: int, seconds: int) -> Callable[[View], View]:
    """A view that one network may ask `most` times in so many seconds."""

    def decorate(view: View) -> View:
        @wraps(view)
        def ask(request: HttpRequest, *args: object, **named: object) -> HttpResponse:
            who = limits.network_of(get_adapter().get_client_ip(request))
            if not limits.allows(what, who, most=most, seconds=seconds):
                return too_often(request, seconds)
            return view(request, *args, **named)

        return ask

    return decorate


def too_often(request: HttpRequest, seconds: int) -> HttpResponse:
    """The answer to somebody who may try again after so many seconds."""
    response = render(request, "429.html", {"seconds": seconds}, status=429)
    response["Retry-After"] = str(seconds)
    return response
