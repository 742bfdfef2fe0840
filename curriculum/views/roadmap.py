"""The roadmap as a whole, and one module of it, which can be skipped whole."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from curriculum import enrollments, fading, maps, progress
from curriculum.forms import SkipForm
from curriculum.models import Enrollment, Module, Roadmap
from curriculum.views.people import enrollment_of, gone, to_sign_in

MODULES = Module.objects.select_related("stage__roadmap").prefetch_related("taught__skill")


@require_safe
def roadmap(request: HttpRequest) -> HttpResponse:
    enrollment = enrollment_of(request)
    picture = None
    if enrollment:
        picture = progress.overview(enrollment)
    elif first := Roadmap.objects.live().first():
        picture = progress.outline(first)
    if picture is None or not picture.stages:
        return render(request, "curriculum/roadmap.html", {"enrollment": enrollment})
    role, states = None, {}
    if enrollment:
        role, states = enrollment.target_role, fading.of(request.user, picture).states
    context = {
        "enrollment": enrollment,
        "picture": picture,
        "due": states,
        "map": maps.draw(picture, role, states),
        "zoom": maps.zoom_to(request.GET.get("zoom", "")),
    }
    return render(request, "curriculum/roadmap.html", context)


@require_safe
def module_detail(request: HttpRequest, slug: str) -> HttpResponse:
    return _module_page(request, get_object_or_404(MODULES, slug=slug), SkipForm())


@require_POST
def skip_module(request: HttpRequest, slug: str) -> HttpResponse:
    form = SkipForm(request.POST)

    def skip(enrollment: Enrollment, module: Module) -> None:
        if form.is_valid():
            enrollments.skip_module(enrollment, module, form.cleaned_data["reason"])

    words = _("What was open of “%(module)s” is skipped.")
    return _change_module(request, slug, skip, words, form)


@require_POST
def unskip_module(request: HttpRequest, slug: str) -> HttpResponse:
    words = _("“%(module)s” is on your route again.")
    return _change_module(request, slug, enrollments.unskip_module, words, SkipForm())


def _change_module(
    request: HttpRequest,
    slug: str,
    act: Callable[[Enrollment, Module], Any],
    words: str,
    form: SkipForm,
) -> HttpResponse:
    """Do it and show the module; a form that was not accepted comes back with what was typed."""
    module = get_object_or_404(MODULES, slug=slug)
    if not request.user.is_authenticated:
        return to_sign_in(request, module.get_absolute_url())
    try:
        act(enrollments.enroll(request.user, module.stage.roadmap), module)
    except enrollments.Retired:
        return gone(request, module, instead=reverse("curriculum:roadmap"), words=_("The roadmap"))
    if form.errors:
        return _module_page(request, module, form)
    messages.success(request, words % {"module": module.title})
    return redirect(module)


def _module_page(request: HttpRequest, module: Module, form: SkipForm) -> HttpResponse:
    enrollment = enrollment_of(request, module.stage.roadmap)
    kept = list(progress.kept_units(enrollment, module))
    if module.has_left and not kept:
        return gone(request, module, instead=reverse("curriculum:roadmap"), words=_("The roadmap"))
    units = list(progress.units_of(enrollment, module))
    before, after = progress.neighbours(module)
    context = {
        "module": module,
        "units": units,
        "kept": kept,
        "enrollment": enrollment,
        "progress": progress.of_units(units),
        "open_unit": next((unit for unit in units if unit.is_open), None),
        "next_unit": progress.next_unit(enrollment) if enrollment else None,
        "advice": progress.advice(enrollment, module) if enrollment else [],
        "prerequisites": progress.prerequisites_of(module),
        "followed_by": module.followed_by.live().order_by("number"),
        "before": before,
        "after": after,
        "skip_form": form,
    }
    return render(request, "curriculum/module.html", context, status=422 if form.errors else 200)
