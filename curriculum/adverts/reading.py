"""From an advert to proposals: one for each skill, with the sentence that speaks loudest for it."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from curriculum.adverts import cues
from curriculum.adverts.cues import LIST_JOINER
from curriculum.adverts.sentences import Section, Sentence, heading, lines_of, sentences_of
from curriculum.adverts.vocabulary import Found, Vocabulary

MOST_CHARACTERS = 20_000
MOST_PROPOSALS = 60
LONGEST_QUOTE = 300
LONGEST_TITLE = 120
TITLE_LABEL = re.compile(r"(?:job title|position|role|title|job)\s?:\s?", re.IGNORECASE)
#: A list of examples: any one of them is enough.
EXAMPLES_FOLLOW = re.compile(
    r"\b(?:such as|like|e\.g\.?,?|for example|one of|any of|one or more of|either)[\s(:,]{0,3}$",
    re.I,
)
OR_ANOTHER = re.compile(
    r"[\s,]{0,3}or (?:a )?(?:similar|equivalent|an?other|comparable|related)", re.I
)
OR, AND = re.compile(r"\bor\b", re.I), re.compile(r"(?:\band\b(?!/or))|&", re.I)


@dataclass(frozen=True, slots=True)
class Proposal:
    """A skill that an advert asks for, at a level from 1 (aware) to 4 (expert).

    Proposals of the same choice, if it is not 0, are alternatives: any one of them is enough.
    """

    slug: str
    level: int
    is_required: bool
    quote: str
    choice: int = 0


@dataclass(frozen=True, slots=True)
class Years:
    years: int
    quote: str


@dataclass(frozen=True, slots=True)
class Degree:
    """The lowest degree asked for: 1 for a bachelor's, 2 for a master's, 3 for a doctorate."""

    degree: int
    quote: str


@dataclass(frozen=True, slots=True)
class Reading:
    """What an advert asks for, required skills first, each kind in the order of the text."""

    title: str
    proposals: tuple[Proposal, ...]
    years: Years | None
    degree: Degree | None


def read(text: str, vocabulary: Vocabulary) -> Reading:
    """Read the first 20,000 characters of an advert."""
    text = text[:MOST_CHARACTERS]
    sentences = [sentence for sentence in sentences_of(text) if sentence.section != Section.ASIDE]
    mentions: list[Proposal] = []
    choices = 0
    for sentence in sentences:
        found, choices = _mentions(sentence, vocabulary, choices)
        mentions.extend(found)
    return Reading(
        title=_title(text),
        proposals=_proposals(mentions),
        years=_years(sentences),
        degree=_degree(sentences),
    )


def _mentions(
    sentence: Sentence, vocabulary: Vocabulary, choices: int
) -> tuple[list[Proposal], int]:
    """The skills that one sentence asks for, and how many choices there were until its end."""
    text = sentence.text
    names = vocabulary.find(text)
    levels = cues.levels(text, names)
    mentions: list[Proposal] = []
    for run in _runs(text, names):
        first, last = names[run[0]], names[run[-1]]
        if cues.is_negated(text, first.start, last.end):
            continue
        is_choice = len({names[index].slug for index in run}) > 1 and _is_choice(text, names, run)
        choices += is_choice
        for index in run:
            said = cues.is_required(text, names[index])
            mentions.append(
                Proposal(
                    slug=names[index].slug,
                    level=levels[index],
                    is_required=sentence.section == Section.REQUIRED if said is None else said,
                    quote=quote(text, names[index]),
                    choice=choices if is_choice else 0,
                )
            )
    return mentions, choices


def _runs(text: str, names: Sequence[Found]) -> Iterable[list[int]]:
    """The names of a sentence by their lists: Python, SQL or R; each as its numbers in the row."""
    run: list[int] = []
    for index, name in enumerate(names):
        if run and not LIST_JOINER.fullmatch(text, names[index - 1].end, name.start):
            yield run
            run = []
        run.append(index)
    if run:
        yield run


def _is_choice(text: str, names: Sequence[Found], run: Sequence[int]) -> bool:
    between = [text[names[one].end : names[other].start] for one, other in pairwise(run)]
    before, after = text[: names[run[0]].start], names[run[-1]].end
    if EXAMPLES_FOLLOW.search(before[-40:]) or OR_ANOTHER.match(text, after):
        return True
    return any(map(OR.search, between)) and not any(map(AND.search, between))


def _proposals(mentions: Sequence[Proposal]) -> tuple[Proposal, ...]:
    """One for each skill: what is required goes before what is not, and more before less."""
    by_slug: dict[str, list[Proposal]] = {}
    for mention in mentions:
        by_slug.setdefault(mention.slug, []).append(mention)
    chosen = [_loudest(said) for said in by_slug.values()]
    chosen = sorted(chosen, key=lambda proposal: not proposal.is_required)[:MOST_PROPOSALS]
    return tuple(_numbered(chosen))


def _loudest(said: Sequence[Proposal]) -> Proposal:
    """The mention that asks the most; a skill asked for by itself anywhere is in no choice."""
    loudest = max(said, key=lambda mention: (mention.is_required, mention.level))
    stands_alone = any(
        not mention.choice for mention in said if mention.is_required == loudest.is_required
    )
    return replace(loudest, choice=0) if stands_alone else loudest


def _numbered(proposals: Sequence[Proposal]) -> Iterable[Proposal]:
    """Choices counted from 1; one that has lost its alternatives is none."""
    members: dict[tuple[int, bool], int] = {}
    for proposal in proposals:
        key = (proposal.choice, proposal.is_required)
        members[key] = members.get(key, 0) + 1
    numbers: dict[tuple[int, bool], int] = {}
    for proposal in proposals:
        key = (proposal.choice, proposal.is_required)
        is_choice = proposal.choice and members[key] > 1
        number = numbers.setdefault(key, len(numbers) + 1) if is_choice else 0
        yield replace(proposal, choice=number)


def _years(sentences: Sequence[Sentence]) -> Years | None:
    """The most years asked; those that are only wished for count where none are required."""
    for section in (Section.REQUIRED, Section.PREFERRED):
        asked = [
            Years(number, quote(sentence.text))
            for sentence in sentences
            if sentence.section == section and (number := cues.years(sentence.text))
        ]
        if asked:
            return max(asked, key=lambda years: years.years)
    return None


def _degree(sentences: Sequence[Sentence]) -> Degree | None:
    """The lowest degree of the first sentence that asks for one; a wish counts where nothing more."""
    for section in (Section.REQUIRED, Section.PREFERRED):
        for sentence in sentences:
            if sentence.section == section and (level := cues.degree(sentence.text)):
                return Degree(level, quote(sentence.text))
    return None


def _title(text: str) -> str:
    """The first line, unless it is a heading or runs on."""
    first = next(iter(lines_of(text)), None)
    if first is None or heading(first) is not None:
        return ""
    title = TITLE_LABEL.sub("", first.text, count=1).strip(" *#")
    return title if len(title) <= LONGEST_TITLE and not title.endswith(".") else ""


def quote(sentence: str, name: Found | None = None) -> str:
    """The sentence, or the 300 characters of it around a name."""
    if len(sentence) <= LONGEST_QUOTE:
        return sentence
    middle = (name.start + name.end) // 2 if name else 0
    start = max(0, min(middle - LONGEST_QUOTE // 2, len(sentence) - LONGEST_QUOTE + 2))
    piece = sentence[start : start + LONGEST_QUOTE - 2].strip()
    return (
        f"{'…' if start else ''}{piece}{'…' if start + LONGEST_QUOTE - 2 < len(sentence) else ''}"
    )
