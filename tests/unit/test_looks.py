"""Pinned labels and the ranges of sliders: kept with the graph, apart from what is computed."""

import pytest

from gradstudio import storage
from gradstudio.errors import FileError, GraphError
from gradstudio.graph import Graph
from gradstudio.looks import PLAIN, Look


@pytest.fixture
def graph() -> Graph:
    graph = Graph().add("x", "input", value=1.0, at=(0, 0)).add("w", "parameter", value=2.0)
    graph = graph.add("m", "mul", ("x", "w")).add("f", "exp", ("m",))
    graph = graph.set_look("m", Look({1: (-40.5, 12)}))
    return graph.set_look("w", Look(range=(-1, 4)))


def test_nothing_is_computed_again(graph: Graph) -> None:
    assert graph.set_look("f", Look({0: (0, -30)})).nodes is graph.nodes


def test_looks_follow_their_nodes(graph: Graph) -> None:
    assert graph.rename("m", "product").looks["product"] == graph.looks["m"]
    assert graph.remove(("m",)).looks.keys() == {"w"}
    assert graph.subgraph(("m", "f")).looks == {"m": graph.looks["m"]}
    merged, names = graph.merged(graph)
    assert merged.looks[names["w"]] == Look(range=(-1, 4))
    assert merged.looks["w"] == Look(range=(-1, 4))
    assert graph.set_look("w", PLAIN).looks.keys() == {"m"}


def test_a_file_keeps_them_on_the_line_of_their_node(graph: Graph) -> None:
    data = storage.dumps(graph)
    assert b'"pins": [null, [-40.5, 12]]' in data
    assert b'"range": [-1, 4]' in data
    again = storage.loads(data)
    assert again.looks == graph.looks
    assert storage.dumps(again) == data
    assert again.nodes["m"].extra == {}


@pytest.mark.parametrize(
    ("field", "said"),
    [
        ('"pins": [[1e9, 0]]', "m: a pinned label lies too far out"),
        ('"pins": [1]', "“pins"),
        ('"pins": "left"', "“pins”"),
        ('"range": [2, 1]', "m: a range must go from one number up to another"),
        ('"range": [0, 1, 2]', "“range”"),
    ],
)
def test_a_wrong_look_in_a_file_is_refused_and_named(field: str, said: str) -> None:
    head = '{"format": "gradstudio", "version": 1, "nodes": {"x": {"op": "input", "value": 1}, '
    data = head + '"m": {"op": "exp", "inputs": ["x"], ' + field + "}}}"
    with pytest.raises(FileError) as wrong:
        storage.loads(data.encode(), file="a.gradstudio")
    assert said in str(wrong.value)
    assert "a.gradstudio" in str(wrong.value)


def test_a_wrong_look_is_refused(graph: Graph) -> None:
    with pytest.raises(GraphError, match="w: a range"):
        graph.set_look("w", Look(range=(1.0, 1.0)))
    with pytest.raises(GraphError, match="w: a range"):
        graph.set_look("w", Look(range=(0.0, float("inf"))))
    with pytest.raises(GraphError, match="nobody"):
        graph.set_look("nobody", Look())
    assert Look({0: (1, 2)}).with_pin(0, None) == PLAIN
