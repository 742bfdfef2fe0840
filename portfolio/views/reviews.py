"""Ask for a review, take the question back, and write one."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from portfolio import reviews, verdicts
from portfolio.forms import ReviewForm, ReviewRequestForm
from portfolio.models import Project
from portfolio.views.project_page import project_page
from portfolio.views.projects import hold_project


@login_required
@require_POST
@transaction.atomic
def request_review(request: HttpRequest, slug: str) -> HttpResponse:
    project = hold_project(request, slug)
    form = ReviewRequestForm(request.POST)
    if form.is_valid():
        try:
            reviews.request(project, question=form.cleaned_data["question"])
        except reviews.NothingChecked:
            words = _("A review looks at one commit. Have the repository checked first, then ask.")
            form.add_error("question", words)
        except reviews.NoMentor:
            form.add_error("question", _("You have no mentor now. Invite one, then ask."))
        else:
            messages.success(request, _("Your mentors see that you would like a review."))
            return redirect("portfolio:project", slug)
    return project_page(request, project, form)


@login_required
@require_POST
@transaction.atomic
def withdraw_review(request: HttpRequest, slug: str) -> HttpResponse:
    project = hold_project(request, slug)
    if review := project.reviews.requested().first():
        reviews.withdraw(review)
        messages.success(request, _("Request withdrawn."))
    else:
        words = _("There is no open request any more: it was answered or taken back before.")
        messages.info(request, words)
    return redirect("portfolio:project", slug)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def write_review(request: HttpRequest, handle: str, slug: str) -> HttpResponse:
    """The page on which a mentor reads the checks and writes; only for mentors of the owner."""
    mentored = Project.objects.visible_to(request.user).mentored_by(request.user)
    found = mentored.filter(owner__profile__handle=handle, slug=slug)
    project = found.select_related("owner__profile").first()
    if project is None:
        return _give_back(request)
    latest = reviews.latest_commit(project)
    form = ReviewForm(
        request.POST if request.method == "POST" else None,
        project=project,
        initial={"check_run": latest and latest.pk},
    )
    if request.method == "POST" and form.is_valid():
        try:
            review = reviews.submit(project, reviewer=request.user, **form.cleaned_data)
        except (reviews.NotYourLearner, Project.DoesNotExist):
            return _give_back(request)
        except reviews.NothingChecked:
            form.add_error("check_run", form.fields["check_run"].error_messages["invalid_choice"])
        else:
            messages.success(
                request,
                _("Your review of %(sha)s is with %(name)s.")
                % {"sha": review.short_sha, "name": project.owner.profile.name},
            )
            return redirect(project)
    if "check_run" in form.errors and (latest := reviews.latest_commit(project)):
        form.pin_to(latest)
    repositories = list(project.repositories.all())
    pictures = verdicts.of_many(repositories, reader=verdicts.Reader.MENTOR)
    context = {
        "project": project,
        "form": form,
        "latest": latest,
        "open_request": project.reviews.requested().first(),
        "earlier": project.reviews.submitted().select_related("reviewer__profile"),
        "pictures": [pictures[repository.pk] for repository in repositories],
    }
    status = 422 if form.is_bound else 200
    return render(request, "portfolio/review.html", context, status=status)


def _give_back(request: HttpRequest) -> HttpResponse:
    """404, with the text that was sent, if any: a mentorship or project may end while one writes.

    The same for everybody and every address, so that nothing says whether there is such a project.
    """
    body = request.POST.get("body", "")
    if not body:
        raise Http404
    return render(request, "portfolio/review_kept.html", {"body": body}, status=404)
