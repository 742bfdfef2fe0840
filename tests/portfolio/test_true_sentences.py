"""Whatever GitHub does, the page says what happened, what was kept and what to do."""

from datetime import timedelta

import pytest
from django.utils import timezone

from portfolio.models import CheckRun
from tests.factories import make_check_run, make_project

ENDED = [
    ("action_required", "not_found", "GitHub shows no such repository.", "Make it public"),
    ("action_required", "refused", "GitHub refuses to show this repository.", "its settings"),
    ("action_required", "token_refused", "GitHub no longer takes the token", "Give another"),
    ("action_required", "ref_not_found", "The branch of the link is gone.", "Link the repository"),
    ("action_required", "empty", "The repository is empty.", "Push a first commit"),
    ("action_required", "blocked", "GitHub has blocked this repository.", "message to you"),
    ("action_required", "replaced", "Another repository has this name now.", "It is mine"),
    ("timed_out", "worker_lost", "The check did not finish.", "our fault"),
    ("timed_out", "unavailable", "GitHub did not let us finish for a day.", "Check again"),
    ("timed_out", "rate_limited", "GitHub did not let us finish for a day.", "Check again"),
]
WAITING = [
    ("", "Queued.", "This page shows the result by itself"),
    ("rate_limited", "Waiting for GitHub.", "as many questions as it allows"),
    ("unavailable", "Waiting for GitHub.", "did not answer as it should"),
    ("bad_credentials", "Waiting.", "nothing is wrong with your repository"),
]


@pytest.mark.parametrize(("conclusion", "reason", "what", "to_do"), ENDED)
def test_a_run_that_ended_without_a_look(ada, as_user, conclusion, reason, what, to_do):
    project = make_project(ada)
    make_check_run(project, ("tests", "passed"), requested_at=timezone.now() - timedelta(days=1))
    make_check_run(project, conclusion=conclusion, reason=reason, head_sha="", full_name="")

    page = as_user(ada).get(f"/projects/{project.slug}/").content.decode()

    assert what in page
    assert to_do in page
    assert "and stand." in page
    assert "tests passed." in page


@pytest.mark.parametrize(("conclusion", "reason", "what", "to_do"), ENDED)
def test_the_first_run_promises_no_verdicts_that_are_not_there(
    ada, as_user, conclusion, reason, what, to_do
):
    project = make_project(ada)
    make_check_run(project, conclusion=conclusion, reason=reason, head_sha="", full_name="")

    page = as_user(ada).get(f"/projects/{project.slug}/").content.decode()

    assert what in page
    assert "and stand." not in page


@pytest.mark.parametrize(("reason", "what", "why"), WAITING)
def test_a_run_that_waits(ada, as_user, reason, what, why):
    project = make_project(ada)
    CheckRun.objects.create(repository=project.repositories.get(), reason=reason)

    page = as_user(ada).get(f"/projects/{project.slug}/").content.decode()

    assert what in page
    assert why in page


def test_a_run_under_way(ada, as_user):
    project = make_project(ada)
    CheckRun.objects.create(repository=project.repositories.get(), status="in_progress")

    assert "Running." in as_user(ada).get(f"/projects/{project.slug}/").content.decode()


def test_what_only_the_owner_can_do_is_told_to_nobody_else(ada, grace, as_user):
    project = make_project(ada, slug="engine")
    make_check_run(
        project, conclusion="action_required", reason="not_found", head_sha="", full_name=""
    )

    page = as_user(grace).get("/@ada-nwosu/engine/").content.decode()

    assert "GitHub shows no such repository." in page
    assert "Make it public" not in page
