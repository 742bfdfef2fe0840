"""Ask for a check run, and see how it goes."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe
from django.views.decorators.vary import vary_on_headers

from accounts.models import Sighting
from accounts.sightings import Thing
from accounts.views.share_links import visited
from accounts.views.sightings import looked
from portfolio import changes, check_runs, checks, verdicts
from portfolio.models import CheckRun, Repository
from portfolio.tasks import send
from portfolio.verdicts import Reader
from portfolio.views.projects import hold_project

Kind = Sighting.Kind


@login_required
@require_POST
@transaction.atomic
def request_check_run(request: HttpRequest, slug: str) -> HttpResponse:
    project = hold_project(request, slug)
    for repository in project.repositories.all():
        send(check_runs.request(repository))
    messages.success(request, _("Checking. The verdicts below stand until the new ones are here."))
    return redirect("portfolio:project", project.slug)


@require_safe
@vary_on_headers("HX-Request")
def repository_checks(request: HttpRequest, pk: int) -> HttpResponse:
    """The checks of one repository: what the project's page asks for while a run is under way."""
    repositories = Repository.objects.visible_to(request.user)
    repository = get_object_or_404(repositories.select_related("project__owner__profile"), pk=pk)
    if not request.htmx:
        return redirect(repository.project)
    reader = verdicts.reader_of(repository.project, request.user)
    if not repository.project.is_open_to_all or repository.is_private:
        project = repository.project
        looked(request, Thing(Kind.PROJECT, project.pk, project.title), project.owner_id)
    picture = verdicts.of(repository, reader=reader)
    [picture] = verdicts.in_detail([picture], repository.project)
    context = {
        "picture": picture,
        "project": repository.project,
        "is_owner": reader == Reader.OWNER,
        "has_just_changed": picture.active is None,
        "runs": CheckRun.objects.visible_to(request.user).of(repository.project).latest_runs(),
        "shows_repository": repository.project.repositories.count() > 1,
    }
    return render(request, "portfolio/_checks_answer.html", context)


@require_safe
def check_list(request: HttpRequest) -> HttpResponse:
    """What every repository is checked for, and why, for whoever reads a verdict."""
    groups = [
        (group, [check for check in checks.CHECKS if check.group == group])
        for group in checks.Group
    ]
    context = {"groups": groups, "ruleset": checks.RULESET}
    return render(request, "portfolio/check_list.html", context)


@require_safe
def check_run_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One run as it was: its findings stay readable after newer ones."""
    runs = CheckRun.objects.visible_to(request.user)
    check_run = get_object_or_404(runs.select_related("repository__project__owner__profile"), pk=pk)
    project = check_run.repository.project
    reader = verdicts.reader_of(project, request.user)
    is_owner = reader == Reader.OWNER
    thing = Thing(Kind.CHECK_RUN, check_run.pk, project.title)
    if not project.is_open_to_all or check_run.repository.is_private:
        looked(request, thing, project.owner_id)
    context = {
        "check_run": check_run,
        "link": visited(request, project.owner, thing),
        "project": project,
        "is_owner": is_owner,
        "sections": verdicts.sections(verdicts.of_run(check_run, reader=reader)),
        "comparison": changes.since_the_run_before(check_run, is_owner=is_owner),
    }
    return render(request, "portfolio/check_run.html", context)
