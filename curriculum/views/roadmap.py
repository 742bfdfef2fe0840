"""The roadmap as a whole, and one module of it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from curriculum import progress
from curriculum.models import Module, Roadmap
from curriculum.views.people import enrollment_of, gone


@require_safe
def roadmap(request: HttpRequest) -> HttpResponse:
    enrollment = enrollment_of(request)
    picture = None
    if enrollment:
        picture = progress.overview(enrollment)
    elif first := Roadmap.objects.live().first():
        picture = progress.outline(first)
    context = {
        "enrollment": enrollment,
        "picture": picture if picture and picture.stages else None,
    }
    return render(request, "curriculum/roadmap.html", context)


@require_safe
def module_detail(request: HttpRequest, slug: str) -> HttpResponse:
    modules = Module.objects.select_related("stage__roadmap").prefetch_related("taught__skill")
    module = get_object_or_404(modules, slug=slug)
    enrollment = enrollment_of(request)
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
        "open_unit": next((unit for unit in units if not unit.is_done), None),
        "next_unit": progress.next_unit(enrollment) if enrollment else None,
        "advice": progress.advice(enrollment, module) if enrollment else [],
        "prerequisites": progress.prerequisites_of(module),
        "followed_by": module.followed_by.live().order_by("number"),
        "before": before,
        "after": after,
    }
    return render(request, "curriculum/module.html", context)
