"""Where the value and the gradient of each edge are written, so that each is read with its edge.

Every place that is tried touches the edge's own curve: across it, just above or below it, beside
it. What it would cover of nodes, of their texts and of other curves is counted for all places at
once on a fine grid (summed area table; Crow 1984); then one edge after the other takes the place
that covers least, also of the labels that stand already. Short edges choose first: they have the
least room. Places near the consumer's port are preferred.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QRectF

from gradstudio.gui.canvas.sketch import CAPTION_PX, RESULT_PX, Floats, Ints, Sketch

INNER_PX = 3.0
OUTER_PX = 17.0
"""From where to where the value stands above the middle of its label, the gradient below it."""
NEAR_PX = 40.0
"""How far before the port a label stands where the edge is long enough."""
NODE_MARGIN_PX = 2.0
BESIDE_PX = 3.0
"""Between a label and the curve that it stands beside."""
LEVEL_PX = 40.0
"""An edge that rises no more than this is level: its labels may go above and below its nodes."""
_ALONG = np.array([0.5, 0.66, 0.34, 0.8])
_PLACES = len(_ALONG) + 1
_ACROSS, _ABOVE, _BELOW, _LEFT, _RIGHT, _APART = range(6)
_WAY_COST = np.array([0.0, 90.0, 90.0, 130.0, 130.0, 60.0])
_FAR_COST = 1.2
_APART_COST = 4.0
_NODE_COST = 4.0
_CURVE_COST = 9.0
_OWN_COST = 1.5
_LABEL_COST = 5.0
_NO_ROOM = 0.12
"""Of a small picture, labels are left out of which more than this part would be covered."""
_TOO_MUCH = 0.2
"""Likewise if they covered nodes or curves for more than this a px²."""
_CELL_PX = 4.0
_MOST_CELLS = 500_000
_BIN_PX = 64.0
_SAMPLES = np.linspace(0, 1, 25)


def place(sketch: Sketch, edges: Ints, half_width: Floats, both: npt.NDArray[np.bool_]) -> None:
    """Find a place for the labels of `edges`, at the sketch's text scale.

    Where a small picture has no room for one, its place is infinitely far away.

    Args:
        sketch: nodes, curves, and the labels that stand already.
        edges: whose labels to place.
        half_width: of each of these edges, half of what its labels take across.
        both: whether each has a gradient too.
    """
    silent = sketch.silent[edges]
    sketch.label_at[edges[silent]] = np.inf
    edges, half_width, both = edges[~silent], half_width[~silent], both[~silent]
    if not len(edges):
        return
    scale = sketch.text_scale
    places, apart, cost = _places(sketch, edges, half_width)
    boxes = _boxes(places, apart, half_width, scale)
    cost = cost + _covered(sketch, edges, boxes, both)
    order = np.argsort(cost, axis=1, kind="stable")
    taken = _Taken()
    low, high = boxes[..., :2].min(axis=(0, 1, 2)), boxes[..., 2:].max(axis=(0, 1, 2))
    sketch.label_at[edges] = np.nan
    reach = sketch.label_half.max(axis=0)
    near = (sketch.label_at >= low - reach) & (sketch.label_at <= high + reach)
    known = np.flatnonzero(near.all(axis=1))
    for pair, gradient in zip(
        _boxes(
            sketch.label_at[known][:, None],
            sketch.label_apart[known][:, None],
            sketch.label_half[known, 0],
            scale,
        )[:, 0].tolist(),
        sketch.label_both[known].tolist(),
        strict=True,
    ):
        taken.add(pair if gradient else pair[:1])
    length = sketch.end[edges, 0] - sketch.start[edges, 0]
    sketch.label_half[edges, 0] = half_width
    sketch.label_both[edges] = both
    gradients = both.tolist()
    for at in np.argsort(length, kind="stable").tolist():
        edge = edges[at]
        best, least, worst = 0, np.inf, 0.0
        for one, base in zip(order[at].tolist(), cost[at, order[at]].tolist(), strict=True):
            if base >= least:
                break
            pair = boxes[at, one].tolist()
            covered = taken.covered(pair if gradients[at] else pair[:1])
            if base + _LABEL_COST * covered < least:
                best, least, worst = one, base + _LABEL_COST * covered, covered
        area = 2 * half_width[at] * (OUTER_PX - INNER_PX) * scale * (1 + gradients[at])
        if scale > 1 and (worst > _NO_ROOM * area or least > _TOO_MUCH * area + 120 * scale):
            sketch.label_at[edge] = np.inf
            continue
        pair = boxes[at, best].tolist()
        taken.add(pair if gradients[at] else pair[:1])
        sketch.label_at[edge] = places[at, best]
        sketch.label_way[edge] = best
        sketch.label_apart[edge] = apart[at, best]
        sketch.label_half[edge, 1] = OUTER_PX * scale + apart[at, best]


def follow(sketch: Sketch, edges: Ints) -> None:
    """Let the labels of `edges` go along with their curves, whatever they come upon."""
    edges = edges[~sketch.silent[edges]]
    if not len(edges):
        return
    places, apart, _ = _places(sketch, edges, sketch.label_half[edges, 0])
    rows, ways = np.arange(len(edges)), sketch.label_way[edges]
    sketch.label_at[edges] = places[rows, ways]
    sketch.label_apart[edges] = apart[rows, ways]
    sketch.label_half[edges, 1] = OUTER_PX * sketch.text_scale + apart[rows, ways]


def _places(sketch: Sketch, edges: Ints, half_width: Floats) -> tuple[Floats, Floats, Floats]:
    """Return for each edge the places to try, how far apart its two labels stand, what it costs."""
    scale = sketch.text_scale
    start, end = sketch.start[edges], sketch.end[edges]
    length = end[:, 0] - start[:, 0]
    reach = np.maximum(NEAR_PX, half_width + NODE_MARGIN_PX + 2)
    wanted = end[:, 0] - np.minimum(length / 2, reach)
    curves = sketch.along(edges, _SAMPLES)
    across = curves[..., 0]
    near = (across < wanted[:, None]).sum(axis=1) / (len(_SAMPLES) - 1)
    near = np.where(length > 2 * NEAR_PX, np.minimum(near, 0.96), 0.5)
    t = np.concatenate([near[:, None], np.tile(_ALONG, (len(edges), 1))], axis=1)
    points = sketch.along(edges, np.concatenate([t, np.minimum(t + 0.02, 1.0)], axis=1))
    points, ahead = points[:, :_PLACES], points[:, _PLACES:]
    step = ahead - points
    slope = np.abs(step[..., 1]) / np.maximum(np.abs(step[..., 0]), 0.05)
    far = np.hypot(*np.moveaxis(points - points[:, :1], -1, 0)) * _FAR_COST
    half = half_width[:, None]
    # Above a curve that rises, a label touches it with its nearer corner.
    off = curves[:, None] - points[:, :, None]
    beside = np.abs(off[..., 0]) <= half[..., None]
    clear = (OUTER_PX + BESIDE_PX) * scale
    above = clear + np.maximum(-np.where(beside, off[..., 1], 0).min(axis=-1), 0)
    below = clear + np.maximum(np.where(beside, off[..., 1], 0).max(axis=-1), 0)
    aside = half + BESIDE_PX * scale + OUTER_PX * scale / np.maximum(slope, 1.5)
    none = np.zeros_like(above)
    shifts = [
        np.stack(pair, axis=-1)
        for pair in (
            (none, none),
            (none, -above),
            (none, below),
            (-aside, none),
            (aside, none),
            (none, none),
        )
    ]
    places = np.concatenate([points + shift for shift in shifts], axis=1)
    cost = np.concatenate([far + way * scale for way in _WAY_COST], axis=1)
    steep = slope > 1.2
    cost[:, _LEFT * _PLACES : _APART * _PLACES] += np.where(np.tile(steep, (1, 2)), 0.0, 1e6)
    cost[:, _ABOVE * _PLACES : _LEFT * _PLACES] += np.where(np.tile(slope > 2, (1, 2)), 1e6, 0.0)
    # Where the nodes of a level edge stand too near for its labels, these go above and below.
    level = np.abs(end[:, 1] - start[:, 1]) <= LEVEL_PX
    over = half_width + NODE_MARGIN_PX - length / 2
    needed = np.zeros(len(edges))
    for ends in (sketch.source[edges], sketch.target[edges]):
        wide, tall = sketch.half[ends, 0], sketch.half[ends, 1]
        # A round node is as high where the label comes over it, and no higher.
        away = np.clip(1 - over / wide, 0, 1)
        needed = np.maximum(needed, tall * np.sqrt(1 - away**2))
    needed += np.abs(end[:, 1] - start[:, 1]) / 2 + NODE_MARGIN_PX - INNER_PX * scale
    needed = np.where(level, np.maximum(needed, 0), 0.0)
    apart = np.zeros(cost.shape)
    apart[:, _APART * _PLACES :] = needed[:, None]
    cost[:, _APART * _PLACES :] += np.where(level, _APART_COST * needed, 1e6)[:, None]
    return places, apart, cost


def _boxes(places: Floats, apart: Floats, half_width: Floats, scale: float) -> Floats:
    """Return what the labels take at each place: (edges, places, 2, 4), value before gradient."""
    boxes = np.empty((*places.shape[:2], 2, 4))
    x, y, wide = places[..., 0], places[..., 1], half_width[:, None]
    boxes[..., 0] = (x - wide)[..., None]
    boxes[..., 2] = (x + wide)[..., None]
    boxes[..., 0, 1] = y - OUTER_PX * scale - apart
    boxes[..., 0, 3] = y - INNER_PX * scale - apart
    boxes[..., 1, 1] = y + INNER_PX * scale + apart
    boxes[..., 1, 3] = y + OUTER_PX * scale + apart
    return boxes


def _covered(sketch: Sketch, edges: Ints, boxes: Floats, both: npt.NDArray[np.bool_]) -> Floats:
    """Return what the labels would cover at each place, of all but other labels."""
    low, high = boxes[..., :2].min(axis=(0, 1, 2)), boxes[..., 2:].max(axis=(0, 1, 2))
    # Nobody sees more than a screen at a time, but a single edge may be very long.
    cell = max(_CELL_PX, float(np.sqrt(np.prod(high - low + 8 * _CELL_PX) / _MOST_CELLS)))
    low = low - cell
    shape = tuple((np.ceil((high - low) / cell) + 2).astype(np.int64).tolist())
    seen = QRectF(*low.tolist(), *(high - low).tolist())
    table = _rectangles(_bodies(sketch, sketch.nodes_in(seen)), low, cell, shape)
    table *= _NODE_COST * cell * cell
    others = sketch.curves_in(sketch.edges_in(seen), seen)
    points, lengths = _measured(sketch, others)
    at = ((points - low) / cell).astype(np.int64)
    inside = ((at >= 0) & (at < shape)).all(axis=1)
    flat = at[inside, 0] * shape[1] + at[inside, 1]
    weights = lengths[inside] * _CURVE_COST
    table += np.bincount(flat, weights, minlength=shape[0] * shape[1]).reshape(shape)
    sums = np.zeros((shape[0] + 1, shape[1] + 1))
    np.cumsum(np.cumsum(table, axis=0), axis=1, out=sums[1:, 1:])
    cells = np.rint((boxes - np.tile(low, 2)) / cell).astype(np.int64)
    left, top, right, bottom = (cells[..., one] for one in range(4))
    cost = sums[right, bottom] - sums[left, bottom] - sums[right, top] + sums[left, top]
    # Its own curve does not count as another: it is only better not struck through.
    mine, lengths = _measured(sketch, edges)
    mine = ((mine - low) / cell).astype(np.int32).reshape(len(edges), 1, 1, -1, 2)
    corners = cells.astype(np.int32)[..., None]
    struck = (mine[..., 0] >= corners[..., 0, :]) & (mine[..., 0] < corners[..., 2, :])
    struck &= mine[..., 1] >= corners[..., 1, :]
    struck &= mine[..., 1] < corners[..., 3, :]
    own = np.einsum("epbs,es->epb", struck, lengths.reshape(len(edges), -1))
    cost += own * (_OWN_COST - _CURVE_COST)
    cost[..., 1] *= both[:, None]
    return np.asarray(cost.sum(axis=-1))


def _measured(sketch: Sketch, edges: Ints) -> tuple[Floats, Floats]:
    """Return points of the curves of `edges` and of each how much of its curve it stands for."""
    ends = sketch.along(edges, _SAMPLES)
    steps = np.diff(ends, axis=1)
    lengths = np.hypot(steps[..., 0], steps[..., 1])
    parts = [ends[:, :-1] + steps * part for part in (0.25, 0.75)]
    return np.concatenate(parts, axis=1).reshape(-1, 2), np.tile(lengths / 2, (1, 2)).reshape(-1)


def _bodies(sketch: Sketch, nodes: Ints) -> Floats:
    """Return what `nodes` and their texts take, as rectangles."""
    scale = sketch.text_scale
    centres, half = sketch.centres[nodes], sketch.half[nodes]
    rects = [np.concatenate([centres - half - NODE_MARGIN_PX, centres + half + NODE_MARGIN_PX], 1)]
    named = np.flatnonzero(sketch.pads[nodes, 1] > 0)
    if len(named):
        wide = sketch.pads[nodes[named], 0] / 2 * scale
        middle, bottom = centres[named, 0], centres[named, 1] + half[named, 1]
        below = (CAPTION_PX - 4) * scale
        rects.append(np.stack([middle - wide, bottom, middle + wide, bottom + below], axis=1))
    ends = np.flatnonzero(sketch.is_end[nodes] & sketch.is_op[nodes])
    if len(ends):
        right, middle = centres[ends, 0] + half[ends, 0], centres[ends, 1]
        tall, wide = RESULT_PX[1] * scale, RESULT_PX[0] * scale
        rects.append(np.stack([right, middle - tall, right + wide, middle + tall], axis=1))
    return np.concatenate(rects)


def _rectangles(rects: Floats, low: Floats, cell: float, shape: tuple[int, ...]) -> Floats:
    """Return a grid with ones where a rectangle is."""
    steps = np.zeros((shape[0] + 1, shape[1] + 1))
    corners = np.rint((rects - np.tile(low, 2)) / cell).astype(np.int64)
    corners = np.clip(corners, 0, np.tile(shape, 2))
    for (left, top), sign in (((0, 1), 1), ((2, 1), -1), ((0, 3), -1), ((2, 3), 1)):
        np.add.at(steps, (corners[:, left], corners[:, top]), sign)
    covered = np.cumsum(np.cumsum(steps, axis=0), axis=1)[:-1, :-1]
    return np.minimum(covered, 1.0)


class _Taken:
    """Rectangles that are occupied, by the bins of a coarse grid."""

    def __init__(self) -> None:
        self._bins: dict[tuple[int, int], list[list[float]]] = {}

    def add(self, boxes: list[list[float]]) -> None:
        for box in boxes:
            for one in _bins(box):
                self._bins.setdefault(one, []).append(box)

    def covered(self, boxes: list[list[float]]) -> float:
        """Return how much of what is occupied `boxes` would cover."""
        area = 0.0
        for box in boxes:
            left, top, right, bottom = box
            seen = []
            for one in _bins(box):
                for other in self._bins.get(one, ()):
                    wide = min(right, other[2]) - max(left, other[0])
                    high = min(bottom, other[3]) - max(top, other[1])
                    if wide > 0 and high > 0 and other not in seen:
                        seen.append(other)
                        area += wide * high
        return area


def _bins(box: list[float]) -> list[tuple[int, int]]:
    left, top = int(box[0] // _BIN_PX), int(box[1] // _BIN_PX)
    right, bottom = int(box[2] // _BIN_PX), int(box[3] // _BIN_PX)
    return [(x, y) for x in range(left, right + 1) for y in range(top, bottom + 1)]
