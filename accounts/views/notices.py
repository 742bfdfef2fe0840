"""What one is told, and how one chooses to hear of it."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import notices
from accounts.forms import NoticeChoicesForm
from accounts.models import Notice

#: Notices on one page.
PAGE = 30


@login_required
@require_safe
def notice_list(request: HttpRequest) -> HttpResponse:
    own = Notice.objects.of(request.user)
    page = Paginator(own, PAGE).get_page(request.GET.get("page"))
    newest = own.values_list("pk", flat=True).order_by("-pk").first()
    return render(request, "accounts/notices.html", {"page": page, "newest": newest})


@login_required
@require_safe
def notice(request: HttpRequest, pk: int) -> HttpResponse:
    """Opens a notice: notes that it was read, and leads to its page.

    A GET that writes, as a note of its having happened: nothing but this person's own opening of it can
    cause it (the session's cookie travels with no picture or script of another site), a second time
    changes nothing, and what a browser fetches in advance, or asks by HEAD, does not count.
    """
    own = get_object_or_404(Notice.objects.of(request.user), pk=pk)
    if request.method == "GET" and "prefetch" not in request.headers.get("Sec-Purpose", ""):
        notices.mark_read(request.user, [own.pk])
    return redirect(own.path)


@login_required
@require_POST
def mark_read(request: HttpRequest, pk: int) -> HttpResponse:
    own = get_object_or_404(Notice.objects.of(request.user), pk=pk)
    notices.mark_read(request.user, [own.pk])
    return redirect("accounts:notices")


@login_required
@require_POST
def mark_all_read(request: HttpRequest) -> HttpResponse:
    """All up to the newest that the page showed: what came since was not seen."""
    until = request.POST.get("until", "")
    if until.isdecimal() and len(until) < 19:
        number = notices.mark_all_read(request.user, until=int(until))
        words = ngettext("%(n)d notice marked as read.", "%(n)d notices marked as read.", number)
        messages.success(request, words % {"n": number})
    return redirect("accounts:notices")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def notice_choices(request: HttpRequest) -> HttpResponse:
    form = NoticeChoicesForm(request.POST if request.method == "POST" else None, user=request.user)
    if form.is_valid():
        form.save()
        messages.success(request, _("Your choices are saved."))
        return redirect("accounts:notice_choices")
    context = {"form": form, "address": notices.address_of(request.user)}
    status = 422 if form.is_bound else 200
    return render(request, "accounts/notice_choices.html", context, status=status)
