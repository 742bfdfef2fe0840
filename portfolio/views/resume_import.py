"""A résumé from a file of JSON Resume: what it would add is shown first, then kept as a whole."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.models import User
from portfolio import resume_import, resumes
from portfolio.models import Section
from portfolio.resume_forms import ImportConfirmForm, ImportForm
from portfolio.resume_import import Reading, Refused
from portfolio.resumes import TooMany


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def resume_import_new(request: HttpRequest) -> HttpResponse:
    """Asks for a file, and answers with what it would add. Nothing is kept yet."""
    is_sent = request.method == "POST"
    form = ImportForm(request.POST, request.FILES) if is_sent else ImportForm()
    if form.is_valid():
        file = form.cleaned_data["file"]
        try:
            reading = resume_import.read(file.read(resume_import.MOST_BYTES + 1), request.user)
        except Refused as error:
            form.add_error("file", str(error))
        else:
            name = file.name.rpartition(".")[0][:80].strip() or _("Imported")
            confirm = ImportConfirmForm(initial={"name": name, "text": reading.text})
            return _confirm_page(request, confirm, reading)
    status = 422 if is_sent else 200
    return render(request, "portfolio/resume_import.html", {"form": form}, status=status)


@login_required
@require_POST
def resume_import_confirm(request: HttpRequest) -> HttpResponse:
    """Keeps what was shown: the file is read again, as carefully."""
    form = ImportConfirmForm(request.POST)
    try:
        reading = resume_import.read(request.POST.get("text", "").encode(), request.user)
    except (Refused, UnicodeEncodeError) as error:
        again = ImportForm()
        messages.error(request, _("Nothing was kept. %(why)s") % {"why": error})
        context = {"form": again}
        return render(request, "portfolio/resume_import.html", context, status=422)
    if form.is_valid():
        try:
            resume = _bring_in(request.user, form.cleaned_data["name"], reading)
        except TooMany as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Kept. Say of each line what it rests on, where you can."))
            return redirect(resume)
    return _confirm_page(request, form, reading)


def _bring_in(owner: User, name: str, reading: Reading) -> resumes.Resume:
    order = reading.section_order
    return resumes.bring_in(owner, name, reading.said, reading.entries, order)


def _confirm_page(request: HttpRequest, form: ImportConfirmForm, reading: Reading) -> HttpResponse:
    parts = [
        (Section(name), [entry for entry in reading.entries if entry.section == name])
        for name in reading.section_order
    ]
    context = {
        "form": form,
        "reading": reading,
        "parts": [(section, entries) for section, entries in parts if entries],
    }
    status = 422 if form.is_bound else 200
    return render(request, "portfolio/resume_import_confirm.html", context, status=status)
