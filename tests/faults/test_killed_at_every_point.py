"""A check whose process is killed (SIGKILL) at each of its points in turn, and done once by the next.

`make soak` kills each point twenty times as often.
"""

import os
import signal
import subprocess
import sys
from collections.abc import Callable

import pytest
from django.conf import settings
from django.urls import reverse

from accounts.models import Notice
from portfolio import check_runs
from portfolio.models import CheckRun
from tests.factories import make_project
from tests.faults.test_check_runs import FILES, assert_done_once, let_time_pass, run_of
from tests.services import url_of_the_tests_own_database

pytestmark = pytest.mark.django_db(transaction=True)

ROUNDS = 20 if os.environ.get("SOAK") else 1

#: Where it dies, before or after which call, and what its page says then.
POINTS = {
    "not yet claimed": ("check_runs.claim", "before", "Queued."),
    "just claimed": ("check_runs.claim", "after", "Running."),
    "about to connect": ("tasks.connect", "before", "Running."),
    "about to ask GitHub": ("GitHub.snapshot", "before", "Running."),
    "GitHub has answered": ("GitHub.snapshot", "after", "Running."),
    "about to read files": ("GitHub.read", "before", "Running."),
    "files are read": ("GitHub.read", "after", "Running."),
    "everything is judged": ("checks.inspect", "after", "Running."),
    "completed, not committed": ("check_runs._complete", "after", "Running."),
    "findings written, not committed": ("check_runs._learn", "before", "Running."),
    "all written, not committed": ("telling.run_completed", "after", "Running."),
    "committed, not acknowledged": ("check_runs.execute", "after", ""),  # its verdict
}

#: Reads "call moment key" from its input and carries the run out in a child that dies there, as a
#: worker's pool does; says how the child ended. The first word "-" lets it live.
POOL = """
import os, signal, sys, django
django.setup()
from portfolio import check_runs, checks, tasks, telling
from portfolio.github.client import GitHub
places = {"check_runs": check_runs, "checks": checks, "tasks": tasks, "telling": telling, "GitHub": GitHub}

def deadly(call, moment):
    owner, name = call.split(".")
    function = getattr(places[owner], name)
    def die(*args, **options):
        if moment == "after":
            function(*args, **options)
        os.kill(os.getpid(), signal.SIGKILL)
    setattr(places[owner], name, die)

for line in sys.stdin:
    call, moment, key = line.split()
    child = os.fork()
    if not child:
        if call != "-":
            deadly(call, moment)
        tasks.execute_check_run(int(key))
        os._exit(0)
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
"""


@pytest.fixture
def carry_out(hub, tmp_path):
    """A function that has a run carried out by a process that dies there; how it ended."""
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "DATABASE_URL": url_of_the_tests_own_database(),
        "SECRET_KEY": settings.SECRET_KEY,
        "VAR_DIR": str(tmp_path),
        "REDIS_URL": "redis://127.0.0.1:1/0",
        "GITHUB_SHARES_BUDGET": "0",
        "GITHUB_URL": hub.url,
        "GITHUB_API_URL": hub.url,
        "GITHUB_TOKEN": hub.token("milepost"),
    }
    pool = subprocess.Popen(
        [sys.executable, "-c", POOL],
        env=environment, cwd=settings.BASE_DIR, text=True,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    )  # fmt: skip

    def send(run: CheckRun, call: str = "-", moment: str = "-") -> int:
        pool.stdin.write(f"{call} {moment} {run.pk}\n")
        pool.stdin.flush()
        while not (words := pool.stdout.readline().strip()).lstrip("-").isdigit():
            assert pool.poll() is None, "the pool has ended"  # else it was a line of the log
        return int(words)

    yield send
    pool.stdin.close()
    assert pool.wait(10) == 0
    pool.stdout.close()


def deliver_what_is_due(carry_out: Callable[..., int]) -> None:
    """What the scheduler does, and then a worker that lives."""
    check_runs.send_due(lambda pk: carry_out(CheckRun.objects.get(pk=pk)))


@pytest.mark.parametrize("number", range(ROUNDS))
def test_wherever_it_dies_the_run_is_done_once_and_its_page_says_how_it_stands(
    ada, as_user, hub, carry_out, number
):
    eyes = as_user(ada)
    for position, (point, (call, moment, words)) in enumerate(POINTS.items()):
        slug = f"engine-{number}-{position}"
        hub.add(f"ada/{slug}", FILES)
        project = make_project(ada, repository=f"ada/{slug}", slug=slug, title=slug)
        run = check_runs.request(project.repositories.get())

        assert carry_out(run, call, moment) == -signal.SIGKILL, point

        page = eyes.get(reverse("portfolio:project", args=[slug])).content.decode()
        run.refresh_from_db()
        is_done, was_claimed = not words, words != "Queued."
        assert (words or run.short_sha) in page, point
        assert [word for word in ("Queued.", "Running.") if word in page] == [words] * bool(words)
        assert (run.status == "completed") == is_done, point
        assert run.findings.exists() == is_done, f"{point}: half of a run was kept"

        assert (
            carry_out(run) == 0
        )  # delivered again at once: nobody takes what another may still hold
        run.refresh_from_db()
        assert (run.status == "completed") == (is_done or not was_claimed), point
        let_time_pass(check_runs.LEASE)
        deliver_what_is_due(carry_out)

        assert_done_once([slug])
        run = run_of(slug)
        lost = was_claimed and not is_done
        assert (run.attempts, run.lost_attempts) == (1 + lost, int(lost)), point
        asked = len(hub.requests)
        assert carry_out(run) == 0  # and once more
        assert len(hub.requests) == asked, point
        assert Notice.objects.count() == 0, point
