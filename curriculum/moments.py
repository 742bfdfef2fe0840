"""What a clock on a wall means: a local time as the moments it names. Plain Python.

In spring a clock skips an hour, and a time in it names no moment; in autumn it shows an hour twice, and a
time in it names two. Nothing is guessed: who typed the time is asked.
"""

from datetime import UTC, datetime, tzinfo


def named_by(wall: datetime, zone: tzinfo) -> list[datetime]:
    """The moments, in UTC, at which a clock of the zone shows this time: none, one or two."""
    read = {wall.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1)}
    return sorted(at for at in read if at.astimezone(zone).replace(tzinfo=None) == wall)


def around(wall: datetime, zone: tzinfo) -> tuple[datetime, datetime]:
    """For a time that the clock skips: as much before and as much after as was skipped, both local."""
    ends = [wall.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (1, 0)]
    first, last = sorted(at.astimezone(zone).replace(tzinfo=None) for at in ends)
    return first, last
