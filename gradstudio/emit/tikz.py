"""A drawn graph as a LaTeX document that draws it again, with TikZ.

Where everything lies is handed in; here it becomes text that a person can go on editing: one line a
node, one line an edge with its value above and its gradient below.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from gradstudio.emit.latex import symbols_of
from gradstudio.graph import Edge, Graph, Point

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
  frame/.style={draw=blue!50, dashed, rounded corners=4pt},
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
    "−": "-",
    "Σ": r"\sum",
    "√": r"\surd",
    "σ": r"\sigma",
    "μ": r"\mu",
    "∗": r"\ast",
    "∞": r"\infty",
    "≥": r"\ge",
    "≤": r"\le",
    "²": "^2",
    "ᵀ": r"^\top",
    "ʸ": "^y",
    "·": r"\cdot",
    "π": r"\pi",
    "…": r"\ldots",
    "⇄": r"\rightleftarrows",
    "→": r"\to",
    "‖": r"\|",
}


@dataclass(frozen=True, slots=True)
class Place:
    """Where and how a node is drawn, in px with y downwards.

    Args:
        at: its centre.
        half: half its width and half its height.
        circle: whether it is a circle.
        text: the symbol of an op; a leaf's name is taken from the graph, unless this is empty.
        value: what a leaf says beside its name.
        caption: what stands below it.
        result: its value and its gradient, where they stand beside it.
        ports: where its input ports lie, from its centre.
    """

    at: Point
    half: Point
    circle: bool
    text: str
    value: str
    caption: str
    result: tuple[str, str]
    ports: tuple[Point, ...]


def to_tikz(
    graph: Graph,
    places: Mapping[str, Place],
    texts: Mapping[Edge, tuple[str, str]],
    frames: Sequence[tuple[str, tuple[float, float, float, float]]] = (),
) -> str:
    """Return a document that LaTeX compiles with the package TikZ alone.

    Args:
        graph: what is drawn.
        places: the nodes drawn.
        texts: for each edge drawn its value and its gradient, "" for what is not shown.
        frames: title and rectangle (x, y, width, height) of each frame, the outer ones first.
    """
    symbols = symbols_of(list(places))
    number = {name: at for at, name in enumerate(places, 1)}
    lines = []
    for title, (x, y, wide, high) in frames:
        corner, other = _point((x, y)), _point((x + wide, y + high))
        lines.append(rf"\draw[frame] {corner} rectangle {other};")
        if title:
            at = _point((x, y))
            lines.append(rf"\node[anchor=north west, font=\scriptsize] at {at} {{{_text(title)}}};")
    ends = graph.output, *(graph.outputs() if graph.output is None else ())
    for name, place in places.items():
        node = graph.nodes[name]
        kind = node.op if node.is_leaf else "output" if name in ends else "op"
        wide, high = (2 * side / PX_PER_CM for side in place.half)
        size = f"minimum width={wide:.2f}cm, minimum height={high:.2f}cm"
        shape = "" if place.circle or node.is_leaf else ", rounded rectangle"
        inside = _text(place.text if _can_write(place.text) else node.op)
        if node.is_leaf:
            called = f"${symbols[name]}$ " if place.text else ""
            inside = rf"{called}{{\small {_text(place.value)}}}"
        comment = "" if name.isascii() else f" % {name}"
        lines.append(
            rf"\node[{kind}{shape}, {size}] (n{number[name]}) at {_point(place.at)} "
            rf"{{{inside}}};{comment}"
        )
        if place.caption:
            below = rf"(n{number[name]}.south) {{${symbols[name]}$}};"
            lines.append(rf"\node[below, font=\scriptsize] at {below}")
        for style, anchor, text in zip(
            ("value", "gradient"), ("south west", "north west"), place.result, strict=True
        ):
            if text:
                beside = rf"(n{number[name]}.east) {{{_text(text)}}};"
                lines.append(rf"\node[{style}, anchor={anchor}, xshift=4pt] at {beside}")
    for edge, (value, gradient) in texts.items():
        target = places[edge.target]
        port = target.ports[edge.port] if edge.port < len(target.ports) else (-target.half[0], 0.0)
        end = _point((target.at[0] + port[0], target.at[1] + port[1]))
        labels = "".join(
            rf" node[{style}, pos={_LABEL_AT}] {{{_text(text)}}}"
            for style, text in (("value", value), ("gradient", gradient))
            if text
        )
        lines.append(rf"\draw[edge] (n{number[edge.source]}) to[out=0, in=180]{labels} {end};")
    return _DOCUMENT.replace("%s", "\n".join(lines))


def _point(at: Point) -> str:
    return f"({at[0] / PX_PER_CM:.3f}, {-at[1] / PX_PER_CM:.3f})"


def _text(text: str) -> str:
    """Return plain text as LaTeX writes it: what it has no letter for is left as a sign."""
    pieces = []
    for sign in text:
        if sign in _SYMBOLS:
            pieces.append(f"${_SYMBOLS[sign]}$")
        elif sign in "₀₁₂₃₄₅₆₇₈₉":
            pieces.append(f"$_{ord(sign) - ord('₀')}$")
        elif sign in r"\{}$&#^_%~":
            pieces.append(
                {"\\": r"\textbackslash{}", "^": r"\^{}", "~": r"\~{}"}.get(sign, "\\" + sign)
            )
        elif sign.isascii():
            pieces.append(sign)
        else:
            pieces.append("?")
    return "".join(pieces).replace("$$", "")


def _can_write(text: str) -> bool:
    return all(sign.isascii() or sign in _SYMBOLS or sign in "₀₁₂₃₄₅₆₇₈₉" for sign in text)
