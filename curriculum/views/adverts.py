"""From a job advert to a role of one's own: paste, confirm, keep; later change or delete."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from curriculum import adverts, roles
from curriculum.adverts import Reading
from curriculum.forms import AdvertForm, AskedFormSet, RoleForm, asked_formset
from curriculum.models import Role, Skill
from curriculum.views.people import to_sign_in

MOST_YEARS_ASKED = 20


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def role_new(request: HttpRequest) -> HttpResponse:
    """Asks for an advert and answers with what it seems to ask for. Nothing is kept yet."""
    form = AdvertForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        skills = _skills()
        names = ((skill.slug, skill.name, skill.aliases) for skill in skills.values())
        reading = adverts.read(form.cleaned_data["text"], adverts.vocabulary_of(names))
        role_form = RoleForm(initial=_initial(reading))
        asked = asked_formset(initial=_proposed(reading), skills=skills)
        return _confirm_page(request, role_form, asked)
    status = 422 if form.errors else 200
    return render(request, "curriculum/role_new.html", {"form": form}, status=status)


@require_POST
def role_confirm(request: HttpRequest) -> HttpResponse:
    """Keeps what was ticked as a role of one's own."""
    if not request.user.is_authenticated:
        return to_sign_in(request, reverse("curriculum:role_new"))
    form, asked = RoleForm(request.POST), asked_formset(request.POST, skills=_skills())
    if form.is_valid() & asked.is_valid():
        try:
            role = roles.keep(request.user, form.description, asked.asked)
        except roles.TooManyRoles:
            form.add_error(
                None,
                _("You have %(most)d roles of your own, the most there may be. Delete one first.")
                % {"most": roles.MOST_ROLES},
            )
        else:
            messages.success(request, _("The role is kept. Nobody else sees it."))
            return redirect(role)
    return _confirm_page(request, form, asked)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def role_edit(request: HttpRequest, slug: str) -> HttpResponse:
    role = get_object_or_404(Role.objects.owned_by(request.user), slug=slug)
    asked_now = roles.asked_by(role)
    skills = _skills() | {entry.skill.slug: entry.skill for entry in asked_now}
    if request.method == "POST":
        form, asked = RoleForm(request.POST), asked_formset(request.POST, skills=skills)
        if form.is_valid() & asked.is_valid():
            roles.change(role, form.description, asked.asked)
            messages.success(request, _("Saved."))
            return redirect(role)
    else:
        fields = RoleForm.base_fields
        form = RoleForm(initial={name: getattr(role, name) for name in fields})
        rows = [
            {
                "skill": entry.skill.slug,
                "level": entry.level,
                "is_required": "yes" if entry.is_required else "no",
                "choice": entry.choice,
                "quote": entry.quote,
            }
            for entry in asked_now
        ]
        asked = asked_formset(initial=rows, skills=skills)
    context = {"role": role, "form": form, "asked": asked}
    status = 422 if form.errors or not _is_sound(asked) else 200
    return render(request, "curriculum/role_edit.html", context, status=status)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def role_delete(request: HttpRequest, slug: str) -> HttpResponse:
    """Asks first."""
    role = get_object_or_404(Role.objects.owned_by(request.user), slug=slug)
    if request.method != "POST":
        return render(request, "curriculum/role_delete.html", {"role": role})
    roles.delete(role)
    messages.success(request, _("“%(title)s” is deleted.") % {"title": role.title})
    return redirect("portfolio:roles")


def _skills() -> dict[str, Skill]:
    return {skill.slug: skill for skill in Skill.objects.live()}


def _confirm_page(request: HttpRequest, form: RoleForm, asked: AskedFormSet) -> HttpResponse:
    context = {"form": form, "asked": asked}
    status = 422 if form.errors or not _is_sound(asked) else 200
    return render(request, "curriculum/role_confirm.html", context, status=status)


def _is_sound(asked: AskedFormSet) -> bool:
    return not asked.is_bound or asked.is_valid()


def _initial(reading: Reading) -> dict[str, Any]:
    initial: dict[str, Any] = {"title": reading.title}
    if reading.years:
        initial["min_years"] = min(reading.years.years, MOST_YEARS_ASKED)
        initial["experience_note"] = reading.years.quote
    if reading.degree:
        initial["degree"] = reading.degree.degree
        initial["education_note"] = reading.degree.quote
    return initial


def _proposed(reading: Reading) -> list[dict[str, Any]]:
    return [
        {
            "skill": proposal.slug,
            "level": proposal.level,
            "is_required": "yes" if proposal.is_required else "no",
            "choice": proposal.choice if proposal.choice <= 9 else 0,
            "quote": proposal.quote,
        }
        for proposal in reading.proposals
    ]
