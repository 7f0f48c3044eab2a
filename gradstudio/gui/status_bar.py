"""The line at the bottom: how large the graph is, what it comes to, whether it is saved."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QLabel, QStatusBar, QToolButton, QWidget

from gradstudio.gui.page import GraphPage
from gradstudio.gui.panels.facts import restyle
from gradstudio.numbers import value_text

MESSAGE_MS = 6000


class StatusBar(QStatusBar):
    """Shows the state of one page; messages stand over it for a while."""

    language_switched = Signal()
    problems_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._page: GraphPage | None = None
        self.setSizeGripEnabled(False)
        self.summary = _plain(self)
        self.addWidget(self.summary)
        self.problems = QToolButton(self)
        self.problems.setObjectName("problem_count")
        self.problems.setProperty("flat", True)
        self.problems.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.problems.clicked.connect(self.problems_wanted)
        self.addWidget(self.problems)
        self.messageChanged.connect(self._show_problems)
        self.saved, self.precision, self.zoom = _plain(self), _plain(self), _plain(self)
        for one in (self.saved, self.precision, self.zoom):
            self.addPermanentWidget(one)
        self.language = QToolButton(self)
        self.language.setProperty("flat", True)
        self.language.setText("EN / 中文")
        self.language.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.language.clicked.connect(self.language_switched)
        self.addPermanentWidget(self.language)
        self.precision.setText("float64")
        self.retranslate()

    def follow(self, page: GraphPage) -> None:
        """Show the state of `page` from now on."""
        before, self._page = self._page, page
        if before is not None:
            self._unfollow(before)
        page.document.evaluated.connect(self._show_summary)
        page.document.changed.connect(self._show_summary)
        page.playback.moved.connect(self._show_summary)
        page.canvas.lens.zoom_changed.connect(self._show_zoom)
        page.problems.changed.connect(self._show_problems)
        self.clearMessage()
        self._show_zoom(page.canvas.zoom)
        self._show_summary()
        self._show_problems()
        self.show_saved()

    def _unfollow(self, page: GraphPage) -> None:
        page.document.evaluated.disconnect(self._show_summary)
        page.document.changed.disconnect(self._show_summary)
        page.playback.moved.disconnect(self._show_summary)
        page.canvas.lens.zoom_changed.disconnect(self._show_zoom)
        page.problems.changed.disconnect(self._show_problems)

    def retranslate(self) -> None:
        """Write all texts in the present language."""
        said = self.tr("Switches between English and Chinese")
        self.language.setToolTip(said)
        self.language.setAccessibleName(said)
        self.precision.setToolTip(self.tr("Numbers are computed in double precision"))
        self._show_summary()
        self._show_problems()
        self.show_saved()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)

    def say(self, text: str) -> None:
        """Show a message for a few seconds, and have a screen reader read it; none if empty."""
        self.showMessage(text, MESSAGE_MS)
        if text and QAccessible.isActive():
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, text))

    def _show_zoom(self, zoom: float) -> None:
        self.zoom.setText(f"{zoom:.0%}")

    def show_saved(self) -> None:
        """Show whether the document is saved, and when it was, if that is known."""
        page = self._page
        if page is None:
            return
        if page.document.modified:
            self.saved.setText(self.tr("unsaved changes"))
        elif page.saved_at:
            self.saved.setText(self.tr("saved {time}").format(time=page.saved_at))
        elif page.document.path is not None:
            self.saved.setText(self.tr("saved"))
        else:
            self.saved.setText(self.tr("not saved"))

    def _show_problems(self, _message: str = "") -> None:
        found = None if self._page is None else self._page.problems
        errors, warnings = (0, 0) if found is None else (found.errors, found.warnings)
        parts = []
        if errors:
            text = self.tr("1 error") if errors == 1 else self.tr("{count} errors")
            parts.append(text.format(count=f"{errors:,}"))
        if warnings:
            text = self.tr("1 warning") if warnings == 1 else self.tr("{count} warnings")
            parts.append(text.format(count=f"{warnings:,}"))
        # Qt hides it for a message, and would not hide what is shown meanwhile.
        self.problems.setVisible(bool(parts) and not self.currentMessage())
        self.problems.setText(" · ".join(parts))
        self.problems.setToolTip(self.tr("Shows the list of problems"))
        restyle(self.problems, "severity", "error" if errors else "warning")

    def _show_summary(self) -> None:
        if self._page is None:
            return
        document, playback = self._page.document, self._page.playback
        evaluation, graph = document.evaluation, document.graph
        edges = sum(1 for _ in graph.edges())
        nodes = len(graph)
        parts = [
            self.tr("1 node") if nodes == 1 else self.tr("{count} nodes").format(count=nodes),
            self.tr("1 edge") if edges == 1 else self.tr("{count} edges").format(count=edges),
        ]
        output = evaluation.output
        value = None if output is None else evaluation.values.get(output)
        if output is not None and value is not None and playback.shows_value(output):
            parts.append(f"{output} = {value_text(value)}")
        self.summary.setText(" · ".join(parts))


def _plain(parent: QWidget) -> QLabel:
    made = QLabel(parent)
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.setContentsMargins(8, 0, 8, 0)
    return made
