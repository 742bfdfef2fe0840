"""Prepare and ask for a review, claim it, give it back, write it, and end what nobody took.

Every change of a review's status is a move: made under a lock on its row, written down with who made it,
and refused by the database where `Review.MOVES` does not know it. What a mentor wrote is kept whatever
becomes of the request.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone

from accounts.mentorships import mentors_of
from accounts.models import User
from curriculum.models import Declaration, Rubric, Skill
from curriculum.rubrics import text_of
from portfolio import telling
from portfolio.models import CheckRun, Claim, Endorsement, Move, Project, Review, Score

#: How long a mentor has a review after claiming it or renewing the claim.
LEASE = timedelta(hours=48)
#: How often one claim can be renewed: eight days in all, then somebody else may have it.
MOST_RENEWALS = 3
#: Reviews that one mentor holds at once.
MOST_CLAIMS = 3
#: A request that nobody took for so long ends, and its owner is told.
EXPIRES_AFTER = timedelta(days=30)
#: The rubric that a project is judged by unless the owner chooses another.
USUAL_RUBRIC = "project-review"

Status = Review.Status


class NoMentor(Exception):
    """The owner has no mentor who could look."""


class NotYourLearner(Exception):
    """Only somebody who mentors the owner now may review, and never the owner."""


class NothingChecked(Exception):
    """There is no commit to pin a review to: no check run has read the repository yet."""


class NotOpen(Exception):
    """The request was answered or withdrawn already."""


class Taken(Exception):
    """Another mentor has it."""


class NotYours(Exception):
    """The mentor does not hold this review: the lease ended, or it was never theirs."""


class TooMany(Exception):
    """The mentor holds as many reviews as one may."""


class NoRenewalLeft(Exception):
    """The claim was renewed as often as it may be."""


# What the owner does


def prepare(project: Project, *, question: str = "", rubric: Rubric | None = None) -> Review:
    """Keep a request that is not sent yet; the one there is, with these words.

    Returns an open request that was sent already as it is.
    """
    with transaction.atomic():
        _hold(project)
        review = project.reviews.first_opinions().open().first()
        if review is None:
            review = _begin(Review(project=project, status=Status.DRAFT), by=project.owner)
        if review.status != Status.DRAFT:
            return review
        review.question, review.rubric = question, rubric
        review.save(update_fields=["question", "rubric"])
    return review


def request(project: Project, *, question: str = "", rubric: Rubric | None = None) -> Review:
    """Ask for a review of the newest checked commit; the open request when there is one.

    A request after a review is its next round. Raises NothingChecked before the first look at the
    repository, NoMentor where nobody could answer.
    """
    if open_request := project.reviews.first_opinions().requested().first():
        return open_request
    latest = latest_commit(project)
    if latest is None:
        raise NothingChecked
    if not mentors_of(project.owner).exists():
        raise NoMentor
    with transaction.atomic():
        _hold(project)
        review = project.reviews.first_opinions().open().first()
        if review and review.status != Status.DRAFT:
            return review
        before = project.reviews.first_opinions().submitted().order_by("-submitted_at").first()
        facts = {
            "question": question,
            "rubric": rubric or Rubric.objects.filter(slug=USUAL_RUBRIC).first(),
            "requested_at": timezone.now(),
            "check_run": latest,
            "full_name": latest.full_name,
            "head_sha": latest.head_sha,
            "follows": before,
            "round": before.round + 1 if before else 1,
        }
        if review:
            return _move(review, Status.REQUESTED, by=project.owner, **facts)
        return _begin(Review(project=project, status=Status.REQUESTED, **facts), by=project.owner)


def ask_for_second_opinion(review: Review, *, by: User, question: str = "") -> Review:
    """Ask another mentor about the work of a submitted review: its owner may, and its reviewer.

    Both opinions stand beside each other. Raises NotYours for anybody else, NotOpen where it is not
    submitted, NoMentor where there is no other mentor to ask.
    """
    if review.status != Status.SUBMITTED or review.second_of_id:
        raise NotOpen
    if by.pk not in (review.project.owner_id, review.reviewer_id):
        raise NotYours
    if not mentors_of(review.project.owner).exclude(pk__in=[review.reviewer_id]).exists():
        raise NoMentor
    facts: dict[str, Any] = {
        "question": question,
        "second_of": review,
        "round": review.round,
        "rubric": review.rubric,
        "check_run": review.check_run,
        "full_name": review.full_name,
        "head_sha": review.head_sha,
    }
    try:
        with transaction.atomic():
            return _begin(Review(project=review.project, status=Status.REQUESTED, **facts), by=by)
    except IntegrityError:  # the second of two clicks
        return review.second_opinions.open().get()


def withdraw(review: Review, *, by: User | None = None) -> Review:
    """Take the request back; a mentor who was writing keeps the draft.

    Raises NotOpen when it was answered meanwhile.
    """
    with transaction.atomic():
        held = _lock(review)
        return _move(
            held, Status.WITHDRAWN, by=by or held.project.owner, withdrawn_at=timezone.now(),
            lease_until=None,
        )  # fmt: skip


def rate_helpfulness(review: Review, value: int, note: str = "") -> Review:
    """What its owner thinks of it: for the owner's own eyes and, summed up, for those who run the place."""
    review.helpfulness, review.helpfulness_note = value, note
    review.save(update_fields=["helpfulness", "helpfulness_note"])
    return review


# What a mentor does


def claim(review: Review, mentor: User) -> Review:
    """Take a request for the length of the lease; claiming one's own again changes nothing.

    Raises NotYourLearner, Taken, NotOpen, and TooMany at three.
    """
    with transaction.atomic():
        User.objects.select_for_update().get(pk=mentor.pk)  # so that two clicks count as two
        held = _lock(review)
        if not may_review(mentor, held):
            raise NotYourLearner
        if held.status == Status.CLAIMED:
            if held.reviewer_id == mentor.pk:
                return held
            raise Taken
        if held.status != Status.REQUESTED:
            raise NotOpen
        if Review.objects.claimed_by(mentor).count() >= MOST_CLAIMS:
            raise TooMany
        now = timezone.now()
        return _move(
            held, Status.CLAIMED, by=mentor, reviewer=mentor, claimed_at=now, lease_until=now + LEASE,
            renewals=0, **_what_it_lacks(held),
        )  # fmt: skip


def begin(project: Project, mentor: User) -> Review:
    """Review a learner's project: claim the open request, or begin unasked where there is none.

    Raises NotYourLearner, NothingChecked, Taken when another mentor has it, TooMany at three.
    """
    if not _is_open_to(project, mentor):
        raise NotYourLearner
    latest = latest_commit(project)
    if latest is None:
        raise NothingChecked
    with transaction.atomic():
        User.objects.select_for_update().get(pk=mentor.pk)
        _hold(project)
        held = project.reviews.first_opinions().open().first()
        if held and held.status != Status.DRAFT:
            return claim(held, mentor)
        if held:  # the owner is preparing a request: their words become the question
            _move(held, Status.WITHDRAWN, by=None, withdrawn_at=timezone.now(),
                  reason="a mentor began first")  # fmt: skip
        if Review.objects.claimed_by(mentor).count() >= MOST_CLAIMS:
            raise TooMany
        now = timezone.now()
        before = project.reviews.first_opinions().submitted().order_by("-submitted_at").first()
        rubric = Rubric.objects.filter(slug=USUAL_RUBRIC).first()
        unasked = Review(
            project=project, status=Status.CLAIMED, is_asked=False, reviewer=mentor, claimed_at=now,
            lease_until=now + LEASE, rubric=rubric, rubric_text=text_of(rubric), check_run=latest,
            full_name=latest.full_name, head_sha=latest.head_sha,
            question=held.question if held else "",
            follows=before, round=before.round + 1 if before else 1,
        )  # fmt: skip
        return _begin(unasked, by=mentor)


def renew(review: Review, mentor: User) -> Review:
    """Have it for another 48 hours. Raises NotYours, and NoRenewalLeft after three times."""
    with transaction.atomic():
        held = _held_by(review, mentor)
        if held.renewals >= MOST_RENEWALS:
            raise NoRenewalLeft
        held.lease_until, held.renewals = timezone.now() + LEASE, held.renewals + 1
        held.save(update_fields=["lease_until", "renewals"])
    return held


def give_back(review: Review, mentor: User, *, reason: str = "") -> Review:
    """Let another mentor have it. It keeps its place in the queue, and the draft stays."""
    with transaction.atomic():
        return _release(_held_by(review, mentor), by=mentor, reason=reason)


def decline(review: Review, mentor: User, *, reason: str) -> Review:
    """Say that this cannot be reviewed, and why. Its owner may ask again."""
    with transaction.atomic():
        held = _held_by(review, mentor)
        return _move(held, Status.DECLINED, by=mentor, reason=reason, lease_until=None)


@transaction.atomic
def submit(
    project: Project,
    *,
    reviewer: User,
    verdict: str,
    check_run: CheckRun,
    body: str = "",
    strength: str = "",
    must_fix: str = "",
    idea: str = "",
    scores: Mapping[str, int] | None = None,
    endorsed: Mapping[Claim, int] | None = None,
    review: Review | None = None,
) -> Review:
    """A written judgement of the project at the commit of `check_run`.

    `scores` holds a rating of 1 to 4 by criterion, `endorsed` the level that the mentor saw of each
    claimed skill; endorsements are part of an approval, so that asking for changes endorses nothing.
    Answers `review` if it is named, else the open request if there is one that nobody else holds, and
    stands alone if not.
    Unless somebody asks again, the same words by the same mentor at the same commit are one review,
    however often the button is pressed. Raises Project.DoesNotExist, NotYourLearner, Taken when another
    mentor holds it, and NothingChecked when that run read no commit of this project or is gone.
    """
    _hold(project)
    if not _is_open_to(project, reviewer):
        raise NotYourLearner
    looked = CheckRun.objects.conclusive().filter(repository__project=project, pk=check_run.pk)
    if not looked.select_for_update(of=("self",)).first():
        raise NothingChecked
    now = timezone.now()
    judgement = {
        "reviewer": reviewer,
        "verdict": verdict,
        "body": body,
        "strength": strength,
        "must_fix": must_fix,
        "idea": idea,
        "head_sha": check_run.head_sha,
        "full_name": check_run.full_name,
    }
    facts: dict[str, Any] = judgement | {
        "check_run": check_run,
        "submitted_at": now,
        "lease_until": None,
    }
    if held := _to_answer(project, reviewer, review):
        facts["rubric_text"] = held.rubric_text or text_of(held.rubric)
        submitted = _move(held, Status.SUBMITTED, by=reviewer, **facts)
    elif already := project.reviews.submitted().filter(**judgement).first():
        return already
    else:
        rubric = Rubric.objects.filter(slug=USUAL_RUBRIC).first()
        facts |= {"rubric": rubric, "rubric_text": text_of(rubric)}
        unasked = Review(
            project=project, status=Status.SUBMITTED, is_asked=False, requested_at=now, **facts
        )
        submitted = _begin(unasked, by=reviewer)
    _score(submitted, scores or {})
    Endorsement.objects.bulk_create(
        Endorsement(review=submitted, skill_id=claim.skill_id, level=level)
        for claim, level in (endorsed or {}).items()
        if claim.project_id == project.pk and submitted.is_approval
    )
    submitted.comments.filter(author=reviewer, sent_at=None).update(sent_at=submitted.submitted_at)
    submitted.drafts.filter(mentor=reviewer).delete()
    return submitted


# What the clock does


def release_lapsed() -> list[Review]:
    """Give back what mentors held beyond the lease; each keeps its place, its drafts stay."""
    released = []
    for pk in Review.objects.lapsed(timezone.now()).values_list("pk", flat=True):
        with transaction.atomic():
            held = Review.objects.select_for_update().filter(pk=pk).first()
            is_lapsed = held and held.lease_until and held.lease_until <= timezone.now()
            if held and is_lapsed:
                released.append(_release(held, by=None, reason="the lease ended"))
    return released


def release_unentitled() -> list[Review]:
    """Give back what is held by somebody who may not review it any more: the mentorship ended."""
    released = []
    for held in Review.objects.claimed().select_related("reviewer", "project"):
        if held.reviewer and _is_open_to(held.project, held.reviewer):
            continue
        with transaction.atomic():
            locked = _lock(held)
            if locked.status == Status.CLAIMED and locked.reviewer_id == held.reviewer_id:
                released.append(_release(locked, by=None, reason="its mentor left"))
    return released


def expire_forgotten() -> list[Review]:
    """End requests that nobody took for a month, so that their owners are told and can ask anew."""
    expired = []
    long_ago = timezone.now() - EXPIRES_AFTER
    for pk in (
        Review.objects.requested().filter(requested_at__lte=long_ago).values_list("pk", flat=True)
    ):
        with transaction.atomic():
            held = Review.objects.select_for_update().filter(pk=pk).first()
            if held and held.status == Status.REQUESTED:
                expired.append(_move(held, Status.EXPIRED, by=None, reason="nobody took it"))
    return expired


# What is asked


def may_review(mentor: User, review: Review) -> bool:
    """Whether this mentor may take it: its project is open to them, and it is no second look at their own."""
    if review.second_of and review.second_of.reviewer_id == mentor.pk:
        return False
    return _is_open_to(review.project, mentor)


def queue_of(mentor: User) -> QuerySet[Review]:
    """What this mentor may claim: first of their own learners, then of the pool, longest wait first."""
    return Review.objects.waiting_for(mentor).select_related("project__owner__profile", "follows")


def queue_with_match(mentor: User) -> list[tuple[Review, list[Skill]]]:
    """The queue, with the skills of each project that the mentor declares too; in four queries.

    The order stays that of the queue: a match is for the mentor to see, not a reason to overtake.
    """
    own = set(Declaration.objects.filter(learner=mentor).values_list("skill", flat=True))
    waiting = queue_of(mentor).prefetch_related("project__claims__skill")
    return [
        (
            review,
            [claim.skill for claim in review.project.claims.all() if claim.skill_id in own],
        )
        for review in waiting
    ]


def latest_commit(project: Project) -> CheckRun | None:
    """The newest run that read a commit of the project."""
    return (
        CheckRun.objects.conclusive()
        .filter(repository__project=project)
        .select_related("repository")
        .first()
    )


def claimable_skills(project: Project) -> QuerySet[Claim]:
    """What the owner says the project shows, for a mentor to confirm."""
    return project.claims.filter(skill__in=Skill.objects.live()).select_related("skill")


def endorsed_claims(project: Project) -> list[tuple[Claim, Endorsement | None]]:
    """Each claim of the project with its newest endorsement, in two queries."""
    claims = list(claimable_skills(project))
    if not claims:
        return []
    given = Endorsement.objects.filter(review__in=project.reviews.submitted())
    newest_last = given.select_related("review__reviewer__profile").order_by("review__submitted_at")
    by_skill = {endorsement.skill_id: endorsement for endorsement in newest_last}
    return [(claim, by_skill.get(claim.skill_id)) for claim in claims]


def _to_answer(project: Project, reviewer: User, review: Review | None) -> Review | None:
    """The request that a review answers, locked. Raises Taken for a named one that another holds."""
    asked = project.reviews.filter(pk=review.pk) if review else project.reviews.first_opinions()
    held = asked.filter(status__in=[Status.REQUESTED, Status.CLAIMED]).select_for_update().first()
    if held and held.status == Status.CLAIMED and held.reviewer_id != reviewer.pk:
        if review:
            raise Taken
        return None
    return held


def _is_open_to(project: Project, mentor: User) -> bool:
    return Project.objects.reviewable_by(mentor).filter(pk=project.pk).exists()


def _hold(project: Project) -> None:
    """Nobody else asks, answers or deletes until the transaction ends."""
    Project.objects.select_for_update().get(pk=project.pk)


def _lock(review: Review) -> Review:
    return (
        Review.objects.select_for_update(of=("self",))
        .select_related("project__owner", "second_of", "rubric")
        .get(pk=review.pk)
    )


def _held_by(review: Review, mentor: User) -> Review:
    held = _lock(review)
    if held.status != Status.CLAIMED or held.reviewer_id != mentor.pk:
        raise NotYours
    return held


def _begin(review: Review, *, by: User | None) -> Review:
    with transaction.atomic():
        review.save()
        Move.objects.create(review=review, to_status=review.status, moved_by=by)
        telling.review_moved(review, "", by=by)
    return review


def _move(
    review: Review, to_status: str, *, by: User | None, reason: str = "", **facts: Any
) -> Review:
    """Make one move of a locked row and write it down. Raises NotOpen for one there is not."""
    if to_status not in Review.MOVES[review.status]:
        raise NotOpen
    before, review.status = review.status, to_status
    for name, value in facts.items():
        setattr(review, name, value)
    review.save(update_fields=["status", *facts])
    Move.objects.create(
        review=review, from_status=before, to_status=to_status, moved_by=by, reason=reason
    )
    telling.review_moved(review, before, by=by)
    return review


def _release(held: Review, *, by: User | None, reason: str) -> Review:
    """Back into the queue; a review that nobody asked for ends instead."""
    if not held.is_asked:
        return _move(
            held,
            Status.WITHDRAWN,
            by=by,
            reason=reason,
            withdrawn_at=timezone.now(),
            lease_until=None,
        )
    facts: dict[str, Any] = {
        "reviewer": None,
        "claimed_at": None,
        "lease_until": None,
        "renewals": 0,
    }
    return _move(held, Status.REQUESTED, by=by, reason=reason, **facts)


def _what_it_lacks(held: Review) -> dict[str, Any]:
    """Commit and rubric for a request that has none: an old one, or one whose repository was unlinked."""
    rubric = held.rubric or Rubric.objects.filter(slug=USUAL_RUBRIC).first()
    facts: dict[str, Any] = {
        "rubric": rubric,
        "rubric_text": held.rubric_text or text_of(rubric),
    }
    if held.check_run_id is None and (latest := latest_commit(held.project)):
        facts |= {
            "check_run": latest,
            "full_name": latest.full_name,
            "head_sha": latest.head_sha,
        }
    return facts


def _score(review: Review, scores: Mapping[str, int]) -> None:
    """Scores of the criteria that the rubric has, as it was when the review was claimed."""
    known = {criterion["slug"] for criterion in review.rubric_text.get("criteria", ())}
    Score.objects.bulk_create(
        Score(review=review, criterion=slug, value=value)
        for slug, value in scores.items()
        if slug in known
    )
