"""The palette at the pointer: opening it, finding, choosing, and links that wait for a node."""

from collections.abc import Iterator

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, QSettings, Qt
from PySide6.QtGui import QContextMenuEvent, QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from gradstudio.formula.definition import define
from gradstudio.graph import Graph
from gradstudio.gui.canvas.finder import Finder
from gradstudio.gui.canvas.menu import CanvasMenu

SHIFT = Qt.KeyboardModifier.ShiftModifier
PLACE = QPointF(520, 560)


@pytest.fixture(autouse=True)
def _nothing_recent() -> Iterator[None]:
    QSettings().remove("finder")
    yield
    QSettings().remove("finder")


@pytest.fixture
def opened(hand):
    """Return the finder that is open now."""

    def find() -> Finder | None:
        QApplication.processEvents()
        found = [one for one in hand.canvas.findChildren(Finder) if one.isVisible()]
        assert len(found) <= 1
        return found[0] if found else None

    hand.canvas.activateWindow()
    return find


def titles(finder: Finder) -> list[str]:
    return [offer.title for offer in finder.offers]


def keys(finder: Finder) -> list[str]:
    return [offer.key for offer in finder.offers]


def press(finder: Finder, *pressed: Qt.Key) -> None:
    for key in pressed:
        QTest.keyClick(finder.field, key)


def choose(hand, finder: Finder, text: str) -> None:
    finder.field.insert(text)  # No key of a keyboard types Chinese.
    press(finder, Qt.Key.Key_Return)
    hand.document.settle()
    QApplication.processEvents()


# -- beside the node that keys speak of -------------------------------------------------------


def test_by_keys_an_op_follows_the_node_and_leaves_feed_it(hand, circuit, opened):
    hand.give(Graph().add("x", "input", value=2.0, at=(0, 0)))
    hand.canvas.select(("x",))
    for text in ("mul", "3", "exp"):
        hand.key(Qt.Key.Key_T)
        choose(hand, opened(), text)
        if text == "3":
            hand.canvas.select(("mul1",))
    graph = hand.graph
    (three,) = (name for name, node in graph.nodes.items() if node.op == "constant")
    assert graph.nodes["mul1"].inputs == ("x", three)
    assert graph.nodes["exp1"].inputs == ("mul1",)
    assert hand.steps() == 3, "each is one step"
    across = {name: at[0] for name, at in graph.positions.items()}
    assert across["x"] < across["mul1"] < across["exp1"]
    assert across[three] < across["mul1"]


def test_by_keys_what_does_not_fit_is_added_without_a_link(hand, circuit, opened):
    hand.give(Graph().add("x", "input", value=2.0, at=(0, 0)))
    hand.canvas.select(("x",))
    hand.key(Qt.Key.Key_T)
    choose(hand, opened(), "matmul")
    assert hand.graph.nodes["matmul1"].inputs in ((), (None, None))
    hand.canvas.select(("x",))
    hand.key(Qt.Key.Key_T)
    choose(hand, opened(), "w")
    (leaf,) = hand.canvas.selection()
    assert leaf not in hand.graph.consumers
    (x, y), (other, down) = (hand.graph.positions[name] for name in ("x", leaf))
    assert other == x
    assert down > y


def test_what_is_built_by_keys_stays_in_sight(hand, opened):
    hand.give(Graph().add("x", "input", value=2.0, at=(0, 0)))
    hand.canvas.select(("x",))
    for _ in range(12):
        hand.key(Qt.Key.Key_T)
        choose(hand, opened(), "exp")
        (name,) = hand.canvas.selection()
        seen = hand.canvas.viewport().rect()
        assert seen.adjusted(20, 20, -20, -20).contains(hand.node(name).toPoint())
    assert hand.graph.output_of() == "exp12"


# -- opening --------------------------------------------------------------------------------


@pytest.mark.parametrize("pointer", [None, QPointF(300, 300)])
def test_nodes_found_one_after_the_other_do_not_lie_on_each_other(hand, opened, pointer):
    if pointer is not None:
        hand.move(pointer)
    for text in ("w", "log", "x"):
        hand.key(Qt.Key.Key_T)
        choose(hand, opened(), text)
    sketch = hand.canvas.picture.sketch
    rects = [sketch.rect(at) for at in range(len(sketch.names))]
    assert len(rects) == 3
    for at, rect in enumerate(rects):
        assert not any(rect.intersects(other) for other in rects[:at])


def test_tab_t_and_shift_a_open_it_at_the_pointer(hand, circuit, opened):
    hand.give(circuit)
    at = QPointF(300, 100)
    hand.move(at)
    none = Qt.KeyboardModifier.NoModifier
    for key, modifiers in ((Qt.Key.Key_Tab, none), (Qt.Key.Key_T, none), (Qt.Key.Key_A, SHIFT)):
        hand.key(key, modifiers)
        finder = opened()
        assert (finder.pos() - at.toPoint()).manhattanLength() < 20
        press(finder, Qt.Key.Key_Escape)
        assert opened() is None
    assert hand.graph is circuit


def test_shift_tab_leaves_the_canvas(hand, circuit, opened):
    hand.give(circuit)
    QTest.keyClick(hand.canvas, Qt.Key.Key_Backtab, SHIFT)
    assert opened() is None


def test_a_double_click_on_nothing_opens_it_there(hand, circuit, opened):
    hand.give(circuit)
    hand.double_click(PLACE)
    choose(hand, opened(), "tanh")
    assert hand.graph.nodes["tanh1"].op == "tanh"
    assert (hand.node("tanh1") - PLACE).manhattanLength() < 2
    assert hand.canvas.selection() == ("tanh1",)
    assert hand.steps() == 1
    hand.document.undo()
    assert hand.graph.nodes is circuit.nodes


def test_a_double_click_on_an_edge_does_not_open_it(hand, circuit, opened):
    hand.give(circuit)
    sketch = hand.canvas.picture.sketch
    at = sketch.label_at[sketch.edge_index["f", 1]]
    hand.double_click(hand.canvas.lens.seen(QPointF(*at.tolist())))
    assert opened() is None


def test_space_opens_it_when_tapped_and_pans_when_dragged(hand, circuit, opened):
    hand.give(circuit)
    hand.hold(Qt.Key.Key_Space)
    hand.drag(PLACE, PLACE + QPointF(40, 30))
    hand.let_go(Qt.Key.Key_Space)
    assert opened() is None
    hand.hold(Qt.Key.Key_Space)
    hand.let_go(Qt.Key.Key_Space)
    finder = opened()
    assert finder is not None
    assert finder.field.text() == ""
    press(finder, Qt.Key.Key_Escape)


def test_the_menu_of_nothing_opens_it_there(hand, circuit, opened):
    hand.give(circuit)
    at = PLACE.toPoint()
    event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, at, hand.canvas.mapToGlobal(at))
    QApplication.sendEvent(hand.canvas.viewport(), event)
    menu = hand.canvas.findChildren(CanvasMenu)[-1]
    next(action for action in menu.actions() if action.text() == "Add node…").trigger()
    menu.close()
    choose(hand, opened(), "exp")
    assert (hand.node("exp1") - PLACE).manhattanLength() < 2


def test_without_a_pointer_it_opens_in_the_middle(hand, circuit, opened):
    hand.give(circuit.move({"q": (180, -200)}))
    hand.canvas.overlays.find_node()
    choose(hand, opened(), "exp")
    middle = QPointF(hand.canvas.viewport().rect().center())
    assert (hand.node("exp1") - middle).manhattanLength() < 2


@pytest.mark.parametrize("corner", [(2, 2), (998, 2), (2, 698), (998, 698), (500, 698)])
def test_it_never_leaves_the_viewport(hand, circuit, opened, corner):
    hand.give(circuit)
    hand.canvas.overlays.find_node(QPointF(*corner))
    finder = opened()
    seen = hand.canvas.viewport().geometry()
    assert seen.contains(finder.geometry())
    top = finder.y()
    finder.field.insert("softmax ce")
    QApplication.processEvents()
    assert finder.y() == top
    assert finder.height() < 150
    finder.field.clear()
    QApplication.processEvents()
    assert finder.y() == top
    rows = finder.list.viewport().height() / finder.list.sizeHintForRow(0)
    assert rows == pytest.approx(round(rows), abs=0.1)
    hand.canvas.resize(300, 260)
    QApplication.processEvents()
    assert hand.canvas.viewport().geometry().contains(finder.geometry())
    press(finder, Qt.Key.Key_Escape)


# -- going away -----------------------------------------------------------------------------


def test_escape_gives_the_keyboard_back(hand, circuit, opened):
    hand.give(circuit)
    hand.canvas.overlays.find_node(PLACE)
    finder = opened()
    hand.qtbot.waitUntil(finder.field.hasFocus)
    press(finder, Qt.Key.Key_Escape)
    assert hand.canvas.hasFocus()
    assert hand.graph is circuit


def test_a_click_elsewhere_and_an_edit_from_elsewhere_close_it(hand, circuit, opened):
    hand.give(circuit)
    hand.canvas.overlays.find_node(PLACE)
    hand.click(QPointF(20, 20))
    assert opened() is None
    hand.canvas.overlays.find_node(PLACE)
    hand.document.commit("elsewhere", hand.graph.remove(["z"]))
    assert opened() is None


def test_what_happens_on_it_is_not_for_the_canvas(hand, circuit, opened):
    hand.give(circuit)
    hand.canvas.select(("x",))
    hand.canvas.overlays.find_node(PLACE)
    finder = opened()
    QTest.mouseClick(finder, Qt.MouseButton.LeftButton, pos=QPoint(3, 3))
    for key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace, Qt.Key.Key_F2, Qt.Key.Key_Left):
        press(finder, key)
    assert opened() is finder
    assert hand.graph is circuit
    assert hand.canvas.selection() == ("x",)
    press(finder, Qt.Key.Key_Escape)


# -- finding --------------------------------------------------------------------------------


def test_keys_go_through_the_list(hand, circuit, opened):
    hand.give(circuit)
    hand.canvas.overlays.find_node(QPointF(40, 40))
    finder = opened()
    count = len(finder.offers)
    assert count > 50
    for key, row in (
        (Qt.Key.Key_Down, 1),
        (Qt.Key.Key_Tab, 2),
        (Qt.Key.Key_Up, 1),
        (Qt.Key.Key_End, count - 1),
        (Qt.Key.Key_Down, 0),
        (Qt.Key.Key_Up, count - 1),
        (Qt.Key.Key_Home, 0),
        (Qt.Key.Key_PageDown, 8),
        (Qt.Key.Key_PageUp, 0),
        (Qt.Key.Key_Backtab, count - 1),
        (Qt.Key.Key_PageDown, count - 1),
        (Qt.Key.Key_PageUp, count - 9),
    ):
        press(finder, key)
        assert finder.row == row, key
    wanted = finder.offers[finder.row]
    assert finder.field.accessibleDescription().startswith(wanted.title)
    press(finder, Qt.Key.Key_Return)
    assert list(hand.graph.nodes)[-1].startswith(wanted.key)


def test_the_mouse_chooses_a_row(hand, circuit, opened):
    hand.give(circuit)
    hand.canvas.overlays.find_node(QPointF(40, 40))
    finder = opened()
    hand.qtbot.keyClicks(finder.field, "max")
    rect = finder.list.visualRect(finder.list.model().index(1, 0))
    QTest.mouseClick(finder.list.viewport(), Qt.MouseButton.LeftButton, pos=rect.center())
    assert hand.graph.nodes["amax1"].op == "amax"
    assert opened() is None


def test_chinese_words_come_from_an_input_method(hand, circuit, opened):
    hand.give(circuit)
    hand.canvas.overlays.find_node(PLACE)
    finder = opened()
    composing = QInputMethodEvent("juzhen", [])
    QApplication.sendEvent(finder.field, composing)
    assert len(finder.offers) > 50
    event = QInputMethodEvent()
    event.setCommitString("矩阵乘法")
    QApplication.sendEvent(finder.field, event)
    assert keys(finder)[0] == "matmul"
    press(finder, Qt.Key.Key_Return)
    assert hand.graph.nodes["matmul1"].op == "matmul"


def test_what_was_chosen_lately_is_first(hand, circuit, opened):
    hand.give(circuit)
    for name in ("tanh", "gelu"):
        hand.canvas.overlays.find_node(PLACE)
        choose(hand, opened(), name)
    hand.canvas.overlays.find_node(PLACE)
    assert keys(opened())[:3] == ["gelu", "tanh", "input"]
    press(opened(), Qt.Key.Key_Escape)


def test_nothing_found_is_said(hand, circuit, opened):
    hand.give(circuit)
    hand.canvas.overlays.find_node(PLACE)
    finder = opened()
    hand.qtbot.keyClicks(finder.field, "frobnicate")
    assert finder._nothing.text() == "No node is called that."
    press(finder, Qt.Key.Key_Return, Qt.Key.Key_Down)
    assert opened() is finder
    press(finder, Qt.Key.Key_Escape)
    assert hand.graph is circuit


def test_it_speaks_to_screen_readers(hand, circuit, opened):
    hand.give(circuit)
    hand.canvas.overlays.find_node(PLACE)
    finder = opened()
    assert finder.field.accessibleName() == "Add node"
    assert finder.list.accessibleName() == "Nodes to add"
    row = finder.list.model().index(3, 0)
    said = row.data(Qt.ItemDataRole.AccessibleTextRole)
    assert said.startswith("add, Arithmetic, Addition hands")
    press(finder, Qt.Key.Key_Escape)


# -- numbers, formulas, ops of the graph ------------------------------------------------------


def test_a_number_becomes_a_constant(hand, circuit, opened):
    hand.give(circuit)
    hand.canvas.overlays.find_node(PLACE)
    finder = opened()
    finder.field.insert("−3.5")
    assert titles(finder)[:3] == ["Constant −3.5", "Input −3.5", "Parameter −3.5"]
    press(finder, Qt.Key.Key_Return)
    assert hand.graph.nodes["c1"].op == "constant"
    assert hand.graph.nodes["c1"].value == -3.5
    hand.canvas.overlays.find_node(PLACE)
    choose(hand, opened(), "[[1, 2], [3, 4]]")
    assert hand.graph.nodes["c2"].value.tolist() == [[1, 2], [3, 4]]


def test_a_formula_becomes_its_nodes(hand, circuit, opened):
    hand.give(circuit)
    place = PLACE + QPointF(0, 80)
    hand.canvas.overlays.find_node(place)
    middle = hand.canvas.lens.scene(place)
    choose(hand, opened(), "h = relu(a*w + b)")
    assert hand.graph.nodes["h"].op == "relu"
    assert hand.graph.nodes["w"].op == "parameter"
    assert hand.graph.nodes["a"].value == 1
    assert set(hand.canvas.selection()) == set(hand.graph.nodes) - set(circuit.nodes)
    assert hand.said == ["New leaves begin at 1: a, w, b"]
    assert hand.steps() == 1
    added = np.array([hand.graph.positions[name] for name in hand.canvas.selection()])
    assert (added.min(axis=0) + added.max(axis=0)) / 2 == pytest.approx(
        (middle.x(), middle.y()), abs=1
    )


@pytest.mark.parametrize("over", ["x", "q", "f"])
def test_a_formula_lands_where_it_covers_nothing(hand, circuit, opened, over):
    hand.give(circuit)
    place = hand.node(over)
    hand.canvas.overlays.find_node(place)
    choose(hand, opened(), "h = relu(a*w + b)")
    sketch = hand.canvas.picture.sketch
    apart = np.abs(sketch.centres[:, None] - sketch.centres) >= sketch.half[:, None] + sketch.half
    assert (apart.any(axis=2) | np.eye(len(sketch.names), dtype=bool)).all()
    added = [hand.node(name) for name in hand.canvas.selection()]
    assert all(hand.canvas.viewport().rect().contains(at.toPoint()) for at in added)
    assert min((at - place).manhattanLength() for at in added) < 250
    assert {name: hand.graph.positions[name] for name in circuit.nodes} == circuit.positions


def test_a_formula_takes_the_nodes_that_it_names(hand, circuit, opened):
    hand.give(circuit)
    hand.canvas.overlays.find_node(PLACE)
    finder = opened()
    finder.field.insert("q = tanh(f * x)")
    assert finder.offers[0].about == "2 nodes, linked to f, x"
    press(finder, Qt.Key.Key_Return)
    hand.document.settle()
    added = [name for name in hand.graph.nodes if name not in circuit.nodes]
    assert added == ["mul1", "q1"]  # q is another node's name
    assert hand.graph.nodes["mul1"].inputs == ("f", "x")
    assert hand.graph.nodes["q1"].inputs == ("mul1",)


def test_ops_of_the_document_are_offered(hand, circuit, opened):
    own = define("cube", ("x",), "x * x * x", {"x": "g * 3 * x * x"})
    hand.give(circuit.define(own))
    hand.canvas.overlays.find_node(PLACE)
    finder = opened()
    finder.field.insert("cube")
    assert finder.offers[0].about == "out = x * x * x"
    press(finder, Qt.Key.Key_Return)
    assert hand.graph.nodes["cube1"].definition == own


@pytest.mark.parametrize("text", ["<img src=x>", "a" * 100_000, "relu((((", "x = ", "\x00"])
def test_nonsense_does_nothing(hand, circuit, opened, text):
    hand.give(circuit)
    hand.canvas.overlays.find_node(PLACE)
    finder = opened()
    finder.field.insert(text)
    press(finder, Qt.Key.Key_Return, Qt.Key.Key_Escape)
    assert hand.graph is circuit


# -- links that wait for a node ---------------------------------------------------------------


def test_a_link_dropped_on_nothing_is_linked_to_what_is_chosen(hand, circuit, opened):
    hand.give(circuit)
    hand.drag(hand.canvas.output_position("f"), PLACE)
    finder = opened()
    assert finder.field.placeholderText() == "What takes f?"
    assert keys(finder)[0] == "add"
    assert not {"input", "matmul", "softmax", "conv2d"} & set(keys(finder))
    choose(hand, finder, "sigmoid")
    assert hand.graph.nodes["sigmoid1"].inputs == ("f",)
    assert (hand.canvas.port_position("sigmoid1", 0) - PLACE).manhattanLength() < 2
    assert hand.steps() == 1
    hand.document.undo()
    assert hand.graph.nodes is circuit.nodes


def test_a_link_of_arrays_is_offered_what_takes_arrays(hand, arrays, opened):
    hand.give(arrays)
    hand.drag(hand.canvas.output_position("X"), PLACE)
    finder = opened()
    assert keys(finder)[0] == "matmul"
    assert {"add", "relu", "sum", "softmax"} < set(keys(finder))
    assert not {"conv2d", "max_pool2d"} & set(keys(finder))
    finder.field.insert("conv")
    assert finder._nothing.text() == "conv2d does not take (5, 3)"
    finder.field.clear()
    choose(hand, finder, "embedding")
    assert hand.graph.nodes["embedding1"].inputs == ("X", None)


def test_the_port_is_the_first_that_takes_the_value(hand, opened):
    graph = Graph().add("i", "input", value=1.0, at=(0, 0))
    hand.give(graph)
    hand.drag(hand.canvas.output_position("i"), PLACE)
    choose(hand, opened(), "embedding")
    assert hand.graph.nodes["embedding1"].inputs == (None, "i")


def test_a_link_dragged_backwards_is_offered_what_gives_what_fits(hand, circuit, arrays, opened):
    hand.give(arrays.disconnect("matmul1", 1))
    hand.drag(hand.canvas.port_position("matmul1", 1), PLACE)
    finder = opened()
    assert finder.field.placeholderText() == "What feeds matmul1?"
    assert keys(finder)[:4] == ["input", "parameter", "constant", "add"]
    assert "mse" not in keys(finder)
    finder.field.insert("mse")
    assert finder._nothing.text() == "MSE gives nothing that fits here"
    finder.field.clear()
    choose(hand, finder, "parameter")
    assert hand.graph.nodes["matmul1"].inputs == ("X", "w1")
    # A number does not fit there.
    assert hand.graph.nodes["w1"].value.shape == (3,)
    assert "matmul1" not in hand.document.evaluation.errors
    assert (hand.canvas.output_position("w1") - PLACE).manhattanLength() < 20
    assert hand.steps() == 1


def test_a_number_feeds_a_link_dragged_backwards(hand, circuit, opened):
    hand.give(circuit.disconnect("f", 1))
    hand.drag(hand.canvas.port_position("f", 1), PLACE)
    choose(hand, opened(), "0.5")
    assert hand.graph.nodes["f"].inputs == ("q", "c1")


def test_a_formula_goes_on_from_a_link(hand, circuit, opened):
    hand.give(circuit)
    hand.drag(hand.canvas.output_position("f"), PLACE)
    finder = opened()
    finder.field.insert("* 2 + 1")
    assert finder.offers[0].title == "f * 2 + 1"
    press(finder, Qt.Key.Key_Return)
    hand.document.settle()
    value = hand.document.evaluation.values["f1"]
    assert value == -23
    elsewhere = QPointF(160, 640)
    hand.drag(hand.canvas.output_position("q"), elsewhere)
    finder = opened()
    finder.field.insert("tanh(a) * a")
    assert finder.offers[0].about == "2 nodes; a is q"
    press(finder, Qt.Key.Key_Return)
    assert hand.graph.nodes["tanh1"].inputs == ("q",)
    hand.drag(hand.canvas.output_position("q"), QPointF(60, 60))
    finder = opened()
    finder.field.insert("7 * 3")
    assert finder.offers == []  # nothing in it takes the link
    press(finder, Qt.Key.Key_Escape)


def test_a_formula_feeds_a_link_dragged_backwards(hand, circuit, opened):
    hand.give(circuit.disconnect("f", 1))
    hand.drag(hand.canvas.port_position("f", 1), PLACE)
    choose(hand, opened(), "g = x * 2")
    assert hand.graph.nodes["f"].inputs == ("q", "g")
    assert hand.graph.nodes["g"].inputs[0] == "x"


def test_a_formula_that_would_close_a_cycle_is_refused_with_words(hand, circuit, opened):
    hand.give(circuit.disconnect("q", 0))
    before = hand.graph
    hand.drag(hand.canvas.port_position("q", 0), PLACE)
    choose(hand, opened(), "f * 2")
    assert hand.graph is before
    assert "would close a cycle" in hand.said[-1]


def test_the_link_is_seen_while_it_waits_and_escape_leaves_none(hand, circuit, opened):
    hand.give(circuit)
    before = hand.canvas.grab().toImage()
    hand.drag(hand.canvas.output_position("f"), QPointF(150, 650))
    finder = opened()
    start = (hand.canvas.output_position("f") + QPointF(6, 0)).toPoint()
    assert not finder.geometry().contains(start)
    assert hand.canvas.grab().toImage().pixel(start) != before.pixel(start)
    press(finder, Qt.Key.Key_Escape)
    assert opened() is None
    assert hand.graph is circuit
    hand.move(PLACE)  # Until then the node it came from is the hovered one.
    assert hand.canvas.grab().toImage() == before


def test_a_click_on_a_port_opens_nothing(hand, circuit, opened):
    hand.give(circuit)
    hand.click(hand.canvas.output_position("f") + QPointF(3, 0))
    hand.click(hand.canvas.port_position("q", 0) - QPointF(3, 0))
    assert opened() is None


def test_a_link_of_no_known_shape_is_offered_every_op(hand, opened):
    graph = Graph().add("x", "input", at=(0, 0))
    hand.give(graph)
    hand.drag(hand.canvas.output_position("x"), PLACE)
    assert {"matmul", "softmax", "add"} < set(keys(opened()))
    press(opened(), Qt.Key.Key_Escape)
