"""A learner's notes: all of them to read and print, and one to write on a unit's page."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from curriculum import notes, words
from curriculum.forms import NoteForm
from curriculum.models import Note, Unit
from curriculum.views.people import to_sign_in
from curriculum.views.units import UNITS, unit_page

ON_A_PAGE = 50


@login_required
@require_safe
def note_list(request: HttpRequest) -> HttpResponse:
    """By module. Those that hold the words looked for, or all; a page at a time, or to be printed."""
    query = words.query(request.GET.get("q", ""))
    found = notes.all_of(request.user)
    if query:
        found = found.filter(pk__in=notes.found_by(request.user, query))
    pages = Paginator(found, ON_A_PAGE)
    is_whole = "all" in request.GET
    page = pages.get_page(request.GET.get("page"))
    context = {
        "query": query,
        "found": found if is_whole else page,
        "page": None if is_whole else page,
        "is_whole": is_whole,
        "total": pages.count,
    }
    return render(request, "curriculum/notes.html", context)


@require_POST
def write_note(request: HttpRequest, slug: str) -> HttpResponse:
    unit = get_object_or_404(UNITS, slug=slug)
    if not request.user.is_authenticated:
        return _give_back(request, unit.get_absolute_url())
    form = NoteForm(_typed(request, unit))
    if not form.is_valid():
        return unit_page(request, unit, status=422, note_form=form)
    text, version = form.cleaned_data["text"], form.cleaned_data["version"]
    try:
        note = notes.write(request.user, unit, text, version=version)
    except notes.WrittenMeanwhile as meanwhile:
        form = _begin_anew(form, meanwhile.note)
        return unit_page(request, unit, status=409, note_form=form, other=meanwhile.note)
    messages.success(request, _("Your note is kept.") if note else _("Your note is removed."))
    return redirect(f"{unit.get_absolute_url()}#note")


def _typed(request: HttpRequest, unit: Unit) -> QueryDict:
    """What was sent; with the note as it is now put before it, if both were asked for."""
    data = request.POST.copy()
    if data.get("keep") == "both":
        data["text"] = notes.both(data.get("text", ""), notes.of(request.user, unit))
    return data


def _begin_anew(form: NoteForm, note: Note | None) -> NoteForm:
    """The form with the words that were typed, which begins with the note as it is now."""
    text = form.cleaned_data["text"]
    anew = NoteForm({"text": text, "version": note.version if note else ""})
    words = _("This note was removed meanwhile, in another tab or on another device.")
    if note:
        words = _("This note was changed meanwhile, in another tab or on another device.")
    anew.full_clean()
    anew.add_error("text", words)
    return anew


def _give_back(request: HttpRequest, back: str) -> HttpResponse:
    """To the sign-in page, unless there are words that would get lost on the way."""
    text = request.POST.get("text", "")
    if not text.strip():
        return to_sign_in(request, back)
    return render(request, "curriculum/note_kept.html", {"text": text, "back": back}, status=403)
