"""The pens and brushes in which nodes and edges are painted."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QBrush, QColor, QPen

from gradstudio.gui.theme import Theme

_HALO_PX = 1.6


class Inks:
    """The pens and brushes of one theme."""

    def __init__(self, theme: Theme) -> None:
        self.theme = theme
        self.canvas = QColor(theme.canvas)
        self.ground = QColor(theme.canvas)
        self.ground.setAlphaF(0.8)
        self.text = QPen(QColor(theme.text))
        self.muted = QPen(QColor(theme.muted))
        self.value = QPen(QColor(theme.value))
        self.gradient = QPen(QColor(theme.gradient))
        self.halo = QPen(self.canvas)
        self.border = QPen(self.canvas, 2 * _HALO_PX)
        self.border.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        self.edge = QPen(QColor(theme.edge), 1.8)
        self.thin_edge = QPen(QColor(theme.edge), 0)
        self.dot = QBrush(QColor(theme.edge))
        self.free = QPen(QColor(theme.edge), 1.3)
        self.accent = QPen(QColor(theme.accent), 2.4)
        self.lit = QBrush(QColor(theme.accent))
        self.ring = {
            "forward": _ring(theme.value),
            "backward": _ring(theme.gradient),
        }
        self.fill = {
            "op": QBrush(QColor(theme.node)),
            "parameter": QBrush(QColor(theme.parameter)),
            "input": QBrush(QColor(theme.input)),
            "constant": QBrush(QColor(theme.constant)),
            "output": QBrush(QColor(theme.output)),
            "muted": QBrush(self.canvas),
            "dot": QBrush(QColor(theme.edge)),
        }
        self.line = {
            "op": QPen(QColor(theme.node_line), 1.3),
            "parameter": QPen(QColor(theme.parameter_line), 1.2),
            "input": QPen(QColor(theme.input_line), 1.2),
            "constant": QPen(QColor(theme.constant_line), 1.2),
            "output": QPen(QColor(theme.output_line), 1.3),
            "muted": QPen(QColor(theme.muted), 1.3, Qt.PenStyle.DashLine),
            "dot": QPen(QColor(theme.edge), 1.3),
        }
        self.plain = {kind: QBrush(pen.color()) for kind, pen in self.line.items()}
        self.plain["frame"] = self.dot
        self.heat_line = QPen(QColor(theme.line), 1.0)
        self.error = QBrush(QColor(theme.error))
        self.warning = QBrush(QColor(theme.warning))
        self.pin = QPen(QColor(theme.node_line), 1.0)
        self.card = QBrush(QColor(theme.card))
        self.badge = QPen(QColor(theme.canvas), 1.8)
        self.found_line = QPen(QColor(theme.warning), 0)
        found = QColor(theme.warning)
        found.setAlphaF(0.28)
        self.found = QBrush(found)


def _ring(colour: str) -> QPen:
    ink = QColor(colour)
    ink.setAlphaF(0.55)
    return QPen(ink, 3.0)


def wider(pen: QPen, scale: float) -> QPen:
    """Return a pen that in a small picture is seen as well as in one at 100 %."""
    if scale == 1:
        return pen
    thick = QPen(pen)
    thick.setWidthF(pen.widthF() * scale)
    return thick


def dashed(pen: QPen) -> QPen:
    """Return the same pen in dashes."""
    broken = QPen(pen)
    broken.setStyle(Qt.PenStyle.DashLine)
    return broken
