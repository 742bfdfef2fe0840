"""How wide words are, and where a line of them breaks.

Which face a reader has is not known, so the widths are those of the widest in common use (DejaVu
Sans, which Verdana matches): what fits in it fits in all.
"""

import unicodedata
from collections.abc import Iterator

#: Characters by their width in em, each rounded up to its class.
CLASSES = {
    0.30: "'ijlIJ‘’",
    0.35: " ,./:;\\|·",
    0.42: "ft-()[]!r",
    0.54: '"*_`?sz–“”',
    0.62: "cFLkvxyTPYaeo",
    0.66: "0123456789$ESbdghnpqu{}ß€",
    0.70: "ABCRVXZK",
    0.79: "UHNDGOQ&",
    0.87: "w#+<=>^~M",
    1.00: "%mW@…—",
}
WIDTHS = {character: em for em, characters in CLASSES.items() for character in characters}
OTHER = 1.1  # in other scripts: the widest letters of Cyrillic, and those that fill a square
BOLD = 1.18  # how much wider the same words are in bold


def width(text: str, size: float, *, bold: bool = False) -> float:
    """The most that a line takes up, in the unit of its size."""
    em = sum(map(_width, unicodedata.normalize("NFD", text)))
    return em * size * (BOLD if bold else 1)


def wrap(text: str, size: float, room: float, *, bold: bool = False) -> tuple[str, ...]:
    """The text in as few lines as fit the room, and those as even as they can be.

    A word that is wider than the room is broken with a hyphen wherever it has to be.
    """
    lines = list(_lines(text, size, room, bold))
    widest_word = max((width(word, size, bold=bold) for word in text.split()), default=0)
    while len(lines) > 1:
        narrower = max(width(line, size, bold=bold) for line in lines) - 0.1
        if narrower < widest_word:
            break
        evener = list(_lines(text, size, narrower, bold))
        if len(evener) > len(lines):
            break
        lines = evener
    return tuple(lines)


def _width(character: str) -> float:
    return 0 if unicodedata.combining(character) else WIDTHS.get(character, OTHER)


def _lines(text: str, size: float, room: float, bold: bool) -> Iterator[str]:
    line = ""
    for word in text.split():
        longer = f"{line} {word}".strip()
        if width(longer, size, bold=bold) <= room:
            line = longer
            continue
        if line:
            yield line
        *parts, line = _parts(word, size, room, bold)
        yield from parts
    if line:
        yield line


def _parts(word: str, size: float, room: float, bold: bool) -> Iterator[str]:
    """A word in parts that fit; where not even a letter fits, in letters."""
    while len(word) > 1 and width(word, size, bold=bold) > room:
        cut = len(word) - 1
        while cut > 1 and width(word[:cut] + "-", size, bold=bold) > room:
            cut -= 1
        yield word[:cut] + "-"
        word = word[cut:]
    yield word
