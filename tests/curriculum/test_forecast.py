"""When Ada may be done: at the pace she kept, at the pace she plans, and never more exact than known."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.template.loader import render_to_string
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from curriculum import chart, enrollments, forecast, progress, study
from curriculum.forecast import Reason, Span
from curriculum.models import (
    Enrollment,
    Module,
    Requirement,
    SkillLevel,
    Stage,
    Unit,
    UnitCompletion,
)
from curriculum.progress import ModulePicture, Picture, Progress, StagePicture, State
from curriculum.study import Entry, Study
from tests.factories import make_module, make_role, make_skill, make_unit

TODAY = date(2026, 11, 25)
WEEK = timedelta(days=7)


def make_enrollment(hours=6, since=TODAY - 20 * WEEK):
    noon = datetime(since.year, since.month, since.day, 12, tzinfo=UTC)
    return Enrollment(pk=1, weekly_hours=hours, enrolled_at=noon)


def make_picture(*minutes, completed=0, skipped=0):
    """A roadmap of one module with these open units."""
    module = Module(pk=1, title="Moving")
    way = tuple(Unit(pk=n, module=module, minutes=m) for n, m in enumerate(minutes, start=1))
    whole = Progress(1, 9, completed, sum(minutes) + completed + skipped, 0, skipped)
    entry = ModulePicture(module, whole, State.NEXT, (), False)
    return Picture((StagePicture(None, (entry,)),), way, True)


def done(*days_ago_and_minutes, today=TODAY):
    module = Module(pk=1, stage=Stage(pk=1))
    entries = []
    for n, (ago, minutes) in enumerate(sorted(days_ago_and_minutes, reverse=True)):
        unit = Unit(pk=100 + n, minutes=minutes, module=module)
        entries.append(Entry(today - timedelta(days=ago), unit, 1))
    return Study(today, tuple(entries))


def every_week(*minutes):
    """So many minutes in each of the last weeks, the latest first."""
    return done(*((number * 7 + 1, m) for number, m in enumerate(minutes)))


# Finishing


def test_what_is_left_over_the_minutes_of_a_week_is_a_day():
    assert forecast.finish(TODAY, 360, 360) == TODAY + WEEK
    assert forecast.finish(TODAY, 1, 360) == TODAY + timedelta(days=1)
    assert forecast.finish(TODAY, 0, 360) == TODAY


@pytest.mark.parametrize("pace", [0, -1, 0.0])
def test_no_pace_is_no_date_and_not_the_year_9999(pace):
    assert forecast.finish(TODAY, 60, pace) is None


def test_more_than_ten_years_is_no_date():
    assert forecast.finish(TODAY, 60 * 500, 60) == TODAY + 500 * WEEK
    assert forecast.finish(TODAY, 60 * 530, 60) is None
    assert forecast.finish(date.max, 10**9, 1e-9) is None


@given(st.integers(1, 10**6), st.integers(0, 10**6), st.floats(0, 10_000, allow_nan=False))
def test_less_left_is_never_later_and_more_pace_is_never_later(minutes, fewer, pace):
    later = forecast.finish(TODAY, minutes, pace) or date.max

    assert (forecast.finish(TODAY, min(fewer, minutes), pace) or date.max) <= later
    assert (forecast.finish(TODAY, minutes, pace * 1.5) or date.max) <= later


# The pace


def test_even_weeks_make_a_narrow_span_and_uneven_ones_a_wide_one():
    even, _ = forecast.pace_of(make_enrollment(), every_week(300, 300, 300, 300))
    uneven, _ = forecast.pace_of(make_enrollment(), every_week(60, 540, 300, 300))

    assert (even.slow, even.usual, even.fast) == (300, 300, 300)
    assert (uneven.slow, uneven.usual, uneven.fast) == (220, 300, 380)


def test_only_the_last_four_weeks_count():
    pace, _ = forecast.pace_of(
        make_enrollment(), done((1, 60), (8, 60), (27, 60), (28, 9000), (100, 9000))
    )

    assert pace.units == 3
    assert pace.usual == 45


def test_who_came_lately_has_the_pace_of_the_weeks_there_were():
    enrollment = make_enrollment(since=TODAY - timedelta(days=20))

    pace, _ = forecast.pace_of(enrollment, done((1, 60), (8, 120), (9, 60), (19, 9000)))

    assert (pace.weeks, pace.slow, pace.usual, pace.fast) == (2, 60, 120, 180)


@pytest.mark.parametrize(
    ("weeks", "completed", "reason"),
    [
        (1, every_week(600), Reason.EARLY),
        (20, done(), Reason.QUIET),
        (20, done((29, 600), (40, 600), (50, 600)), Reason.QUIET),
        (20, every_week(600, 600), Reason.FEW),
        (20, done((1, 60), (2, 60), (3, 60), (4, 60)), Reason.FEW),
        (20, every_week(60, 60, 60), None),
    ],
)
def test_where_the_data_is_thin_there_is_a_reason_and_no_pace(weeks, completed, reason):
    pace, found = forecast.pace_of(make_enrollment(since=TODAY - weeks * WEEK), completed)

    assert found == reason
    assert (pace is None) == (reason is not None)


def test_too_early_says_from_when():
    enrollment = make_enrollment(since=TODAY - timedelta(days=5))

    found = forecast.of(enrollment, make_picture(600), done())

    assert found.tells_from == TODAY + timedelta(days=9)
    assert found.whole.kept is None
    assert found.whole.planned.words == "7 December"


# Whole and role


def test_both_paces_lead_to_a_date():
    found = forecast.of(make_enrollment(), make_picture(720, 720), every_week(180, 180, 180, 180))

    assert found.whole.minutes == 1440
    assert found.whole.kept == Span(TODAY, TODAY + 8 * WEEK, TODAY + 8 * WEEK)
    assert found.whole.planned == Span(TODAY, TODAY + 4 * WEEK, TODAY + 4 * WEEK)
    assert found.role is None


def test_when_nothing_is_open_there_is_nothing_to_forecast():
    found = forecast.of(make_enrollment(), make_picture(), every_week(180, 180, 180))

    assert (found.whole.units, found.whole.kept, found.whole.planned) == (0, None, None)


def test_what_a_role_needs_is_told_apart_with_what_it_builds_on(ada):
    role, skill = make_role(), make_skill()
    basics = make_unit(minutes=60)
    wanted = make_unit(module=make_module(after=basics.module), minutes=120)
    make_unit(minutes=3000)
    wanted.module.taught.create(skill=skill, level=SkillLevel.WORKING)
    clause = Requirement.objects.create(role=role, is_required=True, position=1)
    clause.alternatives.create(skill=skill, level=SkillLevel.WORKING)
    enrollment = enrollments.enroll(ada, target_role=role)

    found = forecast.of(enrollment, progress.overview(enrollment), study.of(ada))

    assert (found.role.units, found.role.minutes) == (2, 180)
    assert found.whole.minutes == 3180
    enrollments.skip_unit(enrollment, basics)
    found = forecast.of(enrollment, progress.overview(enrollment), study.of(ada))
    assert found.role.minutes == 120


@given(
    st.lists(st.integers(15, 900), min_size=1, max_size=20),
    st.lists(st.tuples(st.integers(0, 60), st.integers(15, 900)), max_size=20),
    st.integers(1, 60),
    st.integers(0, 27),
)
def test_completing_one_more_never_moves_a_date_later(minutes, behind, hours, ago):
    enrollment = make_enrollment(hours)
    before = forecast.of(enrollment, make_picture(*minutes), done(*behind)).whole
    after = forecast.of(
        enrollment, make_picture(*minutes[1:]), done(*behind, (ago, minutes[0]))
    ).whole

    def ends(span):
        return (span.earliest or date.max, span.latest or date.max)

    if after.units:
        assert ends(after.planned) <= ends(before.planned)
        if before.kept:
            assert after.kept.earliest <= ends(before.kept)[0]
            assert ends(after.kept)[1] <= ends(before.kept)[1]


# Words


@pytest.mark.parametrize(
    ("earliest", "latest", "words"),
    [
        (date(2026, 12, 14), date(2026, 12, 14), "14 December"),
        (date(2027, 2, 2), date(2027, 2, 2), "2 February 2027"),
        (date(2026, 12, 8), date(2026, 12, 19), "between 8 and 19 December"),
        (date(2026, 12, 28), date(2027, 1, 4), "between 28 December and 4 January 2027"),
        (date(2026, 12, 1), date(2026, 12, 30), "in December 2026"),
        (date(2027, 6, 3), date(2027, 6, 3), "in June 2027"),
        (date(2027, 3, 1), date(2027, 5, 9), "between March and May 2027"),
        (date(2026, 12, 1), date(2027, 2, 20), "between December 2026 and February 2027"),
        (date(2027, 3, 1), date(2030, 5, 9), "between 2027 and 2030"),
        (date(2027, 3, 1), None, "not before March 2027"),
        (None, None, "in more than ten years"),
    ],
)
def test_a_span_is_told_no_finer_than_it_is_known(earliest, latest, words):
    assert Span(TODAY, earliest, latest).words == words


@given(st.integers(0, 3700), st.integers(0, 3700))
def test_every_span_has_words(first, length):
    earliest = TODAY + timedelta(days=first)
    words = Span(TODAY, earliest, earliest + timedelta(days=length)).words

    assert words
    assert "9999" not in words


# Clocks


@pytest.mark.parametrize("zone", ["Europe/London", "America/New_York", "Australia/Lord_Howe"])
@pytest.mark.parametrize("day", [date(2026, 3, 29), date(2026, 10, 25), date(2026, 11, 1)])
def test_a_change_of_the_clocks_changes_no_forecast(ada, zone, day):
    units = [make_unit() for _ in range(6)]
    enrollment = enrollments.enroll(ada)
    noon = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
    Enrollment.objects.update(enrolled_at=noon - timedelta(weeks=9))
    with time_machine.travel(noon, tick=False), timezone.override(zone):
        for number, unit in enumerate(units[:4]):
            enrollments.complete_unit(enrollment, unit)
            UnitCompletion.objects.filter(unit=unit).update(
                completed_at=noon - timedelta(days=7 * number, minutes=1)
            )
        enrollment = enrollments.of(ada)
        found = forecast.of(enrollment, progress.overview(enrollment), study.of(ada))

        assert found.pace.usual == 60
        assert found.whole.kept == Span(day, day + 2 * WEEK, day + 2 * WEEK)


@pytest.mark.parametrize("jump", [timedelta(days=-1), timedelta(days=1)])
def test_a_clock_that_jumps_a_day_moves_a_forecast_by_days_and_not_by_years(ada, jump):
    units = [make_unit() for _ in range(30)]
    enrollment = enrollments.enroll(ada)
    Enrollment.objects.update(enrolled_at=timezone.now() - timedelta(weeks=9))
    for number, unit in enumerate(units[:8]):
        enrollments.complete_unit(enrollment, unit)
        UnitCompletion.objects.filter(unit=unit).update(
            completed_at=timezone.now() - timedelta(days=3 * number)
        )
    enrollment = enrollments.of(ada)
    picture = progress.overview(enrollment)
    before = forecast.of(enrollment, picture, study.of(ada)).whole
    with time_machine.travel(timezone.now() + jump, tick=False):
        after = forecast.of(enrollment, picture, study.of(ada)).whole

    assert abs(after.kept.latest - before.kept.latest) < timedelta(days=60)
    assert after.planned.latest - before.planned.latest == jump


# The chart


def numbers(text):
    return [float(number) for number in re.findall(r"-?\d+\.\d+|-?\d+", text)]


def draw(hours, minutes, behind, **whole):
    picture = make_picture(*minutes, **whole)
    return chart.draw(forecast.of(make_enrollment(hours), picture, behind), picture, behind)


def test_the_chart_leads_from_what_was_done_to_where_it_goes():
    drawn = draw(6, [600] * 6, every_week(300, 300, 300, 300), completed=1200)

    assert drawn.sentence == (
        "25 per cent of the study hours are done, without what you skipped. At the pace kept it is 100 by "
        "February 2027, at the pace planned 100."
    )
    assert [row.kept for row in drawn.rows] == ["0", "25", "100"]
    assert drawn.rows[-1].planned == "100"
    assert drawn.value[0] == "100"


def test_without_a_pace_there_is_no_cone():
    drawn = draw(6, [6000], done())

    assert drawn.cone == ""
    assert drawn.value is None
    assert "At the pace planned it is 72 by" in drawn.sentence


@given(
    st.integers(1, 60),
    st.lists(st.integers(15, 2700), min_size=1, max_size=20),
    st.lists(st.tuples(st.integers(0, 400), st.integers(15, 900)), max_size=20),
    st.integers(0, 5000),
)
def test_nothing_is_drawn_outside_the_chart_and_done_never_falls(hours, minutes, behind, skipped):
    completed = done(*behind)
    total = sum(length for _, length in behind)

    drawn = draw(hours, minutes, completed, completed=total, skipped=skipped)

    for line in (drawn.kept, drawn.planned, drawn.cone):
        found = numbers(line)
        assert all(chart.LEFT <= x <= chart.RIGHT + 0.1 for x in found[::2])
        assert all(chart.TOP - 0.1 <= y <= chart.BOTTOM + 0.1 for y in found[1::2])
    heights = numbers(drawn.kept)[1::2]
    assert heights == sorted(heights, reverse=True)
    assert [float(drawn.now[1])] == heights[-1:]


def test_the_chart_is_svg_with_a_table_behind_it(ada):
    make_unit()
    enrollment = enrollments.enroll(ada)
    picture, completed = progress.overview(enrollment), study.of(ada)
    html = render_to_string(
        "curriculum/_forecast.html",
        {
            "forecast": forecast.of(enrollment, picture, completed),
            "picture": picture,
            "study": completed,
            "enrollment": enrollment,
        },
    )

    assert 'role="img"' in html
    assert "<table" in html
    assert "style" not in html


# The page


def test_a_newcomer_reads_why_there_is_no_forecast_of_their_own_pace_yet(as_user, ada):
    make_unit(minutes=600)
    enrollments.enroll(ada)

    page = " ".join(as_user(ada).get("/plan/").content.decode().split())

    assert "No forecast from your own pace yet: it takes two weeks, so from" in page
    assert "at 6 h a week, as planned." in page


def test_who_has_done_everything_reads_that_nothing_is_left(as_user, ada):
    unit = make_unit()
    enrollments.complete_unit(enrollments.enroll(ada), unit)

    page = " ".join(as_user(ada).get("/plan/").content.decode().split())

    assert "nothing is left to study." in page
    assert '<svg class="chart' not in page
