"""The fields of an item that is not answered on the canvas: lines to type into, and choices."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QButtonGroup,
    QCheckBox,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from gradstudio.gui import style
from gradstudio.gui.lab_session import MOST_LETTERS, SIGNS, LabSession
from gradstudio.gui.panels.facts import restyle
from gradstudio.gui.readable import formula_text
from gradstudio.gui.wording import core_text, language
from gradstudio.lab.items import Blank


class LineField(QWidget):
    """One line to type into, with its label before it and a sign behind it."""

    check_wanted = Signal()

    def __init__(self, lab: LabSession, item: str, blank: Blank, parent: QWidget) -> None:
        super().__init__(parent)
        self._lab, self._item, self.blank = lab, item, blank
        self.label = QLabel(core_text(blank.label), self)
        self.label.setTextFormat(Qt.TextFormat.PlainText)
        self.line = QLineEdit(self)
        self.line.setMaxLength(MOST_LETTERS)
        self.line.setFont(style.code_font())
        self.line.setAccessibleName(core_text(blank.label))
        self.line.setProperty("lab", True)
        self.line.textEdited.connect(lambda text: lab.type(item, blank.id, text))
        self.line.returnPressed.connect(self.check_wanted)
        self.sign = QLabel(self)
        self.sign.setFixedWidth(self.fontMetrics().horizontalAdvance("✓ "))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self.label)
        row.addWidget(self.line, 1)
        row.addWidget(self.sign)

    @property
    def fields(self) -> list[QWidget]:
        """What takes the keyboard, in order."""
        return [self.line]

    def refresh(self) -> None:
        """Show what stands in it, and what was said of it."""
        text = self._lab.text(self._item, self.blank.id)
        if self.line.text() != text:
            self.line.setText(text)
        verdict = self._lab.verdict(self._item, self.blank.id)
        self.sign.setText("" if verdict is None else SIGNS.get(verdict, ""))
        self.line.setReadOnly(self._lab.finished(self._item))
        restyle(self.line, "verdict", "" if verdict is None else verdict.value)


class Option(QWidget):
    """A button with a text beside it that wraps, as a button's own does not."""

    def __init__(self, button: QAbstractButton, text: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.button = button
        button.setParent(self)
        button.setAccessibleName(text)
        said = _Clicked(button, self)
        said.setText(text)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        row.addWidget(button, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(said, 1)


class _Clicked(QLabel):
    """A text that presses the button it belongs to."""

    def __init__(self, button: QAbstractButton, parent: QWidget) -> None:
        super().__init__(parent)
        self._button = button
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(True)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._button.isEnabled():
            self._button.click()


class ChoiceField(QWidget):
    """Options to choose one of, or several."""

    check_wanted = Signal()

    def __init__(self, lab: LabSession, item: str, blank: Blank, parent: QWidget) -> None:
        super().__init__(parent)
        self._lab, self._item, self.blank = lab, item, blank
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(5)
        self.group = QButtonGroup(self)
        self.group.setExclusive(not blank.several)
        self.options: dict[str, QAbstractButton] = {}
        for id, text in blank.options.items():
            button: QAbstractButton = QCheckBox() if blank.several else QRadioButton()
            said = with_plain_formulas(text.of(language()))
            column.addWidget(Option(button, said, self))
            self.group.addButton(button)
            self.options[id] = button
            button.clicked.connect(self._take)

    @property
    def fields(self) -> list[QWidget]:
        """What takes the keyboard, in order."""
        return list(self.options.values())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.check_wanted.emit()
        else:
            super().keyPressEvent(event)

    def _take(self) -> None:
        chosen = [id for id, button in self.options.items() if button.isChecked()]
        self._lab.type(self._item, self.blank.id, " ".join(chosen))

    def refresh(self) -> None:
        """Show what is chosen, and what was said of it."""
        chosen = self._lab.text(self._item, self.blank.id).split()
        self.group.setExclusive(False)
        for id, button in self.options.items():
            button.setChecked(id in chosen)
            button.setEnabled(not self._lab.finished(self._item))
        self.group.setExclusive(not self.blank.several)


def with_plain_formulas(text: str) -> str:
    """Return one line of Markdown as plain text: its formulas readable, its marks left out."""
    parts = text.split("$")
    plain = [formula_text(part) if at % 2 else part for at, part in enumerate(parts)]
    return "".join(plain).replace("**", "").replace("`", "")


def field_of(lab: LabSession, item: str, blank: Blank, parent: QWidget) -> LineField | ChoiceField:
    """Return what a blank is filled in with."""
    if blank.options:
        return ChoiceField(lab, item, blank, parent)
    return LineField(lab, item, blank, parent)
