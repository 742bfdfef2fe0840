"""The forecast as the crew's tablet asks for it."""


class BadRequest(ValueError):
    """The question cannot be answered; the message says why."""


def validated(payload: dict) -> tuple[str, int]:
    """Station and hour of a request; raises BadRequest."""
    station, hour = payload.get("station"), payload.get("hour")
    if not isinstance(station, str) or not station.strip():
        raise BadRequest("station must be a name")
    if not isinstance(hour, int) or not 0 <= hour < 24:
        raise BadRequest("hour must be between 0 and 23")
    return station.strip(), hour
