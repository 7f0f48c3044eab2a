"""The document: one graph, its undo history, its file, and the numbers shown for it."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path
from typing import Protocol

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QUndoStack

from gradstudio import storage
from gradstudio.engine.evaluate import Evaluation, alike, evaluate
from gradstudio.engine.work import work
from gradstudio.errors import GradStudioError
from gradstudio.graph import Graph
from gradstudio.gui.worker import Evaluator, Request

FRAME_MS = 30.0
MOST_NODES_AT_ONCE = 2000
MOST_WORK_AT_ONCE = 1_000_000
"""Of `work`: this many entries, forward and back, are what a frame has time for."""
UNDO_STEPS = 500


class Rules(Protocol):
    """What holds for a document that is an exercise."""

    def veiled(self, evaluation: Evaluation) -> Evaluation:
        """Return what of its numbers may be shown; every view gets this and nothing else."""

    def refusal(self, before: Graph, after: Graph) -> GradStudioError | None:
        """Return why `after` may not take the place of `before`; None where it may."""

    def wants(self, node: str) -> bool:
        """Return whether a node is there for its own sake, whatever it feeds."""

    def withheld(self) -> GradStudioError | None:
        """Return why nothing may be computed from the graph apart from its evaluation, if so."""

    def written(self, graph: Graph) -> Graph:
        """Return what is saved of `graph`."""


class Document(QObject):
    """One graph with its history; every change of it is a `commit`.

    Evaluation follows by itself: once for all edits of one turn of the event loop, and where it
    would cost a frame, in a thread. `evaluation` is therefore always whole and of one graph, but
    right after an edit still of the graph before it.
    """

    changed = Signal(object, object)
    """The graph before and the graph after."""
    evaluated = Signal(object)
    state_changed = Signal()
    """The path, whether there are unsaved changes, or what can be undone."""
    restarted = Signal()
    """Another graph was opened, or an empty one begun; its history is empty."""
    failed = Signal(object)
    """An evaluation raised: a defect, to be shown."""
    refused = Signal(object)
    """Why an edit was not done: the exercise does not allow it."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._graph = Graph()
        self._preview: Graph | None = None
        self._path: Path | None = None
        self._copied_from = ""
        self._rules: Rules | None = None
        self._whole = self._evaluation = evaluate(self._graph)
        self._last_ms = 0.0
        self._estimated = self._graph, 0.0
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(0)
        self._timer.timeout.connect(self._evaluate)
        self._evaluator = Evaluator(self)
        self._evaluator.evaluated.connect(self._take)
        self._evaluator.failed.connect(self.failed)
        # The graph before the first step of the stack, and after each one.
        self._history = [self._graph]
        self.undo_stack = QUndoStack(self)
        self.undo_stack.setUndoLimit(UNDO_STEPS)
        self.undo_stack.indexChanged.connect(self._go_to)
        self.undo_stack.cleanChanged.connect(self.state_changed)
        self.undo_stack.indexChanged.connect(self.state_changed)

    # -- reading ----------------------------------------------------------------------------

    @property
    def graph(self) -> Graph:
        """The graph, as the last edit left it."""
        return self._graph

    @property
    def evaluation(self) -> Evaluation:
        """The newest numbers there are; `shown` is the graph they belong to."""
        return self._evaluation

    @property
    def shown(self) -> Graph:
        """The graph the numbers on the screen belong to."""
        return self._evaluation.graph

    @property
    def previewing(self) -> bool:
        """Whether the numbers shown are those of a training run."""
        return self._preview is not None

    @property
    def busy(self) -> bool:
        """Whether a thread evaluates for it."""
        return self._evaluator.busy

    @property
    def path(self) -> Path | None:
        """The file it was last opened from or saved to."""
        return self._path

    @property
    def modified(self) -> bool:
        """Whether there are changes that no file has."""
        return not self.undo_stack.isClean()

    @property
    def copied_from(self) -> str:
        """What it is called as long as it has no file; "" if it is no copy."""
        return self._copied_from

    @property
    def title(self) -> str:
        """The file's name; without a file, what the copied one is called."""
        if self._path is not None:
            return self._path.name
        return self._copied_from or self.tr("Untitled")

    @property
    def withheld(self) -> GradStudioError | None:
        """Why its numbers may be read from `evaluation` alone, if that is so."""
        return None if self._rules is None else self._rules.withheld()

    def wants(self, node: str) -> bool:
        """Return whether the exercise wants a node for its own sake, whatever it feeds."""
        return self._rules is not None and self._rules.wants(node)

    # -- editing ----------------------------------------------------------------------------

    def allow(self, graph: Graph) -> None:
        """Raise if `graph` may not become the document's.

        Raises:
            GradStudioError: the exercise does not allow it.
        """
        wrong = None if self._rules is None else self._rules.refusal(self._graph, graph)
        if wrong is not None:
            raise wrong

    def commit(self, label: str, graph: Graph) -> None:
        """Make `graph` the document's, as one undo step called `label`, unless it is `refused`."""
        if graph is self._graph:
            return
        try:
            self.allow(graph)
        except GradStudioError as wrong:
            self.refused.emit(wrong)
            return
        done = self._history[: self.undo_stack.index() + 1]
        # At its limit the stack forgets its first step.
        self._history = [*done, graph][-UNDO_STEPS - 1 :]
        # WORKAROUND: PySide 6.11 deletes a command made in Python twice when the stack goes with
        # its parent. An empty macro is a command of Qt's own.
        self.undo_stack.beginMacro(label)
        self.undo_stack.endMacro()

    def undo(self) -> None:
        """Take back the last step."""
        self.undo_stack.undo()

    def redo(self) -> None:
        """Do the step again that was taken back last."""
        self.undo_stack.redo()

    def new(self) -> None:
        """Begin an empty document."""
        self._restart(Graph(), None)

    def open(self, path: Path) -> None:
        """Show the graph of a file.

        Raises:
            FileError: it cannot be read; the document is as it was.
        """
        self._restart(storage.load(path), path)

    def open_copy(self, path: Path) -> None:
        """Show the graph of a file that is not to be written to, such as a shipped example.

        Raises:
            FileError: it cannot be read; the document is as it was.
        """
        self._restart(storage.load(path), None, path.stem)

    def begin(
        self, graph: Graph, path: Path | None, copied_from: str = "", rules: Rules | None = None
    ) -> None:
        """Show a graph that was read already.

        Args:
            graph: of the file.
            path: the file it is saved to; None for none yet.
            copied_from: what it is called as long as it has no file.
            rules: what holds for it, where it is an exercise.
        """
        self._restart(graph, path, copied_from, rules)

    def touch(self) -> None:
        """Something that is saved with the graph has changed, and is no undo step."""
        self.undo_stack.resetClean()
        self.state_changed.emit()

    def veil(self) -> None:
        """Show the numbers again: other ones of them may be seen now."""
        self._show(self._whole)

    def save(self, path: Path | None = None) -> None:
        """Write the graph to `path`, or to the file it came from.

        Raises:
            FileError: it cannot be written; the file and the document are as they were.
            ValueError: no path was ever given.
        """
        path = path or self._path
        if path is None:
            raise ValueError("the document has no file yet")
        storage.save(path, self._graph if self._rules is None else self._rules.written(self._graph))
        self._path = path
        self.undo_stack.setClean()
        self.state_changed.emit()

    def _restart(
        self, graph: Graph, path: Path | None, copied_from: str = "", rules: Rules | None = None
    ) -> None:
        self._path, self._copied_from, self._rules = path, copied_from, rules
        # Numbers of the graph before are none of this one's, whatever its nodes are called.
        self._evaluator.cancel()
        self._whole = self._evaluation = evaluate(Graph())
        self._last_ms = 0.0
        self.undo_stack.clear()
        self._history = [graph]
        if self._graph is not graph:
            self._replace(graph)
        if not self._timer.isActive():
            # Nothing is left to evaluate in an empty graph, and nobody has heard of its numbers.
            self.evaluated.emit(self._evaluation)
        self.state_changed.emit()
        self.restarted.emit()

    def _go_to(self, index: int) -> None:
        if not self.undo_stack.count():
            # Cleared: what is now is all there was.
            self._history = [self._graph]
        elif self._history[index] is not self._graph:
            self._replace(self._history[index])

    def _replace(self, after: Graph) -> None:
        before, self._graph, self._preview = self._graph, after, None
        shown = self._evaluation.graph
        if shown.nodes is after.nodes and shown.output == after.output:
            # Only what lies apart from the computation changed: the numbers are those of `after`.
            self._timer.stop()
            self._evaluator.cancel()
            self._take_over(replace(self._whole, graph=after))
        else:
            self._timer.start()
        self.changed.emit(before, after)

    # -- numbers ----------------------------------------------------------------------------

    def preview(self, graph: Graph | None) -> None:
        """Show the numbers of another graph of the same structure, or again those of the document.

        The next edit ends a preview.
        """
        if graph is not self._preview:
            self._preview = graph
            self._timer.start()

    def hasten(self) -> None:
        """Evaluate now, unless that would cost a frame; then the numbers follow."""
        self._timer.stop()
        if self._evaluation.graph is not (self._preview or self._graph):
            self._evaluate()

    def settle(self) -> None:
        """Evaluate now, whatever it costs."""
        self._timer.stop()
        self._evaluator.cancel()
        wanted = self._preview or self._graph
        if self._evaluation.graph is not wanted:
            self._evaluate_here(wanted)

    def close(self) -> None:
        """End what runs in the background."""
        self._timer.stop()
        self._evaluator.close()

    def _evaluate(self) -> None:
        wanted = self._preview or self._graph
        if self._costs_a_frame(wanted):
            self._evaluator.request(Request(wanted, self._graph), self._whole)
        else:
            self._evaluator.cancel()
            self._evaluate_here(wanted)

    def _costs_a_frame(self, graph: Graph) -> bool:
        if len(graph) > MOST_NODES_AT_ONCE or (
            self._last_ms > FRAME_MS and len(graph) >= len(self._evaluation.graph) / 2
        ):
            return True
        if not alike(self._estimated[0], graph):
            self._estimated = graph, work(graph, most=MOST_WORK_AT_ONCE)
        return self._estimated[1] > MOST_WORK_AT_ONCE

    def _evaluate_here(self, graph: Graph) -> None:
        begun = time.perf_counter()
        evaluation = evaluate(graph, previous=self._whole)
        self._last_ms = (time.perf_counter() - begun) * 1000
        self._show(evaluation)

    def _take(self, request: Request, evaluation: Evaluation, took_ms: float) -> None:
        self._last_ms = took_ms
        # A preview that is a little old is still of this document; another document's is not.
        is_preview = request.graph is not request.base
        if request.base is self._graph and is_preview == self.previewing:
            self._show(evaluation)

    def _show(self, evaluation: Evaluation) -> None:
        self._take_over(evaluation)
        self.evaluated.emit(self._evaluation)

    def _take_over(self, evaluation: Evaluation) -> None:
        self._whole = evaluation
        self._evaluation = evaluation if self._rules is None else self._rules.veiled(evaluation)
