"""Worker, broker, scheduler, database and GitHub fail in the same minute; every check is done once all the same.

`make soak` does it again and again.
"""

import os
import signal

import pytest
from django.conf import settings
from django.utils import timezone

from portfolio import check_runs
from portfolio.models import CheckRun
from tests.faults.test_check_runs import (  # noqa: F401
    SLOW,
    assert_done_once,
    let_time_pass,
    page,
    press_check,
    projects,
)
from tests.faults.test_database import way_to_the_database, wire  # noqa: F401
from tests.terminal import wait_until, wait_until_gone

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(
        settings.DATABASES["default"]["ENGINE"].endswith("sqlite3"), reason="a file is not stopped"
    ),
]

CHECKS = 12
#: How many checks are asked for in each round.
ROUNDS = [CHECKS] * 9 + [400] if os.environ.get("SOAK") else [CHECKS]
SEEN = 20  # of those that wait, whose pages are read
PATIENCE = 90 + 2 * max(ROUNDS)  # seconds
WAITS = ("Queued.", "Running.", "Waiting for GitHub.")


def kill(pids: list[int]) -> None:
    for pid in pids:
        os.kill(pid, signal.SIGKILL)
    wait_until_gone(pids)


def call_waiting_runs() -> None:
    """As if the pauses of those that wait for GitHub, or for the queue, were over."""
    CheckRun.objects.filter(status=CheckRun.Status.QUEUED).update(
        due_at=timezone.now(), sent_at=None
    )


def are_over() -> bool:
    if CheckRun.objects.filter(status=CheckRun.Status.QUEUED, reason="unavailable").exists():
        call_waiting_runs()
    return not CheckRun.objects.active().exists()


@pytest.mark.timeout(300 + 3 * max(ROUNDS))
@pytest.mark.parametrize(("number", "checks"), list(enumerate(ROUNDS)))
def test_every_check_is_done_once_and_pages_say_how_it_stands(
    site, wire, projects, page, number, checks  # noqa: F811
):  # fmt: skip
    in_hand = [f"slow-{number}-{one}" for one in range(2)]  # as many as the worker has processes
    names = in_hand + [f"engine-{number}-{one}" for one in range(checks - len(in_hand))]
    projects(*names)
    site.github.fault("delay", f"slow-{number}", seconds=SLOW, count=2)
    for kind in ("drop", "truncate", "html"):
        site.github.fault(kind, f"engine-{number}", count=1)
    site.github.fault("status", f"engine-{number}", status=502, count=2)
    for name in names:
        press_check(page, name)
    wait_until(lambda: all(site.asked(name) for name in in_hand))

    kill(site.worker()[1][:1])
    site.broker.kill()
    site.restart_broker()
    with site.broker.client() as client:
        client.flushall()
    wire.cut()
    wait_until(lambda: site.terminal.get("/readyz")[0] == 503)
    kill(site.terminal.pids("celery", "beat"))
    wire.mend()
    wait_until(lambda: site.terminal.get("/readyz")[0] == 200)
    kill([*site.worker()[1], site.worker()[0]])

    waiting = CheckRun.objects.active().values_list("repository__project__slug", flat=True)
    waiting = list(waiting)
    assert set(in_hand) <= set(waiting), "it was over before it began"
    for name in waiting[:SEEN]:
        seen = page.see(f"/projects/{name}/")
        run = CheckRun.objects.get(repository__project__slug=name)
        assert run.status == "completed" or any(words in seen for words in WAITS), name

    let_time_pass(check_runs.LEASE)
    call_waiting_runs()
    wait_until(are_over, seconds=PATIENCE)
    assert_done_once(names)
    assert CheckRun.objects.count() == checks
    assert all(
        run.attempts > 1 for run in CheckRun.objects.filter(repository__project__slug__in=in_hand)
    )
