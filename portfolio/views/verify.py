"""Look into one claim: for an employer who was told of it, and for whoever made it."""

from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.models import Sighting, User, Visit
from accounts.sightings import Thing
from accounts.views.limits import limited
from accounts.views.share_links import visited
from accounts.views.sightings import looked
from portfolio import inquiries, measurements, reviewers, verdicts
from portfolio.inquiries import Inquiry
from portfolio.models import Claim, Measurement, Project, Review
from portfolio.verdicts import Reader


@never_cache
@require_safe
@limited("look into a claim", most=60, seconds=60)
def verify_claim(request: HttpRequest, pk: int) -> HttpResponse:
    """A skill that a project is said to show; of who shows no skills there is none to strangers."""
    claims = Claim.objects.filter(project__in=_visible_to(request.user), skill__retired_at=None)
    claim = get_object_or_404(claims.select_related("project__owner__profile", "skill"), pk=pk)
    reader = verdicts.reader_of(claim.project, request.user)
    if reader == Reader.STRANGER and not claim.project.owner.profile.shows_skills:
        raise Http404
    return _page(request, inquiries.of_claim(claim, reader), reader, claim=claim)


@never_cache
@require_safe
@limited("look into a claim", most=60, seconds=60)
def verify_review(request: HttpRequest, pk: int) -> HttpResponse:
    """A mentor's verdict."""
    reviews = Review.objects.submitted().filter(project__in=_visible_to(request.user))
    told = reviews.select_related(
        "project__owner__profile", "reviewer__profile", "check_run__repository"
    )
    review = get_object_or_404(told, pk=pk)
    reader = verdicts.reader_of(review.project, request.user)
    return _page(request, inquiries.of_review(review, reader), reader, review=review)


@never_cache
@require_safe
@limited("look into a claim", most=60, seconds=60)
def verify_measurement(request: HttpRequest, pk: int) -> HttpResponse:
    """A measured outcome."""
    found = Measurement.objects.filter(project__in=_visible_to(request.user))
    told = found.select_related("project__owner__profile", "repository")
    measurement = get_object_or_404(told, pk=pk)
    reader = verdicts.reader_of(measurement.project, request.user)
    [one] = measurements.told([measurement], is_insider=reader != Reader.STRANGER)
    return _page(request, inquiries.of_measurement(measurement, reader), reader, one=one)


def _visible_to(user: User | AnonymousUser) -> QuerySet[Project]:
    return Project.objects.visible_to(user)


def _page(request: HttpRequest, inquiry: Inquiry, reader: Reader, **claimed: Any) -> HttpResponse:
    project = inquiry.project
    thing = Thing(Visit.What.CLAIM, request.path, project.title)
    if not project.is_open_to_all or any(p.repository.is_private for p in inquiry.pictures):
        seen = Thing(Sighting.Kind.PROJECT, project.pk, project.title)
        looked(request, seen, project.owner_id)
    context = {
        "inquiry": inquiry,
        "said_of_it": reviewers.with_records(inquiry.reviews),
        "project": project,
        "link": visited(request, project.owner, thing),
        "now": timezone.now(),
        "is_owner": reader == Reader.OWNER,
        "is_insider": reader != Reader.STRANGER,
        "shows_skills": reader != Reader.STRANGER or project.owner.profile.shows_skills,
    }
    return render(request, "portfolio/verify.html", context | claimed)
