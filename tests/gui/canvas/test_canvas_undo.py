"""Undo comes back to the picture that was left, and to nothing that is wrong by now."""

import gc
import weakref

import pytest
from PySide6.QtCore import QPointF

from gradstudio.graph import Graph
from gradstudio.gui.theme import DARK, LIGHT


def seen(hand):
    hand.canvas.select(())
    hand.canvas.picture.marks.hovered = -1
    return hand.grab()


def drawn_anew(hand):
    """What a canvas shows that has forgotten all it has drawn."""
    hand.canvas.set_theme(hand.canvas.theme)
    return seen(hand)


def delete(hand, *names):
    hand.canvas.select(names)
    hand.canvas.chosen.delete()
    hand.document.settle()


def undo(hand):
    hand.document.undo()
    hand.document.settle()


def test_undo_shows_what_was_left_and_redo_what_that_has_left(hand, circuit):
    hand.give(circuit)
    whole, sketch = seen(hand), hand.canvas.picture.sketch
    delete(hand, "q", "z")
    fewer, other = seen(hand), hand.canvas.picture.sketch
    assert fewer != whole
    for _ in range(2):
        undo(hand)
        assert hand.graph is circuit
        assert hand.canvas.picture.sketch is sketch
        assert seen(hand) == whole
        hand.document.redo()
        hand.document.settle()
        assert hand.canvas.picture.sketch is other
        assert seen(hand) == fewer
    undo(hand)
    assert drawn_anew(hand) == whole


@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_undo_after_other_colours_and_another_zoom(hand, circuit, theme):
    hand.give(circuit)
    seen(hand)
    delete(hand, "z")
    hand.canvas.set_theme(theme)
    hand.canvas.lens.zoom_at(hand.node("x"), 0.55)
    seen(hand)
    undo(hand)
    shown = seen(hand)
    assert shown == drawn_anew(hand)


def test_undo_shows_the_numbers_of_the_graph_it_comes_to(hand, circuit):
    hand.give(circuit)
    hand.document.commit("value", circuit.set_values({"x": 123456.789, "y": -0.001234}))
    hand.document.settle()
    seen(hand)
    delete(hand, "q")
    undo(hand)
    first = seen(hand)
    assert hand.canvas.edge_text("q", 0)[0] == "123457"
    assert first == drawn_anew(hand)
    undo(hand)
    assert hand.graph is circuit
    # Leaves stay as wide as they were.
    assert hand.canvas.edge_text("q", 0)[0] == "−2"
    assert hand.canvas.picture.sketch.faces[0].value == "−2"


def test_undo_of_what_a_gesture_has_moved_and_put_into_a_link(hand):
    graph = (
        Graph()
        .add("x", "input", value=1.5, at=(0, 0))
        .add("f", "exp", ("x",), at=(300, 0))
        .add("n", "neg", at=(150, 150))
    )
    hand.give(graph)
    before = seen(hand)
    middle = (hand.node("x") + hand.node("f")) / 2
    hand.drag(hand.node("n"), middle + QPointF(4, 0))
    assert hand.graph.nodes["f"].inputs == ("n",)
    undo(hand)
    assert hand.graph is graph
    assert seen(hand) == before
    assert before == drawn_anew(hand)


def test_no_more_than_one_picture_is_kept(hand, circuit):
    hand.give(circuit)
    hand.canvas.viewport().repaint()
    first = weakref.ref(hand.canvas.picture.sketch)
    gc.disable()
    try:
        for name in ("z", "q", "y"):
            delete(hand, name)
            hand.canvas.viewport().repaint()
        assert first() is None
    finally:
        gc.enable()


def test_undo_knows_pins_and_the_output(hand, circuit):
    hand.give(circuit)
    hand.click(hand.canvas.lens.seen(QPointF(*hand.canvas.picture.sketch.label_at[0].tolist())))
    assert hand.canvas.picture.sketch.pins
    pinned = seen(hand)
    delete(hand, "z")
    undo(hand)
    assert seen(hand) == pinned
    assert hand.canvas.picture.sketch.pins
    undo(hand)
    assert not hand.canvas.picture.sketch.pins
    assert seen(hand) == drawn_anew(hand)
