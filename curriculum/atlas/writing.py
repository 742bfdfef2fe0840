"""A layout with a learner's states as SVG; whatever somebody wrote is escaped here."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape

from curriculum.atlas.layout import EDGE, HEAD, Lane, Layout, Line, Node
from curriculum.atlas.painting import GLYPH, Standing, fill, kind_of, post, word_of

BASE = 16  # from the top of a box to the base line of its number
GLYPH_SCALE = 0.6  # of a drawing 18 wide
FLAG = "v12h1.6v-5l7.4-3.5z"


@dataclass(frozen=True, slots=True)
class Caption:
    """What is said of a lane: its number, a line below its name, and all of it in a sentence."""

    number: int
    words: str
    sentence: str


def write(layout: Layout, captions: Sequence[Caption], standings: Mapping[str, Standing]) -> str:
    """What an svg element of the layout's size holds: lanes, lines, and boxes that are links.

    Standings go by the keys of modules. Ids begin with the name of the shape, so that a page can hold
    several; the page itself defines the glyphs, as map-complete, map-part and so on.
    """
    parts = [_band(lane, count) for count, lane in enumerate(layout.lanes)]
    parts += _ways(layout, standings)
    ends = _ends(layout)
    boxes: dict[int, list[str]] = defaultdict(list)
    for node in layout.nodes:
        boxes[node.lane] += _box(layout, node, standings[node.key])
        boxes[node.lane] += _reveal(layout, ends[node.key])
    for count, (lane, caption) in enumerate(zip(layout.lanes, captions, strict=True)):
        parts.append(f'<g role="group" aria-label="{escape(caption.sentence)}">')
        parts += [*_name(lane, caption), *boxes[count], "</g>"]
    return "".join(parts)


def _band(lane: Lane, count: int) -> str:
    box, kind = lane.box, "lane" if count % 2 else "lane alt"
    return (
        f'<rect class="{kind}" {_place(box.x, box.y)} width="{box.width}" height="{box.height}"/>'
    )


def _name(lane: Lane, caption: Caption) -> Iterator[str]:
    first = lane.title[0]
    yield f'<g aria-hidden="true"><text class="lane-no" {_place(first.x - 9, first.y + 1)}>{caption.number}</text>'
    yield from (_text("lane-t", line) for line in lane.title)
    yield f"{_text('lane-m', Line(*lane.below, caption.words))}</g>"


def _ways(layout: Layout, standings: Mapping[str, Standing]) -> Iterator[str]:
    """The lines, those into what is next last, so that they lie on top; first those not shown yet."""
    groups: dict[str, list[str]] = {"far": [], "plain": [], "done": [], "here": []}
    for count, edge in enumerate(layout.edges):
        kind = kind_of(edge, standings)
        if not edge.is_drawn and kind != "here":
            kind = "far"
        groups[kind].append(f'<path id="{_way(layout, count)}" d="{edge.path}"/>')
    for kind, paths in groups.items():
        tag = "defs" if kind == "far" else "g"
        if paths:
            yield f'<{tag} class="ways {kind}" aria-hidden="true">{"".join(paths)}</{tag}>'


def _ends(layout: Layout) -> Mapping[str, Sequence[int]]:
    """Which lines start or end at a module."""
    ends: dict[str, list[int]] = defaultdict(list)
    for count, edge in enumerate(layout.edges):
        ends[edge.before].append(count)
        ends[edge.after].append(count)
    return ends


def _box(layout: Layout, node: Node, standing: Standing) -> Iterator[str]:
    box = node.box
    x, y = box.x + EDGE, box.y + BASE
    yield (
        f'<a id="{layout.shape.name}-{escape(node.key)}" class="{standing.state}" '
        f'href="{escape(standing.url)}" aria-label="{escape(standing.name)}">'
    )
    if standing.is_next:
        yield f'<path class="box" d="{post(box, box.height)}"/>'
    else:
        size = f'width="{box.width}" height="{box.height}"'
        yield f'<rect class="box" {_place(box.x, box.y)} {size} rx="4"/>'
    if standing.share and standing.state in {"part", "next"}:
        yield f'<path class="fillbar" d="{fill(box, standing)}"/>'
    if standing.is_next:
        yield f'<path class="capband" d="{post(box, HEAD)}"/>'
    if standing.glyph:
        yield f'<use href="#map-{standing.glyph}" transform="translate({x} {y - 9}) scale({GLYPH_SCALE})"/>'
        x += GLYPH
    word = escape(word_of(node, standing))
    kind = "capt" if standing.is_next else "m"
    yield f'<text class="{kind}" {_place(x, y)}><tspan class="no">{node.number}</tspan> {word}</text>'
    yield from (_text("t", line) for line in node.title)
    yield from (_text("m", line) for line in node.after)
    if standing.is_needed:
        yield f'<path class="role" d="M{box.right - EDGE - 6} {box.y + 7}{FLAG}"/>'
    yield "</a>"


def _reveal(layout: Layout, ways: Sequence[int]) -> Iterator[str]:
    """The lines of a module once more, for when somebody points at it."""
    if ways:
        uses = "".join(f'<use href="#{_way(layout, way)}"/>' for way in ways)
        yield f'<g class="reveal" aria-hidden="true">{uses}</g>'


def _way(layout: Layout, count: int) -> str:
    return f"{layout.shape.name}-way-{count}"


def _text(kind: str, line: Line) -> str:
    return f'<text class="{kind}" {_place(line.x, line.y)}>{escape(line.text)}</text>'


def _place(x: int, y: int) -> str:
    return f'x="{x}" y="{y}"'
