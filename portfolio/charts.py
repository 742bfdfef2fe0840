"""Readiness as drawings: bars of the clauses and a radar of the areas; and measurements before and after.

A template writes them down.

A drawing never stands alone: `sentence` says it to those who do not see it, `rows` are its table.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from curriculum.models import SkillCategory, SkillLevel
from portfolio.measurements import Told
from portfolio.readiness import Clause, Readiness, State

WIDTH = 320  # of both drawings, in units of their view boxes: the width of the aside
BAR_LEFT, BAR_RIGHT, BAR_HEIGHT, BAR_STEP = 96, 286, 12, 22
TITLE_HEIGHT = 24
RADAR_HEIGHT = 250
CENTRE = (160, 124)
RADIUS = 76
LABEL_DISTANCE = 1.15  # of the radius
LINE = 12  # units from one line of a label to the next
LABEL_LETTERS = 14
FEWEST_AXES = 3
WIDE, NARROW = 720, 358  # of the drawing of measurements, beside text and on a phone
DOT = 6  # radius of a dot
CLOSE = 54  # two numbers nearer than this do not fit beside each other
NAME_LETTERS = 34


@dataclass(frozen=True, slots=True)
class Bar:
    """How many clauses stand like this."""

    state: State
    count: int
    y: int
    text_y: int
    width: str


@dataclass(frozen=True, slots=True)
class BarGroup:
    title: str
    text_y: int
    bars: tuple[Bar, ...]


@dataclass(frozen=True, slots=True)
class Bars:
    """The four counts of a role, required and preferred apart."""

    groups: tuple[BarGroup, ...]
    height: int
    sentence: str

    @property
    def view_box(self) -> str:
        return f"0 0 {WIDTH} {self.height}"


@dataclass(frozen=True, slots=True)
class Area:
    """A category of skills: what a role asks in it and what the learner shows, 0 to 4 on average.

    What is shown beyond the level asked is left out, so that it hides no gap.
    """

    category: SkillCategory
    clauses: int
    asked: float
    shown: float


@dataclass(frozen=True, slots=True)
class Label:
    x: str
    lines: tuple[tuple[str, str], ...]  # y and text
    anchor: str  # the class that the style sheet knows: end, mid or nothing


@dataclass(frozen=True, slots=True)
class Radar:
    """The areas of a role as a polygon of what it asks and one of what is shown."""

    rings: tuple[str, ...]
    spokes: tuple[tuple[str, str], ...]
    need: str
    have: str
    dots: tuple[tuple[str, str], ...]
    labels: tuple[Label, ...]
    areas: tuple[Area, ...]
    sentence: str

    @property
    def view_box(self) -> str:
        return f"0 0 {WIDTH} {RADAR_HEIGHT}"

    @property
    def centre(self) -> tuple[int, int]:
        return CENTRE


@dataclass(frozen=True, slots=True)
class Leap:
    """One measurement, from its baseline to its result, on a scale of its own that begins at nought."""

    told: Told
    name: str
    below: str  # the unit and the data, as far as they fit
    name_y: int
    below_y: int
    change_y: int
    line_y: int
    left: str
    right: str
    zero: str  # x of nought
    before: str
    after: str
    before_y: int  # of the number over its dot, or under it where the two are close
    after_y: int
    span: tuple[str, str]


@dataclass(frozen=True, slots=True)
class Leaps:
    """Measurements with a baseline, drawn for one width."""

    leaps: tuple[Leap, ...]
    width: int
    height: int

    @property
    def view_box(self) -> str:
        return f"0 0 {self.width} {self.height}"


@dataclass(frozen=True, slots=True)
class BeforeAfter:
    wide: Leaps
    narrow: Leaps
    sentence: str


def before_after(told: Iterable[Told]) -> BeforeAfter | None:
    """Measurements that have a baseline, each beside it; None where there is none."""
    compared = [one for one in told if one.change]
    if not compared:
        return None
    wide = tuple(
        _leap(one, left=250, right=610, line_y=29 + 52 * n, name_y=26 + 52 * n, below_y=43 + 52 * n)
        for n, one in enumerate(compared)
    )
    narrow = tuple(
        _leap(one, left=6, right=352, line_y=60 + 92 * n, name_y=14 + 92 * n, below_y=30 + 92 * n)
        for n, one in enumerate(compared)
    )
    return BeforeAfter(
        wide=Leaps(wide, WIDE, 52 * len(compared) + 10),
        narrow=Leaps(narrow, NARROW, 92 * len(compared)),
        sentence=" ".join(_said(one) for one in compared),
    )


def _leap(told: Told, *, left: int, right: int, line_y: int, name_y: int, below_y: int) -> Leap:
    measurement = told.measurement
    before, after = measurement.baseline_number or 0, measurement.result_number
    least, most = min(before, after, 0), max(before, after, 0)
    room = float(most - least) or 1.0
    scale = (right - left) / (room * 1.15)
    zero = left + float(-least) * scale + (0.1 * (right - left) if least else 0)
    at, to = zero + float(before) * scale, zero + float(after) * scale
    is_close = abs(at - to) < CLOSE
    way = 1 if to > at else -1
    ends = (at, to) if abs(at - to) < DOT else (at + way * DOT, to)
    return Leap(
        told=told,
        name=_cut(measurement.metric),
        below=_cut(", ".join(filter(None, (measurement.unit, measurement.data_set)))),
        name_y=name_y,
        below_y=below_y,
        change_y=name_y if left < WIDE // 4 else line_y + 4,
        line_y=line_y,
        left=str(left),
        right=str(right),
        zero=f"{zero:.1f}",
        before=f"{at:.1f}",
        after=f"{to:.1f}",
        before_y=line_y + 20 if is_close else line_y - 12,
        after_y=line_y - 12,
        span=(f"{min(ends):.1f}", f"{max(ends):.1f}"),
    )


def _cut(text: str) -> str:
    return text if len(text) <= NAME_LETTERS else f"{text[: NAME_LETTERS - 1].rstrip(' ,')}…"


def _said(told: Told) -> str:
    m = told.measurement
    words = _("%(metric)s: %(before)s before, %(after)s after, %(change)s.")
    change = told.change.words if told.change else ""
    return words % {"metric": m.metric, "before": m.baseline, "after": m.result, "change": change}


def bars(readiness: Readiness) -> Bars:
    """The counts of a role's clauses; without preferred ones there is no group of them."""
    counted = [(_("Required"), readiness.required_counts)]
    if readiness.preferred:
        counted.append((_("Preferred"), readiness.preferred_counts))
    longest = max((count for _title, counts in counted for count in counts.values()), default=0)
    groups: list[BarGroup] = []
    y = 0
    for title, counts in counted:
        groups.append(BarGroup(title, y + 14, _bars(counts, y + TITLE_HEIGHT, longest)))
        y += TITLE_HEIGHT + BAR_STEP * len(counts) + 8
    sentence = " ".join(f"{title}: {_listed(counts)}." for title, counts in counted)
    return Bars(tuple(groups), y, sentence)


def radar(readiness: Readiness) -> Radar | None:
    """The areas of a role; None for fewer than three, which make no polygon."""
    areas = _areas(readiness.clauses)
    if len(areas) < FEWEST_AXES:
        return None
    count = len(areas)
    return Radar(
        rings=tuple(_polygon([level] * count) for level in SkillLevel),
        spokes=tuple(_point(index, count, SkillLevel.EXPERT) for index in range(count)),
        need=_polygon([area.asked for area in areas]),
        have=_polygon([area.shown for area in areas]),
        dots=tuple(_point(index, count, area.shown) for index, area in enumerate(areas)),
        labels=tuple(_label(index, count, area.category.title) for index, area in enumerate(areas)),
        areas=areas,
        sentence=_sentence(areas),
    )


def _bars(counts: Mapping[State, int], top: int, longest: int) -> tuple[Bar, ...]:
    room = BAR_RIGHT - BAR_LEFT
    return tuple(
        Bar(
            state=state,
            count=count,
            y=top + index * BAR_STEP,
            text_y=top + index * BAR_STEP + BAR_HEIGHT - 2,
            width=f"{room * count / longest:.1f}" if longest else "0",
        )
        for index, (state, count) in enumerate(counts.items())
    )


def _listed(counts: Mapping[State, int]) -> str:
    return ", ".join(f"{count} {state.word}" for state, count in counts.items())


def _areas(clauses: Iterable[Clause]) -> tuple[Area, ...]:
    """The areas of the alternatives that decide the clauses, in the order of the categories."""
    within: dict[SkillCategory, list[Clause]] = {}
    for clause in clauses:
        within.setdefault(clause.deciding.skill.category, []).append(clause)
    return tuple(
        _area(category, within[category])
        for category in sorted(within, key=lambda category: (category.position, category.pk))
    )


def _area(category: SkillCategory, clauses: Sequence[Clause]) -> Area:
    deciding = [clause.deciding for clause in clauses]
    asked = sum(alternative.level for alternative in deciding)
    shown = sum(min(alternative.shown, alternative.level) for alternative in deciding)
    return Area(category, len(clauses), asked / len(clauses), shown / len(clauses))


def _point(index: int, count: int, value: float) -> tuple[str, str]:
    """Where a value from 0 to 4 stands on an axis; the first axis points up, the others follow."""
    angle = 2 * math.pi * index / count
    distance = RADIUS * value / SkillLevel.EXPERT
    x, y = CENTRE[0] + math.sin(angle) * distance, CENTRE[1] - math.cos(angle) * distance
    return f"{x:.1f}", f"{y:.1f}"


def _polygon(values: Sequence[float]) -> str:
    points = (_point(index, len(values), value) for index, value in enumerate(values))
    return " ".join(f"{x},{y}" for x, y in points)


def _label(index: int, count: int, title: str) -> Label:
    x, y = map(float, _point(index, count, SkillLevel.EXPERT * LABEL_DISTANCE))
    lines = _wrapped(title)
    anchor = "mid" if abs(x - CENTRE[0]) < 12 else "end" if x < CENTRE[0] else ""
    height = LINE * (len(lines) - 1)
    side = (y - CENTRE[1]) / RADIUS  # about -1 above, 0 beside and 1 below
    top = y + 4 - height * (0.5 - max(-0.5, min(side, 0.5))) + (LINE / 3 if side > 1 else 0)
    placed = ((f"{top + LINE * number:.1f}", line) for number, line in enumerate(lines))
    return Label(f"{x:.1f}", tuple(placed), anchor)


def _wrapped(title: str) -> list[str]:
    """A title in lines of at most 14 letters; a longer word is cut."""
    lines: list[str] = []
    for word in title.split():
        if lines and len(lines[-1]) + 1 + len(word) <= LABEL_LETTERS:
            lines[-1] += f" {word}"
        else:
            lines.append(word if len(word) <= LABEL_LETTERS else f"{word[: LABEL_LETTERS - 1]}…")
    return lines


def _sentence(areas: Sequence[Area]) -> str:
    met = sum(area.shown >= area.asked for area in areas)
    whole = ngettext("%(n)d area of skills.", "%(n)d areas of skills.", len(areas)) % {
        "n": len(areas)
    }
    behind = min(areas, key=lambda area: area.shown - area.asked)
    if met == len(areas):
        return f"{whole} " + _("You show what the role asks in all of them.")
    return f"{whole} " + _(
        "You show what the role asks in %(met)d of them; the widest gap is in %(area)s: %(shown).1f of "
        "%(asked).1f."
    ) % {"met": met, "area": behind.category.title, "shown": behind.shown, "asked": behind.asked}
