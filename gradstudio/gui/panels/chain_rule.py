"""The chain rule at one node, written out: upstream × local = downstream, with the numbers."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QFrame, QLabel, QVBoxLayout, QWidget

from gradstudio.engine.explain import Explanation, Term
from gradstudio.gui import style
from gradstudio.gui.panels.facts import label, plain_tip, restyle
from gradstudio.numbers import hover_text, value_text
from gradstudio.ops import Array

MOST_TERMS = 12


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

    def show_terms(self, explanation: Explanation) -> None:
        """Write out the rule at the node of `explanation`."""
        lines: list[tuple[str, str, str]] = []
        upstream = explanation.output.grad
        needs_g = any(term.product != "g" for term in explanation.terms)
        if explanation.terms and upstream is not None and needs_g:
            lines.append(("muted", f"g = ∂L/∂out = {value_text(upstream)}", hover_text(upstream)))
        for term in explanation.terms[:MOST_TERMS]:
            lines += self._term(term, symbols=needs_g)
        if len(explanation.uses) > 1 and upstream is not None:
            lines += self._sum(explanation, upstream)
        self._write(lines)
        self._head.setVisible(bool(explanation.terms))

    def _term(self, term: Term, *, symbols: bool) -> list[tuple[str, str, str]]:
        tip = hover_text(term.downstream)
        left = f"∂L/∂{term.port}"
        up, down = value_text(term.upstream), value_text(term.downstream)
        if term.local_value is not None:
            local = np.asarray(term.local_value)
            numbers = f"{up} × {_factor(local)} = {down}"
            if term.summed:
                numbers = self.tr("Σ over broadcast axes: {numbers}").format(numbers=numbers)
        elif term.downstream.ndim or term.upstream.ndim:
            numbers = f"{up} → {down}"
        else:
            numbers = down
        if not symbols:
            return [("derivation", f"{left} = {numbers}", tip)]
        return [
            ("muted", f"{left} = {term.product}", ""),
            ("derivation", f"  = {numbers}" if " = " in numbers else f"  {numbers}", tip),
        ]

    def _sum(self, explanation: Explanation, total: Array) -> list[tuple[str, str, str]]:
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

    def _write(self, lines: list[tuple[str, str, str]]) -> None:
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


def _factor(value: Array) -> str:
    text = value_text(value)
    return f"({text})" if text.startswith("−") else text
