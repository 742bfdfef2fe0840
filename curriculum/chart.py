"""The forecast as a chart: what was kept, and where it leads. Plain Python; a template writes it down."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils import dateformat
from django.utils.translation import gettext as _

from curriculum.forecast import Forecast
from curriculum.progress import Picture
from curriculum.study import WEEK, Study

WIDTH, HEIGHT = 320, 150
LEFT, RIGHT, TOP, BOTTOM = 34, 310, 14, 126
LONGEST_PAST = 26  # weeks
FUTURE = range(12, 27)  # weeks, at least and at most
ROOM = 36  # of the name of a month beside the word "now"

Line = list[tuple[float, float]]  # weeks from now, and per cent


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the table behind the chart: a day, and per cent at the pace kept and planned."""

    day: date
    kept: str
    planned: str = ""


@dataclass(frozen=True, slots=True)
class Chart:
    """Points and paths in units of the view box, what they show in a sentence, and a table."""

    kept: str
    planned: str
    cone: str  # "" without a pace
    now: tuple[str, str]
    grid: tuple[tuple[int, str, str], ...]  # per cent, y of the line, y of its words
    labels: tuple[tuple[str, str], ...]  # x and words
    value: tuple[str, str] | None  # words at the end of the cone, and their y
    sentence: str
    rows: tuple[Row, ...]

    view_box = f"0 0 {WIDTH} {HEIGHT}"


def draw(forecast: Forecast, picture: Picture, study: Study) -> Chart:
    """The share of the hours on a learner's route that are done, week by week, and what may follow.

    What was skipped is not on the route; `study` is what was completed on this roadmap.
    """
    progress = picture.progress
    whole = progress.minutes - progress.minutes_skipped
    done = _done_by_week(study, whole)
    here = done[-1][1]
    future = min(max(len(done), FUTURE.start), FUTURE.stop - 1)
    scale = _Scale(len(done) - 1, future)

    def line(minutes_a_week: float) -> Line:
        return _ahead(here, 100 * minutes_a_week / whole if whole else 0, future)

    planned = line(forecast.weekly_minutes)
    cone = (line(forecast.pace.fast), line(forecast.pace.slow)) if forecast.pace else None
    end = study.today + future * WEEK
    ends = (_share(cone[1][-1][1]), _share(cone[0][-1][1])) if cone else None
    span = "–".join(dict.fromkeys(ends)) if ends else ""
    return Chart(
        kept=scale.points(done),
        planned=f"M{scale.points(planned, 'L')}",
        cone=f"M{scale.points(cone[0] + cone[1][:0:-1], 'L')}z" if cone else "",
        now=(scale.x(0), scale.y(here)),
        grid=tuple((n, scale.y(n), f"{float(scale.y(n)) + 4:.1f}") for n in (0, 50, 100)),
        labels=_labels(scale, study.today, end),
        value=(span, f"{max(9.0, float(scale.y(cone[0][-1][1])) - 6):.1f}") if cone else None,
        sentence=_sentence(here, planned[-1][1], span, end),
        rows=(
            *_past(done, study.today),
            Row(end, span, _share(planned[-1][1])),
        ),
    )


class _Scale:
    """From weeks and per cent to the view box."""

    def __init__(self, past: int, future: int):
        self.past, self.step = past, (RIGHT - LEFT) / (past + future)

    def x(self, week: float) -> str:
        return f"{LEFT + (week + self.past) * self.step:.1f}"

    def y(self, share: float) -> str:
        return f"{BOTTOM - share * (BOTTOM - TOP) / 100:.1f}"

    def points(self, line: Line, between: str = " ") -> str:
        return between.join(
            f"{self.x(week)}{',' if between == ' ' else ' '}{self.y(share)}" for week, share in line
        )


def _done_by_week(study: Study, whole: int) -> Line:
    """Per cent done at the end of each week that is drawn; the last one is now."""
    entries = [entry for entry in study.entries if not entry.unit.has_left]
    first = min((entry.day for entry in entries), default=study.today)
    past = min(-(-(study.today - first).days // 7), LONGEST_PAST)
    ends = [study.today - n * WEEK for n in range(past, -1, -1)]
    return [
        (
            (end - study.today).days / 7,
            100 * sum(e.unit.minutes for e in entries if e.day <= end) / whole if whole else 0,
        )
        for end in ends
    ]


def _ahead(here: float, a_week: float, weeks: int) -> Line:
    """A straight line from now, which goes along the top once everything is done."""
    if here + a_week * weeks <= 100:
        return [(0, here), (weeks, here + a_week * weeks)]
    return [(0, here), ((100 - here) / a_week, 100), (weeks, 100)]


def _labels(scale: _Scale, today: date, end: date) -> tuple[tuple[str, str], ...]:
    begin = (scale.x(-scale.past), dateformat.format(today - scale.past * WEEK, "M"))
    labels = ((scale.x(0), _("now")), (f"{RIGHT:.1f}", dateformat.format(end, "M")))
    return (begin, *labels) if scale.past * scale.step > ROOM else labels


def _past(done: Line, today: date) -> Sequence[Row]:
    """Every fourth week, and now."""
    return [
        Row(today + timedelta(days=round(week * 7)), _share(share))
        for week, share in done
        if round(week) % 4 == 0
    ]


def _share(share: float) -> str:
    """Whole per cent, rounded down: 100 says that everything is done."""
    return str(int(share))


def _sentence(here: float, planned: float, span: str, end: date) -> str:
    words = {
        "here": _share(here),
        "planned": _share(planned),
        "span": span.replace("–", _(" to ")),
        "month": dateformat.format(end, "F Y"),
    }
    if not span:
        return (
            _(
                "%(here)s per cent of the study hours are done, without what you skipped. "
                "At the pace planned it is %(planned)s by %(month)s."
            )
            % words
        )
    return (
        _(
            "%(here)s per cent of the study hours are done, without what you skipped. At the pace kept it is "
            "%(span)s by %(month)s, at the pace planned %(planned)s."
        )
        % words
    )
