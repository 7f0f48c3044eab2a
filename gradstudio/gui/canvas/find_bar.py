"""The bar that finds nodes: over the canvas, at its upper right, while something is looked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QLineEdit, QToolButton

from gradstudio.gui.appearance import in_every_language
from gradstudio.gui.canvas.matching import is_number, matching
from gradstudio.gui.canvas.sketch import indices

if TYPE_CHECKING:
    from gradstudio.gui.canvas.view import Canvas

MARGIN_PX = 12
FIELD_PX = 190
COUNT_PX = 92


class FindField(QLineEdit):
    """Where one types what is looked for."""

    stepped = Signal(int)
    """To the next match, or with −1 to the one before."""
    left = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, back = event.key(), bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_F3):
            self.stepped.emit(-1 if back else 1)
        elif key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self.stepped.emit(-1 if key == Qt.Key.Key_Up else 1)
        elif key == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)
        event.accept()


class FindBar(QFrame):
    """Finds nodes of one canvas: marks all that answer, and goes from one to the next.

    Args:
        canvas: where to look.
    """

    def __init__(self, canvas: Canvas) -> None:
        # Not in the viewport, which takes its children along when it scrolls.
        super().__init__(canvas)
        self._canvas = canvas
        self._found: list[str] = []
        self._at = -1
        self.setProperty("box", "find")
        self.field = FindField(self)
        self.field.setFixedWidth(FIELD_PX)
        self.field.textChanged.connect(self._search)
        self.field.stepped.connect(self.step)
        self.field.left.connect(self.close_bar)
        self.count = QLabel(self)
        self.count.setTextFormat(Qt.TextFormat.PlainText)
        self.count.setProperty("role", "muted")
        self.count.setMinimumWidth(COUNT_PX)
        self.previous, self.next, self.shut = (QToolButton(self) for _ in range(3))
        for button, sign in ((self.previous, "↑"), (self.next, "↓"), (self.shut, "✕")):
            button.setText(sign)
            button.setProperty("flat", True)
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.previous.clicked.connect(lambda: self.step(-1))
        self.next.clicked.connect(lambda: self.step(1))
        self.shut.clicked.connect(self.close_bar)
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 6, 6, 6)
        row.setSpacing(4)
        for widget in (self.field, self.count, self.previous, self.next, self.shut):
            row.addWidget(widget)
        self.hide()
        self.retranslate()

    @property
    def found(self) -> tuple[str, ...]:
        """The nodes that answer, in the order in which one goes through them."""
        return tuple(self._found)

    def open(self) -> None:
        """Show the bar, ready to be typed in."""
        self.show()
        self.raise_()
        self.place()
        self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.field.selectAll()
        self._search()

    def close_bar(self) -> None:
        """Look for nothing any more; the keyboard goes back to the canvas."""
        # Before it hides: then Qt hands the keyboard to whatever widget is next.
        self._canvas.setFocus(Qt.FocusReason.OtherFocusReason)
        self.hide()
        self._found, self._at = [], -1
        self._mark()

    def step(self, by: int) -> None:
        """Go to the next match, or the one before: select it and bring it into sight."""
        if not self._found:
            return
        if self._at < 0:
            self._at = 0 if by > 0 else len(self._found) - 1
        else:
            self._at = (self._at + by) % len(self._found)
        name = self._found[self._at]
        self._canvas.select((name,))
        self._canvas.lens.show_node(name)
        self._say()

    def refresh(self) -> None:
        """Look again: the graph or its numbers changed, or it is drawn anew."""
        if self.isVisible():
            at = self._found[self._at] if 0 <= self._at < len(self._found) else None
            self._look()
            self._at = self._found.index(at) if at in self._found else -1
            self._say()

    def refresh_values(self) -> None:
        """Look again if numbers are looked for: they may be others now."""
        if is_number(self.field.text()):
            self.refresh()

    def retranslate(self) -> None:
        """Write all texts in the present language."""
        self.field.setPlaceholderText(self.tr("Name, operation or value"))
        self.field.setAccessibleName(self.tr("Find in the graph"))
        for button, text in (
            (self.previous, self.tr("Previous (Shift+Enter)")),
            (self.next, self.tr("Next (Enter)")),
            (self.shut, self.tr("Close (Esc)")),
        ):
            button.setToolTip(text)
            button.setAccessibleName(text)
        self._say()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()

    def place(self) -> None:
        """Be at the upper right of the canvas, which may have another size now."""
        self.adjustSize()
        left = max(0, self._canvas.width() - self.width() - MARGIN_PX)
        self.move(left, MARGIN_PX)

    def _search(self) -> None:
        self._at = -1
        self._look()
        self._say()
        if self._found:
            sketch = self._canvas.picture.sketch
            seen = self._canvas.mapToScene(self._canvas.viewport().rect()).boundingRect()
            if not np.isin(indices(sketch, self._found), sketch.enclosed(seen)).any():
                self._canvas.lens.show_node(self._found[0])

    def _look(self) -> None:
        canvas = self._canvas
        graph, sketch = canvas.picture.graph, canvas.picture.sketch
        values = canvas.picture.evaluation.values
        ways = matching(graph, values, self.field.text(), in_every_language)
        # Of a frame whose inside is shown, what is in it.
        ways = {name: way for name, way in ways.items() if name in sketch.index}
        names = list(ways)
        # As one reads: by how well they answer, then column by column.
        places = np.round(sketch.centres[indices(sketch, names)])
        order = np.lexsort((places[:, 1], places[:, 0], np.array(list(ways.values()))))
        self._found = [names[at] for at in order.tolist()]
        self._mark()

    def _mark(self) -> None:
        sketch, marks = self._canvas.picture.sketch, self._canvas.picture.marks
        found = None
        if self._found:
            found = np.zeros(len(sketch.names), bool)
            found[indices(sketch, self._found)] = True
        if found is not None or marks.found is not None:
            marks.found = found
            self._canvas.repaint_all()

    def _say(self) -> None:
        count = len(self._found)
        if not self.field.text().strip():
            text = ""
        elif not count:
            text = self.tr("none found")
        elif self._at < 0:
            text = self.tr("{count} found").format(count=count)
        else:
            text = self.tr("{at} of {count}").format(at=self._at + 1, count=count)
        changed = text != self.count.text()
        self.count.setText(text)
        if changed and text and QAccessible.isActive():
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self.field, text))
