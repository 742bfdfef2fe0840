"""Which way each line goes: never through a module, never on top of another module's line.

A line leaves its module at the bottom, in the middle. Between two rows it runs along a channel,
between two columns down a gutter, in each on a track; lines that start at one module share a track
and read as one trunk. It enters at the top, at a port of its own. Neighbours in a row are joined
from side to side.

Positions are those of the grid: column c stands at 2c + 1 and the gutter before it at 2c; row r
stands at 2r + 1 and the channel above it at 2r. Channels go by the number of the row above them.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from curriculum.atlas.links import Link
from curriculum.atlas.places import Place

APART = 0.5  # between two runs on one track, in units of the grid
PORT = 0.01  # from port to port: not much, but it tells them apart
LOAD = 1.5  # how far a line goes out of its way for a gutter with one module's lines less

#: A channel or gutter, and the module whose lines run there.
Key = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Route:
    """The way of one line: along a channel, down a gutter, along a last channel.

    Without any of them it goes straight to the right. Without a first channel it leaves its module
    to the right and goes up the gutter; without a gutter its first channel is the only one.
    """

    link: Link
    first: int | None = None
    gutter: int | None = None
    last: int | None = None


@dataclass(slots=True)
class Run:
    """What the lines of one module take up of a channel or a gutter.

    `near` holds where they join it from above (of a gutter: from the left), `far` from the other side.
    """

    near: list[float] = field(default_factory=list)
    far: list[float] = field(default_factory=list)

    @property
    def low(self) -> float:
        return min(self.near + self.far)

    @property
    def high(self) -> float:
        return max(self.near + self.far)

    def touches(self, other: "Run") -> bool:
        return self.low < other.high + APART and other.low < self.high + APART

    def crossings_above(self, other: "Run") -> int:
        """How often the two cross if this one takes the track above (of a gutter: to the left)."""
        return sum(other.low < x < other.high for x in self.far) + sum(
            self.low < x < self.high for x in other.near
        )


@dataclass(frozen=True, slots=True)
class Plan:
    """The ways of lines that are drawn together.

    A port tells where a line enters its module: 0 in the middle, else so many to the right (to the
    left, if negative). Tracks are counted from 0.
    """

    routes: tuple[Route, ...]
    ports: Mapping[Link, int]
    channel_tracks: Mapping[Key, int]
    gutter_tracks: Mapping[Key, int]
    channels: Mapping[int, int]  # how many tracks each has
    gutters: Mapping[int, int]

    def most_ports(self, module: int) -> int:
        """How many ports there are on the side of a module that has more of them."""
        return max(
            (abs(port) for link, port in self.ports.items() if link.after == module), default=0
        )


def plan(links: Sequence[Link], places: Sequence[Place], columns: int) -> Plan:
    """The ways of lines between modules, whose places come in the order of the modules."""
    routes = _routes(links, places, columns)
    ports = _ports(routes, places)
    channels, gutters = _runs(routes, places, ports)
    channel_tracks, gutter_tracks = _tracks(channels), _tracks(gutters)
    return Plan(
        tuple(routes), ports, channel_tracks, gutter_tracks, _count(channel_tracks), _count(gutter_tracks)
    )  # fmt: skip


def _routes(links: Sequence[Link], places: Sequence[Place], columns: int) -> list[Route]:
    taken = set(places)
    loads: dict[int, set[int]] = defaultdict(set)  # the modules whose lines a gutter has

    def is_free(rows: range, columns: range) -> bool:
        return taken.isdisjoint(Place(row, column) for row in rows for column in columns)

    def route(link: Link) -> Route:
        start, end = places[link.before], places[link.after]
        if start.row == end.row:
            if is_free(range(start.row, start.row + 1), range(start.column + 1, end.column)):
                return Route(link)
            return Route(link, gutter=start.column + 1, last=start.row - 1)
        between = range(start.row + 1, end.row)
        if is_free(between, range(end.column, end.column + 1)):
            return Route(link, first=start.row)
        if is_free(between, range(start.column, start.column + 1)):
            return Route(link, first=end.row - 1)

        def detour(gutter: int) -> float:
            way = abs(2 * gutter - _x(start)) + abs(2 * gutter - _x(end))
            return way + LOAD * len(loads[gutter] - {link.before})

        gutter = min(range(columns + 1), key=detour)
        loads[gutter].add(link.before)
        return Route(link, start.row, gutter, end.row - 1)

    return [route(link) for link in links]


def _x(place: Place) -> int:
    return 2 * place.column + 1


def _ports(routes: Sequence[Route], places: Sequence[Place]) -> dict[Link, int]:
    """What comes from the left enters left of the middle, the nearest next to it, and so on the right.

    The middle is kept for the line that comes straight down.
    """
    sides: dict[tuple[int, bool], list[tuple[float, Link]]] = defaultdict(list)
    ports: dict[Link, int] = {}
    for route in routes:
        link, end = route.link, _x(places[route.link.after])
        start = _x(places[link.before]) if route.gutter is None else 2 * route.gutter
        if (route.first is None and route.gutter is None) or start == end:
            ports[link] = 0
        else:
            sides[link.after, start < end].append((abs(start - end), link))
    for (_, is_left), arrivals in sides.items():
        for count, (_, link) in enumerate(sorted(arrivals), start=1):
            ports[link] = -count if is_left else count
    return ports


def _runs(
    routes: Sequence[Route], places: Sequence[Place], ports: Mapping[Link, int]
) -> tuple[dict[Key, Run], dict[Key, Run]]:
    """The runs in channels, and those in gutters."""
    channels: dict[Key, Run] = defaultdict(Run)
    gutters: dict[Key, Run] = defaultdict(Run)
    for route in routes:
        module = route.link.before
        start, port = places[module], _x(places[route.link.after]) + PORT * ports[route.link]
        if route.gutter is None:
            if route.first is not None and port != _x(start):
                run = channels[route.first, module]
                run.near.append(_x(start))
                run.far.append(port)
        elif route.last is not None:
            gutter = 2 * route.gutter
            down, last = gutters[route.gutter, module], channels[route.last, module]
            last.far.append(port)
            (down.near if port < gutter else down.far).append(2 * route.last + 2)
            if route.first is None:
                last.far.append(gutter)
                down.near.append(2 * start.row + 1)
            else:
                last.near.append(gutter)
                first = channels[route.first, module]
                first.near.append(_x(start))
                first.far.append(gutter)
                (down.near if _x(start) < gutter else down.far).append(2 * route.first + 2)
    return channels, gutters


def _tracks(runs: Mapping[Key, Run]) -> dict[Key, int]:
    """The track of each run: so that none lies on another and few cross."""
    within: dict[int, list[Key]] = defaultdict(list)
    for key in sorted(runs):
        ordered = within[key[0]]

        def crossings(position: int, key: Key = key, ordered: list[Key] = ordered) -> int:
            return sum(runs[one].crossings_above(runs[key]) for one in ordered[:position]) + sum(
                runs[key].crossings_above(runs[one]) for one in ordered[position:]
            )

        ordered.insert(min(range(len(ordered) + 1), key=crossings), key)
    tracks: dict[Key, int] = {}
    for ordered in within.values():
        for position, key in enumerate(ordered):
            above = (tracks[one] for one in ordered[:position] if runs[one].touches(runs[key]))
            tracks[key] = max(above, default=-1) + 1
    return tracks


def _count(tracks: Mapping[Key, int]) -> dict[int, int]:
    counts: dict[int, int] = {}
    for (place, _), track in tracks.items():
        counts[place] = max(counts.get(place, 0), track + 1)
    return counts
