"""The whole graph in a corner of the canvas, and which part of it is seen; a drag there pans.

What it shows of the nodes is a pixmap that is made anew only when they lie otherwise.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, QRectF, Qt
from PySide6.QtGui import (
    QBrush,
    QColor,
    QContextMenuEvent,
    QImage,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPixmap,
    QWheelEvent,
)
from PySide6.QtWidgets import QWidget

from gradstudio.gui.canvas.choice import Choice
from gradstudio.gui.canvas.sketch import Floats, Mask

if TYPE_CHECKING:
    from gradstudio.gui.canvas.view import Canvas

SHOWN = Choice("canvas/minimap", True)
MARGIN_PX = 12
LEAST_PX, MOST_PX = (116, 78), (200, 134)
PART = 0.15
"""How much of the canvas's width it takes, within these limits."""
LEAST_CANVAS_PX = (420, 300)
"""On a smaller canvas it would only be in the way."""
INSET_PX = 8.0
LEAST_SEEN_PX = 6.0
"""How large what is seen is drawn at least."""
AWAY_PX = 24
"""It goes away where something is dragged as near to it as this."""
MOST_DOTS = 3000
"""More nodes than these are drawn as a density: that costs the same for any number."""
MOST_MARKED = 500
DOT_PX = (2.2, 7.0)
_DENSITY = np.array([0, 110, 160, 200, 230, 255])
"""How opaque a pixel with so many nodes is."""


class Minimap(QWidget):
    """The overview of one canvas, at its lower right; hidden while all is in sight anyway.

    Args:
        canvas: what it is an overview of.
    """

    def __init__(self, canvas: Canvas) -> None:
        # Not in the viewport, which takes its children along when it scrolls.
        super().__init__(canvas)
        self._canvas = canvas
        self._pixmap = QPixmap()
        self._pixmap_key: tuple[object, ...] = ()
        self._bounds = QRectF()
        self._bounds_key: tuple[object, ...] = ()
        self._held: QPointF | None = None
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.hide()
        self.retranslate()
        canvas.selection_changed.connect(lambda _names: self.follow())

    # -- when and where it is shown ---------------------------------------------------------

    def follow(self) -> None:
        """Be where the canvas has room for it, or hidden."""
        canvas = self._canvas
        wide, high = canvas.width(), canvas.height()
        across = round(min(max(PART * wide, LEAST_PX[0]), MOST_PX[0]))
        down = round(across * LEAST_PX[1] / LEAST_PX[0])
        place = QRect(wide - across - MARGIN_PX, high - down - MARGIN_PX, across, down)
        if place != self.geometry():
            self.setGeometry(place)
        worked_on = canvas.overlays.worked_on
        if not canvas.picture.sketch.names:
            # Nothing is kept of a document that was closed.
            self._bounds_key = self._pixmap_key = ()
        shown = (
            SHOWN.on
            and wide >= LEAST_CANVAS_PX[0]
            and high >= LEAST_CANVAS_PX[1]
            and (worked_on is None or not place.intersects(worked_on))
            and len(canvas.picture.sketch.names) > 0
            and not self._seen().contains(self._whole())
        )
        if shown == self.isHidden():
            self.setVisible(shown)
        elif shown:
            self.update()

    def avoid(self, pointer: QPoint) -> None:
        """Hide from what is dragged as far as here, until it is let go."""
        around = self.geometry().adjusted(-AWAY_PX, -AWAY_PX, AWAY_PX, AWAY_PX)
        if around.contains(pointer):
            self.hide()

    # -- where things are -------------------------------------------------------------------

    def _seen(self) -> QRectF:
        canvas = self._canvas
        return canvas.mapToScene(canvas.viewport().rect()).boundingRect()

    def _whole(self) -> QRectF:
        """Return what all nodes take; found anew only when they lie otherwise."""
        sketch = self._canvas.picture.sketch
        key = (sketch, sketch.version)
        if key != self._bounds_key:
            low = (sketch.centres - sketch.half).min(axis=0)
            high = (sketch.centres + sketch.half).max(axis=0)
            self._bounds_key = key
            self._bounds = QRectF(QPointF(*low.tolist()), QPointF(*high.tolist()))
        return self._bounds

    def _scale(self) -> tuple[float, QPointF]:
        """Return how many px a px of the scene takes here, and where the scene's origin lies."""
        whole = self._whole()
        room = QRectF(self.rect()).adjusted(INSET_PX, INSET_PX, -INSET_PX, -INSET_PX)
        scale = min(
            room.width() / max(whole.width(), 1.0), room.height() / max(whole.height(), 1.0)
        )
        return scale, room.center() - whole.center() * scale

    # -- painting ---------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        canvas = self._canvas
        theme = canvas.theme
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ground = QColor(theme.card)
        ground.setAlphaF(0.9)
        painter.setPen(QPen(QColor(theme.line), 1))
        painter.setBrush(ground)
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)
        self._renew()
        painter.drawPixmap(0, 0, self._pixmap)
        marks = canvas.picture.marks
        if marks.found is not None:
            self._paint_marked(painter, marks.found, theme.warning)
        self._paint_marked(painter, marks.selected, theme.accent)
        scale, origin = self._scale()
        seen = self._seen()
        rect = QRectF(seen.topLeft() * scale + origin, seen.size() * scale)
        small = max(0.0, LEAST_SEEN_PX - rect.height()) / 2
        rect.adjust(-small, -small, small, small)
        inside = QRectF(self.rect()).adjusted(2.5, 2.5, -2.5, -2.5)
        # Where only nothing is seen, its edge shows on which side the nodes are not.
        rect.moveLeft(min(max(rect.left(), inside.left() - rect.width() + 3), inside.right() - 3))
        rect.moveTop(min(max(rect.top(), inside.top() - rect.height() + 3), inside.bottom() - 3))
        accent = QColor(theme.accent)
        painter.setPen(QPen(accent, 1.3))
        accent.setAlphaF(0.08)
        painter.setBrush(accent)
        painter.drawRoundedRect(rect.intersected(inside), 2, 2)
        painter.end()

    def _renew(self) -> None:
        canvas = self._canvas
        sketch = canvas.picture.sketch
        ratio = self.devicePixelRatioF()
        version = (sketch, sketch.version, canvas.boards.version)
        key = (*version, self.size(), ratio, canvas.theme.name)
        # While a drag goes on nodes lie otherwise at every step: the pixmap waits for its end.
        waits = canvas.gesture is not None and self._pixmap_key[:1] == (sketch,)
        if key == self._pixmap_key or waits:
            return
        self._pixmap_key = key
        self._pixmap = QPixmap(self.size() * ratio)
        self._pixmap.setDevicePixelRatio(ratio)
        self._pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(self._pixmap)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        scale, origin = self._scale()
        painter.setPen(QPen(QColor(canvas.theme.line), 1))
        for outline in canvas.boards.frames.values():
            at = outline.rect.topLeft() * scale + origin
            painter.drawRect(QRectF(at, outline.rect.size() * scale))
        colour = QColor(canvas.theme.edge)
        if len(sketch.names) > MOST_DOTS:
            painter.drawImage(0, 0, self._density(colour))
        else:
            self._dots(painter, sketch.centres, colour)
        painter.end()

    def _dots(self, painter: QPainter, centres: Floats, colour: QColor) -> None:
        scale, origin = self._scale()
        size = min(max(46 * scale, DOT_PX[0]), DOT_PX[1])
        pen = QPen(QBrush(colour), size)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        painter.setPen(pen)
        points = centres * scale + (origin.x(), origin.y())
        painter.drawPoints([QPointF(x, y) for x, y in points.tolist()])

    def _density(self, colour: QColor) -> QImage:
        scale, origin = self._scale()
        wide, high = self.width(), self.height()
        points = self._canvas.picture.sketch.centres * scale + (origin.x(), origin.y())
        columns, rows = np.clip(points, 0, (wide - 2, high - 2)).astype(np.int64).T
        counts = np.zeros(wide * high, np.int64)
        for right in (0, 1):
            for below in (0, 1):
                at = (rows + below) * wide + columns + right
                counts += np.bincount(at, minlength=len(counts))
        inks = []
        for opaque in _DENSITY.tolist():
            parts = (colour.red(), colour.green(), colour.blue())
            red, green, blue = (part * opaque // 255 for part in parts)
            inks.append(opaque << 24 | red << 16 | green << 8 | blue)
        pixels = np.array(inks, np.uint32)[np.minimum(counts, len(inks) - 1)]
        form = QImage.Format.Format_ARGB32_Premultiplied
        return QImage(pixels.tobytes(), wide, high, 4 * wide, form).copy()

    def _paint_marked(self, painter: QPainter, marked: Mask, colour: str) -> None:
        nodes = np.flatnonzero(marked)
        if 0 < len(nodes) <= MOST_MARKED:
            self._dots(painter, self._canvas.picture.sketch.centres[nodes], QColor(colour))

    # -- panning ----------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        event.accept()
        if event.button() == Qt.MouseButton.LeftButton:
            at, seen = self._scene(event.position()), self._seen()
            # Gripped where it is seen, that stays below the pointer.
            self._held = at - seen.center() if seen.contains(at) else QPointF()
            self._go(event.position())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        event.accept()
        if self._held is not None:
            self._go(event.position())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        event.accept()
        self._held = None
        self.follow()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.mousePressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        # It would be the menu of what lies below.
        event.accept()

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.accept()
        delta = event.angleDelta().y() or event.angleDelta().x()
        self._canvas.lens.zoom_by(delta, QPointF(self._canvas.viewport().rect().center()))

    def _scene(self, at: QPointF) -> QPointF:
        scale, origin = self._scale()
        return (at - origin) / scale

    def _go(self, at: QPointF) -> None:
        inside = QRectF(self.rect())
        at = QPointF(
            min(max(at.x(), inside.left()), inside.right()),
            min(max(at.y(), inside.top()), inside.bottom()),
        )
        self._canvas.centerOn(self._scene(at) - (self._held or QPointF()))

    # -- language ---------------------------------------------------------------------------

    def retranslate(self) -> None:
        """Write all texts in the present language."""
        self.setAccessibleName(self.tr("Minimap"))
        self.setToolTip(self.tr("Drag to see another part"))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
