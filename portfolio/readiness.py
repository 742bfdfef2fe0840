"""A role's clauses against what speaks for a learner, and the shortest way to close each gap.

A clause names one skill or several alternatives, each at a level; the best alternative decides it.

- **met**: the skill is shown to the level, or beyond. Study shows a skill up to practitioner, so where
  an expert is asked, study alone meets no clause.
- **partly**: the skill is shown, to a lower level.
- **self-declared**: nobody but the learner says so, at whatever level.
- **missing**: nothing at all.

More facts never make a clause worse. Years and a degree are clauses of their own: what a learner says
of them is shown as said and counted nowhere else. Skills that have left the curriculum leave the
clauses, and a clause without any skill left is none.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from django.db.models import Prefetch
from django.utils.translation import gettext_lazy, ngettext

from accounts.models import User
from curriculum import declarations
from curriculum.declarations import Background
from curriculum.models import Degree, Requirement, RequirementSkill, Role, Skill, SkillLevel
from curriculum.models.declarations import years_of
from curriculum.ways import Way, Ways
from portfolio import evidence
from portfolio.evidence import Evidence, Kind, Reached
from portfolio.models import Project

Profile = Mapping[Skill, Evidence]


class State(StrEnum):
    """How a clause stands, the worst first."""

    MISSING = "missing"
    SELF = "self"
    PARTLY = "partly"
    MET = "met"

    @property
    def word(self) -> str:
        return str(WORDS[self])


WORDS = {
    State.MISSING: gettext_lazy("missing"),
    State.SELF: gettext_lazy("self-declared"),
    State.PARTLY: gettext_lazy("partly"),
    State.MET: gettext_lazy("met"),
}
RANKS = {state: rank for rank, state in enumerate(State)}


@dataclass(frozen=True, slots=True)
class Alternative:
    """A skill at a level that meets a clause, and what speaks for it."""

    skill: Skill
    level: SkillLevel
    evidence: Evidence | None = None

    @property
    def state(self) -> State:
        if self.evidence is None:
            return State.MISSING
        if self.evidence.shown >= self.level:
            return State.MET
        return State.PARTLY if self.evidence.shown else State.SELF

    @property
    def best(self) -> tuple[Kind, Reached] | None:
        """The evidence that counts most for it: its kind, its level, since when and where."""
        return self.evidence.best if self.evidence else None

    @property
    def shown(self) -> int:
        return self.evidence.shown if self.evidence else 0

    @property
    def rank(self) -> tuple[int, int, int]:
        """What decides among alternatives: the state, then the levels shown and declared."""
        declared = self.evidence.declared if self.evidence else 0
        return RANKS[self.state], self.shown, declared


@dataclass(frozen=True, slots=True)
class Clause:
    """One thing a role asks for: any one of its alternatives is enough."""

    is_required: bool
    alternatives: tuple[Alternative, ...]
    quote: str = ""  # of the advert that a role of one's own was made from

    @property
    def deciding(self) -> Alternative:
        """The alternative that stands best; the first of equals."""
        return max(self.alternatives, key=lambda alternative: alternative.rank)

    @property
    def state(self) -> State:
        return self.deciding.state


@dataclass(frozen=True, slots=True)
class Said:
    """Years or a degree that a role asks for, and what the learner says of them."""

    asks: str
    says: str  # empty for nothing
    is_enough: bool

    @property
    def state(self) -> State:
        return State.SELF if self.is_enough else State.MISSING


@dataclass(frozen=True, slots=True)
class Readiness:
    """A role as it stands for one learner. Counts never go without the clauses behind them."""

    role: Role
    clauses: tuple[Clause, ...]
    said: tuple[Said, ...] = ()

    @property
    def required(self) -> tuple[Clause, ...]:
        return tuple(clause for clause in self.clauses if clause.is_required)

    @property
    def preferred(self) -> tuple[Clause, ...]:
        return tuple(clause for clause in self.clauses if not clause.is_required)

    @property
    def required_counts(self) -> dict[State, int]:
        return _counts(self.required)

    @property
    def required_met(self) -> int:
        return self.required_counts[State.MET]

    @property
    def preferred_counts(self) -> dict[State, int]:
        return _counts(self.preferred)

    @property
    def required_gaps(self) -> tuple[Clause, ...]:
        """The required clauses that are not met, those that stand best first: they are the nearest."""
        gaps = [clause for clause in self.required if clause.state != State.MET]
        return tuple(sorted(gaps, key=lambda clause: clause.deciding.rank, reverse=True))

    @property
    def gaps(self) -> tuple[Clause, ...]:
        """The clauses that are not met."""
        return tuple(clause for clause in self.clauses if clause.state != State.MET)


@dataclass(frozen=True, slots=True)
class Step:
    """The shortest way to close a gap: what to study, the brief to build, the project to show."""

    way: Way
    project: Project | None = None  # the learner's own, built from that brief


def of(learner: User, role: Role, profile: Profile | None = None) -> Readiness:
    """A role against everything that speaks for a learner, in seventeen queries at most."""
    [readiness] = of_many(learner, [role], profile)
    return readiness


def of_many(
    learner: User | None, roles: Iterable[Role], profile: Profile | None = None
) -> list[Readiness]:
    """The same for several roles, in as many queries. For nobody everything is missing.

    A `profile` that is known already is not computed again.
    """
    roles = list(roles)
    if profile is None:
        profile = evidence.of(learner) if learner else {}
    background = declarations.background_of(learner) if learner else Background()
    clauses = _requirements(roles)
    return [against(role, clauses.get(role.pk, ()), profile, background) for role in roles]


def of_each(
    aims: Iterable[tuple[User, Role]], *, seen_by: User | None = None
) -> dict[int, Readiness]:
    """The same for several learners, each with a role, by the learner's key, in as many queries.

    `seen_by` is who reads it; None is each learner themself.
    """
    aims = list(aims)
    if not aims:
        return {}
    profiles = evidence.of_each([learner for learner, _role in aims], seen_by=seen_by)
    backgrounds = declarations.backgrounds_of(profiles)
    clauses = _requirements(list({role for _learner, role in aims}))
    return {
        learner.pk: against(
            role, clauses.get(role.pk, ()), profiles[learner.pk], backgrounds[learner.pk]
        )
        for learner, role in aims
    }


def against(
    role: Role,
    requirements: Iterable[Requirement],
    profile: Profile,
    background: Background,
) -> Readiness:
    """A role with its requirements against a profile. Each requirement has its `choices`, as rows."""
    clauses = []
    for requirement in requirements:
        alternatives = tuple(
            Alternative(entry.skill, SkillLevel(entry.level), profile.get(entry.skill))
            for entry in requirement.choices  # type: ignore[attr-defined]
            if not entry.skill.is_retired
        )
        if alternatives:
            clauses.append(Clause(requirement.is_required, alternatives, requirement.quote))
    return Readiness(role, tuple(clauses), tuple(_said(role, background)))


def steps(readiness: Readiness, ways: Ways, learner: User) -> list[Step | None]:
    """The shortest way to close each gap, clause by clause, in one query; None for what is met.

    Among alternatives it is the one with the least to study.
    """
    found = [
        _way(clause, ways) if clause.state != State.MET else None for clause in readiness.clauses
    ]
    briefs = {way.brief.brief.pk for way in found if way and way.brief}
    own = Project.objects.owned_by(learner).filter(brief__in=briefs)
    projects = {project.brief_id: project for project in own.order_by("created_at", "pk")}
    return [
        Step(way, projects.get(way.brief.brief.pk) if way.brief else None) if way else None
        for way in found
    ]


def _way(clause: Clause, ways: Ways) -> Way:
    return ways.shortest(
        (alternative.skill, alternative.level, alternative.shown)
        for alternative in clause.alternatives
    )


def _requirements(roles: Sequence[Role]) -> dict[int, list[Requirement]]:
    """The requirements of roles by a role's key, each with its `choices`: a plain list, as there are many."""
    choices = Prefetch(
        "alternatives", RequirementSkill.objects.select_related("skill__category"), "choices"
    )
    rows = Requirement.objects.filter(role__in=roles).prefetch_related(choices)
    by_role: dict[int, list[Requirement]] = {}
    for requirement in rows:
        by_role.setdefault(requirement.role_id, []).append(requirement)
    return by_role


def _counts(clauses: Iterable[Clause]) -> dict[State, int]:
    """How many clauses stand how, the best first; the four add up to all of them."""
    counts = dict.fromkeys(reversed(State), 0)
    for clause in clauses:
        counts[clause.state] += 1
    return counts


def _said(role: Role, background: Background) -> Iterable[Said]:
    if role.min_years:
        asks = ngettext(
            "%(years)d year of experience", "%(years)d years of experience", role.min_years
        ) % {"years": role.min_years}
        is_enough = background.months >= role.min_years * 12
        yield Said(asks, _years(background.months), is_enough)
    if role.degree:
        education = background.education
        says = str(education) if education else ""
        is_enough = education is not None and education.degree >= role.degree
        yield Said(str(Degree(role.degree).label), says, is_enough)


def _years(months: int) -> str:
    """12 months: 1 year; 30 months: 2.5 years; empty for none."""
    if not months:
        return ""
    years = years_of(months)
    return ngettext("%(years)s year", "%(years)s years", 1 if years == 1 else 2) % {"years": years}
