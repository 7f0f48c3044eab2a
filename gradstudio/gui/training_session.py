"""One training of the document's graph: train, pause, step, go on, reset."""

from __future__ import annotations

from array import array
from collections.abc import Mapping

import msgspec
from PySide6.QtCore import QObject, Signal

from gradstudio.errors import GradStudioError, mark
from gradstudio.graph import Graph
from gradstudio.gui.document import Document
from gradstudio.gui.worker import Batch, Trainer
from gradstudio.ops import Array
from gradstudio.training.data import data_leaves
from gradstudio.training.loop import Run, with_parameters
from gradstudio.training_settings import TrainingSettings

GROWTH = 1e6
GROWING_STEPS = 20
"""A loss that is this many times the first is no longer on its way down."""


class TrainingSession(QObject):
    """Runs training on a snapshot of the document and commits what was learned.

    A run goes on where the last one stopped, with the same momentum and the same curve, as long
    as nobody changed a node since. Otherwise the next run begins anew: its curve is empty and its
    first weights are those `reset` brings back. A weight that is edited while a run goes on keeps
    what the user gave it.
    """

    advanced = Signal()
    """There are more steps to show."""
    state_changed = Signal()
    """Whether it runs, whether it can be reset, or the curve was cleared."""
    cleared = Signal()
    """The curve is empty and the next run begins anew."""
    kept = Signal(object)
    """The names of the weights that were edited during the run which ended now."""
    failed = Signal(object)
    """Why a run could not begin or go on."""

    def __init__(self, document: Document, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._document = document
        self._trainer = Trainer(self)
        self._trainer.began.connect(self._begin)
        self._trainer.advanced.connect(self._take)
        self._trainer.stopped.connect(self._stop)
        self._trainer.failed.connect(self._fail)
        document.changed.connect(self._follow)
        self._run: Run | None = None
        self._begun_from: Graph | None = None
        self._started_from = document.graph
        self._started_with = TrainingSettings()
        self._asked = 0
        self._left_as: Graph | None = None
        self._settings: TrainingSettings | None = None
        self._initial: Mapping[str, Array] = {}
        self._parameters: Mapping[str, Array] = {}
        self._done_now = 0
        self._emptied = False
        """Whether none of its weights was left in the graph."""
        self.losses = array("d")
        self.target = 0
        self.epoch = 0
        self.steps_per_second = 0.0

    # -- reading ----------------------------------------------------------------------------

    @property
    def running(self) -> bool:
        """Whether steps are being done."""
        return self._trainer.running

    @property
    def steps(self) -> int:
        """How many steps the curve has."""
        return len(self.losses)

    @property
    def growing(self) -> bool:
        """Whether the loss has become so much larger that no good end is to be expected."""
        if not self.losses:
            return False
        now, before = self.losses[-1], self.losses[-min(len(self.losses), GROWING_STEPS)]
        return now >= before and now > GROWTH * max(abs(self.losses[0]), 1.0 / GROWTH)

    @property
    def can_reset(self) -> bool:
        """Whether there is a curve to clear and weights to bring back."""
        return bool(self._initial) and not self.running

    # -- running ----------------------------------------------------------------------------

    def train(self, settings: TrainingSettings, steps: int) -> None:
        """Do `steps` steps from the present weights, in a thread."""
        if self.running:
            return
        if (withheld := self._document.withheld) is not None:
            self.failed.emit(withheld)
            return
        graph, run = self._document.graph, self._going_on(settings)
        self._done_now, self._asked, self._emptied = 0, steps, False
        self._started_from, self._started_with = graph, settings
        # What it takes to begin (a first step of every size of batch) may take long.
        self._trainer.start(lambda: run or Run(graph, settings), steps)
        self.state_changed.emit()

    def pause(self) -> None:
        """Stop after the step it is in; what was learned so far is committed."""
        self._trainer.stop()

    def reset(self) -> None:
        """Bring back the weights before the first step, and clear the curve."""
        if not self.can_reset:
            return
        graph = with_parameters(self._document.graph, self._initial)
        self._document.commit(self.tr("Reset the weights"), graph)
        self.forget()

    def forget(self) -> None:
        """Clear the curve; the next run begins anew."""
        self._run = self._begun_from = self._left_as = None
        self._initial = {}
        self.losses = array("d")
        self.target = self.epoch = 0
        self.cleared.emit()
        self.state_changed.emit()

    def finish(self) -> None:
        """Pause and wait until what was learned is committed."""
        self._trainer.finish()

    def close(self) -> None:
        """Stop without a word."""
        self._trainer.close()

    def _going_on(self, settings: TrainingSettings) -> Run | None:
        """Return the run that `settings` go on with, if there is one."""
        before = self._settings
        if self._run is None or before is None or not self._left(self._document.graph):
            return None
        # How many steps are asked for is no reason to begin anew.
        same = before == msgspec.structs.replace(settings, steps=before.steps)
        return self._run if same else None

    def _left(self, graph: Graph) -> bool:
        """Return whether the nodes of `graph` are as the last run left them."""
        return self._left_as is not None and graph.nodes == self._left_as.nodes

    # -- what the thread says ---------------------------------------------------------------

    def _begin(self, run: Run, parameters: Mapping[str, Array]) -> None:
        if run is not self._run:
            if not self._left(self._started_from):
                self.forget()
                self._initial = parameters
            self._run, self._begun_from = run, self._started_from
        self._settings = self._started_with
        self.target = self.steps + self._asked
        self.state_changed.emit()

    def _take(self, batch: Batch) -> None:
        if batch.losses:
            self.losses.extend(batch.losses)
            self._done_now += len(batch.losses)
            self.epoch = batch.epoch
            self.steps_per_second = batch.steps_per_second
        self._parameters = batch.parameters
        if self._done_now:
            self._document.preview(with_parameters(self._document.graph, self._learned()))
        self.advanced.emit()

    def _stop(self) -> None:
        self._keep_learned()
        self.target = self.steps
        self.state_changed.emit()
        if self._emptied:
            text = mark("core", "training stopped: no weight it trains is left in the graph")
            self.failed.emit(GradStudioError(text))

    def _keep_learned(self) -> None:
        if self._emptied:
            self.forget()
        elif self._done_now and self._settings is not None and self._begun_from is not None:
            label = (
                self.tr("Train 1 step")
                if self._done_now == 1
                else self.tr("Train {count} steps").format(count=self._done_now)
            )
            edited = self._edited()
            if edited:
                self.kept.emit(edited)
            graph = with_parameters(self._document.graph, self._learned())
            self._document.commit(label, self._settings.into(graph))
            self._left_as = with_parameters(self._begun_from, self._parameters)
            if _data(self._started_from) != _data(self._document.graph):
                self.forget()

    def _edited(self) -> tuple[str, ...]:
        """Return the weights whose value is another than when the thread was started."""
        before, now = self._started_from.nodes, self._document.graph.nodes
        return tuple(
            name
            for name in self._parameters
            if name in now
            and name in before
            # An edit makes a new array; what nobody touched is the same object.
            and now[name].value is not before[name].value
        )

    def _learned(self) -> dict[str, Array]:
        edited = self._edited()
        return {name: value for name, value in self._parameters.items() if name not in edited}

    def _follow(self, before: Graph, after: Graph) -> None:
        """Forget the curve of other data, and train no graph that is not there any more."""
        trained = [name for name in self._parameters if name in before.nodes]
        if self.running and trained and after.nodes.keys().isdisjoint(trained):
            # Not committed from here, which is amid a commit.
            self._emptied = True
            self.pause()
        elif self.losses and not self.running and _data(before) != _data(after):
            self.forget()

    def _fail(self, error: Exception) -> None:
        # The parameters of the last batch are the last finite ones.
        self._stop()
        self._run = None
        self.failed.emit(error)


def _data(graph: Graph) -> dict[str, int]:
    """Return what tells the data of a graph from others: an edit makes a new array."""
    return {name: id(graph.nodes[name].value) for name in data_leaves(graph)}
