"""How much a verdict weighs: whose work else its reviewer has judged here.

Two accounts of one person cannot be told from two people, so a review by a second account of one's own
cannot be refused. Such an account has judged nobody else, and whoever reads the verdict is told that.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Min

from portfolio.models import Review


@dataclass(frozen=True, slots=True)
class Record:
    """What a reviewer has done beside the work of this one learner."""

    others: int = 0  # people whose work they have judged
    since: datetime | None = None


def with_records(reviews: Sequence[Review]) -> list[tuple[Review, Record | None]]:
    """Reviews of one learner's work, each with its reviewer's record, in one query.

    None where the account of the reviewer is deleted: then nothing is known.
    """
    reviewers = {review.reviewer_id for review in reviews} - {None}
    if not reviewers:
        return [(review, None) for review in reviews]
    rows = (
        Review.objects.submitted()
        .filter(reviewer__in=reviewers)
        .exclude(project__owner=reviews[0].project.owner_id)
        .values_list("reviewer")
        .annotate(Count("project__owner", distinct=True), Min("submitted_at"))
        .order_by()
    )
    records = {reviewer: Record(others, since) for reviewer, others, since in rows}
    return [
        (review, records.get(review.reviewer_id, Record()) if review.reviewer_id else None)
        for review in reviews
    ]
