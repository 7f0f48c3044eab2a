"""The labels of what is looked at are shown even where there is no room: others make way meanwhile.

When one looks elsewhere, all labels stand again where they stood.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QRectF

from gradstudio.gui.canvas.picture import Picture
from gradstudio.gui.canvas.sketch import Ints

MOST_NODES = 16
"""Of more nodes at once, nobody looks at each."""
NOBODY: Ints = np.zeros(0, np.int64)


class Focus:
    """Which labels made way in the picture of one canvas, and for which nodes."""

    def __init__(self) -> None:
        self._picture: Picture | None = None
        self._nodes: tuple[int, ...] = ()
        self._changed: Ints = NOBODY
        self._before: tuple[npt.NDArray[Any], ...] = ()
        self._state: tuple[int, float] = (0, 0.0)

    def follow(self, picture: Picture) -> QRectF:
        """Look at the nodes that are marked now, and return what must be painted again."""
        looked_at = np.flatnonzero(picture.looked_at())
        nodes = tuple(looked_at.tolist()) if len(looked_at) <= MOST_NODES else ()
        if picture is self._picture and nodes == self._nodes:
            return QRectF()
        dirty = self._give_back() if picture is self._picture else QRectF()
        self._picture, self._nodes = picture, nodes
        sketch = picture.sketch
        edges = sketch.edges_of(np.array(nodes, np.int64)) if nodes else NOBODY
        hidden = edges[np.isinf(sketch.label_at[edges, 0])]
        if not len(hidden):
            return dirty
        before = sketch.labels_of(np.arange(len(sketch.edges)))
        picture.insist(hidden, edges)
        after = sketch.label_at
        same = (before[0] == after) | (np.isnan(before[0]) & np.isnan(after))
        self._changed = np.flatnonzero(~same.all(axis=1))
        self._before = tuple(one[self._changed] for one in before)
        self._state = sketch.version, sketch.text_scale
        return dirty.united(self._labels(picture))

    def _give_back(self) -> QRectF:
        picture, changed = self._picture, self._changed
        self._changed = NOBODY
        if picture is None or not len(changed):
            return QRectF()
        sketch = picture.sketch
        shown = picture.label_bounds(changed)
        if self._state == (sketch.version, sketch.text_scale):
            sketch.put_labels(changed, self._before)
        else:
            sketch.label_at[changed] = np.nan
        return shown.united(picture.label_bounds(changed))

    def _labels(self, picture: Picture) -> QRectF:
        sketch, changed = picture.sketch, self._changed
        now = sketch.labels_of(changed)
        shown = picture.label_bounds(changed)
        sketch.put_labels(changed, self._before)
        shown = shown.united(picture.label_bounds(changed))
        sketch.put_labels(changed, now)
        return shown
