"""Bring a takeout here: the file, what it would change, yes or no, and how it ended."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts import arrivals
from accounts.forms import ArrivalForm
from accounts.tasks import send_arrival


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def bring_takeout(request: HttpRequest) -> HttpResponse:
    """How far it is, or the form that takes a file."""
    form = ArrivalForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            arrivals.drop(request.user)
            with transaction.atomic():
                send_arrival(arrivals.receive(request.user, form.cleaned_data["file"].chunks()))
        except arrivals.TooLarge:
            form.add_error("file", ArrivalForm.too_large)
        except arrivals.Busy:
            messages.warning(request, _("One is being read in already. Nothing else was taken."))
            return redirect("accounts:bring_takeout")
        else:
            return redirect("accounts:bring_takeout")
    elif request.method == "POST" and not form.is_bound:
        form = ArrivalForm({}, {})
        form.is_valid()
    context = {"form": form, "arrival": arrivals.latest_of(request.user)}
    status = 422 if form.is_bound else 200
    return render(request, "accounts/bring_takeout.html", context, status=status)


@login_required
@require_POST
def load_takeout(request: HttpRequest) -> HttpResponse:
    """Yes."""
    with transaction.atomic():
        if arrival := arrivals.agree(request.user):
            send_arrival(arrival)
    return redirect("accounts:bring_takeout")


@login_required
@require_POST
def drop_takeout(request: HttpRequest) -> HttpResponse:
    """No, or: I have read how it ended."""
    arrivals.drop(request.user)
    return redirect("accounts:bring_takeout")
