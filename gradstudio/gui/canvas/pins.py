"""The gesture on an edge's numbers: a click pins them, or lets them go; a drag puts them elsewhere.

Pinned numbers are shown at every zoom, however crowded it is, and stand still for all others.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QApplication

from gradstudio.graph import Edge, Point

if TYPE_CHECKING:
    from gradstudio.gui.canvas.view import Canvas


class PinLabel:
    """Left press on the numbers of an edge."""

    def __init__(self, canvas: Canvas, at: QPoint, edge: int) -> None:
        self._canvas = canvas
        self._from = at
        self._edge = edge
        self._home = pin_of(canvas, edge)
        self._pinned = edge in canvas.picture.sketch.pins
        self._moved = False

    def move(self, at: QPoint) -> None:
        canvas = self._canvas
        if not self._moved:
            far = (at - self._from).manhattanLength()
            if far < QApplication.startDragDistance():
                return
            self._moved = True
        way = canvas.mapToScene(at) - canvas.mapToScene(self._from)
        self._show((round(self._home[0] + way.x(), 1), round(self._home[1] + way.y(), 1)))

    def end(self, at: QPoint) -> None:
        self.move(at)
        canvas, link = self._canvas, self._canvas.picture.sketch.edges[self._edge]
        if self._moved:
            there = canvas.picture.sketch.pins[self._edge]
            self._restore()
            canvas.edits.pin(link, there)
        else:
            toggle_pin(canvas, link)

    def cancel(self) -> None:
        if self._moved:
            self._restore()

    def paint(self, painter: QPainter) -> None:
        """Nothing: the numbers themselves show it."""

    def _show(self, pin: Point) -> None:
        self._canvas.picture.sketch.pin(self._edge, pin)
        self._canvas.viewport().update()

    def _restore(self) -> None:
        sketch = self._canvas.picture.sketch
        sketch.pin(self._edge, self._home if self._pinned else None)
        self._canvas.viewport().update()


def pin_of(canvas: Canvas, edge: int) -> Point:
    """Return how far from its port the label of an edge stands now, or would be pinned."""
    sketch = canvas.picture.sketch
    if edge in sketch.pins:
        return sketch.pins[edge]
    x, y = (sketch.label_at[edge] - sketch.end[edge]).tolist()
    if not abs(x) + abs(y) < float("inf"):
        # It has found no room: a little before the port, above.
        return (-60.0, -40.0)
    return (round(x, 1), round(y, 1))


def toggle_pin(canvas: Canvas, link: Edge) -> None:
    """Pin the numbers of a link where they stand, or let them go."""
    edge = canvas.picture.sketch.edge_index[link.target, link.port]
    pinned = edge in canvas.picture.sketch.pins
    canvas.edits.pin(link, None if pinned else pin_of(canvas, edge))
