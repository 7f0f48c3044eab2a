"""Finding nodes in the graph: by name, op, title in both languages and value."""

import numpy as np
import pytest
from PySide6.QtCore import QRectF, Qt
from PySide6.QtWidgets import QApplication

from gradstudio.graph import Graph, Node
from gradstudio.gui.appearance import in_every_language
from gradstudio.gui.canvas.commands import COMMANDS
from gradstudio.gui.canvas.matching import matching

SHIFT = Qt.KeyboardModifier.ShiftModifier


def find(hand, text):
    COMMANDS["find"].give(hand.canvas)
    field = hand.canvas.find_bar.field
    field.clear()
    field.insert(text)
    return hand.canvas.find_bar


def press(hand, key, keys=Qt.KeyboardModifier.NoModifier):
    hand.qtbot.keyClick(hand.canvas.find_bar.field, key, keys)


def marked(hand):
    picture = hand.canvas.picture
    found = picture.marks.found
    return [] if found is None else [picture.sketch.names[at] for at in np.flatnonzero(found)]


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("x", {"x"}),
        ("ADD", {"q"}),
        ("乘", {"f"}),
        ("×", {"f"}),
        ("product", {"f"}),
        ("输入", {"x", "y", "z"}),
        ("-4", {"z"}),
        ("−12", {"f"}),
        ("-1", {"f"}),
        ("1", set()),
        ("3", {"q"}),
        ("nothing at all", set()),
        ("  ", set()),
    ],
)
def test_nodes_answer_to_names_ops_titles_and_values(hand, circuit, query, names):
    hand.give(circuit)
    values = hand.canvas.picture.evaluation.values
    assert set(matching(hand.graph, values, query, in_every_language)) == names


def test_enter_goes_from_match_to_match_and_round(hand, circuit):
    hand.give(circuit)
    bar = find(hand, "输入")
    assert bar.count.text() == "3 found"
    assert marked(hand) == ["x", "y", "z"]
    seen = []
    for _ in range(4):
        press(hand, Qt.Key.Key_Return)
        seen.append((hand.canvas.selection(), bar.count.text()))
    assert seen[0] == (("x",), "1 of 3")
    assert seen[2] == (("z",), "3 of 3")
    assert seen[3] == seen[0]
    press(hand, Qt.Key.Key_Return, SHIFT)
    assert hand.canvas.selection() == ("z",)
    bar.previous.click()
    assert hand.canvas.selection() == ("y",)
    assert hand.steps() == 0


def test_the_name_itself_comes_first(hand, circuit):
    hand.give(circuit.add("zz", "neg", ("f",), at=(-400, 0)))
    bar = find(hand, "z")
    assert bar.found == ("z", "zz")


def test_a_match_far_away_is_brought_into_sight(hand, circuit):
    hand.give(circuit.add("far", "neg", ("f",), at=(9000, 9000)))
    hand.canvas.lens.zoom_reset()
    hand.canvas.centerOn(0, 0)
    find(hand, "far")
    press(hand, Qt.Key.Key_Return)
    assert hand.canvas.viewport().rect().contains(hand.node("far").toPoint())
    hand.canvas.lens.zoom_at(hand.node("far"), 0.1)
    press(hand, Qt.Key.Key_Return)
    assert hand.canvas.shows_text
    assert hand.canvas.viewport().rect().contains(hand.node("far").toPoint())


def test_escape_closes_it_and_gives_the_keyboard_back(hand, circuit):
    hand.give(circuit)
    before = hand.canvas.grab().toImage()
    bar = find(hand, "q")
    QApplication.processEvents()
    assert bar.isVisible()
    assert hand.canvas.grab().toImage() != before
    press(hand, Qt.Key.Key_Escape)
    assert not bar.isVisible()
    assert marked(hand) == []
    assert hand.canvas.hasFocus()
    assert hand.canvas.grab().toImage() == before


def test_escape_on_the_canvas_closes_it_too(hand, circuit):
    hand.give(circuit)
    bar = find(hand, "q")
    press(hand, Qt.Key.Key_Return)
    hand.canvas.setFocus()
    hand.key(Qt.Key.Key_Escape)
    assert hand.canvas.selection() == ()
    assert bar.isVisible()
    hand.key(Qt.Key.Key_Escape)
    assert not bar.isVisible()
    assert marked(hand) == []


def test_matches_follow_the_graph(hand, circuit):
    hand.give(circuit)
    bar = find(hand, "z")
    press(hand, Qt.Key.Key_Return)
    hand.document.commit("elsewhere", hand.graph.rename("z", "zeta").add("z2", "input"))
    hand.document.settle()
    assert set(bar.found) == {"zeta", "z2"}
    assert marked(hand) == ["zeta", "z2"]
    hand.document.commit("elsewhere", Graph())
    hand.document.settle()
    assert bar.count.text() == "none found"
    press(hand, Qt.Key.Key_Return)
    assert hand.canvas.selection() == ()


def test_a_mark_is_painted_with_all_that_it_reaches_into(hand, circuit):
    hand.give(circuit)
    find(hand, "z")
    picture = hand.canvas.picture
    node = picture.sketch.index["z"]
    beside = QRectF(picture.sketch.rect(node).right() + 22, 240, 1, 1)
    # Far out it reaches farther: it is as wide on the screen.
    assert node not in picture.nodes_in(beside, 1.0)
    assert node in picture.nodes_in(beside, 0.3)


def test_values_are_found_as_they_are_now(hand, circuit):
    hand.give(circuit)
    bar = find(hand, "7")
    assert bar.found == ()
    hand.document.commit("elsewhere", hand.graph.set_values({"x": 2.0}))
    hand.document.settle()
    assert bar.found == ("q",)
    assert marked(hand) == ["q"]


def test_it_stays_at_the_right_when_the_canvas_is_resized(hand, circuit):
    hand.give(circuit)
    bar = find(hand, "z")
    for size in ((1000, 700), (640, 480)):
        hand.canvas.resize(*size)
        QApplication.processEvents()
        assert hand.canvas.rect().contains(bar.geometry())
        assert hand.canvas.width() - bar.geometry().right() < 20


def test_thousands_of_nodes_are_searched():
    nodes = {"n0": Node("input", value=np.float64(1))}
    for at in range(1, 20_000):
        nodes[f"n{at}"] = Node("neg" if at % 2 else "exp", (f"n{at - 1}",))
    graph = Graph.build(nodes)
    found = matching(graph, {}, "n1999", in_every_language)
    assert found == {"n1999": 0, **{f"n1999{at}": 1 for at in range(10)}}
