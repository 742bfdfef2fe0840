"""The page on which a person ends their account, and the one on which they keep it after all."""

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts import deletions


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@reauthentication_required
def delete_account(request: HttpRequest) -> HttpResponse:
    """Says what goes and what stays; a POST switches the account off, to be deleted after the grace."""
    is_refused = False
    if request.method == "POST":
        try:
            deletion = deletions.ask(request.user)
        except deletions.LastOfStaff:
            is_refused = True
        else:
            logout(request)
            return redirect(deletions.link(deletion))
    context = {
        "goes": deletions.what_goes(request.user),
        "stays": deletions.what_stays(request.user),
        "days": deletions.GRACE.days,
        "is_refused": is_refused,
    }
    return render(
        request, "accounts/delete_account.html", context, status=409 if is_refused else 200
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def keep_account(request: HttpRequest, token: str) -> HttpResponse:
    """Where an account stands that is to be deleted; a POST keeps it, for whoever holds the link."""
    try:
        deletion = deletions.read(token)
        if request.method != "POST":
            return render(request, "accounts/keep_account.html", {"deletion": deletion})
        deletions.keep(deletion)
    except deletions.TooLate:
        return render(request, "accounts/keep_too_late.html", status=404)
    messages.success(request, _("Your account is kept, with everything in it. You can sign in."))
    return redirect("account_login")
