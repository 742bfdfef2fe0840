"""The link in a letter that stops its like."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from accounts import kinds, unsubscribing


@csrf_exempt  # a mail program presses this button, and it has no cookie of ours
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """Asks first, and changes nothing: mail servers open links. A POST stops it, for whoever holds the link."""
    try:
        user, what = unsubscribing.read(token)
    except unsubscribing.Unreadable:
        raise Http404 from None
    if request.method == "POST":
        unsubscribing.stop(user, what)
    context = {"kind": kinds.find(what), "is_stopped": request.method == "POST"}
    return render(request, "accounts/unsubscribe.html", context)
