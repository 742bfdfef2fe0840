"""What a repository's page says of it, whatever GitHub does."""

from datetime import timedelta

from django.utils import timezone

from portfolio import verdicts
from portfolio.models import CheckRun
from tests.factories import make_check_run, make_project


def ago(**delta):
    return timezone.now() - timedelta(**delta)


def outcomes(picture):
    return {v.finding.check_name: v.finding.outcome for v in picture.verdicts}


def test_the_newest_look_gives_the_verdicts(ada):
    project = make_project(ada)
    make_check_run(project, ("tests", "failed"), requested_at=ago(days=2))
    make_check_run(project, ("tests", "passed"), requested_at=ago(days=1))

    picture = verdicts.of(project.repositories.get())

    assert outcomes(picture) == {"tests": "passed"}


def test_a_run_that_could_not_read_changes_no_verdict(ada):
    project = make_project(ada)
    make_check_run(project, ("tests", "passed"), requested_at=ago(days=1))
    lost = make_check_run(project, conclusion="action_required", reason="not_found", head_sha="")

    picture = verdicts.of(project.repositories.get())

    assert outcomes(picture) == {"tests": "passed"}
    assert picture.trouble == lost


def test_an_outage_changes_no_verdict(ada):
    project = make_project(ada)
    make_check_run(project, ("readme", "passed"), requested_at=ago(days=1))
    make_check_run(project, conclusion="timed_out", reason="unavailable", head_sha="")

    picture = verdicts.of(project.repositories.get())

    assert outcomes(picture) == {"readme": "passed"}
    assert picture.looked.head_sha


def test_an_unknown_verdict_keeps_the_last_known_one_beside_it(ada):
    project = make_project(ada)
    make_check_run(project, ("tests", "failed"), requested_at=ago(days=3))
    make_check_run(project, ("tests", "passed"), requested_at=ago(days=2))
    make_check_run(project, ("tests", "unknown"), conclusion="neutral", requested_at=ago(days=1))

    [verdict] = verdicts.of(project.repositories.get()).verdicts

    assert verdict.finding.outcome == "unknown"
    assert verdict.last_known.outcome == "passed"


def test_a_run_under_way_shows_beside_the_verdicts_that_stand(ada):
    project = make_project(ada)
    make_check_run(project, ("tests", "passed"), requested_at=ago(days=1))
    queued = CheckRun.objects.create(repository=project.repositories.get())

    picture = verdicts.of(project.repositories.get())

    assert picture.active == queued
    assert picture.trouble is None
    assert outcomes(picture) == {"tests": "passed"}


def test_a_repository_never_looked_at_has_no_verdicts(ada):
    picture = verdicts.of(make_project(ada).repositories.get())

    assert picture.looked is None
    assert picture.verdicts == []


def test_a_hundred_repositories_cost_as_many_queries_as_one(ada, django_assert_max_num_queries):
    projects = [make_project(ada) for _ in range(100)]
    for project in projects:
        make_check_run(project, ("readme", "passed"), ("tests", "unknown"))
    repositories = [project.repositories.get() for project in projects]

    with django_assert_max_num_queries(4):
        pictures = verdicts.of_many(repositories)

    assert len(pictures) == 100
