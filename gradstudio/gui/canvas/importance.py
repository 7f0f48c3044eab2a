"""Which numbers stay where not all have room: whose nodes are looked at, then what is decisive.

The rule: first the edges of selected nodes, of the node under the pointer and of the playback's
node; then those from whose consumer it is fewer steps to the output; then those whose gradient
has the larger entry. Edges from which no step leads to the output come last.
"""

from __future__ import annotations

from collections import deque

import numpy as np

from gradstudio.engine.evaluate import Evaluation
from gradstudio.gui.canvas.sketch import Floats, Ints, Mask, Sketch

MOST_LOOKED_AT = 4096


class Importance:
    """The importance of the edges of one sketch."""

    def __init__(self, sketch: Sketch) -> None:
        self._sketch = sketch
        self._output = -1
        self._steps: Floats = np.zeros(0)

    def rank(self, edges: Ints, evaluation: Evaluation, looked_at: Mask) -> Floats:
        """Return a number for each of `edges`: the smaller, the more important.

        Args:
            edges: the edges.
            evaluation: has the gradients.
            looked_at: of all nodes, whether somebody looks at it.
        """
        sketch = self._sketch
        if self._output != sketch.output or len(self._steps) != len(sketch.names):
            self._output, self._steps = sketch.output, steps_to_output(sketch)
        sizes = np.zeros(len(edges))
        for at, edge in enumerate(edges.tolist()):
            link = sketch.edges[edge]
            gradient = evaluation.edge_grads.get((link.target, link.port))
            if gradient is not None:
                sizes[at] = _size(gradient)
        focus = looked_at[sketch.source[edges]] | looked_at[sketch.target[edges]]
        order = np.lexsort((-sizes, self._steps[sketch.target[edges]], ~focus))
        rank = np.empty(len(edges))
        rank[order] = np.arange(len(edges))
        return rank


def steps_to_output(sketch: Sketch) -> Floats:
    """Return of each node how many edges lie between it and the output; infinite where no way."""
    steps = np.full(len(sketch.names), np.inf)
    feeds: dict[int, list[int]] = {}
    for source, target in zip(sketch.source.tolist(), sketch.target.tolist(), strict=True):
        feeds.setdefault(target, []).append(source)
    starts = [sketch.output] if sketch.output >= 0 else np.flatnonzero(sketch.is_end).tolist()
    steps[starts] = 0
    pending = deque(starts)
    while pending:
        node = pending.popleft()
        for source in feeds.get(node, ()):
            if np.isinf(steps[source]):
                steps[source] = steps[node] + 1
                pending.append(source)
    return steps


def _size(gradient: object) -> float:
    """Return the size of the largest entry: one that is no number counts as the largest of all."""
    flat = np.asarray(gradient).reshape(-1)[:MOST_LOOKED_AT]
    most = float(np.abs(flat).max()) if flat.size else 0.0
    return np.inf if np.isnan(most) else most
