"""Checks that changed: what is said now and was not said two weeks ago."""

from datetime import timedelta

import pytest
from django.utils import timezone

from portfolio import changes
from portfolio.models import Dispute
from tests.factories import make_check_run, make_project


@pytest.fixture
def engine(ada):
    return make_project(ada, title="Engine", slug="engine")


def look(project, days, *outcomes, **fields):
    """A check run so many days ago."""
    moment = timezone.now() - timedelta(days=days)
    return make_check_run(project, *outcomes, requested_at=moment, **fields)


def news(ada):
    """Each change as check, before and after."""
    return [
        (change.check_name, change.before, change.after)
        for entry in changes.lately(ada)
        for change in entry.changes
    ]


def test_what_is_other_than_two_weeks_ago_is_news(ada, engine):
    look(engine, 40, ("readme", "failed"), ("tests", "failed"))
    look(engine, 20, ("readme", "passed"), ("tests", "passed"))
    look(engine, 1, ("readme", "passed"), ("tests", "failed"))

    assert news(ada) == [("tests", "passed", "failed")]


def test_a_later_run_that_says_the_same_does_not_hide_it(ada, engine):
    look(engine, 20, ("tests", "passed"))
    look(engine, 5, ("tests", "failed"))
    look(engine, 1, ("tests", "failed"))

    assert news(ada) == [("tests", "passed", "failed")]


def test_what_went_and_came_back_is_no_news(ada, engine):
    look(engine, 20, ("tests", "passed"))
    look(engine, 5, ("tests", "failed"))
    look(engine, 1, ("tests", "passed"))

    assert news(ada) == []


def test_a_new_repository_is_compared_with_its_first_look(ada, engine):
    look(engine, 5, ("tests", "failed"))
    assert news(ada) == []

    look(engine, 1, ("tests", "passed"))
    assert news(ada) == [("tests", "failed", "passed")]


def test_after_two_weeks_it_is_no_longer_news(ada, engine):
    look(engine, 30, ("tests", "passed"))
    look(engine, 15, ("tests", "failed"))

    assert news(ada) == []


@pytest.mark.parametrize("outcome", ["unknown", "not_applicable"])
def test_what_is_not_known_or_does_not_apply_is_no_change(ada, engine, outcome):
    look(engine, 20, ("tests", "passed"), ("ci", outcome))
    look(engine, 1, ("tests", outcome), ("ci", "passed"))

    assert news(ada) == []


def test_a_new_rule_and_one_that_is_gone_are_no_changes(ada, engine):
    look(engine, 20, ("tests", "passed"))
    look(engine, 1, ("data", "failed"))

    assert news(ada) == []


def test_a_run_that_read_nothing_changes_nothing(ada, engine):
    look(engine, 20, ("tests", "passed"))
    look(engine, 1, conclusion="timed_out", head_sha="")

    assert news(ada) == []


def test_a_finding_that_a_mentor_overruled_passed(ada, engine):
    look(engine, 20, ("tests", "passed"))
    run = look(engine, 1, ("tests", "failed"), tree_sha="7e" * 20)
    Dispute.objects.create(
        repository=run.repository, check_name="tests", tree_sha=run.tree_sha, disputed_by=ada,
        sentence="They are there.", ruling="accepted", ruled_at=timezone.now(),
    )  # fmt: skip

    assert news(ada) == []


def test_the_owner_reads_of_what_is_told_to_the_owner_alone(ada, eve, engine):
    engine.visibility = "public"
    engine.save()
    ada.profile.is_public = True
    ada.profile.save()
    look(engine, 20, ("keys", "passed"))
    look(engine, 1, ("keys", "failed"))

    assert news(ada) == [("keys", "passed", "failed")]
    assert news(eve) == []


def test_only_required_checks_that_fail_now_are_worse(ada, engine):
    look(engine, 20, ("readme", "passed"), ("tests", "failed"), ("licence", "passed"))
    look(engine, 1, ("readme", "failed"), ("tests", "passed"), ("licence", "failed"))

    [entry] = changes.lately(ada)

    assert [change.check_name for change in entry.worse] == ["readme"]
    assert [change.words for change in entry.changes] == [
        ["passed", "failed"],
        ["failed", "passed"],
        ["passed", "advice"],
    ]


def test_the_newest_stands_first_and_many_cost_as_much_as_one(ada, django_assert_max_num_queries):
    for days in (3, 1, 2):
        project = make_project(ada, title=f"{days} days ago")
        look(project, 20, ("tests", "passed"))
        look(project, days, ("tests", "failed"))
    with django_assert_max_num_queries(4):
        found = [entry.run.repository.project.title for entry in changes.lately(ada)]

    assert found == ["1 days ago", "2 days ago", "3 days ago"]
