"""What speaks for a learner's skills, kind by kind. Computed from facts, never stored.

What learners say themselves is DECLARED: it is shown and proves nothing. A skill is STUDIED when a
module that teaches it is complete (curriculum.progress.studied).
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.db.models import Count, Max
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from curriculum import enrollments, progress
from curriculum.models import (
    Declaration,
    Module,
    ModuleSkill,
    Skill,
    SkillLevel,
    Unit,
    UnitCompletion,
)
from curriculum.ways import STUDY_REACHES


class Kind(StrEnum):
    """Kinds of evidence, the weakest first."""

    DECLARED = "declared"
    STUDIED = "studied"


#: Kinds that show a skill rather than assert it.
SHOWING = tuple(kind for kind in Kind if kind != Kind.DECLARED)


@dataclass(frozen=True, slots=True)
class Reached:
    """The highest level that one kind of evidence reaches, since when, and where it comes from."""

    level: SkillLevel
    since: datetime | None = None
    source: Module | None = None


@dataclass(frozen=True, slots=True)
class Evidence:
    """All that speaks for one skill of a learner; `reached` holds the kinds that there are."""

    skill: Skill
    reached: Mapping[Kind, Reached]
    why_not_higher: str = ""

    @property
    def shown(self) -> int:
        """The highest level that is shown by more than the learner's word; 0 for none."""
        return max(
            (self.reached[kind].level for kind in SHOWING if kind in self.reached), default=0
        )

    @property
    def declared(self) -> int:
        """The level that the learner declares; 0 for none."""
        return self.reached[Kind.DECLARED].level if Kind.DECLARED in self.reached else 0

    @property
    def is_at_the_end(self) -> bool:
        """Whether it is shown as far as study can show a skill."""
        return self.shown >= STUDY_REACHES

    @property
    def best(self) -> tuple[Kind, Reached]:
        """What shows the skill to the highest level, of equals the stronger kind; else the word."""
        showing: list[Kind] = [kind for kind in SHOWING if kind in self.reached]
        kind = max(
            reversed(showing), key=lambda kind: self.reached[kind].level, default=Kind.DECLARED
        )
        return kind, self.reached[kind]


@dataclass(frozen=True, slots=True)
class _Taught:
    """That a module teaches a skill, and how far the learner is through it."""

    module: Module
    level: int
    total: int
    done: int
    last: datetime | None

    @property
    def is_complete(self) -> bool:
        return 0 < self.total == self.done


def of(learner: User) -> dict[Skill, Evidence]:
    """The evidence of every skill for which there is any, in six queries however much it is."""
    reached: dict[Skill, dict[Kind, Reached]] = defaultdict(dict)
    declared = Declaration.objects.filter(learner=learner, skill__retired_at=None)
    for declaration in declared.select_related("skill__category"):
        level = SkillLevel(declaration.level)
        reached[declaration.skill][Kind.DECLARED] = Reached(level, declaration.declared_at)
    taught = _taught(learner)
    enrollment = enrollments.of(learner)
    for skill, level in (progress.studied(enrollment) if enrollment else {}).items():
        reached[skill][Kind.STUDIED] = _studied(level, taught[skill.pk])
    return {
        skill: Evidence(skill, kinds, _why_not_higher(kinds.get(Kind.STUDIED), taught[skill.pk]))
        for skill, kinds in reached.items()
    }


def _taught(learner: User) -> Mapping[int, list[_Taught]]:
    """Where each skill is taught today, by its key, in the order of the roadmaps."""
    live = Unit.objects.live()
    totals = dict(live.values_list("module").annotate(Count("pk")).order_by())
    done = {
        module: (units, last)
        for module, units, last in UnitCompletion.objects.standing()
        .filter(enrollment__learner=learner, unit__in=live)
        .values_list("unit__module")
        .annotate(Count("pk"), Max("completed_at"))
        .order_by()
    }
    rows = ModuleSkill.objects.filter(module__in=totals).select_related("module")
    taught: dict[int, list[_Taught]] = defaultdict(list)
    for row in rows.order_by("module__stage__roadmap__position", "module__number"):
        units, last = done.get(row.module_id, (0, None))
        taught[row.skill_id].append(
            _Taught(row.module, row.level, totals[row.module_id], units, last)
        )
    return taught


def _studied(level: SkillLevel, taught: Iterable[_Taught]) -> Reached:
    """Since the first module was complete that teaches the skill to the level."""
    complete = [
        (entry.last, entry.module)
        for entry in taught
        if entry.level == level and entry.is_complete and entry.last
    ]
    since, module = min(complete, key=lambda pair: pair[0], default=(None, None))
    return Reached(level, since, module)


def _why_not_higher(studied: Reached | None, taught: Iterable[_Taught]) -> str:
    reached = studied.level if studied else 0
    if reached >= STUDY_REACHES:
        return _("Study reaches %(level)s at most. What is higher shows in what you build.") % {
            "level": STUDY_REACHES.label.lower()
        }
    further = [entry for entry in taught if entry.level > reached]
    if not further:
        return _("No module teaches it further.")
    nearest = min(further, key=lambda entry: (entry.total - entry.done, entry.module.number))
    left = nearest.total - nearest.done
    return ngettext(
        "%(module)s takes it to %(level)s: %(left)d unit is open.",
        "%(module)s takes it to %(level)s: %(left)d units are open.",
        left,
    ) % {
        "module": nearest.module.title,
        "level": SkillLevel(nearest.level).label.lower(),
        "left": left,
    }
