"""What the canvas does to links in several steps, each one commit: bridge, mute, cut and such."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QObject, QPointF

from gradstudio import rewiring
from gradstudio.graph import Edge, Graph
from gradstudio.gui.canvas import places
from gradstudio.gui.canvas.sketch import indices

if TYPE_CHECKING:
    from gradstudio.gui.canvas.view import Canvas


class Rewiring(QObject):
    """The edits of links of one canvas.

    Args:
        canvas: the canvas.
    """

    def __init__(self, canvas: Canvas) -> None:
        super().__init__(canvas)
        self._canvas = canvas

    def bridge(self) -> None:
        """Delete the selected nodes; what fed them feeds what they fed."""
        names = self._canvas.selection()
        if names:
            self._attempt(self.tr("Delete and bridge"), lambda graph: rewiring.bridge(graph, names))

    def toggle_muted(self, names: Collection[str]) -> None:
        """Mute nodes that are no leaves, or all of them no longer if all are."""
        nodes = self._canvas.document.graph.nodes
        on = not all(nodes[name].muted for name in names)
        label = self.tr("Mute") if on else self.tr("Unmute")
        self._attempt(label, lambda graph: rewiring.mute(graph, names, on))

    def swap(self, names: Iterable[str]) -> None:
        """Swap the two inputs of nodes; of more inputs the last becomes the first."""

        def edit(graph: Graph) -> Graph:
            for name in names:
                graph = rewiring.swap_inputs(graph, name)
            return graph

        self._attempt(self.tr("Swap inputs"), edit)

    def duplicate_linked(self) -> None:
        """Add the selected nodes once more, fed by what feeds the originals."""
        names = self._canvas.selection()
        called: dict[str, str] = {}
        offset = places.copy_offset(self._canvas, names, ())

        def edit(graph: Graph) -> Graph:
            nonlocal called
            graph, called = rewiring.duplicate(graph, names, offset, linked=True)
            return graph

        if names and self._attempt(self.tr("Duplicate with links"), edit):
            self._canvas.edits.made.emit(tuple(called.values()))
            self._canvas.lens.see_selection()

    def cut(self, edges: Collection[Edge]) -> None:
        """Remove links."""
        if edges:
            label = self.tr("Remove link") if len(edges) == 1 else self.tr("Cut links")
            self._attempt(label, lambda graph: rewiring.cut(graph, edges))

    def add_dots(self, edges: Mapping[Edge, QPointF]) -> None:
        """Lead links through dots, those of one node through one.

        Args:
            edges: where each link is to have its dot; a common dot comes amidst.
        """
        by_source: dict[str, list[Edge]] = {}
        for edge in edges:
            by_source.setdefault(edge.source, []).append(edge)
        made: list[str] = []

        def edit(graph: Graph) -> Graph:
            for together in by_source.values():
                at = _middle(edges[edge] for edge in together)
                graph, name = rewiring.reroute(graph, together, at)
                made.append(name)
            return graph

        if edges and self._attempt(self.tr("Add reroute"), edit):
            self._canvas.edits.made.emit(tuple(made))

    def add_dots_after(self) -> None:
        """Lead all that leaves the selected nodes through a dot each."""
        names, sketch = self._canvas.selection(), self._canvas.picture.sketch
        leaving = np.flatnonzero(np.isin(sketch.source, indices(sketch, names)))
        if len(leaving):
            middles = sketch.along(leaving, np.array([0.5]))[:, 0].tolist()
            pairs = zip(leaving.tolist(), middles, strict=True)
            self.add_dots({sketch.edges[edge]: QPointF(x, y) for edge, (x, y) in pairs})

    def _attempt(self, label: str, edit: Callable[[Graph], Graph]) -> bool:
        return self._canvas.edits.attempt(label, edit)


def _middle(points: Iterable[QPointF]) -> tuple[float, float]:
    every = list(points)
    x = sum(point.x() for point in every) / len(every)
    y = sum(point.y() for point in every) / len(every)
    return round(x, 2), round(y, 2)
