"""Demo links with real processes: a look is made on its own queue, and a lost message loses nothing."""

import pytest

from portfolio.models import DemoLink
from tests.factories import make_project
from tests.terminal import wait_until

pytestmark = pytest.mark.django_db(transaction=True)

INSIDE = "http://10.0.0.1/"  # refused before anything is sent


def is_looked_at(project) -> bool:
    return DemoLink.objects.filter(project=project, outcome="refused").exists()


def test_the_worker_of_one_command_looks_at_demo_links(ada, site):
    project = make_project(ada, demo_url=INSIDE)

    wait_until(lambda: is_looked_at(project))

    link = DemoLink.objects.get()
    assert link.reason == "private"
    assert link.next_look_at > link.looked_at
