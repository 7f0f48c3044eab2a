"""The only threads: an evaluation that would cost a frame, and a training run.

What goes in is an immutable snapshot, what comes out are values; nothing here touches a widget.
A thread lives as long as its work: nothing idles, and an object that is never busy needs no
closing. (Rejected: one thread for ever with a worker object in it, which must be stopped by
everyone who makes a document.)
"""

from __future__ import annotations

import logging
import threading
import time
from array import array
from collections.abc import Callable
from dataclasses import dataclass, replace

from PySide6.QtCore import QObject, QThread, Signal

from gradstudio.engine.evaluate import Evaluation, evaluate
from gradstudio.errors import GradStudioError
from gradstudio.graph import Graph
from gradstudio.ops import Array
from gradstudio.training.loop import Run

BATCH_S = 1 / 30
_LOG = logging.getLogger(__name__)


class _Task(QThread):
    """Calls `work` in a thread of its own; `error` then holds what it raised, if anything."""

    def __init__(self, work: Callable[[], None], parent: QObject) -> None:
        super().__init__(parent)
        self._work = work
        self.error: Exception | None = None

    def run(self) -> None:
        try:
            self._work()
        except Exception as error:  # noqa: BLE001 - the outermost boundary: an error of a thread is handed over
            self.error = error


@dataclass(frozen=True, slots=True)
class Request:
    """A graph to evaluate, and the document's graph for which that was asked."""

    graph: Graph
    base: Graph


class Evaluator(QObject):
    """Evaluates one graph at a time; of those asked for meanwhile, only the newest."""

    evaluated = Signal(object, object, float)
    """The `Request`, its `Evaluation`, and how many milliseconds it took."""
    failed = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._task: _Task | None = None
        self._running: Request | None = None
        self._next: tuple[Request, Evaluation] | None = None
        self._result: tuple[Evaluation, float] | None = None

    @property
    def busy(self) -> bool:
        """Whether an evaluation is under way."""
        return self._task is not None

    def request(self, request: Request, previous: Evaluation) -> None:
        """Evaluate `request`, reusing what `previous` has; whatever waits is forgotten."""
        self._next = (request, previous)
        if self._task is None:
            self._begin()

    def cancel(self) -> None:
        """Forget what waits and what is under way."""
        self._next = self._running = None

    def close(self) -> None:
        """Forget everything and wait for the thread to end."""
        self.cancel()
        if self._task is not None:
            self._task.wait()
            self._finish()

    def _begin(self) -> None:
        if self._next is None:
            return
        (request, previous), self._next = self._next, None
        self._running, self._result = request, None

        def work() -> None:
            begun_s = time.perf_counter()
            evaluation = evaluate(request.graph, previous=previous)
            self._result = evaluation, (time.perf_counter() - begun_s) * 1000

        self._task = _Task(work, self)
        self._task.finished.connect(self._finish)
        self._task.start()

    def _finish(self) -> None:
        task, request, result = self._task, self._running, self._result
        if task is None or not task.isFinished():
            return
        task.finished.disconnect(self._finish)
        task.wait()
        task.deleteLater()
        self._task = self._running = self._result = None
        if request is not None and task.error is not None:
            self.failed.emit(task.error)
        elif request is not None and result is not None:
            self.evaluated.emit(request, *result)
        if self._task is None:
            self._begin()


@dataclass(frozen=True, slots=True)
class Batch:
    """What a run did since the last batch, and where its parameters are now."""

    losses: array[float]
    """The loss before each step."""
    epoch: int
    parameters: dict[str, Array]
    steps_per_second: float


class _Pull:
    """The steps of one thread: what it has found waits here until the event loop takes it.

    However late that is, there is one batch to take. (Rejected: a signal that carries each batch,
    which piles up in front of a busy event loop and is still delivered when the run is given up.)
    """

    def __init__(self, begin: Callable[[], Run], steps: int, ready: Callable[[], None]) -> None:
        self.stopped = False
        self._begin = begin
        self._steps = steps
        self._ready = ready
        self._lock = threading.Lock()
        self._begun: tuple[Run, dict[str, Array]] | None = None
        self._batch: Batch | None = None

    def work(self) -> None:
        """Build the run and do its steps; for the thread."""
        run = self._begin()
        parameters = run.parameters
        with self._lock:
            self._begun = run, parameters
        # A first batch at once: the first step is seen when it is done.
        losses = array("d")
        epoch = count = 0
        begun_s = time.monotonic()
        handed_over_s = -BATCH_S
        try:
            while count < self._steps and not self.stopped:
                _, epoch, loss = run.step()
                losses.append(loss)
                count += 1
                now_s = time.monotonic()
                if now_s - handed_over_s >= BATCH_S:
                    rate = count / max(now_s - begun_s, 1e-9)
                    self._hand_over(Batch(losses, epoch, run.parameters, rate))
                    losses = array("d")
                    handed_over_s = now_s
        finally:
            rate = count / max(time.monotonic() - begun_s, 1e-9)
            self._hand_over(Batch(losses, epoch, run.parameters, rate))

    def take(self) -> tuple[tuple[Run, dict[str, Array]] | None, Batch | None]:
        """Return the run, the first time, with its first parameters; and what it did since."""
        with self._lock:
            begun, batch = self._begun, self._batch
            self._begun = self._batch = None
        return begun, batch

    def _hand_over(self, batch: Batch) -> None:
        with self._lock:
            waiting = self._batch
            if waiting is not None:
                waiting.losses.extend(batch.losses)
                batch = replace(batch, losses=waiting.losses)
            self._batch = batch
        if waiting is None:
            self._ready()


class Trainer(QObject):
    """Pulls steps from a training run in a thread and hands them over at most 30 times a second."""

    began = Signal(object, object)
    """The `Run` that was built, and its parameters before the first step."""
    advanced = Signal(object)
    """A `Batch`; at the end of the run the last one comes before `stopped`."""
    stopped = Signal()
    failed = Signal(object)
    """What the run raised, after its last batch and instead of `stopped`."""
    _ready = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._task: _Task | None = None
        self._pull: _Pull | None = None
        self._ready.connect(self._take)

    @property
    def running(self) -> bool:
        """Whether a run is under way."""
        return self._task is not None

    def start(self, begin: Callable[[], Run], steps: int) -> None:
        """Do `steps` steps of the run that `begin` returns; both happen in the thread.

        Nobody else may touch the run until `stopped` or `failed`.
        """
        if self._task is not None:
            raise RuntimeError("a run is under way")
        pull = self._pull = _Pull(begin, steps, lambda: self._ready.emit(pull))
        self._task = _Task(pull.work, self)
        self._task.finished.connect(self._finish)
        self._task.start()

    def stop(self) -> None:
        """Let the run end after the step it is in."""
        if self._pull is not None:
            self._pull.stopped = True

    def finish(self) -> None:
        """Stop, wait, and say at once what the run still did."""
        self.stop()
        if self._task is not None:
            self._task.wait()
            self._finish()

    def close(self) -> None:
        """Stop, wait, and say nothing more."""
        self.stop()
        self._pull = None
        if self._task is not None:
            self._task.finished.disconnect(self._finish)
            self._task.wait()
            self._task.deleteLater()
            self._task = None

    def _take(self, pull: _Pull) -> None:
        # What was queued by a run that has ended since, or was given up, is nobody's.
        if pull is not self._pull:
            return
        begun, batch = pull.take()
        if begun is not None:
            self.began.emit(*begun)
        if batch is not None:
            self.advanced.emit(batch)

    def _finish(self) -> None:
        task, pull = self._task, self._pull
        if task is None or pull is None or not task.isFinished():
            return
        self._take(pull)
        task.finished.disconnect(self._finish)
        task.wait()
        task.deleteLater()
        self._task = self._pull = None
        if task.error is None:
            self.stopped.emit()
            return
        if not isinstance(task.error, GradStudioError):
            _LOG.error("a training run failed", exc_info=task.error)
        self.failed.emit(task.error)


Work = Callable[[Callable[[], bool]], object]
"""What is done in the background: it is given a question, whether it is to stop."""


class Background(QObject):
    """Does one piece of work at a time in a thread and hands over what it returned."""

    done = Signal(object)
    failed = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._task: _Task | None = None
        self._next: Work | None = None
        self._cancelled = False
        self._result: object = None

    @property
    def busy(self) -> bool:
        """Whether work is under way that is still wanted."""
        return self._task is not None and (not self._cancelled or self._next is not None)

    def start(self, work: Work) -> None:
        """Call `work` in a thread; it may touch only immutable values."""
        if self.busy:
            raise RuntimeError("something is under way")
        if self._task is not None:
            self._next = work
            return
        self._cancelled = False

        def keep() -> None:
            self._result = work(lambda: self._cancelled)

        self._task = _Task(keep, self)
        self._task.finished.connect(self._finish)
        self._task.start()

    def cancel(self) -> None:
        """Ask the work to stop, and say nothing of it."""
        self._cancelled, self._next = True, None

    def close(self) -> None:
        """Cancel and wait for the thread to end."""
        self.cancel()
        if self._task is not None:
            self._task.wait()
            self._finish()

    def _finish(self) -> None:
        task, result = self._task, self._result
        if task is None or not task.isFinished():
            return
        task.finished.disconnect(self._finish)
        task.wait()
        task.deleteLater()
        self._task = self._result = None
        work, self._next = self._next, None
        if not self._cancelled:
            if task.error is not None:
                self.failed.emit(task.error)
            else:
                self.done.emit(result)
        elif work is not None:
            self.start(work)
