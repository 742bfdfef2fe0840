"""Beds a ward needs tomorrow, from the beds taken now."""


def expected(taken, leaving, coming):
    """Beds at eight tomorrow; never fewer than none."""
    return max(0, taken - leaving + coming)


def same_weekday(history, weekday):
    """The baseline: the mean of the same weekday."""
    days = [beds for day, beds in history if day == weekday]
    return sum(days) / len(days) if days else 0.0
