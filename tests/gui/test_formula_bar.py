"""The formula bar: the graph's formula, and graphs made of what is typed."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication, QKeySequence
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from gradstudio import formula
from gradstudio.graph import Graph
from gradstudio.gui.document import Document
from gradstudio.gui.formula_bar import FormulaBar, FormulaEditor, built
from gradstudio.gui.transfer import packed


@pytest.fixture
def document(qtbot: QtBot) -> Document:
    made = Document()
    graph = formula.parse("f = (x + y) * z").set_values({"x": -2, "y": 5, "z": -4})
    made.commit("build", graph.move({"f": (200.0, 50.0)}))
    made.settle()
    return made


@pytest.fixture
def window(qtbot: QtBot) -> QWidget:
    made = QWidget()
    qtbot.addWidget(made)
    made.resize(800, 300)
    return made


@pytest.fixture
def bar(qtbot: QtBot, window: QWidget, document: Document) -> FormulaBar:
    made = FormulaBar(document, window)
    made.setGeometry(10, 10, 700, 30)
    window.show()
    window.activateWindow()
    made.field.setFocus()
    qtbot.waitUntil(made.field.hasFocus)
    return made


def retype(qtbot: QtBot, bar: FormulaBar, text: str) -> None:
    bar.field.selectAll()
    qtbot.keyClicks(bar.field, text)


def test_it_shows_the_formula_of_the_graph(
    qtbot: QtBot, document: Document, bar: FormulaBar
) -> None:
    assert bar.field.text() == "f = (x + y) * z"
    document.commit("build", formula.parse("q = a * b; f = q + q"))
    qtbot.waitUntil(lambda: bar.field.text() == "q = a * b; f = q + q")
    document.undo()
    qtbot.waitUntil(lambda: bar.field.text() == "f = (x + y) * z")


def test_enter_builds_the_graph_in_one_step(
    qtbot: QtBot, document: Document, bar: FormulaBar
) -> None:
    before, steps = document.graph, document.undo_stack.count()
    retype(qtbot, bar, "f = exp(x) * z")
    with qtbot.waitSignal(bar.built):
        qtbot.keyClick(bar.field, Qt.Key.Key_Return)
    graph = document.graph
    assert document.undo_stack.count() == steps + 1
    assert document.undo_stack.undoText() == "Build formula"
    assert float(graph.nodes["x"].value) == -2.0
    assert set(graph.positions) == set(graph.nodes)
    document.undo()
    assert document.graph is before


def test_nodes_that_stay_keep_their_place(document: Document) -> None:
    graph, new = built("f = (x + y) * z * k", document.graph)
    assert graph.positions["f"] == (200.0, 50.0)
    assert new == ("k",)


def test_the_same_formula_changes_no_place(document: Document) -> None:
    graph, _ = built("f = (x + y) * z", document.graph)
    again, new = built("f = (x + y) * z", graph)
    assert again.positions == graph.positions
    assert new == ()


def test_another_formula_is_laid_out_anew(document: Document) -> None:
    # That both have an add1 and an f says nothing.
    graph, _ = built("f = exp(-(a + b)) * c", document.graph)
    assert graph.positions == built("f = exp(-(a + b)) * c", Graph())[0].positions


def test_new_leaves_begin_at_one_and_that_is_said(
    qtbot: QtBot, document: Document, bar: FormulaBar
) -> None:
    retype(qtbot, bar, "f = x * a")
    with qtbot.waitSignal(bar.said) as said:
        qtbot.keyClick(bar.field, Qt.Key.Key_Return)
    assert said.args == ["New leaves begin at 1: a"]
    document.settle()
    assert float(document.evaluation.values["f"]) == -2.0


def test_a_mistake_is_marked_and_nothing_changes(
    qtbot: QtBot, document: Document, bar: FormulaBar
) -> None:
    graph = document.graph
    retype(qtbot, bar, "f = x * frobnicate(y)")
    qtbot.keyClick(bar.field, Qt.Key.Key_Return)
    assert document.graph is graph
    assert bar.field.text() == "f = x * frobnicate(y)"
    assert bar.words.isVisible()
    assert "column 9" in bar.words.text
    assert bar.field.cursorPosition() == 8
    assert bar.property("wrong") is True
    qtbot.keyClicks(bar.field, "a")
    assert not bar.words.isVisible()
    assert bar.property("wrong") is False


def test_typed_text_survives_an_edit_elsewhere(
    qtbot: QtBot, document: Document, bar: FormulaBar
) -> None:
    retype(qtbot, bar, "f = x +")
    document.commit("set", document.graph.set_values({"x": 1}))
    document.settle()
    qtbot.wait(1)
    assert bar.field.text() == "f = x +"
    qtbot.keyClick(bar.field, Qt.Key.Key_Escape)
    assert bar.field.text() == "f = (x + y) * z"


def test_undo_in_the_field_is_the_documents_once_it_is_built(
    qtbot: QtBot, window: QWidget, document: Document, bar: FormulaBar
) -> None:
    action = document.undo_stack.createUndoAction(window)
    action.setShortcut(QKeySequence.StandardKey.Undo)
    window.addAction(action)
    before = document.graph
    retype(qtbot, bar, "f = x * z")
    qtbot.keyClick(bar.field, Qt.Key.Key_Return)
    built_graph = document.graph
    qtbot.keyClicks(bar.field, "a")
    qtbot.keyClick(bar.field, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert document.graph is built_graph
    qtbot.keyClick(bar.field, Qt.Key.Key_Escape)
    qtbot.keyClick(bar.field, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert document.graph is before


def test_pasted_lines_are_joined(qtbot: QtBot, document: Document, bar: FormulaBar) -> None:
    QGuiApplication.clipboard().setText("q = a * b\nf = q + c\n")
    bar.field.selectAll()
    qtbot.keyClick(bar.field, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    assert bar.field.text() == "q = a * b; f = q + c"
    qtbot.keyClick(bar.field, Qt.Key.Key_Return)
    assert set(document.graph.nodes) == {"a", "b", "q", "c", "f"}


def test_nodes_that_were_copied_are_pasted_as_their_formula(qtbot: QtBot, bar: FormulaBar) -> None:
    QGuiApplication.clipboard().setMimeData(packed(formula.parse("q = a * b\nf = q + q")))
    bar.field.selectAll()
    qtbot.keyClick(bar.field, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    assert bar.field.text() == "a = input(); b = parameter(); q = a * b; f = q + q"


TUTORIAL = """# a model of one weight
x = input([1.0, 2.0])  # samples
w = parameter(3.0)     # the weight (one of them

y = x * w  # product
loss = torch.nn.functional.mse_loss(
    y,  # predicted
    t,
)

# and the size of the weight
total = loss + \\
    w * w
"""


def _paste_by_key(qtbot: QtBot, bar: FormulaBar, text: str) -> None:
    QGuiApplication.clipboard().setText(text)
    qtbot.keyClick(bar.field, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)


def _paste_by_menu(qtbot: QtBot, bar: FormulaBar, text: str) -> None:
    QGuiApplication.clipboard().setText(text)
    menu = bar.field.menu()
    (action,) = (one for one in menu.actions() if one.objectName() == "edit-paste")
    action.trigger()
    menu.deleteLater()


def _drop(qtbot: QtBot, bar: FormulaBar, text: str) -> None:
    bar.field.clear()
    mime = QMimeData()
    mime.setText(text)
    copy, left, none = (
        Qt.DropAction.CopyAction,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    # Qt drops only on what the drag has entered.
    QApplication.sendEvent(bar.field, QDragEnterEvent(QPoint(5, 5), copy, mime, left, none))
    QApplication.sendEvent(bar.field, QDropEvent(QPointF(5, 5), copy, mime, left, none))


@pytest.mark.parametrize("way", [_paste_by_key, _paste_by_menu, _drop])
def test_a_tutorial_is_taken_whole(
    qtbot: QtBot,
    document: Document,
    bar: FormulaBar,
    way: Callable[[QtBot, FormulaBar, str], None],
) -> None:
    bar.field.selectAll()
    way(qtbot, bar, TUTORIAL)
    assert bar.field.text() == (
        "x = input([1.0, 2.0]); w = parameter(3.0); y = x * w; "
        "loss = torch.nn.functional.mse_loss( y, t, ); total = loss + w * w"
    )
    qtbot.keyClick(bar.field, Qt.Key.Key_Return)
    assert {"x", "w", "y", "t", "loss", "total"} <= set(document.graph.nodes)
    assert document.graph.nodes["loss"].op == "mse"


def test_a_piece_of_a_line_is_pasted_as_it_is(
    qtbot: QtBot, document: Document, bar: FormulaBar
) -> None:
    bar.field.end(False)
    _paste_by_key(qtbot, bar, " + y ")
    assert bar.field.text() == "f = (x + y) * z + y "
    _paste_by_key(qtbot, bar, "+ z # the third")
    assert bar.field.text() == "f = (x + y) * z + y + z"


def test_a_long_paste_is_not_cut_off(qtbot: QtBot, document: Document, bar: FormulaBar) -> None:
    bar.field.selectAll()
    _paste_by_key(qtbot, bar, "f = x" + " + x" * 10_000)
    assert len(bar.field.text()) == 40_005


def test_the_editor_of_several_lines(qtbot: QtBot, document: Document) -> None:
    editor = FormulaEditor("f = x", document.graph)
    qtbot.addWidget(editor)
    editor.show()
    editor.text.setPlainText("q = x + y\nf = q *")
    qtbot.mouseClick(editor.build_button, Qt.MouseButton.LeftButton)
    assert editor.isVisible()
    assert editor.words.text.startswith("line 2")
    editor.text.setPlainText("q = x + y\nf = q * 2")
    assert not editor.words.isVisible()
    qtbot.mouseClick(editor.build_button, Qt.MouseButton.LeftButton)
    assert not editor.isVisible()
    assert editor.result_graph is not None
    assert "q" in editor.result_graph[0]


def test_the_expand_button_builds_what_was_written_there(
    qtbot: QtBot, document: Document, bar: FormulaBar, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(FormulaEditor, "ask", lambda text, known, parent: built("f = x - y", known))
    qtbot.mouseClick(bar.expand_button, Qt.MouseButton.LeftButton)
    assert document.graph.nodes["f"].op == "sub"
    assert bar.field.text() == "f = x - y"


def test_enter_on_an_unchanged_formula_is_no_edit(
    qtbot: QtBot, document: Document, bar: FormulaBar
) -> None:
    retype(qtbot, bar, "f = (x + y) * z")
    qtbot.keyClick(bar.field, Qt.Key.Key_Return)
    steps = document.undo_stack.count()
    retype(qtbot, bar, "f = (x + y) * z")
    with qtbot.assertNotEmitted(bar.built):
        qtbot.keyClick(bar.field, Qt.Key.Key_Return)
    assert document.undo_stack.count() == steps


def test_another_graph_does_not_keep_what_the_file_said_of_the_first() -> None:
    known = replace(formula.parse("p = w * x + b"), extra={"about": "a line", "colour": "red"})
    assert built("p = w * x + b + c", known)[0].extra == known.extra
    assert built("f = sin(u) * v", known)[0].extra == {"colour": "red"}


def test_enter_again_writes_a_power_as_it_is_written_here(
    qtbot: QtBot, document: Document, bar: FormulaBar
) -> None:
    before = document.graph
    retype(qtbot, bar, "L = (a*b + 3)^2")
    qtbot.keyClick(bar.field, Qt.Key.Key_Return)
    assert document.graph is before
    assert "write **" in bar.words.text
    assert "Enter again" in bar.words.text
    qtbot.keyClick(bar.field, Qt.Key.Key_Return)
    assert document.graph.nodes["L"].op in ("pow", "square")
    assert document.undo_stack.undoText() == "Build formula"

    retype(qtbot, bar, "L = a^2")
    qtbot.keyClick(bar.field, Qt.Key.Key_Return)
    qtbot.keyClicks(bar.field, "+1")
    graph = document.graph
    qtbot.keyClick(bar.field, Qt.Key.Key_Return)
    assert document.graph is graph, "another text is asked about anew"
