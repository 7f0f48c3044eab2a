"""A layer is one product, and computes what the sum after the product computes."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pytest

from gradstudio.engine.affine import Layer, layers
from gradstudio.engine.compile import CompiledStep
from gradstudio.engine.evaluate import evaluate
from gradstudio.engine.lowering import lower
from gradstudio.formula import parse
from gradstudio.graph import Graph


class Descent(NamedTuple):
    learning_rate: float
    momentum: float


RNG = np.random.default_rng(7)
X, W, V, B, C = (RNG.normal(size=shape) for shape in ((5, 3), (3, 4), (4, 2), 4, 2))
LEAVES = {"x": X, "w": W, "v": V, "b": B, "c": C}


def graph(formula: str, **others: np.ndarray) -> Graph:
    made = parse(formula, values={**LEAVES, **others}) if others else parse(formula)
    values = {name: value for name, value in {**LEAVES, **others}.items() if name in made}
    made = made.set_values(values)
    for name in values:
        if name not in ("x", "y"):
            made = made.set_op(name, "parameter")
    return made


def found(made: Graph, kept: bool = False) -> list[Layer]:
    trained = [name for name, node in made.nodes.items() if node.op == "parameter"]
    shapes = {name: value.shape for name, value in evaluate(made).values.items()}
    shapes = {name: shapes[name] for name, node in made.nodes.items() if node.is_leaf}
    end = made.output_of()
    lowered = lower(made, (end,), shapes, frozenset(trained))
    grads = {lowered.leaves[name]: lowered.grads[name] for name in trained}
    results = {lowered.values[end], *grads.values()}
    results |= set(lowered.values.values()) if kept else set()
    return layers(lowered.recording, lowered.recording.needed(results), results, grads)


def agrees(made: Graph) -> None:
    expected = evaluate(made)
    loss, grads = CompiledStep(made).gradients()
    assert loss == pytest.approx(float(expected.values[made.output_of()]), rel=1e-12)
    for name, grad in grads.items():
        np.testing.assert_allclose(grad, expected.grads[name], rtol=1e-11, atol=1e-12)


@pytest.mark.parametrize(
    ("formula", "count"),
    [
        ("l = sum(tanh(x @ w + b))", 1),
        ("l = sum(tanh(b + x @ w))", 1),
        ("l = sum((tanh(x @ w + b) @ v + c) ** 2)", 2),
        ("l = sum(((x @ w + b) @ v + c) ** 2)", 2),
        ("l = mean(softmax(x @ w + b, axis=1) ** 2)", 1),
        ("l = sum((x @ w + b) ** 2) + sum(tanh(x) ** 2)", 1),
        ("l = sum(amax(x @ w + b, axis=0) ** 2) + sum(amin(x @ w + b, axis=1) ** 2)", 1),
        ("l = sum((x @ w + b).reshape(-1) ** 2)", 1),
        ("l = sum((x @ w + b).T @ (x @ w + b))", 1),
    ],
)
def test_a_layer_is_found_and_computes_the_same(formula: str, count: int) -> None:
    made = graph(formula)
    assert len(found(made)) == count
    agrees(made)


def test_both_gradients_of_a_layer_are_one_product() -> None:
    made = graph("l = sum((tanh(x @ w + b) @ v + c) ** 2)")
    first, second = found(made)
    assert first.out != second.x  # tanh lies between them
    assert first.upstream is not None
    assert second.upstream is not None


@pytest.mark.parametrize(
    "formula",
    [
        "l = sum(tanh(x @ w) + b)",
        "m = x @ w\nl = sum(m + b) + sum(m)",
        "l = sum(w @ v + c)",
        "l = sum(x @ w + 1)",
        "l = sum(x[:, 0:3] @ w + b)",
    ],
)
def test_what_is_no_layer_computes_the_same(formula: str) -> None:
    made = graph(formula)
    assert found(made) == []
    agrees(made)


def test_a_gradient_that_is_the_same_in_every_row_is_no_product() -> None:
    made = graph("l = sum(x @ w + b)")
    assert [layer.upstream for layer in found(made)] == [None]
    agrees(made)


def test_a_weight_that_is_used_twice_is_stacked_once() -> None:
    made = graph("l = sum((tanh(x @ w + b) @ u + b) ** 2)", u=RNG.normal(size=(4, 4)))
    assert len(found(made)) == 1
    agrees(made)


def test_two_biases_of_one_gradient_have_one_each() -> None:
    made = graph("l = sum(((x @ w + b) + d) ** 2)", d=RNG.normal(size=4))
    agrees(made)
    assert [layer.upstream for layer in found(made)] == [None]


def test_a_product_that_is_read_afterwards_stays() -> None:
    assert found(graph("l = sum(tanh(x @ w + b))"), kept=True) == []


def test_another_batch_goes_where_the_ones_are() -> None:
    made = graph("l = sum(tanh(x @ w + b))")
    step = CompiledStep(made, inputs=("x",))
    step.gradients()
    moved = made.set_values({"x": X + 1.0})
    step.set_values({"x": X + 1.0})
    loss, grads = step.gradients()
    expected = evaluate(moved)
    assert loss == pytest.approx(float(expected.values["l"]), rel=1e-12)
    np.testing.assert_allclose(grads["b"], expected.grads["b"], rtol=1e-12)


def test_large_products_stay_as_they_are() -> None:
    large = {"x": np.ones((300, 200)), "w": np.ones((200, 100)) / 200, "b": np.zeros(100)}
    made = graph("l = mean(tanh(x @ w + b) ** 2)", **large)
    assert found(made) == []
    agrees(made)


P, Q, T = (RNG.normal(size=shape) for shape in ((5, 4), (5, 3), (2, 5, 3)))


@pytest.mark.parametrize(
    ("formula", "fixed"),
    [
        ("l = sum(p * (x @ w + b))", "x"),  # the gradient of p is the layer
        ("h = tanh(x * q)\nl = sum(r * h) + mean((h @ w + b) ** 2)", "x"),  # of r, its input
        ("l = sum(p * (tanh(x * q) @ w + b))", "xp"),  # x moves, its gradient does not
        ("s = sum(p, axis=0)\nl = sum(s * d) + sum(p * (tanh(x * q * s[0]) @ w + b))", "xp"),
        ("l = sum(p * d) + sum(p * (tanh(x * q) @ w + b)) + sum(sum(p, axis=0) ** 2)", "x"),
        ("l = mean(tanh(x @ w + b)) + mean(tanh(sum(t * q, axis=0)))", "x"),
        ("l = mean(tanh(x @ w + b)) + mean(tanh(sum(t, axis=0) @ w + d))", "x"),
        ("l = mean(tanh(x @ w + b)) + mean(tanh(amax(t * q, axis=0)))", "x"),
    ],
)
def test_what_lies_elsewhere_or_moves_otherwise_computes_the_same(formula: str, fixed: str) -> None:
    made = graph(formula, p=P, q=Q, r=Q[::-1], t=T, d=RNG.normal(size=4))
    for name in fixed:
        made = made.set_op(name, "input")
    step = CompiledStep(made, Descent(0.05, 0.5))
    for _ in range(3):
        expected = evaluate(made.set_values(step.parameters))
        _, grads = step.gradients()
        for name, grad in grads.items():
            np.testing.assert_allclose(grad, expected.grads[name], rtol=1e-10, atol=1e-11)
        step.run(1)
