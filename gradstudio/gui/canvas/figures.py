"""Which number stands where, and as what text: the one place between evaluation and screen.

Texts and heat maps are made when they are painted, and kept by the identity of the array they show:
an evaluation takes over what did not change, object by object, so its text is already there.
"""

from __future__ import annotations

import weakref
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import msgspec
import numpy as np
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPen

from gradstudio.engine.evaluate import Evaluation
from gradstudio.graph import Graph
from gradstudio.gui.canvas.face import HEAT_PX
from gradstudio.gui.playback import Playback
from gradstudio.gui.theme import Theme
from gradstudio.numbers import number_text
from gradstudio.ops import Array, shape_text

MOST_KEPT = 20_000
DIGITS = 4
"""Significant digits of a number where there is room."""
FEWEST_DIGITS = 2
"""In how many a number is written where more have no room: then it is left out."""
MOST_CELLS = 8
MOST_LOOKED_AT = 512
RESULT = -1
"""The port of a node's own number, beside it."""


class Figure(msgspec.Struct, frozen=True, eq=False, gc=False):
    """A number as it is painted: its text, and for an array a small picture of it.

    Two are equal that look alike.
    """

    text: str
    heat: QImage | None = None
    number: float | None = None

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Figure):
            return NotImplemented
        return self.text == other.text and self.heat == other.heat

    def __ne__(self, other: object) -> bool:
        # Of its own a struct knows only whether it is the same one.
        return not self == other

    def __hash__(self) -> int:
        return hash(self.text)

    def written(self, digits: int) -> str:
        """Return the text in so many significant digits; an array is always its shape."""
        if self.number is None or digits >= DIGITS:
            return self.text
        return _shorter(self.number, digits)


@lru_cache(maxsize=8192)
def _shorter(number: float, digits: int) -> str:
    return number_text(number, digits)


class Figures:
    """The figures of an evaluation, as far as the playback has come."""

    def __init__(self, playback: Playback, theme: Theme) -> None:
        self._playback = playback
        self._theme = theme
        self._kept: dict[int, tuple[Any, Figure]] = {}
        self.blanks: Mapping[tuple[str, int, bool], float] = {}
        """How wide the blanks are that stand in the place of a number: by target, port, and whether
        of a gradient."""

    def set_theme(self, theme: Theme) -> None:
        """Paint heat maps in other colours from now on."""
        self._theme = theme
        self._kept.clear()

    def figure(self, value: Array) -> Figure:
        """Return how `value` is painted."""
        kept = self._kept.get(id(value))
        if kept is not None:
            held, figure = kept
            if held is value or (type(held) is weakref.ref and held() is value):
                return figure
        if len(self._kept) >= MOST_KEPT:
            self._kept.clear()
        shape = np.shape(value)
        if shape:
            figure = Figure(shape_text(shape), heat_map(value, self._theme))
            # An array is not kept alive for its picture; a NumPy scalar knows no weak references.
            self._kept[id(value)] = weakref.ref(value), figure
        else:
            number = float(value)
            figure = Figure(number_text(number, DIGITS), None, number)
            self._kept[id(value)] = value, figure
        return figure

    def value(self, evaluation: Evaluation, name: str) -> Figure | None:
        """Return a node's value; None where there is none, or not yet."""
        value = evaluation.values.get(name)
        if value is None or not self._playback.shows_value(name):
            return None
        return self.figure(value)

    def leaf(self, evaluation: Evaluation, graph: Graph, name: str) -> Figure | None:
        """Return a leaf's value: the evaluation's, or of a leaf it does not know yet its own."""
        value = evaluation.values.get(name)
        if value is None:
            value = graph.nodes[name].value
        return None if value is None else self.figure(value)

    def gradient(self, evaluation: Evaluation, name: str) -> Figure | None:
        """Return the gradient (in forward mode the tangent) of a node, if it is shown yet."""
        if evaluation.mode == "forward":
            shown, found = self._playback.shows_value(name), evaluation.tangents.get(name)
        else:
            shown, found = self._playback.shows_node_gradient(name), evaluation.grads.get(name)
        return self.figure(found) if shown and found is not None else None

    def edge(
        self, evaluation: Evaluation, source: str, target: str, port: int
    ) -> tuple[Figure | None, Figure | None]:
        """Return what stands above and below an edge: its value and what flows back along it."""
        if not _feeds(evaluation, source, target, port):
            return None, None
        value, below = self.value(evaluation, source), None
        if evaluation.mode == "forward":
            below = self.gradient(evaluation, source)
        else:
            gradient = evaluation.edge_grads.get((target, port))
            if gradient is not None and self._playback.shows_gradient(target, port):
                below = self.figure(gradient)
        if self.blanks:
            value = None if (target, port, False) in self.blanks else value
            below = None if (target, port, True) in self.blanks else below
        return value, below

    def all_of(
        self, evaluation: Evaluation, source: str, target: str, port: int
    ) -> tuple[Figure | None, Figure | None]:
        """Return what will stand at an edge once the playback has passed it."""
        if not _feeds(evaluation, source, target, port):
            return None, None
        value = evaluation.values.get(source)
        if evaluation.mode == "forward":
            gradient = evaluation.tangents.get(source)
        else:
            gradient = evaluation.edge_grads.get((target, port))
        return (
            None if value is None else self.figure(value),
            None if gradient is None else self.figure(gradient),
        )


def _feeds(evaluation: Evaluation, source: str, target: str, port: int) -> bool:
    """Whether the edge was there when `evaluation` was made; a new link has no numbers yet."""
    node = evaluation.graph.nodes.get(target)
    return node is not None and port < len(node.inputs) and node.inputs[port] == source


def heat_map(value: Array, theme: Theme) -> QImage:
    """Return an array as a few cells: one colour below zero, one above, stronger with size.

    What is no number at all is as dark (on dark, as bright) as the texts are.
    A large array is summed up by the entry of greatest size in each part of it; of a very large
    one only every so many rows and columns are looked at, as this is done while painting.
    """
    table = np.atleast_2d(np.asarray(value))
    table = table.reshape(-1, table.shape[-1]) if table.size else np.zeros((1, 1))
    rows, columns = (1 + size // MOST_LOOKED_AT for size in table.shape)
    table = np.asarray(table[::rows, ::columns], np.float64)
    lost = np.isnan(table)
    table = np.nan_to_num(table, nan=0.0, posinf=np.finfo(float).max, neginf=-np.finfo(float).max)
    for axis in (0, 1):
        count = table.shape[axis]
        if count > MOST_CELLS:
            cuts = np.linspace(0, count, MOST_CELLS, endpoint=False).astype(int)
            high = np.maximum.reduceat(table, cuts, axis=axis)
            low = np.minimum.reduceat(table, cuts, axis=axis)
            table = np.where(np.abs(low) > np.abs(high), low, high)
            lost = np.logical_or.reduceat(lost, cuts, axis=axis)
    size = np.abs(table)
    most = size.max()
    part = (size / most if most else size)[..., None]
    colour = np.where(table[..., None] < 0, _rgb(theme.heat_negative), _rgb(theme.heat_positive))
    rgb = np.round(_rgb(theme.node) * (1 - part) + colour * part).astype(np.uint8)
    rgb[lost] = _rgb(theme.text)
    pixels = np.full((*table.shape, 4), 255, np.uint8)
    pixels[..., :3] = rgb
    rows, columns = table.shape
    data = np.ascontiguousarray(pixels)
    return QImage(data.data, columns, rows, 4 * columns, QImage.Format.Format_RGBA8888).copy()


def paint_heat(
    painter: QPainter, line: QPen, heat: QImage, left: float, middle: float, larger: float
) -> None:
    """Paint the small picture of an array.

    Args:
        painter: paints it.
        line: around it.
        heat: what `heat_map` has made.
        left: where it begins.
        middle: how far down its middle is.
        larger: how much larger than usual it is.
    """
    high = (HEAT_PX[1] / 2 if heat.height() == 1 else HEAT_PX[1]) * larger
    rect = QRectF(left, middle - high / 2, HEAT_PX[0] * larger, high)
    painter.drawImage(rect, heat)
    painter.setPen(line)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRect(rect)


def _rgb(colour: str) -> Array:
    known = QColor(colour)
    return np.array([known.red(), known.green(), known.blue()], np.float64)
