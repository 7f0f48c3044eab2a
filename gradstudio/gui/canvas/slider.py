"""The slider below a leaf: its number goes from one end of a range to the other, by mouse or keys.

What is dragged or held down is one undo step. The range lies with the layout of the graph.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QSlider

from gradstudio.errors import GradStudioError
from gradstudio.graph import Graph, Point
from gradstudio.gui.canvas.scrub import Trial, is_scalar_leaf
from gradstudio.gui.floating import put_away
from gradstudio.gui.panels.facts import restyle
from gradstudio.numbers import full_text, read_number

if TYPE_CHECKING:
    from gradstudio.gui.canvas.view import Canvas

STEPS = 1000
KEY_STEPS, PAGE_STEPS = 10, 100
WIDTH_PX, END_PX, GAP_PX, EDGE_PX = 260, 56, 8, 4


class LeafSlider(QFrame):
    """The slider of one leaf; Escape takes back what is under way, then closes it."""

    def __init__(self, canvas: Canvas, name: str) -> None:
        super().__init__(canvas.viewport())
        self.setProperty("box", "popup")
        self.setAutoFillBackground(True)
        self._canvas = canvas
        self.name = name
        self._trial: Trial | None = None
        self._range = range_of(canvas.document.graph, name)
        self.slider = QSlider(Qt.Orientation.Horizontal, self)
        self.slider.setRange(0, STEPS)
        self.slider.setSingleStep(KEY_STEPS)
        self.slider.setPageStep(PAGE_STEPS)
        self.slider.setAccessibleName(self.tr("Value of {name}").format(name=name))
        self.least, self.most = QLineEdit(self), QLineEdit(self)
        row = QHBoxLayout(self)
        row.setContentsMargins(GAP_PX, 4, GAP_PX, 4)
        for end, said in ((self.least, self.tr("From")), (self.most, self.tr("To"))):
            end.setFixedWidth(END_PX)
            end.setAccessibleName(said)
            end.setToolTip(said)
            end.setAlignment(Qt.AlignmentFlag.AlignCenter)
            end.editingFinished.connect(self._take_range)
        row.addWidget(self.least)
        row.addWidget(self.slider, 1)
        row.addWidget(self.most)
        self._show_all()
        self.slider.valueChanged.connect(self._slide)
        self.slider.sliderReleased.connect(self._keep)
        self.setFixedWidth(WIDTH_PX)
        self.adjustSize()
        self.follow()
        self.show()
        self.slider.setFocus(Qt.FocusReason.OtherFocusReason)

    def follow(self) -> None:
        """Lie below the leaf again after the canvas moved."""
        sketch = self._canvas.picture.sketch
        rect = sketch.rect(sketch.index[self.name])
        at = self._canvas.lens.seen(QPointF(rect.center().x(), rect.bottom()))
        room = self._canvas.viewport().rect()
        left, top = round(at.x()) - WIDTH_PX // 2, round(at.y()) + GAP_PX
        if top + self.height() > room.bottom():
            # Below is no room; above the leaf its number stays in sight, too.
            above = self._canvas.lens.seen(QPointF(rect.center().x(), rect.top())).y()
            top = round(above) - GAP_PX - self.height()
        # Its leaf may be at the edge, or out of sight; what is dragged is not.
        left = max(min(left, room.right() - WIDTH_PX - EDGE_PX), EDGE_PX)
        top = max(min(top, room.bottom() - self.height() - EDGE_PX), EDGE_PX)
        self.move(left, top)

    def refresh(self) -> bool:
        """Show what the leaf now holds; return False where it is none with one number any more."""
        graph = self._canvas.document.graph
        self._trial = self._canvas.trial = None
        if self.name not in graph.nodes or not is_scalar_leaf(self._canvas, self.name):
            return False
        self._range = range_of(graph, self.name)
        self._show_all()
        return True

    def close_slider(self) -> None:
        """Go away; what is under way is kept."""
        self._keep()
        put_away(self, self._canvas)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        event.accept()
        if event.key() == Qt.Key.Key_Escape and self._trial is not None:
            trial, self._trial = self._trial, None
            trial.drop()
            self._show_all()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and (not self.slider.hasFocus()):
            # What was typed is a range, which shows on the slider.
            self.slider.setFocus()
        elif event.key() in (Qt.Key.Key_Escape, Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._canvas.overlays.close_slider()

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        event.accept()
        if not event.isAutoRepeat():
            self._keep()

    def _slide(self, step: int) -> None:
        if self._trial is None:
            self._trial = Trial(self._canvas, self.name)
        self._trial.show(at_step(self._range, step))

    def _keep(self) -> None:
        if self._trial is not None and not self.slider.isSliderDown():
            trial, self._trial = self._trial, None
            trial.keep()

    def _show_all(self) -> None:
        least, most = self._range
        value = self._canvas.document.graph.nodes[self.name].value
        now = least if value is None else float(value.reshape(()))
        part = (min(max(now, least), most) - least) / (most - least)
        self.slider.blockSignals(True)
        self.slider.setValue(round(part * STEPS))
        self.slider.blockSignals(False)
        for end, number in ((self.least, least), (self.most, most)):
            end.setText(full_text(number))
            end.setCursorPosition(0)
            restyle(end, "wrong", False)

    def _take_range(self) -> None:
        ends = []
        for end in (self.least, self.most):
            try:
                ends.append(read_number(end.text()))
            except GradStudioError:
                restyle(end, "wrong", True)
                return
        wanted = (ends[0], ends[1])
        if wanted != self._range and not self._canvas.edits.set_range(self.name, wanted):
            restyle(self.most, "wrong", True)


def range_of(graph: Graph, name: str) -> Point:
    """Return from where to where a leaf's slider goes: what was chosen, else what suits it."""
    look, value = graph.looks.get(name), graph.nodes[name].value
    if look is not None and look.range is not None:
        return look.range
    size = 0.0 if value is None else abs(float(value.reshape(())))
    most = 10.0 ** math.ceil(math.log10(size)) if 1e-300 < size < 1e300 else 1.0
    return -most, most


def at_step(limits: Point, step: int) -> float:
    """Return the number at a step of the slider, with no more digits than a step needs."""
    least, most = limits
    if step in (0, STEPS):
        return least if step == 0 else most
    each = (most - least) / STEPS
    return round(least + step * each, max(0, 1 - math.floor(math.log10(each)))) + 0.0
