"""How nodes line up and how they are spaced out: arrays in, arrays out; no Qt."""

from __future__ import annotations

import numpy as np

from gradstudio.gui.canvas.bodies import Floats

SIDES = {
    "left": (0, -1),
    "centre": (0, 0),
    "right": (0, 1),
    "top": (1, -1),
    "middle": (1, 0),
    "bottom": (1, 1),
}
"""What nodes line up by: along which axis, and by their low side, their middle or high side."""


def align(centres: Floats, half: Floats, side: str) -> Floats:
    """Return the centres of bodies that share a side: the outermost, or the middle of them all.

    Args:
        centres: (n, 2), of at least one body.
        half: (n, 2), half the width and the height of each.
        side: one of `SIDES`.
    """
    axis, way = SIDES[side]
    at, size = centres[:, axis], half[:, axis]
    low, high = (at - size).min(), (at + size).max()
    line = (low, (low + high) / 2, high)[way + 1]
    moved = centres.copy()
    moved[:, axis] = line - way * size
    return moved


def distribute(centres: Floats, half: Floats, axis: int) -> Floats:
    """Return the centres of bodies with equal gaps between them; the first and the last stay.

    Args:
        centres: (n, 2).
        half: (n, 2), half the width and the height of each.
        axis: 0 for across, 1 for down.
    """
    moved = centres.copy()
    if len(centres) < 3:
        return moved
    order = np.argsort(centres[:, axis], kind="stable")
    at, size = centres[order, axis], half[order, axis]
    taken = size[:-1] + size[1:]
    gap = (at[-1] - at[0] - taken.sum()) / len(taken)
    moved[order[1:-1], axis] = at[0] + np.cumsum(taken + gap)[:-1]
    return moved
