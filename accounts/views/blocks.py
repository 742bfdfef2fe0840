"""Whom one keeps away."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts import blocks


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def block(request: HttpRequest, handle: str) -> HttpResponse:
    """Asks first. Only those whom one had to do with: to everybody else there is no such page."""
    people = blocks.may_be_blocked_by(request.user).select_related("profile")
    other = get_object_or_404(people, profile__handle=handle)
    if request.method != "POST":
        return render(request, "accounts/block.html", {"other": other.profile})
    blocks.block(request.user, other)
    words = _("%(name)s is kept away from your work. They are not told.")
    messages.success(request, words % {"name": other.profile.name})
    return redirect("accounts:mentorships")


@login_required
@require_POST
def unblock(request: HttpRequest, handle: str) -> HttpResponse:
    found = get_object_or_404(blocks.of(request.user), blocked__profile__handle=handle)
    blocks.unblock(request.user, found.blocked)
    words = _("%(name)s may ask you again.")
    messages.success(request, words % {"name": found.blocked.profile.name})
    return redirect("accounts:mentorships")
