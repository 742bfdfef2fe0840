"""Checked content into rows: found again by slug, compared, and written only where they differ."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import models
from django.utils import timezone

from curriculum.loader.rules import DEGREE_VALUES, LEVEL_VALUES, Content
from curriculum.models import (
    Brief,
    Criterion,
    Module,
    ModuleSkill,
    Question,
    Rating,
    Requirement,
    RequirementSkill,
    Resource,
    Roadmap,
    Role,
    Rubric,
    Rung,
    Skill,
    SkillCategory,
    Stage,
    Unit,
    UnitResource,
)

Fields = dict[str, Any]
Object = Mapping[str, Any]
BATCH = 200  # rows a statement; SQLite allows a limited number of values


@dataclass(slots=True)
class Tally:
    """The slugs of one kind of content, by what a load did to them."""

    kind: str  # in the plural, for people
    unchanged: set[str] = field(default_factory=set)
    added: set[str] = field(default_factory=set)
    changed: set[str] = field(default_factory=set)
    retired: set[str] = field(default_factory=set)
    returned: set[str] = field(default_factory=set)

    def touch(self, slug: str) -> None:
        """Something below this entry changed, so it did."""
        if slug in self.unchanged:
            self.unchanged.remove(slug)
            self.changed.add(slug)

    @property
    def is_empty(self) -> bool:
        return not (self.added or self.changed or self.retired or self.returned)

    @property
    def live(self) -> int:
        """How many entries the files hold."""
        return len(self.unchanged | self.added | self.changed | self.returned)


@dataclass(frozen=True, slots=True)
class Changes:
    """What a load changed, kind by kind."""

    tallies: tuple[Tally, ...]

    def __bool__(self) -> bool:
        return not all(tally.is_empty for tally in self.tallies)

    def of(self, kind: str) -> Tally:
        return next(tally for tally in self.tallies if tally.kind == kind)


def write(content: Content) -> Changes:
    """Write everything. The caller holds the transaction."""
    return _Writing(content, timezone.now()).all()


class _Writing:
    """One load: rows already written, by slug, so that later ones can point at them."""

    def __init__(self, content: Content, now: datetime):
        self.content = content
        self.now = now
        self.tallies: list[Tally] = []

    def all(self) -> Changes:
        self._skills()
        self._roadmap()
        self._ladder()
        self._roles()
        self._rubrics()
        self._questions()
        order = ["stages", "modules", "units", "resources", "skills", "roles"]
        rank = {kind: position for position, kind in enumerate(order)}
        tallies = sorted(self.tallies, key=lambda tally: rank.get(tally.kind, len(order)))
        return Changes(tuple(tallies))

    def _skills(self) -> None:
        document: Object = self.content.skills.value
        categories, _ = self._sync(
            SkillCategory,
            "skill categories",
            {
                entry["slug"]: {"title": entry["title"], "position": position}
                for position, entry in enumerate(document["categories"], start=1)
            },
        )
        self.skills, _ = self._sync(
            Skill,
            "skills",
            {
                entry["slug"]: {
                    "category_id": categories[entry["category"]].pk,
                    "name": entry["name"],
                    "position": position,
                    "description": entry["description"],
                    "behaviours": entry["levels"],
                    "aliases": entry.get("aliases", []),
                }
                for position, entry in enumerate(document["skills"], start=1)
            },
        )

    def _roadmap(self) -> None:
        entry: Object = self.content.roadmap.value
        roadmaps, _ = self._sync(
            Roadmap,
            "roadmaps",
            {entry["slug"]: {"title": entry["title"], "summary": entry["summary"], "position": 1}},
        )
        stages, _ = self._sync(
            Stage,
            "stages",
            {
                stage["slug"]: {
                    "roadmap_id": roadmaps[entry["slug"]].pk,
                    "title": stage["title"],
                    "short_title": stage.get("short_title", ""),
                    "position": stage["order"],
                    "summary": stage["summary"],
                    "goal": stage["goal"],
                    "exit_evidence": stage["exit_evidence"],
                    "is_elective": stage["elective"],
                    "choose": stage.get("choose", ""),
                }
                for stage in self.content.stages.value["stages"]
            },
        )
        stage_order = {stage.slug: stage.position for stage in stages.values()}
        modules = sorted(
            (document.value for document in self.content.modules),
            key=lambda module: (stage_order[module["stage"]], module["order"]),
        )
        rows, tally = self._sync(
            Module,
            "modules",
            {
                module["slug"]: {
                    "stage_id": stages[module["stage"]].pk,
                    "title": module["title"],
                    "number": number,
                    "kind": module["kind"],
                    "summary": module["summary"],
                    "outcomes": module["outcomes"],
                }
                for number, module in enumerate(modules, start=1)
            },
        )
        self._sync_below(
            ModuleSkill,
            ("module_id", "skill_id"),
            {
                (rows[module["slug"]].pk, self.skills[taught["skill"]].pk): {
                    "level": LEVEL_VALUES[taught["level"]]
                }
                for module in modules
                for taught in module["skills"]
            },
            rows.values(),
            tally,
        )
        self._sync_links(
            Module.prerequisites.through,
            ("from_module_id", "to_module_id"),
            {
                (rows[module["slug"]].pk, rows[before].pk)
                for module in modules
                for before in module["prerequisites"]
            },
            rows.values(),
            tally,
        )
        self._units(modules, rows)

    def _units(self, modules: list[Object], rows: Mapping[str, Module]) -> None:
        resources, _ = self._sync(
            Resource,
            "resources",
            {
                entry["slug"]: {key: entry[key] for key in ("title", "url", "kind", "publisher")}
                for entry in self.content.resources.value["resources"]
            },
        )
        units, tally = self._sync(
            Unit,
            "units",
            {
                unit["slug"]: {
                    "module_id": rows[module["slug"]].pk,
                    "title": unit["title"],
                    "position": unit["order"],
                    "kind": unit["kind"],
                    "minutes": unit["minutes"],
                    "summary": unit["summary"],
                    "outcome": unit["outcome"],
                    "questions": unit.get("checks", []),
                }
                for module in modules
                for unit in module["units"]
            },
        )
        entries = [unit for module in modules for unit in module["units"]]
        self._sync_below(
            UnitResource,
            ("unit_id", "resource_id"),
            {
                (units[unit["slug"]].pk, resources[resource["slug"]].pk): {
                    "position": position,
                    "part": resource.get("part", ""),
                }
                for unit in entries
                for position, resource in enumerate(unit["resources"], start=1)
            },
            units.values(),
            tally,
        )
        self._sync_below(
            Brief,
            ("unit_id",),
            {
                (units[unit["slug"]].pk,): {"kind": unit["project_type"], **unit["brief"]}
                for unit in entries
                if "brief" in unit
            },
            units.values(),
            tally,
        )

    def _ladder(self) -> None:
        entries = self.content.ladder.value["rungs"]
        copied = (
            *("title", "track", "summary", "scope", "autonomy", "influence", "complexity"),
            *("typical_years", "readiness_signs", "expectations", "growth_advice"),
        )
        self.rungs, tally = self._sync(
            Rung,
            "rungs",
            {
                entry["slug"]: {"position": position} | {key: entry[key] for key in copied}
                for position, entry in enumerate(entries, start=1)
            },
        )
        self._sync_links(
            Rung.next_rungs.through,
            ("from_rung_id", "to_rung_id"),
            {
                (self.rungs[entry["slug"]].pk, self.rungs[after].pk)
                for entry in entries
                for after in entry["next"]
            },
            self.rungs.values(),
            tally,
        )

    def _roles(self) -> None:
        entries = self.content.roles.value["roles"]
        copied = (
            *("title", "family", "seniority", "source", "source_note", "summary"),
            *("responsibilities", "required_qualifications", "preferred_qualifications"),
            *("education_note", "look_for", "evidence"),
        )
        roles, tally = self._sync(
            Role,
            "roles",
            {
                entry["slug"]: {
                    "position": entry["order"],
                    "rung_id": self.rungs[entry["ladder_rung"]].pk,
                    "min_years": entry["experience"]["min_years"],
                    "max_years": entry["experience"]["max_years"],
                    "experience_note": entry["experience"]["note"],
                    "degree": DEGREE_VALUES.get(entry.get("degree", "")),
                }
                | {key: entry[key] for key in copied}
                for entry in entries
            },
            among=Role.objects.of_content(),  # people's own roles are none of ours
        )
        self._sync_links(
            Role.next_roles.through,
            ("from_role_id", "to_role_id"),
            {
                (roles[entry["slug"]].pk, roles[after].pk)
                for entry in entries
                for after in entry["next_roles"]
            },
            roles.values(),
            tally,
        )
        clauses = {
            (roles[entry["slug"]].pk, is_required, position): clause.get("any_of", [clause])
            for entry in entries
            for is_required, key in ((True, "required_skills"), (False, "preferred_skills"))
            for position, clause in enumerate(entry[key], start=1)
        }
        requirements = self._sync_below(
            Requirement,
            ("role_id", "is_required", "position"),
            {place: {} for place in clauses},
            roles.values(),
            tally,
        )
        role_of = {requirement.pk: requirement.role_id for requirement in requirements.values()}
        self._sync_below(
            RequirementSkill,
            ("requirement_id", "skill_id"),
            {
                (requirements[place].pk, self.skills[choice["skill"]].pk): {
                    "level": LEVEL_VALUES[choice["level"]]
                }
                for place, choices in clauses.items()
                for choice in choices
            },
            roles.values(),
            tally,
            owner_of=lambda row: role_of[row.requirement_id],
            among=models.Q(requirement__in=list(role_of)),
        )

    def _rubrics(self) -> None:
        entries = self.content.rubrics.value["rubrics"]
        rubrics, tally = self._sync(
            Rubric,
            "rubrics",
            {
                entry["slug"]: {
                    key: entry[key] for key in ("title", "used_by", "pass_rule", "guidance")
                }
                for entry in entries
            },
        )
        criteria = self._sync_below(
            Criterion,
            ("rubric_id", "slug"),
            {
                (rubrics[entry["slug"]].pk, criterion["slug"]): {
                    "title": criterion["title"],
                    "position": position,
                    "weight": criterion["weight"],
                    "question": criterion["question"],
                    "retired_at": None,
                }
                for entry in entries
                for position, criterion in enumerate(entry["criteria"], start=1)
            },
            rubrics.values(),
            tally,
        )
        rubric_of = {criterion.pk: criterion.rubric_id for criterion in criteria.values()}
        self._sync_below(
            Rating,
            ("criterion_id", "value"),
            {
                (criteria[rubrics[entry["slug"]].pk, criterion["slug"]].pk, level["value"]): {
                    "text": level["text"]
                }
                for entry in entries
                for criterion in entry["criteria"]
                for level in criterion["levels"]
            },
            rubrics.values(),
            tally,
            owner_of=lambda row: rubric_of[row.criterion_id],
            among=models.Q(criterion__in=list(rubric_of)),
        )

    def _questions(self) -> None:
        entries = self.content.interview.value["questions"]
        copied = ("format", "difficulty", "prompt", "outline", "follow_ups")
        questions, tally = self._sync(
            Question,
            "questions",
            {
                entry["slug"]: {"position": position} | {key: entry[key] for key in copied}
                for position, entry in enumerate(entries, start=1)
            },
        )
        self._sync_links(
            Question.skills.through,
            ("question_id", "skill_id"),
            {
                (questions[entry["slug"]].pk, self.skills[skill].pk)
                for entry in entries
                for skill in entry["skills"]
            },
            questions.values(),
            tally,
        )

    def _sync(
        self,
        model: type[Any],
        kind: str,
        wanted: Mapping[str, Fields],
        *,
        among: models.QuerySet[Any] | None = None,
    ) -> tuple[dict[str, Any], Tally]:
        """The rows of a kind as the files want them, by slug; what they do not name is retired.

        `among` says which rows are the files' own, when not all of them are.
        """
        tally = Tally(kind)
        self.tallies.append(tally)
        rows_of_files = model._default_manager.all() if among is None else among
        existing = {row.slug: row for row in rows_of_files}
        rows, new, different = {}, [], []
        for slug, fields in wanted.items():
            row = existing.pop(slug, None)
            if row is None:
                row = model(slug=slug, **fields)
                new.append(row)
                tally.added.add(slug)
            elif row.retired_at is not None:
                _assign(row, fields | {"retired_at": None})
                different.append(row)
                tally.returned.add(slug)
            elif _assign(row, fields):
                different.append(row)
                tally.changed.add(slug)
            else:
                tally.unchanged.add(slug)
            rows[slug] = row
        for slug, row in existing.items():
            if row.retired_at is None:
                row.retired_at = self.now
                different.append(row)
                tally.retired.add(slug)
        model._default_manager.bulk_create(new, batch_size=BATCH)
        _update(model, different, {*_names(wanted), "retired_at"})
        return rows, tally

    def _sync_below(
        self,
        model: type[Any],
        key: tuple[str, ...],
        wanted: Mapping[tuple[Any, ...], Fields],
        owners: Iterable[Any],
        tally: Tally,
        *,
        owner_of: Callable[[Any], int] | None = None,
        among: models.Q | None = None,
    ) -> dict[tuple[Any, ...], Any]:
        """The rows below live content, by their key; what the files no longer name is deleted.

        A criterion is retired instead, for the scores that point at it. Rows below retired content
        stay as they were. A difference counts as a change of the content above.
        """
        slugs = {owner.pk: owner.slug for owner in owners}
        owner_of = owner_of or (lambda row: getattr(row, key[0]))
        among = models.Q(**{f"{key[0]}__in": list(slugs)}) if among is None else among
        existing = {
            tuple(getattr(row, name) for name in key): row
            for row in model._default_manager.filter(among)
        }
        rows, new, different = {}, [], []
        for place, fields in wanted.items():
            row = existing.pop(place, None)
            if row is None:
                row = model(**dict(zip(key, place, strict=True)), **fields)
                new.append(row)
                tally.touch(slugs[owner_of(row)])
            elif _assign(row, fields):
                different.append(row)
                tally.touch(slugs[owner_of(row)])
            rows[place] = row
        gone = list(existing.values())
        if model is Criterion:
            gone = [row for row in gone if row.retired_at is None]
            for row in gone:
                row.retired_at = self.now
            different.extend(gone)
        else:
            model._default_manager.filter(pk__in=[row.pk for row in gone]).delete()
        for row in gone:
            tally.touch(slugs[owner_of(row)])
        model._default_manager.bulk_create(new, batch_size=BATCH)
        _update(model, different, _names(wanted))
        return rows

    def _sync_links(
        self,
        through: type[Any],
        ends: tuple[str, str],
        wanted: set[tuple[int, int]],
        owners: Iterable[Any],
        tally: Tally,
    ) -> None:
        """The same for plain many-to-many links, whose rows hold nothing but their two ends."""
        self._sync_below(through, ends, {key: {} for key in sorted(wanted)}, owners, tally)


def _assign(row: models.Model, fields: Fields) -> bool:
    """Set the fields of a row; whether any was different."""
    different = [name for name, value in fields.items() if getattr(row, name) != value]
    for name in different:
        setattr(row, name, fields[name])
    return bool(different)


def _update(model: type[Any], rows: list[Any], names: set[str]) -> None:
    if rows and names:
        model._default_manager.bulk_update(rows, sorted(names), batch_size=BATCH)


def _names(wanted: Mapping[Any, Fields]) -> set[str]:
    return {name for fields in wanted.values() for name in fields}
