"""The palette: every op that can be put on the canvas, by group, found by any of its names."""

from __future__ import annotations

import html
from itertools import pairwise

from PySide6.QtCore import QCoreApplication, QEvent, QMimeData, QPoint, QSize, Qt, Signal
from PySide6.QtGui import QDrag, QKeyEvent, QMouseEvent, QPixmap, QResizeEvent
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QGridLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from gradstudio.gui import style
from gradstudio.gui.canvas.splice import OP_MIME
from gradstudio.gui.panels.facts import heading
from gradstudio.gui.search import ranked
from gradstudio.gui.vocabulary import Titles, known_as
from gradstudio.ops import REGISTRY, Op

COLUMNS = 2
SPACING_PX = 4
CHIP_SIZE = 0.885
"""The size of a chip's text, as a part of the text's: 11.5 px where that has 13."""
CHIP_PADDING_PX = 10
MARGIN_PX, MARGIN_RIGHT_PX = 10, 3


class Chip(QPushButton):
    """One op: drag it to the canvas, or double click it."""

    wanted = Signal(str)

    def __init__(self, op: type[Op], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.op = op
        self._text = ""
        self._pressed_at: QPoint | None = None
        self.setProperty("chip", True)
        self.setObjectName(f"chip_{op.name}")
        self.setAutoDefault(False)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setFont(style.scaled(self.font(), CHIP_SIZE))

    def retranslate(self) -> None:
        """Write the title and the tool tip in the present language."""
        title = QCoreApplication.translate("ops", self.op.title)
        symbol = self.op.symbol
        # A sign helps to find an op again; a word beside the title would only repeat it.
        is_word = len(symbol) > 1 and (symbol.isascii() or " " in symbol)
        self._text = title if is_word else f"{symbol} {title}"
        teaching = QCoreApplication.translate("ops", self.op.teaching)
        # What the formula calls it is worth knowing where the title is another word.
        head = title if title == self.op.name else f"{title} ({self.op.name})"
        said = self.tr("{op}: {teaching}").format(op=head, teaching=teaching) if teaching else head
        # As rich text it wraps; what is escaped cannot be read as anything but text.
        self.setToolTip(f"<p>{html.escape(said)}</p>")
        self.setAccessibleName(title)
        self.setAccessibleDescription(teaching)
        self.updateGeometry()
        self._fit()

    @property
    def needed_px(self) -> int:
        """The width in which its text is whole."""
        return self.fontMetrics().horizontalAdvance(self._text) + CHIP_PADDING_PX

    def sizeHint(self) -> QSize:
        # Chinese letters are higher than the font's own; all chips of a language are of one height.
        group = QCoreApplication.translate("ops", self.op.group)
        return QSize(86, self.fontMetrics().size(Qt.TextFlag.TextSingleLine, group).height() + 10)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        room = max(self.width() - CHIP_PADDING_PX, 20)
        self.setText(self.fontMetrics().elidedText(self._text, Qt.TextElideMode.ElideRight, room))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._pressed_at = event.position().toPoint()
        super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._pressed_at is None:
            return
        moved = (event.position().toPoint() - self._pressed_at).manhattanLength()
        if moved >= QApplication.startDragDistance():
            self._drag(self._pressed_at)

    def _drag(self, hot_spot: QPoint) -> None:
        self._pressed_at = None
        self.setDown(False)
        data = QMimeData()
        data.setData(OP_MIME, self.op.name.encode())
        drag = QDrag(self)
        drag.setMimeData(data)
        picture = QPixmap(self.size() * self.devicePixelRatioF())
        picture.setDevicePixelRatio(self.devicePixelRatioF())
        picture.fill(Qt.GlobalColor.transparent)
        self.render(picture, QPoint())
        drag.setPixmap(picture)
        drag.setHotSpot(hot_spot)
        drag.exec(Qt.DropAction.CopyAction)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._pressed_at = None
        super().mouseReleaseEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.wanted.emit(self.op.name)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.wanted.emit(self.op.name)
        else:
            super().keyPressEvent(event)


class _Group:
    """A heading and the chips below it."""

    def __init__(self, name: str, ops: list[type[Op]], parent: QWidget) -> None:
        self.name = name
        self.heading = heading(parent)
        self.chips = [Chip(op, parent) for op in ops]
        self.grid = QGridLayout()
        self.grid.setSpacing(SPACING_PX)
        for column in range(COLUMNS):
            self.grid.setColumnStretch(column, 1)

    def show_only(self, found: set[str], width: int) -> None:
        """Lay out the chips of `found` alone, in columns that are `width` px wide.

        What is longer has a row of its own, after the others.
        """
        for chip in self.chips:
            self.grid.removeWidget(chip)
        some = [chip for chip in self.chips if chip.op.name in found]
        short = [chip for chip in some if chip.needed_px <= width]
        long = [chip for chip in some if chip.needed_px > width]
        for place, chip in enumerate(short):
            self.grid.addWidget(chip, *divmod(place, COLUMNS))
        first = -(-len(short) // COLUMNS)
        for row, chip in enumerate(long, start=first):
            self.grid.addWidget(chip, row, 0, 1, COLUMNS)
        shown = [*short, *long]
        for before, after in pairwise(shown):
            QWidget.setTabOrder(before, after)
        for chip in self.chips:
            chip.setVisible(chip.op.name in found)
        self.heading.setVisible(bool(shown))


class Palette(QFrame):
    """All listed ops as chips, with a search field above them.

    Args:
        titles: gives, for a context and a text, the text in every language.
        parent: the widget it lies in.
    """

    wanted = Signal(str)
    """The name of an op that was double clicked, or chosen with Enter."""

    def __init__(self, titles: Titles, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._titles = titles
        self.setProperty("box", "panel")
        self.search = QLineEdit(self)
        self.search.setObjectName("palette_search")
        self.search.setClearButtonEnabled(True)
        self.search.textChanged.connect(self._filter)
        self.search.returnPressed.connect(self._add_first)
        self._nothing = QLabel(self)
        self._nothing.setProperty("role", "muted")
        self._nothing.setWordWrap(True)
        self._nothing.hide()

        inside = QWidget()
        self._column = column = QVBoxLayout(inside)
        column.setSpacing(5)
        self._found: set[str] = set()
        self._allowed: frozenset[str] | None = None
        self._column_px = 0
        self._groups: list[_Group] = []
        for name, ops in _by_group().items():
            group = _Group(name, ops, inside)
            column.addWidget(group.heading)
            column.addLayout(group.grid)
            column.addSpacing(7)
            self._groups.append(group)
            for chip in group.chips:
                chip.wanted.connect(self.wanted)
        column.addStretch(1)
        self._area = QScrollArea(self)
        self._area.setWidget(inside)
        self._area.setWidgetResizable(True)
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._area.verticalScrollBar().rangeChanged.connect(self._end_below_search)
        self._end_below_search(0, 0)

        top = QVBoxLayout()
        top.setContentsMargins(MARGIN_PX, 10, MARGIN_PX, 6)
        top.addWidget(self.search)
        top.addWidget(self._nothing)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        outer.addLayout(top)
        outer.addWidget(self._area, 1)
        self.retranslate()
        self._filter("")

    def _end_below_search(self, least: int, most: int) -> None:
        """Let the chips end where the search field does, or else the scroll bar beside them."""
        right = MARGIN_RIGHT_PX if most > least else MARGIN_PX
        self._column.setContentsMargins(MARGIN_PX, 0, right, 12)

    def chips(self) -> list[Chip]:
        """Return the chips that are shown, group by group."""
        return [chip for group in self._groups for chip in group.chips if not chip.isHidden()]

    def allow(self, ops: frozenset[str] | None) -> None:
        """Offer these ops alone; None offers all of them."""
        if ops != self._allowed:
            self._allowed = ops
            self._say_nothing()
            self._filter(self.search.text())

    def focus_search(self) -> None:
        """Put the keyboard into the search field."""
        self.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.search.selectAll()

    def retranslate(self) -> None:
        """Write all texts in the present language."""
        self.search.setPlaceholderText(self.tr("Search nodes (Tab)"))
        self.search.setAccessibleName(self.tr("Search nodes"))
        self._say_nothing()
        for group in self._groups:
            group.heading.setText(QCoreApplication.translate("ops", group.name).upper())
            for chip in group.chips:
                chip.retranslate()
        self._lay_out_chips()

    def _say_nothing(self) -> None:
        self._nothing.setText(
            self.tr("No node is called that.")
            if self._allowed is None or self._allowed
            else self.tr("There is nothing to build in this lab.")
        )

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Down and self.search.hasFocus() and self.chips():
            self.chips()[0].setFocus(Qt.FocusReason.TabFocusReason)
        elif event.key() == Qt.Key.Key_Escape and self.search.text():
            self.search.clear()
        else:
            super().keyPressEvent(event)

    def _filter(self, text: str) -> None:
        self._found = set(self._ranked(text))
        self._lay_out_chips()
        self._nothing.setVisible(not self._found)
        self._area.verticalScrollBar().setValue(0)

    def _ranked(self, text: str) -> list[str]:
        """Return the names of the ops that `text` finds, the best first."""
        allowed = self._allowed
        ops = [
            chip.op
            for group in self._groups
            for chip in group.chips
            if allowed is None or chip.op.name in allowed
        ]
        found = ranked(text, ops, lambda op: known_as(op, self._titles), lambda op: op.name)
        return [op.name for op, _ in found]

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._column_width() != self._column_px:
            self._lay_out_chips()

    def _column_width(self) -> int:
        # The scroll bar may come and go; the chips stay where they are.
        bar = self._area.verticalScrollBar().sizeHint().width()
        room = self.width() - bar - MARGIN_PX - MARGIN_RIGHT_PX - (COLUMNS - 1) * SPACING_PX
        return room // COLUMNS

    def _lay_out_chips(self) -> None:
        self._column_px = self._column_width()
        for group in self._groups:
            group.show_only(self._found, self._column_px)
        # Now, so that no text is cut to the width its chip had before.
        self._column.activate()

    def _add_first(self) -> None:
        text = self.search.text()
        found = self._ranked(text) if text.strip() else []
        if found:
            self.wanted.emit(found[0])
            self.search.clear()


def _by_group() -> dict[str, list[type[Op]]]:
    groups: dict[str, list[type[Op]]] = {}
    for op in REGISTRY.values():
        if op.listed:
            groups.setdefault(op.group, []).append(op)
    return groups
