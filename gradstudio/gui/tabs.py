"""The row of tabs: the names of the pages, which one is shown, and what else is done with them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QMouseEvent
from PySide6.QtWidgets import QFrame, QMenu, QSizePolicy, QTabBar, QWidget

from gradstudio.gui.panels.facts import plain_tip

UNSAVED = "●"
NARROWEST_PX = 104
SPARE_PX = 10


class Tabs(QTabBar):
    """One tab a page: a click shows it, the middle button closes it, and it can be dragged."""

    new_wanted = Signal()
    move_wanted = Signal(int)
    """The tab is to become a window of its own."""
    others_unwanted = Signal(int)
    """All tabs but this one are to be closed."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("tabs")
        self.setProperty("row", "pages")
        self.setTabsClosable(True)
        self.setMovable(True)
        self.setExpanding(False)
        self.setDrawBase(False)
        self.setUsesScrollButtons(True)
        self.setElideMode(Qt.TextElideMode.ElideRight)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        # All the room there is: a name that becomes the current one is bold, and wider.
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self._middle = -1
        self._shown: object = None

    def tabSizeHint(self, index: int) -> QSize:
        # A style sheet's paddings are not all in the hint, and Qt would cut the name.
        hint = super().tabSizeHint(index)
        return QSize(hint.width() + SPARE_PX, hint.height())

    def minimumTabSizeHint(self, index: int) -> QSize:
        # Of a name that is cut, more than three letters are to be left.
        whole = self.tabSizeHint(index)
        return QSize(min(whole.width(), NARROWEST_PX), whole.height())

    def show_names(self, pages: Sequence[tuple[str, bool, str]]) -> None:
        """Show of each page its name, whether it has unsaved changes, and its file.

        Files that are called the same are told apart by their folders.
        """
        shown = (self.tr("Open graphs"), tuple(pages))
        if shown == self._shown:
            return
        self._shown = shown
        self.setAccessibleName(shown[0])
        count = Counter(name for name, _, file in pages if file)
        for at, (name, unsaved, file) in enumerate(pages):
            if file and count[name] > 1:
                name = f"{name} — {Path(file).parent.name}"
            text = name.replace("&", "&&")
            self.setTabText(at, f"{text} {UNSAVED}" if unsaved else text)
            self.setTabToolTip(at, plain_tip(file or name))
            said = self.tr("{name}, unsaved changes").format(name=name) if unsaved else name
            self.setAccessibleTabName(at, said)
        row = self.parentWidget()
        if row is not None and (layout := row.layout()) is not None:
            # Tabs that come many at a time are scrolled by a width that is no longer true.
            layout.activate()
            self.setElideMode(Qt.TextElideMode.ElideRight)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.MiddleButton:
            self._middle = self.tabAt(event.position().toPoint())
            return
        super().mousePressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.MiddleButton:
            pressed, self._middle = self._middle, -1
            if pressed >= 0 and pressed == self.tabAt(event.position().toPoint()):
                self.tabCloseRequested.emit(pressed)
            return
        super().mouseReleaseEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        left = event.button() == Qt.MouseButton.LeftButton
        if left and self.tabAt(event.position().toPoint()) < 0:
            self.new_wanted.emit()
        else:
            super().mouseDoubleClickEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        at = self.tabAt(event.pos())
        if at >= 0:
            self.menu(at).popup(event.globalPos())

    def menu(self, at: int) -> QMenu:
        """Return what can be done with one tab."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        several = self.count() > 1
        close = menu.addAction(self.tr("Close tab"))
        close.triggered.connect(lambda: self.tabCloseRequested.emit(at))
        others = menu.addAction(self.tr("Close the other tabs"))
        others.triggered.connect(lambda: self.others_unwanted.emit(at))
        move = menu.addAction(self.tr("Move to a new window"))
        move.triggered.connect(lambda: self.move_wanted.emit(at))
        for action in (others, move):
            action.setEnabled(several)
        return menu


class TabRow(QFrame):
    """The ground the tabs stand on; a double click where there is none wants a new page."""

    def __init__(self, tabs: Tabs, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("box", "tabs")
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._tabs = tabs

    def sizeHint(self) -> QSize:
        return QSize(0, self._tabs.sizeHint().height())

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._tabs.new_wanted.emit()
