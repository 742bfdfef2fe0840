"""The canvas on which a learner designs a system, part by part."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from curriculum import canvases
from curriculum.canvases import WrittenMeanwhile
from curriculum.forms import CanvasForm
from curriculum.models import Canvas, Question

DESIGNS = Question.objects.filter(format=Question.Format.SYSTEM_DESIGN)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def canvas(request: HttpRequest, slug: str) -> HttpResponse:
    question = get_object_or_404(DESIGNS, slug=slug)
    kept = canvases.of(request.user, question)
    if request.method != "POST":
        return _page(request, question, CanvasForm(question=question, canvas=kept), kept)
    form = CanvasForm(request.POST, question=question)
    if not form.is_valid():
        return _page(request, question, form, kept, status=422)
    said = form.cleaned_data
    try:
        canvases.write(request.user, question, form.parts, said["covered"], version=said["version"])
    except WrittenMeanwhile as meanwhile:
        form = _begin_anew(request, question, meanwhile.canvas)
        return _page(request, question, form, meanwhile.canvas, status=409, is_other=True)
    messages.success(request, _("Your design is kept."))
    return redirect("curriculum:canvas", slug)


def _begin_anew(request: HttpRequest, question: Question, kept: Canvas | None) -> CanvasForm:
    """The form with what was typed, which begins with the canvas as it is now."""
    data = request.POST.copy()
    data["version"] = kept.version if kept else ""
    form = CanvasForm(data, question=question)
    words = _(
        "This design was changed meanwhile, in another tab or on another device: it is below."
    )
    form.add_error(None, words)
    return form


def _page(
    request: HttpRequest,
    question: Question,
    form: CanvasForm,
    kept: Canvas | None,
    *,
    status: int = 200,
    is_other: bool = False,
) -> HttpResponse:
    context = {
        "question": question,
        "form": form,
        "parts": [form[part.value] for part in Canvas.Part],
        "canvas": kept,
        "other": [(part.label, kept.parts.get(part.value, "")) for part in Canvas.Part]
        if kept and is_other
        else [],
    }
    return render(request, "curriculum/canvas.html", context, status=status)
