"""A rolling-origin backtest: train on the past, forecast a week, move on."""

import csv
import sys
from collections.abc import Iterator

from bike_demand.features import Hour, last_week

WEEK = 168


def folds(first: int, last: int, *, weeks: int) -> Iterator[tuple[range, range]]:
    """Training and test hours of each fold, oldest first. Test weeks never overlap."""
    for number in range(weeks, 0, -1):
        start = last - number * WEEK
        if start > first:
            yield range(first, start), range(start, start + WEEK)


def mean_absolute_error(actual: list[float], forecast: list[float]) -> float:
    if not actual or len(actual) != len(forecast):
        raise ValueError("actual and forecast must be of one length, and not empty")
    return sum(abs(a - f) for a, f in zip(actual, forecast, strict=True)) / len(actual)


def seasonal_naive(hours: list[Hour]) -> float:
    """The error of the crew's rule, over the hours that have a week before them."""
    pairs = [(h.count, f) for h, f in zip(hours, last_week(hours), strict=True) if f is not None]
    return mean_absolute_error([a for a, _ in pairs], [f for _, f in pairs])


def read(path: str) -> list[Hour]:
    with open(path, newline="", encoding="utf-8") as stream:
        return [
            Hour(row["station"], int(row["start"]), int(row["count"]), row["holiday"] == "1")
            for row in csv.DictReader(stream)
        ]


if __name__ == "__main__":
    print(f"seasonal naive: {seasonal_naive(read(sys.argv[1])):.1f} bikes per hour")
