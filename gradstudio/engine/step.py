"""One training step's numbers: the loss and its gradients, from a program traced once a shape."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import numpy as np

from gradstudio.engine.program import as_value, program_of
from gradstudio.engine.tracing import adjoint
from gradstudio.errors import GradStudioError, GraphError, mark
from gradstudio.graph import Graph
from gradstudio.ops import Array, Shape

_Plan = tuple[
    list[Any],
    tuple[tuple[str, int], ...],
    list[tuple[Callable[..., Any], tuple[int, ...], int]],
    tuple[int, ...],
]


class TrainingStep:
    """Computes loss and gradients of one graph; structure is fixed, values come with each call.

    Args:
        graph: the graph; its leaves outside `wrt` and `inputs` keep their values.
        output: the loss; the graph's output where nothing is said.
        wrt: the leaves whose gradient is asked.
        inputs: the leaves that get another value at each call.

    Raises:
        GradStudioError: there is no one output, or a node upstream of it is not connected or has
            no value, or none of `wrt` is upstream of it.
    """

    def __init__(
        self,
        graph: Graph,
        *,
        output: str | None = None,
        wrt: tuple[str, ...],
        inputs: tuple[str, ...] = (),
    ) -> None:
        self._graph = graph
        self.output = graph.output_of(output)
        self._program = program_of(graph, self.output, (*wrt, *inputs))
        self.wrt = tuple(name for name in wrt if name in self._program.arguments)
        if not self.wrt:
            raise GraphError(
                mark("core", "{node} does not depend on any parameter, so nothing can be trained"),
                node=self.output,
            )
        self._plans: dict[tuple[Shape, ...], _Plan] = {}

    def __call__(self, values: Mapping[str, Array]) -> tuple[Any, dict[str, Array]]:
        """Return the loss (a NumPy scalar) and the gradient by each of `wrt`.

        Args:
            values: an array for each of `wrt` and `inputs`; names the loss does not need are
                passed over.

        Raises:
            GradStudioError: shapes do not fit, or the loss is not one number.
        """
        shapes = tuple(values[name].shape for name in self._program.arguments)
        plan = self._plans.get(shapes)
        if plan is None:
            plan = self._plans[shapes] = self._traced(shapes)
        template, arguments, calls, results = plan
        slots = template.copy()
        for name, slot in arguments:
            slots[slot] = as_value(values[name])
        with np.errstate(all="ignore"):
            for call, inputs, output in calls:
                slots[output] = call(*[slots[slot] for slot in inputs])
        loss, *grads = (slots[slot] for slot in results)
        return np.float64(loss.reshape(())), dict(zip(self.wrt, grads, strict=True))

    def _traced(self, shapes: tuple[Shape, ...]) -> _Plan:
        named = dict(zip(self._program.arguments, shapes, strict=True))
        try:
            program = adjoint(self._program, self.wrt, named)
        except GradStudioError as wrong:
            raise GraphError(
                mark("core", "{node} cannot be trained: {reason}"), node=self.output, reason=wrong
            ) from None
        template: list[Any] = [None] * program.slots
        for slot, constant in program.constants.items():
            template[slot] = as_value(constant)
        calls = [
            (
                partial(equation.op.forward, **equation.settings)
                if equation.settings
                else equation.op.forward,
                equation.inputs,
                equation.output,
            )
            for equation in program.equations
        ]
        return template, tuple(program.arguments.items()), calls, program.results
