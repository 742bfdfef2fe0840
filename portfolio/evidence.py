"""What speaks for a learner's skills, kind by kind. Computed from facts, never stored.

What learners say themselves is DECLARED: it is shown and proves nothing. A skill is STUDIED when a
module that teaches it is complete (curriculum.progress.studied), DEMONSTRATED when a project of their
own shows it at a commit where the checks passed, and ENDORSED when a mentor approved a commit for it
(portfolio.demonstrations). More of one kind never takes another away.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.contrib.auth.models import AnonymousUser
from django.db.models import Count, Max
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.models import User
from curriculum.models import (
    Declaration,
    Enrollment,
    Module,
    ModuleSkill,
    Skill,
    SkillLevel,
    Unit,
    UnitCompletion,
)
from curriculum.ways import STUDY_REACHES
from portfolio import demonstrations
from portfolio.demonstrations import AGES, CHECKS_REACH, Age, Demonstration, Hindrance
from portfolio.models import Project

Viewer = User | AnonymousUser


class Kind(StrEnum):
    """Kinds of evidence, the weakest first."""

    DECLARED = "declared"
    STUDIED = "studied"
    DEMONSTRATED = "demonstrated"
    ENDORSED = "endorsed"


KINDS = list(Kind)

#: Kinds that show a skill rather than assert it.
SHOWING = tuple(kind for kind in Kind if kind != Kind.DECLARED)


@dataclass(frozen=True, slots=True)
class Reached:
    """The highest level that one kind of evidence reaches, since when, and where it comes from."""

    level: SkillLevel
    since: datetime | None = None
    source: Module | Project | None = None
    demonstration: Demonstration | None = None  # the commit that it is about

    @property
    def counts(self) -> bool:
        """Whether it is still there to be looked at."""
        return self.demonstration is None or self.demonstration.counts

    @property
    def age(self) -> Age:
        return self.demonstration.age if self.demonstration else Age.CURRENT

    @property
    def note(self) -> str:
        """What aged it, in words; "" for what stands as it was seen."""
        return str(NOTES.get(self.age, ""))


@dataclass(frozen=True, slots=True)
class Evidence:
    """All that speaks for one skill of a learner; `reached` holds the kinds that there are."""

    skill: Skill
    reached: Mapping[Kind, Reached]
    why_not_higher: str = ""

    @property
    def showing(self) -> dict[Kind, Reached]:
        """The kinds that show the skill, as far as they still count."""
        found = {kind: self.reached[kind] for kind in SHOWING if kind in self.reached}
        return {kind: reached for kind, reached in found.items() if reached.counts}

    @property
    def shown(self) -> int:
        """The highest level that is shown by more than the learner's word; 0 for none."""
        return max((reached.level for reached in self.showing.values()), default=0)

    @property
    def strongest(self) -> Kind:
        """The strongest kind that counts, whatever its level; else the first that there is."""
        return max(self.showing, key=KINDS.index, default=next(iter(self.reached)))

    @property
    def strongest_reached(self) -> Reached:
        return self.reached[self.strongest]

    @property
    def declared(self) -> int:
        """The level that the learner declares; 0 for none."""
        return self.reached[Kind.DECLARED].level if Kind.DECLARED in self.reached else 0

    @property
    def is_at_the_end(self) -> bool:
        """Whether it is shown as far as study and checks reach, and nothing of it is lost."""
        is_whole = all(reached.counts for reached in self.reached.values())
        return is_whole and self.shown >= STUDY_REACHES

    @property
    def best(self) -> tuple[Kind, Reached]:
        """What shows the skill to the highest level, of equals the stronger kind; else what there is."""
        ranked = [(reached.level, KINDS.index(kind)) for kind, reached in self.showing.items()]
        kind = KINDS[max(ranked)[1]] if ranked else next(iter(self.reached))
        return kind, self.reached[kind]


@dataclass(frozen=True, slots=True)
class _Taught:
    """That a module teaches a skill, and how far the learner is through it."""

    module: Module
    is_followed: bool  # on a roadmap of theirs
    level: int
    total: int
    done: int
    last: datetime | None

    @property
    def is_complete(self) -> bool:
        return 0 < self.total == self.done


def of(learner: User, *, seen_by: Viewer | None = None) -> dict[Skill, Evidence]:
    """The evidence of every skill for which there is any, in thirteen queries however much it is.

    `seen_by` is who reads it: of projects that they may not see they hear nothing. None is the learner.
    """
    return of_each([learner], seen_by=seen_by)[learner.pk]


def of_each(
    learners: Iterable[User], *, seen_by: Viewer | None = None
) -> dict[int, dict[Skill, Evidence]]:
    """The same of several learners, by their keys, in as many queries."""
    keys = [learner.pk for learner in learners]
    projects = Project.objects.filter(owner__in=keys)
    if seen_by is not None:
        projects = Project.objects.visible_to(seen_by).filter(pk__in=projects.values("pk"))
    declared: dict[int, list[Declaration]] = defaultdict(list)
    said = Declaration.objects.filter(learner__in=keys, skill__retired_at=None)
    for declaration in said.select_related("skill__category"):
        declared[declaration.learner_id].append(declaration)
    taught = _taught(keys)
    skills = _skills_studied(taught)
    works = demonstrations.of_each(keys, projects)
    return {pk: _evidence(declared[pk], taught[pk], skills, works[pk]) for pk in keys}


def _evidence(
    declared: Iterable[Declaration],
    taught: Mapping[int, list[_Taught]],
    skills: Mapping[int, Skill],
    work: demonstrations.Work,
) -> dict[Skill, Evidence]:
    """All that speaks for one learner's skills."""
    reached: dict[Skill, dict[Kind, Reached]] = defaultdict(dict)
    for declaration in declared:
        level = SkillLevel(declaration.level)
        reached[declaration.skill][Kind.DECLARED] = Reached(level, declaration.declared_at)
    for key, entries in taught.items():
        complete = [entry for entry in entries if entry.is_complete]
        if key in skills and any(entry.is_followed for entry in complete):
            level = SkillLevel(max(entry.level for entry in complete if entry.is_followed))
            reached[skills[key]][Kind.STUDIED] = _studied(level, complete)
    for claim in work.claims:  # saying it of a project is saying it
        said = Reached(SkillLevel(claim.level), claim.claimed_at, claim.project)
        reached[claim.skill].setdefault(Kind.DECLARED, said)
    for kind, found in ((Kind.DEMONSTRATED, work.shown), (Kind.ENDORSED, work.endorsed)):
        for one in sorted(found, key=_worth):
            reached[one.skill][kind] = Reached(one.level, one.since, one.project, one)
    hindrances: dict[Skill, list[Hindrance]] = defaultdict(list)
    for hindrance in work.hindered:
        hindrances[hindrance.claim.skill].append(hindrance)
    return {
        skill: Evidence(
            skill,
            {kind: kinds[kind] for kind in Kind if kind in kinds},
            _why_not_higher(kinds, taught.get(skill.pk, ()), hindrances[skill]),
        )
        for skill, kinds in reached.items()
    }


def strength(entry: Evidence) -> tuple[int, int, int]:
    """What a reader sees first: the stronger kind, then the higher level, then the curriculum's order."""
    return KINDS.index(entry.strongest), entry.shown, -entry.skill.position


def _worth(one: Demonstration) -> tuple[bool, int, int, float]:
    """What counts before what is lost, then the higher level, the newer commit, the earlier day."""
    return one.counts, one.level, -AGES.index(one.age), -one.since.timestamp()


def _taught(learners: Iterable[int]) -> dict[int, dict[int, list[_Taught]]]:
    """By learner: where each skill is taught today, by its key, in the order of the roadmaps."""
    keys = list(learners)
    live = Unit.objects.live()
    totals = dict(live.values_list("module").annotate(Count("pk")).order_by())
    done = {
        (learner, module): (units, last)
        for learner, module, units, last in UnitCompletion.objects.standing()
        .filter(enrollment__learner__in=keys, unit__in=live)
        .values_list("enrollment__learner", "unit__module")
        .annotate(Count("unit", distinct=True), Max("completed_at"))
        .order_by()
    }
    followed = set(Enrollment.objects.filter(learner__in=keys).values_list("learner", "roadmap"))
    modules = Module.objects.defer("outcomes").in_bulk(totals)
    rows = list(
        ModuleSkill.objects.filter(module__in=totals)
        .order_by("module__stage__roadmap__position", "module__number")
        .values_list("module", "skill", "level", "module__stage__roadmap")
    )
    found: dict[int, dict[int, list[_Taught]]] = {learner: defaultdict(list) for learner in keys}
    for learner, taught in found.items():
        for module, skill, level, roadmap in rows:
            units, last = done.get((learner, module), (0, None))
            is_followed = (learner, roadmap) in followed
            entry = _Taught(modules[module], is_followed, level, totals[module], units, last)
            taught[skill].append(entry)
    return found


def _skills_studied(taught: Mapping[int, Mapping[int, list[_Taught]]]) -> dict[int, Skill]:
    """The skills of the curriculum that anybody has studied, by their keys."""
    keys = {
        skill
        for by_skill in taught.values()
        for skill, entries in by_skill.items()
        if any(entry.is_complete for entry in entries)
    }
    live = Skill.objects.filter(pk__in=keys, retired_at=None).select_related("category")
    return {skill.pk: skill for skill in live}


def _studied(level: SkillLevel, complete: Iterable[_Taught]) -> Reached:
    """Since the first module was complete that teaches the skill to the level."""
    moments = [
        (entry.last, entry.module) for entry in complete if entry.last and entry.level == level
    ]
    since, module = min(moments, key=lambda pair: pair[0], default=(None, None))
    return Reached(level, since, module)


def _why_not_higher(
    kinds: Mapping[Kind, Reached], taught: Iterable[_Taught], hindered: Iterable[Hindrance]
) -> str:
    """One sentence: what is lost, what hinders a claim, or else what would take the skill further."""
    for reached in kinds.values():
        if not reached.counts:
            return _("%(project)s showed it, and its repository can no longer be read.") % {
                "project": reached.source
            }
    for hindrance in hindered:
        return HINDRANCES[hindrance.reason] % {"project": hindrance.claim.project.title}
    counting = {kind: reached for kind, reached in kinds.items() if kind in SHOWING}
    highest = max((reached.level for reached in counting.values()), default=0)
    if highest == SkillLevel.EXPERT:
        return ""
    studied = kinds.get(Kind.STUDIED)
    if highest >= STUDY_REACHES:
        if Kind.DEMONSTRATED not in kinds:
            return _("Study reaches %(level)s at most. What is higher shows in what you build.") % {
                "level": STUDY_REACHES.label.lower()
            }
        if Kind.ENDORSED not in kinds:
            return _("Checks reach %(level)s at most. What is higher a mentor has to confirm.") % {
                "level": CHECKS_REACH.label.lower()
            }
        return _("A mentor confirms it to %(level)s so far.") % {
            "level": SkillLevel(kinds[Kind.ENDORSED].level).label.lower()
        }
    return _further(studied.level if studied else 0, taught)


def _further(reached: int, taught: Iterable[_Taught]) -> str:
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


NOTES = {
    Age.EARLIER: gettext_lazy("at an earlier commit"),
    Age.STALE: gettext_lazy("the repository cannot be read"),
    Age.LOST: gettext_lazy("no longer counted"),
}
HINDRANCES = {
    "unchecked": gettext_lazy("%(project)s claims it and has no repository yet."),
    "unread": gettext_lazy("%(project)s claims it, and its repository was not read yet."),
    "failing": gettext_lazy("%(project)s claims it, and a required check does not pass."),
    "unowned": gettext_lazy(
        "%(project)s claims it, and nothing shows yet that the repository is yours."
    ),
}
