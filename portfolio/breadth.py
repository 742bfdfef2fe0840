"""Breadth and depth: which skills a learner's projects show in which kinds of problem, and how far each goes.

Computed, never stored. One project that goes deep says more than three that begin: as long as one is not
deep, the suggestion is to deepen it, the one that is nearest first. Only then it is to add a kind of problem.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from curriculum import enrollments
from curriculum.models import Brief, Skill, SkillLevel
from portfolio import demonstrations, lifecycle, verdicts
from portfolio.demonstrations import AGES, Age
from portfolio.evidence import KINDS, NOTES, Kind
from portfolio.lifecycle import Coverage
from portfolio.models import Project
from portfolio.verdicts import Reader

ProblemKind = Project.ProblemKind


@dataclass(frozen=True, slots=True)
class Shown:
    """That one project shows a skill, by the strongest kind of evidence."""

    project: Project
    kind: Kind
    level: SkillLevel
    age: Age = Age.CURRENT

    @property
    def note(self) -> str:
        """What aged it, in words; "" for what stands as it was seen."""
        return str(NOTES.get(self.age, ""))

    @property
    def rank(self) -> tuple[bool, int, int, int]:
        return self.age != Age.LOST, KINDS.index(self.kind), self.level, -AGES.index(self.age)


@dataclass(frozen=True, slots=True)
class Row:
    """A skill, and what shows it best in each kind of problem, in the order of the grid's."""

    skill: Skill
    cells: tuple[Shown | None, ...]


class Step(StrEnum):
    """What makes a project deep, in the order in which it is done."""

    CHECKED = "checked"
    CLAIMED = "claimed"
    TOLD = "told"
    MEASURED = "measured"
    RUNS = "runs"
    APPROVED = "approved"

    @property
    def word(self) -> str:
        return str(WORDS[self])


WORDS = {
    Step.CHECKED: gettext_lazy("checks pass"),
    Step.CLAIMED: gettext_lazy("skills claimed"),
    Step.TOLD: gettext_lazy("case study told"),
    Step.MEASURED: gettext_lazy("measured against a baseline"),
    Step.RUNS: gettext_lazy("runs outside a notebook"),
    Step.APPROVED: gettext_lazy("approved by a mentor"),
}
#: Stages of a life that begins after training: one of them shows that the project runs.
RUNNING = frozenset({"serving", "monitoring"})


@dataclass(frozen=True, slots=True)
class Depth:
    """How far one project goes."""

    project: Project
    done: frozenset[Step]
    coverage: Coverage | None

    @property
    def steps(self) -> list[tuple[Step, bool]]:
        return [(step, step in self.done) for step in Step]

    @property
    def next(self) -> Step | None:
        """The first step that is not done."""
        return next((step for step in Step if step not in self.done), None)


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One sentence of what to do, one of why, and where."""

    what: str
    why: str
    address: str
    word: str  # of the link


@dataclass(frozen=True, slots=True)
class Grid:
    kinds: tuple[str, ...]  # of ProblemKind; "" for projects of which none is told
    rows: tuple[Row, ...]
    depths: tuple[Depth, ...]  # the deepest first
    suggestion: Suggestion | None

    @property
    def columns(self) -> list[tuple[str, int]]:
        """Each kind in words, with the number of its projects."""
        counts = Counter(depth.project.problem_kind for depth in self.depths)
        return [(word_of(kind), counts[kind]) for kind in self.kinds]

    @property
    def untold(self) -> list[Project]:
        """Projects of which no kind of problem is told."""
        return [depth.project for depth in self.depths if not depth.project.problem_kind]

    @property
    def not_shown(self) -> list[str]:
        """The kinds of problem in which there is no project."""
        return [str(kind.label) for kind in ProblemKind if kind not in self.kinds]


def word_of(kind: str) -> str:
    return str(ProblemKind(kind).label) if kind else _("No kind told")


def of(learner: User) -> Grid:
    """A learner's own projects as a grid, in twenty queries however many there are."""
    projects = list(
        Project.objects.owned_by(learner)
        .select_related("owner__profile")
        .prefetch_related("repositories", "reviews", "measurements", "claims")
    )
    depths = sorted(_depths(projects), key=_nearness)
    used = {project.problem_kind for project in projects}
    kinds = tuple(kind for kind in (*ProblemKind.values, "") if kind in used)
    return Grid(kinds, _rows(learner, kinds), tuple(depths), _suggestion(learner, depths))


def _rows(learner: User, kinds: Sequence[str]) -> tuple[Row, ...]:
    work = demonstrations.of(learner, Project.objects.owned_by(learner))
    found: dict[Skill, dict[str, Shown]] = defaultdict(dict)
    said = (Shown(c.project, Kind.DECLARED, SkillLevel(c.level)) for c in work.claims)
    skills = [claim.skill for claim in work.claims]
    by_checks = (Shown(d.project, Kind.DEMONSTRATED, d.level, d.age) for d in work.shown)
    by_mentors = (Shown(d.project, Kind.ENDORSED, d.level, d.age) for d in work.endorsed)
    skills += [d.skill for d in (*work.shown, *work.endorsed)]
    for skill, shown in zip(skills, (*said, *by_checks, *by_mentors), strict=True):
        kind = shown.project.problem_kind
        best = found[skill].get(kind)
        if best is None or shown.rank > best.rank:
            found[skill][kind] = shown
    ordered = sorted(found, key=lambda s: (s.category.position, s.position, s.pk))
    return tuple(Row(s, tuple(found[s].get(kind) for kind in kinds)) for s in ordered)


def _depths(projects: Iterable[Project]) -> Iterable[Depth]:
    projects = list(projects)
    repositories = [r for project in projects for r in project.repositories.all()]
    pictures = verdicts.of_many(repositories, reader=Reader.OWNER)
    for project in projects:
        own = [pictures[r.pk] for r in project.repositories.all()]
        coverage = lifecycle.of(own)
        shown = {stage.name for stage in coverage.shown} if coverage else set()
        is_done = {
            Step.CHECKED: any(picture.is_success for picture in own),
            Step.CLAIMED: bool(project.claims.all()),
            Step.TOLD: not project.missing_headings,
            Step.MEASURED: any(m.baseline and m.is_verified for m in project.measurements.all()),
            Step.RUNS: bool(RUNNING & shown) or bool(project.demo_url),
            Step.APPROVED: any(review.is_approval for review in project.reviews.all()),
        }
        yield Depth(project, frozenset(step for step in Step if is_done[step]), coverage)


def _nearness(depth: Depth) -> tuple[int, float, int]:
    """The one with the most done first; of equals the newest."""
    return -len(depth.done), -depth.project.created_at.timestamp(), -depth.project.pk


def _suggestion(learner: User, depths: Sequence[Depth]) -> Suggestion | None:
    if not depths:
        return None
    for depth in depths:  # the nearest first
        if step := depth.next:
            return _deepen(depth, step)
    return _add(learner, depths)


def _deepen(depth: Depth, step: Step) -> Suggestion:
    project = depth.project
    what, route, word = DEEPEN[step]
    names = {"project": project.title}
    if step == Step.RUNS and depth.coverage:
        names["advice"] = depth.coverage.advice_for(RUNNING)
        what = RUN_ON
    done, all_steps = len(depth.done), len(Step)
    why = _(
        "It has %(done)d of the %(all)d things that make a project deep; of those that lack one, none is nearer. "
        "One that goes deep can be defended; another that begins cannot."
    )
    return Suggestion(
        str(what) % names,
        why % {"done": done, "all": all_steps},
        reverse(f"portfolio:{route}", args=[project.slug]),
        str(word),
    )


def _add(learner: User, depths: Sequence[Depth]) -> Suggestion:
    """All are deep: one more kind of problem, by the first brief of the roadmap that is not built yet."""
    built = {depth.project.brief_id for depth in depths}
    enrollment = enrollments.of(learner)
    briefs = Brief.objects.filter(
        kind=Brief.Kind.PORTFOLIO,
        unit__retired_at=None,
        unit__module__retired_at=None,
        unit__module__stage__retired_at=None,
    )
    if enrollment:
        briefs = briefs.filter(unit__module__stage__roadmap=enrollment.roadmap)
    order = ("unit__module__stage__roadmap__position", "unit__module__number", "unit__position")
    brief = briefs.exclude(pk__in=[pk for pk in built if pk]).order_by(*order).first()
    why = _(
        "Every project of yours is deep. Now another kind of problem shows that it was no accident."
    )
    if brief is None:
        return Suggestion(
            _("Add a project of a kind that you have not shown yet."),
            why,
            reverse("portfolio:project_new"),
            _("Add a project"),
        )
    return Suggestion(
        _("Add a project of another kind: %(brief)s.") % {"brief": brief.unit.title},
        why,
        brief.unit.get_absolute_url(),
        _("The brief"),
    )


#: For each step the sentence, the page where it is done, and the word of the link.
DEEPEN = {
    Step.CHECKED: (
        gettext_lazy("Deepen “%(project)s”: have its required checks pass."),
        "project",
        gettext_lazy("See the checks"),
    ),
    Step.CLAIMED: (
        gettext_lazy("Deepen “%(project)s”: say which skills it shows."),
        "project_claims",
        gettext_lazy("Claim skills"),
    ),
    Step.TOLD: (
        gettext_lazy("Deepen “%(project)s”: tell the headings of its case study that are empty."),
        "case_study",
        gettext_lazy("Write the case study"),
    ),
    Step.MEASURED: (
        gettext_lazy(
            "Deepen “%(project)s”: give it a number, with the baseline’s beside it and the file that shows it."
        ),
        "measurements",
        gettext_lazy("Measured outcomes"),
    ),
    Step.RUNS: (
        gettext_lazy("Deepen “%(project)s”: put it where somebody else can try it."),
        "project_edit",
        gettext_lazy("Name the place"),
    ),
    Step.APPROVED: (
        gettext_lazy("Deepen “%(project)s”: have a mentor look at it."),
        "project",
        gettext_lazy("Ask for a review"),
    ),
}
RUN_ON = gettext_lazy("Deepen “%(project)s” beyond training. %(advice)s")
