"""The editor of a leaf's array: a grid like a spreadsheet's, or nested lists beyond two axes."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
from PySide6.QtCore import (
    QAbstractTableModel,
    QEvent,
    QModelIndex,
    QPersistentModelIndex,
    Qt,
    Signal,
)
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QSpinBox,
    QStackedWidget,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from gradstudio.emit.literals import lists_text
from gradstudio.errors import GradStudioError, mark
from gradstudio.graph import leaf_value
from gradstudio.gui import style
from gradstudio.gui.wording import error_text
from gradstudio.numbers import (
    EntryError,
    Nested,
    ascii_text,
    full_text,
    plain_signs,
    read_number,
    read_value,
)
from gradstudio.ops import Array, shape_text

MOST_ROWS = 1_000_000
MOST_COLUMNS = 10_000
MOST_TEXT = 20_000_000
_DECIMAL_COMMA = re.compile(r"[+-]?\d*,\d+(?:[eE][+-]?\d+)?")
LISTS = 3
"""The last of the kinds of value; those before it are the number of axes."""
Index = QModelIndex | QPersistentModelIndex


def read_cells(text: str) -> list[list[float]]:
    """Read rows of numbers as a spreadsheet copies them, or nested lists of at most two axes.

    Cells are parted by tabs, else by semicolons, else by commas, else by spaces. A comma parts
    nothing where it may just as well be in a decimal of French or German habit: what lies beside
    tabs or semicolons, and a text in which it never does anything but stand between two digits.

    Raises:
        GradStudioError: a cell is no number, or the rows differ in length; the message names them.
    """
    _check_length(text)
    plain = plain_signs(text).strip("\r\n")
    if plain.lstrip().startswith("["):
        return _rows(read_value(text))
    lines = plain.splitlines()
    separator = next((mark for mark in "\t;," if mark in plain), None)
    if separator == "," and _may_be_decimals(lines):
        separator = "\t"
    rows: list[list[float]] = []
    for row, line in enumerate(lines, start=1):
        numbers = []
        for column, cell in enumerate(line.split(separator), start=1):
            if _DECIMAL_COMMA.fullmatch(cell.strip()):
                raise EntryError(
                    mark(
                        "core",
                        "row {row}, column {column}: “{cell}”: write decimals with a point, and "
                        "part cells by tabs or semicolons",
                    ),
                    row=row,
                    column=column,
                    cell=cell.strip()[:40],
                )
            try:
                numbers.append(read_number(cell))
            except EntryError:
                raise EntryError(
                    mark("core", "row {row}, column {column}: “{cell}” is no number"),
                    row=row,
                    column=column,
                    cell=cell.strip()[:40],
                ) from None
        if rows and len(numbers) != len(rows[0]):
            raise EntryError(
                mark("core", "row {row} has {count} cells, but row 1 has {first}"),
                row=row,
                count=len(numbers),
                first=len(rows[0]),
            )
        rows.append(numbers)
    if not rows or not rows[0]:
        raise EntryError(mark("core", "there are no numbers in it"))
    return rows


def _may_be_decimals(lines: list[str]) -> bool:
    return all(_DECIMAL_COMMA.fullmatch(line.strip()) for line in lines if "," in line)


def _rows(value: Nested) -> list[list[float]]:
    """Return nested lists as the rows of a table; a vector is one column."""
    array = leaf_value(value, "[…]")
    if array.ndim > 2 or not array.size:
        raise EntryError(
            mark("core", "a table shows one or two axes: choose “Nested lists” for shape {shape}"),
            shape=shape_text(array.shape),
        )
    rows: list[list[float]] = array.reshape(len(array), -1).tolist()
    return rows


def read_lists(text: str, name: str) -> Array:
    """Read the array of the leaf `name`, written as a number or nested lists.

    Raises:
        GradStudioError: it is not written so, or is not regular.
    """
    _check_length(text)
    return leaf_value(read_value(text), name)


def _check_length(text: str) -> None:
    if len(text) > MOST_TEXT:
        raise EntryError(
            mark("core", "the text is too long: {size} characters, and {most} are the most"),
            size=len(text),
            most=MOST_TEXT,
        )


def array_source(array: Array) -> str:
    """Return `array` as nested lists, as one types them."""
    return lists_text(array) if array.size else str(array.tolist())


class ArrayModel(QAbstractTableModel):
    """A two-dimensional array as cells; a vector is one column."""

    resized = Signal()

    def __init__(self, array: Array) -> None:
        super().__init__()
        self.cells = np.array(array, dtype=np.float64).reshape(len(array), -1)
        self.refused = ""

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else int(self.cells.shape[0])

    def columnCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else int(self.cells.shape[1])

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.EditRole):
            text = full_text(float(self.cells[index.row(), index.column()]))
            # What is copied is read by spreadsheets, which know no other letters.
            return text if role == Qt.ItemDataRole.DisplayRole else ascii_text(text)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        return None

    def headerData(
        self,
        section: int,
        orientation: Qt.Orientation,
        role: int = Qt.ItemDataRole.DisplayRole,
    ) -> object:
        return str(section) if role == Qt.ItemDataRole.DisplayRole else None

    def flags(self, index: Index) -> Qt.ItemFlag:
        return super().flags(index) | Qt.ItemFlag.ItemIsEditable

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        try:
            self.cells[index.row(), index.column()] = read_number(str(value))
        except EntryError:
            self.refused = str(value)
            return False
        self.refused = ""
        self.dataChanged.emit(index, index)
        return True

    def resize(self, rows: int, columns: int) -> None:
        """Cut off what is too much, and fill what is new with zeros."""
        if (rows, columns) == self.cells.shape:
            return
        self.beginResetModel()
        cells = np.zeros((rows, columns))
        kept = cells[: self.cells.shape[0], : self.cells.shape[1]].shape
        cells[: kept[0], : kept[1]] = self.cells[: kept[0], : kept[1]]
        self.cells = cells
        self.endResetModel()
        self.resized.emit()

    def paste(self, rows: list[list[float]], at: tuple[int, int] | None) -> None:
        """Write `rows` from the cell `at` on, growing where they need more room, or instead of all.

        Raises:
            EntryError: the table would become too large.
        """
        row, column = at or (0, 0)
        height, width = row + len(rows), column + len(rows[0])
        if width > MOST_COLUMNS or height > MOST_ROWS:
            raise EntryError(
                mark("core", "{rows} rows and {columns} columns are too many for this table"),
                rows=height,
                columns=width,
            )
        if at is None:
            self.resize(height, width)
        else:
            self.resize(max(height, self.cells.shape[0]), max(width, self.cells.shape[1]))
        self.cells[row:height, column:width] = rows
        self.dataChanged.emit(self.index(row, column), self.index(height - 1, width - 1))


class _Grid(QTableView):
    """A table that pastes, copies and clears as a spreadsheet does."""

    pasted = Signal(str)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Paste):
            self.pasted.emit(QGuiApplication.clipboard().text())
        elif event.matches(QKeySequence.StandardKey.Copy):
            self._copy()
        elif event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            for index in self.selectedIndexes():
                self.model().setData(index, "0")
        else:
            super().keyPressEvent(event)

    def _copy(self) -> None:
        chosen = self.selectedIndexes()
        if not chosen:
            return
        rows = sorted({index.row() for index in chosen})
        columns = sorted({index.column() for index in chosen})
        role = Qt.ItemDataRole.EditRole
        model = self.model()
        lines = (
            "\t".join(str(model.index(row, column).data(role)) for column in columns)
            for row in rows
        )
        QGuiApplication.clipboard().setText("\n".join(lines))


class LeafEditor(QDialog):
    """Edits one array of numbers; `value` is what was made of it once it was accepted."""

    def __init__(self, name: str, value: Array | None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name = name
        self.value: Array | None = None
        given = np.zeros(()) if value is None else np.asarray(value)

        self.axes = QComboBox(self)
        self.axes.addItems(["", "", "", ""])
        self.rows = QSpinBox(self)
        self.rows.setRange(1, MOST_ROWS)
        self.columns = QSpinBox(self)
        self.columns.setRange(1, MOST_COLUMNS)
        self._rows_label, self._columns_label = QLabel(self), QLabel(self)
        self.paste_button = QPushButton(self)
        self.paste_button.setAutoDefault(False)
        self.message = QLabel(self)
        self.message.setTextFormat(Qt.TextFormat.PlainText)
        self.message.setProperty("role", "error")
        self.message.setWordWrap(True)
        self.message.hide()

        grid_value = given.reshape(1, 1) if given.ndim == 0 else given
        if given.ndim > 2 or given.size == 0:
            grid_value = np.zeros((1, 1))
        self.model = ArrayModel(grid_value)
        self.grid = _Grid(self)
        self.grid.setModel(self.model)
        self.grid.setFont(style.code_font())
        self.grid.horizontalHeader().setDefaultSectionSize(84)
        self.grid.verticalHeader().setDefaultSectionSize(26)
        self.text = QPlainTextEdit(self)
        self.text.setFont(style.code_font())
        self.text.setPlainText(array_source(given))
        self._pages = QStackedWidget(self)
        self._pages.addWidget(self.grid)
        self._pages.addWidget(self.text)
        self.buttons = QDialogButtonBox(
            QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel, self
        )

        top = QHBoxLayout()
        top.addWidget(self.axes)
        for widget in (self._rows_label, self.rows, self._columns_label, self.columns):
            top.addWidget(widget)
        top.addStretch(1)
        top.addWidget(self.paste_button)
        column = QVBoxLayout(self)
        column.addLayout(top)
        column.addWidget(self._pages, 1)
        column.addWidget(self.message)
        column.addWidget(self.buttons)
        self.resize(520, 360)

        self._axes = LISTS if given.ndim > 2 or given.size == 0 else given.ndim
        self.axes.setCurrentIndex(self._axes)
        self._show_size()
        self._show_axes()
        self.axes.currentIndexChanged.connect(self._change_axes)
        self.rows.valueChanged.connect(self._resize)
        self.columns.valueChanged.connect(self._resize)
        self.model.resized.connect(self._show_size)
        self.paste_button.clicked.connect(
            lambda: self._paste(QGuiApplication.clipboard().text(), None)
        )
        self.grid.pasted.connect(self._paste_here)
        self.grid.itemDelegate().closeEditor.connect(self._say_refused)
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        self.grid.setCurrentIndex(self.model.index(0, 0))
        (self.grid if self._pages.currentIndex() == 0 else self.text).setFocus()
        self.retranslate()

    @classmethod
    def ask(cls, name: str, value: Array | None, parent: QWidget | None = None) -> Array | None:
        """Let the user edit `value`; return the new one, or None if they thought better of it."""
        dialog = cls(name, value, parent)
        accepted = dialog.exec() == QDialog.DialogCode.Accepted
        found = dialog.value if accepted else None
        dialog.deleteLater()
        return found

    def retranslate(self) -> None:
        """Write all texts in the present language."""
        self.setWindowTitle(self.tr("Value of {name}").format(name=self._name))
        kinds = (self.tr("Number"), self.tr("Vector"), self.tr("Matrix"), self.tr("Nested lists"))
        for at, kind in enumerate(kinds):
            self.axes.setItemText(at, kind)
        self.axes.setAccessibleName(self.tr("Kind of value"))
        self._rows_label.setText(self.tr("Rows"))
        self.rows.setAccessibleName(self.tr("Rows"))
        self._columns_label.setText(self.tr("Columns"))
        self.columns.setAccessibleName(self.tr("Columns"))
        self.paste_button.setText(self.tr("Paste all"))
        self.paste_button.setToolTip(
            self.tr("Replaces the numbers by those copied from a spreadsheet")
        )
        self.grid.setAccessibleName(self.tr("Numbers"))
        self.text.setAccessibleName(self.tr("Numbers as nested lists"))

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)

    def accept(self) -> None:
        self.setFocus()  # Ends the editing of a cell, and so takes what was typed.
        if self.model.refused:
            return
        try:
            self.value = self._read()
        except GradStudioError as wrong:
            self._say(wrong)
            return
        super().accept()

    def _read(self) -> Array:
        axes = self.axes.currentIndex()
        if axes == LISTS:
            return read_lists(self.text.toPlainText(), self._name)
        cells = self.model.cells
        chosen = cells if axes == 2 else cells[:, 0] if axes == 1 else cells[0, 0]
        return leaf_value(chosen, self._name)

    def _change_axes(self) -> None:
        axes, before = self.axes.currentIndex(), self._axes
        if axes == before:
            return
        if axes == LISTS:
            shown = self.model.cells if before == 2 else self.model.cells[:, 0]
            self.text.setPlainText(array_source(shown if before else shown[0]))
        else:
            try:
                # Untouched, lists that fit no table are left for an empty table.
                if before == LISTS and self.text.document().isModified():
                    written = read_lists(self.text.toPlainText(), self._name)
                    self.model.paste(_rows(written.reshape(written.shape or 1).tolist()), None)
            except GradStudioError as wrong:
                self.axes.setCurrentIndex(before)
                self._say(wrong)
                return
            if axes < 2:
                # Only what is cut off is lost, and only when the shape is really made smaller.
                self.model.resize(1 if axes == 0 else len(self.model.cells), 1)
        self._axes = axes
        self._show_axes()

    def _show_axes(self) -> None:
        axes = self.axes.currentIndex()
        self._pages.setCurrentIndex(1 if axes == LISTS else 0)
        for widget in (self._rows_label, self.rows):
            widget.setVisible(axes in (1, 2))
        for widget in (self._columns_label, self.columns):
            widget.setVisible(axes == 2)
        self.paste_button.setVisible(axes < LISTS)
        self._clear_message()

    def _resize(self) -> None:
        self.model.resize(self.rows.value(), self.columns.value())

    def _show_size(self) -> None:
        for box, size in zip((self.rows, self.columns), self.model.cells.shape, strict=True):
            blocked = box.blockSignals(True)
            box.setValue(int(size))
            box.blockSignals(blocked)

    def _paste_here(self, text: str) -> None:
        index = self.grid.currentIndex()
        self._paste(text, (max(index.row(), 0), max(index.column(), 0)))

    def _paste(self, text: str, at: tuple[int, int] | None) -> None:
        """Take over copied numbers: from the cell `at` on, or instead of all."""
        try:
            self.model.paste(read_cells(text), at)
        except GradStudioError as wrong:
            self._say(wrong)
            return
        # A block pasted into a number or a vector says what that is to become.
        height, width = self.model.cells.shape
        needed = 2 if width > 1 else 1 if height > 1 else 0
        if needed > self.axes.currentIndex():
            self.axes.setCurrentIndex(needed)
        self._clear_message()
        self.grid.setCurrentIndex(self.model.index(*(at or (0, 0))))

    def _say_refused(self) -> None:
        if self.model.refused:
            text = self.tr("“{text}” is no number; the cell keeps the old one")
            self.message.setText(text.format(text=self.model.refused[:40]))
            self.message.show()
            self.model.refused = ""
        else:
            self._clear_message()

    def _say(self, wrong: GradStudioError) -> None:
        self.message.setText(error_text(wrong))
        self.message.show()

    def _clear_message(self) -> None:
        self.message.hide()
