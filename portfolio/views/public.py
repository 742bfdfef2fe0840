"""What a person shows: to strangers what is public, to their mentors and themselves all of it."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from accounts.mentorships import is_mentor_of
from accounts.models import Profile, Sighting, User
from accounts.sightings import Thing
from accounts.views.share_links import visited
from accounts.views.sightings import looked
from accounts.views.strangers import same_for_strangers
from curriculum import enrollments
from portfolio import contributions, evidence, measurements, readiness, showcase
from portfolio.evidence import Evidence, Kind, Viewer
from portfolio.measurements import Told
from portfolio.models import Project
from portfolio.showcase import FIRST
from portfolio.verdicts import Reader
from portfolio.views.project_page import project_page
from portfolio.views.projects import rows

#: Numbers of a project on the page of all.
MOST_OUTCOMES = 3
#: Projects below the first ones in one line each, and skills in a row each; the rest is only named.
MORE, SKILLS = 12, 12


@require_safe
@same_for_strangers
def profile_detail(request: HttpRequest, handle: str) -> HttpResponse:
    profile = get_object_or_404(
        Profile.objects.visible_to(request.user).select_related("user"), handle=handle
    )
    shown = (
        Project.objects.visible_to(request.user)
        .owned_by(profile.user)
        .select_related("owner__profile")
        .prefetch_related(
            "repositories",
            "reviews__reviewer__profile",
            "reviews__check_run",
            "claims__skill",
            "measurements__repository",
        )
    )
    is_owner = profile.user == request.user
    is_mentor = is_mentor_of(request.user, profile.user)
    reader = Reader.OWNER if is_owner else Reader.MENTOR if is_mentor else Reader.STRANGER
    shown = rows(shown, reader)
    shows_skills = profile.shows_skills or reader != Reader.STRANGER
    is_open = profile.is_public and all(project.is_public for project, _ in shown)
    thing = Thing(Sighting.Kind.PROFILE, profile.pk)
    if not is_open or (shows_skills and not profile.shows_skills):
        looked(request, thing, profile.user_id)
    is_insider = reader != Reader.STRANGER
    pieces = showcase.arrange(shown)
    account = contributions.account_of(profile.user)
    context = {
        "profile": profile,
        "is_owner": is_owner,
        "is_mentor": is_mentor,
        "is_insider": is_insider,
        "link": visited(request, profile.user, thing),
        "best": [
            (piece, _outcomes(piece.project, is_insider), _merged(piece.project, account))
            for piece in pieces[:FIRST]
        ],
        "more": pieces[FIRST:][:MORE],
        "others": pieces[FIRST:][MORE:],
        "sum": showcase.sum_of(pieces),
        "is_chosen": any(piece.project.place for piece in pieces),
        "has_resume": profile.user.resumes.filter(is_public=True).exists(),
    }
    if shows_skills:
        context |= _skills(profile.user, request.user, reader)
    return render(request, "portfolio/profile.html", context)


def _merged(project: Project, account: int | None) -> list[contributions.Picture]:
    """Its verified pull requests, as strangers are told of them."""
    return contributions.told(project.contributions.all(), account, is_insider=False)


def _outcomes(project: Project, is_insider: bool) -> list[Told]:
    """The first numbers of a project; its own page has all of them."""
    return measurements.told(
        list(project.measurements.all())[:MOST_OUTCOMES], is_insider=is_insider
    )


def _skills(learner: User, viewer: Viewer, reader: Reader) -> dict[str, Any]:
    """The learner's skills, the strongest evidence first, and how the role they aim for stands."""
    profile = evidence.of(learner, seen_by=viewer)
    enrollment = enrollments.of(learner)
    role = enrollment.target_role if enrollment else None
    if role and role.owner_id and reader != Reader.OWNER:
        role = None  # made from an advert that only they know
    skills = sorted(profile.values(), key=evidence.strength, reverse=True)
    by_kind: dict[Kind, list[Evidence]] = {}
    for entry in skills:
        by_kind.setdefault(entry.strongest, []).append(entry)
    return {
        "skills": skills[:SKILLS],
        "by_kind": by_kind,
        "all_skills": len(skills),
        "aim": readiness.of(learner, role, profile) if role else None,
    }


@require_safe
@same_for_strangers
def project_detail(request: HttpRequest, handle: str, slug: str) -> HttpResponse:
    visible = Project.objects.visible_to(request.user)
    projects = visible.select_related("owner__profile", "demo_link")
    project = get_object_or_404(projects, owner__profile__handle=handle, slug=slug)
    return project_page(request, project)
