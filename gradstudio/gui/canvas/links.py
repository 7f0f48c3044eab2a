"""The gesture that draws a link, or takes one off a port: which ports fit, and where it lands."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from gradstudio.engine.reach import downstream, upstream
from gradstudio.graph import Edge
from gradstudio.gui.canvas.curves import curve
from gradstudio.gui.canvas.offers import Loose
from gradstudio.gui.canvas.sketch import Ints, Mask, Sketch, indices
from gradstudio.gui.canvas.under import input_near, node_under, output_near

if TYPE_CHECKING:
    from gradstudio.gui.canvas.view import Canvas

SNAP_PX = 22.0
"""How near the pointer must come to a port, in px of the screen."""


class DrawLink:
    """A link in the air: one end holds, the other follows the pointer and snaps to ports that fit.

    Args:
        canvas: the canvas.
        at: where the pointer is.
        source: the node whose output the link comes from, if that end holds.
        target: the node and the input port it goes into, if that end holds.
        taken: the edge that is being taken off its port, if it is one that exists.
    """

    def __init__(
        self,
        canvas: Canvas,
        at: QPoint,
        *,
        source: str | None = None,
        target: tuple[str, int] | None = None,
        taken: Edge | None = None,
    ) -> None:
        self._canvas, self._from = canvas, at
        self._source, self._target, self._taken = source, target, taken
        self._sketch: Sketch = canvas.picture.sketch
        graph, marks = canvas.document.graph, canvas.picture.marks
        self._inputs: Mask | None = None
        self._outputs: Mask | None = None
        if source is not None:
            fits = ~_drawn(self._sketch, upstream(graph, (source,)))
            self._inputs = marks.lit_inputs = fits[self._sketch.port_node]
        elif target is not None:
            self._outputs = ~_drawn(self._sketch, downstream(graph, (target[0],)))
            marks.lit_outputs = self._outputs
        edges: Ints = np.zeros(0, np.int64)
        if taken is not None:
            edges = np.array([self._sketch.edge_index[taken.target, taken.port]])
        self._hidden = edges
        self._canvas.lift(np.zeros(0, np.int64), edges, hide=True)
        self._tip = canvas.mapToScene(at)
        self._snapped: tuple[str, int] | str | None = None
        self._painted = QRectF()
        self._cycle: tuple[str, ...] = ()
        canvas.cycle.show(())
        self.move(at)

    def move(self, at: QPoint) -> None:
        self._tip = self._canvas.mapToScene(at)
        self._snapped = self._find()
        if isinstance(self._snapped, tuple):
            name, port = self._snapped
            self._tip = QPointF(*self._sketch.port_at(self._sketch.index[name], port))
        elif isinstance(self._snapped, str):
            self._tip = QPointF(*self._sketch.output_at(self._sketch.index[self._snapped]))
        cycle = () if self._snapped is not None else self._closed()
        if cycle != self._cycle:
            self._cycle = cycle
            self._canvas.cycle.show(cycle)
        rect = curve(*self._ends()).controlPointRect().adjusted(-12, -12, 12, 12)
        self._canvas.scene().update(rect.united(self._painted))
        self._painted = rect

    def end(self, at: QPoint) -> None:
        self.move(at)
        cycle = self._cycle
        self._put_away()
        self._land(at)
        self._canvas.cycle.flash(cycle)

    def _land(self, at: QPoint) -> None:
        edits = self._canvas.edits
        if self._source is not None:
            self._land_forwards(at)
        elif self._target is not None:
            if isinstance(self._snapped, str):
                edits.link(self._snapped, *self._target)
            elif (node := node_under(self._sketch, self._canvas.mapToScene(at))) is not None:
                name = self._output_on(node)
                if name is not None:
                    # It does not fit, and the refusal says why.
                    edits.link(name, *self._target)
            else:
                self._find_node(at)

    def _find_node(self, at: QPoint) -> None:
        """Offer what the link can go into, or come out of, where it was dropped on nothing."""
        if (at - self._from).manhattanLength() > SNAP_PX:
            self._canvas.overlays.find_node(QPointF(at), Loose(self._source, self._target))

    def _land_forwards(self, at: QPoint) -> None:
        source, taken, edits = self._source or "", self._taken, self._canvas.edits
        landed = self._snapped if isinstance(self._snapped, tuple) else None
        if landed is None:
            where = self._canvas.mapToScene(at)
            within = SNAP_PX / 2 / self._canvas.zoom
            flat = input_near(self._sketch, where, within)
            if flat is not None:
                name = self._sketch.names[int(self._sketch.port_node[flat])]
                landed = (name, self._sketch.port_number(flat))
            elif (node := node_under(self._sketch, where)) is not None:
                name = self._sketch.names[node]
                # Of a cycle the refusal says more than that no port is free.
                landed = (name, 0) if self._closed() else self._port_on(node)
                if landed is None:
                    edits.refuse_full(name)
                    return
        if taken is not None:
            edits.move_link(taken, landed)
        elif landed is not None:
            edits.link(source, *landed)
        else:
            self._find_node(at)

    def cancel(self) -> None:
        self._put_away()

    def paint(self, painter: QPainter) -> None:
        theme = self._canvas.theme
        colour = QColor(theme.error if self._cycle else theme.accent)
        start, end = self._ends()
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(colour, 2.2))
        painter.drawPath(curve(start, end))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour)
        radius = 7.5 if self._snapped is not None else 4.0
        painter.drawEllipse(self._tip, radius, radius)

    def _ends(self) -> tuple[QPointF, QPointF]:
        if self._source is not None:
            held = self._sketch.output_at(self._sketch.index[self._source])
            return QPointF(*held), self._tip
        name, port = self._target or ("", 0)
        return self._tip, QPointF(*self._sketch.port_at(self._sketch.index[name], port))

    def _find(self) -> tuple[str, int] | str | None:
        """Return the port the link would take now: near the pointer, or of the node below it."""
        within = SNAP_PX / self._canvas.zoom
        if self._inputs is not None:
            flat = input_near(self._sketch, self._tip, within, self._inputs)
            if flat is not None:
                name = self._sketch.names[int(self._sketch.port_node[flat])]
                return name, self._sketch.port_number(flat)
            under = node_under(self._sketch, self._tip)
            landed = None if under is None else self._port_on(under)
            if landed is not None and self._inputs[self._sketch.port_place(*landed)]:
                return landed
        elif self._outputs is not None:
            node = output_near(self._sketch, self._tip, within, self._outputs)
            if node is None:
                under = node_under(self._sketch, self._tip)
                fed = None if under is None else self._output_on(under)
                return fed if fed and self._outputs[self._sketch.index[fed]] else None
            return self._sketch.names[node]
        return None

    def _closed(self) -> tuple[str, ...]:
        """Return the cycle that a link to what is at the pointer would close, from node to node."""
        sketch, graph = self._sketch, self._canvas.document.graph
        within = SNAP_PX / 2 / self._canvas.zoom
        near = node_under(sketch, self._tip)
        if near is None and self._source is not None:
            flat = input_near(sketch, self._tip, within)
            near = None if flat is None else int(sketch.port_node[flat])
        elif near is None:
            near = output_near(sketch, self._tip, within)
        name = "" if near is None else sketch.names[near]
        if not name or (self._source is not None and not graph.ports(name)):
            return ()
        source, target = (name, self._target[0]) if self._target else (self._source or "", name)
        # Every link begins at its own node, and there this need not be said.
        path = () if source == target else graph.path(target, source)
        return (source, *path) if path else ()

    def _port_on(self, node: int) -> tuple[str, int] | None:
        """Return the port that a link dropped on a node's body takes: the first free one."""
        block = self._sketch.faces[node].block
        if block is not None:
            free = (one for one in block.inputs if one not in self._sketch.edge_index)
            return next(free, None)
        name = self._sketch.names[node]
        port = self._free_port(name)
        return None if port is None else (name, port)

    def _output_on(self, node: int) -> str | None:
        """Return the node whose value a link takes that is dropped on a node's body."""
        block = self._sketch.faces[node].block
        if block is None:
            return self._sketch.names[node]
        return block.outputs[0] if len(block.outputs) == 1 else None

    def _free_port(self, name: str) -> int | None:
        graph = self._canvas.document.graph
        inputs = graph.nodes[name].inputs
        if self._taken is not None and self._taken.target == name:
            return self._taken.port
        for port in range(len(graph.ports(name))):
            if port >= len(inputs) or inputs[port] is None:
                return port
        return None

    def _put_away(self) -> None:
        marks = self._canvas.picture.marks
        marks.lit_inputs = marks.lit_outputs = None
        self._cycle = ()
        self._canvas.cycle.show(())
        self._canvas.land()


def _drawn(sketch: Sketch, names: Iterable[str]) -> Mask:
    """Return which of the nodes that are drawn are among `names`."""
    found = np.zeros(len(sketch.names), bool)
    found[indices(sketch, (name for name in names if name in sketch.index))] = True
    return found
