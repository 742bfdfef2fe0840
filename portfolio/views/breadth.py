"""A learner's own projects by kind of problem and skill, and how deep each goes."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from portfolio import breadth


@login_required
@require_safe
def grid(request: HttpRequest) -> HttpResponse:
    return render(request, "portfolio/breadth.html", {"grid": breadth.of(request.user)})
