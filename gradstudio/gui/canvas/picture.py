"""A graph as it is painted: all of it, or what a rectangle shows, as finely as the scale allows.

A small picture has larger texts, so that they can be read. Below `TEXT_SCALE` no text is written,
below `PLAIN_SCALE` nodes are plain boxes and edges straight lines. Nothing here knows of Qt's scene
or of the mouse.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath

from gradstudio.engine.evaluate import Evaluation
from gradstudio.engine.problems import Severity
from gradstudio.errors import GradStudioError
from gradstudio.graph import Graph
from gradstudio.gui.canvas import badges, labels, standing, swift
from gradstudio.gui.canvas.curves import STRAIGHT_PX
from gradstudio.gui.canvas.face import HEAT_GAP_PX, HEAT_PX, Fonts
from gradstudio.gui.canvas.figures import (
    DIGITS,
    FEWEST_DIGITS,
    RESULT,
    Figure,
    Figures,
    paint_heat,
)
from gradstudio.gui.canvas.importance import Importance
from gradstudio.gui.canvas.inks import Inks, wider
from gradstudio.gui.canvas.legibility import (
    PLAIN_SCALE,
    TEXT_SCALE,
    digits_at,
    far_scale,
    text_scale,
)
from gradstudio.gui.canvas.nodes import RESULT_GAP_PX, Nodes
from gradstudio.gui.canvas.sketch import Floats, Ints, Mask, Sketch
from gradstudio.gui.canvas.stencils import Stencils

VALUE_PX = 6.0
"""How far above the middle of its label the value stands, and how far below it the gradient."""
GRADIENT_PX = 15.0
LABEL_STEP_PX = 4.0
LABEL_LEAST_PX = 13.0
SHORTER_PX = 2 * LABEL_STEP_PX
"""By how much half a label must shrink to be shorter: by more than a digit."""
MANY_SHORTER = 0.1
"""In what part of the labels in sight numbers must be shorter for others to look for room."""
LIGHT = 0.25
"""How much of the accent colour lies behind a number that has just changed."""


_Line = tuple[float, float, Figure, int, float, bool]
"""One number: where it begins, its baseline, in how many digits, how wide, whether it is lit."""


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
        stencils: of these fonts and colours.
    """

    def __init__(
        self,
        graph: Graph,
        sketch: Sketch,
        evaluation: Evaluation,
        figures: Figures,
        fonts: Fonts,
        inks: Inks,
        stencils: Stencils,
    ) -> None:
        self.graph = graph
        self.sketch = sketch
        self.evaluation = evaluation
        self.figures = figures
        self.fonts = fonts
        self.inks = inks
        self.marks = Marks(np.zeros(len(sketch.names), bool))
        self.at_rest = True
        """Whether its numbers stay for a while: labels stand still while they run."""
        self.on_paper = False
        """Whether it is painted for a file or a printer: nothing in it may be pixels."""
        self.texts = fonts.at(sketch.text_scale)
        """The fonts of the texts that grow in a small picture."""
        self._importance = Importance(sketch)
        self.lit: frozenset[tuple[int, int]] = frozenset()
        """Which numbers have just changed: the edge, and 0 for its value, 1 for its gradient."""
        self.light = 0.0
        """How bright they are lit, from 1 to 0."""
        self.warned: Mapping[str, GradStudioError] = {}
        """The nodes where gradients end, fade or grow, and what is to be said of it."""
        self.badges: Mapping[int, Severity] = {}
        """How bad it is with each node that has a badge."""
        self._find_badges()
        self._nodes = Nodes(self, stencils)

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
        self._find_badges()

    # -- what is wrong ----------------------------------------------------------------------

    def wrong(self, name: str) -> GradStudioError | None:
        """Return what is wrong with a node, the worst of it; None for nothing."""
        errors, warnings = self.evaluation.errors, self.evaluation.warnings
        return errors.get(name) or warnings.get(name) or self.warned.get(name)

    def warn(self, warned: Mapping[str, GradStudioError]) -> None:
        """Mark the nodes where gradients end, fade or grow."""
        self.warned = warned
        self._find_badges()

    def _find_badges(self) -> None:
        self.badges = badges.found_in(self)
        standing.flaw(self.sketch, badges.kept_free(self))

    # -- labels -----------------------------------------------------------------------------

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
        halves, both = self._needed(missing)
        labels.place(
            self.sketch,
            missing,
            halves[:, 0],
            halves[:, 1],
            both,
            digits=self._digits(),
            rank=self._rank,
            stay=stay,
        )

    def _refit(self, edges: Ints) -> Ints:
        """Let those of `edges` take less whose numbers are shorter than when they were placed.

        Returns:
            Those without a place, which may find one now.
        """
        sketch = self.sketch
        hidden: Ints = edges[np.isinf(sketch.label_at[edges, 0]) & ~sketch.silent[edges]]
        if len(hidden):
            placed = edges[np.isfinite(sketch.label_at[edges, 0])]
            halves, _ = self._needed(placed)
            wide = sketch.label_digits[placed] == self._digits()[0]
            needed = np.where(wide, halves[:, 0], halves[:, 1])
            known = sketch.label_half[placed, 0]
            sketch.label_half[placed, 0] = np.minimum(needed, known)
        return hidden

    def _digits(self) -> tuple[int, int]:
        """Return how many digits are usual at the present scale, and how many are the fewest."""
        return digits_at(self.sketch.text_scale), FEWEST_DIGITS

    def _needed(self, edges: Ints) -> tuple[Floats, Mask]:
        """Return half of what the labels of `edges` need across, in full and in few digits.

        And whether each has a gradient too.
        """
        digits = self._digits()
        halves, both = [], []
        for edge in edges.tolist():
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
        return np.array(halves), np.array(both, bool)

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
        wide = self.texts.number_width("label", figure.written(digits))
        if figure.heat is not None:
            wide += (HEAT_GAP_PX + HEAT_PX[0]) * self.sketch.text_scale
        return wide

    def scale_texts(self, scale: float) -> None:
        """Write texts as large as they must be in a picture of this scale."""
        self.sketch.scale_text(text_scale(scale))
        self.texts = self.fonts.at(self.sketch.text_scale)

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
                    text_px = fonts.number_width("result", figure.text)
                    wide = max(wide, text_px + heat_px * fonts.scale)
            rect = sketch.rect(node)
            bounds = bounds.united(rect.adjusted(0, 0, RESULT_GAP_PX + wide, 0))
        return bounds

    # -- nodes ------------------------------------------------------------------------------

    def nodes_in(self, exposed: QRectF, scale: float) -> Ints:
        """Return the nodes of which something may show in `exposed` at a scale."""
        return self._nodes.within(exposed, scale)

    def paint_nodes(self, painter: QPainter, nodes: Ints, scale: float) -> None:
        """Paint nodes with all that belongs to them, as finely as the scale allows."""
        self._nodes.paint(painter, nodes, scale)

    def number_rect(self, node: int, scale: float) -> QRectF | None:
        """Return where a leaf's number is written at a scale; None where it is not."""
        return self._nodes.number_rect(node, scale)

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
        self.scale_texts(scale)
        edges = self.sketch.drawn_edges(edges)
        near = labels.searched_in(self.sketch, edges, exposed)
        self.place_labels(near)
        edges = np.setdiff1d(self.sketch.labelled_in(edges, exposed), self.sketch.pinned())
        painter.setFont(self.texts.label)
        grown, shorter = self._paint_placed(painter, edges)
        # Some numbers have become too long for where they stood; or so many so short that there
        # is room for others.
        again = np.array(grown, np.int64)
        if self.at_rest and shorter > MANY_SHORTER * len(edges):
            again = np.concatenate([again, self._refit(near)])
        if len(again):
            self.sketch.label_at[again] = np.nan
            self.place_labels(again, stay=True)
            self._paint_placed(painter, again)

    def paint_pins(self, painter: QPainter, edges: Ints, scale: float) -> None:
        """Paint those numbers of `edges` that are pinned: at every scale, above all else."""
        if not self.sketch.pins:
            return
        edges = np.intersect1d(self.sketch.pinned(), edges)
        if not len(edges):
            return
        if scale < TEXT_SCALE:
            self._paint_far_pins(painter, edges, scale)
            return
        self.scale_texts(scale)
        self._pin(edges)
        self._paint_pin_grounds(painter, edges)
        painter.setFont(self.texts.label)
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
        kept = labels.standing_of(self.sketch, edges)
        texts, before = self.texts, self.sketch.text_scale
        self.sketch.text_scale = far_scale(scale)
        self.texts = self.fonts.at(self.sketch.text_scale)
        self._pin(edges)
        self._paint_pin_grounds(painter, edges)
        painter.setFont(self.texts.label)
        self._paint_placed(painter, edges)
        self.sketch.text_scale, self.texts = before, texts
        labels.put(self.sketch, edges, kept)

    def _paint_placed(self, painter: QPainter, edges: Ints) -> tuple[list[int], int]:
        """Paint the numbers of `edges` that fit where they stand.

        Returns:
            Those that do not fit, and how many need much less than they have.
        """
        sketch, larger = self.sketch, self.sketch.text_scale
        values: list[_Line] = []
        gradients: list[_Line] = []
        grown, shorter = [], 0
        least = LABEL_LEAST_PX * larger
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
            wide = max(value_px, gradient_px)
            if max(wide / 2, least) < half - SHORTER_PX:
                shorter += 1
            if wide > 2 * half or (gradient is not None and not both):
                grown.append(edge)
                continue
            if value is not None:
                lit, at = (edge, 0) in self.lit, y - VALUE_PX * larger - apart
                values.append((x - value_px / 2, at, value, digits, value_px, lit))
            if gradient is not None:
                lit, at = (edge, 1) in self.lit, y + GRADIENT_PX * larger + apart
                gradients.append((x - gradient_px / 2, at, gradient, digits, gradient_px, lit))
        self._paint_grounds(painter, values + gradients)
        for lines, ink in ((values, self.inks.value), (gradients, self.inks.gradient)):
            painter.setPen(ink)
            for left, baseline, figure, digits, _, _ in lines:
                painter.drawText(QPointF(left, baseline), figure.written(digits))
        for left, baseline, figure, _, wide, _ in values + gradients:
            if figure.heat is not None:
                left += wide - HEAT_PX[0] * larger
                middle, ink = baseline - 4 * larger, self.inks.heat_line
                paint_heat(painter, ink, figure.heat, left, middle, larger)
        return grown, shorter

    def _paint_grounds(self, painter: QPainter, lines: list[_Line]) -> None:
        """Let what runs behind numbers fade, and light those that have just changed."""
        larger = self.sketch.text_scale
        if self.on_paper:
            for left, baseline, figure, digits, _, _ in lines:
                outline = QPainterPath()
                outline.addText(QPointF(left, baseline), self.texts.label, figure.written(digits))
                painter.strokePath(outline, self.inks.border)
            return
        # One rectangle costs a tenth of a halo.
        grounds = [
            QRectF(left - 1, baseline - 9 * larger, wide + 2, 10.5 * larger)
            for left, baseline, _, _, wide, _ in lines
        ]
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self.inks.ground)
        painter.drawRects(grounds)
        if self.lit:
            light = QColor(self.inks.theme.accent)
            light.setAlphaF(LIGHT * self.light)
            painter.setBrush(light)
            lit = [ground for ground, line in zip(grounds, lines, strict=True) if line[-1]]
            painter.drawRects([ground.adjusted(-1, 0, 1, 0) for ground in lit])
