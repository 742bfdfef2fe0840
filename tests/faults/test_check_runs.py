"""Check runs while workers are killed, the broker is lost, and GitHub has a bad day."""

import os
import signal
import subprocess
import time
from collections.abc import Iterable
from datetime import timedelta

import pytest
from celery import Celery

from config import programs
from portfolio import check_runs
from portfolio.models import CheckRun, Project
from tests.factories import make_project
from tests.services import stop
from tests.terminal import wait_until, wait_until_gone

pytestmark = pytest.mark.django_db(transaction=True)

SLOW = 30  # seconds for which GitHub keeps a worker waiting: longer than any test needs
#: Seconds for a press and the page it leads to, when each of them waits for the broker and for the cache:
#: in 0003-background-work.md 3 for the one, 1 for the other; by default it would be more than 40.
PATIENT = 10
FILES = {
    "README.md": "# Engine\n\nSays when a bearing has to be changed.\n",
    "engine.py": "def wear(days):\n    return days * 2\n",
    "tests/test_engine.py": (
        "from engine import wear\n\n\ndef test_wear_doubles():\n    assert wear(2) == 4\n"
    ),
}


@pytest.fixture
def projects(ada, site):
    """Ada's projects by their names, each with a repository that has a README and tests."""

    def make(*names: str) -> None:
        for name in names:
            site.github.add(f"ada/{name}", FILES)
            make_project(ada, repository=f"ada/{name}", slug=name, title=name)

    return make


@pytest.fixture
def page(ada, visit):
    """Ada on the site."""
    return visit(ada)


def press_check(page, name: str) -> str:
    return page.press(f"/projects/{name}/", f"/projects/{name}/check/")


def run_of(name: str) -> CheckRun:
    """The only run of a project. Fails when there are more."""
    return CheckRun.objects.get(repository__project__slug=name)


def are_completed(*names: str) -> bool:
    return all(run_of(name).status == CheckRun.Status.COMPLETED for name in names)


def assert_done_once(names: Iterable[str]) -> None:
    """Each has one run, which found what there is, each thing once."""
    for name in names:
        run = run_of(name)
        found = list(run.findings.values_list("check_name", flat=True))
        assert (run.status, run.looked) == ("completed", True), f"{name}: {run.reason}"
        assert len(found) == len(set(found)) > 2
        assert run.findings.get(check_name="tests").outcome == "passed"


def let_time_pass(seconds: timedelta) -> None:
    """Move every waiting run into the past, as if the site had run for so long since."""
    for run in CheckRun.objects.active():
        sent_at = run.sent_at and run.sent_at - seconds
        CheckRun.objects.filter(pk=run.pk, attempts=run.attempts).update(
            due_at=run.due_at - seconds, sent_at=sent_at
        )


@pytest.mark.parametrize("victim", ["the whole worker", "the processes that do the work"])
def test_a_run_whose_worker_is_killed_is_done_once_by_the_next(victim, site, projects, page):
    name = f"engine-{len(victim)}"
    projects(name)
    site.github.fault("delay", name, seconds=SLOW)
    press_check(page, name)
    wait_until(lambda: site.asked(name))
    parent, children = site.worker()

    victims = [parent, *children] if victim == "the whole worker" else children
    for pid in victims:
        os.kill(pid, signal.SIGKILL)
    wait_until_gone(victims)

    assert "Running." in page.see(f"/projects/{name}/")
    let_time_pass(check_runs.LEASE)
    wait_until(lambda: are_completed(name))
    assert_done_once([name])
    assert (run_of(name).attempts, run_of(name).lost_attempts) == (2, 1)
    assert "Running." not in page.see(f"/projects/{name}/")
    site.terminal.read_until_match(rf"worker │ .*check run done .*repository=ada/{name}")


def test_a_broker_killed_and_restarted_loses_no_run_and_does_none_twice(site, projects, page):
    in_hand, queued = ["hand-1", "hand-2"], ["queue-1", "queue-2", "queue-3"]
    projects(*in_hand, *queued)
    site.github.fault("delay", "hand-", seconds=SLOW, count=2)
    for name in in_hand:
        press_check(page, name)
    wait_until(lambda: site.asked("hand-1") and site.asked("hand-2"))
    for name in queued:
        press_check(page, name)

    site.broker.kill()
    site.restart_broker()

    wait_until(lambda: are_completed(*queued))
    let_time_pass(check_runs.LEASE)
    wait_until(lambda: are_completed(*in_hand))
    assert_done_once([*in_hand, *queued])
    assert [run_of(name).attempts for name in [*in_hand, *queued]] == [2, 2, 1, 1, 1]


def test_runs_that_a_flushed_broker_forgot_are_done_once(site, projects, page):
    in_hand, queued = ["held-1", "held-2"], ["lost-1", "lost-2", "lost-3"]
    projects(*in_hand, *queued)
    site.github.fault("delay", "held-", seconds=3, count=2)
    for name in in_hand:
        press_check(page, name)
    wait_until(lambda: site.asked("held-1") and site.asked("held-2"))
    for name in queued:
        press_check(page, name)

    with site.broker.client() as client:
        client.flushall()

    let_time_pass(check_runs.RESEND_AFTER)
    wait_until(lambda: are_completed(*in_hand, *queued))
    assert_done_once([*in_hand, *queued])


# A new version


def test_a_worker_of_another_version_drops_what_it_does_not_know_and_the_run_is_done(
    site, projects
):
    projects("versions")
    before, _children = site.worker()
    run = check_runs.request(Project.objects.get().repositories.get())
    other = Celery("of a later version", broker=site.broker.url, set_as_current=False)
    with other as later:
        for name, arguments in [
            ("portfolio.tasks.of_a_later_version", [1]),
            ("portfolio.tasks.execute_check_run", [run.pk, "an argument of a later version"]),
            ("portfolio.tasks.execute_check_run", []),
            ("portfolio.tasks.execute_check_run", [0]),
        ]:
            later.send_task(name, arguments)

    wait_until(lambda: are_completed("versions"))

    assert_done_once(["versions"])
    assert run_of("versions").attempts == 1
    assert site.worker()[0] == before
    site.terminal.read_until_match("worker │ .*of_a_later_version")


def test_a_worker_that_is_asked_to_stop_ends_what_it_does_and_the_next_goes_on(
    site, projects, page
):
    projects("slow", "next")
    site.github.fault("delay", "slow", seconds=3, count=1)
    press_check(page, "slow")
    wait_until(lambda: site.asked("slow"))
    parent, children = site.worker()

    os.kill(parent, signal.SIGTERM)
    press_check(page, "next")

    wait_until_gone([parent, *children])
    assert are_completed("slow"), "it had its time limit to end it"
    wait_until(lambda: are_completed("next"))
    assert_done_once(["slow", "next"])
    assert run_of("slow").attempts == 1


# The broker


def kill(site) -> None:
    site.broker.kill()


def freeze(site) -> None:
    site.broker.process.send_signal(signal.SIGSTOP)


def fill(site) -> None:
    with site.broker.client() as client:
        client.config_set("maxmemory", 1)


def thaw(site) -> None:
    site.broker.process.send_signal(signal.SIGCONT)


def empty(site) -> None:
    with site.broker.client() as client:
        client.config_set("maxmemory", 0)


@pytest.mark.parametrize(
    ("take_away", "bring_back"),
    [(kill, lambda site: site.restart_broker()), (freeze, thaw), (fill, empty)],
    ids=["killed", "frozen", "full"],
)
def test_a_check_asked_for_while_the_broker_is_away_is_queued_and_done_later(
    take_away, bring_back, site, projects, page
):
    name = f"patient-{take_away.__name__}"
    projects(name)
    before = page.see(f"/projects/{name}/")
    take_away(site)
    try:
        started = time.monotonic()
        answer = press_check(page, name)
        seconds = time.monotonic() - started

        assert "Queued." in answer
        assert "Queued." not in before
        assert seconds < PATIENT
        assert run_of(name).status == CheckRun.Status.QUEUED
        site.terminal.read_until_match(rf"web │ .*the broker is away .*\bid={run_of(name).pk}\b")
    finally:
        bring_back(site)

    wait_until(lambda: are_completed(name))
    assert_done_once([name])


def test_a_burst_of_errors_from_github_delays_a_run_and_changes_no_verdict(site, projects, page):
    projects("burst")
    press_check(page, "burst")
    wait_until(lambda: are_completed("burst"))
    first = run_of("burst")
    site.github.fault("status", "burst", status=502, count=2)

    press_check(page, "burst")
    for attempts in [1, 2]:
        postponed = CheckRun.objects.filter(reason="unavailable", attempts=attempts)
        wait_until(postponed.exists)
        seen = page.see("/projects/burst/")
        assert "Waiting for GitHub." in seen
        assert first.short_sha in seen
        let_time_pass(timedelta(seconds=check_runs.LONGEST_WAIT))

    wait_until(lambda: not CheckRun.objects.active().exists())
    second = CheckRun.objects.latest()
    assert (second.conclusion, second.attempts) == (first.conclusion, 3)
    assert second.findings.count() == first.findings.count()


@pytest.fixture
def start_scheduler(tmp_path, valkey):
    """Start a scheduler on a broker without a worker; it logs into one file with the others."""
    variables = dict(os.environ) | {
        "DJANGO_SETTINGS_MODULE": "tests.faults.settings",
        "REDIS_URL": valkey.url,
        "VAR_DIR": str(tmp_path),
        "LOG_LEVEL": "INFO",
    }
    program = programs.scheduler(variables)
    started = []
    with (tmp_path / "log").open("ab") as log:

        def start() -> subprocess.Popen:
            started.append(subprocess.Popen(program.command, env=variables, stdout=log, stderr=log))
            wait_until(
                lambda: (tmp_path / "log").read_text().count("beat: Starting") >= len(started)
            )
            return started[-1]

        yield start
        for process in started:
            stop(process, signal.SIGTERM)


def test_of_two_schedulers_one_ticks_and_the_other_takes_over(valkey, start_scheduler):
    a_tick = 2  # tasks that each tick puts on this queue: due check runs and due letters
    with valkey.client() as client:
        first = start_scheduler()
        start_scheduler()
        wait_until(lambda: client.llen("celery"))
        started = time.monotonic()
        ticks = client.llen("celery")

        wait_until(lambda: client.llen("celery") >= ticks + 4 * a_tick)
        assert time.monotonic() - started > 2.5  # seconds, for four ticks of one a second

        first.kill()
        ticks = client.llen("celery")
        wait_until(lambda: client.llen("celery") >= ticks + 2 * a_tick, seconds=30)
