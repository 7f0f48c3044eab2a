"""Where the value and the gradient of each edge are written, so that each is read with its edge.

Every place that is tried touches the edge's own curve: across it, just above or below it, beside
it. A place that would cover a node or its texts is never taken, nor one where another label
stands. What each place would cover of other curves is known from `ground`; then one edge after the
other takes the free place that costs least: one that covers no other curve if there is any, and
near the consumer's port.

Short edges choose first: they have the least room. If then some find none, these are written with
fewer digits; and if that is not enough, all choose again, the most important first (see
`importance`), and those without a free place are left out. (Rejected: labels that cover each other
a little. Half a number is worse than none.)
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QRectF

from gradstudio.gui.canvas.ground import NODE_MARGIN_PX, Ground
from gradstudio.gui.canvas.sketch import LABEL_PX, Floats, Ints, Mask, Sketch

INNER_PX = 3.0
OUTER_PX = 17.0
"""From where to where the value stands above the middle of its label, the gradient below it."""
NEAR_PX = 40.0
"""How far before the port a label stands where the edge is long enough."""
SEARCH_PX = 260.0
"""How far before the port places of a longer edge are tried at most."""
BESIDE_PX = 3.0
"""Between a label and the curve that it stands beside."""
LEVEL_PX = 40.0
"""An edge that rises no more than this is level: its labels may go above and below its nodes."""
_ALONG = np.array([0.5, 0.6, 0.7, 0.4, 0.8, 0.3])
_PLACES = len(_ALONG) + 1
_ACROSS, _ABOVE, _BELOW, _LEFT, _RIGHT, _APART = range(6)
_WAY_COST = np.array([0.0, 90.0, 90.0, 130.0, 130.0, 60.0])
_FAR_COST = 1.2
_APART_COST = 4.0
_CROSSED_COST = 2000.0
"""Of covering any other curve: more than of the farthest place."""
_STAY_COST = 400.0
"""What it is worth to a label to stay where it stood."""
_TOO_MUCH = 0.2
"""Of a small picture, labels are left out that would cover curves for more than this a px²."""
_BIN_PX = 64.0
_SAMPLES = np.linspace(0, 1, 49)
_NO_PLACE = 1e7
"""What costs this much or more is no place."""

Rank = Callable[[Ints], Floats]
Standing = tuple[npt.NDArray[Any], ...]


def place(
    sketch: Sketch,
    edges: Ints,
    half_width: Floats,
    short_half: Floats,
    both: Mask,
    *,
    digits: tuple[int, int],
    rank: Rank,
    stay: bool = False,
) -> None:
    """Find a place for the labels of `edges`, at the sketch's text scale.

    Where there is no room for one, its place is infinitely far away.

    Args:
        sketch: nodes, curves, and the labels that stand already.
        edges: whose labels to place.
        half_width: of each of these edges, half of what its labels take across.
        short_half: the same with fewer digits.
        both: whether each has a gradient too.
        digits: how many digits are usual, and how many are the fewest.
        rank: how important edges are: the smaller, the more.
        stay: whether they had better stay where they stood.
    """
    heard = ~sketch.silent[edges]
    sketch.label_at[edges[~heard]] = np.inf
    edges, both = edges[heard], both[heard]
    half_width, short_half = half_width[heard], short_half[heard]
    if not len(edges):
        return
    wide = _Choice(sketch, edges, half_width, both, digits[0], stay=stay)
    known = _standing(sketch, edges)
    sketch.label_at[edges] = np.nan
    sketch.label_both[edges] = both
    by_length = np.argsort(sketch.end[edges, 0] - sketch.start[edges, 0], kind="stable").tolist()
    taken = _Taken(known)
    left = [at for at in by_length if not wide.take(at, taken)]
    if not left:
        return
    short = _Choice(sketch, edges, short_half, both, digits[1], stay=stay, ground=wide.ground)
    if all(short.take(at, taken) for at in left):
        return
    taken = _Taken(known)
    for at in np.argsort(rank(edges), kind="stable").tolist():
        if not wide.take(at, taken) and not short.take(at, taken):
            sketch.label_at[edges[at]] = np.inf


class _Choice:
    """The places for each of some edges, the cheapest first, as wide as their labels are."""

    def __init__(
        self,
        sketch: Sketch,
        edges: Ints,
        half_width: Floats,
        both: Mask,
        digits: int,
        *,
        stay: bool,
        ground: Ground | None = None,
    ) -> None:
        self._sketch, self._edges, self._digits = sketch, edges, digits
        self._half = half_width
        scale = sketch.text_scale
        self._places, self._apart, cost = _places(sketch, edges, half_width)
        self._boxes = _boxes(self._places, self._apart, half_width, scale)
        self.ground = ground or Ground(sketch, edges, self._boxes)
        struck, crossed = self.ground.struck(self._boxes, both)
        if stay:
            cost[np.arange(len(edges)), sketch.label_way[edges]] -= _STAY_COST
        if scale > 1:
            area = 2 * half_width * (OUTER_PX - INNER_PX) * scale * (1 + both)
            cost[struck > (_TOO_MUCH * area + 120 * scale)[:, None]] = _NO_PLACE
        cost += struck + _CROSSED_COST * crossed
        cost[self.ground.upon_nodes(self._boxes, both)] = _NO_PLACE
        self._order = np.argsort(cost, axis=1, kind="stable")
        self._count = (cost < _NO_PLACE).sum(axis=1).tolist()
        self._pairs = (1 + both.astype(np.int64)).tolist()

    def take(self, at: int, taken: _Taken) -> bool:
        """Give the edge number `at` its cheapest free place; return whether there is one."""
        boxes, pair = self._boxes[at], self._pairs[at]
        for one in self._order[at, : self._count[at]].tolist():
            wanted = boxes[one, :pair].tolist()
            if taken.free(wanted):
                break
        else:
            return False
        sketch, edge = self._sketch, self._edges[at]
        taken.add(wanted)
        sketch.label_at[edge] = self._places[at, one]
        sketch.label_way[edge] = one
        sketch.label_digits[edge] = self._digits
        sketch.label_apart[edge] = self._apart[at, one]
        sketch.label_half[edge, 0] = self._half[at]
        sketch.label_half[edge, 1] = OUTER_PX * sketch.text_scale + self._apart[at, one]
        return True


def searched_in(sketch: Sketch, edges: Ints, rect: QRectF) -> Ints:
    """Return those of `edges` whose labels may find a place in `rect`."""
    start, end = sketch.start[edges], sketch.end[edges]
    reach = SEARCH_PX + sketch.bend[edges, None] + LABEL_PX
    low = np.maximum(np.minimum(start, end) - LABEL_PX, end - reach)
    high = np.minimum(np.maximum(start, end) + LABEL_PX, end + reach)
    # An edge that runs back goes out of its box.
    back = np.where(end[:, :1] < start[:, :1], sketch.bend[edges, None] * (1, 0), 0.0)
    low, high = low - back, high + back
    return edges[
        (high[:, 0] >= rect.left())
        & (low[:, 0] <= rect.right())
        & (high[:, 1] >= rect.top())
        & (low[:, 1] <= rect.bottom())
    ]


def _standing(sketch: Sketch, edges: Ints) -> list[list[float]]:
    """Return what the labels near `edges` take that stand already."""
    boxes = sketch.edge_boxes[edges]
    reach = 2 * sketch.label_half.max(axis=0)
    low, high = boxes[:, :2].min(axis=0) - reach, boxes[:, 2:].max(axis=0) + reach
    near = ((sketch.label_at >= low) & (sketch.label_at <= high)).all(axis=1)
    near[edges] = False
    taken: list[list[float]] = _taken_by(sketch, np.flatnonzero(near))[0].tolist()
    return taken


def upon(sketch: Sketch, rects: Floats) -> Ints:
    """Return the edges whose labels stand on any of `rects`."""
    boxes, owners = _taken_by(sketch, np.flatnonzero(np.isfinite(sketch.label_at[:, 0])))
    order = np.argsort(boxes[:, 0])
    (left, top, right, bottom), owners = boxes[order].T, owners[order]
    widest = (right - left).max(initial=0)
    first, last = np.searchsorted(left, rects[:, 0] - widest), np.searchsorted(left, rects[:, 2])
    hit = np.zeros(len(owners), bool)
    some = np.flatnonzero(first < last)
    for (low, above, _, below), begin, end in zip(
        rects[some].tolist(), first[some].tolist(), last[some].tolist(), strict=True
    ):
        near = slice(begin, end)
        hit[near] |= (top[near] < below) & (bottom[near] > above) & (right[near] > low)
    return np.unique(owners[hit])


def covered(sketch: Sketch, edges: Ints) -> Ints:
    """Return the edges whose labels stand where labels of `edges` stand."""
    return np.setdiff1d(upon(sketch, _taken_by(sketch, edges)[0]), edges)


def _taken_by(sketch: Sketch, edges: Ints) -> tuple[Floats, Ints]:
    """Return what the labels of `edges` take, which all have a place, and whose each box is."""
    pairs, both = label_boxes(sketch, edges), sketch.label_both[edges]
    return np.concatenate([pairs[:, 0], pairs[both, 1]]), np.concatenate([edges, edges[both]])


def label_boxes(sketch: Sketch, edges: Ints) -> Floats:
    """Return what the labels of `edges` take: (edges, 2, 4), value before gradient."""
    return _boxes(
        sketch.label_at[edges][:, None],
        sketch.label_apart[edges][:, None],
        sketch.label_half[edges, 0],
        sketch.text_scale,
    )[:, 0]


def standing_of(sketch: Sketch, edges: Ints) -> Standing:
    """Return all there is to know of where the labels of `edges` stand."""
    return tuple(known[edges] for known in _all_known(sketch))


def put(sketch: Sketch, edges: Ints, standing: Standing) -> None:
    """Let the labels of `edges` stand where `standing_of` found them."""
    for known, of_edges in zip(_all_known(sketch), standing, strict=True):
        known[edges] = of_edges


def _all_known(sketch: Sketch) -> Standing:
    at, half, apart = sketch.label_at, sketch.label_half, sketch.label_apart
    return at, half, apart, sketch.label_both, sketch.label_way, sketch.label_digits


def follow(sketch: Sketch, edges: Ints) -> None:
    """Let the labels of `edges` go along with their curves, whatever they come upon.

    Those that have not been seen yet, and so have no place, get one when they are painted. Those
    that have found no room stay away: they would come upon others, or look for it at every step.
    """
    edges = edges[np.isfinite(sketch.label_at[edges, 0])]
    if not len(edges):
        return
    places, apart, _ = _places(sketch, edges, sketch.label_half[edges, 0])
    rows, ways = np.arange(len(edges)), sketch.label_way[edges]
    sketch.label_at[edges] = places[rows, ways]
    sketch.label_apart[edges] = apart[rows, ways]
    sketch.label_half[edges, 1] = OUTER_PX * sketch.text_scale + apart[rows, ways]
    pinned = np.intersect1d(edges, sketch.pinned())
    stand(sketch, pinned, sketch.label_half[pinned, 0], sketch.label_both[pinned])


def stand(sketch: Sketch, edges: Ints, half_width: Floats, both: Mask) -> None:
    """Put the labels of `edges` where they are pinned."""
    for edge in edges.tolist():
        sketch.label_at[edge] = sketch.end[edge] + sketch.pins[edge]
    sketch.label_half[edges, 0] = half_width
    sketch.label_half[edges, 1] = OUTER_PX * sketch.text_scale
    sketch.label_apart[edges], sketch.label_both[edges] = 0.0, both


def _places(sketch: Sketch, edges: Ints, half_width: Floats) -> tuple[Floats, Floats, Floats]:
    """Return for each edge the places to try, how far apart its two labels stand, what it costs."""
    scale = sketch.text_scale
    start, end = sketch.start[edges], sketch.end[edges]
    length = end[:, 0] - start[:, 0]
    curves = sketch.along(edges, _SAMPLES)
    steps = np.diff(curves, axis=1)
    ahead = np.zeros(curves.shape[:2])
    ahead[:, :-1] = np.cumsum(np.hypot(steps[..., 0], steps[..., 1])[:, ::-1], axis=1)[:, ::-1]
    # Near the port; then along the edge, or of a long one along the end of it.
    reach = np.maximum(NEAR_PX, half_width + NODE_MARGIN_PX + 2)
    reach = np.where(length > 2 * NEAR_PX, np.minimum(reach, ahead[:, 0] / 2), ahead[:, 0] / 2)
    stretch = np.minimum(ahead[:, 0], SEARCH_PX / (1 - _ALONG.min()))
    wanted = np.concatenate([reach[:, None], (1 - _ALONG) * stretch[:, None]], axis=1)
    at = np.clip((ahead[:, None] > wanted[..., None]).sum(axis=-1) - 1, 0, len(_SAMPLES) - 2)
    behind, before = (np.take_along_axis(ahead, one, axis=1) for one in (at, at + 1))
    part = (behind - wanted) / np.maximum(behind - before, 1e-9)
    t = np.clip((at + part) / (len(_SAMPLES) - 1), 0.02, 0.98)
    points = sketch.along(edges, np.concatenate([t, np.minimum(t + 0.02, 1.0)], axis=1))
    points, further = points[:, :_PLACES], points[:, _PLACES:]
    step = further - points
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
    # What rises steeply is touched from the side, what does not from above and below.
    steep, flat = slope > 1.2, slope <= 2
    above, below, aside = np.where(flat, above, 0), np.where(flat, below, 0), steep * aside
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
    for first, last, allowed in ((_LEFT, _APART, steep), (_ABOVE, _LEFT, flat)):
        ways = slice(first * _PLACES, last * _PLACES)
        cost[:, ways] += np.where(np.tile(allowed, (1, 2)), 0.0, _NO_PLACE)
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
    cost[:, _APART * _PLACES :] += np.where(level, _APART_COST * needed, _NO_PLACE)[:, None]
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


class _Taken:
    """Rectangles that are occupied, by the bins of a coarse grid."""

    def __init__(self, boxes: list[list[float]]) -> None:
        self._bins: dict[tuple[int, int], list[list[float]]] = {}
        self.add(boxes)

    def add(self, boxes: list[list[float]]) -> None:
        for box in boxes:
            for one in _bins(box):
                self._bins.setdefault(one, []).append(box)

    def free(self, boxes: list[list[float]]) -> bool:
        """Return whether `boxes` cover nothing that is occupied."""
        for box in boxes:
            left, top, right, bottom = box
            for one in _bins(box):
                for other in self._bins.get(one, ()):
                    if (
                        other[0] < right
                        and left < other[2]
                        and other[1] < bottom
                        and top < other[3]
                    ):
                        return False
        return True


def _bins(box: list[float]) -> list[tuple[int, int]]:
    left, top = int(box[0] // _BIN_PX), int(box[1] // _BIN_PX)
    right, bottom = int(box[2] // _BIN_PX), int(box[3] // _BIN_PX)
    return [(x, y) for x in range(left, right + 1) for y in range(top, bottom + 1)]
