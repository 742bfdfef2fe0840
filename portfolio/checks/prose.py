"""A README as lines of headings, prose, lists, tables and code, whatever markup it is written in.

No full parser: a check needs to know which words a reader sees, under which heading and on which
line. Every pattern here works on one line cut to `MAX_LINE`, so no text can make it slow.
"""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from html import unescape

from portfolio.checks.vocabulary import COMMAND, INSTRUCTION, INSTRUCTION_END

#: GitHub shows 512,000 bytes of a README; what a check needs stands well before that.
MAX_TEXT = 200_000
MAX_LINES = 5_000
MAX_LINE = 1_000


class Kind(StrEnum):
    HEADING = "heading"
    PROSE = "prose"
    ITEM = "item"  # of a list
    TABLE = "table"
    CODE = "code"
    IMAGE = "image"  # a picture with nothing else on its line


@dataclass(frozen=True, slots=True)
class Line:
    """One line that a reader sees. Numbers count from 1, as in the file."""

    number: int
    kind: Kind
    text: str  # without markup
    heading: str = ""  # the heading it stands under
    raw: str = ""
    opens: bool = True  # whether it starts a paragraph or item, rather than continuing one
    level: int = 0  # of a heading: 1 is the highest; 0 for other lines
    trail: tuple[str, ...] = ()  # the headings it stands under, outermost first, the title left out


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Lines of prose, or of one list item, that read as one."""

    number: int
    kind: Kind
    text: str
    heading: str = ""
    trail: tuple[str, ...] = ()


def lines(text: str, path: str = "README.md") -> list[Line]:
    """What a reader sees of this README; the name says which markup it is in."""
    ending = path.rpartition(".")[2].lower() if "." in path.rpartition("/")[2] else ""
    if ending == "ipynb":
        return _notebook(text)
    return _lines(text, ending)


def paragraphs(seen: list[Line]) -> list[Paragraph]:
    """Prose and list items, each joined to what reads as one."""
    found: list[Paragraph] = []
    parts: list[Line] = []
    for line in [*seen, None]:
        if parts and (line is None or line.opens or line.kind != parts[-1].kind):
            text = " ".join(part.text for part in parts)
            first = parts[0]
            found.append(Paragraph(first.number, first.kind, text, first.heading, first.trail))
            parts = []
        if line is not None and line.kind in (Kind.PROSE, Kind.ITEM):
            parts.append(line)
    return found


def title(seen: Sequence[Line]) -> Line | None:
    """The first heading, when nothing is said before it."""
    for line in seen:
        if line.kind == Kind.HEADING:
            return line
        if weight(line.text) > 3:
            return None
    return None


WORD = re.compile(r"[^\W\d_]{2,}")
#: Scripts written without blanks between words: a character says about as much as half a word.
UNSPACED = re.compile(
    r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]"
)


def weight(text: str) -> float:
    """How many words a text says. Two characters of Chinese, Japanese or Thai count as one word."""
    unspaced = len(UNSPACED.findall(text))
    return len(WORD.findall(UNSPACED.sub(" ", text))) + unspaced / 2


def sentences(text: str) -> list[str]:
    """The sentences of a paragraph; a colon or semicolon ends one too."""
    return [part.strip() for part in _SENTENCE_END.split(text) if part.strip()]


def is_command(text: str) -> bool:
    """Whether a line of prose is something to type."""
    return bool(COMMAND.search(text))


def is_instruction(sentence: str) -> bool:
    """Whether a sentence tells what to do or where to look, rather than what the project is."""
    sentence = sentence.lstrip("-*•> ")
    return bool(INSTRUCTION.match(sentence) or INSTRUCTION_END.search(sentence[-40:]))


_SENTENCE_END = re.compile(r"[.!?:;](?=\s|$)|[。！？；]")

#: The level of a heading that is only bold, or a label.
LOWEST = 7
_HTML_LEVEL = re.compile(r"(?:<[^<>]{0,200}>\s{0,9}){0,4}?<h([1-6])", re.IGNORECASE)
_MATHS = "$$"
_FENCE = re.compile(r"^ {0,3}(`{3,}|~{3,})")
_ATX = re.compile(r"^ {0,3}(#{1,6})(?=[^#!]|$)\s*(.*)")
_ORG = re.compile(r"^(\*{1,6}) +(.*)")
_ADOC = re.compile(r"^(={1,6}) +(.*)")
_HTML_HEADING = re.compile(r"^\s*(?:<[^<>]{0,200}>\s*){0,4}<h[1-6][^<>]{0,200}>(.*)", re.IGNORECASE)
_BOLD_HEADING = re.compile(r"^\s{0,3}(?:\*\*|__)([^*_]{2,60})(?:\*\*|__)\s*:?\s*$")
#: In plain text a short line that ends in a colon heads what follows.
_LABEL = re.compile(r"^([A-Z][\w'-]{0,20}(?: [\w'-]{1,20}){0,3}):\s*$")
_RULE = re.compile(r"^\s{0,3}([=\-~^\"'`#*+_])\1{2,}\s*$")
_ITEM = re.compile(r"^\s*(?:[-*+•▪◦]|\d{1,3}[.)])\s+(?:\[[ xX]\]\s+)?(\S.*)")
_TABLE_RULE_MARKS = " \t:|+=-"
_QUOTE = re.compile(r"^ {0,3}(?:> ?){1,3}(?=[^>]|$)")
_DIRECTIVE = re.compile(r"^\s*\.\. +([\w-]+)::")
_TREE_LINE = re.compile(r"[├└│]|^\s*\|--|^\s*\+--|^\s*\\--")

_VARIABLE = re.compile(r"^\s*(?:export\s+|set\s+)?[A-Z][A-Z0-9_]{2,40}=\S")

_COMMENT_OPEN, _COMMENT_CLOSE = "<!--", "-->"
# Each pattern stops at the next opening mark, so a row of opening marks costs no more than its length.
_BADGE = re.compile(
    r"\[!\[[^\]\[]{0,200}\]\([^()]{0,500}\)\]\([^()]{0,500}\)"
    r"|\[!\[[^\]\[]{0,200}\]\[[^\]\[]{0,80}\]\]\[[^\]\[]{0,80}\]"
)
_PICTURE = re.compile(
    r"!\[[^\]\[]{0,300}\](?:\([^()]{0,500}\)|\[[^\]\[]{0,100}\])|<img\b[^<>]{0,600}>", re.IGNORECASE
)
_LINK = re.compile(r"\[([^\]\[]{0,300})\](?:\([^()]{0,600}\)|\[[^\]\[]{0,100}\])")
_ORG_LINK = re.compile(r"\[\[[^\]\[]{0,400}\](?:\[([^\]\[]{0,300})\])?\]")
_RST_LINK = re.compile(r"`([^`<]{1,200})<[^<>`]{0,400}>`_{0,2}")
_RST_ROLE = re.compile(r":[a-z]{1,20}:`([^`]{1,200})`")
_REFERENCE = re.compile(r"^\s{0,3}\[[^\]]{1,100}\]:\s+\S+")
_TAG = re.compile(r"</?[A-Za-z][^<>]{0,400}>")
_URL = re.compile(r"(?:https?|ftp)://[^\s)>\]]{1,800}|www\.[^\s)>\]]{1,400}")
_SHORT_CODE = re.compile(r":[a-z0-9_+-]{2,40}:")
_EMPHASIS = re.compile(r"[*_`~]{1,3}")
_ALPHABETIC = re.compile(r"[^\W\d_]")


def plain(text: str) -> str:
    """A line without markup, pictures and addresses."""
    text = text[:MAX_LINE]
    for pattern in (_BADGE, _PICTURE):
        text = pattern.sub(" ", text)
    text = _LINK.sub(r"\1", text)
    text = _ORG_LINK.sub(lambda match: match[1] or " ", text)
    text = _RST_LINK.sub(r"\1", text)
    text = _RST_ROLE.sub(r"\1", text)
    for pattern in (_TAG, _URL, _SHORT_CODE):
        text = pattern.sub(" ", text)
    text = re.sub(r"(?<=\w)_(?=\w)", "\0", text)  # names_like_this keep their underscores
    text = _EMPHASIS.sub("", text).replace("\0", "_")
    return " ".join(unescape(text).split())


def _notebook(text: str) -> list[Line]:
    """The lines of a notebook's Markdown and code cells; their numbers are those of its cells' text.

    A notebook that is not JSON, or whose cells are not lists of text, has no lines.
    """
    seen: list[Line] = []
    for kind, source, _ in cells(text):
        offset = seen[-1].number if seen else 0
        if kind == "markdown":
            found = _lines(source, "md")
        elif kind == "code":
            rows = source.splitlines()[:200]
            found = [
                Line(number, Kind.CODE, row[:MAX_LINE], raw=row[:MAX_LINE])
                for number, row in enumerate(rows, 1)
                if row.strip()
            ]
        else:
            continue
        heading, trail = (seen[-1].heading, seen[-1].trail) if seen else ("", ())
        for line in found:
            seen.append(
                replace(
                    line,
                    number=offset + line.number,
                    heading=line.heading or heading,
                    trail=line.trail or trail,
                )
            )
        if len(seen) > MAX_LINES:
            break
    return seen


def cells(text: str) -> Iterator[tuple[str, str, int]]:
    """The kind, text and number (from 1) of each cell of a notebook; nothing when it is none."""
    try:
        notebook = json.loads(text)
    except (ValueError, RecursionError):
        return
    if not isinstance(notebook, dict):
        return
    found = notebook.get("cells")
    if not isinstance(found, list):  # the format before version 4
        sheets = notebook.get("worksheets")
        sheet = sheets[0] if isinstance(sheets, list) and sheets else None
        found = sheet.get("cells") if isinstance(sheet, dict) else None
    if not isinstance(found, list):
        return
    for number, cell in enumerate(found[:2000], 1):
        if not isinstance(cell, dict):
            continue
        source = cell.get("source", cell.get("input", ""))
        if isinstance(source, list):
            source = "".join(part for part in source if isinstance(part, str))
        if isinstance(source, str):
            yield str(cell.get("cell_type", "")), source, number


def _lines(text: str, ending: str) -> list[Line]:
    rows = [row[:MAX_LINE] for row in text[:MAX_TEXT].splitlines()[:MAX_LINES]]
    is_markdown = ending in ("", "md", "markdown", "mdown", "mkdn", "mkd", "txt", "rmd", "qmd")
    is_quoting = ending in ("md", "markdown", "mdown", "mkdn", "mkd")
    seen: list[Line] = []
    heading, fence, in_comment, directive_indent = "", "", False, -1
    was_blank, org_block = True, ""
    skip_next = False
    if is_markdown and rows and rows[0].strip() == "---":  # front matter
        end = next((i for i, row in enumerate(rows[1:60], 1) if row.strip() in ("---", "...")), 0)
        rows = [""] * (end + 1) + rows[end + 1 :] if end else rows
    for number, row in enumerate(rows, 1):
        if skip_next:
            skip_next, was_blank = False, True
            continue
        opens, was_blank = was_blank, not row.strip()
        if fence:
            is_maths_end = fence == _MATHS and _MATHS in row
            if is_maths_end or (row.strip().startswith(fence) and not row.strip().strip(fence[0])):
                fence = ""
            elif row.strip():
                seen.append(Line(number, Kind.CODE, row.strip(), heading, row))
            continue
        if org_block:
            if row.strip().lower().startswith("#+end"):
                org_block = ""
            elif org_block == "code" and row.strip():
                seen.append(Line(number, Kind.CODE, row.strip(), heading, row))
            continue
        row, in_comment = without_comments(row, in_comment)
        if is_quoting:
            row = _QUOTE.sub("", row)
        if not row.strip():
            was_blank = True
            continue
        indent = len(row) - len(row.lstrip())
        if directive_indent >= 0:
            if indent > directive_indent:
                if not row.strip().startswith(":"):
                    seen.append(Line(number, Kind.CODE, row.strip(), heading, row))
                continue
            directive_indent = -1
        if is_markdown or ending in ("adoc", "asciidoc", "asc"):
            if match := _FENCE.match(row):
                fence = match[1]
                continue
            if row.lstrip().startswith(_MATHS):
                fence = _MATHS if row.count(_MATHS) == 1 else ""
                seen.append(Line(number, Kind.CODE, row.strip(), heading, row))
                continue
            if ending in ("adoc", "asciidoc", "asc") and row.strip() == "----":
                fence = "----"
                continue
        if ending == "org" and row.lstrip().lower().startswith("#+"):
            keyword = row.strip()[2:].lower()
            if keyword.startswith("title:"):
                heading = row.strip()[8:].strip()
                seen.append(Line(number, Kind.HEADING, heading, heading, row))
            elif keyword.startswith(("begin_src", "begin_example")):
                org_block = "code"
            continue
        if ending == "rst":
            if match := _DIRECTIVE.match(row):
                directive_indent = indent
                if match[1] in ("image", "figure"):
                    seen.append(Line(number, Kind.IMAGE, "", heading, row))
                continue
            if row.lstrip().startswith(".. "):
                directive_indent = indent
                continue
            if row.rstrip().endswith("::"):
                directive_indent = indent
        if found := _heading(row, ending, rows[number] if number < len(rows) else ""):
            words, is_underlined = found
            heading = plain(words)
            skip_next = is_underlined
            was_blank = True
            raw = f"{row}\n{rows[number].strip()}" if is_underlined else row
            seen.append(Line(number, Kind.HEADING, heading, heading, raw))
            continue
        if _RULE.match(row):
            was_blank = True
            continue
        if is_markdown and ending != "txt" and ending != "" and indent >= 4 and opens:
            is_nested = bool(seen) and seen[-1].kind == Kind.ITEM
            if not is_nested and not _ITEM.match(row):
                directive_indent = 3
                seen.append(Line(number, Kind.CODE, row.strip(), heading, row))
                continue
        if line := _line(number, row, heading, opens):
            seen.append(line)
    return _nested(seen, ending)


def _nested(seen: list[Line], ending: str) -> list[Line]:
    """The same lines with the level of each heading, and the headings that each line stands under."""
    levels = _levels(seen, ending)
    trail: list[tuple[int, str]] = []
    nested: list[Line] = []
    first = title(seen)
    for line in seen:
        level = levels.get(line.number, 0)
        if level:
            trail = [above for above in trail if above[0] < level]
            if line is not first or level > 2:
                trail.append((level, line.text))
        nested.append(replace(line, level=level, trail=tuple(words for _, words in trail)))
    return nested


def _levels(seen: Sequence[Line], ending: str) -> dict[int, int]:
    """The level of each heading by its line; what is only bold, or a label, stands below all others."""
    marks: list[str] = []  # of reStructuredText, in the order of their first use
    levels = {}
    for line in seen:
        if line.kind != Kind.HEADING:
            continue
        stripped, _, rule = line.raw.lstrip().partition("\n")
        if match := _HTML_LEVEL.match(stripped):
            levels[line.number] = int(match[1])
        elif rule:
            if rule[0] not in marks:
                marks.append(rule[0])
            known = marks if ending == "rst" else ["=", "-"]
            levels[line.number] = known.index(rule[0]) + 1 if rule[0] in known else 2
        elif stripped[:1] in "#=*" and not _BOLD_HEADING.match(line.raw):
            levels[line.number] = len(stripped) - len(stripped.lstrip(stripped[:1]))
        else:
            levels[line.number] = LOWEST
    return levels


def _line(number: int, row: str, heading: str, opens: bool) -> Line | None:
    """A row that is no heading and no code; None when a reader sees nothing of it."""
    if row.count("|") >= 2 and not row.strip(_TABLE_RULE_MARKS):
        return None
    if _TREE_LINE.search(row) or _VARIABLE.match(row):
        return Line(number, Kind.CODE, row.strip(), heading, row)
    if _REFERENCE.match(row):
        return None
    words = plain(row)
    if row.count("|") >= 2 or row.lstrip().startswith("|"):
        return Line(number, Kind.TABLE, words, heading, row)
    if "<td" in row.lower() or "<th" in row.lower():
        return Line(number, Kind.TABLE, words, heading, row)
    if match := _ITEM.match(row):
        return Line(number, Kind.ITEM, plain(match[1]), heading, row)
    if not _ALPHABETIC.search(words):
        is_picture = bool(_PICTURE.search(row)) and not _BADGE.search(row)
        return Line(number, Kind.IMAGE, "", heading, row) if is_picture else None
    is_continued_item = not opens
    return Line(number, Kind.PROSE, words, heading, row, opens=not is_continued_item)


def _heading(row: str, ending: str, following: str) -> tuple[str, bool] | None:
    """The words of a heading, and whether the next row underlines it; None for other rows."""
    if match := _HTML_HEADING.match(row):
        return match[1], False
    if ending not in ("rst", "org", "adoc", "asciidoc", "asc") and (match := _ATX.match(row)):
        return match[2].rstrip("# "), False
    if ending == "org" and (match := _ORG.match(row)):
        return re.sub(r":[\w:]{1,60}:\s*$", "", match[2]), False
    if ending in ("adoc", "asciidoc", "asc") and (match := _ADOC.match(row)):
        return match[2], False
    if match := _BOLD_HEADING.match(row) or _LABEL.match(row):
        return match[1], False
    stripped, rule = row.strip(), following.strip()
    if _RULE.match(following) and len(stripped) <= 120 and not _ITEM.match(row):
        marks = "=-" if ending != "rst" else "=-~^\"'`#*+_"
        if rule[0] in marks and "|" not in row and _ALPHABETIC.search(stripped):
            long_enough = len(rule) >= 3 if ending != "rst" else len(rule) >= len(stripped) - 2
            if long_enough and (rule[0] == "=" or len(stripped) <= 80):
                return stripped, True
    return None


def without_comments(row: str, in_comment: bool) -> tuple[str, bool]:
    """A row without HTML comments, and whether one goes on in the next row."""
    kept = []
    while row:
        mark = _COMMENT_CLOSE if in_comment else _COMMENT_OPEN
        before, found, after = row.partition(mark)
        if not in_comment:
            kept.append(before)
        if not found:
            break
        in_comment = not in_comment
        row = after
    return "".join(kept), in_comment
