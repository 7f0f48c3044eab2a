"""Ops of a document's own: right ones pass the check, wrong ones fail it, all of them run."""

from __future__ import annotations

import numpy as np
import pytest

from gradstudio import storage
from gradstudio.emit.formula import to_formula
from gradstudio.engine.definitions import verdicts
from gradstudio.engine.derivatives import grad, hvp
from gradstudio.engine.evaluate import evaluate
from gradstudio.engine.gradcheck import check
from gradstudio.engine.schedule import needs
from gradstudio.errors import GradStudioError
from gradstudio.formula import parse
from gradstudio.formula.definition import define
from gradstudio.graph import Graph
from gradstudio.node import Definition

SIGMOID = define("own_sigmoid", ["x"], "1 / (1 + exp(-x))", {"x": "g * out * (1 - out)"})
LEAKY = define("own_leaky", ["x"], "where(x > 0, x, 0.1*x)", {"x": "g * where(x > 0, 1, 0.1)"})
PRODUCT = define("own_product", ["a", "b"], "a @ b", {"a": "g @ b.T", "b": "a.T @ g"})
FORGOT_UPSTREAM = define("own_sigmoid", ["x"], "1 / (1 + exp(-x))", {"x": "out * (1 - out)"})
NOT_SWAPPED = define("own_mul", ["a", "b"], "a * b", {"a": "g * a", "b": "g * a"})
WRONG_SHAPE = define("own_sum", ["x"], "sum(x)", {"x": "g * [1, 2, 3, 4, 5]"})


def circuit(definition: Definition) -> Graph:
    graph = Graph().define(definition)
    return parse("f = sum(own_sigmoid(x) * 2)", known=graph).set_values({"x": [1.0, -2.0, 0.5]})


@pytest.mark.parametrize("definition", [SIGMOID, LEAKY, PRODUCT], ids=lambda one: one.name)
def test_right_formulas_pass(definition: Definition) -> None:
    assert all(verdict.right for verdict in verdicts(definition))


def test_a_forgotten_upstream_gradient_is_found() -> None:
    (verdict,) = verdicts(FORGOT_UPSTREAM)
    assert not verdict.right
    assert verdict.given is not None
    assert verdict.wanted is not None
    assert not np.allclose(verdict.given, verdict.wanted)


def test_the_wrong_input_is_named_and_the_right_one_is_not() -> None:
    assert [verdict.right for verdict in verdicts(NOT_SWAPPED)] == [False, True]


def test_a_formula_whose_shape_never_fits_says_so() -> None:
    (verdict,) = verdicts(define("own", ["x"], "sum(x)", {"x": "x @ [[1, 2, 3, 4]]"}))
    assert not verdict.right
    assert "x is (2, 3) and y is (1, 4)" in str(verdict.reason)


def test_it_computes_like_the_op_it_rebuilds() -> None:
    own = evaluate(circuit(SIGMOID))
    registered = evaluate(parse("f = sum(sigmoid(x) * 2)", values={"x": np.array([1, -2, 0.5])}))
    np.testing.assert_allclose(own.values["f"], registered.values["f"], rtol=1e-15)
    np.testing.assert_allclose(own.grads["x"], registered.grads["x"], rtol=1e-14)
    forward = evaluate(circuit(SIGMOID), mode="forward", wrt="x")
    assert forward.tangents["f"] == pytest.approx(np.sum(own.grads["x"]), rel=1e-14)


def test_its_gradient_can_be_differentiated_again() -> None:
    graph = circuit(SIGMOID)
    added = evaluate(grad(graph))
    np.testing.assert_array_equal(added.values["df_dx"], added.grads["x"])
    plain = parse("f = sum(sigmoid(x) * 2)", values={"x": np.array([1, -2, 0.5])})
    vector = {"x": [1.0, 2.0, 3.0]}
    np.testing.assert_allclose(hvp(graph, vector)["x"], hvp(plain, vector)["x"], rtol=1e-13)


def test_a_wrong_one_is_allowed_and_the_check_fails_there() -> None:
    (result,) = check(circuit(FORGOT_UPSTREAM))
    assert not result.passed


def test_a_backward_formula_of_the_wrong_shape_is_a_warning_of_its_node() -> None:
    graph = parse("f = own_sum(x)", known=Graph().define(WRONG_SHAPE)).set_values({"x": [1, 2]})
    found = evaluate(graph)
    assert found.values["f"] == 3
    assert "backward formula of x gives (5), and x is (2)" in str(found.warnings["f"])
    assert "x" not in found.grads


def test_what_it_keeps_for_backward_is_read_off_its_formulas() -> None:
    assert needs(SIGMOID.rules, ((3,),), {}, (0,)) == (0,)
    assert needs(PRODUCT.rules, ((2, 3), (3, 4)), {}, (0,)) == (2,)


def test_files_and_formulas_carry_it() -> None:
    graph = circuit(SIGMOID)
    data = storage.dumps(graph)
    assert b'"forward": "1 / (1 + exp(-x))"' in data
    assert storage.loads(data) == graph
    assert to_formula(graph) == "f = sum(own_sigmoid(x) * 2)"


def test_unknown_fields_of_a_definition_are_kept() -> None:
    data = storage.dumps(circuit(SIGMOID)).replace(
        b'"inputs": ["x"], "forward"', b'"colour": "red", "inputs": ["x"], "forward"'
    )
    assert b'"colour": "red"' in storage.dumps(storage.loads(data))


def test_a_new_meaning_reaches_every_node_and_the_numbers() -> None:
    graph = circuit(SIGMOID)
    before = evaluate(graph)
    changed = graph.define(FORGOT_UPSTREAM)
    again = evaluate(changed, previous=before)
    assert not np.array_equal(again.grads["x"], before.grads["x"])
    np.testing.assert_array_equal(again.grads["x"], evaluate(changed).grads["x"])


def test_two_documents_with_different_ops_of_one_name_can_be_merged() -> None:
    merged, names = circuit(SIGMOID).merged(circuit(FORGOT_UPSTREAM))
    assert set(merged.definitions) == {"own_sigmoid", "own_sigmoid1"}
    assert merged.nodes[names["own_sigmoid1"]].op == "own_sigmoid1"
    assert merged.nodes["own_sigmoid1"].op == "own_sigmoid"


def test_the_graph_refuses_what_would_leave_nodes_without_an_op() -> None:
    graph = circuit(SIGMOID)
    with pytest.raises(GradStudioError, match="own_sigmoid1 still uses own_sigmoid"):
        graph.undefine("own_sigmoid")
    assert not graph.remove(["own_sigmoid1"]).undefine("own_sigmoid").definitions
    two = define("own_sigmoid", ["x", "y"], "x + y", {"x": "g", "y": "g"})
    with pytest.raises(GradStudioError, match="number of its inputs"):
        graph.define(two)


@pytest.mark.parametrize(
    ("name", "inputs", "forward", "backward", "message"),
    [
        ("exp", ["x"], "x", {"x": "g"}, "already is an op called exp"),
        ("own", ["g"], "g", {"g": "g"}, "no input can be called g"),
        ("own", ["x"], "x + y", {"x": "g"}, "forward uses y"),
        ("own", ["x"], "x", {"x": "g * q"}, "x uses q"),
        ("own", ["x"], "x +", {"x": "g"}, "line 1"),
        ("own", ["x"], "x", {}, "one backward formula for each input; see x"),
        ("own", [], "1", {}, "1 to 16 inputs"),
        ("own", ["x"], "exp(...)", {"x": "g"}, "not finished"),
        ("own", ["x"], "__import__('os')", {"x": "g"}, "line 1"),
        ("2x", ["x"], "x", {"x": "g"}, "cannot be a node's name"),
    ],
)
def test_a_definition_that_cannot_be_read_says_why(
    name: str, inputs: list[str], forward: str, backward: dict[str, str], message: str
) -> None:
    with pytest.raises(GradStudioError, match=message):
        define(name, inputs, forward, backward)
