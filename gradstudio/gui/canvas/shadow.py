"""The soft shadows of nodes: each form is drawn once for a scale, and is a pixmap from then on."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPixmap

from gradstudio.gui.canvas.face import Face

_SHADOW_PX = 8.0
MOST_KEPT = 64


class Shadows:
    """The shadows of one theme."""

    def __init__(self, *, dark: bool) -> None:
        self._dark = dark
        self._made: dict[tuple[float, float, float], QPixmap] = {}

    def paint(
        self, painter: QPainter, face: Face, rect: QRectF, scale: float, *, on_paper: bool
    ) -> None:
        """Paint the shadow of a body that lies in `rect`; on paper without any pixels."""
        if on_paper:
            painter.save()
            painter.translate(rect.center())
            _paint_soft(painter, face, self._dark)
            painter.restore()
            return
        ratio = scale * painter.device().devicePixelRatio()
        key = (*face.half, ratio)
        pixmap = self._made.get(key)
        if pixmap is None:
            if len(self._made) > MOST_KEPT:
                self._made.clear()
            pixmap = self._made[key] = _shadow(face, ratio, self._dark)
        target = rect.adjusted(-_SHADOW_PX, -_SHADOW_PX, _SHADOW_PX, _SHADOW_PX)
        painter.drawPixmap(target, pixmap, QRectF(pixmap.rect()))


def paint_shape(painter: QPainter, face: Face, rect: QRectF, round_px: float) -> None:
    """Paint the form of a body: an ellipse or a box with round corners."""
    if face.circle:
        painter.drawEllipse(rect)
    else:
        painter.drawRoundedRect(rect, round_px, round_px)


def _shadow(face: Face, ratio: float, dark: bool) -> QPixmap:
    wide, high = face.half[0] + _SHADOW_PX, face.half[1] + _SHADOW_PX
    pixmap = QPixmap(max(1, round(2 * wide * ratio)), max(1, round(2 * high * ratio)))
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.scale(pixmap.width() / (2 * wide), pixmap.height() / (2 * high))
    painter.translate(wide, high)
    _paint_soft(painter, face, dark)
    painter.end()
    return pixmap


def _paint_soft(painter: QPainter, face: Face, dark: bool) -> None:
    """Paint a soft shadow around the origin: translucent copies of the form, each smaller."""
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(0, 0, 0, 16 if dark else 6))
    for grow in (4.5, 3.5, 2.5, 1.5, 0.5):
        x, y = face.half[0] + grow, face.half[1] + grow
        rect = QRectF(-x, 1.5 - y, 2 * x, 2 * y)
        paint_shape(painter, face, rect, min(face.half[1], 16.0) + grow)
