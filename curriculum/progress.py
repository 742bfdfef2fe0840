"""How far a learner has come and what comes next. Computed, never stored."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from django.db.models import BooleanField, Exists, OuterRef, Q, QuerySet, Value
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from curriculum.models import (
    Enrollment,
    Module,
    ModuleSkill,
    RequirementSkill,
    Roadmap,
    Role,
    Skill,
    SkillLevel,
    Stage,
    Unit,
    UnitCompletion,
)
from curriculum.models.roadmap import ModuleQuerySet


class State(StrEnum):
    """Where a learner stands with a module. Exactly one is next, until everything is done."""

    COMPLETE = "complete"
    PART = "part"
    NEXT = "next"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Progress:
    """Live units completed, of all live units, with the minutes of study their authors expect."""

    completed: int = 0
    total: int = 0
    minutes_completed: int = 0
    minutes: int = 0

    def __add__(self, other: "Progress") -> "Progress":
        return Progress(
            self.completed + other.completed,
            self.total + other.total,
            self.minutes_completed + other.minutes_completed,
            self.minutes + other.minutes,
        )

    @property
    def percent(self) -> int:
        """0 to 100, rounded down: 100 says that everything is done, and nothing less does."""
        return 100 * self.completed // self.total if self.total else 0

    @property
    def is_complete(self) -> bool:
        return 0 < self.total == self.completed

    @property
    def is_under_way(self) -> bool:
        return 0 < self.completed < self.total

    @property
    def left(self) -> int:
        return self.total - self.completed

    @property
    def hours(self) -> int:
        """Hours of study, rounded: what authors expect is not exact to the minute."""
        return _hours(self.minutes)

    @property
    def hours_left(self) -> int:
        return _hours(self.minutes - self.minutes_completed)


@dataclass(frozen=True, slots=True)
class ModulePicture:
    """A module as one learner sees it."""

    module: Module
    progress: Progress
    state: State
    prerequisites: tuple[Module, ...]  # live ones, in the order of the roadmap
    is_needed: bool  # required for the role the learner aims for


@dataclass(frozen=True, slots=True)
class StagePicture:
    """A stage as one learner sees it."""

    stage: Stage
    modules: tuple[ModulePicture, ...]

    @property
    def progress(self) -> Progress:
        return sum((module.progress for module in self.modules), start=Progress())

    @property
    def complete(self) -> int:
        """How many of its modules are complete."""
        return sum(module.state == State.COMPLETE for module in self.modules)

    @property
    def is_here(self) -> bool:
        """Whether the next module stands in this stage."""
        return any(module.state == State.NEXT for module in self.modules)


@dataclass(frozen=True, slots=True)
class Picture:
    """A whole roadmap as one learner sees it; `next_unit` is None when everything is done."""

    stages: tuple[StagePicture, ...]
    next_unit: Unit | None
    is_personal: bool  # False for somebody who follows no roadmap

    @property
    def modules(self) -> tuple[ModulePicture, ...]:
        return tuple(module for stage in self.stages for module in stage.modules)

    @property
    def progress(self) -> Progress:
        return sum((stage.progress for stage in self.stages), start=Progress())

    @property
    def next_module(self) -> ModulePicture | None:
        return next((module for module in self.modules if module.state == State.NEXT), None)

    @property
    def counts(self) -> dict[str, int]:
        """Modules that are complete, under way (part) or neither; the next is not complete."""
        counts = {"complete": 0, "part": 0, "none": 0}
        for module in self.modules:
            if module.progress.is_complete:
                counts["complete"] += 1
            else:
                counts["part" if module.progress.completed else "none"] += 1
        return counts


@dataclass(frozen=True, slots=True)
class Advice:
    """Something a module builds on that the learner has not finished. It locks nothing."""

    module: Module
    progress: Progress

    @property
    def sentence(self) -> str:
        if not self.progress.completed:
            return _("You have not done %(module)s yet.") % {"module": self.module.title}
        return ngettext(
            "You have %(left)d unit left in %(module)s.",
            "You have %(left)d units left in %(module)s.",
            self.progress.left,
        ) % {"left": self.progress.left, "module": self.module.title}


def overview(enrollment: Enrollment) -> Picture:
    """The roadmap of a learner, whole, in four queries at most."""
    return _picture(enrollment.roadmap_id, enrollment, enrollment.target_role_id)


def outline(roadmap: Roadmap, role: Role | None = None) -> Picture:
    """The roadmap as somebody sees it who does not follow it: nothing completed, nothing next."""
    return _picture(roadmap.pk, None, role.pk if role else None)


def next_unit(enrollment: Enrollment) -> Unit | None:
    """The one unit to go on with; None when every live unit is complete.

    It is the first open unit of a module whose prerequisites are complete. A module under way comes
    before one that is not, core before elective, and earlier on the roadmap before later.
    """
    return overview(enrollment).next_unit


def of_units(units: Iterable[Unit]) -> Progress:
    """The progress that units make, each of which carries `is_done` (see `units_of`)."""
    progress = Progress()
    for unit in units:
        done = int(unit.is_done)
        progress += Progress(done, 1, unit.minutes * done, unit.minutes)
    return progress


def units_of(enrollment: Enrollment | None, module: Module) -> QuerySet[Unit]:
    """The live units of a module in order, each with `is_done`; nothing is done by nobody."""
    return module.units.live().annotate(is_done=_is_done(enrollment)).order_by("position", "pk")


def kept_units(enrollment: Enrollment | None, module: Module) -> QuerySet[Unit]:
    """The units that have left the curriculum, or left it with their module, and stay completed."""
    left = module.units.exclude(pk__in=module.units.live())
    return left.filter(_is_done(enrollment)).order_by("position", "pk")


def neighbours(module: Module) -> tuple[Module | None, Module | None]:
    """The live modules before and after one on its roadmap."""
    modules = _live_modules().of(module.stage.roadmap_id)
    return (
        modules.filter(number__lt=module.number).order_by("-number").first(),
        modules.filter(number__gt=module.number).order_by("number").first(),
    )


def around(unit: Unit) -> tuple[Unit | None, Unit | None]:
    """The live units before and after one on its roadmap, across modules."""
    units = Unit.objects.live().of(unit.module.stage.roadmap_id).select_related("module")
    here, number = Q(module=unit.module), unit.module.number
    before = units.filter(Q(module__number__lt=number) | here & Q(position__lt=unit.position))
    after = units.filter(Q(module__number__gt=number) | here & Q(position__gt=unit.position))
    return (
        before.order_by("-module__number", "-position").first(),
        after.order_by("module__number", "position").first(),
    )


def prerequisites_of(module: Module) -> ModuleQuerySet:
    """The live modules that a module builds on directly, in the order of the roadmap."""
    return _live_modules().filter(followed_by=module).order_by("number")


def advice(enrollment: Enrollment, module: Module) -> list[Advice]:
    """The direct prerequisites of a module that are not complete, in the order of the roadmap."""
    before = list(prerequisites_of(module))
    if not before:
        return []
    units = Unit.objects.live().filter(module__in=before).annotate(is_done=_is_done(enrollment))
    progress = _by_module(units)
    return [
        Advice(module, progress[module.pk])
        for module in before
        if progress[module.pk].completed < progress[module.pk].total
    ]


def studied(enrollment: Enrollment) -> dict[Skill, SkillLevel]:
    """The skills a learner has studied, each at the highest level that a complete module teaches.

    A module is complete when all its live units are; one without live units teaches nothing.
    """
    units = (
        Unit.objects.live().of(enrollment.roadmap_id).annotate(is_done=_is_done(enrollment))
    ).only("module_id", "minutes")
    progress = _by_module(units)
    complete = [module for module, done in progress.items() if done.is_complete]
    taught = (
        ModuleSkill.objects.filter(module__in=complete, skill__retired_at=None)
        .select_related("skill")
        .order_by("level")
    )
    return {entry.skill: SkillLevel(entry.level) for entry in taught}


def _picture(roadmap_id: int, enrollment: Enrollment | None, role_id: int | None) -> Picture:
    modules = list(
        _live_modules().of(roadmap_id).select_related("stage").order_by("stage__position", "number")
    )
    units = list(
        Unit.objects.live()
        .of(roadmap_id)
        .annotate(is_done=_is_done(enrollment))
        .order_by("position", "pk")
    )
    progress = _by_module(units)
    prerequisites = _prerequisites(modules)
    needed = _needed(role_id, modules) if role_id else frozenset()
    goes_on = _next_module(modules, progress, prerequisites) if enrollment else None

    def picture_of(module: Module) -> ModulePicture:
        return ModulePicture(
            module=module,
            progress=progress[module.pk],
            state=State.NEXT if module == goes_on else _state(progress[module.pk]),
            prerequisites=tuple(prerequisites[module.pk]),
            is_needed=module.pk in needed,
        )

    stages: dict[Stage, list[ModulePicture]] = defaultdict(list)
    for module in modules:
        stages[module.stage].append(picture_of(module))
    return Picture(
        stages=tuple(StagePicture(stage, tuple(within)) for stage, within in stages.items()),
        next_unit=_first_open_unit(units, goes_on),
        is_personal=enrollment is not None,
    )


def _hours(minutes: int) -> int:
    """Whole hours, halves up, and one for anything less that is not nothing."""
    return max((minutes + 30) // 60, min(minutes, 1))


def _live_modules() -> ModuleQuerySet:
    return Module.objects.live().filter(stage__retired_at=None)


def _is_done(enrollment: Enrollment | None) -> Exists | Value:
    """Whether a unit has a standing completion in this enrollment, as a column."""
    if enrollment is None:
        return Value(False, output_field=BooleanField())
    return Exists(
        UnitCompletion.objects.standing().filter(enrollment=enrollment, unit=OuterRef("pk"))
    )


def _by_module(units: Iterable[Unit]) -> Mapping[int, Progress]:
    """Progress by a module's key, of units that carry `is_done`; none where there is no unit."""
    within: dict[int, list[Unit]] = defaultdict(list)
    for unit in units:
        within[unit.module_id].append(unit)
    return defaultdict(Progress, {module: of_units(found) for module, found in within.items()})


def _prerequisites(modules: Sequence[Module]) -> Mapping[int, list[Module]]:
    """The live prerequisites of each module by its key, in the order of the roadmap."""
    by_key = {module.pk: module for module in modules}
    prerequisites: dict[int, list[Module]] = defaultdict(list)
    links = Module.prerequisites.through.objects.filter(
        from_module__stage__roadmap__in={module.stage.roadmap_id for module in modules}
    ).values_list("from_module_id", "to_module_id")
    for after, before in links:
        if after in by_key and before in by_key:
            prerequisites[after].append(by_key[before])
    for before_all in prerequisites.values():
        before_all.sort(key=lambda module: module.number)
    return prerequisites


def _needed(role_id: int, modules: Sequence[Module]) -> frozenset[int]:
    """The first module that teaches a skill far enough, for each clause that a role requires.

    Far enough is the level required or practitioner, the highest that a module teaches.
    """
    numbers = {module.pk: module.number for module in modules}
    fitting: dict[int, set[int]] = defaultdict(set)
    choices = RequirementSkill.objects.filter(
        requirement__role=role_id, requirement__is_required=True
    ).values_list("requirement", "level", "skill__taught_in__module", "skill__taught_in__level")
    for requirement, level, module, taught in choices:
        if module in numbers and taught >= min(level, SkillLevel.PRACTITIONER):
            fitting[requirement].add(module)
    return frozenset(min(found, key=numbers.__getitem__) for found in fitting.values())


def _next_module(
    modules: Sequence[Module],
    progress: Mapping[int, Progress],
    prerequisites: Mapping[int, Sequence[Module]],
) -> Module | None:
    def is_done(module: Module) -> bool:
        return progress[module.pk].completed == progress[module.pk].total

    def rank(module: Module) -> tuple[bool, bool, bool, int]:
        is_ready = all(map(is_done, prerequisites[module.pk]))
        is_elective = module.kind == Module.Kind.ELECTIVE
        return (not is_ready, not progress[module.pk].is_under_way, is_elective, module.number)

    return min((module for module in modules if not is_done(module)), key=rank, default=None)


def _first_open_unit(units: Sequence[Unit], module: Module | None) -> Unit | None:
    if module is None:
        return None
    unit = next(unit for unit in units if unit.module_id == module.pk and not unit.is_done)
    unit.module = module
    return unit


def _state(progress: Progress) -> State:
    if progress.is_complete:
        return State.COMPLETE
    return State.PART if progress.completed else State.NONE
