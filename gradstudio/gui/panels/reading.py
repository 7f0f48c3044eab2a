"""Markdown out of a file as something to read in a panel, as high as it is long."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QTextEdit, QWidget

from gradstudio.gui.readable import SafeText, show_markdown


class Reading(QTextEdit):
    """Markdown out of a file, to read; as high as it is long, up to a limit.

    Args:
        most_px: the limit.
        parent: the widget it lies in.
    """

    def __init__(self, most_px: int, parent: QWidget) -> None:
        super().__init__(parent)
        self._most_px = most_px
        self._text = ""
        self.setDocument(SafeText(self))
        self.document().setDocumentMargin(0)
        self.document().setDefaultFont(self.font())
        self.setReadOnly(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setTabChangesFocus(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setProperty("reading", True)

    @property
    def plain(self) -> str:
        """What is to be read."""
        return self.toPlainText()

    def show_text(self, text: str) -> None:
        """Show Markdown; nothing hides it."""
        self.setVisible(bool(text))
        if text != self._text:
            self._text = text
            show_markdown(self.document(), text)
            self._fit()
            self.verticalScrollBar().setValue(0)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        self.document().setTextWidth(self.viewport().width())
        high = min(round(self.document().size().height()) + 2, self._most_px)
        if self.height() != high:
            at = self.verticalScrollBar().value()
            self.setFixedHeight(high)
            self.verticalScrollBar().setValue(at)
