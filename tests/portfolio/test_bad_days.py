"""Every bad day of GitHub, played through a whole check run: nothing is lost, nobody is blamed.

Each is a row of docs/github-faults.md. The single answers are in test_github_errors.py.
"""

import re
import time
from datetime import timedelta
from functools import partial
from itertools import pairwise
from pathlib import Path

import pytest
from django.conf import settings as site
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone

from portfolio import check_runs, connection, tasks, verdicts
from portfolio.github.client import GitHub
from portfolio.models import CheckRun
from tests.factories import make_project

FILES = {
    "README.md": "# Engine\n\nPredicts how long a bearing lasts, so that it is changed in time.\n"
    "It is made for three mechanics of a small mill. They change bearings by the calendar now.\n",
    "engine.py": "def wear(days):\n    return days * 2\n",
    "tests/test_engine.py": "from engine import wear\n\ndef test_it():\n    assert wear(2) == 4\n",
}
ERRORS = [{"type": "SERVICE_UNAVAILABLE", "message": "Something went wrong."}]

#: What is wrong with the answers about ada/engine, and with nobody else's.
AWAY = {
    "500": {"kind": "status", "status": 500},
    "502": {"kind": "status", "status": 502},
    "503": {"kind": "status", "status": 503},
    "504": {"kind": "status", "status": 504},
    "dropped": {"kind": "drop"},
    "half of the bytes": {"kind": "truncate"},
    "half of the JSON": {"kind": "badjson"},
    "a page instead of JSON": {"kind": "html"},
    "slow": {"kind": "delay", "seconds": 5},
    "200 with errors": {"kind": "graphql_errors"},
    "200 with errors and no data": {"kind": "graphql_errors", "errors": ERRORS},
}
#: What GitHub says to everybody who asks with our credential.
LIMITS = {
    "primary 403": {"kind": "primary_limit", "status": 403},
    "primary 429": {"kind": "primary_limit", "status": 429},
    "secondary 403 with a time": {"kind": "secondary_limit", "status": 403, "retry_after": 90},
    "secondary 403 without": {"kind": "secondary_limit", "status": 403, "retry_after": None},
    "secondary 429 with a time": {"kind": "secondary_limit", "status": 429, "retry_after": 90},
    "secondary 429 without": {"kind": "secondary_limit", "status": 429, "retry_after": None},
}


@pytest.fixture
def impatient(monkeypatch):
    """A client that gives GitHub less time than a slow answer takes."""
    monkeypatch.setattr(connection, "GitHub", partial(GitHub, timeout=0.5))


@pytest.fixture
def engine(ada, hub, impatient):
    """Ada's public project, checked on a good day."""
    hub.add("ada/engine", FILES)
    project = make_project(ada, repository="ada/engine", slug="engine", visibility="public")
    look(project)
    hub.requests.clear()
    return project


@pytest.fixture
def other(ada, hub):
    hub.add("ada/other", FILES)
    return make_project(ada, repository="ada/other", slug="other")


def look(project) -> CheckRun:
    """Ask for a run, and do what the worker does with it now."""
    run = check_runs.request(project.repositories.get())
    tasks.execute_check_run(run.pk)
    run.refresh_from_db()
    return run


def again(run) -> CheckRun:
    """The next attempt, at whatever moment it was planned for."""
    CheckRun.objects.filter(pk=run.pk).update(due_at=timezone.now())
    tasks.execute_check_run(run.pk)
    run.refresh_from_db()
    return run


def told(project) -> dict[str, str]:
    picture = verdicts.of(project.repositories.get())
    return {verdict.finding.check_name: verdict.finding.outcome for verdict in picture.verdicts}


def page(client, project) -> str:
    response = client.get(reverse("portfolio:project", args=[project.slug]))
    assert response.status_code == 200
    return re.sub(r"\s+", " ", response.content.decode())


#: The description of a repository is asked for by GraphQL, its list of files by REST.
PLACES = [(name, "engine") for name in AWAY]
PLACES += [(name, "git/trees") for name in AWAY if not name.startswith("200")]


@pytest.mark.parametrize(("name", "where"), PLACES)
def test_while_github_is_away_the_run_waits_and_every_verdict_stands(
    ada, as_user, engine, hub, name, where
):
    before = told(engine)
    hub.fault(match=where, count=None, **AWAY[name])
    started = time.monotonic()

    run = look(engine)

    assert time.monotonic() - started < 4, "no worker waits for GitHub"
    assert (run.status, run.reason) == ("queued", "unavailable")
    assert timedelta() < run.due_at - timezone.now() < timedelta(minutes=1)
    assert told(engine) == before
    assert len(hub.requests) <= 6, "no storm of questions"
    assert engine.repositories.get().standing == "readable"
    text = page(as_user(ada), engine)
    assert "It did not answer as it should" in text
    assert "Everything below stands until then." in text


@pytest.mark.parametrize("fault", AWAY.values(), ids=AWAY)
def test_one_repositorys_trouble_delays_no_other(engine, other, hub, fault):
    hub.fault(match="ada/engine|engine", count=None, **fault)
    look(engine)

    assert look(other).status == "completed"


@pytest.mark.parametrize("fault", AWAY.values(), ids=AWAY)
def test_when_github_is_back_the_same_run_ends_well(engine, hub, fault):
    hub.fault(match="engine", count=1, **fault)
    run = look(engine)
    if run.status == "queued":  # what was asked again within the run itself ended well at once
        run = again(run)

    assert (run.status, run.conclusion) == ("completed", "success")
    assert engine.repositories.get().check_runs.count() == 2


def test_a_burst_of_errors_makes_the_tries_rarer(engine, hub):
    hub.fault("status", count=None, status=503)
    run = look(engine)
    waits = [run.due_at - timezone.now()]
    for _ in range(4):
        run = again(run)
        waits.append(run.due_at - timezone.now())

    assert all(after > before for before, after in pairwise(waits))
    assert waits[-1] < timedelta(minutes=16)
    assert len(hub.requests) <= 5 * 3


@pytest.mark.parametrize("fault", LIMITS.values(), ids=LIMITS)
def test_a_limit_is_kept_by_every_run_and_changes_no_verdict(
    ada, as_user, engine, other, hub, fault, settings, valkey
):
    settings.GITHUB_SHARES_BUDGET, settings.REDIS_URL = True, valkey.url
    before = told(engine)
    hub.fault(count=None, **fault)

    run = look(engine)
    asked = len(hub.requests)
    second = look(other)

    assert (run.status, run.reason) == ("queued", "rate_limited")
    assert (second.status, second.reason) == ("queued", "rate_limited")
    assert asked == 1
    assert len(hub.requests) == asked, "nobody asks again before the time is over"
    assert run.due_at - timezone.now() > timedelta(seconds=50)
    assert told(engine) == before
    assert "as many questions as it allows" in page(as_user(ada), engine)


def test_a_limit_that_comes_back_is_given_longer_each_time(engine, hub):
    """GitHub asks for at least a minute, and for more after each refusal."""
    hub.fault("secondary_limit", count=None, retry_after=None)
    run = look(engine)
    waits = [run.due_at - timezone.now()]
    for _ in range(3):
        cache.clear()  # as if its time were over
        run = again(run)
        waits.append(run.due_at - timezone.now())

    assert waits[0] < timedelta(seconds=75)
    assert waits[-1] > timedelta(seconds=95)


@pytest.mark.parametrize("hours", [-3, 3])
def test_a_clock_that_is_wrong_neither_shortens_nor_stretches_the_wait(engine, hub, hours):
    hub.clock = lambda: time.time() + hours * 3600
    hub.token_limit = 0
    hub.fault("primary_limit")

    run = look(engine)

    wait = run.due_at - timezone.now()
    assert timedelta(minutes=55) < wait <= timedelta(minutes=62)


def test_a_credential_that_github_refuses_is_our_trouble(ada, as_user, engine, settings):
    before = told(engine)
    settings.GITHUB_TOKEN = "ghp_expired"

    run = look(engine)

    assert (run.status, run.reason) == ("queued", "bad_credentials")
    assert told(engine) == before
    assert "nothing is wrong with your repository" in page(as_user(ada), engine)


@pytest.mark.parametrize(
    ("bad_day", "words"),
    [
        (lambda hub: hub.delete("ada/engine"), "GitHub did not show this repository."),
        (lambda hub: hub.make_private("ada/engine"), "GitHub did not show this repository."),
        (lambda hub: hub.block("ada/engine"), "GitHub has blocked this repository."),
        (lambda hub: hub.block("ada/engine", "tos"), "GitHub has blocked this repository."),
        (lambda hub: hub.empty("ada/engine"), "The repository is empty."),
        (lambda hub: hub.replace("ada/engine", FILES), "Another repository has this name now."),
    ],
    ids=["deleted", "private", "451", "403 with a block", "409", "replaced"],
)
def test_what_its_owner_can_mend_is_said_with_what_was_known(
    ada, as_user, client, engine, hub, bad_day, words
):
    before = told(engine)
    bad_day(hub)

    run = look(engine)

    assert (run.status, run.conclusion) == ("completed", "action_required")
    assert told(engine) == before
    assert len(hub.requests) <= 3
    text = page(as_user(ada), engine)
    assert words in text
    assert "stand." in text


def test_the_page_of_a_renamed_repository_leads_to_its_name_of_today(ada, as_user, engine, hub):
    hub.rename("ada/engine", "ada/bearings")

    run = look(engine)

    assert run.conclusion == "success"
    text = page(as_user(ada), engine)
    assert "ada/bearings" in text
    assert "ada/engine" in text  # its former name, so that nobody wonders


def test_of_a_list_that_github_cuts_nothing_is_concluded_from_absence(ada, as_user, engine, hub):
    hub.push("ada/engine", {**FILES, **{f"a/{n:03}.txt": "x" for n in range(60)}})
    hub.truncate("ada/engine", 12)

    run = look(engine)

    assert run.is_truncated
    assert "failed" not in {told(engine)[name] for name in ("readme", "tests")}


def test_nothing_sleeps_and_nothing_counts_down():
    """Redis hands a countdown out again after its visibility timeout: it would run twice.

    A command at a terminal may wait; no task and no page calls one.
    """
    found = []
    for folder in ("accounts", "curriculum", "portfolio"):
        for path in (Path(site.BASE_DIR) / folder).rglob("*.py"):
            if "commands" in path.parts:
                continue
            text = path.read_text(encoding="utf-8")
            found += [(path.name, m[0]) for m in re.finditer(r"\bsleep\(|countdown=|\beta=", text)]
    assert found == []
