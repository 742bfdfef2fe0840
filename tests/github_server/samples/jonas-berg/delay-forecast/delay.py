"""Baseline and loss for arrival delays."""

from collections import defaultdict
from statistics import median


def baseline(flights):
    """Median delay in minutes by route and hour of departure."""
    delays = defaultdict(list)
    for flight in flights:
        delays[flight["route"], flight["hour"]].append(flight["delay"])
    return {key: median(values) for key, values in delays.items()}


def pinball(actual, forecast, quantile=0.9):
    gap = actual - forecast
    return max(quantile * gap, (quantile - 1) * gap)
