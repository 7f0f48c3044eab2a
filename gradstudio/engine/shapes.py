"""The shape of every node, told from the rules alone before anything is computed, or what is wrong.

So what does not fit, or would not fit into memory, is an error before a byte of it is allocated.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import Protocol

from gradstudio.engine.program import no_value, not_connected, walk
from gradstudio.errors import GradStudioError, GraphError, OpError, mark
from gradstudio.graph import Graph, Node
from gradstudio.ops import Shape
from gradstudio.ops.base import checked_shape

LARGEST_GRAPH_BYTES = 2**31
"""What the values of all nodes may take together; a node that would need more gets an error."""


class Known(Protocol):
    """What an earlier evaluation has found out."""

    @property
    def graph(self) -> Graph:
        """The graph it is of."""

    @property
    def shapes(self) -> Mapping[str, Shape]:
        """Of every node whose shape is known."""

    @property
    def errors(self) -> Mapping[str, GradStudioError]:
        """Why a node has no value."""


def known_shapes(graph: Graph, names: Iterable[str]) -> Mapping[str, Shape]:
    """Return the shape of all that `names` depend on, as far as it is known."""
    return shapes_of(graph, walk(graph, names))[0]


def shapes_of(
    graph: Graph, order: Iterable[str], previous: Known | None = None
) -> tuple[dict[str, Shape], dict[str, GradStudioError], set[str]]:
    """Infer every shape.

    Args:
        graph: any graph.
        order: the nodes asked for, each after what it needs.
        previous: an earlier evaluation to take over from.

    Returns:
        The shapes, the errors, and the nodes `previous` holds the very same results for.
    """
    nodes = graph.nodes
    before: Mapping[str, Node] = {} if previous is None else previous.graph.nodes
    shapes: dict[str, Shape] = {}
    errors: dict[str, GradStudioError] = {}
    known: set[str] = set()
    taken = 0
    for name in order:
        node = nodes[name]
        if (
            previous is not None
            and before.get(name) is node
            and name not in previous.errors
            and known.issuperset(node.inputs)
        ):
            known.add(name)
            if name in previous.shapes:
                shapes[name] = previous.shapes[name]
                taken += math.prod(shapes[name]) * 8
            continue
        rules = node.rules
        if rules.leaf:
            if node.value is None:
                errors[name] = no_value(name)
            else:
                shapes[name] = node.value.shape
            continue
        if None in node.inputs or not node.inputs:
            errors[name] = not_connected(graph, name)
            continue
        fed = [shapes[source] for source in node.inputs if source in shapes]
        if len(fed) < len(node.inputs):
            continue
        try:
            shape = checked_shape(rules, fed, node.settings)
        except OpError as wrong:
            errors[name] = failed(graph, name, wrong)
            continue
        size = math.prod(shape) * 8
        if taken + size > LARGEST_GRAPH_BYTES:
            errors[name] = _too_much(name, taken + size)
            continue
        taken += size
        shapes[name] = shape
    return shapes, errors, known


def _too_much(name: str, taken: int) -> GraphError:
    return GraphError(
        mark(
            "core",
            "{node}: all values up to it would take {size:.1f} GiB; {most:.0f} is the most",
        ),
        node=name,
        size=taken / 2**30,
        most=LARGEST_GRAPH_BYTES / 2**30,
    )


def failed(graph: Graph, name: str, wrong: GradStudioError) -> GraphError:
    """Return the error of a node that could not be computed, with what feeds each of its ports."""
    node = graph.nodes[name]
    ports = node.rules.ports(len(node.inputs))
    fed = ", ".join(f"{p} ← {s}" for p, s in zip(ports, node.inputs, strict=False))
    return GraphError(
        mark("core", "{node} ({op}): {what} [{fed}]"),
        node=name,
        op=node.op,
        what=alone(wrong),
        fed=fed,
    )


def alone(error: GradStudioError) -> GradStudioError:
    """Return `error` without the frames it was raised in: an evaluation is kept for long."""
    error.__context__ = None
    return error.with_traceback(None)
