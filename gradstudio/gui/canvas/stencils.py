"""What many nodes have in common: drawn once for a scale, and from then on only copied.

A copy lies on whole pixels of the screen, so each form is kept as it falls between them, in
quarters of a pixel: where it lies is right to an eighth, and nobody sees that it is a copy.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPixmap, QTransform

from gradstudio.graph import Point
from gradstudio.gui.canvas.sketch import Floats

PARTS = 4
"""Into how many parts a pixel is divided, across and down."""
REACH_PX = 8.0
"""How far shadows and ports come out of the body of a node."""
ROUND_PX = 16.0
"""The radius of a box's corners, of one that is not very low."""
MOST_SIDE_PX = 200
"""Of nodes that are larger than this few are in sight."""
MOST_KEPT_PX = 4_000_000
"""More pixels than the nodes take that a large screen shows at once."""
UNMOVED = QTransform()
"""What leads from the px of the window to themselves."""


class Form(NamedTuple):
    """What two nodes must share to be copies of each other.

    Args:
        half: half the width and the height of the body.
        circle: whether it is round.
        kind: which colours it has.
        marked: whether its border says that it is selected.
        larger: how much larger texts are drawn than usual.
        fine: whether it has a shadow, a symbol and ports.
        symbol: the symbol of an op; "" for none.
        symbol_px: how wide that is.
        ports: where the input ports lie, from the middle.
        fed: of each port whether something is linked to it.
    """

    half: Point
    circle: bool
    kind: str
    marked: bool
    larger: float
    fine: bool
    symbol: str = ""
    symbol_px: float = 0.0
    ports: tuple[Point, ...] = ()
    fed: tuple[bool, ...] = ()

    @property
    def shadowed(self) -> bool:
        """Whether it has a shadow."""
        return self.fine and self.kind != "dot"


class Stencils:
    """The forms of one theme in one family of fonts, as pixmaps of one scale.

    Args:
        dark: whether the theme is dark: shadows are deeper.
    """

    def __init__(self, *, dark: bool) -> None:
        self._dark = dark
        self.forms: list[Form] = []
        """By number."""
        self._numbers: dict[Form, int] = {}
        self._scale = (0.0, 0.0)
        self._made: dict[int, tuple[QPixmap, int, int]] = {}
        self._shadows: dict[tuple[Point, bool], QImage] = {}
        self._kept_px = 0

    def number(self, form: Form) -> int:
        """Return the number of a form, to which its nodes refer."""
        number = self._numbers.get(form)
        if number is None:
            number = self._numbers[form] = len(self.forms)
            self.forms.append(form)
        return number

    def fit(self, scale: float, ratio: float) -> None:
        """Make copies of this scale from now on.

        Args:
            scale: how many pixels of the screen a px of the scene takes.
            ratio: how many of them a px of the window takes.
        """
        if (scale, ratio) != self._scale:
            self._scale = scale, ratio
            self._empty()

    def _empty(self) -> None:
        self._made.clear()
        self._shadows.clear()
        self._kept_px = 0

    def copy(
        self, number: int, part: int, paint: Callable[[QPainter, Form], None]
    ) -> tuple[QPixmap, int, int] | None:
        """Return a form as a pixmap, and at which whole pixel of it the middle of the node lies.

        None for one that is too large.

        Args:
            number: of the form.
            part: the part of a pixel that its middle falls into.
            paint: paints a form around the origin, without its shadow.
        """
        key = number * PARTS * PARTS + part
        made = self._made.get(key)
        if made is None:
            form, (scale, ratio) = self.forms[number], self._scale
            across, down = (int((half + REACH_PX) * scale) + 1 for half in form.half)
            if 2 * max(across, down) > MOST_SIDE_PX:
                return None
            if self._kept_px > MOST_KEPT_PX:
                self._empty()
            image = _blank(2 * across + 1, 2 * down + 1)
            painter = QPainter(image)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.translate(across + part // PARTS / PARTS, down + part % PARTS / PARTS)
            painter.scale(scale, scale)
            if form.shadowed:
                self._paint_shadow(painter, form)
            paint(painter, form)
            painter.end()
            # Of the copy, for what has been painted on keeps an engine, ten times its size.
            pixmap = QPixmap.fromImage(image.copy())
            pixmap.setDevicePixelRatio(ratio)
            made = self._made[key] = pixmap, across, down
            self._kept_px += pixmap.width() * pixmap.height()
        return made

    def _paint_shadow(self, painter: QPainter, form: Form) -> None:
        """Paint a shadow around the origin: so soft that where it lies in a pixel is all the same.

        It is most of the work, and once done for all forms of a size.
        """
        wide, high = (half + REACH_PX for half in form.half)
        key = form.half, form.circle
        shadow = self._shadows.get(key)
        if shadow is None:
            scale = self._scale[0]
            shadow = _blank(max(1, round(2 * wide * scale)), max(1, round(2 * high * scale)))
            inner = QPainter(shadow)
            inner.setRenderHint(QPainter.RenderHint.Antialiasing)
            inner.scale(shadow.width() / (2 * wide), shadow.height() / (2 * high))
            inner.translate(wide, high)
            paint_shadow(inner, form, dark=self._dark)
            inner.end()
            self._shadows[key] = shadow
        painter.drawImage(QRectF(-wide, -high, 2 * wide, 2 * high), shadow, QRectF(shadow.rect()))


def pixels_of(points: Floats, device: QTransform) -> tuple[list[list[int]], list[int]]:
    """Return at which pixel each point lies, and in which part of it.

    Args:
        points: (n, 2), of the scene.
        device: from there to the pixels.
    """
    at = points * device.m11() + (device.dx(), device.dy())
    whole, part = np.divmod(np.floor(at * PARTS + 0.5).astype(np.int64), PARTS)
    return whole.tolist(), (part[:, 0] * PARTS + part[:, 1]).tolist()


def _blank(wide: int, high: int) -> QImage:
    image = QImage(wide, high, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.transparent)
    return image


def paint_shape(painter: QPainter, rect: QRectF, circle: bool, round_px: float) -> None:
    """Paint the form of a body: an ellipse or a box with round corners."""
    if circle:
        painter.drawEllipse(rect)
    else:
        painter.drawRoundedRect(rect, round_px, round_px)


def paint_shadow(painter: QPainter, form: Form, *, dark: bool) -> None:
    """Paint a soft shadow around the origin: translucent copies of the form, each smaller."""
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(0, 0, 0, 16 if dark else 6))
    for grow in (4.5, 3.5, 2.5, 1.5, 0.5):
        x, y = form.half[0] + grow, form.half[1] + grow
        rect = QRectF(-x, 1.5 - y, 2 * x, 2 * y)
        paint_shape(painter, rect, form.circle, min(form.half[1], ROUND_PX) + grow)
