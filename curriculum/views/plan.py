"""A learner's weeks: what is planned, and when it may be done."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from curriculum import forecast, progress, study
from curriculum import plan as plans
from curriculum.views.people import enrollment_of


@login_required
@require_safe
def plan(request: HttpRequest) -> HttpResponse:
    enrollment = enrollment_of(request)
    if enrollment is None:
        return render(request, "curriculum/plan.html")
    picture = progress.overview(enrollment)
    completed = study.of(request.user).on(enrollment)
    context = {
        "enrollment": enrollment,
        "picture": picture,
        "study": completed,
        "weeks": plans.weeks(enrollment, picture.route, completed),
        "forecast": forecast.of(enrollment, picture, completed),
    }
    return render(request, "curriculum/plan.html", context)
