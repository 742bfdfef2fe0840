"""Ask for a review, take the question back, and give one."""

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.mentorships import is_mentor_of, mentors_of
from accounts.models import User
from portfolio.models import CheckRun, Project, Review


class NoMentor(Exception):
    """The owner has no mentor who could look."""


class NotYourLearner(Exception):
    """Only somebody who mentors the owner now may review, and never the owner."""


class NothingChecked(Exception):
    """There is no commit to pin a review to: no check run has read the repository yet."""


class NotOpen(Exception):
    """The request was answered or withdrawn already."""


def request(project: Project, *, question: str = "") -> Review:
    """Ask the owner's mentors for a review; the open request when there is one.

    Raises NothingChecked before the first look at the repository, NoMentor without a mentor.
    """
    if open_request := project.reviews.requested().first():
        return open_request
    if latest_commit(project) is None:
        raise NothingChecked
    if not mentors_of(project.owner).exists():
        raise NoMentor
    try:
        with transaction.atomic():
            return project.reviews.create(question=question)
    except IntegrityError:  # the second of two clicks
        return project.reviews.requested().get()


def withdraw(review: Review) -> Review:
    """Take the request back. Raises NotOpen when somebody answered it meanwhile."""
    now = timezone.now()
    withdrawn = Review.objects.requested().filter(pk=review.pk)
    if not withdrawn.update(status=Review.Status.WITHDRAWN, withdrawn_at=now):
        raise NotOpen
    review.refresh_from_db()
    return review


@transaction.atomic
def submit(
    project: Project, *, reviewer: User, verdict: str, body: str, check_run: CheckRun
) -> Review:
    """A written judgement of the project at the commit of `check_run`.

    Answers the open request if there is one, and stands alone if not. Unless somebody asks again,
    the same words by the same mentor at the same commit are one review, however often the button is
    pressed. Raises Project.DoesNotExist, NotYourLearner, and NothingChecked when that run read no
    commit of this project or is gone.
    """
    Project.objects.select_for_update().get(pk=project.pk)
    if reviewer.pk == project.owner_id or not is_mentor_of(reviewer, project.owner):
        raise NotYourLearner
    looked = CheckRun.objects.conclusive().filter(repository__project=project, pk=check_run.pk)
    if not looked.select_for_update(of=("self",)).first():
        raise NothingChecked
    judgement = {
        "reviewer": reviewer,
        "verdict": verdict,
        "body": body,
        "head_sha": check_run.head_sha,
        "full_name": check_run.full_name,
    }
    review = project.reviews.requested().select_for_update().first()
    if review is None:
        if already := project.reviews.submitted().filter(**judgement).first():
            return already
        review = Review(project=project)
    for name, value in judgement.items():
        setattr(review, name, value)
    review.check_run = check_run
    review.status = Review.Status.SUBMITTED
    review.submitted_at = timezone.now()
    review.save()
    return review


def latest_commit(project: Project) -> CheckRun | None:
    """The newest run that read a commit of the project."""
    return (
        CheckRun.objects.conclusive()
        .filter(repository__project=project)
        .select_related("repository")
        .first()
    )
