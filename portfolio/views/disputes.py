"""Say that a finding is wrong, and rule on it."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.models import Sighting
from accounts.sightings import Thing
from accounts.views.sightings import looked
from portfolio import checks, disputes
from portfolio.forms import DisputeForm, RulingForm
from portfolio.models import Dispute, Finding, Project


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def dispute_finding(request: HttpRequest, pk: int) -> HttpResponse:
    """The owner's page for one finding of theirs, of those that a mentor sees too."""
    own = Finding.objects.told_to(is_owner=False).filter(
        check_run__repository__project__in=Project.objects.owned_by(request.user)
    )
    finding = get_object_or_404(own.select_related("check_run__repository__project__owner"), pk=pk)
    project = finding.check_run.repository.project
    form = DisputeForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            disputes.raise_dispute(finding, by=request.user, **form.cleaned_data)
        except disputes.NotDisputable:
            messages.info(request, _("There is nothing to dispute about this finding."))
        else:
            messages.success(request, _("Your mentors see that you dispute this finding."))
        return redirect("portfolio:project", project.slug)
    context = {
        "form": form,
        "finding": finding,
        "title": checks.title(finding.check_name),
        "project": project,
    }
    status = 422 if form.is_bound else 200
    return render(request, "portfolio/dispute_finding.html", context, status=status)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def rule_on_dispute(request: HttpRequest, pk: int) -> HttpResponse:
    """A mentor's page for one dispute of a learner of theirs."""
    waiting = Dispute.objects.waiting_for(request.user)
    dispute = get_object_or_404(
        waiting.select_related("repository__project__owner__profile", "finding__check_run"), pk=pk
    )
    project = dispute.repository.project
    looked(request, Thing(Sighting.Kind.DISPUTE, dispute.pk, project.title), project.owner_id)
    form = RulingForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            disputes.rule(dispute, by=request.user, **form.cleaned_data)
        except disputes.AlreadyRuled:
            messages.info(request, _("Another mentor ruled a moment ago; their ruling stands."))
        except disputes.NotYours:
            messages.info(request, _("The mentorship has just ended; nothing was changed."))
        else:
            messages.success(request, _("Your ruling stands until the files change."))
        return redirect("portfolio:desk")
    context = {
        "form": form,
        "dispute": dispute,
        "title": checks.title(dispute.check_name),
        "project": project,
    }
    status = 422 if form.is_bound else 200
    return render(request, "portfolio/dispute.html", context, status=status)
