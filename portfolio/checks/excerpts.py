"""What a README says under the headings of a case study, in its own words. Plain Python."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from portfolio.checks import prose, sections
from portfolio.checks.prose import Kind, Line

#: What a heading of a case study takes at most, in characters.
MOST = 10_000


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A part of a README: the words under a heading, or its opening paragraph."""

    topic: str  # of portfolio.checks.sections
    heading: str  # as the README spells it; "" for the opening
    line: int  # where it begins, counted from 1
    text: str


def of(text: str, path: str = "README.md") -> dict[str, Excerpt]:
    """By topic, what stands under a heading of its own; of the problem also the first paragraph.

    Empty for a notebook, whose lines are not those of its file.
    """
    if path.lower().endswith(".ipynb"):
        return {}
    seen = prose.lines(text, path)
    rows = text.splitlines()
    found: dict[str, Excerpt] = {}
    for name, section in sections.find(seen).items():
        if section is None:
            continue
        here = next((line for line in seen if line.number == section.line), None)
        if here is None:
            continue
        is_heading = here.kind == Kind.HEADING
        if not is_heading and not (name == "problem" and here.kind == Kind.PROSE):
            continue
        words = _below(here, seen, rows) if is_heading else _paragraph(here, rows)
        if words:
            heading = here.text if is_heading else ""
            found[name] = Excerpt(name, heading, here.number, words[:MOST])
    return found


def _below(heading: Line, seen: Sequence[Line], rows: Sequence[str]) -> str:
    """All up to the next heading of the same rank or a higher one; lower ones become bold lines."""
    following = [line for line in seen if line.number > heading.number and line.level]
    end = next((line.number for line in following if line.level <= heading.level), len(rows) + 1)
    below = rows[heading.number : end - 1]
    if below and _UNDERLINE.match(below[0]):
        below = below[1:]
    return _joined(_plain(below))


def _paragraph(first: Line, rows: Sequence[str]) -> str:
    words = []
    for row in rows[first.number - 1 :]:
        if not row.strip():
            break
        words.append(row)
    return _joined(_plain(words))


def _plain(rows: Sequence[str]) -> list[str]:
    """The rows without pictures; a heading among them becomes a bold line. Code stays as it is."""
    found: list[str] = []
    fence = ""
    for row in rows:
        if mark := _FENCE.match(row):
            fence = "" if fence and mark[1].startswith(fence) else fence or mark[1]
        elif not fence and not row.startswith(("    ", "\t")):
            row = _PICTURE.sub("", _LINKED_PICTURE.sub("", row[:MOST]))
            if heading := _HEADING.match(row):
                row = f"**{heading[1].strip()}**"
        found.append(row)
    return found


def _joined(rows: Sequence[str]) -> str:
    """The rows as a text in which a paragraph is one line, as a person types it."""
    found: list[str] = []
    is_open = is_code = False
    for row in rows:
        if _FENCE.match(row):
            is_code = not is_code
        is_prose = not is_code and bool(row.strip()) and not _NO_PROSE.match(row)
        if is_prose and is_open:
            found[-1] = f"{found[-1].rstrip()} {row.strip()}"
        else:
            found.append(row.rstrip())
        is_open = is_prose and not row.endswith(("  ", "\\", "**"))
    return "\n".join(found).strip()


#: Rows that are not the middle of a paragraph: lists, tables, quotes, code, markup, rules.
_NO_PROSE = re.compile(r"^(?:\s|[|>#<`~=:]|[-*+_]\s|[-*_=]{3}|\d{1,3}[.)]\s|\*\*)")
_FENCE = re.compile(r"^\s{0,3}(```|~~~)")
_HEADING = re.compile(r"^\s{0,3}#{1,6}\s+([^#\n]{1,300})#*\s*$")
_UNDERLINE = re.compile(r"^\s{0,3}(?:=+|-+)\s*$")
_PICTURE = re.compile(r"!\[[^\]]{0,300}\]\([^)]{0,500}\)|<img\b[^>]{0,1000}>")
_LINKED_PICTURE = re.compile(r"\[!\[[^\]]{0,300}\]\([^)]{0,500}\)\]\([^)]{0,500}\)")
