"""The chain rule at one node, written out: upstream × local = downstream, with the numbers."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QFrame, QLabel, QVBoxLayout, QWidget

from gradstudio.emit.explanation import named
from gradstudio.engine.evaluate import Evaluation
from gradstudio.engine.explain import Explanation, Term
from gradstudio.engine.shape_argument import (
    BroadcastArgument,
    ShapeArgument,
    broadcast_argument,
    shape_argument,
)
from gradstudio.gui import style
from gradstudio.gui.panels.facts import label, plain_tip, restyle
from gradstudio.node import OUT
from gradstudio.numbers import hover_text, value_text
from gradstudio.ops import Array, shape_text

MOST_TERMS = 12
Line = tuple[str, str, str]
"""How a line looks, its text, and what its tool tip says."""


class ChainRule(QFrame):
    """A card with one equation for each input a gradient flows back to."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("box", "card")
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(9, 7, 9, 7)
        self._column.setSpacing(3)
        self._head = label("muted", self)
        self._column.addWidget(self._head)
        self._lines: list[QLabel] = []
        self._shown = 0
        self.retranslate()

    def retranslate(self) -> None:
        """Write the rule itself in the present language."""
        self._head.setText(self.tr("upstream × local = downstream"))

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)

    def texts(self) -> list[str]:
        """Return the lines that are shown below the rule."""
        return [line.text() for line in self._lines[: self._shown]]

    def show_terms(self, explanation: Explanation, evaluation: Evaluation) -> None:
        """Write out the rule at the node of `explanation`, which is one of `evaluation`."""
        lines: list[Line] = []
        upstream = explanation.output.grad
        node, loss = explanation.output.source or "", evaluation.output or ""
        names = {fact.port: fact.source or "" for fact in explanation.inputs} | {OUT: node}
        symbols = any(term.product != "g" or term.upstream.ndim for term in explanation.terms)
        if explanation.terms and upstream is not None and symbols:
            text = f"g = ∂{loss}/∂{node} = {value_text(upstream)}"
            lines.append(("muted", text, hover_text(upstream)))
        ports = [fact.port for fact in explanation.inputs]
        open_question = False
        for term in explanation.terms[:MOST_TERMS]:
            place = node, ports.index(term.port)
            # The nodes' names, as the graph knows them; the letters of the ports are its own.
            twice = sum(fact.source == term.source for fact in explanation.inputs) > 1
            port = f" [{term.port}]" if twice else ""
            left = f"∂{loss}/∂{term.source}{port}"
            product = named(term.product, names)
            argument = shape_argument(evaluation, *place)
            open_question |= argument is not None and not argument.decides
            lines += self._term(term, f"{left} = ", product, argument, symbols=symbols)
            repeated = broadcast_argument(evaluation, *place) if term.summed else None
            if repeated is not None:
                lines.append(("muted", f"  {self._summed(repeated)}", ""))
        if open_question:
            text = self.tr("Several products fit: here the shapes alone do not decide.")
            lines.append(("muted", text, ""))
        if len(explanation.uses) > 1 and upstream is not None:
            lines += self._sum(explanation, upstream)
        self._write(lines)
        self._head.setVisible(bool(explanation.terms))

    def _term(
        self,
        term: Term,
        left: str,
        product: str,
        argument: ShapeArgument | None,
        *,
        symbols: bool,
    ) -> list[Line]:
        tip = hover_text(term.downstream)
        up, down = value_text(term.upstream), value_text(term.downstream)
        if term.upstream.ndim or term.downstream.ndim:
            return [
                ("muted", f"{left}{product}", ""),
                ("derivation", f"  {_shapes(term, argument)}", tip),
            ]
        numbers = down
        if term.local_value is not None:
            numbers = f"{up} × {_factor(np.asarray(term.local_value))} = {down}"
        if not symbols:
            return [("derivation", f"{left}{numbers}", tip)]
        return [
            ("muted", f"{left}{product}", ""),
            ("derivation", f"  = {numbers}" if " = " in numbers else f"  {numbers}", tip),
        ]

    def _summed(self, repeated: BroadcastArgument) -> str:
        if len(repeated.axes) == 1:
            text = self.tr("Σ over axis {axis}, along which it was repeated")
            return text.format(axis=repeated.axes[0])
        axes = ", ".join(map(str, repeated.axes))
        return self.tr("Σ over axes {axes}, along which it was repeated").format(axes=axes)

    def _sum(self, explanation: Explanation, total: Array) -> list[Line]:
        parts = [_factor(np.asarray(grad)) for _, _, grad in explanation.uses]
        shown = " + ".join(parts[:6]) + (" + …" if len(parts) > 6 else "")
        users = ", ".join(f"{node}.{port}" for node, port, _ in explanation.uses[:6])
        more = ", …" if len(explanation.uses) > 6 else ""
        return [
            (
                "muted",
                self.tr("used {count} times: the sum").format(count=len(parts)),
                users + more,
            ),
            ("derivation", f"g = {shown} = {value_text(total)}", hover_text(total)),
        ]

    def _write(self, lines: list[Line]) -> None:
        while len(self._lines) < len(lines):
            line = label("derivation", self)
            line.setFont(style.code_font())
            line.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            self._column.addWidget(line)
            self._lines.append(line)
        for line, (role, text, tip) in zip(self._lines, lines, strict=False):
            restyle(line, "role", role)
            line.setText(text)
            line.setToolTip(plain_tip(tip))
        for at, line in enumerate(self._lines):
            line.setVisible(at < len(lines))
        self._shown = len(lines)


def _shapes(term: Term, argument: ShapeArgument | None) -> str:
    """Return the product with the shapes of its factors in place of their symbols."""
    up, down = value_text(term.upstream), value_text(term.downstream)
    if argument is not None:
        (right,) = (one for one in argument.candidates if one.right)
        left, other = map(shape_text, right.shapes)
        return f"{left} @ {other} → {down}"
    if term.local_value is None:
        return f"{up} → {down}"
    local = np.asarray(term.local_value)
    product = f"{up} {'⊙' if local.ndim else '×'} {_factor(local)}"
    shown = up if term.local == "1" else product
    return f"{shown} → {down}" if term.summed else shown


def _factor(value: Array) -> str:
    text = value_text(value)
    return f"({text})" if text.startswith("−") else text
