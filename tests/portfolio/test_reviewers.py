"""Whoever reads a verdict is told whose work else its reviewer has judged."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from portfolio import reviewers
from portfolio.reviewers import Record
from tests.factories import make_project, make_review, make_user

NOBODY = "Has judged nobody else’s work here"
SPRING = datetime(2026, 3, 12, 12, tzinfo=ZoneInfo("UTC"))


def judge(project, mentor, at=None, **fields):
    fields = {
        "status": "submitted", "verdict": "approved", "head_sha": "a" * 40, "strength": "It is tested.",
        "submitted_at": at or timezone.now(), "requested_at": at or timezone.now(),
    } | fields  # fmt: skip
    return make_review(project, reviewer=mentor, **fields)


@pytest.fixture
def engine(ada):
    ada.profile.is_public = True
    ada.profile.save()
    return make_project(ada, slug="engine", title="Engine", visibility="public")


def test_of_a_second_account_that_judged_only_ones_own_work_every_reader_is_told(
    ada, grace, engine, client, as_user
):
    judge(make_project(ada, slug="other"), grace)
    review = judge(engine, grace)

    for reader in (client, as_user(ada), as_user(make_user("Eve"))):
        for address in (engine.get_absolute_url(), f"/verify/reviews/{review.pk}/"):
            assert NOBODY in reader.get(address).content.decode()


def test_of_who_judged_others_it_says_how_many_and_since_when(ada, grace, engine, client):
    review = judge(engine, grace)
    for name in ("Ben", "Cleo"):
        person = make_user(name)
        for number in range(2):
            judge(make_project(person, slug=f"work-{number}"), grace, SPRING + timedelta(number))
    make_review(make_project(make_user("Dan")), status="requested", requested_at=SPRING)

    [(_, record)] = reviewers.with_records([review])
    page = client.get(engine.get_absolute_url()).content.decode()

    assert record == Record(2, SPRING)
    assert "Has judged the work of 2 other people here, since March 2026." in page
    assert NOBODY not in page


def test_of_a_former_mentor_nothing_is_said(ada, engine, client):
    mentor = make_user("Former")
    review = judge(engine, mentor)
    mentor.delete()
    review.refresh_from_db()

    page = client.get(engine.get_absolute_url()).content.decode()

    assert reviewers.with_records([review]) == [(review, None)]
    assert "Has judged" not in page
    assert reviewers.with_records([]) == []


def test_many_reviews_cost_one_query(ada, engine, django_assert_num_queries):
    reviews = [judge(engine, make_user(f"Mentor {number}")) for number in range(4)]

    with django_assert_num_queries(1):
        assert {record for _, record in reviewers.with_records(reviews)} == {Record()}
