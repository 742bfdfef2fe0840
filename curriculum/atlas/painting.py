"""What a learner's states look like on a layout: a fill, a cap, a glyph and a word; never colour alone."""

from collections.abc import Mapping
from dataclasses import dataclass

from curriculum.atlas.drawing import Box, numbers
from curriculum.atlas.layout import EDGE, HEAD, SMALL, Edge, Node
from curriculum.atlas.letters import width

GLYPH = 15  # room for the glyph of a state, before the number
FLAG = 15  # room for the flag, on the right
SHOULDER = 16  # how round the post is of what is next
#: States of ground that is covered; a line between two modules of it is, too.
COVERED = frozenset({"complete", "due", "skipped"})


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a learner stands with a module, and how that is said.

    The state is complete, part, next, none, skipped or due; the words say so in the box, the longest
    first, and the name says all of it to who cannot see the box. The share is that of the units which
    are done, from 0 to 1.
    """

    state: str
    words: tuple[str, ...]
    name: str
    url: str
    share: float = 0.0
    is_needed: bool = False  # for the role that the learner aims for

    @property
    def is_next(self) -> bool:
        return self.state == "next"

    @property
    def glyph(self) -> str:
        """What is next wears a cap and what is not begun is an empty box; all others have a glyph."""
        return "" if self.state in {"next", "none"} else self.state


def word_of(node: Node, standing: Standing) -> str:
    """The longest words that fit beside the number; the last of them if none do."""
    room = node.box.width - 2 * EDGE - width(f"{node.number} ", SMALL, bold=True)
    room -= (GLYPH if standing.glyph else 0) + (FLAG if standing.is_needed else 0)
    return next(
        (words for words in standing.words if width(words, SMALL, bold=standing.is_next) <= room),
        standing.words[-1],
    )


def kind_of(edge: Edge, standings: Mapping[str, Standing]) -> str:
    """A line is "here" if it leads into what is next, "done" on covered ground, else "plain"."""
    before, after = standings[edge.before], standings[edge.after]
    if after.is_next:
        return "here"
    is_done = before.state in COVERED and after.state in COVERED | {"part"}
    return "done" if is_done else "plain"


def post(box: Box, height: int) -> str:
    """The top of a post as high as this, as an SVG path: round shoulders on a straight foot."""
    straight, turn = height - SHOULDER, f"a{SHOULDER} {SHOULDER} 0 0 1"
    return (
        f"M{box.x} {box.y + height}v-{straight}{turn} {SHOULDER}-{SHOULDER}"
        f"h{box.width - 2 * SHOULDER}{turn} {SHOULDER} {SHOULDER}v{straight}z"
    )


def fill(box: Box, standing: Standing) -> str:
    """From the left as far as units are done, under the cap of what is next; as an SVG path."""
    top = HEAD if standing.is_next else 1
    across = numbers((box.width - 2) * min(standing.share, 1))
    return f"M{box.x + 1} {box.y + top}h{across}v{box.height - top - 1}h-{across}z"
