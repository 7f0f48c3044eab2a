"""Numbers that have changed are lit for a moment, so that one sees what a change has reached.

Not while a training run changes them thirty times a second, where all would flicker, and not where
motion is to be reduced. The playback changes no number.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QObject, QRectF, QTimer

from gradstudio.engine.evaluate import Evaluation
from gradstudio.gui import motion
from gradstudio.gui.canvas.sketch import Ints

if TYPE_CHECKING:
    from gradstudio.gui.canvas.view import Canvas

FADE_MS = 400.0
TICK_MS = 33


class Flash(QObject):
    """The light on the changed numbers of one canvas, and the one timer that lets it fade."""

    def __init__(self, canvas: Canvas) -> None:
        super().__init__(canvas)
        self._canvas = canvas
        self._begun = 0.0
        self._edges: Ints = np.zeros(0, np.int64)
        self._timer = QTimer(self)
        self._timer.setInterval(TICK_MS)
        self._timer.timeout.connect(self._fade)

    @property
    def fading(self) -> bool:
        """Whether anything is lit."""
        return self._timer.isActive()

    def begin(self, before: Evaluation, after: Evaluation, *, quiet: bool) -> None:
        """Light the numbers in sight that `after` has changed.

        Args:
            before: what was shown.
            after: what is shown now.
            quiet: whether they run by themselves.
        """
        picture = self._canvas.picture
        if (
            quiet
            or not before.values
            or not self._canvas.shows_text
            or before.graph.nodes is after.graph.nodes
            or motion.is_reduced()
        ):
            self.end()
            return
        sketch = picture.sketch
        seen = self._canvas.mapToScene(self._canvas.viewport().rect()).boundingRect()
        changed = []
        for edge in sketch.labelled_in(sketch.edges_in(seen), seen).tolist():
            link = sketch.edges[edge]
            of = link.source, link.target, link.port
            pair = zip(
                picture.figures.all_of(before, *of), picture.figures.all_of(after, *of), strict=True
            )
            changed += [(edge, part) for part, (old, new) in enumerate(pair) if old != new]
        self._edges = np.array(sorted({edge for edge, _ in changed}), np.int64)
        if not changed:
            self.end()
            return
        self._begun = time.monotonic()
        picture.lit, picture.light = frozenset(changed), 1.0
        self._timer.start()

    def end(self) -> None:
        """Put out the light."""
        if self._timer.isActive():
            self._timer.stop()
            self._canvas.picture.lit = frozenset()
            self._update()

    def _fade(self) -> None:
        picture = self._canvas.picture
        light = 1 - (time.monotonic() - self._begun) * 1000 / FADE_MS
        if light <= 0 or not picture.lit:
            self.end()
        else:
            picture.light = light
            self._update()

    def _update(self) -> None:
        picture = self._canvas.picture
        edges = self._edges[self._edges < len(picture.sketch.edges)]
        rect: QRectF = picture.label_bounds(edges)
        if not rect.isEmpty():
            self._canvas.scene().update(rect)
