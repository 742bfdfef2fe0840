"""One unit, and saying that it is done, or skipped, or neither after all."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from curriculum import enrollments, progress, resource_links
from curriculum.forms import SkipForm
from curriculum.models import Criterion, Enrollment, Unit, UnitCompletion, UnitSkip
from curriculum.views.keeping import kept_on
from curriculum.views.people import HtmxRequest, enrollment_of, gone, to_sign_in

UNITS = Unit.objects.select_related("module__stage__roadmap", "brief")


@require_safe
def unit_detail(request: HttpRequest, slug: str) -> HttpResponse:
    unit = get_object_or_404(UNITS, slug=slug)
    if unit.has_left and not Unit.objects.kept_by(request.user).filter(pk=unit.pk).exists():
        return gone(request, unit, instead=unit.module.get_absolute_url(), words=unit.module.title)
    return unit_page(request, unit)


def unit_page(request: HttpRequest, unit: Unit, *, status: int = 200, **own: Any) -> HttpResponse:
    """The whole page of a unit; `own` replaces parts of what the learner keeps there."""
    enrollment = enrollment_of(request, unit.module.stage.roadmap)
    return _page(request, _state(unit, enrollment, SkipForm()), status, **own)


@require_POST
def complete_unit(request: HtmxRequest, slug: str) -> HttpResponse:
    return _answer(request, slug, enrollments.complete_unit, _("“%(unit)s” is complete."))


@require_POST
def reopen_unit(request: HtmxRequest, slug: str) -> HttpResponse:
    return _answer(request, slug, enrollments.reopen_unit, _("“%(unit)s” is open again."))


@require_POST
def skip_unit(request: HtmxRequest, slug: str) -> HttpResponse:
    form = SkipForm(request.POST)

    def skip(enrollment: Enrollment, unit: Unit) -> None:
        if form.is_valid():
            enrollments.skip_unit(enrollment, unit, form.cleaned_data["reason"])

    return _answer(request, slug, skip, _("“%(unit)s” is skipped."), form)


@require_POST
def unskip_unit(request: HtmxRequest, slug: str) -> HttpResponse:
    return _answer(request, slug, enrollments.unskip_unit, _("“%(unit)s” is open again."))


def _page(
    request: HttpRequest, state: dict[str, Any], status: int = 200, **own: Any
) -> HttpResponse:
    """The whole page of a unit, around what completing and skipping change on it."""
    unit, enrollment = state["unit"], state["enrollment"]
    before, after = progress.around(unit)
    brief = getattr(unit, "brief", None)
    context = state | {
        "reading": resource_links.reading_of(unit),
        "brief": brief,
        "acceptance": _acceptance(brief.acceptance) if brief else [],
        "advice": progress.advice(enrollment, unit.module) if enrollment else [],
        "before": before,
        "after": after,
    }
    context |= kept_on(unit, request.user) | own
    return render(request, "curriculum/unit.html", context, status=status)


def _answer(
    request: HtmxRequest,
    slug: str,
    act: Callable[[Enrollment, Unit], Any],
    words: str,
    form: SkipForm | None = None,
) -> HttpResponse:
    """Do it, then show the new state: in place for htmx, as the unit's page for everybody else.

    A form that was not accepted comes back with what was typed.
    """
    unit = get_object_or_404(UNITS, slug=slug)
    if not request.user.is_authenticated:
        return to_sign_in(request, unit.get_absolute_url())
    try:
        enrollment = enrollments.enroll(request.user, unit.module.stage.roadmap)
        act(enrollment, unit)
    except enrollments.Retired:
        return gone(request, unit, instead=unit.module.get_absolute_url(), words=unit.module.title)
    refused = form if form and form.errors else None
    state = _state(unit, enrollment, refused or SkipForm())
    status = 422 if refused else 200
    if request.htmx:
        return render(request, "curriculum/_unit_answer.html", state, status=status)
    if refused:
        return _page(request, state, status)
    messages.success(request, words % {"unit": unit.title})
    return redirect(unit)


def _state(unit: Unit, enrollment: Enrollment | None, form: SkipForm) -> dict[str, Any]:
    """What completing, skipping and taking either back change on the page of a unit."""
    units = list(progress.units_of(enrollment, unit.module))
    later = [other for other in units if other.is_open and other.position > unit.position]
    return {
        "unit": unit,
        "module": unit.module,
        "units": units,
        "enrollment": enrollment,
        "completion": _completion(enrollment, unit),
        "skip": _skip(enrollment, unit),
        "skip_form": form,
        "past": _past(enrollment, unit),
        "progress": progress.of_units(units),
        "next_unit": later[0]
        if later
        else (progress.next_unit(enrollment) if enrollment else None),
    }


def _completion(enrollment: Enrollment | None, unit: Unit) -> UnitCompletion | None:
    return enrollment.completions.standing().filter(unit=unit).first() if enrollment else None


def _skip(enrollment: Enrollment | None, unit: Unit) -> UnitSkip | None:
    return enrollment.skips.standing().filter(unit=unit).first() if enrollment else None


def _past(enrollment: Enrollment | None, unit: Unit) -> list[UnitCompletion]:
    """The completions that were reopened, newest first."""
    if enrollment is None:
        return []
    return list(enrollment.completions.filter(unit=unit).exclude(reopened_at=None))


def _acceptance(accepted: list[dict[str, str]]) -> list[tuple[str, str]]:
    """What is accepted, under the titles of the criteria by which a project is reviewed."""
    titles = dict(
        Criterion.objects.filter(rubric__slug="project-review").values_list("slug", "title")
    )
    return [
        (titles.get(entry["criterion"], entry["criterion"]), entry["text"]) for entry in accepted
    ]
