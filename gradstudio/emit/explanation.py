"""The chain rule at a node in words: with symbols, with shapes, with numbers, and as LaTeX."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from gradstudio.emit.symbols import symbols_of
from gradstudio.engine.evaluate import Evaluation
from gradstudio.engine.explain import Term, explain
from gradstudio.engine.shape_argument import broadcast_argument
from gradstudio.node import OUT, UPSTREAM
from gradstudio.numbers import number_text
from gradstudio.ops import Array, shape_text

_TOKEN = re.compile(r"[A-Za-z_][A-Za-z_0-9]*|\S|\s+")
_MATH: Mapping[str, str] = {
    "·": r"\cdot",
    "×": r"\times",
    "÷": "/",
    "−": "-",
    "²": "^2",
    "ᵀ": r"^\top",
    "Σ": r"\sum",
    "√": r"\sqrt",
    "π": r"\pi",
    "σ": r"\sigma",
    "Φ": r"\Phi",
    "φ": r"\varphi",
    "≤": r"\le",
    "→": r"\to",
    "←": r"\leftarrow",
    "@": "",
    "[": r"\left[",
    "]": r"\right]",
    "cos": r"\cos",
    "sin": r"\sin",
    "exp": r"\exp",
    "ln": r"\ln",
}


@dataclass(frozen=True, slots=True)
class Line:
    """The chain rule for one input.

    Args:
        symbols: `∂f/∂w0 = ∂f/∂mul1 · x0`.
        shapes: `(5, 4) → (5, 3)`, the upstream gradient's and the result's, with the axes that
            were summed; empty where all are numbers.
        numbers: `0.1966 × −1 = −0.1966`; arrays stand there by their shape.
        latex: `symbols` as LaTeX mathematics, without delimiters.
    """

    symbols: str
    shapes: str
    numbers: str
    latex: str


def written(evaluation: Evaluation, name: str) -> tuple[Line, ...]:
    """Write out the chain rule at the node `name`: one line for each input a gradient flows to.

    Args:
        evaluation: of the graph.
        name: the node; of a leaf, and of a node no gradient reaches, there are no lines.

    Raises:
        GraphError: there is no such node.

    Example:
        >>> graph = gs.parse("f = x * y", values={"x": 3, "y": 4})
        >>> gs.written(gs.evaluate(graph), "f")[0].symbols
        '∂f/∂x = ∂f/∂f · y'
    """
    terms = explain(evaluation, name).terms
    return tuple(_line(evaluation, name, term) for term in terms)


def _line(evaluation: Evaluation, name: str, term: Term) -> Line:
    output = str(evaluation.output)
    node = evaluation.graph.nodes[name]
    ports = dict(zip(node.rules.ports(len(node.inputs)), node.inputs, strict=True))
    names = {port: str(source) for port, source in ports.items()} | {OUT: name}
    upstream = f"∂{output}/∂{name}"
    symbols = symbols_of(list(dict.fromkeys((output, name, *names.values()))))
    left = rf"\frac{{\partial {symbols[output]}}}{{\partial {symbols[term.source]}}}"
    right = rf"\frac{{\partial {symbols[output]}}}{{\partial {symbols[name]}}}"
    math = {port: symbols[one] for port, one in names.items()} | {UPSTREAM: right}
    summed = broadcast_argument(evaluation, name, list(ports).index(term.port))
    return Line(
        symbols=f"∂{output}/∂{term.source} = {named(term.product, {**names, UPSTREAM: upstream})}",
        shapes=_shapes(term, () if summed is None else summed.axes),
        numbers=_numbers(term),
        latex=f"{left} = {_latex(term.product, math)}",
    )


def named(product: str, names: Mapping[str, str]) -> str:
    """Return a product in symbols with the ports' letters replaced by what `names` says."""
    return "".join(names.get(token, token) for token in _TOKEN.findall(product))


def _latex(product: str, math: Mapping[str, str]) -> str:
    parts = []
    for token in _TOKEN.findall(product):
        if token in math:
            parts.append(math[token])
        elif token in _MATH:
            parts.append(_MATH[token])
        elif len(token) > 1 and token.strip():
            parts.append(rf"\operatorname{{{token}}}".replace("_", r"\_"))
        else:
            parts.append(token)
    return " ".join("".join(f" {part} " for part in parts).split())


def _shapes(term: Term, axes: tuple[int, ...]) -> str:
    up, down = np.shape(term.upstream), np.shape(term.downstream)
    if not up and not down:
        return ""
    text = f"{shape_text(up)} → {shape_text(down)}"
    return f"{text}, Σ {', '.join(map(str, axes))}" if axes else text


def _numbers(term: Term) -> str:
    up, down = _number(term.upstream), _number(term.downstream)
    if term.local_value is None:
        return f"{up} → {down}"
    return f"{up} × {_number(term.local_value)} = {down}"


def _number(value: Array) -> str:
    return shape_text(np.shape(value)) if np.ndim(value) else number_text(float(value))
