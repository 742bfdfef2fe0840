"""A mentor's desk: who waits, and how the learners are doing."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from accounts.mentorships import learners_of
from accounts.models import Sighting
from accounts.sightings import Thing
from accounts.views.sightings import looked
from curriculum import enrollments, progress
from portfolio import drafts, evidence, readiness, reviews
from portfolio.forms import PrivateNoteForm
from portfolio.models import Dispute, PrivateNote, Project, Review
from portfolio.verdicts import Reader
from portfolio.views.glance import learners_at_a_glance
from portfolio.views.projects import rows


@login_required
@require_safe
def desk(request: HttpRequest) -> HttpResponse:
    waiting = reviews.queue_with_match(request.user)
    disputes = Dispute.objects.waiting_for(request.user).select_related(
        "repository__project__owner__profile"
    )
    context = {
        "held": Review.objects.claimed_by(request.user).select_related("project__owner__profile"),
        "waiting": waiting,
        "kept_drafts": drafts.kept_by(request.user)[:10],
        "disputes": disputes,
        "most_claims": reviews.MOST_CLAIMS,
        **learners_at_a_glance(request),
    }
    return render(request, "portfolio/desk.html", context)


@login_required
@require_safe
def learner_detail(request: HttpRequest, handle: str) -> HttpResponse:
    learner = get_object_or_404(learners_of(request.user), profile__handle=handle)
    looked(request, Thing(Sighting.Kind.LEARNER), learner.pk)
    enrollment = enrollments.of(learner)
    picture = progress.overview(enrollment) if enrollment else None
    projects = (
        Project.objects.mentored_by(request.user)
        .owned_by(learner)
        .select_related("owner__profile")
        .prefetch_related("repositories", "reviews__reviewer__profile")
    )
    profile = evidence.of(learner, seen_by=request.user)
    role = enrollment.target_role if enrollment else None
    note = PrivateNote.objects.filter(mentor=request.user, learner=learner).first()
    context = {
        "learner": learner,
        "enrollment": enrollment,
        "picture": picture,
        "next_unit": picture.next_unit if picture else None,
        "recent": enrollment.completions.standing().select_related("unit__module")[:5]
        if enrollment
        else [],
        "rows": rows(projects, Reader.MENTOR),
        "skills": sorted(profile.values(), key=evidence.strength, reverse=True),
        "aim": readiness.of(learner, role, profile) if role else None,
        "note_form": PrivateNoteForm(initial={"text": note.text if note else ""}),
    }
    return render(request, "portfolio/learner.html", context)
