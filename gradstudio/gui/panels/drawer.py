"""The drawer: several panels in one place, one of them shown, with a row of their titles."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QTabBar, QVBoxLayout, QWidget


class Drawer(QWidget):
    """Shows one of the panels it was given; a panel's title may change with what is in it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._titles: list[Callable[[], str]] = []
        self.tabs = QTabBar(self)
        self.tabs.setProperty("row", "drawer")
        self.tabs.setExpanding(False)
        self.tabs.setDrawBase(False)
        self.tabs.setUsesScrollButtons(True)
        self.tabs.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._stack = QStackedWidget(self)
        row = QHBoxLayout()
        row.setContentsMargins(8, 4, 8, 0)
        row.addWidget(self.tabs, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(row)
        column.addWidget(self._stack, 1)
        self.tabs.currentChanged.connect(self._stack.setCurrentIndex)
        self.retitle()

    def add(self, panel: QWidget, title: Callable[[], str]) -> None:
        """Add a panel; `title` gives what its tab says, in the present language."""
        self._titles.append(title)
        # The stack first: the tab that comes asks for its panel.
        self._stack.addWidget(panel)
        self.tabs.addTab(title().replace("&", "&&"))

    @property
    def panel(self) -> QWidget | None:
        """The panel that is shown; None as long as there is none."""
        return self._stack.currentWidget()

    def show_panel(self, panel: QWidget) -> None:
        """Show one of the panels."""
        self.tabs.setCurrentIndex(self._stack.indexOf(panel))

    def retitle(self) -> None:
        """Ask all panels for their titles again."""
        self.tabs.setAccessibleName(self.tr("Panels"))
        for at, title in enumerate(self._titles):
            self.tabs.setTabText(at, title().replace("&", "&&"))

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self.retitle()
        super().changeEvent(event)
