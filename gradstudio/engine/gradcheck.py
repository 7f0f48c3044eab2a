"""Whether the gradients are right: each leaf's against central differences.

Source: Baydin, Pearlmutter, Radul, Siskind (2018), “Automatic differentiation in machine learning:
a survey”, eq. 3: ∂f/∂xᵢ ≈ (f(x + h eᵢ) − f(x − h eᵢ)) / 2h, with an error of order h².
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from gradstudio.engine.evaluate import evaluate
from gradstudio.engine.program import Program, program_of
from gradstudio.errors import GradStudioError, GraphError, OpError, mark
from gradstudio.graph import Graph
from gradstudio.ops import Array

MOST_ENTRIES = 200
"""Of a larger leaf this many entries are compared, drawn with a fixed seed."""
MOST_ENTRIES_IN_ALL = 4000
"""Of many leaves together, where each has at least one: the larger leaves then have fewer."""
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
        size: how many entries the leaf has; `entries` are some of them where that is many.
    """

    name: str
    passed: bool
    error: float
    analytic: Array
    numeric: Array
    entries: Array
    at_kink: bool
    size: int


def check(
    graph: Graph,
    *,
    output: str | None = None,
    rtol: float = 1e-5,
    atol: float = 1e-7,
    stop: Callable[[], bool] = lambda: False,
) -> tuple[LeafCheck, ...]:
    """Compare the gradient of every input and parameter upstream of the output.

    Args:
        graph: with a value in every leaf.
        output: the output; the graph's own where nothing is said.
        rtol: the relative difference allowed.
        atol: the absolute difference allowed, on top of what rounding makes of the differences.
        stop: asked before each entry whether the result is no longer wanted.

    Returns:
        One result a leaf, in the order of computation.

    Raises:
        GradStudioError: there is no gradient to compare, or `stop` said yes.

    Example:
        >>> (leaf,) = gs.check(gs.parse("f = sin(x)", values={"x": 0.5}))
        >>> leaf.name, leaf.passed, round(float(leaf.analytic[0]), 6)
        ('x', True, 0.877583)
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
    counts = _counts({name: value.size for name, value in values.items()})
    found = []
    for name, value in values.items():
        entries = np.arange(value.size)
        if counts[name] < value.size:
            drawn = np.random.default_rng(0).permutation(value.size)[: counts[name]]
            entries = np.sort(drawn)
        grad = np.asarray(evaluation.grads[name])
        try:
            found.append(_check_leaf(program, values, name, grad, entries, rtol, atol, stop))
        except OpError as wrong:
            raise GraphError(
                mark("core", "{node} cannot be moved a little, so nothing is compared: {reason}"),
                node=name,
                reason=wrong,
            ) from None
    return tuple(found)


def _counts(sizes: Mapping[str, int]) -> dict[str, int]:
    """Return of each leaf how many entries are compared: small leaves whole, if they can be."""
    left, counts = MOST_ENTRIES_IN_ALL, {}
    for done, name in enumerate(sorted(sizes, key=sizes.__getitem__)):
        share = max(left // (len(sizes) - done), 1)
        counts[name] = min(sizes[name], MOST_ENTRIES, share)
        left -= counts[name]
    return counts


def _check_leaf(
    program: Program,
    values: dict[str, Array],
    name: str,
    grad: Array,
    entries: Array,
    rtol: float,
    atol: float,
    stop: Callable[[], bool],
) -> LeafCheck:
    value = values[name]
    analytic = grad.reshape(-1)[entries]
    numeric = np.empty(len(entries))
    agrees = np.empty(len(entries), dtype=bool)
    kinks = np.zeros(len(entries), dtype=bool)
    middle = _result(program, values)
    for i, entry in enumerate(entries):
        if stop():
            raise GradStudioError(mark("core", "the check was stopped"))
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
    return LeafCheck(name, passed, error, analytic, numeric, entries, bool(kinks.any()), value.size)


def _moved(value: Array, entry: Any, by: float) -> Array:
    moved = np.array(value)
    moved.reshape(-1)[entry] += by
    return moved


def _result(program: Program, values: dict[str, Array]) -> float:
    (slot,) = program.results
    return float(np.asarray(program.run(values)[slot]).reshape(()))
