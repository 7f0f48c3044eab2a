"""Laying out, lining up and spacing out on the canvas, and nodes on their way to their places."""

import numpy as np
import pytest
from PySide6.QtCore import QPointF
from PySide6.QtWidgets import QApplication, QStyle

from gradstudio.annotations import Annotations, Frame
from gradstudio.graph import Graph, Node
from gradstudio.gui.canvas.commands import COMMANDS
from gradstudio.gui.canvas.glide import MOST_NODES
from gradstudio.gui.canvas.layout import arrange


def do(hand, name):
    COMMANDS[name].give(hand.canvas)
    hand.document.settle()


def shown(hand):
    sketch = hand.canvas.picture.sketch
    return {name: tuple(sketch.centres[at]) for name, at in sketch.index.items()}


def test_laying_out_glides_there_and_is_one_step(hand, circuit, qtbot):
    hand.give(circuit)
    do(hand, "arrange")
    assert hand.steps() == 1
    assert hand.graph.nodes is circuit.nodes
    assert hand.canvas.glide.running
    assert shown(hand) != hand.graph.positions
    qtbot.waitUntil(lambda: not hand.canvas.glide.running)
    assert shown(hand) == hand.graph.positions
    assert hand.canvas.edge_text("f", 1) == ("−4", "3")
    hand.document.undo()
    assert hand.graph is circuit
    assert shown(hand) == circuit.positions


@pytest.fixture
def folded(circuit):
    """The circuit with x, y and q in a folded frame, all where laying out puts them."""
    frames = Annotations({"a": Frame("A", nodes=("x", "y", "q"), folded=True)})
    return circuit.move(arrange(circuit)).annotate(frames)


def test_laying_out_leaves_what_is_in_a_folded_frame_as_it_would_lie_without_it(hand, folded):
    hand.give(folded.move({"f": (900, 400), "z": (0, 700)}))
    do(hand, "arrange")
    assert hand.graph.positions == folded.positions
    do(hand, "arrange")
    assert hand.graph.positions == folded.positions
    assert hand.steps() == 1


def test_laying_out_a_selection_with_a_folded_frame_does_not_stretch_it(hand, folded):
    hand.give(folded)
    hand.canvas.select_all()
    do(hand, "arrange_selection")
    do(hand, "arrange_selection")
    for name in folded.nodes:
        off = np.subtract(folded.positions[name], folded.positions["q"])
        now = np.subtract(hand.graph.positions[name], hand.graph.positions["q"])
        assert now == pytest.approx(off, abs=0.1)


def test_inside_a_frame_only_that_is_laid_out(hand, folded):
    start = folded.move({"x": (900, 0), "f": (5, 5), "z": (40, 50)})
    hand.give(start)
    hand.canvas.levels.go_into("a")
    do(hand, "arrange")
    at = hand.graph.positions
    assert (at["f"], at["z"]) == ((5, 5), (40, 50))
    wanted = arrange(folded.subgraph(("x", "y", "q")))
    for one in ("x", "y"):
        off = np.subtract(wanted[one], wanted["q"])
        assert np.subtract(at[one], at["q"]) == pytest.approx(off, abs=0.1)


def test_what_has_not_been_seen_yet_can_be_laid_out(hand, circuit, qtbot):
    far = {name: (9000.0 * at, 4000.0 * at) for at, name in enumerate(circuit.nodes)}
    hand.give(circuit.move(far))
    hand.canvas.lens.fit()
    QApplication.processEvents()
    assert np.isnan(hand.canvas.picture.sketch.label_at).all()
    do(hand, "arrange")
    qtbot.waitUntil(lambda: not hand.canvas.glide.running)
    QApplication.processEvents()
    assert (hand.canvas.picture.sketch.label_digits > 0).all()


def test_an_edit_while_nodes_glide_is_safe(hand, circuit):
    hand.give(circuit)
    do(hand, "arrange")
    assert hand.canvas.glide.running
    hand.document.commit("elsewhere", hand.graph.remove(["y"]))
    hand.document.settle()
    assert not hand.canvas.glide.running
    assert shown(hand) == hand.graph.positions
    hand.document.undo()
    hand.document.undo()
    assert hand.graph is circuit
    assert shown(hand) == circuit.positions


def test_frames_go_along(hand, circuit, qtbot):
    frames = Annotations({"a": Frame("A", nodes=("x", "y", "q"))})
    hand.give(circuit.annotate(frames))
    do(hand, "arrange")
    qtbot.waitUntil(lambda: not hand.canvas.glide.running)
    sketch = hand.canvas.picture.sketch
    outline = hand.canvas.boards.frames["a"].rect
    assert all(outline.contains(sketch.rect(sketch.index[name])) for name in ("x", "y", "q"))
    wide = max(sketch.rect(sketch.index[name]).right() for name in ("x", "y", "q"))
    assert outline.right() - wide < 60


def test_a_press_while_nodes_glide_takes_them_from_their_places(hand, circuit):
    hand.give(circuit)
    do(hand, "arrange")
    goal = dict(hand.graph.positions)
    assert hand.canvas.glide.running
    at = hand.canvas.lens.seen(QPointF(*goal["q"]))
    hand.drag(at, at + QPointF(37, 66))
    zoom = hand.canvas.zoom
    moved = np.subtract(hand.graph.positions["q"], goal["q"])
    assert moved == pytest.approx((37 / zoom, 66 / zoom), abs=1.5)
    assert {one: at for one, at in hand.graph.positions.items() if one != "q"} == {
        one: at for one, at in goal.items() if one != "q"
    }


def test_nothing_glides_where_the_system_asks_for_calm(hand, circuit, monkeypatch):
    hand.give(circuit)
    asked = hand.canvas.style().styleHint

    class Calm:
        def styleHint(self, hint, *rest):
            wanted = QStyle.StyleHint.SH_Widget_Animation_Duration
            return 0 if hint == wanted else asked(hint, *rest)

    monkeypatch.setattr(hand.canvas, "style", Calm)
    do(hand, "arrange")
    assert not hand.canvas.glide.running
    assert shown(hand) == hand.graph.positions != circuit.positions


def test_a_large_graph_is_in_its_places_at_once(hand):
    nodes = {"n0": Node("input", value=np.float64(1))}
    for at in range(1, MOST_NODES + 2):
        nodes[f"n{at}"] = Node("neg", (f"n{at - 1}",))
    places = {name: (7.0 * at, 3.0 * at) for at, name in enumerate(nodes)}
    hand.give(Graph.build(nodes, positions=places))
    do(hand, "arrange")
    assert not hand.canvas.glide.running
    assert shown(hand) == hand.graph.positions
    assert hand.steps() == 1


def test_laying_out_again_changes_nothing(hand, circuit):
    hand.give(circuit)
    do(hand, "arrange")
    do(hand, "arrange")
    assert hand.steps() == 1


def test_the_selection_is_laid_out_where_it_is(hand, circuit):
    # The others stand far away.
    far = {"z": (0.0, 900.0), "f": (900.0, 900.0)}
    hand.give(circuit.move({**far, "x": (5, 70), "y": (150, 0), "q": (20, 20)}))
    before = hand.graph.positions
    chosen = ("x", "y", "q")
    hand.canvas.select(chosen)
    do(hand, "arrange_selection")
    after = hand.graph.positions
    assert hand.steps() == 1
    assert after["x"][0] == after["y"][0] < after["q"][0]
    assert after["x"][1] < after["q"][1] < after["y"][1]
    assert [after[one] for one in far] == [before[one] for one in far]
    for axis in (0, 1):
        middle = np.mean([after[name][axis] for name in chosen])
        assert middle == pytest.approx(np.mean([before[name][axis] for name in chosen]), abs=0.02)


def test_the_selection_is_laid_out_beside_what_stands_there(hand, circuit):
    hand.give(circuit.move({"x": (40, 40), "y": (60, 60), "q": (80, 80), "z": (60, 70)}))
    hand.canvas.select(("x", "y", "q"))
    do(hand, "arrange_selection")
    sketch = hand.canvas.picture.sketch
    z = sketch.index["z"]
    for name in ("x", "y", "q"):
        at = sketch.index[name]
        apart = np.abs(np.subtract(hand.graph.positions[name], hand.graph.positions["z"]))
        assert (apart >= sketch.half[at] + sketch.half[z]).any()


@pytest.mark.parametrize("command", ["arrange_selection", "align_left", "distribute_down"])
def test_too_few_nodes_are_refused_with_words(hand, circuit, command):
    hand.give(circuit)
    hand.canvas.select(("x",))
    do(hand, command)
    assert hand.graph is circuit
    assert len(hand.said) == 1
    assert hand.said[0].startswith("Select ")


def test_nodes_are_aligned_by_their_left_sides(hand, circuit):
    hand.give(circuit.move({"y": (25, 120)}))
    hand.canvas.select(("x", "y", "z", "q"))
    do(hand, "align_left")
    sketch = hand.canvas.picture.sketch
    hand.canvas.glide.finish()
    lefts = [sketch.rect(sketch.index[name]).left() for name in ("x", "y", "z", "q")]
    assert lefts == pytest.approx([lefts[0]] * 4)
    assert hand.graph.positions["f"] == (360, 150)
    assert hand.steps() == 1
    hand.document.undo()
    assert hand.graph.positions["y"] == (25, 120)


def test_nodes_are_spaced_out_downwards(hand, circuit):
    hand.give(circuit.move({"y": (0, 50)}))
    hand.canvas.select(("x", "y", "z"))
    do(hand, "distribute_down")
    assert hand.graph.positions["y"] == (0, 120)
    assert hand.steps() == 1


def test_nodes_that_stand_in_line_are_no_step(hand, circuit):
    hand.give(circuit)
    hand.canvas.select(("x", "y", "z"))
    do(hand, "align_centre")
    do(hand, "distribute_down")
    assert hand.steps() == 0


def test_what_hangs_together_is_selected(hand, circuit):
    hand.give(circuit)
    hand.canvas.select(("q",))
    do(hand, "select_upstream")
    assert hand.canvas.selection() == ("x", "y", "q")
    hand.canvas.select(("y",))
    do(hand, "select_downstream")
    assert hand.canvas.selection() == ("y", "q", "f")
    hand.canvas.select(("f", "x"))
    do(hand, "select_between")
    assert hand.canvas.selection() == ("x", "q", "f")
    hand.canvas.select(("x", "z"))
    do(hand, "select_between")
    assert hand.canvas.selection() == ("x", "z")
    assert hand.said == ["No path leads from one of the selected nodes to another"]


def test_no_step_is_lost_when_a_gesture_is_under_way(hand, circuit):
    hand.give(circuit)
    at = hand.node("q")
    hand.press(at)
    hand.move(at + QPointF(60, 60))
    do(hand, "arrange")
    hand.release(at + QPointF(60, 60))
    assert hand.steps() == 1
    hand.canvas.glide.finish()
    assert shown(hand) == hand.graph.positions
