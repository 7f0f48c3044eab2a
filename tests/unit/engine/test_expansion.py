"""Expanding and collapsing are exact: the same values, the same gradients, and back again."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from gradstudio.annotations import Annotations, Frame
from gradstudio.engine.evaluate import evaluate
from gradstudio.engine.expansion import collapse, collapsible, expand
from gradstudio.errors import GraphError
from gradstudio.formula import parse
from gradstudio.graph import Graph
from gradstudio.ops import REGISTRY, Op

STATED = [op for op in REGISTRY.values() if op.expansion]
SAMPLES = [
    pytest.param(op, shapes, settings, id=f"{op.name}-{shapes}-{dict(settings)}")
    for op in STATED
    for shapes, settings in op.samples
]


def graph_of(op: type[Op], inputs: tuple[Any, ...], settings: Any) -> Graph:
    graph = Graph()
    for port, value in zip(op.inputs, inputs, strict=True):
        graph = graph.add(port, "input", value=value, at=(0, 0))
    graph = graph.add("n", op.name, op.inputs, settings=settings, at=(400, 0))
    return graph.add("s", "sin", ["n"], at=(520, 0)).add("f", "sum", ["s"])


def rules_of(graph: Graph) -> dict[str, Any]:
    return {name: (node.op, node.inputs, dict(node.settings)) for name, node in graph.nodes.items()}


def test_what_the_curriculum_composes_states_it() -> None:
    assert {op.name for op in STATED} >= {
        *("sigmoid", "softplus", "tanh", "softmax", "log_softmax", "mse", "sse", "cross_entropy"),
        *("hinge", "layer_norm", "logsumexp", "var", "norm", "silu", "gelu", "dropout"),
    }


@pytest.mark.parametrize(("op", "shapes", "settings"), SAMPLES)
def test_an_expansion_keeps_values_and_gradients(
    op: type[Op], shapes: Any, settings: Any, rng: np.random.Generator
) -> None:
    inputs = op.draw(rng, shapes, **settings)
    graph = graph_of(op, inputs, settings)
    kink = op.kink(*inputs, **settings)
    if kink is not None and np.size(kink):
        assert np.abs(kink).min() > 1e-9
    plain = expand(graph, "n")
    assert plain.nodes["n"].op != op.name
    before, after = evaluate(graph), evaluate(plain)
    assert not after.errors
    np.testing.assert_allclose(after.values["n"], before.values["n"], rtol=1e-12, atol=1e-14)
    assert after.shapes["n"] == before.shapes["n"]
    for port in op.inputs:
        if port in before.grads:
            np.testing.assert_allclose(
                after.grads[port], before.grads[port], rtol=1e-11, atol=1e-13
            )


@pytest.mark.parametrize(("op", "shapes", "settings"), SAMPLES)
def test_collapsing_is_the_way_back(
    op: type[Op], shapes: Any, settings: Any, rng: np.random.Generator
) -> None:
    graph = graph_of(op, op.draw(rng, shapes, **settings), settings)
    plain = expand(graph, "n")
    pieces = {"n", *(name for name in plain.nodes if name not in graph.nodes)}
    whole = collapse(plain, pieces)
    assert whole == graph
    assert list(whole.nodes) == list(graph.nodes)
    found = [match for match in collapsible(plain) if match.op == op.name and match.node == "n"]
    assert [match.pieces for match in found] == [pieces]


@pytest.mark.parametrize("op", STATED, ids=[op.name for op in STATED])
def test_an_unfinished_node_expands_where_shapes_do_not_matter(op: type[Op]) -> None:
    graph = Graph().add("n", op.name)
    if op.name in ("var", "cross_entropy", "embedding"):
        with pytest.raises(GraphError, match=f"n: what {op.name} is .* not known yet"):
            expand(graph, "n")
        return
    plain = expand(graph, "n")
    assert len(plain) > 1
    assert collapse(plain, plain.nodes) == graph


@pytest.mark.parametrize(
    ("formula", "op", "inputs", "settings"),
    [
        ("1 / (exp(-a) + 1)", "sigmoid", ("a",), {}),
        ("(exp(a) - exp(-a)) / (exp(-a) + exp(a))", "tanh", ("a",), {}),
        ("exp(a) / sum(exp(a), axis=0, keepdims=True)", "softmax", ("a",), {"axis": 0}),
        ("mean(square(a - b))", "mse", ("a", "b"), {}),
        ("sum((a - b) ** 2)", "sse", ("a", "b"), {}),
        ("sigmoid(a) * a", "silu", ("a",), {}),
        ("sqrt(sum(a ** 2, axis=-1))", "norm", ("a",), {"axis": -1}),
        ("mean((a - mean(a, axis=1, keepdims=True)) ** 2, axis=1)", None, (), {}),
        ("sum((a - mean(a, axis=1, keepdims=True)) ** 2, axis=1) / 2", "var", ("a",), {"axis": 1}),
        (
            "sum((a - mean(a, axis=1, keepdims=True)) ** 2, axis=1) / 3",
            "var",
            ("a",),
            {"axis": 1, "correction": 0},
        ),
        ("sum((a - mean(a, axis=1, keepdims=True)) ** 2, axis=1) / 5", None, (), {}),
        ("sum((a - mean(a, axis=0, keepdims=True)) ** 2, axis=1) / 2", None, (), {}),
        ("-mean(sum(log_softmax(a) * b, axis=-1))", "cross_entropy", ("a", "b"), {}),
        ("-mean(sum(log_softmax(a) * c, axis=-1))", None, (), {}),
        (
            "-mean(sum(one_hot(c, classes=3) * log_softmax(a), axis=-1))",
            "cross_entropy",
            ("a", "c"),
            {},
        ),
        ("-mean(sum(one_hot(c, classes=3) * log_softmax(b + a), axis=0))", None, (), {}),
        ("where(a > 0, a, 0)", "relu", ("a",), {}),
        ("where(a > 0, b, 0)", None, (), {}),
        ("where(a > 0, a, 0.2 * a)", "leaky_relu", ("a",), {"negative_slope": 0.2}),
        ("a * b / (1 - 0.1)", "dropout", ("a", "b"), {"p": 0.1}),
        ("a * b / (1 - 1.5)", None, (), {}),
        ("log(exp(a) + 2)", None, (), {}),
        ("log(exp(a) + [1])", None, (), {}),
        ("log(sum(exp(a), axis=(0, 1)))", "logsumexp", ("a",), {"axis": (0, 1)}),
        ("one_hot(c, classes=2) @ a", "embedding", ("a", "c"), {}),
    ],
)
def test_what_someone_wrote_is_recognised(
    formula: str, op: str | None, inputs: Any, settings: Any
) -> None:
    values = {"a": np.ones((2, 3)), "b": np.ones((2, 3)), "c": np.array([1.0, 0.0])}
    graph = parse(f"f = {formula}", values=values)
    found = [match for match in collapsible(graph) if match.node == "f"]
    if op is None:
        assert not found
        return
    (match,) = found
    assert (match.op, match.inputs, dict(match.settings)) == (op, inputs, settings)
    whole = collapse(graph, match.pieces)
    assert whole.nodes["f"].op == op
    before, after = evaluate(graph, output="f"), evaluate(whole, output="f")
    np.testing.assert_allclose(after.values["f"], before.values["f"], rtol=1e-12)
    assert set(whole.nodes) == {"f", *inputs}
    assert collapse(graph, ["f"]) == whole
    assert collapse(graph, [*match.pieces, *inputs]) == whole


def test_pieces_collapse_in_stages() -> None:
    text = "v = sum((a - mean(a, axis=-1, keepdims=True)) ** 2, axis=-1, keepdims=True) / 4"
    graph = parse(f"{text}\ny = (a - mean(a, axis=-1, keepdims=True)) / sqrt(v + 0.1)")
    graph = graph.set_values({"a": np.ones((2, 4))})
    (first,) = collapsible(graph)
    assert (first.op, first.node) == ("var", "v")
    graph = collapse(graph, ["v"])
    (second,) = collapsible(graph)
    assert (second.op, second.node, dict(second.settings)) == ("layer_norm", "y", {"eps": 0.1})
    assert collapse(graph, "y") == collapse(graph, ["y"])
    assert rules_of(collapse(graph, "y")) == {
        "a": ("input", (), {}),
        "y": ("layer_norm", ("a",), {"eps": 0.1}),
    }


def test_pieces_that_others_use_stay() -> None:
    graph = parse("e = exp(-a); y = 1 / (1 + e); z = e + 2; f = y * z")
    assert [match.op for match in collapsible(graph)] == []
    chosen = parse("e = exp(a); y = log(1 + e); e")
    assert chosen.output == "e"
    assert collapsible(chosen) == ()


def test_constants_that_others_use_stay() -> None:
    graph = parse("one = constant(1); y = one / (one + exp(-a)); f = y * one")
    (match,) = collapsible(graph)
    assert match.op == "sigmoid"
    whole = collapse(graph, match.pieces)
    assert set(whole.nodes) == {"one", "a", "y", "f"}


def test_the_pieces_lie_near_the_node_and_on_no_other() -> None:
    graph = graph_of(REGISTRY["sigmoid"], (np.ones(3),), {}).move({"x": (400.0, 88.0)})
    plain = expand(graph, "n")
    added = [plain.positions[name] for name in plain.nodes if name not in graph.nodes]
    assert len(added) == len(set(added)) == 5
    assert all(0 < 400 - x < 800 and abs(y) < 400 for x, y in added)
    assert {name: plain.positions[name] for name in graph.positions} == graph.positions
    nowhere = Graph().add("x", "input").add("n", "sigmoid", ["x"])
    assert expand(nowhere, "n").positions == {}


def test_names_that_are_taken_stay() -> None:
    graph = parse("exp1 = exp(c1); neg1 = sin(exp1); y = sigmoid(neg1)")
    plain = expand(graph, "y")
    assert {name: plain.nodes[name] for name in ("exp1", "c1", "neg1")} == {
        name: graph.nodes[name] for name in ("exp1", "c1", "neg1")
    }
    assert collapse(plain, ["y"]) == graph


@pytest.mark.parametrize(
    ("names", "message"),
    [
        ("nobody", "no node called nobody"),
        (["nobody"], "no node called nobody"),
        (["a"], "a: together they are not"),
        (["y"], "y: together they are not"),
        (["e", "y"], "e, y: together they are not"),
        ([], "together they are not"),
    ],
)
def test_what_is_no_expansion_is_refused(names: str | list[str], message: str) -> None:
    graph = parse("e = exp(a); y = log(2 + e)")
    with pytest.raises(GraphError, match=message):
        collapse(graph, names)


def test_what_is_composed_of_nothing_is_refused() -> None:
    graph = parse("y = exp(a)")
    with pytest.raises(GraphError, match="y: exp is not composed of other ops"):
        expand(graph, "y")
    with pytest.raises(GraphError, match="no node called z"):
        collapsible(graph, ends=["y", "z"])
    with pytest.raises(GraphError, match="no node called z"):
        expand(graph, "z")


def test_batch_normalisation_is_a_graph() -> None:
    """Statistics of a batch are composed: mean, variance, difference, quotient."""
    rows = np.random.default_rng(0).normal(3.0, 2.0, (16, 4))
    graph = parse(
        "y = (x - mean(x, axis=0)) / sqrt(var(x, axis=0, correction=0) + 1e-5)",
        values={"x": rows},
    )
    found = evaluate(expand(graph, "var1"), output="y").values["y"]
    np.testing.assert_allclose(np.mean(found, axis=0), 0.0, atol=1e-14)
    np.testing.assert_allclose(np.var(found, axis=0), 1.0, rtol=1e-4)


def test_pieces_are_in_the_frame_of_what_they_were() -> None:
    graph = parse("h = sigmoid(x); f = h * y")
    graph = graph.annotate(
        Annotations({"a": Frame("A", nodes=("h", "f")), "b": Frame("B", nodes=("x",))})
    )
    plain = expand(graph, "h")
    pieces = {name for name in plain.nodes if name not in graph.nodes}
    assert set(plain.annotations.frames["a"].nodes) == {"h", "f", *pieces}
    assert plain.annotate(plain.annotations) == plain
    whole = collapse(plain, {"h", *pieces})
    assert set(whole.annotations.frames["a"].nodes) == {"h", "f"}
    assert whole.annotations.frames["b"] == graph.annotations.frames["b"]
    assert whole.annotate(whole.annotations) == whole
