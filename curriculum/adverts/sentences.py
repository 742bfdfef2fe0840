"""An advert as sentences, each with what its section asks for: must, may, or nothing at all."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

LONGEST_SENTENCE = 500  # characters; longer ones are cut at a blank
LONGEST_HEADING = 80
WRAPPED = 60  # a line this long that goes on in small letters was wrapped by a mail program
BULLETS = " \t#>*+-–—•·▪▫◦‣●○■□✓✔☐➢➤→"
#: Characters that nobody sees, or that turn the text round; adverts pasted from pages are full of them.
HIDDEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})
APOSTROPHES = str.maketrans({"\u2018": "'", "\u2019": "'", "\u02bc": "'", "\u00b4": "'", "`": "'"})
BLANKS = re.compile(r"[^\S\n]+")
SENTENCE_END = re.compile(r"[.!?;](?=\s)")
ABBREVIATIONS = frozenset(
    ["e.g", "i.e", "etc", "vs", "incl", "approx", "min", "max", "yrs", "resp", "ca", "no"]
)
OF_US = re.compile(r"(?:we|our|at \w+,? we)\b", re.IGNORECASE)
OF_YOU = re.compile(
    r"\b(?:you|your|looking for|seek(?:ing)?|searching|hiring|need)\b", re.IGNORECASE
)


class Section(Enum):
    """What a part of an advert is about."""

    REQUIRED = "required"
    PREFERRED = "preferred"
    ASIDE = "aside"  # the company, what it offers, how to apply


@dataclass(frozen=True, slots=True)
class Sentence:
    text: str
    section: Section


def _any_of(*patterns: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(patterns)})\b", re.IGNORECASE)


#: What headings are about, by their words; the first that fits counts.
HEADINGS = (
    (Section.PREFERRED, _any_of(
        "prefer(?:red|ences?|ably)", "nice[ -]to[ -]haves?", "good to have", "bonus(?:es)?", "plus(?:es)?",
        "desir(?:able|ed)", "optional(?:ly)?", "extra credit", "ideally", "advantages?", "stand out",
        "sets? you apart", "would be (?:great|nice|helpful|a plus)", "(?:even better|love it) if",
        "(?:tech|technology|technical) stack", "our (?:stack|tools|toolbox)", "tools we use",
    )),
    (Section.ASIDE, _any_of(
        "about (?:us|our|the (?:company|team|organi[sz]ation))", "who we are", "what we do",
        "our (?:company|mission|values|culture|story|team|clients|commitment)", "benefits", "perks", "we offer",
        "in it for you", "why (?:join|us|work|you)", "compensation", "salary", "pay range", "remuneration",
        "(?:how )?to apply", "(?:application|hiring|interview|recruitment|selection) (?:process|steps)",
        "next steps", "equal[ -]opportunit(?:y|ies)", "diversity", "inclusion", "privacy", "accommodations?",
        "locations?", "working hours",
    )),
    (Section.REQUIRED, _any_of(
        "require(?:d|ments?)", "must[ -]haves?", "qualifications?",
        "what you(?:'ll| will)? (?:bring|need|have|do|be doing|work on)", "you (?:have|bring|are|will|should have)",
        "who you are", "about you",
        "your (?:profile|background|skills?|experience|role|tasks|mission|responsibilities)", "looking for",
        "minimum", "essentials?", "basic", "skills?", "experience", "expertise", "competenc(?:y|ies|es)",
        "responsibilit(?:y|ies)", "duties", "tasks", "the (?:role|job|position)", "job description",
        "day[ -]to[ -]day", "knowledge",
    )),
)  # fmt: skip

#: What a heading without a colon is made of; "Python skills" is none.
HEADING_WORDS = frozenset([
    "a", "about", "additional", "an", "and", "apart", "applicants", "apply", "are", "as", "basic", "be", "benefits",
    "bonus", "bring", "commitment", "company", "compensation", "competencies", "culture", "day", "description",
    "desirable", "desired", "diversity", "do", "doing", "duties", "equal", "essential", "essentials", "experience",
    "expertise", "for", "good", "great", "have", "haves", "hiring", "how", "ideal", "ideally", "if", "in",
    "inclusion", "interview", "is", "it", "it's", "job", "join", "key", "knowledge", "like", "location", "looking",
    "main", "minimum", "mission", "must", "next", "nice", "of", "offer", "opportunities", "opportunity", "optional",
    "our", "out", "overview", "perks", "plus", "pluses", "points", "position", "preferred", "privacy", "process",
    "profile", "qualification", "qualifications", "required", "requirement", "requirements", "responsibilities",
    "responsibility", "role", "salary", "set", "sets", "skill", "skills", "stack", "stand", "steps", "stuff",
    "tasks", "team", "tech", "technical", "technology", "that", "the", "these", "this", "to", "tools", "toolbox",
    "up", "us", "values", "want", "we", "we're", "what", "what's", "who", "why", "will", "with", "work", "working",
    "would", "you", "you'll", "you're", "your", "yourself",
])  # fmt: skip


@dataclass(frozen=True, slots=True)
class Line:
    text: str
    is_bullet: bool


def sentences_of(text: str) -> Iterator[Sentence]:
    """The sentences of an advert in their order; a heading is one too, of the section it begins.

    What comes before the first heading is asked for unless it speaks of the company: "We build …".
    """
    lines = lines_of(text)
    headings = [heading(line) for line in lines]
    section = None if any(headings) else Section.REQUIRED
    for line, begun in zip(lines, headings, strict=True):
        section = begun or section
        said = _said_before_the_colon(line.text)
        for sentence in _sentences(line.text):
            yield Sentence(sentence, said or section or _of_introduction(sentence))


def lines_of(text: str) -> list[Line]:
    """The lines with something to read, without bullets; wrapped ones are made whole."""
    lines: list[Line] = []
    for raw in clean(text).split("\n"):
        raw = raw.strip()
        shown = raw.lstrip(BULLETS).strip()
        if not shown:
            continue
        is_bullet = raw[0] in BULLETS and not raw.startswith(("#", ">", "**"))
        before = lines[-1] if lines else None
        if before and not is_bullet and len(before.text) >= WRAPPED and shown[0].islower():
            lines[-1] = Line(f"{before.text} {shown}", before.is_bullet)
        else:
            lines.append(Line(shown, is_bullet))
    return lines


def clean(text: str) -> str:
    """The text composed, with plain blanks and apostrophes, and without what cannot be seen."""
    text = unicodedata.normalize("NFC", text).replace("\r\n", "\n").replace("\r", "\n")
    text = text.replace("\u2028", "\n").replace("\u2029", "\n").replace("\f", "\n")
    shown = (
        character
        for character in text.translate(APOSTROPHES)
        if character in "\n\t" or unicodedata.category(character) not in HIDDEN
    )
    return BLANKS.sub(" ", "".join(shown))


def heading(line: Line) -> Section | None:
    """What a line announces, if it is a heading: short, and with a colon or nothing but such words."""
    bare = line.text.strip(" *_#:")
    if not 0 < len(bare) <= LONGEST_HEADING or bare.endswith((".", ";", ",")):
        return None
    if not line.text.rstrip(" *_").endswith(":") and (line.is_bullet or not _is_heading(bare)):
        return None
    return _section(bare)


def _of_introduction(sentence: str) -> Section:
    speaks_of_us = OF_US.match(sentence) and not OF_YOU.search(sentence)
    return Section.ASIDE if speaks_of_us else Section.REQUIRED


def _said_before_the_colon(line: str) -> Section | None:
    """ "Nice to have: Docker" says so of its own line alone."""
    before, _, after = line.partition(":")
    section = _section(before) if after.strip() and _is_heading(before) else None
    return None if section == Section.REQUIRED else section


def _is_heading(words: str) -> bool:
    found = re.findall(r"[\w']+", words.lower())
    if found[:1] == ["about"] and found[1:2] != ["you"]:
        return len(found) <= 4
    return 0 < len(found) <= 8 and HEADING_WORDS.issuperset(found)


def _section(words: str) -> Section | None:
    if words.lower().startswith("about ") and not re.match(
        r"about (?:you|the (?:role|job|position))\b", words, re.I
    ):
        return Section.ASIDE
    return next((section for section, pattern in HEADINGS if pattern.search(words)), None)


def _sentences(line: str) -> Iterator[str]:
    start = 0
    for end in SENTENCE_END.finditer(line):
        words = line[start : end.start()].lower().rsplit(maxsplit=1)
        if end[0] == "." and words and words[-1].lstrip("(") in ABBREVIATIONS:
            continue
        yield from _pieces(line[start : end.end()].rstrip(";").strip())
        start = end.end()
    yield from _pieces(line[start:].strip())


def _pieces(sentence: str) -> Iterator[str]:
    while len(sentence) > LONGEST_SENTENCE:
        cut = sentence.rfind(" ", 0, LONGEST_SENTENCE)
        cut = cut if cut > 0 else LONGEST_SENTENCE
        yield sentence[:cut]
        sentence = sentence[cut:].lstrip()
    if sentence:
        yield sentence
