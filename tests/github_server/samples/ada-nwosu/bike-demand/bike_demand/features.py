"""What is known of an hour before it begins."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Hour:
    station: str
    start: int  # hours since the first record
    count: int
    is_holiday: bool = False


def station_level(hours: list[Hour]) -> list[float | None]:
    """Mean demand of each hour's station over the hours before it; None for its first hour."""
    seen: dict[str, tuple[int, int]] = {}
    levels: list[float | None] = []
    for hour in hours:
        number, total = seen.get(hour.station, (0, 0))
        levels.append(total / number if number else None)
        seen[hour.station] = (number + 1, total + hour.count)
    return levels


def last_week(hours: list[Hour]) -> list[int | None]:
    """The count at the same station and hour one week earlier, as the crew reads it today."""
    by_time = {(hour.station, hour.start): hour.count for hour in hours}
    return [by_time.get((hour.station, hour.start - 168)) for hour in hours]


def calendar(hour: Hour) -> dict[str, int]:
    """Hour of the day, day of the week, and whether people stay at home."""
    day = hour.start // 24
    return {"hour": hour.start % 24, "weekday": day % 7, "holiday": int(hour.is_holiday)}
