"""Paints nodes with all that belongs to them: form, ports, name, number, result, badge, rings.

What many have in common is copied from a stencil; on paper, and where they are pale, each is drawn.
"""

from __future__ import annotations

import math
import weakref
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPainterPath, QPen

from gradstudio.gui.canvas import results
from gradstudio.gui.canvas.badges import paint_badge
from gradstudio.gui.canvas.block import paint_block
from gradstudio.gui.canvas.face import HEAT_GAP_PX, HEAT_PX, Face, Fonts, symbol_role
from gradstudio.gui.canvas.figures import DIGITS, FEWEST_DIGITS, Figure, paint_heat
from gradstudio.gui.canvas.inks import dashed, wider
from gradstudio.gui.canvas.legibility import PLAIN_SCALE, TEXT_SCALE, text_scale
from gradstudio.gui.canvas.sketch import RESULT_PX, Ints
from gradstudio.gui.canvas.stencils import (
    ROUND_PX,
    UNMOVED,
    Form,
    Stencils,
    paint_shadow,
    paint_shape,
    pixels_of,
)
from gradstudio.rewiring import stand_in

if TYPE_CHECKING:
    from gradstudio.gui.canvas.picture import Picture

RESULT_GAP_PX = 12.0
DOT_PX = 3.2
RING_PX = 8.0
THROUGH_PX = 16.0
"""What stays free of a muted node's height, above and below the line through it."""
PALE = 0.5
"""How strongly nodes are drawn that only stand beside the inside of a frame."""
FOUND_PX = 6.0
"""How far the mark of what was found reaches around a node, in px of the screen too."""
SYMBOL_MARGIN_PX = 8.0
PILL_MARGIN_PX = 12.0
"""What stays free at the ends of a leaf when its texts are drawn larger."""
PILL_GAP_PX = 5.0
NUMBER_PX = 9.0
"""Half of how high a leaf's number is, for the mouse."""


class Nodes:
    """The nodes of one picture.

    Args:
        picture: has the numbers and the marks.
        stencils: of its theme and fonts.
    """

    def __init__(self, picture: Picture, stencils: Stencils) -> None:
        # The picture holds this: both and the sketch are to go at once when another one is drawn.
        self._picture: Picture = weakref.proxy(picture)
        self._sketch, self._inks = picture.sketch, picture.inks
        self._stencils = stencils
        self._forms: dict[int, tuple[Face, int]] = {}
        """The number of each node's form while it is not marked, and for which face it is."""
        self._forms_of: tuple[float, bool] = (1.0, True)

    def within(self, exposed: QRectF, scale: float) -> Ints:
        """Return the nodes of which something may show in `exposed`, marks around them too.

        Far out, names and results reach beyond the boxes of their nodes.
        """
        grow = RESULT_PX[0] * (text_scale(scale) - 1) if scale >= PLAIN_SCALE else 0.0
        if self._picture.marks.found is not None:
            grow = max(grow, _found_px(scale))
        return self._sketch.nodes_in(exposed.adjusted(-grow, -grow, grow, grow))

    def paint(self, painter: QPainter, nodes: Ints, scale: float) -> None:
        """Paint `nodes` as finely as the scale allows."""
        marks = self._picture.marks
        nodes = self._sketch.drawn_nodes(nodes)
        if marks.found is not None:
            self._paint_found(painter, nodes[marks.found[nodes]], scale)
        if scale < PLAIN_SCALE:
            self._paint_plain(painter, nodes)
            return
        self._picture.scale_texts(scale)
        self._paint_whole(painter, nodes, fine=scale >= TEXT_SCALE)
        if marks.lit_inputs is not None or marks.lit_outputs is not None:
            self._paint_lit(painter, nodes)

    def _paint_found(self, painter: QPainter, nodes: Ints, scale: float) -> None:
        grow = _found_px(scale)
        painter.setPen(self._inks.found_line)
        painter.setBrush(self._inks.found)
        for node in nodes.tolist():
            rect = self._sketch.rect(node).adjusted(-grow, -grow, grow, grow)
            painter.drawRoundedRect(rect, 2 * grow, 2 * grow)

    def _paint_plain(self, painter: QPainter, nodes: Ints) -> None:
        kinds = self._kinds[nodes]
        kinds[self._picture.marks.selected[nodes]] = len(self._inks.plain)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        for number, kind in enumerate((*self._inks.plain, "")):
            alike = nodes[kinds == number]
            if len(alike):
                painter.setBrush(self._inks.plain.get(kind, self._inks.lit))
                painter.drawRects(self._sketch.rects(alike))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)

    @cached_property
    def _kinds(self) -> Ints:
        """Of each node, as the how manieth its kind is known."""
        known = {kind: at for at, kind in enumerate(self._inks.plain)}
        count = len(self._sketch.names)
        return np.fromiter((known[self._kind(node)] for node in range(count)), np.int64, count)

    def _kind(self, node: int) -> str:
        face = self._sketch.faces[node]
        if face.muted or face.dot:
            return "dot" if face.dot else "muted"
        kind = face.kind
        return "output" if node == self._sketch.output and kind == "op" else kind

    # -- forms ------------------------------------------------------------------------------

    def _paint_whole(self, painter: QPainter, nodes: Ints, *, fine: bool) -> None:
        """Paint nodes one after the other: a later one lies above an earlier one."""
        picture, faces, pale = self._picture, self._sketch.faces, self._sketch.pale
        marks, badges = picture.marks, picture.badges
        # What the device adds is known only so: it may be grabbed, and finer than the window is.
        world, device = painter.transform(), painter.deviceTransform()
        ratio = device.m11() / world.m11()
        origin_x, origin_y = (
            device.dx() - world.dx() * ratio,
            device.dy() - world.dy() * ratio,
        )
        copied = (
            pale is None
            and not picture.on_paper
            and device.m11() == device.m22()
            and not device.isRotating()
        )
        if copied:
            self._stencils.fit(device.m11(), ratio)
        pixels, parts = pixels_of(self._sketch.centres[nodes], device)
        marked = marks.selected[nodes] | (nodes == marks.current)
        sides = results.sides(self._sketch, nodes) if fine else nodes
        for node, (x, y), part, chosen, side in zip(
            nodes.tolist(), pixels, parts, marked.tolist(), sides.tolist(), strict=True
        ):
            face = faces[node]
            number = self._form_of(node, face, fine, chosen)
            if pale is not None:
                painter.setOpacity(PALE if pale[node] else 1.0)
            if node == marks.current:
                painter.setTransform(world)
                self._paint_ring(painter, node, face)
            made = self._stencils.copy(number, part, self._paint_form) if copied else None
            if made is None:
                painter.setTransform(world)
                painter.translate(*self._sketch.centres[node].tolist())
                form = self._stencils.forms[number]
                if form.shadowed:
                    paint_shadow(painter, form, dark=self._inks.theme.dark)
                self._paint_form(painter, form)
            else:
                pixmap, left, top = made
                painter.setTransform(UNMOVED)
                at = QPointF((x - left - origin_x) / ratio, (y - top - origin_y) / ratio)
                painter.drawPixmap(at, pixmap)
            if fine or face.block is not None:
                painter.setTransform(world)
                self._paint_own(painter, node, face, fine, side)
                # What is wrong is said to who works on it, not printed in a handout.
                if fine and node in badges and not picture.on_paper:
                    paint_badge(picture, painter, node, badges[node])
        painter.setTransform(world)
        painter.setOpacity(1.0)

    def _form_of(self, node: int, face: Face, fine: bool, marked: bool) -> int:
        """Return the number of a node's form."""
        if self._forms_of != (self._sketch.text_scale, fine):
            self._forms_of = self._sketch.text_scale, fine
            self._forms.clear()
        known = self._forms.get(node)
        if known is None or known[0] is not face:
            known = self._forms[node] = face, self._stencils.number(self._form(node, face, fine))
        if marked:
            return self._stencils.number(self._form(node, face, fine)._replace(marked=True))
        return known[1]

    def _form(self, node: int, face: Face, fine: bool) -> Form:
        """Return what a node has in common with others while it is not marked."""
        plain = Form(face.half, face.circle, self._kind(node), False, self._sketch.text_scale, fine)
        if not fine or face.dot or face.block is not None:
            return plain
        inputs = self._picture.graph.nodes[self._sketch.names[node]].inputs
        count = len(face.ports)
        fed = tuple(port < len(inputs) and inputs[port] is not None for port in range(count))
        form = plain._replace(ports=face.ports, fed=fed)
        if face.kind != "op" or face.muted:
            return form
        return form._replace(symbol=face.text, symbol_px=face.text_px)

    def _paint_form(self, painter: QPainter, form: Form) -> None:
        """Paint a form around the origin, without its shadow."""
        inks, (wide, high) = self._inks, form.half
        if form.kind == "frame":
            return
        rect = QRectF(-wide, -high, 2 * wide, 2 * high)
        pen = wider(inks.accent, form.larger) if form.marked else inks.line[form.kind]
        painter.setPen(dashed(pen) if form.marked and form.kind == "muted" else pen)
        painter.setBrush(inks.fill[form.kind])
        paint_shape(painter, rect, form.circle, min(high, ROUND_PX))
        if form.symbol:
            self._paint_symbol(painter, form.symbol, form.symbol_px, rect, inks.text)
        for (x, y), fed in zip(form.ports, form.fed, strict=True):
            if fed:
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(inks.dot)
            else:
                painter.setPen(inks.free)
                painter.setBrush(inks.canvas)
            painter.drawEllipse(QPointF(x, y), DOT_PX, DOT_PX)

    def _paint_symbol(
        self, painter: QPainter, text: str, text_px: float, rect: QRectF, ink: QPen
    ) -> None:
        role = symbol_role(text)
        fonts = self._fitting(text_px, rect.width() - SYMBOL_MARGIN_PX)
        painter.setPen(ink)
        painter.setFont(getattr(fonts, role))
        drop = (6.0 if role == "symbol" else 4.5) * fonts.scale
        left = rect.center().x() - fonts.width(role, text) / 2
        painter.drawText(QPointF(left, rect.center().y() + drop), text)

    def _paint_ring(self, painter: QPainter, node: int, face: Face) -> None:
        rect = self._sketch.rect(node).adjusted(-RING_PX, -RING_PX, RING_PX, RING_PX)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(wider(self._inks.ring[self._picture.marks.phase], self._sketch.text_scale))
        paint_shape(painter, rect, face.circle, min(face.half[1], ROUND_PX) + RING_PX)

    # -- what is a node's own ---------------------------------------------------------------

    def _paint_own(self, painter: QPainter, node: int, face: Face, fine: bool, side: int) -> None:
        """Paint what a node shares with no other: its texts, its result, its block."""
        rect = self._sketch.rect(node)
        if face.block is not None:
            paint_block(self._picture, painter, node, fine)
        elif face.kind == "op":
            if face.muted:
                self._paint_through(painter, node, face, rect)
                self._paint_symbol(painter, face.text, face.text_px, rect, self._inks.muted)
            if face.caption:
                self._paint_caption(painter, face, rect)
            if side != results.NOWHERE:
                self._paint_result(painter, node, rect, side)
        else:
            self._paint_pill(painter, node, face, rect)
        if node == self._picture.marks.hovered and face.block is None:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self._inks.lit)
            painter.drawEllipse(QPointF(rect.right(), rect.center().y()), DOT_PX + 1, DOT_PX + 1)

    def _paint_through(self, painter: QPainter, node: int, face: Face, rect: QRectF) -> None:
        """Paint the line of the input that passes through a muted node."""
        name = self._sketch.names[node]
        port = stand_in(self._picture.graph, name, self._picture.evaluation.shapes)
        if port is None:
            return
        # In a bow past the symbol, which stays readable; from the middle below it, it would smile.
        start, aside = QPointF(*face.ports[port]), rect.width() / 4
        side = 1 if start.y() > 0 else -1
        past = side * (rect.height() - THROUGH_PX) * 2 / 3
        path = QPainterPath(rect.center() + start)
        path.cubicTo(
            rect.center() + QPointF(-aside, past),
            rect.center() + QPointF(aside, past),
            QPointF(rect.right(), rect.center().y()),
        )
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(wider(self._inks.edge, self._sketch.text_scale))
        painter.drawPath(path)

    def _fitting(self, needed: float, room: float) -> Fonts:
        """Return the fonts for a text as wide as `needed`: larger ones if there is room."""
        larger = self._sketch.text_scale
        if larger > 1 and needed * larger > room:
            # In steps, so that few fonts are made.
            larger = max(1.0, math.floor(10 * room / needed) / 10)
        return self._picture.fonts if larger == 1 else self._picture.fonts.at(larger)

    def _paint_caption(self, painter: QPainter, face: Face, rect: QRectF) -> None:
        fonts, text = self._picture.texts, face.caption
        larger, wide = fonts.scale, fonts.width("caption", text)
        left = rect.center().x() - wide / 2
        at = QPointF(left, rect.bottom() + 8 + 10 * larger)
        # A curve that runs behind fades: one rectangle costs less than a halo.
        ground = QRectF(left - 2, at.y() - 9.5 * larger, wide + 4, 13 * larger)
        painter.fillRect(ground, self._inks.ground)
        painter.setFont(fonts.caption)
        painter.setPen(self._inks.muted)
        painter.drawText(at, text)

    def _pill_texts(self, face: Face, rect: QRectF) -> tuple[Fonts, float, float | None]:
        """Return in which fonts a leaf's texts are, where its name begins, and where its number.

        None for a number that is left out: it stands at the edge too.
        """
        room = rect.width() - PILL_MARGIN_PX
        fonts = self._fitting(face.text_px + face.value_px + PILL_GAP_PX, room)
        if face.text and fonts.scale < 0.85 * self._picture.texts.scale and face.value != "?":
            # Rather the name alone, in letters that can be read.
            fonts = self._fitting(face.text_px, room)
            return fonts, rect.center().x() - fonts.width("name", face.text) / 2, None
        value_px = face.value_px * fonts.scale
        if not face.text:
            return fonts, rect.left(), rect.center().x() - value_px / 2
        inset = 12.0 if fonts.scale == 1 else PILL_MARGIN_PX / 2
        value_left = rect.right() - inset - value_px + (1 if fonts.scale == 1 else 0)
        return fonts, rect.left() + inset, value_left

    def number_rect(self, node: int, scale: float) -> QRectF | None:
        """Return where a leaf's number is written at a scale; None where it is not."""
        face, rect = self._sketch.faces[node], self._sketch.rect(node)
        if face.kind == "op" or scale < TEXT_SCALE:
            return None
        self._picture.scale_texts(scale)
        fonts, _, left = self._pill_texts(face, rect)
        if left is None:
            return None
        high = NUMBER_PX * fonts.scale
        return QRectF(left - 3, rect.center().y() - high, face.value_px * fonts.scale + 6, 2 * high)

    def _paint_pill(self, painter: QPainter, node: int, face: Face, rect: QRectF) -> None:
        fonts, left, value_left = self._pill_texts(face, rect)
        y = rect.center().y() + 4.5 * fonts.scale
        if face.text:
            painter.setPen(self._inks.text)
            painter.setFont(fonts.name)
            painter.drawText(QPointF(left, y), face.text)
        if value_left is None:
            return
        painter.setPen(self._inks.muted)
        painter.setFont(fonts.value)
        painter.drawText(QPointF(value_left, y), face.value)
        picture, name = self._picture, self._sketch.names[node]
        figure = picture.figures.leaf(picture.evaluation, picture.graph, name)
        if figure is not None and figure.heat is not None:
            left = value_left + (face.value_px - HEAT_PX[0]) * fonts.scale
            middle = rect.center().y()
            paint_heat(painter, self._inks.heat_line, figure.heat, left, middle, fonts.scale)

    def _paint_result(self, painter: QPainter, node: int, rect: QRectF, side: int) -> None:
        value, gradient = self._picture.result(node)
        larger = self._picture.texts.scale
        painter.setFont(self._picture.texts.result)
        x, y, step = rect.right() + RESULT_GAP_PX, rect.center().y() - 7 * larger, 24.0 * larger
        if side == results.BELOW:
            x, step = rect.left(), 18.0 * larger
            y = rect.bottom() + (18 + 18 * bool(self._sketch.faces[node].caption)) * larger
        for figure, ink in ((value, self._inks.value), (gradient, self._inks.gradient)):
            if figure is not None:
                painter.setPen(ink)
                text, text_px = self._result_text(figure)
                painter.drawText(QPointF(x, y), text)
                if figure.heat is not None:
                    left = x + text_px + HEAT_GAP_PX * larger
                    middle, line = y - 4.5 * larger, self._inks.heat_line
                    paint_heat(painter, line, figure.heat, left, middle, larger)
            y += step

    def _result_text(self, figure: Figure) -> tuple[str, float]:
        """Return what is written of a result, in as many digits as it has room for; its width."""
        room = (RESULT_PX[0] - RESULT_GAP_PX) * self._picture.texts.scale
        for digits in (DIGITS, FEWEST_DIGITS):
            text = figure.written(digits)
            wide = self._picture.texts.number_width("result", text)
            if wide <= room:
                break
        return text, wide

    # -- ports that a link can take ---------------------------------------------------------

    def _paint_lit(self, painter: QPainter, nodes: Ints) -> None:
        sketch, marks, radius = self._sketch, self._picture.marks, DOT_PX + 2.6
        shown = np.zeros(len(sketch.names), bool)
        shown[nodes] = True
        if sketch.lead is not None:
            shown = shown[sketch.lead]
        painter.setPen(self._inks.badge)
        painter.setBrush(self._inks.lit)
        if marks.lit_inputs is not None:
            lit = marks.lit_inputs & shown[sketch.port_node]
            if sketch.ports_shown is not None:
                lit &= sketch.ports_shown
            for x, y in sketch.ports()[lit].tolist():
                painter.drawEllipse(QPointF(x, y), radius, radius)
        if marks.lit_outputs is not None:
            lit = marks.lit_outputs & shown
            if sketch.outputs_shown is not None:
                lit &= sketch.outputs_shown
            for node in np.flatnonzero(lit).tolist():
                painter.drawEllipse(QPointF(*sketch.output_at(node)), radius, radius)


def _found_px(scale: float) -> float:
    """Return how far the mark of what was found reaches around a node."""
    return max(FOUND_PX, FOUND_PX / scale)
