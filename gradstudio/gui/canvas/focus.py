"""The labels of what is looked at are shown even where there is no room: others make way meanwhile.

When one looks elsewhere, all labels stand again where they stood; and before another picture takes
the place of this one, which hands them on and may come back.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QRectF

from gradstudio.gui.canvas import labels
from gradstudio.gui.canvas.picture import Picture
from gradstudio.gui.canvas.sketch import Ints

MOST_NODES = 16
"""Of more nodes at once, nobody looks at each."""


class Focus:
    """Which nodes of one canvas are looked at, and which labels made way for theirs."""

    def __init__(self) -> None:
        self._picture: Picture | None = None
        self._nodes: tuple[int, ...] = ()
        self._shift: _Shift | None = None

    def follow(self, picture: Picture) -> QRectF:
        """Look at the nodes that are marked now, and return what must be painted again."""
        looked_at = np.flatnonzero(picture.looked_at())
        nodes = tuple(looked_at.tolist()) if len(looked_at) <= MOST_NODES else ()
        if picture is self._picture and nodes == self._nodes:
            return QRectF()
        dirty = QRectF()
        if self._shift is not None and picture is self._picture:
            dirty = self._shift.undo(picture)
        self._picture, self._nodes = picture, nodes
        self._shift = _Shift.towards(picture, nodes) if nodes else None
        return dirty if self._shift is None else dirty.united(self._shift.bounds(picture))

    def leave(self) -> None:
        """Look at nothing, as another picture is about to be shown."""
        if self._shift is not None and self._picture is not None:
            self._shift.undo(self._picture)
        self._picture, self._nodes, self._shift = None, (), None


@dataclass(frozen=True, slots=True)
class _Shift:
    """Labels of one picture that stand elsewhere for now, and where they stood."""

    edges: Ints
    before: labels.Standing
    version: tuple[int, float]
    """Of the sketch and its texts: of any other, the old places are worth nothing."""

    @classmethod
    def towards(cls, picture: Picture, nodes: tuple[int, ...]) -> _Shift | None:
        """Give the labels at `nodes` room, and return what that moved."""
        sketch = picture.sketch
        edges = sketch.edges_of(np.array(nodes, np.int64))
        hidden = edges[np.isinf(sketch.label_at[edges, 0])]
        if not len(hidden):
            return None
        before = labels.standing_of(sketch, np.arange(len(sketch.edges)))
        picture.insist(hidden, edges)
        same = (before[0] == sketch.label_at) | (np.isnan(before[0]) & np.isnan(sketch.label_at))
        moved = np.flatnonzero(~same.all(axis=1))
        return cls(moved, tuple(one[moved] for one in before), (sketch.version, sketch.text_scale))

    def undo(self, picture: Picture) -> QRectF:
        """Let the labels stand where they stood, and return what must be painted again."""
        sketch = picture.sketch
        shown = picture.label_bounds(self.edges)
        if self.version == (sketch.version, sketch.text_scale):
            labels.put(sketch, self.edges, self.before)
            again = self.edges[np.isfinite(sketch.label_at[self.edges, 0])]
            # Others may have found room where these stood.
            sketch.label_at[labels.covered(sketch, again)] = np.nan
            return shown.united(picture.label_bounds(self.edges))
        sketch.label_at[self.edges] = np.nan
        return shown.united(sketch.label_reach(self.edges))

    def bounds(self, picture: Picture) -> QRectF:
        """Return what the labels take and took."""
        sketch = picture.sketch
        now = labels.standing_of(sketch, self.edges)
        shown = picture.label_bounds(self.edges)
        labels.put(sketch, self.edges, self.before)
        shown = shown.united(picture.label_bounds(self.edges))
        labels.put(sketch, self.edges, now)
        return shown
