"""What strangers read: made once for all who ask within a second, while nothing in the database changes."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import wraps
from threading import Lock
from typing import Any

from django.db import connection
from django.http import HttpRequest, HttpResponse

#: Seconds for which an answer is given again: as late may be what follows from the clock alone.
KEPT_FOR = 1.0
#: Addresses that a process remembers at most.
MOST = 100


@dataclass(slots=True)
class _Place:
    """The answer at one address, and whose turn it is to make it."""

    turn: Lock = field(default_factory=Lock)
    state: str = ""
    until: float = 0.0
    content: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)


_places: dict[str, _Place] = {}


def same_for_strangers(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Make the page once for all strangers who open it at the same time.

    A stranger is who sends no cookie. For them the page may follow from its address, the database and
    the clock, and from nothing else of the request. An answer is given again for a second at most, and
    only while nothing at all was committed since before it was made: whoever hides or changes something
    is obeyed at once. Only a page that came out whole is kept, and none with something of its reader's
    own, such as a form's token.

    PostgreSQL names the state it is in. SQLite does not: there every page is made anew.
    """

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **names: Any) -> HttpResponse:
        if not _may_be_kept(request):
            return view(request, *args, **names)
        place = _place_of(request.get_full_path())
        with place.turn:
            state, now = _state_of_the_database(), time.monotonic()
            if place.state == state and now < place.until:
                return HttpResponse(place.content, headers=place.headers)
            response = view(request, *args, **names)
            if _is_for_all(request, response):
                place.content, place.headers = response.content, dict(response.headers)
                place.state, place.until = state, now + KEPT_FOR
        return response

    return answer


def _may_be_kept(request: HttpRequest) -> bool:
    return (
        request.method == "GET"
        and not request.COOKIES
        and connection.vendor == "postgresql"
        and not connection.in_atomic_block  # its own changes would not show in the state
    )


def _place_of(address: str) -> _Place:
    if address not in _places and len(_places) >= MOST:
        _places.clear()  # those in use go on being so, and are made anew by who comes next
    return _places.setdefault(address, _Place())


def _state_of_the_database() -> str:
    """What is visible of it: two are the same only if nothing was committed between them."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_current_snapshot()::text")
        return str(cursor.fetchone()[0])


def _is_for_all(request: HttpRequest, response: HttpResponse) -> bool:
    return (
        response.status_code == 200
        and not response.streaming
        and not response.cookies
        and not request.session.modified
        and "CSRF_COOKIE" not in request.META  # the page has asked for a token
    )
