"""What can be learnt: all skills, and one with its four levels."""

from django.db.models import Max, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from curriculum import progress
from curriculum.forms import DeclarationForm
from curriculum.models import RequirementSkill, Role, Skill, SkillLevel
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
    return skill_gone(request, skill) if skill.is_retired else skill_page(request, skill)


def skill_gone(request: HttpRequest, skill: Skill) -> HttpResponse:
    return gone(request, skill, instead=reverse("curriculum:skills"), words=_("All skills"))


def skill_page(
    request: HttpRequest, skill: Skill, form: DeclarationForm | None = None
) -> HttpResponse:
    """The page of a skill; with a form that was not accepted, if there is one."""
    enrollment = enrollment_of(request)
    taught_in = (
        skill.taught_in.filter(module__retired_at=None, module__stage__retired_at=None)
        .select_related("module__stage")
        .order_by("module__number")
    )
    asked_in = (
        RequirementSkill.objects.filter(
            skill=skill, requirement__role__in=Role.objects.listed_for(request.user)
        )
        .select_related("requirement__role")
        .order_by("-requirement__is_required", "requirement__role__position")
    )
    declaration = (
        request.user.declarations.filter(skill=skill).first()
        if request.user.is_authenticated
        else None
    )
    initial = {"level": declaration.level} if declaration else {}
    context = {
        "skill": skill,
        "studied": progress.studied(enrollment).get(skill) if enrollment else None,
        "declaration": declaration,
        "form": form or DeclarationForm(initial=initial),
        "taught_in": taught_in,
        "asked_in": asked_in,
        "questions": skill.questions.live(),
    }
    status = 422 if form else 200
    return render(request, "curriculum/skill.html", context, status=status)
