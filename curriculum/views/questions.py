"""The bank of interview questions: by format, skill and difficulty, and one with its model answer."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from curriculum import canvases, exercises, practice, questions
from curriculum.forms import ExerciseResultForm, QuestionsForm
from curriculum.models import Question
from curriculum.views.people import gone, to_sign_in

ON_A_PAGE = 50
LATEST = 5  # results of an exercise


@require_safe
def question_list(request: HttpRequest) -> HttpResponse:
    form = QuestionsForm(request.GET)
    form.is_valid()  # what is not valid is no filter
    found = questions.bank(**form.cleaned_data)
    page = Paginator(found, ON_A_PAGE).get_page(request.GET.get("page"))
    query = request.GET.copy()
    query.pop("page", None)
    context = {
        "form": form,
        "page": page,
        "rows": questions.with_cards(request.user, page),
        "query_part": f"{query.urlencode()}&" if query else "",
        "is_filtered": any(form.cleaned_data.values()),
    }
    return render(request, "curriculum/questions.html", context)


@require_safe
def question_detail(request: HttpRequest, slug: str) -> HttpResponse:
    question = get_object_or_404(Question.objects.prefetch_related("skills"), slug=slug)
    kept = Question.objects.kept_by(request.user).filter(pk=question.pk)
    if question.is_retired and not kept.exists():
        instead = reverse("curriculum:questions")
        return gone(request, question, instead=instead, words=_("All questions"))
    return question_page(request, question)


def question_page(
    request: HttpRequest, question: Question, form: ExerciseResultForm | None = None
) -> HttpResponse:
    """The page of a question; with a form that was not accepted, if there is one."""
    context = {
        "question": question,
        "has_exercise": question.slug in exercises.slugs() and not question.is_retired,
        "result_form": form or ExerciseResultForm(),
        "canvas": None,
        "results": [],
        "solutions": [],
    } | questions.kept_on(question, request.user)
    if request.user.is_authenticated:
        context["canvas"] = canvases.of(request.user, question)
        context["results"] = list(exercises.results(request.user, question)[:LATEST])
        context["solutions"] = list(exercises.solutions(request.user, question))
    return render(request, "curriculum/question.html", context, status=422 if form else 200)


@require_POST
def practise(request: HttpRequest, slug: str) -> HttpResponse:
    """To the learner's own card of a question, whether it is due or not."""
    question = get_object_or_404(Question, slug=slug)
    if not request.user.is_authenticated:
        return to_sign_in(request, question.get_absolute_url())
    if question.is_retired:
        return redirect(question)
    return redirect(practice.take(request.user, question))
