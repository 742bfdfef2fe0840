"""Advice on the words of a résumé: the same words get the same advice. Plain Python.

Nothing here blocks anything: the writer knows what they did.
"""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

#: A line of more words than this runs over two lines of print.
MOST_WORDS = 28
#: A summary is read in ten seconds or not at all.
MOST_SUMMARY_WORDS = 60
#: Letters that are looked at; no field of a résumé is longer.
MOST_LETTERS = 1000


@dataclass(frozen=True, slots=True)
class Source:
    """Where an advice comes from: a unit of the roadmap by its slug, or a page."""

    title: str
    unit: str = ""
    url: str = ""


IMPACT = Source("Quantifying impact honestly", unit="quantifying-impact")
DEFEND = Source("Skills you can defend and tailoring", unit="skills-you-can-defend")
STRUCTURE = Source("Structure and summary", unit="resume-structure")
HANDBOOK = Source(
    "Tech Interview Handbook: Resume", url="https://www.techinterviewhandbook.org/resume/"
)


@dataclass(frozen=True, slots=True)
class Hint:
    """One advice: its kind, a sentence that says why, and where that is from."""

    kind: str
    words: str
    source: Source


#: Openings that say that somebody was there, and not what they did.
WEAK = (
    "worked on", "worked with", "working on", "responsible for", "helped", "assisted", "participated in",
    "involved in", "took part in", "contributed to", "tasked with", "duties included", "was part of",
    "used", "utilised", "utilized", "made use of", "handled", "dealt with", "tried", "supported",
    "exposure to", "familiar with", "experience with", "experience in", "knowledge of",
)  # fmt: skip

#: Words that every other résumé says too, and that nobody can check.
JARGON = (
    "synergy", "synergies", "cutting-edge", "cutting edge", "bleeding-edge", "state-of-the-art",
    "state of the art", "passionate", "results-driven", "result-oriented", "results-oriented",
    "team player", "go-getter", "guru", "ninja", "rockstar", "rock star", "leverage", "leveraged",
    "leveraging", "world-class", "best-in-class", "thought leader", "thought leadership", "innovative",
    "hard-working", "hardworking", "detail-oriented", "self-starter", "fast-paced",
    "proven track record", "think outside the box", "game-changing", "disruptive", "next-generation",
    "seamless", "seamlessly", "paradigm", "ai-powered", "wheelhouse", "deep dive", "move the needle",
)  # fmt: skip

NUMBER_WORDS = (
    "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "twenty",
    "thirty", "forty", "fifty", "hundred", "thousand", "million", "half", "halved", "third", "quarter",
    "doubled", "tripled", "twice", "dozen",
)  # fmt: skip


def _any_of(phrases: Iterable[str]) -> str:
    return "|".join(re.escape(phrase) for phrase in sorted(phrases, key=len, reverse=True))


BEGINS_WEAKLY = re.compile(rf"(?:{_any_of(WEAK)})(?![\w-])", re.IGNORECASE)
IS_JARGON = re.compile(rf"(?<![\w-])(?:{_any_of(JARGON)})(?![\w-])", re.IGNORECASE)
HAS_NUMBER = re.compile(rf"\d|(?<!\w)(?:{_any_of(NUMBER_WORDS)})(?!\w)", re.IGNORECASE)
SAYS_WE = re.compile(r"(?<![\w'’])(?:[Ww]e|[Oo]ur|us)(?![\w'’])")


def of_line(words: str, unproved: Collection[str] = (), number: str = "") -> list[Hint]:
    """Advice on one line. `unproved` are the skills it names that nothing shows, `number` is the
    result of the measurement that it rests on."""
    words = words[:MOST_LETTERS].strip()
    hints = []
    if found := BEGINS_WEAKLY.match(words):
        hints.append(
            Hint(
                "weak-verb",
                f"“{found[0]}” says that you were there. Begin with what you did: built, cut, found, "
                "wrote, tested.",
                HANDBOOK,
            )
        )
    if not HAS_NUMBER.search(words):
        hints.append(
            Hint(
                "no-number",
                "No number: how much, against which baseline, for how many? If nobody measured it, say "
                "what became possible and what your part was.",
                IMPACT,
            )
        )
    elif number and number not in words:
        hints.append(
            Hint(
                "another-number",
                f"It rests on {number} and does not say so: a reader who follows the link looks for the "
                "number in the line.",
                IMPACT,
            )
        )
    if SAYS_WE.search(words):
        hints.append(
            Hint(
                "we",
                "“We” hides your part, and an interviewer will ask for it. Say what was yours.",
                IMPACT,
            )
        )
    if (count := len(words.split())) > MOST_WORDS:
        hints.append(
            Hint(
                "too-long",
                f"{count} words: it runs over two lines of print. {MOST_WORDS} are enough for what, by how "
                "much and how.",
                HANDBOOK,
            )
        )
    hints += _jargon(words)
    for name in unproved:
        hints.append(
            Hint(
                "skill-without-evidence",
                f"It names {name}, and nothing shows that you have it: expect to be asked, or claim it in "
                "a project that shows it.",
                DEFEND,
            )
        )
    return hints


def of_summary(words: str) -> list[Hint]:
    """Advice on the summary at the top."""
    words = words[:MOST_LETTERS].strip()
    if not words:
        return [
            Hint(
                "no-summary",
                "No summary: say in three lines what you specialise in, where you stand, and one problem "
                "you solved.",
                STRUCTURE,
            )
        ]
    hints = []
    if (count := len(words.split())) > MOST_SUMMARY_WORDS:
        hints.append(
            Hint(
                "too-long",
                f"{count} words: a reader gives it ten seconds, which is {MOST_SUMMARY_WORDS} at most.",
                STRUCTURE,
            )
        )
    return hints + _jargon(words)


def named_in(words: str, names: Mapping[str, str]) -> set[str]:
    """Which of these skills a text names. `names` leads from a spelling in small letters to the skill."""
    text = words[:MOST_LETTERS].lower()
    return {
        skill
        for spelling, skill in names.items()
        if spelling in text
        and re.search(rf"(?<![\w+#]){re.escape(spelling)}(?![\w+#])", text) is not None
    }


def _jargon(words: str) -> list[Hint]:
    found = list(dict.fromkeys(match.lower() for match in IS_JARGON.findall(words)))
    if not found:
        return []
    listed = ", ".join(f"“{word}”" for word in found[:3])
    return [
        Hint(
            "jargon",
            f"{listed}: nobody can check it, and every other résumé says it too. Say what you did "
            "instead.",
            HANDBOOK,
        )
    ]
