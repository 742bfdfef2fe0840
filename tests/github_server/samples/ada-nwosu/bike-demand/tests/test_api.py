import pytest

from bike_demand.api import BadRequest, validated


def test_forecast_endpoint_trims_the_station():
    assert validated({"station": " Riverside ", "hour": 9}) == ("Riverside", 9)


@pytest.mark.parametrize("hour", [-1, 24, "9", None])
def test_forecast_endpoint_refuses_an_hour_that_is_none(hour):
    with pytest.raises(BadRequest):
        validated({"station": "Riverside", "hour": hour})
