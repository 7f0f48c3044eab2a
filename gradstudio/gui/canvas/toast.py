"""Why something was not done, said in a calm box beside the place where it was tried."""

from __future__ import annotations

import math
import time
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, QSize, Qt, QTimer
from PySide6.QtGui import (
    QAccessible,
    QAccessibleAnnouncementEvent,
    QColor,
    QFontMetrics,
    QPainter,
    QPaintEvent,
    QPen,
    QTextLayout,
    QTextLine,
    QTextOption,
)
from PySide6.QtWidgets import QWidget

from gradstudio.gui import motion, style

if TYPE_CHECKING:
    from gradstudio.gui.canvas.view import Canvas

LARGER = 1.25
"""How much larger than other text it is written: it is read from the last row, too."""
WIDEST_PX = 420
PAD_PX = QPoint(14, 9)
BAR_PX = 4.0
"""The stripe at its left, in the colour of what is wrong."""
AWAY_PX = (22, 70, 130)
"""How far from the place it stands: the nearest at which it covers least."""
EDGE_PX = 8
MOST_HIGH = 2 / 3
"""How much of the canvas's height it takes at most; what has no room is cut."""
LEAST_MS, LETTER_MS = 2500, 55
"""How long it stays, and how much longer for each letter: as fast as one reads aloud."""
FADE_MS, TICK_MS = 400, 33


class Toast(QWidget):
    """One sentence over one canvas, for a while; the next one takes its place.

    Args:
        canvas: the canvas.
    """

    def __init__(self, canvas: Canvas) -> None:
        super().__init__(canvas.viewport())
        self._canvas = canvas
        self.text = ""
        """What it says, or said last."""
        self._layout = QTextLayout()
        """As much of that as there is room for, in lines."""
        self._tried = QRectF()
        """Where it was tried, on the scene."""
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.hide()
        self._stay = QTimer(self)
        self._stay.setSingleShot(True)
        self._stay.timeout.connect(self._leave)
        self._faded_at = 0.0
        self._fade = QTimer(self)
        self._fade.setInterval(TICK_MS)
        self._fade.timeout.connect(self._fade_on)
        canvas.document.changed.connect(self.hush)

    def say(self, text: str) -> None:
        """Show a sentence beside where it was tried, and have a screen reader read it."""
        self.hush()
        self.text = text
        if not text:
            return
        self.setFont(style.scaled(self._canvas.font(), LARGER))
        self._tried = self._canvas.mapToScene(self._tried_at()).boundingRect()
        self._place()
        self.show()
        self.raise_()
        self._stay.start(LEAST_MS + LETTER_MS * len(self._layout.text()))
        if QAccessible.isActive():
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self._canvas, text))

    def follow(self) -> None:
        """Stay in sight: Qt moves it with what is panned, and the canvas may be smaller now."""
        if self.isVisible() and not self._area().contains(self.geometry()):
            self._place()

    def hush(self) -> None:
        """Be gone at once: it holds no more."""
        self._stay.stop()
        self._fade.stop()
        self.hide()

    def _leave(self) -> None:
        if motion.is_reduced():
            self.hide()
        else:
            self._faded_at = time.monotonic() + FADE_MS / 1000
            self._fade.start()

    def _fade_on(self) -> None:
        if time.monotonic() < self._faded_at:
            self.update()
        else:
            self.hush()

    # -- where and how ----------------------------------------------------------------------

    def _area(self) -> QRect:
        return self._canvas.viewport().rect().adjusted(EDGE_PX, EDGE_PX, -EDGE_PX, -EDGE_PX)

    def _place(self) -> None:
        area = self._area()
        size = self._fitted(area.size())
        place = self._canvas.mapFromScene(self._tried).boundingRect()
        boxes = list[QRect]()
        for away in AWAY_PX:
            around = place.adjusted(-away, -away, away, away)
            beside = QRect(QPoint(), size)
            beside.moveCenter(place.center())
            boxes += [
                beside.translated(0, around.bottom() - beside.top()),
                beside.translated(0, around.top() - beside.bottom()),
                beside.translated(around.right() - beside.left(), 0),
                beside.translated(around.left() - beside.right(), 0),
            ]
        for box in boxes:
            box.moveLeft(max(min(box.left(), area.right() - size.width()), area.left()))
            box.moveTop(max(min(box.top(), area.bottom() - size.height()), area.top()))
        free = [box for box in boxes if not box.intersects(place)]
        self.setGeometry(min(free or boxes, key=self._covered))

    def _fitted(self, room: QSize) -> QSize:
        """Lay out what is said, cut where the room ends, and return how large the box is."""
        across, down = 2 * PAD_PX.x(), 2 * PAD_PX.y()
        wide = max(min(WIDEST_PX, room.width() - across), 1)
        high = int(room.height() * MOST_HIGH) - down
        lines = self._lay_out(self.text, wide)
        fitting = sum(line.y() + line.height() <= high for line in lines) or 1
        if fitting < len(lines):
            last = lines[fitting - 1].textStart()
            rest = self.text[last:].replace("\n", " ")
            rest = QFontMetrics(self.font()).elidedText(rest, Qt.TextElideMode.ElideRight, wide)
            lines = self._lay_out(self.text[:last] + rest, wide)
        used = max(line.naturalTextWidth() for line in lines), lines[-1].y() + lines[-1].height()
        return QSize(math.ceil(used[0]) + across, math.ceil(used[1]) + down)

    def _lay_out(self, text: str, wide: float) -> list[QTextLine]:
        option = QTextOption()
        # A name may be longer than a line.
        option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        self._layout = QTextLayout(text.replace("\n", "\u2028"), self.font())
        self._layout.setTextOption(option)
        self._layout.beginLayout()
        lines, down = list[QTextLine](), 0.0
        while (line := self._layout.createLine()).isValid():
            line.setLineWidth(wide)
            line.setPosition(QPointF(0, down))
            down += line.height()
            lines.append(line)
        self._layout.endLayout()
        return lines

    def _covered(self, box: QRect) -> int:
        """Return how much of the graph is below a box."""
        sketch = self._canvas.picture.sketch
        rect = self._canvas.mapToScene(box).boundingRect()
        return 2 * len(sketch.nodes_in(rect)) + len(sketch.edges_in(rect))

    def _tried_at(self) -> QRect:
        """Return the node that keys speak of, else the pointer, else the middle at the bottom."""
        canvas, sketch = self._canvas, self._canvas.picture.sketch
        name, pointer = canvas.caret.name, canvas.pointer.at
        if name is not None and name in sketch.index and (canvas.caret.shown or pointer is None):
            rect = sketch.rect(sketch.index[name])
            return canvas.viewportTransform().mapRect(QRectF(rect)).toAlignedRect()
        if pointer is not None:
            return QRect(QPointF(pointer).toPoint(), QSize(1, 1))
        area = canvas.viewport().rect()
        return QRect(area.center().x(), area.bottom(), 1, 1)

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = self._canvas.theme
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self._fade.isActive():
            left = (self._faded_at - time.monotonic()) * 1000 / FADE_MS
            painter.setOpacity(min(max(left, 0.0), 1.0))
        box = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.setPen(QPen(QColor(theme.edge), 1.0))
        painter.setBrush(QColor(theme.card))
        painter.drawRoundedRect(box, 8, 8)
        stripe = QRectF(6, PAD_PX.y(), BAR_PX, self.height() - 2 * PAD_PX.y())
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(theme.error))
        painter.drawRoundedRect(stripe, BAR_PX / 2, BAR_PX / 2)
        painter.setPen(QColor(theme.text))
        self._layout.draw(painter, QPointF(PAD_PX.x() + 2, PAD_PX.y()))
