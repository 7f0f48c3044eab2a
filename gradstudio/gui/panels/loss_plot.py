"""The curve of the loss over the steps."""

from __future__ import annotations

from array import array
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QEvent, Qt, QTimer
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from gradstudio.gui import style
from gradstudio.gui.theme import LIGHT, Theme
from gradstudio.numbers import number_text
from gradstudio.ops import Array

if TYPE_CHECKING:
    from pyqtgraph import PlotDataItem, PlotWidget

EMPTY_STEPS = 100
"""How far the axis goes before there is a curve."""
FEWEST_STEPS = 10
"""How far it goes at least when there is one."""
MOST_POINTS = 1600
"""Of a longer curve each part is drawn as its lowest and its highest point."""


class Curve:
    """The points to draw a curve of: at most `MOST_POINTS` and the last, its peaks kept.

    A loss is looked at once, when it comes, however long the curve is by then: the curve is kept
    in parts of `2 ** k` steps, and when there is no room for another part, each two become one.
    (Rejected: pyqtgraph's own downsampling, which goes through all points several times a frame.)
    """

    def __init__(self) -> None:
        self.count = 0
        self._size = 1
        self._steps = np.empty(0, dtype=np.int64)
        self._losses = np.empty(0)
        self._rest = self._last = np.empty(0)

    @property
    def waiting(self) -> int:
        """How many of the last losses are no whole part yet."""
        return len(self._rest)

    def extend(self, losses: Array) -> None:
        """Go on with `losses`."""
        rest = np.concatenate([self._rest, losses])
        self.count += len(losses)
        self._last = losses[-1:]
        while True:
            points = min(self._size, 2)
            parts = min(len(rest) // self._size, (MOST_POINTS - len(self._steps)) // points)
            used = parts * self._size
            first = self.count - len(rest) + 1
            self._append(np.arange(first, first + used), rest[:used])
            rest = rest[used:]
            if len(self._steps) < MOST_POINTS:
                break
            self._size *= 2
            steps, kept = self._steps, self._losses
            self._steps, self._losses = steps[:0], kept[:0]
            self._append(steps, kept, 2 * points)
        self._rest = rest

    def points(self) -> tuple[Array, Array]:
        """Return the steps (from 1) and the losses to draw."""
        if not len(self._steps) or self._steps[-1] == self.count:
            return self._steps, self._losses
        return np.append(self._steps, self.count), np.append(self._losses, self._last)

    def _append(self, steps: Array, losses: Array, size: int | None = None) -> None:
        """Keep the lowest and the highest point of each `size` points, in their order."""
        size = size or self._size
        if size > 2 and len(losses):
            parts = losses.reshape(-1, size)
            # Of equal points two are taken, so that every part has as many.
            low, high = parts.argmin(axis=1), size - 1 - parts[:, ::-1].argmax(axis=1)
            chosen = np.sort(np.stack([low, high], axis=1), axis=1)
            chosen = (chosen + np.arange(len(parts))[:, np.newaxis] * size).reshape(-1)
            steps, losses = steps[chosen], losses[chosen]
        self._steps = np.concatenate([self._steps, steps])
        self._losses = np.concatenate([self._losses, losses])


class LossPlot(QWidget):
    """The loss before each step, with a switch for a logarithmic scale."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme: Theme = LIGHT
        self._source: array[float] | None = None
        self._curve = Curve()
        self.chart: PlotWidget | None = None
        self._line: PlotDataItem | None = None
        self.last = QLabel(self)
        self.last.setTextFormat(Qt.TextFormat.PlainText)
        self.last.setProperty("role", "muted")
        self.log_box = QCheckBox(self)
        self.log_box.toggled.connect(self._set_log)
        row = QHBoxLayout()
        row.addWidget(self.last)
        row.addStretch(1)
        row.addWidget(self.log_box)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(14, 2, 8, 6)
        self._column.setSpacing(2)
        self._column.addLayout(row)
        self._room = QWidget(self)
        self._column.addWidget(self._room, 1)
        self.retranslate()

    def retranslate(self) -> None:
        """Write all texts in the present language."""
        self.log_box.setText(self.tr("log scale"))
        self._say_last()
        if self.chart is not None:
            self.chart.setLabel("bottom", self.tr("step"))
            self.chart.setAccessibleName(self.tr("Loss"))

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self.chart is None:
            # pyqtgraph takes a while to load; the window comes first.
            QTimer.singleShot(0, self, self._make)

    def set_theme(self, theme: Theme) -> None:
        """Draw in the colours of `theme`."""
        self._theme = theme
        self._paint()

    def show_losses(self, losses: array[float]) -> None:
        """Show the loss before each step: of an array that was shown before, only what is new."""
        if losses is not self._source:
            self._source, self._curve = losses, Curve()
        elif len(losses) == self._curve.count:
            return
        self._curve.extend(np.array(losses[self._curve.count :]))
        self._say_last()
        self._draw()

    @property
    def shown(self) -> Array:
        """The losses the curve is drawn of."""
        losses = None if self._line is None else self._line.getOriginalDataset()[1]
        return np.empty(0) if losses is None else losses

    @property
    def marked(self) -> bool:
        """Whether the curve is a single point, which is drawn as a dot."""
        return self._line is not None and self._line.opts["symbol"] is not None

    def _say_last(self) -> None:
        if not self._source:
            self.last.setText("")
            return
        text = self.tr("{loss} before step {step}")
        loss = number_text(self._source[-1])
        self.last.setText(text.format(loss=loss, step=f"{len(self._source):,}"))

    def _make(self) -> None:
        if self.chart is not None:
            return
        import pyqtgraph

        self.chart = pyqtgraph.PlotWidget(self, enableMenu=False)
        self.chart.setAntialiasing(True)
        self.chart.hideButtons()
        self.chart.setMouseEnabled(x=False, y=False)
        self.chart.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        # WORKAROUND: pyqtgraph 0.14 makes this menu even when it is not wanted, and as nobody's
        # child, so that it outlives the plot.
        self.chart.getPlotItem().ctrlMenu.setParent(self)
        self._line = self.chart.plot(antialias=True)
        self._column.replaceWidget(self._room, self.chart)
        self._room.deleteLater()
        self._set_log(self.log_box.isChecked())
        self._paint()
        self.retranslate()
        self._draw()

    def _set_log(self, on: bool) -> None:
        if self.chart is not None:
            self.chart.setLogMode(y=on)
            self._draw()

    def _draw(self) -> None:
        if self.chart is None or self._line is None:
            return
        steps, losses = self._curve.points()
        # A line of one point is nothing to see, and on a logarithmic scale not every point is.
        dot = len(steps) == 1 and (losses[0] > 0 or not self.log_box.isChecked())
        self._line.setData(steps, losses, symbol="o" if dot else None)
        box = self.chart.getViewBox()
        most = max(self._curve.count, FEWEST_STEPS) if len(steps) else EMPTY_STEPS
        box.setXRange(0, most, padding=0.02)
        box.enableAutoRange(y=True)
        if len(steps) < 2 and not self.log_box.isChecked():
            # One number says nothing of a scale: it is seen from zero.
            low, high = min([0.0, *losses]), max([0.0, *losses])
            box.setYRange(low, high if high > low else 1.0, padding=0.1)

    def _paint(self) -> None:
        if self.chart is None or self._line is None:
            return
        import pyqtgraph

        theme, small = self._theme, style.scaled(self.font(), style.SMALL_PT)
        self.chart.setBackground(theme.panel)
        self.chart.getViewBox().setBackgroundColor(theme.canvas)
        self._line.setPen(pyqtgraph.mkPen(theme.plot[0], width=1.6))
        self._line.setSymbolPen(theme.plot[0])
        self._line.setSymbolBrush(theme.plot[0])
        self._line.setSymbolSize(6)
        for side in ("left", "bottom"):
            axis = self.chart.getAxis(side)
            axis.setPen(theme.line)
            axis.setTextPen(theme.muted)
            axis.setTickFont(small)
        self.chart.showGrid(x=False, y=True, alpha=0.25)
