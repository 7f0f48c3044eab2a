"""Whether the gradients are right: each leaf's against central differences.

Source: Baydin, Pearlmutter, Radul, Siskind (2018), “Automatic differentiation in machine learning:
a survey”, eq. 3: ∂f/∂xᵢ ≈ (f(x + h eᵢ) − f(x − h eᵢ)) / 2h, with an error of order h².
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from gradstudio.engine.evaluate import evaluate
from gradstudio.engine.program import Program, program_of
from gradstudio.errors import GraphError, mark
from gradstudio.graph import Graph
from gradstudio.ops import Array

MOST_ENTRIES = 200
"""Of a larger leaf this many entries are compared, drawn with a fixed seed."""
EPSILON = float(np.finfo(float).eps)


@dataclass(frozen=True)
class LeafCheck:
    """How the gradient of one leaf compares.

    Args:
        name: the leaf.
        passed: whether every entry compared agrees, or lies at a kink between its two slopes.
        error: the largest |analytic − numeric| / max(1, |analytic|, |numeric|).
        analytic: the engine's gradient at the entries compared, (n,).
        numeric: the central differences, (n,).
        entries: the flat indices compared, (n,).
        at_kink: whether some entry sits at a kink, where the slopes from both sides differ.
    """

    name: str
    passed: bool
    error: float
    analytic: Array
    numeric: Array
    entries: Array
    at_kink: bool


def check(
    graph: Graph, *, output: str | None = None, rtol: float = 1e-5, atol: float = 1e-7
) -> tuple[LeafCheck, ...]:
    """Compare the gradient of every input and parameter upstream of the output.

    Args:
        graph: with a value in every leaf.
        output: the output; the graph's own where nothing is said.
        rtol: the relative difference allowed.
        atol: the absolute difference allowed, on top of what rounding makes of the differences.

    Raises:
        GradStudioError: there is no gradient to compare.
    """
    evaluation = evaluate(graph, output=output)
    if evaluation.no_gradient is not None:
        raise evaluation.no_gradient
    for name, warning in evaluation.warnings.items():
        if name in evaluation.grads:
            raise warning
    leaves = [
        name for name in evaluation.order if graph.nodes[name].is_leaf and name in evaluation.grads
    ]
    program = program_of(graph, evaluation.output, leaves)
    if not leaves:
        raise GraphError(mark("core", "no gradient flows back to an input or a parameter"))
    values = {name: np.asarray(graph.nodes[name].value) for name in leaves}
    return tuple(
        _check_leaf(program, values, name, np.asarray(evaluation.grads[name]), rtol, atol)
        for name in leaves
    )


def _check_leaf(
    program: Program, values: dict[str, Array], name: str, grad: Array, rtol: float, atol: float
) -> LeafCheck:
    value = values[name]
    entries = np.arange(value.size)
    if value.size > MOST_ENTRIES:
        entries = np.sort(np.random.default_rng(0).permutation(value.size)[:MOST_ENTRIES])
    analytic = grad.reshape(-1)[entries]
    numeric = np.empty(len(entries))
    agrees = np.empty(len(entries), dtype=bool)
    kinks = np.zeros(len(entries), dtype=bool)
    middle = _result(program, values)
    for i, entry in enumerate(entries):
        h = 1e-5 * max(1.0, abs(float(value.reshape(-1)[entry])))
        above = _result(program, {**values, name: _moved(value, entry, h)})
        below = _result(program, {**values, name: _moved(value, entry, -h)})
        numeric[i] = (above - below) / (2.0 * h)
        size = max(abs(analytic[i]), abs(numeric[i]))
        noise = 8.0 * EPSILON * max(abs(above), abs(below)) / h
        agrees[i] = abs(analytic[i] - numeric[i]) <= atol + rtol * size + noise
        if not agrees[i]:
            right, left = (above - middle) / h, (middle - below) / h
            low, high = min(left, right), max(left, right)
            slack = atol + noise + 1e-3 * max(abs(low), abs(high), high - low)
            kinks[i] = high - low > 10.0 * slack and low - slack <= analytic[i] <= high + slack
    difference = np.abs(analytic - numeric)
    scale = np.maximum(1.0, np.maximum(np.abs(analytic), np.abs(numeric)))
    error = float(np.max(difference / scale, initial=0.0))
    passed = bool(np.all(agrees | kinks))
    return LeafCheck(name, passed, error, analytic, numeric, entries, bool(kinks.any()))


def _moved(value: Array, entry: Any, by: float) -> Array:
    moved = np.array(value)
    moved.reshape(-1)[entry] += by
    return moved


def _result(program: Program, values: dict[str, Array]) -> float:
    (slot,) = program.results
    return float(np.asarray(program.run(values)[slot]).reshape(()))
