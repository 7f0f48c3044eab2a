"""The formula bar: the graph as text, and text as a graph."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QEvent, QPoint, Qt, QTimer, Signal
from PySide6.QtGui import (
    QClipboard,
    QColor,
    QContextMenuEvent,
    QDragEnterEvent,
    QDropEvent,
    QFocusEvent,
    QInputMethodEvent,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QResizeEvent,
    QTextCharFormat,
    QTextCursor,
)
from PySide6.QtWidgets import (
    QApplication,
    QDialog,
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QMenu,
    QPlainTextEdit,
    QPushButton,
    QTextEdit,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from gradstudio import formula
from gradstudio.emit.formula import to_formula
from gradstudio.errors import FormulaError, GradStudioError
from gradstudio.formula.expression import NO_POWER
from gradstudio.formula.phrase import begun
from gradstudio.formula.source import LONGEST_TEXT, Source
from gradstudio.graph import Graph
from gradstudio.gui import style
from gradstudio.gui.canvas.layout import arrange
from gradstudio.gui.document import Document
from gradstudio.gui.panels.facts import Words, restyle
from gradstudio.gui.transfer import formula_text
from gradstudio.gui.wording import error_text

LONGEST_SHOWN = 20_000
"""A longer formula is of no use in one line, and setting it would cost a frame."""
MOST_NODES_SHOWN = 2000
_KEY = QKeySequence.StandardKey


def built(text: str, known: Graph) -> tuple[Graph, tuple[str, ...]]:
    """Return the graph of `text`, laid out, and the leaves that were given a first value.

    Raises:
        FormulaError: it is no formula.
        GradStudioError: no graph can be made of it.
    """
    graph, new = begun(formula.parse(text, known=known))
    # Any two graphs may both have an add1 and an f: few names in common do not make it an edit.
    edited = 2 * len(graph.nodes.keys() & known.nodes.keys()) > len(graph)
    kept = any(name in graph.positions for name, node in graph.nodes.items() if not node.is_leaf)
    if edited and kept:
        missing = [name for name in graph.nodes if name not in graph.positions]
        return graph.move(arrange(graph, missing)), new
    if not edited:
        # What the file said of itself was said of the graph before.
        extra = {key: value for key, value in graph.extra.items() if key not in ("title", "about")}
        graph = replace(graph, extra=extra)
    return replace(graph, positions=arrange(graph)), new


class _Field(QLineEdit):
    """One line of formula; pasted and dropped lines are joined by semicolons."""

    left = Signal()
    focused = Signal(bool)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        # Qt cuts a longer paste off in silence; the formula's own limit is said.
        self.setMaxLength(LONGEST_TEXT + 1)

    def insert_lines(self, text: str) -> None:
        """Insert `text`; comments, which would swallow what follows, are left out."""
        if len(text) <= LONGEST_TEXT and any(sign in text for sign in "\n\r#"):
            text = Source(text).joined()
        self.insert(text)

    def paste(self, mode: QClipboard.Mode = QClipboard.Mode.Clipboard) -> None:
        """Insert the lines (of nodes, the formula) on the clipboard, or last selected on X11."""
        self.insert_lines(formula_text(QApplication.clipboard().mimeData(mode)))

    def event(self, event: QEvent) -> bool:
        if (
            isinstance(event, QKeyEvent)
            and event.type() == QEvent.Type.ShortcutOverride
            and not self.isModified()
            and any(map(event.matches, (_KEY.Undo, _KEY.Redo)))
        ):
            # Nothing was typed since the last graph: it is the graph that is to be undone.
            event.ignore()
            return False
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(_KEY.Paste):
            self.paste()
        elif event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        menu = self.menu()
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(event.globalPos())

    def menu(self) -> QMenu:
        """Return Qt's menu of a line edit, but with this paste."""
        menu = self.createStandardContextMenu()
        for action in menu.actions():
            if action.objectName() == "edit-paste":
                action.triggered.disconnect()
                action.triggered.connect(lambda: self.paste())
        return menu

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if (
            event.button() == Qt.MouseButton.MiddleButton
            and QApplication.clipboard().supportsSelection()
        ):
            self.deselect()
            self.paste(QClipboard.Mode.Selection)
        else:
            super().mouseReleaseEvent(event)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            # A file is for the window, which opens it; its address is no formula.
            event.ignore()
        else:
            super().dragEnterEvent(event)

    def dropEvent(self, event: QDropEvent) -> None:
        # Within the field Qt moves the text, which is one line already.
        if event.source() is self or not event.mimeData().hasText():
            super().dropEvent(event)
            return
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        self.setCursorPosition(self.cursorPositionAt(event.position().toPoint()))
        self.insert_lines(event.mimeData().text())
        event.acceptProposedAction()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.focused.emit(True)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.focused.emit(False)

    def mark(self, column: int | None, colour: str) -> None:
        """Underline the character at `column`, counted from 1, or nothing."""
        attributes = []
        if column is not None and self.text():
            at = min(max(column - 1, 0), len(self.text()) - 1)
            self.setCursorPosition(at)
            wavy = QTextCharFormat()
            wavy.setUnderlineStyle(QTextCharFormat.UnderlineStyle.WaveUnderline)
            wavy.setUnderlineColor(QColor(colour))
            wavy.setForeground(QColor(colour))
            kind = QInputMethodEvent.AttributeType.TextFormat
            attributes = [QInputMethodEvent.Attribute(kind, at - self.cursorPosition(), 1, wavy)]
        # QLineEdit has no formats of its own; this is how input methods colour what they compose.
        QApplication.sendEvent(self, QInputMethodEvent("", attributes))


class FormulaEditor(QDialog):
    """Several lines of formula in a window of their own."""

    def __init__(self, text: str, known: Graph, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._known = known
        self.result_graph: tuple[Graph, tuple[str, ...]] | None = None
        self.text = QPlainTextEdit(self)
        self.text.setFont(style.code_font())
        self.text.setPlainText(text)
        self.text.textChanged.connect(self._clear)
        self.words = Words(self)
        self.build_button = QPushButton(self)
        self.build_button.setDefault(True)
        self.build_button.clicked.connect(self._build)
        self.cancel_button = QPushButton(self)
        self.cancel_button.clicked.connect(self.reject)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(self.cancel_button)
        row.addWidget(self.build_button)
        column = QVBoxLayout(self)
        column.addWidget(self.text, 1)
        column.addWidget(self.words)
        column.addLayout(row)
        self.resize(560, 320)
        self.retranslate()

    @classmethod
    def ask(
        cls, text: str, known: Graph, parent: QWidget | None = None
    ) -> tuple[Graph, tuple[str, ...]] | None:
        """Let the user write a formula; return what `built` made of it, or None."""
        dialog = cls(text, known, parent)
        accepted = dialog.exec() == QDialog.DialogCode.Accepted
        found = dialog.result_graph if accepted else None
        dialog.deleteLater()
        return found

    def retranslate(self) -> None:
        """Write all texts in the present language."""
        self.setWindowTitle(self.tr("Formula"))
        self.text.setAccessibleName(self.tr("Formula"))
        self.build_button.setText(self.tr("Build"))
        self.cancel_button.setText(self.tr("Cancel"))

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)

    def _build(self) -> None:
        try:
            self.result_graph = built(self.text.toPlainText(), self._known)
        except GradStudioError as wrong:
            self.words.say(error_text(wrong), "error")
            if isinstance(wrong, FormulaError):
                self._mark(wrong.line, wrong.column)
            return
        self.accept()

    def _mark(self, line: int, column: int) -> None:
        block = self.text.document().findBlockByNumber(line - 1)
        if not block.isValid():
            return
        cursor = QTextCursor(block)
        cursor.setPosition(block.position() + min(max(column - 1, 0), max(block.length() - 1, 0)))
        self.text.setTextCursor(cursor)
        cursor.movePosition(QTextCursor.MoveOperation.Right, QTextCursor.MoveMode.KeepAnchor)
        mark = QTextEdit.ExtraSelection()
        mark.cursor = cursor
        wavy = QTextCharFormat()
        wavy.setUnderlineStyle(QTextCharFormat.UnderlineStyle.WaveUnderline)
        wavy.setUnderlineColor(self.palette().text().color())
        mark.format = wavy
        self.text.setExtraSelections([mark])

    def _clear(self) -> None:
        self.words.say("", "error")
        self.text.setExtraSelections([])


class FormulaBar(QFrame):
    """Shows the graph's formula as it is edited; Enter builds the graph of what was typed."""

    built = Signal()
    """A graph was made from the text."""
    said = Signal(str)
    """A word about it for the status bar."""

    def __init__(self, document: Document, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("box", "field")
        self._document = document
        self._error_colour = "#b3261e"
        self._mendable = ""
        """The text in which Enter will write powers as they are written here."""
        self.field = _Field(self)
        self.field.setObjectName("formula")
        self.field.setFont(style.code_font())
        self.field.returnPressed.connect(self._build)
        self.field.textEdited.connect(self._clear)
        self.field.left.connect(self._restore)
        self.field.focused.connect(lambda on: restyle(self, "active", on))
        self.build_button = QToolButton(self)
        self.build_button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.build_button.setProperty("flat", True)
        self.build_button.clicked.connect(self._build)
        self.expand_button = QToolButton(self)
        self.expand_button.setProperty("flat", True)
        self.expand_button.setText("⤢")
        self.expand_button.clicked.connect(self._expand)
        row = QHBoxLayout(self)
        row.setContentsMargins(2, 1, 3, 1)
        row.setSpacing(0)
        row.addWidget(self.field, 1)
        row.addWidget(self.build_button)
        row.addWidget(self.expand_button)
        # It floats below the field, so that nothing moves when it comes and goes.
        self.words = Words(self.window())
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(0)
        self._timer.timeout.connect(self._show_formula)
        document.changed.connect(self._follow)
        document.restarted.connect(self._restore)
        self._show_formula()
        self.retranslate()

    def retranslate(self) -> None:
        """Write all texts in the present language."""
        self.field.setPlaceholderText(self.tr("Type a formula, such as f = (x + y) * z"))
        self.field.setAccessibleName(self.tr("Formula"))
        self.build_button.setText(self.tr("⏎ build"))
        self.build_button.setToolTip(self.tr("Builds the graph of the formula (Enter)"))
        self.build_button.setAccessibleName(self.tr("Build the graph"))
        self.expand_button.setToolTip(self.tr("Opens the formula in several lines"))
        self.expand_button.setAccessibleName(self.tr("Edit in several lines"))

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place_words()

    def set_error_colour(self, colour: str) -> None:
        """Mark the place of an error in `colour` from now on."""
        self._error_colour = colour

    # -- the graph as text ------------------------------------------------------------------

    def _follow(self, before: Graph, after: Graph) -> None:
        if before.nodes is not after.nodes or before.output != after.output:
            self._timer.start()

    def _show_formula(self) -> None:
        if self.field.hasFocus() and self.field.isModified():
            return
        self._clear()
        graph = self._document.graph
        if len(graph) > MOST_NODES_SHOWN:
            self.field.setText("")
            return
        text = "; ".join(to_formula(graph).splitlines())
        self.field.setText(text if len(text) <= LONGEST_SHOWN else "")
        self.field.setCursorPosition(0)

    def _restore(self) -> None:
        self.field.setModified(False)
        self._show_formula()

    # -- text as a graph --------------------------------------------------------------------

    def _build(self) -> None:
        text = self.field.text()
        if not text.strip():
            return
        if self._mendable == text:
            text = text.replace("^", "**")
            self.field.setText(text)
            self.field.setModified(True)
        self._mendable = ""
        try:
            graph, new = built(text, self._document.graph)
            self._document.allow(graph)
        except GradStudioError as wrong:
            self.field.mark(
                wrong.column if isinstance(wrong, FormulaError) else None, self._error_colour
            )
            restyle(self, "wrong", True)
            said = error_text(wrong)
            if wrong.template == NO_POWER:
                # In Python it means something else: not read as a power without being asked.
                self._mendable = text
                offer = self.tr("{reason}. Enter again writes it so.")
                said = offer.format(reason=said)
            self.words.say(said, "error")
            self._place_words()
            self.words.raise_()
            return
        self._take(graph, new)

    def _take(self, graph: Graph, new: tuple[str, ...]) -> None:
        changed = graph != self._document.graph
        if changed:
            self._document.commit(self.tr("Build formula"), graph)
        self._restore()
        if changed:
            self.built.emit()
        if new:
            names = ", ".join(new[:6]) + (", …" if len(new) > 6 else "")
            self.said.emit(self.tr("New leaves begin at 1: {names}").format(names=names))

    def _expand(self) -> None:
        text = "\n".join(part.strip() for part in self.field.text().split(";"))
        found = FormulaEditor.ask(text, self._document.graph, self.window())
        if found is not None:
            self._take(*found)

    def _clear(self) -> None:
        self._mendable = ""
        self.field.mark(None, "")
        restyle(self, "wrong", False)
        self.words.say("", "error")

    def _place_words(self) -> None:
        window = self.window()
        if self.words.parentWidget() is not window:
            visible = not self.words.isHidden()
            self.words.setParent(window)
            self.words.setVisible(visible)
        width = max(self.width(), 240)
        self.words.resize(width, self.words.height_for(width))
        self.words.move(self.mapTo(window, QPoint(0, self.height() + 3)))
