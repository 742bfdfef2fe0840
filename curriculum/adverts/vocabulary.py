"""The words that skills go by, and where they stand in a sentence.

Words are compared without plural, hyphen and British or American spelling, so that no alias has to
list them. Names of skills are found in any case. In an alias a capital stands for itself: `spark`
is found in any case, `Spark` with a capital, `REST` in capitals.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import Enum
from typing import NamedTuple

#: A word may hold what C++, C#, R&D, Node.js and Bayes's hold; a hyphen or a slash divides.
WORD = re.compile(r"[^\W_]+(?:['.&][^\W_]+)*[+#]*")
#: What may stand between two words of one name.
JOINER = re.compile(r"[\s/_&\-\u2010-\u2013]{1,3}")
HYPHEN = re.compile(r"[\-\u2010-\u2013]")
LONGEST_WORD = 60  # letters; a longer one is no word
SPELLINGS = [  # American on the right
    (re.compile(r"is(ations?|ing|e[drs]?)$"), r"iz\1"),
    (re.compile(r"ys(ing|e[drs]?)$"), r"yz\1"),
    (re.compile(r"ll(ing|ed|er)$"), r"l\1"),
    (re.compile(r"our$"), "or"),
]


class Case(Enum):
    """How a word of an alias must be written to be found."""

    ANY = "any"
    CAPITAL = "capital"
    UPPER = "upper"


class Found(NamedTuple):
    """A skill's name in a sentence: its slug, and where it begins and ends."""

    slug: str
    start: int
    end: int


@dataclass(slots=True)
class _Node:
    """What may come after the words so far, and whose name ends here."""

    after: dict[str, "_Node"] = field(default_factory=dict)
    ends: list[tuple[tuple[Case, ...], str]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """All names of all skills, as a tree of their words. Made by `vocabulary_of`."""

    root: _Node

    def find(self, sentence: str) -> list[Found]:
        """The names in a sentence from left to right: the longest first, and none within another."""
        words = list(WORD.finditer(sentence))
        found: list[Found] = []
        position = 0
        while position < len(words):
            slug, length = self._longest(sentence, words, position)
            if slug:
                last = words[position + length - 1]
                found.append(Found(slug, words[position].start(), last.end()))
            position += max(1, length)
        return found

    def _longest(self, sentence: str, words: list[re.Match[str]], position: int) -> tuple[str, int]:
        """Slug and number of words of the longest name that begins at this word."""
        best = ("", 0)
        node: _Node | None = self.root
        texts: list[str] = []
        for index in range(position, len(words)):
            if texts and not JOINER.fullmatch(
                sentence, words[index - 1].end(), words[index].start()
            ):
                break
            texts.append(words[index][0])
            node = node.after.get(normal(texts[-1])) if node else None
            if node is None:
                break
            for cases, slug in node.ends:
                if all(map(_fits, cases, texts)) and not (
                    len(texts) == 1 and _means_something_else(sentence, words[index])
                ):
                    best = (slug, len(texts))
                    break
        return best


def vocabulary_of(skills: Iterable[tuple[str, str, Iterable[str]]]) -> Vocabulary:
    """The names of skills, each given as slug, name and aliases. Who comes first keeps a name."""
    root = _Node()
    for slug, name, aliases in skills:
        is_short = len(name) <= 2
        _add(root, slug, name, any_case=not is_short)
        for alias in aliases:
            _add(root, slug, alias)
    return Vocabulary(root)


def forms_of(name: str) -> list[tuple[str, ...]]:
    """The words of a name in the form in which they are compared: as written, and without hyphens."""
    return list(dict.fromkeys(tuple(map(normal, texts)) for texts in _variants(name)))


def normal(word: str) -> str:
    """A word in the form in which it is compared: small, singular, American."""
    if len(word) > LONGEST_WORD:
        return word
    word = word.casefold().removesuffix("'s")
    for british, american in SPELLINGS:
        word = british.sub(american, word)
    return _singular(word)


def _singular(word: str) -> str:
    """The same for one and many. A word that only looks like a plural loses its s everywhere."""
    if len(word) <= 3 or not word.endswith("s") or word.endswith(("ss", "us", "is")):
        return word
    if word.endswith("ies"):
        return word[:-3] + "y"
    if word.endswith(("sses", "xes", "ches", "shes")):
        return word[:-2]
    return word[:-1]


def _add(root: _Node, slug: str, name: str, *, any_case: bool = False) -> None:
    for texts in _variants(name):
        node = root
        for text in texts:
            node = node.after.setdefault(normal(text), _Node())
        cases = tuple(Case.ANY if any_case else _case(text) for text in texts)
        if not any(cases == known for known, _ in node.ends):
            node.ends.append((cases, slug))


def _variants(name: str) -> list[list[str]]:
    """The words of a name: fine-tuning is fine and tuning, and finetuning too."""
    variants = dict.fromkeys([name, HYPHEN.sub("", name)])
    found = ([match[0] for match in WORD.finditer(variant)] for variant in variants)
    return [texts for texts in found if texts]


def _case(word: str) -> Case:
    if not any(map(str.isupper, word)):
        return Case.ANY
    if _stem(word).isupper():
        return Case.UPPER
    return Case.CAPITAL if word[0].isupper() else Case.ANY


def _fits(case: Case, text: str) -> bool:
    match case:
        case Case.UPPER:
            return _stem(text).isupper()
        case Case.CAPITAL:
            return text[0].isupper()
    return True


def _stem(word: str) -> str:
    """The word without the s of a plural: LLMs, APIs."""
    return word[:-1] if len(word) > 2 and word.endswith("s") else word


def _means_something_else(sentence: str, word: re.Match[str]) -> bool:
    """Whether a short name is part of another word (R-squared) or begins a sentence (Go far)."""
    text = word[0]
    around = (
        sentence[max(0, word.start() - 1) : word.start()] + sentence[word.end() : word.end() + 1]
    )
    if len(text) == 1 and any(character in "-'’&\u2010\u2011" for character in around):
        return True
    if len(text) > 2 or text.isupper() or not text[0].isupper() or not text.isalpha():
        return False
    before, after = sentence[: word.start()].strip(), sentence[word.end() :].lstrip()
    return not before and bool(after) and not after.startswith((",", "/", ";", ")", "or ", "and "))
