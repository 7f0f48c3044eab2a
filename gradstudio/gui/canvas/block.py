"""How a folded frame looks: a box with its title, its ports' names and the numbers it gives."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from gradstudio.graph import Graph, Point
from gradstudio.gui.canvas.face import Face, Fonts, display_name
from gradstudio.gui.canvas.figures import Figure
from gradstudio.gui.canvas.folding import FOOT_PX, HEAD_PX, ROW_PX, Block, row_y
from gradstudio.gui.theme import named_colour

if TYPE_CHECKING:
    from gradstudio.gui.canvas.picture import Picture

NAME_PX = 84.0
NUMBERS_PX = 118.0
"""How much room a value and a gradient have side by side."""
MARGIN_PX = 12.0
GAP_PX = 14.0
NUMBER_GAP_PX = 8.0
ROUND_PX = 9.0
FOLD_PX = 22.0
"""How much of the upper left corner the triangle takes that unfolds it."""
WIDEST_TITLE_PX = 220.0
DOT_PX = 3.2
MOST_LARGER = 1.8
"""How much larger a title is drawn at most in a small picture."""
COMPACT = 1.25
"""Where texts are so much larger, there is room for numbers alone."""


def block_faces(block: Block, graph: Graph, fonts: Fonts) -> dict[str, Face]:
    """Return the looks of all nodes of a block: the block's size, their ports at its border."""
    half = block_half(block, graph, fonts)
    title = fonts.elided("label", block.title, WIDEST_TITLE_PX)
    found = {}
    for node in block.nodes:
        ports: list[Point] = []
        for port in range(len(graph.ports(node))):
            row = block.input_rows.get((node, port))
            ports.append((0.0, 0.0) if row is None else (-half[0], row_y(row, half[1])))
        found[node] = Face(
            "frame", title, 0.0, "", 0.0, "", 0.0, half, False, tuple(ports), block=block
        )
    return found


def block_half(block: Block, graph: Graph, fonts: Fonts) -> Point:
    """Return half the width and half the height of a block."""
    left = max((_name_px(fonts, input_name(graph, *one)) for one in block.inputs), default=0.0)
    right = max((_name_px(fonts, display_name(one)) for one in block.outputs), default=0.0)
    title = min(fonts.width("label", block.title), WIDEST_TITLE_PX) + FOLD_PX + MARGIN_PX
    wide = 2 * MARGIN_PX + left + GAP_PX + max(right, NUMBERS_PX)
    rows = max(len(block.inputs), len(block.outputs), 1)
    return max(wide, title) / 2, (HEAD_PX + rows * ROW_PX + FOOT_PX) / 2


def _name_px(fonts: Fonts, name: str) -> float:
    return min(fonts.width("label", name), NAME_PX)


def input_name(graph: Graph, node: str, port: int) -> str:
    """Return what a port at the left of a block is called: whose it is, and which."""
    ports = graph.ports(node)
    return f"{display_name(node)} {ports[port]}" if len(ports) > 1 else display_name(node)


def paint_block(picture: Picture, painter: QPainter, node: int, fine: bool) -> None:
    """Paint the block in the place of a node."""
    sketch, inks = picture.sketch, picture.inks
    face, rect = sketch.faces[node], sketch.rect(node)
    block = face.block
    if block is None:
        return
    colour = QColor(named_colour(inks.theme, block.colour))
    fill, line = QColor(colour), QColor(colour)
    fill.setAlphaF(0.16 if inks.theme.dark else 0.10)
    marked = picture.marks.selected[node] or node == picture.marks.current
    painter.setPen(inks.accent if marked else QPen(line, 1.6))
    painter.setBrush(inks.fill["op"])
    painter.drawRoundedRect(rect, ROUND_PX, ROUND_PX)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(fill)
    painter.drawRoundedRect(rect, ROUND_PX, ROUND_PX)
    if not fine:
        return
    at = QPointF(rect.left() + 14, rect.top() + HEAD_PX / 2)
    painter.setBrush(colour)
    corners = (QPointF(-3, -4.5), QPointF(-3, 4.5), QPointF(3.5, 0))
    painter.drawPolygon(QPolygonF([at + one for one in corners]))
    fonts = picture.fonts.at(min(sketch.text_scale, MOST_LARGER))
    painter.setFont(fonts.label)
    painter.setPen(inks.text)
    room = rect.width() - FOLD_PX - MARGIN_PX
    title = fonts.elided("label", block.title, room)
    painter.drawText(QPointF(rect.left() + FOLD_PX, at.y() + 4), title)
    named = sketch.text_scale < COMPACT
    _paint_inputs(picture, painter, rect, block, named)
    _paint_outputs(picture, painter, rect, block, named)


def _paint_inputs(
    picture: Picture, painter: QPainter, rect: QRectF, block: Block, named: bool
) -> None:
    inks, fonts, nodes = picture.inks, picture.fonts, picture.graph.nodes
    half = rect.height() / 2
    for row, (node, port) in enumerate(block.inputs):
        at = QPointF(rect.left(), rect.center().y() + row_y(row, half))
        inputs = nodes[node].inputs
        fed = port < len(inputs) and inputs[port] is not None
        painter.setPen(Qt.PenStyle.NoPen if fed else inks.free)
        painter.setBrush(inks.dot if fed else inks.canvas)
        painter.drawEllipse(at, DOT_PX, DOT_PX)
        if not named:
            continue
        name = fonts.elided("label", input_name(picture.graph, node, port), NAME_PX)
        painter.setPen(inks.muted)
        painter.setFont(fonts.label)
        painter.drawText(at + QPointF(MARGIN_PX, 4), name)


def _paint_outputs(
    picture: Picture, painter: QPainter, rect: QRectF, block: Block, named: bool
) -> None:
    inks, fonts, evaluation = picture.inks, picture.fonts, picture.evaluation
    half = rect.height() / 2
    painter.setFont(fonts.label)
    for row, name in enumerate(block.outputs):
        at = QPointF(rect.right(), rect.center().y() + row_y(row, half))
        painter.setPen(Qt.PenStyle.NoPen)
        lit = picture.sketch.index[name] == picture.marks.hovered
        painter.setBrush(inks.lit if lit else inks.dot)
        painter.drawEllipse(at, DOT_PX + lit, DOT_PX + lit)
        right = at.x() - MARGIN_PX
        shown = [
            (figure, ink)
            for figure, ink in (
                (picture.figures.gradient(evaluation, name), inks.gradient),
                (picture.figures.value(evaluation, name), inks.value),
            )
            if figure is not None
        ]
        if not named:
            _paint_large(picture, painter, at, rect.width() - 2 * MARGIN_PX, shown)
            continue
        said = fonts.elided("label", display_name(name), NAME_PX)
        painter.setPen(inks.muted)
        painter.drawText(QPointF(right - fonts.width("label", said), at.y() - 4), said)
        for figure, ink in shown:
            wide = fonts.width("label", figure.text)
            painter.setPen(ink)
            painter.drawText(QPointF(right - wide, at.y() + 11), figure.text)
            right -= wide + NUMBER_GAP_PX


def _paint_large(
    picture: Picture,
    painter: QPainter,
    at: QPointF,
    room: float,
    shown: list[tuple[Figure, QPen]],
) -> None:
    """Paint the numbers of a row as large as they fit, and no names."""
    fonts = picture.fonts
    needed = sum(fonts.width("label", figure.text) + NUMBER_GAP_PX for figure, _ in shown)
    larger = min(picture.sketch.text_scale, math.floor(10 * room / max(needed, 1.0)) / 10)
    fonts = fonts.at(max(1.0, larger))
    painter.setFont(fonts.label)
    right = at.x() - MARGIN_PX
    for figure, ink in shown:
        wide = fonts.width("label", figure.text)
        painter.setPen(ink)
        painter.drawText(QPointF(right - wide, at.y() + 4 * fonts.scale), figure.text)
        right -= wide + NUMBER_GAP_PX * fonts.scale
