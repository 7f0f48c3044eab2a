"""What a screen reader is told of the canvas by itself: results, moves, steps of the playback.

One sentence at a time: what comes while another is waiting replaces it, and nothing is said while
numbers are in motion. Without a screen reader nothing is put into words.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent

from gradstudio.engine.evaluate import Evaluation
from gradstudio.graph import Graph
from gradstudio.gui.canvas import accessible, spoken
from gradstudio.gui.playback import Playback

if TYPE_CHECKING:
    from gradstudio.gui.canvas.view import Canvas

PAUSE_MS = 200
"""How long nothing may have happened before what happened last is said."""


class Narrator(QObject):
    """Tells what happens on one canvas.

    Args:
        canvas: the canvas.
        playback: whose steps are told.
    """

    said = Signal(str)
    """This sentence was handed to the screen reader."""

    def __init__(self, canvas: Canvas, playback: Playback) -> None:
        super().__init__(canvas)
        self.parts = accessible.Parts(canvas)
        """What a screen reader has asked for of the canvas."""
        self._canvas = canvas
        self._playback = playback
        self._edited = False
        self._wrong: frozenset[str] = frozenset()
        self._position = playback.position
        self._sentence: Callable[[], str] | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(PAUSE_MS)
        self._timer.timeout.connect(self._say)
        canvas.document.changed.connect(self._note_edit)
        canvas.document.evaluated.connect(self._tell_result)
        canvas.caret_moved.connect(self._tell_place)
        canvas.selection_changed.connect(self._tell_selection)
        playback.moved.connect(self._tell_step)

    @property
    def waiting(self) -> bool:
        """Whether a sentence waits to be said."""
        return self._timer.isActive()

    def arrive(self) -> None:
        """The keyboard has come to the canvas: tell at which node, after Qt has told of both."""
        if QAccessible.isActive():
            QTimer.singleShot(0, self, self._tell_arrival)

    def _tell_arrival(self) -> None:
        name = self._canvas.caret.name
        if name is not None:
            self._tell_place(name)

    def _note_edit(self, before: Graph, after: Graph) -> None:
        if not QAccessible.isActive():
            return
        if before.nodes is not after.nodes:
            self._edited = True
        if before.nodes is not after.nodes or before.annotations is not after.annotations:
            self.parts.prune()
            accessible.tell(self._canvas, QAccessible.Event.ObjectReorder)

    def _tell_result(self, evaluation: Evaluation) -> None:
        if not QAccessible.isActive() or not self._edited or self._canvas.document.previewing:
            return
        self._edited = False
        self._soon(self._result)

    def _result(self) -> str:
        picture, known = self._canvas.picture, self._wrong
        self._wrong = frozenset(picture.evaluation.errors)
        here = self._canvas.caret.name
        if here is not None:
            accessible.tell(self._canvas, QAccessible.Event.NameChanged, here)
        return spoken.problem(picture, known=known) or spoken.output(picture)

    def _tell_place(self, name: str) -> None:
        if QAccessible.isActive() and self._canvas.hasFocus():
            # The screen reader itself reads what has the focus.
            accessible.tell(self._canvas, QAccessible.Event.Focus, name)

    def _tell_selection(self) -> None:
        if QAccessible.isActive():
            accessible.tell(self._canvas, QAccessible.Event.SelectionWithin)

    def _tell_step(self) -> None:
        playback = self._playback
        moved, self._position = playback.position != self._position, playback.position
        if QAccessible.isActive() and moved and playback.current is not None:
            self._soon(self._step)

    def _step(self) -> str:
        name = self._playback.current
        if name is None or name not in self._canvas.picture.graph:
            return ""
        done, count = self._playback.phase_position
        return spoken.step(self._canvas.picture, name, self._playback.phase, done, count)

    def _soon(self, sentence: Callable[[], str]) -> None:
        self._sentence = sentence
        self._timer.start()

    def _say(self) -> None:
        sentence, self._sentence = self._sentence, None
        text = "" if sentence is None else sentence()
        if text:
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self._canvas, text))
            self.said.emit(text)
