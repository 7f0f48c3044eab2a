"""Changed numbers are lit for a moment, and only those; not where motion is to be reduced."""

import pytest
from PySide6.QtCore import QPoint, QSettings, Qt
from PySide6.QtGui import QColor

from gradstudio.gui import motion
from gradstudio.gui.canvas.flash import FADE_MS


@pytest.fixture(autouse=True)
def moving():
    motion.set_reduced(False)
    yield
    QSettings().remove("reduce_motion")


def lit(hand):
    sketch = hand.canvas.picture.sketch
    return {
        (sketch.edges[edge].source, sketch.edges[edge].target, ("value", "gradient")[part])
        for edge, part in hand.canvas.picture.lit
    }


def set_x(hand, value):
    hand.document.commit("set", hand.graph.set_values({"x": value}))
    hand.document.settle()


def test_what_a_change_has_reached_is_lit_and_fades(hand, circuit, qtbot):
    hand.give(circuit)
    hand.canvas.viewport().repaint()
    assert not hand.canvas.flash.fading
    set_x(hand, -3.0)
    # q = x + y and the gradient of z follow; y is what it was, and so are the gradients of q.
    assert lit(hand) == {
        ("x", "q", "value"),
        ("q", "f", "value"),
        ("z", "f", "gradient"),
    }
    sketch = hand.canvas.picture.sketch
    at = sketch.label_at[sketch.edge_index["f", 0]]
    there = hand.canvas.mapFromScene(*at.tolist()) - QPoint(7, 10)

    def blue():
        colour = QColor(hand.canvas.grab().toImage().pixelColor(there))
        return colour.blue() - colour.red()

    first = blue()
    qtbot.waitUntil(lambda: not hand.canvas.flash.fading, timeout=round(20 * FADE_MS))
    assert lit(hand) == set()
    assert blue() < first


def test_reduced_motion_lights_nothing(hand, circuit):
    motion.set_reduced(True)
    hand.give(circuit)
    hand.canvas.viewport().repaint()
    set_x(hand, -3.0)
    assert lit(hand) == set()
    assert not hand.canvas.flash.fading


def test_training_and_playback_light_nothing(hand, circuit):
    hand.give(circuit)
    hand.canvas.viewport().repaint()
    hand.document.preview(circuit.set_values({"x": 9.0}))
    hand.document.settle()
    assert not hand.canvas.flash.fading
    hand.playback.first()
    hand.playback.forward()
    assert not hand.canvas.flash.fading


def test_a_new_document_or_a_moved_node_lights_nothing(hand, circuit):
    hand.give(circuit)
    hand.canvas.viewport().repaint()
    hand.document.commit("move", circuit.move({"x": (0, -40)}))
    hand.document.settle()
    assert not hand.canvas.flash.fading
    hand.document.new()
    hand.document.settle()
    assert not hand.canvas.flash.fading


def test_a_number_that_looks_the_same_is_not_lit(hand, circuit):
    hand.give(circuit)
    hand.canvas.viewport().repaint()
    set_x(hand, -2.0 + 1e-9)
    assert lit(hand) == set()


def test_the_numbers_a_scrub_changes_are_lit(hand, circuit):
    hand.give(circuit)
    hand.canvas.viewport().repaint()
    node = hand.canvas.picture.sketch.index["x"]
    rect = hand.canvas.picture.number_rect(node, hand.canvas.zoom)
    at = hand.canvas.lens.seen(rect.center())
    hand.press(at)
    for step in (20, 60):
        hand.qtbot.mouseMove(hand.canvas.viewport(), (at + QPoint(step, 0).toPointF()).toPoint())
    hand.document.settle()
    assert ("x", "q", "value") in lit(hand)
    hand.key(Qt.Key.Key_Escape)
    hand.release(at)
    assert hand.canvas.trial is None
    hand.canvas.flash.end()
