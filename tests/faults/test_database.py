"""PostgreSQL is stopped and started while people read and write and a worker checks."""

import time
from urllib.parse import urlsplit, urlunsplit

import pytest
from django.conf import settings

from portfolio.models import CheckRun
from tests.factories import make_project, make_user
from tests.faults.writers import Writer
from tests.services import url_of_the_tests_own_database
from tests.terminal import wait_until
from tests.wire import Wire

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(
        settings.DATABASES["default"]["ENGINE"].endswith("sqlite3"), reason="a file is not stopped"
    ),
]

PEOPLE = 4
#: Seconds within which every page is answered, with what it is about or with what is wrong.
PATIENT = 10


@pytest.fixture(scope="module")
def wire(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock():
        address = urlsplit(url_of_the_tests_own_database())
    folder = address.path.rpartition("/")[0]
    wire = Wire(f"{folder}/.s.PGSQL.5432")
    yield wire
    wire.close()


@pytest.fixture(scope="module")
def way_to_the_database(wire):
    address = urlsplit(url_of_the_tests_own_database())
    name = address.path.rpartition("/")[2]
    return urlunsplit(("postgres", f"postgres@127.0.0.1:{wire.port}", f"/{name}", "", ""))


def test_nothing_that_was_kept_is_lost_and_all_goes_on_by_itself(site, wire, visit, ada):
    people = [make_user(f"Person {number}") for number in range(PEOPLE)]
    writers = [Writer(visit(person).http) for person in people]
    site.github.add("ada/engine", {"README.md": "# Engine\n"})
    make_project(ada, repository="ada/engine", slug="engine", title="Engine")
    page = visit(ada)
    before = site.worker()[0], site.terminal.pids("gunicorn")
    for writer in writers:
        writer.start()
    wait_until(lambda: all(len(writer.kept_since(0)) > 2 for writer in writers))
    site.github.fault("delay", "engine", seconds=3, count=1)
    page.press("/projects/engine/", "/projects/engine/check/")
    wait_until(lambda: site.asked("engine"))

    wire.cut()
    stopped = time.monotonic()
    wait_until(lambda: site.terminal.get("/readyz")[0] == 503)
    assert site.terminal.get("/healthz")[0] == 200
    wait_until(lambda: all(len([a for a in w.answers if a.began > stopped]) > 3 for w in writers))
    wire.mend()
    started = time.monotonic()

    wait_until(lambda: all(len(writer.kept_since(started)) > 3 for writer in writers))
    for writer in writers:
        writer.end()
    CheckRun.objects.active().update(due_at="2020-01-01T00:00Z", sent_at=None)
    wait_until(lambda: CheckRun.objects.get().status == CheckRun.Status.COMPLETED)

    answers = [answer for writer in writers for answer in writer.answers]
    assert max(answer.seconds for answer in answers) < PATIENT
    assert {answer.status for answer in answers} <= {302, 500, 503}
    broken = [answer for answer in answers if answer.status >= 500]
    assert broken
    assert {"All that was saved before is still there" in a.text for a in broken} == {True}
    assert not [answer for answer in broken if answer.began > started + 2]
    for writer, person in zip(writers, people, strict=True):
        there = list(person.asked.values_list("words", flat=True))
        assert len(there) == len(set(there)), "something was done twice"
        assert set(writer.kept_since(0)) <= set(there)
    found = list(CheckRun.objects.get().findings.values_list("check_name", flat=True))
    assert len(found) == len(set(found)) > 2
    assert (site.worker()[0], site.terminal.pids("gunicorn")) == before, (
        "something was started anew"
    )
