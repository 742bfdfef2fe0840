"""A week from the hours Ada has: on her days, in her time zone, with nothing piling up."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from curriculum import enrollments, plan, progress, study
from curriculum.models import Enrollment, Module, Unit, UnitCompletion
from curriculum.study import Entry, Study
from tests.factories import make_module, make_unit

MONDAY = date(2026, 11, 23)
WEDNESDAY, THURSDAY, SATURDAY, SUNDAY = (MONDAY + timedelta(days=n) for n in (2, 3, 5, 6))


def make_enrollment(hours=6, days="", since=date(2026, 1, 5)):
    return Enrollment(
        pk=1,
        weekly_hours=hours,
        study_days=days,
        enrolled_at=datetime(since.year, since.month, since.day, 12, tzinfo=UTC),
    )


def make_way(*minutes):
    module = Module(pk=1, title="Moving")
    return [
        Unit(pk=n, title=f"Unit {n}", module=module, minutes=m)
        for n, m in enumerate(minutes, start=1)
    ]


def done(*days_and_minutes, today):
    """What was completed: pairs of a day and minutes."""
    entries = [
        Entry(day, Unit(pk=100 + n, title=f"Done {n}", minutes=minutes), 1)
        for n, (day, minutes) in enumerate(days_and_minutes)
    ]
    return Study(today, tuple(entries))


def rows(week):
    """Each part of a week as day of the week, key of the unit, minutes."""
    return [
        (day.date.isoweekday(), part.unit.pk, part.minutes)
        for day in week.days
        for part in day.parts
        if not part.is_done
    ]


def first_week(enrollment, way, completed):
    return plan.weeks(enrollment, way, completed)[0]


# Days


@pytest.mark.parametrize(
    ("hours", "days"), [(1, [1]), (2, [1]), (4, [1, 4]), (6, [1, 3, 5]), (8, [1, 2, 4, 6])]
)
def test_hours_without_days_are_spread_over_the_week_in_sittings(hours, days):
    found = plan.study_days(make_enrollment(hours), MONDAY, MONDAY)

    assert [day.isoweekday() for day in found] == days


def test_many_hours_take_every_day():
    assert len(plan.study_days(make_enrollment(60), MONDAY, MONDAY)) == 7


def test_a_learners_own_days_are_kept():
    found = plan.study_days(make_enrollment(days="136"), MONDAY, MONDAY)

    assert found == [MONDAY, WEDNESDAY, SATURDAY]


# One week


def test_units_stand_on_the_days_in_the_order_in_which_each_is_next():
    week = first_week(make_enrollment(days="136"), make_way(120, 120, 120, 60), done(today=MONDAY))

    assert rows(week) == [(1, 1, 120), (3, 2, 120), (6, 3, 120)]
    assert (week.minutes, week.minutes_done) == (360, 0)


def test_a_unit_that_fits_a_day_is_never_cut():
    week = first_week(make_enrollment(days="136"), make_way(90, 90, 90, 90), done(today=MONDAY))

    assert [minutes for _, _, minutes in rows(week)] == [90, 90, 90, 90]
    assert {day for day, _, _ in rows(week)} == {1, 3, 6}


def test_a_unit_longer_than_a_day_is_split_and_says_so():
    first, second = plan.weeks(make_enrollment(days="136"), make_way(60, 600), done(today=MONDAY))

    assert rows(first) == [(1, 1, 60), (1, 2, 60), (3, 2, 120), (6, 2, 120)]
    assert rows(second) == [(1, 2, 120), (3, 2, 120), (6, 2, 60)]
    assert [part.is_whole for day in first.days for part in day.parts] == [
        True,
        False,
        False,
        False,
    ]


def test_what_is_done_stands_on_its_day_and_counts_against_the_hours():
    week = first_week(
        make_enrollment(days="136"),
        make_way(120, 120),
        done((MONDAY, 150), today=WEDNESDAY),
    )

    assert week.minutes_done == 150
    assert [(day.date, day.parts[0].is_done) for day in week.days] == [
        (MONDAY, True),
        (WEDNESDAY, False),
        (SATURDAY, False),
    ]
    assert rows(week) == [(3, 1, 120), (6, 2, 120)]


def test_a_day_without_study_adds_nothing_to_those_after_it():
    """On Saturday, with nothing done, there is Saturday's share and not the whole week's."""
    week = first_week(make_enrollment(days="136"), make_way(120, 120, 120), done(today=SATURDAY))

    assert rows(week) == [(6, 1, 120)]


def test_what_was_done_today_leaves_only_the_rest_of_today():
    enrollment, way = make_enrollment(days="136"), make_way(60, 120)

    half = first_week(enrollment, way, done((WEDNESDAY, 45), today=WEDNESDAY))
    nearly = first_week(enrollment, way, done((WEDNESDAY, 90), today=WEDNESDAY))

    assert rows(half) == [(3, 1, 60), (6, 2, 120)]
    assert rows(nearly) == [(6, 1, 60), (6, 2, 120)]


def test_when_the_hours_are_done_nothing_more_is_planned_this_week():
    this, following = plan.weeks(
        make_enrollment(days="136"), make_way(60), done((MONDAY, 900), today=WEDNESDAY)
    )

    assert rows(this) == []
    assert this.is_spent
    assert not this.has_plan
    assert rows(following) == [(1, 1, 60)]


def test_on_the_way_to_nothing_nothing_is_planned():
    week = first_week(make_enrollment(), [], done(today=MONDAY))

    assert week.days == ()
    assert not week.is_spent


# From week to week


def test_what_was_left_comes_first_and_the_hours_stay_what_they_are():
    monday = MONDAY + timedelta(days=7)
    completed = done((MONDAY, 120), today=monday)

    week = first_week(make_enrollment(days="136"), make_way(120, 120, 120, 120), completed)

    assert rows(week) == [(1, 1, 120), (3, 2, 120), (6, 3, 120)]
    assert week.minutes == 360
    assert [part.is_carried for day in week.days for part in day.parts] == [True, True, False]


def test_what_was_done_since_then_is_no_longer_carried():
    monday = MONDAY + timedelta(days=7)
    completed = done((MONDAY, 120), (monday, 120), today=monday)

    week = first_week(make_enrollment(days="136"), make_way(120, 120), completed)

    assert [part.is_carried for day in week.days for part in day.parts] == [False, True, False]


def test_after_a_week_without_study_one_simply_goes_on():
    completed = done((MONDAY - timedelta(days=7), 120), today=MONDAY + timedelta(days=7))

    week = first_week(make_enrollment(days="136"), make_way(120, 120), completed)

    assert not any(part.is_carried for day in week.days for part in day.parts)


# The week in which one begins


def test_who_begins_on_a_thursday_without_days_begins_at_once_with_a_share_of_the_hours():
    enrollment = make_enrollment(since=THURSDAY)

    this, following = plan.weeks(enrollment, make_way(*[120] * 9), done(today=THURSDAY))

    assert rows(this) == [(4, 1, 120), (6, 2, 120)]
    assert (this.minutes, following.minutes) == (240, 360)


def test_who_begins_on_a_thursday_with_days_begins_on_the_next_of_them():
    enrollment = make_enrollment(days="136", since=THURSDAY)

    this, following = plan.weeks(enrollment, make_way(120, 120), done(today=THURSDAY))

    assert rows(this) == [(6, 1, 120)]
    assert this.minutes == 120
    assert rows(following) == [(1, 2, 120)]


def test_who_begins_after_the_last_of_their_days_begins_next_week():
    enrollment = make_enrollment(days="13", since=SATURDAY)

    this, following = plan.weeks(enrollment, make_way(180), done(today=SATURDAY))

    assert (this.minutes, rows(this)) == (0, [])
    assert rows(following) == [(1, 1, 180)]


def test_a_clock_put_back_before_the_enrolment_breaks_nothing():
    enrollment = make_enrollment(since=SUNDAY)

    week = first_week(enrollment, make_way(120), done(today=THURSDAY))

    assert rows(week) == [(4, 1, 120)]


# Whatever the hours


@given(
    hours=st.integers(1, 60),
    days=st.sets(st.integers(1, 7)),
    minutes=st.lists(st.integers(5, 2700), max_size=30),
    weekday=st.integers(0, 6),
    since=st.integers(0, 20),
    behind=st.lists(st.tuples(st.integers(0, 13), st.integers(5, 900)), max_size=6),
)
def test_a_plan_fits_the_hours_and_loses_no_minute(hours, days, minutes, weekday, since, behind):
    today = MONDAY + timedelta(days=weekday)
    enrollment = make_enrollment(
        hours, "".join(map(str, sorted(days))), since=today - timedelta(days=since)
    )
    way = make_way(*minutes)
    completed = done(
        *((today - timedelta(days=ago), length) for ago, length in behind if ago <= since),
        today=today,
    )

    weeks = plan.weeks(enrollment, way, completed, count=3)

    assert weeks == plan.weeks(enrollment, way, completed, count=3)
    planned = {}
    for week in weeks:
        for day in week.days:
            assert week.monday <= day.date <= week.sunday
            for part in day.parts:
                if not part.is_done:
                    assert day.date >= today
                    assert not days or day.date.isoweekday() in days
                    assert 0 < part.minutes <= part.unit.minutes
                    planned.setdefault(part.unit.pk, []).append(part.minutes)
        assert week.minutes <= hours * 60
        longest = max((u.minutes for u in way if u.minutes <= hours * 60), default=0)
        here = sum(p.minutes for day in week.days for p in day.parts if not p.is_done)
        assert here <= max(0, week.minutes - week.minutes_done) + longest
    order = [unit.pk for unit in way]
    assert list(planned) == order[: len(planned)]
    for key in list(planned)[:-1]:
        assert sum(planned[key]) == way[key - 1].minutes


def test_an_excerpt_keeps_what_comes_and_the_two_done_last():
    completed = done(*[(MONDAY, 15)] * 6, today=WEDNESDAY)
    week = first_week(make_enrollment(days="123456"), make_way(*[60] * 6), completed)

    parts = [part for day in week.excerpt(5) for part in day.parts]

    assert [part.is_done for part in parts] == [True, True, False, False, False]
    assert parts[2].unit.pk == 1
    assert week.excerpt(99) == week.days


# With a learner, a database and a clock


def test_weeks_begin_on_the_learners_own_monday(ada):
    """Sunday evening in London is Monday in Auckland."""
    unit = make_unit()
    enrollment = enrollments.enroll(ada)
    with time_machine.travel(datetime(2026, 11, 22, 20, tzinfo=UTC), tick=False):
        enrollments.complete_unit(enrollment, unit)

        with timezone.override("Europe/London"):
            assert study.of(ada).entries[0].day == date(2026, 11, 22)
        with timezone.override("Pacific/Auckland"):
            completed = study.of(ada)
            assert completed.entries[0].day == MONDAY
            assert first_week(enrollment, [], completed).monday == MONDAY


@pytest.mark.parametrize("zone", ["Europe/London", "America/New_York", "Pacific/Apia", "UTC"])
@pytest.mark.parametrize(
    "day", [date(2026, 3, 8), date(2026, 3, 29), date(2026, 10, 25), date(2026, 11, 1)]
)
def test_a_week_in_which_the_clocks_change_has_seven_days(ada, zone, day):
    make_unit(minutes=30)
    enrollment = enrollments.enroll(ada)
    Enrollment.objects.update(enrolled_at=datetime(2026, 1, 1, tzinfo=UTC))
    enrollment = enrollments.study_on(enrollments.of(ada), range(1, 8))
    noon = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
    with time_machine.travel(noon, tick=False), timezone.override(zone):
        picture = progress.overview(enrollment)
        weeks = plan.weeks(enrollment, picture.route, study.of(ada))

        assert weeks[1].monday - weeks[0].monday == timedelta(days=7)
        assert len(plan.study_days(enrollment, weeks[0].monday, day)) == 7


def test_a_completion_from_tomorrow_counts_today(ada):
    """As it stands in the database after the clock was put back by a day."""
    unit = make_unit()
    enrollment = enrollments.enroll(ada)
    enrollments.complete_unit(enrollment, unit)
    UnitCompletion.objects.update(completed_at=timezone.now() + timedelta(days=1))

    completed = study.of(ada)

    assert [entry.day for entry in completed.entries] == [completed.today]
    assert first_week(enrollment, [], completed).minutes_done == 60


def test_days_are_kept_once_each_and_in_order(ada):
    make_unit()
    enrollment = enrollments.enroll(ada)
    assert enrollment.weekdays == ()

    assert enrollments.study_on(enrollment, [6, 1, 3, 1]).weekdays == (1, 3, 6)
    with pytest.raises(enrollments.NoSuchDay):
        enrollments.study_on(enrollment, [0, 8])
    assert enrollments.of(ada).weekdays == (1, 3, 6)
    for broken in ("31", "11", "8", "mon"):
        with pytest.raises(IntegrityError), transaction.atomic():
            Enrollment.objects.update(study_days=broken)


# Pages


def test_a_learner_says_which_days_they_study_and_sees_them_planned(as_user, ada):
    unit = make_unit(title="Loops", minutes=90)
    client = as_user(ada)

    page = client.post(
        "/enrollment/", {"weekly_hours": 6, "study_days": ["1", "3", "6"]}, follow=True
    ).content.decode()

    assert "Your plan is kept." in page
    assert "on Monday, Wednesday and Saturday" in page
    assert unit.title in page
    assert enrollments.of(ada).weekdays == (1, 3, 6)
    form = client.get("/enrollment/").content.decode()
    assert form.count("checked") == 3


@pytest.mark.parametrize("days", [["0"], ["8"], ["monday"], ["1", "9"]])
def test_a_day_that_no_week_has_is_refused(as_user, ada, days):
    make_unit()

    answer = as_user(ada).post("/enrollment/", {"weekly_hours": 6, "study_days": days})

    assert answer.status_code == 422
    assert enrollments.of(ada) is None


def test_without_a_roadmap_the_plan_says_how_it_comes(as_user, ada):
    make_unit()

    page = as_user(ada).get("/plan/").content.decode()

    assert "No plan yet" in page
    assert 'href="/enrollment/"' in page


def test_a_long_unit_says_how_much_of_it_is_for_a_day(as_user, ada):
    make_unit(minutes=300)
    enrollments.study_on(enrollments.enroll(ada), range(1, 8))

    page = as_user(ada).get("/plan/").content.decode()

    assert "45 min of 5 h" in page


def test_eve_sees_nothing_of_adas_plan(as_user, ada, eve):
    unit = make_unit(module=make_module(title="Moving"))
    enrollments.complete_unit(enrollments.enroll(ada), unit)
    enrollments.enroll(eve)

    page = as_user(eve).get("/plan/").content.decode()

    assert "0 min of" in page
    assert 'aria-label="done"' not in page
