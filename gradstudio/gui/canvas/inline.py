"""The line edit that opens over a node: for a leaf's value or a node's name."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from gradstudio.gui.floating import is_left, put_away
from gradstudio.gui.panels.facts import restyle

LEAST_WIDTH_PX = 96
HEIGHT_PX = 28


class InlineEditor(QLineEdit):
    """Edits one text in place: Enter keeps it, Escape does not, clicking elsewhere keeps it too.

    What is refused stays in it, marked.

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
        self.setAccessibleName(label)
        self.setToolTip(label)
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.textEdited.connect(lambda: restyle(self, "wrong", False))
        self._keep = keep
        self._place = place
        self._done = False
        self.follow()
        self.selectAll()
        self.show()
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    def follow(self) -> None:
        """Lie over the node again after the canvas moved."""
        rect = self._place()
        wide = max(LEAST_WIDTH_PX, rect.width())
        left = rect.center().x() - wide // 2
        self.setGeometry(left, rect.center().y() - HEIGHT_PX // 2, wide, HEIGHT_PX)

    def close_editor(self) -> None:
        """Go away, keeping nothing."""
        if not self._done:
            self._done = True
            put_away(self, self.parentWidget())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._finish()
        elif event.key() == Qt.Key.Key_Escape:
            self.close_editor()
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
        if not self.isModified():
            self.close_editor()
            return
        self.setModified(False)
        if self._keep(self.text()):
            self.close_editor()
        else:
            # It stays even where the focus has gone: what was typed is not to be lost.
            self.setModified(True)
            restyle(self, "wrong", True)
