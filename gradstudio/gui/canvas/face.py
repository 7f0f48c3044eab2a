"""What a node looks like before it is painted: its form, its size, its texts and its ports."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from functools import lru_cache, partial

import msgspec
from PySide6.QtGui import QFont, QFontMetricsF

from gradstudio.graph import Graph, Node, Point
from gradstudio.gui.canvas.folding import Block
from gradstudio.rewiring import REROUTE

RADIUS_PX = 23.0
PILL_HALF_PX = 15.0
PILL_LEAST_HALF_PX = 34.0
PILL_STEP_PX = 8.0
"""Pills grow in steps, so that they stand still while a number changes a little."""
PORT_PX = 20.0
DOT_HALF_PX = 6.0
HEAT_PX = (18.0, 13.0)
HEAT_GAP_PX = 5.0
LONGEST_TEXT = 24
_SUBSCRIPTS = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
_ZEROS = str.maketrans("123456789", "000000000")
_NUMBERED = re.compile(r"(?P<stem>.*[^\d_])(?P<number>\d+)", re.DOTALL)


class Fonts:
    """The fonts of the canvas, all of the family of `base`, in px at 100 %.

    Args:
        base: the family.
        scale: how much larger they are, for a picture that is seen smaller.
    """

    def __init__(self, base: QFont, scale: float = 1.0) -> None:
        self.base = base
        self.scale = scale
        self.name = self._font(13, bold=True, italic=True)
        self.value = self._font(12)
        self.symbol = self._font(17, bold=True)
        self.word = self._font(13, bold=True)
        self.label = self._font(11, bold=True)
        self.result = self._font(13, bold=True)
        self.caption = self._font(12)
        self.hint = self._font(15)
        self._metrics: dict[str, QFontMetricsF] = {}
        # Here and not of the class: what was measured goes with the fonts, and they with a canvas.
        self.at: Callable[[float], Fonts] = lru_cache(maxsize=64)(partial(Fonts, base))
        """Returns the same fonts, larger."""
        self.width: Callable[[str, str], float] = lru_cache(maxsize=8192)(self._width)
        """Returns how wide a text is in the font of a role."""
        self.op: Callable[[str, int, str, bool], Face] = lru_cache(maxsize=4096)(partial(_op, self))
        """Returns the looks of an op: of a symbol, so many ports, a caption, and whether muted."""
        self.dot: Callable[[str], Face] = lru_cache(maxsize=1024)(partial(_dot, self))
        """Returns the looks of a dot with a caption."""
        self._even: dict[str, bool] = {}
        """Whether all digits are of one width."""

    def _font(self, px: int, *, bold: bool = False, italic: bool = False) -> QFont:
        font = QFont(self.base)
        font.setPixelSize(max(1, round(px * self.scale)))
        font.setBold(bold)
        font.setItalic(italic)
        # The canvas is zoomed: glyphs must be as wide at every scale as they were measured.
        font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
        return font

    def _width(self, role: str, text: str) -> float:
        metrics = self._metrics.get(role)
        if metrics is None:
            metrics = self._metrics[role] = QFontMetricsF(getattr(self, role))
        return metrics.horizontalAdvance(text)

    def number_width(self, role: str, text: str) -> float:
        """Return how wide a number is, which where all digits are alike need not be measured."""
        even = self._even.get(role)
        if even is None:
            even = self._even[role] = len({self.width(role, digit) for digit in "0123456789"}) == 1
        return self.width(role, text.translate(_ZEROS) if even else text)

    def elided(self, role: str, text: str, room: float) -> str:
        """Return `text`, cut with an ellipsis where it is too wide for the room."""
        if self.width(role, text) <= room:
            return text
        low, high = 0, len(text)
        while low < high:
            middle = (low + high + 1) // 2
            if self.width(role, text[:middle] + "…") <= room:
                low = middle
            else:
                high = middle - 1
        return text[:low] + "…"


class Face(msgspec.Struct, frozen=True):
    """One node's looks.

    Args:
        kind: `input`, `parameter`, `constant`, `op` or `frame`: which colours it has.
        text: the name of a leaf, the symbol of an op; empty for a constant nobody named.
        text_px: how wide that is.
        value: what a leaf says at its right.
        value_px: how wide that is, a heat map included.
        caption: the name of a computed node somebody named, below it.
        caption_px: how wide that is.
        half: half the width and half the height.
        circle: whether it is a circle; else a box with round ends.
        ports: where the input ports lie, from the node's centre.
        muted: whether an input passes through it.
        dot: whether it only leads a link another way.
        block: the folded frame the node is in, whose looks these are.
    """

    kind: str
    text: str
    text_px: float
    value: str
    value_px: float
    caption: str
    caption_px: float
    half: Point
    circle: bool
    ports: tuple[Point, ...]
    muted: bool = False
    dot: bool = False
    block: Block | None = None

    def at_least(self, other: Face) -> Face:
        """Return the same looks, no narrower: pills stand still while numbers run."""
        return (
            msgspec.structs.replace(self, half=other.half) if self.half[0] < other.half[0] else self
        )


def display_name(name: str) -> str:
    """Return a node's name as it is drawn: the number at its end lowered, `w₀`; never very long."""
    found = _NUMBERED.fullmatch(name)
    if found:
        name = found["stem"] + found["number"].translate(_SUBSCRIPTS)
    return name if len(name) <= LONGEST_TEXT else name[: LONGEST_TEXT - 1] + "…"


def is_numbered(name: str, node: Node) -> bool:
    """Return whether the program made the name: the op's own, with a number."""
    stem = name.rstrip("0123456789").rstrip("_")
    return stem == node.op or (node.op == "constant" and stem in ("c", "const"))


def face_of(graph: Graph, name: str, value: str, heat: bool, fonts: Fonts) -> Face:
    """Return the looks of the node `name` whose value, if it is a leaf, reads `value`."""
    node = graph.nodes[name]
    if node.is_leaf:
        return _pill(name, node, value, heat, fonts)
    caption = "" if is_numbered(name, node) else display_name(name)
    if node.op == REROUTE:
        return fonts.dot(caption)
    symbol = node.rules.symbol or node.op
    return fonts.op(symbol, len(graph.ports(name)), caption, node.muted)


def _pill(name: str, node: Node, value: str, heat: bool, fonts: Fonts) -> Face:
    hidden = node.op == "constant" and is_numbered(name, node)
    text = "" if hidden else display_name(name)
    text_px = fonts.width("name", text) if text else 0.0
    return _with_value(node.op, text, text_px, value, heat, fonts)


def renumbered(face: Face, value: str, heat: bool, fonts: Fonts) -> Face:
    """Return the looks of a leaf that has another value now."""
    return _with_value(face.kind, face.text, face.text_px, value, heat, fonts)


def _with_value(kind: str, text: str, text_px: float, value: str, heat: bool, fonts: Fonts) -> Face:
    value_px = fonts.number_width("value", value) + (HEAT_GAP_PX + HEAT_PX[0]) * heat
    if not text:
        half = max(16.0, math.ceil((value_px / 2 + 11) / 4) * 4), 13.0
    else:
        needed = (text_px + value_px + 31) / 2 - PILL_LEAST_HALF_PX
        steps = max(0, math.ceil(needed / PILL_STEP_PX))
        half = PILL_LEAST_HALF_PX + PILL_STEP_PX * steps, PILL_HALF_PX
    return Face(kind, text, text_px, value, value_px, "", 0.0, half, False, ())


def _op(fonts: Fonts, symbol: str, count: int, caption: str, muted: bool) -> Face:
    role = symbol_role(symbol)
    text_px = fonts.width(role, symbol)
    caption_px = fonts.width("caption", caption) if caption else 0.0
    circle = text_px <= 2 * RADIUS_PX - 8 and count <= 3
    if circle:
        half = (RADIUS_PX, RADIUS_PX)
    else:
        half = (max(RADIUS_PX, text_px / 2 + 12), max(19.0, (count - 1) * PORT_PX / 2 + 12))
    ports = tuple(_port(at, count, half, circle) for at in range(count))
    return Face("op", symbol, text_px, "", 0.0, caption, caption_px, half, circle, ports, muted)


def _dot(fonts: Fonts, caption: str) -> Face:
    caption_px = fonts.width("caption", caption) if caption else 0.0
    half, ports = (DOT_HALF_PX, DOT_HALF_PX), ((-DOT_HALF_PX, 0.0),)
    return Face("op", "", 0.0, "", 0.0, caption, caption_px, half, True, ports, dot=True)


def symbol_role(symbol: str) -> str:
    """Return which font a symbol is written in: words are smaller than signs."""
    return "symbol" if len(symbol) <= 2 else "word"


def _port(at: int, count: int, half: Point, circle: bool) -> Point:
    y = (at - (count - 1) / 2) * (PORT_PX if count <= 2 or not circle else 14.0)
    if circle:
        return -math.sqrt(half[0] ** 2 - y**2), y
    return -half[0], y
