"""The line at the bottom: how large the graph is, what it comes to, whether it is saved."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QLabel, QStatusBar, QToolButton, QWidget

from gradstudio.gui.document import Document
from gradstudio.gui.playback import Playback
from gradstudio.numbers import value_text

MESSAGE_MS = 6000


class StatusBar(QStatusBar):
    """Shows the document's state; messages stand over it for a while."""

    language_switched = Signal()

    def __init__(
        self, document: Document, playback: Playback, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._document = document
        self._playback = playback
        self._saved_at = ""
        self.setSizeGripEnabled(False)
        self.summary = _plain(self)
        self.addWidget(self.summary)
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
        document.evaluated.connect(self._show_summary)
        document.changed.connect(self._show_summary)
        playback.moved.connect(self._show_summary)
        self.retranslate()

    def retranslate(self) -> None:
        """Write all texts in the present language."""
        said = self.tr("Switches between English and Chinese")
        self.language.setToolTip(said)
        self.language.setAccessibleName(said)
        self.precision.setToolTip(self.tr("Numbers are computed in double precision"))
        self._show_summary()
        self.show_saved(self._saved_at)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)

    def say(self, text: str) -> None:
        """Show a message for a few seconds, and have a screen reader read it."""
        self.showMessage(text, MESSAGE_MS)
        if QAccessible.isActive():
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, text))

    def set_zoom(self, zoom: float) -> None:
        """Show the scale of the canvas."""
        self.zoom.setText(f"{zoom:.0%}")

    def show_saved(self, at: str) -> None:
        """Show whether the document is saved, and when it was, if that is known."""
        self._saved_at = at
        if self._document.modified:
            self.saved.setText(self.tr("unsaved changes"))
        elif at:
            self.saved.setText(self.tr("saved {time}").format(time=at))
        elif self._document.path is not None:
            self.saved.setText(self.tr("saved"))
        else:
            self.saved.setText(self.tr("not saved"))

    def _show_summary(self) -> None:
        evaluation = self._document.evaluation
        graph = self._document.graph
        edges = sum(1 for _ in graph.edges())
        nodes = len(graph)
        parts = [
            self.tr("1 node") if nodes == 1 else self.tr("{count} nodes").format(count=nodes),
            self.tr("1 edge") if edges == 1 else self.tr("{count} edges").format(count=edges),
        ]
        output = evaluation.output
        value = None if output is None else evaluation.values.get(output)
        if output is not None and value is not None and self._playback.shows_value(output):
            parts.append(f"{output} = {value_text(value)}")
        self.summary.setText(" · ".join(parts))


def _plain(parent: QWidget) -> QLabel:
    made = QLabel(parent)
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.setContentsMargins(8, 0, 8, 0)
    return made
