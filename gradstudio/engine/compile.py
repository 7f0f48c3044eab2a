"""The compiled training step: forward, backward and update as one plan, run by what suits it.

There are five executors. `compile` chooses, and `CompiledStep.executor` says which:

- `arrays`, where any value has more than one entry: a flat tape of NumPy calls over buffers that
  are allocated once (`tape`).
- `interpreted`, for single numbers right after an edit: a list of calls on Python floats, which
  takes microseconds a node to make (`interpreted`).
- `generated`, for single numbers once `floats.PAYS_AFTER` steps are done or asked for: Python
  functions made from that list (`generated`). Above `floats.LARGEST_GENERATED` calls the list
  stays.
- `levels`, for many single numbers of which many can be computed at once: NumPy over all nodes of
  a level (`levels`), where its estimated time is below that of the others and `_LEVELS_PAY_AFTER`
  steps are done or asked for.
- `scheduled`, where values are to be recomputed instead of kept: the plan of `schedule`, which
  really lets them go (`scheduled`); slower, in the memory that was asked for.

A plan is made again when structure, shapes, dtype or the set of trained leaves change, never for a
leaf's value. One number is an exception, a constant that is used as an exponent only: x² is other
code than x³.

An op states nothing for all this. Its rules are run on recorders (`recording`), and what they make
NumPy do is what the executors run. (Rejected: templates of code in each op; they would have to be
kept equal to its rules.)

The numbers are those of `evaluate`, up to the last digits: sums are taken in another order. Where
`math` raises and NumPy has inf or nan, the step is done again in NumPy. With float32 a graph of
single numbers is still computed with Python floats, which are float64.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Protocol, TypeAlias

import numpy as np
import numpy.typing as npt

from gradstudio.engine.arrays import ArrayExecutor
from gradstudio.engine.evaluate import evaluate
from gradstudio.engine.floats import LARGEST_GENERATED, FloatExecutor
from gradstudio.engine.levels import LevelExecutor, depth_of
from gradstudio.engine.lowering import exponents
from gradstudio.engine.program import no_value, walk
from gradstudio.engine.scalars import ScalarCode, scalar_code
from gradstudio.engine.schedule import schedule
from gradstudio.engine.scheduled import ScheduledExecutor
from gradstudio.errors import GradStudioError, GraphError, OpError, mark
from gradstudio.graph import Graph
from gradstudio.ops import Array

_LEVELS_PAY_AFTER = 30
_WIDE = 12
"""Calls a level from which levels are worth an estimate."""
_GENERATED_CALL_US = 0.019
_LISTED_CALL_US = 0.057
_Executor: TypeAlias = ArrayExecutor | FloatExecutor | LevelExecutor | ScheduledExecutor


class GradientDescent(Protocol):
    """What `compile` asks of an optimizer: v ← momentum · v + g, then w ← w − learning_rate · v."""

    @property
    def learning_rate(self) -> float:
        """How far a step goes."""

    @property
    def momentum(self) -> float:
        """How much of the velocity is kept; 0 for plain gradient descent."""


class CompiledStep:
    """A training step of one graph, and the present values of its leaves.

    Args:
        graph: the graph; its leaves begin with their values in it.
        optimizer: how the parameters move; without one there is no `step`, only `gradients`.
        dtype: float64 or float32.
        output: the loss; the graph's output where nothing is said.
        trained: the leaves that move; every parameter where nothing is said.
        inputs: the leaves that get other values before most steps.
        record: whether the value and the gradient of every node can be read after a step.
        recompute: the nodes whose values are not kept for the way back, as `checkpoint.choose`
            finds them; in float64, and without `record`.

    Raises:
        GradStudioError: there is no one output, or a node upstream of it is not connected or has
            no value, or shapes do not fit, or the loss is not one number, or it depends on none of
            `trained`.
    """

    def __init__(
        self,
        graph: Graph,
        optimizer: GradientDescent | None = None,
        *,
        dtype: npt.DTypeLike = np.float64,
        output: str | None = None,
        trained: Iterable[str] | None = None,
        inputs: Iterable[str] = (),
        record: bool = False,
        recompute: Iterable[str] = (),
    ) -> None:
        self._recompute = frozenset(recompute)
        self._graph = graph
        self._dtype = np.dtype(dtype)
        if self._dtype not in (np.float64, np.float32):
            raise GraphError(mark("core", "a step is computed in float64 or float32"))
        self._optimizer = optimizer
        self._record = record
        if self._recompute and (record or self._dtype != np.float64):
            raise GraphError(
                mark("core", "what is recomputed cannot be recorded, and is computed in float64")
            )
        self.output = graph.output_of(output)
        order = tuple(walk(graph, (self.output,)))
        leaves = [name for name in order if graph.nodes[name].is_leaf]
        asked = {name for name in leaves if graph.nodes[name].op == "parameter"}
        asked = asked if trained is None else set(trained)
        self.trained = tuple(name for name in leaves if name in asked)
        if not self.trained:
            raise GraphError(
                mark("core", "{node} does not depend on any parameter, so nothing can be trained"),
                node=self.output,
            )
        self._inputs = frozenset(inputs).intersection(leaves)
        self._leaves: dict[str, Array] = {}
        for name in leaves:
            value = graph.nodes[name].value
            if value is not None:
                self._leaves[name] = value
            elif name not in self._inputs:
                raise no_value(name)
        self._exponents = exponents(graph, order)
        self._made: _Executor | None = None
        self._code: ScalarCode | None = None
        self._done = 0
        self._judged = False

    @property
    def executor(self) -> str:
        """What runs the next step, by its name in the module's documentation."""
        return self._executor.name

    @property
    def parameters(self) -> dict[str, Array]:
        """The present values of the trained leaves, copied."""
        if self._made is None:
            return {name: np.array(self._leaves[name], self._dtype) for name in self.trained}
        return {name: np.array(value, self._dtype) for name, value in self._made.parameters.items()}

    def set_values(self, values: Mapping[str, npt.ArrayLike]) -> None:
        """Give leaves other values; names the loss does not depend on are passed over.

        Another shape, or another exponent, means another plan, and velocities that begin at zero.
        """
        known = self._leaves.keys() | self._inputs
        arrays = {name: np.asarray(value) for name, value in values.items() if name in known}
        same = all(
            name in self._leaves
            and value.shape == self._leaves[name].shape
            and (name not in self._exponents or float(value.reshape(())) == self._exponents[name])
            for name, value in arrays.items()
        )
        if self._made is None or same:
            self._leaves.update(arrays)
            if self._made is not None:
                self._made.load(arrays)
            else:
                self._look_at_exponents(arrays)
            return
        self._leaves.update(self.parameters)
        self._leaves.update(arrays)
        self._look_at_exponents(arrays)
        self._made, self._code, self._judged = None, None, False

    def gradients(
        self, values: Mapping[str, npt.ArrayLike] | None = None
    ) -> tuple[float, dict[str, Array]]:
        """Return the loss and its gradient by each trained leaf; nothing moves.

        Args:
            values: other values of leaves, kept for later steps.

        Raises:
            GradStudioError: shapes do not fit, or an op refuses a value.
        """
        if values:
            self.set_values(values)
        loss = self.backward()
        return loss, {name: self.grad(name) for name in self.trained}

    def backward(self) -> float:
        """Run forward and backward once and return the loss; `grad` reads the gradients.

        Raises:
            GradStudioError: shapes do not fit, or an op refuses a value.
        """
        executor = self._ready(1)
        try:
            return executor.gradients()
        except OpError as wrong:
            raise self._named(wrong) from None

    def step(self, values: Mapping[str, npt.ArrayLike] | None = None) -> float:
        """Do one step and return the loss before it.

        Args:
            values: other values of leaves, kept for later steps.

        Raises:
            GradStudioError: shapes do not fit, or an op refuses a value, or there is no optimizer.
        """
        if values:
            self.set_values(values)
        return self.run(1)[0]

    def run(self, steps: int) -> list[float]:
        """Do many steps at once and return the loss of each, before its update.

        It holds Python's interpreter for as long as it takes: where a window is to stay fluid, ask
        for slices of some milliseconds, or lower `sys.setswitchinterval`.

        Raises:
            GradStudioError: an op refuses a value, or there is no optimizer.
        """
        if self._optimizer is None:
            raise GraphError(mark("core", "there is no optimizer, so no step can be done"))
        executor = self._ready(steps)
        try:
            return executor.steps(steps)
        except OpError as wrong:
            raise self._named(wrong) from None

    def value(self, name: str) -> Array:
        """Return the value a node had in the latest step.

        Raises:
            GraphError: without `record`, it is another node than the output, whose value may have
                been written over; or the output does not depend on it.
        """
        try:
            if self._record or name == self.output:
                return np.array(self._executor.value(name), self._dtype)
        except KeyError:
            pass
        raise self._not_kept(name)

    def grad(self, name: str) -> Array:
        """Return the gradient a node had in the latest step.

        Raises:
            GraphError: without `record`, it is no trained leaf; or it depends on none of them.
        """
        try:
            if self._record or name in self.trained:
                return np.array(self._executor.grad(name), self._dtype)
        except KeyError:
            pass
        raise self._not_kept(name)

    def _not_kept(self, name: str) -> GraphError:
        self._graph.node(name)
        if self._record:
            return GraphError(
                mark("core", "{node} is no part of this step, or has no gradient in it"), node=name
            )
        return GraphError(
            mark("core", "the numbers of {node} are not kept: compile the step with record=True"),
            node=name,
        )

    def _named(self, wrong: OpError) -> GradStudioError:
        """Return what an op said of the present values, with the node that it was."""
        graph = self._graph.set_values({**self._leaves, **self.parameters})
        return next(iter(evaluate(graph, output=self.output).errors.values()), wrong)

    # -- the plan -----------------------------------------------------------------------------

    @property
    def _executor(self) -> _Executor:
        if self._made is None:
            self._made = self._first()
            self._begin(self._made)
        return self._made

    def _begin(self, executor: _Executor) -> None:
        executor.load(self._leaves)
        if self._optimizer is not None:
            executor.descend(self._optimizer.learning_rate, self._optimizer.momentum)

    def _look_at_exponents(self, arrays: Mapping[str, Array]) -> None:
        for name in self._exponents.keys() & arrays.keys():
            self._exponents[name] = float(arrays[name].reshape(()))
            node = {name: arrays[name]}
            self._graph = self._graph.set_values(node)

    def _first(self) -> _Executor:
        """Make the executor that is ready soonest."""
        graph, end = self._graph, self.output
        for name in self._inputs - self._leaves.keys():
            raise no_value(name)
        shapes = {name: value.shape for name, value in self._leaves.items()}
        try:
            if self._recompute:
                found = evaluate(graph.set_values(self._leaves), output=end)
                return ScheduledExecutor(
                    schedule(found, wrt=self.trained, recompute=self._recompute)
                )
            code = scalar_code(graph, end, shapes, self.trained, record=self._record)
            if code is not None:
                self._code = code
                return FloatExecutor(code, self.trained, self._record)
            return ArrayExecutor(
                graph, end, shapes, self.trained, self._inputs, self._dtype, self._record
            )
        except GradStudioError as wrong:
            raise GraphError(
                mark("core", "{node} cannot be trained: {reason}"), node=end, reason=wrong
            ) from None

    def _ready(self, coming: int) -> _Executor:
        """Return the executor for the steps that come, another one if that pays by now."""
        executor = self._executor
        self._done += coming
        code = self._code
        if code is None or self._judged or self._done < _LEVELS_PAY_AFTER:
            return executor
        self._judged = True
        calls = len(code.calls)
        if isinstance(executor, FloatExecutor) and calls > _WIDE * depth_of(code):
            levels = LevelExecutor(code, self.trained, self._record)
            call_us = _GENERATED_CALL_US if calls <= LARGEST_GENERATED else _LISTED_CALL_US
            if levels.cost_us < call_us * calls:
                self._leaves.update(executor.parameters)
                self._begin(levels)
                levels.velocities[:] = executor.velocities
                self._made = levels
                return levels
        return executor


def compile(
    graph: Graph,
    optimizer: GradientDescent | None = None,
    *,
    dtype: npt.DTypeLike = np.float64,
    output: str | None = None,
    inputs: Iterable[str] = (),
    record: bool = False,
    recompute: Iterable[str] = (),
) -> CompiledStep:
    """Return the training step of `graph`, ready to run.

    The plan itself is made at the first step, when the shapes of all leaves are known.

    Args:
        graph: the graph; its parameters are trained.
        optimizer: how they move; without one there is no `step`, only `gradients`.
        dtype: float64 or float32.
        output: the loss; the graph's output where nothing is said.
        inputs: the leaves that get other values before most steps, as mini-batches do.
        record: whether the value and the gradient of every node can be read after a step.
        recompute: the nodes whose values are not kept for the way back, as `checkpoint.choose`
            finds them.

    Raises:
        GradStudioError: there is no one output, or a node upstream of it has no value, or it
            depends on no parameter.
    """
    return CompiledStep(
        graph,
        optimizer,
        dtype=dtype,
        output=output,
        inputs=inputs,
        record=record,
        recompute=recompute,
    )
