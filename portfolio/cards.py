"""Draw the picture that stands beside a link in a message: 1200 by 630, in our own two faces.

Plain Python and Pillow. What our faces cannot draw (other scripts than Latin, Greek and Cyrillic, and
what runs from right to left) is never shown as boxes or in the wrong order: signs are left out, and for
words that hold such letters something else stands in.
"""

import hashlib
import io
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

#: Of the drawing itself: a new one makes every card new.
VERSION = 1
WIDTH, HEIGHT, MARGIN = 1200, 630, 72

FONTS = Path(__file__).resolve().parent / "fonts"
SERIF, SANS = "DejaVuSerif-Bold.ttf", "DejaVuSans.ttf"

# The light colours of config/static/tokens.css.
PAPER, INK, INK_2, INK_3 = "#fbfaf6", "#1a2121", "#4a5452", "#626b68"
LINE, GREEN, CAP, CAP_EDGE = "#858377", "#3b7d53", "#e9b237", "#946a00"


@dataclass(frozen=True, slots=True)
class Card:
    """What a card says."""

    title: str
    stand_in: str  # for a title that we cannot draw, in ASCII
    words: str = ""  # up to three lines below the title
    counts: tuple[
        tuple[str, str], ...
    ] = ()  # up to three: a number or short word, and what it counts
    foot: str = ""
    site: str = ""

    @property
    def tag(self) -> str:
        """Differs whenever the picture does."""
        return hashlib.sha256(f"{VERSION} {self!r}".encode()).hexdigest()[:32]


def draw(card: Card) -> bytes:
    """The card as a PNG."""
    image = Image.new("RGB", (WIDTH, HEIGHT), PAPER)
    pen = ImageDraw.Draw(image)
    _draw_post(pen, WIDTH - MARGIN - 72, MARGIN)
    y = MARGIN - 8
    for size in (72, 60, 48):
        lines = _lines(drawable(card.title, SERIF) or card.stand_in, SERIF, size, WIDTH - 320, 2)
        if len(lines) == 1 or size == 48:
            break
    for line in lines:
        pen.text((MARGIN, y), line, INK, _font(SERIF, size))
        y += round(size * 1.2)
    y += 20
    for line in _lines(drawable(card.words, SANS), SANS, 34, WIDTH - 320, 3):
        pen.text((MARGIN, y), line, INK_2, _font(SANS, 34))
        y += 48
    pen.line((MARGIN, 404, WIDTH - MARGIN, 404), INK, 3)
    x = MARGIN
    for number, what in card.counts[:3]:
        [number] = _lines(drawable(number, SERIF), SERIF, 44, 330, 1) or [""]
        pen.text((x, 422), number, GREEN, _font(SERIF, 44))
        for row, line in enumerate(_lines(drawable(what, SANS), SANS, 24, 330, 2)):
            pen.text((x, 482 + 30 * row), line, INK_2, _font(SANS, 24))
        x += 360
    foot = _lines(drawable(card.foot, SANS), SANS, 24, 700, 1)
    for line in foot:
        pen.text((MARGIN, HEIGHT - 58), line, INK_3, _font(SANS, 24))
    for line in _lines(drawable(card.site, SERIF), SERIF, 24, 320, 1):
        pen.text((WIDTH - MARGIN, HEIGHT - 58), line, INK_3, _font(SERIF, 24), anchor="ra")
    picture = io.BytesIO()
    image.quantize(64).save(picture, "PNG", optimize=True)
    return picture.getvalue()


def drawable(text: str, face: str) -> str:
    """The text as our face can draw it; "" where a letter of it cannot be drawn.

    Signs that cannot (emoji, marks of direction) are left out, as are control characters.
    """
    kept = []
    for character in unicodedata.normalize("NFC", " ".join(text.split())):
        if character == " " or _has(face, character):
            kept.append(character)
        elif unicodedata.category(character)[0] in "LMN":
            return ""
    return " ".join("".join(kept).split())


def _lines(text: str, face: str, size: int, width: int, most: int) -> list[str]:
    """The text in so many lines at most that are so wide at most; what does not fit ends in "…"."""
    font = _font(face, size)
    lines: list[str] = []
    rest = text
    while rest and len(lines) < most:
        line = _longest(rest, font, width)
        lines.append(line)
        rest = rest[len(line) :].strip()
    if rest:
        line = lines[-1]
        while line and font.getlength(line + "…") > width:
            line = line[:-1]
        lines[-1] = line.rstrip() + "…"
    return lines


def _longest(text: str, font: ImageFont.FreeTypeFont, width: int) -> str:
    """As many whole words from the beginning as fit; of a first word that does not, its beginning."""
    line = ""
    for word in text.split(" "):
        longer = f"{line} {word}".strip()
        if font.getlength(longer) > width:
            break
        line = longer
    if line:
        return line
    fits = 1
    while fits < len(text) and font.getlength(text[: fits + 1]) <= width:
        fits += 1
    return text[:fits]


def _draw_post(pen: ImageDraw.ImageDraw, x: int, y: int) -> None:
    """The mile post with its cap, as it stands beside the site's name."""
    pen.pieslice((x, y, x + 72, y + 72), 180, 360, CAP, CAP_EDGE, 4)
    pen.rectangle((x, y + 36, x + 72, y + 132), PAPER, LINE, 4)
    pen.line((x, y + 36, x + 72, y + 36), CAP_EDGE, 4)
    pen.line((x - 20, y + 132, x + 92, y + 132), INK, 4)


def _font(face: str, size: int) -> ImageFont.FreeTypeFont:
    """A face at a size. Not kept: two threads must not draw with one."""
    return ImageFont.truetype(FONTS / face, size, layout_engine=ImageFont.Layout.BASIC)


@lru_cache(maxsize=4096)
def _has(face: str, character: str) -> bool:
    """Whether the face can draw it: what it does not have it draws as one and the same box."""
    font = _font(face, 24)
    return bytes(font.getmask(character)) != bytes(font.getmask("\uffff"))
