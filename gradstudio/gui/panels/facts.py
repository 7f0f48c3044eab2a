"""The small parts panels are made of: headings, boxed words, and the table of numbers."""

from __future__ import annotations

import html
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from gradstudio.gui import style
from gradstudio.numbers import hover_text, number_text
from gradstudio.ops import Array, Shape, shape_text


def label(role: str = "", parent: QWidget | None = None) -> QLabel:
    """Return a label for plain text that wraps; `role` is what the style sheet knows it by."""
    made = QLabel(parent)
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.setWordWrap(True)
    if role:
        made.setProperty("role", role)
    return made


def heading(parent: QWidget | None = None) -> QLabel:
    """Return a label for the small heading of a section."""
    made = label("heading", parent)
    made.setContentsMargins(0, 8, 0, 0)
    font = made.font()
    font.setPointSizeF(font.pointSizeF() * style.SMALL_PT)
    made.setFont(font)
    return made


def restyle(widget: QWidget, name: str, value: object) -> None:
    """Let the style sheet see `widget` with another value of a property."""
    if widget.property(name) != value:
        widget.setProperty(name, value)
        widget.style().unpolish(widget)
        widget.style().polish(widget)


def plain_tip(text: str) -> str:
    """Return a tool tip that shows `text` as it is, whatever characters are in it."""
    return f"<pre>{html.escape(text)}</pre>" if text else ""


class Elided(QLabel):
    """One line of plain text that ends in … where there is no room."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def minimumSizeHint(self) -> QSize:
        return QSize(20, super().minimumSizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        text = self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, self.width())
        painter.drawText(self.rect(), int(self.alignment()), text)


class Words(QFrame):
    """A sentence in a box: an error, a warning, something that is well."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._label = label(parent=self)
        self._label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(9, 6, 9, 6)
        self._column.addWidget(self._label)
        self.hide()

    @property
    def text(self) -> str:
        """What is said."""
        return self._label.text()

    def height_for(self, width: int) -> int:
        """Return how high it must be to be read at `width`."""
        return self._column.totalHeightForWidth(width)

    def say(self, text: str, role: str) -> None:
        """Show `text` as an `error`, a `warning` or something `good`; nothing hides the box."""
        self._label.setText(text)
        restyle(self, "box", role)
        restyle(self._label, "role", role if role in ("error", "warning") else "")
        self.setVisible(bool(text))


@dataclass(frozen=True, slots=True)
class Fact:
    """One row: what it is about and what is known of it."""

    name: str
    shape: Shape | None
    value: Array | None
    gradient: Array | None


class FactTable(QFrame):
    """Rows of shape, value and gradient; the numbers are in full in their tool tips."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("box", "card")
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(9, 7, 9, 7)
        self._grid.setHorizontalSpacing(10)
        self._grid.setVerticalSpacing(5)
        self._grid.setColumnStretch(0, 1)
        self._heads = [label("muted", self) for _ in range(3)]
        for column, head in enumerate(self._heads, start=1):
            head.setWordWrap(False)
            small = head.font()
            small.setPointSizeF(small.pointSizeF() * style.SMALL_PT)
            head.setFont(small)
            align = Qt.AlignmentFlag.AlignLeft if column == 1 else Qt.AlignmentFlag.AlignRight
            self._grid.addWidget(head, 0, column, align)
        self._rows: list[tuple[Elided, QLabel, QLabel, QLabel]] = []
        self._shown = 0

    def set_heads(self, shape: str, value: str, gradient: str) -> None:
        """Say what the columns are called."""
        for head, text in zip(self._heads, (shape, value, gradient), strict=True):
            head.setText(text)

    def set_facts(self, facts: list[Fact]) -> None:
        """Show `facts`, one a row."""
        while len(self._rows) < len(facts):
            self._add_row()
        for fact, row in zip(facts, self._rows, strict=False):
            name, shape, value, gradient = row
            name.setText(fact.name)
            name.setToolTip(plain_tip(fact.name))
            said = "" if fact.shape is None else shape_text(fact.shape)
            shape.setText(QCoreApplication.translate("core", said))
            for cell, number in ((value, fact.value), (gradient, fact.gradient)):
                cell.setText(_short(number))
                cell.setToolTip("" if number is None else plain_tip(hover_text(number)))
        for at, row in enumerate(self._rows):
            for cell in row:
                cell.setVisible(at < len(facts))
        self._shown = len(facts)

    def texts(self) -> list[tuple[str, ...]]:
        """Return what is written in the rows that are shown."""
        return [tuple(cell.text() for cell in row) for row in self._rows[: self._shown]]

    def _add_row(self) -> None:
        at = len(self._rows) + 1
        row = (Elided(self), label("muted", self), label("value", self), label("gradient", self))
        for column, cell in enumerate(row):
            cell.setWordWrap(False)
            right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
            cell.setAlignment(right if column > 1 else Qt.AlignmentFlag.AlignVCenter)
            if column > 1:
                cell.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            self._grid.addWidget(cell, at, column)
        self._rows.append(row)


def _short(number: Array | None) -> str:
    if number is None:
        return ""
    return "[…]" if number.ndim else number_text(float(number))
