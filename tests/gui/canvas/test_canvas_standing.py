"""Numbers that stand keep their places in other pictures, leave what comes, and take room."""

import numpy as np
import pytest
from crowding import covered, crowd
from PySide6.QtCore import QPointF

from gradstudio.annotations import Annotations, Note
from gradstudio.graph import Graph
from gradstudio.gui.canvas.labels import label_boxes, upon


@pytest.fixture
def crossing() -> Graph:
    """Two long edges that cross nothing, and an end far away."""
    return (
        Graph()
        .add("x", "input", value=1.5, at=(0, 0))
        .add("y", "input", value=2.5, at=(0, 200))
        .add("f", "exp", ("x",), at=(320, 0))
        .add("g", "tanh", ("y",), at=(320, 200))
    )


def give(hand, graph):
    hand.give(graph)
    hand.canvas.lens.zoom_at(QPointF(500, 350), 1 / hand.canvas.zoom)
    hand.grab()


def stands(hand, target):
    sketch = hand.canvas.picture.sketch
    return sketch.label_at[sketch.edge_index[target, 0]]


def hidden(hand):
    hand.grab()
    sketch = hand.canvas.picture.sketch
    return int((np.isinf(sketch.label_at[:, 0]) & ~sketch.silent).sum())


def test_a_number_leaves_where_a_node_is_added(hand, crossing):
    give(hand, crossing)
    at, other = stands(hand, "f").copy(), stands(hand, "g").copy()
    name = hand.canvas.add_node("neg", QPointF(*at.tolist()))
    hand.document.settle()
    assert hand.graph.positions[name] == pytest.approx(at.tolist(), abs=12)
    hand.grab()
    assert not covered(hand.canvas)
    assert np.isfinite(stands(hand, "f")).all()
    assert (stands(hand, "g") == other).all()


def test_a_number_leaves_where_a_leaf_grows(hand, crossing):
    graph = crossing.add("w", "parameter", value=1.0, at=(215, 4))
    give(hand, graph)
    at = stands(hand, "f").copy()
    assert at[0] > 240
    hand.document.commit("value", graph.set_values({"w": -123456.789}))
    hand.document.settle()
    hand.grab()
    sketch = hand.canvas.picture.sketch
    assert sketch.rect(sketch.index["w"]).right() > at[0] - 20
    assert not covered(hand.canvas)


def test_a_number_leaves_where_a_name_grows(hand, crossing):
    graph = crossing.add("h", "neg", ("g",), at=(250, -40))
    give(hand, graph)
    hand.document.commit("rename", graph.rename("h", "a_name_that_is_rather_long"))
    hand.document.settle()
    hand.grab()
    assert not covered(hand.canvas)


@pytest.mark.parametrize("moved", [False, True])
def test_a_number_comes_back_when_the_note_upon_it_goes(hand, crossing, moved):
    def with_note(rect):
        return crossing.annotate(Annotations(notes={"n": Note("Hush", rect)}))

    give(hand, with_note((20, -60, 280, 120)))
    assert np.isinf(stands(hand, "f")).all()
    after = with_note((20, 300, 280, 120)) if moved else crossing
    hand.document.commit("note", after)
    hand.document.settle()
    hand.grab()
    assert np.isfinite(stands(hand, "f")).all()


@pytest.mark.parametrize("value", [1234.56, 0.00123])
def test_numbers_take_the_room_that_shorter_ones_leave(hand, value):
    graph = crowd(60)
    leaves = [name for name, node in graph.nodes.items() if node.is_leaf]
    long = graph.set_values({name: value + 0.01 * at for at, name in enumerate(leaves)})
    give(hand, long)
    before, sketch = hidden(hand), hand.canvas.picture.sketch
    there, start = sketch.label_at.copy(), sketch.start.copy()
    hand.document.commit("values", long.set_values(dict.fromkeys(leaves, 1.0)))
    hand.document.settle()
    now = hidden(hand)
    assert not covered(hand.canvas)
    # None is moved that stands at a curve which lies as it lay.
    stood = np.isfinite(there[:, 0]) & (sketch.start == start).all(axis=1)
    assert stood.sum() > 30
    assert (sketch.label_at[stood] == there[stood]).all()
    hand.canvas.picture.sketch.label_at[:] = np.nan
    anew = hidden(hand)
    assert before - now > (before - anew) / 2


@pytest.mark.parametrize("seed", range(3))
def test_labels_upon_rectangles_are_those_of_a_plain_comparison(hand, seed):
    give(hand, crowd(seed=seed))
    sketch, rng = hand.canvas.picture.sketch, np.random.default_rng(seed)
    low = rng.uniform((-100, -100), (1500, 500), (40, 2))
    rects = np.concatenate([low, low + rng.uniform(2, 120, (40, 2))], axis=1)
    placed = np.flatnonzero(np.isfinite(sketch.label_at[:, 0]))
    wanted = [
        edge
        for edge, boxes in zip(placed.tolist(), label_boxes(sketch, placed), strict=True)
        for box in boxes[: 1 + sketch.label_both[edge]]
        if ((rects[:, :2] < box[2:]) & (rects[:, 2:] > box[:2])).all(axis=1).any()
    ]
    assert len(wanted) > 10
    assert upon(sketch, rects).tolist() == sorted(set(wanted))
    assert not len(upon(sketch, rects[:0]))
