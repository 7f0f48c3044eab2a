"""The problems of a document, looked for after every evaluation."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import cast

from PySide6.QtCore import QObject, QTimer, Signal

from gradstudio.engine.evaluate import Evaluation
from gradstudio.engine.problems import Problem, problems
from gradstudio.errors import GradStudioError
from gradstudio.fixes import Fix, fixes
from gradstudio.graph import Graph
from gradstudio.gui.document import Document
from gradstudio.gui.worker import Background

PAUSE_MS = 150
"""How long numbers must stand still, or go on changing, before they are looked at."""
MOST_NODES_AT_ONCE = 2000
MOST_MS = 8.0
"""Looking that takes longer is done in a thread: half a frame is for the canvas."""


class ProblemFinder(QObject):
    """Keeps `found` up to date: a moment after the numbers, and never of an older graph twice.

    The numbers of a training run are not looked at before it pauses.
    """

    changed = Signal()
    """There are other problems than before."""
    failed = Signal(object)

    def __init__(self, document: Document, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._document = document
        self._last_ms = 0.0
        self.found: tuple[Problem, ...] = ()
        self.evaluation = document.evaluation
        """What they were found in."""
        self._worker = Background(self)
        self._worker.done.connect(self._take)
        self._worker.failed.connect(self.failed)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(PAUSE_MS)
        self._timer.timeout.connect(self._find)
        document.evaluated.connect(self._find_later)
        document.restarted.connect(self.settle)

    @property
    def errors(self) -> int:
        """How many of the problems are errors; they come first."""
        return sum(problem.severity == "error" for problem in self.found)

    @property
    def warnings(self) -> int:
        """How many of the problems are warnings."""
        return len(self.found) - self.errors

    def fixes(self, problem: Problem) -> tuple[Fix, ...]:
        """Return what can be done about one of them; a node an exercise wants is not removed."""
        offered = fixes(problem, self.evaluation)
        if problem.kind != "unused":
            return offered
        before = self.evaluation.graph
        wanted = [name for name in before.nodes if self._document.wants(name)]
        if not wanted:
            return offered
        return tuple(fix for fix in offered if _keeps(fix, before, wanted))

    def settle(self) -> None:
        """Look now, unless that would cost a frame; then it follows."""
        self._timer.stop()
        self._find()

    def close(self) -> None:
        """End what runs in the background."""
        self._timer.stop()
        self._worker.close()

    def _is_wanted(self, problem: Problem) -> bool:
        return problem.kind == "unused" and self._document.wants(problem.node or "")

    def _find_later(self) -> None:
        if not self._document.previewing and not self._timer.isActive():
            self._timer.start()

    def _find(self) -> None:
        evaluation = self._document.evaluation
        if evaluation is self.evaluation:
            return
        if self._worker.busy:
            # When that is done, this is looked at.
            self._timer.start()
        elif len(evaluation.graph) > MOST_NODES_AT_ONCE or self._last_ms > MOST_MS:
            self._worker.start(lambda stop: _timed(evaluation))
        else:
            self._take(_timed(evaluation))

    def _take(self, result: object) -> None:
        evaluation, found, self._last_ms = cast(
            "tuple[Evaluation, tuple[Problem, ...], float]", result
        )
        found = tuple(one for one in found if not self._is_wanted(one))
        self.evaluation = evaluation
        same = found == self.found and list(map(_said, found)) == list(map(_said, self.found))
        self.found = found
        if not same:
            self.changed.emit()


def _timed(evaluation: Evaluation) -> tuple[Evaluation, tuple[Problem, ...], float]:
    begun_s = time.perf_counter()
    found = problems(evaluation)
    return evaluation, found, (time.perf_counter() - begun_s) * 1000


def _said(problem: Problem) -> str:
    return str(problem.message)


def _keeps(fix: Fix, graph: Graph, wanted: Sequence[str]) -> bool:
    try:
        after = fix.edit(graph)
    except GradStudioError:
        return False
    return all(name in after.nodes for name in wanted)
