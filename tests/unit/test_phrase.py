"""A formula that is added to a graph."""

import pytest

from gradstudio.errors import FormulaError
from gradstudio.formula.definition import define
from gradstudio.formula.phrase import phrase
from gradstudio.graph import Edge, Graph


@pytest.fixture
def graph() -> Graph:
    return Graph().add("x", "input", value=2.0).add("w", "parameter").add("q", "mul", ("x", "w"))


def test_unknown_names_are_new_leaves(graph: Graph) -> None:
    said = phrase("y = relu(a * b)", graph)
    assert said is not None
    assert list(said.nodes.nodes) == ["a", "b", "mul1", "y"]
    assert said.leaves == ("a", "b")
    assert said.output == "y"
    assert said.links == ()
    assert said.nodes.nodes["a"].value == 1


def test_known_names_are_nodes_of_the_graph(graph: Graph) -> None:
    said = phrase("tanh(q) + w + 1", graph)
    assert said is not None
    assert "q" not in said.nodes
    assert said.leaves == ()
    assert said.links == (Edge("q", "tanh1", 0), Edge("w", "add1", 1))


def test_a_value_makes_a_leaf_of_its_own(graph: Graph) -> None:
    said = phrase("x = 3", graph)
    assert said is not None
    assert said.nodes.nodes["x"].value == 3
    assert said.links == ()


@pytest.mark.parametrize("text", ["x", "a", "y = x", "", "  ", "# nothing"])
def test_what_adds_nothing_is_nothing(graph: Graph, text: str) -> None:
    assert phrase(text, graph) is None


@pytest.mark.parametrize(
    ("text", "links", "source_as"),
    [
        ("* 2", (Edge("q", "f", 0),), "q"),
        ("− 1", (Edge("q", "f", 0),), "q"),
        ("relu(a)", (Edge("q", "f", 0),), "a"),
        ("a * b", (Edge("q", "f", 0),), "a"),
        ("x + a", (Edge("x", "f", 0), Edge("q", "f", 1)), "a"),
        ("x + q", (Edge("x", "f", 0), Edge("q", "f", 1)), "q"),
    ],
)
def test_a_link_goes_into_the_first_new_name(
    graph: Graph, text: str, links: tuple[Edge, ...], source_as: str
) -> None:
    said = phrase(text, graph, "q")
    assert said is not None
    assert said.links == links
    assert said.source_as == source_as


def test_a_formula_without_a_place_for_the_link_is_none(graph: Graph) -> None:
    assert phrase("2 * 3", graph, "q") is None
    assert phrase("x * 3", graph, "q") is None


def test_ops_of_the_graph_are_known(graph: Graph) -> None:
    own = define("cube", ("x",), "x * x * x", {"x": "g * 3 * x * x"})
    said = phrase("cube(x)", graph.define(own))
    assert said is not None
    assert said.nodes.nodes["f"].definition == own


def test_what_is_no_formula_is_refused(graph: Graph) -> None:
    with pytest.raises(FormulaError):
        phrase("relu(", graph)
