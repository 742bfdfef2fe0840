"""Reviews that were asked for and written before rounds, claims and moves were known are all still there."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

pytestmark = pytest.mark.once

BEFORE = [("portfolio", "0008_demo_links")]
NOW = timezone.now().replace(microsecond=0)


def at(days, seconds=0):
    return NOW - timedelta(days=days) + timedelta(seconds=seconds)


def migrate(targets):
    executor = MigrationExecutor(connection)
    executor.migrate(targets)
    return MigrationExecutor(connection).loader.project_state(targets).apps


def leaves():
    return MigrationExecutor(connection).loader.graph.leaf_nodes()


@pytest.fixture
def old(transactional_db):
    """The models of the time before; the database is as it is now again afterwards."""
    newest = leaves()
    yield migrate(BEFORE)
    migrate(newest)


@pytest.fixture
def reviews_of_old(old):
    """Ada's Engine was asked about twice, reviewed unasked once, and waits; another request was taken back."""
    User, Profile = old.get_model("accounts", "User"), old.get_model("accounts", "Profile")
    ada = User.objects.create(email="ada@example.org")
    grace = User.objects.create(email="grace@example.org")
    for person, handle in ((ada, "ada"), (grace, "grace")):
        Profile.objects.create(user=person, name=handle.title(), handle=handle)
    Project, Review = old.get_model("portfolio", "Project"), old.get_model("portfolio", "Review")
    engine = Project.objects.create(owner=ada, title="Engine", slug="engine")
    wheels = Project.objects.create(owner=ada, title="Wheels", slug="wheels")
    answer = {"status": "submitted", "reviewer": grace, "head_sha": "a1" * 20, "body": "Said."}
    rows = {
        "first": Review(
            project=engine, question="Is it honest?", requested_at=at(30), submitted_at=at(28),
            verdict="changes_requested", **answer,
        ),
        "unasked": Review(
            project=engine, requested_at=at(20), submitted_at=at(20, seconds=1),
            verdict="approved", **answer,
        ),
        "withdrawn": Review(
            project=engine, status="withdrawn", requested_at=at(10), withdrawn_at=at(9)
        ),
        "waiting": Review(project=engine, status="requested", question="And now?", requested_at=at(2)),
        "other": Review(project=wheels, status="requested", requested_at=at(1)),
    }  # fmt: skip
    for row in rows.values():
        row.save()
    return {name: row.pk for name, row in rows.items()}


def moves_of(review):
    return [
        (move.from_status, move.to_status, move.moved_at, move.moved_by and move.moved_by.email)
        for move in review.moves.all()
    ]


def test_old_reviews_keep_their_words_and_move_on_by_the_new_rules(reviews_of_old):
    new = migrate(leaves())
    Review = new.get_model("portfolio", "Review")
    found = {name: Review.objects.get(pk=pk) for name, pk in reviews_of_old.items()}

    assert {name: review.status for name, review in found.items()} == {
        "first": "submitted", "unasked": "submitted", "withdrawn": "withdrawn",
        "waiting": "requested", "other": "requested",
    }  # fmt: skip
    assert found["first"].body == "Said."
    assert found["first"].question == "Is it honest?"
    assert found["first"].reviewer.email == "grace@example.org"
    assert (found["first"].requested_at, found["first"].submitted_at) == (at(30), at(28))
    assert {name: review.round for name, review in found.items()} == {
        "first": 1, "unasked": 2, "withdrawn": 3, "waiting": 3, "other": 1,
    }  # fmt: skip
    assert found["waiting"].follows == found["unasked"]
    assert found["unasked"].follows == found["first"]
    assert [name for name, review in found.items() if not review.is_asked] == ["unasked"]
    ada, grace = "ada@example.org", "grace@example.org"
    assert moves_of(found["first"]) == [
        ("", "requested", at(30), ada), ("requested", "submitted", at(28), grace),
    ]  # fmt: skip
    assert moves_of(found["unasked"]) == [("", "submitted", at(20, seconds=1), grace)]
    assert moves_of(found["withdrawn"]) == [
        ("", "requested", at(10), ada), ("requested", "withdrawn", at(9), ada),
    ]  # fmt: skip
    assert moves_of(found["waiting"]) == [("", "requested", at(2), ada)]

    waiting = Review.objects.filter(pk=reviews_of_old["waiting"])
    with pytest.raises(DatabaseError), transaction.atomic():
        Review.objects.filter(pk=reviews_of_old["withdrawn"]).update(
            status="requested", withdrawn_at=None
        )
    waiting.update(status="claimed", claimed_at=NOW, lease_until=NOW)
    assert waiting.get().status == "claimed"
