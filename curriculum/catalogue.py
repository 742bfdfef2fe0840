"""What the curriculum holds, by its words, kept in memory as long as one edition of it stands.

A few thousand entries: a dictionary of their words is quicker than a database, and the same on every
one. An entry is found by words that all stand in it; a title counts more than a description, and a
whole word more than the beginning of one.
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import lru_cache

from django.contrib.auth.models import AnonymousUser

from accounts.models import User
from curriculum import words
from curriculum.models import Edition, Module, Role, Skill, Unit, UnitResource

TITLE, ALIAS, TEXT = 6, 5, 1  # what a word is worth by where it stands
WHOLE, BEGINNING, NEARLY = 4, 2, 1  # and by how much of it was typed
LAST = chr(0x10FFFF)


class Kind(StrEnum):
    UNIT = "unit"
    MODULE = "module"
    SKILL = "skill"
    ROLE = "role"
    RESOURCE = "resource"


@dataclass(frozen=True, slots=True)
class Entry:
    """Something to be found: what it is called, where it is, and what else is known of it."""

    kind: Kind
    key: int
    title: str
    address: str
    text: str = ""
    place: str = ""  # what it belongs to
    place_address: str = ""
    aliases: tuple[str, ...] = ()  # other names that it goes by
    is_retired: bool = False


@dataclass(frozen=True, slots=True)
class Hit:
    """An entry that was found, and its words that were meant."""

    entry: Entry
    meant: frozenset[str]

    def matches(self, word: str) -> bool:
        return word in self.meant


class Catalogue:
    """Entries by their words. What comes first among equals is what was put in first."""

    def __init__(self, entries: Iterable[Entry]):
        self.entries = tuple(entries)
        self._titles = [words.split(entry.title) for entry in self.entries]
        places: dict[str, dict[int, int]] = defaultdict(dict)
        for number, entry in enumerate(self.entries):
            for word, worth in _words_of(entry):
                places[word][number] = max(worth, places[word].get(number, 0))
        self._places: Mapping[str, Mapping[int, int]] = places
        self._words = sorted(places)

    def find(self, query: words.Query) -> list[Hit]:
        """The entries that hold every word of a query, best first."""
        if not query:
            return []
        found = [self._score(word) for word in query.words]
        everywhere = set(found[0]).intersection(*found[1:])
        title = words.split(query.text)

        def rank(number: int) -> tuple[bool, int, int]:
            return (
                self._titles[number] != title,
                -sum(scores[number][0] for scores in found),
                number,
            )

        return [
            Hit(
                self.entries[number],
                frozenset().union(*(scores[number][1] for scores in found)),
            )
            for number in sorted(everywhere, key=rank)
        ]

    def knows(self, word: str) -> bool:
        """Whether there is anything to be found by this one word."""
        return any(self._candidates(word))

    def _score(self, word: str) -> dict[int, tuple[int, set[str]]]:
        """Entries by their number: what one typed word is worth there, and which words it means."""
        scores: dict[int, tuple[int, set[str]]] = {}
        for known, closeness in self._candidates(word):
            for number, worth in self._places[known].items():
                best, meant = scores.get(number, (0, set()))
                scores[number] = max(best, worth * closeness), meant | {known}
        return scores

    def _candidates(self, word: str) -> Iterator[tuple[str, int]]:
        """The known words that a typed one may mean; nearly the same ones only where no other is."""
        start = bisect_left(self._words, word)
        end = bisect_left(self._words, word + LAST) if len(word) > 1 else start + 1
        known = [other for other in self._words[start:end] if len(word) > 1 or other == word]
        if known:
            yield from ((other, WHOLE if other == word else BEGINNING) for other in known)
        elif len(word) >= words.FORGIVING:
            yield from ((other, NEARLY) for other in self._words if _is_nearly(word, other))


def current() -> Catalogue:
    """The catalogue of the curriculum as it stands; made anew after a load that changed it."""
    return of_edition(Edition.objects.values_list("pk", "loaded_at").last())


@lru_cache(maxsize=1)
def of_edition(edition: tuple[int, datetime] | None) -> Catalogue:
    """The catalogue of the edition that is loaded; of None before the first load is written down."""
    return Catalogue([*_units(), *_modules(), *_skills(), *_roles(), *_resources()])


def visible_to(user: User | AnonymousUser, hits: Iterable[Hit]) -> list[Hit]:
    """The hits that a person may open: what was retired only shows to whom it stays open."""
    hits = list(hits)
    retired = [hit.entry.key for hit in hits if hit.entry.is_retired]
    kept: set[int] = set()
    if retired:
        kept = set(Unit.objects.kept_by(user).filter(pk__in=retired).values_list("pk", flat=True))
    return [hit for hit in hits if not hit.entry.is_retired or hit.entry.key in kept]


def _units() -> Iterator[Entry]:
    """Every unit, retired ones too: they stay open to those who completed them."""
    for unit in Unit.objects.select_related("module__stage"):
        yield Entry(
            kind=Kind.UNIT,
            key=unit.pk,
            title=unit.title,
            address=unit.get_absolute_url(),
            text=unit.summary,
            place=unit.module.title,
            is_retired=unit.has_left,
        )


def _modules() -> Iterator[Entry]:
    for module in Module.objects.live().filter(stage__retired_at=None).select_related("stage"):
        yield Entry(
            kind=Kind.MODULE,
            key=module.pk,
            title=module.title,
            address=module.get_absolute_url(),
            text=module.summary,
            place=module.stage.title,
        )


def _skills() -> Iterator[Entry]:
    for skill in Skill.objects.live().select_related("category"):
        yield Entry(
            kind=Kind.SKILL,
            key=skill.pk,
            title=skill.name,
            address=skill.get_absolute_url(),
            text=skill.description,
            place=skill.category.title,
            aliases=tuple(skill.aliases),
        )


def _roles() -> Iterator[Entry]:
    for role in Role.objects.live():
        yield Entry(
            kind=Kind.ROLE,
            key=role.pk,
            title=role.title,
            address=role.get_absolute_url(),
            text=role.summary,
        )


def _resources() -> Iterator[Entry]:
    """Each resource once, under the first unit of the roadmap that lists it."""
    listed = (
        UnitResource.objects.filter(resource__retired_at=None, unit__in=Unit.objects.live())
        .select_related("resource", "unit")
        .order_by(
            "unit__module__stage__roadmap__position", "unit__module__number", "unit__position"
        )
    )
    seen = set()
    for entry in listed:
        if entry.resource_id not in seen:
            seen.add(entry.resource_id)
            yield Entry(
                kind=Kind.RESOURCE,
                key=entry.resource_id,
                title=entry.resource.title,
                address=entry.resource.url,
                text=f"{entry.resource.publisher} · {entry.resource.kind}",
                place=entry.unit.title,
                place_address=entry.unit.get_absolute_url(),
            )


def _words_of(entry: Entry) -> Iterator[tuple[str, int]]:
    for word in words.split(entry.title):
        yield word, TITLE
    for alias in entry.aliases:
        for word in words.split(alias):
            yield word, ALIAS
    for word in words.split(f"{entry.text} {entry.place}"):
        yield word, TEXT


def _is_nearly(typed: str, word: str) -> bool:
    """Whether a typed word is one letter off another, or off its beginning."""
    if len(word) < len(typed) - 1:
        return False
    return words.is_one_letter_off(typed, word) or (
        len(word) > len(typed) and words.is_one_letter_off(typed, word[: len(typed)])
    )
