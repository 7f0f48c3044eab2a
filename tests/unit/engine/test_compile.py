"""The compiled step: the right executor, the right plan, the right update, the right numbers."""

from __future__ import annotations

import math
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gradstudio import storage
from gradstudio.engine import floats, generated
from gradstudio.engine.arrays import ArrayExecutor
from gradstudio.engine.compile import CompiledStep, compile
from gradstudio.engine.evaluate import evaluate
from gradstudio.engine.floats import PAYS_AFTER, FloatExecutor
from gradstudio.engine.levels import LevelExecutor
from gradstudio.engine.scalars import scalar_code
from gradstudio.errors import GradStudioError
from gradstudio.graph import Graph, Node
from gradstudio.ops import REGISTRY
from gradstudio.ops.base import Elementwise

EXAMPLES = sorted((Path(__file__).parents[3] / "resources" / "examples").glob("*.gradstudio"))
SCALAR_OPS = [
    op for op in REGISTRY.values() if issubclass(op, Elementwise) and not op.leaf and op.listed
]


class Descent(NamedTuple):
    learning_rate: float
    momentum: float = 0.0


def leaf(op: str, value: object) -> Node:
    return Node(op, value=np.asarray(value, dtype=float))


def line(power: float = 2.0) -> Graph:
    """(w·x + b − y)^power of single numbers."""
    return Graph.build(
        {
            "x": leaf("input", 1.5),
            "y": leaf("input", 0.5),
            "w": leaf("parameter", 0.7),
            "b": leaf("parameter", -0.2),
            "n": leaf("constant", power),
            "m": Node("mul", ("w", "x")),
            "p": Node("add", ("m", "b")),
            "e": Node("sub", ("p", "y")),
            "loss": Node("pow", ("e", "n")),
        }
    )


def network(rows: int = 6) -> Graph:
    """Two layers and a mean squared error."""
    rng = np.random.default_rng(3)
    return Graph.build(
        {
            "x": leaf("input", rng.normal(size=(rows, 3))),
            "y": leaf("input", rng.normal(size=(rows, 2))),
            "w1": leaf("parameter", rng.normal(size=(3, 4))),
            "b1": leaf("parameter", rng.normal(size=4)),
            "w2": leaf("parameter", rng.normal(size=(4, 2))),
            "b2": leaf("parameter", rng.normal(size=2)),
            "m1": Node("matmul", ("x", "w1")),
            "a1": Node("add", ("m1", "b1")),
            "h": Node("relu", ("a1",)),
            "m2": Node("matmul", ("h", "w2")),
            "a2": Node("add", ("m2", "b2")),
            "loss": Node("mse", ("a2", "y")),
        }
    )


def wide(width: int = 80, depth: int = 4) -> Graph:
    """Layers of single numbers, each node fed by two of the layer before, then their sum."""
    rng = np.random.default_rng(5)
    nodes = {f"p{i}": leaf("parameter", rng.normal()) for i in range(12)}
    before = list(nodes)
    for layer in range(depth):
        names = [f"n{layer}_{i}" for i in range(width)]
        for name in names:
            op = str(rng.choice(["add", "mul", "sub", "max", "tanh"]))
            fed = tuple(str(one) for one in rng.choice(before, 2))
            nodes[name] = Node(op, fed[: 1 if op == "tanh" else 2])
        before = names
    total = before[0]
    for i, name in enumerate(before[1:]):
        nodes[f"s{i}"] = Node("add", (total, name))
        total = f"s{i}"
    return Graph.build(nodes, output=total)


def descended(graph: Graph, steps: int, rate: float, momentum: float) -> tuple[list[float], Graph]:
    """Gradient descent by `evaluate`."""
    losses, velocity = [], {}
    for _ in range(steps):
        found = evaluate(graph)
        losses.append(float(found.values[found.output or ""].reshape(())))
        values = {}
        for name, node in graph.nodes.items():
            if node.op == "parameter" and name in found.grads:
                velocity[name] = momentum * velocity.get(name, 0.0) + found.grads[name]
                values[name] = found.values[name] - rate * velocity[name]
        graph = graph.set_values(values)
    return losses, graph


class TestExecutor:
    def test_arrays_run_on_a_tape(self) -> None:
        assert compile(network()).executor == "arrays"

    def test_single_numbers_are_interpreted_then_compiled(self) -> None:
        step = compile(line(), Descent(0.01))
        assert step.executor == "interpreted"
        step.run(3)
        assert step.executor == "interpreted"
        step.run(PAYS_AFTER)
        assert step.executor == "generated"

    def test_a_long_run_is_compiled_at_once(self) -> None:
        step = compile(line(), Descent(0.01))
        step.run(PAYS_AFTER)
        assert step.executor == "generated"

    def test_wide_graphs_go_level_by_level(self) -> None:
        step = compile(wide(400), Descent(1e-5))
        step.run(10)
        assert step.executor == "interpreted"
        step.run(30)
        assert step.executor == "levels"

    def test_deep_graphs_do_not(self) -> None:
        nodes = {"x0": leaf("parameter", 0.5)}
        for i in range(500):
            nodes[f"x{i + 1}"] = Node("sin", (f"x{i}",))
        step = compile(Graph.build(nodes), Descent(0.01))
        step.run(40)
        assert step.executor == "interpreted"

    def test_one_entry_is_a_single_number_in_any_shape(self) -> None:
        graph = line().set_values({"w": [[0.7]]})
        step = compile(graph)
        assert step.executor == "interpreted"
        expected = evaluate(graph.set_values({"w": 0.7})).grads
        loss, grads = step.gradients()
        assert grads["w"].shape == (1, 1)
        assert grads["w"].item() == pytest.approx(float(expected["w"]))
        assert math.isfinite(loss)


class TestPlan:
    def test_another_value_keeps_the_plan(self) -> None:
        for graph in (line(), network()):
            step = CompiledStep(graph)
            step.gradients()
            made = step._executor
            values = {"w1": np.zeros((3, 4))} if "w1" in graph.nodes else {"w": 3.0}
            _, grads = step.gradients(values)
            assert step._executor is made
            expected = evaluate(graph.set_values(values))
            for name, grad in grads.items():
                np.testing.assert_allclose(grad, expected.grads[name], rtol=1e-12)

    def test_another_shape_makes_another_plan(self) -> None:
        graph = network()
        step = CompiledStep(graph, inputs=("x", "y"))
        step.gradients()
        made = step._executor
        rows = {"x": np.ones((2, 3)), "y": np.zeros((2, 2))}
        _, grads = step.gradients(rows)
        assert step._executor is not made
        expected = evaluate(graph.set_values(rows))
        for name, grad in grads.items():
            np.testing.assert_allclose(grad, expected.grads[name], rtol=1e-12)

    def test_another_exponent_makes_another_plan(self) -> None:
        for power in (0.0, 1.0, 2.0, 3.0, 4.0, 5.0, -1.0, 0.5):
            step = CompiledStep(line())
            step.gradients()
            _, grads = step.gradients({"n": power})
            expected = evaluate(line(power)).grads
            for name in ("w", "b"):
                np.testing.assert_allclose(grads[name], expected[name], rtol=1e-12)

    def test_values_moved_by_steps_outlive_the_plan(self) -> None:
        step = compile(line(), Descent(0.1))
        step.run(2)
        before = step.parameters
        step.set_values({"n": 4.0})
        assert step.parameters == before

    def test_inputs_may_get_their_values_later(self) -> None:
        nodes = dict(network().nodes)
        nodes["x"], nodes["y"] = Node("input"), Node("input")
        step = CompiledStep(Graph.build(nodes), inputs=("x", "y"))
        loss, _ = step.gradients({"x": np.ones((4, 3)), "y": np.ones((4, 2))})
        assert math.isfinite(loss)
        with pytest.raises(GradStudioError, match="x has no value"):
            CompiledStep(Graph.build(nodes))
        with pytest.raises(GradStudioError, match="has no value"):
            CompiledStep(Graph.build(nodes), inputs=("x", "y")).gradients()

    def test_a_result_too_large_is_refused_before_it_is_allocated(self) -> None:
        nodes = {"w": leaf("parameter", np.ones((50_000, 1))), "x": Node("transpose", ("w",))}
        nodes |= {"big": Node("mul", ("w", "x")), "loss": Node("sum", ("big",))}
        with pytest.raises(GradStudioError, match=r"18\.6 GiB"):
            CompiledStep(Graph.build(nodes)).gradients()

    def test_what_cannot_be_trained_is_said(self) -> None:
        with pytest.raises(GradStudioError, match="does not depend on any parameter"):
            CompiledStep(line(), output="x")
        with pytest.raises(GradStudioError, match="cannot be trained"):
            CompiledStep(network(), output="a2").gradients()
        with pytest.raises(GradStudioError, match="nothing is connected"):
            CompiledStep(line().disconnect("m", 1)).gradients()
        with pytest.raises(GradStudioError, match="no optimizer"):
            compile(line()).step()
        with pytest.raises(GradStudioError, match="float64 or float32"):
            compile(line(), dtype=np.float16)


@pytest.mark.parametrize("momentum", [0.0, 0.9])
@pytest.mark.parametrize(
    ("graph", "chunks"),
    [
        (line(), (1, 1, 3)),
        (line(), (2, PAYS_AFTER, 4)),
        (network(), (1, 4)),
        (wide(400), (3, 40, 3)),
    ],
    ids=["interpreted", "generated", "arrays", "wide"],
)
def test_steps_are_those_of_gradient_descent(
    graph: Graph, chunks: tuple[int, ...], momentum: float
) -> None:
    rate = 1e-6 if "s0" in graph.nodes else 1e-3
    step = compile(graph, Descent(rate, momentum))
    losses = [loss for chunk in chunks for loss in step.run(chunk)]
    expected, end = descended(graph, sum(chunks), rate, momentum)
    np.testing.assert_allclose(losses, expected, rtol=1e-9)
    for name, value in step.parameters.items():
        np.testing.assert_allclose(value, end.nodes[name].value, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("piece", [7, 1000])
def test_a_large_code_is_compiled_in_pieces(piece: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(floats, "LARGEST_FUNCTION", 1)
    monkeypatch.setattr(generated, "_PIECE", piece)
    step = compile(line(), Descent(1e-3, 0.5))
    losses = step.run(PAYS_AFTER)
    assert step.executor == "generated"
    expected, end = descended(line(), PAYS_AFTER, 1e-3, 0.5)
    np.testing.assert_allclose(losses, expected, rtol=1e-9)
    for name, value in step.parameters.items():
        np.testing.assert_allclose(value, end.nodes[name].value, rtol=1e-9)


def test_a_gradient_that_is_another_parameter_is_taken_before_it_moves() -> None:
    graph = Graph.build(
        {"a": leaf("parameter", 2.0), "b": leaf("parameter", 3.0), "f": Node("mul", ("a", "b"))}
    )
    for count in (1, PAYS_AFTER):
        step = compile(graph, Descent(1e-3))
        step.run(count)
        _, end = descended(graph, count, 1e-3, 0.0)
        for name, value in step.parameters.items():
            np.testing.assert_allclose(value, end.nodes[name].value, rtol=1e-12)


@pytest.mark.parametrize("graph", [network(), line()], ids=["arrays", "numbers"])
def test_a_number_that_was_not_kept_is_not_read(graph: Graph) -> None:
    step = CompiledStep(graph)
    step.gradients()
    inner, trained = graph.nodes["loss"].inputs[0] or "", step.trained[0]
    for read in (step.value, step.grad):
        with pytest.raises(GradStudioError, match=f"{inner} are not kept"):
            read(inner)
        with pytest.raises(GradStudioError, match="no node called nobody"):
            read("nobody")
    assert step.value("loss") == pytest.approx(evaluate(graph).values["loss"])
    np.testing.assert_allclose(step.grad(trained), evaluate(graph).grads[trained])
    recorded = CompiledStep(graph.add("aside", "input", value=1.0), output="loss", record=True)
    recorded.gradients()
    for node, read in (("aside", recorded.value), ("aside", recorded.grad), ("x", recorded.grad)):
        with pytest.raises(GradStudioError, match=f"{node} is no part of this step"):
            read(node)


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([0.0, 9.0], r"e \(embedding\): 9 is no row number: .* \[table ← t, indices ← i\]"),
        ([0.0, math.nan], "i: a value must be finite"),
    ],
)
def test_a_value_that_an_op_refuses_is_said_with_the_node(rows: list[float], message: str) -> None:
    graph = Graph.build(
        {
            "t": leaf("parameter", np.ones((4, 3))),
            "i": leaf("input", [0.0, 1.0]),
            "e": Node("embedding", ("t", "i")),
            "s": Node("square", ("e",)),
            "loss": Node("mean", ("s",)),
        }
    )
    step = CompiledStep(graph, Descent(0.5), inputs=("i",))
    step.step()
    before = step.parameters["t"]
    for again in (step.step, step.gradients):
        with pytest.raises(GradStudioError, match=message):
            again({"i": rows})
    np.testing.assert_array_equal(step.parameters["t"], before)
    assert step.step({"i": [2.0, 3.0]}) == 1.0


def test_a_step_beyond_all_numbers_is_that_of_numpy() -> None:
    graph = Graph.build(
        {
            "w": leaf("parameter", 600.0),
            "e": Node("exp", ("w",)),
            "f": Node("exp", ("e",)),
        }
    )
    for count in (2, PAYS_AFTER):
        step = compile(graph, Descent(0.1))
        losses = step.run(count)
        assert losses[0] == math.inf
        assert losses[1] == 1.0
        assert step.parameters["w"] == -math.inf


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_every_example(path: Path) -> None:
    graph = storage.load(path)
    expected = evaluate(graph)
    leaves = [name for name, node in graph.nodes.items() if node.op in ("parameter", "input")]
    output = expected.output
    assert output is not None
    step = CompiledStep(graph, trained=leaves, record=True)
    loss, grads = step.gradients()
    assert loss == pytest.approx(float(expected.values[output].reshape(())), rel=1e-12)
    for name, grad in grads.items():
        np.testing.assert_allclose(grad, expected.grads[name], rtol=1e-12, atol=1e-14)
    for name, value in expected.values.items():
        np.testing.assert_allclose(step.value(name), value, rtol=1e-12)
    for name, grad in expected.grads.items():
        np.testing.assert_allclose(step.grad(name), grad, rtol=1e-12, atol=1e-14)


# -- random graphs --------------------------------------------------------------------------------

NUMBERS = st.one_of(
    st.sampled_from([-2.0, -1.0, -0.5, 0.0, 0.5, 1.0, 2.0, 40.0, -40.0, 800.0, -800.0]),
    st.floats(-2.0, 2.0).map(lambda x: round(x, 3)),
)


TURNING = ("sin", "cos")


@st.composite
def scalar_graphs(draw: st.DrawFn) -> Graph:
    count = draw(st.integers(1, 4))
    nodes = {f"p{i}": leaf("parameter", draw(NUMBERS)) for i in range(count)}
    nodes["c"] = leaf("constant", draw(st.sampled_from([0.0, 0.5, 1.0, 2.0, 3.0, -1.0])))
    for i in range(draw(st.integers(1, 25))):
        op = draw(st.sampled_from(SCALAR_OPS))
        names = list(nodes)
        fed = tuple(draw(st.sampled_from(names)) for _ in op.inputs)
        nodes[f"n{i}"] = Node(op.name, fed)
    last = list(nodes)[-1]
    nodes["kept"] = Node("add", (last, "p0"))
    return Graph.build(nodes, output="kept")


def assert_same(found: object, expected: object) -> None:
    """Equal up to reordering; where a sum passed every number, inf may be nan."""
    found, expected = float(np.reshape(found, ())), float(np.reshape(expected, ()))
    if math.isfinite(expected):
        assert found == pytest.approx(expected, rel=1e-9, abs=1e-12)
    else:
        assert found == expected or (math.isnan(found) and math.isnan(expected))


@settings(max_examples=300)
@given(scalar_graphs())
def test_random_graphs_of_single_numbers_in_every_executor(graph: Graph) -> None:
    expected = evaluate(graph)
    order = expected.order[: expected.order.index("kept") + 1]
    turned = [graph.nodes[name].inputs[0] for name in order if graph.nodes[name].op in TURNING]
    if any(abs(float(expected.values[name])) > 1e100 for name in order) or any(
        abs(float(expected.values[str(name)])) > 1e4 for name in turned
    ):
        # Only that it runs: sums in another order may pass the largest number, and the sine of
        # exp(40) is another one where the last bit of exp(40) is.
        order = ()
    trained = tuple(name for name in expected.order if graph.nodes[name].op == "parameter")
    trained = tuple(name for name in trained if name in expected.grads)
    leaves = {name: node.value for name, node in graph.nodes.items() if node.value is not None}
    shapes = dict.fromkeys(leaves, ())
    code = scalar_code(graph, "kept", shapes, trained, record=True)
    assert code is not None
    compiled = FloatExecutor(code, trained, True)
    compiled.prepare(10**6)
    executors = (
        FloatExecutor(code, trained, True),
        compiled,
        LevelExecutor(code, trained, True),
        ArrayExecutor(graph, "kept", shapes, trained, frozenset(), np.dtype(float), True),
    )
    for executor in executors:
        executor.load(leaves)
        executor.gradients()
        for name in order:
            assert_same(executor.value(name), expected.values[name])
        if order and all(abs(float(g)) < 1e100 for g in expected.grads.values()):
            for name in trained:
                assert_same(executor.grad(name), expected.grads[name])


BLOCKS = ("relu", "tanh", "sigmoid", "square", "softmax", "log_softmax", "neg", "abs", "softplus")


@st.composite
def array_graphs(draw: st.DrawFn) -> Graph:
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    rows, columns = draw(st.integers(1, 4)), draw(st.integers(1, 4))
    shapes = [(rows, columns), (columns,), (rows, 1), (), (1, columns)]

    def some(*shape: int) -> np.ndarray:
        """Eighths: sums of them are exact in every order, so a tie is one for all executors."""
        return np.round(rng.normal(size=shape) * 8) / 8

    nodes = {f"p{i}": leaf("parameter", some(*draw(st.sampled_from(shapes)))) for i in range(4)}
    nodes["start"] = leaf("input", some(rows, columns))
    current, beside = "start", list[str]()
    for i in range(draw(st.integers(1, 12))):
        kind = draw(st.sampled_from(["join", "function", "product", "layer", "centre", "stack"]))
        if kind == "join":
            op = draw(st.sampled_from(["add", "sub", "mul", "max", "min"]))
            other = draw(st.sampled_from(["p0", "p1", "p2", "p3", "start", current]))
            pair = (current, other) if draw(st.booleans()) else (other, current)
            nodes[f"n{i}"] = Node(op, pair)
        elif kind == "function":
            nodes[f"n{i}"] = Node(draw(st.sampled_from(BLOCKS)), (current,))
        elif kind == "product":
            nodes[f"w{i}"] = leaf("parameter", some(columns, columns))
            nodes[f"n{i}"] = Node("matmul", (current, f"w{i}"))
        elif kind == "layer":
            nodes[f"w{i}"] = leaf("parameter", some(columns, columns))
            nodes[f"b{i}"] = leaf("parameter", some(columns))
            nodes[f"m{i}"] = Node("matmul", (current, f"w{i}"))
            pair = (f"m{i}", f"b{i}")
            nodes[f"n{i}"] = Node("add", pair if draw(st.booleans()) else pair[::-1])
        elif kind == "stack":
            nodes[f"w{i}"] = leaf("parameter", some(2, rows, columns))
            nodes[f"m{i}"] = Node("mul", (f"w{i}", current))
            nodes[f"n{i}"] = Node(draw(st.sampled_from(["sum", "amax"])), (f"m{i}",), {"axis": 0})
        else:
            axis = draw(st.sampled_from([0, 1, -1, (0, 1)]))
            op = draw(st.sampled_from(["mean", "sum", "amax", "amin"]))
            nodes[f"r{i}"] = Node(op, (current,), {"axis": axis, "keepdims": True})
            nodes[f"n{i}"] = Node("sub", (current, f"r{i}"))
        current = f"n{i}"
        if draw(st.booleans()):  # read beside the way, so that it is the gradient of a leaf
            kind = draw(st.sampled_from(["parameter", "input"]))
            nodes[f"a{i}"] = leaf(kind, some(rows, columns))
            nodes[f"t{i}"] = Node("mul", (current, f"a{i}"))
            nodes[f"e{i}"] = Node("sum", (f"t{i}",))
            beside.append(f"e{i}")
    nodes["scale"] = leaf("parameter", 0.7)
    nodes["scaled"] = Node("mul", (current, "scale"))
    nodes["squashed"] = Node("tanh", ("scaled",))
    nodes["loss"] = Node(draw(st.sampled_from(["sum", "mean"])), ("squashed",))
    end = "loss"
    for name in beside:
        nodes[f"loss_{name}"] = Node("add", (end, name))
        end = f"loss_{name}"
    return Graph.build(nodes, output=end)


@settings(max_examples=300)
@given(array_graphs(), st.booleans())
def test_random_graphs_of_arrays(graph: Graph, record: bool) -> None:
    expected = evaluate(graph)
    step = CompiledStep(graph, record=record)
    loss, grads = step.gradients()
    end = graph.output_of()
    scale = max(1.0, *(float(np.abs(g).max()) for g in expected.grads.values()))
    assert loss == pytest.approx(float(expected.values[end]), rel=1e-9, abs=1e-12 * scale)
    for name, grad in grads.items():
        np.testing.assert_allclose(grad, expected.grads[name], rtol=1e-9, atol=1e-12 * scale)
    if record:
        for name in expected.order[: expected.order.index(end) + 1]:
            np.testing.assert_allclose(
                step.value(name), expected.values[name], rtol=1e-9, atol=1e-9
            )
