"""What a learner's last push did to the verdicts."""

from datetime import timedelta

from django.utils import timezone

from portfolio import changes
from tests.factories import make_check_run, make_project


def runs(project, *findings, **later):
    """Runs one after the other, a day apart; the last one's fields may be given."""
    start = timezone.now() - timedelta(days=len(findings))
    made = []
    for day, outcomes in enumerate(findings):
        fields = later if outcomes is findings[-1] else {}
        made.append(
            make_check_run(project, *outcomes, requested_at=start + timedelta(days=day), **fields)
        )
    return made


def test_a_verdict_that_turned_is_named_with_both_outcomes(ada):
    project = make_project(ada)
    first, second = runs(
        project,
        [("readme", "passed"), ("tests", "failed")],
        [("readme", "passed"), ("tests", "passed")],
        head_sha="b2" * 20,
    )

    comparison = changes.since_the_run_before(second)

    assert comparison.earlier == first
    [change] = comparison.changes
    assert (change.check_name, change.before, change.after) == ("tests", "failed", "passed")
    assert not comparison.is_same_commit


def test_a_check_that_is_new_and_one_that_is_gone_are_changes_too(ada):
    project = make_project(ada)
    _, second = runs(project, [("demo", "passed")], [("tests", "passed")])

    comparison = changes.since_the_run_before(second)

    assert {(c.check_name, c.before, c.after) for c in comparison.changes} == {
        ("tests", None, "passed"),
        ("demo", "passed", None),
    }


def test_runs_that_read_nothing_are_left_out_of_the_comparison(ada):
    project = make_project(ada)
    first, second = runs(project, [("tests", "passed")], [("tests", "passed")])
    middle = make_check_run(
        project,
        conclusion="action_required",
        reason="not_found",
        head_sha="",
        requested_at=second.requested_at - timedelta(hours=1),
    )

    assert changes.since_the_run_before(second).earlier == first
    assert changes.since_the_run_before(middle) is None


def test_the_first_look_has_nothing_before_it(ada):
    [only] = runs(make_project(ada), [("tests", "passed")])

    assert changes.since_the_run_before(only) is None


def test_the_page_of_a_run_says_what_changed(ada, as_user):
    project = make_project(ada)
    _, second = runs(project, [("tests", "failed")], [("tests", "passed")], head_sha="b2" * 20)

    page = as_user(ada).get(f"/check-runs/{second.pk}/").content.decode()

    assert "What changed" in page
    assert "Tests" in page


def test_another_persons_history_is_not_there(ada, eve, as_user):
    _, second = runs(make_project(ada), [("tests", "failed")], [("tests", "passed")])

    assert as_user(eve).get(f"/check-runs/{second.pk}/").status_code == 404
