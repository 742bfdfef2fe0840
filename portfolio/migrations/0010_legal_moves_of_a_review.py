"""The database refuses a change of a review's status that the product does not know.

SQLite makes a table anew for most changes of it and forgets its triggers then: a later migration that
alters `review` has to run `watch` again. tests/portfolio/test_review_moves.py fails where one forgot.
"""

from datetime import timedelta

from django.db import migrations
from django.db.models.functions import Coalesce

LEGAL = {
    "draft": ["requested", "withdrawn"],
    "requested": ["claimed", "submitted", "withdrawn", "declined", "expired"],
    "claimed": ["requested", "submitted", "withdrawn", "declined"],
}

POSTGRESQL = """
CREATE OR REPLACE FUNCTION portfolio_review_moves() RETURNS trigger AS $$
BEGIN
  IF OLD.status <> NEW.status AND OLD.status || '>' || NEW.status NOT IN ({pairs}) THEN
    RAISE EXCEPTION 'review_moves_are_legal: % to %', OLD.status, NEW.status USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END
$$ LANGUAGE plpgsql;
DROP TRIGGER IF EXISTS review_moves_are_legal ON portfolio_review;
CREATE TRIGGER review_moves_are_legal BEFORE UPDATE OF status ON portfolio_review
  FOR EACH ROW EXECUTE FUNCTION portfolio_review_moves();
"""
SQLITE = """
CREATE TRIGGER IF NOT EXISTS review_moves_are_legal BEFORE UPDATE OF status ON portfolio_review
WHEN OLD.status <> NEW.status AND OLD.status || '>' || NEW.status NOT IN ({pairs})
BEGIN SELECT RAISE(ABORT, 'review_moves_are_legal'); END
"""


def watch(apps, schema_editor):
    pairs = ", ".join(f"'{before}>{after}'" for before, all_ in LEGAL.items() for after in all_)
    text = POSTGRESQL if schema_editor.connection.vendor == "postgresql" else SQLITE
    schema_editor.execute(text.format(pairs=pairs), params=None)  # its % are PostgreSQL's


def watch_no_more(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP TRIGGER IF EXISTS review_moves_are_legal ON portfolio_review")
        schema_editor.execute("DROP FUNCTION IF EXISTS portfolio_review_moves")
    else:
        schema_editor.execute("DROP TRIGGER IF EXISTS review_moves_are_legal")


#: A review that is answered so soon after it was begun was given unasked: nobody reads so fast.
AT_ONCE = timedelta(seconds=5)


def tell_the_past(apps, schema_editor):
    """The moves and rounds of reviews that were made before either was written down."""
    Move, Review = apps.get_model("portfolio", "Move"), apps.get_model("portfolio", "Review")
    earlier, moves, counted = {}, [], []
    untold = Review.objects.filter(moves=None).select_related("project")
    for review in untold.order_by(Coalesce("submitted_at", "requested_at"), "pk").iterator():
        ended_at = review.submitted_at or review.withdrawn_at
        review.is_asked = bool(
            review.question
            or review.submitted_at is None
            or review.submitted_at - review.requested_at > AT_ONCE
        )
        if before := earlier.get(review.project_id):
            review.round = before.round + 1
            review.follows = None if review.status == "withdrawn" else before
        if review.submitted_at:
            earlier[review.project_id] = review
        counted.append(review)
        asked_by = review.project.owner_id
        if not review.is_asked:
            moves.append(
                Move(
                    review=review, to_status=review.status, moved_at=ended_at,
                    moved_by_id=review.reviewer_id,
                )
            )  # fmt: skip
            continue
        moves.append(
            Move(
                review=review, to_status="requested", moved_at=review.requested_at,
                moved_by_id=asked_by,
            )
        )  # fmt: skip
        if ended_at:
            by = review.reviewer_id if review.submitted_at else asked_by
            moves.append(
                Move(
                    review=review, from_status="requested", to_status=review.status,
                    moved_at=ended_at, moved_by_id=by,
                )
            )  # fmt: skip
    Review.objects.bulk_update(counted, ["is_asked", "round", "follows"], batch_size=500)
    Move.objects.bulk_create(moves, batch_size=500)


class Migration(migrations.Migration):
    dependencies = [("portfolio", "0009_review_rounds")]

    operations = [
        migrations.RunPython(tell_the_past, migrations.RunPython.noop),
        migrations.RunPython(watch, watch_no_more),
    ]
