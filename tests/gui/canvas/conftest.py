"""A real canvas on a real document, and a hand that drags, clicks and types on it."""

from collections.abc import Iterator

import numpy as np
import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt
from PySide6.QtGui import (
    QDragEnterEvent,
    QDropEvent,
    QImage,
    QKeyEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QApplication, QLineEdit
from pytestqt.qtbot import QtBot

from gradstudio.graph import Graph
from gradstudio.gui.canvas.splice import OP_MIME
from gradstudio.gui.canvas.view import Canvas
from gradstudio.gui.document import Document
from gradstudio.gui.playback import Playback

NO_KEYS = Qt.KeyboardModifier.NoModifier
LEFT = Qt.MouseButton.LeftButton


class Hand:
    """The canvas, and what a person does with it."""

    def __init__(self, qtbot: QtBot) -> None:
        self.qtbot = qtbot
        self.document = Document()
        self.playback = Playback(self.document)
        self.canvas = Canvas(self.document, self.playback)
        self.said: list[str] = []
        self.canvas.status.connect(self.said.append)
        self.canvas.refused.connect(self.said.append)
        qtbot.addWidget(self.canvas)
        self.canvas.resize(1000, 700)
        self.canvas.show()
        qtbot.waitExposed(self.canvas)

    @property
    def graph(self) -> Graph:
        return self.document.graph

    def give(self, graph: Graph) -> None:
        self.document.commit("begin", graph)
        self.document.settle()
        self.document.undo_stack.clear()
        self.canvas.setFocus()
        QApplication.processEvents()

    def steps(self) -> int:
        """How many undo steps there are."""
        return int(self.document.undo_stack.index())

    def press(
        self, at: QPointF, button: Qt.MouseButton = LEFT, keys: Qt.KeyboardModifier = NO_KEYS
    ):
        self.qtbot.mousePress(self.canvas.viewport(), button, keys, at.toPoint())

    def move(self, at: QPointF) -> None:
        self.qtbot.mouseMove(self.canvas.viewport(), at.toPoint())

    def release(self, at: QPointF, button: Qt.MouseButton = LEFT) -> None:
        self.qtbot.mouseRelease(self.canvas.viewport(), button, NO_KEYS, at.toPoint())
        self.document.settle()

    def drag(
        self,
        start: QPointF,
        end: QPointF,
        button: Qt.MouseButton = LEFT,
        keys: Qt.KeyboardModifier = NO_KEYS,
    ) -> None:
        self.press(start, button, keys)
        for step in range(1, 6):
            self.move(start + (end - start) * step / 5)
        self.release(end, button)

    def click(self, at: QPointF, keys: Qt.KeyboardModifier = NO_KEYS) -> None:
        self.qtbot.mouseClick(self.canvas.viewport(), LEFT, keys, at.toPoint())

    def double_click(self, at: QPointF) -> None:
        self.click(at)
        self.qtbot.mouseDClick(self.canvas.viewport(), LEFT, NO_KEYS, at.toPoint())

    def key(self, key: Qt.Key, keys: Qt.KeyboardModifier = NO_KEYS) -> None:
        self.qtbot.keyClick(self.canvas, key, keys)
        self.document.settle()

    def hold(self, key: Qt.Key, keys: Qt.KeyboardModifier = NO_KEYS) -> None:
        QApplication.sendEvent(self.canvas, QKeyEvent(QKeyEvent.Type.KeyPress, key, keys))

    def let_go(self, key: Qt.Key) -> None:
        QApplication.sendEvent(self.canvas, QKeyEvent(QKeyEvent.Type.KeyRelease, key, NO_KEYS))

    def wheel(self, at: QPointF, turn: int, pixels: QPoint | None = None) -> None:
        phase = Qt.ScrollPhase.NoScrollPhase if pixels is None else Qt.ScrollPhase.ScrollUpdate
        viewport = self.canvas.viewport()
        event = QWheelEvent(
            at,
            viewport.mapToGlobal(at),
            pixels or QPoint(),
            QPoint(0, turn),
            Qt.MouseButton.NoButton,
            NO_KEYS,
            phase,
            False,
        )
        QApplication.sendEvent(viewport, event)

    def drop(self, op: str, at: QPointF) -> None:
        data = QMimeData()
        data.setData(OP_MIME, op.encode())
        copy = Qt.DropAction.CopyAction
        # Qt delivers a drop only where a drag has entered.
        enter = QDragEnterEvent(at.toPoint(), copy, data, LEFT, NO_KEYS)
        QApplication.sendEvent(self.canvas.viewport(), enter)
        assert enter.isAccepted()
        event = QDropEvent(at, copy, data, LEFT, NO_KEYS)
        QApplication.sendEvent(self.canvas.viewport(), event)
        self.document.settle()

    def editor(self) -> QLineEdit:
        found = [one for one in self.canvas.findChildren(QLineEdit) if one.isVisible()]
        assert len(found) == 1
        return found[0]

    def type(self, text: str) -> None:
        editor = self.editor()
        editor.selectAll()
        # Not keyClicks, which ends the process on a true minus.
        QApplication.sendEvent(editor, QKeyEvent(QKeyEvent.Type.KeyPress, 0, NO_KEYS, text))
        self.qtbot.keyClick(editor, Qt.Key.Key_Return)
        self.document.settle()

    def grab(self) -> QImage:
        """The canvas as it is seen once no number is lit any more."""
        self.canvas.flash.end()
        return self.canvas.grab().toImage()

    def node(self, name: str) -> QPointF:
        return self.canvas.node_center(name)


@pytest.fixture
def hand(qtbot: QtBot) -> Iterator[Hand]:
    hand = Hand(qtbot)
    yield hand
    hand.document.close()


@pytest.fixture
def circuit() -> Graph:
    """f = (x + y) · z, laid out wide."""
    return (
        Graph()
        .add("x", "input", value=-2.0, at=(0, 0))
        .add("y", "input", value=5.0, at=(0, 120))
        .add("z", "input", value=-4.0, at=(0, 240))
        .add("q", "add", ("x", "y"), at=(180, 60))
        .add("f", "mul", ("q", "z"), at=(360, 150))
    )


@pytest.fixture
def arrays() -> Graph:
    """mean(X @ W)."""
    rng = np.random.default_rng(3)
    return (
        Graph()
        .add("X", "input", value=rng.normal(size=(5, 3)), at=(0, 0))
        .add("W", "parameter", value=rng.normal(size=(3, 2)), at=(0, 120))
        .add("matmul1", "matmul", ("X", "W"), at=(220, 60))
        .add("mean1", "mean", ("matmul1",), at=(420, 60))
    )
