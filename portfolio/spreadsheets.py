"""Rows as CSV that no spreadsheet takes for formulas.

Quoted as RFC 4180 says, with CRLF; the mark of UTF-8 in front, without which Excel guesses. A cell that
a spreadsheet would read as a formula begins with an apostrophe instead (OWASP, "CSV Injection").
"""

import csv
import unicodedata
from collections.abc import Iterable, Iterator

BYTE_ORDER_MARK = "\ufeff"

#: What a formula begins with, in any width of letters, and what a cell is cut at.
DANGEROUS = frozenset("=+-@\t\r\n|%")


class _Echo:
    """A file that gives back what is written into it."""

    def write(self, text: str) -> str:
        return text


def lines(rows: Iterable[Iterable[object]]) -> Iterator[str]:
    """The rows as lines of CSV, one at a time; the first with the mark of UTF-8 before it."""
    writer = csv.writer(_Echo(), quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    mark = BYTE_ORDER_MARK
    for row in rows:
        yield mark + writer.writerow([safe(cell) for cell in row])
        mark = ""


def safe(cell: object) -> str:
    """A cell's text, with an apostrophe before it where it might be run; None is empty.

    Whole numbers of our own stay numbers.
    """
    if cell is None:
        return ""
    if isinstance(cell, int) and not isinstance(cell, bool):
        return str(cell)
    text = str(cell).replace("\0", "")
    return f"'{text}" if _is_dangerous(text) else text


def _is_dangerous(text: str) -> bool:
    """Whether the first character, or the first that a reader would see, begins a formula."""
    if text[:1] in DANGEROUS:
        return True
    seen = (c for c in text if not c.isspace() and unicodedata.category(c)[0] not in "CZ")
    first = next(seen, "")
    return unicodedata.normalize("NFKC", first)[:1] in DANGEROUS and first != ""
