"""The first page: what next, for those who are signed in; what this is, for those who are not."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts import mentorships
from curriculum import enrollments, progress
from curriculum.models import Module, Role
from portfolio.models import Project, Review
from portfolio.verdicts import Reader
from portfolio.views.projects import rows


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    if not request.user.is_authenticated:
        context = {"modules": Module.objects.live().count(), "roles": Role.objects.live().count()}
        return render(request, "portfolio/welcome.html", context)
    enrollment = enrollments.of(request.user)
    picture = progress.overview(enrollment) if enrollment else None
    own = (
        Project.objects.owned_by(request.user)
        .select_related("owner__profile")
        .prefetch_related("repositories", "reviews")[:5]
    )
    context = {
        "enrollment": enrollment,
        "picture": picture,
        "next_unit": picture.next_unit if picture else None,
        "recent": enrollment.completions.standing().select_related("unit__module")[:4]
        if enrollment
        else [],
        "rows": rows(own, Reader.OWNER),
        "waiting": Review.objects.waiting_for(request.user).select_related(
            "project__owner__profile"
        )[:5],
        "invitations": mentorships.waiting_for(request.user),
    }
    return render(request, "portfolio/home.html", context)
