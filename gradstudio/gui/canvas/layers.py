"""What the scene holds: all curves, all labels, all nodes, and above them what moves just now.

While something moves, all else is one pixmap, so that a step costs what moves and no more.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt, QTimer
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


NONE: Ints = np.zeros(0, np.int64)


def painted(part: Callable[[QPainter, QRectF], None], painter: QPainter, exposed: QRectF) -> None:
    """Paint a part of the canvas; what goes wrong is said later, as any other defect is.

    WORKAROUND: PySide ends the process for an error that leaves a painting method of a scene.
    """
    try:
        part(painter, exposed)
    except Exception as error:  # noqa: BLE001 - the boundary to Qt: the graph is to survive it
        wrong = type(error), error, error.__traceback__
        QTimer.singleShot(0, lambda: sys.excepthook(*wrong))


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
        painted(self._paint_part, painter, option.exposedRect)


class Layers:
    """The layers of one canvas, and the pixmaps of what stands still below them."""

    def __init__(self, canvas: Canvas) -> None:
        self._canvas = canvas
        self._layers = [Layer(part) for part in (self._labels, self._nodes, self._above)]
        self._lifted: tuple[Ints, Ints] | None = None
        self._hidden = False
        self._still: QPixmap | None = None
        self._ground: QPixmap | None = None
        self._ground_key: tuple[object, ...] = ()
        self._dots: QPixmap | None = None
        self._dots_key: tuple[object, ...] = ()

    def add_to(self, scene: QGraphicsScene) -> None:
        """Put the layers into a scene, the lowest first."""
        scene.setSceneRect(EVERYWHERE)
        for layer in self._layers:
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
        """Make the pixmap of what stands still again when it is next needed."""
        if self._still is not None:
            self._still = None
            self._canvas.viewport().update()

    # -- painting ---------------------------------------------------------------------------

    def paint_ground(self, painter: QPainter, exposed: QRectF) -> None:
        """Paint what lies lowest: the canvas, its dots and the curves.

        When numbers change, curves do not: seen a second time, they come from a pixmap.
        """
        if self._lifted is not None:
            if self._still is None:
                self._still = self._pixmap(self._paint_still)
            _blit(painter, self._still)
            return
        key = self._key()
        if key != self._ground_key:
            self._ground, self._ground_key = None, key
            self._paint_ground(painter, exposed)
            return
        if self._ground is None:
            self._ground = self._pixmap(self._paint_ground)
        _blit(painter, self._ground)

    def _key(self) -> tuple[object, ...]:
        canvas = self._canvas
        sketch, viewport = canvas.picture.sketch, canvas.viewport()
        return (
            canvas.viewportTransform(),
            viewport.size(),
            viewport.devicePixelRatioF(),
            canvas.theme.name,
            canvas.boards.version,
            sketch,
            sketch.version,
        )

    def _pixmap(self, paint: Callable[[QPainter, QRectF], None]) -> QPixmap:
        canvas = self._canvas
        viewport = canvas.viewport()
        ratio = viewport.devicePixelRatioF()
        pixmap = QPixmap(viewport.size() * ratio)
        pixmap.setDevicePixelRatio(ratio)
        painter = QPainter(pixmap)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setTransform(canvas.viewportTransform())
        seen = canvas.viewportTransform().inverted()[0].mapRect(QRectF(viewport.rect()))
        try:
            paint(painter, seen)
        finally:
            painter.end()
        return pixmap

    def _paint_ground(self, painter: QPainter, exposed: QRectF) -> None:
        picture = self._canvas.picture
        self._paint_dots(painter)
        self._canvas.boards.paint(painter, exposed)
        edges = picture.sketch.edges_in(exposed)
        picture.paint_curves(painter, edges, self._canvas.zoom, exposed)

    def _paint_still(self, painter: QPainter, exposed: QRectF) -> None:
        picture, zoom = self._canvas.picture, self._canvas.zoom
        nodes, edges = self._lifted or (NONE, NONE)
        self._paint_dots(painter)
        self._canvas.boards.paint(painter, exposed)
        others = _without(picture.sketch.edges_in(exposed), edges)
        picture.paint_curves(painter, others, zoom, exposed)
        picture.paint_labels(painter, others, zoom, exposed)
        picture.paint_nodes(painter, _without(picture.nodes_in(exposed, zoom), nodes), zoom)
        picture.paint_pins(painter, others, zoom)

    def _labels(self, painter: QPainter, exposed: QRectF) -> None:
        if self._lifted is None:
            picture = self._canvas.picture
            edges = picture.sketch.edges_in(exposed)
            picture.paint_labels(painter, edges, self._canvas.zoom, exposed)

    def _nodes(self, painter: QPainter, exposed: QRectF) -> None:
        if self._lifted is None:
            picture, zoom = self._canvas.picture, self._canvas.zoom
            picture.paint_nodes(painter, picture.nodes_in(exposed, zoom), zoom)
            edges = picture.sketch.edges_in(exposed)
            picture.paint_pins(painter, edges, zoom)

    def _above(self, painter: QPainter, exposed: QRectF) -> None:
        canvas = self._canvas
        canvas.boards.paint_lifted(painter, exposed)
        if self._lifted is not None and not self._hidden:
            picture, zoom = canvas.picture, canvas.zoom
            nodes, edges = self._lifted
            edges = np.intersect1d(edges, picture.sketch.edges_in(exposed))
            nodes = np.intersect1d(nodes, picture.nodes_in(exposed, zoom))
            picture.paint_curves(painter, edges, zoom, exposed)
            picture.paint_labels(painter, edges, zoom, exposed)
            picture.paint_nodes(painter, nodes, zoom)
            picture.paint_pins(painter, edges, zoom)
        canvas.caret.paint(painter)
        canvas.cycle.paint(painter)
        if canvas.blanks is not None:
            canvas.blanks.paint(painter, exposed)
        if canvas.gesture is not None:
            # So that a gesture that paints much knows what of it is seen.
            painter.setClipRect(exposed)
            canvas.gesture.paint(painter)
            painter.setClipping(False)
        if canvas.overlays.finder is not None:
            canvas.overlays.finder.paint_link(painter)

    def _paint_dots(self, painter: QPainter) -> None:
        """Paint the dots, from a picture of them that is a step larger than what is seen."""
        canvas, theme, zoom = self._canvas, self._canvas.theme, self._canvas.zoom
        step = GRID_PX
        while step * zoom < LEAST_GRID_PX:
            step *= 2
        viewport = canvas.viewport()
        ratio = viewport.devicePixelRatioF()
        key = (theme.name, zoom, viewport.size(), ratio)
        if self._dots is None or key != self._dots_key:
            self._dots, self._dots_key = self._dotted(step * zoom), key
        origin = canvas.viewportTransform().map(QPointF(0, 0))
        left, top = (at % (step * zoom) - step * zoom for at in (origin.x(), origin.y()))
        painter.save()
        painter.setTransform(QTransform())
        painter.drawPixmap(QPointF(round(left * ratio), round(top * ratio)) / ratio, self._dots)
        painter.restore()

    def _dotted(self, step_px: float) -> QPixmap:
        theme, zoom, viewport = self._canvas.theme, self._canvas.zoom, self._canvas.viewport()
        ratio = viewport.devicePixelRatioF()
        wide, high = viewport.width() + 2 * step_px, viewport.height() + 2 * step_px
        pixmap = QPixmap(math.ceil(wide * ratio), math.ceil(high * ratio))
        pixmap.setDevicePixelRatio(ratio)
        pixmap.fill(QColor(theme.canvas))
        pen = QPen(QColor(theme.grid), max(1.6, 2 * zoom))
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        painter = QPainter(pixmap)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(pen)
        across = (np.arange(wide // step_px + 1) * step_px).tolist()
        down = (np.arange(high // step_px + 1) * step_px).tolist()
        painter.drawPoints([QPointF(x, y) for y in down for x in across])
        painter.end()
        return pixmap

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


def _blit(painter: QPainter, pixmap: QPixmap) -> None:
    """Put a pixmap of the viewport where the viewport is."""
    painter.save()
    painter.setTransform(QTransform())
    painter.drawPixmap(QPointF(0, 0), pixmap)
    painter.restore()


def _without(many: Ints, some: Ints) -> Ints:
    keep: Mask = ~np.isin(many, some)
    return many[keep]
