"""Ask for a review, take the question back, and write one."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from portfolio import reviews, verdicts
from portfolio.forms import ReviewForm, ReviewRequestForm
from portfolio.models import Project
from portfolio.views.projects import own_project


@login_required
@require_POST
def request_review(request: HttpRequest, slug: str) -> HttpResponse:
    project = own_project(request, slug)
    form = ReviewRequestForm(request.POST)
    if not form.is_valid():
        messages.error(request, form.errors["question"][0])
        return redirect("portfolio:project", slug)
    try:
        reviews.request(project, question=form.cleaned_data["question"])
    except reviews.NothingChecked:
        messages.error(
            request, _("A review looks at one commit. Have the repository checked first.")
        )
    except reviews.NoMentor:
        messages.error(request, _("You have no mentor yet. Invite one, then ask."))
        return redirect("accounts:mentorships")
    else:
        messages.success(request, _("Your mentors see that you would like a review."))
    return redirect("portfolio:project", slug)


@login_required
@require_POST
def withdraw_review(request: HttpRequest, slug: str) -> HttpResponse:
    project = own_project(request, slug)
    review = get_object_or_404(project.reviews.requested())
    try:
        reviews.withdraw(review)
    except reviews.NotOpen:
        messages.info(request, _("The review was answered a moment ago: read it below."))
    else:
        messages.success(request, _("Request withdrawn."))
    return redirect("portfolio:project", slug)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def write_review(request: HttpRequest, handle: str, slug: str) -> HttpResponse:
    """The page on which a mentor reads the checks and writes; only for mentors of the owner."""
    mentored = Project.objects.visible_to(request.user).mentored_by(request.user)
    project = get_object_or_404(
        mentored.select_related("owner__profile"), owner__profile__handle=handle, slug=slug
    )
    latest = reviews.latest_commit(project)
    form = ReviewForm(
        request.POST if request.method == "POST" else None,
        project=project,
        initial={"check_run": latest and latest.pk},
    )
    if request.method == "POST" and form.is_valid():
        try:
            review = reviews.submit(project, reviewer=request.user, **form.cleaned_data)
        except reviews.NotYourLearner:
            form.add_error(
                None,
                _("The mentorship has just ended. Copy your text: it cannot be submitted here."),
            )
        else:
            messages.success(
                request,
                _("Your review of %(sha)s is with %(name)s.")
                % {"sha": review.short_sha, "name": project.owner.profile.name},
            )
            return redirect(project)
    repositories = list(project.repositories.all())
    pictures = verdicts.of_many(repositories)
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
