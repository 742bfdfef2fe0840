"""Each number of docs/decisions/0003-background-work.md, as the programs that need it take it.

Celery ignores a setting whose name it does not know, so what counts is what Celery itself then says.
"""

import os
import re
import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
import yaml
from django.conf import settings

from accounts import arrivals, deletions, letters, takeouts
from config import programs
from config.celery import app
from curriculum import resource_links
from portfolio import check_runs, contributions, demo_links

DECISION = Path(settings.BASE_DIR) / "docs/decisions/0003-background-work.md"
TRANSPORT = app.conf.broker_transport_options


def _services() -> dict[str, dict]:
    return yaml.safe_load((Path(settings.BASE_DIR) / "compose.yaml").read_text())["services"]


def _timeouts(program: str) -> set[str]:
    """The time limit on the broker's socket, in `make run` and in the containers."""
    site = programs.Site("127.0.0.1", 8000, Path(), False, False, {})
    ours = programs.worker({}) if program == "worker" else programs.web(site, {})
    return {
        dict(ours.environment)["BROKER_SOCKET_TIMEOUT"],
        _services()[program]["environment"]["BROKER_SOCKET_TIMEOUT"],
    }


def _valkey_options(tmp_path: Path) -> set[str]:
    """What both brokers are told, as `name value`."""
    site = programs.Site("127.0.0.1", 8000, tmp_path, False, False, {})
    programs.valkey(site, programs.Broker(1, "word"), {})
    ours = (tmp_path / "valkey" / "valkey.conf").read_text().replace('"', "").splitlines()
    theirs = re.findall(r"--(\S+ \S+)", " ".join(map(str, _services()["redis"]["command"])))
    return set(ours) & set(theirs)


#: The first words of a row, and what shows that it is so.
ROWS: dict[str, Callable[[Path], object]] = {
    "acks_late": lambda _: app.conf.task_acks_late and app.conf.task_reject_on_worker_lost,
    "worker_prefetch_multiplier": lambda _: app.conf.worker_prefetch_multiplier == 1,
    "soft and hard time limit": lambda _: (
        (app.conf.task_soft_time_limit, app.conf.task_time_limit) == (20, 30)
    ),
    "visibility_timeout": lambda _: (
        TRANSPORT["visibility_timeout"] == 120 > 2 * app.conf.task_time_limit
    ),
    "unacked_restore_interval": lambda _: (
        (TRANSPORT["unacked_restore_interval"], TRANSPORT["unacked_restore_throttle"]) == (5, 1)
    ),
    "socket_timeout": lambda _: (_timeouts("worker"), _timeouts("web")) == ({"10"}, {"1"}),
    "socket_connect_timeout": lambda _: TRANSPORT["socket_connect_timeout"] == 2,
    "health_check_interval": lambda _: TRANSPORT["health_check_interval"] == 5,
    "publishing: one retry": lambda _: (
        app.conf.task_publish_retry
        and app.conf.task_publish_retry_policy["max_retries"] == 1
        and app.conf.task_publish_retry_policy["interval_max"] == 0.1
    ),
    "a lost connection ends tasks in hand": lambda _: (
        app.conf.worker_cancel_long_running_tasks_on_connection_loss
    ),
    "task_ignore_result": lambda _: app.conf.task_ignore_result and not app.conf.result_backend,
    "no eta, no countdown": lambda _: (
        settings.CELERY_BEAT_SCHEDULE["send due check runs"]["schedule"] == 10
    ),  # and test_nothing_sleeps_and_nothing_counts_down
    "sent on commit only": lambda _: _sent_outside_a_commit() == [],
    "lock of the scheduler": lambda _: _of_a_scheduler("lock_timeout") == "30",
    "Redis: append-only file, noeviction": lambda folder: (
        {"appendonly yes", "maxmemory-policy noeviction"} <= _valkey_options(folder)
    ),
}


def _sent_outside_a_commit() -> list[str]:
    """Calls of `delay` in views and verbs; tasks send from the clock's tick, outside any transaction."""
    return [
        f"{path.name}: {line.strip()}"
        for app_name in ("accounts", "curriculum", "portfolio")
        for path in (Path(settings.BASE_DIR) / app_name).rglob("*.py")
        if path.name != "tasks.py"
        for line in path.read_text(encoding="utf-8").splitlines()
        if re.search(r"\.(delay|apply_async)\(", line)
    ]


def _of_a_scheduler(name: str) -> str:
    """A value of RedBeat's as a scheduler has it, with the settings of a site."""
    code = (
        "import django; django.setup()\n"
        "from config.celery import app\n"
        "from redbeat.schedulers import RedBeatConfig\n"
        f"print(RedBeatConfig(app).{name})"
    )
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "config.settings"}
    done = subprocess.run(
        [sys.executable, "-c", code],
        env=environment, cwd=settings.BASE_DIR, capture_output=True, text=True, timeout=60, check=True,
    )  # fmt: skip
    return done.stdout.strip()


def rows() -> list[str]:
    """The first cell of each row of the decision's table."""
    cells = re.findall(r"^\| ([^|]+) \|", DECISION.read_text(encoding="utf-8"), re.MULTILINE)
    return [cell.replace("`", "") for cell in cells if cell not in ("setting", "---")]


def test_every_row_of_the_decision_is_looked_at():
    unknown = [row for row in rows() if not any(row.startswith(words) for words in ROWS)]
    assert unknown == []
    assert len(rows()) == len(ROWS)


@pytest.mark.parametrize("row", ROWS)
def test_what_the_decision_says_is_so(row, tmp_path):
    assert ROWS[row](tmp_path)


@pytest.mark.parametrize(
    "noun",
    [
        check_runs,
        letters,
        takeouts,
        deletions,
        arrivals,
        demo_links,
        contributions,
        resource_links,
    ],
    ids=lambda noun: noun.__name__,
)
def test_no_row_is_given_to_another_while_its_task_may_still_run(noun):
    assert 2 * timedelta(seconds=app.conf.task_time_limit) <= noun.LEASE
