"""Where a learner or mentor tells staff about a review."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.models import Sighting
from accounts.sightings import Thing
from accounts.views.sightings import looked
from portfolio import reports
from portfolio.forms import ReportForm
from portfolio.models import Project, Review


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def report_review(request: HttpRequest, pk: int) -> HttpResponse:
    known = Review.objects.filter(project__in=Project.objects.known_to(request.user))
    with_people = known.exclude(status=Review.Status.DRAFT).select_related(
        "project__owner__profile"
    )
    review = get_object_or_404(with_people, pk=pk)
    project = review.project
    looked(request, Thing(Sighting.Kind.REVIEW, review.pk, project.title), project.owner_id)
    form = ReportForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        reports.report(review, request.user, **form.cleaned_data)
        words = _("Reported. Those who run this place read it; the other side is not told.")
        messages.success(request, words)
        return redirect(review)
    context = {"form": form, "review": review, "project": project}
    status = 422 if form.is_bound else 200
    return render(request, "portfolio/review_report.html", context, status=status)
