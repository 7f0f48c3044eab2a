"""What tidies a canvas: laying out, lining up, spacing out; each is one undo step."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QObject

from gradstudio.gui.canvas.alignment import align, distribute
from gradstudio.gui.canvas.layout import arrange
from gradstudio.gui.canvas.room import nearest_clear
from gradstudio.gui.canvas.sketch import Floats, Ints, indices

if TYPE_CHECKING:
    from gradstudio.gui.canvas.view import Canvas


class Tidying(QObject):
    """Puts the nodes of one canvas in order.

    Args:
        canvas: whose nodes, and which of them are selected.
    """

    def __init__(self, canvas: Canvas) -> None:
        super().__init__(canvas)
        self._canvas = canvas

    def lay_out(self) -> None:
        """Put all nodes in order, and show them all."""
        canvas = self._canvas
        graph = canvas.document.graph
        if graph.nodes:
            places = arrange(graph)
            centres = np.array([places[name] for name in canvas.picture.sketch.names])
            self._put(self.tr("Lay out"), np.arange(len(centres)), centres, fit=True)

    def lay_out_selection(self) -> None:
        """Put the selected nodes in order where they are; they cover no others if there is room."""
        canvas = self._canvas
        names = canvas.selection()
        if len(names) < 2:
            canvas.status.emit(self.tr("Select the nodes to lay out"))
            return
        sketch = canvas.picture.sketch
        nodes = indices(sketch, names)
        places = arrange(canvas.document.graph.subgraph(names))
        centres = np.array([places[name] for name in names])
        centres += sketch.centres[nodes].mean(axis=0) - centres.mean(axis=0)
        others = np.setdiff1d(np.arange(len(sketch.names)), nodes)
        room = nearest_clear(
            centres, sketch.half[nodes], sketch.centres[others], sketch.half[others]
        )
        self._put(self.tr("Lay out"), nodes, centres + room)

    def align(self, side: str) -> None:
        """Line the selected nodes up by one of `alignment.SIDES`."""
        nodes = self._chosen(2, self.tr("Select at least two nodes to line them up"))
        if nodes is not None:
            sketch = self._canvas.picture.sketch
            centres = align(sketch.centres[nodes], sketch.half[nodes], side)
            self._put(self.tr("Align"), nodes, centres)

    def distribute(self, axis: int) -> None:
        """Leave equal gaps between the selected nodes, across (0) or down (1)."""
        nodes = self._chosen(3, self.tr("Select at least three nodes to space them out"))
        if nodes is not None:
            sketch = self._canvas.picture.sketch
            centres = distribute(sketch.centres[nodes], sketch.half[nodes], axis)
            self._put(self.tr("Distribute"), nodes, centres)

    def _chosen(self, least: int, refusal: str) -> Ints | None:
        canvas = self._canvas
        nodes = indices(canvas.picture.sketch, canvas.selection())
        if len(nodes) >= least:
            return nodes
        canvas.status.emit(refusal)
        return None

    def _put(self, label: str, nodes: Ints, centres: Floats, *, fit: bool = False) -> None:
        """Commit where nodes lie now, and show them on their way there."""
        canvas = self._canvas
        canvas.cancel_gesture()
        sketch = canvas.picture.sketch
        centres = np.round(centres, 2)
        places = zip(nodes.tolist(), centres.tolist(), strict=True)
        moved = {sketch.names[at]: (x, y) for at, (x, y) in places}
        start = sketch.centres.copy()
        labels = sketch.labels_of(np.arange(len(sketch.edges)))
        if (np.round(sketch.centres[nodes], 2) != centres).any():
            canvas.edits.attempt(label, lambda graph: graph.move(canvas.real(moved)))
        if fit:
            canvas.lens.fit()
        canvas.glide.begin(start, labels)
