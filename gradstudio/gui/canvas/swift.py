"""Paints very many curves on a screen for a fraction of what they cost otherwise.

A curve as thin as a pixel is painted ten times as fast as a wider one, so a wider one is several
thin ones side by side. Only for pixels: on paper a curve is one curve.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from PySide6.QtCore import QPointF
from PySide6.QtGui import QPainter, QPainterPath, QPen

STRAND_PX = 0.8
"""How far apart the thin curves lie at most: where they go slantwise it is by half more."""
MOST_STRANDS = 4
"""A curve of more pixels than this is painted as one: it is seen from near, and few are."""


def paint_rising(
    painter: QPainter, paths: Sequence[QPainterPath], falls: Sequence[bool], pen: QPen, scale: float
) -> None:
    """Paint curves that go to the right all the way.

    Args:
        painter: paints at `scale`.
        paths: the curves.
        falls: whether each goes down on its way.
        pen: its colour, and how wide they are.
        scale: how many pixels of the device a px of theirs takes.
    """
    wide = pen.widthF() * scale
    strands = 1 + max(0, math.ceil((wide - 1) / STRAND_PX - 1e-9))
    if strands > MOST_STRANDS:
        painter.setPen(pen)
        for path in paths:
            painter.drawPath(path)
        return
    painter.setPen(QPen(pen.color(), 0))
    # Side by side across the curve, which is level at its ends and steep in the middle.
    apart = (wide - 1) / (strands - 1) if strands > 1 else 0.0
    offsets = [(at * apart - (wide - 1) / 2) / scale for at in range(strands)]
    before = QPointF()
    for way in (True, False):
        chosen = [path for path, down in zip(paths, falls, strict=True) if down is way]
        for off in offsets if chosen else ():
            there = QPointF(-off if way else off, off)
            painter.translate(there - before)
            before = there
            for path in chosen:
                painter.drawPath(path)
    painter.translate(-before)
