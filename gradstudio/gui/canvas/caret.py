"""The keyboard's place on the canvas: the node it is at, and where each arrow leads from there."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from gradstudio.gui.canvas.sketch import Floats, Mask, Sketch, indices

if TYPE_CHECKING:
    from gradstudio.gui.canvas.view import Canvas

LEFT, RIGHT, UP, DOWN = (-1, 0), (1, 0), (0, -1), (0, 1)
Direction = tuple[int, int]
RING_PX = 5.0
"""How far from the node its ring is, at 100 %; the ring of the playback is further out."""
PEN_PX = 2.0
LEAST_ZOOM = 0.7
"""Below it the ring keeps its size on the screen, so that it is seen in any picture."""
MOST_TRAIL = 200
BESIDE_PX = 130.0
"""How far from the node a new one goes, and the room it wants there."""
ROOM_PX = (60.0, 44.0)


class Caret:
    """The node of one canvas that keys speak of, drawn with a ring while the keyboard is used."""

    def __init__(self, canvas: Canvas) -> None:
        self._canvas = canvas
        self._name: str | None = None
        self._shown = False
        # What was walked, so that the opposite arrow leads back the same way.
        self._trail: list[tuple[str, Direction, str]] = []

    @property
    def name(self) -> str | None:
        """The node with the ring; else the one that is selected; None without either."""
        if self._shown and self._name in self._canvas.picture.sketch.index:
            return self._name
        selected = self._canvas.selection()
        one = len(selected) == 1 or (selected and self._canvas.boards.sole is not None)
        return selected[0] if one else None

    @property
    def spoken(self) -> str | None:
        """The node beside which what is new belongs; None where the mouse says where."""
        by_keys = self._shown or self._canvas.pointer.at is None
        return self.name if by_keys and self.name in self._canvas.picture.sketch.index else None

    @property
    def shown(self) -> bool:
        """Whether the ring is seen: the keyboard was used last, and comes here."""
        return self._shown and self._canvas.hasFocus()

    def show(self, *, on: bool) -> None:
        """Show the ring from now on, or not: a mouse needs none."""
        if on != self._shown:
            self._shown = on
            self.repaint()

    def follow(self, name: str) -> None:
        """Be at the node that was selected in another way."""
        if name != self._name:
            self.repaint()
            self._name = name
            self._trail.clear()
            self.repaint()
            self._canvas.caret_moved.emit(name)

    def enter(self) -> None:
        """The keyboard has come to the canvas: be at a node, where there is one."""
        self.show(on=True)
        if self.name is None and (name := self._first()) is not None:
            self.put(name)

    def walk(self, direction: Direction, *, extend: bool = False, select: bool = True) -> None:
        """Go to the next node in a direction: along an edge, else to the nearest one there.

        Args:
            direction: one of `LEFT`, `RIGHT`, `UP`, `DOWN`.
            extend: add the node to the selection rather than selecting it alone.
            select: touch the selection at all.
        """
        here = self.name
        self.show(on=True)
        if here is None:
            there = self._first()
        elif self._trail and self._trail[-1][1:] == (_opposite(direction), here):
            there = self._trail.pop()[0]
            there = there if there in self._canvas.picture.sketch.index else None
        else:
            there = self._next(here, direction)
            if there is not None:
                self._trail = [*self._trail[-MOST_TRAIL:], (here, direction, there)]
        if there is None:
            return
        if extend:
            self.put(there, (*self._canvas.selection(), *((here,) if here else ()), there))
        else:
            self.put(there, (there,) if select else None)

    def leap(self, by: int) -> None:
        """Go to the next node, or the one before, in the order in which the graph is computed."""
        order = [
            name
            for name in self._canvas.picture.evaluation.order
            if name in self._canvas.picture.sketch.index
        ] or self._canvas.picture.sketch.names
        if not order:
            return
        here = self.name
        at = order.index(here) + by if here in order else (0 if by > 0 else -1)
        name = order[at % len(order)]
        self.show(on=True)
        self._trail.clear()
        self.put(name, (name,))

    def put(self, name: str, selection: Iterable[str] | None = None) -> None:
        """Be at a node, in sight, and select `selection` unless it is None."""
        canvas = self._canvas
        self.repaint()
        self._name = name
        if selection is not None:
            canvas.select(selection)
        sketch = canvas.picture.sketch
        canvas.lens.keep_in_sight(sketch.rect(sketch.index[name]))
        self.repaint()
        canvas.caret_moved.emit(name)

    def beside(self, direction: Direction) -> QPointF | None:
        """Return a free place beside the node that keys speak of, in the viewport's coordinates.

        None where there is none, or the mouse says where.
        """
        canvas, name = self._canvas, self.spoken
        if name is None:
            return None
        sketch = canvas.picture.sketch
        at = sketch.index[name]
        place = QPointF(*sketch.centres[at].tolist()) + QPointF(*direction) * BESIDE_PX
        room = QRectF(-ROOM_PX[0] / 2, -ROOM_PX[1] / 2, *ROOM_PX)
        while len(sketch.nodes_in(room.translated(place))):
            place += QPointF(0, ROOM_PX[1])
        canvas.lens.keep_in_sight(room.translated(place))
        return canvas.lens.seen(place)

    # -- where arrows lead ------------------------------------------------------------------

    def _first(self) -> str | None:
        """Return the leftmost node, of several the topmost, among those in sight if any are."""
        canvas = self._canvas
        sketch = canvas.picture.sketch
        if not sketch.names:
            return None
        seen = canvas.mapToScene(canvas.viewport().rect()).boundingRect()
        nodes = sketch.enclosed(seen)
        if not len(nodes):
            nodes = np.arange(len(sketch.names))
        x, y = sketch.centres[nodes].T
        return sketch.names[int(nodes[np.lexsort((y, x))[0]])]

    def _next(self, name: str, direction: Direction) -> str | None:
        canvas = self._canvas
        sketch, graph = canvas.picture.sketch, canvas.document.graph
        here = sketch.index[name]
        here_too = canvas.levels.together(name)
        inputs = tuple(
            one
            for node in here_too
            for one in graph.nodes[node].inputs
            if one is not None and one not in here_too and one in sketch.index
        )
        users = tuple(
            edge.target
            for node in here_too
            for edge in graph.consumers.get(node, ())
            if edge.target not in here_too and edge.target in sketch.index
        )
        if direction == LEFT and inputs:
            return inputs[0]
        if direction == RIGHT and users:
            at = indices(sketch, set(users))
            off = np.abs(sketch.centres[at] - sketch.centres[here])
            return sketch.names[int(at[np.lexsort((off[:, 0], off[:, 1]))[0]])]
        if direction in (UP, DOWN):
            beside = {edge.target for one in inputs for edge in graph.consumers.get(one, ())}
            beside |= {one for user in users for one in graph.nodes[user].inputs if one}
            at = indices(sketch, (beside - {*here_too}) & sketch.index.keys())
            found = toward(sketch.centres[at], sketch.centres[here], direction, wide=True)
            if found is not None:
                return sketch.names[int(at[found])]
        found = toward(sketch.centres, sketch.centres[here], direction)
        return None if found is None else sketch.names[found]

    # -- the ring ---------------------------------------------------------------------------

    def repaint(self) -> None:
        """Have the ring painted again where it is now."""
        rect = self._ring()
        if rect is not None:
            pen = PEN_PX * 2 * self._larger()
            self._canvas.scene().update(rect.adjusted(-pen, -pen, pen, pen))
        elif not self._canvas.picture.sketch.names:
            self._canvas.viewport().update()

    def paint(self, painter: QPainter) -> None:
        """Paint the ring, in scene coordinates; on an empty canvas a frame around it."""
        if not self.shown:
            return
        canvas, rect = self._canvas, self._ring()
        painter.setBrush(Qt.BrushStyle.NoBrush)
        pen = QPen(QColor(canvas.theme.text), PEN_PX * self._larger())
        if rect is not None:
            painter.setPen(pen)
            sketch = canvas.picture.sketch
            face = sketch.faces[sketch.index[self._name or ""]]
            if face.circle:
                painter.drawEllipse(rect)
            else:
                round_px = min(face.half[1], 16.0) + RING_PX * self._larger()
                painter.drawRoundedRect(rect, round_px, round_px)
        elif not canvas.picture.sketch.names:
            pen.setWidthF(2 * PEN_PX / canvas.zoom)
            painter.setPen(pen)
            painter.drawRect(canvas.mapToScene(canvas.viewport().rect()).boundingRect())

    def _larger(self) -> float:
        return max(1.0, LEAST_ZOOM / self._canvas.zoom)

    def _ring(self) -> QRectF | None:
        sketch: Sketch = self._canvas.picture.sketch
        at = sketch.index.get(self._name or "")
        if at is None:
            return None
        gap = RING_PX * self._larger()
        return sketch.rect(at).adjusted(-gap, -gap, gap, gap)


def toward(
    points: Floats,
    here: Floats | QPointF,
    direction: Direction,
    allowed: Mask | None = None,
    *,
    wide: bool = False,
) -> int | None:
    """Return which of `points` is next from `here` in a direction; None where there is none.

    What lies straight ahead comes before what lies aside; with `wide` the next row (or column)
    comes before one further on, however far aside it is.
    """
    if not len(points):
        return None
    x, y = (here.x(), here.y()) if isinstance(here, QPointF) else here
    off = points - (x, y)
    ahead = off @ np.array(direction, float)
    aside = np.abs(off @ np.array(direction[::-1], float))
    possible = ahead > 0.5
    if allowed is not None:
        possible &= allowed
    if not possible.any():
        return None
    if wide:
        return int(np.argmin(np.where(possible, ahead + 0.1 * aside, np.inf)))
    cone = possible & (aside <= 2 * ahead)
    among = cone if cone.any() else possible
    return int(np.argmin(np.where(among, np.hypot(ahead, 2 * aside), np.inf)))


def _opposite(direction: Direction) -> Direction:
    return -direction[0], -direction[1]
