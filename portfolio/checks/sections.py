"""Which of the guide's topics a README addresses, and on which line.

A topic counts when it has a heading of its own with something under it, or when the text gives hard
evidence of it (a link to a data set, a metric with a number, a command to run). A word in passing
does not count. Even trained classifiers of README sections are wrong a quarter of the time (Prana
et al. 2019, F1 0.746), so a page shows what was found where, and never a grade.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from portfolio.checks import prose
from portfolio.checks.prose import Kind, Line, Paragraph, paragraphs, weight
from portfolio.checks.vocabulary import (
    DATA_HOME,
    EVIDENCE,
    FAMILY,
    HEADINGS,
    METRIC,
    OTHERS_WORK,
    TOGETHER,
)


@dataclass(frozen=True, slots=True)
class Topic:
    """One thing that a reader of a portfolio looks for in a README."""

    name: str
    title: str  # as a page says it
    ask: str  # what to write when it is missing

    @property
    def headings(self) -> re.Pattern[str]:
        """Words of a heading that announces it."""
        return HEADINGS[self.name]

    @property
    def evidence(self) -> re.Pattern[str]:
        """Words in the text that are hard evidence of it."""
        return EVIDENCE[self.name]


@dataclass(frozen=True, slots=True)
class Section:
    """A topic that was found, and where."""

    name: str
    line: int
    what: str
    quote: str


TOPICS = (
    Topic(
        "problem",
        "Problem",
        "Say in two or three sentences which problem the project solves and for whom.",
    ),
    Topic(
        "data",
        "Data",
        "Name the data set, where it comes from, its size, and what one row is.",
    ),
    Topic(
        "approach",
        "Approach",
        "Say which approaches you tried, which you chose, and why.",
    ),
    Topic(
        "evaluation",
        "Evaluation",
        "Say by which metric you judge the model, on which data, and against which baseline.",
    ),
    Topic(
        "results",
        "Results",
        "Give the numbers: metric, baseline, your result, and a figure or table that shows them.",
    ),
    Topic(
        "install_run",
        "Install and run",
        "Give the commands that install and run the project on a fresh machine.",
    ),
)

#: Bounds on what is looked at, so that no README takes long.
MAX_HEADINGS = 200
MAX_BLOCK = 2_000  # characters of one paragraph
MAX_DATA_LINKS = 5  # a README with more of them lists data sets for others

BY_NAME = {topic.name: topic for topic in TOPICS}


def find(seen: Sequence[Line]) -> dict[str, Section | None]:
    """For each topic the place that addresses it best, or None."""
    blocks = paragraphs(list(seen))
    return {topic.name: _find(topic, seen, blocks) for topic in TOPICS}


def _find(topic: Topic, seen: Sequence[Line], blocks: Sequence[Paragraph]) -> Section | None:
    if found := _announced(topic, seen):
        return found
    if topic.name == "problem":
        return _opening(topic, blocks)
    if topic.name == "approach":
        return _means(topic, blocks)
    if topic.name == "install_run":
        return _command(topic, seen)
    return _in_text(topic, seen, blocks)


def _announced(topic: Topic, seen: Sequence[Line]) -> Section | None:
    """A heading that names the topic, with enough under it. The title of the README is none."""
    title = next((line for line in seen if line.kind == Kind.HEADING), None)
    is_first = title is not None and not any(
        weight(line.text) > 3 for line in seen if line.number < title.number
    )
    headings = [index for index, line in enumerate(seen) if line.kind == Kind.HEADING]
    for index in headings[:MAX_HEADINGS]:
        line = seen[index]
        if line is title and is_first and _level(line) <= 2:
            continue
        if topic.name != "install_run" and prose.is_instruction(line.text):
            continue
        if _leads(topic, line.text) and _fills(
            topic, _below(seen[index + 1 : index + 61], _level(line))
        ):
            return Section(topic.name, line.number, "a heading of its own", line.text)
    return None


def _leads(topic: Topic, heading: str) -> bool:
    """Whether a heading is about the topic, rather than naming it among other things."""
    heading = heading[:120].strip(" \t:.-–—*#")
    match = topic.headings.search(heading)
    if not match:
        return False
    before, after = heading[: match.start()], heading[match.end() :]
    others = weight(before) + weight(after)
    stands_at_an_end = weight(before) == 0 or weight(after) == 0
    return others <= 2 and (stands_at_an_end or others <= 1)


def _below(following: Sequence[Line], level: int) -> list[Line]:
    """What stands under a heading, its sub-headings included."""
    found: list[Line] = []
    for line in following:
        if line.kind == Kind.HEADING and _level(line) <= level:
            break
        found.append(line)
    return found


def _level(line: Line) -> int:
    """How deep a heading stands; 2 where its markup does not say."""
    stripped = line.raw.lstrip()
    if match := _HTML_LEVEL.match(stripped):
        return int(match[1])
    marks = len(stripped) - len(stripped.lstrip(stripped[:1])) if stripped[:1] in "#=*" else 0
    return marks or 2


_HTML_LEVEL = re.compile(r"<h([1-6])", re.IGNORECASE)
_DIGIT = re.compile(r"\d")
_TO_DO = re.compile(
    r"(?<!\w)(?:install|run|open|launch|execute|download|clone|activate|start|use|import|build|deploy|python)(?:s|ing)?(?!\w)",
    re.I,
)


def _fills(topic: Topic, below: Sequence[Line]) -> bool:
    """Whether what stands under a heading is more than nothing."""
    said = [line for line in below if line.kind in (Kind.PROSE, Kind.ITEM)]
    words = sum(weight(line.text) for line in said)
    has_code = any(line.kind == Kind.CODE for line in below)
    has_picture = any(
        line.kind in (Kind.TABLE, Kind.IMAGE)
        or (line.kind == Kind.CODE and _DRAWN.search(line.raw))
        for line in below
    )
    if topic.name == "install_run":
        return has_code or words >= 6 or any(_TO_DO.search(line.raw) for line in said)
    if topic.name == "results":
        return has_picture or any(_DIGIT.search(line.text) for line in below)
    words = sum(weight(line.text) for line in said if not prose.is_instruction(line.text))
    return words >= 6 or (has_picture and topic.name in ("data", "evaluation", "approach"))


def _opening(topic: Topic, blocks: Sequence[Paragraph]) -> Section | None:
    """What the project is, said in the first paragraphs."""
    headings = list(dict.fromkeys(block.heading for block in blocks if block.heading))
    first = next((block for block in blocks if block.kind == Kind.PROSE), None)
    for block in blocks[:15]:
        if block.kind != Kind.PROSE or prose.is_instruction(block.text):
            continue
        if _leads(BY_NAME["install_run"], block.heading) or block.heading in headings[2:]:
            continue
        words = weight(block.text)
        is_first = block is first and words >= 8
        if is_first or words >= 25 or (words >= 6 and topic.evidence.search(block.text[:600])):
            return Section(topic.name, block.number, "said in the text", block.text)
    return None


def _means(topic: Topic, blocks: Sequence[Paragraph]) -> Section | None:
    """How it was done: a kind of model and one more word of method, or several such words."""
    named: dict[str, Paragraph] = {}
    families = 0
    is_explained = sum(weight(block.text) for block in blocks) >= 60
    for block in blocks:
        if weight(block.text) < 6 or prose.is_instruction(block.text):
            continue
        if OTHERS_WORK.search(block.heading):
            continue
        if len(_CHAIN.findall(block.text[:MAX_BLOCK])) >= 2:
            return Section(topic.name, block.number, "steps one after the other", block.text)
        for match in topic.evidence.finditer(block.text[:MAX_BLOCK]):
            word = match[0].lower().rstrip("s")
            families += word not in named and bool(_IS_FAMILY.fullmatch(match[0]))
            named.setdefault(word, block)
        if len(named) >= 2 and (families or len(named) >= 3 or is_explained):
            first = next(iter(named.values()))
            names = ", ".join(list(named)[:3])
            return Section(topic.name, first.number, f"speaks of {names}", first.text)
    return None


def _command(topic: Topic, seen: Sequence[Line]) -> Section | None:
    """A command to install or run, in a code block or between back-ticks."""
    for line in seen:
        if (
            line.kind == Kind.CODE
            and not _DRAWN.search(line.raw)
            and topic.evidence.search(line.raw)
        ):
            return Section(topic.name, line.number, "a command", line.text)
        if line.kind in (Kind.PROSE, Kind.ITEM):
            for code in _INLINE_CODE.findall(line.raw):
                if topic.evidence.search(code):
                    return Section(topic.name, line.number, "a command", code)
            is_typed = topic.evidence.match(line.text) and _TYPED.match(line.text)
            if is_typed or _AFTER_COLON.search(line.text):
                return Section(topic.name, line.number, "a command", line.text)
    return None


#: A list of folders, or boxes and arrows, drawn with characters.
_DRAWN = re.compile(r"[│├└┌┐┘─━▶▼◀▲→↓]|ㄴ|^\s*\|--|-->")
#: Steps written one after the other: ingestion → training → serving.
_CHAIN = re.compile(r"[^\W\d]\s{0,3}(?:→|➔|➜|⟶|={1,9}>|-{1,9}>)\s{0,3}[^\W\d]")
_INLINE_CODE = re.compile(r"`([^`]{3,200})`")
#: A command among prose: in lower case, with something that only a command has.
_TYPED = re.compile(r"^(?!make sure)[a-z./$>].{0,80}?(?:\binstall\b|\bclone\b|[./=_-]\w|\s-)")
_AFTER_COLON = re.compile(
    r"(?:^|[:>$])\s*(?:bash|sh|python[\d.]{0,4}|pip3?|conda|npm|docker)\s+[\w./-]"
)
_IS_FAMILY = re.compile(FAMILY, re.IGNORECASE)
_IS_METRIC = re.compile(rf"\b(?:{METRIC})\b", re.IGNORECASE)
_DECIMAL = re.compile(r"\d[.,]\d|\d\s?%")


def _shows(topic: Topic, text: str) -> bool:
    """Whether a paragraph holds hard evidence of a topic."""
    if topic.evidence.search(text):
        return True
    one, other = TOGETHER.get(topic.name, (None, None))
    return bool(
        one
        and other
        and any(one.search(part) and other.search(part) for part in prose.sentences(text))
    )


def _in_text(topic: Topic, seen: Sequence[Line], blocks: Iterable[Paragraph]) -> Section | None:
    """Hard evidence in what is said; of results and their evaluation, in tables of numbers too."""
    for block in blocks:
        if _shows(topic, block.text[:MAX_BLOCK]) and not OTHERS_WORK.search(block.heading):
            return Section(topic.name, block.number, "said in the text", block.text)
    if topic.name == "data":
        return _linked_data(topic, seen)
    if topic.name not in ("results", "evaluation"):
        return None
    has_metric = False
    for line in seen:
        if line.kind != Kind.TABLE:
            has_metric = False
            continue
        has_metric = has_metric or bool(_IS_METRIC.search(line.text))
        if has_metric and _DECIMAL.search(line.text):
            return Section(topic.name, line.number, "a table of numbers", line.text)
    return None


def _linked_data(topic: Topic, seen: Sequence[Line]) -> Section | None:
    """A link to where a data set is kept. Of a list of them, which teaches, none is the project's."""
    linked = [
        line
        for line in seen
        if line.kind != Kind.CODE
        and DATA_HOME.search(line.raw[: prose.MAX_LINE])
        and not OTHERS_WORK.search(line.heading)
    ]
    if not linked or len(linked) > MAX_DATA_LINKS:
        return None
    first = linked[0]
    return Section(topic.name, first.number, "a link to a data set", first.text or first.heading)
