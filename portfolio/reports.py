"""Tell staff about a review, and say that it was looked into."""

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import User
from portfolio.models import Report, Review


def report(review: Review, reporter: User, *, reason: str, text: str = "") -> Report:
    """Tell staff; telling again while they look changes the words of the one report there is."""
    words = {"reason": reason, "text": text}
    try:
        with transaction.atomic():
            return Report.objects.create(review=review, reporter=reporter, **words)
    except IntegrityError:
        open_ = Report.objects.filter(review=review, reporter=reporter, handled_at=None)
        open_.update(**words)
        return open_.get()


def settle(reports: QuerySet[Report], by: User) -> int:
    """Say that staff looked into them; how many were open."""
    return reports.filter(handled_at=None).update(handled_at=timezone.now(), handled_by=by)
