"""Mock interviews: all of one's own, one to propose, and what the two of it do with it."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import Sighting
from accounts.sightings import Thing
from accounts.views.sightings import looked
from curriculum import calendar_files, mock_interviews, mock_plans, mock_sheets, practice
from curriculum.interview_forms import (
    AgreeForm,
    CancelForm,
    NoteForm,
    PlaceForm,
    ProposalForm,
    SheetForm,
    TimesForm,
    begun,
    soon,
)
from curriculum.mock_interviews import (
    BadSlots,
    Busy,
    ChangedMeanwhile,
    NotTogether,
    SlotOver,
    TooMany,
)
from curriculum.mock_sheets import Empty, NotBegun, WrittenMeanwhile
from curriculum.models import MockInterview, MockQuestion

ON_A_PAGE = 20


@login_required
@require_safe
def mock_interview_list(request: HttpRequest) -> HttpResponse:
    """What is to come, what waits for an answer, and what is over."""
    own = mock_interviews.of(request.user)
    past = own.exclude(state__in=MockInterview.OPEN)
    context = {
        "agreed": own.agreed().order_by("starts_at"),
        "waiting": own.waiting_for(request.user).prefetch_related("slots"),
        "asked": own.filter(state="proposed", asked_by=request.user).prefetch_related("slots"),
        "page": Paginator(past, ON_A_PAGE).get_page(request.GET.get("page")),
        "partners": mock_interviews.partners_of(request.user),
        "practice": practice.of(request.user),
        "learns": request.user.memberships.in_force().learners().exists(),
    }
    return render(request, "curriculum/mock_interviews.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def propose(request: HttpRequest) -> HttpResponse:
    """Ask somebody; ?with= is who, such as by:grace-halloran for being interviewed by her."""
    partners = mock_interviews.partners_of(request.user)
    initial = {"partner": request.GET.get("with", ""), **soon()}
    data = request.POST if request.method == "POST" else None
    form = ProposalForm(data, partners=partners, initial=initial)
    if form.is_valid():
        try:
            made = mock_interviews.propose(request.user, form.chosen, **form.said)
        except NotTogether:
            form.add_error("partner", _("You two cannot arrange an interview any more."))
        except TooMany:
            words = _("%(n)d proposals of yours have no answer yet. Take one back first.")
            form.add_error(None, words % {"n": mock_interviews.MOST_PROPOSED})
        except BadSlots:
            form.add_error(
                "time_1", _("One of the times passed while you wrote. Look at them again.")
            )
        else:
            name = form.chosen.person.profile.name
            messages.success(request, _("%(name)s is asked.") % {"name": name})
            return redirect(made)
    context = {"form": form, "partners": partners}
    status = 422 if form.is_bound else 200
    return render(request, "curriculum/mock_interview_new.html", context, status=status)


@login_required
@require_safe
def mock_interview(request: HttpRequest, pk: int) -> HttpResponse:
    return _page(request, _own(request, pk))


@login_required
@require_POST
def agree(request: HttpRequest, pk: int) -> HttpResponse:
    """Take one of the moments. Who comes second is told what holds."""
    shown = _own(request, pk)
    form = AgreeForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Choose one of the times."))
        return redirect(shown)
    shown.version = form.cleaned_data["version"]
    try:
        agreed = mock_interviews.agree(shown, form.cleaned_data["slot"], by=request.user)
    except ChangedMeanwhile as meanwhile:
        return _meanwhile(request, meanwhile.interview)
    except SlotOver:
        messages.warning(request, _("That time has passed. Take another one, or propose others."))
    except Busy as busy:
        words = _("You have another mock interview then. Take another time, or propose others.")
        if busy.person != request.user:
            words = _(
                "They have another mock interview by now. Take another time, or propose others."
            )
        messages.warning(request, words)
    except NotTogether:
        messages.warning(request, _("You two cannot arrange an interview any more."))
    else:
        when = mock_interviews.said(agreed.starts_at, request.user)
        messages.success(
            request, _("Agreed: %(when)s. Put it into your calendar.") % {"when": when}
        )
    return redirect(shown)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def other_times(request: HttpRequest, pk: int) -> HttpResponse:
    """Offer other moments; the other one answers then."""
    shown = _own(request, pk)
    if not shown.is_open:
        messages.info(request, _("This interview is over, so its time does not change any more."))
        return redirect(shown)
    form = TimesForm(request.POST if request.method == "POST" else None, initial=soon(shown))
    if form.is_valid():
        shown.version = form.cleaned_data["version"] or 0
        try:
            mock_interviews.propose_others(shown, form.cleaned_data["slots"], by=request.user)
        except ChangedMeanwhile as meanwhile:
            shown, form = meanwhile.interview, _anew(form, meanwhile.interview)
            context = {"form": form, "interview": shown, "other": shown.other(request.user)}
            return render(request, "curriculum/mock_interview_times.html", context, status=409)
        except NotTogether:
            messages.warning(request, _("You two cannot arrange an interview any more."))
            return redirect(shown)
        except BadSlots:
            form.add_error(
                "time_1", _("One of the times passed while you wrote. Look at them again.")
            )
        else:
            messages.success(request, _("Your times are proposed."))
            return redirect(shown)
    context = {"form": form, "interview": shown, "other": shown.other(request.user)}
    status = 422 if form.is_bound else 200
    return render(request, "curriculum/mock_interview_times.html", context, status=status)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Asks first."""
    shown = _own(request, pk)
    if not shown.is_open:
        return _meanwhile(request, shown)
    data = request.POST if request.method == "POST" else None
    form = CancelForm(data, initial={"version": shown.version})
    if form.is_valid():
        shown.version = form.cleaned_data["version"]
        try:
            mock_interviews.cancel(shown, by=request.user, reason=form.cleaned_data["reason"])
        except ChangedMeanwhile as meanwhile:
            return _meanwhile(request, meanwhile.interview)
        messages.success(request, _("It is off. They are told."))
        return redirect("curriculum:mock_interviews")
    context = {"form": form, "interview": shown, "other": shown.other(request.user)}
    status = 422 if form.is_bound else 200
    return render(request, "curriculum/mock_interview_cancel.html", context, status=status)


@login_required
@require_POST
def set_place(request: HttpRequest, pk: int) -> HttpResponse:
    shown = _own(request, pk)
    form = PlaceForm(request.POST)
    if not form.is_valid():
        return _page(request, shown, form, status=422)
    shown.version = form.cleaned_data["version"]
    try:
        mock_interviews.meet_at(shown, form.cleaned_data["place"], by=request.user)
    except ChangedMeanwhile as meanwhile:
        return _meanwhile(request, meanwhile.interview)
    messages.success(request, _("Saved."))
    return redirect(shown)


@login_required
@require_safe
def calendar_file(request: HttpRequest, pk: int) -> HttpResponse:
    """The interview for a calendar; one that was called off takes its entry out again."""
    shown = _own(request, pk)
    text = calendar_files.text_of(shown, request.user)
    method = calendar_files.method_of(shown)
    response = HttpResponse(text, content_type=f"text/calendar; charset=utf-8; method={method}")
    response["Content-Disposition"] = 'attachment; filename="mock-interview.ics"'
    return response


@login_required
@require_POST
def change_plan(request: HttpRequest, pk: int) -> HttpResponse:
    """Exchange or leave out one question of the plan, or draw all of it anew."""
    shown = _to_give(request, pk)
    if not shown.is_agreed:
        return _meanwhile(request, shown)
    if request.POST.get("do") == "draw":
        mock_plans.write(shown)
        messages.success(request, _("Drawn anew from what they practise now."))
        return redirect(f"{shown.get_absolute_url()}#plan")
    entry = get_object_or_404(
        shown.questions.filter(question__isnull=False).select_related(
            "question", "interview__learner__profile"
        ),
        pk=_number(request.POST.get("entry")),
    )
    if request.POST.get("do") == "drop":
        entry.delete()
    elif mock_plans.exchange(entry) is None:
        messages.info(request, _("There is no other question of this format."))
    return redirect(f"{shown.get_absolute_url()}#plan")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def sheet(request: HttpRequest, pk: int) -> HttpResponse:
    """What the interviewer writes during the interview and after it; shared when they say so."""
    shown = _to_give(request, pk)
    if not shown.is_agreed:
        return _meanwhile(request, shown) if request.method == "POST" else redirect(shown)
    looked(request, Thing(Sighting.Kind.INTERVIEW, shown.pk), shown.learner_id)
    if request.method != "POST":
        return _sheet_page(request, shown)
    form = _sheet_form(shown, request.user, request.POST)
    if not form.is_valid():
        return _sheet_page(request, shown, form, status=422)
    version = form.cleaned_data["version"]
    try:
        if "share" in request.POST:
            mock_sheets.share(shown, form.sheet, by=request.user, version=version)
            messages.success(
                request, _("Shared. They read it now, and the follow-ups are in their practice.")
            )
            return redirect(shown)
        mock_sheets.write(shown, form.sheet, by=request.user, version=version)
    except ChangedMeanwhile as meanwhile:
        return _meanwhile(request, meanwhile.interview)
    except WrittenMeanwhile as meanwhile:
        return _sheet_again(request, meanwhile.interview)
    except NotBegun:
        form.add_error(
            None, _("The interview has not begun yet. Save the sheet, and share it afterwards.")
        )
        return _sheet_page(request, shown, form, status=422)
    except Empty:
        form.add_error("shared_note", _("Judge at least one criterion, or write a line."))
        return _sheet_page(request, shown, form, status=422)
    messages.success(request, _("Saved. Only you see it so far."))
    return redirect("curriculum:mock_interview_sheet", shown.pk)


@login_required
@require_POST
def keep_note(request: HttpRequest, pk: int) -> HttpResponse:
    shown = _to_give(request, pk)
    form = NoteForm(request.POST)
    if not form.is_valid():
        return _page(request, shown, note=form, status=422)
    mock_sheets.note(shown, form.cleaned_data["text"], by=request.user)
    messages.success(request, _("Saved. Only you see it."))
    return redirect(shown)


@login_required
@require_POST
def follow_ups(request: HttpRequest, pk: int) -> HttpResponse:
    """Take the follow-ups out of one's practice, or put them in again."""
    shown = get_object_or_404(
        mock_interviews.of(request.user), pk=pk, learner=request.user, state="held"
    )
    if request.POST.get("do") == "out":
        mock_sheets.take_out(shown)
        messages.success(
            request, _("Taken out. What you had practised before is scheduled as it was.")
        )
    else:
        mock_sheets.put_in(shown)
        messages.success(request, _("They are in your practice again."))
    return redirect(f"{shown.get_absolute_url()}#follow-ups")


@login_required
@require_POST
def welcome_peers(request: HttpRequest) -> HttpResponse:
    is_welcome = request.POST.get("welcome") == "yes"
    mock_interviews.welcome_peers(request.user, is_welcome)
    words = _("Learners of your cohorts see your name here now, and may ask you.")
    if not is_welcome:
        words = _("Learners of your cohorts do not see you here any more.")
    messages.success(request, words)
    return redirect("curriculum:mock_interviews")


def _own(request: HttpRequest, pk: int) -> MockInterview:
    return get_object_or_404(mock_interviews.of(request.user), pk=pk)


def _page(
    request: HttpRequest,
    shown: MockInterview,
    place: PlaceForm | None = None,
    *,
    note: NoteForm | None = None,
    status: int = 200,
) -> HttpResponse:
    is_learner = shown.learner_id == request.user.pk
    if not is_learner:
        looked(request, Thing(Sighting.Kind.INTERVIEW, shown.pk), shown.learner_id)
    other = shown.other(request.user)
    initial = {"place": shown.place, "version": shown.version}
    questions = _questions(shown) if shown.is_held or not is_learner else []
    context: dict[str, Any] = {
        "interview": shown,
        "is_learner": is_learner,
        "other": other,
        "slots": list(shown.slots.all()),
        "moves": mock_interviews.moves_of(shown),
        "mine": shown.asked_by_id == request.user.pk,
        "place": place or PlaceForm(initial=initial),
        "plan": _plan(questions),
        "scored": mock_sheets.scored(shown) if shown.is_held else [],
        "follow_ups": [entry for entry in questions if entry.is_follow_up],
        "are_in": any(entry.card_version is not None for entry in questions),
    }
    if not is_learner:
        kept = mock_sheets.private_note(shown, request.user)
        context["note"] = note or NoteForm(initial={"text": kept})
    return render(request, "curriculum/mock_interview.html", context, status=status)


def _to_give(request: HttpRequest, pk: int) -> MockInterview:
    """An interview in which this person asks the questions."""
    return get_object_or_404(mock_interviews.of(request.user), pk=pk, interviewer=request.user)


def _questions(shown: MockInterview) -> list[MockQuestion]:
    return list(shown.questions.select_related("question", "card"))


def _plan(questions: list[MockQuestion]) -> list[dict[str, Any]]:
    """The questions of the plan, each with its reason and skills."""
    skills = mock_plans.skills_of(questions) if questions else {}
    return [
        {
            "entry": entry,
            "why": mock_plans.words(entry.why),
            "skills": skills.get(entry.question_id or 0, []),
        }
        for entry in questions
        if entry.is_planned
    ]


def _sheet_form(shown: MockInterview, user: Any, data: Any = None) -> SheetForm:
    initial = begun(shown, mock_sheets.so_far(shown, user)) if data is None else None
    return SheetForm(data, interview=shown, questions=_questions(shown), initial=initial)


def _sheet_page(
    request: HttpRequest, shown: MockInterview, form: SheetForm | None = None, *, status: int = 200
) -> HttpResponse:
    context = {
        "interview": shown,
        "other": shown.learner,
        "form": form or _sheet_form(shown, request.user),
    }
    return render(request, "curriculum/mock_interview_sheet.html", context, status=status)


def _sheet_again(request: HttpRequest, now: MockInterview) -> HttpResponse:
    """What was typed, in a form that begins with the sheet as it is now."""
    data = request.POST.copy()
    data["version"] = str(now.sheet_version)
    now = mock_interviews.of(request.user).get(pk=now.pk)
    form = _sheet_form(now, request.user, data)
    words = _(
        "This sheet was saved meanwhile in another tab. Yours is below; saving it puts it in its place."
    )
    form.add_error(None, words)
    return _sheet_page(request, now, form, status=409)


def _number(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 18 else 0


def _meanwhile(request: HttpRequest, now: MockInterview) -> HttpResponse:
    """Say what holds now, on its page."""
    if now.is_agreed and now.starts_at:
        when = mock_interviews.said(now.starts_at, request.user)
        words = _("This was agreed on meanwhile: %(when)s. Nothing else was changed.") % {
            "when": when
        }
    elif now.is_proposed:
        words = _(
            "The times were changed meanwhile. Nothing was agreed; these are the ones that stand."
        )
    else:
        words = _("This interview is over meanwhile. Nothing was changed.")
    messages.warning(request, words)
    return redirect(now)


def _anew(form: TimesForm, now: MockInterview) -> TimesForm:
    """The times that were typed, in a form that begins with the interview as it is now."""
    data = form.data.copy()
    data["version"] = str(now.version)
    anew = TimesForm(data)
    anew.full_clean()
    words = _(
        "The interview was changed meanwhile; it is described above. Your times are still here."
    )
    anew.add_error(None, words)
    return anew
