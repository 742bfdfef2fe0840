"""Which skills a project shows, in its owner's words."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from portfolio import defences
from portfolio.forms import ClaimForm
from portfolio.models import Claim
from portfolio.views.projects import own_project


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def project_claims(request: HttpRequest, slug: str) -> HttpResponse:
    """The claims of a project, and a form for one more; claiming a skill again changes its level."""
    project = own_project(request, slug)
    form = ClaimForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        cleaned = dict(form.cleaned_data)
        Claim.objects.update_or_create(
            project=project, skill=cleaned.pop("skill"), defaults=cleaned
        )
        defences.refresh(request.user)
        messages.success(request, _("Claimed. A mentor can confirm it with a review."))
        return redirect("portfolio:project_claims", slug)
    context = {
        "project": project,
        "form": form,
        "claims": project.claims.select_related("skill"),
    }
    return render(request, "portfolio/claims.html", context, status=422 if form.is_bound else 200)


@login_required
@require_POST
def remove_claim(request: HttpRequest, pk: int) -> HttpResponse:
    claim = get_object_or_404(Claim.objects.filter(project__owner=request.user), pk=pk)
    slug = claim.project.slug
    claim.delete()
    defences.refresh(request.user)
    messages.success(request, _("No longer claimed. What was endorsed stays with its review."))
    return redirect("portfolio:project_claims", slug)
