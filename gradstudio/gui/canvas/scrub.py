"""A leaf's number under the hand: how far a px takes it, and how the whole graph follows.

While it is dragged the document shows another value and keeps nothing; the end is one undo step.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QApplication

from gradstudio.gui.canvas.under import node_under
from gradstudio.numbers import number_text

if TYPE_CHECKING:
    from gradstudio.gui.canvas.view import Canvas

STEPS_TO_DOUBLE = 2
"""A px changes the third digit: 100 of them take 1 to 2, 20 to 30, 0.001 to 0.002."""
LEAST_SIZE, MOST_SIZE = 1e-12, 1e12
"""Between which sizes a px means more for a larger number."""
NOTCH_PX = 10.0
"""How many px a notch of the wheel is."""
_BUBBLE_PX = (72.0, 24.0)


class Dial:
    """A number that is turned, and stops at numbers with few digits.

    Args:
        start: where it stands; turned back, it stops there exactly, however many digits it has.
    """

    def __init__(self, start: float) -> None:
        self.start = self.value = self._exact = start

    def turn(self, px: float, *, fine: bool = False, coarse: bool = False) -> float:
        """Turn it by so many px, and return where it stands.

        Args:
            px: how far, to the right or up.
            fine: ten times slower, with one digit more.
            coarse: ten times faster, stopping at rounder numbers.
        """
        size = max(abs(self.start), abs(self._exact)) or 1.0
        size = min(max(size, LEAST_SIZE), MOST_SIZE)
        place = math.floor(math.log10(size)) - STEPS_TO_DOUBLE + coarse - fine
        exact = self._exact + px * 10.0**place
        self._exact = exact
        if abs(exact - self.start) < 0.5 * 10.0**place and not coarse:
            self.value = self.start
        else:
            self.value = round(exact, -place) + 0.0
        return self.value


class Trial:
    """Another number in a leaf: every number that depends on it is shown, and nothing kept yet.

    Args:
        canvas: the canvas.
        name: the leaf.
    """

    def __init__(self, canvas: Canvas, name: str) -> None:
        self._canvas = canvas
        self.name = name
        self._graph = canvas.document.graph
        value = self._graph.nodes[name].value
        self.start = self.value = 0.0 if value is None else float(value.reshape(()))
        self.seen = not canvas.document.previewing
        """Whether it is shown: a training run under way shows its own numbers."""
        canvas.trial = self if self.seen else None

    def show(self, value: float) -> None:
        """Let the graph be seen with `value` in the leaf."""
        if value != self.value:
            self.value = value
            if self.seen:
                changed = self._graph.set_values({self.name: value})
                self._canvas.document.preview(changed)

    def keep(self) -> None:
        """Make it the document's, as one undo step."""
        if self.value == self.start:
            self.drop()
        else:
            self._canvas.trial = None
            if not self._canvas.edits.set_number(self.name, self.value):
                # An exercise may refuse it: what is shown is then of no graph there is.
                self.drop()

    def drop(self) -> None:
        """Show the document's own numbers again."""
        self._canvas.trial = None
        if self.seen:
            self._canvas.document.preview(None)


class Scrub:
    """Left drag on a leaf's number: to the right it grows. Shift: finely; Ctrl: in round steps."""

    def __init__(self, canvas: Canvas, at: QPoint, name: str, *, keep: bool) -> None:
        self._canvas = canvas
        self._last = at
        self._keep = keep
        self._name = name
        self._trial: Trial | None = None
        self._dial = Dial(0.0)
        self._painted = QRectF()

    def move(self, at: QPoint) -> None:
        canvas = self._canvas
        if self._trial is None:
            if (at - self._last).manhattanLength() < QApplication.startDragDistance():
                return
            self._trial = Trial(canvas, self._name)
            self._dial = Dial(self._trial.start)
            self._last = at
            return
        fine = bool(canvas.modifiers & Qt.KeyboardModifier.ShiftModifier)
        coarse = bool(canvas.modifiers & Qt.KeyboardModifier.ControlModifier)
        self._trial.show(self._dial.turn(at.x() - self._last.x(), fine=fine, coarse=coarse))
        self._last = at
        if not self._trial.seen:
            canvas.scene().update(_bubble(canvas, self._name).adjusted(-2, -2, 2, 2))

    def end(self, at: QPoint) -> None:
        self.move(at)
        if self._trial is not None:
            self._trial.keep()
        elif not self._keep:
            self._canvas.select((self._name,))

    def cancel(self) -> None:
        if self._trial is not None:
            self._trial.drop()

    def paint(self, painter: QPainter) -> None:
        if self._trial is not None and not self._trial.seen:
            paint_bubble(self._canvas, painter, self._name, self._trial.value)


class Turn:
    """The wheel with Alt over a leaf: its number goes step by step, and stays when Alt is let go.

    Shift: finely; Ctrl: in round steps.
    """

    def __init__(self, canvas: Canvas, name: str) -> None:
        self._canvas = canvas
        self._trial = Trial(canvas, name)
        self._dial = Dial(self._trial.start)

    @property
    def name(self) -> str:
        """The leaf."""
        return self._trial.name

    def step(self, notches: float, *, fine: bool, coarse: bool) -> None:
        """Go so many steps."""
        self._trial.show(self._dial.turn(notches * NOTCH_PX, fine=fine, coarse=coarse))
        self._canvas.scene().update(_bubble(self._canvas, self.name).adjusted(-2, -2, 2, 2))

    def move(self, at: QPoint) -> None:
        if not self._canvas.modifiers & Qt.KeyboardModifier.AltModifier:
            self._canvas.end_gesture(at)

    def end(self, at: QPoint) -> None:
        self._trial.keep()

    def cancel(self) -> None:
        self._trial.drop()

    def paint(self, painter: QPainter) -> None:
        if not self._trial.seen:
            paint_bubble(self._canvas, painter, self.name, self._trial.value)


def _bubble(canvas: Canvas, name: str) -> QRectF:
    sketch = canvas.picture.sketch
    rect, scale = sketch.rect(sketch.index[name]), 1 / canvas.zoom
    wide, high = _BUBBLE_PX[0] * scale, _BUBBLE_PX[1] * scale
    middle = rect.center().x()
    return QRectF(middle - wide / 2, rect.top() - high - 6 * scale, wide, high)


def paint_bubble(canvas: Canvas, painter: QPainter, name: str, value: float) -> None:
    """Write the number over its leaf: what the leaf itself shows is a training run's."""
    theme, rect = canvas.theme, _bubble(canvas, name)
    painter.setPen(QPen(QColor(theme.line), 0))
    painter.setBrush(QColor(theme.card))
    painter.drawRoundedRect(rect, rect.height() / 4, rect.height() / 4)
    font = canvas.picture.fonts.at(1 / canvas.zoom).value
    painter.setFont(font)
    painter.setPen(QColor(theme.text))
    painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, number_text(value))


def scrubbed_at(canvas: Canvas, where: QPointF) -> str | None:
    """Return the leaf whose number is written at a point of the scene and can be dragged."""
    if not canvas.shows_text:
        return None
    picture = canvas.picture
    node = node_under(picture.sketch, where)
    if node is None or not is_scalar_leaf(canvas, picture.sketch.names[node]):
        return None
    rect = picture.number_rect(node, canvas.zoom)
    return picture.sketch.names[node] if rect is not None and rect.contains(where) else None


def is_scalar_leaf(canvas: Canvas, name: str) -> bool:
    """Return whether the node is a leaf with one number in it."""
    value = canvas.document.graph.nodes[name].value
    return value is not None and value.ndim == 0
