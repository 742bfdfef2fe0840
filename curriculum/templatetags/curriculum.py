"""What the curriculum's pictures look like in a template."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from django import template
from django.utils.dates import WEEKDAYS
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from curriculum import chart as charts
from curriculum import heat as heats
from curriculum import mock_interviews, words
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


@register.filter
def wait(length: timedelta) -> str:
    """How long a card waits, in its largest unit that is not false: 10 min, 9 days, 3 weeks, 4 months."""
    days = length.days
    if not days:
        return _("%(minutes)d min") % {"minutes": length.seconds // 60}
    if days < 14:
        return ngettext("%(days)d day", "%(days)d days", days) % {"days": days}
    if days < 60:
        return _("%(weeks)d weeks") % {"weeks": round(days / 7)}
    return _("%(months)d months") % {"months": round(days / 30.4)}


@register.simple_tag
def studied_enough(alternatives: Iterable[RequirementSkill], studied: Mapping[Skill, int]) -> bool:
    """Whether one of a clause's skills has been studied to the level it asks."""
    return any(studied.get(entry.skill, 0) >= entry.level for entry in alternatives)


@register.filter
def marked(text: str, meant: words.Meant) -> SafeString:
    """A text, escaped, with the words that somebody looked for as <mark>."""
    return format_html_join(
        "",
        "{}",
        (
            (format_html("<mark>{}</mark>", piece) if is_meant else piece,)
            for piece, is_meant in words.pieces(str(text), meant)
        ),
    )


@register.simple_tag
def excerpt(text: str, meant: words.Meant) -> str:
    """The words of a long text around the first that somebody looked for."""
    return words.excerpt(text, meant)


@register.simple_tag
def both_clocks(moment: datetime, reader: User, other: User | None) -> tuple[str, str]:
    """A moment by the reader's clock, and by the other's where that shows another time, else ""."""
    own = mock_interviews.said(moment, reader)
    if other is None:
        return own, ""
    shows_other = moment.astimezone(other.profile.zone).replace(tzinfo=None) != moment.astimezone(
        reader.profile.zone
    ).replace(tzinfo=None)
    return own, mock_interviews.said(moment, other) if shows_other else ""
