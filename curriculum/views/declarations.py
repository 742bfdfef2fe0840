"""What one says of oneself: a skill at a level, years of work, a degree."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from curriculum import declarations
from curriculum.forms import BackgroundForm, DeclarationForm
from curriculum.models import Skill, SkillLevel
from curriculum.views.people import to_sign_in
from curriculum.views.skills import skill_gone, skill_page


@require_POST
def declare_skill(request: HttpRequest, slug: str) -> HttpResponse:
    skill = get_object_or_404(Skill.objects.select_related("category"), slug=slug)
    if not request.user.is_authenticated:
        return to_sign_in(request, skill.get_absolute_url())
    form = DeclarationForm(request.POST)
    if skill.is_retired:
        return skill_gone(request, skill)
    if not form.is_valid():
        return skill_page(request, skill, form)
    level = SkillLevel(form.cleaned_data["level"])
    declarations.declare(request.user, skill, level)
    messages.success(
        request,
        _("You declare %(skill)s to %(level)s. It is shown as your word, not as proof.")
        % {"skill": skill.name, "level": level.label.lower()},
    )
    return redirect(skill)


@require_POST
def take_back_skill(request: HttpRequest, slug: str) -> HttpResponse:
    skill = get_object_or_404(Skill, slug=slug)
    if not request.user.is_authenticated:
        return to_sign_in(request, skill.get_absolute_url())
    declarations.take_back(request.user, skill)
    messages.success(request, _("You no longer declare %(skill)s.") % {"skill": skill.name})
    return redirect("portfolio:evidence" if skill.is_retired else skill)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def background(request: HttpRequest) -> HttpResponse:
    form = BackgroundForm(
        request.POST if request.method == "POST" else None,
        background=declarations.background_of(request.user),
    )
    if request.method == "POST" and form.is_valid():
        declarations.state_background(
            request.user, form.months, form.cleaned_data["degree"], form.cleaned_data["subject"]
        )
        messages.success(request, _("Your years and degree are kept, as your own word."))
        return redirect("portfolio:evidence")
    status = 422 if form.errors else 200
    return render(request, "curriculum/background.html", {"form": form}, status=status)
