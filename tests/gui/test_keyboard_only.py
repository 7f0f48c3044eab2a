"""A whole session with no mouse: a graph from nothing, its values, its gradients, its training."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QSpinBox, QWidget
from pytestqt.qtbot import QtBot

from gradstudio.gui.command_palette import CommandPalette
from gradstudio.gui.main_window import MainWindow
from gradstudio.gui.orders import plain

Key = Qt.Key
NONE = Qt.KeyboardModifier.NoModifier
CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
_MOUSE = (
    QEvent.Type.MouseButtonPress,
    QEvent.Type.MouseButtonRelease,
    QEvent.Type.MouseButtonDblClick,
    QEvent.Type.MouseMove,
    QEvent.Type.Wheel,
)


class NoMouse(QObject):
    """Counts what a mouse did."""

    def __init__(self) -> None:
        super().__init__()
        self.used = 0

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        self.used += event.type() in _MOUSE
        return False


@pytest.fixture
def mouse(qapp: QApplication) -> Iterator[NoMouse]:
    watch = NoMouse()
    qapp.installEventFilter(watch)
    yield watch
    qapp.removeEventFilter(watch)


class Keyboard:
    """Keys, which go to whatever has the keyboard."""

    def __init__(self, window: MainWindow) -> None:
        self.window = window
        window.activateWindow()

    @property
    def at(self) -> QWidget:
        found = QApplication.focusWidget()
        assert found is not None
        return found

    def press(self, *keys: Qt.Key, modifiers: Qt.KeyboardModifier = NONE) -> None:
        for key in keys:
            QTest.keyClick(self.at, key, modifiers)
            QApplication.processEvents()
        self.window.document.settle()

    def type(self, text: str) -> None:
        QTest.keyClicks(self.at, text)
        QApplication.processEvents()

    def add(self, text: str) -> str:
        """Find a node by its name and put it on the canvas; return what it is called."""
        before = set(self.window.document.graph.nodes)
        self.press(Key.Key_T)
        self.type(text)
        self.press(Key.Key_Return)
        (name,) = set(self.window.document.graph.nodes) - before
        assert self.window.canvas.hasFocus()
        return name

    def go_to(self, name: str) -> None:
        """Walk until the ring is around a node."""
        for _ in self.window.document.graph.nodes:
            if self.window.canvas.caret.name == name:
                return
            self.press(Key.Key_PageDown)
        assert self.window.canvas.caret.name == name

    def link(self, source: str, target: str, port: int) -> None:
        """Draw a link, choosing its port with the arrows."""
        self.go_to(target)
        self.press(Key.Key_C, modifiers=SHIFT)
        gesture = self.window.canvas.gesture
        while gesture.target != (target, port):
            self.press(Key.Key_C, modifiers=SHIFT)
            gesture = self.window.canvas.gesture
        for _ in self.window.document.graph.nodes:
            if gesture.aimed == source:
                break
            self.press(Key.Key_PageDown)
        assert gesture.aimed == source
        self.press(Key.Key_Return)
        assert self.window.document.graph.nodes[target].inputs[port] == source

    def set_value(self, name: str, value: str) -> None:
        self.go_to(name)
        self.press(Key.Key_Return)
        self.type(value)
        self.press(Key.Key_Return)
        assert self.window.canvas.hasFocus()

    def command(self, text: str) -> None:
        """Give an order by its name."""
        self.press(Key.Key_P, modifiers=CTRL | SHIFT)
        self.type(text)
        assert self.window.findChildren(CommandPalette)[-1].shown()
        self.press(Key.Key_Return)


def test_build_read_and_train_without_a_mouse(
    qtbot: QtBot, window: MainWindow, mouse: NoMouse
) -> None:
    keys = Keyboard(window)
    window.canvas.setFocus(Qt.FocusReason.TabFocusReason)

    # (x + y) * z, from nothing.
    x, y, z = keys.add("parameter"), keys.add("parameter"), keys.add("parameter")
    keys.go_to(x)
    # What is found follows the node with the ring.
    q, f = keys.add("add"), keys.add("mul")
    for old, new in ((x, "x"), (y, "y"), (z, "z"), (q, "q"), (f, "f")):
        keys.go_to(old)
        keys.press(Key.Key_F2)
        keys.type(new)
        keys.press(Key.Key_Return)
    keys.command(plain(window.menus.actions["arrange"].text()))
    for source, target, port in (("y", "q", 1), ("z", "f", 1)):
        keys.link(source, target, port)
    for name, value in (("x", "-2"), ("y", "5"), ("z", "-4")):
        keys.set_value(name, value)
    graph = window.document.graph
    assert graph.nodes["q"].inputs == ("x", "y")
    assert graph.nodes["f"].inputs == ("q", "z")
    assert [float(graph.nodes[name].value) for name in "xyz"] == [-2, 5, -4]

    # Its numbers, on the canvas and in the inspector.
    assert window.canvas.edge_text("f", 1) == ("−4", "3")
    assert window.status.summary.text() == "5 nodes · 4 edges · f = −12"
    keys.go_to("z")
    keys.press(Key.Key_Right)
    assert window.inspector.name == "f"
    keys.press(Key.Key_Return)
    assert window.inspector.isAncestorOf(keys.at), "there is nothing to set but its name"
    keys.press(Key.Key_Escape)
    assert window.canvas.hasFocus()

    # Two steps of training, from the panel.
    while not window.training.isAncestorOf(keys.at):
        keys.press(Key.Key_F6)
    for _ in range(30):
        if keys.at is window.training.steps:
            break
        keys.press(Key.Key_Tab)
    assert isinstance(keys.at, QSpinBox)
    keys.press(Key.Key_A, modifiers=CTRL)
    keys.type("2")
    keys.press(Key.Key_T, modifiers=CTRL)
    qtbot.wait_until(lambda: not window.session.running and window.session.steps == 2)
    qtbot.wait_until(lambda: float(window.document.graph.nodes["x"].value) != -2)
    keys.press(Key.Key_Z, modifiers=CTRL)
    while not window.canvas.hasFocus():
        keys.press(Key.Key_F6)
    keys.command("undo")
    assert mouse.used == 0
