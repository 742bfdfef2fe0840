"""Where each module stands: a row and a column, chosen so that lines are short and seldom cross."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import combinations
from typing import NamedTuple

from curriculum.atlas.links import Link, Module

#: Moves are tried until a whole round of them betters nothing, or so many were tried.
MOST_MOVES = 6_000

# What a line costs the eye, in widths of a column.
CROSSING = 2.0
ASIDE = 1.5  # for each column that it leads to the side
NEIGHBOUR = -2.0  # from side to side, the best there is
BELOW = -1.5  # straight to the next row
OVER = 2.0  # to the same row, over what stands between
FAR = 1.0  # past a row
NOT_DRAWN = 0.1  # for each column: it is shown only when asked for
IMPOSSIBLE = 1000.0
# And what the order of modules costs it.
INDENT = 0.1  # for each column left free at the left
DISORDER = 0.35  # for two modules that stand against their order


class Place(NamedTuple):
    """A row, counted from 0 across all lanes, and a column."""

    row: int
    column: int


class Passage(NamedTuple):
    """What a line does in a channel: where it comes in and where it goes out (see routes).

    One that leads over its own row comes in from below, all others from above.
    """

    start: int
    end: int
    is_over: bool


def rows_of(modules: Sequence[Module], lanes: int, columns: int) -> list[range]:
    """The rows of each lane, as few as hold its modules."""
    sizes = [0] * lanes
    for module in modules:
        sizes[module.lane] += 1
    rows: list[range] = []
    start = 0
    for size in sizes:
        rows.append(range(start, start - (-size // columns)))
        start = rows[-1].stop
    return rows


def places_of(
    modules: Sequence[Module],
    links: Collection[Link],
    drawn: Collection[Link],
    rows: Sequence[range],
    columns: int,
) -> list[Place]:
    """The place of each module; the same for the same modules, whenever it is asked.

    The modules come in order, and what builds on another of its lane stands further down or right.
    """
    grid = _Grid(modules, links, drawn, rows, columns)
    grid.settle()
    return [Place(*divmod(slot, columns)) for slot in grid.slots]


class _Grid:
    """Modules, by their position in the order, on slots, which count from left to right and down."""

    def __init__(
        self,
        modules: Sequence[Module],
        links: Collection[Link],
        drawn: Collection[Link],
        rows: Sequence[range],
        columns: int,
    ):
        self.columns = columns
        self.drawn = set(drawn)
        self.rows_of = [rows[module.lane] for module in modules]
        self.lanes = [lane for lane in rows if lane]
        self.links_of: list[list[Link]] = [[] for _ in modules]
        for link in links:
            self.links_of[link.before].append(link)
            self.links_of[link.after].append(link)
        self.slots: list[int] = []
        self.modules: list[int | None] = [None] * (columns * (rows[-1].stop if rows else 0))
        for lane in self.lanes:
            within = [module for module, of in enumerate(self.rows_of) if of == lane]
            length = -(-len(within) // len(lane))
            for count, module in enumerate(within):
                row, column = divmod(count, length)
                self.slots.append((lane.start + row) * columns + column)
                self.modules[self.slots[-1]] = module
        self.passages: dict[Link, list[tuple[int, Passage]]] = {}
        self.channels: dict[int, dict[Link, Passage]] = defaultdict(dict)
        self._route(links)

    def settle(self) -> None:
        """Move modules while that makes the picture better."""
        tried = 0
        is_better = True
        while is_better and tried < MOST_MOVES:
            is_better = False
            for lane in self.lanes:
                for move in self._moves(lane):
                    is_better |= self._try(move)
                    tried += 1

    def _moves(self, lane: range) -> Iterator[dict[int, int]]:
        """Modules and their new slots: two change places, one goes to a free slot, a row goes along."""
        slots = range(lane.start * self.columns, lane.stop * self.columns)
        for one, other in combinations(slots, 2):
            pairs = ((self.modules[one], other), (self.modules[other], one))
            move = {module: slot for module, slot in pairs if module is not None}
            if move and other - one <= 2 * self.columns:
                yield move
        for row in lane:
            start = row * self.columns
            for step in range(1, self.columns):
                yield {
                    module: start + (slot - start + step) % self.columns
                    for slot in range(start, start + self.columns)
                    if (module := self.modules[slot]) is not None
                }

    def _try(self, move: Mapping[int, int]) -> bool:
        """Make a move, and take it back unless it is for the better."""
        links = {link for module in move for link in self.links_of[module]}
        back = {module: self.slots[module] for module in move}
        before = self._cost(move, links)
        self._make(move, links)
        if self._cost(move, links) < before - 1e-6:
            return True
        self._make(back, links)
        return False

    def _make(self, move: Mapping[int, int], links: Collection[Link]) -> None:
        for module in move:
            self.modules[self.slots[module]] = None
        for module, slot in move.items():
            self.slots[module] = slot
            self.modules[slot] = module
        for link in links:
            for channel, _ in self.passages[link]:
                del self.channels[channel][link]
        self._route(links)

    def _route(self, links: Collection[Link]) -> None:
        for link in links:
            self.passages[link] = list(self._passages(link)) if link in self.drawn else []
            for channel, passage in self.passages[link]:
                self.channels[channel][link] = passage

    def _passages(self, link: Link) -> Iterator[tuple[int, Passage]]:
        row, column = divmod(self.slots[link.before], self.columns)
        to_row, to_column = divmod(self.slots[link.after], self.columns)
        start, end = 2 * column + 1, 2 * to_column + 1
        if row == to_row:
            if to_column != column + 1:
                yield row - 1, Passage(start + 1, end, True)
        elif to_row == row + 1:
            yield row, Passage(start, end, False)
        elif start != end:
            gutter = end - 1 if start < end else end + 1
            yield row, Passage(start, gutter, False)
            yield to_row - 1, Passage(gutter, end, False)

    def _cost(self, modules: Collection[int], links: Collection[Link]) -> float:
        """What these modules and the lines at them cost where they are."""
        cost = 0.0
        for link in links:
            cost += self._length(link)
            for channel, passage in self.passages[link]:
                for other, there in self.channels[channel].items():
                    if other.before != link.before and _cross(passage, there):
                        cost += CROSSING / 2 if other in links else CROSSING  # seen from both
        for module in modules:
            cost += INDENT * (self.slots[module] % self.columns)
            cost += DISORDER * self._disorder(module)
        return cost

    def _length(self, link: Link) -> float:
        row, column = divmod(self.slots[link.before], self.columns)
        to_row, to_column = divmod(self.slots[link.after], self.columns)
        aside, down = abs(to_column - column), to_row - row
        if (to_row, to_column) < (row, column):
            return IMPOSSIBLE
        if link not in self.drawn:
            return NOT_DRAWN * aside
        if not down:
            return NEIGHBOUR if aside == 1 else OVER + ASIDE * aside
        if down == 1:
            return ASIDE * aside if aside else BELOW
        return FAR + ASIDE * aside + down

    def _disorder(self, module: int) -> int:
        """How many modules stand before it that come after it, or the other way round, nearby."""
        slot, lane = self.slots[module], self.rows_of[module]
        row = slot // self.columns
        start = max(lane.start, row - 1) * self.columns
        stop = min(lane.stop, row + 2) * self.columns
        before, after = self.modules[start:slot], self.modules[slot + 1 : stop]
        return sum(other is not None and other > module for other in before) + sum(
            other is not None and other < module for other in after
        )


def _cross(one: Passage, other: Passage) -> bool:
    if one.is_over and other.is_over:
        low, high = min(one.start, one.end), max(one.start, one.end)
        return one.start != other.start and (low < other.start < high) != (low < other.end < high)
    if one.is_over:
        one, other = other, one
    if other.is_over:
        return min(other.start, other.end) < one.end < max(other.start, other.end)
    return (one.start - other.start) * (one.end - other.end) < 0
