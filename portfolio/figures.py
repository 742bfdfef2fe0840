"""Numbers as people write them, and where one stands in a text. Plain Python."""

import re
from collections.abc import Iterator
from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal, InvalidOperation

#: What is kept of a number: as it was typed, without blanks and with a plain minus.
PATTERN = r"^-?[0-9]{1,12}(\.[0-9]{1,8})?$"
#: A number in a text; one of ten thousand and more may have commas between its thousands.
_NUMBER = r"[0-9]{1,18}(?:\.[0-9]{1,18})?(?:[eE][-+]?[0-9]{1,2})?"
_IN_DATA = re.compile(rf"(?<![\w.])[-+−]?{_NUMBER}(?![0-9])")
_IN_PROSE = re.compile(
    rf"(?<![\w.])[-+−]?(?:[0-9]{{1,3}}(?:,[0-9]{{3}})+(?:\.[0-9]{{1,18}})?(?![0-9,])|{_NUMBER}(?![0-9]))"
)
#: Files in which a comma divides numbers and never their thousands.
_DATA_SUFFIXES = (".csv", ".tsv", ".json", ".jsonl", ".ipynb", ".yaml", ".yml", ".toml", ".py")
_BLANKS = dict.fromkeys(map(ord, " \u00a0\u2009\u202f\t"))


class NotAFigure(ValueError):
    """Not a number that we can keep; the message says how to write one."""


def clean(text: str) -> str:
    """The number as it is kept: "1 200", "−0.5 " and "+3" become 1200, -0.5 and 3.

    Raises NotAFigure. A comma is refused: half the world divides thousands by it, the other decimals.
    """
    plain = text.translate(_BLANKS).replace("\u2212", "-").removeprefix("+")
    if "," in plain:
        raise NotAFigure("comma")
    if not re.fullmatch(PATTERN, plain):
        raise NotAFigure("shape")
    return plain


def line_of(text: str, figure: str, *, path: str = "", is_percent: bool = False) -> int:
    """The first line in which the number stands, counted from 1; 0 where it stands in none.

    A longer number counts when it rounds to this one as it is written (0.3874 shows 0.39), unless that
    has but one digit that says something. A percentage may stand there as a share of one: 0.87 shows 87.
    """
    wanted = Decimal(figure)
    pattern = _IN_DATA if path.lower().endswith(_DATA_SUFFIXES) else _IN_PROSE
    rounded = 0
    for number, line in enumerate(text.splitlines(), 1):
        for value in _values(line, pattern, is_percent):
            if value == wanted:
                return number
            if not rounded and _rounds_to(value, wanted):
                rounded = number
    return rounded


def _values(line: str, pattern: re.Pattern[str], is_percent: bool) -> Iterator[Decimal]:
    for found in pattern.findall(line):
        try:
            value = Decimal(found.replace(",", "").replace("\u2212", "-"))
        except InvalidOperation:
            continue
        yield value
        if is_percent and abs(value) <= 1:
            yield value * 100


def _rounds_to(value: Decimal, wanted: Decimal) -> bool:
    if len(wanted.normalize().as_tuple().digits) < 2:
        return False
    step = Decimal(1).scaleb(int(wanted.as_tuple().exponent))
    try:
        return any(
            value.quantize(step, rounding) == wanted
            for rounding in (ROUND_HALF_UP, ROUND_HALF_EVEN)
        )
    except InvalidOperation:  # more digits than anybody measures
        return False
