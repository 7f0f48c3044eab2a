"""How what floats over the window lets go of the keyboard."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QApplication, QWidget


def is_left(event: QFocusEvent) -> bool:
    """Return whether the keyboard is gone; a menu or another program will give it back."""
    return event.reason() not in (
        Qt.FocusReason.PopupFocusReason,
        Qt.FocusReason.ActiveWindowFocusReason,
    )


def put_away(widget: QWidget, below: QWidget | None) -> None:
    """Hide and delete `widget`; the keyboard, if it is on it, goes to what lies `below`."""
    focus = QApplication.focusWidget()
    # Before it hides: then Qt hands the keyboard to whatever widget is next.
    if below is not None and focus is not None and (focus is widget or widget.isAncestorOf(focus)):
        below.setFocus(Qt.FocusReason.PopupFocusReason)
    widget.hide()
    widget.deleteLater()
