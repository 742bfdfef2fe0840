import pytest

from bike_demand.backtest import folds, mean_absolute_error, seasonal_naive
from bike_demand.features import Hour


def test_backtest_folds_do_not_overlap():
    tested = [hour for _, test in folds(0, 5000, weeks=12) for hour in test]
    assert len(tested) == len(set(tested))


def test_training_ends_before_testing_begins():
    for train, test in folds(0, 5000, weeks=12):
        assert train[-1] < test[0]


def test_a_perfect_forecast_has_no_error():
    assert mean_absolute_error([3.0, 4.0], [3.0, 4.0]) == 0


def test_an_empty_comparison_is_refused():
    with pytest.raises(ValueError, match="not empty"):
        mean_absolute_error([], [])


def test_the_crews_rule_is_right_when_weeks_repeat():
    weeks = [Hour("Dock Street", start, start % 168) for start in range(336)]
    assert seasonal_naive(weeks) == 0
