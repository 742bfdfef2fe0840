"""Lanes, boxes and lines laid out: all that is the same whoever looks at the roadmap."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from curriculum.atlas.drawing import Box, Frame, Point, Shape, path, points_of
from curriculum.atlas.letters import wrap
from curriculum.atlas.links import Link, Module, in_order, reduced
from curriculum.atlas.places import Place, places_of, rows_of
from curriculum.atlas.routes import plan

# Three sheets at their natural size: a phone; a laptop; a large screen, or A4 on its side.
NARROW = Shape(
    "narrow", 358, columns=2, label=0, channel=20, gutter=16, least_box=130, most_box=240
)
WIDE = Shape("wide", 1216, columns=5, label=176, channel=22, gutter=22, least_box=130, most_box=196)
BROAD = Shape(
    "broad", 1536, columns=7, label=176, channel=20, gutter=22, least_box=130, most_box=196
)
SHAPES = (NARROW, WIDE, BROAD)

TITLE, TITLE_STEP = 13.0, 16  # size of letters, and from line to line
SMALL, SMALL_STEP = 11.5, 15
LANE, LANE_STEP = 13.0, 16
HEAD, FOOT = 22, 6  # of a box: above its title, for number and state, and below all words
EDGE = 10  # from the side of a box to its words
LANE_EDGE = 32  # from the left to the name of a lane, past its number
LANE_HEAD = 16  # from the top of a lane to the base line of its name
LANE_GAP = 12  # below a lane, where the name of the next stands below it


@dataclass(frozen=True, slots=True)
class Line:
    """A line of words, and where it starts."""

    x: int
    y: int
    text: str


@dataclass(frozen=True, slots=True)
class Lane:
    """A lane, its name, and where a line about it has its room."""

    box: Box
    title: tuple[Line, ...]
    below: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Node:
    """The box of a module; `after` names those that it builds on and no line leads from."""

    key: str
    number: str
    lane: int
    box: Box
    title: tuple[Line, ...]
    after: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Edge:
    """The line to a module from one that it builds on; one that leads past a lane is not drawn."""

    before: str
    after: str
    points: tuple[Point, ...]
    path: str  # through the points, for SVG
    is_drawn: bool


@dataclass(frozen=True, slots=True)
class Layout:
    """A picture in pixels of its natural size; lanes, and the nodes in each, in order."""

    shape: Shape
    width: int
    height: int
    lanes: tuple[Lane, ...]
    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]


@lru_cache(maxsize=4 * len(SHAPES))
def lay_out(
    lanes: tuple[str, ...], modules: tuple[Module, ...], shape: Shape, after: str = "after"
) -> Layout:
    """The picture of a roadmap. Lanes are given by name; each of them holds a module.

    `after` is the word before the numbers of modules that are named. What was laid out is kept, by
    the value of all of it: another version of a roadmap is another picture.
    """
    ordered = in_order(modules)
    links = reduced(ordered)
    reach = 1 if shape.label else 0
    drawn = [
        link for link in links if ordered[link.after].lane - ordered[link.before].lane <= reach
    ]
    sizes = Counter(module.lane for module in ordered)
    columns = min(shape.columns, max(sizes.values()))
    rows = rows_of(ordered, len(lanes), columns)
    places = places_of(ordered, links, drawn, rows, columns)

    frame = Frame(shape, plan(drawn, places, columns), columns)
    room = frame.box - 2 * EDGE
    titles = [wrap(module.title, TITLE, room) for module in ordered]
    named = [wrap(words, SMALL, room) for words in _named(ordered, links, drawn, after)]
    names = [wrap(name, LANE, _room_for_name(shape), bold=True) for name in lanes]
    heights = [0] * rows[-1].stop
    for place, title, others in zip(places, titles, named, strict=True):
        height = HEAD + TITLE_STEP * len(title) + SMALL_STEP * len(others) + FOOT
        heights[place.row] = max(heights[place.row], height)
    tops = _stack(frame, rows, heights, names)

    return Layout(
        shape=shape,
        width=frame.width,
        height=frame.height,
        lanes=tuple(_lanes(frame, rows, tops, names)),
        nodes=tuple(map(_node, ordered, map(frame.box_at, places), titles, named)),
        edges=tuple(_edges(ordered, links, drawn, places, columns, frame)),
    )


def _room_for_name(shape: Shape) -> int:
    return (shape.label or shape.width) - LANE_EDGE - 4


def _named(
    modules: Sequence[Module], links: Sequence[Link], drawn: Sequence[Link], after: str
) -> Iterator[str]:
    """For each module the words that name what it builds on and no line shows."""
    places = {module.key: place for place, module in enumerate(modules)}
    named: list[set[int]] = [set() for _ in modules]
    for link in {*links} - {*drawn}:
        named[link.after].add(link.before)
    for place, module in enumerate(modules):
        named[place] |= {places[key] for key in module.prerequisites if places.get(key, -1) > place}
    for others in named:
        numbers = sorted(modules[other].number for other in others)
        yield f"{after} {', '.join(map(_two_digits, numbers))}" if numbers else ""


def _two_digits(number: int) -> str:
    return f"{number:02d}"


def _stack(
    frame: Frame, rows: Sequence[range], heights: Sequence[int], names: Sequence[Sequence[str]]
) -> list[int]:
    """Rows and channels one below the other; the tops of the lanes, and the bottom of the last.

    A name above its lane has room of its own; one beside it makes the last row higher if need be.
    """
    tops: list[int] = []
    for lane, name in zip(rows, names, strict=True):
        room = LANE_HEAD + LANE_STEP * len(name) + SMALL_STEP
        if frame.shape.label:
            above = frame.height
            frame.add_channel()
            tops.append((above + frame.height) // 2 if tops else 0)
        else:
            frame.height += LANE_GAP if tops else 0
            tops.append(frame.height)
            frame.height += room - LANE_GAP
            frame.add_channel()
        start = frame.height
        for row in lane:
            if row > lane.start:
                frame.add_channel()
            is_last = row == lane.stop - 1 and frame.shape.label
            frame.add_row(max(heights[row], start + room - frame.height if is_last else 0))
    frame.add_channel()
    return [*tops, frame.height]


def _lanes(
    frame: Frame, rows: Sequence[range], tops: Sequence[int], names: Sequence[Sequence[str]]
) -> Iterator[Lane]:
    for lane, name, top, bottom in zip(rows, names, tops, tops[1:], strict=False):
        y = LANE_HEAD + (frame.rows[lane.start][0] if frame.shape.label else top + LANE_GAP // 2)
        title = tuple(
            Line(LANE_EDGE, y + LANE_STEP * count, text) for count, text in enumerate(name)
        )
        box = Box(0, top, frame.width, bottom - top)
        yield Lane(box, title, (LANE_EDGE, y + LANE_STEP * len(name) - 1))


def _node(module: Module, box: Box, title: Sequence[str], numbers: Sequence[str]) -> Node:
    x, y = box.x + EDGE, box.y + HEAD + 12
    below = y + TITLE_STEP * len(title) - 1
    return Node(
        key=module.key,
        number=_two_digits(module.number),
        lane=module.lane,
        box=box,
        title=tuple(Line(x, y + TITLE_STEP * count, text) for count, text in enumerate(title)),
        after=tuple(
            Line(x, below + SMALL_STEP * count, text) for count, text in enumerate(numbers)
        ),
    )


def _edges(
    modules: Sequence[Module],
    links: Sequence[Link],
    drawn: Sequence[Link],
    places: Sequence[Place],
    columns: int,
    frame: Frame,
) -> Iterator[Edge]:
    """The lines that are drawn, then those that are shown when somebody points at a module.

    The latter are planned for each module by itself: those of others are never seen with them.
    """
    others = sorted({*links} - {*drawn}) if frame.shape.label else []
    plans = [
        plan([link for link in others if link.after == after], places, columns)
        for after in sorted({link.after for link in others})
    ]
    for drawing in (frame.plan, *plans):
        for route in drawing.routes:
            points = points_of(route, drawing, frame, places)
            yield Edge(
                before=modules[route.link.before].key,
                after=modules[route.link.after].key,
                points=points,
                path=path(points),
                is_drawn=drawing is frame.plan,
            )
