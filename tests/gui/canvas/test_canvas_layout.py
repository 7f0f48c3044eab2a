import subprocess
import sys
import time

import numpy as np
import pytest

from gradstudio.graph import Graph, Node
from gradstudio.gui.canvas.layout import arrange

ONE = np.float64(1.0)


def chain(count):
    nodes = {"x": Node("input", value=ONE)}
    for at in range(count):
        nodes[f"n{at}"] = Node("neg", (f"n{at - 1}" if at else "x",))
    return Graph.build(nodes)


def circuit():
    nodes = {name: Node("parameter", value=ONE) for name in ("w0", "x0", "w1", "x1", "w2")}
    nodes |= {
        "m0": Node("mul", ("w0", "x0")),
        "m1": Node("mul", ("w1", "x1")),
        "a0": Node("add", ("m0", "m1")),
        "a1": Node("add", ("a0", "w2")),
        "n": Node("neg", ("a1",)),
        "f": Node("exp", ("n",)),
    }
    return Graph.build(nodes)


def test_it_needs_no_qt():
    program = (
        "import sys, gradstudio.gui.canvas.layout; "
        "sys.exit(any(name.startswith('PySide6') for name in sys.modules))"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


def test_columns_follow_the_arrows_and_leaves_stand_beside_their_consumer():
    at = arrange(circuit())
    assert at["w0"][0] == at["x1"][0] < at["m0"][0] < at["a0"][0] < at["a1"][0] < at["n"][0]
    assert at["w2"][0] == at["a0"][0]
    steps = np.diff(sorted({x for x, _ in at.values()}))
    assert ((steps >= 110) & (steps <= 135)).all()


def test_inputs_stand_in_port_order_around_their_consumer():
    at = arrange(circuit())
    ys = [at[name][1] for name in ("w0", "x0", "w1", "x1")]
    assert ys == sorted(ys)
    assert min(np.diff(ys)) >= 80
    assert at["m0"][1] == pytest.approx((at["w0"][1] + at["x0"][1]) / 2, abs=2)
    assert at["a0"][1] == pytest.approx((at["m0"][1] + at["m1"][1]) / 2, abs=2)
    assert at["n"][1] == at["a1"][1] == at["f"][1]


def test_nothing_lies_on_anything():
    rng = np.random.default_rng(1)
    nodes = {}
    for at in range(400):
        if at < 5 or rng.random() < 0.2:
            nodes[f"n{at}"] = Node("input", value=ONE)
        else:
            nodes[f"n{at}"] = Node(
                "add", tuple(f"n{i}" for i in rng.integers(max(0, at - 40), at, 2))
            )
    places = np.array(list(arrange(Graph.build(nodes)).values()))
    for column in np.unique(places[:, 0]):
        ys = np.sort(places[places[:, 0] == column, 1])
        assert (np.diff(ys) >= 78).all()


def test_it_is_deterministic():
    assert arrange(circuit()) == arrange(circuit())


def test_some_graphs_that_are_odd():
    assert arrange(Graph()) == {}
    assert arrange(Graph().add("x", "input")) == {"x": (0.0, 0.0)}
    loose = Graph().add("x", "input").add("y", "input").add("f", "exp").add("g", "add")
    places = arrange(loose)
    assert len(set(places.values())) == 4


def test_only_the_new_ones_are_placed_and_not_upon_others():
    graph = circuit()
    known = {name: (x + 500, y - 90) for name, (x, y) in arrange(graph).items()}
    graph = graph.move(known).add("c", "parameter").add("g", "mul", ("f", "c"))
    placed = arrange(graph, only=("c", "g"))
    assert set(placed) == {"c", "g"}
    assert placed["g"][0] > known["f"][0]
    for x, y in placed.values():
        for kx, ky in known.values():
            assert abs(x - kx) >= 90 or abs(y - ky) >= 70


def test_nothing_to_place_is_no_work():
    graph = circuit()
    assert arrange(graph.move(arrange(graph)), only=()) == {}


def test_a_hundred_thousand_nodes_in_a_chain():
    places = arrange(chain(100_000))
    assert len(places) == 100_001
    assert len({y for _, y in places.values()}) == 1


def test_one_leaf_for_thousands_does_not_take_for_ever():
    nodes = {"w": Node("parameter", value=ONE), "x": Node("input", value=ONE)}
    for at in range(5000):
        nodes[f"n{at}"] = Node("mul", (f"n{at - 1}" if at else "x", "w"))
    begun = time.process_time()
    arrange(Graph.build(nodes))
    # Not a measurement: quadratic work would take minutes.
    assert time.process_time() - begun < 20
