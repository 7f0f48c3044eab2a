"""Makes room for a frame that is folded or unfolded, and takes more of it than before."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np

from gradstudio.graph import Graph, Point
from gradstudio.gui.canvas.block import block_half
from gradstudio.gui.canvas.face import Fonts
from gradstudio.gui.canvas.folding import Block
from gradstudio.gui.canvas.sketch import CAPTION_PX, Floats, Ints, Mask, Sketch

LEAST_GAP_PX, MOST_GAP_PX = 16.0, 76.0
"""Between the block and what stands beside it: as it was before, within these."""
ABOVE_PX = 14.0
PAD_PX, TITLE_PX = 10.0, 24.0
"""What a frame takes around what is in it, and above it."""


def outline(
    graph: Graph,
    name: str,
    blocks: Iterable[Block],
    halves: Mapping[str, Point],
    fonts: Fonts,
) -> tuple[Point, Point] | None:
    """Return the middle of a frame and half its size, folded or not; None where it is not drawn.

    Args:
        graph: with the place of every node.
        name: the frame.
        blocks: what is folded.
        halves: half the size of each node in it that is drawn.
        fonts: in which blocks are written.
    """
    annotations = graph.annotations
    frame, nested = annotations.frames[name], set(annotations.nested(name))
    block_of = {node: block for block in blocks for node in block.nodes}
    corners: list[tuple[float, float, float, float]] = []
    for node in annotations.nodes_in(name):
        block = block_of.get(node)
        if node not in halves or (block is not None and block.frame not in nested):
            return None
        if block is None:
            (x, y), (wide, high) = graph.positions[node], halves[node]
        else:
            (x, y), (wide, high) = block.home, block_half(block, graph, fonts)
        if block is not None and block.frame == name:
            return (x, y), (wide, high)
        corners.append((x - wide, y - high, x + wide, y + high))
    if frame.rect is not None:
        x, y, wide, high = frame.rect
        corners.append((x, y, x + wide, y + high))
    lefts, tops, rights, bottoms = zip(*corners, strict=True)
    left, right = min(lefts) - PAD_PX, max(rights) + PAD_PX
    top, bottom = min(tops) - PAD_PX - TITLE_PX, max(bottoms) + PAD_PX + CAPTION_PX
    return ((left + right) / 2, (top + bottom) / 2), ((right - left) / 2, (bottom - top) / 2)


def in_the_way(sketch: Sketch, inside: Ints, home: Point, half: Point) -> bool:
    """Return whether any other node lies in a box; what they are is as in `make_room`."""
    low, high = sketch.centres - sketch.half, sketch.centres + sketch.half
    upon = ((low < np.add(home, half)) & (high > np.subtract(home, half))).all(axis=1)
    upon[inside] = False
    return bool(upon.any())


def make_room(sketch: Sketch, inside: Ints, home: Point, half: Point) -> dict[int, Point]:
    """Return how far other nodes must go: what stands at a side goes together.

    What stands above or below, and near, goes to the side where its links are: a link that ran
    back below the block could not be followed.

    Args:
        sketch: where everything lies while the frame is as it was.
        inside: the nodes in the frame.
        home: where the middle of the block, or of the frame, will be.
        half: half its width and its height.
    """
    high = sketch.half + np.stack([0 * sketch.pads[:, 1], sketch.pads[:, 1]], axis=1)
    low, high = sketch.centres - sketch.half, sketch.centres + high
    others = np.ones(len(sketch.names), bool)
    others[inside] = False
    left, right = low[inside, 0].min(), high[inside, 0].max()
    shift = np.zeros((len(sketch.names), 2))
    beside = (low[:, 1] < home[1] + half[1] + ABOVE_PX) & (
        high[:, 1] > home[1] - half[1] - ABOVE_PX
    )
    across = sketch.centres[:, 0]
    within = np.zeros(len(sketch.names), bool)
    within[inside] = True
    feeding, fed = np.zeros_like(within), np.zeros_like(within)
    feeding[sketch.source[within[sketch.target]]] = True
    fed[sketch.target[within[sketch.source]]] = True
    before = (across < left) | ((across <= right) & beside & feeding & ~fed)
    after = (across > right) | ((across >= left) & beside & fed & ~feeding)
    for side, sign, edge, bodies in (
        (others & after, 1.0, right, low[:, 0]),
        (others & before, -1.0, -left, -high[:, 0]),
    ):
        shift[side, 0] += sign * _needed(bodies, side & beside, edge, sign * home[0] + half[0])
    between = others & ~before & ~after
    for some, sign, bodies in (
        (between & (sketch.centres[:, 1] > home[1]), 1.0, low[:, 1]),
        (between & (sketch.centres[:, 1] <= home[1]), -1.0, -high[:, 1]),
    ):
        if some.any():
            needed = sign * home[1] + half[1] + ABOVE_PX - bodies[some].min()
            shift[some, 1] += sign * max(0.0, needed)
    moved = np.flatnonzero(shift.any(axis=1)).tolist()
    return {node: (float(shift[node, 0]), float(shift[node, 1])) for node in moved}


def _needed(bodies: Floats, side: Mask, before: float, now: float) -> float:
    """Return how far a side must go out, all counted outwards.

    Args:
        bodies: where the bodies of nodes begin.
        side: those that stand beside the block.
        before: where what was there ended.
        now: where the block ends.
    """
    if not side.any():
        return 0.0
    nearest = float(bodies[side].min())
    gap = min(max(nearest - before, LEAST_GAP_PX), MOST_GAP_PX)
    return max(0.0, now + gap - nearest)
