"""The three things the scene holds: all edges, all nodes, and what moves above them just now.

While something moves, all else is one pixmap, so that a step costs what moves and no more.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPixmap, QTransform
from PySide6.QtWidgets import (
    QGraphicsItem,
    QGraphicsScene,
    QStyleOptionGraphicsItem,
    QWidget,
)

from gradstudio.gui.canvas.sketch import Ints, Mask

if TYPE_CHECKING:
    from gradstudio.gui.canvas.view import Canvas

EVERYWHERE = QRectF(-2e7, -2e7, 4e7, 4e7)
"""The scene: room for 100,000 nodes in a row."""
GRID_PX = 20.0
LEAST_GRID_PX = 14.0
"""Dots that would come nearer to each other than this are thinned out."""


class Layer(QGraphicsItem):
    """One item that paints very many things: `paint_part` gets what must be painted."""

    def __init__(self, paint_part: Callable[[QPainter, QRectF], None]) -> None:
        super().__init__()
        self._paint_part = paint_part
        # Without this flag the exposed rectangle would always be the whole item.
        self.setFlag(QGraphicsItem.GraphicsItemFlag.ItemUsesExtendedStyleOption)
        self.setAcceptedMouseButtons(Qt.MouseButton.NoButton)

    def boundingRect(self) -> QRectF:
        return EVERYWHERE

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        self._paint_part(painter, option.exposedRect)


class Layers:
    """The layers of one canvas."""

    def __init__(self, canvas: Canvas) -> None:
        self._canvas = canvas
        self._edges = Layer(self._paint_edges)
        self._nodes = Layer(self._paint_nodes)
        self._above = Layer(self._paint_above)
        self._lifted: tuple[Ints, Ints] | None = None
        self._hidden = False
        self._still: QPixmap | None = None

    def add_to(self, scene: QGraphicsScene) -> None:
        """Put the layers into a scene, the lowest first."""
        scene.setSceneRect(EVERYWHERE)
        for layer in (self._edges, self._nodes, self._above):
            scene.addItem(layer)

    # -- what moves -------------------------------------------------------------------------

    def lift(self, nodes: Ints, edges: Ints, *, hide: bool) -> None:
        """Paint `nodes` and `edges` above a pixmap of all else, or with `hide` not at all."""
        self._lifted, self._hidden, self._still = (nodes, edges), hide, None
        self._canvas.viewport().update()

    def land(self) -> None:
        """Paint everything in its place again."""
        self._lifted, self._still = None, None
        self._canvas.viewport().update()

    def stale(self) -> None:
        """Make the pixmap again when it is next needed."""
        if self._still is not None:
            self._still = None
            self._canvas.viewport().update()

    def _take_still(self, lifted: tuple[Ints, Ints]) -> QPixmap:
        canvas, sketch = self._canvas, self._canvas.picture.sketch
        viewport = canvas.viewport()
        ratio = viewport.devicePixelRatioF()
        still = QPixmap(viewport.size() * ratio)
        still.setDevicePixelRatio(ratio)
        still.fill(QColor(canvas.theme.canvas))
        seen = canvas.viewportTransform().inverted()[0].mapRect(QRectF(viewport.rect()))
        painter = QPainter(still)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setTransform(canvas.viewportTransform())
        self.paint_background(painter, seen)
        nodes, edges = lifted
        picture = canvas.picture
        picture.paint_edges(painter, _without(sketch.edges_in(seen), edges), canvas.zoom)
        picture.paint_nodes(painter, _without(sketch.nodes_in(seen), nodes), canvas.zoom)
        painter.end()
        return still

    # -- painting ---------------------------------------------------------------------------

    def _paint_edges(self, painter: QPainter, exposed: QRectF) -> None:
        picture, zoom = self._canvas.picture, self._canvas.zoom
        if self._lifted is None:
            picture.paint_edges(painter, picture.sketch.edges_in(exposed), zoom)
            return
        if self._still is None:
            self._still = self._take_still(self._lifted)
        painter.save()
        painter.setTransform(QTransform())
        painter.drawPixmap(QPointF(0, 0), self._still)
        painter.restore()

    def _paint_nodes(self, painter: QPainter, exposed: QRectF) -> None:
        if self._lifted is None:
            picture = self._canvas.picture
            nodes = picture.sketch.nodes_in(exposed)
            picture.paint_nodes(painter, nodes, self._canvas.zoom)

    def _paint_above(self, painter: QPainter, exposed: QRectF) -> None:
        canvas = self._canvas
        if self._lifted is not None and not self._hidden:
            nodes, edges = self._lifted
            sketch = canvas.picture.sketch
            canvas.picture.paint_edges(
                painter, np.intersect1d(edges, sketch.edges_in(exposed)), canvas.zoom
            )
            canvas.picture.paint_nodes(
                painter, np.intersect1d(nodes, sketch.nodes_in(exposed)), canvas.zoom
            )
        if canvas.gesture is not None:
            canvas.gesture.paint(painter)

    def paint_background(self, painter: QPainter, exposed: QRectF) -> None:
        """Paint the canvas and its grid of dots."""
        theme, zoom = self._canvas.theme, self._canvas.zoom
        painter.fillRect(exposed, QColor(theme.canvas))
        step = GRID_PX
        while step * zoom < LEAST_GRID_PX:
            step *= 2
        dot = QPen(QColor(theme.grid), max(1.6, 2 * zoom) / zoom)
        dot.setCapStyle(Qt.PenCapStyle.RoundCap)
        painter.setPen(dot)
        first_x, first_y = exposed.left() // step, exposed.top() // step
        across = np.arange(first_x, exposed.right() // step + 2) * step
        down = np.arange(first_y, exposed.bottom() // step + 2) * step
        painter.drawPoints([QPointF(x, y) for y in down.tolist() for x in across.tolist()])

    def paint_hint(self, painter: QPainter, text: str) -> None:
        """Write a line into the middle of the empty canvas."""
        canvas = self._canvas
        painter.save()
        painter.setTransform(QTransform())
        painter.setFont(canvas.picture.fonts.hint)
        painter.setPen(QPen(QColor(canvas.theme.muted)))
        painter.drawText(
            QRectF(canvas.viewport().rect()).adjusted(24, 0, -24, 0),
            Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap,
            text,
        )
        painter.restore()


def _without(many: Ints, some: Ints) -> Ints:
    keep: Mask = ~np.isin(many, some)
    return many[keep]
