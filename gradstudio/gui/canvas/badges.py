"""What marks a node that something is wrong with: a disc for an error, a triangle for a warning."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainter, QPolygonF

from gradstudio.engine.problems import Severity

if TYPE_CHECKING:
    from gradstudio.gui.canvas.picture import Picture
    from gradstudio.gui.canvas.sketch import Floats, Ints, Sketch

BADGE_PX = 7.5
TRIANGLE_PX = 9.5
"""From the middle to a corner: it looks as large as the disc."""
MOST_BADGE = 1.4
"""How much larger a badge is drawn at most: it must not cover the node."""
INSET = 0.15
"""How far inside the upper right corner of a body its middle is, in parts of the shorter side."""
WARNED = frozenset(("saturated", "dead", "vanishing", "exploding", "formula"))
"""Warnings that are marked on the canvas: where gradients end, fade, grow, or are wrong."""


def badge_at(rect: QRectF) -> QPointF:
    """Return where the badge of a node with the body `rect` is: at its upper right."""
    inset = min(rect.width(), rect.height()) * INSET
    return QPointF(rect.right() - inset, rect.top() + inset)


def boxes(sketch: Sketch, nodes: Ints) -> Floats:
    """Return what the badges of `nodes` take: (nodes, 4)."""
    half = sketch.half[nodes]
    inset = 2 * half.min(axis=1, keepdims=True) * INSET
    middles = sketch.centres[nodes] + (half - inset) * np.array([1.0, -1.0])
    reach = TRIANGLE_PX * min(sketch.text_scale, MOST_BADGE)
    return np.concatenate([middles - reach, middles + reach], axis=1)


def found_in(picture: Picture) -> dict[int, Severity]:
    """Return how bad it is with each node that has a badge; a folded frame has one for all.

    Until the numbers of this very graph come, what is wrong is known of the nodes alone that it
    shares with the graph they are of.
    """
    sketch, evaluation = picture.sketch, picture.evaluation
    found: dict[int, Severity] = {}
    severities: tuple[Severity, ...] = ("warning", "warning", "error")
    groups = (picture.warned, evaluation.warnings, evaluation.errors)
    for severity, names in zip(severities, groups, strict=True):
        for name in names:
            node = sketch.index.get(name)
            known = names is picture.warned or _is_known(picture, name)
            if node is not None and known:
                found[node if sketch.lead is None else int(sketch.lead[node])] = severity
    return found


def kept_free(picture: Picture) -> Ints:
    """Return the nodes no label may have the place of whose badge: those with one, and some more.

    Of what had a badge when it was drawn last, and whose numbers have yet to come, it may return.
    """
    sketch = picture.sketch
    waiting = [one for one in sketch.flawed.tolist() if not _is_known(picture, sketch.names[one])]
    return np.array(sorted({*picture.badges, *waiting}), np.int64)


def _is_known(picture: Picture, name: str) -> bool:
    """Return whether the numbers there are were computed with this very node."""
    return picture.evaluation.graph.nodes.get(name) is picture.graph.nodes.get(name)


def paint_badge(picture: Picture, painter: QPainter, node: int, severity: Severity) -> None:
    """Paint the badge of a node."""
    at, inks = badge_at(picture.sketch.rect(node)), picture.inks
    larger = min(picture.sketch.text_scale, MOST_BADGE)
    painter.setPen(inks.badge)
    if severity == "error":
        painter.setBrush(inks.error)
        painter.drawEllipse(at, BADGE_PX * larger, BADGE_PX * larger)
    else:
        painter.setBrush(inks.warning)
        painter.drawPolygon(_triangle(at, TRIANGLE_PX * larger))
    fonts = picture.fonts.at(larger)
    painter.setFont(fonts.label)
    painter.setPen(inks.halo)
    wide = fonts.width("label", "!")
    painter.drawText(at + QPointF(-wide / 2, 4 * larger), "!")


def _triangle(at: QPointF, reach: float) -> QPolygonF:
    wide, low = reach * 0.95, reach * 0.7
    return QPolygonF([at + QPointF(0, -reach), at + QPointF(wide, low), at + QPointF(-wide, low)])
