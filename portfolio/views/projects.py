"""A learner's own projects."""

from collections.abc import Iterable

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.validators import slug_re
from django.db import transaction
from django.db.models import QuerySet, prefetch_related_objects
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from curriculum.models import Brief
from portfolio import (
    check_runs,
    contributions,
    defences,
    demo_links,
    projects,
    verdicts,
    webhooks,
)
from portfolio.forms import LinkForm, ProjectForm, ProjectStartForm
from portfolio.models import Project, Repository
from portfolio.projects import AlreadyLinked
from portfolio.tasks import send, send_contribution, send_demo_link
from portfolio.verdicts import Picture, Reader
from portfolio.views.project_page import project_page


def own_project(request: HttpRequest, slug: str) -> Project:
    """The signed-in person's project of that name, or 404."""
    return get_object_or_404(_own(request), slug=slug)


def hold_project(request: HttpRequest, slug: str) -> Project:
    """The same, and nobody else changes or deletes it until the transaction around this ends.

    So two presses are one after the other, and what another tab deletes does not come back.
    """
    return get_object_or_404(_own(request).select_for_update(of=("self",)), slug=slug)


def _own(request: HttpRequest) -> QuerySet[Project]:
    return Project.objects.owned_by(request.user).select_related("owner__profile", "demo_link")


@login_required
@require_safe
def project_list(request: HttpRequest) -> HttpResponse:
    own = (
        Project.objects.owned_by(request.user)
        .select_related("owner__profile")
        .prefetch_related("repositories", "reviews")
    )
    context = {"rows": rows(own, Reader.OWNER)}
    return render(request, "portfolio/projects.html", context)


def rows(
    found: Iterable[Project], reader: Reader = Reader.STRANGER
) -> list[tuple[Project, list[Picture]]]:
    """Each project with the pictures of its repositories, in a constant number of queries."""
    found = list(found)
    prefetch_related_objects(found, "contributions")
    repositories = (r for project in found for r in project.repositories.all())
    pictures = verdicts.of_many(repositories, reader=reader)
    return [(project, [pictures[r.pk] for r in project.repositories.all()]) for project in found]


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def project_new(request: HttpRequest) -> HttpResponse:
    brief = _brief(request.GET.get("unit", ""))
    form = ProjectStartForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        link = form.cleaned_data["link"]
        if form.pull:
            return _start_contribution(request, form)
        try:
            project = projects.start(
                request.user,
                link,
                title=form.cleaned_data["title"],
                summary=form.cleaned_data["summary"],
                brief=brief,
            )
        except AlreadyLinked as error:
            messages.info(request, _("You have this repository already: here is its project."))
            return redirect("portfolio:project", error.project.slug)
        send(check_runs.request(project.repositories.get()))
        messages.success(request, _("Project started. Its repository is being checked."))
        return redirect("portfolio:project", project.slug)
    status = 422 if form.is_bound else 200
    context = {"form": form, "brief": brief}
    return render(request, "portfolio/project_new.html", context, status=status)


def _start_contribution(request: HttpRequest, form: ProjectStartForm) -> HttpResponse:
    """A project that is a pull request in somebody else's repository."""
    said = {name: form.cleaned_data[name] for name in ("title", "summary")}
    link, number = form.pull or (form.cleaned_data["link"], 0)
    try:
        project = contributions.start(request.user, link, number, **said)
    except contributions.AlreadyThere as error:
        messages.info(request, _("You have this pull request already: here is its project."))
        return redirect("portfolio:project", error.project.slug)
    send_contribution(project.contributions.get())
    messages.success(request, _("Project started. GitHub is asked about the pull request."))
    return redirect("portfolio:project", project.slug)


@login_required
@require_safe
def project_detail(request: HttpRequest, slug: str) -> HttpResponse:
    return project_page(request, own_project(request, slug))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def project_edit(request: HttpRequest, slug: str) -> HttpResponse:
    if request.method != "POST":
        project = own_project(request, slug)
        return _edit_page(request, project, ProjectForm(instance=project), LinkForm())
    with transaction.atomic():
        project = hold_project(request, slug)
        visibility = project.visibility
        form = ProjectForm(request.POST, instance=project)
        if form.is_valid():
            projects.note_publication(form.save(), before=visibility)
            if link := demo_links.watch(project):
                send_demo_link(link)
            defences.refresh(request.user)
            messages.success(request, _("Saved."))
            return redirect("portfolio:project", project.slug)
    return _edit_page(request, project, form, LinkForm())


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def project_delete(request: HttpRequest, slug: str) -> HttpResponse:
    """Asks first."""
    if request.method != "POST":
        context = {"project": own_project(request, slug)}
        return render(request, "portfolio/project_delete.html", context)
    with transaction.atomic():
        project = hold_project(request, slug)
        projects.delete(project)
        defences.refresh(request.user)
    messages.success(request, _("“%(title)s” is deleted.") % {"title": project.title})
    return redirect("portfolio:projects")


@login_required
@require_POST
@transaction.atomic
def repository_link(request: HttpRequest, slug: str) -> HttpResponse:
    project = hold_project(request, slug)
    form = LinkForm(request.POST)
    if form.is_valid():
        try:
            repository = projects.link_repository(project, form.cleaned_data["link"])
        except AlreadyLinked as error:
            form.add_error(
                "link",
                _("That repository belongs to your project “%(title)s” already.")
                % {"title": error.project.title},
            )
        else:
            send(check_runs.request(repository))
            messages.success(request, _("Repository linked. It is being checked."))
            return redirect("portfolio:project", project.slug)
    return _edit_page(request, project, ProjectForm(instance=project), form)


@login_required
@require_POST
@transaction.atomic
def repository_unlink(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    repository = get_object_or_404(hold_project(request, slug).repositories, pk=pk)
    projects.unlink(repository)
    messages.success(
        request, _("%(repository)s is no longer part of this project.") % {"repository": repository}
    )
    return redirect("portfolio:project_edit", slug)


@login_required
@require_POST
@transaction.atomic
def repository_relink(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    repository = get_object_or_404(
        hold_project(request, slug).repositories, pk=pk, standing=Repository.Standing.REPLACED
    )
    send(check_runs.request(projects.relink(repository)))
    messages.success(request, _("This repository is yours from now on. It is being checked."))
    return redirect("portfolio:project", slug)


def _brief(unit_slug: str) -> Brief | None:
    """The brief of that unit, if there is one; the address may say anything."""
    if not slug_re.match(unit_slug):
        return None
    return Brief.objects.filter(unit__slug=unit_slug).select_related("unit").first()


def _edit_page(
    request: HttpRequest, project: Project, form: ProjectForm, link_form: LinkForm
) -> HttpResponse:
    context = {
        "project": project,
        "form": form,
        "link_form": link_form,
        "repositories": [
            (repository, _webhook(repository)) for repository in project.repositories.all()
        ],
    }
    status = 422 if form.is_bound or link_form.is_bound else 200
    return render(request, "portfolio/project_edit.html", context, status=status)


def _webhook(repository: Repository) -> dict[str, str]:
    """What the owner pastes into GitHub's settings; empty while we do not listen."""
    if not repository.webhook_nonce:
        return {}
    address = settings.SITE_URL + reverse("portfolio:webhook", args=[repository.pk])
    return {"address": address, "secret": webhooks.secret_of(repository)}
