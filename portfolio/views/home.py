"""The first page: what next, for those who are signed in; what this is, for those who are not."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts import mentorships
from accounts.models import User
from curriculum import (
    enrollments,
    fading,
    forecast,
    mock_interviews,
    plan,
    practice,
    progress,
    study,
)
from curriculum.models import Module, Roadmap, Role
from portfolio import changes, next_step, readiness, reviews
from portfolio.models import Dispute, Project, Review
from portfolio.next_step import Step
from portfolio.verdicts import Reader
from portfolio.views.projects import rows

FEW = 5  # rows of a section; the page of its own has all
PARTS = 8  # rows of the week


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    if not request.user.is_authenticated:
        context = {"modules": Module.objects.live().count(), "roles": Role.objects.live().count()}
        return render(request, "portfolio/welcome.html", context)
    context = _way(request.user) | _work(request.user) | _mentoring(request.user)
    context["next"] = next_step.decide(
        questions=context["questions"],
        disputes=context["disputes"],
        returned=context["returned"],
        news=context["news"],
        picture=context["picture"],
        is_mentor=context["is_mentor"],
        cards=context["practice"].left if context["practice"] else 0,
        interview=mock_interviews.next_of(request.user),
    )
    if context["next"].step == Step.START and (roadmap := Roadmap.objects.live().first()):
        context["outline"] = progress.outline(roadmap)
    return render(request, "portfolio/home.html", context)


def _way(user: User) -> dict[str, Any]:
    """Where a learner is on the roadmap, this week's plan, and what is behind and ahead."""
    enrollment = enrollments.of(user)
    if enrollment is None:
        return {"enrollment": None, "picture": None, "practice": None}
    picture = progress.overview(enrollment)
    completed = study.of(user)
    on_this = completed.on(enrollment)
    deck = practice.deck(user)
    [week] = plan.weeks(enrollment, picture.route, on_this, count=1)
    return {
        "enrollment": enrollment,
        "picture": picture,
        "week": week,
        "days": week.excerpt(PARTS),
        "forecast": forecast.of(enrollment, picture, on_this),
        "study": completed,
        "study_on_this": on_this,
        "practice": practice.today(deck),
        "kept": practice.by_format(deck),
        "fading": fading.of(user, picture).fading,
        "aim": readiness.of(user, role) if (role := enrollment.target_role) else None,
    }


def _work(user: User) -> dict[str, Any]:
    """A person's projects, and what is new of them."""
    own = Project.objects.owned_by(user).select_related("owner__profile")
    returned = Review.objects.returned_to(user).filter(
        submitted_at__gte=timezone.now() - changes.LATELY
    )
    return {
        "rows": rows(own.prefetch_related("repositories", "reviews")[:FEW], Reader.OWNER),
        "news": changes.lately(user),
        "returned": list(returned.select_related("project", "reviewer__profile")[:FEW]),
        "invitations": list(mentorships.waiting_for(user)),
    }


def _mentoring(user: User) -> dict[str, Any]:
    """Who waits for this person; two queries fewer for somebody who mentors nobody."""
    if not mentorships.learners_of(user).exists():
        return {"is_mentor": False, "questions": [], "disputes": []}
    questions = reviews.queue_of(user)
    disputes = Dispute.objects.waiting_for(user).select_related(
        "repository__project__owner__profile"
    )
    return {
        "is_mentor": True,
        "questions": list(questions[:FEW]),
        "disputes": list(disputes[:FEW]),
    }
