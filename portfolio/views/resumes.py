"""Résumés on their owner's desk: all variants, one to arrange, its entries and lines to write."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from curriculum import enrollments
from curriculum.models import Skill
from portfolio import defences, resume_board, resume_document, resumes
from portfolio.models import (
    Claim,
    Contribution,
    Measurement,
    Resume,
    ResumeEntry,
    ResumeLine,
    Section,
)
from portfolio.resume_forms import WITH_LINES, EntryForm, LineForm, NewResumeForm, ResumeForm
from portfolio.resumes import TooMany, WrittenMeanwhile

#: What a line can be made from, by the word in a button.
FACTS: dict[str, type[Claim] | type[Measurement] | type[Contribution]] = {
    "claim": Claim,
    "measurement": Measurement,
    "contribution": Contribution,
}


def own_resume(request: HttpRequest, pk: int) -> Resume:
    """The signed-in person's résumé of that key, or 404."""
    own = Resume.objects.owned_by(request.user).select_related("owner__profile", "target_role")
    return get_object_or_404(own, pk=pk)


@login_required
@require_safe
def resume_list(request: HttpRequest) -> HttpResponse:
    own = Resume.objects.owned_by(request.user).select_related("target_role")
    context = {"resumes": own, "has_projects": request.user.projects.exists()}
    return render(request, "portfolio/resumes.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def resume_new(request: HttpRequest) -> HttpResponse:
    enrollment = enrollments.of(request.user)
    initial = {
        "target_role": enrollment.target_role_id if enrollment else None,
        "based_on": request.GET.get("from", ""),
    }
    data = request.POST if request.method == "POST" else None
    form = NewResumeForm(data, owner=request.user, initial=initial)
    if form.is_valid():
        said = {"name": form.cleaned_data["name"], "role": form.cleaned_data["target_role"]}
        based_on = form.cleaned_data.get("based_on")
        try:
            resume = (
                resumes.copy(based_on, **said) if based_on else resumes.create(request.user, **said)
            )
        except TooMany as error:
            form.add_error(None, str(error))
        else:
            messages.success(
                request, _("Your résumé is begun. Arrange it, and write each line in your words.")
            )
            return redirect(resume)
    status = 422 if form.is_bound else 200
    return render(request, "portfolio/resume_new.html", {"form": form}, status=status)


@login_required
@require_safe
def resume(request: HttpRequest, pk: int) -> HttpResponse:
    """The desk: what it holds, what it leaves out, and what would make it better."""
    own = own_resume(request, pk)
    board = resume_board.of(own)
    written = set(own.owner.resume_entries.values_list("section", flat=True))
    context = {
        "resume": own,
        "board": board,
        "document": resume_document.of(own),
        "units": resume_board.units_of(board),
        "more_sections": [s for s in Section if s not in resumes.USUAL and s not in written],
        "with_lines": WITH_LINES,
    }
    return render(request, "portfolio/resume.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def resume_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """What it says itself: summary, contact, length."""
    own = own_resume(request, pk)
    data = request.POST if request.method == "POST" else None
    form = ResumeForm(data, owner=request.user, resume=own)
    if form.is_valid():
        try:
            version = form.cleaned_data["version"]
            kept = resumes.write(request.user, pk, form.cleaned_data, version=version)
        except WrittenMeanwhile as meanwhile:
            again = _again(request, meanwhile.now)
            form = ResumeForm(again, owner=request.user, resume=own)
            return _meanwhile(request, own, form, meanwhile.now)
        defences.refresh(request.user)
        messages.success(request, _("Kept."))
        return redirect(kept)
    return _form_page(request, own, form, _("Summary, contact and length"))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def resume_delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Asks first."""
    own = own_resume(request, pk)
    if request.method != "POST":
        return render(request, "portfolio/resume_delete.html", {"resume": own})
    own.delete()
    defences.refresh(request.user)
    messages.success(
        request, _("“%(name)s” is deleted. Its entries and lines are kept.") % {"name": own.name}
    )
    return redirect("portfolio:resumes")


# Arranging. What a button does stands in its value: what, of which kind, which one.


@login_required
@require_POST
def resume_arrange(request: HttpRequest, pk: int) -> HttpResponse:
    """One press of a button: up, down, in or out; leads back to where the button stood."""
    own = own_resume(request, pk)
    do, _space, rest = request.POST.get("do", "").partition(" ")
    kind, _space, key = rest.partition(" ")
    if do in ("up", "down"):
        _move(own, kind, key, -1 if do == "up" else 1)
    elif do in ("in", "out"):
        _choose(own, kind, key, do == "in")
    else:
        raise Http404
    defences.refresh(request.user)
    return redirect(f"{own.get_absolute_url()}#{kind}-{key}")


def _move(own: Resume, kind: str, key: str, by: int) -> None:
    if kind == "section" and key in Section.values:
        resumes.move_section(own, Section(key), by)
    elif kind == "entry":
        resumes.move_entry(own, _entry(own, key), by)
    elif kind == "line":
        resumes.move_line(own, _line(own, key), by)
    else:
        raise Http404


def _choose(own: Resume, kind: str, key: str, is_in: bool) -> None:
    if kind == "skill":
        resumes.show_skill(own, get_object_or_404(Skill, slug=key), is_in)
    elif kind in FACTS and is_in:
        facts = FACTS[kind].objects.filter(project__owner=own.owner)
        resumes.take(own, get_object_or_404(facts.select_related("project"), pk=_key(key)))
    elif kind == "project" and is_in:
        resumes.take_project(own, get_object_or_404(own.owner.projects, pk=_key(key)))
    elif kind in ("entry", "line"):
        what = _entry(own, key) if kind == "entry" else _line(own, key)
        if is_in:
            resumes.put_in(own, what)
        else:
            resumes.leave_out(own, what)
    else:
        raise Http404


def _key(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) < 19):
        raise Http404
    return int(text)


def _entry(own: Resume, key: str | int) -> ResumeEntry:
    entries = own.owner.resume_entries.select_related("project__owner__profile")
    return get_object_or_404(entries, pk=_key(str(key)))


def _line(own: Resume, key: str | int) -> ResumeLine:
    lines = ResumeLine.objects.filter(entry__owner=own.owner).select_related("entry__project")
    return get_object_or_404(lines, pk=_key(str(key)))


# Entries and lines


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def resume_entry_new(request: HttpRequest, pk: int, section: str) -> HttpResponse:
    own = own_resume(request, pk)
    if section not in Section.values:
        raise Http404
    form = EntryForm(request.POST if request.method == "POST" else None, section=section)
    title = _("Add to %(section)s") % {"section": Section(section).label.lower()}
    if form.is_valid():
        try:
            entry = resumes.write_entry(own, form.said, section=section)
        except TooMany as error:
            form.add_error(None, str(error))
        else:
            return redirect(f"{own.get_absolute_url()}#entry-{entry.pk}")
    return _form_page(request, own, form, title)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def resume_entry(request: HttpRequest, pk: int, entry: int) -> HttpResponse:
    own = own_resume(request, pk)
    row = _entry(own, entry)
    data = request.POST if request.method == "POST" else None
    form = EntryForm(data, section=row.section, entry=row)
    remove = reverse("portfolio:resume_entry_delete", args=[own.pk, row.pk])
    if form.is_valid():
        version = form.cleaned_data["version"]
        try:
            resumes.write_entry(own, form.said, pk=row.pk, version=version)
        except WrittenMeanwhile as meanwhile:
            form = EntryForm(_again(request, meanwhile.now), section=row.section, entry=row)
            return _meanwhile(request, own, form, meanwhile.now)
        messages.success(request, _("Kept, in every résumé that holds it."))
        return redirect(f"{own.get_absolute_url()}#entry-{row.pk}")
    return _form_page(request, own, form, row.title, remove=remove)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def resume_entry_delete(request: HttpRequest, pk: int, entry: int) -> HttpResponse:
    """Asks first."""
    own = own_resume(request, pk)
    row = _entry(own, entry)
    if request.method != "POST":
        context = {"resume": own, "title": row.title, "back": _form_of(own, row)}
        return render(request, "portfolio/resume_remove.html", context)
    row.delete()
    defences.refresh(request.user)
    messages.success(request, _("“%(title)s” is deleted.") % {"title": row.title})
    return redirect(own)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def resume_line_new(request: HttpRequest, pk: int, entry: int) -> HttpResponse:
    own = own_resume(request, pk)
    row = _entry(own, entry)
    if row.section not in WITH_LINES:
        raise Http404
    form = LineForm(request.POST if request.method == "POST" else None, entry=row)
    if form.is_valid():
        try:
            line = resumes.write_line(own, row, form.said)
        except TooMany as error:
            form.add_error(None, str(error))
        else:
            defences.refresh(request.user)
            return redirect(f"{own.get_absolute_url()}#line-{line.pk}")
    title = _("A line for %(entry)s") % {"entry": row.title}
    return _form_page(request, own, form, title)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def resume_line(request: HttpRequest, pk: int, line: int) -> HttpResponse:
    own = own_resume(request, pk)
    row = _line(own, line)
    initial = {
        "words": row.words,
        "claim": row.claim_id,
        "measurement": row.measurement_id,
        "contribution": row.contribution_id,
        "version": row.version,
    }
    data = request.POST if request.method == "POST" else None
    form = LineForm(data, entry=row.entry, initial=initial)
    remove = reverse("portfolio:resume_line_delete", args=[own.pk, row.pk])
    if form.is_valid():
        version = form.cleaned_data["version"]
        try:
            resumes.write_line(own, row.entry, form.said, pk=row.pk, version=version)
        except WrittenMeanwhile as meanwhile:
            form = LineForm(_again(request, meanwhile.now), entry=row.entry)
            return _meanwhile(request, own, form, meanwhile.now)
        defences.refresh(request.user)
        messages.success(request, _("Kept, in every résumé that holds it."))
        return redirect(f"{own.get_absolute_url()}#line-{row.pk}")
    title = _("A line of %(entry)s") % {"entry": row.entry.title}
    return _form_page(request, own, form, title, remove=remove)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def resume_line_delete(request: HttpRequest, pk: int, line: int) -> HttpResponse:
    """Asks first."""
    own = own_resume(request, pk)
    row = _line(own, line)
    if request.method != "POST":
        back = reverse("portfolio:resume_line", args=[own.pk, row.pk])
        context = {"resume": own, "title": row.words, "back": back}
        return render(request, "portfolio/resume_remove.html", context)
    row.delete()
    defences.refresh(request.user)
    messages.success(request, _("The line is deleted."))
    return redirect(f"{own.get_absolute_url()}#entry-{row.entry_id}")


def _form_of(own: Resume, entry: ResumeEntry) -> str:
    return reverse("portfolio:resume_entry", args=[own.pk, entry.pk])


def _form_page(
    request: HttpRequest, own: Resume, form: Form, title: str, **more: Any
) -> HttpResponse:
    context = {"resume": own, "form": form, "title": title} | more
    status = 422 if form.is_bound else 200
    return render(request, "portfolio/resume_form.html", context, status=status)


def _again(request: HttpRequest, now: Any) -> Any:
    """What was typed, to be sent again on top of what it has become."""
    data = request.POST.copy()
    data["version"] = now.version if now else ""
    return data


def _meanwhile(request: HttpRequest, own: Resume, form: Form, now: Any) -> HttpResponse:
    words = _(
        "This was changed meanwhile, in another tab or on another device. Send it again to replace that."
    )
    gone = _("This was deleted meanwhile.")
    form.add_error(None, words if now else gone)
    context = {"resume": own, "form": form, "title": str(now or own), "other": now}
    return render(request, "portfolio/resume_form.html", context, status=409)
