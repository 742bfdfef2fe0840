"""Roles of one's own, made from a job advert: kept, changed and deleted by their owner alone."""

import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import transaction

from accounts.models import User
from curriculum.models import Requirement, RequirementSkill, Role, Skill
from curriculum.models.roles import OWN_SLUG

MOST_ROLES = 30  # of one person
MOST_SKILLS = 60  # of one role


class TooManyRoles(Exception):
    """The person has as many roles of their own as one may have."""


class AsksNothing(Exception):
    """A role asks for one skill at least."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A skill that a role asks for, from 1 (aware) to 4 (expert), and the words that say so.

    Those of the same choice, if it is not 0, make one clause: any one of them is enough.
    """

    skill: Skill
    level: int
    is_required: bool
    quote: str = ""
    choice: int = 0


@dataclass(frozen=True, slots=True)
class Description:
    """What an owner says of a role beside its clauses. A degree is one of Degree, or None."""

    title: str
    summary: str = ""
    min_years: int = 0
    experience_note: str = ""
    degree: int | None = None
    education_note: str = ""


@transaction.atomic
def keep(owner: User, description: Description, asked: Sequence[Asked]) -> Role:
    """A new role of the owner's own; the one there is, if it says and asks the very same.

    Raises AsksNothing, or TooManyRoles at 30.
    """
    User.objects.select_for_update().get(pk=owner.pk)  # two presses, one role
    for role in owner.own_roles.filter(title=description.title):
        if _is_said_by(role, description) and _sets(asked_by(role)) == _sets(asked):
            return role
    if owner.own_roles.count() >= MOST_ROLES:
        raise TooManyRoles
    role = Role(
        owner=owner,
        slug=OWN_SLUG + secrets.token_hex(8),
        source=Role.Source.ADVERT,
        position=0,
        family="own",
    )
    _describe(role, description)
    _ask(role, asked)
    return role


@transaction.atomic
def change(role: Role, description: Description, asked: Sequence[Asked]) -> Role:
    """Describe a role anew, with other clauses in place of those it had. Raises AsksNothing.

    The caller holds the row, so that two changes come one after the other.
    """
    _describe(role, description)
    _ask(role, asked)
    return role


def delete(role: Role) -> None:
    """Remove an own role with its clauses. Who aimed for it, its owner alone, aims for none."""
    role.delete()


def asked_by(role: Role) -> list[Asked]:
    """What a role asks for, as it was given to `keep`; choices are counted from 1."""
    asked: list[Asked] = []
    choices = 0
    for clause in role.requirements.prefetch_related("alternatives__skill"):
        alternatives = clause.alternatives.all()
        choices += len(alternatives) > 1
        asked.extend(
            Asked(
                entry.skill,
                entry.level,
                clause.is_required,
                clause.quote,
                choices if len(alternatives) > 1 else 0,
            )
            for entry in alternatives
        )
    return asked


def _is_said_by(role: Role, description: Description) -> bool:
    return all(getattr(role, name) == getattr(description, name) for name in description.__slots__)


def _sets(asked: Iterable[Asked]) -> list[tuple[bool, frozenset[tuple[int, int]]]]:
    """What is asked, clause by clause, required first; to be compared."""
    clauses = [
        (clause[0].is_required, frozenset((entry.skill.pk, entry.level) for entry in clause))
        for clause in _clauses(asked)
    ]
    return sorted(clauses, key=lambda clause: not clause[0])


def _describe(role: Role, description: Description) -> None:
    for name in description.__slots__:
        setattr(role, name, getattr(description, name))
    role.save()


def _ask(role: Role, asked: Sequence[Asked]) -> None:
    if not asked:
        raise AsksNothing
    role.requirements.all().delete()
    positions = {True: 0, False: 0}
    for clause in _clauses(asked):
        is_required = clause[0].is_required
        positions[is_required] += 1
        requirement = Requirement.objects.create(
            role=role,
            is_required=is_required,
            position=positions[is_required],
            quote=clause[0].quote,
        )
        RequirementSkill.objects.bulk_create(
            RequirementSkill(requirement=requirement, skill=entry.skill, level=entry.level)
            for entry in clause
        )


def _clauses(asked: Iterable[Asked]) -> list[list[Asked]]:
    """Those of one choice together, all others by themselves, in the order of the first of each."""
    clauses: dict[tuple[int, bool, int], list[Asked]] = {}
    for index, entry in enumerate(asked):
        key = (entry.choice, entry.is_required, 0 if entry.choice else index + 1)
        clauses.setdefault(key, []).append(entry)
    return list(clauses.values())
