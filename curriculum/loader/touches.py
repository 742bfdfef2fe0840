"""How many learners a change of an entry touches."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count

from curriculum.models import (
    Declaration,
    Enrollment,
    Note,
    OwnResource,
    StudySession,
    UnitCompletion,
    UnitSkip,
)

#: What learners may have to do with an entry, in the singular and the plural.
WORDS = {
    "completed": ("{} learner has completed it", "{} learners have completed it"),
    "skipped": ("{} learner has skipped it", "{} learners have skipped it"),
    "noted": ("{} learner has a note on it", "{} learners have notes on it"),
    "linked": (
        "{} learner has links of their own on it",
        "{} learners have links of their own on it",
    ),
    "studied": ("{} learner has recorded time on it", "{} learners have recorded time on it"),
    "begun": ("{} learner has completed units of it", "{} learners have completed units of it"),
    "enrolled": ("{} learner is enrolled on it", "{} learners are enrolled on it"),
    "aiming": ("{} learner aims for it", "{} learners aim for it"),
    "declared": ("{} learner says they have it", "{} learners say they have it"),
}


@dataclass(frozen=True, slots=True)
class Touch:
    """A number of learners, and what they have to do with the entry: a key of WORDS."""

    learners: int
    how: str

    def __str__(self) -> str:
        return WORDS[self.how][self.learners != 1].format(self.learners)


def of(kind: str, keys: Iterable[int]) -> Mapping[int, tuple[Touch, ...]]:
    """Each number above nought, by the row's primary key; one query for each way of touching."""
    keys = list(keys)
    found: dict[int, tuple[Touch, ...]] = defaultdict(tuple)
    if not keys:
        return found
    for how, rows, owner, learner in _questions(kind):
        counted = (
            rows.filter(**{f"{owner}__in": keys})
            .order_by()
            .values_list(owner)
            .annotate(learners=Count(learner, distinct=True))
        )
        for key, learners in counted:
            found[key] += (Touch(learners, how),)
    return found


def _questions(kind: str) -> list[tuple[str, Any, str, str]]:
    completed = UnitCompletion.objects.standing()
    match kind:
        case "units":
            return [
                ("completed", completed, "unit", "enrollment__learner"),
                ("skipped", UnitSkip.objects.standing(), "unit", "enrollment__learner"),
                ("noted", Note.objects.all(), "unit", "learner"),
                ("linked", OwnResource.objects.all(), "unit", "learner"),
                ("studied", StudySession.objects.all(), "unit", "learner"),
            ]
        case "modules":
            return [("begun", completed, "unit__module", "enrollment__learner")]
        case "stages":
            return [("begun", completed, "unit__module__stage", "enrollment__learner")]
        case "roadmaps":
            return [("enrolled", Enrollment.objects.all(), "roadmap", "learner")]
        case "roles":
            return [("aiming", Enrollment.objects.all(), "target_role", "learner")]
        case "skills":
            return [("declared", Declaration.objects.all(), "skill", "learner")]
    return []
