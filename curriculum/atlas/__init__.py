"""The roadmap as a picture. Plain Python: modules and states in, SVG out.

`lay_out` puts lanes, boxes and lines in their places, whoever looks at them; `write` adds where one
learner stands. Every prerequisite is drawn as a line, or follows from others, or is named in the box.
"""

from curriculum.atlas.drawing import Box, Shape
from curriculum.atlas.layout import (
    BROAD,
    NARROW,
    SHAPES,
    WIDE,
    Edge,
    Lane,
    Layout,
    Line,
    Node,
    lay_out,
)  # fmt: skip
from curriculum.atlas.links import Module
from curriculum.atlas.painting import Standing
from curriculum.atlas.writing import Caption, write

__all__ = [
    "BROAD", "NARROW", "SHAPES", "WIDE", "Box", "Caption", "Edge", "Lane", "Layout", "Line", "Module",
    "Node", "Shape", "Standing", "lay_out", "write",
]  # fmt: skip
