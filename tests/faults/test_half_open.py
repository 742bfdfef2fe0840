"""Connections to the broker that are open at one end only, as after a router lost its memory."""

import time
from urllib.parse import urlsplit

import pytest

from tests.faults.test_check_runs import (  # noqa: F401
    PATIENT,
    are_completed,
    assert_done_once,
    page,
    press_check,
    projects,
)
from tests.services import Valkey
from tests.terminal import wait_until
from tests.wire import Wire

pytestmark = pytest.mark.django_db(transaction=True)

#: Seconds until every process has noticed: a look at the connection every 5 s that is answered within 10,
#: and the scheduler's next turn; without those looks 300 were not enough (0003-background-work.md).
NOTICED = 60


@pytest.fixture(scope="module")
def wires():
    wires: list[Wire] = []
    yield wires
    for wire in wires:
        wire.close()


@pytest.fixture(scope="module")
def way_to_the_broker(wires):
    def through_a_wire(broker: Valkey) -> str:
        address = urlsplit(broker.url)
        wires.append(Wire(("127.0.0.1", address.port)))
        return broker.url.replace(f":{address.port}/", f":{wires[0].port}/")

    return through_a_wire


def test_a_check_is_done_once_although_nobody_hears_on_the_old_connections(
    site, wires, projects, page  # noqa: F811
):  # fmt: skip
    projects("before", "after")
    press_check(page, "before")
    wait_until(lambda: are_completed("before"))

    wires[0].forget()
    began = time.monotonic()
    answer = press_check(page, "after")

    assert time.monotonic() - began < PATIENT
    assert "Queued." in answer or "Running." in answer
    wait_until(lambda: are_completed("after"), seconds=NOTICED)
    assert_done_once(["before", "after"])
