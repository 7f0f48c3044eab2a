"""The laws of the graph: edits return graphs, refuse by name, and never close a cycle."""

from __future__ import annotations

import dataclasses
import itertools
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gradstudio.errors import GradStudioError, GraphError
from gradstudio.graph import LONGEST_NAME, Edge, Graph, Node, checked_name, leaf_value
from gradstudio.ops import REGISTRY

OPS = ("input", "parameter", "constant", "add", "mul", "relu", "concat", "sum", "leaky_relu")
NAMES = [f"{letter}{number}" for letter in "ab" for number in range(1, 6)]


@st.composite
def edits(draw: st.DrawFn) -> list[tuple[str, tuple[Any, ...]]]:
    """A list of edits by any hand: sensible ones and nonsense."""
    name, port = st.sampled_from(NAMES), st.integers(-1, 3)
    inputs = st.lists(st.none() | name, max_size=3)
    one = st.one_of(
        st.tuples(st.just("add"), st.tuples(name, st.sampled_from(OPS), inputs)),
        st.tuples(st.just("connect"), st.tuples(name, name, port)),
        st.tuples(st.just("connect"), st.tuples(name, name, port)),
        st.tuples(st.just("disconnect"), st.tuples(name, port)),
        st.tuples(st.just("remove"), st.tuples(st.lists(name, min_size=1, max_size=2))),
        st.tuples(st.just("rename"), st.tuples(name, name | st.sampled_from(["1x", "if", "é"]))),
        st.tuples(st.just("set_op"), st.tuples(name, st.sampled_from(OPS))),
        st.tuples(st.just("set_output"), st.tuples(name | st.none())),
        st.tuples(st.just("move"), st.tuples(st.fixed_dictionaries({"a1": st.just((1.0, 2.0))}))),
        st.tuples(st.just("set_values"), st.tuples(st.dictionaries(name, st.floats(), max_size=2))),
    )
    first = [("add", (n, draw(st.sampled_from(OPS)), ())) for n in draw(st.permutations(NAMES))]
    return [*first, *draw(st.lists(one, max_size=30))]


def applied(script: list[tuple[str, tuple[Any, ...]]]) -> list[Graph]:
    """Return the graphs of a script of edits, those that were refused passed over."""
    graphs = [Graph()]
    for edit, arguments in script:
        graph, message = graphs[-1], ""
        before = dataclasses.replace(graph, nodes=dict(graph.nodes))
        try:
            graphs.append(getattr(graph, edit)(*arguments))
        except GraphError as refused:
            message = str(refused)
        assert graph == before
        assert not message or any(name in message for name in names_in(arguments)), message
    return graphs


def names_in(arguments: tuple[Any, ...]) -> list[str]:
    """Return the names an edit was asked about."""
    names = [one for one in arguments if isinstance(one, str)]
    return names + [name for one in arguments if isinstance(one, list | dict) for name in one]


def sane(graph: Graph) -> None:
    """Assert everything that every graph is: it can be built again, and has no cycle."""
    assert Graph.build(graph.nodes, positions=graph.positions, output=graph.output) == graph
    assert set(graph.positions) <= set(graph.nodes)
    edges = list(graph.edges())
    assert sorted(edges) == sorted(edge for some in graph.consumers.values() for edge in some)
    for edge in edges:
        assert graph.is_upstream(edge.source, edge.target)
        assert not graph.is_upstream(edge.target, edge.source)
    for name, node in graph.nodes.items():
        assert len(node.inputs) <= len(graph.ports(name))
        assert not node.rules.variadic or not node.inputs or node.inputs[-1] is not None


@settings(max_examples=200)
@given(edits())
def test_no_sequence_of_edits_breaks_a_graph(script: list[tuple[str, tuple[Any, ...]]]) -> None:
    for graph in applied(script):
        sane(graph)


@given(edits(), st.sampled_from(NAMES), st.sampled_from(["z", "w1", "Ω"]))
def test_rename_keeps_every_edge(script, old: str, new: str) -> None:
    graph = applied(script)[-1]
    if old not in graph:
        return
    new = checked_name(new)
    renamed = graph.rename(old, new)
    sane(renamed)
    called = [new if name == old else name for name in graph.nodes]
    assert list(renamed.nodes) == called
    swap = {old: new}
    assert list(renamed.edges()) == [
        Edge(swap.get(edge.source, edge.source), swap.get(edge.target, edge.target), edge.port)
        for edge in graph.edges()
    ]
    assert renamed.rename(new, old) == graph


@given(edits(), st.sets(st.sampled_from(NAMES), min_size=1, max_size=4))
def test_remove_frees_the_ports_it_fed(script, names: set[str]) -> None:
    graph = applied(script)[-1]
    names &= set(graph.nodes)
    smaller = graph.remove(names)
    sane(smaller)
    assert set(smaller.nodes) == set(graph.nodes) - names
    kept = [edge for edge in graph.edges() if not names & {edge.source, edge.target}]
    assert list(smaller.edges()) == kept


@given(edits(), st.sets(st.sampled_from(NAMES), max_size=6))
def test_a_subgraph_has_the_edges_between_its_nodes(script, names: set[str]) -> None:
    graph = applied(script)[-1]
    names &= set(graph.nodes)
    part = graph.subgraph(names)
    sane(part)
    assert [name for name in graph.nodes if name in names] == list(part.nodes)
    assert list(part.edges()) == [
        edge for edge in graph.edges() if {edge.source, edge.target} <= names
    ]


@given(edits(), edits())
def test_merged_holds_both_graphs(script, other_script) -> None:
    graph, other = applied(script)[-1], applied(other_script)[-1]
    merged, names = graph.merged(other, offset=(10.0, 5.0))
    sane(merged)
    assert set(names) == set(other.nodes)
    assert len(merged) == len(graph) + len(other)
    assert merged.subgraph(graph.nodes).nodes == graph.nodes
    back = {
        names[name]: dataclasses.replace(
            node, inputs=tuple(None if one is None else names[one] for one in node.inputs)
        )
        for name, node in other.nodes.items()
    }
    assert {name: merged.nodes[name] for name in back} == back
    assert all(name == names[name] or name in graph for name in other.nodes)


def test_merged_gives_no_name_that_comes_later() -> None:
    graph = Graph().add("a1", "input")
    other = Graph().add("a1", "parameter").add("a2", "constant")
    merged, names = graph.merged(other)
    assert list(merged.nodes) == ["a1", "a3", "a2"]
    assert names == {"a1": "a3", "a2": "a2"}


def test_merging_a_graph_with_itself_is_quick() -> None:
    graph = Graph.build({f"n{i}": Node("input") for i in range(20_000)})
    merged, names = graph.merged(graph)
    assert len(merged) == 40_000
    assert len(set(names.values())) == 20_000


@pytest.fixture
def graph() -> Graph:
    """y = relu(w·x), seen as a person drew it."""
    return (
        Graph()
        .add("w", "parameter", value=2.0, at=(0.0, 0.0))
        .add("x", "input", value=3.0, at=(0.0, 80.0), settings={"data": True})
        .add("m", "mul", ["w", "x"], at=(120.0, 40.0))
        .add("y", "relu", ["m"], at=(240.0, 40.0))
    )


def test_edits_leave_what_they_do_not_touch_in_place(graph: Graph) -> None:
    edited = graph.set_values({"w": 5.0})
    assert edited.nodes["m"] is graph.nodes["m"]
    assert graph.move({"m": (1.0, 1.0)}).nodes is graph.nodes
    assert graph.set_output("m").nodes is graph.nodes
    assert graph.set_training({"steps": 3}).nodes is graph.nodes


REFUSALS: list[tuple[str, str, tuple[Any, ...]]] = [
    ("m: linking y into it would close a cycle", "connect", ("y", "m", 0)),
    ("m: linking m into it would close a cycle", "connect", ("m", "m", 0)),
    ("there is no node called q", "connect", ("q", "m", 0)),
    ("there is no node called q", "connect", ("m", "q", 0)),
    ("m has no port 2; it has: x, y", "connect", ("w", "m", 2)),
    ("m has no port -1", "connect", ("w", "m", -1)),
    ("w has no port 0", "disconnect", ("w", 0)),
    ("there already is a node called m", "add", ("m", "add")),
    ("q: there is no op called “nope”", "add", ("q", "nope")),
    ("q: its input “r” is not in the graph", "add", ("q", "neg", ("r",))),
    ("q: its input “q” is not in the graph", "add", ("q", "neg", ("q",))),
    ("q: neg takes 1 inputs, not 2", "add", ("q", "neg", ("w", "x"))),
    ("“2q” cannot be a node's name", "add", ("2q", "neg")),
    ("“lambda” cannot be a node's name", "rename", ("m", "lambda")),
    ("“a b” cannot be a node's name", "rename", ("m", "a b")),
    ("there already is a node called w", "rename", ("m", "w")),
    ("there is no node called q", "rename", ("q", "p")),
    ("there is no node called q", "remove", (["q"],)),
    ("there is no node called q", "set_output", ("q",)),
    ("there is no node called q", "move", ({"q": (0.0, 0.0)},)),
    ("there is no node called q", "subgraph", (["q"],)),
    ("there is no node called q", "is_upstream", ("w", "q")),
    ("m is computed by mul: only leaves take a value", "set_values", ({"m": 1.0},)),
    ("w: a value must be finite", "set_values", ({"w": float("nan")},)),
    ("w: a value is a number or nested lists", "set_values", ({"w": [[1.0], [1.0, 2.0]]},)),
    ("w: a value is a number or nested lists", "set_values", ({"w": "two"},)),
    ("w: a value is a number or nested lists", "set_values", ({"w": "2"},)),
    ("w: a value must be finite", "set_values", ({"w": None},)),
    ("w: a value is a number or nested lists", "set_values", ({"w": 1j},)),
    ("w: a value must be finite", "set_values", ({"w": 1e308 * 10},)),
    ("m: neg has other ports than mul", "set_op", ("m", "neg")),
    ("m: input has other ports than mul", "set_op", ("m", "input")),
    ("w: parameter has no setting “data”", "set_settings", ("w", {"data": True})),
    ("x: the setting data of input takes true or false, not 1", "set_settings", ("x", {"data": 1})),
]


@pytest.mark.parametrize(("said", "edit", "arguments"), REFUSALS)
def test_a_refusal_names_the_node_and_changes_nothing(
    graph: Graph, said: str, edit: str, arguments: tuple[Any, ...]
) -> None:
    before = dataclasses.replace(graph, nodes=dict(graph.nodes), positions=dict(graph.positions))
    with pytest.raises(GraphError, match="^" + said.replace("(", r"\(")) as refused:
        getattr(graph, edit)(*arguments)
    assert isinstance(refused.value, GradStudioError)
    assert graph == before


def test_connect_replaces_what_fed_the_port(graph: Graph) -> None:
    assert graph.connect("w", "m", 1).nodes["m"].inputs == ("w", "w")
    assert graph.disconnect("m", 0).nodes["m"].inputs == (None, "x")


def test_a_variadic_node_always_has_one_more_port(graph: Graph) -> None:
    graph = graph.add("c", "concat")
    assert graph.ports("c") == ("x1",)
    graph = graph.connect("w", "c", 0).connect("x", "c", 1)
    assert graph.ports("c") == ("x1", "x2", "x3")
    assert graph.disconnect("c", 1).ports("c") == ("x1", "x2")
    assert graph.disconnect("c", 0).nodes["c"].inputs == (None, "x")
    assert graph.subgraph(["w", "c"]).ports("c") == ("x1", "x2")
    assert graph.remove(["w", "x"]).ports("c") == ("x1",)
    with pytest.raises(GraphError, match="c has no port 3"):
        graph.connect("w", "c", 3)


def test_settings_change_one_by_one(graph: Graph) -> None:
    graph = graph.add("s", "sum", ["m"], settings={"axis": 0, "keepdims": True})
    assert graph.set_settings("s", {"axis": None}).nodes["s"].settings == {"keepdims": True}
    assert graph.set_op("s", "mean").nodes["s"].settings == {"axis": 0, "keepdims": True}


def test_a_leaf_keeps_its_value_when_it_becomes_another(graph: Graph) -> None:
    node = graph.set_op("x", "constant").nodes["x"]
    assert (node.op, float(np.asarray(node.value)), dict(node.settings)) == ("constant", 3.0, {})


def test_the_output_is_chosen_or_the_only_end(graph: Graph) -> None:
    assert graph.output_of() == "y"
    assert graph.output_of("m") == "m"
    assert graph.set_output("w").output_of() == "w"
    assert graph.set_output("m").rename("m", "n").output == "n"
    assert graph.set_output("m").remove(["m"]).output is None
    assert graph.add("unused", "input").output_of() == "y"
    with pytest.raises(GraphError, match=r"2 outputs \(y, z\): choose one"):
        graph.add("z", "neg", ["m"]).output_of()
    with pytest.raises(GraphError, match="the graph is empty"):
        Graph().output_of()
    with pytest.raises(GraphError, match="no node called q"):
        graph.output_of("q")


def test_build_names_a_node_on_the_cycle() -> None:
    nodes = {
        "after": Node("neg", ("a",)),
        "a": Node("add", ("x", "b")),
        "b": Node("neg", ("a",)),
        "x": Node("input"),
    }
    with pytest.raises(GraphError, match=r"^(a|b) depends on itself"):
        Graph.build(nodes)
    with pytest.raises(GraphError, match=r"^n depends on itself"):
        Graph.build({"n": Node("neg", ("n",))})


@pytest.mark.parametrize(
    ("nodes", "said"),
    [
        ({"a": Node("nope")}, "a: there is no op called “nope”"),
        ({"a": Node("neg", ("b",))}, "a: its input “b” is not in the graph"),
        ({"a": Node("neg", ("b", "b"))}, "a: neg takes 1 inputs, not 2"),
        ({"a": Node("sum", settings={"axes": 1})}, "a: sum has no setting “axes”"),
        ({"a": Node("neg", value=np.ones(1))}, "a is computed by neg"),
        ({"a": Node("input", value=np.array(np.inf))}, "a: a value must be finite"),
        ({"1": Node("input")}, "“1” cannot be a node's name"),
        ({"ﬁ": Node("input"), "fi": Node("input")}, "there already is a node called fi"),
    ],
)
def test_build_refuses_by_name(nodes: dict[str, Node], said: str) -> None:
    with pytest.raises(GraphError, match="^" + said):
        Graph.build(nodes)


def test_build_reads_names_as_python_does() -> None:
    nodes = {"ﬁ": Node("input"), "y": Node("neg", ("ﬁ",))}
    graph = Graph.build(nodes, positions={"ﬁ": (1.0, 2.0)}, output="y")
    assert graph.nodes["y"].inputs == ("fi",)
    assert graph.positions == {"fi": (1.0, 2.0)}
    assert Graph.build(nodes, output="ﬁ").output == "fi"
    with pytest.raises(GraphError, match="there is no node called q"):
        Graph.build(nodes, output="q")


def test_a_value_is_kept_apart_and_cannot_be_written_to() -> None:
    given = np.array([1.0, 2.0])
    kept = leaf_value(given)
    given[0] = 9.0
    assert kept.tolist() == [1.0, 2.0]
    with pytest.raises(ValueError, match="read-only"):
        kept[0] = 9.0
    assert leaf_value(3).dtype == np.float64


@pytest.mark.parametrize("value", [True, [True, False], "3", [1j], [[1], [1, 2]], None])
def test_what_is_no_number_is_no_value(value: Any) -> None:
    with pytest.raises(GraphError):
        leaf_value(value)


def test_nodes_are_equal_when_all_their_fields_are() -> None:
    node = Node("input", value=leaf_value([1.0, 2.0]))
    assert node == Node("input", value=leaf_value([1.0, 2.0]))
    assert hash(node) == hash(Node("input", value=leaf_value([1.0, 2.0])))
    assert node != Node("input", value=leaf_value([[1.0, 2.0]]))
    assert node != Node("input")
    assert node != "input"
    assert Node("input", value=leaf_value(0.0)) != Node("input", value=leaf_value(-0.0))


def test_fresh_names_are_free_and_short_enough(graph: Graph) -> None:
    assert graph.fresh_name("m") == "m1"
    assert graph.add("m1", "input").fresh_name("m", ["m2"]) == "m3"
    longest = "a" * LONGEST_NAME
    assert checked_name(graph.fresh_name(longest))
    merged, names = Graph().add(longest, "input").merged(Graph().add(longest, "input"))
    sane(merged)
    assert len(names[longest]) == LONGEST_NAME


CHAIN = 100_000


@pytest.fixture(scope="module")
def chain() -> Graph:
    """x, then 100,000 times the negative."""
    nodes = {"n0": Node("input", value=leaf_value(1.0))}
    nodes |= {f"n{i}": Node("neg", (f"n{i - 1}",)) for i in range(1, CHAIN + 1)}
    return Graph.build(nodes)


def test_a_long_chain_is_walked_without_recursion(chain: Graph) -> None:
    last = f"n{CHAIN}"
    assert chain.is_upstream("n0", last)
    assert not chain.is_upstream(last, "n0")
    assert chain.output_of() == last
    with pytest.raises(GraphError, match="n1: linking n100000 into it would close a cycle"):
        chain.connect(last, "n1", 0)
    assert chain.connect("n0", last, 0).nodes[last].inputs == ("n0",)
    assert chain.rename("n5", "five").nodes["n6"].inputs == ("five",)
    assert chain.remove(["n7"]).nodes["n8"].inputs == (None,)
    assert len(chain.subgraph(f"n{i}" for i in range(CHAIN // 2))) == CHAIN // 2


def test_a_long_cycle_is_named(chain: Graph) -> None:
    nodes = {**chain.nodes, "n0": Node("neg", (f"n{CHAIN}",))}
    with pytest.raises(GraphError, match=r"^n[0-9]+ depends on itself"):
        Graph.build(nodes)


def test_every_op_makes_a_node() -> None:
    for name in REGISTRY:
        graph = Graph().add("n", name)
        assert graph.nodes["n"].rules is REGISTRY[name]
        sane(graph)


@given(edits(), st.sampled_from(NAMES), st.sampled_from(NAMES))
def test_a_path_is_there_exactly_where_one_node_depends_on_the_other(
    script: list[tuple[str, tuple[Any, ...]]], name: str, to: str
) -> None:
    graph = applied(script)[-1]
    if name not in graph or to not in graph:
        return
    path = graph.path(name, to)
    assert bool(path) == graph.is_upstream(name, to)
    if path:
        assert (path[0], path[-1]) == (name, to)
        for source, target in itertools.pairwise(path):
            assert source in graph.nodes[target].inputs


def test_a_refused_cycle_is_named() -> None:
    graph = Graph().add("x", "input").add("q", "add", ("x", None)).add("f", "exp", ("q",))
    with pytest.raises(GraphError, match="q: linking f into it would close a cycle: f → q → f"):
        graph.connect("f", "q", 1)
    with pytest.raises(GraphError, match="close a cycle: f → f"):
        graph.connect("f", "f", 0)
    for number in range(9):
        graph = graph.add(f"t{number}", "tanh", (f"t{number - 1}" if number else "f",))
    with pytest.raises(GraphError, match=r"t8 → q → f → t0 → … → t6 → t7 → t8$"):
        graph.connect("t8", "q", 1)


def test_a_cycle_that_is_built_is_named_along_its_edges() -> None:
    nodes = {"x": Node("input"), "c": Node("exp", ("b",)), "d": Node("exp", ("c",))}
    nodes |= {"a": Node("add", ("x", "c")), "b": Node("exp", ("a",))}
    with pytest.raises(GraphError) as refused:
        Graph.build(nodes)
    text = str(refused.value)
    assert "depends on itself: the nodes form a cycle: " in text
    cycle = text.rpartition(": ")[2].split(" → ")
    assert cycle[0] == cycle[-1]
    assert set(cycle) == {"a", "b", "c"}
    for source, target in itertools.pairwise(cycle):
        assert source in nodes[target].inputs
