"""A mentor's desk: who waits, and how the learners are doing."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from accounts.mentorships import learners_of
from curriculum import enrollments, learners, progress
from portfolio.models import Dispute, Project, Review
from portfolio.verdicts import Reader
from portfolio.views.projects import rows


@login_required
@require_safe
def desk(request: HttpRequest) -> HttpResponse:
    waiting = Review.objects.waiting_for(request.user).select_related("project__owner__profile")
    mentored = learners_of(request.user)
    disputes = Dispute.objects.waiting_for(request.user).select_related(
        "repository__project__owner__profile"
    )
    context = {"waiting": waiting, "disputes": disputes, "learners": learners.at_a_glance(mentored)}
    return render(request, "portfolio/desk.html", context)


@login_required
@require_safe
def learner_detail(request: HttpRequest, handle: str) -> HttpResponse:
    learner = get_object_or_404(learners_of(request.user), profile__handle=handle)
    enrollment = enrollments.of(learner)
    picture = progress.overview(enrollment) if enrollment else None
    projects = (
        Project.objects.mentored_by(request.user)
        .owned_by(learner)
        .select_related("owner__profile")
        .prefetch_related("repositories", "reviews__reviewer__profile")
    )
    context = {
        "learner": learner,
        "enrollment": enrollment,
        "picture": picture,
        "next_unit": picture.next_unit if picture else None,
        "recent": enrollment.completions.standing().select_related("unit__module")[:5]
        if enrollment
        else [],
        "rows": rows(projects, Reader.MENTOR),
    }
    return render(request, "portfolio/learner.html", context)
