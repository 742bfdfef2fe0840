"""The database back into content files, so that a load of them changes nothing."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from curriculum.loader import schemas
from curriculum.loader.entries import (
    CATEGORIES,
    FILE_TEXTS,
    OF_ONE_ROADMAP,
    RESOURCE_KEYS,
    ROLE_KEYS,
    SETS,
    TEXTS,
    Value,
    comparable,
)
from curriculum.loader.files import ContentError, read
from curriculum.loader.reading import Stored
from curriculum.loader.rules import orders_of_rungs

WIDTH = 100
Files = dict[str, Any]


class NoSuchRoadmap(Exception):
    """There is no roadmap of that slug, or none at all."""


@dataclass(frozen=True, slots=True)
class Exported:
    """The files that were written, left untouched or removed, relative to the folder."""

    roadmap: str
    written: tuple[str, ...]
    untouched: tuple[str, ...]
    removed: tuple[str, ...]


def write(stored: Stored, directory: Path, roadmap: str = "") -> Exported:
    """Write the files of a roadmap (the first one, if none is named) into a folder.

    A file that says the same already is left as it is, byte for byte. Another is written anew: the
    comment at its head stays, others are lost. Files of modules that have left are removed. The
    JSON Schemas go into `schema/`. Raises NoSuchRoadmap, and OSError where the folder cannot be
    written.
    """
    files = documents(stored, roadmap)
    chosen = files["roadmap.yaml"]["slug"]
    names = _names_of_modules(directory)
    wanted: Files = {}
    for name, value in files.items():
        slug = value["slug"] if name.startswith("modules/") else ""
        wanted[names.get(slug, name)] = value
    (directory / "modules").mkdir(parents=True, exist_ok=True)
    written, untouched, removed = [], [], []
    for name, value in wanted.items():
        path = directory / name
        if _says(directory, name, value):
            untouched.append(name)
        else:
            path.write_text(_head(path, name) + dump(value), encoding="utf-8")
            written.append(name)
    known = {slug for slug, row in stored.rows["modules"].items() if row.roadmap == chosen}
    for slug, name in names.items():
        if name not in wanted and slug in known:
            (directory / name).unlink()
            removed.append(name)
    for name, text in schemas.published().items():
        path = directory / "schema" / name
        path.parent.mkdir(exist_ok=True)
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")
            written.append(f"schema/{name}")
    return Exported(chosen, tuple(written), tuple(untouched), tuple(removed))


def documents(stored: Stored, roadmap: str = "") -> Files:
    """The value of each file by its name, for a roadmap or the first one. Raises NoSuchRoadmap."""
    chosen = roadmap or next(iter(stored.roadmaps), "")
    if chosen not in stored.roadmaps:
        raise NoSuchRoadmap(chosen)
    return _Exporting(stored, chosen).files()


def dump(value: Any) -> str:
    """YAML as the content files are written: short mappings and lists on one line."""
    return yaml.dump(
        value,
        Dumper=_Dumper,
        sort_keys=False,
        allow_unicode=True,
        width=WIDTH,
        default_flow_style=False,
    )


class _Exporting:
    def __init__(self, stored: Stored, roadmap: str):
        self.stored = stored
        self.roadmap = roadmap
        self.claims = stored.claimed_by(roadmap)
        self.is_first = stored.roadmaps[0] == roadmap
        self.entries: dict[str, dict[str, Value]] = {}

    def files(self) -> Files:
        for kind in OF_ONE_ROADMAP:
            self.entries[kind] = self._of(kind, lambda slug, row: row.roadmap == self.roadmap)
        self._keep("roles", set())
        self._keep("rungs", {role["ladder_rung"] for role in self.entries["roles"].values()})
        self._keep("rubrics", set())
        self._keep("questions", set())
        self._keep("skills", set(self._skills_used()))
        self._keep(CATEGORIES, {skill["category"] for skill in self.entries["skills"].values()})
        self._keep(
            "resources",
            {
                entry["slug"]
                for unit in self.entries["units"].values()
                for entry in unit["resources"]
            },
        )
        row = self.stored.rows["roadmaps"][self.roadmap]
        return {
            "roadmap.yaml": {"slug": self.roadmap, **row.value},
            "stages.yaml": {"stages": self._stages()},
            **self._modules(),
            "skills.yaml": {
                **self._texts("skills"),
                "categories": self._listed(CATEGORIES),
                "skills": [self._skill(slug) for slug in self.entries["skills"]],
            },
            "resources.yaml": {"resources": self._listed("resources")},
            "ladder.yaml": {**self._texts("ladder"), "rungs": self._rungs()},
            "roles.yaml": {"roles": self._roles()},
            "rubrics.yaml": {**self._texts("rubrics"), "rubrics": self._listed("rubrics")},
            "interview.yaml": {
                **self._texts("interview"),
                "questions": self._listed("questions"),
            },
        }

    # Which entries

    def _of(self, kind: str, is_meant: Any) -> dict[str, Value]:
        """Live entries of a kind in their order, each list in the order that the files last had."""
        rows = self.stored.rows[kind]
        slugs = [slug for slug, row in rows.items() if not row.has_left and is_meant(slug, row)]
        if kind in ("resources", "rubrics"):
            places = {slug: self._claim(kind, slug) for slug in slugs}
            last = len(self.claims) + 1
            slugs.sort(key=lambda slug: (getattr(places[slug], "position", last), slug))
        return {
            slug: _in_order_of(rows[slug].value, getattr(self._claim(kind, slug), "value", {}))
            for slug in slugs
        }

    def _claim(self, kind: str, slug: str) -> Any:
        return self.claims.get((kind, slug))

    def _keep(self, kind: str, used: Collection[str]) -> None:
        """What the files of this roadmap hold or need; the first has what no file holds, too."""
        self.entries[kind] = self._of(
            kind,
            lambda slug, row: (
                (kind, slug) in self.claims
                or slug in used
                or (self.is_first and (kind, slug) not in self.stored.claims)
            ),
        )

    def _skills_used(self) -> Iterable[str]:
        for module in self.entries["modules"].values():
            yield from (taught["skill"] for taught in module["skills"])
        for role in self.entries["roles"].values():
            for clause in (*role["required_skills"], *role["preferred_skills"]):
                yield from (choice["skill"] for choice in clause.get("any_of", [clause]))
        for question in self.entries["questions"].values():
            yield from question["skills"]
        for rung in self.entries["rungs"].values():
            yield from (expected["skill"] for expected in rung["expectations"])

    # What they look like in their files

    def _texts(self, file: str) -> Value:
        """The texts of a file that belong to no entry; those of another roadmap, if need be."""
        own = self.claims.get((TEXTS, file))
        others = self.stored.claims.get((TEXTS, file), {})
        entry = own or next(iter(others.values()), None)
        return {key: entry.value[key] for key in FILE_TEXTS[file]} if entry else {}

    def _listed(self, kind: str) -> list[Value]:
        return [{"slug": slug, **value} for slug, value in self.entries[kind].items()]

    def _stages(self) -> list[Value]:
        modules: dict[str, list[str]] = defaultdict(list)
        for slug, module in self.entries["modules"].items():
            modules[module["stage"]].append(slug)
        return [
            {"slug": slug, "title": stage["title"]}
            | _if_any(stage, "short_title")
            | {"order": order}
            | {key: stage[key] for key in ("elective", "summary", "goal")}
            | _if_any(stage, "choose")
            | {"exit_evidence": stage["exit_evidence"], "modules": modules[slug]}
            for order, (slug, stage) in enumerate(self.entries["stages"].items(), start=1)
        ]

    def _modules(self) -> Files:
        units: dict[str, list[Value]] = defaultdict(list)
        for slug, unit in self.entries["units"].items():
            within = units[unit["module"]]
            within.append(self._unit(slug, unit, len(within) + 1))
        orders: dict[str, int] = defaultdict(int)
        files = {}
        for number, (slug, module) in enumerate(self.entries["modules"].items(), start=1):
            orders[module["stage"]] += 1
            files[f"modules/{number:02d}-{slug}.yaml"] = {
                "slug": slug,
                "title": module["title"],
                "stage": module["stage"],
                "order": orders[module["stage"]],
                "kind": module["kind"],
                "minutes": sum(unit["minutes"] for unit in units[slug]),
                **{key: module[key] for key in ("summary", "outcomes", "prerequisites", "skills")},
                "units": units[slug],
            }
        return files

    def _unit(self, slug: str, unit: Value, order: int) -> Value:
        resources = self.entries["resources"]
        return (
            {"slug": slug, "order": order, "title": unit["title"], "kind": unit["kind"]}
            | _if_any(unit, "project_type")
            | {key: unit[key] for key in ("minutes", "summary", "outcome")}
            | {
                "resources": [
                    {"slug": entry["slug"]}
                    | {key: resources[entry["slug"]][key] for key in RESOURCE_KEYS}
                    | _if_any(entry, "part")
                    for entry in unit["resources"]
                ]
            }
            | _if_any(unit, "checks")
            | _if_any(unit, "brief")
        )

    def _skill(self, slug: str) -> Value:
        skill = self.entries["skills"][slug]
        return (
            {"slug": slug}
            | {key: skill[key] for key in ("name", "category", "description")}
            | _if_any(skill, "aliases")
            | {"levels": {level: skill["levels"].get(level, "") for level in schemas.LEVELS}}
        )

    def _rungs(self) -> list[Value]:
        roles: dict[str, list[str]] = defaultdict(list)
        for slug, role in self.entries["roles"].items():
            roles[role["ladder_rung"]].append(slug)
        orders = orders_of_rungs(self.entries["rungs"])
        return [
            {"slug": slug, "title": rung["title"], "track": rung["track"], "order": orders[slug]}
            | {key: value for key, value in rung.items() if key not in ("title", "track")}
            | {"roles": roles[slug]}
            for slug, rung in self.entries["rungs"].items()
        ]

    def _roles(self) -> list[Value]:
        return [
            {"slug": slug, "title": role["title"], "order": order}
            | {key: role[key] for key in ROLE_KEYS if key != "title"}
            | _if_any(role, "degree")
            for order, (slug, role) in enumerate(self.entries["roles"].items(), start=1)
        ]


def _if_any(value: Mapping[str, Any], key: str) -> Value:
    """An optional key, where there is something to say."""
    return {key: value[key]} if value[key] else {}


def _in_order_of(value: Any, model: Any, key: str = "") -> Any:
    """A value with each list that has no order of its own in the order of another."""
    if isinstance(value, dict):
        known = model if isinstance(model, dict) else {}
        return {name: _in_order_of(inner, known.get(name), name) for name, inner in value.items()}
    if isinstance(value, list):
        listed = model if isinstance(model, list) else []
        if key in SETS:
            last = len(listed)
            return sorted(value, key=lambda item: listed.index(item) if item in listed else last)
        return [
            _in_order_of(item, listed[index] if index < len(listed) else None)
            for index, item in enumerate(value)
        ]
    return value


def _names_of_modules(directory: Path) -> dict[str, str]:
    """The file of each module that the folder holds, by the module's slug."""
    names: dict[str, str] = {}
    for path in sorted((directory / "modules").glob("[!.]*.yaml")):
        name = f"modules/{path.name}"
        try:
            value = read(directory, name).value
        except ContentError:
            continue
        if isinstance(value, dict) and isinstance(value.get("slug"), str):
            names.setdefault(value["slug"], name)
    return names


def _says(directory: Path, name: str, value: Any) -> bool:
    try:
        return bool(comparable(read(directory, name).value) == comparable(value))
    except ContentError:
        return False


def _head(path: Path, name: str) -> str:
    """The comment at the head of a file that is there, or the line that tells editors its schema."""
    if not path.exists():
        kind = "module" if name.startswith("modules/") else path.stem
        return schemas.line_for_editors(kind)
    head = ""
    for line in path.read_text(encoding="utf-8", errors="replace").splitlines(keepends=True):
        if not line.startswith("#"):
            break
        head += line
    return head


class _Dumper(yaml.SafeDumper):
    """Lists indented below their key; lists of words, and mappings of two short texts, on one line."""

    def ignore_aliases(self, data: Any) -> bool:
        return True

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        super().increase_indent(flow, False)


def _list(dumper: yaml.SafeDumper, value: list[Any]) -> yaml.Node:
    are_words = all(isinstance(item, str) and " " not in item for item in value)
    return dumper.represent_sequence("tag:yaml.org,2002:seq", value, flow_style=are_words)


def _mapping(dumper: yaml.SafeDumper, value: dict[str, Any]) -> yaml.Node:
    is_short = set(value) == {"skill", "level"}
    return dumper.represent_mapping("tag:yaml.org,2002:map", value, flow_style=is_short)


_Dumper.add_representer(list, _list)
_Dumper.add_representer(dict, _mapping)
