"""Paints nodes and edges: all of them, or those a rectangle shows, as finely as the scale allows.

A small picture has larger texts, so that they can be read. Below `TEXT_SCALE` no text is written,
below `PLAIN_SCALE` nodes are plain boxes and edges straight lines. Nothing here knows of Qt's scene
or of the mouse.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen

from gradstudio.engine.evaluate import Evaluation
from gradstudio.graph import Graph
from gradstudio.gui.canvas import labels, results, swift
from gradstudio.gui.canvas.block import errors_in, paint_block
from gradstudio.gui.canvas.face import HEAT_GAP_PX, HEAT_PX, Face, Fonts, symbol_role
from gradstudio.gui.canvas.figures import DIGITS, RESULT, Figure, Figures
from gradstudio.gui.canvas.importance import Importance
from gradstudio.gui.canvas.inks import Inks, dashed, wider
from gradstudio.gui.canvas.legibility import (
    PLAIN_SCALE,
    TEXT_SCALE,
    digits_at,
    far_scale,
    text_scale,
)
from gradstudio.gui.canvas.shadow import Shadows, paint_shape
from gradstudio.gui.canvas.sketch import RESULT_PX, STRAIGHT_PX, Floats, Ints, Mask, Sketch
from gradstudio.rewiring import stand_in

FEWEST_DIGITS = 2
"""In how many they are written where more have no room: then they are left out."""
VALUE_PX = 6.0
"""How far above the middle of its label the value stands, and how far below it the gradient."""
GRADIENT_PX = 15.0
RESULT_GAP_PX = 12.0
LABEL_STEP_PX = 4.0
LABEL_LEAST_PX = 13.0
DOT_PX = 3.2
RING_PX = 8.0
THROUGH_PX = 16.0
"""What stays free of a muted node's height, above and below the line through it."""
PALE = 0.5
"""How strongly nodes are drawn that only stand beside the inside of a frame."""
BADGE_PX = 7.5
FOUND_PX = 6.0
"""How far the mark of what was found reaches around a node, in px of the screen too."""
MOST_BADGE = 1.4
"""How much larger a badge is drawn at most: it must not cover the node."""
SYMBOL_MARGIN_PX = 8.0
PILL_MARGIN_PX = 12.0
"""What stays free at the ends of a leaf when its texts are drawn larger."""
PILL_GAP_PX = 5.0
NUMBER_PX = 9.0
"""Half of how high a leaf's number is, for the mouse."""
LIGHT = 0.25
"""How much of the accent colour lies behind a number that has just changed."""


@dataclass(slots=True)
class Marks:
    """What is marked for now: selected nodes, the node of the playback, ports a link can take."""

    selected: Mask
    current: int = -1
    phase: str = "forward"
    hovered: int = -1
    found: Mask | None = None
    """What a search has found; None while nothing is looked for."""
    lit_inputs: Mask | None = None
    """By place in `Sketch.ports`; None while no link is drawn."""
    lit_outputs: Mask | None = None


class Picture:
    """One graph with its numbers, ready to be painted.

    Args:
        graph: what is drawn.
        sketch: where it lies.
        evaluation: the numbers.
        figures: how they are written.
        fonts: in which fonts.
        inks: in which colours.
    """

    def __init__(
        self,
        graph: Graph,
        sketch: Sketch,
        evaluation: Evaluation,
        figures: Figures,
        fonts: Fonts,
        inks: Inks,
    ) -> None:
        self.graph = graph
        self.sketch = sketch
        self.evaluation = evaluation
        self.figures = figures
        self.fonts = fonts
        self.inks = inks
        self.marks = Marks(np.zeros(len(sketch.names), bool))
        self.on_paper = False
        """Whether it is painted for a file or a printer: nothing in it may be pixels."""
        self._texts = fonts.at(sketch.text_scale)
        self._importance = Importance(sketch)
        self.lit: frozenset[tuple[int, int]] = frozenset()
        """Which numbers have just changed: the edge, and 0 for its value, 1 for its gradient."""
        self.light = 0.0
        """How bright they are lit, from 1 to 0."""
        self._shadows = Shadows(dark=inks.theme.dark)

    # -- numbers ----------------------------------------------------------------------------

    def edge_figures(self, edge: int) -> tuple[Figure | None, Figure | None]:
        """Return what stands above and below an edge."""
        link = self.sketch.edges[edge]
        return self.figures.edge(self.evaluation, link.source, link.target, link.port)

    def result(self, node: int) -> tuple[Figure | None, Figure | None]:
        """Return the value and the gradient beside a node: of the output, and of other ends."""
        if not self.sketch.is_end[node] and node != self.sketch.output:
            return None, None
        name = self.sketch.names[node]
        blank = (name, RESULT, False) in self.figures.blanks
        return (
            None if blank else self.figures.value(self.evaluation, name),
            self.figures.gradient(self.evaluation, name),
        )

    def take(self, evaluation: Evaluation) -> None:
        """Show other numbers of the same graph."""
        self.evaluation = evaluation

    def place_labels(self, edges: Ints, *, stay: bool = False) -> None:
        """Find a place for those labels of `edges` that have none, as large as they will be.

        Args:
            edges: the edges.
            stay: whether they had better stay where they stood.
        """
        edges = self.sketch.drawn_edges(edges)
        pinned = self.sketch.pinned()
        fresh = pinned[np.isnan(self.sketch.label_at[pinned, 0])]
        if len(fresh):
            self._pin(fresh)
            covered = labels.covered(self.sketch, fresh)
            self.sketch.label_at[np.setdiff1d(covered, pinned)] = np.nan
        missing = edges[np.isnan(self.sketch.label_at[edges, 0])]
        if not len(missing):
            return
        digits = (digits_at(self.sketch.text_scale), FEWEST_DIGITS)
        halves, both = [], []
        for edge in missing.tolist():
            # Also what the playback has not come to yet: labels stand still while it runs.
            link = self.sketch.edges[edge]
            value, gradient = self.figures.all_of(
                self.evaluation, link.source, link.target, link.port
            )
            above, below = (
                self.figures.blanks.get((link.target, link.port, one), 0.0) for one in (False, True)
            )
            least = max(above, below) / 2 * self.sketch.text_scale
            halves.append([max(self._label_half(value, gradient, n), least) for n in digits])
            both.append(gradient is not None or bool(below))
        wide, short = np.array(halves).T
        labels.place(
            self.sketch,
            missing,
            wide,
            short,
            np.array(both, bool),
            digits=digits,
            rank=self._rank,
            stay=stay,
        )

    def _pin(self, edges: Ints) -> None:
        """Put pinned labels where they belong, in all their digits."""
        halves, both = [], []
        for edge in edges.tolist():
            value, gradient = self.edge_figures(edge)
            halves.append(self._label_half(value, gradient, DIGITS))
            both.append(gradient is not None)
        self.sketch.label_digits[edges] = DIGITS
        labels.stand(self.sketch, edges, np.array(halves), np.array(both, bool))

    def looked_at(self) -> Mask:
        """Return of all nodes whether they are selected, under the pointer, or the playback's."""
        looked_at = self.marks.selected.copy()
        looked_at[[one for one in (self.marks.current, self.marks.hovered) if one >= 0]] = True
        return looked_at

    def _rank(self, edges: Ints) -> Floats:
        return self._importance.rank(edges, self.evaluation, self.looked_at())

    def insist(self, edges: Ints, stay: Ints) -> None:
        """Give labels of `edges` places that others must leave, those of `stay` excepted."""
        before = self.sketch.label_at.copy()
        others = np.isfinite(before[:, 0])
        others[stay] = others[self.sketch.pinned()] = False
        self.sketch.label_at[others] = np.nan
        self.sketch.label_at[edges] = np.nan
        self.place_labels(edges)
        self.sketch.label_at[others] = before[others]
        placed = edges[np.isfinite(self.sketch.label_at[edges, 0])]
        covered = labels.covered(self.sketch, placed)
        self.sketch.label_at[np.setdiff1d(covered, self.sketch.pinned())] = np.inf

    def label_bounds(self, edges: Ints) -> QRectF:
        """Return what the labels of `edges` take, of those that have a place."""
        at, half = self.sketch.label_at[edges], self.sketch.label_half[edges]
        boxes = np.concatenate([at - half, at + half], axis=1)[np.isfinite(at[:, 0])]
        if not len(boxes):
            return QRectF()
        low, high = boxes[:, :2].min(axis=0) - 4, boxes[:, 2:].max(axis=0) + 4
        return QRectF(*low.tolist(), *(high - low).tolist())

    def _label_half(self, value: Figure | None, gradient: Figure | None, digits: int) -> float:
        half = max(self._label_px(value, digits), self._label_px(gradient, digits)) / 2 + 1
        half = max(half, LABEL_LEAST_PX * self.sketch.text_scale)
        return math.ceil(half / LABEL_STEP_PX) * LABEL_STEP_PX

    def _label_px(self, figure: Figure | None, digits: int) -> float:
        if figure is None:
            return 0.0
        wide = self._texts.width("label", figure.written(digits))
        if figure.heat is not None:
            wide += (HEAT_GAP_PX + HEAT_PX[0]) * self.sketch.text_scale
        return wide

    def _scale(self, scale: float) -> None:
        self.sketch.scale_text(text_scale(scale))
        self._texts = self.fonts.at(self.sketch.text_scale)

    def bounds(self, scale: float, nodes: Ints | None = None) -> QRectF:
        """Return what all (or `nodes`) takes when it is drawn at a scale: results then grow."""
        sketch = self.sketch
        bounds = sketch.bounds(nodes)
        fonts = self.fonts.at(text_scale(scale))
        ends = np.flatnonzero(sketch.is_end & sketch.is_op)
        for node in (ends if nodes is None else np.intersect1d(ends, nodes)).tolist():
            name = sketch.names[node]
            wide = 0.0
            for number in (self.evaluation.values.get(name), self.evaluation.grads.get(name)):
                if number is not None:
                    figure = self.figures.figure(number)
                    heat_px = HEAT_GAP_PX + HEAT_PX[0] if figure.heat is not None else 0.0
                    text_px = fonts.width("result", figure.text)
                    wide = max(wide, text_px + heat_px * fonts.scale)
            rect = sketch.rect(node)
            bounds = bounds.united(rect.adjusted(0, 0, RESULT_GAP_PX + wide, 0))
        return bounds

    # -- edges ------------------------------------------------------------------------------

    def paint_curves(self, painter: QPainter, edges: Ints, scale: float, exposed: QRectF) -> None:
        """Paint the curves of `edges` as far as `exposed` shows them."""
        sketch = self.sketch
        edges = sketch.drawn_edges(edges)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        if scale < PLAIN_SCALE:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
            painter.setPen(self.inks.thin_edge)
            painter.drawLines(sketch.lines(edges))
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
            return
        pen = self.inks.thin_edge
        if scale >= TEXT_SCALE:
            pen = wider(self.inks.edge, min(text_scale(scale), 1.4))
        edges = sketch.curves_in(edges, exposed)
        if pen.widthF() and not self.on_paper:
            rises = sketch.end[edges, 0] - sketch.start[edges, 0] > STRAIGHT_PX
            simple, edges = edges[rises], edges[~rises]
            falls = sketch.end[simple, 1] > sketch.start[simple, 1]
            ratio = scale * painter.device().devicePixelRatio()
            paths = [sketch.path(edge) for edge in simple.tolist()]
            swift.paint_rising(painter, paths, falls.tolist(), pen, ratio)
        painter.setPen(pen)
        for edge in edges.tolist():
            painter.drawPath(sketch.path(edge))

    def paint_labels(self, painter: QPainter, edges: Ints, scale: float, exposed: QRectF) -> None:
        """Paint the numbers of `edges` as far as `exposed` shows them and the scale allows text."""
        if scale < TEXT_SCALE:
            return
        self._scale(scale)
        edges = self.sketch.drawn_edges(edges)
        self.place_labels(labels.searched_in(self.sketch, edges, exposed))
        edges = np.setdiff1d(self.sketch.labelled_in(edges, exposed), self.sketch.pinned())
        painter.setFont(self._texts.label)
        grown = self._paint_placed(painter, edges)
        if grown:
            # Their numbers have become too long for where they stood.
            again = np.array(grown)
            self.sketch.label_at[again] = np.nan
            self.place_labels(again, stay=True)
            self._paint_placed(painter, again)

    def paint_pins(self, painter: QPainter, edges: Ints, scale: float) -> None:
        """Paint those numbers of `edges` that are pinned: at every scale, above all else."""
        edges = np.intersect1d(self.sketch.pinned(), edges)
        if not len(edges):
            return
        if scale < TEXT_SCALE:
            self._paint_far_pins(painter, edges, scale)
            return
        self._scale(scale)
        self._pin(edges)
        self._paint_pin_grounds(painter, edges)
        painter.setFont(self._texts.label)
        self._paint_placed(painter, edges)

    def _paint_pin_grounds(self, painter: QPainter, edges: Ints) -> None:
        """Paint the cards that pinned labels are written on, each with a line to its port."""
        for edge in edges.tolist():
            (x, y), half = self.sketch.label_at[edge].tolist(), self.sketch.label_half[edge]
            high = float(half[1]) if self.sketch.label_both[edge] else 0.0
            card = QRectF(x - half[0] - 2, y - half[1], 2 * half[0] + 4, half[1] + high)
            port = QPointF(*self.sketch.end[edge].tolist())
            painter.setPen(self.inks.pin)
            if not card.contains(port):
                painter.drawLine(card.center(), port)
            painter.setBrush(self.inks.card)
            painter.drawRoundedRect(card, 4, 4)

    def _paint_far_pins(self, painter: QPainter, edges: Ints, scale: float) -> None:
        """Paint pinned labels in a picture that is too small for all others."""
        kept = self.sketch.labels_of(edges)
        texts, before = self._texts, self.sketch.text_scale
        self.sketch.text_scale = far_scale(scale)
        self._texts = self.fonts.at(self.sketch.text_scale)
        self._pin(edges)
        self._paint_pin_grounds(painter, edges)
        painter.setFont(self._texts.label)
        self._paint_placed(painter, edges)
        self.sketch.text_scale, self._texts = before, texts
        self.sketch.put_labels(edges, kept)

    def _paint_placed(self, painter: QPainter, edges: Ints) -> list[int]:
        """Paint the numbers of `edges` that fit where they stand; return those that do not."""
        sketch, larger = self.sketch, self.sketch.text_scale
        lit, light = self.lit, QColor(self.inks.theme.accent)
        light.setAlphaF(LIGHT * self.light)
        grown = []
        for edge, (x, y), half, apart, both, digits in zip(
            edges.tolist(),
            sketch.label_at[edges].tolist(),
            sketch.label_half[edges, 0].tolist(),
            sketch.label_apart[edges].tolist(),
            sketch.label_both[edges].tolist(),
            sketch.label_digits[edges].tolist(),
            strict=True,
        ):
            if math.isinf(x):
                continue
            value, gradient = self.edge_figures(edge)
            value_px, gradient_px = self._label_px(value, digits), self._label_px(gradient, digits)
            if max(value_px, gradient_px) > 2 * half or (gradient is not None and not both):
                grown.append(edge)
                continue
            if value is not None:
                baseline = y - VALUE_PX * larger - apart
                text = value.written(digits)
                glow = light if (edge, 0) in lit else None
                ink = self.inks.value
                self._paint_label(painter, x, baseline, value, text, value_px, ink, glow)
            if gradient is not None:
                baseline = y + GRADIENT_PX * larger + apart
                text = gradient.written(digits)
                ink = self.inks.gradient
                glow = light if (edge, 1) in lit else None
                self._paint_label(painter, x, baseline, gradient, text, gradient_px, ink, glow)
        return grown

    def _paint_label(
        self,
        painter: QPainter,
        x: float,
        baseline: float,
        figure: Figure,
        text: str,
        wide: float,
        ink: QPen,
        light: QColor | None,
    ) -> None:
        larger = self.sketch.text_scale
        left = x - wide / 2
        if self.on_paper:
            outline = QPainterPath()
            outline.addText(QPointF(left, baseline), self._texts.label, text)
            painter.strokePath(outline, self.inks.border)
        else:
            # A curve that runs behind fades: one rectangle costs a tenth of a halo.
            ground = QRectF(left - 1, baseline - 9 * larger, wide + 2, 10.5 * larger)
            painter.fillRect(ground, self.inks.ground)
            if light is not None:
                painter.fillRect(ground.adjusted(-1, 0, 1, 0), light)
        painter.setPen(ink)
        painter.drawText(QPointF(left, baseline), text)
        if figure.heat is not None:
            left = x + wide / 2 - HEAT_PX[0] * larger
            self._paint_heat(painter, left, baseline - 4 * larger, figure, larger)

    def _paint_heat(
        self, painter: QPainter, left: float, middle: float, figure: Figure, larger: float
    ) -> None:
        if figure.heat is None:
            return
        flat = figure.heat.height() == 1
        high = (HEAT_PX[1] / 2 if flat else HEAT_PX[1]) * larger
        rect = QRectF(left, middle - high / 2, HEAT_PX[0] * larger, high)
        painter.drawImage(rect, figure.heat)
        painter.setPen(self.inks.heat_line)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(rect)

    # -- nodes ------------------------------------------------------------------------------

    def paint_nodes(self, painter: QPainter, nodes: Ints, scale: float) -> None:
        """Paint nodes with all that belongs to them: ports, names, results, badges, rings."""
        nodes = self.sketch.drawn_nodes(nodes)
        if self.marks.found is not None:
            self._paint_found(painter, nodes[self.marks.found[nodes]], scale)
        if scale < PLAIN_SCALE:
            self._paint_plain(painter, nodes)
            return
        fine = scale >= TEXT_SCALE
        self._scale(scale)
        pale = self.sketch.pale
        for node in nodes.tolist():
            if pale is not None:
                painter.setOpacity(PALE if pale[node] else 1.0)
            self._paint_body(painter, node, scale, fine)
        painter.setOpacity(1.0)
        if self.marks.lit_inputs is not None or self.marks.lit_outputs is not None:
            self._paint_lit(painter, nodes)

    def _paint_found(self, painter: QPainter, nodes: Ints, scale: float) -> None:
        grow = max(FOUND_PX, FOUND_PX / scale)
        painter.setPen(self.inks.found_line)
        painter.setBrush(self.inks.found)
        for node in nodes.tolist():
            rect = _grown(self.sketch.rect(node), grow)
            painter.drawRoundedRect(rect, 2 * grow, 2 * grow)

    def _paint_plain(self, painter: QPainter, nodes: Ints) -> None:
        groups: dict[str, list[QRectF]] = {}
        selected = self.marks.selected[nodes].tolist()
        rects = self.sketch.rects(nodes)
        for node, chosen, rect in zip(nodes.tolist(), selected, rects, strict=True):
            kind = "selected" if chosen else self._kind(node)
            groups.setdefault(kind, []).append(rect)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        for kind, alike in groups.items():
            painter.setBrush(self.inks.plain.get(kind, self.inks.lit))
            painter.drawRects(alike)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)

    def _kind(self, node: int) -> str:
        face = self.sketch.faces[node]
        if face.muted or face.dot:
            return "dot" if face.dot else "muted"
        kind = face.kind
        return "output" if node == self.sketch.output and kind == "op" else kind

    def _paint_body(self, painter: QPainter, node: int, scale: float, fine: bool) -> None:
        face, rect, inks = self.sketch.faces[node], self.sketch.rect(node), self.inks
        round_px = min(face.half[1], 16.0)
        if fine and not face.dot:
            self._shadows.paint(painter, face, rect, scale, on_paper=self.on_paper)
        if node == self.marks.current:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(wider(inks.ring[self.marks.phase], self.sketch.text_scale))
            paint_shape(painter, face, _grown(rect, RING_PX), round_px + RING_PX)
        if face.block is not None:
            paint_block(self, painter, node, fine)
            if fine:
                self._paint_badge(painter, node, rect)
            return
        kind = self._kind(node)
        painter.setBrush(inks.fill[kind])
        marked = self.marks.selected[node] or node == self.marks.current
        larger = self.sketch.text_scale
        painter.setPen(wider(inks.accent, larger) if marked else inks.line[kind])
        if face.muted and marked:
            painter.setPen(dashed(painter.pen()))
        paint_shape(painter, face, rect, round_px)
        if not fine:
            return
        if face.kind == "op":
            if face.muted:
                self._paint_through(painter, node, face, rect)
            self._paint_symbol(painter, face, rect)
            if face.caption:
                self._paint_caption(painter, face, rect)
            self._paint_result(painter, node, rect)
        else:
            self._paint_pill(painter, node, face, rect)
        self._paint_ports(painter, node, face, rect)
        self._paint_badge(painter, node, rect)

    def _paint_symbol(self, painter: QPainter, face: Face, rect: QRectF) -> None:
        role = symbol_role(face.text)
        fonts = self._fitting(face.text_px, rect.width() - SYMBOL_MARGIN_PX)
        painter.setPen(self.inks.muted if face.muted else self.inks.text)
        painter.setFont(getattr(fonts, role))
        drop = (6.0 if role == "symbol" else 4.5) * fonts.scale
        left = rect.center().x() - fonts.width(role, face.text) / 2
        painter.drawText(QPointF(left, rect.center().y() + drop), face.text)

    def _paint_through(self, painter: QPainter, node: int, face: Face, rect: QRectF) -> None:
        """Paint the line of the input that passes through a muted node."""
        name = self.sketch.names[node]
        port = stand_in(self.graph, name, self.evaluation.shapes)
        if port is None:
            return
        # In a bow below the symbol, which stays readable.
        path = QPainterPath(rect.center() + QPointF(*face.ports[port]))
        low, aside = (rect.height() - THROUGH_PX) * 2 / 3, rect.width() / 4
        path.cubicTo(
            rect.center() + QPointF(-aside, low),
            rect.center() + QPointF(aside, low),
            QPointF(rect.right(), rect.center().y()),
        )
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(wider(self.inks.edge, self.sketch.text_scale))
        painter.drawPath(path)

    def _fitting(self, needed: float, room: float) -> Fonts:
        """Return the fonts for a text as wide as `needed`: larger ones if there is room."""
        larger = self.sketch.text_scale
        if larger > 1 and needed * larger > room:
            # In steps, so that few fonts are made.
            larger = max(1.0, math.floor(10 * room / needed) / 10)
        return self.fonts if larger == 1 else self.fonts.at(larger)

    def _paint_caption(self, painter: QPainter, face: Face, rect: QRectF) -> None:
        larger, text = self._texts.scale, face.caption
        left = rect.center().x() - self._texts.width("caption", text) / 2
        at = QPointF(left, rect.bottom() + 8 + 10 * larger)
        # A curve that runs behind fades: one rectangle costs less than a halo.
        ground = QRectF(left - 2, at.y() - 9.5 * larger, 4, 13 * larger)
        ground.setRight(left + self._texts.width("caption", text) + 2)
        painter.fillRect(ground, self.inks.ground)
        painter.setFont(self._texts.caption)
        painter.setPen(self.inks.muted)
        painter.drawText(at, text)

    def _pill_texts(self, face: Face, rect: QRectF) -> tuple[Fonts, float, float | None]:
        """Return in which fonts a leaf's texts are, where its name begins, and where its number.

        None for a number that is left out: it stands at the edge too.
        """
        room = rect.width() - PILL_MARGIN_PX
        fonts = self._fitting(face.text_px + face.value_px + PILL_GAP_PX, room)
        if face.text and fonts.scale < 0.85 * self._texts.scale and face.value != "?":
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
        face, rect = self.sketch.faces[node], self.sketch.rect(node)
        if face.kind == "op" or scale < TEXT_SCALE:
            return None
        self._scale(scale)
        fonts, _, left = self._pill_texts(face, rect)
        if left is None:
            return None
        high = NUMBER_PX * fonts.scale
        return QRectF(left - 3, rect.center().y() - high, face.value_px * fonts.scale + 6, 2 * high)

    def _paint_pill(self, painter: QPainter, node: int, face: Face, rect: QRectF) -> None:
        fonts, left, value_left = self._pill_texts(face, rect)
        y = rect.center().y() + 4.5 * fonts.scale
        if face.text:
            painter.setPen(self.inks.text)
            painter.setFont(fonts.name)
            painter.drawText(QPointF(left, y), face.text)
        if value_left is None:
            return
        painter.setPen(self.inks.muted)
        painter.setFont(fonts.value)
        painter.drawText(QPointF(value_left, y), face.value)
        figure = self.figures.leaf(self.evaluation, self.graph, self.sketch.names[node])
        if figure is not None and figure.heat is not None:
            left = value_left + (face.value_px - HEAT_PX[0]) * fonts.scale
            self._paint_heat(painter, left, rect.center().y(), figure, fonts.scale)

    def _paint_result(self, painter: QPainter, node: int, rect: QRectF) -> None:
        side = int(results.sides(self.sketch, np.array([node]))[0])
        value, gradient = self.result(node)
        if side == results.NOWHERE or (value is None and gradient is None):
            return
        larger = self._texts.scale
        painter.setFont(self._texts.result)
        x, y, step = rect.right() + RESULT_GAP_PX, rect.center().y() - 7 * larger, 24.0 * larger
        if side == results.BELOW:
            x, step = rect.left(), 18.0 * larger
            y = rect.bottom() + (18 + 18 * bool(self.sketch.faces[node].caption)) * larger
        for figure, ink in ((value, self.inks.value), (gradient, self.inks.gradient)):
            if figure is not None:
                painter.setPen(ink)
                text, text_px = self._result_text(figure)
                painter.drawText(QPointF(x, y), text)
                if figure.heat is not None:
                    left = x + text_px + HEAT_GAP_PX * larger
                    self._paint_heat(painter, left, y - 4.5 * larger, figure, larger)
            y += step

    def _result_text(self, figure: Figure) -> tuple[str, float]:
        """Return what is written of a result, in as many digits as it has room for; its width."""
        room = (RESULT_PX[0] - RESULT_GAP_PX) * self._texts.scale
        for digits in (DIGITS, FEWEST_DIGITS):
            text = figure.written(digits)
            wide = self._texts.width("result", text)
            if wide <= room:
                break
        return text, wide

    def _paint_ports(self, painter: QPainter, node: int, face: Face, rect: QRectF) -> None:
        centre, inputs = rect.center(), self.graph.nodes[self.sketch.names[node]].inputs
        for port, (x, y) in enumerate(() if face.dot else face.ports):
            if port < len(inputs) and inputs[port] is not None:
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(self.inks.dot)
            else:
                painter.setPen(self.inks.free)
                painter.setBrush(self.inks.canvas)
            painter.drawEllipse(centre + QPointF(x, y), DOT_PX, DOT_PX)
        if node == self.marks.hovered:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self.inks.lit)
            painter.drawEllipse(QPointF(rect.right(), centre.y()), DOT_PX + 1, DOT_PX + 1)

    def _paint_lit(self, painter: QPainter, nodes: Ints) -> None:
        shown = np.zeros(len(self.sketch.names), bool)
        shown[nodes] = True
        if self.sketch.lead is not None:
            shown = shown[self.sketch.lead]
        painter.setPen(self.inks.badge)
        painter.setBrush(self.inks.lit)
        if self.marks.lit_inputs is not None:
            lit = self.marks.lit_inputs & shown[self.sketch.port_node]
            if self.sketch.ports_shown is not None:
                lit &= self.sketch.ports_shown
            for x, y in self.sketch.ports()[lit].tolist():
                painter.drawEllipse(QPointF(x, y), DOT_PX + 2.6, DOT_PX + 2.6)
        if self.marks.lit_outputs is not None:
            lit = self.marks.lit_outputs & shown
            if self.sketch.outputs_shown is not None:
                lit &= self.sketch.outputs_shown
            for node in np.flatnonzero(lit).tolist():
                painter.drawEllipse(
                    QPointF(*self.sketch.output_at(node)), DOT_PX + 2.6, DOT_PX + 2.6
                )

    def _paint_badge(self, painter: QPainter, node: int, rect: QRectF) -> None:
        name = self.sketch.names[node]
        block = self.sketch.faces[node].block
        if name in self.evaluation.errors or (block and errors_in(block, self.evaluation.errors)):
            brush = self.inks.error
        elif name in self.evaluation.warnings or (
            block and errors_in(block, self.evaluation.warnings)
        ):
            brush = self.inks.warning
        else:
            return
        at, larger = badge_at(rect), min(self._texts.scale, MOST_BADGE)
        painter.setPen(self.inks.badge)
        painter.setBrush(brush)
        painter.drawEllipse(at, BADGE_PX * larger, BADGE_PX * larger)
        fonts = self.fonts.at(larger)
        painter.setFont(fonts.label)
        painter.setPen(self.inks.halo)
        wide = fonts.width("label", "!")
        painter.drawText(at + QPointF(-wide / 2, 4 * larger), "!")


def badge_at(rect: QRectF) -> QPointF:
    """Return where the badge of a node with the body `rect` is: at its upper right."""
    inset = min(rect.width(), rect.height()) * 0.15
    return QPointF(rect.right() - inset, rect.top() + inset)


def _grown(rect: QRectF, px: float) -> QRectF:
    return rect.adjusted(-px, -px, px, px)
