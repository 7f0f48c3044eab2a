"""What the left hand of the mouse does on the canvas, each gesture one object, begun when made.

`move`, `end` and `cancel` take the pointer in the viewport's coordinates; `paint` adds what shows
only while the gesture lasts. A gesture that is cancelled leaves no trace.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol

import numpy as np
from PySide6.QtCore import QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QApplication

from gradstudio.graph import Graph
from gradstudio.gui.canvas import labels
from gradstudio.gui.canvas.guides import Guides
from gradstudio.gui.canvas.sketch import Floats, Ints, indices
from gradstudio.gui.canvas.splice import Splice

if TYPE_CHECKING:
    from gradstudio.gui.canvas.view import Canvas


class Gesture(Protocol):
    """One thing done with the pointer (or the arrow keys), from its beginning to its end."""

    def move(self, at: QPoint) -> None:
        """Follow the pointer."""

    def end(self, at: QPoint) -> None:
        """Do it: at most one commit."""

    def cancel(self) -> None:
        """Leave everything as it was before."""

    def paint(self, painter: QPainter) -> None:
        """Paint what shows only meanwhile, in scene coordinates."""


class Shift:
    """Nodes in the air: they and their edges are painted anew, all else is a pixmap."""

    def __init__(self, canvas: Canvas, names: tuple[str, ...]) -> None:
        self._canvas = canvas
        self._names = names
        sketch = canvas.picture.sketch
        self._nodes: Ints = indices(sketch, names)
        self._edges: Ints = sketch.edges_of(self._nodes)
        self._home: Floats = sketch.centres[self._nodes].copy()
        self._home_labels = labels.standing_of(sketch, self._edges)
        canvas.boards.lift(names)
        canvas.lift(self._nodes, self._edges)

    def by(self, offset: QPointF) -> None:
        """Put the nodes this far from where they were."""
        sketch = self._canvas.picture.sketch
        before = sketch.dirty(self._nodes, self._edges)
        places = labels.standing_of(sketch, self._edges)
        sketch.move(self._nodes, self._home + np.array([offset.x(), offset.y()]))
        labels.put(sketch, self._edges, places)
        if self._canvas.shows_text:
            labels.follow(sketch, self._edges)
        after = sketch.dirty(self._nodes, self._edges)
        for rect in (before, after, self._canvas.boards.carry(offset)):
            self._canvas.scene().update(rect.adjusted(-2, -2, 2, 2))

    def back(self) -> None:
        """Put them where they were."""
        sketch = self._canvas.picture.sketch
        sketch.move(self._nodes, self._home)
        labels.put(sketch, self._edges, self._home_labels)
        self._canvas.boards.put_back()
        self._canvas.land()

    def land(self, into: Callable[[Graph], Graph] | None = None) -> None:
        """Leave them where they are, as one undo step; labels look for room again.

        Args:
            into: links them, if they are to be linked.
        """
        sketch = self._canvas.picture.sketch
        sketch.label_at[self._edges] = np.nan
        centres = np.round(sketch.centres[self._nodes], 2).tolist()
        moved = {sketch.names[at]: (x, y) for at, (x, y) in zip(self._nodes, centres, strict=True)}
        carried = self._canvas.boards.put_down()
        self._canvas.land()
        if not self._canvas.edits.move(moved, carried.onto, into):
            sketch.move(self._nodes, self._home)
            labels.put(sketch, self._edges, self._home_labels)


class MoveNodes:
    """Left drag on a node: it moves, and with it everything selected.

    What is dropped in another frame joins it.

    Args:
        canvas: the canvas.
        at: where the pointer is.
        pressed: the node, or what selects alone what is there: done where nothing is dragged.
        keep: leave the selection as it is then.
    """

    def __init__(
        self, canvas: Canvas, at: QPoint, pressed: str | Callable[[], None], keep: bool
    ) -> None:
        self._canvas = canvas
        self._from = at
        self._pressed = pressed
        self._keep = keep
        self._shift: Shift | None = None
        self._splice = Splice.of_node(canvas, canvas.selection())
        anchor = pressed if isinstance(pressed, str) else None
        self._guides = Guides(canvas, canvas.selection(), anchor)

    def move(self, at: QPoint) -> None:
        if self._shift is None:
            if (at - self._from).manhattanLength() < QApplication.startDragDistance():
                return
            self._shift = Shift(self._canvas, self._canvas.selection())
        offset = self._canvas.mapToScene(at) - self._canvas.mapToScene(self._from)
        free = bool(self._canvas.modifiers & Qt.KeyboardModifier.AltModifier)
        self._shift.by(self._guides.snap(offset, free=free))
        self._splice.follow()
        self._canvas.boards.aim(self._canvas.mapToScene(at))

    def end(self, at: QPoint) -> None:
        self.move(at)
        if self._shift is not None:
            self._splice.put_away()
            self._guides.put_away()
            self._shift.land(self._splice.edit)
        elif not self._keep and isinstance(self._pressed, str):
            self._canvas.select((self._pressed,))
        elif not self._keep and callable(self._pressed):
            self._pressed()

    def cancel(self) -> None:
        if self._shift is not None:
            self._splice.put_away()
            self._guides.put_away()
            self._shift.back()

    def paint(self, painter: QPainter) -> None:
        self._splice.paint(painter)
        self._guides.paint(painter)


class Nudge:
    """Arrow keys: the selected nodes go step by step, and stay when the last key is let go."""

    STEP_PX = 10.0
    FINE_PX = 1.0

    def __init__(self, canvas: Canvas) -> None:
        self._shift = Shift(canvas, canvas.selection())
        self._offset = QPointF()

    def step(self, direction: QPointF, *, fine: bool) -> None:
        """Go one step."""
        self._offset += direction * (self.FINE_PX if fine else self.STEP_PX)
        self._shift.by(self._offset)

    def move(self, at: QPoint) -> None:
        """Nothing: the pointer has no part in it."""

    def end(self, at: QPoint) -> None:
        self._shift.land()

    def cancel(self) -> None:
        self._shift.back()

    def paint(self, painter: QPainter) -> None:
        """Nothing: the nodes themselves show it."""


class BoxSelect:
    """Left drag on nothing: what the box touches is selected; with Shift as well as before."""

    def __init__(self, canvas: Canvas, at: QPoint, *, add: bool) -> None:
        self._canvas = canvas
        self._corner = canvas.mapToScene(at)
        self._before = canvas.selection()
        self._kept = self._before if add else ()
        self._box = QRectF(self._corner, self._corner)
        self._painted = QRectF()
        canvas.select(self._kept)

    def move(self, at: QPoint) -> None:
        self._box = QRectF(self._corner, self._canvas.mapToScene(at)).normalized()
        sketch, boards = self._canvas.picture.sketch, self._canvas.boards
        touched = (sketch.names[node] for node in sketch.enclosed(self._box).tolist())
        names = tuple(dict.fromkeys((*self._kept, *touched)))
        self._canvas.select(names, notes=boards.touched(self._box))
        margin = 2 / self._canvas.zoom
        shown = self._box.adjusted(-margin, -margin, margin, margin)
        self._canvas.scene().update(shown.united(self._painted))
        self._painted = shown

    def end(self, at: QPoint) -> None:
        if (self._canvas.mapFromScene(self._corner) - at).manhattanLength() > 2:
            self.move(at)
        self._canvas.scene().update(self._painted)

    def cancel(self) -> None:
        self._canvas.select(self._before)
        self._canvas.scene().update(self._painted)

    def paint(self, painter: QPainter) -> None:
        accent = QColor(self._canvas.theme.accent)
        painter.setPen(QPen(accent, 0))
        accent.setAlphaF(0.10)
        painter.setBrush(accent)
        painter.drawRect(self._box)


class Pan:
    """Middle drag, or drag with Space held: the canvas moves under the pointer."""

    def __init__(self, canvas: Canvas, at: QPoint) -> None:
        self._canvas = canvas
        self._last = at
        self._total = QPoint()
        canvas.viewport().setCursor(Qt.CursorShape.ClosedHandCursor)

    def move(self, at: QPoint) -> None:
        self._canvas.lens.pan(at - self._last)
        self._total += at - self._last
        self._last = at

    def end(self, at: QPoint) -> None:
        self.move(at)
        self._canvas.viewport().unsetCursor()

    def cancel(self) -> None:
        self._canvas.lens.pan(-self._total)
        self._canvas.viewport().unsetCursor()

    def paint(self, painter: QPainter) -> None:
        """Nothing."""
