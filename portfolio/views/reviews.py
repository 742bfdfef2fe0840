"""Ask for a review, claim and write one, and read what came of it."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.db.models import Prefetch
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.mentorships import mentors_of
from accounts.models import Sighting
from accounts.sightings import Thing
from accounts.views.sightings import looked
from portfolio import (
    changes,
    charts,
    comments,
    drafts,
    measurements,
    review_files,
    reviews,
    sources,
    verdicts,
    waiting_time,
)
from portfolio.forms import (
    AnswerForm,
    DeclineForm,
    HelpfulnessForm,
    PrivateNoteForm,
    ReviewForm,
    ReviewRequestForm,
)
from portfolio.models import Comment, PrivateNote, Project, Review
from portfolio.tasks import send_listings
from portfolio.verdicts import Reader
from portfolio.views.comments import own_comments
from portfolio.views.projects import hold_project, own_project

#: A rating from here on asks for nothing, so the next round need not look again.
SOLID = 3
WITH = (
    "project__owner__profile",
    "reviewer__profile",
    "check_run__repository",
    "follows__check_run__repository",
    "second_of",
)


# The owner

Kind = Sighting.Kind


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def request_review(request: HttpRequest, slug: str) -> HttpResponse:
    """Before asking: what the checks would say first, how long it takes, and what to look at."""
    if request.method != "POST":
        project = own_project(request, slug)
        draft = project.reviews.first_opinions().open().first()
        if draft and draft.status != Review.Status.DRAFT:
            return redirect(draft)
        initial = {"question": draft.question, "rubric": draft.rubric_id} if draft else {}
        return _request_page(request, project, ReviewRequestForm(initial=initial))
    with transaction.atomic():
        project = hold_project(request, slug)
        form = ReviewRequestForm(request.POST)
        if form.is_valid() and "keep" in request.POST:
            reviews.prepare(project, **form.cleaned_data)
            messages.success(request, _("Kept for later; nobody has been asked yet."))
            return redirect("portfolio:request_review", slug)
        if form.is_valid():
            try:
                review = reviews.request(project, **form.cleaned_data)
            except reviews.NothingChecked:
                words = _(
                    "A review looks at one commit. Have the repository checked first, then ask."
                )
                form.add_error("question", words)
            except reviews.NoMentor:
                form.add_error("question", _("You have no mentor now. Invite one, then ask."))
            else:
                send_listings(sources.want(review))
                messages.success(request, _("Your mentors see that you would like a review."))
                return redirect("portfolio:project", slug)
    return _request_page(request, project, form)


def _request_page(request: HttpRequest, project: Project, form: ReviewRequestForm) -> HttpResponse:
    mentors = list(mentors_of(project.owner))
    repositories = list(project.repositories.all())
    pictures = verdicts.of_many(repositories, reader=Reader.OWNER)
    troubles = [
        (picture, verdict)
        for picture in pictures.values()
        for verdict in picture.verdicts
        if verdict.outcome == "failed"
    ]
    context = {
        "project": project,
        "form": form,
        "mentors": mentors,
        "latest": reviews.latest_commit(project),
        "troubles": troubles,
        "advice": sum(verdict.word != "failed" for _, verdict in troubles),
        "previous": project.reviews.first_opinions().submitted().order_by("-submitted_at").first(),
        "claims": list(reviews.claimable_skills(project)),
        "wait": waiting_time.of_mentors(mentors) if mentors else None,
        "is_private": any(repository.is_private for repository in repositories),
    }
    status = 422 if form.is_bound else 200
    return render(request, "portfolio/review_request.html", context, status=status)


@login_required
@require_POST
@transaction.atomic
def withdraw_review(request: HttpRequest, slug: str) -> HttpResponse:
    project = hold_project(request, slug)
    if review := project.reviews.first_opinions().open().first():
        reviews.withdraw(review, by=request.user)
        messages.success(request, _("Request withdrawn."))
    else:
        words = _("There is no open request any more: it was answered or taken back before.")
        messages.info(request, words)
    return redirect("portfolio:project", slug)


@login_required
@require_POST
def rate_helpfulness(request: HttpRequest, pk: int) -> HttpResponse:
    own = Review.objects.submitted().filter(project__owner=request.user)
    review = get_object_or_404(own.select_related(*WITH), pk=pk)
    form = HelpfulnessForm(request.POST)
    if not form.is_valid():
        return _review_page(request, review, helpfulness_form=form)
    reviews.rate_helpfulness(review, form.cleaned_data["value"], form.cleaned_data["note"])
    messages.success(request, _("Kept. Your mentor does not see it."))
    return redirect(review)


@login_required
@require_POST
def ask_for_second_opinion(request: HttpRequest, pk: int) -> HttpResponse:
    """The owner or the reviewer asks another mentor about the same work."""
    review = _insiders_review(request, pk)
    try:
        second = reviews.ask_for_second_opinion(review, by=request.user)
    except reviews.NotYours:
        raise Http404 from None
    except (reviews.NotOpen, reviews.NoMentor):
        messages.info(request, _("There is no other mentor who could look at it."))
        return redirect(review)
    send_listings(sources.want(second))
    messages.success(request, _("Another mentor is asked. Both opinions will stand side by side."))
    return redirect(review)


# Reading


@login_required
@require_safe
def review_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One review as its owner and their mentors read it."""
    return _review_page(request, _insiders_review(request, pk))


def _insiders_review(request: HttpRequest, pk: int) -> Review:
    """A review of one's own project or of a learner's, or 404; nobody else's draft of a request."""
    known = Review.objects.filter(project__in=Project.objects.known_to(request.user))
    review = get_object_or_404(known.select_related(*WITH), pk=pk)
    if review.status == Review.Status.DRAFT and review.project.owner != request.user:
        raise Http404
    return review


def _review_page(
    request: HttpRequest,
    review: Review,
    *,
    helpfulness_form: HelpfulnessForm | None = None,
    answer_form: AnswerForm | None = None,
) -> HttpResponse:
    _note_look(request, review)
    is_owner = review.project.owner == request.user
    threads = (
        review.comments.told_to(request.user)
        .threads()
        .select_related("author__profile", "resolved_by__profile")
        .prefetch_related(
            Prefetch(
                "replies", Comment.objects.select_related("author__profile").order_by("written_at")
            )
        )
    )
    context = {
        "review": review,
        "project": review.project,
        "is_owner": is_owner,
        "is_reviewer": review.reviewer == request.user,
        "threads": list(threads),
        "scores": _scores(review),
        "endorsements": list(review.endorsements.select_related("skill")),
        "moves": list(review.moves.select_related("moved_by__profile")),
        "seconds": list(review.second_opinions.submitted().select_related("reviewer__profile")),
        "may_claim": review.status == Review.Status.REQUESTED
        and reviews.may_review(request.user, review),
        "answer_form": answer_form or AnswerForm(),
        "helpfulness_form": helpfulness_form
        or HelpfulnessForm(initial={"value": review.helpfulness, "note": review.helpfulness_note}),
    }
    status = 422 if helpfulness_form or answer_form else 200
    return render(request, "portfolio/review.html", context, status=status)


def _note_look(request: HttpRequest, review: Review) -> None:
    """Reviews are never public: neither the words of one nor what it is about."""
    project = review.project
    looked(request, Thing(Sighting.Kind.REVIEW, review.pk, project.title), project.owner_id)


def _scores(review: Review) -> list[tuple[dict, int | None, str]]:
    """Each criterion of the review's rubric with the rating given, and its words."""
    given = {score.criterion: score.value for score in review.scores.all()}
    rows = []
    for criterion in review.rubric_text.get("criteria", ()):
        value = given.get(criterion["slug"])
        words = {rating["value"]: rating["text"] for rating in criterion["ratings"]}
        rows.append((criterion, value, words.get(value, "")))
    return rows


# The mentor


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def begin_review(request: HttpRequest, handle: str, slug: str) -> HttpResponse:
    """Where a mentor begins: takes the open request, or reviews unasked."""
    mentored = Project.objects.reviewable_by(request.user).select_related("owner__profile")
    project = get_object_or_404(mentored, owner__profile__handle=handle, slug=slug)
    open_review = project.reviews.first_opinions().open().exclude(status="draft").first()
    if open_review and open_review.reviewer == request.user:
        return redirect("portfolio:write_review", open_review.pk)
    if request.method == "POST":
        return _begin(request, lambda: reviews.begin(project, request.user), project)
    looked(request, Thing(Sighting.Kind.PROJECT, project.pk, project.title), project.owner_id)
    context = {
        "project": project,
        "open_request": open_review,
        "latest": reviews.latest_commit(project),
        "earlier": project.reviews.submitted().select_related("reviewer__profile"),
    }
    return render(request, "portfolio/review_begin.html", context)


@login_required
@require_POST
def claim_review(request: HttpRequest, pk: int) -> HttpResponse:
    review = _insiders_review(request, pk)
    return _begin(request, lambda: reviews.claim(review, request.user), review.project)


def _begin(request: HttpRequest, act: Any, project: Project) -> HttpResponse:
    try:
        review = act()
    except reviews.NotYourLearner:
        raise Http404 from None
    except reviews.Taken:
        messages.info(request, _("Another mentor has this review now."))
    except reviews.NotOpen:
        messages.info(request, _("There is no open request any more."))
    except reviews.NothingChecked:
        messages.info(
            request, _("No check has read this repository yet, so there is no commit to review.")
        )
    except reviews.TooMany:
        words = _("You hold %(n)d reviews already. Finish one or give it back first.")
        messages.info(request, words % {"n": reviews.MOST_CLAIMS})
    else:
        send_listings(sources.want(review))
        return redirect("portfolio:write_review", review.pk)
    return redirect("portfolio:begin_review", project.owner.profile.handle, project.slug)


def _held_review(request: HttpRequest, pk: int) -> Review:
    """A review that the person holds now, or 404."""
    held = Review.objects.claimed_by(request.user).filter(
        project__in=Project.objects.reviewable_by(request.user)
    )
    return get_object_or_404(held.select_related(*WITH), pk=pk)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def write_review(request: HttpRequest, pk: int) -> HttpResponse:
    """Everything that a mentor needs on one page; a press on a verdict sends it."""
    review = Review.objects.claimed_by(request.user).filter(
        pk=pk, project__in=Project.objects.reviewable_by(request.user)
    ).select_related(*WITH).first()  # fmt: skip
    if review is None:
        if sent := Review.objects.submitted().filter(pk=pk, reviewer=request.user).first():
            messages.info(request, _("It is sent already."))
            return redirect(sent)
        return _give_back_words(request, pk)
    if request.method != "POST":
        return _write_page(
            request, review, ReviewForm(initial=_initial(request, review), review=review)
        )
    form = ReviewForm(request.POST, review=review)
    if form.is_valid():
        try:
            submitted = reviews.submit(
                review.project, reviewer=request.user, review=review, **form.judgement
            )
        except (reviews.NotYourLearner, reviews.Taken, Project.DoesNotExist):
            return _give_back_words(request, pk)
        except reviews.NothingChecked:
            form.add_error("check_run", form.fields["check_run"].error_messages["invalid_choice"])
        else:
            messages.success(
                request,
                _("Your review of %(sha)s is with %(name)s.")
                % {"sha": submitted.short_sha, "name": review.project.owner.profile.name},
            )
            return redirect("portfolio:desk")
    if "check_run" in form.errors and (latest := reviews.latest_commit(review.project)):
        form.pin_to(latest)
    return _write_page(request, review, form)


@login_required
@require_POST
def save_draft(request: HttpRequest, pk: int) -> HttpResponse:
    """What the page sends by itself while somebody types; also the button for those without a script.

    The words of somebody whose lease ended, or whose learner took the request back, are kept too.
    """
    review = Review.objects.once_held_by(request.user).select_related(*WITH).filter(pk=pk).first()
    if review is None:
        return _give_back_words(request, pk)
    is_held = review.status == Review.Status.CLAIMED and review.reviewer == request.user
    if review.status == Review.Status.SUBMITTED and review.reviewer == request.user:
        return _give_back_words(request, pk)  # sent meanwhile, by the other of two tabs
    form = ReviewForm(request.POST, review=review)
    sent = request.POST.get("version", "")
    version = int(sent) if sent.isdecimal() and len(sent) < 10 else 0
    context: dict[str, Any] = {"unscored": form.unscored, "is_lost": not is_held}
    status = 200
    try:
        context["draft"] = drafts.save(review, request.user, form.words, version=version)
    except drafts.Elsewhere as error:
        context |= {"draft": error.draft, "is_elsewhere": True}
        status = 409
    except drafts.TooLong:
        context["is_too_long"] = True
        status = 422
    if request.htmx:
        return render(request, "portfolio/_draft_state.html", {"review": review, **context})
    if status == 200 and is_held:
        messages.success(request, _("Draft saved."))
        return redirect("portfolio:write_review", pk)
    if status == 200:
        messages.info(request, _("You do not hold this review any more. Your words are kept here."))
        return redirect("portfolio:kept_draft", context["draft"].pk)
    return _write_page(request, review, form, status=status, **context)


@login_required
@require_POST
def renew_claim(request: HttpRequest, pk: int) -> HttpResponse:
    try:
        reviews.renew(_held_review(request, pk), request.user)
    except reviews.NoRenewalLeft:
        messages.info(request, _("It was renewed three times. Finish it, or give it back."))
    except reviews.NotYours:
        raise Http404 from None
    else:
        messages.success(request, _("It is yours for another 48 hours."))
    return redirect("portfolio:write_review", pk)


@login_required
@require_POST
def give_back_review(request: HttpRequest, pk: int) -> HttpResponse:
    try:
        reviews.give_back(_held_review(request, pk), request.user)
    except reviews.NotYours:
        raise Http404 from None
    messages.success(request, _("Given back. It keeps its place, and your draft stays yours."))
    return redirect("portfolio:desk")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def decline_review(request: HttpRequest, pk: int) -> HttpResponse:
    review = _held_review(request, pk)
    _note_look(request, review)
    form = DeclineForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            reviews.decline(review, request.user, **form.cleaned_data)
        except reviews.NotYours:
            raise Http404 from None
        messages.success(request, _("Declined. Your learner reads why, and can ask again."))
        return redirect("portfolio:desk")
    context = {"form": form, "review": review, "project": review.project}
    status = 422 if form.is_bound else 200
    return render(request, "portfolio/review_decline.html", context, status=status)


def _initial(request: HttpRequest, review: Review) -> dict[str, Any]:
    """The mentor's draft; without one, scores of the round before that asked for nothing are carried over."""
    if draft := drafts.of(review, request.user):
        return {**draft.words, "version": draft.version, "check_run": review.check_run_id}
    initial: dict[str, Any] = {"version": 0, "check_run": review.check_run_id}
    if review.follows and review.follows.reviewer_id == request.user.pk:
        for slug, value in _scores_given(review.follows).items():
            if value >= SOLID:
                initial[f"score-{slug}"] = str(value)
    return initial


def _scores_given(review: Review | None) -> dict[str, int]:
    return {score.criterion: score.value for score in review.scores.all()} if review else {}


def _write_page(
    request: HttpRequest, review: Review, form: ReviewForm, *, status: int = 0, **more: Any
) -> HttpResponse:
    _note_look(request, review)
    project = review.project
    repositories = list(project.repositories.all())
    pictures = verdicts.of_many(repositories, reader=Reader.MENTOR)
    told = measurements.told(project.measurements.select_related("repository"), is_insider=True)
    wanted = sources.want(review)
    listing = wanted[0] if wanted else None
    before = wanted[1] if len(wanted) > 1 and wanted[1] != listing else None
    is_read = listing is not None and listing.listed_at is not None
    is_compared = is_read and before is not None and before.listed_at is not None
    note = PrivateNote.objects.filter(mentor=request.user, learner=project.owner).first()
    earlier_scores = _scores_given(review.follows)
    context = {
        "review": review,
        "project": project,
        "form": form,
        "draft": drafts.of(review, request.user),
        "latest": reviews.latest_commit(project),
        "pictures": [pictures[repository.pk] for repository in repositories],
        "listing": listing,
        "told": told,
        "chart": charts.before_after(told),
        "files": sources.outline(listing) if listing else [],
        "readme": sources.readme_of(listing) if listing else None,
        "is_same_commit": bool(review.follows and review.follows.head_sha == review.head_sha),
        "changes": sources.changes(before, listing) if is_compared else None,
        "sheets": review_files.changed(review, request.user, before, listing)
        if is_compared
        else [],
        "check_changes": _check_changes(review),
        "open_threads": _open_threads(review, listing),
        "own_comments": own_comments(review, request),
        "is_holder": True,
        "unscored": form.unscored,
        "criteria": [
            (criterion, field, earlier_scores.get(criterion["slug"], 0))
            for criterion, field in form.scored
        ],
        "snippets": list(request.user.snippets.all()),
        "note_form": PrivateNoteForm(
            initial={"text": note.text if note else ""}, auto_id="note_%s"
        ),
        "earlier": project.reviews.submitted()
        .exclude(pk=review.pk)
        .select_related("reviewer__profile"),
        "renewals_left": reviews.MOST_RENEWALS - review.renewals,
        "next_in_queue": reviews.queue_of(request.user).exclude(pk=review.pk).first(),
    } | more
    if listing and not listing.listed_at:
        send_listings([listing, *([before] if before else [])])
    return render(
        request,
        "portfolio/review_write.html",
        context,
        status=status or (422 if form.is_bound else 200),
    )


def _check_changes(review: Review) -> list[changes.Change] | None:
    """What the checks say otherwise than in the round before; None where there is nothing to compare."""
    before = review.follows.check_run if review.follows else None
    if before is None or review.check_run is None or before == review.check_run:
        return None
    return changes.between(
        list(before.findings.told_to(is_owner=False)),
        list(review.check_run.findings.told_to(is_owner=False)),
    )


def _open_threads(review: Review, listing: Any) -> list[comments.Place]:
    """Comments of the rounds before that are not settled, at their lines of today."""
    if not review.follows or not listing:
        return []
    unsettled = (
        Comment.objects.sent()
        .threads()
        .unresolved()
        .filter(review__project=review.project, review__round__lt=review.round)
        .select_related("author__profile")
        .prefetch_related("replies__author__profile")
        .order_by("path", "line", "written_at")
    )
    return comments.places(list(unsettled), listing)


def _give_back_words(request: HttpRequest, pk: int) -> HttpResponse:
    """404, with the words that were sent, if any: a lease, mentorship or project may end meanwhile.

    The same for everybody and every address, so that nothing says whether there is such a review.
    """
    names = ("strength", "must_fix", "idea", "body")
    words = [text for name in names if (text := request.POST.get(name, "").strip())]
    if not words:
        raise Http404
    context = {"words": words, "count": ngettext("%d text", "%d texts", len(words)) % len(words)}
    return render(request, "portfolio/review_kept.html", context, status=404)
