"""The finite-difference check of all gradients, and the table of what it found."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QDialogButtonBox,
    QHeaderView,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from gradstudio.engine.gradcheck import LeafCheck
from gradstudio.gui import style
from gradstudio.gui.panels.facts import Words
from gradstudio.numbers import number_text
from gradstudio.ops import Array


class GradientCheck(QDialog):
    """Lists each leaf with its gradient, the central difference, and how far they are apart."""

    def __init__(self, checks: tuple[LeafCheck, ...], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._checks = checks
        self.words = Words(self)
        self.table = QTableWidget(len(checks), 5, self)
        self.table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.table.verticalHeader().hide()
        self.table.setShowGrid(False)
        self.table.setFont(style.code_font())
        header = self.table.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        header.setHighlightSections(False)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close, self)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.addWidget(self.words)
        column.addWidget(self.table, 1)
        column.addWidget(buttons)
        self.resize(620, min(220 + 28 * len(checks), 520))
        self.retranslate()

    @classmethod
    def ask(cls, checks: tuple[LeafCheck, ...], parent: QWidget) -> None:
        """Show `checks` until they have been read."""
        dialog = cls(checks, parent)
        dialog.exec()
        dialog.deleteLater()

    def retranslate(self) -> None:
        """Write all texts in the present language."""
        self.setWindowTitle(self.tr("Check gradients"))
        wrong = [check.name for check in self._checks if not check.passed]
        if wrong:
            text = self.tr("The gradient of {names} differs from the finite difference.")
            text, role = text.format(names=", ".join(wrong[:8])), "error"
        else:
            text = self.tr("✓ Finite differences agree, to {error} at most.")
            largest = max((check.error for check in self._checks), default=0.0)
            text, role = text.format(error=number_text(largest, 2)), "good"
        compared = sum(len(check.entries) for check in self._checks)
        entries = sum(check.size for check in self._checks)
        if compared < entries:
            part = self.tr("Compared were {count} of {all} entries, drawn at random.")
            text += " " + part.format(count=f"{compared:,}", all=f"{entries:,}")
        self.words.say(text, role)
        heads = (
            self.tr("leaf"),
            self.tr("gradient"),
            self.tr("finite difference"),
            self.tr("relative error"),
            self.tr("agrees"),
        )
        self.table.setHorizontalHeaderLabels(heads)
        for row, check in enumerate(self._checks):
            agrees = self.tr("yes") if check.passed else self.tr("no")
            if check.at_kink:
                agrees = self.tr("at a kink")
            texts = (
                check.name,
                _short(check.analytic, check.size),
                _short(check.numeric, check.size),
                number_text(check.error, 2),
                agrees,
            )
            for at, text in enumerate(texts):
                item = QTableWidgetItem(text)
                if 0 < at < 4:
                    item.setTextAlignment(
                        Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
                    )
                self.table.setItem(row, at, item)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)


def _short(numbers: Array, size: int) -> str:
    if size == 1:
        return number_text(float(numbers[0]), 6)
    if len(numbers) < size:
        text = QCoreApplication.translate("GradientCheck", "{count} of {all} entries")
        return text.format(count=len(numbers), all=f"{size:,}")
    return QCoreApplication.translate("GradientCheck", "{count} entries").format(count=len(numbers))
