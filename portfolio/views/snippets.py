"""What a mentor keeps for themselves: words to use again, notes on learners, drafts of lost reviews."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.mentorships import learners_of
from portfolio import drafts
from portfolio.forms import PrivateNoteForm, SnippetForm
from portfolio.models import PrivateNote, Snippet


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def snippet_list(request: HttpRequest) -> HttpResponse:
    form = SnippetForm(
        request.POST if request.method == "POST" else None, instance=Snippet(mentor=request.user)
    )
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, _("Kept."))
        return redirect("portfolio:snippets")
    context = {"form": form, "snippets": request.user.snippets.all()}
    return render(request, "portfolio/snippets.html", context, status=422 if form.is_bound else 200)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def edit_snippet(request: HttpRequest, pk: int) -> HttpResponse:
    snippet = get_object_or_404(request.user.snippets, pk=pk)
    form = SnippetForm(request.POST if request.method == "POST" else None, instance=snippet)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, _("Kept."))
        return redirect("portfolio:snippets")
    context = {"form": form, "snippet": snippet}
    return render(request, "portfolio/snippet.html", context, status=422 if form.is_bound else 200)


@login_required
@require_POST
def remove_snippet(request: HttpRequest, pk: int) -> HttpResponse:
    get_object_or_404(request.user.snippets, pk=pk).delete()
    messages.success(request, _("Removed."))
    return redirect("portfolio:snippets")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def kept_draft(request: HttpRequest, pk: int) -> HttpResponse:
    """Words for a review that the mentor no longer holds: to copy, or to throw away."""
    draft = get_object_or_404(drafts.kept_by(request.user), pk=pk)
    if request.method == "POST":
        draft.delete()
        messages.success(request, _("Thrown away."))
        return redirect("portfolio:desk")
    return render(request, "portfolio/kept_draft.html", {"draft": draft})


@login_required
@require_POST
def save_note(request: HttpRequest, handle: str) -> HttpResponse:
    """The mentor's private note on one of their learners."""
    learner = get_object_or_404(learners_of(request.user), profile__handle=handle)
    form = PrivateNoteForm(request.POST)
    if form.is_valid():
        PrivateNote.objects.update_or_create(
            mentor=request.user,
            learner=learner,
            defaults={"text": form.cleaned_data["text"], "saved_at": timezone.now()},
        )
        messages.success(request, _("Kept. Only you read it."))
        return redirect("portfolio:learner", handle)
    context = {"form": form, "learner": learner}
    return render(request, "portfolio/private_note.html", context, status=422)
