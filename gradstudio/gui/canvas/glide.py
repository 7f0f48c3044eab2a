"""Nodes that go to their new places instead of hopping: shown only, the graph is there already."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QAbstractAnimation, QEasingCurve, QVariantAnimation
from PySide6.QtWidgets import QStyle

from gradstudio.gui.canvas import labels
from gradstudio.gui.canvas.sketch import Floats, Ints

if TYPE_CHECKING:
    from gradstudio.gui.canvas.view import Canvas

GLIDE_MS = 200
MOST_NODES = 150
"""Of more than these not every frame would come in time: they are in their places at once."""
MOST_NUMBERED = 60
"""So many edges take their numbers along; of more, the numbers wait until all is in place."""


class Glide(QVariantAnimation):
    """Moves what is shown of a canvas from where it was to where the graph has it.

    Since the graph is ahead, an edit, an undo or a gesture meanwhile only ends it early.
    """

    def __init__(self, canvas: Canvas) -> None:
        super().__init__(canvas)
        self._canvas = canvas
        self._nodes: Ints = np.zeros(0, np.int64)
        self._edges: Ints = np.zeros(0, np.int64)
        self._start: Floats = np.zeros((0, 2))
        self._goal: Floats = np.zeros((0, 2))
        self.setStartValue(0.0)
        self.setEndValue(1.0)
        self.setEasingCurve(QEasingCurve.Type.InOutCubic)
        self.valueChanged.connect(self._show)
        self.finished.connect(self._land)

    @property
    def running(self) -> bool:
        """Whether anything is on its way."""
        return self.state() == QAbstractAnimation.State.Running

    def begin(self, start: Floats, places: labels.Standing) -> None:
        """Show nodes on their way from where they were.

        They hop where the system asks for calm, or where a frame would come late.

        Args:
            start: (n, 2), where all nodes were.
            places: where all labels stood, as `labels.standing_of` has it.
        """
        canvas = self._canvas
        sketch = canvas.picture.sketch
        moved = np.flatnonzero((sketch.centres != start).any(axis=1))
        calm = not canvas.style().styleHint(QStyle.StyleHint.SH_Widget_Animation_Duration)
        if not len(moved) or len(sketch.names) > MOST_NODES or calm or not canvas.isVisible():
            return
        self._nodes, self._edges = moved, sketch.edges_of(moved)
        self._start, self._goal = start[moved], sketch.centres[moved].copy()
        labels.put(sketch, np.arange(len(sketch.edges)), places)
        canvas.lift(self._nodes, self._edges)
        self.setDuration(GLIDE_MS)
        self.start()
        self._show(0.0)

    def finish(self) -> None:
        """Be there at once."""
        if self.running:
            self.stop()
            self._land()

    def _show(self, part: float) -> None:
        if not self.running:
            return
        sketch = self._canvas.picture.sketch
        places = labels.standing_of(sketch, self._edges)
        sketch.move(self._nodes, self._start + part * (self._goal - self._start))
        labels.put(sketch, self._edges, places)
        if len(self._edges) > MOST_NUMBERED:
            sketch.label_at[self._edges] = np.inf
        elif self._canvas.shows_text:
            labels.follow(sketch, self._edges)
        self._canvas.boards.refresh()
        self._canvas.viewport().update()

    def _land(self) -> None:
        sketch = self._canvas.picture.sketch
        sketch.move(self._nodes, self._goal)
        sketch.route()
        sketch.label_at[:] = np.nan
        self._canvas.boards.refresh()
        self._canvas.land()
