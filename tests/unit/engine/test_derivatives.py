"""Gradients as graphs: the added nodes compute what the backward pass leaves on the screen."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from gradstudio.engine.derivatives import grad, hvp
from gradstudio.engine.evaluate import evaluate
from gradstudio.engine.simplify import Rewrites
from gradstudio.errors import GradStudioError
from gradstudio.graph import Graph
from gradstudio.ops import REGISTRY, Op

NOTHING = Rewrites(units=False, negations=False, moves=False, folding=False)


def xyz() -> Graph:
    return (
        Graph()
        .add("x", "input", value=-2)
        .add("y", "input", value=5)
        .add("z", "input", value=-4)
        .add("q", "add", ["x", "y"])
        .add("f", "mul", ["q", "z"])
    )


@pytest.mark.parametrize("rewrites", [None, NOTHING], ids=["simplified", "as traced"])
@pytest.mark.parametrize(
    ("op", "shapes", "settings"),
    [
        pytest.param(op, shapes, settings, id=f"{op.name}-{shapes}-{dict(settings)}")
        for op in REGISTRY.values()
        for shapes, settings in op.samples
    ],
)
def test_the_adjoint_nodes_equal_the_backward_pass(
    op: type[Op], shapes: Any, settings: Any, rewrites: Rewrites, rng: np.random.Generator
) -> None:
    inputs = op.draw(rng, shapes, **settings)
    graph = Graph()
    for i, value in enumerate(inputs):
        graph = graph.add(f"x{i}", "input", value=value)
    graph = (
        graph.add("n", op.name, [f"x{i}" for i in range(len(inputs))], settings=settings)
        .add("s", "sin", ["n"])
        .add("f", "sum", ["s"])
    )
    found = evaluate(graph)
    leaves = [name for name in found.grads if graph.nodes[name].is_leaf]
    if not leaves:
        pytest.skip("the op has no derivative")
    added = evaluate(grad(graph, rewrites=rewrites))
    assert not added.errors
    for name in leaves:
        np.testing.assert_allclose(
            added.values[f"df_d{name}"], found.grads[name], rtol=1e-13, atol=1e-15
        )


def test_the_example_is_as_short_as_on_paper() -> None:
    graph = grad(xyz())
    added = {name: node.inputs for name, node in graph.nodes.items() if name not in xyz()}
    assert added == {"df_dx": ("z",), "df_dy": ("z",), "df_dz": ("q",)}
    assert graph.output == "f"


def test_each_rewrite_can_be_switched_off() -> None:
    whole, bare = grad(xyz()), grad(xyz(), rewrites=NOTHING)
    assert len(bare) > len(whole)
    assert {node.op for node in bare.nodes.values()} >= {"constant", "mul", "identity"}
    graph = Graph().add("x", "input", value=2).add("a", "neg", ["x"]).add("f", "neg", ["a"])
    kept = grad(graph, rewrites=Rewrites(negations=False, folding=False))
    dropped = grad(graph, rewrites=Rewrites(folding=False))
    assert len(dropped) < len(kept)
    assert evaluate(dropped).values["df_dx"] == evaluate(kept).values["df_dx"] == 1


def test_higher_derivatives_come_from_asking_again() -> None:
    graph = (
        Graph()
        .add("x", "input", value=0.7)
        .add("c", "constant", value=3)
        .add("p", "pow", ["x", "c"])
        .add("f", "sin", ["p"])
    )
    first = grad(graph, "f", "x")
    second = grad(first, "df_dx", "x")
    x = 0.7
    exact = -np.sin(x**3) * 9 * x**4 + np.cos(x**3) * 6 * x
    assert evaluate(second).values["ddf_dx_dx"] == pytest.approx(exact, rel=1e-14)
    assert hvp(graph, {"x": 1.0})["x"] == pytest.approx(exact, rel=1e-14)


def test_the_hessian_vector_product_of_a_quadratic_is_its_matrix(rng: np.random.Generator) -> None:
    matrix = rng.normal(size=(4, 4))
    graph = (
        Graph()
        .add("x", "input", value=rng.normal(size=4))
        .add("A", "constant", value=matrix)
        .add("y", "matmul", ["A", "x"])
        .add("f", "matmul", ["x", "y"])
    )
    vector = rng.normal(size=4)
    np.testing.assert_allclose(
        hvp(graph, {"x": vector})["x"], (matrix + matrix.T) @ vector, rtol=1e-13
    )


def test_what_the_gradient_does_not_need_is_not_added() -> None:
    graph = (
        Graph()
        .add("x", "input", value=2)
        .add("w", "parameter", value=3)
        .add("f", "mul", ["x", "w"])
    )
    assert set(grad(graph, wrt="w").nodes) == {"x", "w", "f", "df_dw"}


def test_names_that_are_taken_stay() -> None:
    graph = xyz().add("df_dx", "exp", ["x"]).set_output("f")
    added = grad(graph)
    assert added.nodes["df_dx"].op == "exp"
    assert evaluate(added).values["df_dz"] == 3


def test_a_chain_of_20000_nodes_needs_no_recursion() -> None:
    from gradstudio.graph import Node

    nodes = {"x": Node("input", value=np.array(0.5))}
    last = "x"
    for i in range(20_000):
        nodes[f"n{i}"] = Node("sin", (last,))
        last = f"n{i}"
    graph = grad(Graph.build(nodes))
    assert evaluate(graph).values[f"d{last}_dx"] == pytest.approx(
        evaluate(Graph.build(nodes)).grads["x"], rel=1e-12
    )


@pytest.mark.parametrize(
    ("wrt", "message"),
    [("nobody", "no node called nobody"), ("q", "q is no input or parameter that f depends on")],
)
def test_a_wrong_leaf_is_named(wrt: str, message: str) -> None:
    with pytest.raises(GradStudioError, match=message):
        grad(xyz(), wrt=wrt)


def test_a_vector_of_another_shape_is_refused() -> None:
    with pytest.raises(GradStudioError, match=r"x has shape scalar and its vector \(2\)"):
        hvp(xyz(), {"x": [1.0, 2.0]})
