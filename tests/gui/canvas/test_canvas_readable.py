"""Every number on the canvas can be read, and read with its own edge, also in a small picture."""

import itertools

import numpy as np
import pytest
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QFontMetricsF, QImage, QPainter

from gradstudio import formula, resources, storage
from gradstudio.graph import Graph
from gradstudio.gui.canvas.legibility import LETTERS_PX, text_scale
from gradstudio.gui.canvas.sketch import indices

EXAMPLES = sorted(resources.path("examples").glob("*.gradstudio"))
FORMULAS = {
    "crossing": "a = x*y; b = x+y; f = a*b",
    "regression": "p = x @ w + b; loss = mean((p - y) ** 2)",
    "tiny": "f = exp(-x*y) * z / (x + y)",
    "softmax": "f = log(exp(a) + exp(b) + exp(c)) - a",
}
VALUES = {
    "tiny": {"x": 7.0, "y": 5.0, "z": 6.384},
    "regression": {
        "x": np.linspace(-1, 2, 12).reshape(4, 3),
        "w": np.array([1.0, -2.0, 0.5]),
        "b": np.float64(0.25),
        "y": np.array([1.0, 0.0, -1.0, 2.0]),
    },
}
CASES = [path.stem for path in EXAMPLES] + list(FORMULAS)
SCALES = (1.0, 0.8, 0.6, 0.5)


def case(name):
    if name not in FORMULAS:
        return storage.load(resources.path("examples") / f"{name}.gradstudio")
    values = VALUES.get(name) or {}
    return formula.parse(FORMULAS[name], values=values or dict.fromkeys("xyzabc", 1.25))


@pytest.fixture
def written(monkeypatch):
    """Collect the numbers of edges as they are painted: edge, text, rectangle in scene px."""

    def paint(canvas, scale):
        canvas.resize(1800, 1000)
        canvas.lens.zoom_at(QPointF(0, 0), scale / canvas.zoom)
        picture = canvas.picture
        image = QImage(8, 8, QImage.Format.Format_ARGB32)
        found = []
        for edge in range(len(picture.sketch.edges)):
            texts = {}

            class Recorder(QPainter):
                def drawText(self, at, text):
                    inked = self.pen().color() != picture.inks.canvas
                    if inked:
                        box = QFontMetricsF(self.font()).tightBoundingRect(text)
                        texts[text, at.y()] = box.translated(at)  # noqa: B023
                        assert self.font().pixelSize() * scale >= 9

            painter = Recorder(image)
            everywhere = QRectF(-1e6, -1e6, 2e6, 2e6)
            # All are placed together, then painted one by one.
            picture.scale_texts(scale)
            picture.place_labels(np.arange(len(picture.sketch.edges)))
            picture.paint_labels(painter, np.array([edge]), scale, everywhere)
            painter.end()
            found += [(edge, text, box) for (text, _), box in texts.items()]
        return found

    return paint


def common(one, other):
    both = one.intersected(other)
    return both.width() * both.height() if both.width() > 1.5 and both.height() > 1.5 else 0.0


@pytest.mark.parametrize("scale", SCALES)
@pytest.mark.parametrize("name", CASES)
def test_no_number_covers_another_or_a_node(hand, written, name, scale):
    hand.give(case(name))
    found = written(hand.canvas, scale)
    sketch = hand.canvas.picture.sketch
    for (_, text, box), (_, other_text, other) in itertools.combinations(found, 2):
        assert not common(box, other), (text, other_text)
    for edge, text, box in found:
        for node in range(len(sketch.names)):
            part = common(box, sketch.rect(node)) / (box.width() * box.height())
            assert part < 0.1, (sketch.edges[edge], text, sketch.names[node])


@pytest.mark.parametrize("scale", SCALES)
@pytest.mark.parametrize("name", CASES)
def test_every_number_stands_at_its_own_edge(hand, written, name, scale):
    hand.give(case(name))
    found = written(hand.canvas, scale)
    sketch = hand.canvas.picture.sketch
    curves = sketch.along(np.arange(len(sketch.edges)), np.linspace(0, 1, 400))
    boxes = {}
    for edge, _, box in found:
        boxes[edge] = boxes[edge].united(box) if edge in boxes else box
    for edge, box in boxes.items():
        x, y = curves[edge, :, 0], curves[edge, :, 1]
        away = np.hypot(
            np.maximum(np.maximum(box.left() - x, x - box.right()), 0),
            np.maximum(np.maximum(box.top() - y, y - box.bottom()), 0),
        )
        assert away.min() * scale <= 13, (sketch.edges[edge], away.min())
    # At full size nothing may be missing; a small picture may leave out a few, of long ones more.
    shown = {edge for edge, _, _ in found}
    assert len(shown) >= (1.0 if scale == 1 else 0.6 if name == "tiny" else 0.75) * len(
        sketch.edges
    )


def test_letters_grow_while_the_picture_shrinks():
    assert text_scale(1.0) == text_scale(2.0) == 1.0
    for scale in np.linspace(0.38, 1, 60).tolist():
        assert text_scale(scale) * LETTERS_PX[0] * scale >= 9


def test_numbers_that_grow_find_a_place_again(hand, circuit, written):
    hand.give(circuit)
    written(hand.canvas, 1.0)
    hand.document.commit("set", circuit.set_values({"x": 1.234e-7, "y": -5.678e-7}))
    hand.document.settle()
    found = written(hand.canvas, 1.0)
    assert any("×10" in text for _, text, _ in found)
    sketch = hand.canvas.picture.sketch
    for edge, _, box in found:
        assert box.width() <= 2 * sketch.label_half[edge, 0]
    q = sketch.rect(int(indices(sketch, ("q",))[0]))
    assert not any(common(box, q) > 4 for _, _, box in found)


def test_the_playbacks_node_is_brought_into_sight(hand):
    hand.give(case("udl-chain"))
    canvas = hand.canvas
    canvas.lens.zoom_at(QPointF(0, 350), 1.5 / canvas.zoom)
    hand.playback.first()
    seen = QRectF(canvas.viewport().rect())
    for _ in range(30):
        hand.playback.forward()
        if hand.playback.current is not None:
            assert seen.contains(hand.node(hand.playback.current))
    assert canvas.zoom == pytest.approx(1.5)


def test_a_long_edge_is_led_past_names(hand):
    name = "a_rather_long_name_here"
    graph = Graph().add("x", "input", value=1.0, at=(0, 0)).add("y", "input", value=1.0, at=(0, 94))
    graph = graph.add(name, "exp", ("x",), at=(300, 0))
    graph = graph.add("f", "add", (name, "y"), at=(600, 0))
    hand.give(graph)
    sketch = hand.canvas.picture.sketch
    points = sketch.along(np.array([sketch.edge_index["f", 1]]), np.linspace(0, 1, 200))[0]
    wide = sketch.pads[sketch.index[name], 0]
    caption = QRectF(300 - wide / 2, 25, wide, 16)
    assert not any(caption.contains(QPointF(x, y)) for x, y in points.tolist())


def test_the_result_of_a_new_graph_is_in_sight(hand, written):
    hand.give(case("tiny"))
    bounds = hand.canvas.picture.bounds(hand.canvas.zoom)
    seen = QRectF(hand.canvas.viewport().rect())
    assert seen.contains(hand.canvas.viewportTransform().mapRect(bounds))
