"""What a student does in the window of a lab, by keyboard, and all that it says."""

import re

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QPlainTextEdit, QWidget
from pytestqt.qtbot import QtBot

from gradstudio import resources
from gradstudio.gui.canvas import hover, spoken
from gradstudio.gui.canvas.plate import Wish, shot
from gradstudio.gui.lab_session import LabSession
from gradstudio.gui.main_window import MainWindow
from gradstudio.gui.panels.lab_fields import ChoiceField
from gradstudio.gui.theme import LIGHT

STUDENT = "20240001"
CONTROL = Qt.KeyboardModifier.ControlModifier
NONE = Qt.KeyboardModifier.NoModifier
LEFT = Qt.MouseButton.LeftButton
Key = Qt.Key
LEAF_KINDS = {"input", "parameter", "constant"}


def begin(window: MainWindow, name: str) -> LabSession:
    window.filing.open_file(resources.path("labs", f"{name}.gradlab"))
    window.document.settle()
    QApplication.processEvents()
    assert window.labs.lab is not None
    return window.labs.lab


def focused() -> QWidget:
    found = QApplication.focusWidget()
    assert found is not None
    return found


def type_over(qtbot: QtBot, text: str) -> None:
    """Type into what has the keyboard, in place of what stands there."""
    field = focused()
    assert isinstance(field, QLineEdit)
    field.selectAll()
    # A true minus ends the process in keyClicks; a hyphen is read just so.
    qtbot.keyClicks(field, text.replace("−", "-"))


def answer(qtbot: QtBot, window: MainWindow, item: str, entries: dict[str, str]) -> None:
    """Answer one item by keyboard, and check it."""
    session = window.labs.lab
    assert session is not None
    session.select(item)
    window.page.enter_item()
    blanks = session.blanks(item)
    for blank in blanks:
        if blank.options:
            field = window.page.lab_panel.fields[blank.id]
            assert isinstance(field, ChoiceField)
            for id in entries[blank.id].split():
                field.options[id].setFocus()
                qtbot.keyClick(focused(), Key.Key_Space)
        else:
            type_over(qtbot, entries[blank.id])
            if blank is not blanks[-1]:
                qtbot.keyClick(focused(), Key.Key_Tab)
    for blank in blanks:
        assert session.text(item, blank.id) == entries[blank.id].replace("−", "-")
    qtbot.keyClick(window, Key.Key_Return, CONTROL)


def build_sigmoid(window: MainWindow) -> None:
    window.page.add_node("sigmoid")
    (name,) = window.canvas.selection()
    window.canvas.edits.link("s", name, 0)
    assert window.canvas.edits.rename(name, "h")


def texts_of(window: MainWindow) -> str:
    """Return all that the window says of its graph, wherever it says it."""
    canvas, parts = window.canvas, []
    sketch, picture = canvas.picture.sketch, canvas.picture
    for edge in canvas.document.graph.edges():
        parts += canvas.edge_text(edge.target, edge.port)
    for at, edge in enumerate(sketch.edges):
        parts.append(hover.edge_tip(picture, at))
        figures = picture.figures.all_of(picture.evaluation, edge.source, edge.target, edge.port)
        parts += [figure.text for figure in figures if figure]
    for name in canvas.document.graph.nodes:
        parts.append(hover.node_tip(picture, name))
        parts += [one.text for one in picture.result(sketch.index[name]) if one]
        window.inspector.inspect(name)
        parts += shown(window.inspector)
        parts.append(spoken.node(picture, name))
    parts += [spoken.edge(picture, at) for at in range(len(sketch.edges))]
    parts += [spoken.whole(picture), spoken.output(picture)]
    window.inspector.inspect(None)
    parts += shown(window.inspector)
    parts += shown(window.status)
    picture_text = shot(window.document, window.playback, Wish(LIGHT), "tikz")
    # Without where things lie.
    parts.append(re.sub(r"\(-?[\d.]+,\s*-?[\d.]+\)", "", picture_text.decode()))
    return "\n".join(parts)


def shown(widget: QWidget) -> list[str]:
    labels = [one.text() for one in widget.findChildren(QLabel)]
    tips = [one.toolTip() for one in widget.findChildren(QWidget)]
    boxes = [one.toPlainText() for one in widget.findChildren(QPlainTextEdit)]
    return [*labels, *tips, *boxes]
