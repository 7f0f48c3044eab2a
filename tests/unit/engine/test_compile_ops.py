"""Every op, compiled: the same values and gradients as the screen's, in every executor."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
import pytest

from gradstudio.engine.arrays import ArrayExecutor
from gradstudio.engine.compile import CompiledStep
from gradstudio.engine.evaluate import Evaluation, evaluate
from gradstudio.engine.floats import FloatExecutor
from gradstudio.engine.levels import LevelExecutor
from gradstudio.engine.scalars import scalar_code
from gradstudio.graph import Graph, Node
from gradstudio.ops import REGISTRY, Op, SettingValue, Shape

CASES = [
    pytest.param(op, shapes, settings, id=f"{op.name}-{i}")
    for op in REGISTRY.values()
    for i, (shapes, settings) in enumerate(op.samples)
]


def graph_of(
    op: type[Op], shapes: tuple[Shape, ...], settings: Mapping[str, SettingValue]
) -> Graph:
    """A weighted sum of what the op makes of parameters."""
    rng = np.random.default_rng(7)
    drawn = op.draw(rng, shapes, **settings)
    nodes = {f"p{i}": Node("parameter", value=value) for i, value in enumerate(drawn)}
    nodes["out"] = Node(op.name, tuple(nodes), dict(settings))
    weights = rng.uniform(0.5, 1.5, op.shape(*shapes, **settings))
    nodes |= {"w": Node("input", value=weights), "m": Node("mul", ("out", "w"))}
    nodes |= {"square": Node("square", ("m",)), "loss": Node("sum", ("square",))}
    return Graph.build(nodes)


def close(found: object, expected: object, dtype: type = np.float64) -> None:
    """Assert equality up to the last digits of the type, inf and nan included."""
    expected = np.asarray(expected)
    scale = np.abs(expected[np.isfinite(expected)]).max(initial=0.0)
    error = 1e-12 if dtype is np.float64 else 1e-5
    assert np.shape(found) == expected.shape
    np.testing.assert_allclose(found, expected, rtol=error, atol=error * scale)


def compare(step: CompiledStep, expected: Evaluation, dtype: type = np.float64) -> None:
    loss, grads = step.gradients()
    close(loss, float(expected.values["loss"].reshape(())), dtype)
    for name in step.trained:
        close(grads[name], expected.grads.get(name, np.zeros(expected.shapes[name])), dtype)


@pytest.mark.parametrize(("op", "shapes", "settings"), CASES)
@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_every_op(
    op: type[Op], shapes: tuple[Shape, ...], settings: Mapping[str, SettingValue], dtype: type
) -> None:
    graph = graph_of(op, shapes, settings)
    compare(CompiledStep(graph, dtype=dtype), evaluate(graph), dtype)


@pytest.mark.parametrize(("op", "shapes", "settings"), CASES)
def test_every_value_of_every_op(
    op: type[Op], shapes: tuple[Shape, ...], settings: Mapping[str, SettingValue]
) -> None:
    graph = graph_of(op, shapes, settings)
    expected = evaluate(graph)
    step = CompiledStep(graph, record=True)
    step.gradients()
    for name, value in expected.values.items():
        close(step.value(name), value)
    for name in {"out", "m", "square", "loss"} & expected.grads.keys():
        if expected.graph.nodes[name].op != "input":
            close(step.grad(name), expected.grads[name])


def scalar_cases() -> Iterator[object]:
    for op in REGISTRY.values():
        for shapes, settings in op.samples:
            if all(shape == () for shape in shapes) and op.shape(*shapes, **settings) == ():
                yield pytest.param(op, shapes, settings, id=op.name)


@pytest.mark.parametrize(("op", "shapes", "settings"), list(scalar_cases()))
@pytest.mark.parametrize("value", [-800.0, -1.0, 0.0, 1.0, 2.0, 800.0])
def test_every_op_of_single_numbers_in_every_executor(
    op: type[Op], shapes: tuple[Shape, ...], settings: Mapping[str, SettingValue], value: float
) -> None:
    graph = graph_of(op, shapes, settings)
    if shapes:
        graph = graph.set_values({"p0": value})
    expected = evaluate(graph)
    if "loss" not in expected.values:
        pytest.skip("the op refuses this number")
    leaves = {name: node.value for name, node in graph.nodes.items() if node.value is not None}
    trained = tuple(name for name in leaves if name.startswith("p"))
    code = scalar_code(graph, "loss", dict.fromkeys(leaves, ()), trained, record=True)
    assert code is not None
    listed, compiled = FloatExecutor(code, trained, True), FloatExecutor(code, trained, True)
    compiled.prepare(10**6)
    arrays = ArrayExecutor(
        graph,
        "loss",
        dict.fromkeys(leaves, ()),
        trained,
        frozenset(),
        np.dtype(float),
        True,
    )
    for executor in (listed, compiled, LevelExecutor(code, trained, True), arrays):
        executor.load(leaves)
        close(executor.gradients(), float(expected.values["loss"]))
        for name in ("out", "m", "square"):
            close(executor.value(name), expected.values[name])
        for name in trained:
            close(executor.grad(name), expected.grads.get(name, np.zeros(())))
