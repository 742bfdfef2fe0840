"""Which of the guide's topics a README addresses, and on which line.

A topic counts when it has a heading or a label of its own with something under it, or when the text
gives hard evidence of it (a link to a data set, a metric with a number, a command to run). A word in
passing does not count. Even trained classifiers of README sections are wrong a quarter of the time (Prana
et al. 2019, F1 0.746), so a page shows what was found where, and never a grade.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from portfolio.checks import prose
from portfolio.checks.prose import Kind, Line, Paragraph, paragraphs, weight
from portfolio.checks.vocabulary import (
    AND,
    CREDIT,
    DATA_HOME,
    END,
    EVIDENCE,
    FAMILY,
    FIELD,
    HEADINGS,
    HOPED,
    LISTING,
    NAMED_DATA,
    OCCASION,
    OTHERS_WORK,
    PLAIN,
    SCORE,
    SETUP,
    START,
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
MIN_LINKS = 15  # a README with more of them than of anything else is a list of links

BY_NAME = {topic.name: topic for topic in TOPICS}


def find(seen: Sequence[Line]) -> dict[str, Section | None]:
    """For each topic the place that addresses it best, or None."""
    blocks = paragraphs(list(seen))
    if _is_list_of_links(seen):
        none: dict[str, Section | None] = {topic.name: None for topic in TOPICS}
        about = _find(BY_NAME["problem"], seen, blocks)
        return {**none, "problem": about, "install_run": _command(seen)}
    return {topic.name: _find(topic, seen, blocks) for topic in TOPICS}


def is_about_setup(trail: Sequence[str]) -> bool:
    """Whether one of the headings that something stands under is about setting up, or about credits."""
    for heading in trail:
        match = SETUP.search(heading[:120])
        if match and weight(heading) - weight(match[0]) <= 2:
            return True
    return False


def _find(topic: Topic, seen: Sequence[Line], blocks: Sequence[Paragraph]) -> Section | None:
    if found := _announced(topic, seen):
        return found
    if topic.name == "install_run":
        return _command(seen)
    if found := _labelled(topic, seen):
        return found
    if topic.name == "problem":
        return _opening(topic, blocks)
    if topic.name == "approach":
        return _means(topic, seen, blocks)
    return _in_text(topic, seen, blocks)


def _is_list_of_links(seen: Sequence[Line]) -> bool:
    """Whether two lines of five lead elsewhere, as in a list of resources: it names topics of others."""
    said = [
        line
        for line in seen
        if line.kind in (Kind.PROSE, Kind.ITEM, Kind.TABLE) and "](#" not in line.raw
    ]
    links = sum(
        bool(_LINKS_AWAY.match(line.raw)) or (line.kind != Kind.PROSE and "](http" in line.raw)
        for line in said
    )
    return links >= MIN_LINKS and links * 5 >= len(said) * 2


def _announced(topic: Topic, seen: Sequence[Line]) -> Section | None:
    """A heading that names the topic, with enough under it. The title of the README is none."""
    title = prose.title(seen)
    headings = [index for index, line in enumerate(seen) if line.kind == Kind.HEADING]
    for index in headings[:MAX_HEADINGS]:
        line = seen[index]
        if line is title and line.level <= 2:
            continue
        if topic.name != "install_run" and prose.is_instruction(_unnumbered(line.text)):
            continue
        if _leads(topic, line.text) and _fills(
            topic, line.text, _below(seen[index + 1 : index + 61], line.level)
        ):
            return Section(topic.name, line.number, "a heading of its own", line.text)
    return None


def _leads(topic: Topic, heading: str) -> bool:
    """Whether a heading is about the topic, rather than naming it among other things."""
    heading = _unnumbered(heading)
    match = topic.headings.search(heading)
    if not match or LISTING.search(heading):
        return False
    before, after = AND.sub(" ", heading[: match.start()]), AND.sub(" ", heading[match.end() :])
    others = weight(before) + weight(topic.headings.sub(" ", after))
    stands_at_an_end = weight(before) == 0 or weight(after) == 0
    return others <= 2 and (stands_at_an_end or others <= 1)


def _unnumbered(heading: str) -> str:
    """A heading without the number or letter of its section."""
    return _ORDINAL.sub("", heading[:120].strip(" \t:.-–—*#"))


def _below(following: Sequence[Line], level: int) -> list[Line]:
    """What stands under a heading, its sub-headings included."""
    found: list[Line] = []
    for line in following:
        if line.level and line.level <= level:
            break
        found.append(line)
    return found


def _fills(topic: Topic, heading: str, below: Sequence[Line]) -> bool:
    """Whether what stands under a heading is more than nothing."""
    said = [line for line in below if line.kind in (Kind.PROSE, Kind.ITEM)]
    has_code = any(line.kind == Kind.CODE for line in below)
    has_picture = any(
        line.kind in (Kind.TABLE, Kind.IMAGE)
        or (line.kind == Kind.CODE and _DRAWN.search(line.raw))
        for line in below
    )
    words = sum(weight(line.text) for line in said)
    if topic.name == "install_run":
        return has_code or words >= 6 or any(_TO_DO.search(line.raw) for line in said)
    if topic.name == "results":
        has_number = any(_MEASURED.search(line.text) for line in below)
        if _OUTPUT.search(heading):  # of a program, unless it holds a score
            return any(_IS_METRIC.search(line.text) for line in below)
        return has_picture or has_number or words >= (6 if _OUTCOME.search(heading) else 25)
    if topic.name != "data":  # where data come from is often told as where to get them
        words = sum(weight(line.text) for line in said if not prose.is_instruction(line.text))
    if topic.name == "evaluation" and any(_IS_METRIC.search(line.text) for line in below):
        return True
    return words >= 6 or (has_picture and topic.name in ("data", "evaluation", "approach"))


def _labelled(topic: Topic, seen: Sequence[Line]) -> Section | None:
    """A line that starts with the topic's name and says something of it: "Data set: two years of trips"."""
    for line in seen:
        if line.kind not in (Kind.PROSE, Kind.ITEM, Kind.TABLE):
            continue
        match = _LABEL.match(line.text)
        if not match or prose.is_instruction(match[1]) or not _names(topic, match[1]):
            continue
        said = match[2]
        is_enough = bool(_MEASURED.search(said)) if topic.name == "results" else weight(said) >= 3
        if is_enough and not is_about_setup(line.trail) and not LISTING.search(line.heading):
            return Section(topic.name, line.number, "a label of its own", line.text)
    return None


def _names(topic: Topic, label: str) -> bool:
    """Whether a label is the topic's name and nothing more."""
    match = topic.headings.search(label)
    return match is not None and weight(label) == weight(match[0])


def _opening(topic: Topic, blocks: Sequence[Paragraph]) -> Section | None:
    """What the project is, said in the first paragraphs."""
    headings = list(dict.fromkeys(block.heading for block in blocks if block.heading))
    first = next((block for block in blocks if block.kind == Kind.PROSE), None)
    for block in blocks[:15]:
        if block.kind != Kind.PROSE or prose.is_instruction(block.text) or CREDIT.match(block.text):
            continue
        if is_about_setup(block.trail) or LISTING.search(block.heading):
            continue
        if block.heading in headings[2:]:
            continue
        words = weight(block.text)
        says = weight(PLAIN.sub(" ", block.text[:MAX_BLOCK]))
        if says < 4 or (says < 6 and OCCASION.search(block.text)):
            continue  # only that it is some course's project
        if (
            block is first
            or words >= 25
            or (words >= 6 and topic.evidence.search(block.text[:600]))
        ):
            return Section(topic.name, block.number, "said in the text", block.text)
    return None


def _means(topic: Topic, seen: Sequence[Line], blocks: Sequence[Paragraph]) -> Section | None:
    """How it was done: a kind of model and one more word of method, or several such words."""
    families: dict[str, tuple[int, str]] = {}
    procedures: dict[str, tuple[int, str]] = {}
    fields: set[str] = set()
    explained = sum(weight(block.text) for block in blocks)
    for number, text in _statements(seen, blocks):
        if len(_CHAIN.findall(text)) >= 2:
            return Section(topic.name, number, "steps one after the other", text)
        for match in topic.evidence.finditer(text):
            word = match[0].lower().rstrip("s")
            if _IS_FIELD.fullmatch(match[0]):
                fields.add(word)
            else:
                known = families if _IS_FAMILY.fullmatch(match[0]) else procedures
                known.setdefault(word, (number, text))
        named = {**families, **procedures}
        is_enough = (
            (families and len(named) >= 2)
            or (families and fields and explained >= 40)
            or len(procedures) >= 3
            or (len(procedures) >= 2 and explained >= 60)
        )
        if is_enough:
            number, text = next(iter(named.values()))
            names = ", ".join([*named, *sorted(fields)][:3])
            return Section(topic.name, number, f"speaks of {names}", text)
    return None


def _statements(seen: Sequence[Line], blocks: Sequence[Paragraph]) -> Iterator[tuple[int, str]]:
    """What a README says of the project itself: paragraphs, and the rows of its tables."""
    for block in blocks:
        if (
            weight(block.text) >= 2
            and not prose.is_instruction(block.text)
            and not OTHERS_WORK.search(block.heading)
        ):
            yield block.number, block.text[:MAX_BLOCK]
    for line in seen:
        if line.kind == Kind.TABLE and not OTHERS_WORK.search(line.heading):
            yield line.number, line.text


def _command(seen: Sequence[Line]) -> Section | None:
    """A command to install or run, in a code block or between back-ticks."""
    name, evidence = "install_run", EVIDENCE["install_run"]
    for line in seen:
        if line.kind == Kind.CODE and not _DRAWN.search(line.raw) and evidence.search(line.raw):
            return Section(name, line.number, "a command", line.text)
        if line.kind in (Kind.PROSE, Kind.ITEM):
            for code in _INLINE_CODE.findall(line.raw):
                if evidence.search("".join(code)):
                    return Section(name, line.number, "a command", "".join(code))
            if _WITH_OPTION.search(line.raw):
                return Section(name, line.number, "a command", line.text)
            is_typed = evidence.match(line.text) and _TYPED.match(line.text)
            if is_typed or _AFTER_COLON.search(line.text):
                return Section(name, line.number, "a command", line.text)
    return None


def _shows(topic: Topic, text: str) -> bool:
    """Whether a paragraph holds hard evidence of a topic."""
    if topic.name == "results":
        return any(topic.evidence.search(part) and not HOPED.search(part) for part in _stops(text))
    if topic.evidence.search(text):
        return True
    if topic.name == "evaluation" and len(_metrics(text)) >= 2:
        return True
    one, other = TOGETHER.get(topic.name, (None, None))
    return bool(
        one
        and other
        and any(one.search(part) and other.search(part) for part in prose.sentences(text))
    )


def _stops(text: str) -> list[str]:
    """The sentences of a paragraph, which colons do not end."""
    return _STOP.split(text)


def _metrics(text: str) -> set[str]:
    """The scores that a text names."""
    return {match[0].lower() for match in _IS_METRIC.finditer(text)}


def _in_text(topic: Topic, seen: Sequence[Line], blocks: Sequence[Paragraph]) -> Section | None:
    """Hard evidence in what is said; of results and their evaluation, in tables of numbers too."""
    for block in blocks:
        if _shows(topic, block.text[:MAX_BLOCK]) and not OTHERS_WORK.search(block.heading):
            return Section(topic.name, block.number, "said in the text", block.text)
    if topic.name == "data":
        return _linked_data(topic, seen) or _named_data(topic, seen, blocks)
    return _table(topic, seen) or (_listed(topic, blocks) if topic.name == "evaluation" else None)


def _listed(topic: Topic, blocks: Sequence[Paragraph]) -> Section | None:
    """A list that names two scores, one after the other."""
    metrics: dict[str, set[str]] = {}
    for block in blocks:
        if block.kind == Kind.ITEM and not OTHERS_WORK.search(block.heading):
            named = metrics.setdefault(block.heading, set())
            named |= _metrics(block.text)
            if len(named) >= 2 and _DECIMAL.search(block.text):
                return Section(topic.name, block.number, "a list of scores", block.text)
    return None


def _table(topic: Topic, seen: Sequence[Line]) -> Section | None:
    """A table of scores: results when it has a number, an evaluation when it has two scores or
    compares three."""
    metrics: set[str] = set()
    rows = 0
    for line in seen:
        if line.kind != Kind.TABLE:
            metrics.clear()
            rows = 0
            continue
        metrics |= _metrics(line.text)
        rows += bool(_DECIMAL.search(line.text))
        compares = len(metrics) >= 2 or rows >= 3
        if metrics and rows and (topic.name == "results" or compares):
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


def _named_data(topic: Topic, seen: Sequence[Line], blocks: Sequence[Paragraph]) -> Section | None:
    """A public data set that the title or the first paragraph names: what the project works on."""
    title = prose.title(seen)
    opening = [(title.number, title.text)] if title else []
    opening += [(block.number, block.text[:MAX_BLOCK]) for block in blocks[:1]]
    for number, text in opening:
        if _IS_NAMED_DATA.search(text):
            return Section(topic.name, number, "a data set by its name", text)
    return None


_TO_DO = re.compile(
    r"(?<!\w)(?:install|run|open|launch|execute|download|clone|activate|start|use|import|build|deploy|python)(?:s|ing)?(?!\w)",
    re.I,
)
#: A list of folders, or boxes and arrows, drawn with characters.
_DRAWN = re.compile(r"[│├└┌┐┘─━▶▼◀▲→↓]|ㄴ|^\s*\|--|-->")
#: Steps written one after the other: ingestion → training → serving.
_CHAIN = re.compile(r"[^\W\d]\s{0,3}(?:→|➔|➜|⟶|={1,9}>|-{1,9}>)\s{0,3}[^\W\d]")
_INLINE_CODE = re.compile(r"`([^`]{3,200})`|<code>([^<]{3,200})</code>", re.IGNORECASE)
#: Anything between back-ticks that has an option: `run --all`.
_WITH_OPTION = re.compile(r"`[\w./-]{2,40}\s(?:[^`]{0,160}\s)?--?[a-zA-Z][^`]{0,200}`")
#: A command among prose: in lower case, with something that only a command has.
_TYPED = re.compile(r"^(?!make sure)[a-z./$>].{0,80}?(?:\binstall\b|\bclone\b|[./=_-]\w|\s-)")
_AFTER_COLON = re.compile(
    r"(?:^|[:>$])\s*(?:bash|sh|python[\d.]{0,4}|pip3?|conda|npm|docker)\s+[\w./-]"
)
#: The number of a section: "3.1", "a)", "Step 2:", "第三部分——".
_ORDINAL = re.compile(
    r"^\W{0,6}(?:(?:\d{1,3}\.?){1,4}[.):、]?\s|[a-z]\)\s|(?:step|phase|part|section|module|week|étape|etapa|fase|bước|этап)"
    r"\s\d{1,2}\W{1,4}|第.{1,3}(?:部分|步|章|节)\W{0,4}|[一二三四五六七八九十]{1,3}、)",
    re.IGNORECASE,
)
#: "Data set: …", "Data | …", "Data – …": up to five words, then what is said of them.
_LABEL = re.compile(r"^\W{0,6}([^:：|–—\d]{3,60}?)\s{0,3}(?:[:：|]|\s[–—-]\s)\s{0,3}(\S.{2,1000})$")
_LINKS_AWAY = re.compile(
    r"^\s{0,12}(?:(?:[-*+]|\d{1,3}\.|\|)\s{0,4}[*_]{0,3}\[[^\]]{1,200}\]\(https?:|\[[^\]]{1,200}\]\([^()#]{1,500}\)\s{0,9}$)"
)
_STOP = re.compile(r"[.!?](?=\s|$)|[。！？]")
_IS_FAMILY = re.compile(FAMILY, re.IGNORECASE)
_IS_FIELD = re.compile(FIELD, re.IGNORECASE)
_IS_METRIC = re.compile(SCORE, re.IGNORECASE)
_IS_NAMED_DATA = re.compile(rf"{START}(?:{NAMED_DATA}){END}", re.IGNORECASE)
_DECIMAL = re.compile(r"\d[.,]\d|\d\s?%")
_MEASURED = re.compile(rf"\d[.,]\d|\d\s?%|{SCORE}", re.IGNORECASE)
_OUTPUT = re.compile(r"outputs?\b", re.IGNORECASE)
#: Headings of results whose words count without a number too.
_OUTCOME = re.compile(
    r"result|finding|ergebnis|résultat|risultat|результат|kết quả|hasil|sonuç|结果|結果|결과",
    re.IGNORECASE,
)
