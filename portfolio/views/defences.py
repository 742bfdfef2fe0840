"""What a learner could be asked about their own work, and which of it they are asked."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from portfolio import defences
from portfolio.models import Project, Resume
from portfolio.views.projects import own_project
from portfolio.views.resumes import own_resume


@login_required
@require_safe
def defence_list(request: HttpRequest) -> HttpResponse:
    """Every project and résumé with its questions; nothing is asked that was not chosen here."""
    projects, resumes = defences.of(request.user)
    context = {"projects": projects, "resumes": resumes}
    return render(request, "portfolio/defences.html", context)


@login_required
@require_POST
def defend(request: HttpRequest, slug: str) -> HttpResponse:
    """Be asked about a project, or no longer."""
    return _defend(request, own_project(request, slug))


@login_required
@require_POST
def defend_resume(request: HttpRequest, pk: int) -> HttpResponse:
    """Be asked about the lines of a résumé, or no longer."""
    return _defend(request, own_resume(request, pk))


def _defend(request: HttpRequest, work: Project | Resume) -> HttpResponse:
    if request.POST.get("do") == "end":
        defences.end(work)
        words = _("You are not asked about “%(title)s” any more. Your answers stay.")
    else:
        defences.begin(work)
        words = _("“%(title)s” is asked about from now on, a few cards a day.")
    messages.success(request, words % {"title": work})
    return redirect("portfolio:defences")
