"""Check runs when the clock of the machine is put forward or back by a day while they wait or are in hand."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from portfolio import check_runs, tasks
from portfolio.connection import connect
from portfolio.models import CheckRun
from tests.factories import make_project

FILES = {"README.md": "# Engine\n", "engine.py": "def wear(days):\n    return days * 2\n"}
DAY = timedelta(days=1)
A_TICK = timedelta(seconds=10)  # of the scheduler


@pytest.fixture
def clock():
    with time_machine.travel(datetime(2026, 11, 17, 19, tzinfo=UTC), tick=False) as traveller:
        yield traveller


@pytest.fixture
def run(clock, ada, hub):
    """A run that Ada has just asked for."""
    hub.add("ada/engine", FILES)
    project = make_project(ada, repository="ada/engine", slug="engine")
    return check_runs.request(project.repositories.get())


def tick() -> int:
    """The scheduler looks, and a worker does what it sends; how many runs that was."""
    return check_runs.send_due(tasks.execute_check_run)


def finish(claimed: CheckRun) -> None:
    with connect() as github:
        check_runs.execute(claimed, github)


def assert_done_once(run: CheckRun) -> None:
    run.refresh_from_db()
    found = list(run.findings.values_list("check_name", flat=True))
    assert run.status == "completed"
    assert len(found) == len(set(found)) > 2


def test_put_forward_another_takes_the_run_and_the_first_writes_nothing(run, clock):
    first = check_runs.claim(run.pk)
    clock.shift(DAY)

    tick()
    finish(first)

    assert_done_once(run)
    assert (run.attempts, run.lost_attempts) == (2, 1)


def test_put_back_a_run_that_waits_does_not_wait_for_a_day(run, clock):
    clock.shift(-DAY)

    tick()

    assert_done_once(run)


def test_put_back_a_run_that_was_sent_and_lost_is_sent_again(run, clock):
    check_runs.send_due(lambda pk: None)
    clock.shift(-DAY)

    tick()

    assert_done_once(run)


def test_put_back_a_run_whose_worker_died_is_taken_up_once(run, clock):
    first = check_runs.claim(run.pk)
    clock.shift(-DAY)

    second = check_runs.claim(run.pk)
    assert second.attempts == 2
    assert check_runs.claim(run.pk) is None, "two hold it"
    clock.shift(A_TICK)
    assert tick() == 0
    finish(first)
    finish(second)

    assert_done_once(run)
    assert (run.attempts, run.lost_attempts) == (2, 1)


def test_put_back_a_wait_for_github_begins_anew_and_is_kept(run, clock, hub):
    hub.fault("status", count=None, status=503)
    tick()
    clock.shift(-DAY)

    tick()
    asked = len(hub.requests)
    clock.shift(A_TICK)
    assert tick() == 0
    assert len(hub.requests) == asked, "no storm of questions while the clock is behind"
    hub.mend()
    clock.shift(timedelta(minutes=2))
    tick()

    assert_done_once(run)


def test_clocks_that_differ_by_seconds_take_nothing_from_each_other(run, clock):
    assert check_runs.claim(run.pk)
    clock.shift(-timedelta(seconds=20))

    assert check_runs.claim(run.pk) is None
