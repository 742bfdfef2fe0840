"""How long Ada studied: told as a number or measured by a clock, on her own days, and mended."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.utils import timezone

from curriculum import study_sessions
from curriculum.models import Roadmap, StudySession
from curriculum.study_sessions import DayIsFull, NoSuchDay, NotRunning
from tests.factories import make_module, make_stage, make_unit
from tests.together import at_once

TUESDAY = datetime(2026, 11, 17, 20, 0, tzinfo=UTC)


@pytest.fixture
def loops(db):
    return make_unit(slug="loops", title="Loops")


@pytest.fixture
def clock(loops):
    """Time stands still on a Tuesday evening until a test moves it on."""
    with time_machine.travel(TUESDAY, tick=False) as traveller:
        yield traveller


def page_of(response):
    return " ".join(response.content.decode().split())


# Told as a number


def test_one_press_records_todays_minutes(ada, loops, clock, as_user):
    client = as_user(ada)

    assert client.post("/units/loops/study/", {"minutes": 45}).url == "/units/loops/#study"

    session = ada.study_sessions.get()
    assert (session.minutes, session.day) == (45, date(2026, 11, 17))
    page = page_of(client.get("/units/loops/"))
    assert "45 min on this unit" in page
    assert "45 min this week, on all units." in page


def test_another_day_is_recorded_as_that_day(ada, loops, clock, as_user):
    as_user(ada).post("/units/loops/study/", {"minutes": 30, "day": "2026-11-14"})

    assert ada.study_sessions.get().day == date(2026, 11, 14)


def test_two_presses_count_once_and_the_same_time_later_counts_again(ada, loops, clock):
    for _ in range(2):
        study_sessions.record(ada, loops, minutes=45)
    assert study_sessions.times(ada, loops).on_unit == 45

    clock.shift(60)
    study_sessions.record(ada, loops, minutes=45)

    assert study_sessions.times(ada, loops).on_unit == 90


@pytest.mark.django_db(transaction=True)
def test_presses_at_once_count_once(ada):
    loops = make_unit()

    at_once(*([lambda: study_sessions.record(ada, loops, minutes=45)] * 4))

    assert study_sessions.times(ada, loops).on_unit == 45


@pytest.mark.parametrize("minutes", ["0", "-5", "721", "9" * 30, "", "much", "4.5", "<b>"])
def test_a_number_that_is_no_length_is_told(minutes, ada, loops, as_user):
    response = as_user(ada).post("/units/loops/study/", {"minutes": minutes, "day": ""})

    assert response.status_code == 422
    assert 'id="id_minutes_error"' in response.content.decode()
    assert not StudySession.objects.exists()


@pytest.mark.parametrize(
    "day", ["2026-11-18", "2015-01-01", "0026-11-17", "9999-12-31", "yesterday"]
)
def test_a_day_that_is_not_one_is_told(day, ada, loops, clock, as_user):
    response = as_user(ada).post("/units/loops/study/", {"minutes": 45, "day": day})

    assert response.status_code == 422
    assert 'id="id_day_error"' in response.content.decode()
    assert 'name="minutes" value="45"' in page_of(response)


def test_a_day_has_no_more_than_24_hours(ada, loops, clock):
    study_sessions.record(ada, loops, minutes=720)
    session = study_sessions.record(ada, loops, minutes=700)

    with pytest.raises(DayIsFull) as error:
        study_sessions.record(ada, loops, minutes=30)
    study_sessions.change(session, minutes=720, day=session.day)

    assert error.value.minutes == 20


def test_today_is_adas_own_day(ada, loops, clock):
    clock.move_to(datetime(2026, 11, 17, 23, 30, tzinfo=UTC))

    with timezone.override("Asia/Tokyo"):
        assert study_sessions.record(ada, loops, minutes=45).day == date(2026, 11, 18)
        with timezone.override("America/Lima"), pytest.raises(NoSuchDay):
            study_sessions.record(ada, loops, minutes=30, day=date(2026, 11, 18))


# Measured by a clock


def test_a_clock_measures_full_minutes_on_the_day_it_was_started(ada, loops, clock):
    clock.move_to(datetime(2026, 11, 17, 23, 50, tzinfo=UTC))
    study_sessions.start(ada, loops)
    running = study_sessions.running_of(ada)
    assert study_sessions.times(ada, loops).on_unit == 0

    clock.shift(25 * 60 + 59)
    session = study_sessions.stop(running)

    assert (session.minutes, session.day) == (25, date(2026, 11, 17))
    assert study_sessions.running_of(ada) is None


def test_a_clock_is_started_and_stopped_on_the_page(ada, loops, clock, as_user):
    client = as_user(ada)
    client.post("/units/loops/study/start/")
    assert "The clock runs since" in page_of(client.get("/units/loops/"))

    clock.shift(31 * 60)
    session = ada.study_sessions.get()
    client.post(f"/study-sessions/{session.pk}/stop/")

    page = page_of(client.get("/units/loops/"))
    assert "31 min recorded on “Loops”." in page
    assert "31 min on this unit" in page


def test_starting_elsewhere_stops_the_clock_that_runs(ada, loops, clock, as_user):
    other = make_unit(slug="turning", title="Turning")
    study_sessions.start(ada, loops)
    clock.shift(20 * 60)

    client = as_user(ada)
    client.post("/units/turning/study/start/")

    assert study_sessions.times(ada, loops).on_unit == 20
    assert study_sessions.running_of(ada).unit == other
    assert "20 min recorded on “Loops”." in page_of(client.get("/units/turning/"))


def test_starting_what_runs_already_does_not_start_it_anew(ada, loops, clock):
    study_sessions.start(ada, loops)
    clock.shift(20 * 60)
    study_sessions.start(ada, loops)
    clock.shift(20 * 60)

    assert study_sessions.stop(study_sessions.running_of(ada)).minutes == 40


def test_less_than_a_minute_is_not_kept_and_that_is_said(ada, loops, clock, as_user):
    study_sessions.start(ada, loops)
    clock.shift(59)

    client = as_user(ada)
    client.post(f"/study-sessions/{study_sessions.running_of(ada).pk}/stop/")

    assert not StudySession.objects.exists()
    assert "less than a minute" in page_of(client.get("/units/loops/"))


def test_a_clock_that_was_put_back_records_nothing_that_is_not_true(ada, loops, clock):
    study_sessions.start(ada, loops)
    clock.shift(-timedelta(hours=3))

    assert not study_sessions.stop(study_sessions.running_of(ada)).minutes
    assert not StudySession.objects.exists()


def test_a_forgotten_clock_is_capped_and_can_be_mended(ada, loops, clock, as_user):
    study_sessions.start(ada, loops)
    clock.shift(14 * 3600)
    client = as_user(ada)
    assert "stopped now, it counts as 4 h" in page_of(client.get("/units/loops/"))
    session = study_sessions.running_of(ada)

    stopped = client.post(f"/study-sessions/{session.pk}/stop/")
    told = page_of(client.get(stopped.url))
    client.post(f"/study-sessions/{session.pk}/", {"minutes": 50, "day": "2026-11-17"})

    assert "so 4 h were recorded. If it was another time, change it here." in told
    session.refresh_from_db()
    assert (session.minutes, session.day) == (50, date(2026, 11, 17))


def test_a_clock_that_runs_can_be_told_how_long_it_was(ada, loops, clock, as_user):
    study_sessions.start(ada, loops)
    clock.shift(14 * 3600)
    session = study_sessions.running_of(ada)

    client = as_user(ada)
    page = page_of(client.get(session.get_absolute_url()))
    client.post(session.get_absolute_url(), {"minutes": 50, "day": "2026-11-17"})

    assert "How long was it?" in page
    assert study_sessions.running_of(ada) is None
    assert study_sessions.times(ada, loops).on_unit == 50


def test_a_clock_stopped_twice_is_stopped_once(ada, loops, clock, as_user):
    study_sessions.start(ada, loops)
    running = study_sessions.running_of(ada)
    clock.shift(20 * 60)
    study_sessions.stop(running)
    clock.shift(20 * 60)

    with pytest.raises(NotRunning):
        study_sessions.stop(running)
    client = as_user(ada)
    client.post(f"/study-sessions/{running.pk}/stop/")

    assert "stopped before" in page_of(client.get("/units/loops/"))
    assert study_sessions.times(ada, loops).on_unit == 20


@pytest.mark.django_db(transaction=True)
def test_one_clock_runs_however_many_are_started_at_once(ada):
    units = [make_unit() for _ in range(4)]

    at_once(*(lambda unit=unit: study_sessions.start(ada, unit) for unit in units))

    assert StudySession.objects.running().count() == 1


def test_the_database_lets_one_clock_run_and_takes_no_impossible_length(ada, loops):
    ada.study_sessions.create(unit=loops, day=date(2026, 11, 17), started_at=timezone.now())
    for wrong in (
        {"started_at": timezone.now()}, {"minutes": 0}, {"minutes": 721}, {"minutes": None},
    ):  # fmt: skip
        with pytest.raises(IntegrityError), transaction.atomic():
            ada.study_sessions.create(unit=loops, day=date(2026, 11, 17), **wrong)


# Changed and deleted


def test_a_session_is_changed_and_deleted(ada, loops, clock, as_user):
    session = study_sessions.record(ada, loops, minutes=45)
    client = as_user(ada)

    client.post(session.get_absolute_url(), {"minutes": 60, "day": "2026-11-16"})
    [changed] = study_sessions.by_day_and_unit(ada)
    assert (changed.day, changed.minutes) == (date(2026, 11, 16), 60)
    assert "Delete 1 h, yesterday?" in page_of(client.get(f"{session.get_absolute_url()}delete/"))
    client.post(f"{session.get_absolute_url()}delete/")

    assert not StudySession.objects.exists()


def test_a_session_is_nobody_elses(ada, grace, eve, loops, clock, as_user):
    session = study_sessions.record(ada, loops, minutes=45)

    for person in (grace, eve):
        client = as_user(person)
        assert client.get(session.get_absolute_url()).status_code == 404
        assert "45 min on this unit" not in page_of(client.get("/units/loops/"))
    assert "45 min" not in page_of(as_user(grace).get("/mentoring/ada-nwosu/"))


# Sums


def test_time_by_day_and_unit_is_all_that_a_learner_recorded_in_one_query(
    ada, eve, loops, clock, django_assert_num_queries
):
    other = make_stage(roadmap=Roadmap.objects.create(slug="other", title="Other"))
    elsewhere = make_unit(module=make_module(stage=other))
    for days_ago, minutes in ((0, 45), (0, 30), (3, 60), (40, 90)):
        day = date(2026, 11, 17) - timedelta(days=days_ago)
        study_sessions.record(ada, loops, minutes=minutes, day=day)
    study_sessions.record(ada, elsewhere, minutes=100)
    study_sessions.record(eve, loops, minutes=200)
    study_sessions.start(ada, loops)

    with django_assert_num_queries(1):
        recorded = study_sessions.by_day_and_unit(ada)

    here, there = loops.module.stage.roadmap_id, other.roadmap_id
    assert [(time.day, time.unit_id, time.roadmap_id, time.minutes) for time in recorded] == [
        (date(2026, 10, 8), loops.pk, here, 90),
        (date(2026, 11, 14), loops.pk, here, 60),
        (date(2026, 11, 17), loops.pk, here, 75),
        (date(2026, 11, 17), elsewhere.pk, there, 100),
    ]


def test_weeks_begin_on_monday(ada, loops, clock, django_assert_num_queries):
    for day, minutes in ((15, 10), (16, 20), (9, 30), (8, 40)):
        study_sessions.record(ada, loops, minutes=minutes, day=date(2026, 11, day))

    with django_assert_num_queries(1):
        weeks = study_sessions.by_week(ada, weeks=3)

    assert weeks == [(date(2026, 11, 16), 20), (date(2026, 11, 9), 40), (date(2026, 11, 2), 40)]
    assert study_sessions.times(ada, loops).this_week == 20


def test_a_unit_lists_its_latest_sessions_and_sums_up_all(ada, loops, clock):
    for n in range(12):
        study_sessions.record(ada, loops, minutes=10 + n, day=date(2026, 11, 1 + n))

    times = study_sessions.times(ada, loops)

    assert times.on_unit == sum(range(10, 22))
    assert [session.minutes for session in times.latest] == [21, 20, 19, 18, 17]


# A unit that was opened again


def test_the_page_says_when_a_unit_was_completed_and_opened_again(ada, loops, clock, as_user):
    client = as_user(ada)
    client.post("/units/loops/complete/")
    clock.shift(timedelta(days=2))
    answer = client.post("/units/loops/reopen/", headers={"HX-Request": "true"})

    for page in (page_of(answer), page_of(client.get("/units/loops/"))):
        assert 'Completed <time datetime="2026-11-17' in page
        assert 'opened again <time datetime="2026-11-19' in page
    assert 'id="past" hx-swap-oob="true"' in page_of(answer)
