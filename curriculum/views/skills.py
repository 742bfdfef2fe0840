"""What can be learnt: all skills, and one with its four levels."""

from django.db.models import Max, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from curriculum import progress
from curriculum.models import RequirementSkill, Skill, SkillLevel
from curriculum.views.people import enrollment_of, gone


@require_safe
def skill_list(request: HttpRequest) -> HttpResponse:
    enrollment = enrollment_of(request)
    studied = progress.studied(enrollment) if enrollment else {}
    taught = Max("taught_in__level", filter=Q(taught_in__module__retired_at=None))
    skills = Skill.objects.live().select_related("category").annotate(taught_level=taught)
    rows = [
        {
            "skill": skill,
            "taught": SkillLevel(skill.taught_level).label if skill.taught_level else "",
            "studied": studied[skill].label if skill in studied else "",
        }
        for skill in skills
    ]
    context = {"rows": rows, "enrollment": enrollment, "studied": len(studied)}
    return render(request, "curriculum/skills.html", context)


@require_safe
def skill_detail(request: HttpRequest, slug: str) -> HttpResponse:
    skill = get_object_or_404(Skill.objects.select_related("category"), slug=slug)
    if skill.is_retired:
        return gone(request, skill, instead=reverse("curriculum:skills"), words=_("All skills"))
    enrollment = enrollment_of(request)
    taught_in = (
        skill.taught_in.filter(module__retired_at=None, module__stage__retired_at=None)
        .select_related("module__stage")
        .order_by("module__number")
    )
    asked_in = (
        RequirementSkill.objects.filter(skill=skill, requirement__role__retired_at=None)
        .select_related("requirement__role")
        .order_by("-requirement__is_required", "requirement__role__position")
    )
    context = {
        "skill": skill,
        "studied": progress.studied(enrollment).get(skill) if enrollment else None,
        "taught_in": taught_in,
        "asked_in": asked_in,
        "questions": skill.questions.live(),
    }
    return render(request, "curriculum/skill.html", context)
