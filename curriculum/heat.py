"""The study calendar: weeks as columns, days as squares. Plain Python; a template writes it down."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils import dateformat
from django.utils.dates import WEEKDAYS
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from curriculum.study import WEEK, Day, Study
from curriculum.study_sessions import monday_of

WEEKS, WEEKS_NARROW = 38, 21
LEFT, TOP = 34, 22  # room for the names of days and months
#: From how many minutes on a day is drawn stronger: some, three quarters of an hour, an hour and a half…
SHADES = [1, 45, 90, 150]
#: Each shade with the minutes from which on it is drawn; the weakest with those below which it is.
KEY = (("h1", SHADES[1]), *((f"h{n}", least) for n, least in enumerate(SHADES[1:], start=2)))
MONTH_WIDTH = 26  # of three letters of 11 px, with a gap
LATELY = 8  # weeks that make the average, at most
MOST = 0.6  # of the study
FEW_DAYS = 16  # on which nobody has a habit yet


@dataclass(frozen=True, slots=True)
class Square:
    """A day on which something was recorded or completed."""

    day: str  # as in an address: 2026-11-12
    x: str
    y: str
    shade: str  # the class that the style sheet knows: h1 to h4
    words: str


@dataclass(frozen=True, slots=True)
class Label:
    x: int
    y: int
    text: str


@dataclass(frozen=True, slots=True)
class Drawing:
    """The calendar at one width, in units of its own view box."""

    css_class: str
    width: int
    height: int
    size: str  # of a square
    squares: tuple[Square, ...]
    empty: str  # the outlines of all days without study, in one
    to_come: str  # and of those that are still to come
    now: tuple[str, str, str]  # x, y and size of the frame around today
    labels: tuple[Label, ...]


@dataclass(frozen=True, slots=True)
class Week:
    """A row of the table behind the drawing."""

    monday: date
    days: tuple[tuple[date, Day], ...]

    @property
    def minutes(self) -> int:
        return sum(day.minutes for _, day in self.days)

    @property
    def units(self) -> int:
        """How many were completed."""
        return sum(day.units for _, day in self.days)


@dataclass(frozen=True, slots=True)
class Heat:
    """Two drawings, of which the style sheet shows one, what they show in a sentence, and a table."""

    drawings: tuple[Drawing, ...]
    key: tuple[tuple[str, int], ...]
    sentence: str
    weeks: tuple[Week, ...]  # those with study, newest first


def draw(study: Study) -> Heat:
    """The study calendar of a learner up to the day of `study`."""
    days = study.days
    return Heat(
        drawings=(
            _drawing(study.today, days, "wide", weeks=WEEKS, step=20),
            _drawing(study.today, days, "narrow", weeks=WEEKS_NARROW, step=15),
        ),
        key=KEY,
        sentence=_sentence(study.today, days),
        weeks=_weeks(study.today, days),
    )


def _drawing(
    today: date,
    days: Mapping[date, Day],
    css_class: str,
    *,
    weeks: int,
    step: int,
) -> Drawing:
    first, size = monday_of(today) - (weeks - 1) * WEEK, step - 3
    squares: list[Square] = []
    empty = to_come = ""
    for number in range(weeks * 7):
        day = _day(first, number)
        x, y = LEFT + number // 7 * step, TOP + number % 7 * step
        if held := days.get(day):
            shade = f"h{max(1, sum(held.minutes >= least for least in SHADES))}"
            words = _words(day, held)
            squares.append(Square(day.isoformat(), str(x), str(y), shade, words))
        elif day > today:
            to_come += f"M{x + 0.5} {y + 0.5}h{size - 1}v{size - 1}h{1 - size}z"
        else:
            empty += f"M{x} {y}h{size}v{size}h-{size}z"
    this_week, weekday = (today - first).days // 7, today.weekday()
    names = [
        Label(0, TOP + row * step + round(step * 0.62), dateformat.format(_day(first, row), "D"))
        for row in (0, 2, 4, 6)
    ]
    return Drawing(
        css_class=css_class,
        width=LEFT + weeks * step,
        height=TOP + 7 * step,
        size=str(size),
        squares=tuple(squares),
        empty=empty,
        to_come=to_come,
        now=(f"{LEFT + this_week * step - 1.5}", f"{TOP + weekday * step - 1.5}", str(step)),
        labels=(*names, *_months(first, weeks, step)),
    )


def _months(first: date, weeks: int, step: int) -> list[Label]:
    """The name of each month over the week in which it begins; of the first where there is room."""
    sundays = [first + column * WEEK + timedelta(days=6) for column in range(weeks)]
    begins = [column for column, sunday in enumerate(sundays) if column == 0 or sunday.day <= 7]
    if begins[1] * step < MONTH_WIDTH:
        begins.pop(0)
    last = LEFT + weeks * step - MONTH_WIDTH + 4
    return [
        Label(min(LEFT + column * step, last), 14, dateformat.format(sundays[column], "M"))
        for column in begins
    ]


def _weeks(today: date, held: Mapping[date, Day]) -> tuple[Week, ...]:
    monday, rows = monday_of(today), []
    for number in range(WEEKS):
        days = [_day(monday - number * WEEK, n) for n in range(7)]
        row = Week(days[0], tuple((day, held.get(day, Day())) for day in days))
        if row.minutes or row.units:
            rows.append(row)
    return tuple(rows)


def _sentence(today: date, held: Mapping[date, Day]) -> str:
    """What the drawing shows, for those who do not see it; and what the caption says."""
    first = monday_of(today) - (WEEKS - 1) * WEEK
    shown = {day: of_day.minutes for day, of_day in held.items() if day >= first}
    if not shown:
        return _("Nothing recorded or completed in these weeks.")
    days = ngettext("Study on %(n)d day.", "Study on %(n)d days.", len(shown)) % {"n": len(shown)}
    return " ".join(filter(None, [days, _favourites(shown), _lately(today, shown)]))


def _lately(today: date, shown: Mapping[date, int]) -> str:
    """The hours a week of the last eight weeks, or of as many as there were."""
    count = min(LATELY, -(-((today - min(shown)).days + 1) // 7))
    recent = sum(done for day, done in shown.items() if day > today - count * WEEK)
    hours = round(recent / 60 / count)
    if not hours:
        return ""
    return ngettext(
        "About %(hours)d h in the last week.",
        "About %(hours)d h a week over the last %(count)d weeks.",
        count,
    ) % {"hours": hours, "count": count}


def _favourites(shown: Mapping[date, int]) -> str:
    """The days of the week that hold most of the study, when they are three at most."""
    by_weekday: dict[int, int] = defaultdict(int)
    for day, done in shown.items():
        by_weekday[day.weekday()] += done
    kept: list[int] = []
    for weekday in sorted(by_weekday, key=lambda n: -by_weekday[n]):
        kept.append(weekday)
        if sum(by_weekday[n] for n in kept) > MOST * sum(by_weekday.values()):
            break
    if len(kept) > 3 or len(shown) < FEW_DAYS:
        return ""
    names = [str(WEEKDAYS[n]) for n in sorted(kept)]
    return _("Mostly on %(days)s.") % {"days": get_text_list(names, _("and"))}


def _words(day: date, held: Day) -> str:
    """A day's name for those who do not see its shade: 12 November: 180 minutes, 2 units completed."""
    parts = []
    if held.minutes:
        parts.append(_("%(minutes)d minutes") % {"minutes": held.minutes})
    if held.units:
        units = ngettext("%(n)d unit completed", "%(n)d units completed", held.units)
        parts.append(units % {"n": held.units})
    return f"{dateformat.format(day, 'j F Y')}: {', '.join(parts)}"


def _day(first: date, number: int) -> date:
    """So many days later."""
    return first + timedelta(days=number)
