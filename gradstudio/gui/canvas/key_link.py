"""The link that keys draw: arrows choose among the ports that fit, and each one is said."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QCoreApplication, QPoint, QPointF

from gradstudio.errors import mark
from gradstudio.graph import Edge
from gradstudio.gui.canvas.caret import Direction, toward
from gradstudio.gui.canvas.links import DrawLink
from gradstudio.gui.canvas.offers import Loose
from gradstudio.gui.canvas.sketch import Floats, Mask, Sketch

if TYPE_CHECKING:
    from gradstudio.gui.canvas.view import Canvas

FREE = mark("KeyLink", "{source} into {port} of {name}: Enter links, Escape cancels")
LINKED = mark("KeyLink", "{source} into {port} of {name}: linked, Delete removes it")
TAKEN = mark("KeyLink", "{source} into {port} of {name}, instead of {old}")
DONE = mark("KeyLink", "{source} feeds {port} of {name} now")
NO_PORT = mark("KeyLink", "There is no port that {source} could feed")
NO_NODE = mark("KeyLink", "There is no node that could feed {port} of {name}")
STUB_PX = 24.0
"""How long the link is where nothing fits."""


class KeyLink(DrawLink):
    """A link in the air whose free end goes from port to port that fits.

    Args:
        canvas: the canvas.
        source: the node whose output it comes from, if that end holds.
        target: the node and the input port it goes into, if that end holds.
    """

    def __init__(
        self, canvas: Canvas, *, source: str | None = None, target: tuple[str, int] | None = None
    ) -> None:
        self._aimed: tuple[str, int] | str | None = None
        self._held = (source, target)
        self._handed_over = False
        super().__init__(canvas, QPoint(), source=source, target=target)
        self._aim_first()

    @property
    def target(self) -> tuple[str, int] | None:
        """The port that holds; None where the link is drawn forwards."""
        return self._held[1]

    @property
    def aimed(self) -> tuple[str, int] | str | None:
        """The input port, or the node, that Enter would link to."""
        return self._aimed

    @property
    def link(self) -> Edge | None:
        """The link that is there already: in the port that holds, or to the port aimed at."""
        sketch: Sketch = self._canvas.picture.sketch
        source, target = self._held
        port = target or (self._aimed if isinstance(self._aimed, tuple) else None)
        at = None if port is None else sketch.edge_index.get(port)
        link = None if at is None else sketch.edges[at]
        return link if link is not None and source in (None, link.source) else None

    def move(self, at: QPoint) -> None:
        if self._aimed is None:
            # Nothing fits: a short end at its own port, which T can give a node.
            at = self._canvas.lens.seen(self._stub()).toPoint()
        super().move(at)

    def _stub(self) -> QPointF:
        sketch: Sketch = self._canvas.picture.sketch
        source, target = self._held
        if target is not None:
            x, y = sketch.port_at(sketch.index[target[0]], target[1])
            return QPointF(x - STUB_PX, y)
        x, y = sketch.output_at(sketch.index[source or ""])
        return QPointF(x + STUB_PX, y)

    def step(self, direction: Direction) -> None:
        """Aim at the next port in a direction."""
        points, fits = self._candidates()
        found = toward(points, self._tip, direction, fits)
        if found is not None:
            self._aim(found)

    def leap(self, by: int) -> None:
        """Aim at the next port that fits, or the one before, wherever it is."""
        _, fits = self._candidates()
        possible = np.flatnonzero(fits)
        if len(possible):
            at = np.flatnonzero(possible == self._place())
            self._aim(int(possible[(int(at[0]) + by) % len(possible) if len(at) else 0]))

    def hand_over(self) -> Loose:
        """Return what holds, for a node that is not there yet; this gesture then just ends."""
        self._handed_over = True
        return Loose(*self._held)

    def say(self) -> str:
        """Return what is linked to what, and what of the graph it would replace."""
        sketch: Sketch = self._canvas.picture.sketch
        source, target = self._held
        if isinstance(self._aimed, tuple):
            target = self._aimed
        elif isinstance(self._aimed, str):
            source = self._aimed
        name, port = target or ("", 0)
        at = sketch.edge_index.get((name, port))
        old = None if at is None else sketch.edges[at].source
        if target is None:
            text = NO_PORT
        elif source is None:
            text = NO_NODE
        elif old is None:
            text = FREE
        else:
            text = LINKED if old == source else TAKEN
        return self._said(text, source, target, old)

    def _said(
        self, text: str, source: str | None, target: tuple[str, int] | None, old: str | None = None
    ) -> str:
        name, port = target or ("", 0)
        title = self._canvas.document.graph.ports(name)[port] if name else ""
        told = QCoreApplication.translate("KeyLink", text)
        return told.format(source=source, port=title, name=name, old=old)

    def end(self, at: QPoint) -> None:
        """Link, and say so."""
        before = self._canvas.document.graph
        super().end(at)
        if self._canvas.document.graph is not before:
            (source, target), aimed = self._held, self._aimed
            source = aimed if isinstance(aimed, str) else source
            target = aimed if isinstance(aimed, tuple) else target
            self._canvas.status.emit(self._said(DONE, source, target))

    def cancel(self) -> None:
        super().cancel()
        said = QCoreApplication.translate("KeyLink", "No link was made")
        self._canvas.status.emit("" if self._handed_over else said)

    # -- aiming -----------------------------------------------------------------------------

    def _find(self) -> tuple[str, int] | str | None:
        return self._aimed

    def _candidates(self) -> tuple[Floats, Mask]:
        """Return all ports of the kind that is looked for, and which of them fit."""
        sketch: Sketch = self._canvas.picture.sketch
        marks = self._canvas.picture.marks
        if marks.lit_inputs is not None:
            shown = sketch.ports_shown
            return sketch.ports(), marks.lit_inputs if shown is None else marks.lit_inputs & shown
        outputs, fits, shown = sketch.outputs(), marks.lit_outputs, sketch.outputs_shown
        if fits is None:
            return outputs, np.zeros(len(outputs), bool)
        return outputs, fits if shown is None else fits & shown

    def _place(self) -> int:
        """Return which of the candidates is aimed at; -1 for none."""
        sketch: Sketch = self._canvas.picture.sketch
        if isinstance(self._aimed, str):
            return sketch.index[self._aimed]
        if self._aimed is None:
            return -1
        name, port = self._aimed
        return int(np.flatnonzero(sketch.port_node == sketch.index[name])[port])

    def _aim_first(self) -> None:
        """Aim at the port one would mean: a free one near by, or what feeds the port now."""
        sketch: Sketch = self._canvas.picture.sketch
        points, fits = self._candidates()
        source, target = self._held
        if not fits.any():
            self._canvas.status.emit(self.say())
            return
        if target is not None:
            at = sketch.edge_index.get(target)
            if at is not None:
                self._aim(int(sketch.source[at]))
                return
            held = QPointF(*sketch.port_at(sketch.index[target[0]], target[1]))
        else:
            held = QPointF(*sketch.output_at(sketch.index[source or ""]))
            taken = np.zeros(len(points), bool)
            graph = self._canvas.document.graph
            for flat in np.flatnonzero(fits).tolist():
                inputs = graph.nodes[sketch.names[int(sketch.port_node[flat])]].inputs
                port = sketch.port_number(flat)
                taken[flat] = port < len(inputs) and inputs[port] is not None
            fits = fits & ~taken if (fits & ~taken).any() else fits
        off = points - (held.x(), held.y())
        # Links go from left to right: what lies the other way is twice as far.
        ahead = off[:, 0] if target is None else -off[:, 0]
        distance = np.hypot(np.where(ahead < 0, 3 * ahead, ahead), off[:, 1])
        self._aim(int(np.argmin(np.where(fits, distance, np.inf))))

    def _aim(self, found: int) -> None:
        sketch: Sketch = self._canvas.picture.sketch
        if self._held[1] is None:
            name = sketch.names[int(sketch.port_node[found])]
            self._aimed = (name, sketch.port_number(found))
            node = sketch.index[name]
        else:
            self._aimed = sketch.names[found]
            node = found
        self.move(QPoint())
        self._canvas.lens.keep_in_sight(sketch.rect(node))
        self._canvas.status.emit(self.say())
