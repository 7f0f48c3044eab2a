"""Where nodes go when nobody has put them anywhere: in columns, as the formula is read; no Qt.

The steps are Sugiyama's (Sugiyama, Tagawa, Toda 1981): columns, order within each, coordinates.
Expression graphs are nearly trees, so the order starts from the depth-first walk, which for a tree
has no crossings and keeps the inputs of a node in port order; sweeps only start where edges cross.
Heights are least squares under the distances asked for, column by column (pool adjacent
violators). (Rejected: fast-sugiyama 0.5.3, which took 70 s for 5,000 nodes, ended the process on a
chain of 100,000, and does not know the order of ports.)
"""

from __future__ import annotations

from bisect import bisect_right, insort
from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from gradstudio.engine.program import walk
from gradstudio.graph import Graph, Point

SCALAR_GAP_PX = 66.0
"""Between two nodes with an edge from one column to the next: room for a number of four digits."""
ARRAY_GAP_PX = 86.0
"""The same, for a shape and a heat map."""
LEAF_NEARER_PX = 14.0
"""By how much a leaf that hangs at the side may be nearer: its edge rises, and so has room."""
LEAF_FARTHER_PX = 10.0
"""By how much leaves are farther where only leaves are, whose edges run together."""
APART_PX = 18.0
"""Between two nodes of neighbouring columns that have nothing to do with each other."""
WIDE = 3.2
"""A picture wider than so many times its height is drawn higher: a screen has room for that."""
MOST_HIGHER = 1.5
LEAF_HALF_PX = 41.0
"""Half the height a leaf takes, its edge's two labels included."""
OP_HALF_PX = 44.0
LANE_HALF_PX = 22.0
"""Half the height kept free where an edge passes a column."""
PORT_PX = 18.0
GRID_PX = 2.0
SWEEPS = 9
"""Odd: the last sweep goes with the arrows, so that each op ends in the middle of its inputs."""
LANES_A_NODE = 4


def arrange(graph: Graph, only: Iterable[str] | None = None) -> dict[str, Point]:
    """Return where nodes go: the centre of each, the same for the same graph.

    Args:
        graph: any graph.
        only: place just these; the others stay where `graph.positions` has them, and these go
            beside the neighbours they have among them.
    """
    if only is None:
        return _arranged(graph)
    wanted = {name for name in only if name in graph.nodes}
    if not wanted:
        return {}
    ideal = _arranged(graph)
    fixed = {
        name: at for name, at in graph.positions.items() if name in ideal and name not in wanted
    }
    if not fixed:
        return {name: ideal[name] for name in ideal if name in wanted}
    return _fitted_in(graph, ideal, fixed, [name for name in ideal if name in wanted])


@dataclass
class _Layers:
    """Vertices by number: nodes first, then the lanes of edges that pass columns."""

    rank: list[int]
    """Of every node, its column; `columns` has the same for the lanes too."""
    half: list[float]
    leaf: list[bool]
    """Whether the vertex is a leaf, or a lane of one."""
    before: list[list[int]] = field(default_factory=list)
    """For each vertex its neighbours one column to the left."""
    after: list[list[int]] = field(default_factory=list)
    columns: list[list[int]] = field(default_factory=list)


def _arranged(graph: Graph) -> dict[str, Point]:
    if not graph.nodes:
        return {}
    ends = graph.outputs() if graph.output is None else (graph.output, *graph.outputs())
    order = list(walk(graph, (*ends, *graph.nodes)))
    number = {name: at for at, name in enumerate(order)}
    inputs = [
        [number[one] for one in dict.fromkeys(graph.nodes[name].inputs) if one is not None]
        for name in order
    ]
    leaf = [graph.nodes[name].is_leaf for name in order]
    rank = _ranks(inputs, leaf)
    layers = _Layers(rank, [_half_height(graph, name) for name in order], leaf)
    _fill(layers, inputs)
    _order(layers)
    heights = _heights(layers)
    across = _columns_px(graph, order, rank, len(layers.columns))
    top, bottom = min(heights[: len(order)]), max(heights[: len(order)])
    higher = min(max(across[-1] / (WIDE * max(bottom - top, 1.0)), 1.0), MOST_HIGHER)
    return {
        name: (across[rank[at]], round((heights[at] - top) * higher / GRID_PX) * GRID_PX)
        for at, name in enumerate(order)
    }


def _ranks(inputs: Sequence[Sequence[int]], leaf: Sequence[bool]) -> list[int]:
    """Return the column of each node: as far left as it can be, but leaves beside their consumer.

    What is computed from leaves alone, for one consumer, moves right with them.
    """
    consumers: list[list[int]] = [[] for _ in inputs]
    for at, sources in enumerate(inputs):
        for source in sources:
            consumers[source].append(at)
    rank = [0] * len(inputs)
    loose = [False] * len(inputs)
    for at, sources in enumerate(inputs):
        rank[at] = max((rank[one] + 1 for one in sources), default=0)
        loose[at] = all(leaf[one] or (loose[one] and len(consumers[one]) == 1) for one in sources)
    for at in reversed(range(len(inputs))):
        if loose[at] and consumers[at]:
            rank[at] = max(rank[at], min(rank[one] for one in consumers[at]) - 1)
    used = {one: column for column, one in enumerate(sorted(set(rank)))}
    return [used[one] for one in rank]


def _half_height(graph: Graph, name: str) -> float:
    node = graph.nodes[name]
    if node.is_leaf:
        return LEAF_HALF_PX
    return max(OP_HALF_PX, len(graph.ports(name)) * PORT_PX / 2 + LANE_HALF_PX)


def _columns_px(graph: Graph, walk: Sequence[str], rank: Sequence[int], count: int) -> list[float]:
    """Return the x of each column's middle: as far apart as its widest nodes ask for."""
    half, op_half, leaf_half = ([0.0] * count for _ in range(3))
    arrays = False
    for at, name in enumerate(walk):
        node = graph.nodes[name]
        if node.is_leaf:
            array = node.value is not None and node.value.ndim > 0
            arrays = arrays or array
            wide = max(34.0, 4.5 * len(name) + (50.0 if array else 26.0))
            leaf_half[rank[at]] = max(leaf_half[rank[at]], wide)
        else:
            letters = len(node.rules.symbol)
            wide = 23.0 if letters <= 4 else 4.0 * letters + 14.0
            op_half[rank[at]] = max(op_half[rank[at]], wide)
        half[rank[at]] = max(half[rank[at]], wide)
    gap = ARRAY_GAP_PX if arrays else SCALAR_GAP_PX
    across = [0.0]
    for column in range(1, count):
        # Leaves are never entered: at the right of the gap only ops need it.
        if op_half[column - 1]:
            left = max(op_half[column - 1], leaf_half[column - 1] - LEAF_NEARER_PX)
        else:
            left = leaf_half[column - 1] + LEAF_FARTHER_PX
        linked = left + gap + op_half[column]
        apart = half[column - 1] + APART_PX + half[column]
        across.append(across[-1] + round(max(linked, apart)))
    return across


def _fill(layers: _Layers, inputs: Sequence[Sequence[int]]) -> None:
    """Connect the vertices of neighbouring columns, with lanes where an edge passes some.

    All edges of one source share its lanes. Where that would still be very many, the longest
    edges go without.
    """
    rank, count = layers.rank, len(inputs)
    last = list(rank)
    for at, sources in enumerate(inputs):
        for source in sources:
            last[source] = max(last[source], rank[at])
    lanes: dict[int, list[int]] = {}
    left = LANES_A_NODE * count + 64
    layers.before = [[] for _ in range(count)]
    layers.after = [[] for _ in range(count)]
    keys = list(range(count))
    by_column: list[list[int]] = [[] for _ in range(max(rank) + 1)]
    for at in range(count):
        by_column[rank[at]].append(at)
    for source in sorted(range(count), key=lambda one: last[one] - rank[one]):
        needed = last[source] - rank[source] - 1
        if needed <= 0:
            lanes[source] = [source]
        elif needed <= left:
            left -= needed
            lanes[source] = [source]
            for column in range(rank[source] + 1, last[source]):
                lane = len(keys)
                keys.append(source)
                layers.half.append(LANE_HALF_PX)
                layers.leaf.append(layers.leaf[source])
                layers.before.append([lanes[source][-1]])
                layers.after.append([])
                layers.after[lanes[source][-1]].append(lane)
                by_column[column].append(lane)
                lanes[source].append(lane)
    for at, sources in enumerate(inputs):
        for source in sources:
            passed = rank[at] - rank[source] - 1
            if source in lanes or passed == 0:
                vertex = lanes.get(source, [source])[passed]
                layers.before[at].append(vertex)
                layers.after[vertex].append(at)
    layers.columns = [sorted(column, key=keys.__getitem__) for column in by_column]


def _order(layers: _Layers) -> None:
    """Sort each column so that few edges cross: sweeps to and fro by the neighbours' mean."""
    place = [0.0] * len(layers.half)

    def number(column: Sequence[int]) -> None:
        middle = (len(column) - 1) / 2
        for at, vertex in enumerate(column):
            place[vertex] = at - middle

    def mean(vertices: Sequence[int]) -> float:
        return sum(place[one] for one in vertices) / len(vertices)

    for column in layers.columns:
        number(column)
    fewest = _crossings(layers, place)
    best = [list(column) for column in layers.columns]
    fruitless = 0
    for sweep in range(SWEEPS):
        if not fewest or fruitless == 3:
            break
        forth = sweep % 2 == 0
        first, second = (layers.before, layers.after) if forth else (layers.after, layers.before)
        columns = layers.columns if forth else layers.columns[::-1]
        for column in columns:
            if len(column) > 1:
                wanted = {
                    one: mean(first[one] or second[one])
                    if first[one] or second[one]
                    else place[one]
                    for one in column
                }
                column.sort(key=wanted.__getitem__)
                number(column)
        crossings = _crossings(layers, place)
        fruitless += 1
        if crossings < fewest:
            fewest, fruitless = crossings, 0
            best = [list(column) for column in layers.columns]
    layers.columns = best


def _crossings(layers: _Layers, place: Sequence[float]) -> int:
    """Count the pairs of edges that cross between neighbouring columns, or in a node's ports."""
    crossings = 0
    for column in layers.columns:
        if len(column) < 2:
            continue
        passed: list[float] = []
        for vertex in column:
            ends = [place[one] for one in layers.before[vertex]]
            for end in ends:
                crossings += len(passed) - bisect_right(passed, end)
            crossings += sum(
                upper > lower for at, upper in enumerate(ends[:8]) for lower in ends[at + 1 : 8]
            )
            for end in ends:
                insort(passed, end)
    return crossings


def _heights(layers: _Layers) -> list[float]:
    """Return the y of every vertex: near its neighbours, in order, as far apart as needed."""
    y = [0.0] * len(layers.half)
    for column in layers.columns:
        at = -sum(layers.half[one] for one in column)
        for vertex in column:
            y[vertex] = at + layers.half[vertex]
            at += 2 * layers.half[vertex]
    for sweep in range(SWEEPS):
        forth = sweep % 2 == 0
        columns = layers.columns if forth else layers.columns[::-1]
        first, second = (layers.before, layers.after) if forth else (layers.after, layers.before)
        for column in columns:
            if len(column) == 1 and len(first[column[0]]) == 1:
                y[column[0]] = y[first[column[0]][0]]
                continue
            wanted, weights = [], []
            for vertex in column:
                near = first[vertex] or second[vertex]
                if forth and first[vertex]:
                    # The line of what is computed goes straight on; leaves hang at its side.
                    near = [one for one in near if not layers.leaf[one]] or near
                wanted.append(sum(y[one] for one in near) / len(near) if near else y[vertex])
                # What hangs on the other side gives way; a chain is drawn straight first of all.
                firm = 3.0 if len(near) == 1 else 1.0
                weights.append(firm if first[vertex] else 0.001)
            for vertex, height in zip(
                column, _spread(wanted, weights, [layers.half[one] for one in column]), strict=True
            ):
                y[vertex] = height
    # The lines of what is computed are settled: the leaves follow them once more.
    for column in reversed(layers.columns):
        if not any(layers.leaf[vertex] for vertex in column):
            continue
        wanted, weights = [], []
        for vertex in column:
            follows = layers.leaf[vertex] and layers.after[vertex]
            near = layers.after[vertex] if follows else [vertex]
            wanted.append(sum(y[one] for one in near) / len(near))
            weights.append(1.0 if follows else 1000.0)
        half = [layers.half[one] for one in column]
        for vertex, height in zip(column, _spread(wanted, weights, half), strict=True):
            y[vertex] = height
    return y


def _spread(
    wanted: Sequence[float], weights: Sequence[float], half: Sequence[float]
) -> list[float]:
    """Return the heights nearest to `wanted` (least squares) that keep the order and distances."""
    if len(wanted) == 1:
        return list(wanted)
    offsets = [0.0]
    for upper, lower in pairwise(half):
        offsets.append(offsets[-1] + upper + lower)
    blocks: list[tuple[float, float, int]] = []
    for height, weight, offset in zip(wanted, weights, offsets, strict=True):
        mean, heavy, size = height - offset, weight, 1
        while blocks and blocks[-1][0] > mean:
            above, above_heavy, above_size = blocks.pop()
            mean = (mean * heavy + above * above_heavy) / (heavy + above_heavy)
            heavy += above_heavy
            size += above_size
        blocks.append((mean, heavy, size))
    heights = [mean for mean, _, size in blocks for _ in range(size)]
    return [height + offset for height, offset in zip(heights, offsets, strict=True)]


def _fitted_in(
    graph: Graph, ideal: dict[str, Point], fixed: dict[str, Point], wanted: Sequence[str]
) -> dict[str, Point]:
    """Place `wanted` as they lie to their neighbours in `ideal`, and where there is room."""
    placed = dict(fixed)
    taken: dict[tuple[int, int], list[Point]] = {}
    for at in fixed.values():
        taken.setdefault(_cell(at), []).append(at)
    neighbours = {
        name: [one for one in graph.nodes[name].inputs if one is not None]
        + [edge.target for edge in graph.consumers.get(name, ())]
        for name in wanted
    }
    waiting = dict.fromkeys(wanted)
    ready = deque(name for name in wanted if any(one in fixed for one in neighbours[name]))
    below = max(y for _, y in fixed.values()) + 2 * OP_HALF_PX
    left = min(x for x, _ in fixed.values())
    corner = (min(ideal[name][0] for name in wanted), min(ideal[name][1] for name in wanted))
    while waiting:
        name = ready.popleft() if ready else next(iter(waiting))
        if name not in waiting:
            continue
        del waiting[name]
        known = [one for one in neighbours[name] if one in placed]
        x, y = ideal[name]
        if known:
            x += sum(placed[one][0] - ideal[one][0] for one in known) / len(known)
            y += sum(placed[one][1] - ideal[one][1] for one in known) / len(known)
        else:
            x, y = x - corner[0] + left, y - corner[1] + below
        at = _free((round(x), round(y)), taken)
        placed[name] = at
        taken.setdefault(_cell(at), []).append(at)
        ready.extend(one for one in neighbours[name] if one in waiting)
    return {name: placed[name] for name in wanted}


_CELL_PX = (100.0, 2 * LEAF_HALF_PX)


def _cell(at: Point) -> tuple[int, int]:
    return int(at[0] // _CELL_PX[0]), int(at[1] // _CELL_PX[1])


def _free(at: Point, taken: dict[tuple[int, int], list[Point]]) -> Point:
    """Return the first place from `at` downwards that is a cell away from every other."""
    x, y = at
    while True:
        column, row = _cell((x, y))
        hit = [
            other
            for across in (-1, 0, 1)
            for down in (-1, 0, 1)
            for other in taken.get((column + across, row + down), ())
            if abs(other[0] - x) < _CELL_PX[0] and abs(other[1] - y) < _CELL_PX[1]
        ]
        if not hit:
            return x, y
        y = max(other[1] for other in hit) + _CELL_PX[1]
