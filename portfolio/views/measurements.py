"""What a project changed, in numbers: all of them in order, and one to write."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from portfolio import charts, defences, measurements
from portfolio.forms import MeasurementForm
from portfolio.measurements import TooMany, WrittenMeanwhile
from portfolio.models import Measurement, Project
from portfolio.tasks import send_measurement
from portfolio.views.projects import own_project


@login_required
@require_safe
def measurement_list(request: HttpRequest, slug: str) -> HttpResponse:
    project = own_project(request, slug)
    own = project.measurements.select_related("repository")
    told = measurements.told(own, is_insider=True)
    context = {
        "project": project,
        "told": told,
        "chart": charts.before_after(told),
        "is_full": len(told) >= measurements.MOST,
        "most": measurements.MOST,
    }
    return render(request, "portfolio/measurements.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def measurement_new(request: HttpRequest, slug: str) -> HttpResponse:
    project = own_project(request, slug)
    form = MeasurementForm(request.POST if request.method == "POST" else None, project=project)
    if form.is_valid():
        try:
            return _kept(request, measurements.write(project, form.cleaned_data))
        except TooMany:
            words = _("A project tells of %(n)d numbers at most. Take one away first.")
            form.add_error(None, words % {"n": measurements.MOST})
    context = {"project": project, "form": form}
    status = 422 if form.is_bound else 200
    return render(request, "portfolio/measurement.html", context, status=status)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def measurement(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    project = own_project(request, slug)
    own = _of(project, pk)
    if request.method != "POST":
        form = MeasurementForm(project=project, measurement=own)
        return _page(request, project, form, own)
    form = MeasurementForm(request.POST, project=project)
    if not form.is_valid():
        return _page(request, project, form, own, status=422)
    version = form.cleaned_data["version"]
    try:
        return _kept(
            request, measurements.write(project, form.cleaned_data, version=version, pk=pk)
        )
    except WrittenMeanwhile as meanwhile:
        return _again(request, project, own, meanwhile.measurement)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def measurement_delete(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Asks first."""
    project = own_project(request, slug)
    own = _of(project, pk)
    if request.method != "POST":
        context = {"project": project, "measurement": own}
        return render(request, "portfolio/measurement_delete.html", context)
    own.delete()
    defences.refresh(request.user)
    messages.success(request, _("“%(metric)s” is deleted.") % {"metric": own.metric})
    return redirect("portfolio:measurements", slug)


@login_required
@require_POST
def measurement_move(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """One place up or down."""
    own = _of(own_project(request, slug), pk)
    measurements.move(own, 1 if request.POST.get("to") == "down" else -1)
    return redirect("portfolio:measurements", slug)


def _of(project: Project, pk: int) -> Measurement:
    return get_object_or_404(project.measurements.select_related("repository"), pk=pk)


def _kept(request: HttpRequest, kept: Measurement) -> HttpResponse:
    send_measurement(kept)
    defences.refresh(request.user)
    words = _("“%(metric)s” is kept.")
    if kept.due_at:
        words = _("“%(metric)s” is kept. We are looking at its file.")
    messages.success(request, words % {"metric": kept.metric})
    return redirect("portfolio:measurements", kept.project.slug)


def _again(
    request: HttpRequest, project: Project, shown: Measurement, now: Measurement | None
) -> HttpResponse:
    """The form with what was typed, which begins with the measurement as it is now."""
    data = request.POST.copy()
    data["version"] = now.version if now else ""
    form = MeasurementForm(data, project=project)
    words = _("This was changed meanwhile, in another tab or on another device: it is below.")
    form.add_error(None, words if now else _("This was deleted meanwhile."))
    return _page(request, project, form, now or shown, other=now, status=409)


def _page(
    request: HttpRequest,
    project: Project,
    form: MeasurementForm,
    shown: Measurement,
    *,
    other: Measurement | None = None,
    status: int = 200,
) -> HttpResponse:
    [told] = measurements.told([shown], is_insider=True)
    context = {"project": project, "form": form, "measurement": shown, "told": told, "other": other}
    return render(request, "portfolio/measurement.html", context, status=status)
