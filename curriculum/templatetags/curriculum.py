"""What the curriculum's pictures look like in a template."""

from collections.abc import Iterable, Mapping

from django import template

from curriculum import strip as strips
from curriculum.models import RequirementSkill, Skill
from curriculum.progress import Picture
from curriculum.strip import Strip

register = template.Library()


@register.simple_tag
def strip(picture: Picture) -> Strip:
    """The drawing of a roadmap in one line, to be written down by curriculum/_strip.html."""
    return strips.draw(picture)


@register.simple_tag
def studied_enough(alternatives: Iterable[RequirementSkill], studied: Mapping[Skill, int]) -> bool:
    """Whether one of a clause's skills has been studied to the level it asks."""
    return any(studied.get(entry.skill, 0) >= entry.level for entry in alternatives)
