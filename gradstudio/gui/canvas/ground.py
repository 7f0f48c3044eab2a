"""What labels must not cover, or had better not: nodes and curves, counted for many places at once.

Curves are drawn into fine cells and summed up from a corner (summed area table; Crow 1984), so what
a rectangle covers of them costs four look-ups.
"""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QRectF

from gradstudio.gui.canvas import badges, results
from gradstudio.gui.canvas.sketch import Floats, Ints, Mask, Sketch

NODE_MARGIN_PX = 2.0
_CURVE_COST = 9.0
_OWN_COST = 1.5
_CELL_PX = 3.0
_MOST_CELLS = 500_000
_CUTS = np.linspace(0, 1, 41)
"""Where a curve is cut into parts, of which those in sight are looked at, as straight lines."""
_COUNTS = (1, 2, 4, 8, 16, 32, 64, 128)
"""How many points of a part are looked at, by its length in cells."""


class Ground:
    """What must not be covered, or had better not be, as fine cells; counted for boxes at once.

    Args:
        sketch: nodes and curves.
        edges: the edges whose labels look for a place.
        boxes: (edges, places, 2, 4), all that may be asked for.
    """

    def __init__(self, sketch: Sketch, edges: Ints, boxes: Floats) -> None:
        low, high = boxes[..., :2].min(axis=(0, 1, 2)), boxes[..., 2:].max(axis=(0, 1, 2))
        # Nobody sees more than a screen at a time, but a single edge may be very long.
        area = float(np.prod(high - low + 8 * _CELL_PX))
        self._cell = max(_CELL_PX, float(np.sqrt(area / _MOST_CELLS)))
        self._low = low - 2 * self._cell
        self._shape = (np.ceil((high - self._low) / self._cell) + 2).astype(np.int64)
        self._seen = QRectF(*self._low.tolist(), *(high - self._low).tolist())
        self._own = self._cut(sketch, edges)
        near = sketch.curves_in(sketch.edges_in(self._seen), self._seen)
        table = np.zeros(int(np.prod(self._shape)))
        for cells, length, _ in self._cut(sketch, near):
            across, down = cells[..., 0], cells[..., 1]
            inside = (across >= 0) & (across < self._shape[0])
            inside &= (down >= 0) & (down < self._shape[1])
            flat = (across * self._shape[1] + down)[inside]
            weights = np.broadcast_to(length[:, None], inside.shape)[inside]
            table += np.bincount(flat, weights, minlength=len(table))
        self._curves = _summed(table.reshape(self._shape))
        self._rects, self._round_px = bodies(sketch, sketch.nodes_in(self._seen))
        inner = self._rects.copy()
        slack = self._round_px[:, None] * (1 - np.sqrt(0.5))
        inner[:, :2] += slack
        inner[:, 2:] -= slack
        self._surely = self._filled(self._cells(inner, -1))
        self._perhaps = self._filled(self._cells(self._rects, 1))

    def struck(self, boxes: Floats, both: Mask) -> tuple[Floats, Mask]:
        """Return for each place what it costs that curves run through, and whether others do."""
        corners = self._cells(boxes, 0)
        length = _within(self._curves, corners)
        # Its own curve does not count as another: it is only better not struck through.
        own = np.zeros_like(length)
        least, most = corners[..., :2].min(axis=(1, 2)), corners[..., 2:].max(axis=(1, 2))
        small = corners.astype(np.int32)[..., None]
        for cells, part, rows in self._own:
            # Most parts of a long curve have no place near them.
            kept = (cells.max(axis=1) >= least[rows]) & (cells.min(axis=1) < most[rows])
            some = np.flatnonzero(kept.all(axis=1))
            mine, box = cells[some, None, None].astype(np.int32), small[rows[some]]
            through = (mine[..., 0] >= box[..., 0, :]) & (mine[..., 0] < box[..., 2, :])
            through &= mine[..., 1] >= box[..., 1, :]
            through &= mine[..., 1] < box[..., 3, :]
            np.add.at(own, rows[some], through.sum(axis=-1) * part[some, None, None])
        other = length - own
        other[..., 1] *= both[:, None]
        own[..., 1] *= both[:, None]
        crossed: Mask = np.any(other > 1e-6 * length + 1e-6, axis=-1)
        cost: Floats = np.sum(_CURVE_COST * other + _OWN_COST * own, axis=-1)
        return cost, crossed

    def upon_nodes(self, boxes: Floats, both: Mask) -> Mask:
        """Return at which places a label would cover a node, its name, or its result."""
        hit = _within(self._surely, self._cells(boxes, -1)) > 0
        perhaps = _within(self._perhaps, self._cells(boxes, 1)) > 0
        # Only what lies within a cell of a border is looked at exactly.
        which = np.nonzero(perhaps & ~hit)
        hit[which] = _cover_any(boxes[which], self._rects, self._round_px)
        hit[..., 1] &= both[:, None]
        return np.asarray(hit.any(axis=-1))

    def _cells(self, boxes: Floats, grow: float) -> Ints:
        """Return the cells of boxes that are so many cells larger all around, within the grid."""
        shift = np.array([-grow, -grow, grow, grow])
        cells = np.rint((boxes - np.tile(self._low, 2)) / self._cell + shift).astype(np.int64)
        return np.asarray(np.clip(cells, 0, np.tile(self._shape, 2)))

    def _filled(self, rects: Ints) -> Floats:
        """Return how many cells up to each one are covered by `rects`."""
        rects = rects[(rects[:, 0] < rects[:, 2]) & (rects[:, 1] < rects[:, 3])]
        steps = np.zeros(self._shape + 1)
        for (x, y), sign in (((0, 1), 1), ((2, 1), -1), ((0, 3), -1), ((2, 3), 1)):
            np.add.at(steps, (rects[:, x], rects[:, y]), sign)
        filled = np.cumsum(np.cumsum(steps, axis=0), axis=1)[:-1, :-1]
        return _summed(np.minimum(filled, 1.0))

    def _cut(self, sketch: Sketch, edges: Ints) -> list[tuple[Ints, Floats, Ints]]:
        """Return points of those parts of the curves of `edges` that come into sight.

        Returns:
            In which cells they are (parts, points, 2), how much of its curve each stands for, and
            at which place of `edges` each part's edge is; several times, as longer parts have more
            points.
        """
        ends = (sketch.along(edges, _CUTS) - self._low) / self._cell
        low, high = np.minimum(ends[:, :-1], ends[:, 1:]), np.maximum(ends[:, :-1], ends[:, 1:])
        inside = ((high >= -1) & (low <= self._shape + 1)).all(axis=-1)
        rows, parts = np.nonzero(inside)
        begin = ends[rows, parts]
        step = ends[rows, parts + 1] - begin
        length = np.hypot(step[:, 0], step[:, 1])
        group = np.searchsorted(np.array(_COUNTS[:-1]), length)
        found = []
        for at, count in enumerate(_COUNTS):
            some = np.flatnonzero(group == at)
            if len(some):
                parts_of = ((np.arange(count) + 0.5) / count)[:, None]
                cells = np.floor(begin[some, None] + step[some, None] * parts_of)
                each = length[some] * self._cell / count
                found.append((cells.astype(np.int64), each, rows[some]))
        return found


def _summed(table: Floats) -> Floats:
    sums = np.zeros((table.shape[0] + 1, table.shape[1] + 1))
    np.cumsum(np.cumsum(table, axis=0), axis=1, out=sums[1:, 1:])
    return sums


def _within(sums: Floats, cells: Ints) -> Floats:
    """Return how much of what `sums` adds up lies in boxes of cells."""
    left, top, right, bottom = (cells[..., one] for one in range(4))
    right, bottom = np.maximum(left, right), np.maximum(top, bottom)
    return np.asarray(sums[right, bottom] - sums[left, bottom] - sums[right, top] + sums[left, top])


def _cover_any(boxes: Floats, rects: Floats, round_px: Floats) -> Mask:
    """Return which of `boxes` cover any of `rects`, of which some are round."""
    hit = np.zeros(len(boxes), bool)
    order = np.argsort(rects[:, 0], kind="stable")
    rects, round_px = rects[order], round_px[order]
    widest = (rects[:, 2] - rects[:, 0]).max() if len(rects) else 0.0
    first = np.searchsorted(rects[:, 0], boxes[:, 0] - widest)
    last = np.searchsorted(rects[:, 0], boxes[:, 2])
    for ahead in range(int((last - first).max()) if len(boxes) else 0):
        some = np.flatnonzero((first + ahead < last) & ~hit)
        box, rect, reach = boxes[some], *(one[first[some] + ahead] for one in (rects, round_px))
        x, y = (rect[:, 0] + rect[:, 2]) / 2, (rect[:, 1] + rect[:, 3]) / 2
        # Of a round node, the corners of its square are free.
        across = np.maximum(np.maximum(box[:, 0] - x, x - box[:, 2]), 0)
        down = np.maximum(np.maximum(box[:, 1] - y, y - box[:, 3]), 0)
        upon = (box[:, 0] < rect[:, 2]) & (box[:, 2] > rect[:, 0])
        upon &= (box[:, 1] < rect[:, 3]) & (box[:, 3] > rect[:, 1])
        upon &= (reach == 0) | (across**2 + down**2 < reach**2)
        hit[some] = upon
    return hit


def bodies(sketch: Sketch, nodes: Ints) -> tuple[Floats, Floats]:
    """Return what `nodes` and their texts take, as rectangles; and radii.

    What has a radius is round, and fills its rectangle only so far.
    """
    rects, owners = results.own_bodies(sketch, nodes)
    rects += np.array([-NODE_MARGIN_PX, -NODE_MARGIN_PX, NODE_MARGIN_PX, NODE_MARGIN_PX])
    radii = np.where(sketch.is_round[owners], (rects[:, 2] - rects[:, 0]) / 2, 0.0)
    radii[len(nodes) :] = 0
    marked = badges.boxes(sketch, np.intersect1d(nodes, sketch.flawed))
    found = np.concatenate([results.rects(sketch, nodes), marked, sketch.blocked])
    return np.concatenate([rects, found]), np.concatenate([radii, np.zeros(len(found))])
