"""Where GitHub delivers its events, and where an owner turns that on."""

import json

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import RequestDataTooBig
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from portfolio import webhooks
from portfolio.models import Repository
from portfolio.tasks import send
from portfolio.views.projects import own_project


@csrf_exempt  # signed instead, with the repository's own secret
@require_POST
def receive(request: HttpRequest, pk: int) -> HttpResponse:
    """One delivery. A wrong signature and a repository that is not there answer alike.

    One that came in clear is refused, and not led on (ASVS 5.0, 4.1.2).
    """
    if settings.SECURE_SSL_REDIRECT and not request.is_secure():
        return HttpResponse(
            "Deliver by https.", status=403, content_type="text/plain; charset=utf-8"
        )
    try:
        body = request.body
    except RequestDataTooBig:
        return HttpResponse(status=413)
    repository = get_object_or_404(Repository, pk=pk)
    try:
        webhooks.verify(repository, body, request.headers.get("X-Hub-Signature-256", ""))
    except webhooks.BadSignature:
        raise Http404 from None
    try:
        payload = json.loads(body)
    except (ValueError, RecursionError):
        return HttpResponse(
            "The body is not JSON.", status=400, content_type="text/plain; charset=utf-8"
        )
    check_run = webhooks.hear(
        repository,
        event=request.headers.get("X-GitHub-Event", ""),
        delivery=request.headers.get("X-GitHub-Delivery", ""),
        payload=payload if isinstance(payload, dict) else {},
    )
    if check_run:
        send(check_run)
    return HttpResponse(status=202 if check_run else 204)


@login_required
@require_POST
def switch(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """The owner turns deliveries on (or makes a new secret), or off."""
    repository = get_object_or_404(own_project(request, slug).repositories, pk=pk)
    if request.POST.get("switch") == "off":
        webhooks.turn_off(repository)
        messages.success(request, _("We no longer listen to pushes of this repository."))
    else:
        webhooks.turn_on(repository)
        messages.success(request, _("Paste the address and the secret into GitHub’s settings."))
    return redirect("portfolio:project_edit", slug)
