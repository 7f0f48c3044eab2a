"""What moving nodes snap to: the middles and sides of their neighbours, and the grid.

A step costs a few searches in sorted arrays, however many nodes there are.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from gradstudio.gui.canvas.choice import Choice
from gradstudio.gui.canvas.layers import GRID_PX
from gradstudio.gui.canvas.sketch import Floats, Ints, indices

if TYPE_CHECKING:
    from gradstudio.gui.canvas.view import Canvas

REACH_PX = 6.0
"""How near a line must be to be snapped to, in px of the screen."""
BEYOND_PX = 10.0
"""How far a guide line is drawn beyond the nodes it joins."""
SAME_PX = 0.01
_WAYS = (0, -1, 1)
"""Middles first, then the low sides, then the high ones."""


TO_GRID = Choice("canvas/snap_to_grid", False)
TO_NEIGHBOURS = Choice("canvas/snap_to_neighbours", True)


class Guides:
    """What a group of nodes can snap to while it moves.

    Args:
        canvas: the canvas; only what is in sight now is a neighbour.
        names: the nodes that move; without any, as when a note moves alone, nothing snaps.
        anchor: the one whose middle goes onto the grid; the first of them if None.
    """

    def __init__(self, canvas: Canvas, names: Sequence[str], anchor: str | None) -> None:
        self._canvas = canvas
        sketch = canvas.picture.sketch
        centres, half = sketch.centres, sketch.half
        nodes = indices(sketch, names)
        self._shown: list[QLineF] = []
        self._any = len(nodes) > 0
        if not self._any:
            return
        self._to_grid = TO_GRID.on
        others: Ints = np.zeros(0, np.int64)
        if TO_NEIGHBOURS.on:
            seen = canvas.mapToScene(canvas.viewport().rect()).boundingRect()
            others = np.setdiff1d(sketch.enclosed(seen), nodes)
        self._low = centres[others] - half[others]
        self._high = centres[others] + half[others]
        self._lines = {
            (axis, way): np.sort(self._side(axis, way)) for axis in (0, 1) for way in _WAYS
        }
        self._box = np.stack(
            [(centres - half)[nodes].min(axis=0), (centres + half)[nodes].max(axis=0)]
        )
        anchored = nodes[0] if anchor is None else sketch.index[anchor]
        self._anchor: Floats = centres[anchored].copy()

    def snap(self, offset: QPointF, *, free: bool) -> QPointF:
        """Return where the nodes go when the pointer has moved them by `offset`.

        Args:
            offset: from where they were.
            free: whether they are not to snap just now.
        """
        if not self._any:
            return offset
        by = np.array([offset.x(), offset.y()])
        snapped = [False, False]
        if not free:
            for axis in (0, 1):
                step = self._nearest(axis, float(by[axis]))
                if step is not None:
                    by[axis] += step
                    snapped[axis] = True
                elif self._to_grid:
                    at = self._anchor[axis] + by[axis]
                    by[axis] += round(at / GRID_PX) * GRID_PX - at
        self._show([line for axis in (0, 1) if snapped[axis] for line in self._joining(axis, by)])
        return QPointF(*by.tolist())

    def put_away(self) -> None:
        """Show no guide line any more."""
        self._show([])

    def paint(self, painter: QPainter) -> None:
        """Paint the guide lines."""
        painter.setPen(QPen(QColor(self._canvas.theme.accent), 0, Qt.PenStyle.DashLine))
        painter.drawLines(self._shown)

    def _side(self, axis: int, way: int) -> Floats:
        low, high = self._low[:, axis], self._high[:, axis]
        return np.asarray((low, (low + high) / 2, high)[way + 1])

    def _own(self, axis: int, way: int) -> float:
        low, high = self._box[:, axis].tolist()
        return float((low, (low + high) / 2, high)[way + 1])

    def _nearest(self, axis: int, by: float) -> float | None:
        """Return by how much more it is to the nearest line in reach, if there is one."""
        best, least = None, REACH_PX / self._canvas.zoom
        for way in _WAYS:
            lines = self._lines[axis, way]
            at = self._own(axis, way) + by
            place = int(np.searchsorted(lines, at))
            for line in lines[max(place - 1, 0) : place + 1].tolist():
                if abs(line - at) < least - SAME_PX:
                    best, least = line - at, abs(line - at)
        return best

    def _joining(self, axis: int, by: Floats) -> list[QLineF]:
        """Return the lines along which the nodes, moved by `by`, stand with a neighbour."""
        across = 1 - axis
        begin, end = (self._box[:, across] + by[across]).tolist()
        found = []
        for way in _WAYS:
            at = self._own(axis, way) + float(by[axis])
            same = np.flatnonzero(np.abs(self._side(axis, way) - at) < SAME_PX)
            if not len(same):
                continue
            low, high = self._low[same, across], self._high[same, across]
            nearest = int(np.argmin(np.maximum(begin - high, low - end)))
            first = min(begin, float(low[nearest])) - BEYOND_PX
            last = max(end, float(high[nearest])) + BEYOND_PX
            ends = (QPointF(at, first), QPointF(at, last))
            if axis:
                ends = (QPointF(first, at), QPointF(last, at))
            found.append(QLineF(*ends))
            if way == 0:
                # Nodes of one size share their sides as well: one line says it.
                break
        return found

    def _show(self, lines: list[QLineF]) -> None:
        margin = 2 / self._canvas.zoom
        for line in (*self._shown, *lines):
            rect = QRectF(line.p1(), line.p2()).normalized()
            self._canvas.scene().update(rect.adjusted(-margin, -margin, margin, margin))
        self._shown = lines
