"""A graph in which not every number finds a place, and what numbers cover that they must not."""

from __future__ import annotations

import random

import numpy as np

from gradstudio.graph import Graph, Node
from gradstudio.gui.canvas.labels import label_boxes
from gradstudio.gui.canvas.results import own_bodies
from gradstudio.gui.canvas.view import Canvas

SLACK_PX = 0.05


def crowd(count: int = 120, seed: int = 5, flaws: int = 0) -> Graph:
    """A random graph so dense that not every number finds a place; some nodes have errors."""
    draw = random.Random(seed)
    nodes, positions = {}, {}
    for at in range(count):
        name, column = f"n{at}", at // 8
        positions[name] = column * 105.0, at % 8 * 54.0 + 20.0 * (column % 2)
        if column == 0:
            nodes[name] = Node("input", value=np.float64(draw.uniform(0.5, 2)))
            continue
        first, second = (f"n{draw.randrange(max(0, at - 24), column * 8)}" for _ in range(2))
        nodes[name] = Node(draw.choice(["add", "mul", "max"]), (first, second))
    for name in draw.sample(list(nodes)[-24:], flaws):
        nodes[name] = Node("add", (nodes[name].inputs[0], None))
    return Graph.build(nodes, positions=positions, output=f"n{count - 1}")


def covered(canvas: Canvas) -> list[str]:
    """Return what numbers stand on, pinned ones excepted: each stands where one wants it."""
    sketch = canvas.picture.sketch
    placed = np.flatnonzero(np.isfinite(sketch.label_at[:, 0]))
    edges = sketch.drawn_edges(np.setdiff1d(placed, sketch.pinned()))
    both = sketch.label_both[edges]
    boxes = label_boxes(sketch, edges)
    labels = np.concatenate([boxes[:, 0], boxes[both, 1]])
    owners = np.concatenate([edges, edges[both]])
    found = []
    for one, two in zip(*np.nonzero(_over(labels, labels)), strict=True):
        if owners[one] < owners[two]:
            found.append(f"{sketch.edges[owners[one]]} on {sketch.edges[owners[two]]}")
    nodes = sketch.drawn_nodes(np.arange(len(sketch.names)))
    bodies, whose = own_bodies(sketch, nodes)
    for one, two in zip(*np.nonzero(_over(labels, bodies)), strict=True):
        left, top, right, bottom = labels[one]
        x, y = sketch.centres[whose[two]]
        away = np.hypot(max(left - x, x - right, 0), max(top - y, y - bottom, 0))
        # The corners around a round node are free.
        is_body = two < len(nodes) and sketch.is_round[whose[two]]
        if not is_body or away < sketch.half[whose[two], 0] - SLACK_PX:
            found.append(f"{sketch.edges[owners[one]]} on {sketch.names[whose[two]]}")
    return found


def _over(boxes: np.ndarray, others: np.ndarray) -> np.ndarray:
    low = np.maximum(boxes[:, None, :2], others[None, :, :2])
    high = np.minimum(boxes[:, None, 2:], others[None, :, 2:])
    return (high - low > SLACK_PX).all(axis=-1)
