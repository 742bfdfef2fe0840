"""Aiming for a role, and the ladder on which roles stand."""

from collections.abc import Mapping

from django.contrib import messages
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from curriculum import enrollments
from curriculum.models import Role, Rung, Skill, SkillLevel
from curriculum.views.people import gone, to_sign_in


@require_POST
def aim_for_role(request: HttpRequest, slug: str) -> HttpResponse:
    own_or_of_content = Role.objects.of_content() | Role.objects.owned_by(request.user)
    role = get_object_or_404(own_or_of_content, slug=slug)
    if not request.user.is_authenticated:
        return to_sign_in(request, role.get_absolute_url())
    try:
        enrollments.aim_for(enrollments.enroll(request.user), role)
    except enrollments.Retired:
        return gone(request, role, instead=reverse("portfolio:roles"), words=_("All roles"))
    except enrollments.NoRoadmap:
        messages.error(request, _("There is no roadmap yet. Nothing was changed."))
    else:
        messages.success(
            request, _("You aim for %(role)s. Its modules carry a flag.") % {"role": role.title}
        )
    return redirect("curriculum:roadmap")


@require_safe
def ladder(request: HttpRequest) -> HttpResponse:
    live_roles = Prefetch("roles", Role.objects.live(), to_attr="live_roles")
    rungs = list(Rung.objects.live().prefetch_related(live_roles))
    expected = {entry["skill"] for rung in rungs for entry in rung.expectations}
    skills = {skill.slug: skill for skill in Skill.objects.live().filter(slug__in=expected)}
    tracks = [
        (label, [(rung, _expected(rung, skills)) for rung in rungs if rung.track == track])
        for track, label in Rung.Track.choices
    ]
    context = {"tracks": tracks, "is_empty": not rungs}
    return render(request, "curriculum/ladder.html", context)


def _expected(rung: Rung, skills: Mapping[str, Skill]) -> list[tuple[Skill, str]]:
    """The skills that a rung expects, each with the name of its level; retired ones left out."""
    return [
        (skills[entry["skill"]], SkillLevel[entry["level"].upper()].label)
        for entry in rung.expectations
        if entry["skill"] in skills
    ]
