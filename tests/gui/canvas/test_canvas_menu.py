import pytest
from PySide6.QtCore import QPoint
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtWidgets import QApplication, QLineEdit

from gradstudio.gui.canvas.menu import CanvasMenu


@pytest.fixture
def menu_at(hand):
    """Open the menu at a point of the viewport and return its actions by text."""
    opened = []

    def open_menu(at):
        point = at.toPoint()
        event = QContextMenuEvent(
            QContextMenuEvent.Reason.Mouse, point, hand.canvas.mapToGlobal(point)
        )
        QApplication.sendEvent(hand.canvas.viewport(), event)
        menu = hand.canvas.findChildren(CanvasMenu)[-1]
        opened.append(menu)
        actions = {action.text(): action for action in menu.actions() if action.text()}
        for action in list(actions.values()):
            if action.menu() is not None:
                actions |= {inner.text(): inner for inner in action.menu().actions()}
        return actions

    yield open_menu
    for menu in opened:
        menu.close()


def test_the_menu_of_a_node_edits_it(hand, circuit, menu_at):
    hand.give(circuit)
    actions = menu_at(hand.node("x"))
    assert hand.canvas.selection() == ("x",)
    actions["Parameter"].trigger()
    assert hand.graph.nodes["x"].op == "parameter"
    menu_at(hand.node("y"))["Named as data"].trigger()
    assert hand.graph.nodes["y"].settings == {"data": True}
    menu_at(hand.node("q"))["Make it the output"].trigger()
    hand.document.settle()
    assert hand.graph.output == "q"
    assert hand.canvas.edge_text("q", 0) == ("−2", "1")
    menu_at(hand.node("z"))["Duplicate"].trigger()
    assert len(hand.graph) == 6
    menu_at(hand.node("f"))["Delete"].trigger()
    assert "f" not in hand.graph.nodes


def test_the_menu_of_a_computed_node_offers_no_value(hand, circuit, menu_at):
    hand.give(circuit)
    actions = menu_at(hand.node("q"))
    assert not {"Edit value…", "Kind", "Named as data"} & set(actions)
    actions["Rename…"].trigger()
    assert hand.canvas.findChild(QLineEdit).text() == "q"


def test_data_is_named_only_among_inputs(hand, circuit, menu_at):
    hand.give(circuit.set_op("x", "parameter"))
    actions = menu_at(hand.node("x"))
    assert not actions["Named as data"].isEnabled()
    assert actions["Parameter"].isChecked()


def test_the_menu_of_an_edge_removes_it(hand, circuit, menu_at):
    hand.give(circuit)
    x, y = hand.canvas.picture.sketch.label_at[hand.canvas.picture.sketch.edge_index["f", 1]]
    menu_at(hand.canvas.lens.seen(QPoint(int(x), int(y)).toPointF()))["Remove link"].trigger()
    assert hand.graph.nodes["f"].inputs == ("q", None)


def test_the_menu_of_nothing_adds_and_pastes(hand, circuit, menu_at):
    hand.give(circuit)
    at = hand.node("f") + QPoint(200, 150)
    menu_at(at)["Constant"].trigger()
    assert (hand.node("c1") - at).manhattanLength() < 2
    menu_at(at + QPoint(0, 100))["Select all"].trigger()
    assert len(hand.canvas.selection()) == 6
