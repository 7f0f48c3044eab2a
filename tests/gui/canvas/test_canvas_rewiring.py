"""Bridge, mute, swap, dots, cuts and copies of links, by mouse and by keyboard."""

import itertools

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QContextMenuEvent
from PySide6.QtWidgets import QApplication

from gradstudio.formula import parse
from gradstudio.graph import Graph
from gradstudio.gui.canvas import mirror
from gradstudio.gui.canvas.legibility import LETTERS_PX
from gradstudio.gui.canvas.menu import CanvasMenu
from gradstudio.gui.canvas.stroke import Stroke, crossed

CTRL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
ALT = Qt.KeyboardModifier.AltModifier
RIGHT = Qt.MouseButton.RightButton


def middle(hand, target, port):
    """Return a point of the viewport in the middle of an edge's curve."""
    sketch = hand.canvas.picture.sketch
    edge = sketch.edge_index[target, port]
    x, y = sketch.along(np.array([edge]), np.array([0.5]))[0, 0]
    return hand.canvas.lens.seen(QPointF(x, y))


def colour_near(hand, at, wanted, reach=4):
    """Whether a pixel of about the colour `wanted` is painted near a point."""
    image = hand.canvas.viewport().grab().toImage()
    spots = [
        image.pixelColor(at.toPoint() + QPoint(x, y))
        for x in range(-reach, reach + 1)
        for y in range(-reach, reach + 1)
    ]
    return any(
        abs(one.red() - wanted.red())
        + abs(one.green() - wanted.green())
        + abs(one.blue() - wanted.blue())
        < 60
        for one in spots
    )


def menu_of(hand, at, keys=Qt.KeyboardModifier.NoModifier):
    """Open the menu at a point; return its actions by text and the menu, or two times nothing."""
    before = hand.canvas.findChildren(CanvasMenu)
    point = at.toPoint()
    reason = QContextMenuEvent.Reason.Mouse
    event = QContextMenuEvent(reason, point, hand.canvas.mapToGlobal(point), keys)
    QApplication.sendEvent(hand.canvas.viewport(), event)
    new = [menu for menu in hand.canvas.findChildren(CanvasMenu) if menu not in before]
    if not new:
        return {}, None
    return {action.text(): action for action in new[0].actions()}, new[0]


def choose(hand, at, text):
    actions, menu = menu_of(hand, at)
    actions[text].trigger()
    menu.close()
    hand.document.settle()


# -- bridge -----------------------------------------------------------------------------------


@pytest.mark.parametrize("key", [Qt.Key.Key_Delete, Qt.Key.Key_Backspace])
def test_ctrl_delete_bridges(hand, circuit, key):
    hand.give(circuit)
    hand.canvas.select(("q",))
    hand.key(key, CTRL)
    assert hand.graph.nodes["f"].inputs == ("x", "z")
    assert "q" not in hand.graph
    assert hand.steps() == 1
    assert hand.canvas.edge_text("f", 0) == ("−2", "−4")
    assert hand.canvas.picture.sketch.names == ["x", "y", "z", "f"]
    hand.document.undo()
    assert hand.graph.nodes == circuit.nodes


def test_the_menu_of_a_node_bridges_it(hand, circuit):
    hand.give(circuit)
    choose(hand, hand.node("q"), "Delete and bridge")
    assert hand.graph.nodes["f"].inputs == ("x", "z")


def test_undo_of_the_first_edit_puts_nothing_in_order_again(hand, circuit, monkeypatch):
    asked = []
    whole = mirror.arrange
    monkeypatch.setattr(mirror, "arrange", lambda *given: asked.append(given) or whole(*given))
    hand.give(Graph(circuit.nodes))
    places = hand.canvas.picture.sketch.centres.copy()
    hand.canvas.select(("q",))
    hand.key(Qt.Key.Key_Delete, CTRL)
    hand.document.undo()
    assert len(asked) == 1
    assert not hand.graph.positions
    assert (hand.canvas.picture.sketch.centres == places).all()


# -- mute -------------------------------------------------------------------------------------


def test_m_mutes_and_unmutes(hand, circuit):
    hand.give(circuit)
    hand.canvas.select(("q",))
    before = hand.grab()
    hand.key(Qt.Key.Key_M)
    assert hand.graph.nodes["q"].muted
    assert hand.graph.nodes["q"].inputs == ("x", "y")
    assert hand.canvas.edge_text("f", 0) == ("−2", "−4")
    assert hand.canvas.edge_text("q", 0) == ("−2", "−4")
    assert hand.canvas.edge_text("q", 1) == ("5", "")
    assert hand.grab() != before
    assert "muted: x ← x passes through" in hand.canvas.pointer.tool_tip(hand.node("q").toPoint())
    hand.key(Qt.Key.Key_M)
    assert hand.graph.nodes == circuit.nodes
    assert hand.grab() == before
    assert hand.steps() == 2


def test_the_input_that_passes_is_painted_through_the_muted_node(hand):
    values = {"b": np.ones(()), "x": np.ones((2, 3))}
    graph = parse("h = b + x\nf = sum(h)", values=values)
    hand.give(graph.move({"b": (0, 0), "x": (0, 120), "h": (180, 60), "f": (360, 60)}))
    hand.canvas.select(("h",))
    hand.key(Qt.Key.Key_M)
    assert "muted: y ← x passes through" in hand.canvas.pointer.tool_tip(hand.node("h").toPoint())
    hand.canvas.select(())
    edge = hand.canvas.picture.inks.edge.color()
    zoom = hand.canvas.zoom
    # From its port and in a bow below the symbol to the output.
    assert colour_near(hand, hand.canvas.port_position("h", 1) + QPointF(7, 3) * zoom, edge, 2)
    assert colour_near(hand, hand.node("h") + QPointF(0, 17) * zoom, edge, 3)
    assert not colour_near(hand, hand.canvas.port_position("h", 0) + QPointF(7, -3) * zoom, edge, 2)
    hand.document.undo()
    assert not colour_near(hand, hand.node("h") + QPointF(0, 17) * zoom, edge, 3)


def test_mute_leaves_leaves_alone_and_refuses_them_alone(hand, circuit):
    hand.give(circuit)
    hand.canvas.select_all()
    hand.key(Qt.Key.Key_M)
    assert [name for name, node in hand.graph.nodes.items() if node.muted] == ["q", "f"]
    hand.canvas.select(("x",))
    hand.key(Qt.Key.Key_M)
    assert hand.said == ["Select a node that is no leaf"]
    assert hand.steps() == 1


def test_mute_of_some_muted_mutes_the_rest(hand, circuit):
    hand.give(circuit)
    hand.canvas.select(("q",))
    hand.key(Qt.Key.Key_M)
    hand.canvas.select(("q", "f"))
    hand.key(Qt.Key.Key_M)
    assert hand.graph.nodes["q"].muted
    assert hand.graph.nodes["f"].muted


def test_the_menu_of_a_node_mutes_it(hand, circuit):
    hand.give(circuit)
    choose(hand, hand.node("q"), "Muted")
    assert hand.graph.nodes["q"].muted
    actions, menu = menu_of(hand, hand.node("q"))
    assert actions["Muted"].isChecked()
    menu.close()
    actions, menu = menu_of(hand, hand.node("x"))
    assert "Muted" not in actions
    menu.close()


# -- swap -------------------------------------------------------------------------------------


def test_s_swaps_the_inputs(hand):
    graph = parse("f = x - y", values={"x": np.array(3.0), "y": np.array(5.0)})
    hand.give(graph)
    hand.canvas.select(("f",))
    hand.key(Qt.Key.Key_S)
    assert hand.graph.nodes["f"].inputs == ("y", "x")
    assert hand.canvas.edge_text("f", 0) == ("5", "1")
    hand.key(Qt.Key.Key_S)
    assert hand.graph.nodes == graph.nodes
    hand.canvas.select(("x",))
    hand.key(Qt.Key.Key_S)
    assert hand.said == ["Select a node with two inputs that differ"]


def test_of_several_nodes_those_that_can_swap_do(hand, circuit):
    hand.give(circuit.add("free", "mul", at=(0, 300)).add("square", "mul", ("x", "x"), at=(9, 300)))
    hand.canvas.select(("free", "square"))
    hand.key(Qt.Key.Key_S)
    assert hand.said == ["Select a node with two inputs that differ"]
    hand.canvas.select_all()
    hand.key(Qt.Key.Key_S)
    assert hand.graph.nodes["q"].inputs == ("y", "x")
    assert hand.graph.nodes["square"].inputs == ("x", "x")
    assert hand.steps() == 1


def test_the_menu_of_a_node_swaps_its_inputs(hand, circuit):
    hand.give(circuit)
    choose(hand, hand.node("q"), "Swap inputs")
    assert hand.graph.nodes["q"].inputs == ("y", "x")


# -- duplicate --------------------------------------------------------------------------------


def covering(hand) -> list[tuple[str, str]]:
    """Which nodes, with their names below, lie on each other."""
    sketch = hand.canvas.picture.sketch
    rects = {}
    for at, name in enumerate(sketch.names):
        rects[name] = sketch.rect(at).adjusted(0, 0, 0, float(sketch.pads[at, 1]))
    return [
        (one, other)
        for one, other in itertools.combinations(rects, 2)
        if rects[one].intersects(rects[other])
    ]


@pytest.mark.parametrize("names", [("q",), ("z",), ("x", "y", "q"), ("x", "y", "z", "q", "f")])
def test_copies_lie_on_nothing_and_are_seen(hand, circuit, names):
    hand.give(circuit)
    for times in range(3):
        hand.canvas.select(names)
        hand.key(Qt.Key.Key_D, CTRL)
        assert covering(hand) == []
        assert hand.steps() == times + 1
        seen = hand.canvas.viewport().rect()
        assert all(seen.contains(hand.node(copy).toPoint()) for copy in hand.canvas.selection())
    assert hand.graph.positions["q"] == (180, 60)


def test_ctrl_shift_d_duplicates_with_incoming_links(hand, circuit):
    hand.give(circuit)
    hand.canvas.select(("q",))
    hand.key(Qt.Key.Key_D, CTRL | SHIFT)
    (copy,) = hand.canvas.selection()
    assert hand.graph.nodes[copy].inputs == ("x", "y")
    assert covering(hand) == []
    assert hand.graph.positions[copy][1] > 60, "below, where no link runs"
    hand.document.undo()
    hand.canvas.select(("q",))
    hand.key(Qt.Key.Key_D, CTRL)
    (copy,) = hand.canvas.selection()
    assert hand.graph.nodes[copy].inputs == (None, None)


# -- dots -------------------------------------------------------------------------------------


def test_ctrl_double_click_on_an_edge_puts_a_dot_there(hand, circuit):
    hand.give(circuit)
    at = middle(hand, "f", 1)
    hand.qtbot.mouseDClick(hand.canvas.viewport(), Qt.MouseButton.LeftButton, CTRL, at.toPoint())
    hand.document.settle()
    assert hand.graph.nodes["identity1"].inputs == ("z",)
    assert hand.graph.nodes["f"].inputs == ("q", "identity1")
    assert hand.canvas.selection() == ("identity1",)
    assert (hand.node("identity1") - at).manhattanLength() < 3
    assert hand.canvas.edge_text("f", 1) == ("−4", "3")
    assert hand.canvas.edge_text("identity1", 0) == ("−4", "3")
    # The numbers stand once, where the link ends.
    hand.canvas.grab()
    sketch = hand.canvas.picture.sketch
    assert np.isinf(sketch.label_at[sketch.edge_index["identity1", 0]]).all()
    assert np.isfinite(sketch.label_at[sketch.edge_index["f", 1]]).all()
    assert sketch.faces[sketch.index["identity1"]].dot


def test_a_dot_is_dragged_and_bridged_away(hand, circuit):
    hand.give(circuit)
    at = middle(hand, "f", 1)
    hand.qtbot.mouseDClick(hand.canvas.viewport(), Qt.MouseButton.LeftButton, CTRL, at.toPoint())
    begin = hand.graph.positions["identity1"]
    at = hand.node("identity1")
    hand.drag(at, at + QPointF(20, 60))
    assert hand.graph.positions["identity1"] == pytest.approx((begin[0] + 20, begin[1] + 60), abs=1)
    sketch = hand.canvas.picture.sketch
    hand.canvas.grab()
    assert np.isinf(sketch.label_at[sketch.edge_index["identity1", 0]]).all()
    hand.key(Qt.Key.Key_Delete, CTRL)
    assert hand.graph.nodes == circuit.nodes


def test_a_link_is_drawn_out_of_a_dot_and_into_it(hand, circuit):
    hand.give(circuit)
    at = middle(hand, "f", 1)
    hand.qtbot.mouseDClick(hand.canvas.viewport(), Qt.MouseButton.LeftButton, CTRL, at.toPoint())
    out = hand.canvas.output_position("identity1") + QPointF(4, 0)
    hand.drag(out, hand.canvas.port_position("f", 0))
    assert hand.graph.nodes["f"].inputs == ("identity1", "identity1")
    hand.drag(hand.canvas.output_position("x"), hand.node("identity1") - QPointF(3, 0))
    assert hand.graph.nodes["identity1"].inputs == ("x",)


def test_r_leads_what_leaves_a_node_through_a_dot(hand):
    graph = parse("a = exp(x)\nb = sin(x)\nf = a * b", values={"x": np.array(1.0)})
    hand.give(graph)
    hand.canvas.select(("x",))
    hand.key(Qt.Key.Key_R)
    assert hand.graph.nodes["a"].inputs == hand.graph.nodes["b"].inputs == ("identity1",)
    assert hand.canvas.selection() == ("identity1",)
    assert hand.canvas.picture.sketch.faces[hand.canvas.picture.sketch.index["identity1"]].dot
    hand.document.undo()
    hand.canvas.select(("f",))
    hand.key(Qt.Key.Key_R)
    assert hand.said == ["Select a node that is used"]
    assert hand.graph.nodes == graph.nodes


def test_a_small_picture_full_of_dots_is_painted(hand):
    values = {"x": np.arange(6.0).reshape(2, 3), "w": np.arange(12.0).reshape(3, 4) / 7}
    hand.give(parse("h = relu(x @ w)\np = softmax(h)\nloss = sum(p * h)", values=values))
    hand.canvas.select(("w", "h", "p", "mul1"))
    hand.canvas.rewiring.add_dots_after()
    assert [node.op for node in hand.graph.nodes.values()].count("identity") == 4
    picture, sketch = hand.canvas.picture, hand.canvas.picture.sketch
    # Not by painting: what is raised there may end the process.
    for letters in LETTERS_PX:
        sketch.scale_text(letters / LETTERS_PX[0])
        picture.place_labels(np.arange(len(sketch.edges)))
        assert not np.isnan(sketch.label_at[:, 0]).any()


def test_the_menu_of_an_edge_adds_a_dot(hand, circuit):
    hand.give(circuit)
    choose(hand, middle(hand, "f", 1), "Add reroute")
    assert hand.graph.nodes["f"].inputs == ("q", "identity1")


def test_shift_and_a_right_stroke_put_one_dot_on_all_links_of_a_node(hand):
    graph = parse("a = exp(x)\nb = sin(x)\nf = a * b", values={"x": np.array(1.0)})
    hand.give(graph.move({"x": (0, 0), "a": (200, -60), "b": (200, 60), "f": (400, 0)}))
    at = hand.canvas.output_position("x") + QPointF(60, 0)
    hand.drag(at - QPointF(0, 80), at + QPointF(0, 80), RIGHT, SHIFT)
    assert hand.graph.nodes["a"].inputs == hand.graph.nodes["b"].inputs == ("identity1",)
    assert hand.graph.nodes["identity1"].inputs == ("x",)
    assert hand.steps() == 1
    sketch = hand.canvas.picture.sketch
    hand.canvas.grab()
    # What is added up in the dot is worth saying: the gradient before it is another.
    assert np.isfinite(sketch.label_at[sketch.edge_index["identity1", 0]]).all()


# -- cutting ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("button", "keys"), [(RIGHT, CTRL), (Qt.MouseButton.LeftButton, ALT | SHIFT)]
)
def test_a_stroke_cuts_what_it_crosses_as_one_step(hand, circuit, button, keys):
    hand.give(circuit)
    top, low = middle(hand, "q", 0), middle(hand, "q", 1)
    begin, end = top - QPointF(0, 30), low + QPointF(0, 30)
    hand.press(begin, button, keys)
    for step in range(1, 6):
        hand.move(begin + (end - begin) * step / 5)
    assert isinstance(hand.canvas.gesture, Stroke)
    assert hand.graph is circuit
    red = QColor(hand.canvas.theme.error)
    assert colour_near(hand, middle(hand, "q", 0), red)
    hand.release(end, button)
    assert hand.graph.nodes["q"].inputs == (None, None)
    assert hand.graph.nodes["f"].inputs == ("q", "z")
    assert hand.steps() == 1
    assert hand.document.undo_stack.undoText() == "Cut links"
    assert ("q", 0) not in hand.canvas.picture.sketch.edge_index
    hand.document.undo()
    assert hand.graph.nodes == circuit.nodes


def test_a_free_hand_line_cuts_by_its_own_way(hand, circuit):
    hand.give(circuit)
    begin = hand.node("x") - QPointF(0, 60)
    hand.press(begin, RIGHT, CTRL)
    # Around x, through its link, and back to nothing.
    for at in (middle(hand, "q", 0) - QPointF(0, 40), middle(hand, "q", 0) + QPointF(0, 12)):
        hand.move(at)
    hand.move(middle(hand, "q", 0) + QPointF(4, 14))
    hand.release(middle(hand, "q", 0) + QPointF(4, 14), RIGHT)
    assert hand.graph.nodes["q"].inputs == (None, "y")
    assert hand.document.undo_stack.undoText() == "Remove link"


def test_escape_lets_a_stroke_cut_nothing(hand, circuit):
    hand.give(circuit)
    before = hand.grab()
    begin, end = middle(hand, "q", 0) - QPointF(0, 60), middle(hand, "q", 1) + QPointF(0, 60)
    hand.press(begin, RIGHT, CTRL)
    hand.move(begin + QPointF(0, 20))
    hand.move(end)
    hand.key(Qt.Key.Key_Escape)
    hand.release(end, RIGHT)
    assert hand.graph is circuit
    assert hand.steps() == 0
    assert hand.grab() == before


def test_a_stroke_across_nothing_is_no_step(hand, circuit):
    hand.give(circuit)
    hand.drag(QPointF(5, 5), QPointF(60, 5), RIGHT, CTRL)
    assert hand.graph is circuit
    assert hand.steps() == 0


def test_a_right_click_with_a_stroke_key_opens_no_menu(hand, circuit):
    hand.give(circuit)
    assert menu_of(hand, hand.node("q"), CTRL) == ({}, None)
    actions, menu = menu_of(hand, hand.node("q"))
    assert "Delete and bridge" in actions
    menu.close()


def test_crossing_is_found_as_by_hand(hand, rng):
    """The arrays find what testing every piece of every curve by itself finds."""
    graph = Graph()
    for number in range(40):
        at = tuple(rng.uniform(-400, 400, 2))
        fed = [f"n{rng.integers(number)}" for _ in range(2)] if number > 3 else []
        op = "add" if fed else "input"
        graph = graph.add(f"n{number}", op, fed, value=None if fed else 1.0, at=at)
    hand.give(graph)
    sketch = hand.canvas.picture.sketch
    for straight in (False, True):
        for _ in range(30):
            begin, end = (QPointF(*rng.uniform(-450, 450, 2)) for _ in range(2))
            edges, points = crossed(sketch, begin, end, straight=straight)
            wanted = []
            for edge in range(len(sketch.edges)):
                ends = [sketch.start[edge], sketch.end[edge]]
                curve = (
                    ends if straight else sketch.along(np.array([edge]), np.linspace(0, 1, 33))[0]
                )
                if any(_meet(begin, end, *pair) for pair in itertools.pairwise(curve)):
                    wanted.append(edge)
            assert edges.tolist() == wanted
            for x, y in points.tolist():
                assert _on(begin, end, x, y)


def _meet(begin, end, first, last):
    def side(a, b, c):
        return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])

    a, b = (begin.x(), begin.y()), (end.x(), end.y())
    return (
        side(a, b, first) * side(a, b, last) <= 0
        and side(first, last, a) * side(first, last, b) <= 0
    )


def _on(begin, end, x, y):
    along, off = end - begin, QPointF(x, y) - begin
    return abs(along.x() * off.y() - along.y() * off.x()) < 1e-6 * (1 + abs(along.x()) ** 2 * 1e3)


# -- copying a link ---------------------------------------------------------------------------


def test_shift_drags_a_copy_of_a_link_off_its_port(hand, circuit):
    free = circuit.add("g", "exp", (None,), at=(360, 0))
    hand.give(free)
    hand.drag(hand.canvas.port_position("f", 0), hand.canvas.port_position("g", 0), keys=SHIFT)
    assert hand.graph.nodes["f"].inputs == ("q", "z")
    assert hand.graph.nodes["g"].inputs == ("q",)
    assert hand.steps() == 1
    hand.document.undo()
    hand.drag(hand.canvas.port_position("f", 0), hand.canvas.port_position("g", 0))
    assert hand.graph.nodes["f"].inputs == (None, "z")
    assert hand.graph.nodes["g"].inputs == ("q",)


def test_a_copied_link_dropped_on_nothing_or_at_home_changes_nothing(hand, circuit):
    hand.give(circuit)
    hand.drag(hand.canvas.port_position("f", 0), QPointF(300, 20), keys=SHIFT)
    port = hand.canvas.port_position("f", 0)
    hand.drag(port, port + QPointF(4, 2), keys=SHIFT)
    assert hand.graph is circuit
    assert hand.canvas.edge_text("f", 0) == ("3", "−4")


def test_the_edge_stays_in_sight_while_its_copy_is_dragged(hand, circuit):
    hand.give(circuit)
    at = middle(hand, "f", 0)
    hand.press(hand.canvas.port_position("f", 0), keys=SHIFT)
    hand.move(QPointF(200, 20))
    edge = hand.canvas.picture.inks.edge.color()
    assert colour_near(hand, at, edge, 2)
    hand.key(Qt.Key.Key_Escape)
    hand.release(QPointF(200, 20))
    assert hand.graph is circuit


# -- cycles -----------------------------------------------------------------------------------


def test_a_link_that_would_close_a_cycle_shows_it_while_it_hovers(hand, circuit):
    hand.give(circuit)
    hand.press(hand.canvas.output_position("f"))
    assert hand.canvas.cycle.names == ()
    hand.move(hand.node("q"))
    assert hand.canvas.cycle.names == ("f", "q", "f")
    assert hand.said == ["A link there would close a cycle: f → q → f"]
    red = QColor(hand.canvas.theme.error)
    assert colour_near(hand, middle(hand, "f", 0), red, 2)
    assert not colour_near(hand, middle(hand, "f", 1), red, 2)
    hand.move(QPointF(20, 20))
    assert hand.canvas.cycle.names == ()
    assert not colour_near(hand, middle(hand, "f", 0), red, 2)
    hand.key(Qt.Key.Key_Escape)
    hand.release(QPointF(20, 20))
    assert hand.graph is circuit


def test_a_cycle_is_said_where_no_port_is_free_and_no_cycle_where_there_is_no_port(hand, circuit):
    hand.give(circuit)
    hand.drag(hand.canvas.output_position("f"), hand.node("q"))
    assert hand.said[-1] == "q: linking f into it would close a cycle: f → q → f"
    hand.said.clear()
    hand.press(hand.canvas.output_position("f"))
    hand.move(hand.node("x"))
    assert hand.canvas.cycle.names == ()
    hand.release(hand.node("x"))
    assert hand.said == ["x takes no input"]
    assert hand.graph is circuit


def test_a_refused_cycle_stays_red_for_a_moment(hand, circuit):
    hand.give(circuit)
    hand.drag(hand.canvas.output_position("f"), hand.canvas.port_position("q", 0))
    assert hand.graph is circuit
    assert hand.said[-1] == "q: linking f into it would close a cycle: f → q → f"
    red = QColor(hand.canvas.theme.error)
    assert colour_near(hand, middle(hand, "f", 0), red, 2)
    hand.qtbot.waitUntil(lambda: hand.canvas.cycle.names == ())
    assert not colour_near(hand, middle(hand, "f", 0), red, 2)


def test_a_cycle_backwards_is_shown_too_and_an_edit_ends_it(hand, circuit):
    graph = circuit.disconnect("q", 0)
    hand.give(graph)
    hand.press(hand.canvas.port_position("q", 0))
    hand.move(hand.node("f"))
    assert hand.canvas.cycle.names == ("f", "q", "f")
    hand.release(hand.node("f"))
    assert hand.canvas.cycle.names == ("f", "q", "f")
    hand.document.commit("elsewhere", graph.remove(("q",)))
    assert hand.canvas.cycle.names == ()
    hand.canvas.grab()
