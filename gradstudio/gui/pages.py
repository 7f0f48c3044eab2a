"""The pages of one window: which there are, in what order, and which of them is seen."""

from __future__ import annotations

from PySide6.QtCore import QObject, QSignalBlocker, Signal, SignalInstance
from PySide6.QtWidgets import QSizePolicy, QStackedWidget, QWidget

from gradstudio.gui.appearance import Appearance
from gradstudio.gui.page import GraphPage
from gradstudio.gui.tabs import Tabs
from gradstudio.gui.theme import Theme


class Pages(QObject):
    """At least one page, and always one that is current.

    It fills three places of the window: `tabs`, above them the `bars`, below them the `contents`.
    What any of its pages signals, it signals.
    """

    switched = Signal()
    """Another page is the current one."""
    state_changed = Signal()
    said = Signal(object, str)
    failed = Signal(object)
    csv_wanted = Signal()
    check_wanted = Signal()
    hint_wanted = Signal()
    keep_wanted = Signal()
    unwanted = Signal(object)
    """This page is to be closed."""

    def __init__(self, appearance: Appearance, first: GraphPage | None, parent: QWidget) -> None:
        super().__init__(parent)
        self._appearance = appearance
        self._all: list[GraphPage] = []
        self._panels: dict[str, bool] = {}
        self.tabs = Tabs(parent)
        self.bars, self.contents = QStackedWidget(parent), QStackedWidget(parent)
        self.bars.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.tabs.currentChanged.connect(lambda at: self.show(self._all[at]))
        self.tabs.tabMoved.connect(self._move)
        self.tabs.tabCloseRequested.connect(lambda at: self.unwanted.emit(self._all[at]))
        appearance.theme_changed.connect(self._apply_theme)
        self.current = first or self.fresh()
        self.add(self.current)

    @property
    def all(self) -> tuple[GraphPage, ...]:
        """All pages, in the order of their tabs."""
        return tuple(self._all)

    def fresh(self) -> GraphPage:
        """Return an empty page, which is none of these yet."""
        return GraphPage(self._appearance.theme)

    def to_fill(self) -> GraphPage:
        """Return the current page if nothing was done on it yet; otherwise a fresh one."""
        return self.current if self.current.untouched else self.fresh()

    def add(self, page: GraphPage) -> None:
        """Add `page` behind the last tab, if it is none of these yet, and show it."""
        if page not in self._all:
            self._all.append(page)
            self.bars.addWidget(page.bar)
            self.contents.addWidget(page)
            for theirs, ours in self._signals(page):
                theirs.connect(ours)
            for name, shown in self._panels.items():
                page.show_panel(name, shown=shown)
            with QSignalBlocker(self.tabs):
                self.tabs.addTab("")
        self.show(page)

    def take_out(self, page: GraphPage) -> None:
        """Let go of `page`; in place of the last one comes a fresh one."""
        if len(self._all) == 1:
            self.add(self.fresh())
        at = self._all.index(page)
        if page is self.current:
            self.show(self._all[at + 1 if at + 1 < len(self._all) else at - 1])
        for theirs, ours in self._signals(page):
            theirs.disconnect(ours)
        self._all.remove(page)
        with QSignalBlocker(self.tabs):
            self.tabs.removeTab(at)
        self.bars.removeWidget(page.bar)
        self.contents.removeWidget(page)
        self.state_changed.emit()

    def _signals(self, page: GraphPage) -> tuple[tuple[SignalInstance, SignalInstance], ...]:
        """Return the signals of a page, each with the one that passes it on."""
        return (
            (page.state_changed, self.state_changed),
            (page.said, self.said),
            (page.failed, self.failed),
            (page.csv_wanted, self.csv_wanted),
            (page.check_wanted, self.check_wanted),
            (page.hint_wanted, self.hint_wanted),
            (page.keep_wanted, self.keep_wanted),
        )

    def show(self, page: GraphPage) -> None:
        """Make `page` the current one."""
        before, self.current = self.current, page
        if before is not page:
            before.leave()
            # A page that was not seen has the size of long ago.
            page.resize(self.contents.size())
            page.lay_out_like(before)
        self.bars.setCurrentWidget(page.bar)
        self.contents.setCurrentWidget(page)
        with QSignalBlocker(self.tabs):
            self.tabs.setCurrentIndex(self._all.index(page))
        self.switched.emit()
        # Whoever walks along the tabs goes on walking.
        if not self.tabs.hasFocus():
            page.canvas.setFocus()

    def step(self, by: int) -> None:
        """Show the page that many tabs on; after the last comes the first."""
        self.show(self._all[(self._all.index(self.current) + by) % len(self._all)])

    def show_panel(self, name: str, *, shown: bool) -> None:
        """Show or hide one of the panels that every page has."""
        self._panels[name] = shown
        for page in self._all:
            page.show_panel(name, shown=shown)

    def show_names(self) -> None:
        """Write on the tabs what the pages are called now."""
        self.tabs.show_names(
            [
                (page.name, page.document.modified, str(page.document.path or ""))
                for page in self._all
            ]
        )

    def _move(self, start: int, end: int) -> None:
        self._all.insert(end, self._all.pop(start))

    def _apply_theme(self, theme: Theme) -> None:
        for page in self._all:
            page.set_theme(theme)
