"""Background work. A task takes ids, loads, and calls one function that does the work."""

from celery import shared_task
from celery.exceptions import SoftTimeLimitExceeded
from django.db import transaction

from portfolio import check_runs
from portfolio.connection import connect
from portfolio.models import CheckRun


@shared_task
def execute_check_run(check_run_id: int) -> None:
    """Carry out one check run, if it is still to be done. Harmless when it comes twice."""
    if check_run := check_runs.claim(check_run_id):
        try:
            with connect() as github:
                check_runs.execute(check_run, github)
        except SoftTimeLimitExceeded:
            check_runs.postpone(check_run)


@shared_task
def send_due_check_runs() -> None:
    """Put on the queue what waited for its moment, and what got lost on the way."""
    check_runs.send_due(execute_check_run.delay)


def send(check_run: CheckRun) -> None:
    """Put a run on the queue once the row is committed.

    As Celery's delay_on_commit, but a broker that is away does not break the page: the row is there,
    and the scheduler sends it later.
    """
    transaction.on_commit(lambda: execute_check_run.delay(check_run.pk), robust=True)
