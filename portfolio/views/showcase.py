"""Choose which of one's projects stand first on one's page."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from portfolio import showcase
from portfolio.forms import ShowcaseForm


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def choose(request: HttpRequest) -> HttpResponse:
    form = ShowcaseForm(request.POST if request.method == "POST" else None, owner=request.user)
    if request.method == "POST" and form.is_valid():
        chosen = form.chosen()
        showcase.choose(request.user, chosen)
        if chosen:
            messages.success(request, _("Saved. These stand first on your page."))
        else:
            messages.success(request, _("Saved. Your page goes by what others found."))
        return redirect(request.user.profile)
    status = 422 if form.is_bound else 200
    return render(request, "portfolio/showcase.html", {"form": form}, status=status)
