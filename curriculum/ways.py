"""The shortest way to study a skill to a level: which modules, how long, and the brief that shows it.

A module can be studied when what it builds on is behind the learner, so the length of a way is the
open minutes of the module that teaches the skill and of everything unfinished before it, each
counted once. Of two equal ways the one with fewer modules wins, then the earlier on the roadmap.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from curriculum.models import Brief, ModuleSkill, Skill, SkillLevel, Unit
from curriculum.progress import ModulePicture, Picture

#: What study reaches at most; an expert is made by experience.
STUDY_REACHES = SkillLevel.PRACTITIONER


@dataclass(frozen=True, slots=True)
class Way:
    """What to do about one skill that a learner lacks."""

    skill: Skill
    reaches: SkillLevel | None  # the level after it; None when no module teaches the skill further
    modules: tuple[ModulePicture, ...]  # unfinished ones in the order of the roadmap
    brief: Unit | None  # the project unit that shows it, or
    builds_on: bool  # whether it belongs to a module that builds on one that teaches the skill

    @property
    def minutes(self) -> int:
        """Minutes of study in what is open of its modules."""
        return sum(module.progress.minutes_left for module in self.modules)

    @property
    def units(self) -> int:
        """How many units of its modules are open."""
        return sum(module.progress.left for module in self.modules)

    @property
    def goal(self) -> ModulePicture | None:
        """The module that teaches the skill; what comes before it is what it builds on."""
        return self.modules[-1] if self.modules else None


@dataclass(frozen=True, slots=True)
class Ways:
    """All ways through a roadmap as one learner has it. Made by `over`."""

    modules: Mapping[int, ModulePicture]
    taught: Mapping[int, tuple[tuple[int, int], ...]]  # by skill: module and level
    briefs: Mapping[int, tuple[Unit, ...]]  # by module, portfolio projects first
    _closures: dict[int, frozenset[int]] = field(default_factory=dict, compare=False)

    def way(self, skill: Skill, wanted: int, reached: int = 0) -> Way:
        """The shortest way to the wanted level for somebody who has studied the skill to `reached`.

        When no module teaches it as far as that, the way goes as far as one does.
        """
        teaching = [
            (module, min(level, wanted))
            for module, level in self.taught.get(skill.pk, ())
            if level > reached
        ]
        furthest = max((level for _, level in teaching), default=0)
        if furthest <= reached:
            return Way(skill, None, (), *self._brief(skill, max(reached, 1), frozenset()))
        _, chosen = min(
            (self._length(module), module) for module, level in teaching if level == furthest
        )
        steps = self._closure(chosen)
        return Way(
            skill,
            SkillLevel(furthest),
            (*self._in_order(steps - {chosen}), self.modules[chosen]),
            *self._brief(skill, furthest, steps),
        )

    def shortest(self, wanted: Iterable[tuple[Skill, int, int]]) -> Way:
        """The shortest of several ways, given as skill, wanted level and level reached; the first of
        equals. One that leads as far as study can goes before one that does not."""

        def rank(choice: tuple[Way, int, int]) -> tuple[bool, int, int]:
            way, limit, reached = choice
            falls_short = max(way.reaches or 0, reached) < min(limit, STUDY_REACHES)
            return falls_short, way.minutes, len(way.modules)

        ways = [
            (self.way(skill, level, reached), level, reached) for skill, level, reached in wanted
        ]
        return min(ways, key=rank)[0]

    def _length(self, module: int) -> tuple[int, int, int]:
        """Open minutes of the way to a module and through it, how many modules, its number."""
        steps = self._closure(module)
        minutes = sum(self.modules[step].progress.minutes_left for step in steps)
        return minutes, len(steps), self.modules[module].module.number

    def _closure(self, module: int) -> frozenset[int]:
        """A module with everything unfinished that it builds on, directly or not."""
        if module not in self._closures:
            found, left = {module}, [module]
            while left:
                for before in self.modules[left.pop()].prerequisites:
                    if before.pk in found or before.pk not in self.modules:
                        continue
                    if self.modules[before.pk].progress.left:
                        found.add(before.pk)
                        left.append(before.pk)
            self._closures[module] = frozenset(found)
        return self._closures[module]

    def _in_order(self, steps: Iterable[int]) -> list[ModulePicture]:
        return sorted((self.modules[step] for step in steps), key=lambda entry: entry.module.number)

    def _brief(self, skill: Skill, level: int, steps: frozenset[int]) -> tuple[Unit | None, bool]:
        """The project of a module that teaches the skill so far, or of one that builds on such a
        module; and whether it is one of the latter."""
        teaching = {module for module, taught in self.taught.get(skill.pk, ()) if taught >= level}
        if brief := self._nearest_brief(teaching, steps):
            return brief, False
        brief = self._nearest_brief(
            {
                module
                for module, entry in self.modules.items()
                if any(before.pk in teaching for before in entry.prerequisites)
            },
            steps,
        )
        return brief, brief is not None

    def _nearest_brief(self, modules: Iterable[int], steps: frozenset[int]) -> Unit | None:
        """The project with the least to do beside the way; one for the portfolio before others."""

        def rank(unit: Unit) -> tuple[int, bool, int]:
            beside = self._closure(unit.module_id) - steps
            minutes = sum(self.modules[step].progress.minutes_left for step in beside)
            is_practice = unit.brief.kind != Brief.Kind.PORTFOLIO
            return minutes, is_practice, self.modules[unit.module_id].module.number

        units = (unit for module in modules for unit in self.briefs.get(module, ()))
        return min(units, key=rank, default=None)


def over(picture: Picture) -> Ways:
    """The ways through a learner's roadmap, in two queries."""
    modules = {entry.module.pk: entry for entry in picture.modules}
    taught: dict[int, list[tuple[int, int]]] = defaultdict(list)
    entries = ModuleSkill.objects.filter(module__in=modules, skill__retired_at=None)
    for module, skill, level in entries.values_list("module_id", "skill_id", "level"):
        if modules[module].progress.total:
            taught[skill].append((module, level))
    briefs: dict[int, list[Unit]] = defaultdict(list)
    projects = Unit.objects.live().filter(kind=Unit.Kind.PROJECT, module__in=modules)
    for unit in projects.exclude(brief=None).select_related("brief").order_by("position", "pk"):
        briefs[unit.module_id].append(unit)
    return Ways(
        modules,
        {skill: tuple(sorted(found)) for skill, found in taught.items()},
        {module: tuple(units) for module, units in briefs.items()},
    )
