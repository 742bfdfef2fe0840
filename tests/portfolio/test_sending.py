"""Whatever goes wrong while a task is put on the queue, the page that asked for it is answered."""

from types import SimpleNamespace

import pytest
from django.db import connection, transaction
from django.utils import timezone

from portfolio import tasks

pytestmark = pytest.mark.django_db(transaction=True)


def fail(pk: int) -> None:
    raise ValueError("neither the broker nor anything else that was thought of")


@pytest.mark.parametrize(
    ("send", "task"),
    [
        (tasks.send, "execute_check_run"),
        (tasks.send_contribution, "look_at_contribution"),
        (tasks.send_demo_link, "look_at_demo_link"),
        (tasks.send_measurement, "look_at_measurement"),
        (lambda row: tasks.send_listings([row]), "fetch_listing"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
@pytest.mark.parametrize("within", [True, False], ids=["in a transaction", "without one"])
def test_a_task_that_cannot_be_sent_is_said_in_the_log_and_breaks_nothing(
    send, task, within, monkeypatch, caplog
):
    monkeypatch.setattr(f"portfolio.tasks.{task}.delay", fail)
    row = SimpleNamespace(pk=1, due_at=timezone.now())

    if within:
        with transaction.atomic():
            send(row)
    else:
        send(row)

    assert connection.get_autocommit()
    assert "Error calling" in caplog.text
    assert "neither the broker" in caplog.text
