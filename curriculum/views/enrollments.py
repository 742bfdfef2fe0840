"""What a learner's plan is made from: the role they aim for, the hours and the days they have."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from curriculum import enrollments, progress
from curriculum.forms import EnrollmentForm
from curriculum.views.people import enrollment_of, to_sign_in


@require_http_methods(["GET", "HEAD", "POST"])
def enrollment(request: HttpRequest) -> HttpResponse:
    if not request.user.is_authenticated:
        return to_sign_in(request, request.path)
    current = enrollment_of(request)
    form = EnrollmentForm(
        request.POST if request.method == "POST" else None,
        learner=request.user,
        enrollment=current,
    )
    if form.is_valid():
        role, weekly_hours = form.cleaned_data["target_role"], form.cleaned_data["weekly_hours"]
        try:
            kept = enrollments.aim_for(enrollments.enroll(request.user), role, weekly_hours)
        except enrollments.NoRoadmap:
            form.add_error(
                None, _("There is no roadmap yet, so nothing was kept. Ask who runs this place.")
            )
        else:
            enrollments.study_on(kept, form.cleaned_data["study_days"])
            messages.success(request, _("Your plan is kept."))
            return redirect("curriculum:plan")
    context = {
        "form": form,
        "enrollment": current,
        "picture": progress.overview(current) if current else None,
    }
    status = 422 if form.errors else 200
    return render(request, "curriculum/enrollment.html", context, status=status)
