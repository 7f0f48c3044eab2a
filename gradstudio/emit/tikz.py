"""A drawn graph as a LaTeX document that draws it again, with TikZ.

Where everything lies is handed in; here it becomes text that a person can go on editing: one line a
node, one line an edge with its value above and its gradient below.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby, starmap
from operator import itemgetter

from gradstudio.emit.symbols import greek, symbols_of
from gradstudio.graph import Point

PX_PER_CM = 40.0
_LABEL_AT = 0.72
"""How far along its edge a label stands: near the port it feeds."""
_DOCUMENT = r"""\documentclass[border=6pt]{standalone}
\usepackage{amsmath}
\usepackage{tikz}
\usetikzlibrary{shapes.misc}
\begin{document}
\begin{tikzpicture}[
  op/.style={circle, draw=black!35, fill=white, inner sep=1pt},
  leaf/.style={rounded rectangle, draw=black!35, inner sep=1pt},
  parameter/.style={leaf, draw=orange!80!black, fill=orange!12},
  input/.style={leaf, draw=blue!60!black, fill=blue!8},
  constant/.style={leaf, fill=black!5},
  output/.style={op, draw=green!50!black, fill=green!10},
  frame/.style={draw=blue!50, dashed, rounded corners=4pt, inner sep=2pt},
  edge/.style={draw=black!50, semithick},
  number/.style={font=\scriptsize\bfseries, inner sep=1pt, fill=white, fill opacity=.8,
    text opacity=1},
  value/.style={number, text=green!45!black, above},
  gradient/.style={number, text=red!65!black, below},
]
%s
\end{tikzpicture}
\end{document}
"""
_SYMBOLS: Mapping[str, str] = {
    "×": r"\times",
    "÷": r"\div",
    "±": r"\pm",
    "−": "-",
    "Σ": r"\sum",
    "∫": r"\int",
    "∂": r"\partial",
    "∇": r"\nabla",
    "√": r"\surd",
    "∗": r"\ast",
    "·": r"\cdot",
    "⋅": r"\cdot",
    "∞": r"\infty",
    "≥": r"\ge",
    "≤": r"\le",
    "≠": r"\ne",
    "≈": r"\approx",
    "½": r"\tfrac12",
    "¼": r"\tfrac14",
    "…": r"\ldots",
    "⋮": r"\vdots",
    "⇄": r"\rightleftharpoons",
    "→": r"\to",
    "←": r"\gets",
    "↑": r"\uparrow",
    "↓": r"\downarrow",
    "‖": r"\|",
    "µ": r"\mu",
}
_RAISED = {**dict(zip("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻ⁿʸˣ", "0123456789+-nyx", strict=True)), "ᵀ": r"\top"}
_LOWERED = dict(zip("₀₁₂₃₄₅₆₇₈₉₊₋ᵢⱼₖₙ", "0123456789+-ijkn", strict=True))
_PLAIN = {
    "\\": r"\textbackslash{}",
    "^": r"\^{}",
    "~": r"\~{}",
    "–": "--",
    "—": "---",
    "“": "``",
    "”": "''",
    "‘": "`",
    "’": "'",
    "\u00a0": "~",
}
_ACCENTS = dict(zip("\u0300\u0301\u0302\u0303\u0308\u030a\u030c\u0327", "`'^~\"rvc", strict=True))
_POWER_OF_TEN = re.compile(f"([0-9.]+)×10([{''.join(_RAISED)}]+)")


@dataclass(frozen=True, slots=True)
class Place:
    """Where and how a node is drawn, in px with y downwards.

    Args:
        kind: a leaf's op, `op`, `output`, or `frame` for a folded one.
        op: the op, which is written where LaTeX has no sign for its symbol.
        at: its centre.
        half: half its width and half its height.
        circle: whether it is a circle.
        text: the symbol of an op, the title of a frame; a leaf that nobody named has none.
        value: what a leaf says beside its name.
        caption: whether its name stands below it.
        result: its value and its gradient, where they stand beside it.
    """

    kind: str
    op: str
    at: Point
    half: Point
    circle: bool
    text: str
    value: str = ""
    caption: bool = False
    result: tuple[str, str] = ("", "")


@dataclass(frozen=True, slots=True)
class Link:
    """An edge as it is drawn.

    Args:
        source: the node it comes from.
        start: where it leaves a folded frame; None where it leaves the middle of a node's side.
        end: where it ends.
        value: what stands above it; may be empty.
        gradient: what stands below it; may be empty.
    """

    source: str
    start: Point | None
    end: Point
    value: str
    gradient: str


def to_tikz(
    places: Mapping[str, Place],
    links: Sequence[Link],
    frames: Sequence[tuple[str, tuple[float, float, float, float]]] = (),
) -> str:
    """Return a document that LaTeX compiles with the package TikZ alone.

    Args:
        places: the nodes drawn, by name.
        links: the edges drawn.
        frames: title and rectangle (x, y, width, height) of each frame, the outer ones first.
    """
    symbols = symbols_of(list(places))
    number = {name: at for at, name in enumerate(places, 1)}
    lines = []
    for title, (x, y, wide, high) in frames:
        corner, other = _point((x, y)), _point((x + wide, y + high))
        lines.append(rf"\draw[frame] {corner} rectangle {other};")
        if title:
            lines.append(
                rf"\node[anchor=north west, font=\scriptsize] at {corner} {{{_text(title)}}};"
            )
    for name, place in places.items():
        lines += _node(name, f"n{number[name]}", symbols[name], place)
    for link in links:
        start = f"(n{number[link.source]})" if link.start is None else _point(link.start)
        labels = "".join(
            rf" node[{style}, pos={_LABEL_AT}] {{{_text(text)}}}"
            for style, text in (("value", link.value), ("gradient", link.gradient))
            if text
        )
        lines.append(rf"\draw[edge] {start} to[out=0, in=180]{labels} {_point(link.end)};")
    return _DOCUMENT.replace("%s", "\n".join(lines))


def _node(name: str, anchor: str, symbol: str, place: Place) -> Iterator[str]:
    """Yield the lines that draw one node."""
    wide, high = (2 * side / PX_PER_CM for side in place.half)
    size = f"minimum width={wide:.2f}cm, minimum height={high:.2f}cm"
    inside = _text(place.text if _can_write(place.text) else place.op)
    if place.kind in ("input", "parameter", "constant"):
        called = f"${symbol}$ " if place.text else ""
        inside = rf"{called}{{\small {_text(place.value)}}}"
    elif place.kind == "frame":
        inside = _text(place.text)
    shape = ", rounded rectangle" if place.kind in ("op", "output") and not place.circle else ""
    comment = "" if name.isascii() else f" % {name}"
    at = _point(place.at)
    yield rf"\node[{place.kind}{shape}, {size}] ({anchor}) at {at} {{{inside}}};{comment}"
    if place.caption:
        yield rf"\node[below, font=\scriptsize] at ({anchor}.south) {{${symbol}$}};"
    for style, side, text in zip(
        ("value", "gradient"), ("south west", "north west"), place.result, strict=True
    ):
        if text:
            beside = rf"({anchor}.east) {{{_text(text)}}};"
            yield rf"\node[{style}, anchor={side}, xshift=4pt] at {beside}"


def _point(at: Point) -> str:
    return f"({at[0] / PX_PER_CM:.3f}, {-at[1] / PX_PER_CM:.3f})"


def _text(text: str) -> str:
    """Return plain text as LaTeX writes it; a question mark for what its fonts do not have."""
    signs, at = list[tuple[str, str]](), 0
    for power in _POWER_OF_TEN.finditer(text):
        raised = "".join(map(_RAISED.__getitem__, power[2]))
        signs += (_known(sign) or ("", "?") for sign in text[at : power.start()])
        signs.append(("$", rf"{power[1]}\times 10^{{{raised}}}"))
        at = power.end()
    signs += (_known(sign) or ("", "?") for sign in text[at:])
    pieces = []
    for mathematics, run in groupby(signs, lambda sign: bool(sign[0])):
        if mathematics:
            pieces.append(f"${''.join(starmap(_written, groupby(run, itemgetter(0))))}$")
        else:
            pieces += [sign for _, sign in run]
    return "".join(pieces)


def _written(kind: str, run: Iterable[tuple[str, str]]) -> str:
    """Return signs of one kind: what is raised, or lowered, sign by sign belongs together."""
    if kind == "$":
        return " ".join(sign for _, sign in run)
    return f"{kind}{{{''.join(sign for _, sign in run)}}}"


def _known(sign: str) -> tuple[str, str] | None:
    """Return whether one sign is text, mathematics ($), raised or lowered, and LaTeX for it."""
    if sign in _PLAIN:
        return "", _PLAIN[sign]
    if sign in "<>|":
        return "$", sign
    if sign.isascii():
        return "", f"\\{sign}" if sign in "{}$&#_%" else sign
    if sign in _RAISED:
        return "^", _RAISED[sign]
    if sign in _LOWERED:
        return "_", _LOWERED[sign]
    if written := _SYMBOLS.get(sign) or greek(sign):
        return "$", written
    base, mark = (parts := unicodedata.normalize("NFD", sign))[:1], parts[1:]
    if base.isascii() and mark in _ACCENTS:
        return "", rf"\{_ACCENTS[mark]}{{{base}}}"
    return None


def _can_write(text: str) -> bool:
    return all(_known(sign) is not None for sign in text)
