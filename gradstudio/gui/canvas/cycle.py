"""The cycle that a link would close, in red: while the link hovers, and when it is refused."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtGui import QColor, QPainter, QPen

from gradstudio.gui.canvas.sketch import indices
from gradstudio.ways import cycle_text

if TYPE_CHECKING:
    from gradstudio.gui.canvas.view import Canvas

FLASH_MS = 1800
LINE_PX = 3.2
RING_PX = 5.0


class CycleMark(QObject):
    """Marks the nodes and links of one cycle of one canvas.

    Args:
        canvas: the canvas.
    """

    def __init__(self, canvas: Canvas) -> None:
        super().__init__(canvas)
        self._canvas = canvas
        self._names: tuple[str, ...] = ()
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(FLASH_MS)
        self._timer.timeout.connect(lambda: self.show(()))

    @property
    def names(self) -> tuple[str, ...]:
        """The nodes that are marked, the first of them again at the end."""
        return self._names

    def show(self, names: tuple[str, ...]) -> None:
        """Mark a cycle and say it, until another is shown; () for none.

        Args:
            names: from the source of the link that would close it along edges to that source.
        """
        self._timer.stop()
        if names != self._names:
            self._names = names
            self._canvas.viewport().update()
            if names:
                text = self.tr("A link there would close a cycle: {cycle}")
                self._canvas.refuse(text.format(cycle=cycle_text(names)))
            else:
                self._canvas.toast.hush()

    def flash(self, names: tuple[str, ...]) -> None:
        """Mark a cycle for a moment; what it is has been said."""
        if names:
            self._names = names
            self._timer.start()
            self._canvas.viewport().update()

    def paint(self, painter: QPainter) -> None:
        """Paint it above all else, in scene coordinates."""
        canvas, sketch = self._canvas, self._canvas.picture.sketch
        names = [name for name in self._names if name in sketch.index]
        if not names:
            return
        graph = canvas.document.graph
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(canvas.theme.error), LINE_PX / min(1.0, canvas.zoom)))
        for node in indices(sketch, set(names)).tolist():
            rect = sketch.rect(node).adjusted(-RING_PX, -RING_PX, RING_PX, RING_PX)
            round_px = rect.height() / 2
            painter.drawRoundedRect(rect, round_px, round_px)
        for source, target in itertools.pairwise(names[1:]):
            inputs = graph.nodes[target].inputs
            for port in (port for port, one in enumerate(inputs) if one == source):
                # Between two guests of a frame gone into no link is drawn.
                if (target, port) in sketch.edge_index:
                    painter.drawPath(sketch.path(sketch.edge_index[target, port]))
