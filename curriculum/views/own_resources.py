"""Add a link of one's own to a unit, change it and remove it."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from curriculum import own_resources
from curriculum.forms import OwnResourceForm
from curriculum.models import OwnResource
from curriculum.own_resources import AlreadyListed, TooMany
from curriculum.views.people import to_sign_in
from curriculum.views.units import UNITS, unit_page

LISTED = gettext_lazy("You have this address on the unit already.")


@require_POST
def add_own_resource(request: HttpRequest, slug: str) -> HttpResponse:
    unit = get_object_or_404(UNITS, slug=slug)
    if not request.user.is_authenticated:
        return to_sign_in(request, unit.get_absolute_url())
    form = OwnResourceForm(request.POST)
    if form.is_valid():
        try:
            resource = own_resources.add(request.user, unit, **form.cleaned_data)
        except AlreadyListed:
            form.add_error("url", LISTED)
        except TooMany:
            words = _("A unit takes %(most)d links of yours. Remove one that you no longer need.")
            form.add_error(None, words % {"most": own_resources.MOST_ON_A_UNIT})
        else:
            messages.success(request, _("“%(title)s” is added.") % {"title": resource.title})
            return redirect(resource)
    return unit_page(request, unit, status=422, own_resource_form=form)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def own_resource(request: HttpRequest, pk: int) -> HttpResponse:
    """The page on which a link is changed."""
    resource = _own(request, pk)
    before = {"title": resource.title, "url": resource.url, "why": resource.why}
    form = OwnResourceForm(request.POST if request.method == "POST" else None, initial=before)
    if form.is_valid():
        try:
            own_resources.change(resource, **form.cleaned_data)
        except AlreadyListed:
            form.add_error("url", LISTED)
        else:
            messages.success(request, _("Saved."))
            return redirect(resource)
    context = {"resource": resource, "title": before["title"], "form": form}
    status = 422 if form.is_bound else 200
    return render(request, "curriculum/own_resource.html", context, status=status)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def remove_own_resource(request: HttpRequest, pk: int) -> HttpResponse:
    """Asks first."""
    resource = _own(request, pk)
    if request.method != "POST":
        return render(request, "curriculum/own_resource_remove.html", {"resource": resource})
    resource.delete()
    messages.success(request, _("“%(title)s” is removed.") % {"title": resource.title})
    return redirect(resource)


def _own(request: HttpRequest, pk: int) -> OwnResource:
    return get_object_or_404(own_resources.all_of(request.user), pk=pk)
