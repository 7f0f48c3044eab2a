"""What tidies a canvas: laying out, lining up, spacing out; each is one undo step."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QObject

from gradstudio.graph import Point
from gradstudio.gui.canvas import labels
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
        """Put all nodes in order, or all inside the frame gone into, and show them.

        Those in a folded frame go where they would without it, so that it has room to unfold.
        """
        canvas = self._canvas
        graph, inside = canvas.document.graph, canvas.inside
        if inside is not None:
            names = graph.annotations.nodes_in(inside)
            places = self._in_place(arrange(graph.subgraph(names)))
            self._put(self.tr("Lay out"), places, fit=True)
        elif graph.nodes:
            self._put(self.tr("Lay out"), arrange(graph), fit=True)

    def lay_out_selection(self) -> None:
        """Put the selected nodes in order where they are; they cover no others if there is room."""
        canvas = self._canvas
        names = canvas.selection()
        sketch = canvas.picture.sketch
        nodes = indices(sketch, names)
        places = self._in_place(arrange(canvas.document.graph.subgraph(names)))
        centres = np.array([places[name] for name in names])
        others = np.setdiff1d(np.arange(len(sketch.names)), nodes)
        room = nearest_clear(
            centres, sketch.half[nodes], sketch.centres[others], sketch.half[others]
        )
        self._put(self.tr("Lay out"), _places(names, centres + room))

    def align(self, side: str) -> None:
        """Line the selected nodes up by one of `alignment.SIDES`."""
        nodes, sketch = self._chosen(), self._canvas.picture.sketch
        centres = align(sketch.centres[nodes], sketch.half[nodes], side)
        self._show_at(self.tr("Align"), nodes, centres)

    def distribute(self, axis: int) -> None:
        """Leave equal gaps between the selected nodes, across (0) or down (1)."""
        nodes, sketch = self._chosen(), self._canvas.picture.sketch
        centres = distribute(sketch.centres[nodes], sketch.half[nodes], axis)
        self._show_at(self.tr("Distribute"), nodes, centres)

    def _chosen(self) -> Ints:
        return indices(self._canvas.picture.sketch, self._canvas.selection())

    def _homes(self) -> Mapping[str, Point]:
        """Return where all nodes really lie, those in a folded frame too."""
        canvas = self._canvas
        if canvas.view is not None:
            return canvas.view.homes
        return _places(canvas.picture.sketch.names, canvas.picture.sketch.centres)

    def _in_place(self, places: Mapping[str, Point]) -> dict[str, Point]:
        """Return `places` moved so that their mean is that of where the nodes lie now."""
        homes = self._homes()
        centres = np.array(list(places.values()))
        centres += np.mean([homes[name] for name in places], axis=0) - centres.mean(axis=0)
        return _places(places, centres)

    def _show_at(self, label: str, nodes: Ints, centres: Floats) -> None:
        """Put nodes where they are to be shown at `centres`."""
        canvas = self._canvas
        names = [canvas.picture.sketch.names[at] for at in nodes.tolist()]
        self._put(label, canvas.levels.real(_places(names, centres)))

    def _put(self, label: str, places: Mapping[str, Point], *, fit: bool = False) -> None:
        """Commit where nodes lie now, and show them on their way there."""
        canvas = self._canvas
        canvas.cancel_gesture()
        sketch = canvas.picture.sketch
        start = sketch.centres.copy()
        standing = labels.standing_of(sketch, np.arange(len(sketch.edges)))
        homes, places = self._homes(), _rounded(places)
        if places != _rounded({name: homes[name] for name in places}):
            canvas.edits.attempt(label, lambda graph: graph.move(places))
        if fit:
            canvas.lens.fit()
        canvas.glide.begin(start, standing)


def _places(names: Iterable[str], centres: Floats) -> dict[str, Point]:
    return {name: (x, y) for name, (x, y) in zip(names, centres.tolist(), strict=True)}


def _rounded(places: Mapping[str, Point]) -> dict[str, Point]:
    return {name: (round(x, 2), round(y, 2)) for name, (x, y) in places.items()}
