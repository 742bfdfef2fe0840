"""The case study of a project under the guide's headings: to write, with what it lacks, drafted on request."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from portfolio import case_studies
from portfolio.case_studies import Draft, WrittenMeanwhile
from portfolio.forms import CaseStudyForm
from portfolio.models import Project
from portfolio.tasks import send_listings
from portfolio.views.projects import own_project


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def case_study(request: HttpRequest, slug: str) -> HttpResponse:
    project = own_project(request, slug)
    if request.method != "POST":
        names = ("summary", *Project.CASE_STUDY)
        said = {name: getattr(project, name) for name in names}
        said["version"] = case_studies.version_of(project)
        return _page(request, project, CaseStudyForm(initial=said))
    if "draft" in request.POST:
        return _drafted(request, project)
    form = CaseStudyForm(request.POST)
    if not form.is_valid():
        return _page(request, project, form, status=422)
    version = form.cleaned_data["version"]
    try:
        case_studies.write(project, form.cleaned_data, version=version)
    except WrittenMeanwhile as meanwhile:
        return _again(request, meanwhile.project)
    messages.success(request, _("Saved."))
    return redirect("portfolio:project", slug)


def _drafted(request: HttpRequest, project: Project) -> HttpResponse:
    """The form as it was typed, its empty fields filled from the README; nothing is kept yet."""
    draft = case_studies.draft(project)
    if draft.listing:
        send_listings([draft.listing])
    typed = {name: request.POST.get(name, "") for name in CaseStudyForm.base_fields}
    filled = draft.for_empty(typed)
    typed |= {name: excerpt.text for name, excerpt in filled.items()}
    return _page(request, project, CaseStudyForm(initial=typed), draft=draft, filled=filled)


def _again(request: HttpRequest, now: Project) -> HttpResponse:
    """The form with what was typed, which begins with the texts as they are now."""
    data = request.POST.copy()
    data["version"] = case_studies.version_of(now)
    form = CaseStudyForm(data)
    words = _("This was changed meanwhile, in another tab or on another device: it is below.")
    form.add_error(None, words)
    return _page(request, now, form, other=now, status=409)


def _page(
    request: HttpRequest,
    project: Project,
    form: CaseStudyForm,
    *,
    draft: Draft | None = None,
    filled: dict | None = None,
    other: Project | None = None,
    status: int = 200,
) -> HttpResponse:
    meter = case_studies.meter_of(project, project.measurements.all())
    context = {
        "project": project,
        "form": form,
        "meter": meter,
        "draft": draft,
        "filled": [(form[name].label, excerpt) for name, excerpt in (filled or {}).items()],
        "other": other,
    }
    return render(request, "portfolio/case_study.html", context, status=status)
