"""A repository that GitHub does not show may be back in a minute: it is gone only after several looks."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from portfolio import check_runs, tasks
from portfolio.models import Repository
from tests.factories import make_project


@pytest.fixture
def engine(ada, hub):
    hub.add("ada/engine", {"README.md": "# Engine\n"})
    project = make_project(ada, repository="ada/engine", visibility="public")
    look(project)
    return project


def look(project):
    tasks.execute_check_run(check_runs.request(project.repositories.get()).pk)
    return project.repositories.get()


def days_pass(days):
    """As if the first miss was so long ago."""
    Repository.objects.update(missing_since=timezone.now() - timedelta(days=days))


def test_one_404_does_not_make_it_gone(engine, hub):
    hub.delete("ada/engine")

    repository = look(engine)

    assert repository.standing == "readable"
    assert repository.missing_since is not None
    wait = repository.next_look_at - timezone.now()
    assert timedelta(hours=23) < wait < timedelta(hours=26)


def test_three_looks_over_two_days_make_it_gone(engine, hub):
    hub.delete("ada/engine")
    look(engine)
    look(engine)
    days_pass(2)

    assert look(engine).standing == "not_found"


def test_three_looks_within_an_hour_do_not(engine, hub):
    hub.delete("ada/engine")

    for _ in range(5):
        repository = look(engine)

    assert repository.standing == "readable"


def test_two_looks_do_not_however_long_ago_the_first(engine, hub):
    hub.delete("ada/engine")
    look(engine)
    days_pass(9)

    assert look(engine).standing == "readable"


def test_once_it_is_seen_the_count_begins_anew(engine, hub):
    hub.make_private("ada/engine")
    look(engine)
    look(engine)
    hub.make_private("ada/engine", private=False)

    repository = look(engine)

    assert repository.missing_since is None
    assert repository.missing_looks == 0


def test_one_that_was_never_seen_is_said_to_be_missing_at_once(ada, hub):
    project = make_project(ada, repository="ada/typo")

    assert look(project).standing == "not_found"


def test_the_page_says_that_it_is_too_early_to_tell(engine, hub, as_user, ada):
    hub.delete("ada/engine")
    look(engine)

    page = as_user(ada).get(reverse("portfolio:project", args=[engine.slug])).content.decode()

    assert "GitHub did not show this repository" in page
    assert "three times over two days" in page


def test_and_once_it_is_gone_that_it_is(engine, hub, as_user, ada):
    hub.delete("ada/engine")
    look(engine)
    look(engine)
    days_pass(2)
    look(engine)

    page = as_user(ada).get(reverse("portfolio:project", args=[engine.slug])).content.decode()

    assert "GitHub shows no such repository" in page
    assert "stand" in page  # the verdicts of the last look
