"""Record study time on a unit, by a number or by a clock; change and delete what was recorded."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from curriculum import study_sessions
from curriculum.forms import StudySessionForm
from curriculum.models import StudySession, Unit
from curriculum.study_sessions import DayIsFull, NoSuchDay, NotRunning
from curriculum.views.people import to_sign_in
from curriculum.views.units import UNITS, unit_page


@require_POST
def record_study(request: HttpRequest, slug: str) -> HttpResponse:
    unit = get_object_or_404(UNITS, slug=slug)
    if not request.user.is_authenticated:
        return to_sign_in(request, unit.get_absolute_url())
    form = StudySessionForm(request.POST)
    if form.is_valid():
        try:
            session = study_sessions.record(request.user, unit, **form.cleaned_data)
        except (NoSuchDay, DayIsFull) as error:
            _refuse(form, error)
        else:
            messages.success(request, _("%(minutes)d min recorded.") % {"minutes": session.minutes})
            return _back_to(unit)
    return unit_page(request, unit, status=422, session_form=form)


@require_POST
def start_study(request: HttpRequest, slug: str) -> HttpResponse:
    unit = get_object_or_404(UNITS, slug=slug)
    if not request.user.is_authenticated:
        return to_sign_in(request, unit.get_absolute_url())
    if stopped := study_sessions.start(request.user, unit):
        messages.success(request, _told(stopped))
    messages.success(request, _("The clock runs."))
    return _back_to(unit)


@login_required
@require_POST
def stop_study(request: HttpRequest, pk: int) -> HttpResponse:
    """Stop the clock; one that was forgotten is shown, so that it can be mended at once."""
    session = _own(request, pk)
    was_forgotten = session.is_forgotten
    try:
        study_sessions.stop(session)
    except NotRunning:
        messages.info(request, _("The clock was stopped before; nothing was changed."))
        return _back_to(session.unit)
    if was_forgotten and session.minutes:
        return redirect(f"{session.get_absolute_url()}?forgotten")
    messages.success(request, _told(session))
    return _back_to(session.unit)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def study_session(request: HttpRequest, pk: int) -> HttpResponse:
    """The page on which a session's day and length are changed."""
    session = _own(request, pk)
    form = StudySessionForm(
        request.POST if request.method == "POST" else None,
        initial={"minutes": session.minutes, "day": session.day},
    )
    if form.is_valid():
        try:
            study_sessions.change(session, **form.cleaned_data)
        except (NoSuchDay, DayIsFull) as error:
            _refuse(form, error)
        else:
            messages.success(request, _("Saved."))
            return _back_to(session.unit)
    context = {"session": session, "form": form, "was_forgotten": "forgotten" in request.GET}
    status = 422 if form.is_bound else 200
    return render(request, "curriculum/study_session.html", context, status=status)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def delete_study_session(request: HttpRequest, pk: int) -> HttpResponse:
    """Asks first."""
    session = _own(request, pk)
    if request.method != "POST":
        return render(request, "curriculum/study_session_delete.html", {"session": session})
    session.delete()
    messages.success(request, _("Deleted."))
    return _back_to(session.unit)


def _own(request: HttpRequest, pk: int) -> StudySession:
    return get_object_or_404(study_sessions.all_of(request.user), pk=pk)


def _back_to(unit: Unit) -> HttpResponse:
    return redirect(f"{unit.get_absolute_url()}#study")


def _told(session: StudySession) -> str:
    """What became of a clock that was stopped."""
    if not session.minutes:
        return _("The clock ran for less than a minute, so nothing was recorded.")
    return _("%(minutes)d min recorded on “%(unit)s”.") % {
        "minutes": session.minutes,
        "unit": session.unit.title,
    }


def _refuse(form: StudySessionForm, error: NoSuchDay | DayIsFull) -> None:
    if isinstance(error, NoSuchDay):
        form.add_error("day", _("Choose a day that has been, in the last ten years."))
    else:
        words = _("A day has 24 hours, and %(minutes)d min of this one are left.")
        form.add_error("minutes", words % {"minutes": error.minutes})
