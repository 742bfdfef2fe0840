"""Background work. A task takes ids, loads, and calls one function that does the work."""

import time
from functools import partial

from celery import shared_task
from django.conf import settings

from curriculum import mock_interviews, reach, resource_links

#: Seconds in which one task begins looks at resources; the last of them may take five more.
LOOKING = 8.0


@shared_task
def keep_mock_interviews() -> None:
    """Cancel those of people who may not meet any more, end what nobody took up, remind a day before."""
    mock_interviews.cancel_separated()
    mock_interviews.expire()
    mock_interviews.remind()


@shared_task
def look_at_resource_link(resource_link_id: int) -> None:
    """Look at one address of a resource, if it is due and its host may be asked."""
    if link := resource_links.claim(resource_link_id):
        agent = reach.user_agent(settings.SITE_URL)
        resource_links.execute(link, partial(reach.look, user_agent=agent, head_first=True))


@shared_task
def look_at_due_resource_links() -> None:
    """Look at addresses of resources, one of each host, for some seconds; the rest is due next time."""
    resource_links.watch()
    until = time.monotonic() + LOOKING
    for resource_link_id in resource_links.due():
        if time.monotonic() < until:
            look_at_resource_link(resource_link_id)
