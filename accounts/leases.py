"""When a row that waits for a worker may be taken: its moment has come, or can never have been meant.

A moment is written by the clock of a machine. Where that clock was put back since, rows would wait for as
long as it was wrong. So a moment that lies further ahead than any pause of its kind is as good as past; who
takes the row writes a new one. What was promised to a person (the two weeks before a deletion) is no pause.
"""

from datetime import datetime, timedelta

from django.db.models import Q


def is_due(field: str, now: datetime, *, longest: timedelta) -> Q:
    """Whether the moment in this field has come, of rows that never wait for longer than `longest`."""
    return Q(**{f"{field}__lte": now}) | Q(**{f"{field}__gt": now + longest})
