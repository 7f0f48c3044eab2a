"""Where the value and the gradient of each edge are written, so that none covers another.

Each edge has a few places along its curve, the best one just before the consumer's port; one after
another the edges take the first that is free. Short edges choose first: they have the least room.
"""

from __future__ import annotations

import numpy as np

from gradstudio.gui.canvas.sketch import CAPTION_PX, RESULT_PX, Floats, Ints, Sketch

HALF_HEIGHT_PX = 18.0
NEAR_PX = 40.0
"""How far before the port a label stands where the edge is long enough."""
NODE_MARGIN_PX = 3.0
_ALONG = np.array([0.5, 0.62, 0.38, 0.74, 0.26, 0.86, 0.14])
_APART_PX = 8.0
_CELL_PX = 64.0
_NEAR_PX = 96.0
_SAMPLES = np.linspace(0, 1, 33)

Box = tuple[float, float, float, float]


def place(sketch: Sketch, half_width: Floats) -> None:
    """Find a place for the labels of each edge that has none (`sketch.label_at` is nan).

    Args:
        sketch: nodes and curves.
        half_width: of each edge, half of what its labels take across.
    """
    missing = np.isnan(sketch.label_at[:, 0])
    edges = np.flatnonzero(missing)
    if not len(edges):
        return
    places = _places(sketch, edges, half_width)
    taken = _Taken()
    # Whoever drags sees the neighbourhood: only what is near the new labels counts.
    low, high = places.min(axis=(0, 1)) - _NEAR_PX, places.max(axis=(0, 1)) + _NEAR_PX
    known = ((sketch.label_at >= low) & (sketch.label_at <= high)).all(axis=1)
    for at in np.flatnonzero(known).tolist():
        x, y = sketch.label_at[at].tolist()
        taken.add(_box(x, y, half_width[at]))
    near = (sketch.boxes[:, 2:] >= low) & (sketch.boxes[:, :2] <= high)
    _take_nodes(sketch, np.flatnonzero(near.all(axis=1)), taken)
    length = sketch.end[edges, 0] - sketch.start[edges, 0]
    candidates = places.tolist()
    widths = half_width[edges].tolist()
    for at in np.argsort(length, kind="stable").tolist():
        sketch.label_at[edges[at]] = taken.take(candidates[at], widths[at])


def _places(sketch: Sketch, edges: Ints, half_width: Floats) -> Floats:
    """Return the places of each edge, best first: (edges, places, 2)."""
    start, end = sketch.start[edges], sketch.end[edges]
    length = end[:, 0] - start[:, 0]
    reach = np.maximum(NEAR_PX, half_width[edges] + NODE_MARGIN_PX)
    wanted = end[:, 0] - np.minimum(length / 2, reach)
    across = sketch.along(edges, _SAMPLES)[..., 0]
    near = (across < wanted[:, None]).sum(axis=1) / (len(_SAMPLES) - 1)
    near = np.where(length > 2 * NEAR_PX, np.minimum(near, 0.96), 0.5)
    t = np.concatenate([near[:, None], np.tile(_ALONG, (len(edges), 1))], axis=1)
    places = sketch.along(edges, t)
    _part_siblings(sketch, edges, places, half_width)
    # The last resort: beside the curve, on the side away from the node's other ports.
    ports = sketch.end[edges, 1] - sketch.centres[sketch.target[edges], 1]
    side = np.where(ports <= 0, -1.0, 1.0) * 2 * HALF_HEIGHT_PX
    beside = places[:, :2].copy()
    beside[..., 1] += side[:, None]
    return np.concatenate([places, beside], axis=1)


def _part_siblings(sketch: Sketch, edges: Ints, places: Floats, half_width: Floats) -> None:
    """Move the labels of edges into neighbouring ports apart where their curves run together."""
    if len(edges) < 2:
        return
    best = places[:, 0]
    upper = np.flatnonzero(sketch.target[edges[:-1]] == sketch.target[edges[1:]])
    lower = upper + 1
    gap = best[lower] - best[upper]
    across = half_width[edges[upper]] + half_width[edges[lower]]
    missing = 2 * HALF_HEIGHT_PX + _APART_PX - np.abs(gap[:, 1])
    hit = (missing > 0) & (np.abs(gap[:, 0]) < across)
    push = np.where(hit, missing / 2, 0.0) * np.where(gap[:, 1] < 0, -1.0, 1.0)
    np.add.at(places[:, 0, 1], upper, -push)
    np.add.at(places[:, 0, 1], lower, push)


def _take_nodes(sketch: Sketch, nodes: Ints, taken: _Taken) -> None:
    centres, half = sketch.centres[nodes].tolist(), sketch.half[nodes].tolist()
    for at, (x, y), (wide, high) in zip(nodes.tolist(), centres, half, strict=True):
        face = sketch.faces[at]
        below = CAPTION_PX - 4 if face.caption else 0.0
        taken.add(
            (
                x - wide - NODE_MARGIN_PX,
                y - high - NODE_MARGIN_PX,
                x + wide + NODE_MARGIN_PX,
                y + high + NODE_MARGIN_PX + below,
            )
        )
        if sketch.is_end[at] and face.kind == "op":
            taken.add((x + wide, y - RESULT_PX[1], x + wide + RESULT_PX[0], y + RESULT_PX[1]))


def _box(x: float, y: float, half_width: float) -> Box:
    return x - half_width, y - HALF_HEIGHT_PX, x + half_width, y + HALF_HEIGHT_PX


class _Taken:
    """Rectangles that are occupied, by the cells of a coarse grid."""

    def __init__(self) -> None:
        self._cells: dict[tuple[int, int], list[Box]] = {}

    def add(self, box: Box) -> None:
        for cell in _cells(box):
            self._cells.setdefault(cell, []).append(box)

    def take(self, places: list[list[float]], half_width: float) -> tuple[float, float]:
        """Occupy and return the first free place, or the one that covers the least."""
        best, least = (places[0][0], places[0][1]), float("inf")
        for x, y in places:
            covered = self._covered(_box(x, y, half_width), least)
            if covered < least:
                best, least = (x, y), covered
                if not covered:
                    break
        self.add(_box(*best, half_width))
        return best

    def _covered(self, box: Box, limit: float) -> float:
        left, top, right, bottom = box
        area = 0.0
        for cell in _cells(box):
            for other in self._cells.get(cell, ()):
                wide = min(right, other[2]) - max(left, other[0])
                high = min(bottom, other[3]) - max(top, other[1])
                if wide > 0 and high > 0:
                    area += wide * high
                    if area >= limit:
                        return area
        return area


def _cells(box: Box) -> list[tuple[int, int]]:
    left, top = int(box[0] // _CELL_PX), int(box[1] // _CELL_PX)
    right, bottom = int(box[2] // _CELL_PX), int(box[3] // _CELL_PX)
    return [(x, y) for x in range(left, right + 1) for y in range(top, bottom + 1)]
