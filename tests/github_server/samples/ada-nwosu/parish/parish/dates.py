"""Dates as clerks wrote them."""

import re

MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
_DATE = re.compile(r"(?:ye )?(\d{1,2})(?:st|nd|rd|th)?(?: of)? (?:f(?=f))?([a-z]+)\.? (\d{4})(?:/(\d))?")


class Unreadable(ValueError):
    """No rule reads this date; a person has to."""


def read(text: str) -> tuple[int, int, int]:
    """Year, month and day; a double year such as 1791/2 counts from January.

    >>> read("14th Febry 1791/2")
    (1792, 2, 14)
    """
    found = _DATE.search(text.lower())
    if not found or found[2][:3] not in MONTHS:
        raise Unreadable(text)
    day, month, year = int(found[1]), MONTHS.index(found[2][:3]) + 1, int(found[3])
    if found[4]:
        year = year // 10 * 10 + int(found[4])
    return year, month, day
