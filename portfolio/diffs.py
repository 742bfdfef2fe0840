"""What changed between two texts, line by line, and where a line of the one stands in the other."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

#: Unchanged lines shown around a change.
CONTEXT = 3
#: Texts of more lines than this are compared from both ends only: the matcher's time grows with the
#: square of the lines.
MOST_LINES = 3000

Block = tuple[str, int, int, int, int]


class Kind(StrEnum):
    """What happened to a line."""

    SAME = "same"
    ADDED = "added"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class Line:
    """One row of a comparison; a number is None where the line is not in that text."""

    kind: Kind
    before: int | None
    after: int | None
    text: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """The changed places of two texts, each with a few lines around it."""

    hunks: tuple[tuple[Line, ...], ...]
    added: int
    removed: int


def compare(before: str, after: str) -> Comparison:
    """The differences, in the order of the texts."""
    old, new = before.splitlines(), after.splitlines()
    lines = list(_lines(old, new))
    return Comparison(
        hunks=tuple(_hunks(lines)),
        added=sum(line.kind == Kind.ADDED for line in lines),
        removed=sum(line.kind == Kind.REMOVED for line in lines),
    )


def line_now(before: str, after: str, line: int) -> int | None:
    """Where a line (from 1) stands in the later text; None where it was changed or is gone."""
    old, new = before.splitlines(), after.splitlines()
    for kind, i1, i2, j1, _ in _blocks(old, new):
        if kind == "equal" and i1 < line <= i2:
            return j1 + line - i1
    return None


def _lines(old: Sequence[str], new: Sequence[str]) -> Iterator[Line]:
    for kind, i1, i2, j1, j2 in _blocks(old, new):
        if kind == "equal":
            for offset in range(i2 - i1):
                yield Line(Kind.SAME, i1 + offset + 1, j1 + offset + 1, old[i1 + offset])
        else:
            for number in range(i1, i2):
                yield Line(Kind.REMOVED, number + 1, None, old[number])
            for number in range(j1, j2):
                yield Line(Kind.ADDED, None, number + 1, new[number])


def _blocks(old: Sequence[str], new: Sequence[str]) -> list[Block]:
    """As difflib's opcodes; bounded in time by what is the same at both ends."""
    head = 0
    while head < min(len(old), len(new)) and old[head] == new[head]:
        head += 1
    tail = 0
    while tail < min(len(old), len(new)) - head and old[-1 - tail] == new[-1 - tail]:
        tail += 1
    old_middle, new_middle = old[head : len(old) - tail], new[head : len(new) - tail]
    blocks: list[Block] = [("equal", 0, head, 0, head)] if head else []
    if len(old_middle) + len(new_middle) > MOST_LINES:
        blocks.append(("replace", head, len(old) - tail, head, len(new) - tail))
    else:
        matcher = SequenceMatcher(None, old_middle, new_middle, autojunk=False)
        blocks += [
            (kind, i1 + head, i2 + head, j1 + head, j2 + head)
            for kind, i1, i2, j1, j2 in matcher.get_opcodes()
        ]
    if tail:
        blocks.append(("equal", len(old) - tail, len(old), len(new) - tail, len(new)))
    return blocks


def _hunks(lines: Sequence[Line]) -> Iterator[tuple[Line, ...]]:
    """Runs of lines that are near a change."""
    near = [False] * len(lines)
    for number, line in enumerate(lines):
        if line.kind != Kind.SAME:
            start, end = max(0, number - CONTEXT), min(len(lines), number + CONTEXT + 1)
            near[start:end] = [True] * (end - start)
    hunk: list[Line] = []
    for line, is_near in zip(lines, near, strict=True):
        if is_near:
            hunk.append(line)
        elif hunk:
            yield tuple(hunk)
            hunk = []
    if hunk:
        yield tuple(hunk)
