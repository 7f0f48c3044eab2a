"""Where the result of a last node is written: right of it, else below it, else nowhere.

It never covers another node. The output's own edges leave at its right, so its result is below it.
"""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QRectF

from gradstudio.gui.canvas.sketch import CAPTION_PX, RESULT_PX, Floats, Ints, Sketch

RIGHT, BELOW, NOWHERE = range(3)
_UNKNOWN = -1


def sides(sketch: Sketch, nodes: Ints) -> Ints:
    """Return where each of `nodes` has its result: `RIGHT`, `BELOW` or `NOWHERE`."""
    state = (sketch.version, sketch.text_scale, sketch.output)
    known = sketch.result_sides.get(state)
    if known is None:
        sketch.result_sides.clear()
        known = np.full(len(sketch.names), NOWHERE)
        known[sketch.is_end & sketch.is_op] = _UNKNOWN
        if sketch.output >= 0 and sketch.is_op[sketch.output]:
            known[sketch.output] = _UNKNOWN
        sketch.result_sides[state] = known
    asked = nodes[known[nodes] == _UNKNOWN]
    if len(asked):
        known[asked] = _found(sketch, asked)
    return known[nodes]


def rects(sketch: Sketch, nodes: Ints) -> Floats:
    """Return what the results of `nodes` take, of those that have one."""
    side = sides(sketch, nodes)
    return np.concatenate(
        [_right(sketch, nodes[side == RIGHT]), _below(sketch, nodes[side == BELOW])]
    )


def _found(sketch: Sketch, nodes: Ints) -> Ints:
    found = np.full(len(nodes), NOWHERE)
    right, below = _right(sketch, nodes), _below(sketch, nodes)
    both = np.concatenate([right, below])
    low, high = both[:, :2].min(axis=0), both[:, 2:].max(axis=0)
    others = sketch.nodes_in(QRectF(*low.tolist(), *(high - low).tolist()))
    bodies, owners = own_bodies(sketch, others)
    for side, wanted in ((BELOW, below), (RIGHT, right)):
        upon = (wanted[:, None, 0] < bodies[:, 2]) & (wanted[:, None, 2] > bodies[:, 0])
        upon &= (wanted[:, None, 1] < bodies[:, 3]) & (wanted[:, None, 3] > bodies[:, 1])
        upon &= nodes[:, None] != owners
        found[~upon.any(axis=1)] = side
    found[(found == RIGHT) & ~sketch.is_end[nodes]] = BELOW
    # The one number that everything is about is never left out.
    found[(nodes == sketch.output) & (found == NOWHERE)] = RIGHT
    return found


def own_bodies(sketch: Sketch, nodes: Ints) -> tuple[Floats, Ints]:
    """Return what `nodes` and their names take, and whose each rectangle is."""
    scale = sketch.text_scale
    centres, half = sketch.centres[nodes], sketch.half[nodes]
    named = np.flatnonzero(sketch.pads[nodes, 1] > 0)
    wide = sketch.pads[nodes[named], 0] / 2 * scale
    middle, bottom = centres[named, 0], centres[named, 1] + half[named, 1]
    below = bottom + 8 + (CAPTION_PX - 8) * scale
    captions = np.stack([middle - wide, bottom, middle + wide, below], axis=1)
    whole = np.concatenate([np.concatenate([centres - half, centres + half], axis=1), captions])
    return whole, np.concatenate([nodes, nodes[named]])


def _right(sketch: Sketch, nodes: Ints) -> Floats:
    wide, tall = RESULT_PX[0] * sketch.text_scale, RESULT_PX[1] * sketch.text_scale
    left, y = sketch.centres[nodes, 0] + sketch.half[nodes, 0], sketch.centres[nodes, 1]
    return np.stack([left, y - tall, left + wide, y + tall], axis=1)


def _below(sketch: Sketch, nodes: Ints) -> Floats:
    scale = sketch.text_scale
    left = sketch.centres[nodes, 0] - sketch.half[nodes, 0]
    top = sketch.centres[nodes, 1] + sketch.half[nodes, 1]
    top = top + (4 + 18 * (sketch.pads[nodes, 1] > 0)) * scale
    return np.stack([left, top, left + RESULT_PX[0] * scale, top + 38 * scale], axis=1)
