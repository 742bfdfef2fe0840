"""What a load would do: the files beside the database, entry by entry. Nothing is written here."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from curriculum.loader import touches
from curriculum.loader.entries import (
    KINDS,
    OF_ONE_ROADMAP,
    ORDERED,
    PLACES,
    TEXTS,
    Entries,
    Value,
    differing,
    moved,
    of_files,
    place,
)
from curriculum.loader.files import ContentError, Problem
from curriculum.loader.reading import Row, Stored
from curriculum.loader.rules import PROJECT_RUBRIC, Content
from curriculum.loader.touches import Touch

Key = tuple[str, str]  # kind and slug


class Action(StrEnum):
    """What happens to an entry."""

    ADDED = "added"
    CHANGED = "changed"
    MOVED = "moved"  # to another module or stage, or within its own
    RETIRED = "retired"
    RETURNED = "brought back"


@dataclass(frozen=True, slots=True)
class FieldChange:
    """A key of an entry with what it held and what it will hold."""

    name: str
    old: Any
    new: Any


@dataclass(frozen=True, slots=True)
class Change:
    """One entry that the files want otherwise than the database has it."""

    kind: str
    slug: str
    title: str
    action: Action
    fields: tuple[FieldChange, ...] = ()
    touches: tuple[Touch, ...] = ()
    overwrites: tuple[str, ...] = ()  # keys that were edited in the admin; "retired" is one, too
    edited_at: datetime | None = None  # None when that is not known

    @property
    def key(self) -> Key:
        return self.kind, self.slug


@dataclass(frozen=True, slots=True)
class Shared:
    """An entry that another roadmap's files rule, and the keys in which these files differ."""

    kind: str
    slug: str
    ruler: str
    differs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Tally:
    """The slugs of one kind of content, by what a load does to them. Moved is changed, too."""

    kind: str  # in the plural, for people
    live: int  # entries in the files
    added: frozenset[str]
    changed: frozenset[str]
    moved: frozenset[str]
    retired: frozenset[str]
    returned: frozenset[str]

    @property
    def is_empty(self) -> bool:
        return not (self.added or self.changed or self.retired or self.returned)


@dataclass(frozen=True, slots=True)
class Plan:
    """All that a load of these files would do to this database. False when that is nothing."""

    roadmap: str
    changes: tuple[Change, ...]
    shared: tuple[Shared, ...]
    settled: tuple[Key, ...]  # edits made in the admin that the files now hold
    made_here: tuple[Key, ...]  # entries that no file holds; a load leaves them alone
    kept: tuple[Change, ...]  # changes left out for the sake of an edit
    wanted: Entries
    ruled: frozenset[Key]  # entries of the files that no earlier roadmap rules
    dropped: tuple[Key, ...]  # entries that these files held and no longer hold
    stored: Stored

    def __bool__(self) -> bool:
        return bool(self.changes)

    @property
    def overwriting(self) -> tuple[Change, ...]:
        """The changes that would undo an edit made in the admin."""
        return tuple(change for change in self.changes if change.overwrites)

    def keeping_edits(self) -> "Plan":
        """The same without the changes that would undo an edit."""
        return replace(
            self,
            changes=tuple(change for change in self.changes if not change.overwrites),
            kept=self.overwriting,
        )

    def of(self, kind: str) -> Tally:
        slugs: dict[Action, set[str]] = defaultdict(set)
        for change in self.changes:
            if change.kind == kind:
                slugs[change.action].add(change.slug)
        return Tally(
            kind,
            len(self.wanted[kind]),
            frozenset(slugs[Action.ADDED]),
            frozenset(slugs[Action.CHANGED] | slugs[Action.MOVED]),
            frozenset(slugs[Action.MOVED]),
            frozenset(slugs[Action.RETIRED]),
            frozenset(slugs[Action.RETURNED]),
        )

    @property
    def tallies(self) -> tuple[Tally, ...]:
        return tuple(self.of(kind) for kind in (*KINDS, TEXTS))


def plan(content: Content, stored: Stored) -> Plan:
    """Compare checked files with what is stored.

    Raises ContentError where the files claim a stage, module or unit of another roadmap, or count on
    a criterion that the ruling files do not have.
    """
    return _Planning(content, stored).plan()


def edits(stored: Stored) -> dict[Key, tuple[str, ...]]:
    """The keys of each entry that differ from what its ruling files last held.

    "order" and "retired" are keys here, too.
    """
    found: dict[Key, tuple[str, ...]] = {}
    held: dict[tuple[str, str, str], list[tuple[int, str]]] = defaultdict(list)
    for (kind, slug), by_roadmap in stored.claims.items():
        ruler = stored.ruler(kind, slug)
        row = stored.rows.get(kind, {}).get(slug)
        if ruler is None or row is None:
            continue
        entry = by_roadmap[ruler]
        if row.has_left:
            found[kind, slug] = ("retired",)
        elif names := tuple(differing(row.value, entry.value)):
            found[kind, slug] = names
        if kind in ORDERED and not row.has_left:
            held[kind, place(kind, row.value), ruler].append((entry.position, slug))
    for (kind, _, _), entries in held.items():
        files = [slug for _, slug in sorted(entries)]
        known = set(files)
        for slug in moved(files, (slug for slug in stored.rows[kind] if slug in known)):
            found[kind, slug] = (*found.get((kind, slug), ()), "order")
    return found


class _Planning:
    def __init__(self, content: Content, stored: Stored):
        self.content = content
        self.stored = stored
        self.wanted = of_files(content)
        self.roadmap: str = content.roadmap.value["slug"]
        self.claims = stored.claimed_by(self.roadmap)
        self.edits = edits(stored)
        #: Nothing was written down yet: what is there came from the files of an earlier version.
        self.is_first = not stored.claims
        self.is_alone = not {*stored.roadmaps} - {self.roadmap}
        self.ruled = frozenset(
            (kind, slug)
            for kind in (*KINDS, TEXTS)
            for slug in self.wanted[kind]
            if kind in (*OF_ONE_ROADMAP, TEXTS)
            or stored.ruler(kind, slug, self.roadmap) == self.roadmap
        )
        self.shared: list[Shared] = []

    def plan(self) -> Plan:
        self._refuse()
        orders = {kind: self._orders(kind) for kind in ORDERED}
        changes = [change for kind in KINDS for change in self._changes(kind, orders.get(kind, {}))]
        changes = [*self._counted(changes), *self._texts()]
        changed = {change.key for change in changes}
        return Plan(
            roadmap=self.roadmap,
            changes=tuple(changes),
            shared=tuple(self.shared),
            settled=tuple(key for key in self.edits if key in self.ruled and key not in changed),
            made_here=tuple(self._made_here()),
            kept=(),
            wanted=self.wanted,
            ruled=self.ruled,
            dropped=tuple(key for key in self._held() if key[1] not in self.wanted[key[0]]),
            stored=self.stored,
        )

    def _refuse(self) -> None:
        problems = []
        for kind in OF_ONE_ROADMAP:
            for slug in self.wanted[kind]:
                row = self.stored.rows[kind].get(slug)
                if row and row.roadmap != self.roadmap:
                    problems.append(
                        self._problem(
                            kind,
                            slug,
                            f"the {kind[:-1]} {slug!r} belongs to the roadmap {row.roadmap!r}; "
                            "choose another slug",
                        )
                    )
        if ("rubrics", PROJECT_RUBRIC) not in self.ruled:
            row = self.stored.rows["rubrics"][PROJECT_RUBRIC]
            known = {criterion["slug"] for criterion in row.value["criteria"]}
            ruler = self.stored.ruler("rubrics", PROJECT_RUBRIC)
            for slug, unit in self.wanted["units"].items():
                used = {entry["criterion"] for entry in (unit["brief"] or {}).get("acceptance", ())}
                problems += [
                    self._problem(
                        "units",
                        slug,
                        f"the rubric {PROJECT_RUBRIC!r} belongs to the roadmap {ruler!r}, whose "
                        f"files have no criterion {criterion!r}",
                    )
                    for criterion in sorted(used - known)
                ]
        if problems:
            raise ContentError(problems)

    def _problem(self, kind: str, slug: str, message: str) -> Problem:
        """A problem of a stage, module or unit, where its slug stands."""
        if kind == "stages":
            for index, stage in enumerate(self.content.stages.value["stages"]):
                if stage["slug"] == slug:
                    return self.content.stages.problem(message, "stages", index, "slug")
        for document in self.content.modules:
            if kind == "modules" and document.value["slug"] == slug:
                return document.problem(message, "slug")
            for index, unit in enumerate(document.value["units"]):
                if kind == "units" and unit["slug"] == slug:
                    return document.problem(message, "units", index, "slug")
        raise LookupError(f"{kind}/{slug} is in no file")

    def _held(self) -> Iterator[Key]:
        """What these files held before, or may have held before that was written down."""
        yield from self.claims
        if not self.is_first:
            return
        for kind in KINDS[1:]:
            for slug, row in self.stored.rows[kind].items():
                if row.roadmap == self.roadmap or (kind not in OF_ONE_ROADMAP and self.is_alone):
                    yield kind, slug

    def _orders(self, kind: str) -> dict[str, FieldChange]:
        """The entries that stand elsewhere among those that stay where they are."""
        before: dict[str, list[str]] = defaultdict(list)
        after: dict[str, list[str]] = defaultdict(list)
        for slug, row in self.stored.rows[kind].items():
            if (kind, slug) in self.ruled and not row.has_left:
                before[place(kind, row.value)].append(slug)
        for slug, value in self.wanted[kind].items():
            if (kind, slug) in self.ruled:
                after[place(kind, value)].append(slug)
        return {
            slug: FieldChange("order", before[where].index(slug) + 1, order.index(slug) + 1)
            for where, order in after.items()
            for slug in moved(before[where], order)
        }

    def _changes(self, kind: str, orders: Mapping[str, FieldChange]) -> Iterator[Change]:
        rows = self.stored.rows[kind]
        for slug, value in self.wanted[kind].items():
            row = rows.get(slug)
            if (kind, slug) not in self.ruled:
                ruler = self.stored.ruler(kind, slug) or ""
                differs = tuple(differing(row.value, value)) if row else ()
                self.shared.append(Shared(kind, slug, ruler, differs))
            elif row is None:
                yield Change(kind, slug, title_of(value), Action.ADDED)
            elif change := self._difference(kind, slug, value, row, orders.get(slug)):
                yield change
        for held, slug in self._held():
            row = rows.get(slug)
            if held != kind or row is None or row.has_left or slug in self.wanted[kind]:
                continue
            if not {*self.stored.claims.get((kind, slug), ())} - {self.roadmap}:
                edited = self.edits.get((kind, slug), ())
                yield Change(
                    kind,
                    slug,
                    title_of(row.value),
                    Action.RETIRED,
                    overwrites=edited,
                    edited_at=self._edited_at(kind, slug) if edited else None,
                )

    def _difference(
        self, kind: str, slug: str, value: Value, row: Row, order: FieldChange | None
    ) -> Change | None:
        fields = [
            FieldChange(key, row.value.get(key), value[key]) for key in differing(row.value, value)
        ]
        if order and not row.has_left:
            fields.append(order)
        if not fields and not row.has_left:
            return None
        names = [field.name for field in fields]
        if row.has_left:
            action = Action.RETURNED
        elif {PLACES.get(kind), "order"} & {*names}:
            action = Action.MOVED
        else:
            action = Action.CHANGED
        overwrites = self._overwritten(kind, slug, names, row)
        return Change(
            kind,
            slug,
            title_of(value),
            action,
            tuple(fields),
            overwrites=overwrites,
            edited_at=self._edited_at(kind, slug) if overwrites else None,
        )

    def _overwritten(
        self, kind: str, slug: str, names: Collection[str], row: Row
    ) -> tuple[str, ...]:
        if (kind, slug) not in self.stored.claims:
            # Made in the admin, exported, and now otherwise in the file.
            return () if row.has_left or self.is_first else tuple(names)
        edited = self.edits.get((kind, slug), ())
        where = place(kind, row.value)
        order_edited = "order" in names and any(
            "order" in fields and place(kind, self.stored.rows[kind][other].value) == where
            for (edited_kind, other), fields in self.edits.items()
            if edited_kind == kind
        )
        return tuple(
            name
            for name in (*names, *(["retired"] if row.has_left else []))
            if (order_edited if name == "order" else name in edited)
        )

    def _edited_at(self, kind: str, slug: str) -> datetime | None:
        by_roadmap = self.stored.claims.get((kind, slug), {})
        entry = by_roadmap.get(self.stored.ruler(kind, slug) or "")
        return entry.edited_at if entry else None

    def _counted(self, changes: list[Change]) -> Iterator[Change]:
        """The changes with the learners they touch."""
        for kind in KINDS:
            ours = [change for change in changes if change.kind == kind]
            rows = self.stored.rows[kind]
            found = touches.of(
                kind,
                (rows[change.slug].pk for change in ours if change.action != Action.ADDED),
            )
            for change in ours:
                row = rows.get(change.slug)
                yield replace(change, touches=found[row.pk]) if row and row.pk in found else change

    def _texts(self) -> Iterator[Change]:
        for file, value in self.wanted[TEXTS].items():
            entry = self.claims.get((TEXTS, file))
            if entry is None:
                yield Change(TEXTS, file, f"{file}.yaml", Action.ADDED)
            elif fields := tuple(
                FieldChange(key, entry.value.get(key), value[key])
                for key in differing(entry.value, value)
            ):
                yield Change(TEXTS, file, f"{file}.yaml", Action.CHANGED, fields)

    def _made_here(self) -> Iterator[Key]:
        if self.is_first:
            return
        for kind in KINDS[1:]:
            for slug, row in self.stored.rows[kind].items():
                if (kind, slug) in self.stored.claims or slug in self.wanted[kind]:
                    continue
                if not row.has_left and row.roadmap in ("", self.roadmap):
                    yield kind, slug


def title_of(value: Mapping[str, Any]) -> str:
    """What people call an entry."""
    return value.get("title") or value.get("name") or value.get("prompt") or ""
