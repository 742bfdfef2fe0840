"""The secret links of one's own portfolio: make, list, revoke; and what happens who opens one."""

from datetime import timedelta

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Count, Max
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import share_links
from accounts.forms import ShareLinkForm
from accounts.mentorships import is_mentor_of
from accounts.models import ShareLink, User, Visit
from accounts.sightings import Thing
from accounts.views.limits import limited

#: Links of one's own that are listed, newest first, and visits by them.
LINKS_SHOWN = 100
VISITS_SHOWN = 100

#: The cookie that carries a new link from the form to the page that shows it, once.
FRESH = "__Secure-new-link" if settings.USES_TLS else "milepost-new-link"
FRESH_SECONDS = 120


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_variables("token", "fresh")
def sharing(request: HttpRequest) -> HttpResponse:
    """My links, a form for another one, and what was opened by them."""
    form = ShareLinkForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        lifetime = timedelta(days=int(form.cleaned_data["days"]))
        try:
            link, token = share_links.make(request.user, form.cleaned_data["label"], lifetime)
        except share_links.TooManyLinks:
            words = _("You have %(n)d open links. Revoke one that nobody needs any more.")
            form.add_error(None, words % {"n": share_links.OPEN_LIMIT})
        else:
            return _with_fresh(redirect("accounts:sharing"), f"{link.pk}:{token}")
    fresh_pk, address = _fresh_of(request)
    own = request.user.share_links.annotate(
        visits_count=Count("visits"), last_visit=Max("visits__visited_at")
    )
    visits = Visit.objects.filter(link__owner=request.user).select_related("link")
    context = {
        "form": form,
        "links": own.order_by("-made_at", "-pk")[:LINKS_SHOWN],
        "visits": visits[:VISITS_SHOWN],
        "fresh_pk": fresh_pk,
        "address": address,
    }
    status = 422 if form.is_bound else 200
    response = render(request, "accounts/sharing.html", context, status=status)
    if FRESH in request.COOKIES:
        response.delete_cookie(FRESH, path=reverse("accounts:sharing"), samesite="Strict")
    return response


@login_required
@require_POST
def revoke_share_link(request: HttpRequest, pk: int) -> HttpResponse:
    link = get_object_or_404(request.user.share_links, pk=pk)
    if share_links.revoke(link):
        words = _("“%(label)s” opens nothing any more, for nobody.")
        messages.success(request, words % {"label": link.label})
    else:
        messages.info(request, _("That link had ended already; nothing was changed."))
    return redirect("accounts:sharing")


@never_cache
@require_safe
@limited("open a link", most=60, seconds=60)
@sensitive_variables("token")
def open_share_link(request: HttpRequest, token: str) -> HttpResponse:
    """Remember in the session that this browser has the link, and lead on to the page it opens.

    So the token does not stay in the address, where a history, a screenshot or a referrer keeps it.
    """
    link = share_links.find(token)
    if link is None:
        raise Http404
    if request.method == "GET" and link.owner != request.user:
        opened = request.session.get(share_links.OPENED, {})
        request.session[share_links.OPENED] = share_links.with_another(opened, link)
    response = redirect(link.owner.profile)
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response


def visited(request: HttpRequest, owner: User, thing: Thing) -> ShareLink | None:
    """Count that this request shows a thing of this person; the link by which it came, if it did.

    To be called by every view that a secret link opens. What the owner and their mentors open is
    theirs to open without one: it is not counted.
    """
    if not getattr(request.user, "opened_links", None) or request.user == owner:
        return None
    if is_mentor_of(request.user, owner):
        return None
    if request.method == "GET":
        share_links.record(request.user, owner.pk, thing)
    return ShareLink.objects.opened_by(request.user).filter(owner=owner).last()


def _with_fresh(response: HttpResponseRedirect, fresh: str) -> HttpResponse:
    """Hand a new link to the next page, in a cookie that only that page gets and takes away."""
    response.set_signed_cookie(
        FRESH,
        fresh,
        salt=FRESH,
        max_age=FRESH_SECONDS,
        path=reverse("accounts:sharing"),
        secure=settings.USES_TLS,
        httponly=True,
        samesite="Strict",
    )
    return response


def _fresh_of(request: HttpRequest) -> tuple[int | None, str]:
    """The key and the whole address of the link that was just made; None and "" without one."""
    fresh = request.get_signed_cookie(FRESH, "", salt=FRESH, max_age=FRESH_SECONDS)
    pk, _colon, token = fresh.partition(":")
    if not token:
        return None, ""
    own = request.user.share_links.in_force().filter(pk=pk)
    if not own.filter(token_hash=share_links.hash_of(token)).exists():
        return None, ""
    return int(pk), settings.SITE_URL + reverse("accounts:open_share_link", args=[token])
