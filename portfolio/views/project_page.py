"""One project as its owner, a mentor or a reader sees it."""

from django.db.models import Prefetch, prefetch_related_objects
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from accounts.mentorships import mentors_of
from accounts.models import Sighting
from accounts.sightings import Thing
from accounts.views.share_links import visited
from accounts.views.sightings import looked
from portfolio import (
    case_studies,
    charts,
    contributions,
    demo_links,
    lifecycle,
    measurements,
    reviewers,
    verdicts,
)
from portfolio import reviews as reviews_of
from portfolio.models import CheckRun, Project, Review
from portfolio.verdicts import Reader

Kind = Sighting.Kind


def project_page(request: HttpRequest, project: Project) -> HttpResponse:
    """The page of a project that the person may see; what they may do there depends on who they are."""
    reader = verdicts.reader_of(project, request.user)
    is_owner, is_mentor = reader == Reader.OWNER, reader == Reader.MENTOR
    shows_skills = is_owner or is_mentor or project.owner.profile.shows_skills
    repositories = list(project.repositories.select_related("access"))
    thing = Thing(Kind.PROJECT, project.pk, project.title)
    if not project.is_open_to_all or any(repository.is_private for repository in repositories):
        looked(request, thing, project.owner_id)
    pictures = verdicts.of_many(repositories, reader=reader)
    answers = Review.objects.select_related("reviewer__profile", "check_run__repository")
    prefetch_related_objects([project], Prefetch("reviews", answers))
    reviews = list(project.reviews.all())
    submitted = [review for review in reviews if review.status == Review.Status.SUBMITTED]
    told = measurements.told(
        project.measurements.select_related("repository"), is_insider=is_owner or is_mentor
    )
    pulls = contributions.told(
        project.contributions.all(),
        contributions.account_of(project.owner),
        is_insider=is_owner or is_mentor,
    )
    coverage = lifecycle.of(pictures.values())
    context = {
        "pulls": pulls,
        "images": list(project.images.all()),
        "project": project,
        "link": visited(request, project.owner, thing),
        "is_owner": is_owner,
        "is_mentor": is_mentor,
        "is_insider": is_owner or is_mentor,
        "demo": demo_links.of(project),
        "pictures": verdicts.in_detail((pictures[r.pk] for r in repositories), project),
        "shows_repository": len(repositories) > 1,
        "runs": CheckRun.objects.visible_to(request.user).of(project).latest_runs(),
        "told": told,
        "meter": case_studies.meter_of(project, [one.measurement for one in told])
        if is_owner
        else None,
        "lifecycle": coverage,
        "stage_module": lifecycle.module_for(coverage) if is_owner else None,
        "chart": charts.before_after(told),
        "claims": reviews_of.endorsed_claims(project) if shows_skills else [],
        "reviews": reviewers.with_records(submitted),
        "open_request": next((r for r in reviews if r.is_open and not r.second_of_id), None),
        "has_mentor": is_owner and mentors_of(project.owner).exists(),
    }
    return render(request, "portfolio/project.html", context)
