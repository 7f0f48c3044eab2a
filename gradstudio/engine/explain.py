"""The chain rule at one node, as data: upstream × local = downstream, in symbols and in numbers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from gradstudio.engine.evaluate import Evaluation, connected
from gradstudio.errors import mark
from gradstudio.graph import Node
from gradstudio.ops import Array, Shape

ADDER = mark("ops", "gradient adder")
"""Copying a value is the dual of adding: what comes back from the copies is summed."""


@dataclass(frozen=True)
class PortFact:
    """What stands at one port: who feeds it, the shape, the value, the gradient along its edge.

    Each is None where there is none (a free port, an error upstream, a constant).
    """

    port: str
    source: str | None
    shape: Shape | None
    value: Array | None
    grad: Array | None


@dataclass(frozen=True)
class Term:
    """The chain rule for one input.

    Args:
        port: the input.
        source: the node that feeds it.
        local: the local derivative in symbols, where the op works entry by entry; else empty.
        product: the whole product in symbols: `g · y`, `g @ yᵀ`, with g the upstream gradient.
        upstream: d output / d this node.
        local_value: d this node / d input, entry by entry; None where the op is not.
        downstream: what flows back along the edge.
        summed: whether the product was summed over the entries broadcasting had repeated.
    """

    port: str
    source: str
    local: str
    product: str
    upstream: Array
    local_value: Array | None
    downstream: Array
    summed: bool


@dataclass(frozen=True)
class Explanation:
    """All there is to say of one node.

    Args:
        inputs: its ports, in order.
        output: its own value and gradient; the port is `out`.
        terms: the chain rule for each input a gradient flows back to.
        uses: the edges its gradient is the sum of: (target, port name, gradient along it).
        patterns: the lecture's words for how the gradient flows here, marked for translation under
            `ops`: the op's own (distributor, swapper, router, …), and adder where the value is
            used more than once.
    """

    inputs: tuple[PortFact, ...]
    output: PortFact
    terms: tuple[Term, ...]
    uses: tuple[tuple[str, str, Array], ...]
    patterns: tuple[str, ...]


def explain(evaluation: Evaluation, name: str) -> Explanation:
    """Explain the node `name` with the numbers of `evaluation`.

    Args:
        evaluation: of the graph, whole or not: what is not known is None, or is not listed.
        name: the node.

    Returns:
        Its inputs and its output with shape, value and gradient (a gradient has the shape of its
        value), and the chain rule for each input that a gradient flows back to.

    Raises:
        GraphError: there is no such node.

    Example:
        >>> graph = gs.parse("f = x * y", values={"x": 3, "y": 4})
        >>> told = gs.explain(gs.evaluate(graph), "f")
        >>> [(term.source, term.local, float(term.downstream)) for term in told.terms]
        [('x', 'y', 4.0), ('y', 'x', 3.0)]
    """
    graph = evaluation.graph
    node = graph.node(name)
    ports = node.rules.ports(len(node.inputs))
    inputs = tuple(
        _fact(evaluation, port, source, evaluation.edge_grads.get((name, at)))
        for at, (port, source) in enumerate(zip(ports, node.inputs, strict=False))
    )
    output = _fact(evaluation, "out", name, evaluation.grads.get(name))
    uses = tuple(
        (edge.target, graph.ports(edge.target)[edge.port], evaluation.edge_grads[edge[1:]])
        for edge in graph.consumers.get(name, ())
        if edge[1:] in evaluation.edge_grads
    )
    patterns = tuple(filter(None, (node.rules.pattern, ADDER if len(uses) > 1 else "")))
    return Explanation(inputs, output, _terms(evaluation, name, node, ports), uses, patterns)


def _fact(evaluation: Evaluation, port: str, source: str | None, grad: Array | None) -> PortFact:
    if source is None:
        return PortFact(port, None, None, None, None)
    shape, value = evaluation.shapes.get(source), evaluation.values.get(source)
    return PortFact(port, source, shape, value, grad)


def _terms(
    evaluation: Evaluation, name: str, node: Node, ports: tuple[str, ...]
) -> tuple[Term, ...]:
    upstream = evaluation.grads.get(name)
    if upstream is None or node.is_leaf:
        return ()
    rules = node.rules
    shape = evaluation.shapes[name]
    locals_ = _locals(evaluation, name, node) if rules.local else None
    terms = []
    for at, (port, source) in enumerate(zip(ports, connected(node), strict=True)):
        downstream = evaluation.edge_grads.get((name, at))
        if downstream is None:
            continue
        symbol = rules.local[at] if rules.local else ""
        whole = rules.downstream[min(at, len(rules.downstream) - 1)] if rules.downstream else ""
        terms.append(
            Term(
                port=port,
                source=source,
                local=symbol,
                product=whole or ("g" if symbol == "1" else f"g · {_factor(symbol)}"),
                upstream=upstream,
                local_value=None if locals_ is None else locals_[at],
                downstream=downstream,
                summed=bool(rules.local) and evaluation.shapes[source] != shape,
            )
        )
    return tuple(terms)


def _factor(symbol: str) -> str:
    """Put a sum or a negative in parentheses, as a factor needs."""
    return f"({symbol})" if symbol.startswith("−") or " − " in symbol else symbol


def _locals(evaluation: Evaluation, name: str, node: Node) -> list[Any]:
    """Return the local derivative by each input: the rule, asked with an upstream gradient of 1."""
    values = evaluation.values
    inputs = [values[source] for source in connected(node)]
    ones = np.ones(evaluation.shapes[name])[()]
    with np.errstate(all="ignore"):
        return list(node.rules.vjp(ones, values[name], *inputs, **node.settings))
