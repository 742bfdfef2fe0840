from bike_demand.features import Hour, calendar, last_week, station_level


def hours(*counts, station="Dock Street"):
    return [Hour(station, start, count) for start, count in enumerate(counts)]


def test_station_level_is_the_mean_of_earlier_hours():
    assert station_level(hours(4, 8, 12)) == [None, 4.0, 6.0]


def test_stations_do_not_share_a_level():
    mixed = [Hour("Dock Street", 0, 10), Hour("Riverside", 0, 2), Hour("Riverside", 1, 4)]
    assert station_level(mixed) == [None, None, 2.0]


def test_no_feature_looks_ahead():
    whole = hours(3, 5, 2, 9, 7)
    part = whole[:3]
    assert station_level(whole)[:3] == station_level(part)


def test_last_week_is_168_hours_earlier():
    series = hours(*range(170))
    assert last_week(series)[168:] == [0, 1]
    assert last_week(series)[167] is None


def test_the_calendar_starts_a_new_day_after_24_hours():
    assert calendar(Hour("Dock Street", 25, 0))["hour"] == 1
    assert calendar(Hour("Dock Street", 25, 0))["weekday"] == 1
