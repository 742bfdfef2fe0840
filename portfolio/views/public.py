"""What a person shows: to strangers what is public, to their mentors and themselves all of it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from accounts.mentorships import is_mentor_of
from accounts.models import Profile
from portfolio.models import Project
from portfolio.verdicts import Picture, Reader
from portfolio.views.project_page import project_page
from portfolio.views.projects import rows


@require_safe
def profile_detail(request: HttpRequest, handle: str) -> HttpResponse:
    profile = get_object_or_404(
        Profile.objects.visible_to(request.user).select_related("user"), handle=handle
    )
    shown = (
        Project.objects.visible_to(request.user)
        .owned_by(profile.user)
        .select_related("owner__profile")
        .prefetch_related("repositories", "reviews__reviewer__profile")
    )
    is_owner = profile.user == request.user
    is_mentor = is_mentor_of(request.user, profile.user)
    reader = Reader.OWNER if is_owner else Reader.MENTOR if is_mentor else Reader.STRANGER
    context = {
        "profile": profile,
        "is_owner": is_owner,
        "is_mentor": is_mentor,
        "rows": sorted(rows(shown, reader), key=strength, reverse=True),
    }
    return render(request, "portfolio/profile.html", context)


def strength(row: tuple[Project, list[Picture]]) -> tuple[bool, bool]:
    """What an employer reads first: approved by somebody, then with every required check passed."""
    project, pictures = row
    is_approved = any(review.is_approval for review in project.reviews.all())
    return is_approved, any(picture.is_success for picture in pictures)


@require_safe
def project_detail(request: HttpRequest, handle: str, slug: str) -> HttpResponse:
    visible = Project.objects.visible_to(request.user)
    projects = visible.select_related("owner__profile", "demo_link")
    project = get_object_or_404(projects, owner__profile__handle=handle, slug=slug)
    return project_page(request, project)
