"""Say that a finding is wrong, and rule on it."""

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.mentorships import is_mentor_of
from accounts.models import User
from portfolio import checks, telling
from portfolio.checks import Outcome
from portfolio.models import Dispute, Finding


class NotDisputable(Exception):
    """Only what failed or is not known, in a tree that was read, and what others see, can be disputed."""


class NotYours(Exception):
    """Only the owner disputes, and only somebody who mentors them now rules."""


class AlreadyRuled(Exception):
    """Another mentor ruled a moment ago; their ruling stands."""


def raise_dispute(finding: Finding, *, by: User, sentence: str) -> Dispute:
    """Say why the finding is wrong. A second one about the same tree is the first.

    Raises NotYours and NotDisputable.
    """
    check_run = finding.check_run
    if check_run.repository.project.owner != by:
        raise NotYours
    if finding.outcome not in (Outcome.FAILED, Outcome.UNKNOWN) or not check_run.tree_sha:
        raise NotDisputable
    if finding.check_name in checks.PRIVATE:
        raise NotDisputable
    about = {
        "repository": check_run.repository,
        "check_name": finding.check_name,
        "tree_sha": check_run.tree_sha,
    }
    try:
        with transaction.atomic():
            dispute = Dispute.objects.create(
                **about, finding=finding, disputed_by=by, sentence=sentence
            )
            telling.dispute_raised(dispute)
            return dispute
    except IntegrityError:
        return Dispute.objects.get(**about)


@transaction.atomic
def rule(dispute: Dispute, *, by: User, ruling: str, reason: str = "") -> Dispute:
    """Decide, once. Raises NotYours, and AlreadyRuled when somebody was quicker."""
    owner = dispute.repository.project.owner
    if by == owner or not is_mentor_of(by, owner):
        raise NotYours
    ruled = Dispute.objects.open().filter(pk=dispute.pk)
    if not ruled.update(ruling=ruling, reason=reason, ruled_by=by, ruled_at=timezone.now()):
        raise AlreadyRuled
    dispute.refresh_from_db()
    telling.dispute_ruled(dispute)
    return dispute
