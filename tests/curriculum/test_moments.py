"""What a time on the wall means where clocks jump: checked against every time zone there is."""

import zoneinfo
from datetime import UTC, datetime, timedelta

from hypothesis import example, given, settings
from hypothesis import strategies as st

from curriculum import moments

LONDON = zoneinfo.ZoneInfo("Europe/London")
LORD_HOWE = zoneinfo.ZoneInfo("Australia/Lord_Howe")  # its clocks jump by half an hour
ZONES = sorted(zoneinfo.available_timezones() - {"localtime", "posixrules"})

at = datetime.fromisoformat


def test_an_ordinary_time_names_one_moment():
    assert moments.named_by(at("2026-07-01T18:30"), LONDON) == [
        datetime(2026, 7, 1, 17, 30, tzinfo=UTC)
    ]


def test_a_time_that_the_clock_skips_names_none_and_has_neighbours():
    wall = at("2026-03-29T01:30")

    assert moments.named_by(wall, LONDON) == []
    assert moments.around(wall, LONDON) == (
        at("2026-03-29T00:30"),
        at("2026-03-29T02:30"),
    )


def test_a_time_that_the_clock_shows_twice_names_two():
    assert moments.named_by(at("2026-10-25T01:30"), LONDON) == [
        datetime(2026, 10, 25, 0, 30, tzinfo=UTC),
        datetime(2026, 10, 25, 1, 30, tzinfo=UTC),
    ]
    assert len(moments.named_by(at("2026-04-05T01:45"), LORD_HOWE)) == 2


@settings(max_examples=40)
@given(
    st.datetimes(at("1990-01-01T00:00"), at("2037-01-01T00:00")),
    st.sampled_from(ZONES).map(zoneinfo.ZoneInfo),
)
@example(at("2011-12-30T12:00"), zoneinfo.ZoneInfo("Pacific/Apia"))  # a day that never was
@example(at("2026-10-25T01:30"), LONDON)
@example(at("2026-03-29T01:30"), LONDON)
def test_every_moment_that_is_named_shows_as_that_time_and_no_other_does(wall, zone):
    named = moments.named_by(wall, zone)

    assert all(moment.astimezone(zone).replace(tzinfo=None) == wall for moment in named)
    first = wall.replace(tzinfo=UTC) - timedelta(hours=26)
    halves = [first + timedelta(minutes=30 * n) for n in range(2 * 52)]
    shown = [q for q in halves if q.astimezone(zone).replace(tzinfo=None) == wall]
    assert set(shown) <= set(named)
    if not named:
        before, after = moments.around(wall, zone)
        assert before < wall < after
        assert moments.named_by(before, zone)
        assert moments.named_by(after, zone)
