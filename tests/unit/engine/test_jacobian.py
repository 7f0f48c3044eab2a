"""Jacobians written out: equal to differences, named by pattern, with what they would cost."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from gradstudio.engine.cost import costs
from gradstudio.engine.evaluate import evaluate
from gradstudio.engine.jacobian import jacobian, local_jacobian
from gradstudio.errors import GradStudioError
from gradstudio.graph import Graph
from gradstudio.ops import REGISTRY, Op


def graph_of(op: type[Op], inputs: tuple[Any, ...], settings: Any) -> Graph:
    graph = Graph()
    for i, value in enumerate(inputs):
        graph = graph.add(f"x{i}", "input", value=value)
    return graph.add("n", op.name, [f"x{i}" for i in range(len(inputs))], settings=settings)


@pytest.mark.parametrize(
    ("op", "shapes", "settings"),
    [
        pytest.param(op, shapes, settings, id=f"{op.name}-{shapes}-{dict(settings)}")
        for op in REGISTRY.values()
        for shapes, settings in op.samples
    ],
)
def test_local_and_whole_jacobian_agree_for_every_op(
    op: type[Op], shapes: Any, settings: Any, rng: np.random.Generator
) -> None:
    inputs = op.draw(rng, shapes, **settings)
    found = evaluate(graph_of(op, inputs, settings))
    for port in range(len(inputs)):
        out = op.forward(*inputs, **settings)
        if op.vjp(np.zeros_like(out)[()], out, *inputs, **settings)[port] is None:
            with pytest.raises(GradStudioError, match="no derivative"):
                local_jacobian(found, "n", port)
            continue
        local = local_jacobian(found, "n", port)
        whole = jacobian(found, f"x{port}", "n")
        np.testing.assert_allclose(local.matrix, whole.matrix, rtol=1e-12, atol=1e-14)
        rows, columns = local.matrix.shape
        assert local.passes == min(rows, columns)
        assert local.mode == ("reverse" if rows <= columns else "forward")
        assert local.tensor.shape == found.shapes["n"] + found.shapes[f"x{port}"]


def test_the_jacobian_is_the_slope_of_differences(rng: np.random.Generator) -> None:
    x, w = rng.normal(size=(2, 3)), rng.normal(size=(3, 2))
    graph = (
        Graph()
        .add("x", "input", value=x)
        .add("w", "parameter", value=w)
        .add("y", "matmul", ["x", "w"])
        .add("s", "softmax", ["y"])
    )
    exact = jacobian(evaluate(graph), "w", "s").matrix
    h = 1e-6
    for column in range(w.size):
        step = np.zeros(w.size)
        step[column] = h
        moved = [
            evaluate(graph.set_values({"w": w + sign * step.reshape(w.shape)})).values["s"]
            for sign in (1, -1)
        ]
        np.testing.assert_allclose(
            exact[:, column], ((moved[0] - moved[1]) / (2 * h)).reshape(-1), atol=1e-8
        )


@pytest.mark.parametrize(
    ("op", "inputs", "settings", "pattern"),
    [
        ("relu", ([1.0, -2.0, 3.0],), {}, "diagonal"),
        ("exp", ([1.0, -2.0, 3.0],), {}, "diagonal"),
        ("transpose", (np.arange(1.0, 7.0).reshape(2, 3),), {}, "permutation"),
        ("sum", ([1.0, 2.0, 3.0],), {}, "dense"),
        ("softmax", ([1.0, 2.0, 3.0],), {}, "dense"),
        ("broadcast_to", (2.0,), {"shape": (3,)}, "dense"),
        ("matmul", (np.ones((2, 3)), np.ones((3, 4))), {}, "block diagonal"),
        ("sign", ([1.0, 2.0],), {}, "zero"),
        ("slice", ([1.0, 2.0, 3.0],), {"index": "1:3"}, "permutation"),
    ],
)
def test_the_pattern_is_named(op: str, inputs: Any, settings: Any, pattern: str) -> None:
    arrays = tuple(np.asarray(one, dtype=float) for one in inputs)
    found = evaluate(graph_of(REGISTRY[op], arrays, settings))
    assert local_jacobian(found, "n", 0).pattern == pattern


def test_the_implicit_product_takes_a_fraction_of_the_memory() -> None:
    found = evaluate(graph_of(REGISTRY["relu"], (np.linspace(-1, 1, 500),), {}))
    result = local_jacobian(found, "n", 0)
    assert result.explicit_bytes == 500 * 500 * 8
    assert result.implicit_bytes == 2 * 500 * 8
    assert result.product == "g · [x > 0]"
    assert result.density <= 1 / 500


def test_a_matrix_too_large_is_told_and_not_built() -> None:
    found = evaluate(graph_of(REGISTRY["exp"], (np.ones(5000),), {}))
    with pytest.raises(GradStudioError, match=r"25000000 entries, 0\.2 GiB"):
        local_jacobian(found, "n", 0)


def test_what_cannot_be_differentiated_is_named() -> None:
    graph = Graph().add("x", "input", value=1).add("n", "mul", ["x", None])
    found = evaluate(graph)
    with pytest.raises(GradStudioError, match="n: nothing is connected"):
        local_jacobian(found, "n", 0)
    with pytest.raises(GradStudioError, match="x is no input"):
        jacobian(evaluate(graph.add("c", "constant", value=2).add("f", "exp", ["c"])), "x", "f")


def test_both_modes_are_compared_for_a_network(rng: np.random.Generator) -> None:
    graph = (
        Graph()
        .add("x", "input", value=rng.normal(size=(5, 3)))
        .add("w", "parameter", value=rng.normal(size=(3, 4)))
        .add("y", "matmul", ["x", "w"])
        .add("f", "sum", ["y"])
    )
    report = costs(evaluate(graph))
    assert report.wrt == ("x", "w")
    assert report.value.operations == 2 * 5 * 4 * 3 + 20
    assert report.reverse.passes == 1
    assert report.forward.passes == 15 + 12
    assert report.reverse.operations < report.forward.operations
    wide = costs(evaluate(graph), "y")
    assert wide.reverse.passes == 20


def test_a_convolution_costs_as_much_as_the_product_it_is(rng: np.random.Generator) -> None:
    x, kernel = rng.normal(size=(2, 3, 6, 6)), rng.normal(size=(4, 3, 3, 3))
    convolution = costs(evaluate(graph_of(REGISTRY["conv2d"], (x, kernel), {})), "n")
    assert convolution.value.operations == 2 * (2 * 4 * 4 * 4) * (3 * 3 * 3)
    pair = rng.normal(size=(5, 2, 3)), rng.normal(size=(5, 3, 4))
    batched = costs(evaluate(graph_of(REGISTRY["einsum"], pair, {"equation": "bij,bjk->bik"})), "n")
    matmul = costs(evaluate(graph_of(REGISTRY["matmul"], pair, {})), "n")
    assert batched.value.operations == matmul.value.operations == 2 * 5 * 2 * 3 * 4


def test_one_number_in_and_many_out_favours_forward_mode() -> None:
    graph = (
        Graph()
        .add("t", "input", value=0.5)
        .add("b", "broadcast_to", ["t"], settings={"shape": (100,)})
        .add("y", "sin", ["b"])
    )
    report = costs(evaluate(graph), "y")
    assert (report.forward.passes, report.reverse.passes) == (1, 100)
    assert report.forward.operations < report.reverse.operations
