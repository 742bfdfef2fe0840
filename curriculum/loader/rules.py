"""What holds between content files: references lead somewhere, numbers add up, no circles."""

import difflib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from graphlib import TopologicalSorter
from typing import Any

from curriculum import adverts
from curriculum.loader.files import Document, Place, Problem
from curriculum.loader.schemas import DEGREES, FORMATS, LEVELS, TRACKS

LEVEL_VALUES = {level: value for value, level in enumerate(LEVELS, start=1)}
DEGREE_VALUES = {degree: value for value, degree in enumerate(DEGREES, start=1)}
STUDY_REACHES = LEVEL_VALUES["practitioner"]  # an expert is made by experience, not by a module
BRIEF_NEEDS = {
    "portfolio": (
        *("problem", "data", "approaches", "evaluation", "results"),
        *("tests", "reproducibility", "documentation", "deployment"),
    ),
    "practice": ("problem", "approaches", "results", "reproducibility"),
    "open-source": ("problem", "approaches", "evaluation", "results", "tests", "documentation"),
}
PROJECT_RUBRIC = "project-review"
#: Keys that only some kinds of unit may have, and those that a kind must have.
UNIT_MAY_HAVE = {
    "checks": ("lesson", "practice", "checkpoint"),
    "brief": ("practice", "project"),
    "project_type": ("practice", "project"),
}
UNIT_NEEDS = {"checkpoint": ("checks",), "project": ("brief", "project_type")}
ROLE_ADDRESSES = frozenset({"compare", "new"})  # pages of ours below /roles/


@dataclass(frozen=True, slots=True)
class Content:
    """All content files, each of which fits its schema."""

    roadmap: Document
    stages: Document
    modules: tuple[Document, ...]
    skills: Document
    resources: Document
    roles: Document
    ladder: Document
    rubrics: Document
    interview: Document


@dataclass(frozen=True, slots=True)
class Entry:
    """One object of a file, and where it stands in it."""

    document: Document
    path: Place
    value: Mapping[str, Any]

    def problem(self, message: str, *path: str | int) -> Problem:
        return self.document.problem(message, *self.path, *path)

    def each(self, key: str) -> Iterator["Entry"]:
        """The entries of a list below this one."""
        for index, value in enumerate(self.value[key]):
            yield Entry(self.document, (*self.path, key, index), value)


Index = dict[str, Entry]


def check(content: Content) -> list[Problem]:
    """Every broken rule. The content must fit its schemas."""
    return list(_Check(content).problems())


class _Check:
    def __init__(self, content: Content):
        self.content = content
        self.duplicates: list[Problem] = []
        self.categories = self._index("skill category", _entries(content.skills, "categories"))
        self.skills = self._index("skill", _entries(content.skills, "skills"))
        self.stages = self._index("stage", _entries(content.stages, "stages"))
        self.modules = self._index(
            "module", (Entry(document, (), document.value) for document in content.modules)
        )
        self.units = self._index(
            "unit", (unit for module in self._all_modules() for unit in module.each("units"))
        )
        self.resources = self._index("resource", _entries(content.resources, "resources"))
        self.roles = self._index("role", _entries(content.roles, "roles"))
        self.rungs = self._index("rung", _entries(content.ladder, "rungs"))
        self.rubrics = self._index("rubric", _entries(content.rubrics, "rubrics"))
        self.questions = self._index("question", _entries(content.interview, "questions"))

    def problems(self) -> Iterator[Problem]:
        yield from self.duplicates
        yield from self._skills()
        yield from self._aliases()
        yield from self._resources()
        yield from self._outcomes()
        yield from self._stages()
        for module in self._all_modules():
            yield from self._module(module)
            for unit in module.each("units"):
                yield from self._unit(unit)
        circles = list(self._circles())
        yield from circles
        if not circles:
            yield from self._levels_do_not_fall()
        yield from self._roles()
        yield from self._ladder()
        yield from self._rubrics()
        yield from self._interview()

    def _index(self, kind: str, entries: Iterable[Entry]) -> Index:
        index: Index = {}
        for entry in entries:
            slug = entry.value["slug"]
            if slug in index:
                first = index[slug]
                where = f"{first.document.file}:{first.document.line(*first.path, 'slug')}"
                self.duplicates.append(
                    entry.problem(f"the {kind} {slug!r} is already in {where}", "slug")
                )
            else:
                index[slug] = entry
        return index

    def _all_modules(self) -> Iterator[Entry]:
        """Each module file, a duplicate slug included."""
        for document in self.content.modules:
            yield Entry(document, (), document.value)

    # Skills and resources

    def _skills(self) -> Iterator[Problem]:
        used = set()
        for skill in self.skills.values():
            used.add(skill.value["category"])
            yield from _refer(skill, self.categories, "skill category", "category")
        for slug, category in self.categories.items():
            if slug not in used:
                yield category.problem(f"the skill category {slug!r} holds no skill")
        taught = {
            entry["skill"] for module in self._all_modules() for entry in module.value["skills"]
        }
        for slug, skill in self.skills.items():
            if slug not in taught:
                yield skill.problem(f"the skill {slug!r} is taught by no module")
        levels = self.content.skills.value["levels"]
        for index, (level, name) in enumerate(zip(levels, LEVELS, strict=True)):
            if (level["slug"], level["value"]) != (name, index + 1):
                yield self.content.skills.problem(
                    f"level {index + 1} is {name!r} with the value {index + 1}", "levels", index
                )

    def _aliases(self) -> Iterator[Problem]:
        """Each name and alias, in the form in which adverts are read, leads to one skill."""
        taken = {
            form: slug
            for slug, skill in self.skills.items()
            for form in adverts.forms_of(skill.value["name"])
        }
        for slug, skill in self.skills.items():
            for index, alias in enumerate(skill.value.get("aliases", [])):
                forms = adverts.forms_of(alias)
                owners = [taken.setdefault(form, slug) for form in forms]
                other = next((owner for owner in owners if owner != slug), None)
                if not forms:
                    yield skill.problem(f"{alias!r} holds no word", "aliases", index)
                elif other:
                    yield skill.problem(
                        f"{alias!r} is a name of the skill {other!r} already", "aliases", index
                    )

    def _resources(self) -> Iterator[Problem]:
        urls: dict[str, str] = {}
        for slug, resource in self.resources.items():
            other = urls.setdefault(resource.value["url"], slug)
            if other != slug:
                yield resource.problem(f"the resource {other!r} has this address too", "url")
        used = {
            resource["slug"]
            for module in self._all_modules()
            for unit in module.value["units"]
            for resource in unit["resources"]
        }
        for slug, resource in self.resources.items():
            if slug not in used:
                yield resource.problem(f"the resource {slug!r} is read in no unit")

    # The roadmap

    def _outcomes(self) -> Iterator[Problem]:
        """No two units promise the same: then one of them says nothing of its own."""
        outcomes: dict[str, str] = {}
        for slug, unit in self.units.items():
            other = outcomes.setdefault(unit.value["outcome"], slug)
            if other != slug:
                yield unit.problem(f"the unit {other!r} has this outcome too", "outcome")

    def _stages(self) -> Iterator[Problem]:
        yield from _in_order(_entries(self.content.stages, "stages"), "stage")
        for slug, stage in self.stages.items():
            modules = sorted(
                (module for module in self._all_modules() if module.value["stage"] == slug),
                key=lambda module: module.value["order"],
            )
            yield from _in_order(modules, f"module of {slug}")
            listed, found = stage.value["modules"], [module.value["slug"] for module in modules]
            for index, module_slug in enumerate(listed):
                if module_slug not in self.modules:
                    yield stage.problem(
                        _no_such("module", module_slug, self.modules), "modules", index
                    )
                elif module_slug not in found:
                    yield stage.problem(
                        f"the file of {module_slug!r} names another stage", "modules", index
                    )
            for module in modules:
                if module.value["slug"] not in listed:
                    yield stage.problem(
                        f"{module.value['slug']!r} names this stage and is not in its list",
                        "modules",
                    )
            if sorted(listed) == sorted(found) and listed != found:
                yield stage.problem(
                    f"the modules' own order numbers say {', '.join(found)}", "modules"
                )

    def _module(self, module: Entry) -> Iterator[Problem]:
        yield from _refer(module, self.stages, "stage", "stage")
        stage = self.stages.get(module.value["stage"])
        if stage and (module.value["kind"] == "elective") != stage.value["elective"]:
            kind = "elective" if stage.value["elective"] else "core"
            yield module.problem(f"the stage {stage.value['slug']!r} is {kind}", "kind")
        yield from self._prerequisites(module, stage)
        yield from self._skills_at_levels(module, "skills", most=STUDY_REACHES)
        minutes = sum(unit["minutes"] for unit in module.value["units"])
        if module.value["minutes"] != minutes:
            yield module.problem(f"its units add up to {minutes} minutes", "minutes")
        yield from _in_order(module.each("units"), f"unit of {module.value['slug']}")
        kinds = {unit["kind"] for unit in module.value["units"]}
        if not kinds & {"checkpoint", "project"}:
            yield module.problem("there is no checkpoint and no project", "units")

    def _prerequisites(self, module: Entry, stage: Entry | None) -> Iterator[Problem]:
        for index, slug in enumerate(module.value["prerequisites"]):
            if slug not in self.modules:
                yield module.problem(_no_such("module", slug, self.modules), "prerequisites", index)
                continue
            before = self.modules[slug]
            before_stage = self.stages.get(before.value["stage"])
            if before.value["kind"] == "elective" and module.value["kind"] == "core":
                yield module.problem(
                    f"a core module cannot build on the elective {slug!r}", "prerequisites", index
                )
            elif stage and before_stage and before_stage.value["order"] > stage.value["order"]:
                yield module.problem(
                    f"{slug!r} is in the later stage {before_stage.value['slug']!r}",
                    *("prerequisites", index),
                )

    def _unit(self, unit: Entry) -> Iterator[Problem]:
        yield from self._unit_keys(unit)
        for resource in unit.each("resources"):
            slug = resource.value["slug"]
            if slug not in self.resources:
                yield resource.problem(_no_such("resource", slug, self.resources), "slug")
            else:
                listed = self.resources[slug].value
                for key in listed:
                    if resource.value[key] != listed[key]:
                        yield resource.problem(
                            f"{key} differs from {listed[key]!r} in {self.content.resources.file}",
                            key,
                        )
        slugs = [resource["slug"] for resource in unit.value["resources"]]
        for slug in sorted({slug for slug in slugs if slugs.count(slug) > 1}):
            yield unit.problem(f"lists the resource {slug!r} twice", "resources")
        if "brief" in unit.value:
            yield from self._brief(unit)

    def _unit_keys(self, unit: Entry) -> Iterator[Problem]:
        kind = unit.value["kind"]
        for key in UNIT_NEEDS.get(kind, ()):
            if key not in unit.value:
                yield unit.problem(f"a {kind} needs the key {key!r}", "kind")
        for key, kinds in UNIT_MAY_HAVE.items():
            if key in unit.value and kind not in kinds:
                yield unit.problem(f"a {kind} has no key {key!r}", key)
        if kind == "practice":
            if ("brief" in unit.value) != ("project_type" in unit.value):
                yield unit.problem("brief and project_type come together", "kind")
            elif unit.value.get("project_type", kind) != kind:
                yield unit.problem("the brief of a practice unit is a practice one", "project_type")

    def _brief(self, unit: Entry) -> Iterator[Problem]:
        criteria = {
            criterion["slug"]: criterion
            for rubric in self.content.rubrics.value["rubrics"]
            if rubric["slug"] == PROJECT_RUBRIC
            for criterion in rubric["criteria"]
        }
        seen: set[str] = set()
        for index, accepted in enumerate(unit.value["brief"]["acceptance"]):
            criterion = accepted["criterion"]
            place = ("brief", "acceptance", index, "criterion")
            if criterion not in criteria:
                yield unit.problem(
                    _no_such(f"criterion of {PROJECT_RUBRIC}", criterion, criteria), *place
                )
            if criterion in seen:
                yield unit.problem(f"the criterion {criterion!r} is here a second time", *place)
            seen.add(criterion)
        for criterion in BRIEF_NEEDS.get(unit.value.get("project_type", ""), ()):
            if criterion not in seen:
                yield unit.problem(
                    f"a {unit.value['project_type']} project has an entry for {criterion!r}",
                    *("brief", "acceptance"),
                )

    def _circles(self) -> Iterator[Problem]:
        """Each circle once, told at the module that stands first on the roadmap."""
        state: dict[str, str] = {}
        for start in self.modules:
            way: list[tuple[str, Iterator[str]]] = []
            if start not in state:
                state[start] = "open"
                way.append((start, iter(self._before(start))))
            while way:
                slug, rest = way[-1]
                before = next(rest, None)
                if before is None:
                    state[slug] = "closed"
                    way.pop()
                elif before not in state:
                    state[before] = "open"
                    way.append((before, iter(self._before(before))))
                elif state[before] == "open":
                    slugs = [step for step, _ in way]
                    circle = slugs[slugs.index(before) :]
                    yield self._circle(circle)

    def _circle(self, circle: list[str]) -> Problem:
        order = list(self.modules)
        turn = circle.index(min(circle, key=order.index))
        circle = circle[turn:] + circle[:turn]
        module = self.modules[circle[0]]
        position = module.value["prerequisites"].index(circle[1 % len(circle)])
        words = " needs ".join([*circle, circle[0]])
        return module.problem(
            f"the prerequisites form a circle: {words}", "prerequisites", position
        )

    def _before(self, slug: str) -> list[str]:
        return [
            before for before in self.modules[slug].value["prerequisites"] if before in self.modules
        ]

    def _levels_do_not_fall(self) -> Iterator[Problem]:
        """A later module never teaches a skill below what its prerequisites taught."""
        reached: dict[str, dict[str, tuple[int, str]]] = {}
        for slug in self._topologically():
            module = self.modules[slug]
            best: dict[str, tuple[int, str]] = {}
            for before in self._before(slug):
                for skill, taught in reached[before].items():
                    best[skill] = max(best.get(skill, (0, "")), taught)
            for index, entry in enumerate(module.value["skills"]):
                level = LEVEL_VALUES[entry["level"]]
                highest, where = best.get(entry["skill"], (0, ""))
                if level < highest:
                    yield module.problem(
                        f"teaches {entry['skill']!r} at {entry['level']}, below what the earlier "
                        f"{where!r} teaches",
                        *("skills", index),
                    )
                best[entry["skill"]] = max((level, slug), (highest, where))
            reached[slug] = best

    def _topologically(self) -> Iterable[str]:
        return TopologicalSorter({slug: self._before(slug) for slug in self.modules}).static_order()

    # Roles and the ladder

    def _roles(self) -> Iterator[Problem]:
        taught: dict[str, int] = defaultdict(int)
        for module in self._all_modules():
            for entry in module.value["skills"]:
                taught[entry["skill"]] = max(taught[entry["skill"]], LEVEL_VALUES[entry["level"]])
        yield from _in_order(_entries(self.content.roles, "roles"), "role")
        for slug, role in self.roles.items():
            if slug in ROLE_ADDRESSES:
                yield role.problem(
                    f"/roles/{slug}/ is a page of the site; choose another slug", "slug"
                )
            yield from _refer(role, self.rungs, "rung", "ladder_rung")
            yield from _refer_all(role, self.roles, "role", "next_roles")
            years = role.value["experience"]
            if years["max_years"] is not None and years["max_years"] < years["min_years"]:
                yield role.problem("max_years is less than min_years", "experience", "max_years")
            for key in ("required_skills", "preferred_skills"):
                for clause in role.each(key):
                    yield from self._clause(clause, taught, is_required=key == "required_skills")

    def _clause(
        self, clause: Entry, taught: Mapping[str, int], *, is_required: bool
    ) -> Iterator[Problem]:
        choices = clause.each("any_of") if "any_of" in clause.value else iter([clause])
        reachable, names = False, []
        for choice in choices:
            skill, level = choice.value["skill"], LEVEL_VALUES[choice.value["level"]]
            if skill not in self.skills:
                yield choice.problem(_no_such("skill", skill, self.skills), "skill")
                reachable = True  # one problem is enough
            elif skill in names:
                yield choice.problem(f"names the skill {skill!r} twice", "skill")
            names.append(skill)
            reachable = reachable or taught[skill] >= min(level, STUDY_REACHES)
        if is_required and not reachable:
            yield clause.problem(f"no module teaches {' or '.join(names)} to the level required")

    def _ladder(self) -> Iterator[Problem]:
        tracks = [track["slug"] for track in self.content.ladder.value["tracks"]]
        if sorted(tracks) != sorted(TRACKS):
            yield self.content.ladder.problem(f"the tracks are {', '.join(TRACKS)}", "tracks")
        orders = orders_of_rungs({slug: rung.value for slug, rung in self.rungs.items()})
        for slug, rung in self.rungs.items():
            if rung.value["order"] != orders[slug]:
                yield rung.problem(
                    f"order: this is rung number {orders[slug]} of its way, "
                    f"not {rung.value['order']}",
                    "order",
                )
            yield from _refer_all(rung, self.rungs, "rung", "next")
            yield from _refer_all(rung, self.roles, "role", "roles")
            yield from self._skills_at_levels(rung, "expectations")
            for index, slug in enumerate(rung.value["roles"]):
                if slug in self.roles and (
                    self.roles[slug].value["ladder_rung"] != rung.value["slug"]
                ):
                    yield rung.problem(
                        f"the role {slug!r} names another ladder_rung", "roles", index
                    )
        for slug, role in self.roles.items():
            rung_of_role = self.rungs.get(role.value["ladder_rung"])
            if rung_of_role and slug not in rung_of_role.value["roles"]:
                yield role.problem(
                    f"the rung {rung_of_role.value['slug']!r} does not list this role",
                    "ladder_rung",
                )

    def _skills_at_levels(self, entry: Entry, key: str, most: int = 4) -> Iterator[Problem]:
        seen: set[str] = set()
        for choice in entry.each(key):
            skill, level = choice.value["skill"], choice.value["level"]
            if skill not in self.skills:
                yield choice.problem(_no_such("skill", skill, self.skills), "skill")
            if skill in seen:
                yield choice.problem(f"names the skill {skill!r} twice", "skill")
            if LEVEL_VALUES[level] > most:
                yield choice.problem("study alone makes no experts; use practitioner", "level")
            seen.add(skill)

    # Rubrics and questions

    def _rubrics(self) -> Iterator[Problem]:
        if PROJECT_RUBRIC not in self.rubrics:
            yield self.content.rubrics.problem(
                f"the rubric {PROJECT_RUBRIC!r}, which briefs refer to, is missing", "rubrics"
            )
        for rubric in self.rubrics.values():
            self.duplicates.clear()
            self._index("criterion", rubric.each("criteria"))
            yield from self.duplicates
            for criterion in rubric.each("criteria"):
                if [level["value"] for level in criterion.value["levels"]] != [1, 2, 3, 4]:
                    yield criterion.problem("its levels have the values 1, 2, 3 and 4", "levels")

    def _interview(self) -> Iterator[Problem]:
        formats = [entry["slug"] for entry in self.content.interview.value["formats"]]
        if sorted(formats) != sorted(FORMATS):
            yield self.content.interview.problem(f"the formats are {', '.join(FORMATS)}", "formats")
        prompts: dict[str, str] = {}
        for slug, question in self.questions.items():
            yield from _refer_all(question, self.skills, "skill", "skills")
            other = prompts.setdefault(question.value["prompt"], slug)
            if other != slug:
                yield question.problem(f"the question {other!r} has this prompt too", "prompt")


def orders_of_rungs(rungs: Mapping[str, Mapping[str, Any]]) -> dict[str, int]:
    """The order number of each rung by its slug: counted along the shared way, and from its end along
    each track."""
    shared = sum(rung["track"] == TRACKS[0] for rung in rungs.values())
    counts = {track: 0 if track == TRACKS[0] else shared for track in TRACKS}
    orders = {}
    for slug, rung in rungs.items():
        counts[rung["track"]] += 1
        orders[slug] = counts[rung["track"]]
    return orders


def _entries(document: Document, key: str) -> Iterator[Entry]:
    yield from Entry(document, (), document.value).each(key)


def _refer(entry: Entry, index: Index, kind: str, key: str) -> Iterator[Problem]:
    if entry.value[key] not in index:
        yield entry.problem(_no_such(kind, entry.value[key], index), key)


def _refer_all(entry: Entry, index: Index, kind: str, key: str) -> Iterator[Problem]:
    for position, slug in enumerate(entry.value[key]):
        if slug not in index:
            yield entry.problem(_no_such(kind, slug, index), key, position)


def _no_such(kind: str, slug: str, known: Iterable[str]) -> str:
    near = difflib.get_close_matches(slug, list(known), n=1)
    return f"there is no {kind} {slug!r}" + (f"; did you mean {near[0]!r}?" if near else "")


def _in_order(entries: Iterable[Entry], kind: str) -> Iterator[Problem]:
    """Order numbers count 1, 2, 3… in the order in which the entries come."""
    for position, entry in enumerate(entries, start=1):
        if entry.value["order"] != position:
            yield entry.problem(
                f"order: this is {kind} number {position}, not {entry.value['order']}", "order"
            )
