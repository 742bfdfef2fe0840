"""What Ada did, newest first, on her own days; for her eyes alone."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from curriculum import enrollments, notes, study_sessions
from portfolio import history, reviews
from portfolio.history import Cursor, Kind
from tests.factories import (
    enroll,
    make_check_run,
    make_mock_interview,
    make_project,
    make_role,
    make_stage,
    make_unit,
)

NOON = datetime(2026, 11, 17, 12, 0, tzinfo=UTC)


@pytest.fixture
def clock(db):
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


def page_of(response):
    return " ".join(response.content.decode().split())


def kinds(learner):
    return [event.kind for event in history.page(learner).events]


def test_everything_that_is_done_stands_in_the_history(ada, grace, clock):
    """One of each, an hour apart."""
    unit, role = make_unit(), make_role()

    def a_run(outcome):
        return make_check_run(project, ("tests", outcome), completed_at=timezone.now())

    enrollment = enroll(ada)
    clock.shift(3600)
    enrollments.aim_for(enrollment, role)
    clock.shift(3600)
    enrollments.complete_unit(enrollment, unit)
    clock.shift(3600)
    enrollments.reopen_unit(enrollment, unit)
    clock.shift(3600)
    enrollments.skip_unit(enrollment, unit)
    clock.shift(3600)
    enrollments.unskip_unit(enrollment, unit)
    clock.shift(3600)
    study_sessions.record(ada, unit, minutes=45)
    clock.shift(3600)
    notes.write(ada, unit, "Off by one.")
    clock.shift(3600)
    project = make_project(ada)
    clock.shift(3600)
    a_run("failed")
    clock.shift(3600)
    run = a_run("passed")
    clock.shift(3600)
    reviews.request(project)
    clock.shift(3600)
    reviews.submit(project, reviewer=grace, verdict="approved", body="Good.", check_run=run)
    clock.shift(3600)
    make_mock_interview(ada, grace, state="held", starts_at=timezone.now())

    assert kinds(ada) == [
        Kind.INTERVIEWED, Kind.RECEIVED, Kind.ASKED, Kind.TURNED, Kind.STARTED, Kind.NOTED, Kind.STUDIED,
        Kind.UNSKIPPED, Kind.SKIPPED, Kind.REOPENED, Kind.COMPLETED, Kind.AIMED, Kind.ENROLLED,
    ]  # fmt: skip
    assert {event.kind for event in history.page(ada).events} == set(Kind)


def test_a_review_that_was_given_unasked_was_not_asked_for(ada, grace, clock):
    project = make_project(ada)
    run = make_check_run(project, ("tests", "passed"))
    reviews.submit(project, reviewer=grace, verdict="approved", body="Good.", check_run=run)

    assert kinds(ada) == [Kind.RECEIVED, Kind.STARTED]


def test_only_a_verdict_that_turned_is_an_event(ada, clock):
    project = make_project(ada)
    story = ["unknown", "failed", "failed", "unknown", "passed", "unknown", "passed", "failed"]
    for outcome in story:
        clock.shift(3600)
        make_check_run(
            project, ("tests", outcome), ("licence", outcome), completed_at=timezone.now()
        )

    turned = [event.row for event in history.page(ada).events if event.kind == Kind.TURNED]
    assert [(row.check_name, row.before, row.outcome) for row in turned] == [
        ("tests", "passed", "failed"), ("tests", "failed", "passed"),
    ]  # fmt: skip


def test_one_repository_says_nothing_of_another(ada, clock):
    for outcome in ("failed", "passed"):
        clock.shift(3600)
        make_check_run(make_project(ada), ("tests", outcome), completed_at=timezone.now())

    assert Kind.TURNED not in kinds(ada)


def test_aims_are_remembered_and_the_same_one_only_once(ada, clock):
    first, second = make_role("First"), make_role("Second")
    make_stage()
    enrollment = enrollments.enroll(ada, target_role=first)
    for role in (first, second, second, None, None):
        clock.shift(3600)
        enrollments.aim_for(enrollment, role)

    aims = [event.row.role for event in history.page(ada).events if event.kind == Kind.AIMED]
    assert aims == [None, second, first]


def test_time_recorded_later_stands_on_the_day_it_was_studied(ada, clock, as_user):
    unit = make_unit(title="Loops")
    study_sessions.record(ada, unit, minutes=45, day=date(2026, 11, 14))
    notes.write(ada, unit, "Off by one.")

    events = history.page(ada).events
    page = page_of(as_user(ada).get("/history/"))

    assert [(event.kind, event.day) for event in events] == [
        (Kind.NOTED, date(2026, 11, 17)), (Kind.STUDIED, date(2026, 11, 14)),
    ]  # fmt: skip
    assert "14 November" in page
    assert "Studied 45 min:" in page
    assert page.count("12:00") == 1


def test_a_day_is_the_learners_own(ada, clock, as_user):
    ada.profile.time_zone = "Asia/Tokyo"
    ada.profile.save()
    clock.move_to(datetime(2026, 11, 17, 20, 0, tzinfo=UTC))
    notes.write(ada, make_unit(), "Off by one.")
    clock.move_to(datetime(2026, 11, 18, 20, 0, tzinfo=UTC))

    assert "Yesterday" in page_of(as_user(ada).get("/history/")).split("<main")[1]


# Page by page


def walk(learner, count):
    """All pages, one after the other."""
    pages = [history.page(learner, count=count)]
    while pages[-1].older:
        after = history.cursor_from(str(pages[-1].older))
        pages.append(history.page(learner, after, count=count))
    return pages


@pytest.mark.parametrize("count", [1, 2, 3, 7, 50])
@pytest.mark.parametrize("zone", ["UTC", "Asia/Tokyo", "America/Lima"])
def test_pages_hold_every_event_once_and_in_order(count, zone, ada, clock):
    """Many of one moment, and days that were told later, across the ends of pages."""
    enrollment = enroll(ada)
    with timezone.override(zone):
        for n in range(12):
            unit = make_unit()
            notes.write(ada, unit, "x")
            enrollments.complete_unit(enrollment, unit)
            study_sessions.record(
                ada, unit, minutes=10 + n, day=timezone.localdate() - timedelta(days=n % 3)
            )
            if n % 4 == 3:
                clock.shift(9 * 3600)

        pages = walk(ada, count)
        events = [event for page in pages for event in page.events]

        assert len(events) == 37
        assert len({(event.kind, event.row.pk) for event in events}) == 37
        assert all(before.place >= after.place for before, after in pairwise(events))
        assert all(len(page.events) == count for page in pages[:-1])
        assert all(event.day <= timezone.localdate() for event in events)


@pytest.mark.parametrize(
    "text",
    [
        "", "x", "_", "__", "2026-11-17_x_1", "2026-11-17_2026-11-17T12:00:00_1",
        "9999-12-31_9999-12-31T23:59:59+00:00_1",
        "0001-01-01_0001-01-01T00:00:00+14:00_1", "2026-11-17_2026-11-17T12:00:00+00:00_0",
        "2026-11-17_2026-11-17T12:00:00+00:00_-1", "2026-11-17_2026-11-17T12:00:00+00:00_99999999",
        "2026-11-17_2026-11-17T12:00:00+00:00_1\x00", "<b>_<i>_<u>", "é" * 10_000,
    ],
)  # fmt: skip
def test_an_address_that_is_no_cursor_shows_the_newest(text, ada, clock, as_user):
    notes.write(ada, make_unit(title="Loops"), "Off by one.")

    response = as_user(ada).get("/history/", {"after": text})

    assert history.cursor_from(text) is None
    assert response.status_code == 200
    assert "Wrote a note on" in page_of(response)


def test_a_cursor_is_written_in_an_address_and_read_again():
    cursor = Cursor(date(2026, 11, 17), NOON, 3)

    assert history.cursor_from(str(cursor)) == cursor


def test_a_long_history_takes_as_many_queries_as_a_short_one(ada, clock, as_user):
    enrollment, project = enroll(ada), make_project(ada)

    def live(days):
        for _ in range(days):
            clock.shift(timedelta(days=1))
            unit = make_unit()
            enrollments.complete_unit(enrollment, unit)
            notes.write(ada, unit, "x")
            study_sessions.record(ada, unit, minutes=30)
            make_check_run(project, ("tests", "failed"), completed_at=timezone.now())
            make_check_run(project, ("tests", "passed"), completed_at=timezone.now())
            make_project(ada)

    def cost(address):
        client = as_user(ada)
        client.get("/settings/profile/")  # the first page of a session writes it down
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address).status_code == 200
        return len(queries)

    live(1)
    few = cost("/history/")
    live(40)
    older = history.page(ada).older

    assert cost("/history/") == few <= 24
    assert cost(f"/history/?after={str(older).replace('+', '%2B')}") == few


# Whose


def test_nobody_sees_the_history_of_another(ada, grace, eve, katherine, clock, as_user):
    notes.write(ada, make_unit(title="Loops"), "Off by one.")

    for person in (grace, eve, katherine):
        assert "Nothing yet" in page_of(as_user(person).get("/history/"))


def test_the_page_says_what_was_done_and_leads_there(ada, grace, clock, as_user):
    unit = make_unit(title="Loops <b>", slug="loops")
    enrollment = enrollments.enroll(ada, target_role=make_role("Guide", slug="guide"))
    enrollments.complete_unit(enrollment, unit)
    project = make_project(ada, title="Engine", slug="engine")
    run = make_check_run(project, ("tests", "failed"), completed_at=timezone.now())
    clock.shift(3600)
    make_check_run(project, ("tests", "passed"), completed_at=timezone.now())
    reviews.submit(project, reviewer=grace, verdict="approved", body="Good.", check_run=run)
    study_sessions.start(ada, unit)

    page = page_of(as_user(ada).get("/history/"))

    assert 'Completed <a class="title" href="/units/loops/">Loops &lt;b&gt;</a>' in page
    assert 'Aimed for <a class="title" href="/roles/guide/">Guide</a>' in page
    assert "Grace Halloran reviewed (approved)" in page
    assert "The clock runs on" in page
    assert page.index("Failed") < page.index("Passed")


def test_without_anything_done_the_page_says_what_it_is_for(ada, as_user):
    assert "Nothing yet" in page_of(as_user(ada).get("/history/"))
