"""The pull requests by which somebody took part in other people's work."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from portfolio import contributions
from portfolio.contributions import AlreadyThere, TooMany
from portfolio.forms import PullForm
from portfolio.models import Contribution
from portfolio.tasks import send_contribution
from portfolio.views.projects import own_project


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def contribution_list(request: HttpRequest, slug: str) -> HttpResponse:
    """All of a project, each with what speaks for it, and a link to paste for one more."""
    project = own_project(request, slug)
    form = PullForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            added = contributions.add(project, *form.cleaned_data["link"])
        except AlreadyThere as error:
            words = _("You have this pull request in “%(title)s” already.")
            form.add_error("link", words % {"title": error.project.title})
        except TooMany:
            words = _("A project tells of %(n)d pull requests at most. Take one away first.")
            form.add_error("link", words % {"n": contributions.MOST})
        else:
            send_contribution(added)
            messages.success(request, _("Added. GitHub is asked about it."))
            return redirect("portfolio:contributions", slug)
    account = contributions.account_of(request.user)
    pictures = contributions.told(project.contributions.all(), account, is_insider=True)
    context = {"project": project, "form": form, "pictures": pictures}
    status = 422 if form.is_bound else 200
    return render(request, "portfolio/contributions.html", context, status=status)


@login_required
@require_POST
def look_again(request: HttpRequest, pk: int) -> HttpResponse:
    own = _own(request, pk)
    contributions.look_again(own)
    send_contribution(own)
    messages.success(request, _("GitHub is asked again."))
    return redirect("portfolio:contributions", own.project.slug)


@login_required
@require_POST
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    own = _own(request, pk)
    own.delete()
    words = _("%(pull)s is no longer part of this project.")
    messages.success(request, words % {"pull": f"{own.full_name}#{own.number}"})
    return redirect("portfolio:contributions", own.project.slug)


def _own(request: HttpRequest, pk: int) -> Contribution:
    mine = Contribution.objects.filter(project__owner=request.user).select_related("project")
    return get_object_or_404(mine, pk=pk)
