"""One budget for all workers, in a real Redis-compatible server."""

import threading
from datetime import UTC, datetime, timedelta

import pytest
import redis

from portfolio import budget, check_runs, tasks
from portfolio.budget import SharedBudget
from portfolio.connection import connect
from portfolio.github.budget import Allowance
from portfolio.github.client import GitHub
from portfolio.github.errors import RateLimited
from portfolio.models import CheckRun
from tests.factories import make_project


@pytest.fixture
def share(valkey):
    """A budget as one worker sees it: share(), share("another credential")."""

    def make(credential="token", **options):
        return SharedBudget(redis.Redis.from_url(valkey.url), credential, **options)

    return make


def allowance(remaining, minutes=30, limit=5000):
    reset_at = datetime.now(UTC) + timedelta(minutes=minutes)
    return Allowance("core", limit, remaining, reset_at)


def spend(shared, times, resource="core"):
    """How many of these requests may be made now."""
    made = 0
    for _ in range(times):
        try:
            shared.spend(resource)
        except RateLimited:
            break
        made += 1
    return made


def test_two_workers_share_one_pace(share):
    first, second = share(), share()

    made = spend(first, 30) + spend(second, 30)

    assert budget.BURST <= made <= budget.BURST + 3


def test_eight_threads_at_once_take_no_more_than_there_is(share):
    made = []
    workers = [threading.Thread(target=lambda: made.append(spend(share(), 20))) for _ in range(8)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    assert budget.BURST <= sum(made) <= budget.BURST + 8


def test_whoever_is_too_fast_is_told_when(share):
    spend(share(), 60)

    with pytest.raises(RateLimited) as caught:
        share().spend("core")

    assert caught.value.seconds < 1


def test_a_refusal_that_one_worker_heard_stops_the_others(share):
    until = datetime.now(UTC) + timedelta(minutes=10)
    share().block("core", until)

    with pytest.raises(RateLimited) as caught:
        share().spend("core")

    assert abs(caught.value.retry_at - until) < timedelta(seconds=1)


def test_other_credentials_and_resources_go_on(share):
    share().block("core", datetime.now(UTC) + timedelta(minutes=10))

    assert spend(share("another"), 1) == 1
    assert spend(share(), 1, "graphql") == 1


def test_what_nobody_waits_for_leaves_a_reserve(share):
    share().note(allowance(remaining=900))  # below a fifth of 5,000

    with pytest.raises(RateLimited):
        share(leaves_reserve=True).spend("core")
    assert spend(share(), 1) == 1


def test_people_may_use_the_hour_up_and_are_told_when_it_is_over(share):
    noted = allowance(remaining=2)
    share().note(noted)

    assert spend(share(), 5) == 2
    with pytest.raises(RateLimited) as caught:
        share().spend("core")
    assert abs(caught.value.retry_at - noted.reset_at) < timedelta(seconds=1)


def test_a_new_hour_forgets_the_old_count(share):
    share().note(allowance(remaining=0, minutes=-1))

    assert spend(share(), 1) == 1


def test_the_credential_itself_is_not_in_redis(share, valkey):
    share("ghp_secret_of_ours").note(allowance(remaining=1))

    assert b"ghp_secret" not in b"".join(redis.Redis.from_url(valkey.url).keys())


def test_without_redis_the_pace_is_stricter(monkeypatch):
    monkeypatch.setattr(budget, "lonely", budget.Bucket())
    away = SharedBudget(budget.connect("redis://127.0.0.1:1/0"), "token")
    away.note(allowance(remaining=1))
    away.block("core", datetime.now(UTC))

    assert spend(away, 50) <= budget.LONELY_BURST + 1 < budget.BURST


@pytest.fixture
def shared_hub(hub, settings, valkey):
    """The double, and workers that share a budget."""
    settings.GITHUB_SHARES_BUDGET = True
    settings.REDIS_URL = valkey.url
    hub.add("ada/engine", {"README.md": "# Engine\n"})
    hub.add("ada/other", {"README.md": "# Other\n"})
    return hub


def test_a_limit_met_by_one_run_keeps_the_next_from_asking(ada, shared_hub):
    first = check_runs.request(make_project(ada, repository="ada/engine").repositories.get())
    second = check_runs.request(make_project(ada, repository="ada/other").repositories.get())
    shared_hub.fault("primary_limit", match="graphql")

    tasks.execute_check_run(first.pk)
    asked = len(shared_hub.requests)
    tasks.execute_check_run(second.pk)

    assert len(shared_hub.requests) == asked
    second.refresh_from_db()
    assert second.reason == CheckRun.Reason.RATE_LIMITED


def test_asking_for_a_scheduled_run_takes_it_out_of_the_quiet_hours(ada, hub):
    repository = make_project(ada).repositories.get()
    scheduled = check_runs.request(repository, is_scheduled=True)
    later = scheduled.due_at + timedelta(hours=1)
    CheckRun.objects.update(due_at=later)

    asked = check_runs.request(repository)

    assert asked.pk == scheduled.pk
    assert not asked.is_scheduled
    assert asked.due_at < later


def test_work_that_an_hour_cannot_hold_is_not_begun_by_all_at_once(share):
    workers = [share("anonymous") for _ in range(5)]
    for worker in workers[:2]:
        worker.hold(25, limit=60)
    for worker in workers[2:]:
        with pytest.raises(RateLimited) as refused:
            worker.hold(25, limit=60)
        assert refused.value.retry_at - datetime.now(UTC) < timedelta(seconds=6)

    workers[0].release()
    workers[-1].hold(25, limit=60)


def test_work_too_large_for_what_is_left_waits_for_the_next_hour(share):
    worker = share("anonymous")
    worker.note(allowance(10, minutes=30, limit=60))

    with pytest.raises(RateLimited) as error:
        worker.hold(15, limit=60)

    assert error.value.retry_at - datetime.now(UTC) > timedelta(minutes=29)


def test_without_a_credential_a_check_holds_its_share_and_lets_it_go(ada, hub, share, settings):
    settings.GITHUB_TOKEN = ""
    hub.add("ada/engine", {"README.md": "# Engine\n"})
    run = check_runs.request(make_project(ada, repository="ada/engine").repositories.get())
    other = share("anonymous")
    other.hold(55, limit=60)

    with connect(share("anonymous")) as github:
        waiting = check_runs.execute(check_runs.claim(run.pk), github)
    assert (waiting.status, waiting.reason) == ("queued", "rate_limited")
    assert hub.requests == []

    other.release()
    CheckRun.objects.update(due_at=waiting.requested_at)
    with connect(share("anonymous")) as github:
        assert check_runs.execute(check_runs.claim(run.pk), github).looked
    other.hold(55 - len(hub.requests), limit=60)


def test_a_check_that_ran_into_the_limit_half_way_asks_for_more_room_next_time(
    ada, hub, settings, monkeypatch
):
    settings.GITHUB_TOKEN = ""
    hub.anonymous_limit = 2
    hub.add("ada/engine", {"README.md": "# Engine\n"})
    run = check_runs.request(make_project(ada, repository="ada/engine").repositories.get())
    room = []
    monkeypatch.setattr(GitHub, "begin", lambda github, requests: room.append(requests))

    for _ in range(2):
        tasks.execute_check_run(run.pk)
        CheckRun.objects.update(due_at=run.requested_at)

    assert room == [check_runs.LIKELY_REQUESTS, check_runs.MANY_REQUESTS]
