import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtWidgets import QApplication, QLineEdit, QVBoxLayout, QWidget

from gradstudio.errors import GraphError
from gradstudio.graph import Graph

ALT = Qt.KeyboardModifier.AltModifier
CTRL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
MIDDLE = Qt.MouseButton.MiddleButton
NOWHERE = QPointF(20, 20)


# -- moving ---------------------------------------------------------------------------------


def test_a_drag_moves_a_node_as_one_undo_step(hand, circuit):
    hand.give(circuit)
    at = hand.node("q")
    hand.drag(at, at + QPointF(40, 40))
    assert hand.graph.positions["q"] == pytest.approx((220, 100), abs=1)
    assert hand.graph.nodes is circuit.nodes
    assert hand.steps() == 1
    assert (hand.node("q") - at - QPointF(40, 40)).manhattanLength() < 1.5
    hand.document.undo()
    assert hand.graph.positions == circuit.positions
    assert (hand.node("q") - at).manhattanLength() < 1e-6


def test_selected_nodes_move_together(hand, circuit):
    hand.give(circuit)
    hand.canvas.select(("x", "y"))
    at = hand.node("x")
    hand.drag(at, at + QPointF(-30, 10))
    assert hand.graph.positions["x"] == pytest.approx((-30, 10), abs=1)
    assert hand.graph.positions["y"] == pytest.approx((-30, 130), abs=1)
    assert hand.graph.positions["q"] == (180, 60)
    assert hand.steps() == 1


def test_escape_puts_a_moving_node_back(hand, circuit):
    hand.give(circuit)
    at = hand.node("q")
    before = hand.canvas.grab().toImage()
    hand.press(at)
    hand.move(at + QPointF(60, 60))
    assert hand.node("q") != at
    hand.key(Qt.Key.Key_Escape)
    assert hand.node("q") == at
    hand.release(at + QPointF(60, 60))
    assert hand.graph is circuit
    assert hand.steps() == 0
    hand.canvas.select(())
    assert hand.canvas.grab().toImage() == before


def test_a_click_that_trembles_moves_nothing(hand, circuit):
    hand.give(circuit)
    at = hand.node("q")
    hand.drag(at, at + QPointF(2, 2))
    assert hand.graph is circuit
    assert hand.canvas.selection() == ("q",)


def test_an_edit_from_elsewhere_ends_a_drag_without_a_trace(hand, circuit):
    hand.give(circuit)
    at = hand.node("q")
    hand.press(at)
    hand.move(at + QPointF(60, 60))
    hand.document.commit("elsewhere", hand.graph.set_values({"x": 3.0}))
    hand.release(at + QPointF(60, 60))
    assert hand.graph.positions == circuit.positions
    assert hand.node("q") == at


def test_alt_and_arrows_nudge_and_one_press_is_one_step(hand, circuit):
    hand.give(circuit)
    hand.canvas.select(("q",))
    hand.key(Qt.Key.Key_Right, ALT)
    assert hand.graph.positions["q"] == (190, 60)
    hand.hold(Qt.Key.Key_Down, ALT)
    hand.hold(Qt.Key.Key_Down, ALT)
    hand.let_go(Qt.Key.Key_Down)
    assert hand.graph.positions["q"] == (190, 80)
    hand.key(Qt.Key.Key_Left, ALT | SHIFT)
    assert hand.graph.positions["q"] == (189, 80)
    assert hand.steps() == 3


def test_nodes_laid_out_by_themselves_stay_where_they_were_when_one_is_moved(hand):
    graph = Graph().add("x", "input", value=1.0).add("f", "exp", ("x",))
    hand.give(graph)
    shown = hand.node("x")
    at = hand.node("f")
    hand.drag(at, at + QPointF(30, 30))
    assert set(hand.graph.positions) == {"x", "f"}
    assert hand.node("x") == shown


# -- links ----------------------------------------------------------------------------------


def test_a_link_is_drawn_from_an_output_to_an_input(hand, circuit):
    hand.give(circuit.disconnect("f", 1))
    canvas = hand.canvas
    hand.drag(canvas.output_position("z"), canvas.port_position("f", 1))
    assert hand.graph.nodes["f"].inputs == ("q", "z")
    assert hand.steps() == 1
    assert canvas.edge_text("f", 1) == ("−4", "3")


def test_a_link_is_drawn_from_an_input_backwards(hand, circuit):
    hand.give(circuit.disconnect("f", 1))
    canvas = hand.canvas
    hand.drag(canvas.port_position("f", 1), canvas.output_position("z"))
    assert hand.graph.nodes["f"].inputs == ("q", "z")


def test_a_link_snaps_to_the_nearest_port(hand, circuit):
    hand.give(circuit.disconnect("f", 0).disconnect("f", 1))
    canvas = hand.canvas
    end = canvas.port_position("f", 1) + QPointF(-14, 8)
    hand.drag(canvas.output_position("z"), end)
    assert hand.graph.nodes["f"].inputs == (None, "z")


def test_a_link_dropped_on_a_node_takes_its_first_free_port(hand, circuit):
    hand.give(circuit.disconnect("f", 1))
    hand.drag(hand.canvas.output_position("z"), hand.node("f") + QPointF(6, 0))
    assert hand.graph.nodes["f"].inputs == ("q", "z")


def test_a_link_dropped_on_a_full_node_is_refused_with_words(hand, circuit):
    hand.give(circuit)
    hand.drag(hand.canvas.output_position("z"), hand.node("q") + QPointF(6, 0))
    assert hand.graph is circuit
    assert "q has no free port" in hand.said[0]
    hand.drag(hand.canvas.output_position("z"), hand.node("x"))
    assert "x takes no input" in hand.said[1]


def test_a_link_replaces_the_one_in_its_port(hand, circuit):
    hand.give(circuit)
    hand.drag(hand.canvas.output_position("z"), hand.canvas.port_position("q", 1))
    assert hand.graph.nodes["q"].inputs == ("x", "z")


def test_a_link_dropped_on_nothing_changes_nothing(hand, circuit):
    hand.give(circuit)
    hand.drag(hand.canvas.output_position("z"), NOWHERE)
    assert hand.graph is circuit


def test_a_cycle_is_refused_with_words(hand, circuit):
    hand.give(circuit)
    hand.drag(hand.canvas.output_position("f"), hand.canvas.port_position("q", 0))
    assert hand.graph is circuit
    assert hand.said[-1] == "q: linking f into it would close a cycle: f → q → f"


def test_a_cycle_backwards_is_refused_with_words(hand, circuit):
    graph = circuit.disconnect("q", 0)
    hand.give(graph)
    hand.drag(hand.canvas.port_position("q", 0), hand.node("f"))
    assert hand.graph is graph
    assert hand.said[-1] == "q: linking f into it would close a cycle: f → q → f"


def test_only_ports_that_fit_are_lit(hand, circuit):
    hand.give(circuit)
    start = hand.canvas.output_position("q")
    hand.press(start)
    hand.move(start + QPointF(30, 40))
    picture = hand.canvas.picture
    lit = {
        (picture.sketch.names[picture.sketch.port_node[flat]], picture.sketch.port_number(flat))
        for flat in np.flatnonzero(picture.marks.lit_inputs)
    }
    assert lit == {("f", 0), ("f", 1)}
    hand.key(Qt.Key.Key_Escape)
    assert picture.marks.lit_inputs is None
    hand.release(start)
    assert hand.graph is circuit


def test_a_link_dragged_off_its_port_moves(hand, circuit):
    hand.give(circuit)
    canvas = hand.canvas
    hand.drag(canvas.port_position("f", 1), canvas.port_position("q", 1))
    assert hand.graph.nodes["f"].inputs == ("q", None)
    assert hand.graph.nodes["q"].inputs == ("x", "z")
    assert hand.steps() == 1


def test_a_link_dragged_off_its_port_onto_nothing_is_removed(hand, circuit):
    hand.give(circuit)
    hand.drag(hand.canvas.port_position("f", 1), NOWHERE)
    assert hand.graph.nodes["f"].inputs == ("q", None)
    hand.document.undo()
    assert hand.graph is circuit


def test_a_link_dragged_off_and_back_stays(hand, circuit):
    hand.give(circuit)
    port = hand.canvas.port_position("f", 1)
    hand.press(port)
    hand.move(port + QPointF(-80, 60))
    hand.move(port)
    hand.release(port)
    assert hand.graph is circuit


def test_escape_leaves_a_link_in_its_port(hand, circuit):
    hand.give(circuit)
    port = hand.canvas.port_position("f", 1)
    hand.press(port)
    hand.move(port + QPointF(-80, 60))
    hand.key(Qt.Key.Key_Escape)
    hand.release(NOWHERE)
    assert hand.graph is circuit


def test_an_op_of_many_inputs_grows_a_port(hand):
    graph = (
        Graph()
        .add("a", "input", value=[1.0], at=(0, 0))
        .add("b", "input", value=[2.0], at=(0, 100))
        .add("c", "concat", ("a",), at=(200, 50))
    )
    hand.give(graph)
    hand.drag(hand.canvas.output_position("b"), hand.canvas.port_position("c", 1))
    assert hand.graph.nodes["c"].inputs == ("a", "b")
    hand.canvas.port_position("c", 2)


# -- selecting ------------------------------------------------------------------------------


def test_clicks_select_add_and_toggle(hand, circuit):
    hand.give(circuit)
    heard = []
    hand.canvas.selection_changed.connect(heard.append)
    hand.click(hand.node("x"))
    assert hand.canvas.selection() == ("x",)
    hand.click(hand.node("y"), SHIFT)
    assert hand.canvas.selection() == ("x", "y")
    hand.click(hand.node("x"), CTRL)
    assert hand.canvas.selection() == ("y",)
    hand.click(hand.node("q"), CTRL)
    hand.click(hand.node("q"))
    assert hand.canvas.selection() == ("q",)
    hand.click(NOWHERE)
    assert hand.canvas.selection() == ()
    assert heard == [("x",), ("x", "y"), ("y",), ("y", "q"), ("q",), ()]


def test_a_box_selects_what_it_touches(hand, circuit):
    hand.give(circuit)
    corner = hand.node("x") - QPointF(60, 40)
    hand.drag(corner, hand.node("y"))
    assert hand.canvas.selection() == ("x", "y")
    hand.drag(hand.node("f") + QPointF(50, -60), hand.node("f"), keys=SHIFT)
    assert hand.canvas.selection() == ("x", "y", "f")
    hand.press(corner)
    hand.move(hand.node("f"))
    hand.key(Qt.Key.Key_Escape)
    assert hand.canvas.selection() == ("x", "y", "f")
    hand.release(NOWHERE)


def test_keys_select_all_and_delete(hand, circuit):
    hand.give(circuit)
    hand.key(Qt.Key.Key_A, CTRL)
    assert hand.canvas.selection() == tuple(circuit.nodes)
    hand.canvas.select(("z", "q"))
    hand.key(Qt.Key.Key_Delete)
    assert set(hand.graph.nodes) == {"x", "y", "f"}
    assert hand.canvas.selection() == ()
    hand.canvas.select(("x",))
    hand.key(Qt.Key.Key_Backspace)
    assert set(hand.graph.nodes) == {"y", "f"}
    assert hand.steps() == 2


# -- looking --------------------------------------------------------------------------------


def test_the_wheel_zooms_at_the_pointer(hand, circuit):
    hand.give(circuit)
    at = hand.node("f")
    for turn in (120, 120, -120, 240):
        before = hand.canvas.zoom
        hand.wheel(at, turn)
        assert hand.canvas.zoom == pytest.approx(before * 1.0015**turn)
        assert (hand.node("f") - at).manhattanLength() <= 3


def test_zoom_stays_between_ten_and_eight_hundred_percent(hand, circuit):
    hand.give(circuit)
    hand.wheel(NOWHERE, 12_000)
    assert hand.canvas.zoom == pytest.approx(8)
    hand.wheel(NOWHERE, -24_000)
    assert hand.canvas.zoom == pytest.approx(0.1)
    hand.canvas.lens.zoom_reset()
    assert hand.canvas.zoom == pytest.approx(1)


def test_two_fingers_pan(hand, circuit):
    hand.give(circuit)
    at = hand.node("q")
    hand.wheel(at, 0, pixels=QPoint(-30, 50))
    assert hand.node("q") == at + QPointF(-30, 50)
    assert hand.canvas.zoom == pytest.approx(1)


def test_the_middle_button_and_space_pan(hand, circuit):
    hand.give(circuit)
    at = hand.node("q")
    hand.drag(NOWHERE, NOWHERE + QPointF(50, 25), MIDDLE)
    assert hand.node("q") == at + QPointF(50, 25)
    hand.hold(Qt.Key.Key_Space)
    hand.drag(hand.node("q"), at)
    hand.let_go(Qt.Key.Key_Space)
    assert hand.node("q") == at
    assert hand.graph is circuit


def test_escape_takes_a_pan_back(hand, circuit):
    hand.give(circuit)
    at = hand.node("q")
    hand.press(NOWHERE, MIDDLE)
    hand.move(NOWHERE + QPointF(50, 25))
    hand.key(Qt.Key.Key_Escape)
    hand.release(NOWHERE, MIDDLE)
    assert hand.node("q") == at


@pytest.mark.parametrize("key", [Qt.Key.Key_F, Qt.Key.Key_Home])
def test_fit_shows_everything(hand, circuit, key):
    hand.give(circuit.move({"f": (4000, 2000)}))
    hand.canvas.lens.zoom_at(NOWHERE, 3.0)
    hand.key(key)
    seen = hand.canvas.viewport().rect()
    assert all(seen.contains(hand.node(name).toPoint()) for name in circuit.nodes)
    assert hand.canvas.zoom < 1
    hand.canvas.select(("x", "y"))
    hand.canvas.lens.fit_selection()
    assert hand.canvas.zoom == pytest.approx(1)


# -- making and editing ---------------------------------------------------------------------


def test_a_dropped_op_becomes_a_node_at_the_pointer(hand, circuit):
    hand.give(circuit)
    at = QPointF(700, 500)
    hand.drop("tanh", at)
    assert hand.graph.nodes["tanh1"].op == "tanh"
    assert (hand.node("tanh1") - at).manhattanLength() < 1
    assert hand.canvas.selection() == ("tanh1",)
    hand.drop("parameter", QPointF(100, 500))
    assert float(hand.graph.nodes["w1"].value) == 1.0
    assert hand.steps() == 2


def test_the_first_node_stays_where_it_was_dropped(hand):
    at = QPointF(120, 90)
    hand.drop("input", at)
    assert (hand.node("x1") - at).manhattanLength() < 1
    hand.document.undo()
    hand.document.redo()
    assert (hand.node("x1") - at).manhattanLength() < 1


def test_the_first_node_stays_in_a_canvas_that_was_emptied(hand, circuit):
    hand.give(circuit)
    hand.document.new()
    hand.document.settle()
    at = QPointF(120, 90)
    hand.drop("input", at)
    hand.document.settle()
    assert (hand.node("x1") - at).manhattanLength() < 1


def test_a_foreign_drop_is_refused_with_words(hand, circuit):
    hand.give(circuit)
    hand.drop("<b>nothing</b>", QPointF(700, 500))
    assert hand.graph is circuit
    assert "there is no op called" in hand.said[0]


def test_nodes_added_without_a_place_do_not_lie_on_each_other(hand):
    names = [hand.canvas.add_node("exp") for _ in range(4)]
    places = [hand.graph.positions[name] for name in names]
    assert len({(round(x), round(y)) for x, y in places}) == 4


def test_a_double_click_edits_a_number_in_place(hand, circuit):
    hand.give(circuit)
    hand.double_click(hand.node("x") + QPointF(18, 0))
    assert hand.editor().text() == "−2"
    hand.type("−7.5")
    assert float(hand.graph.nodes["x"].value) == -7.5
    assert hand.canvas.edge_text("q", 0) == ("−7.5", "−4")
    assert hand.steps() == 1


def test_nested_lists_make_an_array(hand, circuit):
    hand.give(circuit)
    hand.canvas.overlays.edit_value("x")
    hand.type("[1, 2, 3]")
    assert hand.graph.nodes["x"].value.tolist() == [1, 2, 3]


@pytest.mark.parametrize(
    "text", ["", "two", "[1, [2, 3]]", "inf", "nan", "[1, true", "{}", "1e999"]
)
def test_what_is_no_value_is_refused_and_the_editor_stays(hand, circuit, text):
    hand.give(circuit)
    hand.canvas.overlays.edit_value("x")
    editor = hand.editor()
    editor.selectAll()
    hand.qtbot.keyClick(editor, Qt.Key.Key_Backspace)
    hand.qtbot.keyClicks(editor, text)
    hand.qtbot.keyClick(editor, Qt.Key.Key_Return)
    assert hand.graph is circuit
    assert len(hand.said) == 1
    assert hand.editor() is editor
    hand.qtbot.keyClick(editor, Qt.Key.Key_Escape)
    assert hand.graph is circuit
    QApplication.processEvents()
    assert not [one for one in hand.canvas.findChildren(QLineEdit) if one.isVisible()]


def test_clicking_elsewhere_keeps_what_was_typed(hand, circuit):
    hand.give(circuit)
    hand.canvas.activateWindow()
    hand.canvas.overlays.edit_value("x")
    editor = hand.editor()
    hand.qtbot.waitUntil(editor.hasFocus)
    editor.selectAll()
    hand.qtbot.keyClicks(editor, "11")
    hand.click(NOWHERE)
    hand.qtbot.waitUntil(lambda: float(hand.graph.nodes["x"].value) == 11)


def test_what_is_refused_stays_marked_where_the_focus_has_gone(hand, circuit):
    hand.give(circuit)
    hand.canvas.activateWindow()
    hand.canvas.overlays.edit_value("x")
    editor = hand.editor()
    hand.qtbot.waitUntil(editor.hasFocus)
    editor.selectAll()
    hand.qtbot.keyClicks(editor, "1_000")
    hand.click(NOWHERE)
    hand.qtbot.waitUntil(lambda: bool(hand.said))
    assert hand.said[-1].startswith("“1_000” is no number. An array is typed as")
    assert hand.editor() is editor
    assert editor.text() == "1_000"
    assert editor.property("wrong") is True
    editor.setFocus()
    editor.selectAll()
    hand.qtbot.keyClicks(editor, "1000")
    assert editor.property("wrong") is False
    hand.qtbot.keyClick(editor, Qt.Key.Key_Return)
    assert float(hand.graph.nodes["x"].value) == 1000


def test_after_typing_the_canvas_has_the_keyboard_again(hand, circuit):
    window = QWidget()
    hand.qtbot.addWidget(window)
    column = QVBoxLayout(window)
    column.addWidget(QLineEdit())
    column.addWidget(hand.canvas)
    window.show()
    window.activateWindow()
    hand.give(circuit)
    for end in (Qt.Key.Key_Return, Qt.Key.Key_Escape):
        hand.canvas.overlays.edit_value("x")
        editor = hand.editor()
        hand.qtbot.waitUntil(editor.hasFocus)
        hand.qtbot.keyClicks(editor, "11")
        hand.qtbot.keyClick(editor, end)
        assert hand.canvas.hasFocus()
    hand.canvas.setParent(None)


def test_an_array_asks_for_a_grid(hand, arrays):
    hand.give(arrays)
    with hand.qtbot.waitSignal(hand.canvas.leaf_edit_requested) as asked:
        hand.double_click(hand.node("W") + QPointF(10, 0))
    assert asked.args == ["W"]


def test_f2_and_a_double_click_on_the_name_rename(hand, circuit):
    hand.give(circuit)
    hand.canvas.select(("q",))
    hand.key(Qt.Key.Key_F2)
    hand.type("total")
    assert hand.graph.nodes["f"].inputs == ("total", "z")
    assert hand.canvas.selection() == ("total",)
    hand.double_click(hand.node("x") - QPointF(20, 0))
    assert hand.editor().text() == "x"
    hand.type("y")
    assert hand.said == ["there already is a node called y"]
    hand.type("x0")
    assert "x0" in hand.graph.nodes
    hand.double_click(hand.node("total") + QPointF(0, 34))
    assert hand.editor().text() == "total"


def test_a_double_click_activates_an_op(hand, circuit):
    hand.give(circuit)
    heard = []
    hand.canvas.node_activated.connect(heard.append)
    hand.double_click(hand.node("q"))
    assert heard == ["q"]


def test_duplicate(hand, circuit):
    hand.give(circuit)
    hand.canvas.select(("q", "z"))
    hand.key(Qt.Key.Key_D, CTRL)
    assert len(hand.graph) == 7
    assert hand.steps() == 1


def test_laying_out_is_one_step(hand, circuit):
    hand.give(circuit)
    hand.canvas.tidying.lay_out()
    assert hand.graph.nodes is circuit.nodes
    assert hand.graph.positions != circuit.positions
    hand.document.undo()
    assert hand.graph is circuit


def test_a_move_that_is_refused_leaves_nodes_and_numbers_where_they_were(hand, circuit):
    hand.give(circuit)
    sketch = hand.canvas.picture.sketch
    centres, labels = sketch.centres.copy(), sketch.label_at.copy()

    def refuse(graph):
        raise GraphError("as an exercise may")

    hand.document.allow = refuse
    start = hand.node("q")
    hand.drag(start, start + QPointF(60, 30))
    assert hand.graph is circuit
    assert len(hand.said) == 1
    np.testing.assert_array_equal(sketch.centres, centres)
    np.testing.assert_array_equal(sketch.label_at, labels)
