"""The form of edges: how far they go straight, points along them, and the way past other nodes."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QPointF
from PySide6.QtGui import QPainterPath

from gradstudio.graph import Point
from gradstudio.gui.canvas.bodies import Bodies, Floats, Ints

STRAIGHT_PX = 30.0
BEND = 0.45
LONGEST_BACK_PX = 160.0
DIRECT, LATE, EARLY = range(3)
"""Where a long edge turns: over its whole length, at its end, or at its beginning."""
LONG_PX = 180.0
TURN_PX = 96.0
"""How much of a long edge's length the turn takes where it comes late or early."""
_FINE = np.linspace(0, 1, 65)


def bends(across: Floats, way: Ints) -> tuple[Floats, Floats]:
    """Return how far edges go level before and after their turn, (n, 2), and how far it reaches.

    Args:
        across: (n,), how far to the right each one leads.
        way: (n,), where each one turns.
    """
    straight = np.maximum(0.0, across - TURN_PX)
    runs = np.stack([straight * (way == LATE), straight * (way == EARLY)], axis=1)
    bend = np.maximum(STRAIGHT_PX, BEND * np.abs(across - runs.sum(axis=1)))
    return runs, np.where(across < 0, np.minimum(bend, LONGEST_BACK_PX), bend)


def best_ways(start: Floats, end: Floats, bodies: Bodies) -> Ints:
    """Return where edges turn so that they run over as few other nodes as possible.

    Args:
        start: (n, 2), where each begins.
        end: (n, 2), where each ends.
        bodies: where nodes and their names lie.
    """
    best = np.full(len(start), DIRECT)
    fewest = np.full(len(start), np.inf)
    for way in (DIRECT, LATE, EARLY):
        asked = np.flatnonzero(fewest)
        if not len(asked):
            break
        first, last = start[asked], end[asked]
        runs, bend = bends(last[:, 0] - first[:, 0], np.full(len(asked), way))
        hits = bodies.hits(along(first, last, bend, runs, _FINE), first, last)
        better = hits < fewest[asked]
        best[asked[better]] = way
        fewest[asked[better]] = hits[better]
    return best


def along(start: Floats, end: Floats, bend: Floats, runs: Floats, t: npt.NDArray[Any]) -> Floats:
    """Return points of curves: (n, t, 2), `t` from 0 at the source to 1.

    Args:
        start: (n, 2), where each begins.
        end: (n, 2), where each ends.
        bend: (n,), how far each goes straight out of its ends.
        runs: (n, 2), how far each goes level before and after its turn.
        t: (t,) the same for all, or (n, t).
    """
    level_px = np.zeros((len(start), 2, 2))
    level_px[..., 0] = runs
    first, last = start[:, None], end[:, None]
    begin, finish = first + level_px[:, :1], last - level_px[:, 1:]
    out = np.zeros((len(start), 1, 2))
    out[:, 0, 0] = bend
    t = np.broadcast_to(t, (len(start), t.shape[-1]))
    level = np.zeros_like(t)
    if runs.any():
        # Level at first, then the turn, then level: each its part of the way across.
        across = np.where(runs.any(axis=1), last[:, 0, 0] - first[:, 0, 0], 1.0)[:, None]
        part = runs / across
        level = (np.minimum(t, part[:, :1]) - part[:, :1]) * across
        level += np.maximum(t - 1 + part[:, 1:], 0) * across
        t = np.clip((t - part[:, :1]) / (1 - part.sum(axis=1, keepdims=True)), 0, 1)
    t = t[..., None]
    s = 1 - t
    # Products: a power costs ten times as much.
    early, late = 3 * s * s * t, 3 * s * t * t
    points = np.asarray(
        s * s * s * begin + early * (begin + out) + late * (finish - out) + t * t * t * finish
    )
    points[..., 0] += level
    return points


def curve(
    start: QPointF, end: QPointF, bend: float | None = None, runs: Point = (0.0, 0.0)
) -> QPainterPath:
    """Return the curve from an output port to an input port, as edges have it.

    Args:
        start: the output port.
        end: the input port.
        bend: how far the curve goes straight out of its ends; what suits the distance if None.
        runs: how far it goes level before it begins to turn, and after it has turned.
    """
    if bend is None:
        bend = bends(np.array([end.x() - start.x()]), np.array([DIRECT]))[1].item()
    path = QPainterPath(start)
    left, right = start.x() + runs[0], end.x() - runs[1]
    if runs[0]:
        path.lineTo(left, start.y())
    path.cubicTo(left + bend, start.y(), right - bend, end.y(), right, end.y())
    if runs[1]:
        path.lineTo(end)
    return path
