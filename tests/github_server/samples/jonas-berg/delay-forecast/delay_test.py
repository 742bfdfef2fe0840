from delay import baseline, pinball


def test_baseline_is_the_median_of_a_route_and_hour():
    flights = [{"route": "LBA-AMS", "hour": 7, "delay": d} for d in (0, 5, 40)]
    assert baseline(flights) == {("LBA-AMS", 7): 5}


def test_being_too_low_costs_more_than_being_too_high():
    assert pinball(10, 0) > pinball(0, 10)
