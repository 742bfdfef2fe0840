"""Who asks: the enrollment behind a request, and the way to the sign-in page and back."""

from collections.abc import Callable
from functools import wraps

from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django_htmx.http import HttpResponseClientRedirect
from django_htmx.middleware import HtmxDetails

from curriculum import enrollments
from curriculum.models import Enrollment, Roadmap
from curriculum.models.content import Content


class HtmxRequest(HttpRequest):
    """A request after htmx's middleware."""

    htmx: HtmxDetails


def enrollment_of(request: HttpRequest, roadmap: Roadmap | None = None) -> Enrollment | None:
    """The enrollment of the person who asks, on this roadmap or on the first they follow.

    None for who is signed out or does not follow it.
    """
    return enrollments.of(request.user, roadmap) if request.user.is_authenticated else None


def for_staff(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A page of staff: for other people it does not exist; who is signed out may sign in first."""

    @wraps(view)
    def answer(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        if not request.user.is_staff:
            raise Http404
        return view(request, *args, **kwargs)

    return login_required(answer)


def to_sign_in(request: HttpRequest, back: str) -> HttpResponse:
    """To the sign-in page, and from there to the address `back`, which must answer to GET."""
    response = redirect_to_login(back)
    if getattr(request, "htmx", False):
        return HttpResponseClientRedirect(response.url)
    return response


def gone(request: HttpRequest, content: Content, *, instead: str, words: str) -> HttpResponse:
    """The answer for content that has left the curriculum: 410, and where to go instead."""
    context = {"content": content, "instead": instead, "words": words}
    return render(request, "curriculum/gone.html", context, status=410)
