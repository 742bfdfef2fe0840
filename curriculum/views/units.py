"""One unit, and saying that it is done or not done after all."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from curriculum import enrollments, progress
from curriculum.models import Criterion, Enrollment, Unit, UnitCompletion
from curriculum.views.people import HtmxRequest, enrollment_of, gone, to_sign_in

UNITS = Unit.objects.select_related("module__stage__roadmap")


@require_safe
def unit_detail(request: HttpRequest, slug: str) -> HttpResponse:
    unit = get_object_or_404(UNITS.select_related("brief"), slug=slug)
    enrollment = enrollment_of(request)
    completion = _completion(enrollment, unit)
    if unit.has_left and not completion:
        return gone(request, unit, instead=unit.module.get_absolute_url(), words=unit.module.title)
    before, after = progress.around(unit)
    brief = getattr(unit, "brief", None)
    context = _state(unit, enrollment) | {
        "reading": list(unit.reading.select_related("resource")),
        "brief": brief,
        "acceptance": _acceptance(brief.acceptance) if brief else [],
        "advice": progress.advice(enrollment, unit.module) if enrollment else [],
        "before": before,
        "after": after,
    }
    return render(request, "curriculum/unit.html", context)


@require_POST
def complete_unit(request: HtmxRequest, slug: str) -> HttpResponse:
    return _answer(request, slug, enrollments.complete_unit, _("“%(unit)s” is complete."))


@require_POST
def reopen_unit(request: HtmxRequest, slug: str) -> HttpResponse:
    return _answer(request, slug, enrollments.reopen_unit, _("“%(unit)s” is open again."))


def _answer(
    request: HtmxRequest,
    slug: str,
    act: Callable[[Enrollment, Unit], Any],
    words: str,
) -> HttpResponse:
    """Do it, then show the new state: in place for htmx, as the unit's page for everybody else."""
    unit = get_object_or_404(UNITS, slug=slug)
    if not request.user.is_authenticated:
        return to_sign_in(request, unit.get_absolute_url())
    try:
        enrollment = enrollments.enroll(request.user, unit.module.stage.roadmap)
        act(enrollment, unit)
    except enrollments.Retired:
        return gone(request, unit, instead=unit.module.get_absolute_url(), words=unit.module.title)
    if request.htmx:
        return render(request, "curriculum/_unit_answer.html", _state(unit, enrollment))
    messages.success(request, words % {"unit": unit.title})
    return redirect(unit)


def _state(unit: Unit, enrollment: Enrollment | None) -> dict[str, Any]:
    """What completing or reopening changes on the page of a unit."""
    units = list(progress.units_of(enrollment, unit.module))
    later = [other for other in units if not other.is_done and other.position > unit.position]
    return {
        "unit": unit,
        "module": unit.module,
        "units": units,
        "enrollment": enrollment,
        "completion": _completion(enrollment, unit),
        "progress": progress.of_units(units),
        "next_unit": later[0]
        if later
        else (progress.next_unit(enrollment) if enrollment else None),
    }


def _completion(enrollment: Enrollment | None, unit: Unit) -> UnitCompletion | None:
    return enrollment.completions.standing().filter(unit=unit).first() if enrollment else None


def _acceptance(accepted: list[dict[str, str]]) -> list[tuple[str, str]]:
    """What is accepted, under the titles of the criteria by which a project is reviewed."""
    titles = dict(
        Criterion.objects.filter(rubric__slug="project-review").values_list("slug", "title")
    )
    return [
        (titles.get(entry["criterion"], entry["criterion"]), entry["text"]) for entry in accepted
    ]
