"""The training loop: one graph, one step after another, and the reason when it cannot go on."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

import numpy as np

from gradstudio.engine.evaluate import Evaluation, evaluate, is_finite
from gradstudio.engine.program import as_value, no_value, walk
from gradstudio.engine.step import TrainingStep
from gradstudio.errors import GradStudioError, TrainingError, mark
from gradstudio.graph import Graph
from gradstudio.ops import Array
from gradstudio.optimizers import OPTIMIZERS, Optimizer
from gradstudio.training.data import data_leaves, row_count
from gradstudio.training_settings import TrainingSettings


class StepResult(NamedTuple):
    """What a step found.

    Args:
        number: which step of the run it was, from 1.
        epoch: in which pass over the data it lay, from 1.
        loss: the loss of its batch, before the parameters moved.
    """

    number: int
    epoch: int
    loss: float


class Run:
    """A training run of a snapshot; the same graph and settings give the same run.

    With mini-batches every epoch goes through all rows of the data leaves in a new order, and its
    last batch may be short. Without, and in a graph without data leaves, a step uses everything.

    Args:
        graph: what to train: the parameters its output depends on.
        settings: how.

    Raises:
        GradStudioError: there is nothing to train, or the loss is not one number, or a node
            has a free port, no value or a wrong shape; the message names it.
    """

    def __init__(self, graph: Graph, settings: TrainingSettings) -> None:
        self._graph = graph
        self._settings = settings
        output = graph.output_of()
        upstream = tuple(walk(graph, [output]))
        trained = tuple(name for name in upstream if graph.nodes[name].op == "parameter")
        if not trained:
            raise TrainingError(
                mark("core", "there is nothing to train: {node} depends on no parameter"),
                node=output,
            )
        for name in upstream:
            if graph.nodes[name].is_leaf and graph.nodes[name].value is None:
                raise no_value(name)
        named = set(data_leaves(graph))
        leaves = tuple(name for name in upstream if name in named)
        rows = row_count(graph, leaves) if leaves else 0
        batch = min(settings.batch or rows, rows)
        fed = leaves if batch < rows else ()
        self._step = TrainingStep(graph, output=output, wrt=trained, inputs=fed)
        self._optimizer: Optimizer = OPTIMIZERS[settings.optimizer](
            settings.learning_rate, settings.momentum
        )
        self._present: dict[str, Any] = {
            name: as_value(_value(graph, name)) for name in self._step.wrt
        }
        data = {name: _value(graph, name) for name in fed}
        self._batches = _batches(data, rows, batch, settings.seed)
        self._number = 0
        self._stuck: TrainingError | None = None
        self._check(data, (batch, rows % batch) if fed else (rows,))

    @property
    def total_steps(self) -> int:
        """How many steps the settings ask for; `step` goes on after them."""
        return self._settings.steps

    @property
    def parameters(self) -> dict[str, Array]:
        """The present values of the trained parameters, copied."""
        return {name: np.array(value, dtype=np.float64) for name, value in self._present.items()}

    def __iter__(self) -> Iterator[StepResult]:
        """Do the steps that are left of `total_steps`."""
        while self._number < self.total_steps:
            yield self.step()

    def step(self) -> StepResult:
        """Do one step.

        Raises:
            TrainingError: the loss, a gradient or a parameter became inf or nan, or a batch holds
                what an op refuses. The message names the step and the first node concerned. The
                parameters stay as they were before the step, and the run is over.
        """
        if self._stuck is not None:
            raise self._stuck
        epoch, batch = next(self._batches)
        values = {**self._present, **batch}
        with np.errstate(all="ignore"):
            try:
                loss, grads = self._step(values)
            except GradStudioError as wrong:
                self._stuck = self._refused(values, wrong)
                raise self._stuck from None
            moved = self._optimizer.step(self._present, grads)
            # A gradient that is not finite leaves no finite parameter, so both are seen here.
            if not math.isfinite(loss) or not all(map(is_finite, moved.values())):
                self._stuck = self._diverged(values, moved)
                raise self._stuck
        self._present = moved
        self._number += 1
        return StepResult(self._number, epoch, float(loss))

    def into(self, graph: Graph) -> Graph:
        """Return `graph` with the present parameters in those nodes that still can take them."""
        return with_parameters(graph, self.parameters)

    def _check(self, data: Mapping[str, Array], sizes: tuple[int, ...]) -> None:
        """Try a batch of each size, so that what cannot be trained is refused at once."""
        for size in sizes:
            if data and not size:
                continue  # no batch is short
            values = {**self._present, **{name: value[:size] for name, value in data.items()}}
            try:
                self._step(values)
            except GradStudioError as wrong:
                raise self._refused(values, wrong) from None

    # -- what went wrong ----------------------------------------------------------------------

    def _evaluated(self, values: Mapping[str, Array]) -> Evaluation:
        return evaluate(self._graph.set_values(values), output=self._step.output)

    def _refused(self, values: Mapping[str, Array], wrong: GradStudioError) -> TrainingError:
        """Return the error of a step that an op refused to compute."""
        evaluation = self._evaluated(values)
        upstream = evaluation.order[: evaluation.order.index(self._step.output) + 1]
        node = next((name for name in upstream if name in evaluation.errors), None)
        reason = evaluation.no_gradient or wrong if node is None else evaluation.errors[node]
        return TrainingError(
            mark("core", "step {step}: {reason}"),
            node=node or reason.node,
            step=self._number + 1,
            reason=reason,
        )

    def _diverged(self, values: Mapping[str, Array], moved: Mapping[str, Array]) -> TrainingError:
        """Return the error of a step that ended in inf or nan: what came first."""
        evaluation = self._evaluated(values)
        upstream = evaluation.order[: evaluation.order.index(self._step.output) + 1]
        for name in upstream:
            if name in evaluation.values and not is_finite(evaluation.values[name]):
                return self._not_finite(
                    mark("core", "{node} became {what}"), name, evaluation.values[name]
                )
        for name in evaluation.backward:
            if not is_finite(evaluation.grads[name]):
                return self._not_finite(
                    mark("core", "the gradient of {node} became {what}"),
                    name,
                    evaluation.grads[name],
                )
        name = next(name for name, value in moved.items() if not is_finite(value))
        return self._not_finite(
            mark("core", "the new value of {node} became {what}"), name, moved[name]
        )

    def _not_finite(self, template: str, node: str, value: Array) -> TrainingError:
        what = GradStudioError(template, node=node, what="nan" if np.isnan(value).any() else "inf")
        return TrainingError(
            mark(
                "core",
                "step {step}: {what}; the parameters are kept as they were before it. A smaller "
                "learning rate may help",
            ),
            node=node,
            step=self._number + 1,
            what=what,
        )


def _value(graph: Graph, name: str) -> Array:
    value = graph.nodes[name].value
    if value is None:
        raise no_value(name)
    return value


def with_parameters(graph: Graph, values: Mapping[str, Array]) -> Graph:
    """Return `graph` with `values` in those nodes that can take them.

    A node that is gone, is no parameter any more or has another shape stays as it is.
    """
    fitting = {}
    for name, value in values.items():
        node = graph.nodes.get(name)
        if node is None or node.op != "parameter" or node.value is None:
            continue
        if node.value.shape == value.shape:
            fitting[name] = value
    return graph.set_values(fitting)


def _batches(
    data: Mapping[str, Array], rows: int, batch: int, seed: int
) -> Iterator[tuple[int, Mapping[str, Array]]]:
    """Yield epoch and rows of each step, for ever; no rows where a step uses everything."""
    rng = np.random.default_rng(seed)
    epoch = 0
    while True:
        epoch += 1
        if not data:
            yield epoch, {}
            continue
        order = rng.permutation(rows)
        shuffled = {name: value[order] for name, value in data.items()}
        for start in range(0, rows, batch):
            yield epoch, {name: value[start : start + batch] for name, value in shuffled.items()}
