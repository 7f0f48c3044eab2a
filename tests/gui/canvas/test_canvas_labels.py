"""No number covers another, a node or its texts, on any graph at any zoom; and what is left out."""

import math
import random

import numpy as np
import pytest
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QImage, QPainter
from repainting import is_stale

from gradstudio import resources, storage
from gradstudio.annotations import Annotations, Frame, Note
from gradstudio.graph import Graph, Node
from gradstudio.gui.canvas.importance import steps_to_output
from gradstudio.gui.canvas.labels import SEARCH_PX, _Choice, label_boxes
from gradstudio.gui.canvas.legibility import TEXT_SCALE, digits_at, text_scale
from gradstudio.numbers import number_text

EXAMPLES = sorted(path.stem for path in resources.path("examples").glob("*.gradstudio"))
LAYERED = ["layered30-1", "layered30-2", "layered30-3", "layered90-1", "layered400-4"]
ZOOMS = (2.0, 1.0, 0.6, 0.4)


def layered(count, seed):
    """A random layered graph, dense, with numbers of every length."""
    draw = random.Random(seed)
    nodes = {}
    reach = count**0.5
    for at in range(count):
        name = f"n{at}"
        before = [f"n{max(0, at - 1 - int(draw.expovariate(1 / reach)))}" for _ in range(2)]
        if at < 5 or draw.random() < 0.15:
            value = draw.choice([-1, 1]) * 10 ** draw.uniform(-5, 3)
            nodes[name] = Node(draw.choice(["input", "parameter"]), value=np.float64(value))
        elif draw.random() < 0.3:
            nodes[name] = Node(draw.choice(["tanh", "sin", "sigmoid"]), (before[0],))
        else:
            nodes[name] = Node(draw.choice(["add", "max", "sub", "mul"]), tuple(before))
    nodes["f"] = Node("add", (f"n{count - 1}", f"n{count - 2}"))
    return Graph.build(nodes, output="f")


def graph_of(name):
    if name in EXAMPLES:
        return storage.load(resources.path("examples") / f"{name}.gradstudio")
    count, seed = name.removeprefix("layered").split("-")
    return layered(int(count), int(seed))


class Ink:
    """What is written on the canvas now: labels by edge, other texts, all as it is painted."""

    def __init__(self, canvas):
        self.canvas, self.sketch = canvas, canvas.picture.sketch
        image = QImage(8, 8, QImage.Format.Format_ARGB32)
        boxes = []

        class Recorder(QPainter):
            def drawText(self, at, text):
                box = QFontMetricsF(self.font()).tightBoundingRect(text).translated(at)
                boxes.append((text, box))

            def drawImage(self, rect, image):
                boxes.append(("heat", QRectF(rect)))

        picture, scale = canvas.picture, canvas.zoom
        seen = canvas.viewportTransform().inverted()[0].mapRect(QRectF(canvas.viewport().rect()))
        edges = self.sketch.edges_in(seen)
        painter = Recorder(image)
        picture.paint_labels(painter, edges, scale, seen)
        self.labels = []
        for edge in edges.tolist():
            boxes.clear()
            picture.paint_labels(painter, np.array([edge]), scale, seen)
            self.labels += [(edge, text, box) for text, box in boxes]
        boxes.clear()
        self.others = []
        for node in self.sketch.nodes_in(seen).tolist():
            boxes.clear()
            picture.paint_nodes(painter, np.array([node]), scale)
            self.others += [(node, text, box) for text, box in boxes]
        painter.end()
        self.edges, self.seen = edges, seen

    def covered_nodes(self, box):
        found = []
        for node in self.sketch.nodes_in(box).tolist():
            rect = self.sketch.rect(node)
            if not rect.intersects(box):
                continue
            if self.sketch.faces[node].circle:
                middle = rect.center()
                x = max(box.left() - middle.x(), middle.x() - box.right(), 0)
                y = max(box.top() - middle.y(), middle.y() - box.bottom(), 0)
                if math.hypot(x, y) >= rect.width() / 2:
                    continue
            found.append(node)
        return found


def as_array(boxes):
    return np.array([[b.left(), b.top(), b.right(), b.bottom()] for b in boxes]).reshape(-1, 4)


def overlaps(one, other):
    """Return of boxes (n, 4) and (m, 4) which cover each other."""
    return (
        (one[:, None, 0] < other[None, :, 2])
        & (one[:, None, 2] > other[None, :, 0])
        & (one[:, None, 1] < other[None, :, 3])
        & (one[:, None, 3] > other[None, :, 1])
    )


def show(hand, name, zoom):
    hand.canvas.resize(1200, 800)
    if hand.graph.nodes.keys() != graph_of(name).nodes.keys():
        hand.give(graph_of(name))
    hand.canvas.lens.zoom_at(QPointF(600, 400), zoom / hand.canvas.zoom)
    assert hand.canvas.zoom == pytest.approx(zoom)
    return Ink(hand.canvas)


@pytest.mark.parametrize("name", EXAMPLES + LAYERED)
def test_no_number_covers_anything(hand, name):
    for zoom in ZOOMS:
        assert_nothing_covered(show(hand, name, zoom))


def assert_nothing_covered(ink):
    boxes = as_array([box for _, _, box in ink.labels])
    clash = overlaps(boxes, boxes)
    np.fill_diagonal(clash, val=False)
    assert not clash.any(), [(ink.labels[a][:2], ink.labels[b][:2]) for a, b in np.argwhere(clash)]
    for edge, text, box in ink.labels:
        assert not ink.covered_nodes(box), (ink.sketch.edges[edge], text)
    # Names below nodes, results, and what stands in the nodes.
    others = as_array([box for _, _, box in ink.others])
    upon = overlaps(boxes, others)
    assert not upon.any(), [(ink.labels[a][:2], ink.others[b][:2]) for a, b in np.argwhere(upon)]
    output = ink.sketch.output
    for node, text, box in ink.others:
        if not ink.sketch.rect(node).intersects(box) and node != output:
            assert not ink.covered_nodes(box), (ink.sketch.names[node], text)


def curves(ink, edges):
    """Return fine points of the curves of `edges`, and whose each is."""
    points = ink.sketch.along(edges, np.linspace(0, 1, 600))
    return points.reshape(-1, 2), np.repeat(edges, points.shape[1])


def crossed(points, owner, edge, boxes):
    """Return which of `boxes` a curve of another edge than `edge` runs through."""
    mine = owner == edge
    x, y = points[~mine].T
    return np.array(
        [
            ((x > left) & (x < right) & (y > top) & (y < bottom)).any()
            for left, top, right, bottom in boxes
        ]
    )


@pytest.mark.parametrize("name", [*EXAMPLES, *LAYERED[:4]])
def test_no_number_covers_a_foreign_edge_where_its_own_has_a_free_place(hand, name):
    for zoom in (1.0, 0.6):
        needless, count = needlessly_crossed(show(hand, name, zoom))
        # Places are tried in steps: 8 of 560 labels of these graphs could have done better.
        assert len(needless) <= (0 if name in EXAMPLES else max(3, 0.03 * count)), needless


def needlessly_crossed(ink):
    """Return the labels that cover a foreign edge though there is a free place, of how many."""
    points, owner = curves(ink, ink.edges)
    texts = {}
    for edge, _, box in ink.labels:
        texts.setdefault(edge, []).append(box)
    obstacles = as_array(
        [box for _, _, box in ink.others]
        + [ink.sketch.rect(node) for node in ink.sketch.nodes_in(ink.seen).tolist()]
    )
    needless = []
    for edge, boxes in texts.items():
        if not crossed(points, owner, edge, as_array(boxes)).any():
            continue
        # Somewhere else on its own curve, as near the port as places are tried.
        others = as_array([box for e, _, box in ink.labels if e != edge])
        taken = np.concatenate([others, obstacles])
        whole = boxes[0]
        for box in boxes[1:]:
            whole = whole.united(box)
        along = ink.sketch.along(np.array([edge]), np.linspace(0.2, 0.9, 25))[0]
        near = np.hypot(*(along - ink.sketch.end[edge]).T) < SEARCH_PX
        room = QRectF(0, 0, whole.width() + 12, whole.height() + 12)
        for x, y in along[near].tolist():
            room.moveCenter(QPointF(x, y))
            tried = as_array([room])
            if not overlaps(tried, taken).any() and not crossed(points, owner, edge, tried).any():
                needless.append(edge)
                break
    return [ink.sketch.edges[edge] for edge in needless], len(texts)


# -- what is left out -----------------------------------------------------------------------


def test_where_there_is_no_room_what_is_nearer_the_output_stays(hand):
    ink = show(hand, "layered400-4", 0.5)
    shown = {edge for edge, _, _ in ink.labels}
    hidden = {edge for edge in ink.edges.tolist() if math.isinf(ink.sketch.label_at[edge, 0])}
    assert hidden
    assert len(shown) > len(hidden) / 2
    rank = hand.canvas.picture._rank(np.arange(len(ink.sketch.edges)))
    placed = np.flatnonzero(np.isfinite(ink.sketch.label_at[:, 0]))
    both = label_boxes(ink.sketch, placed)
    wrong = []
    for edge in hidden:
        # Every place it might have taken is taken by something more important.
        one = np.array([edge])
        value, gradient = hand.canvas.picture.edge_figures(edge)
        half = np.array([hand.canvas.picture._label_half(value, gradient, 2)])
        choice = _Choice(ink.sketch, one, half, ink.sketch.label_both[one], 2, stay=False)
        for at in choice._order[0, : choice._count[0]].tolist():
            wanted = choice._boxes[0, at, : choice._pairs[0]]
            blocks = overlaps(wanted, both[:, 0]) | overlaps(wanted, both[:, 1])
            blockers = placed[blocks.any(axis=0)]
            if len(blockers) and (rank[blockers] > rank[edge]).all():
                wrong.append(edge)
                break
    # Looked at alone, cells are finer: where curves run through, a place may be one or none.
    assert len(wrong) <= 0.05 * len(hidden)


def test_the_rule_of_importance(hand):
    graph = (
        Graph()
        .add("x", "input", value=1.0)
        .add("y", "input", value=3.0)
        .add("loose", "neg", ("x",))
        .add("m", "mul", ("x", "y"))
        .add("f", "add", ("m", "x"))
        .set_output("f")
    )
    hand.give(graph)
    picture = hand.canvas.picture
    sketch = picture.sketch
    steps = dict(zip(sketch.names, steps_to_output(sketch).tolist(), strict=True))
    assert steps == {"f": 0, "m": 1, "x": 1, "y": 2, "loose": np.inf}
    edges = {(edge.source, edge.target): at for at, edge in enumerate(sketch.edges)}

    def order():
        rank = picture._rank(np.arange(len(sketch.edges)))
        return [link for link, at in sorted(edges.items(), key=lambda one: rank[one[1]])]

    # Both edges into f have the gradient 1; x → m has 3, y → m has 1; loose leads nowhere.
    assert set(order()[:2]) == {("m", "f"), ("x", "f")}
    assert order()[2:] == [("x", "m"), ("y", "m"), ("x", "loose")]
    hand.canvas.select(("loose",))
    assert order()[0] == ("x", "loose")
    hand.canvas.select(())
    picture.marks.hovered = sketch.index["y"]
    assert order()[0] == ("y", "m")


def test_numbers_have_fewer_digits_before_they_vanish(hand, circuit):
    hand.give(circuit.set_values({"x": 1.23456, "y": 4.56789, "z": 1.0}))
    digits = []
    for zoom in (2.0, 1.0, 0.8, 0.65, 0.52, 0.45, 0.39):
        hand.canvas.lens.zoom_at(QPointF(500, 350), zoom / hand.canvas.zoom)
        ink = Ink(hand.canvas)
        edge = ink.sketch.edge_index["q", 1]
        text = next(text for one, text, _ in ink.labels if one == edge)
        count = len(text.replace(".", ""))
        assert text == number_text(4.56789, count)
        digits.append(count)
    assert digits == [4, 4, 4, 3, 3, 2, 2]
    assert [digits_at(text_scale(zoom)) for zoom in (1.0, 0.65, TEXT_SCALE)] == [4, 3, 2]


def test_labels_stay_where_they_are_while_the_canvas_is_panned(hand):
    ink = show(hand, "layered90-1", 1.0)
    before = ink.sketch.label_at.copy()
    placed = np.isfinite(before[:, 0])
    hand.canvas.lens.pan((QPointF(-300, 120)).toPoint())
    Ink(hand.canvas)
    assert (ink.sketch.label_at[placed] == before[placed]).all()


def test_a_label_that_had_no_room_appears_once_there_is_some(hand):
    graph = Graph().add("x", "input", value=0.123, at=(0, 0)).add("y", "exp", ("x",), at=(62, 0))
    hand.give(graph)
    at = hand.node("y")
    hand.drag(at, at + QPointF(120, 0))
    ink = Ink(hand.canvas)
    assert len({edge for edge, _, _ in ink.labels}) == 1


def test_what_has_no_room_stays_away_while_its_node_is_dragged(hand):
    ink = show(hand, "layered400-4", 0.5)
    canvas, sketch = hand.canvas, ink.sketch
    seen = QRectF(canvas.viewport().rect()).adjusted(80, 80, -80, -80)
    roomless = np.isinf(sketch.label_at[:, 0])
    node = next(
        node
        for node, name in enumerate(sketch.names)
        if roomless[sketch.edges_of(np.array([node]))].any()
        and seen.contains(canvas.node_center(name))
    )
    edges = sketch.edges_of(np.array([node]))
    start = canvas.node_center(sketch.names[node])
    hand.press(start)
    for step in range(4, 20, 3):
        hand.move(start + QPointF(step, step))
        Ink(canvas)
        assert np.isinf(sketch.label_at[edges, 0])[roomless[edges]].all()
        assert np.isfinite(sketch.label_at[edges, 0])[~roomless[edges]].all()
    assert canvas.node_center(sketch.names[node]) != start
    canvas.cancel_gesture()


def texts_of(ink):
    """Return the edges that have labels now."""
    return {edge for edge, _, _ in ink.labels}


def test_the_numbers_of_what_is_looked_at_are_seen_and_then_all_is_as_before(hand):
    ink = show(hand, "layered400-4", 0.5)
    canvas, sketch = hand.canvas, ink.sketch
    before, shown = sketch.label_at.copy(), texts_of(ink)
    hidden = np.isinf(before[:, 0])
    seen = QRectF(canvas.viewport().rect()).adjusted(60, 60, -60, -60)
    tried, gained = 0, False
    for node in range(len(sketch.names)):
        edges = sketch.edges_of(np.array([node]))
        at = canvas.node_center(sketch.names[node])
        if not seen.contains(at) or not hidden[edges].any():
            continue
        tried += 1
        hand.move(at)
        assert canvas.picture.marks.hovered == node
        now = np.isfinite(sketch.label_at[:, 0])
        assert not (np.isfinite(before[edges, 0]) & ~now[edges]).any()
        if (hidden & now)[edges].any() and not gained:
            looked, gained = Ink(canvas), True
            boxes = as_array([box for _, _, box in looked.labels])
            clash = overlaps(boxes, boxes)
            np.fill_diagonal(clash, val=False)
            assert not clash.any()
            assert texts_of(looked) - shown
        if tried == 12:
            break
    assert gained
    canvas.picture.marks.hovered = -1
    canvas.refocus()
    assert ((before == sketch.label_at) | (np.isnan(before) & np.isnan(sketch.label_at))).all()
    # Selected, the same.
    edge = int(np.flatnonzero(hidden)[0])
    name = sketch.edges[edge].target
    canvas.select((name,))
    canvas.select(())
    assert ((before == sketch.label_at) | (np.isnan(before) & np.isnan(sketch.label_at))).all()


def test_what_made_way_before_an_edit_is_not_taken_for_other_numbers_after_it(hand):
    ink = show(hand, "layered400-4", 0.5)
    canvas, sketch = hand.canvas, ink.sketch
    # Whose numbers have no room, near the end: later edges are counted from 0 anew.
    hidden = np.flatnonzero(np.isinf(sketch.label_at[:, 0]))[-6:]
    canvas.select({sketch.edges[edge].target for edge in hidden.tolist()})
    assert np.isfinite(sketch.label_at[hidden, 0]).any()
    hand.key(Qt.Key.Key_Delete)
    assert len(canvas.picture.sketch.edges) < len(sketch.edges)
    hand.document.settle()
    # It begins while nothing is looked at.
    ink, sketch = Ink(canvas), canvas.picture.sketch
    before = sketch.label_at.copy()
    roomy = [
        name
        for node, name in enumerate(sketch.names)
        if np.isfinite(before[sketch.edges_of(np.array([node])), 0]).all()
    ]
    for name in roomy[-3:]:
        canvas.select((name,))
        np.testing.assert_array_equal(sketch.label_at, before)


def test_numbers_that_look_for_room_anew_are_painted_wherever_they_find_it(hand):
    ink = show(hand, "layered400-4", 0.5)
    canvas, sketch = hand.canvas, ink.sketch
    seen = QRectF(canvas.viewport().rect()).adjusted(80, 80, -80, -80)
    roomless = np.isinf(sketch.label_at[:, 0])
    nodes = [
        node
        for node, name in enumerate(sketch.names)
        if roomless[sketch.edges_of(np.array([node]))].any()
        and seen.contains(canvas.node_center(name))
    ]
    wide = False
    assert nodes
    for node in nodes[:12]:
        canvas.select((sketch.names[node],))
        assert not is_stale(canvas)
        # A leaf becomes wider or narrower, and its link with it.
        wide = not wide
        canvas.edits.set_value("n0", "-12345.678" if wide else "1")
        hand.document.settle()
        assert not is_stale(canvas)
        canvas.select(())
        assert not is_stale(canvas)


def test_no_number_covers_a_note_or_the_title_of_a_frame(hand, circuit):
    annotations = (
        Annotations()
        .with_frame("frame1", Frame("A title", nodes=("q",)))
        .with_note("note1", Note("Here", (60.0, 10.0, 60.0, 40.0)))
    )
    hand.give(circuit.annotate(annotations))
    ink = Ink(hand.canvas)
    boxes = as_array([box for _, _, box in ink.labels])
    assert len(ink.sketch.blocked) == 2
    assert len(boxes) >= 6
    assert not overlaps(boxes, ink.sketch.blocked).any()
