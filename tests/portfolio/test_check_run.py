"""A check run from asking to verdict, against a GitHub that speaks HTTP and has bad days."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone
from kombu.exceptions import OperationalError

from portfolio import check_runs, tasks, verdicts
from portfolio.connection import connect
from portfolio.models import CheckRun, Repository
from tests.factories import make_project

GOOD = {
    "README.md": (
        "# Engine\n\nPredicts how long a bearing lasts, so that it is changed before it breaks.\n"
        "Made for the three mechanics of a small mill, who now change bearings by the calendar.\n\n"
        "## Data\n\nTwo years of vibration readings, 40,000 rows, from the mill itself.\n\n"
        "## Approach\n\nA baseline that uses the age alone, then gradient boosting.\n\n"
        "## Results\n\n| model | mean error, days |\n|---|---|\n| age | 21.4 |\n| boosting | 9.8 |\n\n"
        "## Install and run\n\n```\npip install -r requirements.txt\npython -m engine\n```\n"
    ),
    "engine/__init__.py": "def wear(days):\n    return days * 2\n",
    "tests/test_engine.py": (
        "from engine import wear\n\n\ndef test_wear_doubles():\n    assert wear(2) == 4\n"
    ),
    "requirements.txt": "numpy==2.1.0\n",
}


@pytest.fixture
def engine(ada, hub):
    """Ada's project, whose repository has a README and tests."""
    hub.add("ada/engine", GOOD)
    return make_project(ada, repository="ada/engine", slug="engine")


def check(project) -> CheckRun:
    """Ask for a run and do what the task does."""
    check_run = check_runs.request(project.repositories.get())
    tasks.execute_check_run(check_run.pk)
    check_run.refresh_from_db()
    return check_run


def outcomes(project) -> dict[str, str]:
    picture = verdicts.of(project.repositories.get())
    return {v.finding.check_name: v.finding.outcome for v in picture.verdicts}


def test_a_repository_with_a_readme_and_tests_succeeds(engine):
    check_run = check(engine)

    assert check_run.conclusion == CheckRun.Conclusion.SUCCESS
    assert outcomes(engine)["readme"] == "passed"
    assert outcomes(engine)["tests"] == "passed"


def test_a_verdict_names_the_line_it_rests_on(engine):
    check_run = check(engine)

    [place] = check_run.findings.get(check_name="tests").evidence
    assert (place["path"], place["line"]) == ("tests/test_engine.py", 4)


def test_a_repository_without_tests_fails_and_names_the_nearest_look_alike(ada, hub):
    hub.add("ada/churn", {"README.md": GOOD["README.md"], "data/test.csv": "a,b\n1,2\n"})
    project = make_project(ada, repository="ada/churn")

    check_run = check(project)

    finding = check_run.findings.get(check_name="tests")
    assert check_run.conclusion == CheckRun.Conclusion.FAILURE
    assert [place["path"] for place in finding.lookalikes] == ["data/test.csv"]
    assert finding.fix


def test_asking_twice_queues_one_run(engine):
    repository = engine.repositories.get()

    assert check_runs.request(repository) == check_runs.request(repository)


def test_a_task_that_comes_twice_is_done_once(engine, hub):
    check_run = check(engine)
    requests = len(hub.requests)

    tasks.execute_check_run(check_run.pk)

    assert len(hub.requests) == requests


def test_a_run_asks_the_database_twelve_times(engine, django_assert_max_num_queries):
    check(engine)  # the first look learns more
    check_run = check_runs.request(engine.repositories.get())

    with django_assert_max_num_queries(12):
        tasks.execute_check_run(check_run.pk)


def test_what_a_claim_tells_is_what_the_row_says(engine):
    asked = check_runs.request(engine.repositories.get())
    check_runs.claim(asked.pk)
    CheckRun.objects.update(due_at=timezone.now(), reason="unavailable")

    claimed = check_runs.claim(asked.pk)

    row = CheckRun.objects.get(pk=asked.pk)
    told = ("status", "attempts", "lost_attempts", "started_at", "due_at", "reason")
    assert [getattr(claimed, name) for name in told] == [getattr(row, name) for name in told]
    assert (row.attempts, row.lost_attempts, row.reason) == (2, 1, "")


def test_a_run_held_by_one_worker_cannot_be_taken_by_another(engine):
    check_run = check_runs.request(engine.repositories.get())

    assert check_runs.claim(check_run.pk)
    assert check_runs.claim(check_run.pk) is None


def test_a_slow_worker_whose_run_was_given_to_another_writes_nothing(engine):
    check_run = check_runs.request(engine.repositories.get())
    slow = check_runs.claim(check_run.pk)
    CheckRun.objects.update(due_at=timezone.now())  # the lease is over
    quick = check_runs.claim(check_run.pk)
    with connect() as github:
        check_runs.execute(quick, github)
        check_runs.execute(slow, github)

    check_run.refresh_from_db()
    assert check_run.attempts == 2
    assert check_run.findings.filter(check_name="tests").count() == 1


def test_a_run_that_kills_its_worker_three_times_is_parked(engine):
    check_run = check_runs.request(engine.repositories.get())

    for _ in range(4):
        CheckRun.objects.update(due_at=timezone.now())
        check_runs.claim(check_run.pk)

    check_run.refresh_from_db()
    assert check_run.conclusion == CheckRun.Conclusion.TIMED_OUT
    assert check_run.reason == CheckRun.Reason.WORKER_LOST


@pytest.mark.parametrize(
    ("bad_day", "reason"),
    [
        (lambda hub: hub.delete("ada/engine"), "not_found"),
        (lambda hub: hub.make_private("ada/engine"), "not_found"),
        (lambda hub: hub.block("ada/engine"), "blocked"),
        (lambda hub: hub.empty("ada/engine"), "empty"),
        (lambda hub: hub.replace("ada/engine", {"README.md": "Mine"}), "replaced"),
    ],
    ids=["deleted", "private", "blocked", "empty", "replaced"],
)
def test_a_repository_that_cannot_be_read_asks_its_owner_to_act_and_keeps_its_verdicts(
    engine, hub, bad_day, reason
):
    check(engine)
    before = outcomes(engine)
    bad_day(hub)

    check_run = check(engine)

    assert check_run.conclusion == CheckRun.Conclusion.ACTION_REQUIRED
    assert check_run.reason == reason
    standing = "readable" if reason == "not_found" else reason  # one 404 does not make it gone
    assert engine.repositories.get().standing == standing
    assert outcomes(engine) == before


@pytest.mark.parametrize(
    "fault",
    [
        {"kind": "status", "status": 502},
        {"kind": "drop"},
        {"kind": "truncate"},
        {"kind": "badjson"},
        {"kind": "html"},
    ],
    ids=lambda fault: str(fault.get("status", fault["kind"])),
)
def test_an_outage_postpones_the_run_and_keeps_its_verdicts(engine, hub, fault):
    check(engine)
    before = outcomes(engine)
    hub.fault(count=None, **fault)

    check_run = check(engine)

    assert check_run.status == CheckRun.Status.QUEUED
    assert check_run.reason == CheckRun.Reason.UNAVAILABLE
    assert check_run.due_at > timezone.now()
    assert outcomes(engine) == before


def test_a_rate_limit_postpones_the_run_until_github_says(engine, hub):
    hub.fault("primary_limit")

    check_run = check(engine)

    assert check_run.reason == CheckRun.Reason.RATE_LIMITED
    wait = check_run.due_at - timezone.now()
    assert timedelta(minutes=55) < wait < timedelta(minutes=62)


def test_a_secondary_limit_waits_as_long_as_github_asks(engine, hub):
    hub.fault("secondary_limit", retry_after=120)

    check_run = check(engine)

    wait = check_run.due_at - timezone.now()
    assert timedelta(seconds=110) < wait < timedelta(seconds=180)


def test_our_own_bad_credentials_blame_nobody_else(engine, settings):
    settings.GITHUB_TOKEN = "ghp_expired"

    check_run = check(engine)

    assert check_run.reason == CheckRun.Reason.BAD_CREDENTIALS
    assert check_run.is_active
    assert engine.repositories.get().standing == Repository.Standing.NEW


def test_a_run_recovers_by_itself_after_an_outage(engine, hub):
    hub.fault("status", count=1, status=503)
    check_run = check(engine)
    CheckRun.objects.update(due_at=timezone.now())

    check_runs.send_due(tasks.execute_check_run)

    check_run.refresh_from_db()
    assert check_run.conclusion == CheckRun.Conclusion.SUCCESS
    assert check_run.attempts == 2


def test_a_run_that_github_never_lets_finish_ends_after_a_day(engine, hub):
    hub.fault("status", count=None, status=503)
    check_run = check_runs.request(engine.repositories.get())
    CheckRun.objects.update(requested_at=timezone.now() - timedelta(hours=24))

    tasks.execute_check_run(check_run.pk)

    check_run.refresh_from_db()
    assert check_run.conclusion == CheckRun.Conclusion.TIMED_OUT
    assert check_run.reason == CheckRun.Reason.UNAVAILABLE


def test_a_renamed_repository_is_followed_and_says_so(engine, hub):
    check(engine)
    hub.rename("ada/engine", "ada/bearings")

    check_run = check(engine)

    repository = engine.repositories.get()
    assert check_run.conclusion == CheckRun.Conclusion.SUCCESS
    assert (repository.full_name, repository.former_name) == ("ada/bearings", "ada/engine")


def test_a_truncated_tree_leaves_what_was_not_found_unknown(ada, hub):
    files = {f"a/{n:03}.txt": "x" for n in range(50)} | {
        "zz/test_z.py": GOOD["tests/test_engine.py"]
    }
    hub.add("ada/huge", {"README.md": GOOD["README.md"]} | files)
    hub.truncate("ada/huge", 20)
    project = make_project(ada, repository="ada/huge")

    check_run = check(project)

    assert check_run.is_truncated
    assert outcomes(project)["tests"] == "unknown"
    assert check_run.conclusion == CheckRun.Conclusion.NEUTRAL


def test_a_branch_that_is_gone_is_said_to_be_gone(ada, hub):
    hub.add("ada/engine", GOOD)
    project = make_project(ada, repository="ada/engine")
    project.repositories.update(ref="feature")

    assert check(project).reason == CheckRun.Reason.REF_NOT_FOUND


def test_the_sweeper_sends_what_is_due_and_nothing_twice(engine):
    check_run = check_runs.request(engine.repositories.get())
    sent = []

    assert check_runs.send_due(sent.append) == 1
    assert check_runs.send_due(sent.append) == 0
    assert sent == [check_run.pk]


def test_the_sweeper_sends_again_what_the_queue_has_lost(engine):
    check_run = check_runs.request(engine.repositories.get())
    check_runs.send_due([].append)
    long_ago = timezone.now() - check_runs.RESEND_AFTER - timedelta(seconds=1)
    CheckRun.objects.update(sent_at=long_ago, due_at=long_ago)
    sent = []

    check_runs.send_due(sent.append)

    assert sent == [check_run.pk]


def test_the_database_allows_one_active_run_a_repository(engine):
    repository = engine.repositories.get()
    CheckRun.objects.create(repository=repository)

    with pytest.raises(IntegrityError), transaction.atomic():
        CheckRun.objects.create(repository=repository)


def test_no_secret_reaches_the_queue(engine):
    """A task's argument stands in clear in Redis and in the worker's log: only ids go there."""
    assert tasks.execute_check_run.run.__annotations__ == {"check_run_id": int, "return": None}


def test_a_broker_that_is_away_is_asked_once_for_a_page_full_of_repositories(
    engine, monkeypatch, django_capture_on_commit_callbacks
):
    asked = []

    def away(pk):
        asked.append(pk)
        raise OperationalError("frozen")

    monkeypatch.setattr(tasks, "_spared_until", 0.0)
    monkeypatch.setattr(tasks.execute_check_run, "delay", away)
    check_run = check_runs.request(engine.repositories.get())
    with django_capture_on_commit_callbacks(execute=True):
        for _ in range(3):
            tasks.send(check_run)

    assert len(asked) == 1
    check_run.refresh_from_db()
    assert check_run.status == CheckRun.Status.QUEUED
    assert check_run.sent_at is None  # so the scheduler sends it
