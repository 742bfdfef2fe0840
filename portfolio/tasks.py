"""Background work. A task takes ids, loads, and calls one function that does the work."""

import time
from collections.abc import Iterable
from contextlib import suppress
from functools import partial

import structlog
from celery import Task, shared_task
from celery.exceptions import SoftTimeLimitExceeded
from django.conf import settings
from django.db import transaction
from kombu.exceptions import OperationalError

from accounts import sealing
from curriculum import reach
from portfolio import (
    access,
    budget,
    check_runs,
    contributions,
    defences,
    demo_links,
    images,
    measurements,
    rechecks,
    reviews,
    sources,
    telling,
)
from portfolio.connection import connect
from portfolio.models import CheckRun, Contribution, DemoLink, Listing, Measurement

log = structlog.get_logger(__name__)

#: Seconds in which one task begins looks at demo links; the last of them may take five more.
LOOKING = 8.0
#: What we call ourselves to a host, and where its owner can read what we do.
USER_AGENT = reach.user_agent(settings.SITE_URL)


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
def fetch_listing(listing_id: int) -> None:
    """List a commit that is under review, and read its likeliest files. Harmless when it comes twice."""
    if listing := sources.claim(listing_id):
        with suppress(sealing.Broken, SoftTimeLimitExceeded):  # due again when the lease is over
            token = access.token_of(listing.repository)
            with connect(budget.for_looks(token=token), token=token) as github:
                sources.fetch(listing, github)


@shared_task
def send_due_listings() -> None:
    """Put on the queue what a page wants to show, and what got lost on the way."""
    for listing_id in sources.due():
        fetch_listing.delay(listing_id)


@shared_task
def look_at_measurement(measurement_id: int) -> None:
    """Look whether a file shows the number that is claimed. Harmless when it comes twice."""
    measurement = measurements.claim(measurement_id)
    if measurement and measurement.repository:
        with suppress(sealing.Broken, SoftTimeLimitExceeded):  # due again when the lease is over
            token = access.token_of(measurement.repository)
            with connect(budget.for_looks(token=token), token=token) as github:
                measurements.look(measurement, github)


@shared_task
def look_at_due_measurements() -> None:
    """Put on the queue what got lost on the way, and what waits for GitHub."""
    for measurement_id in measurements.due():
        look_at_measurement.delay(measurement_id)


@shared_task
def keep_reviews_moving() -> None:
    """Give back what mentors held too long, end what nobody took, remind those who are waited for."""
    reviews.release_lapsed()
    reviews.release_unentitled()
    reviews.expire_forgotten()
    telling.leases_that_end()
    telling.requests_that_wait()


@shared_task
def look_at_contribution(contribution_id: int) -> None:
    """Ask GitHub about one pull request, if it is due. Harmless when it comes twice."""
    if contribution := contributions.claim(contribution_id):
        with suppress(SoftTimeLimitExceeded), connect(budget.for_looks()) as github:
            contributions.execute(contribution, github)


@shared_task
def look_at_due_contributions() -> None:
    """Ask GitHub about the pull requests whose look has come."""
    for contribution_id in contributions.due():
        look_at_contribution.delay(contribution_id)


@shared_task
def sweep_images() -> None:
    """Remove files of images that no row names any more."""
    images.sweep()


@shared_task
def refresh_defences() -> None:
    """Have cards about one's own work follow what checks and reviews say by now."""
    defences.refresh_all()


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
    _send_later(execute_check_run, check_run.pk)


def send_contribution(contribution: Contribution) -> None:
    """The same for a look at a pull request."""
    _send_later(look_at_contribution, contribution.pk)


def send_demo_link(link: DemoLink) -> None:
    """The same for a look at a demo link."""
    _send_later(look_at_demo_link, link.pk)


def send_measurement(measurement: Measurement) -> None:
    """The same for a look at the file of a measurement, if one is due."""
    if measurement.due_at:
        _send_later(look_at_measurement, measurement.pk)


def send_listings(listings: Iterable[Listing]) -> None:
    """Put listings on the queue once they are committed; the scheduler sends what gets lost."""
    for listing in listings:
        _send_later(fetch_listing, listing.pk)


def _send_later(task: Task, pk: int) -> None:
    """After the commit; a lambda, for Django names what failed by a name that a partial lacks."""
    transaction.on_commit(lambda: _send(task, pk), robust=True)


#: Seconds for which a broker that did not answer is not tried again: a frozen one costs its whole
#: time limit each time, which a page with several repositories would add up.
SPARED = 5.0
_spared_until = 0.0


def _send(task: Task, pk: int) -> None:
    global _spared_until
    if time.monotonic() < _spared_until:
        log.warning("the broker is away", task=task.name, id=pk, error="it was a moment ago")
        return
    try:
        task.delay(pk)
    except OperationalError as error:
        _spared_until = time.monotonic() + SPARED
        log.warning("the broker is away", task=task.name, id=pk, error=str(error))
