"""The small parts panels are made of: headings, boxed words, and the table of numbers."""

from __future__ import annotations

import html
from dataclasses import dataclass

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPixmap, QResizeEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from gradstudio.gui import style
from gradstudio.gui.canvas.figures import heat_map
from gradstudio.gui.theme import LIGHT, Theme
from gradstudio.gui.wording import core_text
from gradstudio.numbers import hover_text, value_text
from gradstudio.ops import Array, Shape, shape_text

HEAT_PX = (40, 14)
"""How large the heat map of an array is at most."""


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
    made.setFont(style.scaled(made.font(), style.SMALL_PT))
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
    """One line of plain text with … where there is no room."""

    def __init__(
        self,
        parent: QWidget | None = None,
        where: Qt.TextElideMode = Qt.TextElideMode.ElideRight,
    ) -> None:
        super().__init__(parent)
        self._where = where
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def minimumSizeHint(self) -> QSize:
        return QSize(20, super().minimumSizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        text = self.fontMetrics().elidedText(self.text(), self._where, self.width())
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


class NumberCell(QLabel):
    """One number in four digits, or a small heat map of an array; in full in its tool tip.

    Args:
        role: `value` or `gradient`.
        theme: the colours of heat maps.
        parent: the widget it lies in.
    """

    def __init__(self, role: str, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setProperty("role", role)
        self._theme = theme
        self._number: Array | None = None

    @property
    def said(self) -> str:
        """What it shows, in words: of a heat map the shape."""
        return "" if self._number is None else value_text(self._number)

    def set_theme(self, theme: Theme) -> None:
        """Paint in the colours of `theme`."""
        self._theme = theme
        self._paint()

    def show_number(self, number: Array | None) -> None:
        """Show `number`, or nothing."""
        if number is not self._number:
            self._number = number
            self._paint()

    def _paint(self) -> None:
        number = self._number
        self.setToolTip("" if number is None else plain_tip(hover_text(number)))
        self.setAccessibleName(self.said)
        if number is None or not number.ndim:
            self.clear()  # an empty text would leave an older picture in its place
            self.setText(self.said)
            return
        heat = heat_map(number, self._theme)
        scale = self.devicePixelRatioF()
        size = QSize(
            *(
                max(room // count, 1) * count
                for room, count in zip(HEAT_PX, (heat.width(), heat.height()), strict=True)
            )
        )
        picture = QPixmap(size * scale)
        picture.setDevicePixelRatio(scale)
        painter = QPainter(picture)
        painter.drawImage(QRect(QPoint(), size), heat)
        painter.setPen(QColor(self._theme.line))
        painter.drawRect(QRect(0, 0, size.width() - 1, size.height() - 1))
        painter.end()
        self.setPixmap(picture)


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
            head.setFont(style.scaled(head.font(), style.SMALL_PT))
            align = Qt.AlignmentFlag.AlignLeft if column == 1 else Qt.AlignmentFlag.AlignRight
            self._grid.addWidget(head, 0, column, align)
        self._rows: list[tuple[Elided, QLabel, NumberCell, NumberCell]] = []
        self._stacked: list[bool | None] = []
        self._shown = 0
        self._theme = LIGHT

    def set_heads(self, shape: str, value: str, gradient: str) -> None:
        """Say what the columns are called."""
        for head, text in zip(self._heads, (shape, value, gradient), strict=True):
            head.setText(text)

    def set_theme(self, theme: Theme) -> None:
        """Paint heat maps in the colours of `theme`."""
        self._theme = theme
        for _, _, value, gradient in self._rows:
            value.set_theme(theme)
            gradient.set_theme(theme)

    def set_facts(self, facts: list[Fact]) -> None:
        """Show `facts`, one a row."""
        while len(self._rows) < len(facts):
            self._add_row()
        for fact, row in zip(facts, self._rows, strict=False):
            name, shape, value, gradient = row
            name.setText(fact.name)
            name.setToolTip(plain_tip(fact.name))
            said = "" if fact.shape is None else shape_text(fact.shape)
            shape.setText(core_text(said))
            for cell, number in ((value, fact.value), (gradient, fact.gradient)):
                cell.show_number(number)
        for at, row in enumerate(self._rows):
            for one in row:
                one.setVisible(at < len(facts))
        self._shown = len(facts)
        self._place()

    def texts(self) -> list[tuple[str, ...]]:
        """Return what is written in the rows that are shown."""
        return [
            (name.text(), shape.text(), value.said, gradient.said)
            for name, shape, value, gradient in self._rows[: self._shown]
        ]

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place()

    def _place(self) -> None:
        """Give a name that has no room beside its numbers a line of its own above them."""
        rows = self._rows[: self._shown]
        margins, gaps = self._grid.contentsMargins(), 3 * self._grid.horizontalSpacing()
        room = self.contentsRect().width() - margins.left() - margins.right() - gaps
        for at, head in enumerate(self._heads, start=1):
            room -= max([head.sizeHint().width(), *(row[at].sizeHint().width() for row in rows)])
        for at, row in enumerate(rows):
            stacked = row[0].fontMetrics().horizontalAdvance(row[0].text()) > room
            if stacked == self._stacked[at]:
                continue
            self._stacked[at] = stacked
            for cell in row:
                self._grid.removeWidget(cell)
            top = 2 * at + 1
            self._grid.addWidget(row[0], top, 0, 1, 4 if stacked else 1)
            for column, cell in enumerate(row[1:], start=1):
                self._grid.addWidget(cell, top + stacked, column)

    def _add_row(self) -> None:
        row = (
            Elided(self, Qt.TextElideMode.ElideMiddle),
            label("muted", self),
            NumberCell("value", self._theme, self),
            NumberCell("gradient", self._theme, self),
        )
        for column, cell in enumerate(row):
            cell.setWordWrap(False)
            right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
            cell.setAlignment(right if column > 1 else Qt.AlignmentFlag.AlignVCenter)
            if column > 1:
                cell.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._rows.append(row)
        self._stacked.append(None)
