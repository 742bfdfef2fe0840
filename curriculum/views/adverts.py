"""From a job advert to a role of one's own: paste, confirm, keep; later change or delete."""

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from curriculum import adverts, roles
from curriculum.adverts import Reading
from curriculum.forms import AdvertForm, AskedFormSet, RoleForm, asked_formset
from curriculum.models import Role, Skill
from curriculum.roles import Asked
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
    if request.method != "POST":
        role = get_object_or_404(_own(request), slug=slug)
        asked_now = roles.asked_by(role)
        form = RoleForm(initial={name: getattr(role, name) for name in RoleForm.base_fields})
        rows = asked_formset(initial=_rows(asked_now), skills=_skills(asked_now))
        return _edit_page(request, role, form, rows)
    with transaction.atomic():
        role = _hold(request, slug)
        form = RoleForm(request.POST)
        rows = asked_formset(request.POST, skills=_skills(roles.asked_by(role)))
        if form.is_valid() & rows.is_valid():
            roles.change(role, form.description, rows.asked)
            messages.success(request, _("Saved."))
            return redirect(role)
    return _edit_page(request, role, form, rows)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def role_delete(request: HttpRequest, slug: str) -> HttpResponse:
    """Asks first."""
    if request.method != "POST":
        role = get_object_or_404(_own(request), slug=slug)
        return render(request, "curriculum/role_delete.html", {"role": role})
    with transaction.atomic():
        role = _hold(request, slug)
        roles.delete(role)
    messages.success(request, _("“%(title)s” is deleted.") % {"title": role.title})
    return redirect("portfolio:roles")


def _own(request: HttpRequest) -> QuerySet[Role]:
    return Role.objects.owned_by(request.user)


def _hold(request: HttpRequest, slug: str) -> Role:
    """The person's own role, which nobody else changes until the transaction around this ends."""
    return get_object_or_404(_own(request).select_for_update(), slug=slug)


def _skills(asked: Iterable[Asked] = ()) -> dict[str, Skill]:
    """The skills of today, and those that are asked already."""
    skills = {skill.slug: skill for skill in Skill.objects.live()}
    return skills | {entry.skill.slug: entry.skill for entry in asked}


def _rows(asked: Iterable[Asked]) -> list[dict[str, Any]]:
    return [
        {
            "skill": entry.skill.slug,
            "level": entry.level,
            "is_required": "yes" if entry.is_required else "no",
            "choice": entry.choice,
            "quote": entry.quote,
        }
        for entry in asked
    ]


def _edit_page(
    request: HttpRequest, role: Role, form: RoleForm, rows: AskedFormSet
) -> HttpResponse:
    context = {"role": role, "form": form, "asked": rows}
    status = 422 if form.errors or not _is_sound(rows) else 200
    return render(request, "curriculum/role_edit.html", context, status=status)


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
