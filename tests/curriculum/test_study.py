"""The days on which Ada studied: drawn, told and listed, and nothing made of it."""

from datetime import UTC, date, datetime, timedelta
from html.parser import HTMLParser

import pytest
import time_machine
from django.template.loader import render_to_string
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from curriculum import enrollments, heat, study, study_sessions
from curriculum.models import Module, Roadmap, Unit, UnitCompletion
from curriculum.study import Day, Entry, Study
from curriculum.study_sessions import Recorded
from tests.factories import make_module, make_stage, make_unit

TODAY = date(2026, 11, 26)  # a Thursday


def completed(*days_and_minutes, today=TODAY, recorded=()):
    module = Module(pk=1, title="Moving")
    return Study(
        today,
        tuple(
            Entry(day, Unit(pk=n, title=f"Unit {n}", minutes=minutes, module=module), 1)
            for n, (day, minutes) in enumerate(sorted(days_and_minutes))
        ),
        tuple(Recorded(day, 1000, 1, minutes) for day, minutes in sorted(recorded)),
    )


def complete(enrollment, unit, moment):
    enrollments.complete_unit(enrollment, unit)
    UnitCompletion.objects.filter(unit=unit).update(completed_at=moment)


# Days


def test_each_completion_counts_on_its_day_in_the_learners_zone(ada):
    unit = make_unit(minutes=90)
    enrollment = enrollments.enroll(ada)
    complete(enrollment, unit, datetime(2026, 7, 1, 23, 30, tzinfo=UTC))

    with timezone.override("Europe/London"):  # where it is half past midnight
        assert study.of(ada).days == {date(2026, 7, 2): Day(expected=90, units=1)}
    with timezone.override("UTC"):
        assert study.of(ada).days == {date(2026, 7, 1): Day(expected=90, units=1)}


def test_what_retired_since_is_history_and_what_was_opened_again_is_not(ada, eve):
    kept, reopened = make_unit(), make_unit()
    enrollment = enrollments.enroll(ada)
    enrollments.complete_unit(enrollment, kept)
    enrollments.complete_unit(enrollment, reopened)
    enrollments.reopen_unit(enrollment, reopened)
    kept.retired_at = timezone.now()
    kept.save()

    assert [entry.unit for entry in study.of(ada).entries] == [kept]
    assert study.of(eve).entries == ()


def test_every_roadmap_of_a_learner_is_in_it_and_each_can_be_seen_alone(ada):
    here = make_unit()
    other = Roadmap.objects.create(slug="other", title="Other", position=2)
    there = make_unit(module=make_module(stage=make_stage(roadmap=other)))
    first, second = enrollments.enroll(ada), enrollments.enroll(ada, other)
    enrollments.complete_unit(first, here)
    enrollments.complete_unit(second, there)

    whole = study.of(ada)

    assert {entry.unit for entry in whole.entries} == {here, there}
    assert [entry.unit for entry in whole.on(second).entries] == [there]


def test_all_of_it_is_two_queries(ada, django_assert_num_queries):
    enrollment = enrollments.enroll(ada, make_stage().roadmap)
    for n in range(12):
        unit = make_unit()
        enrollments.complete_unit(enrollment, unit)
        study_sessions.record(ada, unit, minutes=n + 1)

    with django_assert_num_queries(2):
        whole = study.of(ada)
        entries = [entry for entry in whole.entries if not entry.unit.has_left]
        assert len([entry.unit.module.title for entry in entries]) == 12
        assert sum(day.minutes for day in whole.days.values()) == sum(range(13))


def test_time_recorded_counts_on_its_day_and_takes_the_place_of_what_the_author_expects(ada):
    timed, untimed, begun = make_unit(minutes=90), make_unit(minutes=60), make_unit(minutes=900)
    enrollment = enrollments.enroll(ada)
    with time_machine.travel(datetime(2026, 11, 26, 12, tzinfo=UTC), tick=False):
        study_sessions.record(ada, timed, minutes=30, day=date(2026, 11, 23))
        study_sessions.record(ada, timed, minutes=20, day=date(2026, 11, 24))
        study_sessions.record(ada, begun, minutes=45, day=date(2026, 11, 24))
        enrollments.complete_unit(enrollment, timed)
        enrollments.complete_unit(enrollment, untimed)
        whole = study.of(ada)

    assert whole.days == {
        date(2026, 11, 23): Day(recorded=30),
        date(2026, 11, 24): Day(recorded=65),
        date(2026, 11, 26): Day(expected=60, units=2),
    }
    assert whole.on(enrollment) == whole
    assert whole.minutes(whole.today, whole.today) == 150, "the pace is that of the authors"


def test_time_recorded_on_another_roadmap_is_not_seen_on_this_one_alone(ada):
    other = Roadmap.objects.create(slug="other", title="Other", position=2)
    there = make_unit(module=make_module(stage=make_stage(roadmap=other)))
    make_unit()
    study_sessions.record(ada, there, minutes=30)

    assert study.of(ada).days
    assert not study.of(ada).on(enrollments.enroll(ada)).days
    assert study.of(ada).on(enrollments.enroll(ada, other)).days


def test_a_clock_that_runs_and_the_time_of_another_are_not_in_it(ada, eve):
    unit = make_unit()
    study_sessions.record(eve, unit, minutes=30)
    study_sessions.start(ada, unit)

    assert study.of(ada).days == {}


def test_a_day_that_a_journey_left_in_the_future_is_today(ada):
    unit = make_unit()
    with (
        time_machine.travel(datetime(2026, 11, 26, 12, tzinfo=UTC), tick=False),
        timezone.override("Pacific/Auckland"),
    ):
        study_sessions.record(ada, unit, minutes=30)  # where it is the 27th
    with (
        time_machine.travel(datetime(2026, 11, 26, 13, tzinfo=UTC), tick=False),
        timezone.override("Europe/London"),
    ):
        assert study.of(ada).days == {date(2026, 11, 26): Day(recorded=30)}


# The drawing


def test_a_day_of_recorded_time_and_one_of_a_unit_that_had_its_time_before_are_both_drawn():
    unit = Unit(pk=1, title="Loops", minutes=90, module=Module(pk=1, title="Moving"))
    monday, tuesday = date(2026, 11, 23), date(2026, 11, 24)
    found = Study(
        TODAY,
        (Entry(tuesday, unit, 1, has_time=True),),
        (Recorded(monday, 1, 1, 160),),
    )

    drawn = heat.draw(found)

    assert [(square.shade, square.words) for square in drawn.drawings[0].squares] == [
        ("h4", "23 November 2026: 160 minutes"),
        ("h1", "24 November 2026: 1 unit completed"),
    ]
    [week] = drawn.weeks
    assert (week.minutes, week.units) == (160, 1)


@pytest.mark.parametrize(
    ("minutes", "shade"),
    [(1, "h1"), (44, "h1"), (45, "h2"), (89, "h2"), (90, "h3"), (150, "h4"), (2700, "h4")],
)
def test_a_day_with_more_study_is_stronger(minutes, shade):
    drawn = heat.draw(completed((TODAY, minutes)))

    assert [drawing.squares[0].shade for drawing in drawn.drawings] == [shade, shade]


def test_weeks_are_columns_and_the_last_one_ends_after_today():
    wide, narrow = heat.draw(completed()).drawings

    for drawing, weeks in ((wide, 38), (narrow, 21)):
        assert drawing.empty.count("M") == weeks * 7 - 3
        assert drawing.to_come.count("M") == 3
        x, y, size = map(float, drawing.now)
        assert x + size / 2 > drawing.width - size
        assert y == heat.TOP + 3 * size - 1.5


@given(st.dates(date(2020, 1, 1), date(2035, 12, 31)))
def test_each_month_has_its_name_and_no_two_touch(today):
    for drawing in heat.draw(completed(today=today)).drawings:
        months = [label for label in drawing.labels if label.y == 14]
        ends = [label.x + heat.MONTH_WIDTH - 4 for label in months]
        assert all(end <= label.x for end, label in zip(ends, months[1:], strict=False))
        assert ends[-1] <= drawing.width
        weeks = round((drawing.width - heat.LEFT) / (int(drawing.size) + 3))
        first = study_sessions.monday_of(today) - (weeks - 1) * timedelta(days=7)
        begun = {
            day.strftime("%b")
            for day in (first + timedelta(days=n) for n in range((today - first).days + 1))
            if day.day == 1
        }
        assert begun <= {label.text for label in months}


@given(
    st.dates(date(2020, 1, 1), date(2035, 12, 31)),
    st.lists(st.tuples(st.integers(0, 400), st.integers(1, 900)), max_size=40),
    st.lists(st.tuples(st.integers(0, 400), st.integers(1, 720)), max_size=40),
)
def test_every_day_is_drawn_once_and_the_table_holds_the_same(today, behind, recorded):
    found = completed(
        *((today - timedelta(days=ago), m) for ago, m in behind),
        today=today,
        recorded=[(today - timedelta(days=ago), m) for ago, m in recorded],
    )

    drawn = heat.draw(found)

    for drawing, weeks in zip(drawn.drawings, (38, 21), strict=True):
        days = len(drawing.squares) + drawing.empty.count("M") + drawing.to_come.count("M")
        assert days == weeks * 7
    first = study_sessions.monday_of(today) - 37 * timedelta(days=7)
    shown = [held for day, held in found.days.items() if day >= first]
    assert len(drawn.drawings[0].squares) == len(shown)
    assert sum(week.minutes for week in drawn.weeks) == sum(held.minutes for held in shown)
    assert sum(week.units for week in drawn.weeks) == len(found.within(first, today))
    assert drawn.sentence


def test_the_sentence_tells_what_is_drawn():
    monday = study_sessions.monday_of(TODAY)
    days = [monday - timedelta(days=7 * n) for n in range(10)]

    drawn = heat.draw(
        completed(*((day, 120) for day in days), *((d + timedelta(2), 60) for d in days))
    )

    assert drawn.sentence == (
        "Study on 20 days. Mostly on Monday. About 3 h a week over the last 8 weeks."
    )


def test_a_learner_of_three_days_has_no_habits_yet():
    sentence = heat.draw(completed((TODAY, 120))).sentence

    assert sentence == "Study on 1 day. About 2 h in the last week."


def test_nothing_is_said_of_streaks_or_of_days_without_study():
    monday = study_sessions.monday_of(TODAY)
    html = render_to_string(
        "curriculum/_heat.html",
        {"study": completed((monday, 60), (monday - timedelta(days=70), 60)), "has_table": True},
    ).lower()

    assert not {"streak", "missed", "in a row", "behind"} & set(html.split())


class Links(HTMLParser):
    """The links of a drawing, each with its title, and whether the tabulator stops there."""

    def __init__(self):
        super().__init__()
        self.found, self.open = [], False

    def handle_starttag(self, tag, attributes):
        if tag == "a":
            self.found.append({**dict(attributes), "name": ""})
        self.open = tag == "title"

    def handle_data(self, text):
        if self.open:
            self.found[-1]["name"] += text

    def handle_endtag(self, tag):
        self.open = False


def test_a_day_is_a_link_with_a_name_and_the_table_leads_there_by_keyboard():
    links = Links()
    links.feed(
        render_to_string(
            "curriculum/_heat.html", {"study": completed((TODAY, 90)), "has_table": True}
        )
    )

    wide, narrow, table = links.found
    assert wide == narrow
    assert wide["name"] == "26 November 2026: 90 minutes, 1 unit completed"
    assert wide["tabindex"] == "-1"
    assert "tabindex" not in table
    assert table["aria-label"] == "26 November, 90 minutes"
    assert table["href"] == wide["href"] == "/study/?day=2026-11-26#day"


# The page


def test_a_day_lists_what_was_completed_on_it(as_user, ada):
    first, second = make_unit(title="Loops"), make_unit(title="Lists", minutes=45)
    enrollment = enrollments.enroll(ada)
    complete(enrollment, first, datetime(2026, 11, 23, 19, tzinfo=UTC))
    complete(enrollment, second, datetime(2026, 11, 25, 19, tzinfo=UTC))
    client = as_user(ada)

    with time_machine.travel(datetime(2026, 11, 26, 12, tzinfo=UTC), tick=False):
        client.force_login(ada)
        last = client.get("/study/").content.decode()
        monday = client.get("/study/?day=2026-11-23").content.decode()
        empty = client.get("/study/?day=2026-11-24").content.decode()

    assert "Wednesday 25 November 2026" in last
    assert "Lists" in last
    assert "Loops" not in last.split('id="day"')[1]
    assert "Monday 23 November 2026" in monday
    assert "Loops" in monday
    assert 'href="?day=2026-11-25#day" rel="next"' in monday
    assert "Nothing was recorded or completed on this day." in empty
    assert 'href="?day=2026-11-23#day" rel="prev"' in empty


def test_a_day_lists_the_time_recorded_and_counts_nothing_twice(as_user, ada):
    loops = make_unit(title="Loops", minutes=90)
    enrollment = enrollments.enroll(ada)
    with time_machine.travel(datetime(2026, 11, 26, 12, tzinfo=UTC), tick=False):
        session = study_sessions.record(ada, loops, minutes=40)
        enrollments.complete_unit(enrollment, loops)
        page = as_user(ada).get("/study/").content.decode()

    day = page.split('id="day"')[1]
    assert "40 min" in day
    assert "1 h 30" not in day
    assert session.get_absolute_url() in day
    assert ">completed ·" in day


@pytest.mark.parametrize(
    "day", ["", "today", "2026-02-30", "2026-11-23T10:00", "9" * 500, "%00", "../..", "0000-00-00"]
)
def test_what_is_no_day_is_not_found(as_user, ada, day):
    assert as_user(ada).get(f"/study/?day={day}").status_code == 404


def test_a_newcomers_calendar_says_what_will_stand_there(as_user, ada):
    page = as_user(ada).get("/study/").content.decode()

    assert "Nothing recorded or completed in these weeks." in page
    assert "The time you record and the units you complete stand here." in page
    assert "<table" not in page


def test_eve_sees_nothing_of_adas_days(as_user, ada, eve):
    unit = make_unit(title="Loops")
    enrollments.complete_unit(enrollments.enroll(ada), unit)
    study_sessions.record(ada, unit, minutes=40)

    page = as_user(eve).get(f"/study/?day={timezone.localdate().isoformat()}").content.decode()

    assert "Loops" not in page
