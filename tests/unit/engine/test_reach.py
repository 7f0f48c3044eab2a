"""Upstream, downstream and between, against the definition, and on a very long chain."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from gradstudio.engine.reach import between, downstream, upstream
from gradstudio.graph import Graph, Node


@st.composite
def graphs(draw: st.DrawFn) -> Graph:
    nodes = {}
    for at in range(draw(st.integers(1, 9))):
        fed = [None, *(f"n{one}" for one in range(at))]
        inputs = draw(st.lists(st.sampled_from(fed), min_size=2, max_size=2))
        nodes[f"n{at}"] = Node("add", tuple(inputs))
    return Graph.build(nodes)


def paths(graph: Graph, start: str, end: str) -> list[tuple[str, ...]]:
    if start == end:
        return [(start,)]
    return [
        (*path, end)
        for source in set(graph.nodes[end].inputs)
        if source is not None
        for path in paths(graph, start, source)
    ]


@given(graphs(), st.data())
def test_they_are_what_paths_say(graph: Graph, data: st.DataObject) -> None:
    names = data.draw(st.lists(st.sampled_from(list(graph.nodes)), unique=True, min_size=1))
    assert upstream(graph, names) == {
        one for one in graph.nodes for name in names if paths(graph, one, name)
    }
    assert downstream(graph, names) == {
        one for one in graph.nodes for name in names if paths(graph, name, one)
    }
    ways = [way for a in names for b in names if a != b for way in paths(graph, a, b)]
    assert between(graph, names) == {one for way in ways for one in way}


def test_a_chain_of_a_hundred_thousand_nodes() -> None:
    nodes = {"n0": Node("input", value=np.float64(1))}
    for at in range(1, 100_000):
        nodes[f"n{at}"] = Node("neg", (f"n{at - 1}",))
    graph = Graph.build(nodes)
    assert len(upstream(graph, ["n99999"])) == len(downstream(graph, ["n0"])) == 100_000
    assert len(between(graph, ["n10", "n99990"])) == 99_981
