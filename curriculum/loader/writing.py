"""A plan into rows: each change is written as it was planned, and nothing else is."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import Max
from django.utils import timezone

from curriculum.loader.entries import CATEGORIES, KINDS, ORDERED, TEXTS, Value, place
from curriculum.loader.planning import Action, Plan
from curriculum.loader.reading import MODELS
from curriculum.loader.rules import DEGREE_VALUES, LEVEL_VALUES
from curriculum.models import (
    Brief,
    Criterion,
    FileEntry,
    Module,
    ModuleSkill,
    Question,
    Rating,
    Requirement,
    RequirementSkill,
    Roadmap,
    Role,
    Rung,
    UnitResource,
)

Fields = dict[str, Any]
Columns = Callable[[str, Value], Fields]
BATCH = 200  # rows a statement; SQLite allows a limited number of values
ROLE_COLUMNS = (
    *("title", "family", "seniority", "source", "source_note", "summary"),
    *("responsibilities", "required_qualifications", "preferred_qualifications"),
    *("education_note", "look_for", "evidence"),
)
RUNG_COLUMNS = (
    *("title", "track", "summary", "scope", "autonomy", "influence", "complexity"),
    *("typical_years", "readiness_signs", "expectations", "growth_advice"),
)


def write(plan: Plan) -> None:
    """Write a plan. The caller holds the transaction in which it was made."""
    _Writing(plan, timezone.now()).all()


def renumber(roadmap: Roadmap) -> None:
    """Count the live modules of a roadmap along its stages, from 1."""
    modules = list(
        Module.objects.live()
        .filter(stage__retired_at=None)
        .of(roadmap)
        .order_by("stage__position", "number", "pk")
    )
    different = []
    for number, module in enumerate(modules, start=1):
        if module.number != number:
            module.number = number
            different.append(module)
    Module.objects.bulk_update(different, ["number"], batch_size=BATCH)


class _Writing:
    """One load: the keys of all rows by kind and slug, so that later rows can point at them."""

    def __init__(self, plan: Plan, now: datetime):
        self.plan = plan
        self.now = now
        self.kept = {change.key for change in plan.kept}
        self.keys: dict[str, dict[str, int]] = {
            kind: {slug: row.pk for slug, row in rows.items()}
            for kind, rows in plan.stored.rows.items()
        }

    def all(self) -> None:
        if self.plan:
            self._roadmap()
            self._skills()
            self._stages_and_modules()
            self._units()
            self._ladder()
            self._roles()
            self._rubrics()
            self._questions()
            renumber(Roadmap.objects.get(slug=self.plan.roadmap))
        self._write_down()

    # What the kinds have in columns

    def _roadmap(self) -> None:
        # A roadmap's place among the others is not in its files: a new one comes last.
        last = Roadmap.objects.aggregate(last=Max("position"))["last"] or 0

        def columns(slug: str, value: Value) -> Fields:
            is_new = slug not in self.keys["roadmaps"]
            return {**value, **({"position": last + 1} if is_new else {})}

        self._entries("roadmaps", columns)

    def _skills(self) -> None:
        self._entries(CATEGORIES, lambda slug, value: dict(value))
        self._entries(
            "skills",
            lambda slug, value: {
                "category_id": self.keys[CATEGORIES][value["category"]],
                "name": value["name"],
                "description": value["description"],
                "behaviours": value["levels"],
                "aliases": value["aliases"],
            },
        )

    def _stages_and_modules(self) -> None:
        copied = ("title", "short_title", "summary", "goal", "exit_evidence", "choose")
        self._entries(
            "stages",
            lambda slug, value: (
                {
                    "roadmap_id": self.keys["roadmaps"][self.plan.roadmap],
                    "is_elective": value["elective"],
                }
                | {key: value[key] for key in copied}
            ),
        )
        written = self._entries(
            "modules",
            lambda slug, value: {
                "stage_id": self.keys["stages"][value["stage"]],
                "title": value["title"],
                "kind": value["kind"],
                "summary": value["summary"],
                "outcomes": value["outcomes"],
            },
        )
        self._sync_below(
            ModuleSkill,
            ("module_id", "skill_id"),
            {
                (self.keys["modules"][slug], self.keys["skills"][taught["skill"]]): {
                    "level": LEVEL_VALUES[taught["level"]]
                }
                for slug, value in written.items()
                for taught in value["skills"]
            },
            self._keys_of("modules", written),
        )
        self._sync_links(
            Module.prerequisites.through, ("from_module_id", "to_module_id"), "modules", written,
            "prerequisites", "modules",
        )  # fmt: skip

    def _units(self) -> None:
        self._entries("resources", lambda slug, value: dict(value))
        written = self._entries(
            "units",
            lambda slug, value: (
                {
                    "module_id": self.keys["modules"][value["module"]],
                    "questions": value["checks"],
                }
                | {key: value[key] for key in ("title", "kind", "minutes", "summary", "outcome")}
            ),
        )
        self._sync_below(
            UnitResource,
            ("unit_id", "resource_id"),
            {
                (self.keys["units"][slug], self.keys["resources"][resource["slug"]]): {
                    "position": position,
                    "part": resource["part"],
                }
                for slug, value in written.items()
                for position, resource in enumerate(value["resources"], start=1)
            },
            self._keys_of("units", written),
        )
        self._sync_below(
            Brief,
            ("unit_id",),
            {
                (self.keys["units"][slug],): {"kind": value["project_type"], **value["brief"]}
                for slug, value in written.items()
                if value["brief"]
            },
            self._keys_of("units", written),
        )

    def _ladder(self) -> None:
        written = self._entries(
            "rungs", lambda slug, value: {key: value[key] for key in RUNG_COLUMNS}
        )
        self._sync_links(
            Rung.next_rungs.through, ("from_rung_id", "to_rung_id"), "rungs", written,
            "next", "rungs",
        )  # fmt: skip

    def _roles(self) -> None:
        written = self._entries(
            "roles",
            lambda slug, value: (
                {
                    "rung_id": self.keys["rungs"][value["ladder_rung"]],
                    "min_years": value["experience"]["min_years"],
                    "max_years": value["experience"]["max_years"],
                    "experience_note": value["experience"]["note"],
                    "degree": DEGREE_VALUES.get(value["degree"]),
                }
                | {key: value[key] for key in ROLE_COLUMNS}
            ),
        )
        self._sync_links(
            Role.next_roles.through, ("from_role_id", "to_role_id"), "roles", written,
            "next_roles", "roles",
        )  # fmt: skip
        clauses = {
            (self.keys["roles"][slug], is_required, position): clause.get("any_of", [clause])
            for slug, value in written.items()
            for is_required, key in ((True, "required_skills"), (False, "preferred_skills"))
            for position, clause in enumerate(value[key], start=1)
        }
        requirements = self._sync_below(
            Requirement,
            ("role_id", "is_required", "position"),
            {where: {} for where in clauses},
            self._keys_of("roles", written),
        )
        self._sync_below(
            RequirementSkill,
            ("requirement_id", "skill_id"),
            {
                (requirements[where].pk, self.keys["skills"][choice["skill"]]): {
                    "level": LEVEL_VALUES[choice["level"]]
                }
                for where, choices in clauses.items()
                for choice in choices
            },
            [requirement.pk for requirement in requirements.values()],
        )

    def _rubrics(self) -> None:
        copied = ("title", "used_by", "pass_rule", "guidance")
        written = self._entries("rubrics", lambda slug, value: {key: value[key] for key in copied})
        entries = {
            (self.keys["rubrics"][slug], criterion["slug"]): (position, criterion)
            for slug, value in written.items()
            for position, criterion in enumerate(value["criteria"], start=1)
        }
        criteria = self._sync_below(
            Criterion,
            ("rubric_id", "slug"),
            {
                where: {
                    "title": criterion["title"],
                    "position": position,
                    "weight": criterion["weight"],
                    "question": criterion["question"],
                    "retired_at": None,
                }
                for where, (position, criterion) in entries.items()
            },
            self._keys_of("rubrics", written),
        )
        self._sync_below(
            Rating,
            ("criterion_id", "value"),
            {
                (criteria[where].pk, level["value"]): {"text": level["text"]}
                for where, (_, criterion) in entries.items()
                for level in criterion["levels"]
            },
            [criterion.pk for criterion in criteria.values()],
        )

    def _questions(self) -> None:
        copied = ("format", "difficulty", "prompt", "outline", "follow_ups")
        written = self._entries(
            "questions", lambda slug, value: {key: value[key] for key in copied}
        )
        self._sync_links(
            Question.skills.through, ("question_id", "skill_id"), "questions", written,
            "skills", "skills",
        )  # fmt: skip

    # How they are written

    def _entries(self, kind: str, columns: Columns) -> dict[str, Value]:
        """Write the changes of a kind; the values of what stays, whose rows below follow."""
        model = MODELS[kind]
        changes = {change.slug: change for change in self.plan.changes if change.kind == kind}
        wanted = {
            slug: self.plan.wanted[kind][slug]
            for slug, change in changes.items()
            if change.action != Action.RETIRED
        }
        positions = self._positions(kind)
        old = [slug for slug in wanted if slug in self.keys[kind]]
        new = [slug for slug in wanted if slug not in self.keys[kind]]
        field = "number" if kind == "modules" else "position"
        rows = [
            model(slug=slug, **{field: positions[slug]} if kind in ORDERED else {},
                  **columns(slug, wanted[slug]))
            for slug in new
        ]  # fmt: skip
        model._default_manager.bulk_create(rows, batch_size=BATCH)
        self._update(model, self.keys[kind], {
            slug: columns(slug, wanted[slug]) | {"retired_at": None} for slug in old
        })  # fmt: skip
        self.keys[kind] |= {row.slug: row.pk for row in rows}
        if kind in ORDERED:
            known = {slug: {field: number} for slug, number in positions.items()}
            self._update(model, self.keys[kind], known)
        gone = [slug for held, slug in self.plan.dropped if held == kind]
        gone = [
            slug for slug in gone if (kind, slug) not in self.kept and self._is_ours(kind, slug)
        ]
        keys = [self.keys[kind][slug] for slug in gone if slug in self.keys[kind]]
        model._default_manager.filter(pk__in=keys, retired_at=None).update(retired_at=self.now)
        return wanted

    def _is_ours(self, kind: str, slug: str) -> bool:
        """Whether no other roadmap's files hold an entry."""
        return not {*self.plan.stored.claims.get((kind, slug), ())} - {self.plan.roadmap}

    def _positions(self, kind: str) -> dict[str, int]:
        """The place of each entry that these files rule; after those that other files rule."""
        if kind not in ORDERED:
            return {}
        stored = self.plan.stored
        base = 0
        if kind not in ("stages", "modules", "units") and stored.roadmaps[:1] != (
            self.plan.roadmap,
        ):
            base = max(
                (
                    row.position
                    for slug, row in stored.rows[kind].items()
                    if not row.has_left
                    and stored.ruler(kind, slug) not in (None, self.plan.roadmap)
                ),
                default=0,
            )
        counts: dict[str, int] = {}
        positions = {}
        for slug, value in self.plan.wanted[kind].items():
            where = place(kind, value) if kind == "units" else ""
            counts[where] = counts.get(where, base) + 1
            if (kind, slug) in self.plan.ruled and (kind, slug) not in self.kept:
                positions[slug] = counts[where]
        return positions

    def _update(
        self, model: type[Any], keys: Mapping[str, int], wanted: Mapping[str, Fields]
    ) -> None:
        rows = model._default_manager.in_bulk([keys[slug] for slug in wanted])
        different = [
            rows[keys[slug]] for slug, fields in wanted.items() if _assign(rows[keys[slug]], fields)
        ]
        names = sorted({name for fields in wanted.values() for name in fields})
        if different:
            model._default_manager.bulk_update(different, names, batch_size=BATCH)

    def _keys_of(self, kind: str, slugs: Iterable[str]) -> list[int]:
        return [self.keys[kind][slug] for slug in slugs]

    def _sync_below(
        self,
        model: type[Any],
        key: tuple[str, ...],
        wanted: Mapping[tuple[Any, ...], Fields],
        owners: Iterable[int],
    ) -> dict[tuple[Any, ...], Any]:
        """The rows below some owners, by their key; what the files no longer name is deleted.

        A criterion is retired instead, for the scores that point at it. Rows below other content
        stay as they are, those of what is retired among them.
        """
        existing = {
            tuple(getattr(row, name) for name in key): row
            for row in model._default_manager.filter(**{f"{key[0]}__in": list(owners)})
        }
        rows, new, different = {}, [], []
        for where, fields in wanted.items():
            row = existing.pop(where, None)
            if row is None:
                row = model(**dict(zip(key, where, strict=True)), **fields)
                new.append(row)
            elif _assign(row, fields):
                different.append(row)
            rows[where] = row
        gone = [row.pk for row in existing.values()]
        if model is Criterion:
            Criterion.objects.filter(pk__in=gone, retired_at=None).update(retired_at=self.now)
        elif gone:
            model._default_manager.filter(pk__in=gone).delete()
        model._default_manager.bulk_create(new, batch_size=BATCH)
        names = sorted({name for fields in wanted.values() for name in fields})
        if different:
            model._default_manager.bulk_update(different, names, batch_size=BATCH)
        return rows

    def _sync_links(
        self,
        through: type[Any],
        ends: tuple[str, str],
        kind: str,
        written: Mapping[str, Value],
        key: str,
        other: str,
    ) -> None:
        """The same for plain many-to-many links, whose rows hold nothing but their two ends."""
        links: dict[tuple[Any, ...], Fields] = {
            (self.keys[kind][slug], self.keys[other][target]): {}
            for slug, value in written.items()
            for target in value[key]
        }
        self._sync_below(through, ends, links, self._keys_of(kind, written))

    def _write_down(self) -> None:
        """Keep what the files hold, to know later what was edited here."""
        roadmap = self.keys["roadmaps"][self.plan.roadmap]
        held = self.plan.stored.claimed_by(self.plan.roadmap)
        new, different = [], []
        for kind in (*KINDS, TEXTS):
            for position, (slug, value) in enumerate(self.plan.wanted[kind].items(), start=1):
                entry = held.get((kind, slug))
                if (kind, slug) in self.kept:
                    continue
                if entry is None:
                    entry = FileEntry(roadmap_id=roadmap, kind=kind, slug=slug)
                    entry.position, entry.value, entry.read_at = position, value, self.now
                    new.append(entry)
                elif _assign(entry, {"value": value, "position": position, "edited_at": None}):
                    entry.read_at = self.now
                    different.append(entry)
        gone = [held[key].pk for key in self.plan.dropped if key in held and key not in self.kept]
        if gone:
            FileEntry.objects.filter(pk__in=gone).delete()
        FileEntry.objects.bulk_create(new, batch_size=BATCH)
        names = ["value", "position", "edited_at", "read_at"]
        if different:
            FileEntry.objects.bulk_update(different, names, batch_size=BATCH)


def _assign(row: models.Model, fields: Fields) -> bool:
    """Set the fields of a row; whether any was different."""
    different = [name for name, value in fields.items() if getattr(row, name) != value]
    for name in different:
        setattr(row, name, fields[name])
    return bool(different)
