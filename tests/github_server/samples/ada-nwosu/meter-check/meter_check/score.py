"""How odd a reading is for its meter and its hour of the day."""

from statistics import median


def spread(values: list[float]) -> float:
    """The median absolute deviation, scaled to a standard deviation; never below one litre."""
    middle = median(values)
    return max(1.0, 1.4826 * median(abs(value - middle) for value in values))


def robust_z(value: float, history: list[float]) -> float:
    """Distance from the usual reading of this hour, in robust standard deviations."""
    if len(history) < 14:
        raise ValueError("two weeks of history are needed")
    return (value - median(history)) / spread(history)


def is_suspect(scores: list[float], *, limit: float = 6.0, hours: int = 3) -> bool:
    """Whether so many scores in a row are beyond the limit, in one direction."""
    run, direction = 0, 0
    for score in scores:
        now = (score > limit) - (score < -limit)
        run = run + 1 if now and now == direction else int(bool(now))
        direction = now
        if run >= hours:
            return True
    return False
