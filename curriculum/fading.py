"""Skills that were studied and then left alone. Computed, never stored.

A skill is practised by completing a unit of a module that teaches it, by recorded study on such a
unit, and by answering a card of it.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Max
from django.utils import timezone

from accounts.models import User
from curriculum import practice
from curriculum.models import Attempt, ModuleSkill, Skill, StudySession, UnitCompletion
from curriculum.progress import Picture, State

#: Days without practice after which a skill is called fading. The guide warns of it without a
#: number; this is the first one a monthly habit does not reach.
FADES_AFTER = 40


@dataclass(frozen=True, slots=True)
class Fading:
    """A skill that was studied, and the day on which it was last practised."""

    skill: Skill
    last_on: date
    days: int  # since then, as seen today


@dataclass(frozen=True, slots=True)
class Freshness:
    """What fades, longest first, and the complete modules that are due again, by their keys."""

    fading: tuple[Fading, ...]
    due_modules: frozenset[int]

    @property
    def states(self) -> dict[int, str]:
        """As the map takes it."""
        return dict.fromkeys(self.due_modules, "due")


def of(learner: User, picture: Picture) -> Freshness:
    """What a learner has studied on a roadmap and not practised of late, in six queries at most.

    A complete module is due again when a card of a skill it teaches is due today, or when all of
    its skills fade.
    """
    complete = [entry.module.pk for entry in picture.modules if entry.state == State.COMPLETE]
    skills_of: dict[int, list[int]] = defaultdict(list)
    for module, skill in ModuleSkill.objects.filter(skill__retired_at=None).values_list(
        "module_id", "skill_id"
    ):
        skills_of[module].append(skill)
    last = _last(learner, skills_of)
    today = timezone.localdate()
    left_alone = {
        skill: (today - last[skill]).days
        for module in complete
        for skill in skills_of[module]
        if skill in last and (today - last[skill]).days >= FADES_AFTER
    }
    fading = [
        Fading(skill, last[skill.pk], left_alone[skill.pk])
        for skill in (Skill.objects.filter(pk__in=left_alone) if left_alone else ())
    ]
    fades = {entry.skill.pk for entry in fading}
    due = practice.due_skills(learner)
    return Freshness(
        tuple(sorted(fading, key=lambda entry: (-entry.days, entry.skill.name))),
        frozenset(
            module
            for module in complete
            if skills_of[module]
            and (due.intersection(skills_of[module]) or fades.issuperset(skills_of[module]))
        ),
    )


def _last(learner: User, skills_of: dict[int, list[int]]) -> dict[int, date]:
    """The last day on which each skill was practised, by its key, in three queries."""
    last: dict[int, date] = {}

    def note(skills: Iterable[int], day: date) -> None:
        for skill in skills:
            last[skill] = max(day, last.get(skill, day))

    completed = UnitCompletion.objects.standing().filter(enrollment__learner=learner)
    for module, moment in (
        completed.order_by("unit__module").values_list("unit__module").annotate(Max("completed_at"))
    ):
        note(skills_of[module], timezone.localdate(moment))
    sessions = StudySession.objects.ended().filter(learner=learner)
    for module, day in (
        sessions.order_by("unit__module").values_list("unit__module").annotate(Max("day"))
    ):
        note(skills_of[module], day)
    answers = Attempt.objects.standing().filter(card__learner=learner)
    for skill, day in (
        answers.exclude(card__question=None)
        .order_by("card__question__skills")
        .values_list("card__question__skills")
        .annotate(Max("day"))
    ):
        note([skill], day)
    return last
