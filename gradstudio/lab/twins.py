"""The given graph with a usual mistake made wherever it can be, for answers that stand far from it.

Where edges are asked, a mistake is seen at its own edge. A single number is often asked far behind
it, as the gradient of a weight by a mean of squares: there all of the graph is computed as someone
would who makes the mistake.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from gradstudio.engine.evaluate import Evaluation, evaluate
from gradstudio.graph import Graph
from gradstudio.ops import Array

MOST_NODES = 2000
"""Of a larger graph no twin is computed."""
_SWAPPED = {
    "sum_for_mean": {"mean": "sum", "mse": "sse"},
    "mean_for_sum": {"sum": "mean", "sse": "mse"},
}
_POWERS = {"square": 2.0, "mse": 2.0, "sse": 2.0}


def twins(
    graph: Graph, output: str, number: Callable[[Evaluation], Array | None]
) -> Iterator[tuple[str, Array]]:
    """Yield the mistakes that can be made in `graph`, each with the number it gives.

    Args:
        graph: as it was given.
        output: what is differentiated.
        number: reads what is asked out of an evaluation.
    """
    if len(graph) > MOST_NODES:
        return
    for mistake, swapped in _SWAPPED.items():
        nodes = {
            name: replace(node, op=swapped.get(node.op, node.op))
            for name, node in graph.nodes.items()
        }
        if any(nodes[name].op != node.op for name, node in graph.nodes.items()):
            found = number(evaluate(replace(graph, nodes=nodes), output=output))
            if found is not None:
                yield mistake, found


def factors(graph: Graph) -> tuple[float, ...]:
    """Return the factors that the derivatives of the powers in a graph bring."""
    found = {_POWERS[node.op] for node in graph.nodes.values() if node.op in _POWERS}
    for node in graph.nodes.values():
        exponent = graph.nodes.get(node.inputs[1] or "") if node.op == "pow" else None
        if exponent is not None and exponent.value is not None and not exponent.value.shape:
            found.add(float(exponent.value))
    return tuple(sorted(found - {0.0, 1.0}))
