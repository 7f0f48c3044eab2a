"""When the letters that open menus are underlined: while Alt is held, or in the menu bar."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QMenuBar,
    QProxyStyle,
    QStyle,
    QStyleHintReturn,
    QStyleOption,
    QWidget,
)


class Mnemonics(QProxyStyle):
    """The style of one menu bar.

    Of the menu bar alone: a style made in Python is asked at every turn, and for all widgets that
    would be felt.
    """

    def __init__(self, bar: QMenuBar, window: QWidget) -> None:
        super().__init__("Fusion")
        self.setParent(bar)
        self._bar = bar
        self._held = False
        bar.setStyle(self)
        window.installEventFilter(self)

    @property
    def shown(self) -> bool:
        """Whether the letters are underlined."""
        return self._held or self._bar.hasFocus()

    def styleHint(
        self,
        hint: QStyle.StyleHint,
        option: QStyleOption | None = None,
        widget: QWidget | None = None,
        data: QStyleHintReturn | None = None,
    ) -> int:
        if hint == QStyle.StyleHint.SH_UnderlineShortcut:
            return int(self.shown)
        return super().styleHint(hint, option, widget, data)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        kind = event.type()
        if isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Alt:
            self._hold(on=kind == QEvent.Type.KeyPress)
        elif kind == QEvent.Type.WindowDeactivate:
            self._hold(on=False)
        return False

    def _hold(self, *, on: bool) -> None:
        # A window that is deleted while it is seen is deactivated when its bar is half gone.
        if on == self._held:
            return
        self._held = on
        self._bar.update()
