"""Where everything on the canvas lies, as arrays: nodes, ports, curves.

Bounding boxes are NumPy arrays, so that finding what a rectangle shows costs microseconds for
thousands of nodes. Coordinates are scene coordinates: px at 100 %.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QLineF, QPointF, QRectF
from PySide6.QtGui import QPainterPath

from gradstudio.graph import Edge, Graph, Point
from gradstudio.gui.canvas.bodies import Bodies
from gradstudio.gui.canvas.curves import DIRECT, LONG_PX, along, bends, best_ways, curve
from gradstudio.gui.canvas.face import Face
from gradstudio.gui.canvas.figures import DIGITS
from gradstudio.gui.canvas.folding import View, row_y

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]

RING_PX = 14.0
"""What rings, shadows and badges take around a node."""
CAPTION_PX = 22.0
RESULT_PX = (84.0, 22.0)
"""What the value and the gradient of a last node take at its right, or below it."""
LABEL_PX = (120.0, 100.0)
"""How far an edge's labels may reach away from its curve, at the largest scale of text."""
_LABELS_OFF = np.array([LABEL_PX[0] - 6, LABEL_PX[1] - 6, 6 - LABEL_PX[0], 6 - LABEL_PX[1]])
"""What to add to the box of an edge to get that of its curve and port alone."""
_PEN = np.array([-5.0, -5.0, 5.0, 5.0])
LABEL_HALF_PX = (24.0, 17.0)
"""Half of what an edge's labels take, until they are measured."""
MOST_ROUTED = 6000
_COARSE = np.linspace(0, 1, 17)
_COARSE_PX = 12.0
"""By how much a curve may leave the box of two neighbouring coarse samples, and half its pen."""


class Sketch:
    """The geometry of one graph.

    Args:
        graph: the graph.
        faces: the looks of each node, by name.
        positions: the centre of each.
        view: which nodes are drawn, and which lie in a block; None if all are drawn as they are.
    """

    def __init__(
        self,
        graph: Graph,
        faces: Mapping[str, Face],
        positions: Mapping[str, Point],
        view: View | None = None,
    ) -> None:
        self.names = [name for name in graph.nodes if view is None or name in view.names]
        self.index = {name: at for at, name in enumerate(self.names)}
        self.faces = [faces[name] for name in self.names]
        count = len(self.names)
        centres = np.array([positions[name] for name in self.names], np.float64)
        self.centres: Floats = centres.reshape(count, 2)
        self.edges: list[Edge] = [
            edge for edge in graph.edges() if view is None or view.draws(edge.source, edge.target)
        ]
        self.pins: dict[int, Point] = {}
        """Of edges whose labels are pinned, how far from the port they stand."""
        self.edge_index = {(edge.target, edge.port): at for at, edge in enumerate(self.edges)}
        index = self.index
        self.source: Ints = np.array([index[edge.source] for edge in self.edges], np.int64)
        self.target: Ints = np.array([index[edge.target] for edge in self.edges], np.int64)
        self.label_at: Floats
        """The point around which each edge's labels stand.

        Nan while they have no place, infinite where there is no room for them.
        """
        self.label_half: Floats
        """Half of what each edge's labels take across and down."""
        self.label_apart: Floats
        """How much further than usual they stand apart, above and below the edge's nodes."""
        self.label_both: Mask
        """Whether there is a gradient too."""
        self.label_digits: Ints
        """In how many digits they are written."""
        self.label_way: Ints
        """Which of the places that are tried it is: see `labels`."""
        self.result_sides: dict[tuple[int, float, int], Ints] = {}
        """Where the results of last nodes are written: see `results`."""
        self.blocked: Floats = np.zeros((0, 4))
        """What else labels must not cover: titles of frames, and notes."""
        self.flawed: Ints = np.zeros(0, np.int64)
        """The nodes with a badge, which no label covers either."""
        self.text_scale = 1.0
        """How much larger than at 100 % texts are drawn."""
        self.version = 0
        """Counts what changed: a picture of the same version is still right."""
        self.is_end: Mask = np.ones(count, bool)
        self.is_end[self.source] = False
        self.silent: Mask
        """Which edges end at a dot with one edge out, where their numbers stand."""
        self.output = -1
        """Which node is drawn as the output; -1 for none."""
        self.lead: Ints | None = None
        """Of each node, that in whose place it is painted: of those in a block only the first is.

        None where every node is painted in its own.
        """
        self.pale: Mask | None = None
        """Which nodes only stand beside the inside of a frame."""
        self._hidden: Mask | None = None
        self._edge_hidden: Mask | None = None
        self._outputs: Floats | None = None
        self.ports_shown: Mask | None = None
        """Which input ports and which outputs are at the border of what is drawn."""
        self.outputs_shown: Mask | None = None
        self._take_faces()
        if view is not None:
            self._fold(graph, view)
        self.way: Ints = np.full(len(self.edges), DIRECT)
        """Where each edge turns: see `curves`."""
        self._curve(np.arange(len(self.edges)))
        self.route()

    def _fold(self, graph: Graph, view: View) -> None:
        """Find out what of blocks is painted, and where their ports are."""
        lead = np.arange(len(self.names))
        self._outputs = np.stack([self.half[:, 0], np.zeros(len(self.names))], axis=1)
        self.outputs_shown = np.ones(len(self.names), bool)
        self.ports_shown = np.ones(len(self.port_node), bool)
        for block in view.blocks:
            nodes = indices(self, block.nodes)
            lead[nodes] = self.index[block.lead]
            self.outputs_shown[nodes] = self.is_end[nodes] = False
            self.ports_shown[np.isin(self.port_node, nodes)] = False
            for name, port in block.inputs:
                self.ports_shown[self._first_port[self.index[name]] + port] = True
            for name, row in block.output_rows.items():
                at = self.index[name]
                self.outputs_shown[at] = True
                self._outputs[at, 1] = row_y(row, self.half[at, 1])
        if view.guests:
            self.pale = np.zeros(len(self.names), bool)
            self.pale[indices(self, view.guests)] = True
        for name in view.guests:
            # Its other edges are not drawn.
            at = self.index[name]
            self.is_end[at] = name not in graph.consumers
        self.lead = lead
        self._hidden = lead != np.arange(len(self.names))
        self._edge_hidden = lead[self.source] == lead[self.target]
        self._box(np.arange(len(self.names)))

    # -- changing ---------------------------------------------------------------------------

    def _take_faces(self) -> None:
        count = len(self.names)
        self.half = np.array([face.half for face in self.faces]).reshape(count, 2)
        pads = np.array(
            [(face.caption_px, CAPTION_PX if face.caption else 0.0) for face in self.faces]
        ).reshape(count, 2)
        self.pads: Floats = pads
        """Of each node, how wide its caption is and how high: 0 without one."""
        self.is_round: Mask = np.array([face.circle for face in self.faces], bool)
        self.is_op: Mask = np.array([face.kind == "op" for face in self.faces], bool)
        dots = np.array([face.dot for face in self.faces], bool)
        leaving = np.bincount(self.source, minlength=count)
        self.silent = (dots & (leaving == 1))[self.target]
        owners: list[int] = []
        offsets: list[Point] = []
        first: list[int] = []
        for at, face in enumerate(self.faces):
            first.append(len(owners))
            owners.extend([at] * len(face.ports))
            offsets.extend(face.ports)
        self._first_port = first
        self.port_node: Ints = np.array(owners, np.int64)
        self._port_offset = np.array(offsets, np.float64).reshape(len(offsets), 2)
        self._edge_port: Ints = np.array(
            [first[self.index[edge.target]] + edge.port for edge in self.edges], np.int64
        )
        self._box(np.arange(count))

    def reface(self, faces: Mapping[str, Face]) -> Ints:
        """Give nodes other looks with the same ports, such as a pill whose number grew.

        Returns:
            Those that are wider or narrower now.
        """
        changed = []
        for name, face in faces.items():
            at = self.index[name]
            if face.half != self.faces[at].half:
                changed.append(at)
            self.faces[at] = face
            self.half[at] = face.half
        nodes = np.array(changed, np.int64)
        if changed:
            if self._outputs is not None:
                self._outputs[nodes, 0] = self.half[nodes, 0]
            self._box(nodes)
            self._curve(self.edges_of(nodes))
        return nodes

    def set_output(self, name: str | None) -> None:
        """Draw this node as the output."""
        self.output = -1 if name is None else self.index.get(name, -1)
        self._box(np.arange(len(self.names)))

    def move(self, nodes: Ints, centres: Floats) -> Ints:
        """Put `nodes` elsewhere and return the edges that followed; their labels have no place."""
        self.centres[nodes] = centres
        self._box(nodes)
        edges = self.edges_of(nodes)
        self._curve(edges)
        return edges

    def pin(self, edge: int, at: Point | None) -> None:
        """Pin the label of an edge so far from its port, or let it go."""
        if at is None:
            self.pins.pop(edge, None)
        else:
            self.pins[edge] = at
        self.version += 1
        self._reach_pins(np.array([edge]))
        self.label_at[edge] = np.nan

    def pinned(self) -> Ints:
        """Return the edges whose labels are pinned."""
        return np.array(sorted(self.pins), np.int64)

    def seek_room(self) -> None:
        """Let those labels look for a place again that found none: there may be room now."""
        self.label_at[np.isinf(self.label_at[:, 0])] = np.nan

    def scale_text(self, scale: float) -> None:
        """Draw texts at another scale: labels must find their places anew."""
        if scale != self.text_scale:
            self.text_scale = scale
            self.label_at[:] = np.nan

    def _box(self, nodes: Ints) -> None:
        self.version += 1
        if len(nodes) == len(self.names):
            self.boxes = np.empty((len(self.names), 4))
            self._rects: list[QRectF | None] = [None] * len(self.names)
        centres, half, pads = self.centres[nodes], self.half[nodes], self.pads[nodes]
        shown_end = self.is_end[nodes] | (nodes == self.output)
        wide = np.maximum(half[:, 0], pads[:, 0] / 2) + RING_PX
        self.boxes[nodes, 0] = centres[:, 0] - wide
        self.boxes[nodes, 1] = centres[:, 1] - half[:, 1] - RING_PX
        self.boxes[nodes, 2] = centres[:, 0] + wide + RESULT_PX[0] * shown_end
        self.boxes[nodes, 3] = (
            centres[:, 1] + half[:, 1] + RING_PX + pads[:, 1] + 2 * RESULT_PX[1] * shown_end
        )
        for at in nodes.tolist():
            self._rects[at] = None

    def _curve(self, edges: Ints) -> None:
        if len(edges) == len(self.edges):
            count = len(edges)
            self.start, self.end = np.empty((count, 2)), np.empty((count, 2))
            self.bend, self.edge_boxes = np.empty(count), np.empty((count, 4))
            self._runs = np.empty((count, 2))
            self.label_at = np.empty((count, 2))
            self.label_half = np.tile(LABEL_HALF_PX, (count, 1))
            self.label_apart, self.label_both = np.zeros(count), np.ones(count, bool)
            self.label_way = np.zeros(count, np.int64)
            self.label_digits = np.full(count, DIGITS)
            self._paths: list[QPainterPath | None] = [None] * count
            self._lines: list[QLineF | None] = [None] * count
        ports = self._edge_port[edges]
        start = self.centres[self.source[edges]]
        if self._outputs is None:
            start[:, 0] += self.half[self.source[edges], 0]
        else:
            start += self._outputs[self.source[edges]]
        end = self.centres[self.target[edges]] + self._port_offset[ports]
        if self._edge_hidden is not None:
            hidden = self._edge_hidden[edges]
            start[hidden] = end[hidden] = self.centres[self.target[edges]][hidden]
        self.start[edges], self.end[edges] = start, end
        runs, bend = bends(end[:, 0] - start[:, 0], self.way[edges])
        self._runs[edges], self.bend[edges] = runs, bend
        boxes = np.empty((len(edges), 4))
        boxes[:, 0] = np.minimum(start[:, 0], end[:, 0] - bend) - LABEL_PX[0]
        boxes[:, 1] = np.minimum(start[:, 1], end[:, 1]) - LABEL_PX[1]
        boxes[:, 2] = np.maximum(start[:, 0] + bend, end[:, 0]) + LABEL_PX[0]
        boxes[:, 3] = np.maximum(start[:, 1], end[:, 1]) + LABEL_PX[1]
        self.edge_boxes[edges] = boxes
        self._reach_pins(edges)
        self.label_at[edges] = np.nan
        for at in edges.tolist():
            self._paths[at] = self._lines[at] = None

    def _reach_pins(self, edges: Ints) -> None:
        """Let the boxes of edges reach around their pinned labels."""
        for edge in np.intersect1d(edges, self.pinned()).tolist():
            there = self.end[edge] + self.pins[edge]
            box = self.edge_boxes[edge]
            box[:2] = np.minimum(box[:2], there - LABEL_PX)
            box[2:] = np.maximum(box[2:], there + LABEL_PX)

    def route(self) -> None:
        """Let long edges turn early or late where that leads past other nodes and their names."""
        edges = np.flatnonzero(self.end[:, 0] - self.start[:, 0] > LONG_PX)
        if not len(edges) or len(edges) > MOST_ROUTED:
            return
        named = np.flatnonzero(self.pads[:, 1] > 0)
        below = self.half[named, 1] + self.pads[named, 1] / 2
        captions = self.centres[named] + np.stack([0 * below, below], axis=1)
        bodies = Bodies.of(
            np.concatenate([self.centres, captions]),
            np.concatenate([self.half, self.pads[named] / 2]),
        )
        if bodies is None:
            return
        ways = best_ways(self.start[edges], self.end[edges], bodies)
        changed = edges[ways != self.way[edges]]
        self.way[edges] = ways
        if len(changed):
            self.version += 1
            self._curve(changed)

    # -- reading ----------------------------------------------------------------------------

    def edges_of(self, nodes: Ints) -> Ints:
        """Return the edges that begin or end at one of `nodes`."""
        if len(nodes) == 1:
            return np.flatnonzero((self.source == nodes[0]) | (self.target == nodes[0]))
        touched = np.zeros(len(self.names), bool)
        touched[nodes] = True
        return np.flatnonzero(touched[self.source] | touched[self.target])

    def drawn_nodes(self, nodes: Ints) -> Ints:
        """Return those of `nodes` that are painted: of those in a block the first alone."""
        return nodes if self._hidden is None else nodes[~self._hidden[nodes]]

    def drawn_edges(self, edges: Ints) -> Ints:
        """Return those of `edges` that do not lie in a block."""
        return edges if self._edge_hidden is None else edges[~self._edge_hidden[edges]]

    def nodes_in(self, rect: QRectF) -> Ints:
        """Return the nodes of which something may show in `rect`."""
        return self.drawn_nodes(_within(self.boxes, rect))

    def edges_in(self, rect: QRectF) -> Ints:
        """Return the edges of which something may show in `rect`."""
        return self.drawn_edges(_within(self.edge_boxes, rect))

    def curves_in(self, edges: Ints, rect: QRectF) -> Ints:
        """Return those of `edges` whose curve itself, not only its box, comes into `rect`."""
        points = self.along(edges, _COARSE)
        low = np.minimum(points[:, :-1], points[:, 1:]) - _COARSE_PX
        high = np.maximum(points[:, :-1], points[:, 1:]) + _COARSE_PX
        inside = (
            (high[..., 0] >= rect.left())
            & (low[..., 0] <= rect.right())
            & (high[..., 1] >= rect.top())
            & (low[..., 1] <= rect.bottom())
        )
        return edges[inside.any(axis=1)]

    def labelled_in(self, edges: Ints, rect: QRectF) -> Ints:
        """Return those of `edges` whose labels may show in `rect`."""
        at, half = self.label_at[edges], self.label_half[edges]
        return edges[_within(np.concatenate([at - half, at + half], axis=1), rect)]

    def enclosed(self, rect: QRectF) -> Ints:
        """Return the nodes whose body touches `rect`, as a box select takes them."""
        bodies = [self.centres - self.half, self.centres + self.half]
        return _within(np.concatenate(bodies, axis=1), rect)

    def bounds(self, nodes: Ints | None = None) -> QRectF:
        """Return what all nodes (or `nodes`) and their curves take; empty without any."""
        boxes = self.boxes if nodes is None else self.boxes[nodes]
        if not len(boxes):
            return QRectF()
        if nodes is None and len(self.edge_boxes):
            boxes = np.concatenate([boxes, self.edge_boxes + _LABELS_OFF])
        return _rect(boxes)

    def label_reach(self, edges: Ints) -> QRectF:
        """Return all places where the labels of `edges` may come to stand."""
        return _rect(self.edge_boxes[edges]) if len(edges) else QRectF()

    def dirty(self, nodes: Ints, edges: Ints) -> QRectF:
        """Return what must be painted again when `nodes` and `edges` change."""
        at, half = self.label_at[edges], self.label_half[edges]
        curves = self.edge_boxes[edges] + _LABELS_OFF
        numbers = np.concatenate([at - half, at + half], axis=1) + _PEN
        boxes = np.concatenate([self.boxes[nodes], curves, numbers[np.isfinite(at[:, 0])]])
        return _rect(boxes) if len(boxes) else QRectF()

    def rect(self, node: int) -> QRectF:
        """Return the node's body."""
        rect = self._rects[node]
        if rect is None:
            (x, y), (wide, high) = self.centres[node], self.half[node]
            rect = QRectF(x - wide, y - high, 2 * wide, 2 * high)
            self._rects[node] = rect
        return rect

    def rects(self, nodes: Ints) -> list[QRectF]:
        """Return the bodies of many nodes."""
        chosen, known = nodes.tolist(), self._rects
        missing = [node for node in chosen if known[node] is None]
        corners, sizes = self.centres[missing] - self.half[missing], 2 * self.half[missing]
        for node, (x, y, wide, high) in zip(
            missing, np.concatenate([corners, sizes], axis=1).tolist(), strict=True
        ):
            known[node] = QRectF(x, y, wide, high)
        return [rect for node in chosen if (rect := known[node]) is not None]

    def lines(self, edges: Ints) -> list[QLineF]:
        """Return edges as straight lines."""
        chosen, known = edges.tolist(), self._lines
        missing = [edge for edge in chosen if known[edge] is None]
        ends = np.concatenate([self.start[missing], self.end[missing]], axis=1)
        for edge, (left, top, right, bottom) in zip(missing, ends.tolist(), strict=True):
            known[edge] = QLineF(left, top, right, bottom)
        return [line for edge in chosen if (line := known[edge]) is not None]

    def path(self, edge: int) -> QPainterPath:
        """Return the edge's curve."""
        path = self._paths[edge]
        if path is None:
            first, last = self._runs[edge].tolist()
            path = curve(
                QPointF(*self.start[edge].tolist()),
                QPointF(*self.end[edge].tolist()),
                float(self.bend[edge]),
                (first, last),
            )
            self._paths[edge] = path
        return path

    def output_at(self, node: int) -> Point:
        """Return where the node's output port is."""
        if self._outputs is not None:
            x, y = self.centres[node] + self._outputs[node]
            return float(x), float(y)
        return float(self.centres[node, 0] + self.half[node, 0]), float(self.centres[node, 1])

    def port_at(self, node: int, port: int) -> Point:
        """Return where input port number `port` of the node is."""
        x, y = self.centres[node] + self._port_offset[self._first_port[node] + port]
        return float(x), float(y)

    def ports(self) -> Floats:
        """Return where all input ports are."""
        return np.asarray(self.centres[self.port_node] + self._port_offset)

    def outputs(self) -> Floats:
        """Return where the output ports of all nodes are."""
        if self._outputs is not None:
            return np.asarray(self.centres + self._outputs)
        outputs = self.centres.copy()
        outputs[:, 0] += self.half[:, 0]
        return outputs

    def port_number(self, flat: int) -> int:
        """Return the number, at its node, of the input port at place `flat` in `ports`."""
        return flat - self._first_port[int(self.port_node[flat])]

    def port_place(self, name: str, port: int) -> int:
        """Return the place in `ports` of an input port."""
        return self._first_port[self.index[name]] + port

    def along(self, edges: Ints, t: npt.NDArray[Any]) -> Floats:
        """Return points of the curves of `edges`: (edges, t, 2), `t` from 0 at the source to 1."""
        ends, form = (self.start[edges], self.end[edges]), (self.bend[edges], self._runs[edges])
        return along(*ends, *form, t)


def indices(sketch: Sketch, names: Iterable[str]) -> Ints:
    """Return the numbers of the nodes called `names`."""
    return np.array(sorted(sketch.index[name] for name in names), np.int64)


def _within(boxes: Floats, rect: QRectF) -> Ints:
    return np.flatnonzero(
        (boxes[:, 2] >= rect.left())
        & (boxes[:, 0] <= rect.right())
        & (boxes[:, 3] >= rect.top())
        & (boxes[:, 1] <= rect.bottom())
    )


def _rect(boxes: Floats) -> QRectF:
    left, top = boxes[:, :2].min(axis=0)
    right, bottom = boxes[:, 2:].max(axis=0)
    return QRectF(left, top, right - left, bottom - top)
