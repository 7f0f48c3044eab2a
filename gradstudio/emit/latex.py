"""A graph as a LaTeX document: its forward equations, and the chain rule for each gradient.

The factors of the chain rule are the recorded rules of the ops, as in the code, where they are
short enough to be read; else the rule stands there with its symbols alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from gradstudio.emit.calls import backward
from gradstudio.emit.mathematics import (
    LONGEST,
    SUM,
    Math,
    TooLongError,
    number_written,
    op_written,
    written,
)
from gradstudio.emit.outline import Outline
from gradstudio.emit.symbols import symbols_of
from gradstudio.graph import Graph

ROWS_OF_A_BLOCK = 20

_DOCUMENT = r"""\documentclass{article}
\usepackage{amsmath,amssymb}
\allowdisplaybreaks
%s\begin{document}

%s

\end{document}
"""


def to_latex(graph: Graph, *, numbers: bool = True) -> str:
    """Return a document that LaTeX compiles as it is.

    Args:
        graph: its output may be an array, and then has no gradient.
        numbers: whether to write the value of what is one number.

    Raises:
        GradStudioError: there is no one output, or it has no value; the message names the node.
    """
    return _Document(Outline.of(graph), numbers).text()


class _Document:
    """One document in the making.

    Args:
        outline: of the graph.
        numbers: whether values are written.
    """

    def __init__(self, outline: Outline, numbers: bool) -> None:
        self._outline = outline
        self._numbers = numbers
        self._symbols = symbols_of(outline.order)

    def text(self) -> str:
        """Return the text."""
        outline = self._outline
        rows = [self._leaf(name) for name in outline.leaves if outline.literal(name) is None]
        rows += [self._forward(name) for name in outline.steps]
        blocks = [r"\section*{Forward pass}", *_aligned(rows)]
        if outline.found.backward:
            blocks += [r"\section*{Backward pass}", *_aligned(self._backward())]
        return _DOCUMENT % (self._legend(), "\n\n".join(blocks))

    def _legend(self) -> str:
        """Return comments that say what stands for names LaTeX cannot write."""
        return "".join(
            f"% {symbol} is {name}\n"
            for name, symbol in self._symbols.items()
            if not name.isascii()
        )

    def _leaf(self, name: str) -> str:
        value = self._outline.value(name)
        shape = np.shape(value)
        if not shape and self._numbers:
            return f"{self._symbols[name]} &= {number_written(value).text}"
        space = r" \times ".join(map(str, shape))
        return rf"{self._symbols[name]} &\in \mathbb{{R}}" + f"^{{{space}}}" * bool(shape)

    def _value(self, value: Any) -> str:
        if not self._numbers or np.shape(value):
            return ""
        text = f"{float(value):.4g}"
        sign = "=" if float(text) == float(value) else r"\approx"
        return f" {sign} {number_written(text).text}"

    def _inputs(self, name: str) -> list[Math]:
        outline = self._outline
        return [
            Math(self._symbols[source]) if number is None else number_written(number)
            for source in outline.inputs(name)
            for number in [outline.literal(source)]
        ]

    def _forward(self, name: str) -> str:
        outline = self._outline
        node = outline.node(name)
        values = [outline.value(source) for source in outline.inputs(name)]
        written = op_written(node.rules, self._inputs(name), values, node.settings)
        return f"{self._symbols[name]} &= {written.text}{self._value(outline.value(name))}"

    def _partial(self, of: str, by: str) -> str:
        return rf"\frac{{\partial {self._symbols[of]}}}{{\partial {self._symbols[by]}}}"

    def _backward(self) -> list[str]:
        """Write the gradient of every node, the output's first."""
        outline = self._outline
        output = outline.output
        terms: dict[str, dict[str, None]] = {}
        factors: dict[str, list[Math | None]] = {}
        rows = [f"{self._partial(output, output)} &= 1"]
        for name in outline.found.backward:
            if name != output:
                rows.append(self._gradient(name, tuple(terms[name]), factors[name]))
            inputs = outline.inputs(name)
            ports = [
                port for port in range(len(inputs)) if (name, port) in outline.found.edge_grads
            ]
            for port, factor in zip(ports, self._factors(name, ports), strict=True):
                source = inputs[port]
                chain = rf"{self._partial(output, name)}\,{self._partial(name, source)}"
                # Of an op that takes a node twice the total derivative holds both ways.
                terms.setdefault(source, {})[chain] = None
                factors.setdefault(source, []).append(factor)
        return rows

    def _gradient(self, name: str, terms: Sequence[str], factors: Sequence[Math | None]) -> str:
        row = f"{self._partial(self._outline.output, name)} &= {' + '.join(terms)}"
        known = [factor for factor in factors if factor is not None]
        if len(known) == len(factors) and sum(len(one.text) for one in known) <= LONGEST:
            total = known[0].text
            for factor in known[1:]:
                minus = factor.text.startswith("-")
                total += f" {factor.text}" if minus else f" + {factor.held(SUM)}"
            row += f" \\\\\n&= {total}"
        return row + self._value(self._outline.found.grads[name])

    def _factors(self, name: str, ports: Sequence[int]) -> list[Math | None]:
        """Return what flows back to each port, or None where that is too long to read."""
        outline = self._outline
        node = outline.node(name)
        if node.is_leaf:
            return []
        inputs = outline.inputs(name)
        parts = backward(
            node.rules,
            outline.value(name),
            [outline.value(source) for source in inputs],
            [outline.literal(source) for source in inputs],
            node.settings,
            fitted=True,
        )
        symbols = {str(port): piece for port, piece in enumerate(self._inputs(name))}
        symbols["g"] = Math(self._partial(outline.output, name))
        symbols["out"] = Math(self._symbols[name])
        found: list[Math | None] = []
        for port in ports:
            try:
                found.append(written(parts[port], symbols))
            except TooLongError:
                found.append(None)
        return found


def _aligned(rows: Sequence[str]) -> list[str]:
    """Return the rows in environments of a length that LaTeX can hold."""
    return [
        "\\begin{align*}\n"
        + " \\\\\n".join(rows[start : start + ROWS_OF_A_BLOCK])
        + "\n\\end{align*}"
        for start in range(0, len(rows), ROWS_OF_A_BLOCK)
    ]
