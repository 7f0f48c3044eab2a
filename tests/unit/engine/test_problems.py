"""Every kind of problem: found where it is, and nowhere else."""

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import pytest

from gradstudio import formula, resources, storage
from gradstudio.engine import problems as module
from gradstudio.engine.definitions import verdicts
from gradstudio.engine.evaluate import evaluate
from gradstudio.engine.problems import Problem, problems
from gradstudio.formula.definition import define
from gradstudio.graph import Graph
from gradstudio.numbers import number_text
from gradstudio.rewiring import mute

MATRIX = np.ones((2, 3))


def built(text: str, **values: npt.ArrayLike) -> Graph:
    graph = formula.parse(text)
    return graph.set_values(values)


def found(graph: Graph) -> tuple[Problem, ...]:
    return problems(evaluate(graph))


def kinds(graph: Graph) -> list[tuple[str, str | None]]:
    return [(problem.kind, problem.node) for problem in found(graph)]


def chain(depth: int, weight: float, op: str = "sigmoid") -> Graph:
    """A deep net of one unit a layer."""
    lines = ["h0 = x * w0"]
    lines += [f"h{at} = {op}(h{at - 1}) * w{at}" for at in range(1, depth)]
    values: Mapping[str, float] = {f"w{at}": weight for at in range(depth)}
    return built("; ".join(lines), x=1.0, **values)


@pytest.mark.parametrize("path", sorted(resources.path("examples").glob("*.gradstudio")))
def test_the_examples_have_none(path) -> None:
    assert found(storage.load(path)) == ()


def test_an_empty_graph_has_none() -> None:
    assert found(Graph()) == ()


@pytest.mark.parametrize(
    ("graph", "kind", "node", "said"),
    [
        (
            built("z = sum(x @ y)", x=np.ones((2, 3)), y=np.ones((2, 3))),
            "shape",
            "matmul1",
            "(2, 3)",
        ),
        (Graph().add("x", "input", value=1).add("f", "add", ["x"]), "unconnected", "f", "input y"),
        (Graph().add("x", "input").add("f", "exp", ["x"]), "no_value", "x", "no value yet"),
        (built("f = exp(x)", x=[1, 2, 3]), "not_scalar", "f", "sum or mean"),
        (Graph().add("c", "constant", value=1).add("f", "exp", ["c"]), "constant", "f", "no input"),
    ],
)
def test_errors(graph: Graph, kind: str, node: str, said: str) -> None:
    (problem,) = found(graph)
    assert (problem.kind, problem.severity, problem.node) == (kind, "error", node)
    assert said in str(problem.message)


def test_several_outputs_are_one_problem_of_the_graph() -> None:
    (problem,) = found(built("a = exp(x); b = sin(x)", x=1.0).set_output(None))
    assert (problem.kind, problem.severity, problem.node) == ("outputs", "warning", None)
    assert "a, b" in str(problem.message)


def test_what_lies_behind_an_error_is_not_listed_again() -> None:
    graph = built("a = x @ y; b = exp(a); f = sum(b)", x=np.ones((2, 3)), y=np.ones((2, 3)))
    assert kinds(graph) == [("shape", "a")]


def test_not_finite_is_traced_to_its_first_node() -> None:
    graph = built("a = log(x); b = a * 2; f = exp(b) + b", x=-1.0)
    assert kinds(graph) == [("not_finite", "a")]
    assert "not positive" in str(found(graph)[0].message)


def test_a_gradient_that_is_not_finite_is_traced_too() -> None:
    graph = built("r = sqrt(x); f = 3 * r + w", x=0.0, w=1.0)
    assert kinds(graph) == [("steep", "r")]


@pytest.mark.parametrize(("op", "at"), [("tanh", 3.0), ("tanh", -3.0), ("sigmoid", 6.0)])
def test_saturation(op: str, at: float) -> None:
    assert kinds(built(f"f = {op}(x)", x=at)) == [("saturated", "f")]
    assert kinds(built(f"f = {op}(x)", x=at / 2)) == []
    half = built(f"s = {op}(x); f = sum(s)", x=[at, at, 0, 0])
    assert kinds(half) == [("saturated", "s")]
    assert "50 %" in str(found(half)[0].message)
    assert kinds(built(f"s = {op}(x); f = sum(s)", x=[at, 0, 0, 0])) == []


def test_the_threshold_of_saturation_is_that_of_the_gradient() -> None:
    at = np.arctanh(module.SATURATED_AT)
    for op, scale in (("tanh", 1), ("sigmoid", 2)):
        evaluation = evaluate(built(f"f = {op}(x)", x=scale * at))
        steepest = float(evaluate(built(f"f = {op}(x)", x=0)).grads["x"])
        assert float(evaluation.grads["x"]) / steepest == pytest.approx(1 - module.SATURATED_AT**2)


def test_dead_relu() -> None:
    assert kinds(built("f = relu(x)", x=-1.0)) == [("dead", "f")]
    assert kinds(built("f = relu(x)", x=0.0)) == [("dead", "f")]
    assert kinds(built("f = relu(x)", x=0.1)) == []
    units = built("h = relu(x); f = sum(h)", x=[[1, -1, -2, -1], [-1, -2, -1, -3]])
    (problem,) = found(units)
    assert "3 of 4 units" in str(problem.message)
    alive = built("h = relu(x); f = sum(h)", x=[[1, -1, 1, -1], [-1, 2, -1, -3]])
    assert kinds(alive) == []
    assert kinds(built("h = relu(x); f = sum(h)", x=np.ones((0, 3)))) == []


def test_a_muted_unit_is_neither_saturated_nor_dead() -> None:
    graph = built("a = relu(x); f = tanh(a)", x=-9.0)
    assert kinds(graph) == [("dead", "a")]
    assert kinds(mute(graph, ["a", "f"])) == []


def test_a_vanishing_gradient_is_said_with_its_ratio() -> None:
    graph = chain(8, 1.0)
    (problem,) = [one for one in found(graph) if one.kind == "vanishing"]
    grads = evaluate(graph).grads
    ratio = float(grads["h0"] / grads["h7"])
    assert problem.node == "h0"
    assert f"{ratio:.2e}"[:4] in str(problem.message)
    assert "h7" in str(problem.message)


def test_an_exploding_gradient_is_said_with_its_ratio() -> None:
    graph = chain(6, 20.0, "identity")
    (problem,) = found(graph)
    assert (problem.kind, problem.node) == ("exploding", "h0")
    assert kinds(chain(6, 2.0, "identity")) == []


def test_a_shallow_graph_may_have_gradients_of_any_size() -> None:
    assert kinds(built("f = w * x + b", x=1e6, w=1.0, b=0.0)) == []
    assert kinds(chain(3, 1e-3, "identity")) == []


def test_unused_nodes() -> None:
    graph = built("a = exp(x); f = sin(x)", x=1.0).set_output("f")
    graph = graph.add("w", "parameter", value=1).add("b", "sin", ["a"])
    assert kinds(graph) == [("unused", "b"), ("unused", "w")]
    assert all(problem.severity == "warning" for problem in found(graph))


def test_a_parameter_that_no_gradient_reaches() -> None:
    graph = built("m = w > x; f = x * m", x=2.0, w=1.0)
    assert kinds(graph) == [("cut", "w")]


def test_a_wrong_backward_formula_is_said_with_its_numbers() -> None:
    wrong = define("own_mul", ["a", "b"], "a * b", {"a": "g * b", "b": "g * b"})
    graph = formula.parse("p = own_mul(x, y); f = own_mul(p, y)", known=Graph().define(wrong))
    graph = graph.set_values({"x": 2.0, "y": 3.0})
    (problem,) = found(graph)
    assert (problem.kind, problem.severity, problem.node) == ("formula", "warning", "p")
    (verdict,) = [one for one in verdicts(wrong) if not one.right]
    given, wanted = verdict.worst
    message = str(problem.message)
    assert "p (own_mul): the backward formula of b is wrong" in message
    assert number_text(given) in message
    assert number_text(wanted) in message
    assert kinds(mute(graph, ["p", "f"])) == []


def test_a_right_backward_formula_is_no_problem() -> None:
    right = define("own_mul", ["a", "b"], "a * b", {"a": "g * b", "b": "g * a"})
    graph = formula.parse("f = own_mul(x, y)", known=Graph().define(right))
    assert kinds(graph.set_values({"x": 2.0, "y": 3.0})) == []


def test_a_formula_is_checked_once_however_often_problems_are_looked_for() -> None:
    wrong = define("own_once", ["a"], "a * a", {"a": "g"})
    graph = formula.parse("f = own_once(x)", known=Graph().define(wrong))
    before = verdicts.cache_info().misses
    for value in (1.0, 2.0, 3.0):
        assert kinds(graph.set_values({"x": value})) == [("formula", "f")]
    assert verdicts.cache_info().misses == before + 1


def test_a_column_against_a_row_of_numbers() -> None:
    column, row = np.ones((5, 1)), np.zeros(5)
    assert kinds(built("f = mse(x, y)", x=column, y=row)) == [("broadcast", "f")]
    assert "(5, 5)" in str(found(built("f = mse(x, y)", x=column, y=row))[0].message)
    assert kinds(built("f = mse(x, y)", x=column, y=column * 0)) == []
    assert kinds(built("f = sum(x + y)", x=np.ones((4, 5)), y=row)) == []
    # With as many axes each, it was meant.
    assert kinds(built("f = sum(x * y)", x=column, y=np.ones((1, 5)))) == []


def test_errors_come_first_and_in_the_order_of_computation() -> None:
    graph = built("a = relu(x); b = tanh(y); f = a + b", x=-1.0, y=9.0)
    graph = graph.add("z", "input").add("u", "exp", ["z"]).set_output("f")
    assert kinds(graph) == [("no_value", "z"), ("dead", "a"), ("saturated", "b"), ("unused", "u")]


def test_a_problem_is_a_value() -> None:
    graph = built("f = relu(x)", x=-1.0)
    assert found(graph) == found(graph)
    assert len({*found(graph), *found(graph)}) == 1
    with pytest.raises(AttributeError):
        found(graph)[0].kind = "shape"  # type: ignore[misc]
