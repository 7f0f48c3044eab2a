"""A graph's forward and backward pass as one recording: what the array executor runs."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from gradstudio.engine.evaluate import depends
from gradstudio.engine.program import not_connected, walk
from gradstudio.engine.recording import Recorder, Recording
from gradstudio.engine.tracing import summed
from gradstudio.errors import GradStudioError, GraphError, mark
from gradstudio.graph import Graph, Node
from gradstudio.ops import Shape, unbroadcast
from gradstudio.ops.base import checked_shape


@dataclass(frozen=True)
class Lowered:
    """A recording and the slots of what is asked of it.

    Args:
        recording: the calls.
        leaves: the slot of every leaf that is read.
        values: the slot of every node's value.
        grads: the slot of the gradient of every node that depends on a trained leaf.
    """

    recording: Recording
    leaves: Mapping[str, int]
    values: Mapping[str, int]
    grads: Mapping[str, int]


def exponents(graph: Graph, order: tuple[str, ...]) -> dict[str, float]:
    """Return the constants of one number that are used as nothing but exponents.

    The code of x² is another than that of x³, so these numbers, alone of all leaves, are part of
    a plan.
    """
    found: dict[str, float] = {}
    others: set[str] = set()
    for name in order:
        node = graph.nodes[name]
        for port, source in enumerate(node.inputs):
            if source is not None:
                leaf = graph.nodes[source]
                power = node.op == "pow" and not node.muted and port == 1
                if not power or leaf.op != "constant" or leaf.value is None:
                    others.add(source)
                elif leaf.value.size == 1:
                    found[source] = float(leaf.value.reshape(()))
    return {name: number for name, number in found.items() if name not in others}


def lower(
    graph: Graph,
    ends: tuple[str, ...],
    shapes: Mapping[str, Shape],
    wrt: frozenset[str] = frozenset(),
) -> Lowered:
    """Write down how `ends` are computed and, if `wrt` names leaves, the gradients of the one end.

    Args:
        graph: the graph.
        ends: the nodes asked for.
        shapes: the shape of every leaf upstream of them.
        wrt: the leaves whose gradients are asked.

    Raises:
        GradStudioError: a node is not connected or has no value, or shapes do not fit, or the end
            is not one number.
    """
    recording = Recording()
    order = tuple(walk(graph, ends))
    known = exponents(graph, order)
    at: dict[str, Recorder] = {}
    leaves: dict[str, int] = {}
    for name in order:
        node = graph.nodes[name]
        if name in known:
            at[name] = recording.recorder(np.full(shapes[name], known[name]))
        elif node.is_leaf:
            at[name] = recording.leaf(shapes[name])
            leaves[name] = at[name].at
        else:
            fed = [at[source] for source in fed_by(graph, name)]
            at[name] = applied(recording, name, node, fed)
    grads: dict[str, int] = {}
    if wrt:
        (end,) = ends
        if math.prod(at[end].shape) != 1:
            raise GraphError(mark("core", "only an output of one number has a gradient"))
        grads = _gradients(
            graph, order, recording, at, depends(graph, order, wrt.intersection(order))
        )
    return Lowered(recording, leaves, {name: one.at for name, one in at.items()}, grads)


def fed_by(graph: Graph, name: str) -> tuple[str, ...]:
    """Return the inputs of a node.

    Raises:
        GraphError: one of its ports is free.
    """
    inputs = graph.nodes[name].inputs
    if None in inputs or not inputs:
        raise not_connected(graph, name)
    return tuple(source for source in inputs if source is not None)


def applied(recording: Recording, name: str, node: Node, fed: list[Recorder]) -> Recorder:
    """Write down the forward rule of a node.

    Raises:
        GraphError: the shapes do not fit, or the result would be too large; the message names
            the node.
    """
    try:
        checked_shape(node.rules, (one.shape for one in fed), node.settings)
        return recording.apply(node.rules, fed, node.settings)
    except GradStudioError as wrong:
        raise GraphError(
            mark("core", "{node} ({op}): {what}"), node=name, op=node.op, what=wrong
        ) from None


def _gradients(
    graph: Graph,
    order: tuple[str, ...],
    recording: Recording,
    at: Mapping[str, Recorder],
    reached: set[str],
) -> dict[str, int]:
    """Write down the backward pass from the last node of `order`."""
    grads: dict[str, int] = {}
    end = order[-1]
    parts = {end: [recording.recorder(np.ones(at[end].shape))]} if end in reached else {}
    for name in reversed(order):
        if name not in parts:
            continue
        g = summed(parts.pop(name))
        grads[name] = g.at
        node = graph.nodes[name]
        if node.is_leaf:
            continue
        sources = fed_by(graph, name)
        inputs = [at[source] for source in sources]
        pulled = node.rules.vjp(g, at[name], *inputs, **node.settings)
        for source, part in zip(sources, pulled, strict=True):
            if part is not None and source in reached:
                part = unbroadcast(recording.recorder(part), at[source].shape)
                parts.setdefault(source, []).append(part)
    for name in order:
        if name in reached and graph.nodes[name].is_leaf and name not in grads:
            grads[name] = recording.literal(np.zeros(at[name].shape))
    return grads
