"""The gesture that draws a free-hand line through edges: to cut them, or to put dots there.

What is crossed is found with arrays, for each new piece of the line once, so that a step costs the
same in a graph of thousands of edges. The edges are tested as they are drawn: as curves, or far out
as straight lines.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen
from PySide6.QtWidgets import QApplication

from gradstudio.graph import Edge
from gradstudio.gui.canvas.legibility import PLAIN_SCALE
from gradstudio.gui.canvas.sketch import Floats, Ints, Sketch

if TYPE_CHECKING:
    from gradstudio.gui.canvas.view import Canvas

_CURVE = np.linspace(0, 1, 33)
_NONE: Ints = np.zeros(0, np.int64)
LINE_PX = 2.0
CROSSED_PX = 3.0
_AROUND_PX = 6.0


def crossed(
    sketch: Sketch, begin: QPointF, end: QPointF, *, straight: bool = False
) -> tuple[Ints, Floats]:
    """Return the edges that the line from `begin` to `end` crosses, and where, (edges, 2).

    Args:
        sketch: the edges.
        begin: in scene coordinates.
        end: likewise.
        straight: whether edges are drawn as straight lines.
    """
    near = sketch.edges_in(QRectF(begin, end).normalized())
    if straight:
        points = np.stack([sketch.start[near], sketch.end[near]], axis=1)
    else:
        points = sketch.along(near, _CURVE)
    first = np.array([begin.x(), begin.y()])
    along = np.array([end.x(), end.y()]) - first
    steps, off = np.diff(points, axis=1), points[:, :-1] - first
    turn = along[0] * steps[..., 1] - along[1] * steps[..., 0]
    with np.errstate(divide="ignore", invalid="ignore"):
        # How far along the line, and how far along the piece of the curve, the two meet.
        ours = (off[..., 0] * steps[..., 1] - off[..., 1] * steps[..., 0]) / turn
        theirs = (off[..., 0] * along[1] - off[..., 1] * along[0]) / turn
        meets = (ours >= 0) & (ours <= 1) & (theirs >= 0) & (theirs <= 1)
    hit = np.flatnonzero(meets.any(axis=1))
    at = ours[hit, meets[hit].argmax(axis=1)]
    return near[hit], first + at[:, None] * along


class Stroke:
    """A free-hand line, red for as long as it is drawn, and all that it has crossed.

    Args:
        canvas: the canvas.
        at: where it begins, in the viewport's coordinates.
        do: what is done at its end to the links it crossed, each with the place.
    """

    def __init__(
        self, canvas: Canvas, at: QPoint, do: Callable[[Mapping[Edge, QPointF]], None]
    ) -> None:
        self._canvas = canvas
        self._do = do
        self._sketch = canvas.picture.sketch
        self._at = at
        self._last = canvas.mapToScene(at)
        self._line = QPainterPath(self._last)
        self._crossed: dict[int, QPointF] = {}
        self._held = False

    def move(self, at: QPoint) -> None:
        if not self._held:
            if (at - self._at).manhattanLength() < QApplication.startDragDistance():
                return
            self._held = True
            self._canvas.lift(_NONE, _NONE, hide=True)
            self._canvas.viewport().setCursor(Qt.CursorShape.CrossCursor)
        canvas, here = self._canvas, self._canvas.mapToScene(at)
        straight = canvas.zoom < PLAIN_SCALE
        edges, points = crossed(self._sketch, self._last, here, straight=straight)
        for edge, (x, y) in zip(edges.tolist(), points.tolist(), strict=True):
            self._crossed.setdefault(edge, QPointF(x, y))
        around = _AROUND_PX / canvas.zoom
        painted = QRectF(self._last, here).normalized().adjusted(-around, -around, around, around)
        canvas.scene().update(painted)
        if len(edges):
            canvas.scene().update(self._sketch.dirty(_NONE, edges))
        self._line.lineTo(here)
        self._last = here

    def end(self, at: QPoint) -> None:
        self.move(at)
        self._put_away()
        edges = self._sketch.edges
        self._do({edges[edge]: at for edge, at in self._crossed.items()})

    def cancel(self) -> None:
        self._put_away()

    def paint(self, painter: QPainter) -> None:
        canvas = self._canvas
        red, scale = QColor(canvas.theme.error), canvas.zoom
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(red, CROSSED_PX / scale))
        exposed = painter.clipBoundingRect()
        edges = np.array(list(self._crossed), np.int64)
        if scale < PLAIN_SCALE:
            painter.drawLines(self._sketch.lines(edges))
        else:
            for edge in self._sketch.curves_in(edges, exposed).tolist():
                painter.drawPath(self._sketch.path(edge))
        painter.setPen(QPen(red, LINE_PX / scale, Qt.PenStyle.DashLine))
        painter.drawPath(self._line)

    def _put_away(self) -> None:
        if self._held:
            self._canvas.land()
            self._canvas.viewport().unsetCursor()
