"""Adjoint and tangent programs: every rule also runs on tracers and gives the same numbers."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from gradstudio.engine.evaluate import evaluate
from gradstudio.engine.program import program_of
from gradstudio.engine.step import TrainingStep
from gradstudio.engine.tracing import adjoint, tangent
from gradstudio.errors import GradStudioError
from gradstudio.graph import Graph
from gradstudio.ops import REGISTRY, Op, apply, unbroadcast

OPS = [op for op in REGISTRY.values() if not op.leaf]
SAMPLES = [
    pytest.param(op, shapes, settings, id=f"{op.name}-{shapes}-{dict(settings)}")
    for op in OPS
    for shapes, settings in op.samples
]


def graph_of(op: type[Op], inputs: tuple[Any, ...], settings: Any) -> Graph:
    """Return Σ tanh(op(inputs) · weights): one output, with another upstream for each entry."""
    graph = Graph()
    for i, value in enumerate(inputs):
        graph = graph.add(f"x{i}", "input", value=value)
    graph = graph.add("n", op.name, [f"x{i}" for i in range(len(inputs))], settings=settings)
    shape = np.shape(op.forward(*inputs, **settings))
    weights = np.cos(np.arange(np.prod(shape, dtype=int))).reshape(shape)
    return (
        graph.add("weights", "constant", value=weights)
        .add("product", "mul", ["n", "weights"])
        .add("squashed", "tanh", ["product"])
        .add("f", "sum", ["squashed"])
    )


@pytest.mark.parametrize(("op", "shapes", "settings"), SAMPLES)
def test_the_traced_adjoint_equals_the_rule_on_arrays(
    op: type[Op], shapes: Any, settings: Any, rng: np.random.Generator
) -> None:
    inputs = op.draw(rng, shapes, **settings)
    graph = graph_of(op, inputs, settings)
    found = evaluate(graph)
    names = tuple(f"x{i}" for i in range(len(inputs)))
    values = {name: np.asarray(graph.nodes[name].value) for name in names}
    program = adjoint(
        program_of(graph, "f", names), names, {name: values[name].shape for name in names}
    )
    slots = program.run(values)
    loss, *grads = (slots[slot] for slot in program.results)
    assert loss == found.values["f"]
    for name, grad in zip(names, grads, strict=True):
        expected = found.grads.get(name, np.zeros(values[name].shape))
        assert grad.shape == expected.shape
        np.testing.assert_allclose(grad, expected, rtol=1e-13, atol=1e-15)


@pytest.mark.parametrize(("op", "shapes", "settings"), SAMPLES)
def test_second_derivatives_are_the_differences_of_first_ones(
    op: type[Op], shapes: Any, settings: Any, rng: np.random.Generator
) -> None:
    inputs = op.draw(rng, shapes, **settings)
    kink = op.kink(*inputs, **settings)
    if kink is not None and np.any(np.abs(kink) < 1e-3):
        pytest.skip("too near to a kink for differences")
    graph = graph_of(op, inputs, settings)
    names = tuple(
        f"x{i}"
        for i, part in enumerate(
            op.vjp(
                np.ones(np.shape(op.forward(*inputs, **settings)))[()],
                op.forward(*inputs, **settings),
                *inputs,
                **settings,
            )
        )
        if part is not None
    )
    values = {name: np.asarray(graph.nodes[name].value) for name in names}
    shapes_of = {name: value.shape for name, value in values.items()}
    first = adjoint(program_of(graph, "f", names), names, shapes_of)
    direction = {f"d_{name}": rng.uniform(-1, 1, values[name].shape) for name in names}
    second = tangent(first, names, shapes_of)
    slots = second.run({**values, **direction})
    half = len(second.results) // 2
    moved = [slots[slot] for slot in second.results[half:]]

    def at(step: float) -> list[Any]:
        there = {name: values[name] + step * direction[f"d_{name}"] for name in names}
        run = first.run(there)
        return [run[slot] for slot in first.results]

    h = 1e-5
    for exact, above, below in zip(moved, at(h), at(-h), strict=True):
        np.testing.assert_allclose(exact, (above - below) / (2 * h), rtol=2e-6, atol=2e-8)


def test_the_adjoint_drops_what_nothing_needs() -> None:
    graph = (
        Graph()
        .add("x", "input", value=2)
        .add("w", "parameter", value=3)
        .add("f", "mul", ["x", "w"])
    )
    program = adjoint(program_of(graph, "f", ("x", "w")), ("w",), {"x": (), "w": ()})
    assert [equation.op.name for equation in program.equations] == ["mul", "mul"]


def test_only_one_number_has_a_gradient() -> None:
    graph = Graph().add("x", "input", value=[1, 2]).add("f", "exp", ["x"])
    with pytest.raises(GradStudioError, match="one number"):
        adjoint(program_of(graph, "f", ("x",)), ("x",), {"x": (2,)})


def test_a_numpy_function_without_an_op_is_refused_by_name() -> None:
    class Bad(Op):
        """An op whose rule leaves the vocabulary (never registered: it has no name)."""

        inputs = ("x",)
        forward = staticmethod(lambda x: x)
        shape = staticmethod(lambda x: x)
        vjp = staticmethod(lambda g, out, x: (np.cumprod(g),))

    program = program_of(
        Graph().add("x", "input", value=2).add("n", "exp", ["x"]).add("f", "exp", ["n"]),
        "f",
        ("x",),
    )
    bad = program.equations[0].__class__(Bad, (0,), 1, {})
    broken = program.__class__(
        program.arguments, {}, (bad, *program.equations[1:]), program.results, program.names
    )
    with pytest.raises(TypeError, match="cumprod"):
        adjoint(broken, ("x",), {"x": ()})


class TestTrainingStep:
    def graph(self) -> Graph:
        return (
            Graph()
            .add("x", "input", value=[1.0, 2.0, 3.0], settings={"data": True})
            .add("w", "parameter", value=0.5)
            .add("b", "parameter", value=0.0)
            .add("y", "input", value=[3.0, 5.0, 7.0], settings={"data": True})
            .add("m", "mul", ["w", "x"])
            .add("p", "add", ["m", "b"])
            .add("l", "mse", ["p", "y"])
        )

    def test_gives_the_numbers_of_the_screen(self) -> None:
        graph = self.graph()
        step = TrainingStep(graph, wrt=("w", "b"), inputs=("x", "y"))
        found = evaluate(graph)
        values = {name: np.asarray(graph.nodes[name].value) for name in ("w", "b", "x", "y")}
        loss, grads = step(values)
        assert loss == found.values["l"]
        assert grads["w"] == pytest.approx(found.grads["w"], rel=1e-14)
        assert grads["b"] == pytest.approx(found.grads["b"], rel=1e-14)

    def test_takes_batches_of_any_length(self) -> None:
        step = TrainingStep(self.graph(), wrt=("w", "b"), inputs=("x", "y"))
        values = {"w": np.array(0.5), "b": np.array(0.0)}
        short = step({**values, "x": np.array([1.0]), "y": np.array([3.0])})
        assert short[0] == pytest.approx(6.25)
        whole = step({**values, "x": np.array([1.0, 2.0]), "y": np.array([3.0, 5.0])})
        assert whole[0] == pytest.approx((6.25 + 16) / 2)

    def test_says_why_a_graph_cannot_be_trained(self) -> None:
        graph = self.graph()
        with pytest.raises(GradStudioError, match="does not depend on any parameter"):
            TrainingStep(graph, wrt=())
        with pytest.raises(GradStudioError, match="nothing is connected"):
            TrainingStep(graph.disconnect("m", 1), wrt=("w",))
        step = TrainingStep(graph, output="p", wrt=("w",))
        with pytest.raises(GradStudioError, match="p cannot be trained: only an output of one"):
            step({"w": np.array(0.5)})


def test_apply_computes_on_arrays() -> None:
    assert apply(REGISTRY["add"], 1.0, 2.0) == 3.0


@pytest.mark.parametrize(
    ("have", "want"),
    [
        ((2, 3), ()),
        ((2, 3), (3,)),
        ((2, 3), (2, 1)),
        ((4, 2, 3), (1, 3)),
        ((0, 3), (3,)),
        ((), (2,)),
    ],
)
def test_unbroadcast_is_the_transpose_of_broadcasting(
    have: tuple[int, ...], want: tuple[int, ...], rng: np.random.Generator
) -> None:
    g, x = rng.uniform(size=have), rng.uniform(size=want)
    back = unbroadcast(g, want)
    assert back.shape == want
    if len(have) >= len(want):
        assert np.sum(g * np.broadcast_to(x, have)) == pytest.approx(np.sum(back * x), rel=1e-12)
