"""Repositories are looked at again by themselves, spread over the day, those in use more often."""

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from portfolio import check_runs, rechecks, schedule, tasks
from portfolio.connection import connect
from portfolio.models import CheckRun, Repository
from tests.factories import make_project

NOW = datetime(2026, 11, 22, 23, 59, tzinfo=UTC)


def test_a_repository_that_changed_lately_is_looked_at_within_two_days():
    look = schedule.next_look(7, now=NOW, changed_at=NOW - timedelta(days=13))

    assert look.date() == (NOW + timedelta(days=1)).date()


@pytest.mark.parametrize("changed_at", [None, NOW - timedelta(days=15)])
def test_a_quiet_one_is_looked_at_after_a_week(changed_at):
    look = schedule.next_look(7, now=NOW, changed_at=changed_at)

    assert look.date() == (NOW + timedelta(days=7)).date()


def test_a_repository_keeps_its_time_of_day():
    looks = {
        schedule.next_look(7, now=NOW + timedelta(hours=h), changed_at=None).time()
        for h in range(40)
    }

    assert len(looks) == 1


def test_ten_thousand_repositories_are_spread_over_the_day():
    hours = Counter(schedule.second_of_day(number) // 3600 for number in range(1, 10_001))

    assert len(hours) == 24
    assert max(hours.values()) < 1.25 * 10_000 / 24


@pytest.fixture
def engine(ada, hub):
    hub.add("ada/engine", {"README.md": "# Engine\n"})
    project = make_project(ada, repository="ada/engine")
    tasks.execute_check_run(check_runs.request(project.repositories.get()).pk)
    return project


def make_due():
    Repository.objects.update(next_look_at=timezone.now() - timedelta(minutes=1))


def look_again():
    """The runs that come of one look at what is due."""
    with connect() as github:
        return rechecks.compare(rechecks.claim(), github)


def test_every_run_plans_the_next_look(engine):
    repository = engine.repositories.get()

    assert timedelta(0) < repository.next_look_at - timezone.now() < timedelta(days=2)
    assert repository.changed_at is not None


def test_a_look_without_a_change_leaves_the_moment_of_the_last_change(engine):
    Repository.objects.update(changed_at=timezone.now() - timedelta(days=20))
    long_ago = engine.repositories.get().changed_at

    tasks.execute_check_run(check_runs.request(engine.repositories.get()).pk)

    repository = engine.repositories.get()
    assert repository.changed_at == long_ago
    assert repository.next_look_at - timezone.now() > timedelta(days=5)


def test_a_push_makes_it_active_again(engine, hub):
    Repository.objects.update(changed_at=timezone.now() - timedelta(days=20))
    hub.push("ada/engine", {"README.md": "# Engine\n\nNew.\n"})

    tasks.execute_check_run(check_runs.request(engine.repositories.get()).pk)

    assert timezone.now() - engine.repositories.get().changed_at < timedelta(minutes=1)


def test_a_repository_that_is_gone_is_looked_for_again(engine, hub):
    hub.delete("ada/engine")

    tasks.execute_check_run(check_runs.request(engine.repositories.get()).pk)

    assert engine.repositories.get().next_look_at > timezone.now()


def test_what_is_due_and_moved_is_checked_once(engine, hub, django_capture_on_commit_callbacks):
    hub.push("ada/engine", {"README.md": "# Engine\n\nNew.\n"})
    make_due()

    with django_capture_on_commit_callbacks(execute=True):
        tasks.request_scheduled_check_runs()
        tasks.request_scheduled_check_runs()

    assert CheckRun.objects.count() == 2
    assert engine.repositories.get().next_look_at > timezone.now()


def test_what_was_never_planned_is_due(engine):
    Repository.objects.update(next_look_at=None)

    assert rechecks.claim() == [engine.repositories.get()]


def test_what_is_not_due_is_left_alone(engine):
    assert rechecks.claim() == []


def test_scheduled_looks_leave_room_for_people_who_wait(ada, hub, monkeypatch):
    monkeypatch.setattr(rechecks, "MOST_ACTIVE", 3)
    for _ in range(5):
        make_project(ada)
    make_due()

    assert len(look_again()) == 3
    make_due()
    assert look_again() == []
