"""The log of what one was asked in real interviews, and what is common among those who share theirs."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from curriculum import asked, practice
from curriculum.forms import AskedEntryForm
from curriculum.models import Asked

ON_A_PAGE = 50


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def asked_list(request: HttpRequest) -> HttpResponse:
    """The log and one more line of it."""
    form = AskedEntryForm(
        request.POST if request.method == "POST" else None,
        instance=asked.blank(request.user),
        initial={"asked_on": timezone.localdate()},
    )
    if form.is_valid():
        form.save()
        messages.success(request, _("Kept. Only you see it."))
        return redirect("curriculum:asked")
    context = {
        "form": form,
        "page": Paginator(asked.all_of(request.user), ON_A_PAGE).get_page(request.GET.get("page")),
        "practice": practice.of(request.user),
        "common": asked.together(),
    }
    status = 422 if form.is_bound else 200
    return render(request, "curriculum/asked.html", context, status=status)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def asked_entry(request: HttpRequest, pk: int) -> HttpResponse:
    entry = _own(request, pk)
    form = AskedEntryForm(request.POST if request.method == "POST" else None, instance=entry)
    if form.is_valid():
        form.save()
        messages.success(request, _("Saved."))
        return redirect("curriculum:asked")
    status = 422 if form.is_bound else 200
    context = {"form": form, "entry": entry}
    return render(request, "curriculum/asked_entry.html", context, status=status)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def delete_asked(request: HttpRequest, pk: int) -> HttpResponse:
    """Asks first."""
    entry = _own(request, pk)
    if request.method != "POST":
        return render(request, "curriculum/asked_delete.html", {"entry": entry})
    entry.delete()
    messages.success(request, _("Deleted."))
    return redirect("curriculum:asked")


@login_required
@require_POST
def share(request: HttpRequest) -> HttpResponse:
    practice = asked.share(request.user, request.POST.get("share") == "yes")
    words = _("Your skills and formats count among those of others now.")
    if not practice.is_sharing:
        words = _("Nothing of yours counts among others.")
    messages.success(request, words)
    return redirect("curriculum:asked")


def _own(request: HttpRequest, pk: int) -> Asked:
    return get_object_or_404(asked.all_of(request.user), pk=pk)
