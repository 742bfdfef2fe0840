"""The entries as the database holds them, in the same words as the files."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from curriculum.loader.entries import CATEGORIES, Value
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

LEVELS = {value: level for level, value in LEVEL_VALUES.items()}
DEGREES: dict[int | None, str] = {value: degree for degree, value in DEGREE_VALUES.items()}
MODELS: dict[str, type[Any]] = {
    "roadmaps": Roadmap,
    CATEGORIES: SkillCategory,
    "skills": Skill,
    "stages": Stage,
    "modules": Module,
    "resources": Resource,
    "units": Unit,
    "rungs": Rung,
    "roles": Role,
    "rubrics": Rubric,
    "questions": Question,
}


@dataclass(frozen=True, slots=True)
class Row:
    """An entry as the database holds it."""

    pk: int
    value: Value
    position: int
    has_left: bool  # the curriculum, by itself or with what it stands in
    roadmap: str = ""  # of a stage, module or unit


@dataclass(frozen=True, slots=True)
class Stored:
    """All rows by kind and slug in their order, and what the files of each roadmap last held."""

    rows: dict[str, dict[str, Row]]
    roadmaps: tuple[str, ...]  # live ones first, each in its order
    claims: dict[tuple[str, str], dict[str, FileEntry]]  # by kind and slug, by roadmap

    def claimed_by(self, roadmap: str) -> dict[tuple[str, str], FileEntry]:
        """What the files of a roadmap last held, by kind and slug."""
        return {
            key: by_roadmap[roadmap]
            for key, by_roadmap in self.claims.items()
            if roadmap in by_roadmap
        }

    def ruler(self, kind: str, slug: str, *more: str) -> str | None:
        """The roadmap whose files rule an entry: the first of those that hold it.

        `more` are roadmaps that hold it as well. None for what no file holds.
        """
        holders = {*self.claims.get((kind, slug), ()), *more}
        first = next((roadmap for roadmap in self.roadmaps if roadmap in holders), None)
        return first or next(iter(holders), None)


def stored() -> Stored:
    """Everything, retired rows too, in some 25 queries whatever there is."""
    claims: dict[tuple[str, str], dict[str, FileEntry]] = defaultdict(dict)
    for entry in FileEntry.objects.select_related("roadmap"):
        claims[entry.kind, entry.slug][entry.roadmap.slug] = entry
    roadmaps = sorted(Roadmap.objects.all(), key=lambda row: (row.is_retired, row.position, row.pk))
    rows = _Reading(roadmaps).all()
    return Stored(rows, tuple(roadmap.slug for roadmap in roadmaps), dict(claims))


class _Reading:
    """One pass over the tables."""

    def __init__(self, roadmaps: Iterable[Roadmap]):
        self.roadmaps = list(roadmaps)
        self.rows: dict[str, dict[str, Row]] = {}

    def all(self) -> dict[str, dict[str, Row]]:
        self._keep(
            "roadmaps", self.roadmaps, lambda row: {"title": row.title, "summary": row.summary}
        )
        self._keep(CATEGORIES, SkillCategory.objects.order_by("position", "pk"), _title)
        self.skills = list(Skill.objects.select_related("category").order_by("position", "pk"))
        self.live_skills = {skill.pk: skill.slug for skill in self.skills if not skill.is_retired}
        self._keep("skills", self.skills, _skill)
        self._roadmap()
        self._ladder()
        self._roles()
        self._rubrics()
        self._questions()
        return self.rows

    def _keep(self, kind: str, rows: Iterable[Any], value_of: Any, **more: Any) -> None:
        self.rows[kind] = {
            row.slug: Row(
                row.pk,
                value_of(row),
                getattr(row, "position", 0),
                row.has_left if hasattr(row, "has_left") else row.is_retired,
                **{name: of(row) for name, of in more.items()},
            )
            for row in rows
        }

    def _roadmap(self) -> None:
        stages = list(Stage.objects.select_related("roadmap").order_by("position", "pk"))
        self._keep("stages", stages, _stage, roadmap=lambda row: row.roadmap.slug)
        modules = list(
            Module.objects.select_related("stage__roadmap").order_by(
                "stage__position", "number", "pk"
            )
        )
        live = {module.pk: module.slug for module in modules if not module.has_left}
        before = _listed(Module.prerequisites.through, "from_module_id", "to_module_id", live)
        taught: dict[int, list[Value]] = defaultdict(list)
        for entry in ModuleSkill.objects.order_by("pk"):
            if entry.skill_id in self.live_skills:
                taught[entry.module_id].append(
                    {"skill": self.live_skills[entry.skill_id], "level": LEVELS[entry.level]}
                )
        self._keep(
            "modules",
            modules,
            lambda row: {
                "title": row.title,
                "stage": row.stage.slug,
                "kind": row.kind,
                "summary": row.summary,
                "outcomes": row.outcomes,
                "prerequisites": before[row.pk],
                "skills": taught[row.pk],
            },
            roadmap=lambda row: row.stage.roadmap.slug,
        )
        self._units()

    def _units(self) -> None:
        resources = list(Resource.objects.order_by("pk"))
        self._keep(
            "resources",
            resources,
            lambda row: {key: getattr(row, key) for key in ("title", "url", "kind", "publisher")},
        )
        live = {resource.pk: resource.slug for resource in resources if not resource.is_retired}
        reading: dict[int, list[Value]] = defaultdict(list)
        for entry in UnitResource.objects.order_by("position", "pk"):
            if entry.resource_id in live:
                reading[entry.unit_id].append({"slug": live[entry.resource_id], "part": entry.part})
        briefs = {brief.unit_id: brief for brief in Brief.objects.all()}
        self._keep(
            "units",
            Unit.objects.select_related("module__stage__roadmap").order_by(
                "module__stage__position", "module__number", "position", "pk"
            ),
            lambda row: {
                "module": row.module.slug,
                "title": row.title,
                "kind": row.kind,
                "minutes": row.minutes,
                "summary": row.summary,
                "outcome": row.outcome,
                "resources": reading[row.pk],
                "checks": row.questions,
                "project_type": briefs[row.pk].kind if row.pk in briefs else "",
                "brief": _brief(briefs[row.pk]) if row.pk in briefs else None,
            },
            roadmap=lambda row: row.module.stage.roadmap.slug,
        )

    def _ladder(self) -> None:
        rungs = list(Rung.objects.order_by("position", "pk"))
        live = {rung.pk: rung.slug for rung in rungs if not rung.is_retired}
        after = _listed(Rung.next_rungs.through, "from_rung_id", "to_rung_id", live)
        copied = (
            *("title", "track", "summary", "scope", "autonomy", "influence", "complexity"),
            *("typical_years", "expectations", "readiness_signs", "growth_advice"),
        )
        self._keep(
            "rungs",
            rungs,
            lambda row: {key: getattr(row, key) for key in copied} | {"next": after[row.pk]},
        )

    def _roles(self) -> None:
        roles = list(Role.objects.of_content().select_related("rung").order_by("position", "pk"))
        live = {role.pk: role.slug for role in roles if not role.is_retired}
        after = _listed(Role.next_roles.through, "from_role_id", "to_role_id", live)
        choices: dict[int, list[Value]] = defaultdict(list)
        of_content = RequirementSkill.objects.filter(requirement__role__owner=None)
        for entry in of_content.order_by("pk"):
            if entry.skill_id in self.live_skills:
                choices[entry.requirement_id].append(
                    {"skill": self.live_skills[entry.skill_id], "level": LEVELS[entry.level]}
                )
        clauses: dict[tuple[int, bool], list[Value]] = defaultdict(list)
        for clause in Requirement.objects.filter(role__owner=None).order_by("position", "pk"):
            found = choices[clause.pk]
            if found:
                clauses[clause.role_id, clause.is_required].append(
                    found[0] if len(found) == 1 else {"any_of": found}
                )
        copied = (
            *("title", "source", "source_note", "family", "seniority", "summary"),
            *("responsibilities", "required_qualifications", "preferred_qualifications"),
            *("education_note", "look_for", "evidence"),
        )
        self._keep(
            "roles",
            roles,
            lambda row: (
                {key: getattr(row, key) for key in copied}
                | {
                    "ladder_rung": row.rung.slug if row.rung else "",
                    "required_skills": clauses[row.pk, True],
                    "preferred_skills": clauses[row.pk, False],
                    "experience": {
                        "min_years": row.min_years,
                        "max_years": row.max_years,
                        "note": row.experience_note,
                    },
                    "degree": DEGREES.get(row.degree, ""),
                    "next_roles": after[row.pk],
                }
            ),
        )

    def _rubrics(self) -> None:
        ratings: dict[int, list[Value]] = defaultdict(list)
        for rating in Rating.objects.order_by("value"):
            ratings[rating.criterion_id].append({"value": rating.value, "text": rating.text})
        criteria: dict[int, list[Value]] = defaultdict(list)
        for row in Criterion.objects.filter(retired_at=None).order_by("position", "pk"):
            criteria[row.rubric_id].append(
                {
                    "slug": row.slug,
                    "title": row.title,
                    "weight": row.weight,
                    "question": row.question,
                    "levels": ratings[row.pk],
                }
            )
        self._keep(
            "rubrics",
            Rubric.objects.order_by("pk"),
            lambda row: {
                "title": row.title,
                "used_by": row.used_by,
                "pass_rule": row.pass_rule,
                "guidance": row.guidance,
                "criteria": criteria[row.pk],
            },
        )

    def _questions(self) -> None:
        asked = _listed(Question.skills.through, "question_id", "skill_id", self.live_skills)
        self._keep(
            "questions",
            Question.objects.order_by("position", "pk"),
            lambda row: {
                "format": row.format,
                "difficulty": row.difficulty,
                "skills": asked[row.pk],
                "prompt": row.prompt,
                "outline": row.outline,
                "follow_ups": row.follow_ups,
            },
        )


def _listed(
    through: type[Any], owner: str, other: str, slugs: dict[int, str]
) -> dict[int, list[str]]:
    """The slugs that plain links lead to, by the key of where they start."""
    found: dict[int, list[str]] = defaultdict(list)
    for start, end in through._default_manager.order_by("pk").values_list(owner, other):
        if end in slugs:
            found[start].append(slugs[end])
    return found


def _title(row: Any) -> Value:
    return {"title": row.title}


def _skill(row: Skill) -> Value:
    return {
        "name": row.name,
        "category": row.category.slug,
        "description": row.description,
        "levels": row.behaviours,
        "aliases": row.aliases,
    }


def _stage(row: Stage) -> Value:
    return {
        "title": row.title,
        "elective": row.is_elective,
        "summary": row.summary,
        "goal": row.goal,
        "exit_evidence": row.exit_evidence,
        "short_title": row.short_title,
        "choose": row.choose,
    }


def _brief(row: Brief) -> Value:
    keys = ("problem", "data", "approaches", "evaluation", "deliverables", "acceptance", "stretch")
    return {key: getattr(row, key) for key in keys}
