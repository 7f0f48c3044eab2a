"""Modular NumPy code gives the engine's numbers: for every op, every example and random graphs."""

from __future__ import annotations

from typing import Any

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from gradstudio.emit.numpy_modular import to_numpy_modular
from gradstudio.engine.evaluate import evaluate
from gradstudio.formula import parse
from gradstudio.formula.definition import define
from gradstudio.graph import Graph


def check(graph: Graph, ran: Any, agree: Any) -> None:
    names = ran(to_numpy_modular(graph))
    found = evaluate(graph)
    agree(names["output"], found.values[graph.output_of()])
    assert names.get("grads", {}).keys() == found.grads.keys()
    for name, grad in found.grads.items():
        agree(names["grads"][name], grad)


def test_an_op_computes_the_same(sample: Graph, ran: Any, agree: Any) -> None:
    check(sample, ran, agree)


def test_a_rule_that_gives_a_number_computes_the_same(
    constants_graph: Graph, ran: Any, agree: Any
) -> None:
    check(constants_graph, ran, agree)


def test_an_example_computes_the_same(example_graph: Graph, ran: Any, agree: Any) -> None:
    check(example_graph, ran, agree)


@given(st.integers(0, 2**32))
def test_a_random_graph_computes_the_same(
    random_graphs: Any, ran: Any, agree: Any, seed: int
) -> None:
    check(random_graphs(seed), ran, agree)


def written(formula: str, **values: Any) -> str:
    given = {name: np.asarray(value, dtype=float) for name, value in values.items()}
    return to_numpy_modular(parse(formula, values=given))


def test_a_class_keeps_what_its_backward_asks_for() -> None:
    code = written("f = exp(x) * y", x=2.0, y=3.0)
    assert (
        "class Exp:\n"
        "    def forward(self, x):\n"
        "        out = np.exp(x)\n"
        "        self.saved = (out,)\n"
        "        return out\n"
        "\n"
        "    def backward(self, grad):\n"
        "        (out,) = self.saved\n"
        "        return (grad * out,)\n"
    ) in code
    assert "        return grad * y, grad * x\n" in code


def test_nodes_of_one_op_share_a_class() -> None:
    code = written("f = (x * y) * (x * 2) + y * y", x=2.0, y=3.0)
    assert code.count("class Mul") == 1


def test_what_broadcasts_is_fitted_and_only_then() -> None:
    assert "def fit(" not in written("f = sum(x * y)", x=np.ones(3), y=np.ones(3))
    assert "def fit(" in written("f = sum(x * y)", x=np.ones(3), y=np.ones((2, 3)))


def test_what_broadcasts_in_one_node_of_a_class_is_fitted(ran: Any, agree: Any) -> None:
    values = {"x": np.ones(3), "y": np.array(2.0)}
    check(parse("f = sum((x + x) * x + y)", values=values), ran, agree)


def test_a_gradient_that_is_not_asked_for_is_not_computed(ran: Any) -> None:
    """The exponent's would be the logarithm of a negative number, and NumPy would warn."""
    code = written("f = sum(x ** 2)", x=[-1.0, -2.0])
    assert "np.log" not in code


def test_any_name_will_do(ran: Any, agree: Any) -> None:
    names = ["print", "np", "fit", "self", "Graph", "权重", "leaves", "Mul", "__name__", "x"]
    graph = Graph()
    for i, name in enumerate(names):
        graph = graph.add(name, "parameter", value=[i + 1.0, -0.5])
    for i, name in enumerate(names):
        graph = graph.add(f"m{i}", "mul", [f"m{i - 1}" if i else name, name])
    check(graph.add("f", "sum", ["m9"]), ran, agree)


def test_an_op_of_the_documents_own_is_a_class(ran: Any, agree: Any) -> None:
    """With ports that are called as a function of the text is, and a backward that is wrong."""
    texts = {"sigmoid": "2 * g * silu(sigmoid)", "grad": "g * sigmoid"}
    mine = define("my_op", ("sigmoid", "grad"), "sigmoid * silu(grad)", texts)
    graph = Graph().define(mine)
    graph = graph.add("x", "input", value=[0.5, -1.0]).add("y", "parameter", value=0.25)
    graph = graph.add("n", "my_op", ["x", "y"]).add("f", "sum", ["n"])
    assert "class MyOp:" in to_numpy_modular(graph)
    check(graph, ran, agree)


def test_a_graph_without_a_gradient_goes_forward(ran: Any, agree: Any) -> None:
    names = ran(written("f = x * 2", x=[1.0, 2.0]))
    agree(names["output"], [2.0, 4.0])
    assert "grads" not in names
