"""Write down a look at what is not public, and show people who looked at what of theirs."""

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts import sightings
from accounts.models import Sighting
from accounts.sightings import Thing

ON_A_PAGE = 50


def looked(request: HttpRequest, thing: Thing, *owners: int) -> None:
    """Say that this request shows a thing of these people, by their keys, that is not public.

    To be called by every view that shows such a thing to somebody else than its owner.
    """
    if request.method == "GET" and request.user.is_authenticated:
        sightings.record(request.user, owners, thing, request.path)


@login_required
@require_safe
def seen(request: HttpRequest) -> HttpResponse:
    """Who looked at what of mine."""
    rows = Sighting.objects.of(request.user).select_related("viewer__profile")
    page = Paginator(rows, ON_A_PAGE).get_page(request.GET.get("page"))
    return render(request, "accounts/seen.html", {"page": page})
