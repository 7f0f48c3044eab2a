"""A leaf's number dragged with the mouse or turned with the wheel: the whole graph follows."""

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QApplication

from gradstudio.engine.evaluate import evaluate
from gradstudio.graph import Graph
from gradstudio.gui.canvas.scrub import Dial
from gradstudio.numbers import number_text

SHIFT, CTRL = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier
ALT = Qt.KeyboardModifier.AltModifier
NO_KEYS = Qt.KeyboardModifier.NoModifier


def number(hand, name):
    """Where the middle of a leaf's number is seen."""
    canvas = hand.canvas
    node = canvas.picture.sketch.index[name]
    return canvas.lens.seen(canvas.picture.number_rect(node, canvas.zoom).center())


def move(hand, at, keys=NO_KEYS):
    viewport = hand.canvas.viewport()
    event = QMouseEvent(
        QEvent.Type.MouseMove,
        at,
        viewport.mapToGlobal(at),
        Qt.MouseButton.NoButton,
        Qt.MouseButton.LeftButton,
        keys,
    )
    QApplication.sendEvent(viewport, event)


def wheel(hand, at, notches, keys=ALT):
    viewport = hand.canvas.viewport()
    # Qt turns the wheel sideways where Alt is held.
    event = QWheelEvent(
        at,
        viewport.mapToGlobal(at),
        QPoint(),
        QPoint(120 * notches, 0),
        Qt.MouseButton.NoButton,
        keys,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(viewport, event)


def begin(hand, name):
    """Press on the number and go far enough that it is a drag; the number has not changed yet."""
    at = number(hand, name)
    hand.press(at)
    at += QPointF(QApplication.startDragDistance() + 1, 0)
    move(hand, at)
    return at


def assert_painted_is(hand, graph):
    """Every number on the edges is the engine's for `graph`, to the last digit shown."""
    found = evaluate(graph)
    for edge in graph.edges():
        gradient = found.edge_grads.get((edge.target, edge.port))
        assert hand.canvas.edge_text(edge.target, edge.port) == (
            number_text(float(found.values[edge.source])),
            "" if gradient is None else number_text(float(gradient)),
        )


def test_a_dragged_number_takes_the_whole_graph_along(hand, circuit):
    hand.give(circuit)
    at = begin(hand, "y")
    for step in range(1, 21):
        move(hand, at + QPointF(step, 0))
        hand.document.settle()
        shown = hand.document.shown.nodes["y"].value
        assert float(shown) == pytest.approx(5 + 0.01 * step, abs=1e-12)
        assert_painted_is(hand, circuit.set_values({"y": shown}))
    assert hand.graph is circuit
    hand.release(at + QPointF(20, 0))
    assert hand.steps() == 1
    assert float(hand.graph.nodes["y"].value) == 5.2
    assert hand.document.undo_stack.undoText() == "Set y"
    assert_painted_is(hand, hand.graph)
    hand.document.undo()
    hand.document.settle()
    assert hand.graph.nodes["y"].value == 5.0
    assert_painted_is(hand, circuit)


def test_shift_is_fine_and_ctrl_stops_at_round_numbers(hand, circuit):
    hand.give(circuit.set_values({"y": 5.0}))
    at = begin(hand, "y")
    move(hand, at + QPointF(3, 0), SHIFT)
    hand.document.settle()
    assert float(hand.document.shown.nodes["y"].value) == 5.003
    move(hand, at + QPointF(10, 0), CTRL)
    hand.document.settle()
    assert float(hand.document.shown.nodes["y"].value) == 5.7
    hand.release(at + QPointF(10, 0))
    assert hand.steps() == 1


def test_escape_brings_the_number_back(hand, circuit):
    hand.give(circuit)
    at = begin(hand, "z")
    move(hand, at + QPointF(50, 0))
    hand.document.settle()
    assert hand.canvas.edge_text("f", 1)[0] == "−3.5"
    hand.key(Qt.Key.Key_Escape, SHIFT)
    assert hand.canvas.edge_text("f", 1)[0] == "−4"
    hand.release(at)
    assert hand.graph is circuit
    assert hand.steps() == 0
    assert not hand.document.previewing


def test_a_leaf_is_as_wide_as_the_number_in_it(hand, circuit):
    hand.give(circuit)
    sketch = hand.canvas.picture.sketch
    of = sketch.index["y"]
    wide = sketch.half[of, 0]
    at = begin(hand, "y")
    for px in (37, 1011):
        move(hand, at + QPointF(px, 0), SHIFT)
        hand.document.settle()
    wider = hand.canvas.picture.sketch.half[of, 0]
    assert wider > wide
    move(hand, at + QPointF(1, 0), CTRL)
    hand.document.settle()
    # It stands still under the hand.
    assert hand.canvas.picture.sketch.half[of, 0] == wider
    hand.key(Qt.Key.Key_Escape)
    hand.document.settle()
    assert hand.canvas.picture.sketch.half[of, 0] == wide
    hand.canvas.edits.set_value("y", "-1234567.5")
    hand.document.settle()
    assert hand.canvas.picture.sketch.half[of, 0] > wide
    hand.document.undo()
    hand.document.settle()
    assert hand.canvas.picture.sketch.half[of, 0] == wide


def test_a_drag_that_comes_back_changes_nothing(hand, circuit):
    third = circuit.set_values({"x": 1 / 3})
    hand.give(third)
    at = begin(hand, "x")
    move(hand, at + QPointF(30, 0))
    move(hand, at)
    hand.release(at)
    assert hand.graph is third
    assert hand.steps() == 0


def test_a_click_on_the_number_selects_and_a_drag_of_the_name_moves(hand, circuit):
    hand.give(circuit)
    hand.click(number(hand, "x"))
    assert hand.canvas.selection() == ("x",)
    assert hand.steps() == 0
    rect = hand.canvas.picture.sketch.rect(hand.canvas.picture.sketch.index["x"])
    at = hand.canvas.lens.seen(QPointF(rect.left() + 14, rect.center().y()))
    hand.drag(at, at + QPointF(40, 0))
    assert hand.graph.positions["x"] == (40, 0)
    assert hand.graph.nodes["x"] is circuit.nodes["x"]


def test_the_pointer_says_that_a_number_can_be_dragged(hand, circuit, arrays):
    hand.give(circuit)
    hand.move(number(hand, "x"))
    assert hand.canvas.viewport().cursor().shape() == Qt.CursorShape.SizeHorCursor
    hand.move(hand.node("q"))
    assert hand.canvas.viewport().cursor().shape() != Qt.CursorShape.SizeHorCursor
    hand.give(arrays)
    hand.move(number(hand, "W"))
    assert hand.canvas.viewport().cursor().shape() != Qt.CursorShape.SizeHorCursor


def test_an_array_is_moved_and_not_scrubbed(hand, arrays):
    hand.give(arrays)
    at = number(hand, "W")
    hand.drag(at, at + QPointF(40, 0))
    assert hand.graph.nodes["W"] is arrays.nodes["W"]
    assert hand.graph.positions["W"] == (40, 120)


def test_while_training_shows_its_numbers_the_drag_is_kept_all_the_same(hand, circuit):
    hand.give(circuit)
    learned = circuit.set_values({"x": 7.0})
    hand.document.preview(learned)
    hand.document.settle()
    at = begin(hand, "y")
    move(hand, at + QPointF(100, 0))
    hand.document.settle()
    assert hand.document.shown is learned
    hand.canvas.grab()
    hand.release(at + QPointF(100, 0))
    assert float(hand.graph.nodes["y"].value) == 6.0


# -- the wheel ------------------------------------------------------------------------------


def test_the_wheel_with_alt_steps_a_leaf(hand, circuit):
    hand.give(circuit)
    zoom = hand.canvas.zoom
    for _ in range(3):
        wheel(hand, hand.node("y"), 1)
    hand.document.settle()
    assert hand.canvas.edge_text("q", 1)[0] == "5.3"
    wheel(hand, hand.node("y"), -1, ALT | SHIFT)
    hand.document.settle()
    assert hand.canvas.edge_text("q", 1)[0] == "5.29"
    assert hand.graph is circuit
    hand.let_go(Qt.Key.Key_Alt)
    hand.document.settle()
    assert hand.steps() == 1
    assert float(hand.graph.nodes["y"].value) == 5.29
    assert_painted_is(hand, hand.graph)
    assert hand.canvas.zoom == zoom


@pytest.mark.parametrize("how", ["move", "press", "focus", "other leaf"])
def test_what_the_wheel_did_is_kept_however_it_ends(hand, circuit, how):
    hand.give(circuit)
    wheel(hand, hand.node("y"), 2)
    if how == "move":
        move(hand, hand.node("y") + QPointF(2, 0))
    elif how == "press":
        hand.click(QPointF(900, 650))
    elif how == "focus":
        hand.canvas.clearFocus()
    else:
        wheel(hand, hand.node("x"), 1)
        hand.let_go(Qt.Key.Key_Alt)
    assert float(hand.graph.nodes["y"].value) == 5.2
    assert hand.steps() == (2 if how == "other leaf" else 1)


def test_escape_takes_back_what_the_wheel_did(hand, circuit):
    hand.give(circuit)
    wheel(hand, hand.node("y"), 2)
    hand.key(Qt.Key.Key_Escape, ALT)
    assert hand.graph is circuit
    assert hand.canvas.edge_text("q", 1)[0] == "5"


def test_the_wheel_with_alt_elsewhere_zooms_as_ever(hand, circuit):
    hand.give(circuit)
    zoom = hand.canvas.zoom
    wheel(hand, hand.node("q"), 1)
    assert hand.canvas.zoom > zoom
    assert hand.canvas.gesture is None


# -- how far a px goes ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("start", "px", "stands"),
    [
        (2.0, 1, 2.01),
        (2.0, 100, 3.0),
        (-3.0, 100, -2.0),
        (0.0, 5, 0.05),
        (0.0123, 3, 0.0126),
        (250.0, -7, 243.0),
        (1e-7, 2, 1.02e-7),
        (0.5, -60, 0.44),
    ],
)
def test_a_px_changes_the_third_digit(start, px, stands):
    dial = Dial(start)
    assert dial.turn(px) == pytest.approx(stands, rel=1e-9, abs=1e-15)
    assert float(f"{dial.value:.4g}") == dial.value


def test_a_dial_reaches_large_numbers_and_comes_back_exactly():
    start = 0.123456789
    dial = Dial(start)
    for _ in range(2000):
        dial.turn(5)
    assert dial.value > 1e3
    while dial.value > start:
        dial.turn(-1)
    assert dial.value == start


def test_zero_has_no_sign():
    assert str(Dial(1.0).turn(-100)) == "0.0"
    assert number_text(Dial(-0.01).turn(100)) != "−0"


def test_a_leaf_without_a_value_is_not_scrubbed(hand):
    hand.give(Graph().add("x", "input", at=(0, 0)).add("f", "exp", ("x",), at=(150, 0)))
    at = number(hand, "x")
    hand.drag(at, at + QPointF(30, 0))
    assert hand.graph.nodes["x"].value is None
    assert hand.graph.positions["x"] == (30, 0)
