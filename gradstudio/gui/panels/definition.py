"""An op the document defines for itself: its formulas, and whether its backward ones are right."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from gradstudio.engine.definitions import Verdict, verdicts
from gradstudio.gui import style
from gradstudio.gui.panels.facts import Words, label
from gradstudio.gui.wording import error_text
from gradstudio.node import Definition
from gradstudio.numbers import number_text


class DefinitionCard(QWidget):
    """Shows a definition and what the finite differences say of it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._definition: Definition | None = None
        card = QFrame(self)
        card.setProperty("box", "card")
        self.formulas = label(parent=card)
        self.formulas.setFont(style.code_font())
        self.formulas.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        inside = QVBoxLayout(card)
        inside.setContentsMargins(9, 7, 9, 7)
        inside.addWidget(self.formulas)
        self.verdict = Words(self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(card)
        column.addWidget(self.verdict)

    def show_definition(self, definition: Definition) -> None:
        """Show `definition`; what is shown already is not checked again."""
        if definition is not self._definition:
            self._definition = definition
            self._write()

    def retranslate(self) -> None:
        """Write the verdict in the present language."""
        if self._definition is not None:
            self._write()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)

    def _write(self) -> None:
        definition = self._definition
        assert definition is not None
        lines = [f"out = {definition.forward.text}"]
        for port, piece in zip(definition.inputs, definition.backward, strict=True):
            lines.append(f"∂L/∂{port} = {piece.text}")
        self.formulas.setText("\n".join(lines))
        wrong = [one for one in verdicts(definition) if not one.right]
        if wrong:
            self.verdict.say("\n".join(map(self._wrong, wrong)), "error")
        else:
            self.verdict.say(self.tr("✓ Finite differences agree with every formula."), "good")

    def _wrong(self, verdict: Verdict) -> str:
        if verdict.reason is not None:
            reason = error_text(verdict.reason)
            text = self.tr("∂L/∂{port} could not be checked: {reason}")
            return text.format(port=verdict.port, reason=reason)
        assert verdict.worst is not None
        given, wanted = map(number_text, verdict.worst)
        text = self.tr("∂L/∂{port} is wrong: it gives {given} where differences give {wanted}.")
        return text.format(port=verdict.port, given=given, wanted=wanted)
