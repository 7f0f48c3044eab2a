"""Whether an op that a document defines for itself has the right backward formulas.

The check is by central differences of its forward formula, at seeded inputs of several shapes. A
wrong one is not refused: finding out is what it may be there for.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from gradstudio.engine.evaluate import evaluate
from gradstudio.engine.gradcheck import check
from gradstudio.errors import GradStudioError, GraphError, mark
from gradstudio.graph import Graph
from gradstudio.node import Definition
from gradstudio.ops import Array, Shape

TRIALS = 8
SHAPES: tuple[Shape, ...] = ((), (3,), (2, 2), (2, 3))
SEED = 20240229


@dataclass(frozen=True)
class Verdict:
    """What the check says of one backward formula.

    Args:
        port: the input.
        right: whether it agreed everywhere it could be compared: at inputs of a shape that the
            forward and all backward formulas take, where the result is finite.
        inputs: where it did not agree at first, the values of all inputs there.
        given: what it gives there, summed over the entries of the output.
        wanted: what the differences give.
        reason: why it could not be compared anywhere.
    """

    port: str
    right: bool
    inputs: tuple[Array, ...] = ()
    given: Array | None = None
    wanted: Array | None = None
    reason: GradStudioError | None = None

    @property
    def worst(self) -> tuple[float, float] | None:
        """What it gives and what the differences give, where these are furthest apart."""
        if self.given is None or self.wanted is None:
            return None
        at = np.argmax(np.abs(self.given - self.wanted))
        return float(self.given.reshape(-1)[at]), float(self.wanted.reshape(-1)[at])


@lru_cache(maxsize=256)
def verdicts(definition: Definition) -> tuple[Verdict, ...]:
    """Check every backward formula of an op against central differences (as `check` does).

    Inputs are drawn between −2 and 2, and where the forward formula is not finite there, between
    0.3 and 2. All have one shape: scalars, vectors, square and other matrices are tried.

    Args:
        definition: as `define` makes it; each is checked once and remembered.

    Returns:
        One verdict an input, in order.

    Example:
        >>> cube = gs.define("cube", ["x"], "x ** 3", {"x": "g * x ** 2"})
        >>> [(one.port, one.right) for one in gs.verdicts(cube)]
        [('x', False)]
    """
    rng = np.random.default_rng(SEED)
    found: dict[str, Verdict] = {}
    compared = False
    reason: GradStudioError = GraphError(
        mark("core", "{op} is finite at none of the inputs it was tried at"), op=definition.name
    )
    for trial in range(TRIALS * len(SHAPES)):
        shape = SHAPES[trial % len(SHAPES)]
        low = -2.0 if trial < TRIALS * len(SHAPES) // 2 else 0.3
        values = tuple(rng.uniform(low, 2.0, shape) for _ in definition.inputs)
        graph = _graph(definition, values)
        evaluation = evaluate(graph)
        failed = evaluation.errors.get("y") or evaluation.warnings.get("y")
        if failed is not None:
            reason = failed
            continue
        compared = True
        for port, result in zip(definition.inputs, _compared(graph, definition), strict=True):
            if result is not None and port not in found:
                found[port] = Verdict(port, False, values, *result)
    if not compared:
        return tuple(Verdict(port, right=False, reason=reason) for port in definition.inputs)
    return tuple(found.get(port, Verdict(port, right=True)) for port in definition.inputs)


def _graph(definition: Definition, values: tuple[Array, ...]) -> Graph:
    """Return Σ y · weights for the op's y: every entry has an upstream gradient of its own."""
    graph = Graph(definitions={definition.name: definition})
    names = [f"x_{port}" for port in definition.inputs]
    for name, value in zip(names, values, strict=True):
        graph = graph.add(name, "input", value=value)
    graph = graph.add("y", definition.name, names)
    shape = evaluate(graph).shapes.get("y", ())
    weights = np.cos(1.0 + np.arange(np.prod(shape, dtype=int))).reshape(shape)
    return (
        graph.add("weights", "constant", value=weights)
        .add("product", "mul", ["y", "weights"])
        .add("f", "sum", ["product"])
        .set_output("f")
    )


def _compared(graph: Graph, definition: Definition) -> list[tuple[Array, Array] | None]:
    """Return for each input nothing where the gradients agree, else both."""
    results = {result.name: result for result in check(graph)}
    return [
        None
        if (result := results.get(f"x_{port}")) is None or result.passed
        else (result.analytic, result.numeric)
        for port in definition.inputs
    ]
