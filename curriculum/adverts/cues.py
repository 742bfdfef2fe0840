"""Words around a skill that say how well it is asked, whether it must be, and whether it is at all."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from curriculum.adverts.vocabulary import Found

AWARE, WORKING, PRACTITIONER, EXPERT = 1, 2, 3, 4
BACHELOR, MASTER, DOCTORATE = 1, 2, 3

NUMBERS = {
    word: number
    for number, word in enumerate(
        ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"], start=1
    )
}
NUMBER = rf"(?:\d{{1,2}}|{'|'.join(NUMBERS)})"
#: 3 years, 3+ yrs, 3-5 years, three (3) or more years.
YEARS = (
    rf"(?<![\w.,])(?P<number>{NUMBER})\s?(?:\(\d{{1,2}}\)\s?)?\+?\s?(?:plus\s|full\s)?"
    rf"(?:(?:-|–|—|to|or|and)\s?(?:more|{NUMBER})\s?\+?\s?)?(?:years?|yrs?)\b"
)
OF_LONG_AGO = re.compile(r"\b(?:last|past|next|previous|coming|first)\s(?:\w{1,20}\s)?$", re.I)
NOT_WORK = re.compile(r"\s?(?:ago|old|in business|in a row|of (?:history|growth|age))\b", re.I)
OF_WORK = re.compile(
    r"\b(?:years? (?:of|in|as|with)|yrs of|experience|background|track record|professional\w*|industry|"
    r"work(?:ed|ing)?|hands-on|building|developing|practice)\b",
    re.I,
)

#: Words for a level. What describes ("strong") goes before what is described ("understanding").
LEVEL_WORDS = re.compile(
    rf"""\b(?:
      (?P<expert>expert(?:[ -]level)?|world[ -]class)
    | (?P<strong>strong|deep(?!\s(?:learning|neural|reinforcement))|solid|advanced(?!\sdegree)|proficient|extensive|
        excellent|fluent|thorough|in[ -]depth|proven|significant|substantial|outstanding|very\sgood|highly\sskilled)
    | (?P<good>good(?!\sto\b)|sound|decent|working\sknowledge|intermediate)
    | (?P<some>some\s(?=(?:\w{{1,20}}\s)?(?:experience|knowledge|exposure|familiarity|understanding))|basic|initial|
        elementary|introductory|beginner|first\s(?=experience))
    | (?P<mastery>mastery)
    | (?P<command>expertise|proficiency|fluency|command|track\srecord)
    | (?P<work>experienced?|hands[ -]on|practical|knowledge|ability|able|comfortable|competen(?:t|ce|cy)|confident|
        skill(?:s|ed)?|capable|practice)
    | (?P<familiar>familiar(?:ity)?|exposure|aware(?:ness)?|understanding|interest(?:ed)?|curiosity|basics|
        willing(?:ness)?\sto\slearn|eager(?:ness)?\sto\slearn)
    )\b|{YEARS}""",
    re.IGNORECASE | re.VERBOSE,
)
DESCRIBES = {"expert": EXPERT, "strong": PRACTITIONER, "good": WORKING, "some": AWARE}
DESCRIBED = {"mastery": EXPERT, "command": PRACTITIONER, "work": WORKING, "familiar": AWARE}
PRACTITIONER_YEARS = 3  # from which on a skill used at work is taken to be a practitioner's
LINKED = re.compile(r"[\s,]{0,3}(?:(?:and|or|&|/|with|of)\s?)?", re.I)
JOINED = re.compile(r"\s?(?:(?:and|or|&|/)\s?)?", re.I)
BREAK = re.compile(r"[,;:()]")
#: What stands between the names of one list.
LIST_JOINER = re.compile(r"[\s,/&()]{0,4}(?:(?:and/or|and|or|&|either)[\s,/()]{0,4}){0,2}", re.I)
RIGHT_AFTER = re.compile(r"\s?[(\[:–—-]\s?|\s")

PREFERRED_WORDS = re.compile(
    r"\b(?:nice[ -]to[ -]haves?|good to have|bonus|pluse?s?|preferred|preferably|preference|desirable|desired|"
    r"ideally|advantages?|advantageous|beneficial|welcome|optional|helpful|appreciated|"
    r"(?:would|will) be (?:great|nice|ideal)|not (?:required|essential|necessary|needed|a must)[,;]? but)\b",
    re.I,
)
REQUIRED_WORDS = re.compile(
    r"(?<!not )(?<!n't )\b(?:must|required|requires?|essential|mandatory|necessary|needed|"
    r"you (?:need|have)|at least|minimum)\b",
    re.I,
)
PIECE_ENDS = re.compile(r",|\bbut\b|\bwhile\b|\bthough\b", re.I)

#: "no … needed" before a skill: at most six words that no comma and no "but" divides.
NEGATED_BEFORE = re.compile(
    r"(?:\b(?:no(?!\s(?:later|less|more|only)\b)|not(?!\s(?:only|just|limited|merely)\b)|without|never|rather than|"
    r"instead of)\b|\w+n't\b)(?:\s(?!but\b|however\b|yet\b)[\w'/&+#-]{1,30}){0,6}\s?$",
    re.I,
)
NEGATED_AFTER = re.compile(
    r"(?:\s(?!and\b|or\b|but\b)\w{1,20}){0,3}\s?(?:(?:is|are|'s)?\s?not|isn't|aren't)\s(?:strictly\s)?"
    r"(?:needed|required|necessary|mandatory|essential|expected|important|a must|a requirement)\b"
    r"(?!,?\s(?:but|though)\s(?:an?|is|it is|it's|would|will|helpful|nice|welcome|desirable|preferred)\b)",
    re.I,
)

#: Degrees by what they are called; abbreviations are read in capitals.
DEGREES = (
    (BACHELOR, re.compile(
        r"\b(?:[Bb]achelor(?:'?s)?|(?:[Uu]ndergraduate|[Uu]niversity|[Cc]ollege|[Tt]echnical|[Qq]uantitative) degree|"
        r"[Dd]egree in|B\.?Sc|BEng|B\.?S(?=/|\.|,|\s(?:degree|in|or)\b))"
    )),
    (MASTER, re.compile(
        r"\b(?:[Mm]aster(?:'s|s)?(?=\s(?:degree|in|or|of|level)\b|/|,|')|[Mm]aster's|(?:[Gg]raduate|[Aa]dvanced|"
        r"[Pp]ostgraduate) degree|M\.?Sc|MEng|M\.?S(?=/|\.|,|\s(?:degree|in|or)\b))"
    )),
    (DOCTORATE, re.compile(r"\b(?:Ph\.?\s?D|PHD|phd|[Dd]octora(?:te|l))\b")),
)  # fmt: skip
NO_DEGREE = re.compile(
    r"\b(?:no|without an?|regardless of) (?:\w{1,20} )?degree|degree (?:is |are )?not (?:required|needed|necessary)",
    re.I,
)


@dataclass(frozen=True, slots=True)
class _Cue:
    """A word for a level, or a chain of them: strong understanding, 5 years of experience."""

    level: int
    start: int
    end: int
    describes: bool  # what it describes may still follow


def levels(sentence: str, found: Sequence[Found]) -> list[int]:
    """The level at which a sentence asks each skill found in it; WORKING when it does not say.

    A word that follows a name at once speaks of that name and those listed with it ("Python
    skills", "SQL (basic)"); any other speaks of all names after it, until the next such word.
    """
    cues = _chains(sentence, found)
    own: dict[int, int] = {}
    spoken_for = set()
    for index, name in enumerate(found):
        cue = _right_after(sentence, name, cues)
        if cue is not None:
            spoken_for.add(cue)
            own[index] = cue.level
    given: list[int] = []
    for index, name in enumerate(found):
        before = [cue for cue in cues if cue.end <= name.start and cue not in spoken_for]
        if before and (index not in own or not _is_in_brackets(sentence, name)):
            given.append(before[-1].level)
        else:
            given.append(own.get(index) or _of_the_list(sentence, found, index, own) or WORKING)
    return given


def is_required(sentence: str, name: Found) -> bool | None:
    """Whether the words of a sentence make a skill a must (True) or a wish (False); None: neither.

    When a sentence does both, what stands between the commas and buts around the skill is asked
    first, then what comes before, then what comes after.
    """
    said = _said(sentence)
    if len(set(said)) < 2:
        return said[0] if said else None
    start, end = _piece(sentence, name)
    for part in (sentence[start:end], sentence[:start], sentence[end:]):
        if said := _said(part):
            return said[0]
    return None


def is_negated(sentence: str, start: int, end: int) -> bool:
    """Whether a sentence says that what stands between start and end is not asked for."""
    window = sentence[max(0, start - 200) : start]
    return bool(NEGATED_BEFORE.search(window) or NEGATED_AFTER.match(sentence, end))


def years(sentence: str) -> int | None:
    """The most years that a sentence asks of somebody's work; of a range, its lower end."""
    if not OF_WORK.search(sentence):
        return None
    asked = [
        _number(match["number"])
        for match in re.finditer(YEARS, sentence, re.I)
        if not OF_LONG_AGO.search(sentence[max(0, match.start() - 40) : match.start()])
        and not NOT_WORK.match(sentence, match.end())
    ]
    return max(asked, default=0) or None


def degree(sentence: str) -> int | None:
    """The lowest degree that a sentence names: who asks for one or the other takes either."""
    if NO_DEGREE.search(sentence):
        return None
    return next((level for level, words in DEGREES if words.search(sentence)), None)


def _chains(sentence: str, found: Sequence[Found]) -> list[_Cue]:
    """The words for levels outside of names, those that belong together as one."""
    cues: list[_Cue] = []
    for match in LEVEL_WORDS.finditer(sentence):
        if any(match.start() < name.end and name.start < match.end() for name in found):
            continue
        cue = _cue(match)
        before = cues[-1] if cues else None
        if before and _belong_together(sentence, before, cue, found):
            level = before.level if before.describes else max(before.level, cue.level)
            cues[-1] = _Cue(level, before.start, cue.end, cue.describes)
        else:
            cues.append(cue)
    return cues


def _cue(match: re.Match[str]) -> _Cue:
    if match["number"]:
        is_long = _number(match["number"]) >= PRACTITIONER_YEARS
        return _Cue(PRACTITIONER if is_long else WORKING, *match.span(), describes=True)
    kind = match.lastgroup or ""
    if kind in DESCRIBES:
        return _Cue(DESCRIBES[kind], *match.span(), describes=True)
    return _Cue(DESCRIBED[kind], *match.span(), describes=False)


def _belong_together(sentence: str, before: _Cue, cue: _Cue, found: Sequence[Found]) -> bool:
    """Strong understanding, knowledge and experience; but not experience with strong …"""
    if any(before.end <= name.start and name.end <= cue.start for name in found):
        return False
    between = sentence[before.end : cue.start]
    if not before.describes:
        return not cue.describes and bool(JOINED.fullmatch(between))
    if LINKED.fullmatch(between):
        return True
    return not cue.describes and len(between.split()) <= 3 and not BREAK.search(between)


def _right_after(sentence: str, name: Found, cues: Sequence[_Cue]) -> _Cue | None:
    """The cue that begins where the name ends: Python skills, SQL (basic), Docker: expert."""
    gap = RIGHT_AFTER.match(sentence, name.end)
    if not gap:
        return None
    cue = next((cue for cue in cues if cue.start == gap.end()), None)
    if cue and gap[0] == " " and cue.describes and cue.level != EXPERT:
        return None
    return cue


def _is_in_brackets(sentence: str, name: Found) -> bool:
    gap = RIGHT_AFTER.match(sentence, name.end)
    return bool(gap and gap[0].strip())


def _of_the_list(
    sentence: str, found: Sequence[Found], index: int, own: dict[int, int]
) -> int | None:
    """What is said after the last name of the list in which this one stands: Python and SQL skills."""
    for later in range(index + 1, len(found)):
        between = sentence[found[later - 1].end : found[later].start]
        if not LIST_JOINER.fullmatch(between):
            return None
        if later in own:
            return None if _is_in_brackets(sentence, found[later]) else own[later]
    return None


def _piece(sentence: str, name: Found) -> tuple[int, int]:
    ends = [match.start() for match in PIECE_ENDS.finditer(sentence)]
    start = max((end for end in ends if end <= name.start), default=0)
    end = min((end for end in ends if end >= name.end), default=len(sentence))
    return start, end


def _said(text: str) -> list[bool]:
    """Wishes (False) and musts (True) in the order in which a text says them."""
    words = [(match.start(), False) for match in PREFERRED_WORDS.finditer(text)]
    words += [(match.start(), True) for match in REQUIRED_WORDS.finditer(text)]
    return [is_must for _place, is_must in sorted(words)]


def _number(text: str) -> int:
    return int(text) if text.isdigit() else NUMBERS[text.lower()]
