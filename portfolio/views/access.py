"""Where an owner lets Milepost read a private repository, and takes that back."""

from allauth.account.decorators import reauthentication_required
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST

from portfolio import access, check_runs
from portfolio.forms import AccessForm
from portfolio.github import tokens
from portfolio.models import Repository
from portfolio.tasks import send
from portfolio.views.projects import hold_project, own_project


@sensitive_post_parameters()
@sensitive_variables()
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def give_access(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """The owner's page of one repository's token; whoever is not asked again lately is asked first."""
    repository = get_object_or_404(
        own_project(request, slug).repositories.select_related("access"), pk=pk
    )
    return _give_access(request, slug=slug, repository=repository)


@sensitive_variables()
@reauthentication_required
def _give_access(request: HttpRequest, *, slug: str, repository: Repository) -> HttpResponse:
    form = AccessForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():
            held = get_object_or_404(hold_project(request, slug).repositories, pk=repository.pk)
            access.give(held, form.cleaned_data["token"])
            send(check_runs.request(held))
        messages.success(
            request, _("The token is kept encrypted. The repository is being checked.")
        )
        return redirect("portfolio:project", slug)
    given = access.of(repository)
    context = {
        "project": repository.project,
        "repository": repository,
        "access": given,
        "form": form,
        "permissions": tokens.PERMISSIONS,
        "tokens_page": f"{settings.GITHUB_URL}/settings/personal-access-tokens/new",
    }
    status = 422 if form.is_bound else 200
    return render(request, "portfolio/access.html", context, status=status)


@login_required
@require_POST
@transaction.atomic
def withdraw_access(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    repository = get_object_or_404(hold_project(request, slug).repositories, pk=pk)
    access.withdraw(repository)
    messages.success(
        request, _("The token is deleted here. Delete it on GitHub too: then it opens nothing.")
    )
    return redirect("portfolio:project", slug)
