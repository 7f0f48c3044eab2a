"""Copy and paste: between windows, as text, as formulas; and what is no graph."""

import numpy as np
import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt
from PySide6.QtGui import QGuiApplication

from gradstudio import storage
from gradstudio.engine.evaluate import evaluate
from gradstudio.errors import GradStudioError
from gradstudio.formula import parse
from gradstudio.formula.definition import define
from gradstudio.graph import Graph
from gradstudio.gui import transfer
from gradstudio.gui.canvas.commands import COMMANDS, paste_at

CTRL = Qt.KeyboardModifier.ControlModifier


def clipboard():
    return QGuiApplication.clipboard()


def paste(hand, text):
    clipboard().setText(text)
    hand.key(Qt.Key.Key_V, CTRL)


def middle(hand, names):
    """Where the middle of nodes is seen."""
    points = np.array([hand.graph.positions[name] for name in names])
    return hand.canvas.lens.seen(QPointF(*((points.min(axis=0) + points.max(axis=0)) / 2)))


def test_copy_and_paste_carry_links_and_values_as_text(hand, circuit):
    hand.give(circuit)
    hand.canvas.select(("x", "y", "q"))
    hand.key(Qt.Key.Key_C, CTRL)
    assert clipboard().text().startswith("{")
    hand.key(Qt.Key.Key_V, CTRL)
    hand.key(Qt.Key.Key_V, CTRL)
    added = [name for name in hand.graph.nodes if name not in circuit.nodes]
    assert len(added) == 6
    copy = next(name for name in added if hand.graph.nodes[name].op == "add")
    assert all(one in added for one in hand.graph.nodes[copy].inputs)
    assert len(hand.canvas.selection()) == 3
    assert hand.steps() == 2
    assert hand.document.undo_stack.undoText() == "Paste"


def test_the_clipboard_holds_the_file_and_the_formula(hand, circuit):
    hand.give(circuit)
    hand.canvas.select(("x", "y", "q"))
    hand.key(Qt.Key.Key_C, CTRL)
    data = clipboard().mimeData()
    held = bytes(data.data(transfer.GRAPH_MIME).data())
    assert storage.loads(held) == storage.loads(data.text().encode())
    assert set(storage.loads(held).nodes) == {"x", "y", "q"}
    assert transfer.formula_text(data) == "x = input(-2)\ny = input(5)\nq = x + y"
    COMMANDS["copy_formula"].give(hand.canvas)
    assert clipboard().text() == "x = input(-2)\ny = input(5)\nq = x + y"
    assert transfer.formula_text(clipboard().mimeData()) == clipboard().text()


def test_paste_lands_at_the_pointer_or_in_the_middle(hand, circuit):
    hand.give(circuit)
    hand.canvas.select(("x", "y", "q"))
    hand.key(Qt.Key.Key_C, CTRL)
    at = QPointF(700, 120)
    hand.move(at)
    hand.key(Qt.Key.Key_V, CTRL)
    assert (middle(hand, hand.canvas.selection()) - at).manhattanLength() < 2
    first = hand.canvas.selection()
    hand.key(Qt.Key.Key_V, CTRL)
    # Where something lies already, beside it.
    assert set(hand.canvas.selection()).isdisjoint(first)
    assert (middle(hand, hand.canvas.selection()) - at).manhattanLength() > 20
    places = [hand.graph.positions[name] for name in hand.graph.nodes]
    assert len(set(places)) == len(places)


def test_paste_by_keys_alone_finds_room_and_is_seen(hand, circuit):
    hand.give(circuit)
    hand.canvas.select_all()
    hand.key(Qt.Key.Key_C, CTRL)
    hand.key(Qt.Key.Key_V, CTRL)
    old = np.array([hand.graph.positions[name] for name in circuit.nodes])
    new = np.array([hand.graph.positions[name] for name in hand.canvas.selection()])
    assert new[:, 1].min() - old[:, 1].max() >= 80
    assert new[:, 0].mean() == pytest.approx(old[:, 0].mean(), abs=40)
    seen = hand.canvas.viewport().rect()
    for name in hand.canvas.selection():
        assert seen.contains(hand.node(name).toPoint())


def test_cut_and_paste_bring_it_back(hand, circuit):
    hand.give(circuit)
    hand.canvas.select(("z",))
    hand.key(Qt.Key.Key_X, CTRL)
    assert "z" not in hand.graph
    hand.key(Qt.Key.Key_V, CTRL)
    assert hand.graph.nodes["z"].value == -4
    assert not hand.said


def test_clashing_names_are_renamed_and_reported(hand, circuit):
    hand.give(circuit)
    hand.document.commit("more", circuit.add("add1", "add", ("x", "y"), at=(180, -60)))
    paste(hand, "q = x * w0\nk = (q + 1) * q")
    # add1 is called add2: that goes without saying.
    assert hand.said[0].startswith("Renamed, as these names are taken: x → x1, q → q1 · ")
    assert hand.graph.nodes["q1"].inputs == ("x1", "w0")
    assert hand.graph.nodes["q"] == circuit.nodes["q"]
    assert hand.graph.nodes["w0"].op == "parameter"


def test_of_many_new_names_some_are_said(hand):
    text = "\n".join(f"f{number} = v{number} + {number}" for number in range(1, 8))
    hand.give(parse(text))
    paste(hand, text)
    assert hand.said[0].count("→") == 6
    assert hand.said[0].endswith(", …")


def test_lines_of_a_formula_build_nodes_at_the_pointer(hand, circuit):
    hand.give(circuit)
    hand.move(QPointF(600, 400))
    paste(hand, "h = tanh(u * 3.0)\nk = muted(h + u)")
    added = [name for name in hand.graph.nodes if name not in circuit.nodes]
    assert hand.graph.nodes["h"].op == "tanh"
    assert hand.graph.nodes["k"].muted
    assert (middle(hand, added) - QPointF(600, 400)).manhattanLength() < 2
    assert hand.canvas.selection() == tuple(added)
    assert hand.steps() == 1
    hand.document.undo()
    assert hand.graph.nodes == circuit.nodes


def test_leaves_of_a_pasted_formula_begin_at_one_and_are_said(hand, circuit):
    hand.give(circuit)
    paste(hand, "h = tanh(u * x) + c\nc = constant(3)")
    assert hand.graph.nodes["u"].value == 1.0
    assert hand.graph.nodes["x1"].value == 1.0
    assert hand.graph.nodes["c"].value == 3.0
    assert np.isfinite(hand.document.evaluation.values["h"])
    assert hand.said == ["Renamed, as these names are taken: x → x1 · New leaves begin at 1: u, x1"]


def test_a_pasted_file_keeps_its_leaves_without_a_value(hand):
    graph = Graph().add("u", "input").add("h", "tanh", ("u",))
    hand.give(Graph())
    paste(hand, storage.dumps(graph).decode())
    assert hand.graph.nodes["u"].value is None
    assert hand.said == []


def test_a_formula_may_use_the_ops_of_the_document(hand):
    cube = define("cube", ("x",), "x * x * x", {"x": "g * 3 * x * x"})
    hand.give(Graph().define(cube).add("w", "parameter", value=2.0))
    paste(hand, "f = cube(v)")
    assert hand.graph.nodes["f"].definition == cube
    hand.canvas.select(("f",))
    hand.key(Qt.Key.Key_C, CTRL)
    # No formula can say it; the file does.
    assert transfer.formula_text(clipboard().mimeData()).startswith("{")
    COMMANDS["copy_formula"].give(hand.canvas)
    assert "cube is defined by this graph" in hand.said[-1]


def test_what_is_copied_in_one_window_is_pasted_in_another(hand, circuit, qtbot):
    other = type(hand)(qtbot)
    hand.give(circuit)
    hand.canvas.select_all()
    hand.key(Qt.Key.Key_C, CTRL)
    other.give(Graph().add("f", "input", value=1.0, at=(0, 0)))
    other.key(Qt.Key.Key_V, CTRL)
    assert other.said == ["Renamed, as these names are taken: f → f1"]
    assert other.graph.nodes["f1"].inputs == ("q", "z")
    assert evaluate(other.graph).values["f1"] == -12
    other.document.close()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "there is no graph and no formula on the clipboard"),
        (" \n", "there is no graph and no formula on the clipboard"),
        ("f = x +* y", "no graph, and as a formula: line 1, column 8: "),
        ("a = 1\nb = a +", "no graph, and as a formula: line 2, column "),
        ("Dear Sir or Madam,", "no graph, and as a formula: line 1, column "),
        (
            '{"format": "gradstudio", "version": 99}',
            "no graph can be read from the text: made by a newer",
        ),
        (
            '{"format": "gradstudio", ',
            "no graph can be read from the text: damaged or cut off at line 1",
        ),
        ('{"nodes": {}}', "this is no GradStudio file"),
        ("f = sqrt(\udc80)", "no graph, and as a formula: "),
    ],
)
def test_pasting_nonsense_says_what_is_wrong_and_changes_nothing(hand, circuit, text, said):
    hand.give(circuit)
    data = QMimeData()
    data.setText(text)
    clipboard().setMimeData(data)
    hand.key(Qt.Key.Key_V, CTRL)
    assert hand.graph is circuit
    assert hand.steps() == 0
    assert len(hand.said) == 1
    assert said in hand.said[0]


def test_an_empty_clipboard_is_no_graph(hand, circuit):
    hand.give(circuit)
    clipboard().clear()
    hand.key(Qt.Key.Key_V, CTRL)
    assert hand.graph is circuit
    assert hand.said == ["there is no graph and no formula on the clipboard"]
    with pytest.raises(GradStudioError, match="no graph and no formula"):
        transfer.unpacked(None, circuit)
    assert transfer.formula_text(None) == ""


def test_a_picture_is_no_graph(hand, circuit):
    hand.give(circuit)
    clipboard().setPixmap(hand.canvas.grab())
    hand.key(Qt.Key.Key_V, CTRL)
    assert hand.graph is circuit
    assert hand.said == ["there is no graph and no formula on the clipboard"]


def test_a_damaged_graph_of_another_program_is_refused(hand, circuit):
    hand.give(circuit)
    data = QMimeData()
    data.setData(transfer.GRAPH_MIME, b"\xff\xfe{")
    clipboard().setMimeData(data)
    hand.key(Qt.Key.Key_V, CTRL)
    assert hand.graph is circuit
    assert "no graph can be read from the text: " in hand.said[0]


def test_very_large_texts_are_refused_by_their_size(hand, circuit, monkeypatch):
    hand.give(circuit)
    monkeypatch.setattr(transfer, "LONGEST_TEXT", 2**20)
    paste(hand, "f = x" + " " * 2**20)
    assert hand.said == ["what is pasted is no graph: it is too long for a formula: more than 1 MB"]
    monkeypatch.setattr(transfer.storage, "LARGEST_FILE", 2**21)
    paste(hand, "{" + " " * 2**21)
    assert hand.said[1] == "what is pasted is too large: more than 2 MB"
    assert hand.graph is circuit


def test_a_large_array_is_copied_without_a_formula(hand):
    graph = Graph().add("X", "input", value=np.zeros((200, 200)), at=(0, 0))
    hand.give(graph)
    hand.canvas.select_all()
    hand.key(Qt.Key.Key_C, CTRL)
    assert not clipboard().mimeData().hasFormat(transfer.FORMULA_MIME)
    hand.key(Qt.Key.Key_V, CTRL)
    assert hand.graph.nodes["X1"] == graph.nodes["X"]


def test_the_menu_of_nothing_pastes_where_it_was_opened(hand, circuit):
    hand.give(circuit)
    clipboard().setText("h = tanh(u)")
    paste_at(hand.canvas, hand.canvas.lens.scene(QPointF(650, 80)))
    assert (middle(hand, ("h", "u")) - QPointF(650, 80)).manhattanLength() < 2


def test_after_a_paste_far_away_undo_brings_the_graph_back_into_sight(hand, circuit):
    hand.give(circuit)
    QGuiApplication.clipboard().setText("h = exp(a)")
    far = QPointF(9000, 7000)
    paste_at(hand.canvas, far)
    hand.document.settle()
    seen = hand.canvas.viewport().rect()
    assert not seen.contains(hand.node("q").toPoint())
    hand.document.undo()
    assert all(seen.contains(hand.node(name).toPoint()) for name in circuit.nodes)
