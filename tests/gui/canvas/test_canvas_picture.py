import html
import random
import sys
import weakref

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QHelpEvent, QImage, QPainter
from PySide6.QtWidgets import QApplication, QToolTip
from repainting import is_stale

from gradstudio.engine.evaluate import evaluate
from gradstudio.engine.problems import problems
from gradstudio.formula import parse
from gradstudio.formula.definition import define
from gradstudio.graph import Graph, Node
from gradstudio.gui.canvas import badges, hover, labels, results, spoken
from gradstudio.gui.canvas.badges import badge_at
from gradstudio.gui.canvas.commands import COMMANDS
from gradstudio.gui.canvas.face import display_name
from gradstudio.gui.canvas.figures import heat_map
from gradstudio.gui.canvas.nodes import Nodes
from gradstudio.gui.canvas.picture import Picture
from gradstudio.gui.theme import DARK, LIGHT
from gradstudio.numbers import full_text, number_text
from gradstudio.ops import shape_text


def random_graph(seed, count=40):
    draw = random.Random(seed)
    nodes = {}
    for at in range(count):
        names = list(nodes)
        if at < 4 or draw.random() < 0.15:
            op = draw.choice(["input", "parameter", "constant"])
            shape = draw.choice([(), (), (), (3,), (2, 3)])
            value = np.random.default_rng(seed * 1000 + at).normal(size=shape)
            nodes[f"n{at}"] = Node(op, value=value)
        elif draw.random() < 0.4:
            op = draw.choice(["exp", "log", "tanh", "neg", "relu", "sum"])
            nodes[f"n{at}"] = Node(op, (draw.choice(names),))
        else:
            op = draw.choice(["add", "mul", "max", "div"])
            nodes[f"n{at}"] = Node(op, (draw.choice(names), draw.choice(names)))
    graph = Graph.build(nodes)
    sums = tuple(graph.outputs())
    for at, name in enumerate(sums):
        graph = graph.add(f"s{at}", "sum", (name,))
        previous = f"t{at - 1}"
        source = (f"s{at}", previous) if at else (f"s{at}", f"s{at}")
        graph = graph.add(f"t{at}", "add", source)
    return graph


def expected(value):
    if value is None:
        return ""
    shape = np.shape(value)
    return shape_text(shape) if shape else number_text(float(value))


@pytest.fixture
def painted(monkeypatch):
    """Collect every text that is painted."""
    texts = []

    class Recorder(QPainter):
        def drawText(self, *arguments):
            texts.append(next(one for one in arguments if isinstance(one, str)))
            super().drawText(*arguments)

    def paint(canvas):
        texts.clear()
        image = QImage(canvas.viewport().size(), QImage.Format.Format_ARGB32)
        painter = Recorder(image)
        painter.setTransform(canvas.viewportTransform())
        picture = canvas.picture
        seen = canvas.viewportTransform().inverted()[0].mapRect(QRectF(canvas.viewport().rect()))
        edges = picture.sketch.edges_in(seen)
        picture.paint_curves(painter, edges, canvas.zoom, seen)
        picture.paint_labels(painter, edges, canvas.zoom, seen)
        picture.paint_nodes(painter, picture.sketch.nodes_in(seen), canvas.zoom)
        painter.end()
        return list(texts)

    return paint


# -- the screen is the engine ---------------------------------------------------------------


@pytest.mark.parametrize("seed", range(8))
def test_edges_show_the_engines_numbers(hand, seed):
    graph = random_graph(seed)
    hand.give(graph)
    evaluation = hand.document.evaluation
    assert evaluation.edge_grads or evaluation.errors
    for edge in graph.edges():
        assert hand.canvas.edge_text(edge.target, edge.port) == (
            expected(evaluation.values.get(edge.source)),
            expected(evaluation.edge_grads.get((edge.target, edge.port))),
        )


def test_edge_text_is_what_is_painted(hand, circuit, painted):
    hand.give(circuit)
    texts = painted(hand.canvas)
    for edge in circuit.edges():
        for text in hand.canvas.edge_text(edge.target, edge.port):
            assert text in texts
    assert texts.count("−12") == 1
    assert texts.count("1") == 1


def test_an_edit_changes_the_numbers_on_screen(hand, circuit):
    hand.give(circuit)
    assert hand.canvas.edge_text("f", 0) == ("3", "−4")
    hand.document.commit("set", circuit.set_values({"x": 0.123456}))
    hand.document.settle()
    assert hand.canvas.edge_text("f", 0) == ("5.123", "−4")
    hand.document.preview(hand.graph.set_values({"x": 1.0}))
    hand.document.settle()
    assert hand.canvas.edge_text("q", 0) == ("1", "−4")


def test_nothing_shows_a_gradient_before_there_is_one(hand, circuit):
    two_outputs = circuit.disconnect("f", 0)
    hand.give(two_outputs)
    assert hand.canvas.edge_text("q", 0) == ("−2", "")
    hand.give(circuit)
    hand.playback.first()
    assert hand.canvas.edge_text("q", 0) == ("−2", "")
    assert hand.canvas.edge_text("f", 0) == ("", "")
    hand.playback.forward()
    assert hand.canvas.edge_text("f", 0) == ("3", "")
    hand.playback.last()
    assert hand.canvas.edge_text("f", 0) == ("3", "−4")


def test_arrays_show_their_shape_and_a_heat_map(hand, arrays):
    hand.give(arrays)
    assert hand.canvas.edge_text("matmul1", 0) == ("(5, 3)", "(5, 3)")
    edge = hand.canvas.picture.sketch.edge_index["matmul1", 0]
    value, gradient = hand.canvas.picture.edge_figures(edge)
    assert (value.heat.width(), value.heat.height()) == (3, 5)
    assert gradient.heat is not None


def test_arrays_are_not_kept_alive_for_their_pictures(hand):
    figures = hand.canvas.picture.figures
    array = np.arange(6.0)
    alive = weakref.ref(array)
    assert figures.figure(array) is figures.figure(array)
    del array
    assert alive() is None


def test_a_new_link_shows_no_number_of_the_old_one(hand, circuit):
    hand.give(circuit)
    figures = hand.canvas.picture.figures
    found = evaluate(circuit)
    edge = next(iter(circuit.edges()))
    assert figures.edge(found, *edge)[0] is not None
    other = next(name for name in circuit.nodes if name != edge.source)
    assert figures.edge(found, other, edge.target, edge.port) == (None, None)


def test_heat_maps_tell_signs_apart_and_stay_small():
    image = heat_map(np.array([[-2.0, 0.0, 2.0]]), LIGHT)
    assert image.pixelColor(0, 0) == QColor(LIGHT.heat_negative)
    assert image.pixelColor(1, 0) == QColor(LIGHT.node)
    assert image.pixelColor(2, 0) == QColor(LIGHT.heat_positive)
    large = heat_map(np.ones((1000, 300)), LIGHT)
    assert (large.width(), large.height()) == (8, 8)
    holed = heat_map(np.array([[np.nan, 1.0]]), LIGHT)
    assert holed.pixelColor(0, 0) == QColor(LIGHT.text)
    for odd in (np.zeros((0, 3)), np.array([np.nan, np.inf, -np.inf]), np.array([1e308, -1e308])):
        assert not heat_map(odd, LIGHT).isNull()


# -- how nodes look -------------------------------------------------------------------------


def test_numbers_at_the_end_of_names_are_lowered():
    assert display_name("w0") == "w₀"
    assert display_name("w_12") == "w_12"
    assert display_name("loss") == "loss"
    assert display_name("x1y22") == "x1y₂₂"
    assert len(display_name("a" * 60)) == 24


def test_only_names_somebody_gave_are_written_below(hand, circuit, painted):
    hand.give(circuit.rename("q", "add1"))
    assert "q" not in painted(hand.canvas)
    assert "add₁" not in painted(hand.canvas)
    hand.give(circuit)
    assert "q" in painted(hand.canvas)


def test_a_leaf_without_a_value_says_so(hand, painted):
    hand.give(Graph().add("x", "input", at=(0, 0)).add("f", "exp", ("x",), at=(150, 0)))
    texts = painted(hand.canvas)
    assert "?" in texts
    assert "!" in texts
    hand.canvas.overlays.edit_value("x")
    assert hand.editor().text() == ""
    hand.type("0")
    assert hand.canvas.edge_text("f", 0) == ("0", "1")
    assert "!" not in painted(hand.canvas)


def test_pills_grow_with_their_number_in_steps(hand, circuit):
    hand.give(circuit)
    sketch = hand.canvas.picture.sketch
    before = sketch.half[sketch.index["x"], 0]
    hand.document.commit("set", circuit.set_values({"x": -1.2345e-7}))
    hand.document.settle()
    sketch = hand.canvas.picture.sketch
    assert sketch.half[sketch.index["x"], 0] > before
    assert hand.canvas.output_position("x").x() > hand.node("x").x() + before


def test_pills_stand_still_while_numbers_run(hand, circuit):
    hand.give(circuit)
    widths = []
    for value in (-0.12345, 2.0, -0.5, 0.33333):
        hand.document.preview(hand.graph.set_values({"x": value}))
        hand.document.settle()
        sketch = hand.canvas.picture.sketch
        widths.append(sketch.half[sketch.index["x"], 0])
    assert len(set(widths)) == 1


def test_a_long_edge_is_led_past_the_nodes_in_its_way(hand):
    graph = Graph().add("x", "input", value=1.0, at=(0, 0))
    for at in range(4):
        graph = graph.add(f"h{at}", "exp", (f"h{at - 1}" if at else "x",), at=(150 + 120 * at, 120))
    graph = graph.add("f", "add", ("h3", "x"), at=(650, 240))
    hand.give(graph)
    sketch = hand.canvas.picture.sketch
    edge = np.array([sketch.edge_index["f", 1]])
    points = sketch.along(edge, np.linspace(0, 1, 200))[0]
    for at in range(4):
        away = np.hypot(*(points - sketch.centres[sketch.index[f"h{at}"]]).T)
        assert away.min() > 23
    painted = sketch.path(int(edge[0])).toSubpathPolygons()[0]
    for point in painted:
        assert np.hypot(*(points - (point.x(), point.y())).T).min() < 6


def test_the_output_is_green_and_the_selected_node_has_a_ring(hand, circuit):
    hand.give(circuit)
    image = hand.canvas.grab().toImage()
    inside = QPointF(0, -14)
    assert image.pixelColor((hand.node("f") + inside).toPoint()) == QColor(LIGHT.output)
    assert image.pixelColor((hand.node("q") + inside).toPoint()) == QColor(LIGHT.node)
    hand.canvas.select(("q",))
    image = hand.canvas.grab().toImage()
    edge = (hand.node("q") + QPointF(0, 23)).toPoint()
    assert image.pixelColor(edge) == QColor(LIGHT.accent)


def test_the_playbacks_node_has_a_ring(hand, circuit):
    hand.give(circuit)
    ring = (hand.node("q") + QPointF(0, 31)).toPoint()
    assert hand.canvas.grab().toImage().pixelColor(ring).saturation() < 60
    hand.playback.first()
    hand.playback.forward()
    assert hand.playback.current == "q"
    green = hand.canvas.grab().toImage().pixelColor(ring)
    assert green.green() > green.red() + 20
    while hand.playback.phase == "forward" or hand.playback.current != "q":
        hand.playback.forward()
    red = hand.canvas.grab().toImage().pixelColor(ring)
    assert red.red() > red.green() + 20


def test_a_theme_changes_every_colour(hand, circuit):
    hand.give(circuit)
    hand.canvas.set_theme(DARK)
    image = hand.canvas.grab().toImage()
    assert image.pixelColor((hand.node("q") + QPointF(0, -14)).toPoint()) == QColor(DARK.node)
    counted = [image.pixelColor(x, y).name() for x in range(2, 990, 7) for y in range(2, 690, 7)]
    assert counted.count(DARK.canvas) > len(counted) * 0.8


# -- detail and culling ---------------------------------------------------------------------


def test_far_away_no_text_is_written(hand, circuit, painted):
    hand.give(circuit)
    hand.canvas.lens.zoom_at(QPointF(500, 350), 0.39 / hand.canvas.zoom)
    assert "3" in painted(hand.canvas)
    hand.canvas.lens.zoom_at(QPointF(500, 350), 0.37 / 0.39)
    assert painted(hand.canvas) == []


def test_very_far_away_nodes_are_boxes_and_edges_lines(hand, circuit, monkeypatch):
    hand.give(circuit)
    hand.canvas.lens.zoom_at(QPointF(500, 350), 0.19)
    monkeypatch.setattr(Nodes, "_paint_whole", lambda *_: pytest.fail("too fine"))
    monkeypatch.setattr("gradstudio.gui.canvas.sketch.Sketch.path", lambda *_: pytest.fail("bent"))
    hand.canvas.viewport().repaint()


def test_only_what_is_seen_is_painted(hand, monkeypatch):
    graph = Graph()
    for at in range(300):
        graph = graph.add(
            f"x{at}", "input", value=float(at), at=(200 * (at % 20), 100 * (at // 20))
        )
    hand.give(graph)
    hand.canvas.lens.zoom_at(QPointF(500, 350), 1 / hand.canvas.zoom)
    seen = []
    original = Picture.paint_nodes

    def counting(self, painter, nodes, scale):
        seen.append(len(nodes))
        original(self, painter, nodes, scale)

    monkeypatch.setattr(Picture, "paint_nodes", counting)
    hand.canvas.viewport().repaint()
    assert 20 < seen[0] < 80


def test_a_drag_paints_only_what_moves(hand, monkeypatch):
    graph = Graph().add("x0", "input", value=1.0, at=(0, 0))
    for at in range(1, 60):
        graph = graph.add(
            f"n{at}",
            "tanh",
            (f"n{at - 1}" if at > 1 else "x0",),
            at=(130 * (at % 8), 90 * (at // 8)),
        )
    hand.give(graph)
    seen = []
    original = Picture.paint_nodes

    def counting(self, painter, nodes, scale):
        seen.append(len(nodes))
        original(self, painter, nodes, scale)

    at = hand.node("n20")
    hand.press(at)
    hand.move(at + QPointF(15, 15))
    hand.canvas.viewport().repaint()
    monkeypatch.setattr(Picture, "paint_nodes", counting)
    hand.move(at + QPointF(20, 30))
    QApplication.processEvents()
    assert seen
    assert max(seen) <= 1
    hand.release(at)


def test_after_a_drag_the_picture_is_the_one_of_a_fresh_canvas(hand, circuit, qtbot):
    hand.give(circuit)
    at = hand.node("q")
    hand.drag(at, at + QPointF(0, 40))
    hand.canvas.select(())
    hand.canvas.picture.marks.hovered = -1
    hand.canvas.viewport().update()
    dragged = hand.canvas.grab().toImage()
    hand.canvas.set_theme(LIGHT)
    assert hand.canvas.grab().toImage() == dragged


def test_labels_of_a_laid_out_graph_do_not_overlap(hand):
    graph = Graph()
    for name in ("w0", "x0", "w1", "x1", "w2"):
        graph = graph.add(name, "parameter", value=1.25)
    graph = graph.add("m0", "mul", ("w0", "x0")).add("m1", "mul", ("w1", "x1"))
    graph = graph.add("a0", "add", ("m0", "m1")).add("a1", "add", ("a0", "w2"))
    graph = graph.add("f", "sigmoid", ("a1",))
    hand.give(graph)
    hand.canvas.viewport().repaint()
    sketch = hand.canvas.picture.sketch
    half = np.array([28.0, 17.0])
    places = sketch.label_at
    for one in range(len(places)):
        for other in range(one):
            assert (np.abs(places[one] - places[other]) >= (2 * half)).any()
        for node in range(len(sketch.names)):
            assert (
                np.abs(places[one] - sketch.centres[node]) >= half + sketch.half[node] - 2
            ).any()


@pytest.mark.parametrize("scale", [1.0, 1.6])
def test_numbers_are_as_wide_as_if_measured(hand, scale):
    fonts, draw = hand.canvas.picture.fonts.at(scale), random.Random(1)
    for role in ("label", "value", "result"):
        for _ in range(200):
            text = number_text(draw.choice([-1, 1]) * 10 ** draw.uniform(-9, 9))
            assert fonts.number_width(role, text) == pytest.approx(fonts.width(role, text))
        assert fonts.number_width(role, "(3, 20)") == pytest.approx(fonts.width(role, "(3, 20)"))
    # Where digits are not alike, each number is measured.
    fonts._even["label"] = False
    assert fonts.number_width("label", "17.1") == fonts.width("label", "17.1")


# -- hover ----------------------------------------------------------------------------------


def tip(hand, at):
    return html.unescape(hand.canvas.pointer.tool_tip(at.toPoint()))


def test_hover_tells_full_numbers(hand, circuit):
    third = circuit.set_values({"x": 1 / 3})
    hand.give(third)
    at = hand.canvas.port_position("q", 0) - QPointF(14, 0)
    text = tip(hand, at)
    assert "x → q (x)" in text
    assert "value: 0.3333333333333333" in text
    assert "gradient: −4" in text
    text = tip(hand, hand.node("x"))
    assert "Input" in text
    assert "0.3333333333333333" in text
    assert tip(hand, QPointF(5, 5)) == ""


def test_hover_tells_arrays_row_by_row(hand, arrays):
    hand.give(arrays)
    text = tip(hand, hand.node("W"))
    value = arrays.nodes["W"].value
    assert f"value: (3, 2)   from {full_text(value.min())} to {full_text(value.max())}" in text
    for number in value.reshape(-1).tolist():
        assert f">{number_text(number, 6)}<" in text
    assert text.count("<tr>") == 6
    large = arrays.set_values({"X": np.arange(3000.0).reshape(1000, 3)})
    hand.give(large)
    text = tip(hand, hand.node("X"))
    assert "from 0 to 2999" in text
    assert text.count("<tr>") == 9 * 2
    assert "⋮" in text


def test_hover_tells_what_is_computed_and_what_is_not_finite(hand, circuit, arrays):
    hand.give(circuit)
    assert "q = x + y" in tip(hand, hand.node("q"))
    assert "f = q * z" in tip(hand, hand.canvas.port_position("f", 0) - QPointF(14, 0))
    hand.give(arrays.set_values({"X": np.zeros((5, 3))}).add("l", "log", ("X",), at=(220, 200)))
    assert "15 of 15 entries are not finite" in tip(hand, hand.node("l"))


def test_a_tip_is_never_read_as_html():
    text = hover._plain(["<img src=x>", [["<b>"]]])
    assert "<img" not in text
    assert "<b>" not in text


def test_hover_tells_why_a_node_has_a_badge(hand, circuit):
    hand.give(circuit.disconnect("q", 1))
    error = hand.document.evaluation.errors["q"]
    assert str(error) in tip(hand, hand.node("q"))
    hand.give(Graph().add("x", "input", value=-1.0).add("f", "log", ("x",)))
    warning = hand.document.evaluation.warnings["f"]
    assert str(warning) in tip(hand, hand.node("f"))


def test_warnings_have_a_badge_of_another_form_and_keep_it(hand):
    graph = Graph().add("x", "input", value=-1.0, at=(0, 0)).add("r", "relu", ("x",), at=(150, 0))
    graph = graph.add("f", "exp", ("r",), at=(300, 0)).add("g", "log", (None,), at=(300, 90))
    hand.give(graph.set_output("f"))
    hand.canvas.warn(problems(hand.document.evaluation))
    picture = hand.canvas.picture
    sketch = picture.sketch
    assert picture.badges == {sketch.index["r"]: "warning", sketch.index["g"]: "error"}

    def corner(name):
        """The colour just below the tip of a triangle, where a disc still is wide."""
        at = badge_at(sketch.rect(sketch.index[name])) + QPointF(-5, -4)
        return hand.grab().pixelColor(hand.canvas.lens.seen(at).toPoint()).name()

    assert corner("g") == hand.canvas.theme.error
    assert corner("r") != hand.canvas.theme.warning
    assert "dead" in spoken.node(picture, "r")
    hand.canvas.edits.add("tanh", QPointF(0, 200))
    assert hand.canvas.picture.badges[hand.canvas.picture.sketch.index["r"]] == "warning"
    hand.document.commit("other", hand.graph.set_op("r", "tanh"))
    assert hand.canvas.picture.sketch.index["r"] not in hand.canvas.picture.badges


def test_a_node_whose_op_has_a_wrong_formula_has_a_badge(hand):
    wrong = define("cube", ("x",), "x * x * x", {"x": "g * 2 * x"})
    graph = Graph().define(wrong).add("x", "input", value=2.0, at=(0, 0))
    hand.give(graph.add("f", "cube", ("x",), at=(150, 0)))
    hand.canvas.warn(problems(hand.document.evaluation))
    assert hand.canvas.picture.badges == {hand.canvas.picture.sketch.index["f"]: "warning"}
    assert "backward formula of x is wrong" in tip(hand, hand.node("f"))


def test_no_number_stands_on_a_badge(hand, rng):
    for _ in range(6):
        graph = Graph()
        for at in range(24):
            place = (float(at // 4 * 120), float(at % 4 * 62 + rng.integers(-14, 14)))
            if at < 4:
                graph = graph.add(f"x{at}", "input", value=-2.5, at=place)
            else:
                fed = [f"x{one}" for one in rng.integers(max(0, at - 8), at, 2)]
                op = "add" if at % 3 else "log"
                graph = graph.add(f"x{at}", op, fed if at % 3 else fed[:1], at=place)
        hand.give(graph)
        hand.grab()
        sketch = hand.canvas.picture.sketch
        assert len(sketch.flawed)
        there = badges.boxes(sketch, sketch.flawed)
        placed = np.flatnonzero(np.isfinite(sketch.label_at[:, 0]))
        for edge, pair in zip(placed, labels.label_boxes(sketch, placed), strict=True):
            for box in pair[: 1 + sketch.label_both[edge]]:
                over = (there[:, :2] < box[2:]) & (there[:, 2:] > box[:2])
                assert not over.all(axis=1).any()


def test_the_tool_tip_shows_up_and_is_plain(hand, circuit):
    hand.give(circuit)
    at = hand.node("q").toPoint()
    event = QHelpEvent(QEvent.Type.ToolTip, at, hand.canvas.viewport().mapToGlobal(at))
    QApplication.sendEvent(hand.canvas.viewport(), event)
    assert "q" in QToolTip.text()
    assert "<img" not in hand.canvas.pointer.tool_tip(at)
    QToolTip.hideText()


# -- the rest -------------------------------------------------------------------------------


def test_an_empty_canvas_says_how_to_begin(hand):
    blank = hand.canvas.grab().toImage()
    row = {blank.pixelColor(x, 350).name() for x in range(300, 700)}
    assert len(row) > 2
    hand.canvas.add_node("input")
    hand.document.settle()
    COMMANDS["delete"].give(hand.canvas)
    assert len(hand.graph) == 0


def test_how_to_begin_stays_in_the_middle_of_what_is_seen(hand):
    hand.key(Qt.Key.Key_Right, Qt.KeyboardModifier.AltModifier)
    assert not is_stale(hand.canvas)


def test_a_result_is_painted_with_all_that_it_reaches_into(hand, circuit):
    hand.give(circuit)
    hand.canvas.lens.zoom_at(QPointF(500, 350), 0.5 / hand.canvas.zoom)
    assert not is_stale(hand.canvas)
    picture = hand.canvas.picture
    node = picture.sketch.index["f"]
    (result,) = results.rects(picture.sketch, np.array([node])).tolist()
    end = QRectF(result[2] - 1, result[1], 1, result[3] - result[1])
    assert node not in picture.sketch.nodes_in(end)
    assert node in picture.nodes_in(end, 0.5)


def test_other_values_leave_nodes_where_they_lie_in_other_colours_too(hand):
    hand.give(parse("x = [1, 2]; y = tanh(x); f = y * y"))
    before = hand.canvas.picture.sketch.centres.copy()
    # As the formula bar does: nobody has put the nodes anywhere.
    hand.document.commit("formula", parse("x = 1; y = tanh(x); f = y * y", known=hand.graph))
    hand.document.settle()
    assert not hand.graph.positions
    np.testing.assert_array_equal(hand.canvas.picture.sketch.centres, before)
    hand.canvas.set_theme(DARK)
    np.testing.assert_array_equal(hand.canvas.picture.sketch.centres, before)


def test_a_new_language_is_taken_up(hand, circuit):
    hand.give(circuit)
    QApplication.sendEvent(hand.canvas, QEvent(QEvent.Type.LanguageChange))
    assert hand.canvas.accessibleName() == "Canvas"


def test_a_new_font_is_measured_again(hand, circuit):
    hand.give(circuit.rename("x", "a_rather_long_name"))
    font = hand.canvas.font()
    sketch = hand.canvas.picture.sketch
    before = hand.canvas.picture.fonts
    font.setFamilies(["Noto Sans Mono"])
    hand.canvas.setFont(font)
    assert hand.canvas.picture.fonts is not before
    assert hand.canvas.picture.sketch is not sketch


def test_undo_and_redo_are_mirrored(hand, circuit):
    hand.give(circuit)
    hand.canvas.select(("f",))
    COMMANDS["delete"].give(hand.canvas)
    assert "f" not in hand.canvas.picture.sketch.index
    hand.document.undo()
    hand.document.settle()
    assert hand.canvas.edge_text("f", 0) == ("3", "−4")
    hand.document.redo()
    assert "f" not in hand.canvas.picture.sketch.index


def test_another_document_is_shown_whole(hand, circuit):
    hand.give(circuit)
    hand.canvas.lens.zoom_at(QPointF(0, 0), 4)
    other = (
        Graph()
        .add("a", "input", value=1.0, at=(9000, 9000))
        .add("b", "exp", ("a",), at=(9200, 9000))
    )
    hand.document.commit("other", other)
    assert hand.canvas.viewport().rect().contains(hand.node("a").toPoint())
    assert hand.canvas.selection() == ()


def test_a_sharp_screen_gets_sharp_pixmaps(hand, circuit, monkeypatch):
    hand.give(circuit)
    monkeypatch.setattr(type(hand.canvas.viewport()), "devicePixelRatioF", lambda _: 2.0)
    hand.press(hand.node("q"))
    hand.move(hand.node("q") + QPointF(30, 0))
    hand.canvas.viewport().repaint()
    still = hand.canvas._layers._still
    assert still.width() == 2 * hand.canvas.viewport().width()
    hand.key(Qt.Key.Key_Escape)


def test_a_defect_in_painting_ends_nothing(hand, circuit, monkeypatch):
    hand.give(circuit)
    said = []
    monkeypatch.setattr(sys, "excepthook", lambda kind, error, trace: said.append(str(error)))

    def wrong(*args):
        raise ValueError("a brush without bristles")

    for part in ("paint_curves", "paint_labels", "paint_nodes"):
        with monkeypatch.context() as here:
            here.setattr(hand.canvas.picture, part, wrong)
            hand.canvas.lens.zoom_in()
            hand.canvas.grab()
        QApplication.processEvents()
    assert said
    assert set(said) == {"a brush without bristles"}
    assert not hand.canvas.grab().isNull()
