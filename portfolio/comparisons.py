"""Two roles side by side, skill by skill."""

from dataclasses import dataclass

from curriculum.models import Skill, SkillLevel
from portfolio.readiness import Alternative, Readiness


@dataclass(frozen=True, slots=True)
class Ask:
    """How one role asks for a skill."""

    level: SkillLevel
    is_required: bool
    has_alternatives: bool  # another skill would do as well


@dataclass(frozen=True, slots=True)
class Row:
    """A skill that at least one of two roles asks for."""

    skill: Skill
    first: Ask | None
    second: Ask | None
    yours: Alternative  # against the higher of the two levels


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two roles for one learner: what only the one asks, what only the other, and what both do."""

    first: Readiness
    second: Readiness
    only_first: tuple[Row, ...]
    only_second: tuple[Row, ...]
    both: tuple[Row, ...]


def compare(first: Readiness, second: Readiness) -> Comparison:
    """Put two roles side by side; skills in the order of their categories."""
    ours, theirs = _asks(first), _asks(second)
    yours = {
        alternative.skill: alternative
        for readiness in (first, second)
        for clause in readiness.clauses
        for alternative in clause.alternatives
    }
    rows = [
        _row(skill, ours.get(skill), theirs.get(skill), alternative)
        for skill, alternative in sorted(yours.items(), key=lambda pair: _place(pair[0]))
    ]
    return Comparison(
        first=first,
        second=second,
        only_first=tuple(row for row in rows if row.second is None),
        only_second=tuple(row for row in rows if row.first is None),
        both=tuple(row for row in rows if row.first and row.second),
    )


def _row(skill: Skill, first: Ask | None, second: Ask | None, yours: Alternative) -> Row:
    level = max(ask.level for ask in (first, second) if ask)
    return Row(skill, first, second, Alternative(skill, level, yours.evidence))


def _asks(readiness: Readiness) -> dict[Skill, Ask]:
    """Each skill as the role asks it most: required before preferred, then at the higher level."""
    asks: dict[Skill, Ask] = {}
    for clause in readiness.clauses:
        for alternative in clause.alternatives:
            ask = Ask(alternative.level, clause.is_required, len(clause.alternatives) > 1)
            known = asks.get(alternative.skill)
            if known is None or (ask.is_required, ask.level) > (known.is_required, known.level):
                asks[alternative.skill] = ask
    return asks


def _place(skill: Skill) -> tuple[int, int, int]:
    return skill.category.position, skill.position, skill.pk
