"""Flat NumPy code gives the engine's numbers: for every op, every example and random graphs."""

from __future__ import annotations

import ast
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gradstudio.emit.numpy import to_numpy
from gradstudio.engine.evaluate import evaluate
from gradstudio.errors import GradStudioError
from gradstudio.formula import parse
from gradstudio.graph import Graph


def check(graph: Graph, ran: Any, agree: Any) -> None:
    names = ran(to_numpy(graph))
    found = evaluate(graph)
    output = graph.output_of()
    agree(names[output], found.values[output])
    for name, grad in found.grads.items():
        agree(names[f"grad_{name}"], grad)


def test_an_op_computes_the_same(sample: Graph, ran: Any, agree: Any) -> None:
    check(sample, ran, agree)


def test_an_op_of_constants_computes_the_same(sample: Graph, ran: Any, agree: Any) -> None:
    """Numbers are written in place, and Python must not compute with them by itself."""
    first = next(iter(sample.nodes))
    for kept in {first, "x0", "x1"} & set(sample.nodes):
        graph = Graph()
        for name, node in sample.nodes.items():
            leaf = node.is_leaf and name != kept
            op = "constant" if leaf else node.op
            graph = graph.add(
                name, op, node.inputs, settings={} if leaf else node.settings, value=node.value
            )
        if evaluate(graph).no_gradient is None:
            check(graph, ran, agree)


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


def lines(formula: str, **values: Any) -> list[str]:
    given = {name: np.asarray(value, dtype=float) for name, value in values.items()}
    return to_numpy(parse(formula, values=given)).splitlines()


def test_the_code_reads_as_by_hand() -> None:
    written = lines("f = (x + y) * y", x=2.0, y=3.0)
    assert written[written.index("# Forward pass") : written.index("# Backward pass")] == [
        "# Forward pass",
        "add1 = x + y",
        "f = add1 * y",
        "",
    ]
    assert written[written.index("# Backward pass") :] == [
        "# Backward pass",
        "grad_f = np.ones_like(f)",
        "grad_add1 = grad_f * y",
        "grad_y = grad_f * add1",
        "grad_x = grad_add1",
        "grad_y += grad_add1",
        "",
        'print("f =", f)',
        'print("grad_x =", grad_x)',
        'print("grad_y =", grad_y)',
    ]


def test_broadcasting_is_undone_by_a_sum() -> None:
    written = lines("f = sum((x + b) * c)", x=np.ones((2, 3)), b=np.ones(3), c=2.0)
    assert "grad_b = grad_add1.sum(axis=0)" in written
    assert "grad_c = (grad_mul1 * add1).sum()" in written


def test_a_gradient_that_is_added_to_is_nobody_elses(ran: Any, agree: Any) -> None:
    values = {"x": np.ones(3), "y": np.ones(3)}
    graph = parse("s = x + y\nf = sum(x * x + s)", values=values)
    assert any(line.endswith(".copy()") for line in to_numpy(graph).splitlines())
    check(graph, ran, agree)


def test_one_divided_by_zero_is_numpys(ran: Any) -> None:
    graph = parse("f = w * (1 / 0)", values={"w": np.array(2.0)})
    assert ran(to_numpy(graph))["f"] == np.inf


def test_a_number_without_a_logarithm_gives_no_warning(ran: Any, agree: Any) -> None:
    check(parse("f = (-2) ** x", values={"x": np.array(2.0)}), ran, agree)


def test_a_name_that_means_something_means_the_node(capsys: Any, ran: Any, agree: Any) -> None:
    names = [
        "print",
        "np",
        "grad_x",
        "x",
        "part",
        "sigmoid",
        "self",
        "match",
        "权重",
        "_",
        "__class__",
    ]
    graph = Graph()
    for i, name in enumerate(names):
        graph = graph.add(name, "parameter", value=[i + 1.0, -0.5])
    graph = graph.add("grad_np", "sigmoid", [names[0]])
    last = "grad_np"
    for i, name in enumerate(names):
        graph = graph.add(f"n{i}", "max", [last, name]).add(f"m{i}", "mul", [f"n{i}", name])
        last = f"m{i}"
    graph = graph.add("exec", "sum", [last])
    ran(to_numpy(graph))
    shown = capsys.readouterr().out.replace("\n ", " ").splitlines()
    found = evaluate(graph)
    expected = [found.values["exec"]]
    expected += [found.grads[name] for name in found.order if name in names]
    assert len(shown) == len(expected)
    for line, value in zip(shown, expected, strict=True):
        numbers = line.partition(" = ")[2].strip("[]").split()
        np.testing.assert_allclose(np.array(numbers, dtype=float), np.ravel(value), 1e-6, 1e-8)


@pytest.mark.parametrize("name", ["print", "np", "权重", "a" * 64])
def test_every_statement_is_of_a_kind_that_is_expected(name: str) -> None:
    graph = Graph().add(name, "parameter", value=2.0).add("f", "sigmoid", [name])
    kinds = {type(one).__name__ for one in ast.parse(to_numpy(graph)).body}
    assert kinds == {"Import", "FunctionDef", "Assign", "Expr"}


def test_an_output_without_a_gradient_has_a_forward_pass(ran: Any, agree: Any) -> None:
    graph = parse("f = x * 2", values={"x": np.ones(3)})
    code = to_numpy(graph)
    assert "Backward" not in code
    agree(ran(code)["f"], [2.0, 2.0, 2.0])


def test_a_leaf_may_be_all(ran: Any) -> None:
    assert ran(to_numpy(Graph().add("x", "input", value=2.5)))["x"] == 2.5


def test_many_numbers_come_back_to_the_last_bit(ran: Any, rng: np.random.Generator) -> None:
    values = {"x": rng.normal(size=(7, 2, 40)) * 1e-7, "none": np.zeros((0, 3))}
    names = ran(to_numpy(parse("f = sum(x) + sum(none)", values=values)))
    for name, value in values.items():
        np.testing.assert_array_equal(names[name], value)


def test_a_graph_without_a_value_is_refused() -> None:
    with pytest.raises(GradStudioError, match="unknown has no value"):
        to_numpy(parse("f = 2 * unknown"))


def test_a_graph_with_two_outputs_is_refused() -> None:
    graph = parse("a = x * 2\nb = x * x", values={"x": np.ones(2)}).set_output(None)
    with pytest.raises(GradStudioError, match="2 outputs"):
        to_numpy(graph)
