"""The page on which a person takes everything about themselves out of here."""

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts import takeouts
from accounts.tasks import send_takeout


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def takeout(request: HttpRequest) -> HttpResponse:
    """What a takeout is and how far one's own is; a POST asks for one."""
    if request.method == "POST":
        with transaction.atomic():
            send_takeout(takeouts.ask(request.user))
        return redirect("accounts:takeout")
    ready = request.user.takeouts.ready().first()
    context = {
        "takeout": takeouts.latest_of(request.user),
        "ready": ready,
        "contents": takeouts.contents(ready) if ready else [],
    }
    return render(request, "accounts/takeout.html", context)


@login_required
@require_safe
@reauthentication_required
def takeout_file(request: HttpRequest) -> HttpResponseBase:
    """The file itself, for its person alone, who is asked once more who they are."""
    latest = request.user.takeouts.ready().select_related("person__profile").first()
    if latest is None:
        raise Http404
    try:
        file = takeouts.file_of(latest).open("rb")
    except FileNotFoundError:  # made on another machine, or expired just now
        messages.error(request, _("The file is no longer here. Please ask for a new one."))
        return redirect("accounts:takeout")
    return FileResponse(
        file,
        as_attachment=True,
        filename=takeouts.file_name(latest),
        content_type="application/zip",
    )
