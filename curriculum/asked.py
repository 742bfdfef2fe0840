"""What learners were asked in real interviews: a private log, and what those who share have in common."""

from dataclasses import dataclass

from django.db import transaction
from django.db.models import Count, QuerySet

from accounts.models import User
from curriculum.models import Asked, Format, Practice, Skill

#: More people than this have to have been asked, so that no one of them can be made out.
MOST_HIDDEN = 5


@dataclass(frozen=True, slots=True)
class Common:
    """A skill that was asked about in a format, of more people than `over`: a multiple of five.

    The exact number is not told: one more or one less would tell who has just written.
    """

    skill: Skill
    format: Format
    over: int


def all_of(learner: User) -> QuerySet[Asked]:
    """A learner's log, the latest interview first."""
    return Asked.objects.filter(learner=learner).select_related("skill")


def blank(learner: User) -> Asked:
    """A line of the log that is not written yet."""
    return Asked(learner=learner)


def together() -> list[Common]:
    """What was asked of more than five people who share, most often first; in two queries."""
    shared = (
        Asked.objects.filter(
            learner__practice__is_sharing=True, learner__is_active=True, skill__retired_at=None
        )
        .exclude(skill=None)
        .order_by()
        .values("skill", "format")
        .annotate(people=Count("learner", distinct=True))
        .filter(people__gt=MOST_HIDDEN)
    )
    rows = list(shared)
    skills = Skill.objects.in_bulk({row["skill"] for row in rows})
    found = [
        Common(
            skills[row["skill"]],
            Format(row["format"]),
            (row["people"] - 1) // MOST_HIDDEN * MOST_HIDDEN,
        )
        for row in rows
    ]
    return sorted(found, key=lambda entry: (-entry.over, entry.skill.name, entry.format.value))


@transaction.atomic
def share(learner: User, is_sharing: bool) -> Practice:
    """Let what was asked of a learner count among others, or no longer; at once, and for all of it."""
    User.objects.select_for_update(of=("self",)).get(pk=learner.pk)
    practice, _ = Practice.objects.get_or_create(learner=learner)
    practice.is_sharing = is_sharing
    practice.save(update_fields=["is_sharing"])
    return practice
