"""The chain rule at a node: its terms multiply to the numbers on the edges."""

from __future__ import annotations

import numpy as np
import pytest

from gradstudio.engine.evaluate import evaluate
from gradstudio.engine.explain import explain
from gradstudio.graph import Graph
from gradstudio.ops import REGISTRY


def test_the_terms_of_mul_swap_the_inputs() -> None:
    graph = (
        Graph()
        .add("x", "input", value=-2)
        .add("y", "input", value=5)
        .add("q", "mul", ["x", "y"])
        .add("f", "exp", ["q"])
    )
    found = explain(evaluate(graph), "q")
    x, y = found.terms
    assert (x.local, x.product, x.local_value) == ("y", "g · y", 5)
    assert (y.local, y.local_value) == ("x", -2)
    for term in found.terms:
        assert term.upstream * term.local_value == term.downstream
        assert not term.summed
    assert [(fact.port, fact.source, fact.value) for fact in found.inputs] == [
        ("x", "x", -2),
        ("y", "y", 5),
    ]
    assert found.uses == (("f", "x", found.output.grad),)
    assert found.patterns == ("gradient swapper",)


@pytest.mark.parametrize("op", [op for op in REGISTRY.values() if op.local], ids=lambda op: op.name)
def test_local_times_upstream_is_downstream_for_every_op_that_states_one(
    op: type, rng: np.random.Generator
) -> None:
    shape = (2, 3)
    settings = dict(op.samples[0][1])
    graph = Graph()
    inputs = op.draw(rng, (shape,) * len(op.inputs), **settings)
    for i, value in enumerate(inputs):
        graph = graph.add(f"x{i}", "input", value=value)
    graph = graph.add("n", op.name, [f"x{i}" for i in range(len(inputs))], settings=settings)
    graph = graph.add("s", "sin", ["n"]).add("f", "sum", ["s"])
    for term in explain(evaluate(graph), "n").terms:
        np.testing.assert_allclose(
            term.upstream * term.local_value, term.downstream, rtol=1e-12, atol=1e-15
        )


def test_broadcasting_says_that_the_product_was_summed() -> None:
    graph = (
        Graph()
        .add("X", "input", value=np.ones((2, 3)))
        .add("b", "parameter", value=np.ones(3))
        .add("y", "add", ["X", "b"])
        .add("f", "sum", ["y"])
    )
    found = explain(evaluate(graph), "y")
    assert [term.summed for term in found.terms] == [False, True]
    assert found.terms[1].downstream.tolist() == [2, 2, 2]


def test_matmul_states_its_product_and_no_local_derivative() -> None:
    graph = (
        Graph()
        .add("X", "input", value=np.ones((5, 3)))
        .add("W", "parameter", value=np.ones((3, 4)))
        .add("y", "matmul", ["X", "W"])
        .add("f", "sum", ["y"])
    )
    terms = explain(evaluate(graph), "y").terms
    assert [term.product for term in terms] == ["g @ yᵀ", "xᵀ @ g"]
    assert [term.local_value for term in terms] == [None, None]


def test_an_unfinished_node_has_ports_and_no_terms() -> None:
    graph = Graph().add("x", "input", value=1).add("m", "mul", ["x", None])
    found = explain(evaluate(graph), "m")
    assert [fact.source for fact in found.inputs] == ["x", None]
    assert found.terms == ()
    assert found.output.value is None


def test_a_value_used_twice_adds_what_comes_back() -> None:
    graph = (
        Graph()
        .add("x", "input", value=2)
        .add("y", "input", value=3)
        .add("s", "add", ["x", "y"])
        .add("f", "mul", ["s", "s"])
    )
    found = explain(evaluate(graph), "s")
    assert found.patterns == ("gradient distributor", "gradient adder")
    assert sum(float(grad) for _, _, grad in found.uses) == found.output.grad
