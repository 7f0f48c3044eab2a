"""The editor that opens over a note: Enter keeps the text, Shift+Enter begins a line."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QPlainTextEdit, QWidget

from gradstudio.annotations import LONGEST_NOTE
from gradstudio.gui.floating import is_left, put_away
from gradstudio.gui.panels.facts import restyle

LEAST_PX = (180, 72)


class NoteEditor(QPlainTextEdit):
    """Edits a note in place: Enter and clicking elsewhere keep the text, Escape does not.

    Args:
        text: what stands in it at first.
        label: what a screen reader calls it.
        keep: takes the text; returns False where it refuses, and the editor then stays open.
        place: where the note is now, in the viewport's coordinates.
        parent: the viewport.
    """

    def __init__(
        self,
        text: str,
        label: str,
        keep: Callable[[str], bool],
        place: Callable[[], QRect],
        parent: QWidget,
    ) -> None:
        super().__init__(text, parent)
        self.setAccessibleName(label)
        self.setTabChangesFocus(True)
        self.setPlaceholderText(self.tr("Markdown: **bold**, *italic*, # title, - list"))
        self.textChanged.connect(lambda: restyle(self, "wrong", False))
        self._keep = keep
        self._place = place
        self._done = False
        self.follow()
        self.selectAll()
        self.show()
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    def follow(self) -> None:
        """Lie over the note again after the canvas moved."""
        rect = self._place()
        wide, high = max(LEAST_PX[0], rect.width()), max(LEAST_PX[1], rect.height())
        self.setGeometry(rect.left(), rect.top(), wide, high)

    def close_editor(self) -> None:
        """Go away, keeping nothing."""
        if not self._done:
            self._done = True
            put_away(self, self.parentWidget())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if event.key() == Qt.Key.Key_Escape:
            self.close_editor()
        elif enter and not event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self._finish()
        elif enter:
            # Not left to Qt, which would make a line of the same paragraph.
            self.textCursor().insertBlock()
        else:
            super().keyPressEvent(event)
        event.accept()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if is_left(event):
            self._finish()

    def _finish(self) -> None:
        if self._done:
            return
        text = self.toPlainText()
        if len(text) <= LONGEST_NOTE and self._keep(text):
            self.close_editor()
        else:
            restyle(self, "wrong", True)
