"""What the curriculum's pictures look like in a template."""

from collections.abc import Iterable, Mapping

from django import template
from django.utils.dates import WEEKDAYS
from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from curriculum import chart as charts
from curriculum import heat as heats
from curriculum import strip as strips
from curriculum.chart import Chart
from curriculum.forecast import Forecast
from curriculum.heat import Heat
from curriculum.models import RequirementSkill, Skill
from curriculum.progress import Picture
from curriculum.strip import Strip
from curriculum.study import Study

register = template.Library()


@register.simple_tag
def strip(picture: Picture) -> Strip:
    """The drawing of a roadmap in one line, to be written down by curriculum/_strip.html."""
    return strips.draw(picture)


@register.simple_tag
def chart(forecast: Forecast, picture: Picture, study: Study) -> Chart:
    """The drawing of a forecast, to be written down by curriculum/_forecast.html."""
    return charts.draw(forecast, picture, study)


@register.simple_tag
def heat(study: Study) -> Heat:
    """The drawing of the days of study, to be written down by curriculum/_heat.html."""
    return heats.draw(study)


@register.filter
def weekdays(numbers: Iterable[int]) -> str:
    """The names of days, 1 for Monday to 7: Monday, Wednesday and Saturday."""
    return get_text_list([str(WEEKDAYS[number - 1]) for number in numbers], _("and"))


@register.simple_tag
def studied_enough(alternatives: Iterable[RequirementSkill], studied: Mapping[Skill, int]) -> bool:
    """Whether one of a clause's skills has been studied to the level it asks."""
    return any(studied.get(entry.skill, 0) >= entry.level for entry in alternatives)
