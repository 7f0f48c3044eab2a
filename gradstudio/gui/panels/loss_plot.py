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
MOST_POINTS = 1600
"""Of a longer curve each part is drawn as its lowest and its highest point."""


def thinned(losses: Array) -> tuple[Array, Array]:
    """Return steps (from 1) and losses to draw a curve of: at most `MOST_POINTS`, its peaks kept.

    (Rejected: pyqtgraph's own downsampling, which goes through all points several times a frame.)
    """
    count = len(losses)
    steps = np.arange(1, count + 1)
    if count <= MOST_POINTS:
        return steps, losses
    size = -(-count // (MOST_POINTS // 2))
    whole = count - count % size
    parts = losses[:whole].reshape(-1, size)
    first = np.arange(len(parts)) * size
    ends = np.stack([parts.argmin(axis=1) + first, parts.argmax(axis=1) + first], axis=1)
    chosen = np.append(np.sort(ends, axis=1).reshape(-1), np.arange(whole, count)[-1:])
    return steps[chosen], losses[chosen]


class LossPlot(QWidget):
    """The loss before each step, with a switch for a logarithmic scale."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme: Theme = LIGHT
        self._losses = np.empty(0)
        self._plot: PlotWidget | None = None
        self._curve: PlotDataItem | None = None
        self._title = QLabel(self)
        self._title.setProperty("role", "title")
        self.last = QLabel(self)
        self.last.setTextFormat(Qt.TextFormat.PlainText)
        self.last.setProperty("role", "muted")
        self.log_box = QCheckBox(self)
        self.log_box.toggled.connect(self._set_log)
        row = QHBoxLayout()
        row.addWidget(self._title)
        row.addSpacing(10)
        row.addWidget(self.last)
        row.addStretch(1)
        row.addWidget(self.log_box)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(14, 8, 8, 6)
        self._column.setSpacing(2)
        self._column.addLayout(row)
        self._room = QWidget(self)
        self._column.addWidget(self._room, 1)
        self.retranslate()

    def retranslate(self) -> None:
        """Write all texts in the present language."""
        self._title.setText(self.tr("Loss"))
        self.log_box.setText(self.tr("log scale"))
        self._say_last()
        if self._plot is not None:
            self._plot.setLabel("bottom", self.tr("step"))
            self._plot.setAccessibleName(self.tr("Loss"))

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._plot is None:
            # pyqtgraph takes a while to load; the window comes first.
            QTimer.singleShot(0, self, self._make)

    def set_theme(self, theme: Theme) -> None:
        """Draw in the colours of `theme`."""
        self._theme = theme
        self._paint()

    def show_losses(self, losses: array[float]) -> None:
        """Show the loss before each step."""
        self._losses = np.array(losses)
        self._say_last()
        self._draw()

    @property
    def shown(self) -> Array:
        """The losses the curve is drawn of."""
        losses = None if self._curve is None else self._curve.getOriginalDataset()[1]
        return np.empty(0) if losses is None else losses

    def _say_last(self) -> None:
        self.last.setText(number_text(float(self._losses[-1])) if len(self._losses) else "")

    def _make(self) -> None:
        if self._plot is not None:
            return
        import pyqtgraph

        self._plot = pyqtgraph.PlotWidget(self, enableMenu=False)
        self._plot.setAntialiasing(True)
        self._plot.hideButtons()
        self._plot.setMouseEnabled(x=False, y=False)
        self._plot.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        # WORKAROUND: pyqtgraph 0.14 makes this menu even when it is not wanted, and as nobody's
        # child, so that it outlives the plot.
        self._plot.getPlotItem().ctrlMenu.setParent(self)
        self._curve = self._plot.plot(antialias=True)
        self._column.replaceWidget(self._room, self._plot)
        self._room.deleteLater()
        self._set_log(self.log_box.isChecked())
        self._paint()
        self.retranslate()
        self._draw()

    def _set_log(self, on: bool) -> None:
        if self._plot is not None:
            self._plot.setLogMode(y=on)

    def _draw(self) -> None:
        if self._curve is not None:
            self._curve.setData(*thinned(self._losses))
        if self._plot is not None and not len(self._losses):
            self._plot.getViewBox().setRange(
                xRange=(0, EMPTY_STEPS), yRange=(0, 1), disableAutoRange=False
            )

    def _paint(self) -> None:
        if self._plot is None or self._curve is None:
            return
        import pyqtgraph

        theme, small = self._theme, self.font()
        small.setPointSizeF(small.pointSizeF() * style.SMALL_PT)
        self._plot.setBackground(theme.panel)
        self._plot.getViewBox().setBackgroundColor(theme.canvas)
        self._curve.setPen(pyqtgraph.mkPen(theme.plot[0], width=1.6))
        for side in ("left", "bottom"):
            axis = self._plot.getAxis(side)
            axis.setPen(theme.line)
            axis.setTextPen(theme.muted)
            axis.setTickFont(small)
        self._plot.showGrid(x=False, y=True, alpha=0.25)
