"""How much work all numbers of a graph are, told from its shapes before anything is computed."""

from __future__ import annotations

import math

from gradstudio.engine.program import walk
from gradstudio.errors import GradStudioError
from gradstudio.graph import Graph
from gradstudio.ops import Shape

_CONTRACTIONS = ("matmul", "einsum", "conv2d")
MULTIPLICATIONS_AN_ENTRY = 32
"""How many multiplications of a matrix product take as long as one entry of another op."""


def work(graph: Graph, most: float = math.inf) -> float:
    """Estimate the entries that one evaluation touches; counting ends soon after `most`.

    A product of (n, k) and (k, m) has n·k·m multiplications, which is √(nk · km · nm): so without
    looking at the equation this serves for every contraction, and is no less with batches.
    """
    shapes: dict[str, Shape] = {}
    done = 0.0
    for name in walk(graph, graph.nodes):
        node = graph.nodes[name]
        if node.value is not None:
            shapes[name] = node.value.shape
            done += node.value.size
            continue
        fed = [shapes[source] for source in node.inputs if source in shapes]
        if node.rules.leaf or not fed or len(fed) < len(node.inputs):
            continue
        try:
            shape = shapes[name] = node.rules.shape(*fed, **node.settings)
        except GradStudioError:
            continue  # evaluation says why, and computes nothing here
        sizes = [math.prod(one) for one in (shape, *fed)]
        done += max(sizes)
        if node.op in _CONTRACTIONS:
            done += math.sqrt(math.prod(sizes)) / MULTIPLICATIONS_AN_ENTRY
        if done > most:
            break
    return done
