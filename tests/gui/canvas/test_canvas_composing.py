"""Nodes become their pieces and pieces one node, on the canvas: no number on the screen changes."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtWidgets import QApplication

from gradstudio.formula import parse
from gradstudio.graph import Graph
from gradstudio.gui.canvas.commands import COMMANDS
from gradstudio.gui.canvas.layout import arrange
from gradstudio.gui.canvas.menu import CanvasMenu

FORMULAS = {
    "sigmoid": "a = w * x; h = sigmoid(a); f = h * w",
    "softplus": "a = w * x; h = softplus(a); f = h * w",
    "tanh": "a = w * x; h = tanh(a); f = h * w",
    "silu": "a = w * x; h = silu(a); f = h * w",
    "softmax": "a = v * 2; h = softmax(a); f = sum(h * v)",
    "log_softmax": "a = v * 2; h = log_softmax(a); f = sum(h * v)",
    "logsumexp": "a = v * 2; h = logsumexp(a); f = h * w",
    "mse": "a = v * 2; h = mse(a, v); f = h * w",
    "cross_entropy": "a = v * 2; h = cross_entropy(a, t); f = h * w",
    "layer_norm": "a = v * 2; h = layer_norm(a); f = sum(h * v)",
    "var": "a = v * 2; h = var(a); f = h * w",
    "norm": "a = v * 2; h = norm(a); f = h * w",
}
VALUES = {
    "w": 1.5,
    "x": -0.75,
    "v": [[0.5, -1.0, 2.0], [1.0, 0.25, -0.5]],
    "t": [[0.0, 1.0, 0.0], [1.0, 0.0, 0.0]],
}


def drawn(text):
    graph = parse(text)
    graph = graph.set_values({name: VALUES[name] for name in graph.nodes if name in VALUES})
    return graph.move(arrange(graph))


def do(hand, name):
    COMMANDS[name].give(hand.canvas)
    hand.document.settle()


def numbers(hand, kept):
    """What the screen says at every edge between nodes that stay."""
    sketch = hand.canvas.picture.sketch
    return {
        edge: hand.canvas.edge_text(edge.target, edge.port)
        for edge in sketch.edges
        if edge.source in kept and edge.target in kept and edge.target != "h"
    }


def covered(hand):
    sketch = hand.canvas.picture.sketch
    apart = np.abs(sketch.centres[:, None] - sketch.centres) >= sketch.half[:, None] + sketch.half
    on = ~apart.any(axis=2)
    return [(sketch.names[a], sketch.names[b]) for a, b in np.argwhere(on) if a < b]


@pytest.mark.parametrize("op", FORMULAS)
def test_expanding_and_collapsing_change_no_number_on_the_screen(hand, op):
    graph = drawn(FORMULAS[op])
    hand.give(graph)
    before = numbers(hand, graph.nodes)
    result = hand.canvas.picture.figures.value(hand.canvas.picture.evaluation, "f").text
    hand.canvas.select(("h",))
    do(hand, "expand")
    assert hand.steps() == 1
    pieces = set(hand.graph.nodes) - set(graph.nodes)
    assert pieces
    assert set(hand.canvas.selection()) == pieces | {"h"}
    assert numbers(hand, graph.nodes) == before
    assert hand.canvas.picture.figures.value(hand.canvas.picture.evaluation, "f").text == result
    assert covered(hand) == []
    for edge in hand.graph.edges():
        if not graph.nodes.keys() & {edge.source, edge.target} or edge.source == "h":
            places = hand.graph.positions
            assert places[edge.source][0] < places[edge.target][0]
    do(hand, "collapse")
    assert hand.steps() == 2
    assert hand.graph.nodes == graph.nodes
    assert hand.canvas.selection() == ("h",)
    assert numbers(hand, graph.nodes) == before
    hand.document.undo()
    hand.document.undo()
    assert hand.graph is graph


def test_neighbours_above_and_below_make_room(hand):
    graph = drawn("h = sigmoid(x)").add("u", "input", value=1.0, at=(0, 0))
    x, y = graph.positions["h"]
    graph = graph.move({"u": (x, y - 60)}).add("d", "neg", ("u",), at=(x, y + 50))
    graph = graph.add("r", "exp", ("h",), at=(x + 90, y))
    hand.give(graph)
    hand.canvas.select(("h",))
    do(hand, "expand")
    assert covered(hand) == []
    places = hand.graph.positions
    assert places["u"][0] == places["d"][0] == x
    assert places["u"][1] < y < places["d"][1]
    assert places["r"][0] > places["h"][0]
    assert places["x"] == graph.positions["x"]


def test_pieces_out_of_sight_are_panned_to_and_no_others(hand):
    hand.give(drawn("h = sigmoid(x)"))

    def seen():
        sketch = hand.canvas.picture.sketch
        return {
            name: hand.canvas.viewport().rect().contains(hand.node(name).toPoint())
            for name in sketch.names
        }

    hand.canvas.lens.zoom_at(hand.node("h"), 1.4)
    hand.canvas.lens.pan(QPoint(900, 0) - QPoint(round(hand.node("h").x()), 0))
    scale = hand.canvas.zoom
    hand.canvas.select(("h",))
    do(hand, "expand")
    pieces = hand.canvas.selection()
    assert all(seen()[name] for name in pieces)
    assert hand.canvas.zoom == scale
    hand.document.undo()
    hand.canvas.lens.fit()
    before = hand.node("x")
    hand.canvas.select(("h",))
    do(hand, "expand")
    assert hand.node("x") == before
    hand.document.undo()
    hand.canvas.lens.zoom_at(hand.node("h"), 8.0)
    hand.canvas.select(("h",))
    do(hand, "expand")
    assert all(seen()[name] for name in pieces)


def test_several_nodes_expand_in_one_step(hand):
    hand.give(drawn("f = sigmoid(tanh(x))"))
    count = len(hand.graph)
    hand.canvas.select_all()
    do(hand, "expand")
    assert hand.steps() == 1
    assert not {"sigmoid", "tanh"} & {node.op for node in hand.graph.nodes.values()}
    assert len(hand.graph) > count + 8
    assert covered(hand) == []


def test_what_is_not_composed_is_refused_with_words(hand, circuit):
    hand.give(circuit)
    hand.canvas.select(("q",))
    do(hand, "expand")
    do(hand, "collapse")
    assert hand.graph is circuit
    assert hand.said == [
        "Select a node that is composed of others, as a sigmoid is",
        "q is no part of anything that could be one node",
    ]
    hand.canvas.select(("q", "f"))
    do(hand, "collapse")
    assert hand.said[2] == "f, q: together they are not what an op is composed of"


def test_a_pattern_is_found_from_any_of_its_pieces(hand):
    graph = drawn("n = -x; e = exp(n); s = 1 + e; f = 1 / s")
    hand.give(graph)
    hand.canvas.select(("e",))
    do(hand, "collapse")
    assert hand.graph.nodes["f"].op == "sigmoid"
    assert set(hand.graph.nodes) == {"x", "f"}
    assert hand.canvas.selection() == ("f",)


def test_pieces_that_others_use_stay(hand):
    hand.give(drawn("e = exp(-x); f = 1 / (1 + e); g = f + e").set_output("g"))
    hand.canvas.select(("f",))
    graph = hand.graph
    do(hand, "collapse")
    assert hand.graph is graph


@pytest.fixture
def menu_of(hand):
    opened = []

    def open_menu(name):
        point = hand.node(name).toPoint()
        event = QContextMenuEvent(
            QContextMenuEvent.Reason.Mouse, point, hand.canvas.mapToGlobal(point)
        )
        QApplication.sendEvent(hand.canvas.viewport(), event)
        opened.append(hand.canvas.findChildren(CanvasMenu)[-1])
        return {action.text(): action for action in opened[-1].actions()}

    yield open_menu
    for menu in opened:
        menu.close()


def test_the_menu_offers_what_is_recognised(hand, menu_of):
    graph: Graph = drawn("f = sigmoid(x)")
    hand.give(graph)
    actions = menu_of("f")
    assert not any(text.startswith("Collapse") for text in actions)
    actions["Expand into its parts"].trigger()
    hand.document.settle()
    assert hand.graph.nodes["f"].op == "div"
    actions = menu_of("f")
    assert "Expand into its parts" not in actions
    (offer,) = (text for text in actions if text.startswith("Collapse to "))
    actions[offer].trigger()
    assert hand.graph.nodes["f"].op == "sigmoid"
    assert hand.graph.nodes == graph.nodes


def test_the_menu_lays_out_several(hand, circuit, menu_of):
    hand.give(circuit.move({"y": (10, 5)}))
    assert not menu_of("q")["Lay out selection"].isEnabled()
    hand.canvas.select(("x", "y", "q"))
    menu_of("q")["Lay out selection"].trigger()
    assert hand.steps() == 1
    assert hand.graph.positions["y"] != (10, 5)
    hand.canvas.glide.finish()
