"""Gaps in a series of moments."""

from datetime import datetime, timedelta


def gaps(moments: list[datetime], step: timedelta) -> list[tuple[datetime, datetime]]:
    """The neighbours between which more than one step lies."""
    pairs = zip(moments, moments[1:], strict=False)
    return [(before, after) for before, after in pairs if after - before > step]
