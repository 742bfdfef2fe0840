"""Exercises to solve on one's own machine: their files, and one's word on how it went."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from curriculum import exercises
from curriculum.forms import ExerciseResultForm
from curriculum.models import Question
from curriculum.views.people import to_sign_in
from curriculum.views.questions import question_page


@require_safe
def starter(request: HttpRequest, slug: str) -> HttpResponse:
    """A ZIP with a module to fill in and its tests."""
    question = get_object_or_404(Question.objects.live(), slug=slug)
    try:
        archive = exercises.starter(question)
    except KeyError as error:
        raise Http404 from error
    response = HttpResponse(archive, content_type="application/zip")
    response["Content-Disposition"] = f'attachment; filename="{question.slug}.zip"'
    return response


@require_POST
def declare(request: HttpRequest, slug: str) -> HttpResponse:
    question = get_object_or_404(Question.objects.live(), slug=slug)
    if question.slug not in exercises.slugs():
        raise Http404
    if not request.user.is_authenticated:
        return to_sign_in(request, question.get_absolute_url())
    form = ExerciseResultForm(request.POST)
    if not form.is_valid():
        return question_page(request, question, form)
    exercises.declare(request.user, question, **form.cleaned_data)
    messages.success(request, _("Kept, as your own word."))
    return redirect(f"{question.get_absolute_url()}#exercise")
