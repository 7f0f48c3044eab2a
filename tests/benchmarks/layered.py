"""The graph the canvas is measured on: layers of nodes, 1.6 edges a node, numbers on every edge.

Plain Python, so that every editor that is measured is given the same graph and nothing else.
"""

from __future__ import annotations

import random
from typing import NamedTuple

COLUMN_PX, ROW_PX = 104.0, 84.0
"""How far apart nodes lie, as in the pictures of the program."""
REACH_ROWS = 1.5
"""How far up or down a node's inputs lie, on average."""
LEAVES, UNARY, SCALED = 0.15, 0.1, 0.45
"""The share of leaves, of nodes with one input, and of those that multiply by a leaf.

The others add or subtract. With these shares numbers neither vanish nor explode over a hundred
layers, forward or back.
"""


class Placed(NamedTuple):
    """One node: what it computes of which others, or its value, and where its centre lies."""

    name: str
    op: str
    inputs: tuple[str, ...]
    value: float
    at: tuple[float, float]


def layered(count: int, seed: int = 1) -> list[Placed]:
    """Return `count` nodes of which the last depends on all others.

    A node takes what nobody has taken yet of the layers before, as long as there is any, else
    anything of the layer before; the last nodes sum up what is left.
    """
    draw = random.Random(seed)
    high = max(2, round(count**0.5))
    nodes: list[Placed] = []
    layer: list[str] = []
    before: list[str] = []
    leaves: set[str] = set()
    loose: dict[str, None] = {}
    rows: dict[str, int] = {}

    def source(among: list[str], row: int, other: str = "") -> str:
        # Near by, as in a graph that has been laid out; but nothing is left behind.
        passed = [one for one in before if one in loose and rows[one] <= row and one != other]
        reach = draw.expovariate(1 / REACH_ROWS)
        free = passed or [one for one in among if one != other] or before
        name = min(free, key=lambda one: abs(abs(rows[one] - row) - reach))
        loose.pop(name, None)
        return name

    while len(nodes) < count:
        if len(nodes) % high == 0:
            before, layer = layer, []
            loose.update(dict.fromkeys(before))
        row = len(nodes) % high
        at = (len(nodes) // high * COLUMN_PX, row * ROW_PX + round(draw.uniform(-8, 8), 2))
        name, kind = f"n{len(nodes)}", draw.random()
        if count - len(nodes) <= len(loose) + len(layer) + 1 and len(nodes) > high:
            # Each of the last nodes takes one more than it leaves.
            loose.update(dict.fromkeys(layer))
            layer, before = [], []
            taken = tuple(loose.popitem()[0] for _ in range(min(2, len(loose))))
            nodes.append(Placed(name, "add" if len(taken) > 1 else "sin", taken, 0.0, at))
            loose[name] = None
            rows[name] = row
            continue
        if not before or kind < LEAVES:
            value = draw.choice([-1, 1]) * round(draw.uniform(0.3, 0.8), 3)
            nodes.append(Placed(name, draw.choice(["input", "parameter"]), (), value, at))
            leaves.add(name)
        elif kind < LEAVES + UNARY:
            nodes.append(Placed(name, "sin", (source(before, row),), 0.0, at))
        elif kind < LEAVES + UNARY + SCALED:
            known = [one for one in before if one in leaves] or before
            first = source(before, row)
            nodes.append(Placed(name, "mul", (first, source(known, row, first)), 0.0, at))
        else:
            op = draw.choice(["add", "sub"])
            first = source(before, row)
            nodes.append(Placed(name, op, (first, source(before, row, first)), 0.0, at))
        layer.append(name)
        rows[name] = row
    return nodes
