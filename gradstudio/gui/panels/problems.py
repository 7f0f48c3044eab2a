"""The list of problems: where each is, what it is, and what can be done about it."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QEvent,
    QModelIndex,
    QPersistentModelIndex,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QFocusEvent, QKeyEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QMenu,
    QPushButton,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from gradstudio.engine.problems import Problem
from gradstudio.fixes import Fix
from gradstudio.gui.panels.facts import label, plain_tip
from gradstudio.gui.problem_finder import ProblemFinder
from gradstudio.gui.theme import LIGHT, Theme
from gradstudio.gui.wording import error_text

Index = QModelIndex | QPersistentModelIndex
Role = Qt.ItemDataRole
ROW_PADDING_PX = 8
COLUMN_GAP_PX = 22


class _Rows(QAbstractTableModel):
    """One problem a row: how bad it is, and what it says, which names the node."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.problems: tuple[Problem, ...] = ()
        self.theme: Theme = LIGHT

    def show(self, problems: tuple[Problem, ...]) -> None:
        """Show these from now on."""
        self.beginResetModel()
        self.problems = problems
        self.endResetModel()

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.problems)

    def columnCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else 2

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = 0) -> Any:
        if role != Role.DisplayRole or orientation != Qt.Orientation.Horizontal:
            return None
        return (self.tr("severity"), self.tr("message"))[section]

    def data(self, index: Index, role: int = 0) -> Any:
        problem, column = self.problems[index.row()], index.column()
        severity = self.severity(problem)
        if role == Role.DisplayRole:
            return (severity, error_text(problem.message))[column]
        if role == Role.ToolTipRole:
            return plain_tip(error_text(problem.message))
        if role == Role.AccessibleTextRole:
            return f"{severity}: {error_text(problem.message)}"
        if role == Role.ForegroundRole and column == 0:
            colour = self.theme.error if problem.severity == "error" else self.theme.warning
            return QColor(colour)
        return None

    def severity(self, problem: Problem) -> str:
        """Return in words how bad it is."""
        return self.tr("Error") if problem.severity == "error" else self.tr("Warning")


class _Table(QTableView):
    """The rows; a click or Enter on one goes to its node."""

    entered_row = Signal(int)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.setWordWrap(False)
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)
        self.verticalHeader().hide()
        self.horizontalHeader().hide()
        self.clicked.connect(lambda index: self.entered_row.emit(index.row()))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentIndex().isValid():
            self.entered_row.emit(self.currentIndex().row())
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        # Qt has made the first row the current one by now, and left it unselected.
        if not self.selectionModel().hasSelection() and self.model().rowCount():
            self.selectRow(max(self.currentIndex().row(), 0))


class ProblemsPanel(QWidget):
    """Lists what a `ProblemFinder` has found; of the row one is on it offers the fixes."""

    node_wanted = Signal(object)
    """This node is to be shown; None for the graph as a whole."""
    fix_wanted = Signal(object)
    retitled = Signal()

    def __init__(self, finder: ProblemFinder, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._finder = finder
        self._rows = _Rows(self)
        self._offered: tuple[Fix, ...] = ()
        self.table = _Table(self)
        self.table.setModel(self._rows)
        header = self.table.horizontalHeader()
        header.setSectionResizeMode(1, QHeaderView.ResizeMode.Stretch)
        header.setMinimumSectionSize(20)
        header.sectionResized.connect(lambda column: self._show_words() if column else None)
        self.none = label("muted", self)
        self.words = label(parent=self)
        self.fix_button = QPushButton(self)
        self.fix_button.setAutoDefault(False)
        self.more_button = QPushButton(self)
        self.more_button.setAutoDefault(False)
        self._menu = QMenu(self.more_button)
        self.more_button.setMenu(self._menu)
        self._lay_out()
        finder.changed.connect(self._refresh)
        self.table.entered_row.connect(self._go)
        self.table.selectionModel().currentRowChanged.connect(self._show_current)
        self.fix_button.clicked.connect(lambda: self._apply(0))
        self.retranslate()
        self._refresh()

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(6)
        row.addWidget(self.fix_button)
        row.addWidget(self.more_button)
        row.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 6, 12, 8)
        column.setSpacing(6)
        column.addWidget(self.none)
        column.addWidget(self.table, 1)
        column.addWidget(self.words)
        column.addLayout(row)
        self._filler = QLabel(self)
        column.addWidget(self._filler, 1)

    def title(self) -> str:
        """Return what the tab is called: with the number of problems, if there are any."""
        count = len(self._finder.found)
        text = self.tr("Problems {count}") if count else self.tr("Problems")
        return text.format(count=f"{count:,}")

    def retranslate(self) -> None:
        """Write all texts in the present language."""
        self.none.setText(self.tr("No problems were found."))
        self.table.setAccessibleName(self.tr("Problems"))
        self.more_button.setText(self.tr("Other fixes"))
        self._fit_columns()
        self._show_current()
        self.table.viewport().update()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        elif event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._fit_columns()
        super().changeEvent(event)

    def set_theme(self, theme: Theme) -> None:
        """Show the severities in the colours of `theme`."""
        self._rows.theme = theme
        self.table.viewport().update()

    def enter(self) -> None:
        """Take the keyboard."""
        self.table.setFocus()

    @property
    def problem(self) -> Problem | None:
        """The problem of the row one is on."""
        at = self.table.currentIndex().row()
        return self._rows.problems[at] if 0 <= at < len(self._rows.problems) else None

    @property
    def offered(self) -> tuple[str, ...]:
        """What the fixes of that problem are called."""
        return tuple(error_text(fix.label) for fix in self._offered)

    def _refresh(self) -> None:
        before, at = self.problem, self.table.currentIndex().row()
        found = self._finder.found
        self._rows.show(found)
        self.table.setVisible(bool(found))
        for one in (self.none, self._filler):
            one.setVisible(not found)
        self._fit_columns()
        if before is not None and found:
            # Where the one that was looked at is gone, the next has taken its place.
            self.table.selectRow(
                found.index(before) if before in found else min(at, len(found) - 1)
            )
        self._show_current()
        self.retitled.emit()

    def _fit_columns(self) -> None:
        width = self.fontMetrics().horizontalAdvance
        severities = max(map(width, (self.tr("Error"), self.tr("Warning"))))
        self.table.setColumnWidth(0, severities + COLUMN_GAP_PX)
        height = self.fontMetrics().height() + ROW_PADDING_PX
        self.table.verticalHeader().setDefaultSectionSize(height)

    def _show_current(self) -> None:
        problem = self.problem
        self._offered = () if problem is None else self._finder.fixes(problem)
        if self.fix_button.hasFocus() and not self._offered:
            # A button that goes would hand the keyboard to who knows whom.
            self.table.setFocus()
        self.words.setText("" if problem is None else error_text(problem.message))
        self._show_words()
        texts = [text.replace("&", "&&") for text in self.offered]
        self.fix_button.setVisible(bool(texts))
        self.fix_button.setText(texts[0] if texts else "")
        self.fix_button.setToolTip(
            plain_tip(self.tr("One step that can be undone")) if texts else ""
        )
        self.more_button.setVisible(len(texts) > 1)
        self._menu.clear()
        for at, text in enumerate(texts[1:], start=1):
            self._menu.addAction(text).triggered.connect(lambda _on, at=at: self._apply(at))

    def _show_words(self) -> None:
        """Write below the table what its row cuts short."""
        needed = self.fontMetrics().horizontalAdvance(self.words.text()) + ROW_PADDING_PX
        self.words.setVisible(bool(self.words.text()) and needed > self.table.columnWidth(1))

    def _go(self, row: int) -> None:
        self.node_wanted.emit(self._rows.problems[row].node)

    def _apply(self, at: int) -> None:
        self.table.setFocus()
        self.fix_wanted.emit(self._offered[at])
