"""A node that is held over an edge goes into it: which edge that is, how it lights up, the edit."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QDropEvent, QPainter, QPainterPath, QPen

from gradstudio import rewiring
from gradstudio.graph import Edge, Graph
from gradstudio.gui.canvas.elbow_room import make_way
from gradstudio.gui.canvas.under import edge_under
from gradstudio.ops import REGISTRY, Op

if TYPE_CHECKING:
    from gradstudio.gui.canvas.view import Canvas

OP_MIME = "application/x-gradstudio-op"
REACH_PX = 12.0
"""How near the middle of the node must come to an edge, in px of the screen."""
PEN_PX = 5.0


class Splice:
    """The edge that a node with free ends would go into now.

    Args:
        canvas: the canvas.
        name: the node, where it is one of the graph; nothing links it.
        rules: its op; None for what cannot go into an edge.
    """

    def __init__(self, canvas: Canvas, name: str | None, rules: type[Op] | None) -> None:
        self._canvas, self._name = canvas, name
        self._rules = None if rules is None or rules.leaf else rules
        self.edge: Edge | None = None
        self._port = 0
        self._painted = QRectF()

    @classmethod
    def of_node(cls, canvas: Canvas, names: tuple[str, ...]) -> Splice:
        """Return that of the nodes `names` being moved: it takes one alone, without links."""
        graph = canvas.document.graph
        if len(names) != 1:
            return cls(canvas, None, None)
        node = graph.nodes[names[0]]
        linked = any(node.inputs) or names[0] in graph.consumers
        return cls(canvas, names[0], None if linked else node.rules)

    def follow(self) -> None:
        """Look for the edge at the middle of the node."""
        if self._rules is not None and self._name is not None:
            sketch = self._canvas.picture.sketch
            x, y = sketch.centres[sketch.index[self._name]].tolist()
            self.aim(QPointF(x, y))

    def aim(self, at: QPointF) -> None:
        """Look for the edge at a point of the scene; with Alt there is none."""
        free = bool(self._canvas.modifiers & Qt.KeyboardModifier.AltModifier)
        edge = None if self._rules is None or free else self._under(at, self._rules)
        if edge != self.edge:
            self.edge = edge
            self._repaint()

    def _under(self, at: QPointF, rules: type[Op]) -> Edge | None:
        sketch = self._canvas.picture.sketch
        found = edge_under(sketch, at, REACH_PX / self._canvas.zoom)
        if found is None:
            return None
        edge = sketch.edges[found]
        if edge != self.edge:
            shape = self._canvas.document.evaluation.shapes.get(edge.source)
            port = rewiring.fitting_port(rules, (), shape)
            if port is None:
                return None
            self._port = port
        return edge

    def _repaint(self) -> None:
        rect = QRectF()
        if self.edge is not None:
            sketch = self._canvas.picture.sketch
            path = sketch.path(sketch.edge_index[self.edge.target, self.edge.port])
            rect = path.controlPointRect().adjusted(-PEN_PX, -PEN_PX, PEN_PX, PEN_PX)
        self._canvas.scene().update(rect.united(self._painted))
        self._painted = rect

    def put_away(self) -> None:
        """Light up no more; the edge stays known."""
        self._canvas.scene().update(self._painted)

    @property
    def edit(self) -> Callable[[Graph], Graph] | None:
        """What puts the node that moved into the edge; None where there is none."""
        name = self._name
        if self.edge is None or name is None:
            return None
        return lambda graph: self.onto(graph, name)

    def onto(self, graph: Graph, name: str) -> Graph:
        """Return the graph with the node in the edge, if there is one."""
        if self.edge is None:
            return graph
        return make_way(rewiring.insert(graph, self.edge, name, self._port), name)

    def paint(self, painter: QPainter) -> None:
        """Paint the edge as one that is about to take the node, which lies above it."""
        if self.edge is None:
            return
        sketch = self._canvas.picture.sketch
        painter.save()
        if self._name is not None:
            body = sketch.rect(sketch.index[self._name])
            around = QPainterPath()
            around.addRect(self._painted.united(body))
            around.addEllipse(body.adjusted(-1, -1, 1, 1))
            painter.setClipPath(around)
        ink = QColor(self._canvas.theme.accent)
        pen = QPen(ink, PEN_PX * sketch.text_scale)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        ink.setAlphaF(0.55)
        pen.setColor(ink)
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPath(sketch.path(sketch.edge_index[self.edge.target, self.edge.port]))
        painter.restore()


class DropNode:
    """An op that is dragged here from the palette.

    Args:
        canvas: the canvas.
        at: where the pointer is.
        op: the op's name.
    """

    def __init__(self, canvas: Canvas, at: QPoint, op: str) -> None:
        self._canvas, self._op = canvas, op
        self._splice = Splice(canvas, None, REGISTRY.get(op))
        self.added = ""
        """The new node, once it is dropped."""
        self.move(at)

    def move(self, at: QPoint) -> None:
        self._splice.aim(self._canvas.mapToScene(at))

    def end(self, at: QPoint) -> None:
        self.move(at)
        self._splice.put_away()
        where = self._canvas.mapToScene(at)
        self.added = self._canvas.edits.add(self._op, where, self._splice.onto)

    def cancel(self) -> None:
        self._splice.put_away()

    def paint(self, painter: QPainter) -> None:
        self._splice.paint(painter)


def _drag_node(canvas: Canvas, event: QDropEvent) -> DropNode | None:
    """Let the op that is dragged over the canvas follow the pointer; return its gesture.

    None for what is no op.
    """
    if not event.mimeData().hasFormat(OP_MIME):
        return None
    canvas.modifiers = event.modifiers()
    at = event.position().toPoint()
    gesture = canvas.gesture
    if isinstance(gesture, DropNode):
        gesture.move(at)
        return gesture
    op = bytes(event.mimeData().data(OP_MIME).data()).decode(errors="replace")
    gesture = DropNode(canvas, at, op)
    canvas.begin_gesture(gesture)
    return gesture


def drag_over(canvas: Canvas, event: QDropEvent) -> None:
    """Let an op follow the pointer, and refuse what is none."""
    if _drag_node(canvas, event) is None:
        event.ignore()
    else:
        event.acceptProposedAction()


def drop(canvas: Canvas, event: QDropEvent) -> None:
    """Add the op that is dropped on the canvas."""
    gesture = _drag_node(canvas, event)
    if gesture is None:
        event.ignore()
        return
    canvas.end_gesture(event.position().toPoint())
    if gesture.added:
        event.acceptProposedAction()
        canvas.setFocus()
