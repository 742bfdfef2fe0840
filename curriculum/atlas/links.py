"""What builds on what: in which order modules stand, and which of their prerequisites need a line."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from heapq import heapify, heappop, heappush


@dataclass(frozen=True, slots=True)
class Module:
    """A module to be laid out; `lane` counts from 0, `prerequisites` are keys of other modules."""

    key: str
    title: str
    number: int
    lane: int
    prerequisites: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, order=True)
class Link:
    """One module builds on another, which stands before it; both by their place in the order."""

    before: int
    after: int


def in_order(modules: Iterable[Module]) -> list[Module]:
    """The modules lane by lane, in each one after what it builds on, else by number.

    A circle of prerequisites is cut at its lowest number.
    """
    modules = sorted(modules, key=lambda module: (module.lane, module.number, module.key))
    lanes: dict[int, list[Module]] = {}
    for module in modules:
        lanes.setdefault(module.lane, []).append(module)
    return [module for lane in lanes.values() for module in _lane_in_order(lane)]


def _lane_in_order(lane: Sequence[Module]) -> Iterator[Module]:
    """The modules of a lane, which come by number: each once its prerequisites in the lane are out."""
    places = {module.key: place for place, module in enumerate(lane)}
    followers: list[list[int]] = [[] for _ in lane]
    waits_for = [0] * len(lane)
    for place, module in enumerate(lane):
        for key in {*module.prerequisites} & {*places} - {module.key}:
            followers[places[key]].append(place)
            waits_for[place] += 1
    ready = [place for place, count in enumerate(waits_for) if not count]
    waiting = {*range(len(lane))} - {*ready}
    heapify(ready)
    while ready or waiting:
        place = heappop(ready) if ready else min(waiting)
        waiting.discard(place)
        yield lane[place]
        for follower in followers[place]:
            waits_for[follower] -= 1
            if not waits_for[follower] and follower in waiting:
                waiting.discard(follower)
                heappush(ready, follower)


def reduced(modules: Sequence[Module]) -> list[Link]:
    """The links that say it all: without those that follow from others (a transitive reduction).

    The modules come in order. A prerequisite that stands after its module makes no link.
    """
    places = {module.key: place for place, module in enumerate(modules)}
    links: list[Link] = []
    reach: list[int] = []  # of each module, the places of all that it builds on, as bits
    for place, module in enumerate(modules):
        before = {places[key] for key in module.prerequisites if places.get(key, place) < place}
        implied = 0
        for one in before:
            implied |= reach[one]
        links += [Link(one, place) for one in sorted(before) if not implied >> one & 1]
        reach.append(implied | sum(1 << one for one in before))
    return links
