"""How far a learner has come and what comes next. Computed, never stored.

A unit is done, skipped or open. Only what is done counts as such; what is skipped stays in the
whole and leaves the route.
"""

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
    UnitSkip,
)
from curriculum.models.roadmap import ModuleQuerySet, UnitQuerySet


class State(StrEnum):
    """Where a learner stands with a module. Exactly one is next, until nothing is open."""

    COMPLETE = "complete"
    PART = "part"
    NEXT = "next"
    SKIPPED = "skipped"  # nothing is open, and not everything is done
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Progress:
    """Live units completed, of all live units, with the minutes of study their authors expect.

    Those skipped are among all, and not among the completed.
    """

    completed: int = 0
    total: int = 0
    minutes_completed: int = 0
    minutes: int = 0
    skipped: int = 0
    minutes_skipped: int = 0

    def __add__(self, other: "Progress") -> "Progress":
        return Progress(
            self.completed + other.completed,
            self.total + other.total,
            self.minutes_completed + other.minutes_completed,
            self.minutes + other.minutes,
            self.skipped + other.skipped,
            self.minutes_skipped + other.minutes_skipped,
        )

    @property
    def percent(self) -> int:
        """0 to 100, rounded down: 100 says that everything is done, and nothing less does."""
        return 100 * self.completed // self.total if self.total else 0

    @property
    def is_complete(self) -> bool:
        return 0 < self.total == self.completed

    @property
    def is_skipped(self) -> bool:
        """Nothing is open, and not everything is done."""
        return bool(self.skipped) and not self.left

    @property
    def left(self) -> int:
        """How many units are open: neither done nor skipped."""
        return self.total - self.completed - self.skipped

    @property
    def minutes_left(self) -> int:
        return self.minutes - self.minutes_completed - self.minutes_skipped

    @property
    def hours(self) -> int:
        """Hours of study, rounded: what authors expect is not exact to the minute."""
        return _hours(self.minutes)

    @property
    def hours_left(self) -> int:
        return _hours(self.minutes_left)


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
    """A whole roadmap as one learner sees it."""

    stages: tuple[StagePicture, ...]
    route: tuple[Unit, ...]  # the open units in the order in which each is next; () for nobody
    is_personal: bool  # False for somebody who follows no roadmap

    @property
    def next_unit(self) -> Unit | None:
        """None when nothing is open: everything is done or skipped."""
        return self.route[0] if self.route else None

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
        """Modules complete, under way (part), skipped or none of these; the next is one of these."""
        counts = {"complete": 0, "part": 0, "skipped": 0, "none": 0}
        for module in self.modules:
            counts[_state(module.progress)] += 1
        return counts


@dataclass(frozen=True, slots=True)
class Advice:
    """Something a module builds on that the learner has not finished. It locks nothing."""

    module: Module
    progress: Progress

    @property
    def state(self) -> State:
        return _state(self.progress)

    @property
    def sentence(self) -> str:
        if self.progress.is_skipped:
            return _("You skipped %(skipped)d of %(total)d units of %(module)s.") % {
                "skipped": self.progress.skipped,
                "total": self.progress.total,
                "module": self.module.title,
            }
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
    """The one unit to go on with; None when every live unit is done or skipped.

    It is the first open unit of a module whose prerequisites hold no open unit. A module under way
    comes before one that is not, core before elective, and earlier on the roadmap before later.
    """
    return overview(enrollment).next_unit


def of_units(units: Iterable[Unit]) -> Progress:
    """The progress that units make, each with `is_done` and `has_skip` (see `units_of`)."""
    units = list(units)
    done = [unit.minutes for unit in units if unit.is_done]
    skipped = [unit.minutes for unit in units if unit.is_skipped]
    return Progress(
        completed=len(done),
        total=len(units),
        minutes_completed=sum(done),
        minutes=sum(unit.minutes for unit in units),
        skipped=len(skipped),
        minutes_skipped=sum(skipped),
    )


def units_of(enrollment: Enrollment | None, module: Module) -> QuerySet[Unit]:
    """The live units of a module in order, with `is_done` and `has_skip`, which nobody has."""
    return _marked(module.units.live(), enrollment).order_by("position", "pk")


def kept_units(enrollment: Enrollment | None, module: Module) -> QuerySet[Unit]:
    """The units that have left the curriculum, or left it with their module, and stay completed."""
    left = module.units.exclude(pk__in=module.units.live())
    completed = _stands(UnitCompletion.objects.standing(), enrollment)
    return left.filter(completed).order_by("position", "pk")


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
    progress = _by_module(_marked(Unit.objects.live().filter(module__in=before), enrollment))
    return [
        Advice(module, progress[module.pk])
        for module in before
        if progress[module.pk].completed < progress[module.pk].total
    ]


def studied(enrollment: Enrollment) -> dict[Skill, SkillLevel]:
    """The skills a learner has studied, each at the highest level that a complete module teaches.

    A skill counts wherever it is taught: on this roadmap and on any other that the learner follows.
    A module is complete when all its live units are; one without live units teaches nothing.
    """
    done = UnitCompletion.objects.standing().filter(enrollment__learner=enrollment.learner_id)
    open_units = (
        Unit.objects.live().filter(module=OuterRef("pk")).exclude(pk__in=done.values("unit"))
    )
    complete = (
        _live_modules()
        .filter(stage__roadmap__enrollments__learner=enrollment.learner_id)
        .filter(Exists(Unit.objects.live().filter(module=OuterRef("pk"))), ~Exists(open_units))
    )
    taught = (
        ModuleSkill.objects.filter(module__in=complete, skill__retired_at=None)
        .select_related("skill")
        .order_by("level")
    )
    return {entry.skill: SkillLevel(entry.level) for entry in taught}


def _picture(roadmap_id: int, enrollment: Enrollment | None, role_id: int | None) -> Picture:
    modules = list(
        _live_modules()
        .of(roadmap_id)
        .select_related("stage")
        .defer("outcomes", "stage__exit_evidence")
        .order_by("stage__position", "number")
    )
    units = list(
        _marked(Unit.objects.live().of(roadmap_id), enrollment)
        .defer("questions")
        .order_by("position", "pk")
    )
    progress = _by_module(units)
    prerequisites = _prerequisites(modules)
    needed = _needed(role_id, modules) if role_id else frozenset()
    route = in_order(modules, units, prerequisites) if enrollment else []
    goes_on = route[0].module if route else None

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
        route=tuple(route),
        is_personal=enrollment is not None,
    )


def _hours(minutes: int) -> int:
    """Whole hours, halves up, and one for anything less that is not nothing."""
    return max((minutes + 30) // 60, min(minutes, 1))


def _live_modules() -> ModuleQuerySet:
    return Module.objects.live().filter(stage__retired_at=None)


def _marked(units: UnitQuerySet, enrollment: Enrollment | None) -> UnitQuerySet:
    """The same units, each with `is_done` and `has_skip`."""
    return units.annotate(
        is_done=_stands(UnitCompletion.objects.standing(), enrollment),
        has_skip=_stands(UnitSkip.objects.standing(), enrollment),
    )


def _stands(facts: QuerySet, enrollment: Enrollment | None) -> Exists | Value:
    """Whether there is such a fact of a unit in this enrollment, as a column."""
    if enrollment is None:
        return Value(False, output_field=BooleanField())
    return Exists(facts.filter(enrollment=enrollment, unit=OuterRef("pk")))


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


def in_order(
    modules: Sequence[Module],
    units: Iterable[Unit],
    prerequisites: Mapping[int, Sequence[Module]],
) -> list[Unit]:
    """The open units in the order in which each is next, if each is done in its turn.

    `units` carry `is_done` and `has_skip` and come in their order within a module;
    `prerequisites` are by a module's key.
    """
    within: dict[int, list[Unit]] = {module.pk: [] for module in modules}
    begun = set()
    for unit in units:
        if unit.is_done:
            begun.add(unit.module_id)
        if unit.is_open:
            within[unit.module_id].append(unit)

    def rank(module: Module) -> tuple[bool, bool, int]:
        return (module.pk not in begun, module.kind == Module.Kind.ELECTIVE, module.number)

    def is_ready(module: Module) -> bool:
        return not any(within[before.pk] for before in prerequisites.get(module.pk, ()))

    route: list[Unit] = []
    left = sorted((module for module in modules if within[module.pk]), key=rank)
    while left:
        module = next(filter(is_ready, left), left[0])
        left.remove(module)
        for unit in within[module.pk]:
            unit.module = module
            route.append(unit)
        within[module.pk] = []
    return route


def _state(progress: Progress) -> State:
    if progress.is_complete:
        return State.COMPLETE
    if progress.is_skipped:
        return State.SKIPPED
    return State.PART if progress.completed else State.NONE
