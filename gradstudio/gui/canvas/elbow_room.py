"""Makes room for what takes more than before: a frame that is folded, a node put into a link."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

import numpy as np

from gradstudio.graph import Graph, Point
from gradstudio.gui.canvas.block import block_half
from gradstudio.gui.canvas.boards import TITLE_PX
from gradstudio.gui.canvas.face import Fonts
from gradstudio.gui.canvas.folding import Block
from gradstudio.gui.canvas.room import nearest_clear
from gradstudio.gui.canvas.sketch import CAPTION_PX, Floats, Ints, Mask, Sketch

LEAST_GAP_PX, MOST_GAP_PX = 16.0, 76.0
"""Between the block and what stands beside it: as it was before, within these."""
ABOVE_PX = 14.0
LINK_PX = 88.0
"""From the middle of a node in a link to those before and after it: what is written has room."""
LEAF_PX = (30.0, 70.0)
"""Before and above a node in a link stands a number that came along."""
NODE_HALF_PX = (34.0, 30.0)
"""Half of what a node takes, whatever it is, with its name."""
PAD_PX = 10.0
"""What a frame takes around what is in it."""


def outline(
    graph: Graph,
    name: str,
    blocks: Iterable[Block],
    halves: Mapping[str, Point],
    fonts: Fonts,
) -> tuple[Point, Point] | None:
    """Return the middle of a frame and half its size, folded or not; None where it is not drawn.

    Args:
        graph: with the place of every node.
        name: the frame.
        blocks: what is folded.
        halves: half the size of each node in it that is drawn.
        fonts: in which blocks are written.
    """
    annotations = graph.annotations
    frame, nested = annotations.frames[name], set(annotations.nested(name))
    block_of = {node: block for block in blocks for node in block.nodes}
    corners: list[tuple[float, float, float, float]] = []
    for node in annotations.nodes_in(name):
        block = block_of.get(node)
        if node not in halves or (block is not None and block.frame not in nested):
            return None
        if block is None:
            (x, y), (wide, high) = graph.positions[node], halves[node]
        else:
            (x, y), (wide, high) = block.home, block_half(block, graph, fonts)
        if block is not None and block.frame == name:
            return (x, y), (wide, high)
        corners.append((x - wide, y - high, x + wide, y + high))
    if frame.rect is not None:
        x, y, wide, high = frame.rect
        corners.append((x, y, x + wide, y + high))
    lefts, tops, rights, bottoms = zip(*corners, strict=True)
    left, right = min(lefts) - PAD_PX, max(rights) + PAD_PX
    top, bottom = min(tops) - PAD_PX - TITLE_PX, max(bottoms) + PAD_PX + CAPTION_PX
    return ((left + right) / 2, (top + bottom) / 2), ((right - left) / 2, (bottom - top) / 2)


def in_the_way(sketch: Sketch, inside: Ints, home: Point, half: Point) -> bool:
    """Return whether any other node lies in a box; what they are is as in `make_room`."""
    low, high = sketch.centres - sketch.half, sketch.centres + sketch.half
    upon = ((low < np.add(home, half)) & (high > np.subtract(home, half))).all(axis=1)
    upon[inside] = False
    return bool(upon.any())


def make_room(sketch: Sketch, inside: Ints, home: Point, half: Point) -> dict[int, Point]:
    """Return how far other nodes must go: what stands at a side goes together.

    What stands above or below, and near, goes to the side where its links are: a link that ran
    back below the block could not be followed.

    Args:
        sketch: where everything lies while the frame is as it was.
        inside: the nodes in the frame.
        home: where the middle of the block, or of the frame, will be.
        half: half its width and its height.
    """
    high = sketch.half + np.stack([0 * sketch.pads[:, 1], sketch.pads[:, 1]], axis=1)
    low, high = sketch.centres - sketch.half, sketch.centres + high
    within = np.zeros(len(sketch.names), bool)
    within[inside] = True
    others = ~within
    left, right = low[inside, 0].min(), high[inside, 0].max()
    shift = np.zeros((len(sketch.names), 2))
    beside = (low[:, 1] < home[1] + half[1] + ABOVE_PX) & (
        high[:, 1] > home[1] - half[1] - ABOVE_PX
    )
    across = sketch.centres[:, 0]
    feeding, fed = np.zeros_like(within), np.zeros_like(within)
    feeding[sketch.source[within[sketch.target]]] = True
    fed[sketch.target[within[sketch.source]]] = True
    before = (across < left) | ((across <= right) & beside & feeding & ~fed)
    after = (across > right) | ((across >= left) & beside & fed & ~feeding)
    for side, sign, edge, bodies in (
        (others & after, 1.0, right, low[:, 0]),
        (others & before, -1.0, -left, -high[:, 0]),
    ):
        shift[side, 0] += sign * _needed(bodies, side & beside, edge, sign * home[0] + half[0])
    between = others & ~before & ~after
    for some, sign, bodies in (
        (between & (sketch.centres[:, 1] > home[1]), 1.0, low[:, 1]),
        (between & (sketch.centres[:, 1] <= home[1]), -1.0, -high[:, 1]),
    ):
        if some.any():
            needed = sign * home[1] + half[1] + ABOVE_PX - bodies[some].min()
            shift[some, 1] += sign * max(0.0, needed)
    moved = np.flatnonzero(shift.any(axis=1)).tolist()
    return {node: (float(shift[node, 0]), float(shift[node, 1])) for node in moved}


def with_way(before: Graph, after: Graph) -> Graph:
    """Return a graph after an edit, with room around what the edit has put into a link."""
    new = [name for name in after.nodes if name not in before.nodes]
    for name in new:
        if not after.nodes[name].is_leaf and after.consumers.get(name):
            after = make_way(after, name, new)
    return after


def make_way(graph: Graph, name: str, new: Collection[str] = ()) -> Graph:
    """Return the graph with room before and after a node that was put into a link.

    It goes on from what feeds it, and all that stands from the next nodes on goes on with them, so
    that columns stay columns. Where links run to the left, all stays as it is.

    Args:
        graph: in which the node is linked.
        name: the node.
        new: what came along; leaves among it go where they cover nothing.
    """
    positions = graph.positions
    sources = [one for one in graph.nodes[name].inputs if one in positions]
    feeding = [positions[one][0] for one in sources if one is not None and one not in new]
    fed = [positions[edge.target][0] for edge in graph.consumers[name] if edge.target in positions]
    if name not in positions or not feeding or not fed:
        return graph
    (x, y), start, end = positions[name], max(feeding), min(fed)
    if not start <= x <= end:
        return graph
    placed = max(x, start + LINK_PX)
    onward = max(0.0, placed + LINK_PX - end)
    moved = {
        one: (at + onward, down)
        for one, (at, down) in positions.items()
        if onward and at >= end and one not in new
    }
    moved[name] = (placed, y)
    for leaf in sources:
        if leaf is not None and leaf in new:
            others = [at for one, at in {**positions, **moved}.items() if one != leaf]
            wanted = np.array([(placed - LEAF_PX[0], y - LEAF_PX[1])])
            half = np.array([NODE_HALF_PX])
            aside = nearest_clear(wanted, half, np.array(others), np.tile(half, (len(others), 1)))
            moved[leaf] = tuple(np.round(wanted[0] + aside, 2).tolist())
    return graph.move(moved)


def _needed(bodies: Floats, side: Mask, before: float, now: float) -> float:
    """Return how far a side must go out, all counted outwards.

    Args:
        bodies: where the bodies of nodes begin.
        side: those that stand beside the block.
        before: where what was there ended.
        now: where the block ends.
    """
    if not side.any():
        return 0.0
    nearest = float(bodies[side].min())
    gap = min(max(nearest - before, LEAST_GAP_PX), MOST_GAP_PX)
    return max(0.0, now + gap - nearest)
