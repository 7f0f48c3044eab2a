"""Edits of links made of several steps: insert, bridge, cut, mute, swap, reroute, duplicate."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gradstudio.engine.evaluate import evaluate
from gradstudio.errors import GraphError
from gradstudio.formula import parse
from gradstudio.graph import Edge, Graph
from gradstudio.ops import REGISTRY, Shape
from gradstudio.rewiring import (
    bridge,
    cut,
    duplicate,
    fitting_port,
    insert,
    mute,
    reroute,
    stand_in,
    swap_inputs,
)

OPS = {"add": 2, "sub": 2, "mul": 2, "tanh": 1, "concat": 3, "identity": 1, "where": 3}


def circuit() -> Graph:
    """f = (x + y) · z."""
    values = {"x": -2.0, "y": 5.0, "z": -4.0}
    return parse("q = x + y\nf = q * z", values={k: np.array(v) for k, v in values.items()})


@st.composite
def graphs(draw: st.DrawFn) -> Graph:
    """A graph of some leaves and some ops, any port of which may be free."""
    graph = Graph()
    for number in range(draw(st.integers(1, 3))):
        graph = graph.add(f"x{number}", "input", value=1.0 + number)
    for number in range(draw(st.integers(1, 8))):
        op = draw(st.sampled_from(sorted(OPS)))
        sources = st.none() | st.sampled_from(sorted(graph.nodes))
        graph = graph.add(f"n{number}", op, [draw(sources) for _ in range(OPS[op])])
    names = st.none() | st.sampled_from(sorted(graph.nodes))
    return graph.set_output(draw(names))


def some(graph: Graph) -> st.SearchStrategy[set[str]]:
    return st.sets(st.sampled_from(sorted(graph.nodes)))


# -- bridge ---------------------------------------------------------------------------------------


def test_bridge_lets_the_first_fitting_input_feed_on() -> None:
    graph = bridge(circuit(), ("q",))
    assert graph.nodes["f"].inputs == ("x", "z")
    assert set(graph.nodes) == {"x", "y", "z", "f"}


def test_bridge_prefers_the_input_of_the_results_shape() -> None:
    graph = parse("h = b + x\nf = sum(h)", values={"b": np.ones(()), "x": np.ones((2, 3))})
    assert stand_in(graph, "h") == 1
    assert bridge(graph, ("h",)).nodes["f"].inputs == ("x",)
    assert bridge(mute(graph, ("h",)), ("h",)).nodes["f"].inputs == ("x",)


def test_bridge_goes_on_through_a_chain_of_nodes_taken_out() -> None:
    graph = parse("a = exp(x)\nb = sin(a)\nc = b + a\nf = c * c")
    assert bridge(graph, ("a", "b", "c")).nodes["f"].inputs == ("x", "x")
    assert bridge(graph, ("b", "c")).nodes["f"].inputs == ("a", "a")


def test_bridge_hands_the_output_on() -> None:
    graph = circuit().set_output("f")
    assert bridge(graph, ("f",)).output == "q"
    assert bridge(graph, ("f", "q")).output == "x"


def test_bridging_a_leaf_frees_its_ports() -> None:
    assert bridge(circuit(), ("x",)).nodes["q"].inputs == (None, "y")
    assert bridge(circuit(), ("x", "q")).nodes["f"].inputs == (None, "z")


def test_bridge_of_a_node_that_half_is_linked_takes_what_is() -> None:
    graph = circuit().disconnect("q", 0)
    assert bridge(graph, ("q",)).nodes["f"].inputs == ("y", "z")
    free = graph.disconnect("q", 1)
    assert bridge(free, ("q",)).nodes["f"].inputs == (None, "z")


@given(st.data())
def test_bridge_keeps_every_law_of_graphs(data: st.DataObject) -> None:
    graph = data.draw(graphs())
    gone = data.draw(some(graph))
    left = bridge(graph, gone)
    Graph.build(left.nodes, positions=left.positions, output=left.output)
    assert set(left.nodes) == set(graph.nodes) - gone
    for name, node in left.nodes.items():
        was = graph.nodes[name]
        for port, source in enumerate(was.inputs):
            now = node.inputs[port] if port < len(node.inputs) else None
            if source not in gone:
                assert now == source
            elif now is not None:
                assert graph.is_upstream(now, source)


def test_bridge_of_a_long_chain_takes_no_stack() -> None:
    graph = Graph().add("x", "input", value=1.0)
    nodes = dict(graph.nodes)
    unary = graph.add("n", "tanh", ("x",)).nodes["n"]
    last = "x"
    for number in range(20_000):
        nodes[f"t{number}"] = type(unary)("tanh", (last,))
        last = f"t{number}"
    chain = Graph(nodes, output=last)
    assert bridge(chain, list(nodes)[1:]).output == "x"


# -- cut ------------------------------------------------------------------------------------------


@given(st.data())
def test_cut_frees_just_these_ports(data: st.DataObject) -> None:
    graph = data.draw(graphs())
    edges = list(graph.edges())
    gone = data.draw(st.sets(st.sampled_from(edges))) if edges else set()
    one_by_one = graph
    for edge in gone:
        one_by_one = one_by_one.disconnect(edge.target, edge.port)
    assert cut(graph, gone).nodes == one_by_one.nodes
    assert set(cut(graph, gone).edges()) == set(edges) - gone


def test_cut_of_a_port_that_is_missing_is_refused() -> None:
    with pytest.raises(GraphError, match="f has no port 7"):
        cut(circuit(), (Edge("q", "f", 7),))


# -- swap -----------------------------------------------------------------------------------------


def test_swap_exchanges_two_inputs_and_rotates_more() -> None:
    assert swap_inputs(circuit(), "q").nodes["q"].inputs == ("y", "x")
    graph = parse("f = concat([x, y, z])")
    assert swap_inputs(graph, "f").nodes["f"].inputs == ("z", "x", "y")


@pytest.mark.parametrize("name", ["x", "t"])
def test_swap_is_refused_where_there_are_no_two(name: str) -> None:
    graph = parse("t = tanh(x)")
    with pytest.raises(GraphError, match=f"{name} has no two inputs to swap"):
        swap_inputs(graph, name)


@given(st.data())
def test_swapping_all_the_way_round_is_identity(data: st.DataObject) -> None:
    graph = data.draw(graphs())
    wide = [name for name, node in graph.nodes.items() if len(node.inputs) > 1]
    for name in wide:
        turned = graph
        for _ in graph.nodes[name].inputs:
            turned = swap_inputs(turned, name)
        assert turned == graph
        if len(graph.nodes[name].inputs) == 2:
            assert swap_inputs(swap_inputs(graph, name), name) == graph


# -- mute -----------------------------------------------------------------------------------------


@given(st.data())
def test_muting_and_unmuting_is_identity(data: st.DataObject) -> None:
    graph = data.draw(graphs())
    names = {name for name in data.draw(some(graph)) if not graph.nodes[name].is_leaf}
    muted = mute(graph, names)
    assert {name for name, node in muted.nodes.items() if node.muted} == names
    assert mute(muted, names, False) == graph
    assert mute(muted, names) is muted


def test_a_leaf_cannot_be_muted() -> None:
    with pytest.raises(GraphError, match="x is a leaf: it has no input that it could pass on"):
        mute(circuit(), ("q", "x"))


# -- reroute --------------------------------------------------------------------------------------


def test_a_dot_leads_links_through_and_changes_no_number() -> None:
    graph = parse("q = x * x\nf = q + x", values={"x": np.array(3.0)})
    dotted, name = reroute(graph, (Edge("x", "q", 1), Edge("x", "f", 1)), (5.0, 6.0))
    assert dotted.nodes["q"].inputs == ("x", name)
    assert dotted.nodes["f"].inputs == ("q", name)
    assert dotted.positions[name] == (5.0, 6.0)
    assert evaluate(dotted).values["f"] == evaluate(graph).values["f"]
    assert evaluate(dotted).grads["x"] == evaluate(graph).grads["x"]
    assert bridge(dotted, (name,)).nodes == graph.nodes


def test_a_dot_needs_links_of_one_node() -> None:
    graph = circuit()
    for edges in ((), (Edge("x", "q", 0), Edge("y", "q", 1)), (Edge("x", "f", 0),)):
        with pytest.raises(GraphError, match="links that come from one node"):
            reroute(graph, edges, (0.0, 0.0))


# -- duplicate ------------------------------------------------------------------------------------


def test_duplicates_are_fed_by_what_fed_the_originals_only_if_asked() -> None:
    graph = circuit().move({"q": (1.0, 2.0)})
    plain, called = duplicate(graph, ("q",), (30.0, 30.0))
    assert plain.nodes[called["q"]].inputs == (None, None)
    assert plain.positions[called["q"]] == (31.0, 32.0)
    fed, called = duplicate(graph, ("q", "f"), (30.0, 30.0), linked=True)
    assert fed.nodes[called["q"]].inputs == ("x", "y")
    assert fed.nodes[called["f"]].inputs == (called["q"], "z")
    assert {name: fed.nodes[name] for name in graph.nodes} == dict(graph.nodes)


# -- insert ---------------------------------------------------------------------------------------


def test_a_node_goes_into_a_link() -> None:
    graph = circuit().add("h", "tanh")
    inserted = insert(graph, Edge("x", "q", 0), "h", 0)
    assert inserted.nodes["h"].inputs == ("x",)
    assert inserted.nodes["q"].inputs == ("h", "y")
    assert bridge(inserted, ("h",)).nodes["q"] == graph.nodes["q"]


def test_a_link_that_is_gone_takes_no_node() -> None:
    graph = circuit().add("h", "tanh")
    for edge in (Edge("z", "q", 0), Edge("x", "q", 7)):
        with pytest.raises(GraphError, match=f"q: {edge.source} does not feed it any more"):
            insert(graph, edge, "h", 0)
    with pytest.raises(GraphError, match="would close a cycle"):
        insert(graph, Edge("x", "q", 0), "f", 1)


@pytest.mark.parametrize(
    ("op", "inputs", "shape", "port"),
    [
        ("add", (), (), 0),
        ("add", ("x", None), (), 1),
        ("add", ("x", "y"), (), None),
        ("matmul", (), (), None),
        ("matmul", (), None, 0),
        ("embedding", (), (), 1),
        ("embedding", (None, "x"), (), None),
        ("concat", ("x",), (3,), 1),
    ],
)
def test_the_first_free_port_that_fits(
    op: str, inputs: tuple[str | None, ...], shape: Shape | None, port: int | None
) -> None:
    assert fitting_port(REGISTRY[op], inputs, shape) == port
