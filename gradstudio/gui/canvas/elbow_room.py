"""Makes room for a folded frame whose block is larger than what was in it."""

from __future__ import annotations

import numpy as np

from gradstudio.graph import Point
from gradstudio.gui.canvas.sketch import Floats, Ints, Mask, Sketch

LEAST_GAP_PX, MOST_GAP_PX = 16.0, 76.0
"""Between the block and what stands beside it: as it was before, within these."""
ABOVE_PX = 14.0


def make_room(sketch: Sketch, inside: Ints, home: Point, half: Point) -> dict[int, Point]:
    """Return how far other nodes must go: what stands at a side goes together.

    Args:
        sketch: where everything lies while the frame is not folded.
        inside: the nodes in the frame.
        home: where the middle of the block will be.
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
    for side, sign, edge, bodies in (
        (others & (across > right), 1.0, right, low[:, 0]),
        (others & (across < left), -1.0, -left, -high[:, 0]),
    ):
        shift[side, 0] += sign * _needed(bodies, side & beside, edge, sign * home[0] + half[0])
    between = others & (across <= right) & (across >= left)
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
