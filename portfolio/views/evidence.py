"""One's own skills, by what speaks for them."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from curriculum import declarations
from portfolio import evidence


@login_required
@require_safe
def evidence_list(request: HttpRequest) -> HttpResponse:
    profile = evidence.of(request.user)
    rows = sorted(
        profile.values(),
        key=lambda entry: (entry.skill.category.position, entry.skill.position),
    )
    context = {
        "rows": rows,
        "shown": sum(entry.shown > 0 for entry in rows),
        "background": declarations.background_of(request.user),
    }
    return render(request, "portfolio/evidence.html", context)
