"""What people are told of projects, reviews, disputes and checks. Called where the fact is written."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts import kinds, notices
from accounts.kinds import Kind
from accounts.mentorships import mentors_of
from accounts.models import User
from portfolio import checks
from portfolio.checks import Outcome
from portfolio.models import CheckRun, Dispute, Finding, Project, Repository, Review

Status = Review.Status
ASKING = (kinds.REVIEW_REQUESTED, kinds.SECOND_OPINION_REQUESTED)
#: How long before its end a mentor hears that a lease ends: an evening is left to finish it.
LEASE_ENDS_SOON = timedelta(hours=12)
#: From when mentors are reminded of a request, and then again each week.
WAITS_LONG = timedelta(weeks=1)


def review_moved(review: Review, before: str, *, by: User | None) -> None:
    """Tell whom a move of a review concerns. `before` is the status it had, "" where it begins."""
    after = review.status
    if before == Status.REQUESTED:
        for kind in (*ASKING, kinds.REQUEST_WAITS):
            notices.settle(kind, key=_of_review(review))
    if before == Status.CLAIMED:
        notices.settle(kinds.LEASE_ENDS, key=_of_review(review))
    if after == Status.REQUESTED:
        _tell_mentors(review, is_back=before == Status.CLAIMED)
    elif after == Status.CLAIMED and before == Status.REQUESTED:
        _tell_owner(review, kinds.REVIEW_CLAIMED)
    elif after == Status.SUBMITTED:
        verdict = review.get_verdict_display().lower()
        is_second = review.second_of_id is not None
        kind = kinds.SECOND_OPINION_ARRIVED if is_second else kinds.REVIEW_ARRIVED
        _tell_owner(review, kind, verdict=verdict)
    elif after == Status.DECLINED:
        _tell_owner(review, kinds.REVIEW_DECLINED)
    elif after == Status.EXPIRED:
        _tell_owner(review, kinds.REVIEW_EXPIRED)
    elif after == Status.WITHDRAWN and before == Status.CLAIMED:
        _tell_reviewer(review, by)


def leases_that_end() -> None:
    """Tell mentors, once for each lease, that their time for a review is nearly over."""
    soon = timezone.now() + LEASE_ENDS_SOON
    for review in Review.objects.lapsed(soon).select_related("project", "reviewer"):
        about = _about(review) | {"key": f"{_of_review(review)} {review.renewals}"}
        if review.reviewer:
            notices.tell(review.reviewer, kinds.LEASE_ENDS, **about)


def requests_that_wait() -> None:
    """Tell mentors, once a week, which requests nobody took for a week and longer."""
    now = timezone.now()
    waiting = Review.objects.requested().filter(requested_at__lte=now - WAITS_LONG)
    for review in waiting.select_related("project__owner__profile", "second_of"):
        weeks = (now - review.requested_at) // timedelta(weeks=1)
        wait = ngettext("%(weeks)d week", "%(weeks)d weeks", weeks) % {"weeks": weeks}
        about = _about(review, wait=wait) | {"key": f"{_of_review(review)} {weeks}"}
        for mentor in _who_may_take(review):
            notices.tell(mentor, kinds.REQUEST_WAITS, **about, actor=review.project.owner)


def dispute_raised(dispute: Dispute) -> None:
    """Tell the mentors of the owner that a ruling is asked for."""
    project = dispute.repository.project
    for mentor in mentors_of(project.owner):
        notices.tell(
            mentor,
            kinds.DISPUTE_RAISED,
            key=f"dispute {dispute.pk}",
            path=reverse("portfolio:dispute", args=[dispute.pk]),
            actor=project.owner,
            facts={"project": project.title},
        )


def dispute_ruled(dispute: Dispute) -> None:
    """Tell who disputed a finding how a mentor ruled."""
    notices.settle(kinds.DISPUTE_RAISED, key=f"dispute {dispute.pk}")
    ruling = _("you are right") if dispute.is_accepted else _("the finding is right")
    notices.tell(
        dispute.disputed_by,
        kinds.DISPUTE_RULED,
        key=f"dispute {dispute.pk}",
        path=_page_of(dispute.repository.project),
        actor=dispute.ruled_by,
        facts={"project": dispute.repository.project.title, "ruling": ruling},
    )


def run_completed(check_run: CheckRun, findings: Iterable[Finding]) -> None:
    """Tell the owner which required checks counted when they were last known and, in these findings, do not.

    A finding that a mentor overruled counts, for as long as the tree is the one it is about.
    """
    lost = [
        finding
        for finding in findings
        if finding.check_name in checks.REQUIRED
        and finding.outcome == Outcome.FAILED
        and _counted_before(finding, check_run)
        and not _counts(finding, check_run)
    ]
    if not lost:
        return
    project = check_run.repository.project
    titles = [checks.title(finding.check_name) for finding in lost]
    notices.tell(
        project.owner,
        kinds.CHECK_LOST,
        key=f"check run {check_run.pk}",
        path=_page_of(project),
        facts={"project": project.title, "checks": ", ".join(titles)},
    )


def repository_lost(repository: Repository) -> None:
    """Tell the owner of a repository that was read before and cannot be read now."""
    project = repository.project
    notices.tell(
        project.owner,
        kinds.CHECK_NEEDS_YOU,
        key=f"repository {repository.pk} {repository.standing} {repository.standing_since:%Y-%m-%d}",
        path=_page_of(project),
        facts={"project": project.title, "trouble": repository.get_standing_display()},
    )


def _counts(finding: Finding, check_run: CheckRun) -> bool:
    """Whether a finding of this run passed, by itself or by a ruling."""
    if finding.outcome == Outcome.PASSED:
        return True
    accepted = Dispute.objects.filter(
        repository=check_run.repository_id,
        check_name=finding.check_name,
        tree_sha=check_run.tree_sha,
        ruling=Dispute.Ruling.ACCEPTED,
    )
    return accepted.exists()


def _counted_before(finding: Finding, check_run: CheckRun) -> bool:
    """Whether the same check counted in the last run before in which its outcome was known."""
    earlier = Finding.objects.filter(
        check_run__repository=check_run.repository_id,
        check_run__conclusion__in=CheckRun.LOOKED,
        check_name=finding.check_name,
        outcome__in=(Outcome.PASSED, Outcome.FAILED),
    ).exclude(check_run=check_run)
    latest = earlier.order_by("-check_run__requested_at", "-check_run").select_related("check_run")
    before = latest.first()
    return before is not None and _counts(before, before.check_run)


def _tell_mentors(review: Review, *, is_back: bool) -> None:
    """Somebody waits for one of them; a review that one of them gave back waits again."""
    about = _about(review)
    if is_back:
        about["key"] += f" again {review.moves.count()}"
    kind = kinds.SECOND_OPINION_REQUESTED if review.second_of_id else kinds.REVIEW_REQUESTED
    for mentor in _who_may_take(review):
        notices.tell(mentor, kind, **about, actor=review.project.owner)


def _tell_reviewer(review: Review, by: User | None) -> None:
    """What they hold is taken back by its owner; of the clock and of themselves they know."""
    if review.reviewer and by == review.project.owner:
        notices.tell(review.reviewer, kinds.REVIEW_WITHDRAWN, **_about(review), actor=by)


def _tell_owner(review: Review, kind: Kind, **facts: str) -> None:
    about = _about(review, **facts)
    notices.tell(review.project.owner, kind, **about, actor=review.reviewer)


def _who_may_take(review: Review) -> Iterable[User]:
    """The mentors of its owner; never the one whose review a second opinion is about."""
    first = review.second_of.reviewer_id if review.second_of else None
    return [mentor for mentor in mentors_of(review.project.owner) if mentor.pk != first]


def _about(review: Review, **facts: str) -> dict[str, Any]:
    return {
        "key": _of_review(review),
        "path": review.get_absolute_url(),
        "facts": {"project": review.project.title, **facts},
    }


def _of_review(review: Review) -> str:
    return f"review {review.pk}"


def _page_of(project: Project) -> str:
    return reverse("portfolio:project", args=[project.slug])
