"""The sheet of keys: every key of the menus and of the canvas, and what the mouse does there.

It is made from the tables that the menus, the canvas and the window themselves are run by.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QFont, QGuiApplication, QKeyEvent, QTextDocument
from PySide6.QtPrintSupport import QPrintDialog, QPrinter
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QHeaderView,
    QLabel,
    QLineEdit,
    QPushButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from gradstudio.gui import style
from gradstudio.gui.canvas.keys import KEYS
from gradstudio.gui.canvas.mouse import MOUSE
from gradstudio.gui.orders import Order, keys_text
from gradstudio.gui.search import find

WIDTH_PX, HEIGHT_PX = 860, 640
GAP = 2


@dataclass(frozen=True)
class Section:
    """Keys that belong together.

    Args:
        title: where they hold.
        rows: what is done, and with which keys.
    """

    title: str
    rows: tuple[tuple[str, str], ...]


def sections(orders: Iterable[Order]) -> list[Section]:
    """Return all keys, in the present language: the canvas first, then menu by menu."""
    canvas = tuple(
        (QCoreApplication.translate("CanvasKeys", row.text), keys_text(row.sequences()))
        for row in KEYS
        if row.text
    )
    mouse = tuple(
        (
            QCoreApplication.translate("CanvasMouse", what),
            QCoreApplication.translate("CanvasMouse", how),
        )
        for how, what in MOUSE
    )
    found = [
        Section(QCoreApplication.translate("ShortcutSheet", "On the canvas"), canvas),
        Section(QCoreApplication.translate("ShortcutSheet", "With the mouse on the canvas"), mouse),
    ]
    by_menu: dict[str, list[tuple[str, str]]] = {}
    for order in orders:
        if order.keys:
            by_menu.setdefault(order.menu[0], []).append((order.text, order.keys))
    found += [Section(menu, tuple(rows)) for menu, rows in by_menu.items()]
    return found


def plain_text(all_sections: Sequence[Section]) -> str:
    """Return the sheet as text in columns, for a printer or a file."""
    wide = max((_columns(keys) for one in all_sections for _, keys in one.rows), default=0) + GAP
    parts = []
    for section in all_sections:
        lines = [f"{keys}{' ' * (wide - _columns(keys))}{what}" for what, keys in section.rows]
        parts.append("\n".join((section.title, *lines)))
    return "\n\n".join(parts) + "\n"


def _columns(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(one) in "WF" else 1 for one in text)


class ShortcutSheet(QDialog):
    """Shows the sheet, narrowed down to what is searched for."""

    def __init__(self, all_sections: Sequence[Section], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Keys and gestures"))
        self._sections = all_sections
        self.field = QLineEdit(self)
        self.field.setClearButtonEnabled(True)
        self.field.setPlaceholderText(self.tr("Search for a key or for what it does"))
        self.field.setAccessibleName(self.tr("Search for a key or for what it does"))
        self.field.textChanged.connect(self._search)
        self.tree = QTreeWidget(self)
        self.tree.setColumnCount(2)
        self.tree.setHeaderHidden(True)
        self.tree.setRootIsDecorated(False)
        self.tree.setIndentation(12)
        self.tree.setUniformRowHeights(True)
        self.tree.setProperty("airy", True)
        self.tree.setItemsExpandable(False)
        self.tree.setAccessibleName(self.tr("Keys and gestures"))
        self.tree.header().setStretchLastSection(False)
        self.tree.header().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self.tree.header().setSectionResizeMode(1, QHeaderView.ResizeMode.ResizeToContents)
        self._nothing = QLabel(self.tr("No key does that."), self)
        self._nothing.setProperty("role", "muted")
        self.copy_button = QPushButton(self.tr("Copy as text"), self)
        self.print_button = QPushButton(self.tr("Print…"), self)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close, self)
        for button, do in ((self.copy_button, self._copy), (self.print_button, self._print)):
            button.setAutoDefault(False)
            button.clicked.connect(do)
            buttons.addButton(button, QDialogButtonBox.ButtonRole.ActionRole)
        buttons.rejected.connect(self.close)
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 14, 14, 12)
        column.addWidget(self.field)
        column.addWidget(self.tree, 1)
        column.addWidget(self._nothing)
        column.addWidget(buttons)
        self.resize(WIDTH_PX, HEIGHT_PX)
        self._search()
        self.field.setFocus()

    def shown(self) -> list[Section]:
        """Return what was found."""
        words = self.field.text()
        found = []
        for section in self._sections:
            titled = bool(words.strip()) and find(words, section.title) is not None
            rows = [row for row in section.rows if titled or any(find(words, one) for one in row)]
            if rows:
                found.append(Section(section.title, tuple(rows)))
        return found

    def _search(self) -> None:
        found = self.shown()
        self.tree.clear()
        bold = QFont(self.tree.font())
        bold.setBold(True)
        for section in found:
            top = QTreeWidgetItem(self.tree, [section.title])
            top.setFont(0, bold)
            top.setFirstColumnSpanned(True)
            for what, keys in section.rows:
                row = QTreeWidgetItem(top, [what, keys])
                row.setToolTip(0, what)
                row.setTextAlignment(1, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.tree.expandAll()
        self.tree.setVisible(bool(found))
        self._nothing.setVisible(not found)

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(plain_text(self.shown()))

    def _print(self) -> None:
        printer = PrinterToUse.ask(self)
        if printer is not None:
            page = QTextDocument(self)
            page.setDefaultFont(style.code_font())
            page.setPlainText(plain_text(self.shown()))
            page.print_(printer)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Down, Qt.Key.Key_PageDown) and self.field.hasFocus():
            self.tree.setFocus(Qt.FocusReason.TabFocusReason)
            self.tree.setCurrentIndex(self.tree.model().index(0, 0))
        elif event.key() == Qt.Key.Key_Escape and self.field.text():
            self.field.clear()
            self.field.setFocus()
        else:
            super().keyPressEvent(event)


class PrinterToUse(QPrintDialog):
    """Asks for a printer."""

    @classmethod
    def ask(cls, parent: QWidget) -> QPrinter | None:
        """Return the printer chosen, or None."""
        printer = QPrinter(QPrinter.PrinterMode.HighResolution)
        dialog = cls(printer, parent)
        chosen = dialog.exec() == QDialog.DialogCode.Accepted
        dialog.deleteLater()
        return printer if chosen else None
