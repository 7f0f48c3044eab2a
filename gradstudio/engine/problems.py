"""The problems of a graph, told from its numbers: what is wrong, where it began, and how bad it is.

Everything is read off one evaluation, in one pass over its nodes; nothing is computed again. (The
backward formulas of a document's own op are compared with differences, once an op.) How to mend a
problem is said in `gradstudio.fixes`, for the one that is looked at.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from gradstudio.engine.definitions import verdicts
from gradstudio.engine.evaluate import Evaluation, is_finite
from gradstudio.errors import GradStudioError, GraphError, mark
from gradstudio.numbers import number_text
from gradstudio.ops import Array, Shape, shape_text

SATURATED_AT = 0.97
"""A unit whose output is closer to its bounds than this is saturated, on a scale from -1 to 1.

A tanh then passes at most 1 − 0.97² = 6 % of the gradient, a sigmoid 6 % of the quarter it passes
at best. (The share of |tanh| > 0.97 is what Karpathy, “Building makemore Part 3: Activations &
Gradients, BatchNorm” (2022), plots to diagnose a layer; the effect is measured by Glorot and
Bengio, “Understanding the difficulty of training deep feedforward neural networks” (2010), §3.)
"""
SATURATED_SHARE = 0.5
"""A layer of which this share of the entries is saturated is worth a word."""
DEAD_SHARE = 0.5
"""Of the units of a layer, so many may be 0 for every row before it is said; all of them always.

Sparse activity is what a ReLU is for (Glorot, Bordes and Bengio, “Deep sparse rectifier neural
networks” (2011) find 50 to 80 % of zeros in good networks), but a unit that is 0 for every row of
the data gets no gradient from any of them.
"""
RATIO = 1000.0
"""How many times larger or smaller the gradient at the first layer may be than that at the last.

One learning rate serves both: a step that moves the one by a thousandth then moves the other by a
millionth, or by its whole size. (Pascanu, Mikolov and Bengio, “On the difficulty of training
recurrent neural networks” (2013), eq. 5 to 7, compare the gradient at states k steps apart, and
show how their ratio grows or shrinks as a power of k; a factor of 3 to 10 between neighbours makes
a thousand over three to six of them.)
"""
LAYERS = 4
"""Of how many ops with a parameter, one after another, a graph is called deep."""
_SQUASHING = {"sigmoid": (2.0, -1.0), "tanh": (1.0, 0.0)}
"""What maps the output of a saturating op to the scale from -1 to 1."""
_BROADCASTING = ("add", "sub", "mul", "div", "mse", "sse", "hinge")

Severity = Literal["error", "warning"]
Kind = Literal[
    "unconnected",
    "no_value",
    "shape",
    "outputs",
    "not_scalar",
    "constant",
    "not_finite",
    "steep",
    "formula",
    "broadcast",
    "saturated",
    "dead",
    "cut",
    "vanishing",
    "exploding",
    "unused",
]


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong with a graph, or may be.

    Args:
        kind: what it is.
        severity: an `error` leaves a node without a value or the graph without gradients.
        node: where it is; None where it is the graph's as a whole.
        message: what is wrong and why, with its numbers.
    """

    kind: Kind
    severity: Severity
    node: str | None
    message: GradStudioError = field(compare=False)


def problems(evaluation: Evaluation) -> tuple[Problem, ...]:
    """Return every problem: first errors, then warnings, each in the order of computation.

    Args:
        evaluation: of the graph, in reverse mode; without gradients only their lack is told.

    Example:
        >>> graph = gs.parse("h = relu(w * x); f = h * h", values={"w": 1, "x": -2})
        >>> [str(problem.message) for problem in gs.problems(gs.evaluate(graph))]
        ['h (relu) is dead: no input is above 0, so no gradient passes']
    """
    found = [*_errors(evaluation), *_without_gradient(evaluation), *_warnings(evaluation)]
    found += [*_formulas(evaluation), *_broadcasts(evaluation), *_flow(evaluation)]
    found += [*_cut(evaluation), *_ratio(evaluation), *_unused(evaluation)]
    place = {name: at for at, name in enumerate(evaluation.order)}

    def rank(problem: Problem) -> tuple[bool, int]:
        return problem.severity == "warning", place.get(problem.node or "", -1)

    return tuple(sorted(found, key=rank))


def _errors(evaluation: Evaluation) -> Iterator[Problem]:
    nodes = evaluation.graph.nodes
    for name, error in evaluation.errors.items():
        node = nodes[name]
        kind: Kind = "shape"
        if node.is_leaf:
            kind = "no_value"
        elif None in node.inputs or not node.inputs:
            kind = "unconnected"
        yield Problem(kind, "error", name, error)


def _without_gradient(evaluation: Evaluation) -> Iterator[Problem]:
    """Say why there is no gradient, unless an error said it already."""
    reason, output = evaluation.no_gradient, evaluation.output
    if reason is None or not evaluation.graph.nodes or reason in evaluation.errors.values():
        return
    if output is None:
        yield Problem("outputs", "warning", None, reason)
    elif output in evaluation.values:
        one = math.prod(evaluation.shapes[output]) == 1
        yield Problem("constant" if one else "not_scalar", "error", output, reason)


def _warnings(evaluation: Evaluation) -> Iterator[Problem]:
    """Say where finite numbers first became inf or nan; what follows from there is not listed."""
    for name, warning in evaluation.warnings.items():
        value = evaluation.values.get(name)
        kind: Kind = "steep" if value is None or is_finite(value) else "not_finite"
        yield Problem(kind, "warning", name, warning)


def _formulas(evaluation: Evaluation) -> Iterator[Problem]:
    """Say which backward formulas of the document's own are wrong, at the first node of each op."""
    nodes = evaluation.graph.nodes
    seen = set()
    for name in evaluation.order:
        node = nodes[name]
        if node.definition is None or node.muted or node.op in seen:
            continue
        seen.add(node.op)
        for verdict in verdicts(node.definition):
            if verdict.worst is not None:
                given, wanted = verdict.worst
                template = mark(
                    "core",
                    "{node} ({op}): the backward formula of {port} is wrong: at an input drawn at "
                    "random it gives {given}, and finite differences give {wanted}",
                )
                message = GraphError(
                    template,
                    node=name,
                    op=node.op,
                    port=verdict.port,
                    given=number_text(given),
                    wanted=number_text(wanted),
                )
                yield Problem("formula", "warning", name, message)


def _broadcasts(evaluation: Evaluation) -> Iterator[Problem]:
    """Say where n numbers met a column of n: the result is a table nobody asked for.

    PyTorch warns of it in its losses (“Using a target size that is different to the input size”).
    """
    nodes, shapes = evaluation.graph.nodes, evaluation.shapes
    for name, node in nodes.items():
        if node.op not in _BROADCASTING or node.muted or name not in evaluation.values:
            continue
        x, y = (shapes[source or ""] for source in node.inputs)
        if len(x) != len(y) and (both := grown(x, y)) is not None:
            template = mark(
                "core", "{node} ({op}): x {x} and y {y} are spread to {both}; is that meant?"
            )
            message = GraphError(
                template,
                node=name,
                op=node.op,
                x=shape_text(x),
                y=shape_text(y),
                both=shape_text(both),
            )
            yield Problem("broadcast", "warning", name, message)


def grown(x: Shape, y: Shape) -> Shape | None:
    """Return the shape two arrays are spread to, if it has more entries than either of them."""
    if not x or not y:
        return None
    both = np.broadcast_shapes(x, y)
    return both if math.prod(both) > max(math.prod(x), math.prod(y)) else None


def _flow(evaluation: Evaluation) -> Iterator[Problem]:
    """Look at what lets little or no gradient through."""
    nodes = evaluation.graph.nodes
    for name in evaluation.backward:
        node = nodes[name]
        if node.muted:
            continue
        if node.op in _SQUASHING:
            yield from _saturated(name, node.op, evaluation.values[name])
        elif node.op == "relu":
            yield from _dead(name, evaluation.values[name])


def _cut(evaluation: Evaluation) -> Iterator[Problem]:
    """Say which parameters are not learned, as a step such as a comparison is always in between."""
    nodes, output = evaluation.graph.nodes, evaluation.output
    if not evaluation.grads or output is None:
        return
    reached = {output}
    for name in evaluation.backward:
        if name not in reached:
            continue
        node = nodes[name]
        factors = node.rules.local or node.rules.downstream
        for port, source in enumerate(node.inputs):
            if source is not None and factors[port : port + 1] != ("0",):
                reached.add(source)
    for name in evaluation.order[: evaluation.order.index(output)]:
        if nodes[name].op == "parameter" and name not in reached:
            template = mark(
                "core",
                "{node} gets no gradient: on every way to {output} stands an op that passes none",
            )
            yield Problem("cut", "warning", name, GraphError(template, node=name, output=output))


def _saturated(name: str, op: str, out: Array) -> Iterator[Problem]:
    scale, shift = _SQUASHING[op]
    if not out.ndim:
        # A graph of single numbers has thousands of these, and NumPy takes its time for each.
        share = float(abs(scale * float(out) + shift) > SATURATED_AT)
    elif out.size:
        share = float(np.mean(np.abs(scale * out + shift) > SATURATED_AT))
    else:
        return
    if share < SATURATED_SHARE:
        return
    if out.size == 1:
        template = mark("core", "{node} ({op}) is saturated at {value}: hardly any gradient passes")
        message = GraphError(template, node=name, op=op, value=number_text(float(out.flat[0])))
    else:
        template = mark(
            "core",
            "{node} ({op}) is saturated in {percent} % of its entries: hardly any gradient passes",
        )
        message = GraphError(template, node=name, op=op, percent=math.floor(100 * share))
    yield Problem("saturated", "warning", name, message)


def _dead(name: str, out: Array) -> Iterator[Problem]:
    if not out.size:
        return
    if not out.any():
        template = mark("core", "{node} (relu) is dead: no input is above 0, so no gradient passes")
        yield Problem("dead", "warning", name, GraphError(template, node=name))
    elif out.ndim == 2 and len(out) > 1:
        dead, units = int(np.count_nonzero(~out.any(axis=0))), out.shape[1]
        if dead >= DEAD_SHARE * units:
            template = mark(
                "core",
                "{node} (relu): {dead} of {units} units are dead; no row has an input above 0",
            )
            message = GraphError(template, node=name, dead=dead, units=units)
            yield Problem("dead", "warning", name, message)


def _ratio(evaluation: Evaluation) -> Iterator[Problem]:
    """Compare the gradient that comes back to the first layer with that at the last one."""
    layers = _layers(evaluation)
    if not layers or max(layers.values()) - min(layers.values()) + 1 < LAYERS:
        return
    first = _strongest(evaluation, layers, max(layers.values()))
    last = _strongest(evaluation, layers, min(layers.values()))
    if not (0 < first[0] < math.inf and 0 < last[0] < math.inf):
        # Not finite is said elsewhere, and so is what stops the gradient altogether.
        return
    ratio = first[0] / last[0]
    if ratio < 1 / RATIO:
        template = mark(
            "core",
            "the gradient vanishes on its way back: at {node} it is {ratio} times what it is at "
            "{last} (root mean square)",
        )
        kind: Kind = "vanishing"
    elif ratio > RATIO:
        template = mark(
            "core",
            "the gradient explodes on its way back: at {node} it is {ratio} times what it is at "
            "{last} (root mean square)",
        )
        kind = "exploding"
    else:
        return
    message = GraphError(template, node=first[1], ratio=number_text(ratio, 3), last=last[1])
    yield Problem(kind, "warning", first[1], message)


def _layers(evaluation: Evaluation) -> dict[str, int]:
    """Return the ops that a parameter feeds, and how many of them the gradient has come through.

    An op counts itself; where ways of different lengths lead to it, the longest one counts.
    """
    nodes, grads = evaluation.graph.nodes, evaluation.grads
    passed: dict[str, int] = {}
    found: dict[str, int] = {}
    for name in evaluation.backward:
        here = passed.get(name, 0)
        sources = [source for source in nodes[name].inputs if source in grads]
        if any(nodes[source or ""].op == "parameter" for source in sources):
            here += 1
            found[name] = here
        for source in sources:
            if passed.get(source or "", -1) < here:
                passed[source or ""] = here
    return found


def _strongest(evaluation: Evaluation, layers: dict[str, int], layer: int) -> tuple[float, str]:
    """Return the largest root mean square of the gradient at a layer's ops, and at which it is."""
    with np.errstate(all="ignore"):
        sizes = [
            (float(np.sqrt(np.mean(np.square(grad)))), name)
            for name, at in layers.items()
            if at == layer and (grad := evaluation.grads[name]).size
        ]
    return max(sizes, default=(0.0, ""))


def _unused(evaluation: Evaluation) -> Iterator[Problem]:
    """Say which ends lead nowhere; what leads only to them goes with them."""
    output, graph = evaluation.output, evaluation.graph
    if output is None:
        return
    for name in evaluation.order[evaluation.order.index(output) + 1 :]:
        if name not in graph.consumers and name not in evaluation.errors:
            template = mark("core", "{node} is not used: it does not feed the output {output}")
            yield Problem("unused", "warning", name, GraphError(template, node=name, output=output))
