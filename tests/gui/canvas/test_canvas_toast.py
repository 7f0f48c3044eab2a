"""What the canvas says where something is not done: readable, beside the place, gone by itself."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAccessible

from gradstudio.gui import motion
from gradstudio.gui.canvas import toast as module


@pytest.fixture
def spoken(monkeypatch):
    """What a screen reader would have been told."""
    heard = []
    monkeypatch.setattr(QAccessible, "isActive", lambda: True)
    monkeypatch.setattr(
        QAccessible, "updateAccessibility", lambda event: heard.append(event.type())
    )
    return heard


def test_a_refused_link_says_why_beside_the_pointer(hand, circuit, spoken):
    hand.give(circuit)
    hand.drag(hand.canvas.output_position("f"), hand.node("q"))
    assert hand.graph is circuit
    toast = hand.canvas.toast
    assert toast.isVisible()
    assert "cycle" in toast.text
    assert toast.font().pointSizeF() > 1.2 * hand.canvas.font().pointSizeF()
    at = hand.node("q").toPoint()
    assert not toast.geometry().contains(at)
    assert (toast.geometry().center() - at).manhattanLength() < 400
    assert hand.canvas.viewport().rect().contains(toast.geometry())
    assert QAccessible.Event.Announcement in spoken


def test_a_toast_covers_none_of_the_nodes_where_there_is_room(hand, circuit):
    hand.give(circuit)
    hand.canvas.select(("f",))
    hand.canvas.refuse("f has no free port")
    box = hand.canvas.mapToScene(hand.canvas.toast.geometry()).boundingRect()
    assert not len(hand.canvas.picture.sketch.nodes_in(box))


def test_keys_are_answered_at_the_node_they_are_at(hand, circuit):
    hand.give(circuit)
    hand.move(QPoint(5, 5).toPointF())
    hand.canvas.select(("x",))
    hand.key(Qt.Key.Key_Right)
    hand.canvas.refuse("no")
    near = hand.canvas.toast.geometry().center() - hand.node(hand.canvas.caret.name).toPoint()
    assert near.manhattanLength() < 250


def test_it_goes_with_the_next_edit_and_lets_the_mouse_through(hand, circuit):
    hand.give(circuit)
    hand.canvas.refuse("no")
    at = hand.canvas.toast.geometry().center().toPointF()
    hand.click(at)
    assert hand.canvas.toast.isVisible()
    hand.canvas.edits.set_value("x", "3")
    assert not hand.canvas.toast.isVisible()
    assert hand.graph.nodes["x"].value == 3


def test_it_stays_in_sight_while_the_canvas_is_moved_and_made_smaller(hand, circuit):
    hand.give(circuit)
    hand.canvas.refuse("f has no free port")
    for by in (QPoint(0, 300), QPoint(-700, 0), QPoint(300, -900)):
        hand.canvas.lens.pan(by)
        assert hand.canvas.viewport().rect().contains(hand.canvas.toast.geometry())
    hand.canvas.resize(300, 200)
    assert hand.canvas.toast.isVisible()
    assert hand.canvas.viewport().rect().contains(hand.canvas.toast.geometry())


@pytest.mark.parametrize("text", ["one word and another " * 120, "層" * 3000, "a" * 3000])
def test_what_has_no_room_is_cut(hand, circuit, spoken, text):
    hand.give(circuit)
    hand.canvas.refuse(text)
    toast = hand.canvas.toast
    assert toast.text == text
    assert toast.height() < 0.7 * hand.canvas.viewport().height()
    assert hand.canvas.viewport().rect().contains(toast.geometry())
    toast.grab()
    hand.canvas.resize(60, 50)
    assert hand.canvas.viewport().rect().contains(toast.geometry())
    toast.grab()


def test_a_font_given_in_px_is_larger_too(hand, circuit):
    hand.give(circuit)
    font = hand.canvas.font()
    font.setPixelSize(20)
    hand.canvas.setFont(font)
    hand.canvas.refuse("no")
    assert hand.canvas.toast.font().pixelSize() == 25


@pytest.mark.parametrize("still", [False, True])
def test_it_fades_after_a_while(hand, circuit, monkeypatch, still):
    monkeypatch.setattr(motion, "is_reduced", lambda: still)
    for name in ("LEAST_MS", "LETTER_MS", "FADE_MS"):
        monkeypatch.setattr(module, name, 1)
    hand.give(circuit)
    hand.canvas.refuse("no")
    assert hand.canvas.toast.isVisible()
    hand.qtbot.waitUntil(lambda: not hand.canvas.toast.isVisible())
