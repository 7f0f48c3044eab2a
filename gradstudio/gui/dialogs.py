"""The questions the window asks and the messages it shows; each behind `ask`, so tests answer."""

from __future__ import annotations

from enum import Enum
from pathlib import Path

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QLabel,
    QMessageBox,
    QVBoxLayout,
    QWidget,
)

from gradstudio.errors import mark

SUFFIX = ".gradstudio"
# WORKAROUND: Qt 6.11 words these anew, and its own Chinese has the old ones. They are looked up in
# the program's translation as well, where marking them puts them.
OF_QT = (mark("QFileDialog", "&Look in:"), mark("QFileDialog", "Files of &type:"))
"""What Qt's file dialog says that Qt does not translate."""


class Answer(Enum):
    """What to do about unsaved changes."""

    SAVE = "save"
    DISCARD = "discard"
    CANCEL = "cancel"


class UnsavedChanges(QMessageBox):
    """Asks whether to save before the document goes away."""

    @classmethod
    def ask(cls, title: str, parent: QWidget) -> Answer:
        """Return what the user wants to do with the document called `title`."""
        box = cls(parent)
        box.setTextFormat(Qt.TextFormat.PlainText)
        box.setIcon(QMessageBox.Icon.Warning)
        box.setText(
            QCoreApplication.translate("UnsavedChanges", "Save the changes to {title}?").format(
                title=title
            )
        )
        box.setInformativeText(
            QCoreApplication.translate("UnsavedChanges", "Without saving, they are lost.")
        )
        button = QMessageBox.StandardButton
        box.setStandardButtons(button.Save | button.Discard | button.Cancel)
        box.setDefaultButton(button.Save)
        chosen = box.exec()
        box.deleteLater()
        return {
            int(button.Save): Answer.SAVE,
            int(button.Discard): Answer.DISCARD,
        }.get(chosen, Answer.CANCEL)


class Message(QMessageBox):
    """Says one thing that went wrong."""

    @classmethod
    def ask(cls, text: str, parent: QWidget | None, details: str = "") -> None:
        """Show `text` until it is acknowledged."""
        box = cls(parent)
        box.setTextFormat(Qt.TextFormat.PlainText)
        box.setIcon(QMessageBox.Icon.Warning)
        box.setText(text)
        if details:
            box.setDetailedText(details)
        box.exec()
        box.deleteLater()


class FileToOpen(QFileDialog):
    """Asks for a file to read."""

    @classmethod
    def ask(cls, title: str, name_filter: str, folder: Path, parent: QWidget) -> Path | None:
        """Return the file chosen, or None."""
        name, _ = cls.getOpenFileName(parent, title, str(folder), name_filter)
        return Path(name) if name else None


class FileToSave(QFileDialog):
    """Asks where to write."""

    @classmethod
    def ask(
        cls, title: str, name_filter: str, proposal: Path, suffix: str, parent: QWidget
    ) -> Path | None:
        """Return the file chosen, with `suffix` where none was typed, or None."""
        dialog = cls(parent, title, str(proposal.parent), name_filter)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        # With the suffix known, the dialog itself asks before it overwrites.
        dialog.setDefaultSuffix(suffix.removeprefix("."))
        dialog.selectFile(proposal.name)
        chosen = dialog.exec() == QDialog.DialogCode.Accepted
        files = dialog.selectedFiles()
        dialog.deleteLater()
        return Path(files[0]) if chosen and files else None


class Page(QDialog):
    """A page of text to read."""

    @classmethod
    def ask(cls, title: str, text: str, parent: QWidget) -> None:
        """Show `text`, which is of the program itself, as rich text."""
        dialog = cls(parent)
        dialog.setWindowTitle(title)
        words = QLabel(text, dialog)
        words.setTextFormat(Qt.TextFormat.RichText)
        words.setWordWrap(True)
        words.setOpenExternalLinks(True)
        words.setTextInteractionFlags(Qt.TextInteractionFlag.TextBrowserInteraction)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close, dialog)
        buttons.rejected.connect(dialog.reject)
        column = QVBoxLayout(dialog)
        column.setContentsMargins(22, 18, 22, 14)
        column.addWidget(words)
        column.addSpacing(8)
        column.addWidget(buttons)
        # A layout asked for nothing but a width leaves the last lines of wrapped text out.
        dialog.setFixedSize(520, column.totalHeightForWidth(520))
        dialog.exec()
        dialog.deleteLater()
