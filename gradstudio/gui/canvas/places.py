"""Where what is new on a canvas goes: near what it belongs to, where it covers nothing."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSizeF

from gradstudio.graph import Point
from gradstudio.gui.canvas.room import MARGIN_PX, nearest_clear
from gradstudio.gui.canvas.sketch import Floats, indices
from gradstudio.ops import REGISTRY

if TYPE_CHECKING:
    from gradstudio.gui.canvas.view import Canvas

NEXT_PX = (130.0, 60.0)
"""How far after a node the next one goes, and how far below a leaf the next leaf."""
NODE_PX = QSizeF(84.0, 56.0)
"""What a new node wants: a leaf as wide as a number, an op with its name below."""


def bodies(canvas: Canvas) -> tuple[Floats, Floats]:
    """Return the middles of all nodes, with their names below, and notes; and half their sizes."""
    sketch = canvas.picture.sketch
    below = np.stack([0 * sketch.pads[:, 1], sketch.pads[:, 1] / 2], axis=1)
    notes = [(one.center(), one.width() / 2, one.height() / 2) for one in _notes(canvas)]
    centres = np.array([(at.x(), at.y()) for at, _, _ in notes]).reshape(-1, 2)
    half = np.array([sides for _, *sides in notes]).reshape(-1, 2)
    return (
        np.concatenate([sketch.centres + below, centres]),
        np.concatenate([sketch.half + below, half]),
    )


def clear(canvas: Canvas, rect: QRectF) -> QRectF:
    """Return a box moved as little as covers no node and no note."""
    middle, half = rect.center(), (rect.width() / 2, rect.height() / 2)
    by = nearest_clear(np.array([(middle.x(), middle.y())]), np.array([half]), *bodies(canvas))
    return rect.translated(*by.tolist())


def clear_for_node(canvas: Canvas, at: QPointF) -> QPointF:
    """Return the place nearest to a point at which a new node covers nothing."""
    rect = QRectF(QPointF(), NODE_PX)
    rect.moveCenter(at)
    return clear(canvas, rect).center()


def for_next(canvas: Canvas, op: str) -> QPointF:
    """Return where a node goes that no pointer has put: after what is selected, a leaf below one.

    Where nothing is, near the middle of what is seen.
    """
    sketch, nodes, chosen = canvas.picture.sketch, canvas.picture.graph.nodes, canvas.selection()
    if len(chosen) != 1 or chosen[0] not in sketch.index:
        return clear_for_node(canvas, canvas.mapToScene(canvas.viewport().rect().center()))
    x, y = sketch.centres[sketch.index[chosen[0]]].tolist()
    rules = REGISTRY.get(op)
    if nodes[chosen[0]].is_leaf and rules is not None and rules.leaf:
        return clear_for_node(canvas, QPointF(x, y + NEXT_PX[1]))
    return clear_for_node(canvas, QPointF(x + NEXT_PX[0], y))


def copy_offset(canvas: Canvas, names: Collection[str], notes: Collection[str]) -> Point:
    """Return how far copies of nodes and notes go: below them all, and where nothing lies."""
    sketch = canvas.picture.sketch
    all_centres, all_half = bodies(canvas)
    shown = list(canvas.boards.notes)
    chosen = np.concatenate(
        [
            indices(sketch, [name for name in names if name in sketch.index]),
            [len(sketch.names) + shown.index(note) for note in notes if note in shown],
        ]
    ).astype(np.int64)
    if not len(chosen):
        return 0.0, 0.0
    centres, half = all_centres[chosen], all_half[chosen]
    high = (centres + half)[:, 1].max() - (centres - half)[:, 1].min()
    down = np.array([0.0, np.ceil(high + 2 * MARGIN_PX)])
    x, y = (nearest_clear(centres + down, half, all_centres, all_half) + down).tolist()
    return round(x, 2), round(y, 2)


def _notes(canvas: Canvas) -> Collection[QRectF]:
    return canvas.boards.notes.values()
