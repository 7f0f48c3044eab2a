"""What is typed over the picture: a line over a node or a title, lines over a note."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit, QWidget

from gradstudio.annotations import LONGEST_NOTE
from gradstudio.gui.floating import is_left, put_away
from gradstudio.gui.panels.facts import restyle

LEAST_WIDTH_PX = 96
HEIGHT_PX = 28
LEAST_NOTE_PX = (180, 72)
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class _Typing:
    """How typing in place ends: Enter keeps the text, Escape does not, clicking elsewhere keeps it.

    What is refused stays in the editor, marked.

    Args:
        editor: what is typed into.
        label: what a screen reader calls it.
        keep: takes what was typed; returns False where it refuses, and the editor then stays open.
    """

    def __init__(
        self, editor: InlineEditor | NoteEditor, label: str, keep: Callable[[], bool]
    ) -> None:
        self._editor = editor
        self._keep = keep
        self._done = False
        editor.setAccessibleName(label)
        editor.textChanged.connect(lambda: restyle(editor, "wrong", False))
        editor.follow()
        editor.selectAll()
        editor.show()
        editor.setFocus(Qt.FocusReason.OtherFocusReason)

    def close(self) -> None:
        """Go away, keeping nothing."""
        if not self._done:
            self._done = True
            put_away(self._editor, self._editor.parentWidget())

    def finish(self) -> None:
        """Keep what was typed, and go away."""
        if self._done:
            return
        if self._keep():
            self.close()
        else:
            # It stays even where the focus has gone: what was typed is not to be lost.
            restyle(self._editor, "wrong", True)

    # Not as a filter of events: that is called for an editor too that is going away already.

    def press(self, event: QKeyEvent) -> bool:
        """Return whether a key ends the typing, as it then has done."""
        several = isinstance(self._editor, NoteEditor)
        lines = several and bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        if event.key() == Qt.Key.Key_Escape:
            self.close()
        elif event.key() in _ENTER and not lines:
            self.finish()
        else:
            return False
        return True

    def leave(self, event: QFocusEvent) -> None:
        """Keep what was typed where the focus goes elsewhere for good."""
        if is_left(event):
            self.finish()


class InlineEditor(QLineEdit):
    """Edits one line in place.

    Args:
        text: what stands in it at first, selected.
        label: what a screen reader calls it.
        keep: takes the text; returns False where it refuses, and the editor then stays open.
        place: where it is now, in the viewport's coordinates.
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
        self.setToolTip(label)
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._place = place
        # What was not touched is as it was, even where it could not be typed.
        self._typing = _Typing(self, label, lambda: not self.isModified() or keep(self.text()))

    def follow(self) -> None:
        """Lie over the node again after the canvas moved."""
        rect = self._place()
        wide = max(LEAST_WIDTH_PX, rect.width())
        left = rect.center().x() - wide // 2
        self.setGeometry(left, rect.center().y() - HEIGHT_PX // 2, wide, HEIGHT_PX)

    def close_editor(self) -> None:
        """Go away, keeping nothing."""
        self._typing.close()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._typing.leave(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not self._typing.press(event):
            super().keyPressEvent(event)
        # No key is for the canvas below.
        event.accept()


class NoteEditor(QPlainTextEdit):
    """Edits a note in place; Shift+Enter begins a line.

    Args:
        text: what stands in it at first, selected.
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
        self.setTabChangesFocus(True)
        self.setPlaceholderText(self.tr("Markdown: **bold**, *italic*, # title, - list"))
        self._place = place

        def kept() -> bool:
            typed = self.toPlainText()
            return len(typed) <= LONGEST_NOTE and keep(typed)

        self._typing = _Typing(self, label, kept)

    def follow(self) -> None:
        """Lie over the note again after the canvas moved."""
        rect = self._place()
        wide, high = max(LEAST_NOTE_PX[0], rect.width()), max(LEAST_NOTE_PX[1], rect.height())
        self.setGeometry(rect.left(), rect.top(), wide, high)

    def close_editor(self) -> None:
        """Go away, keeping nothing."""
        self._typing.close()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._typing.leave(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self._typing.press(event):
            pass
        elif event.key() in _ENTER:
            # Not left to Qt, which would make a line of the same paragraph.
            self.textCursor().insertBlock()
        else:
            super().keyPressEvent(event)
        # No key is for the canvas below.
        event.accept()
