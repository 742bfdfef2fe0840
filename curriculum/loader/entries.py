"""What the content is made of: entries of eleven kinds as plain values, whether in files or in rows.

A value holds what an entry says in the words of its file, with references as slugs. What can be
counted is left out: order numbers, a module's minutes, a stage's list of modules, a rung's list of
roles, a resource's copies in the units. The order of entries is the order of the mapping.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from curriculum.loader.rules import Content

Value = dict[str, Any]
#: Values by kind and slug, in the order of the files.
Entries = dict[str, dict[str, Value]]

CATEGORIES = "skill categories"
TEXTS = "texts"  # of files, that belong to no entry: in no row of content
#: In the order in which they are written, so that each finds what it refers to.
KINDS = (
    *("roadmaps", CATEGORIES, "skills", "stages", "modules", "resources", "units"),
    *("rungs", "roles", "rubrics", "questions"),
)
#: Kinds whose entries stand on one roadmap; others may be shared by several.
OF_ONE_ROADMAP = frozenset({"stages", "modules", "units"})
#: The key that says where an entry of a kind belongs: a change of it is a move.
PLACES = {"units": "module", "modules": "stage"}
#: Kinds whose order means something and has a column.
ORDERED = frozenset(KINDS) - {"roadmaps", "resources", "rubrics"}
#: Lists without an order of their own.
SETS = frozenset({"prerequisites", "skills", "next", "next_roles", "any_of", "roles"})
FILE_TEXTS = {
    "skills": ("levels",),
    "ladder": ("note", "dimensions", "tracks"),
    "rubrics": ("scale",),
    "interview": ("formats",),
}
ROLE_KEYS = (
    *("title", "source", "source_note", "family", "seniority", "ladder_rung", "summary"),
    *("responsibilities", "required_qualifications", "preferred_qualifications"),
    *("required_skills", "preferred_skills", "experience", "education_note", "look_for"),
    *("evidence", "next_roles"),
)
RUNG_KEYS = (
    *("title", "track", "summary", "scope", "autonomy", "influence", "complexity"),
    *("typical_years", "expectations", "readiness_signs", "growth_advice", "next"),
)
MODULE_KEYS = ("title", "stage", "kind", "summary", "outcomes", "prerequisites", "skills")
STAGE_KEYS = ("title", "elective", "summary", "goal", "exit_evidence")
RESOURCE_KEYS = ("title", "url", "kind", "publisher")
RUBRIC_KEYS = ("title", "used_by", "pass_rule", "guidance", "criteria")
QUESTION_KEYS = ("format", "difficulty", "skills", "prompt", "outline", "follow_ups")


def modules_in_order(content: Content) -> list[Mapping[str, Any]]:
    """The modules along the whole roadmap."""
    stages = {stage["slug"]: stage["order"] for stage in content.stages.value["stages"]}
    modules = (document.value for document in content.modules)
    return sorted(modules, key=lambda module: (stages[module["stage"]], module["order"]))


def of_files(content: Content) -> Entries:
    """The entries of checked files."""
    roadmap, skills = content.roadmap.value, content.skills.value
    modules = modules_in_order(content)
    return {
        "roadmaps": {roadmap["slug"]: {key: roadmap[key] for key in ("title", "summary")}},
        CATEGORIES: {entry["slug"]: {"title": entry["title"]} for entry in skills["categories"]},
        "skills": {entry["slug"]: _skill(entry) for entry in skills["skills"]},
        "stages": {
            entry["slug"]: {key: entry[key] for key in STAGE_KEYS}
            | {key: entry.get(key, "") for key in ("short_title", "choose")}
            for entry in content.stages.value["stages"]
        },
        "modules": {entry["slug"]: _picked(entry, MODULE_KEYS) for entry in modules},
        "resources": _each(content.resources.value["resources"], RESOURCE_KEYS),
        "units": {
            unit["slug"]: _unit(module["slug"], unit)
            for module in modules
            for unit in module["units"]
        },
        "rungs": _each(content.ladder.value["rungs"], RUNG_KEYS),
        "roles": {
            entry["slug"]: _picked(entry, ROLE_KEYS) | {"degree": entry.get("degree", "")}
            for entry in content.roles.value["roles"]
        },
        "rubrics": _each(content.rubrics.value["rubrics"], RUBRIC_KEYS),
        "questions": _each(content.interview.value["questions"], QUESTION_KEYS),
        TEXTS: {
            file: {key: getattr(content, file).value[key] for key in keys}
            for file, keys in FILE_TEXTS.items()
        },
    }


def _skill(entry: Mapping[str, Any]) -> Value:
    keys = ("name", "category", "description", "levels")
    return _picked(entry, keys) | {"aliases": entry.get("aliases", [])}


def _unit(module: str, entry: Mapping[str, Any]) -> Value:
    return {
        "module": module,
        **_picked(entry, ("title", "kind", "minutes", "summary", "outcome")),
        "resources": [
            {"slug": resource["slug"], "part": resource.get("part", "")}
            for resource in entry["resources"]
        ],
        "checks": entry.get("checks", []),
        "project_type": entry.get("project_type", ""),
        "brief": entry.get("brief"),
    }


def _picked(entry: Mapping[str, Any], keys: Iterable[str]) -> Value:
    return {key: entry[key] for key in keys}


def _each(entries: Iterable[Mapping[str, Any]], keys: Iterable[str]) -> dict[str, Value]:
    return {entry["slug"]: _picked(entry, keys) for entry in entries}


def comparable(value: Any, key: str = "") -> Any:
    """The same value with each list that has no order of its own sorted: equal if the two say the
    same."""
    if isinstance(value, dict):
        return {name: comparable(inner, name) for name, inner in value.items()}
    if isinstance(value, list):
        inner = [comparable(item) for item in value]
        if key in SETS and all(isinstance(item, str) or "slug" not in item for item in inner):
            inner.sort(key=lambda item: json.dumps(item, sort_keys=True))
        return inner
    return value


def differing(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[str]:
    """The keys under which two values of a kind say something else."""
    for key in new:
        if comparable(old.get(key), key) != comparable(new[key], key):
            yield key


def place(kind: str, value: Mapping[str, Any]) -> str:
    """The slug of what an entry stands in; "" for a kind that stands in nothing."""
    return value.get(PLACES.get(kind, ""), "")


def moved(before: Iterable[str], after: Iterable[str]) -> set[str]:
    """The fewest entries that explain how one order of the same entries became the other.

    Entries that are only in one of the two are not looked at.
    """
    after = list(after)
    known = set(after)
    rank = {slug: number for number, slug in enumerate(before) if slug in known}
    after = [slug for slug in after if slug in rank]
    return set(after) - set(_longest_rising(after, rank))


def _longest_rising(slugs: list[str], rank: Mapping[str, int]) -> list[str]:
    """A longest run of slugs, not necessarily neighbours, whose ranks rise."""
    ends: list[int] = []  # by length: where the run with the least last rank ends
    before: list[int] = []
    for number, slug in enumerate(slugs):
        low, high = 0, len(ends)
        while low < high:
            middle = (low + high) // 2
            if rank[slugs[ends[middle]]] < rank[slug]:
                low = middle + 1
            else:
                high = middle
        before.append(ends[low - 1] if low else -1)
        ends[low : low + 1] = [number]
    run, number = [], ends[-1] if ends else -1
    while number >= 0:
        run.append(slugs[number])
        number = before[number]
    return run[::-1]
