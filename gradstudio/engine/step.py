"""One training step's numbers, for a loop that moves the parameters itself: loss and gradients."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from gradstudio.engine.compile import CompiledStep
from gradstudio.engine.program import program_of
from gradstudio.errors import GraphError, mark
from gradstudio.graph import Graph
from gradstudio.ops import Array, Shape


class TrainingStep:
    """Computes loss and gradients of one graph; structure is fixed, values come with each call.

    There is a compiled step for each set of shapes, so a short last batch costs no new plan.

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
        program = program_of(graph, self.output, (*wrt, *inputs))
        self._given = tuple(program.arguments)
        self.wrt = tuple(name for name in wrt if name in program.arguments)
        if not self.wrt:
            raise GraphError(
                mark("core", "{node} does not depend on any parameter, so nothing can be trained"),
                node=self.output,
            )
        self._inputs = inputs
        self._steps: dict[tuple[Shape, ...], CompiledStep] = {}

    def __call__(self, values: Mapping[str, Array]) -> tuple[Any, dict[str, Array]]:
        """Return the loss (a NumPy scalar) and the gradient by each of `wrt`.

        Args:
            values: an array for each of `wrt` and `inputs`; names the loss does not need are
                passed over.

        Raises:
            GradStudioError: shapes do not fit, or the loss is not one number.
        """
        given = {name: values[name] for name in self._given}
        shapes = tuple([value.shape for value in given.values()])
        step = self._steps.get(shapes)
        if step is None:
            step = CompiledStep(
                self._graph,
                output=self.output,
                trained=self.wrt,
                inputs=(*self.wrt, *self._inputs),
            )
            self._steps[shapes] = step
        loss, grads = step.gradients(given)
        return np.float64(loss), {name: grads[name][()] for name in self.wrt}
