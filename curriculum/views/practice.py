"""Interview practice: what is due today, one card after the other, and how much one wants."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from curriculum import fading, progress
from curriculum import practice as practices
from curriculum.forms import AnswerForm, GradeForm, PracticeForm
from curriculum.models import Card, MockInterview
from curriculum.practice import ChangedMeanwhile, IsPaused, NotTheLast
from curriculum.views.people import enrollment_of


@login_required
@require_safe
def practice(request: HttpRequest) -> HttpResponse:
    """What is due today by format, and how each format is kept."""
    deck = practices.deck(request.user)
    enrollment = enrollment_of(request)
    picture = progress.overview(enrollment) if enrollment else None
    context = {
        "fading": fading.of(request.user, picture).fading if picture else (),
        "today": practices.today(deck),
        "kept": practices.by_format(deck),
        "last": practices.last_answer(request.user),
        "proposals": MockInterview.objects.waiting_for(request.user).count(),
    }
    return render(request, "curriculum/practice.html", context)


@login_required
@require_POST
def next_card(request: HttpRequest) -> HttpResponse:
    return _go_on(request)


@login_required
@require_safe
def card(request: HttpRequest, pk: int) -> HttpResponse:
    """A card: the question, and the answer once it is shown."""
    found = _own(request, pk)
    return _card_page(request, found, AnswerForm(initial={"version": found.version}))


@login_required
@require_POST
def reveal(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep what was written and show the answer."""
    found = _own(request, pk)
    form = AnswerForm(request.POST)
    if not form.is_valid():
        return _card_page(request, found, form, status=422)
    said = form.cleaned_data
    try:
        practices.reveal(found, said["written"], version=said["version"], seconds=said["seconds"])
    except ChangedMeanwhile:
        words = _("This card was answered meanwhile, in another tab or on another device.")
        return _card_page(request, found, _anew(form, found, words), status=409)
    except IsPaused:
        words = _("Practice was paused meanwhile, so nothing counts. Your words are still here.")
        return _card_page(request, found, _anew(form, found, words), status=409)
    return redirect(f"{found.get_absolute_url()}#answer")


@login_required
@require_POST
def grade(request: HttpRequest, pk: int) -> HttpResponse:
    """Record how it went and go on to the next card. What was counted already is not counted twice."""
    found = _own(request, pk)
    form = GradeForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Choose how it went: again, hard, good or easy."))
        return redirect(found)
    try:
        attempt = practices.grade(found, **form.cleaned_data)
    except ChangedMeanwhile:
        words = _("That card was answered or taken back meanwhile, in another tab or elsewhere.")
        messages.warning(request, f"{words} {_('Nothing was counted twice.')}")
        return redirect("curriculum:practice")
    except IsPaused:
        messages.warning(request, _("Practice was paused meanwhile, so nothing was counted."))
        return redirect("curriculum:practice")
    if attempt.card.is_set_aside and not found.is_set_aside:
        words = _("You forgot this card %(times)d times, so it is set aside: study it first.")
        messages.warning(request, words % {"times": attempt.card.lapses})
    return _go_on(request)


@login_required
@require_POST
def undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Take the last answer back; its card asks once more how it went."""
    attempt = get_object_or_404(practices.attempts_of(request.user), pk=pk)
    try:
        back = practices.undo(attempt)
    except NotTheLast:
        words = _("Only your last answer of today can be taken back. Nothing was changed.")
        messages.warning(request, words)
        return redirect("curriculum:practice")
    messages.success(request, _("Taken back. The card is as it was before; how did it go?"))
    return redirect(f"{back.get_absolute_url()}#answer")


@login_required
@require_POST
def set_aside(request: HttpRequest, pk: int) -> HttpResponse:
    practices.set_aside(_own(request, pk))
    messages.success(request, _("Set aside: it is not asked until you take it up again."))
    return redirect("curriculum:practice")


@login_required
@require_POST
def take_up(request: HttpRequest, pk: int) -> HttpResponse:
    practices.take_up(_own(request, pk))
    messages.success(request, _("Taken up again: it is asked from today on."))
    return redirect("curriculum:practice")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def settings(request: HttpRequest) -> HttpResponse:
    own = practices.of(request.user)
    form = PracticeForm(request.POST if request.method == "POST" else None, practice=own)
    if form.is_valid():
        practices.settle(request.user, **form.cleaned_data)
        messages.success(request, _("Saved. The next answers follow it."))
        return redirect("curriculum:practice")
    context = {"form": form, "practice": own}
    status = 422 if form.is_bound else 200
    return render(request, "curriculum/practice_settings.html", context, status=status)


@login_required
@require_POST
def pause(request: HttpRequest) -> HttpResponse:
    practices.pause(request.user)
    messages.success(request, _("Paused. Nothing is asked and nothing falls due until you go on."))
    return redirect("curriculum:practice")


@login_required
@require_POST
def resume(request: HttpRequest) -> HttpResponse:
    days = practices.resume(request.user)
    words = ngettext(
        "On again. Every card moved by the %(days)d day of the pause.",
        "On again. Every card moved by the %(days)d days of the pause.",
        days,
    )
    messages.success(request, words % {"days": days} if days else _("On again."))
    return redirect("curriculum:practice")


def _own(request: HttpRequest, pk: int) -> Card:
    return get_object_or_404(practices.cards_of(request.user), pk=pk)


def _go_on(request: HttpRequest) -> HttpResponse:
    return redirect(practices.next_card(request.user) or "curriculum:practice")


def _anew(form: AnswerForm, found: Card, words: str) -> AnswerForm:
    """The form with the words that were typed, which begins with the card as it is now."""
    found.refresh_from_db()
    anew = AnswerForm({"written": form.cleaned_data["written"], "version": found.version})
    anew.full_clean()
    anew.add_error("written", words)
    return anew


def _card_page(
    request: HttpRequest, found: Card, form: AnswerForm, *, status: int = 200
) -> HttpResponse:
    today = practices.today(practices.deck(request.user))
    attempt = found.attempts.filter(confidence=None).first()
    context: dict[str, Any] = {
        "card": found,
        "skills": list(found.question.skills.all()) if found.question else [],
        "attempt": attempt,
        "form": form,
        "today": today,
        "place": practices.place_of(found, today),
        "before": found.attempts.standing().first(),
        "last": practices.last_answer(request.user),
        "grades": practices.previews(found, today.practice) if attempt else [],
    }
    return render(request, "curriculum/card.html", context, status=status)
