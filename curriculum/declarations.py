"""What learners say of themselves, and take back. Saying something again replaces what was said."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from curriculum.models import Declaration, Education, Experience, Skill, SkillLevel


class Retired(Exception):
    """The skill has left the curriculum."""


@dataclass(frozen=True, slots=True)
class Background:
    """What a learner says of their years and degree."""

    experience: tuple[Experience, ...] = ()
    education: Education | None = None

    @property
    def months(self) -> int:
        """Months of work that count where a role asks for years."""
        return sum(row.months for row in self.experience if row.counts)


def background_of(learner: User) -> Background:
    """The years and the degree that a learner states, in two queries."""
    return backgrounds_of([learner.pk])[learner.pk]


def backgrounds_of(learners: Iterable[int]) -> dict[int, Background]:
    """The same of several learners, by their keys, in as many queries."""
    keys = list(learners)
    experience: dict[int, list[Experience]] = defaultdict(list)
    for row in Experience.objects.filter(learner__in=keys):
        experience[row.learner_id].append(row)
    education = {row.learner_id: row for row in Education.objects.filter(learner__in=keys)}
    return {pk: Background(tuple(experience[pk]), education.get(pk)) for pk in keys}


def declare(learner: User, skill: Skill, level: SkillLevel) -> Declaration:
    """Say that the learner has the skill to a level; at the level said before, since then.

    Raises Retired.
    """
    if skill.is_retired:
        raise Retired(skill)
    declaration, is_new = Declaration.objects.get_or_create(
        learner=learner, skill=skill, defaults={"level": level}
    )
    if not is_new and declaration.level != level:
        declaration.level = level
        declaration.declared_at = timezone.now()
        declaration.save(update_fields=["level", "declared_at"])
    return declaration


def take_back(learner: User, skill: Skill) -> None:
    """Stop saying so. Taking back what was not said does nothing."""
    Declaration.objects.filter(learner=learner, skill=skill).delete()


@transaction.atomic
def state_background(
    learner: User, months: dict[str, int], degree: int | None = None, subject: str = ""
) -> None:
    """Say how many months were worked in each field (Experience.Field), and the highest degree.

    What is not among them is taken back: a field with no months, a degree that is None.
    """
    User.objects.select_for_update().get(pk=learner.pk)  # two tabs, one after the other
    said = {row.field: row for row in learner.experience.all()}
    for field in Experience.Field.values:
        _state_months(learner, said.get(field), field, months.get(field) or 0)
    if degree is None:
        Education.objects.filter(learner=learner).delete()
    else:
        _state_degree(learner, degree, subject)


def _state_months(learner: User, row: Experience | None, field: str, months: int) -> None:
    if row and not months:
        row.delete()
    elif row and row.months != months:
        row.months, row.declared_at = months, timezone.now()
        row.save(update_fields=["months", "declared_at"])
    elif not row and months:
        Experience.objects.create(learner=learner, field=field, months=months)


def _state_degree(learner: User, degree: int, subject: str) -> None:
    row, is_new = Education.objects.get_or_create(
        learner=learner, defaults={"degree": degree, "subject": subject}
    )
    if not is_new and (row.degree, row.subject) != (degree, subject):
        row.degree, row.subject, row.declared_at = degree, subject, timezone.now()
        row.save(update_fields=["degree", "subject", "declared_at"])
