"""From rows, columns and tracks to coordinates: where boxes stand and lines turn."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import copysign

from curriculum.atlas.places import Place
from curriculum.atlas.routes import Plan, Route

#: A point of a line: right, then down.
Point = tuple[float, float]

TRACK, GUTTER_TRACK = 8, 7  # from track to track
PORT = 16  # from port to port
OVER = 10  # above the middle of its side leaves a line that leads over its row
MARGIN = 9  # of a channel, above its first track and below its last
ROUNDING = 6


@dataclass(frozen=True, slots=True)
class Shape:
    """How a picture is cut. Lines leave their lane only where names stand beside the lanes."""

    name: str
    width: int
    columns: int
    label: int  # width of the names of lanes beside them; 0 puts them above
    channel: int  # least height
    gutter: int  # least width
    least_box: int  # width; a roadmap with many lines is drawn wider rather than unreadable
    most_box: int


@dataclass(frozen=True, slots=True)
class Box:
    x: int
    y: int
    width: int
    height: int

    @property
    def right(self) -> int:
        return self.x + self.width

    @property
    def bottom(self) -> int:
        return self.y + self.height

    @property
    def middle(self) -> float:
        return self.x + self.width / 2


class Frame:
    """The coordinates of columns and gutters, and of rows and channels as they are added."""

    def __init__(self, shape: Shape, plan: Plan, columns: int):
        self.shape = shape
        self.plan = plan
        self.gutters = [
            max(shape.gutter, 2 * MARGIN + GUTTER_TRACK * (plan.gutters.get(gutter, 0) - 1))
            for gutter in range(columns + 1)
        ]
        room = (shape.width - shape.label - sum(self.gutters)) // columns
        self.box = min(max(room, shape.least_box), shape.most_box)
        self.lefts = [shape.label]  # of gutters
        for gutter in self.gutters:
            self.lefts.append(self.lefts[-1] + gutter + self.box)
        self.width = max(shape.width, self.lefts[-1] - self.box)
        self.height = 0
        self.rows: list[tuple[int, int]] = []  # top and height
        self.channels: dict[int, tuple[int, int]] = {}

    def add_channel(self) -> None:
        """The channel below the last row, or above the first."""
        channel = len(self.rows) - 1
        tracks = self.plan.channels.get(channel, 0)
        height = max(self.shape.channel, 2 * MARGIN + TRACK * (tracks - 1))
        self.channels[channel] = (self.height, height)
        self.height += height

    def add_row(self, height: int) -> None:
        self.rows.append((self.height, height))
        self.height += height

    def box_at(self, place: Place) -> Box:
        top, height = self.rows[place.row]
        return Box(self.lefts[place.column] + self.gutters[place.column], top, self.box, height)

    def along(self, channel: int, plan: Plan, module: int) -> float:
        """How far down the lines of a module run along a channel."""
        track, count = plan.channel_tracks[channel, module], plan.channels[channel]
        is_between = plan is not self.plan and (count - self.plan.channels.get(channel, 0)) % 2 == 0
        return _track(*self.channels[channel], TRACK, track, count, is_between)

    def down(self, gutter: int, plan: Plan, module: int) -> float:
        """How far right the lines of a module run down a gutter."""
        track, count = plan.gutter_tracks[gutter, module], plan.gutters[gutter]
        is_between = plan is not self.plan and (count - self.plan.gutters.get(gutter, 0)) % 2 == 0
        left, width = self.lefts[gutter], self.gutters[gutter]
        return _track(left, width, GUTTER_TRACK, track, count, is_between)


def points_of(route: Route, plan: Plan, frame: Frame, places: Sequence[Place]) -> tuple[Point, ...]:
    """The corners of a line, from the module it starts at to the one it enters.

    The plan may be another than the frame's; then its lines run between those of the frame's.
    """
    module = route.link.before
    start, end = frame.box_at(places[module]), frame.box_at(places[route.link.after])
    half_down = start.y + start.height / 2
    if route.first is None and route.gutter is None:
        return (start.right, half_down), (end.x, half_down)
    port = _port(route, plan, frame, end)
    turns: list[float] = []  # where it turns, in turn downwards and to the side
    if route.first is not None and (route.gutter is not None or port != start.middle):
        turns.append(frame.along(route.first, plan, module))
    if route.gutter is not None and route.last is not None:
        turns += frame.down(route.gutter, plan, module), frame.along(route.last, plan, module)
    if turns:
        turns.append(port)
    if route.first is None:
        return _turned((start.right, half_down - OVER), [*turns, end.y], goes_down=False)
    return _turned((start.middle, start.bottom), [*turns, end.y], goes_down=True)


def path(points: Sequence[Point]) -> str:
    """A line through the points with rounded corners and an open arrow head, as an SVG path."""
    parts = [f"M{numbers(*points[0])}"]
    for before, corner, after in zip(points, points[1:], points[2:], strict=False):
        parts.append(
            f"L{numbers(*_near(corner, before))}Q{numbers(*corner)} {numbers(*_near(corner, after))}"
        )
    (x, _), end = points[-2:]
    head = "m-3-5l3 5 3-5" if x == end[0] else "m-5-3l5 3-5 3"
    return f"{''.join(parts)}L{numbers(*end)}{head}"


def numbers(*values: float) -> str:
    """Coordinates as SVG has them, to a tenth."""
    return " ".join(f"{value:.1f}".removesuffix(".0") for value in values)


def _turned(start: Point, turns: Sequence[float], *, goes_down: bool) -> tuple[Point, ...]:
    points = [start]
    for turn in turns:
        x, y = points[-1]
        points.append((x, turn) if goes_down else (turn, y))
        goes_down = not goes_down
    return tuple(points)


def _track(
    start: float, size: float, step: float, track: int, count: int, is_between: bool
) -> float:
    """A track's place in a channel or gutter: all of them around its middle, or between others."""
    place = start + size / 2 + (track - (count - 1) / 2) * step + (step / 2 if is_between else 0)
    return min(max(place, start + 3), start + size - 3)


def _port(route: Route, plan: Plan, frame: Frame, end: Box) -> float:
    """How far right a line enters its module."""
    port = plan.ports[route.link]
    if not port:
        return end.middle
    aside = 0.0 if plan is frame.plan else 0.5
    step = min(PORT, (end.width / 2 - 8) / (plan.most_ports(route.link.after) + aside))
    return end.middle + copysign(abs(port) + aside, port) * step


def _near(corner: Point, other: Point) -> Point:
    """The point on the way from a corner to another where the corner's rounding ends."""
    dx, dy = other[0] - corner[0], other[1] - corner[1]
    length = abs(dx) + abs(dy)  # lines go along or down, never aslant
    share = min(ROUNDING, length / 2) / length if length else 0.0
    return corner[0] + dx * share, corner[1] + dy * share
