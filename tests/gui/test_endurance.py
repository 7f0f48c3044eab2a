"""Rough handling: undo and redo without end, and edits under a run; nothing raises or is lost."""

import random
from collections.abc import Iterator

import numpy as np
import pytest
from PySide6.QtCore import QSettings, Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from gradstudio.formula import parse
from gradstudio.graph import Graph
from gradstudio.gui.app import open_first_example
from gradstudio.gui.appearance import Appearance
from gradstudio.gui.canvas.view import Canvas
from gradstudio.gui.dialogs import Answer, UnsavedChanges
from gradstudio.gui.document import Document
from gradstudio.gui.main_window import MainWindow
from gradstudio.gui.playback import Playback

CTRL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
EDITS = (
    (Qt.Key.Key_M, Qt.KeyboardModifier.NoModifier),
    (Qt.Key.Key_S, Qt.KeyboardModifier.NoModifier),
    (Qt.Key.Key_D, CTRL),
    (Qt.Key.Key_D, CTRL | SHIFT),
    (Qt.Key.Key_Delete, CTRL),
    (Qt.Key.Key_Delete, Qt.KeyboardModifier.NoModifier),
)


def mirrors(canvas: Canvas, graph: Graph) -> None:
    """What is drawn is the graph: its nodes, its links, where they lie."""
    sketch = canvas.picture.sketch
    assert sketch.names == list(graph.nodes)
    assert sketch.edges == list(graph.edges())
    for name, at in graph.positions.items():
        assert sketch.centres[sketch.index[name]] == pytest.approx(at)
    assert [face.muted for face in sketch.faces] == [
        node.muted and node.op != "identity" for node in graph.nodes.values()
    ]


def start() -> Graph:
    values = {name: np.array(float(number)) for number, name in enumerate("xyzw", start=1)}
    return parse("a = x * y\nb = a + z\nc = tanh(b)\nd = c * w\nf = d - a", values=values)


def test_ten_thousand_undos_and_redos(qtbot: QtBot) -> None:
    draw = random.Random(20240229)
    document = Document()
    canvas = Canvas(document, Playback(document))
    qtbot.addWidget(canvas)
    canvas.resize(600, 400)
    canvas.show()
    document.commit("begin", start())
    document.undo_stack.clear()
    for _ in range(60):
        names = list(document.graph.nodes)
        canvas.select(draw.sample(names, 2))
        # A graph that shrinks is filled up again.
        qtbot.keyClick(canvas, *draw.choice(EDITS if len(names) > 6 else EDITS[2:4]))
    steps, end, begin = document.undo_stack.index(), document.graph, start()
    assert steps > 30
    for number in range(10_000):
        if draw.random() < 0.5:
            document.undo()
        else:
            document.redo()
        if number % 40 == 0:
            QApplication.processEvents()
        if number % 500 == 0:
            document.settle()
            mirrors(canvas, document.graph)
            assert document.evaluation.graph is document.graph
    while document.undo_stack.canUndo():
        document.undo()
    assert document.graph.nodes == begin.nodes
    mirrors(canvas, document.graph)
    while document.undo_stack.canRedo():
        document.redo()
    assert document.graph is end
    document.settle()
    mirrors(canvas, document.graph)
    assert document.evaluation.graph is end
    canvas.grab()
    document.close()


@pytest.fixture
def window(
    qtbot: QtBot, qapp: QApplication, monkeypatch: pytest.MonkeyPatch
) -> Iterator[MainWindow]:
    before = qapp.font(), qapp.palette(), qapp.styleSheet()
    monkeypatch.setattr(UnsavedChanges, "ask", lambda *args: Answer.DISCARD)
    appearance = Appearance(qapp)
    appearance.apply()
    made = MainWindow(appearance)
    qtbot.addWidget(made)
    made.show()
    qtbot.waitExposed(made)
    open_first_example(made)
    made.training.steps.setValue(1_000_000)
    yield made
    QSettings().clear()
    qapp.setFont(before[0])
    qapp.setPalette(before[1])
    qapp.setStyleSheet(before[2])


def training(qtbot: QtBot, window: MainWindow) -> None:
    """Start a run and wait until it learns."""
    window.menus.actions["train"].trigger()
    qtbot.waitUntil(lambda: window.session.running and window.session.steps > 0)


def test_deleting_everything_while_training_runs(qtbot: QtBot, window: MainWindow) -> None:
    begin = window.document.graph
    training(qtbot, window)
    window.canvas.setFocus()
    qtbot.keyClick(window.canvas, Qt.Key.Key_A, CTRL)
    qtbot.keyClick(window.canvas, Qt.Key.Key_Delete)
    assert not window.document.graph.nodes
    steps = window.session.steps
    qtbot.waitUntil(lambda: not window.session.running or window.session.steps > steps)
    window.session.finish()
    window.document.settle()
    assert not window.document.graph.nodes
    mirrors(window.canvas, window.document.graph)
    while window.document.undo_stack.canUndo():
        window.document.undo()
    window.document.settle()
    assert window.document.graph.nodes == begin.nodes
    mirrors(window.canvas, window.document.graph)


@pytest.mark.parametrize("key", EDITS, ids=str)
def test_rewiring_while_training_runs(
    qtbot: QtBot, window: MainWindow, key: tuple[Qt.Key, Qt.KeyboardModifier]
) -> None:
    begin = window.document.graph
    training(qtbot, window)
    computed = [name for name, node in begin.nodes.items() if not node.is_leaf]
    window.canvas.select(computed[:2])
    window.canvas.setFocus()
    qtbot.keyClick(window.canvas, *key)
    edited = window.document.graph
    assert edited.nodes != begin.nodes or key[0] == Qt.Key.Key_S
    steps = window.session.steps
    qtbot.waitUntil(lambda: not window.session.running or window.session.steps > steps)
    window.session.finish()
    window.document.settle()
    # The weights that were learned came onto the edited graph; what was edited stays.
    now = window.document.graph
    assert list(now.nodes) == list(edited.nodes)
    for name, node in edited.nodes.items():
        assert (now.nodes[name].inputs, now.nodes[name].muted) == (node.inputs, node.muted)
    mirrors(window.canvas, now)
    while window.document.undo_stack.canUndo():
        window.document.undo()
    assert window.document.graph.nodes == begin.nodes


def test_undo_and_redo_while_training_runs(qtbot: QtBot, window: MainWindow) -> None:
    begin = window.document.graph
    window.canvas.select_all()
    window.menus.actions["duplicate"].trigger()
    training(qtbot, window)
    draw = random.Random(3)
    for number in range(120):
        window.menus.actions[draw.choice(["undo", "redo"])].trigger()
        if number % 30 == 0:
            QApplication.processEvents()
    window.session.finish()
    while window.document.undo_stack.canUndo():
        window.document.undo()
    window.document.settle()
    assert window.document.graph.nodes == begin.nodes
    mirrors(window.canvas, window.document.graph)
