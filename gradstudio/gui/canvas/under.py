"""What is under a point of the canvas: a node, its name, a port, an edge, the numbers of one."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPointF, QRectF

from gradstudio.gui.canvas.sketch import CAPTION_PX, Floats, Mask, Sketch

_SAMPLES = np.linspace(0, 1, 33)


def node_under(sketch: Sketch, at: QPointF) -> int | None:
    """Return the node whose body is at a point: of several, the one painted last."""
    off = np.abs(sketch.centres - (at.x(), at.y()))
    for node in reversed(np.flatnonzero((off <= sketch.half).all(axis=1)).tolist()):
        x, y = off[node]
        if not sketch.faces[node].circle or x * x + y * y <= sketch.half[node, 0] ** 2:
            return int(node) if sketch.lead is None else int(sketch.lead[node])
    return None


def caption_under(sketch: Sketch, at: QPointF) -> int | None:
    """Return the node whose name, written below it, is at a point."""
    below = at.y() - sketch.centres[:, 1] - sketch.half[:, 1]
    across = np.abs(sketch.centres[:, 0] - at.x())
    hits = (sketch.pads[:, 1] > 0) & (below > 0) & (below < CAPTION_PX)
    found = np.flatnonzero(hits & (across <= sketch.pads[:, 0] / 2))
    return int(found[-1]) if len(found) else None


def input_near(
    sketch: Sketch, at: QPointF, within: float, allowed: Mask | None = None
) -> int | None:
    """Return the input port nearest to a point, by its place in `ports`."""
    return _nearest(sketch.ports(), at, within, _both(allowed, sketch.ports_shown))


def output_near(
    sketch: Sketch, at: QPointF, within: float, allowed: Mask | None = None
) -> int | None:
    """Return the node whose output port is nearest to a point."""
    return _nearest(sketch.outputs(), at, within, _both(allowed, sketch.outputs_shown))


def edge_under(sketch: Sketch, at: QPointF, within: float) -> int | None:
    """Return the edge whose curve or labels are at a point."""
    near = sketch.edges_in(QRectF(at.x(), at.y(), 0, 0).adjusted(-within, -within, within, within))
    if not len(near):
        return None
    off = np.abs(sketch.label_at[near] - (at.x(), at.y()))
    off[:, 1] = np.abs(off[:, 1] - sketch.label_apart[near] / 2)
    reach = sketch.label_half[near] - np.stack([0 * near, sketch.label_apart[near] / 2], axis=1)
    labels = np.flatnonzero((off < reach).all(axis=1))
    if len(labels):
        return int(near[labels[np.argmin(off[labels].sum(axis=1))]])
    points = sketch.along(near, _SAMPLES)
    begin, step = points[:, :-1], np.diff(points, axis=1)
    away = np.array([at.x(), at.y()]) - begin
    length = np.maximum((step**2).sum(axis=-1), 1e-12)
    part = np.clip((away * step).sum(axis=-1) / length, 0, 1)
    distance = np.hypot(*np.moveaxis(away - part[..., None] * step, -1, 0)).min(axis=1)
    best = int(np.argmin(distance))
    return int(near[best]) if distance[best] <= within else None


def label_under(sketch: Sketch, at: QPointF) -> int | None:
    """Return the edge whose label is at a point: of several, the one painted last."""
    where = np.array([at.x(), at.y()])
    upon = (np.abs(sketch.label_at - where) <= sketch.label_half).all(axis=1)
    found = np.flatnonzero(upon)
    return int(found[-1]) if len(found) else None


def _nearest(points: Floats, at: QPointF, within: float, allowed: Mask | None) -> int | None:
    if not len(points):
        return None
    distance = np.hypot(points[:, 0] - at.x(), points[:, 1] - at.y())
    if allowed is not None:
        distance = np.where(allowed, distance, np.inf)
    best = int(np.argmin(distance))
    return best if distance[best] <= within else None


def _both(first: Mask | None, second: Mask | None) -> Mask | None:
    if first is None or second is None:
        return second if first is None else first
    return first & second
