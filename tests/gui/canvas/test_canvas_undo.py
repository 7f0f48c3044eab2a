"""Undo comes back to the picture that was left, and to nothing that is wrong by now."""

import gc
import random
import weakref

import numpy as np
import pytest
from crowding import crowd
from PySide6.QtCore import QPointF

from gradstudio.graph import Graph
from gradstudio.gui.canvas.commands import COMMANDS
from gradstudio.gui.theme import DARK, LIGHT


def seen(hand):
    hand.canvas.select(())
    hand.canvas.picture.marks.hovered = -1
    return hand.grab()


def restyled(hand):
    """What a canvas shows that has forgotten all it has drawn, but not where numbers stood."""
    hand.canvas.set_theme(hand.canvas.theme)
    return seen(hand)


def drawn_anew(hand):
    """What a canvas shows that has forgotten all it has drawn, and where numbers stood."""
    restyled(hand)
    hand.canvas.picture.sketch.label_at[:] = np.nan
    return seen(hand)


def places(hand):
    """Where the numbers stand that have been seen, by edge; infinitely far without room."""
    sketch = hand.canvas.picture.sketch
    at = sketch.label_at.round(3).tolist()
    known = ((edge, at[number]) for edge, number in sketch.edge_index.items())
    return {edge: (x, y) for edge, (x, y) in known if not np.isnan(x)}


def give_crowd(hand, **wanted):
    graph = crowd(**wanted)
    hand.give(graph)
    hand.canvas.lens.zoom_at(QPointF(500, 350), 1 / hand.canvas.zoom)
    seen(hand)
    return graph


def delete(hand, *names):
    hand.canvas.select(names)
    COMMANDS["delete"].give(hand.canvas)
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
    # At another zoom numbers looked for places before their gradients came, and like to stay.
    assert shown == restyled(hand)


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


@pytest.mark.parametrize("seed", range(4))
def test_undo_in_a_crowd_shows_what_was_left_before_its_numbers_come(hand, seed):
    graph = give_crowd(hand, seed=seed, flaws=6)
    whole, there = seen(hand), places(hand)
    badges = dict(hand.canvas.picture.badges)
    assert len(badges) >= 6
    assert sum(np.isinf(at[0]) for at in there.values()) > 3
    draw = random.Random(seed)
    delete(hand, *draw.sample(list(graph.nodes)[8:], 12))
    seen(hand)
    hand.document.undo()
    assert hand.graph is graph
    assert dict(hand.canvas.picture.badges).items() <= badges.items()
    hand.canvas.viewport().repaint()
    hand.document.settle()
    assert hand.canvas.picture.badges == badges
    assert seen(hand) == whole
    assert places(hand) == there


def test_errors_of_the_graph_before_are_not_marked_on_nodes_that_changed(hand, circuit):
    broken = circuit.add("r", "add", ("f", None), at=(520, 150))
    hand.give(broken)
    assert list(hand.canvas.picture.badges.values()) == ["error"]
    hand.document.commit("mend", broken.remove(["r"]).add("r", "tanh", ("f",), at=(520, 150)))
    assert not hand.canvas.picture.badges
    hand.document.settle()
    assert not hand.canvas.picture.badges


def test_undo_of_a_deletion_gives_numbers_back_that_made_way_for_the_selected(hand):
    graph = give_crowd(hand)
    there, sketch = places(hand), hand.canvas.picture.sketch
    hidden = [edge for edge, at in there.items() if np.isinf(at[0])]
    shifted = 0
    for target in sorted({target for target, _ in hidden})[:8]:
        hand.canvas.select((target,))
        shifted += places(hand) != there
        COMMANDS["delete"].give(hand.canvas)
        hand.document.settle()
        seen(hand)
        undo(hand)
        seen(hand)
        assert hand.graph is graph
        assert hand.canvas.picture.sketch is sketch
        assert places(hand) == there
    assert shifted > 2


def test_nothing_of_a_document_stays_after_new(hand, circuit):
    hand.give(circuit)
    hand.canvas.select(("f",))
    hand.canvas.viewport().repaint()
    hand.document.commit("less", circuit.remove(["z"]))
    hand.document.settle()
    sketches = [
        weakref.ref(hand.canvas.picture.sketch),
        weakref.ref(hand.canvas._mirror._left.sketch),
    ]
    gc.disable()
    try:
        hand.document.new()
        hand.document.settle()
        hand.canvas.viewport().repaint()
        assert [sketch() for sketch in sketches] == [None, None]
    finally:
        gc.enable()
