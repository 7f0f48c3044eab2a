"""The canvas by keyboard: walking along edges, selecting, editing, linking."""

import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication

from gradstudio.graph import Graph
from gradstudio.gui.canvas.finder import Finder
from gradstudio.gui.canvas.key_link import STUB_PX, KeyLink
from gradstudio.gui.canvas.keys import KEYS

ALT = Qt.KeyboardModifier.AltModifier
CTRL = Qt.KeyboardModifier.ControlModifier
NO_KEYS, SHIFT = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier
Key = Qt.Key


def walk(hand, *keys: Qt.Key) -> str:
    for key in keys:
        hand.key(key)
    return hand.canvas.caret.name


# -- walking --------------------------------------------------------------------------------


def test_arrows_walk_along_edges_and_select(hand, circuit):
    hand.give(circuit)
    assert walk(hand, Key.Key_Right) == "x", "the first key goes to the beginning"
    assert walk(hand, Key.Key_Right) == "q"
    assert walk(hand, Key.Key_Right) == "f"
    assert hand.canvas.selection() == ("f",)
    assert walk(hand, Key.Key_Right) == "f", "there is nothing further on"
    assert walk(hand, Key.Key_Left) == "q"
    assert walk(hand, Key.Key_Down) == "z", "the other input of what it feeds"
    assert walk(hand, Key.Key_Right) == "f"
    assert hand.graph is circuit


def test_the_opposite_arrow_leads_back_the_same_way(hand, circuit):
    hand.give(circuit)
    hand.canvas.select(("z",))
    assert walk(hand, Key.Key_Right) == "f"
    assert walk(hand, Key.Key_Left) == "z", "not to the first input"
    hand.canvas.select(("y",))
    assert walk(hand, Key.Key_Right, Key.Key_Right) == "f"
    assert walk(hand, Key.Key_Left, Key.Key_Left) == "y"


def test_up_and_down_go_to_siblings(hand, circuit):
    hand.give(circuit.add("w", "input", value=1.0, at=(0, -60)))
    hand.canvas.select(("y",))
    assert walk(hand, Key.Key_Up) == "x"
    assert walk(hand, Key.Key_Down) == "y"
    assert walk(hand, Key.Key_Down) == "z", "nothing is beside it below: the nearest there"
    hand.canvas.select(("x",))
    assert walk(hand, Key.Key_Up) == "w", "no edge leads there"


def test_every_node_is_reached_in_the_order_of_the_walk(hand, circuit):
    hand.give(circuit)
    reached = [walk(hand, Key.Key_PageDown) for _ in circuit.nodes]
    assert reached == list(hand.document.evaluation.order)
    assert walk(hand, Key.Key_PageDown) == reached[0]
    assert walk(hand, Key.Key_PageUp) == reached[-1]


def test_shift_extends_and_ctrl_leaves_the_selection(hand, circuit):
    hand.give(circuit)
    hand.canvas.select(("x",))
    hand.key(Key.Key_Right, SHIFT)
    assert hand.canvas.selection() == ("x", "q")
    hand.key(Key.Key_Right, CTRL)
    assert hand.canvas.selection() == ("x", "q")
    assert hand.canvas.caret.name == "f"
    hand.key(Key.Key_Return, CTRL)
    assert hand.canvas.selection() == ("x", "q", "f")
    hand.key(Key.Key_Return, CTRL)
    assert hand.canvas.selection() == ("x", "q")


def test_the_ring_is_painted_and_goes_with_the_mouse(hand, circuit):
    hand.give(circuit)
    hand.canvas.setFocus()
    hand.canvas.select(("q",))
    plain = shot(hand)
    walk(hand, Key.Key_Right)
    hand.key(Key.Key_Left)
    ringed = shot(hand)
    at = hand.node("q")
    around = [
        (x, y)
        for x in range(int(at.x()) - 40, int(at.x()) + 40)
        for y in range(int(at.y()) - 40, int(at.y()) + 40)
        if plain.pixel(x, y) != ringed.pixel(x, y)
    ]
    assert len(around) > 50
    assert min(abs(x - at.x()) + abs(y - at.y()) for x, y in around) > 20, "only around the node"
    hand.click(QPointF(20, 20))
    hand.canvas.select(("q",))
    assert shot(hand) == plain


def shot(hand) -> QImage:
    QApplication.processEvents()
    return hand.canvas.viewport().grab().toImage()


def test_the_node_comes_into_sight(hand, circuit):
    hand.give(circuit.move({"f": (4000, 3000)}))
    hand.canvas.lens.zoom_reset()
    hand.canvas.select(("q",))
    hand.key(Key.Key_Right)
    assert hand.canvas.caret.name == "f"
    assert hand.canvas.viewport().rect().contains(hand.node("f").toPoint())


def test_walking_goes_on_after_the_node_is_gone(hand, circuit):
    hand.give(circuit)
    walk(hand, Key.Key_Right, Key.Key_Right)
    hand.key(Key.Key_Delete)
    assert "q" not in hand.graph.nodes
    assert hand.canvas.caret.name is None
    assert walk(hand, Key.Key_Right) == "x"


def test_keys_on_an_empty_canvas_do_nothing(hand):
    for row in KEYS:
        for sequence in row.sequences():
            combination = sequence[0]
            hand.hold(combination.key(), combination.keyboardModifiers())
            hand.let_go(combination.key())
    assert not hand.graph.nodes
    assert hand.steps() == 0


def test_alt_and_arrows_without_a_selection_pan(hand, circuit):
    hand.give(circuit)
    before = hand.node("q")
    hand.key(Key.Key_Right, ALT)
    assert hand.node("q").x() < before.x()
    assert hand.graph is circuit


# -- editing --------------------------------------------------------------------------------


def test_enter_edits_the_value_of_a_leaf(hand, circuit):
    hand.give(circuit)
    walk(hand, Key.Key_Right)
    hand.key(Key.Key_Return)
    hand.type("7")
    assert hand.graph.nodes["x"].value == 7
    assert hand.canvas.caret.name == "x"


def test_enter_on_an_op_asks_for_its_settings_and_f2_renames(hand, circuit):
    hand.give(circuit)
    asked = []
    hand.canvas.settings_wanted.connect(asked.append)
    walk(hand, Key.Key_Right, Key.Key_Right)
    hand.key(Key.Key_Return)
    assert asked == ["q"]
    hand.key(Key.Key_F2)
    hand.type("sum1")
    assert hand.graph.nodes["f"].inputs == ("sum1", "z")
    assert hand.canvas.caret.name == "sum1"


# -- linking --------------------------------------------------------------------------------


def test_c_links_to_the_port_that_arrows_choose(hand, circuit):
    hand.give(circuit.disconnect("f", 1).disconnect("q", 0))
    hand.canvas.select(("z",))
    hand.key(Key.Key_C)
    gesture = hand.canvas.gesture
    assert isinstance(gesture, KeyLink)
    assert gesture.aimed == ("q", 0), "a free port to the right"
    assert hand.said[-1] == "z into x of q: Enter links, Escape cancels"
    hand.key(Key.Key_Right)
    hand.key(Key.Key_Down)
    assert gesture.aimed == ("f", 1)
    hand.key(Key.Key_Return)
    assert hand.graph.nodes["f"].inputs == ("q", "z")
    assert hand.steps() == 1
    assert hand.canvas.gesture is None
    assert hand.said[-1] == "z feeds y of f now"


def test_a_link_over_another_says_what_it_replaces(hand, circuit):
    hand.give(circuit)
    hand.canvas.select(("z",))
    hand.key(Key.Key_C)
    aimed = set()
    for key in (Key.Key_Up, Key.Key_Up, Key.Key_Left, Key.Key_Up, Key.Key_Down):
        hand.key(key)
        aimed.add(hand.canvas.gesture.aimed)
    assert ("q", 0) in aimed or ("q", 1) in aimed
    assert any(text.endswith((", instead of x", ", instead of y")) for text in hand.said)
    hand.key(Key.Key_Escape)
    assert hand.canvas.gesture is None
    assert hand.graph is circuit
    assert hand.canvas.picture.marks.lit_inputs is None


def test_only_ports_that_make_no_cycle_are_offered(hand, circuit):
    hand.give(circuit)
    hand.canvas.select(("f",))
    hand.key(Key.Key_C)
    assert hand.said[-1] == "There is no port that f could feed"
    start, end = hand.canvas.gesture._ends()
    assert (end - start).manhattanLength() == pytest.approx(STUB_PX, abs=1)
    hand.key(Key.Key_Right)
    hand.key(Key.Key_Return)
    assert hand.canvas.gesture is None
    assert hand.graph is circuit


def test_shift_c_links_backwards_port_by_port(hand, circuit):
    hand.give(circuit.disconnect("f", 1))
    hand.canvas.select(("f",))
    hand.key(Key.Key_C, SHIFT)
    assert hand.canvas.gesture.target == ("f", 1), "the free port first"
    while hand.canvas.gesture.aimed != "z":
        hand.key(Key.Key_Down)
    assert hand.said[-1] == "z into y of f: Enter links, Escape cancels"
    hand.key(Key.Key_Return)
    assert hand.graph.nodes["f"].inputs == ("q", "z")
    hand.key(Key.Key_C, SHIFT)
    assert hand.canvas.gesture.target == ("f", 0)
    assert hand.said[-1] == "q into x of f: linked, Delete removes it"
    hand.key(Key.Key_C, SHIFT)
    assert hand.canvas.gesture.target == ("f", 1)
    hand.key(Key.Key_Delete)
    assert hand.graph.nodes["f"].inputs == ("q", None)
    assert hand.canvas.gesture is None


def test_every_port_that_fits_is_reached_in_order(hand, circuit):
    hand.give(circuit)
    hand.canvas.select(("x",))
    hand.key(Key.Key_C)
    aimed = []
    for _ in range(4):
        hand.key(Key.Key_PageDown)
        aimed.append(hand.canvas.gesture.aimed)
    assert set(aimed) == {("q", 0), ("q", 1), ("f", 0), ("f", 1)}
    hand.key(Key.Key_PageUp)
    assert hand.canvas.gesture.aimed == aimed[-2]
    hand.key(Key.Key_Escape)


def test_a_link_of_the_keys_waits_for_a_node_that_is_found(hand, circuit):
    hand.give(circuit)
    hand.canvas.select(("f",))
    hand.key(Key.Key_Right)
    hand.key(Key.Key_C)
    hand.key(Key.Key_T)
    (finder,) = hand.canvas.findChildren(Finder)
    hand.qtbot.keyClicks(finder.field, "tanh")
    hand.qtbot.keyClick(finder.field, Key.Key_Return)
    hand.document.settle()
    assert hand.graph.nodes["tanh1"].inputs == ("f",)
    assert hand.graph.positions["tanh1"][0] > hand.graph.positions["f"][0] + 60
    assert hand.steps() == 1
    assert hand.canvas.caret.name == "tanh1"
    assert "No link was made" not in hand.said


def test_a_leaf_takes_no_link(hand, circuit):
    hand.give(circuit)
    hand.canvas.select(("x",))
    hand.key(Key.Key_C, SHIFT)
    assert hand.said == ["x takes no input"]
    assert hand.canvas.gesture is None


def test_a_link_needs_a_node(hand, circuit):
    hand.give(circuit)
    hand.key(Key.Key_C)
    assert hand.said == ["Choose a node first, with the arrows"]


def test_the_mouse_takes_over_from_a_link_of_the_keys(hand, circuit):
    hand.give(circuit.disconnect("f", 1))
    hand.canvas.select(("z",))
    hand.key(Key.Key_C)
    hand.click(hand.node("q"))
    assert hand.canvas.gesture is None
    assert hand.graph.nodes["f"].inputs == ("q", None)
    assert hand.canvas.selection() == ("q",)


@pytest.mark.parametrize("count", [2000])
def test_walking_and_linking_in_a_large_graph(hand, count):
    graph = Graph().add("x0", "input", value=0.1, at=(0, 0))
    graph = Graph.build(
        dict(graph.nodes)
        | {f"x{at}": type(graph.nodes["x0"])("tanh", (f"x{at - 1}",)) for at in range(1, count)},
        positions={f"x{at}": (at % 40 * 90.0, at // 40 * 90.0) for at in range(count)},
    )
    hand.give(graph)
    hand.canvas.select(("x0",))
    for _ in range(50):
        hand.key(Key.Key_Right)
    assert hand.canvas.caret.name == "x50"
    hand.key(Key.Key_C, SHIFT)
    assert hand.canvas.gesture.aimed == "x49"
    hand.key(Key.Key_Escape)


def test_every_key_is_in_the_table_once():
    keys = [sequence.toString() for row in KEYS for sequence in row.sequences()]
    assert len(keys) == len(set(keys))
    assert all(keys)


@pytest.mark.parametrize("keys", ["C, Shift+C", "Shift+C, C"])
def test_a_link_is_begun_the_other_way_while_one_is_under_way(hand, keys):
    graph = Graph().add("x", "input", value=2.0, at=(0, 0)).add("s", "add", at=(200, 0))
    hand.give(graph.add("t", "mul", at=(400, 0)).add("u", "concat", at=(400, 200)))
    hand.canvas.select(("s",))
    first, second = (NO_KEYS, SHIFT) if keys == "C, Shift+C" else (SHIFT, NO_KEYS)
    hand.key(Qt.Key.Key_C, first)
    hand.key(Qt.Key.Key_C, second)
    lit = hand.canvas.picture.marks
    assert (lit.lit_outputs if second == SHIFT else lit.lit_inputs) is not None
    assert (lit.lit_inputs if second == SHIFT else lit.lit_outputs) is None
    hand.key(Qt.Key.Key_Return)
    (edge,) = hand.graph.edges()
    assert (edge.target if second == SHIFT else edge.source) == "s"
