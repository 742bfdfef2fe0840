"""Background work. A task takes ids, loads, and calls one function that does the work."""

import time
from functools import partial

import structlog
from celery import Task, shared_task
from celery.exceptions import SoftTimeLimitExceeded
from django.conf import settings
from django.db import transaction
from kombu.exceptions import OperationalError

from curriculum import reach
from portfolio import access, budget, check_runs, demo_links, rechecks, sealing
from portfolio.connection import connect
from portfolio.github.client import VERSION
from portfolio.models import CheckRun, DemoLink

log = structlog.get_logger(__name__)

#: Seconds in which one task begins looks at demo links; the last of them may take five more.
LOOKING = 8.0
#: What we call ourselves to a host, and where its owner can read what we do.
USER_AGENT = f"Milepost/{VERSION} (+{settings.SITE_URL})"


@shared_task
def execute_check_run(check_run_id: int) -> None:
    """Carry out one check run, if it is still to be done. Harmless when it comes twice."""
    if check_run := check_runs.claim(check_run_id):
        try:
            token = access.token_of(check_run.repository)
            with connect(budget.for_run(check_run, token=token), token=token) as github:
                check_runs.execute(check_run, github)
        except sealing.Broken:
            check_runs.refuse_token(check_run)
        except SoftTimeLimitExceeded:
            check_runs.postpone(check_run)


@shared_task
def send_due_check_runs() -> None:
    """Put on the queue what waited for its moment, and what got lost on the way."""
    check_runs.send_due(execute_check_run.delay)


@shared_task
def request_scheduled_check_runs() -> None:
    """Look again at what nobody asked about for a day or a week; check what moved."""
    for token, repositories in rechecks.by_token(rechecks.claim(limit=rechecks.at_once())):
        with connect(budget.for_looks(token=token), token=token) as github:
            for check_run in rechecks.compare(repositories, github):
                send(check_run)


@shared_task
def look_at_demo_link(demo_link_id: int) -> None:
    """Look at one demo link, if it is due and its host was not asked a moment ago."""
    if link := demo_links.claim(demo_link_id):
        demo_links.execute(link, partial(reach.look, user_agent=USER_AGENT))


@shared_task
def look_at_due_demo_links() -> None:
    """Look at demo links, one of each host, for some seconds; the rest is due the next time."""
    demo_links.watch_others()
    until = time.monotonic() + LOOKING
    for demo_link_id in demo_links.due():
        if time.monotonic() < until:
            look_at_demo_link(demo_link_id)


def send(check_run: CheckRun) -> None:
    """Put a run on the queue once the row is committed.

    As Celery's delay_on_commit, but a broker that is away does not break the page: the row is there,
    and the scheduler sends it later.
    """
    transaction.on_commit(lambda: _send(execute_check_run, check_run.pk), robust=True)


def send_demo_link(link: DemoLink) -> None:
    """The same for a look at a demo link."""
    transaction.on_commit(lambda: _send(look_at_demo_link, link.pk), robust=True)


#: Seconds for which a broker that did not answer is not tried again: a frozen one costs its whole
#: time limit each time, which a page with several repositories would add up.
SPARED = 5.0
_spared_until = 0.0


def _send(task: Task, pk: int) -> None:
    global _spared_until
    if time.monotonic() < _spared_until:
        return
    try:
        task.delay(pk)
    except OperationalError as error:
        _spared_until = time.monotonic() + SPARED
        log.warning("the broker is away", task=task.name, id=pk, error=str(error))
