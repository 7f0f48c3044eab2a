"""Which of the usual mistakes explains a wrong number: each is made on purpose and compared.

A mistake is only named when what was entered is what it gives and not what is right, so that the
hint fits. They are tried in the order of how often lecturers meet them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np

from gradstudio.errors import GradStudioError, mark
from gradstudio.lab.entries import Tolerant, close
from gradstudio.node import Node
from gradstudio.ops import REGISTRY, Array, unbroadcast

MOST_PARTS_SUMMED = 8
"""Of so many edges all partial sums are tried."""
TRIGONOMETRIC = ("sin", "cos")


@dataclass(frozen=True)
class Mistake:
    """One usual mistake.

    Args:
        title: what the lecturer's table calls it, marked for translation.
        hint: what the student is told, without the number, marked for translation.
    """

    title: str
    hint: str


MISTAKES: dict[str, Mistake] = {
    "upstream": Mistake(
        mark("core", "upstream gradient forgotten"),
        mark(
            "core",
            "this is the local derivative alone. The chain rule multiplies it by the gradient "
            "that arrives from above",
        ),
    ),
    "local": Mistake(
        mark("core", "local derivative forgotten"),
        mark(
            "core",
            "this is the gradient that arrives, handed on as it is. The chain rule multiplies it "
            "by the local derivative",
        ),
    ),
    "sign": Mistake(
        mark("core", "wrong sign"),
        mark("core", "the size is right, the sign is not: look for a minus on the way"),
    ),
    "fan_out": Mistake(
        mark("core", "not accumulated at a fan-out"),
        mark(
            "core",
            "the value is used more than once: the gradients that come back from all its uses "
            "must be added up",
        ),
    ),
    "unswapped": Mistake(
        mark("core", "inputs of a product not swapped"),
        mark(
            "core",
            "a product swaps its inputs: the gradient of one is the upstream times the other",
        ),
    ),
    "loser": Mistake(
        mark("core", "gradient sent to the loser of a max"),
        mark(
            "core",
            "max and min are routers: the whole gradient goes to the input that won, the other "
            "gets zero",
        ),
    ),
    "output": Mistake(
        mark("core", "local derivative taken at the output"),
        mark(
            "core",
            "the local derivative is taken at the node's input; here its output was put in",
        ),
    ),
    "transposed": Mistake(
        mark("core", "transposed"),
        mark(
            "core",
            "a transpose is missing or too much: the gradient of an array has its shape, and there "
            "is one way in which the shapes work out",
        ),
    ),
    "sum_for_mean": Mistake(
        mark("core", "sum taken for mean"),
        mark("core", "this is what a sum gives; a mean divides it by the number of entries"),
    ),
    "mean_for_sum": Mistake(
        mark("core", "mean taken for sum"),
        mark("core", "this is what a mean gives; a sum divides by nothing"),
    ),
    "power": Mistake(
        mark("core", "factor of a power forgotten"),
        mark(
            "core",
            "the derivative of a power brings its exponent down as a factor, as 2 · x of x²",
        ),
    ),
    "degrees": Mistake(
        mark("core", "degrees taken for radians"),
        mark("core", "this is what degrees give: sin and cos take radians here"),
    ),
    "itself": Mistake(
        mark("core", "function given as its own derivative"),
        mark(
            "core",
            "here the value of the node stands for its local derivative, which is another function",
        ),
    ),
    "value": Mistake(
        mark("core", "value given for the gradient"),
        mark("core", "this is the value on the edge, from the forward pass; the gradient is asked"),
    ),
    "averaged": Mistake(
        mark("core", "averaged at a fan-out"),
        mark("core", "gradients that come back from several uses are added, not averaged"),
    ),
    "other_op": Mistake(
        mark("core", "another operation computed"),
        mark("core", "another operation was computed here than the one in the node"),
    ),
    "swapped_operands": Mistake(
        mark("core", "operands in the wrong order"),
        mark("core", "the operands stand the other way round"),
    ),
    "uphill": Mistake(
        mark("core", "gradient added instead of subtracted"),
        mark("core", "this goes up the gradient: a step of gradient descent goes against it"),
    ),
    "unscaled": Mistake(
        mark("core", "learning rate forgotten"),
        mark("core", "the whole gradient was taken: the learning rate says how much of it"),
    ),
    "gradient": Mistake(
        mark("core", "gradient given instead of the step"),
        mark("core", "this is the gradient; what is asked is where a step against it leads"),
    ),
    "shape": Mistake(
        mark("core", "wrong shape"),
        mark("core", "the array does not have the shape that is asked"),
    ),
}


def hint_for(mistake: str) -> GradStudioError | None:
    """Return what a student is told of a mistake; None for none."""
    return GradStudioError(MISTAKES[mistake].hint) if mistake else None


@dataclass(frozen=True)
class Flow:
    """What flows back along one edge, with all that is needed to get it wrong.

    Args:
        node: the node the edge leads into.
        port: the port of it.
        g: the gradient that arrives at the node: the student's own.
        arriving: what `g` is the sum of, one entry for each use of the node's value.
        out: the node's value.
        inputs: its inputs' values.
        wanted: what flows back, for that `g`.
    """

    node: Node
    port: int
    g: Array
    arriving: tuple[Array, ...]
    out: Array
    inputs: tuple[Array, ...]
    wanted: Array


def pulled(node: Node, g: Any, out: Any, inputs: Sequence[Any], port: int) -> Array | None:
    """Return what `g` is pulled back to at one input of a node; None where there is nothing.

    Arithmetic that fails for a number a student made up gives nothing either.
    """
    try:
        with np.errstate(all="ignore"):
            part = node.rules.vjp(g, out, *inputs, **node.settings)[port]
    except (GradStudioError, ArithmeticError, ValueError):
        return None
    return None if part is None else np.asarray(unbroadcast(part, np.shape(inputs[port])))


def gradient_mistake(flow: Flow, given: Array, tolerance: Tolerant) -> str:
    """Return which mistake gives `given` on an edge; empty where none does."""
    return _first(_on_edge(flow), given, flow.wanted, tolerance) or _shape(given, flow.wanted)


def sum_mistake(parts: Sequence[Array], value: Array, given: Array, tolerance: Tolerant) -> str:
    """Return which mistake gives `given` where `parts` should have been added up."""
    wanted = np.sum(parts, axis=0) if parts else np.zeros_like(value)
    return _first(_at_fan_out(parts, value, wanted), given, wanted, tolerance) or _shape(
        given, wanted
    )


def value_mistake(
    node: Node, inputs: Sequence[Array], wanted: Array, given: Array, tolerance: Tolerant
) -> str:
    """Return which mistake gives `given` for the value of a node."""
    return _first(_of_value(node, inputs, wanted), given, wanted, tolerance) or _shape(
        given, wanted
    )


def step_mistake(
    value: Array, gradient: Array, rate: float, given: Array, tolerance: Tolerant
) -> str:
    """Return which mistake gives `given` for a parameter after one step of gradient descent."""
    wanted = value - rate * gradient
    return _first(_of_step(value, gradient, rate), given, wanted, tolerance) or _shape(
        given, wanted
    )


def far_mistake(
    tried: Iterator[tuple[str, Array]], given: Array, wanted: Array, tolerance: Tolerant
) -> str:
    """Return which of the mistakes that were made elsewhere gives `given`; empty where none."""
    return _first(tried, given, wanted, tolerance)


def _first(
    tried: Iterator[tuple[str, Any]], given: Array, wanted: Array, tolerance: Tolerant
) -> str:
    with np.errstate(all="ignore"):
        for name, result in tried:
            if (
                result is not None
                and (name == "transposed" or np.shape(result) == np.shape(wanted))
                and close(given, result, tolerance)
                and not close(wanted, result, tolerance)
            ):
                return name
    return ""


def _shape(given: Array, wanted: Array) -> str:
    return "shape" if np.shape(given) != np.shape(wanted) else ""


def _on_edge(flow: Flow) -> Iterator[tuple[str, Any]]:
    node, port, g, out, inputs = flow.node, flow.port, flow.g, flow.out, flow.inputs
    yield "upstream", pulled(node, np.ones_like(g), out, inputs, port)
    yield "sign", -flow.wanted
    if len(flow.arriving) > 1:
        for part in flow.arriving:
            yield "fan_out", pulled(node, part, out, inputs, port)
    if node.op in ("mul", "matmul"):
        yield from _unswapped(flow)
    if node.op in ("max", "min", "relu"):
        yield "loser", np.broadcast_to(g, flow.wanted.shape)
        if len(inputs) == 2:
            yield "loser", pulled(node, g, out, inputs, 1 - port)
    if len(inputs) == 1:
        yield "output", _at_output(flow)
        # Where the rule reads the derivative off the output, as for exp and sigmoid.
        yield "output", pulled(node, g, out, (out,), 0)
    if flow.wanted.ndim == 2:
        yield "transposed", flow.wanted.T
    if node.op == "matmul" and g.ndim == 2:
        yield from _transposed(flow)
    yield from _averaged(node, inputs, out, flow.wanted)
    exponent = np.asarray(inputs[1] if node.op == "pow" else 2.0)
    if node.op in ("square", "mse", "sse") or (node.op == "pow" and not port):
        yield "power", flow.wanted / exponent
    if node.op in TRIGONOMETRIC:
        yield "degrees", pulled(node, g, out, (np.deg2rad(inputs[0]),), 0)
    if len(inputs) == 1:
        yield "itself", g * out
    yield "local", g
    yield "value", inputs[port]


def _averaged(
    node: Node, inputs: Sequence[Array], out: Array, wanted: Array
) -> Iterator[tuple[str, Any]]:
    """Yield what comes of a sum where a mean is wanted, and the other way round."""
    if node.op in ("mean", "mse", "sum", "sse") and out.size:
        count = inputs[0].size / out.size
        if node.op in ("mean", "mse"):
            yield "sum_for_mean", wanted * count
        else:
            yield "mean_for_sum", wanted / count


def _at_output(flow: Flow) -> Array | None:
    node = flow.node
    try:
        again = node.rules.forward(flow.out, **node.settings)
    except (GradStudioError, ArithmeticError, ValueError):
        return None
    return pulled(node, flow.g, again, (flow.out,), 0)


def _unswapped(flow: Flow) -> Iterator[tuple[str, Any]]:
    own = flow.inputs[flow.port]
    if flow.node.op == "mul":
        yield "unswapped", unbroadcast(flow.g * own, np.shape(own))
        return
    for one in _products(flow.g, own):
        yield "unswapped", one


def _transposed(flow: Flow) -> Iterator[tuple[str, Any]]:
    for one in _products(flow.g, flow.inputs[1 - flow.port]):
        yield "transposed", one


def _products(g: Array, other: Array) -> Iterator[Array]:
    """Yield every product of two matrices, transposed or not, that the shapes allow."""
    if g.ndim == other.ndim == 2:
        for left, right in ((g, other), (other, g)):
            for one in (left, left.T):
                for two in (right, right.T):
                    if one.shape[1] == two.shape[0]:
                        yield one @ two


def _at_fan_out(parts: Sequence[Array], value: Array, wanted: Array) -> Iterator[tuple[str, Any]]:
    if 1 < len(parts) <= MOST_PARTS_SUMMED:
        for size in range(1, len(parts)):
            for some in combinations(parts, size):
                yield "fan_out", np.sum(some, axis=0)
        yield "averaged", wanted / len(parts)
    yield "sign", -wanted
    if wanted.ndim == 2:
        yield "transposed", wanted.T
    yield "value", value


def _of_value(node: Node, inputs: Sequence[Array], wanted: Array) -> Iterator[tuple[str, Any]]:
    if len(inputs) == 2 and not node.settings:
        yield "swapped_operands", _forward(node.rules, tuple(reversed(inputs)))
    yield "sign", -wanted
    yield from _averaged(node, inputs, wanted, wanted)
    if node.op in TRIGONOMETRIC:
        yield "degrees", _forward(node.rules, (np.deg2rad(inputs[0]),))
    if len(inputs) == 2:
        for name in ("add", "sub", "mul", "div", "max", "min"):
            if name != node.op:
                yield "other_op", _forward(REGISTRY[name], tuple(inputs))
    elif len(inputs) == 1:
        yield "other_op", inputs[0]
        for name in ("exp", "neg", "square", "sin", "cos", "log", "sum", "mean"):
            if name in REGISTRY and name != node.op:
                yield "other_op", _forward(REGISTRY[name], tuple(inputs))
    if wanted.ndim == 2:
        yield "transposed", wanted.T


def _of_step(value: Array, gradient: Array, rate: float) -> Iterator[tuple[str, Any]]:
    yield "gradient", gradient
    yield "uphill", value + rate * gradient
    yield "unscaled", value - gradient
    yield "sign", rate * gradient - value


def _forward(rules: Any, inputs: tuple[Array, ...]) -> Any:
    try:
        return rules.forward(*inputs)
    except (GradStudioError, ArithmeticError, ValueError):
        return None
