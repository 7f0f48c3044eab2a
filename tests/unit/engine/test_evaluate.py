"""Every number the screen shows, and the reason where there is none."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gradstudio.engine import evaluate as evaluate_module
from gradstudio.engine import shapes
from gradstudio.engine.evaluate import Evaluation, evaluate
from gradstudio.errors import GradStudioError
from gradstudio.formula import parse
from gradstudio.formula.definition import define
from gradstudio.graph import Graph, Node
from gradstudio.ops import REGISTRY


def sigmoid_circuit() -> Graph:
    return (
        Graph()
        .add("w0", "parameter", value=2)
        .add("x0", "input", value=-1)
        .add("w1", "parameter", value=-3)
        .add("x1", "input", value=-2)
        .add("w2", "parameter", value=-3)
        .add("mul1", "mul", ["w0", "x0"])
        .add("mul2", "mul", ["w1", "x1"])
        .add("add1", "add", ["mul1", "mul2"])
        .add("add2", "add", ["add1", "w2"])
        .add("f", "sigmoid", ["add2"])
    )


def same(first: Evaluation, second: Evaluation) -> None:
    """Assert that two evaluations are equal to the last bit."""
    for field in ("values", "grads", "edge_grads", "tangents"):
        left, right = getattr(first, field), getattr(second, field)
        assert left.keys() == right.keys(), field
        for key in left:
            assert np.asarray(left[key]).tobytes() == np.asarray(right[key]).tobytes(), (field, key)
    assert first.shapes == second.shapes
    assert first.order == second.order
    assert first.backward == second.backward
    assert {k: str(v) for k, v in first.errors.items()} == {
        k: str(v) for k, v in second.errors.items()
    }
    assert {k: str(v) for k, v in first.warnings.items()} == {
        k: str(v) for k, v in second.warnings.items()
    }
    assert str(first.no_gradient) == str(second.no_gradient)


def random_scalar_graph(rng: np.random.Generator, size: int) -> Graph:
    """Return a random graph of scalars with one output, some constants in it, all ops smooth."""
    names = [f"x{i}" for i in range(4)]
    nodes = {
        name: Node("constant" if i == 3 else "input", value=np.array(rng.uniform(-1, 1)))
        for i, name in enumerate(names)
    }
    for i in range(size):
        op = str(rng.choice(["add", "mul", "sub", "max", "tanh", "sin", "sigmoid", "neg"]))
        count = len(REGISTRY[op].inputs)
        name = f"n{i}"
        nodes[name] = Node(op, tuple(str(rng.choice(names[-6:])) for _ in range(count)))
        names.append(name)
    return Graph.build(nodes, output=names[-1])


def test_values_and_gradients_of_the_sigmoid_circuit() -> None:
    found = evaluate(sigmoid_circuit())
    slope = 0.7310585786300049 * (1 - 0.7310585786300049)
    assert found.values["f"] == pytest.approx(0.7310585786300049, rel=1e-15)
    expected = {"w0": -1, "x0": 2, "w1": -2, "x1": -3, "w2": 1, "add2": 1}
    for name, factor in expected.items():
        assert found.grads[name] == pytest.approx(factor * slope, rel=1e-12)
    assert found.edge_grads["mul1", 0] == found.grads["w0"]
    assert found.output == "f"
    assert found.no_gradient is None


def test_the_order_is_a_post_order_walk_from_the_output() -> None:
    found = evaluate(sigmoid_circuit())
    assert found.order == (*("w0", "x0", "mul1", "w1", "x1", "mul2", "add1", "w2", "add2", "f"),)
    assert found.backward == tuple(reversed(found.order))


def test_constants_are_no_steps_and_get_no_gradient() -> None:
    graph = (
        Graph()
        .add("x", "input", value=3)
        .add("c1", "constant", value=2)
        .add("f", "pow", ["x", "c1"])
        .set_values({"x": -3})
    )
    found = evaluate(graph)
    assert found.steps == ("x", "f")
    assert found.order == ("x", "c1", "f")
    assert found.grads["x"] == -6
    assert "c1" not in found.grads
    assert ("f", 1) not in found.edge_grads


def test_a_node_used_twice_sums_what_comes_back() -> None:
    graph = Graph().add("x", "input", value=3).add("f", "mul", ["x", "x"])
    found = evaluate(graph)
    assert (found.edge_grads["f", 0], found.edge_grads["f", 1]) == (3, 3)
    assert found.grads["x"] == 6


def test_asking_twice_changes_nothing() -> None:
    graph = sigmoid_circuit()
    first = evaluate(graph)
    same(evaluate(graph, previous=first), first)
    same(evaluate(graph), first)


def test_moving_a_node_evaluates_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    first = evaluate(sigmoid_circuit())
    moved = first.graph.move({"f": (10.0, 20.0)})
    monkeypatch.setattr(evaluate_module, "walk", None)
    again = evaluate(moved, previous=first)
    assert again.graph is moved
    assert again.values is first.values


def test_a_change_keeps_what_does_not_depend_on_it() -> None:
    first = evaluate(sigmoid_circuit())
    again = evaluate(first.graph.set_values({"x1": -1.5}), previous=first)
    assert again.values["mul1"] is first.values["mul1"]
    assert again.values["mul2"] != first.values["mul2"]


@given(st.integers(0, 2**32 - 1), st.integers(1, 40))
def test_incremental_equals_from_scratch(seed: int, size: int) -> None:
    rng = np.random.default_rng(seed)
    graph = random_scalar_graph(rng, size)
    found = evaluate(graph)
    for _ in range(4):
        choice = rng.integers(4)
        name = str(rng.choice(list(graph.nodes)))
        if choice == 0:
            graph = graph.set_values({f"x{rng.integers(3)}": rng.uniform(-1, 1)})
        elif choice == 1 and name != graph.output and not graph.nodes[name].is_leaf:
            graph = graph.remove([name])
        elif choice == 2:
            graph = graph.set_output(name)
        else:
            graph = graph.set_op("x3", "constant" if graph.nodes["x3"].op == "input" else "input")
        found = evaluate(graph, previous=found)
        same(found, evaluate(graph))


def test_an_unfinished_graph_says_what_is_missing() -> None:
    graph = (
        Graph()
        .add("x", "input", value=1)
        .add("w", "parameter")
        .add("m", "mul", ["x", None])
        .add("s", "sin", ["m"])
        .add("a", "add", ["x", "w"])
        .set_output("s")
    )
    found = evaluate(graph)
    assert str(found.errors["m"]) == "m: nothing is connected to its input y"
    assert str(found.errors["w"]) == "w has no value yet"
    assert "s" not in found.errors
    assert "s" not in found.values
    assert found.no_gradient is found.errors["m"]
    assert found.values["x"] == 1
    assert not found.grads


def test_a_shape_error_names_node_input_source_and_what_would_fit() -> None:
    graph = (
        Graph()
        .add("X", "input", value=np.ones((5, 3)))
        .add("W", "parameter", value=np.ones((4, 2)))
        .add("y", "matmul", ["X", "W"])
        .add("l", "sum", ["y"])
    )
    message = str(evaluate(graph).errors["y"])
    for part in ("y (matmul)", "(5, 3)", "(4, 2)", "(3, 2) would fit", "x ← X", "y ← W"):
        assert part in message


def test_shapes_are_checked_before_anything_is_computed(monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[str] = []
    exp = REGISTRY["exp"]
    monkeypatch.setattr(exp, "forward", staticmethod(lambda x: calls.append("exp") or np.exp(x)))
    monkeypatch.setattr(
        REGISTRY["matmul"], "shape", staticmethod(lambda *shapes: calls.append("shape") or ())
    )
    graph = (
        Graph()
        .add("x", "input", value=1)
        .add("e", "exp", ["x"])
        .add("X", "input", value=np.ones(3))
        .add("m", "matmul", ["X", "X"])
    )
    evaluate(graph)
    assert calls[0] == "shape"
    assert "exp" in calls


def test_leaves_that_nothing_uses_are_evaluated_too() -> None:
    graph = sigmoid_circuit().add("unused", "parameter", value=4)
    found = evaluate(graph)
    assert found.values["unused"] == 4
    assert found.order[-1] == "unused"
    assert "unused" not in found.grads


def test_a_result_too_large_for_memory_is_refused_with_its_size() -> None:
    graph = (
        Graph()
        .add("x", "input", value=1)
        .add("big", "broadcast_to", ["x"], settings={"shape": (1_000_000, 1_000_000)})
        .add("f", "sum", ["big"])
    )
    found = evaluate(graph)
    assert "7450.6 GiB" in str(found.errors["big"])
    assert "f" not in found.values


def test_an_empty_array_beyond_all_bounds_is_refused_by_name() -> None:
    text = "f = sum(broadcast_to(x, (0, 2147483648, 2147483648, 2147483648)))"
    found = evaluate(parse(text, values={"x": np.array(1.0)}))
    assert "GiB" in str(found.errors["broadcast_to1"])


def test_too_many_axes_are_refused_by_name() -> None:
    graph = Graph().add("x", "input", value=np.zeros((1,) * 32)).add("n", "one_hot", ["x"])
    assert "33 axes" in str(evaluate(graph).errors["n"])


def test_many_large_values_are_refused_together(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shapes, "LARGEST_GRAPH_BYTES", 2000)
    graph = Graph().add("x", "input", value=1)
    for i in range(4):
        graph = graph.add(f"n{i}", "broadcast_to", ["x"], settings={"shape": (10, 10)})
    found = evaluate(graph)
    assert list(found.errors) == ["n2", "n3"]
    assert set(found.values) == {"x", "n0", "n1"}


def test_gradients_too_large_for_memory_are_refused_before_anything_is_allocated() -> None:
    graph = (
        Graph()
        .add("x", "input", value=np.ones((3000, 1, 1, 3000)))
        .add("y", "input", value=np.ones((1, 3000, 3000, 1)))
        .add("m", "matmul", ["x", "y"])
        .add("f", "sum", ["m"])
    )
    assert "GiB" in str(evaluate(graph).errors["m"])


def test_an_op_of_the_documents_own_is_bounded_inside() -> None:
    own = define("own", ["x"], "sum(exp(broadcast_to(x, (50000, 50000))))", {"x": "g"})
    graph = Graph(definitions={"own": own}).add("x", "input", value=1).add("f", "own", ["x"])
    assert "18.6 GiB" in str(evaluate(graph).errors["f"])


def test_running_out_of_memory_is_an_error_of_the_node(monkeypatch: pytest.MonkeyPatch) -> None:
    def no_room(x: object) -> object:
        raise MemoryError

    monkeypatch.setattr(REGISTRY["exp"], "forward", staticmethod(no_room))
    graph = Graph().add("x", "input", value=1).add("f", "exp", ["x"])
    assert "not enough memory" in str(evaluate(graph).errors["f"])


@settings(max_examples=1000)
@given(st.integers(0, 2**32 - 1))
def test_nothing_raises_whatever_the_graph(seed: int) -> None:
    """Random ops on random inputs of random shapes, mostly wrong ones."""
    rng = np.random.default_rng(seed)
    graph = Graph()
    shapes = ((), (0,), (3,), (2, 3), (2, 1, 3))
    for i in range(4):
        value = rng.integers(-2, 4, shapes[rng.integers(len(shapes))]) * 1.0
        graph = graph.add(f"x{i}", str(rng.choice(["input", "parameter", "constant"])), value=value)
    ops = [op for op in REGISTRY.values() if not op.leaf]
    for i in range(6):
        op = ops[rng.integers(len(ops))]
        chosen = op.samples[rng.integers(len(op.samples))][1]
        fed = [str(rng.choice([*graph.nodes])) for _ in op.inputs]
        graph = graph.add(f"n{i}", op.name, fed, settings=chosen)
    for output in (None, *graph.nodes):
        found = evaluate(graph, output=output)
        for name in graph.nodes:
            assert name in found.values or str(found.reason_for(name))


@pytest.mark.parametrize(
    ("op", "value", "what"),
    [
        ("log", -2.0, "the logarithm of a number that is not positive"),
        ("log", 0.0, "the logarithm of a number that is not positive"),
        ("sqrt", -1.0, "the square root of a negative number"),
        ("exp", 1000.0, "the result is too large for a number"),
    ],
)
def test_the_first_node_that_is_not_finite_is_named(op: str, value: float, what: str) -> None:
    graph = Graph().add("x", "input", value=value).add("n", op, ["x"]).add("f", "sin", ["n"])
    found = evaluate(graph)
    assert list(found.warnings) == ["n"]
    assert what in str(found.warnings["n"])
    assert not np.isfinite(found.values["f"])


@pytest.mark.parametrize(
    ("formula", "what"),
    [
        ("f = 1e200 ** c", "too large"),
        ("f = (0 - c) ** 0.5", "a negative number to a fractional power"),
        ("f = (c - 3) ** (-1)", "zero to a negative one"),
        ("f = c / (c - 3)", "division by zero"),
        ("f = 1e300 / (c * 1e-300)", "too large"),
    ],
)
def test_overflow_is_not_taken_for_a_wrong_input(formula: str, what: str) -> None:
    graph = parse(formula, values={"c": np.array(3.0)})
    assert what in str(evaluate(graph).warnings["f"])


def test_an_infinite_slope_is_named_though_the_value_is_finite() -> None:
    graph = parse("f = sin(sqrt(x))", values={"x": np.array(0.0)})
    found = evaluate(graph)
    assert found.values["f"] == 0
    assert "sqrt1 (sqrt): the gradient of its input x is not finite" in str(found.warnings["sqrt1"])
    same(evaluate(graph, previous=found), found)


def test_several_outputs_have_no_gradient_until_one_is_chosen() -> None:
    graph = Graph().add("x", "input", value=2).add("a", "sin", ["x"]).add("b", "exp", ["x"])
    found = evaluate(graph)
    assert found.output is None
    assert "a, b" in str(found.no_gradient)
    assert set(found.values) == {"x", "a", "b"}
    chosen = evaluate(graph.set_output("b"))
    assert chosen.grads["x"] == np.exp(2)
    assert "a" not in chosen.grads


def test_an_output_that_is_no_scalar_says_what_makes_one() -> None:
    graph = Graph().add("x", "input", value=[1, 2]).add("f", "exp", ["x"])
    found = evaluate(graph)
    assert "f is (2)" in str(found.no_gradient)
    assert "sum or mean" in str(found.no_gradient)


def test_an_output_of_constants_depends_on_nothing() -> None:
    graph = Graph().add("c1", "constant", value=2).add("f", "exp", ["c1"])
    assert "depends on no input" in str(evaluate(graph).no_gradient)


def test_an_empty_graph_evaluates_to_nothing() -> None:
    found = evaluate(Graph())
    assert found.order == ()
    assert str(found.no_gradient) == "the graph is empty"


def test_class_numbers_out_of_range_are_an_error_of_the_node() -> None:
    graph = (
        Graph()
        .add("z", "input", value=[[1.0, 2.0, 3.0]])
        .add("t", "input", value=[7])
        .add("l", "cross_entropy", ["z", "t"])
    )
    found = evaluate(graph)
    assert "7 is no class number" in str(found.errors["l"])


def test_forward_mode_gives_every_node_its_tangent() -> None:
    graph = sigmoid_circuit()
    backward = evaluate(graph)
    for leaf in ("w0", "x0", "w1", "x1", "w2"):
        found = evaluate(graph, mode="forward", wrt=leaf)
        assert found.tangents["f"] == pytest.approx(backward.grads[leaf], rel=1e-14)
        assert found.tangents.keys() == found.values.keys()
    assert found.tangents["mul1"] == 0
    assert not found.grads


def test_a_tangent_is_the_gradient_along_the_direction() -> None:
    graph = sigmoid_circuit()
    grads = evaluate(graph).grads
    speeds = {"w0": 2.0, "x1": -0.5, "w2": 3.0}
    found = evaluate(graph, mode="forward", wrt=speeds)
    along = sum(speed * grads[name] for name, speed in speeds.items())
    assert found.tangents["f"] == pytest.approx(along, rel=1e-14)
    everything = evaluate(graph, mode="forward")
    assert set(everything.direction) == {"w0", "x0", "w1", "x1", "w2"}
    along = sum(grads[name] for name in everything.direction)
    assert everything.tangents["f"] == pytest.approx(along, rel=1e-14)


def test_a_direction_has_the_shape_of_its_leaf() -> None:
    graph = Graph().add("x", "input", value=[1.0, 2.0]).add("y", "square", ["x"])
    found = evaluate(graph, mode="forward", wrt={"x": [1.0, -1.0]})
    assert found.tangents["y"].tolist() == [2.0, -4.0]
    wrong = evaluate(graph, mode="forward", wrt={"x": [1.0, 2.0, 3.0]})
    assert not wrong.tangents
    assert "x has shape (2) and its vector (3)" in str(wrong.no_gradient)


@pytest.mark.parametrize("wrt", ["nobody", "mul1", {"w0": 1.0, "mul1": 2.0}])
def test_forward_mode_asks_for_leaves(wrt: Any) -> None:
    found = evaluate(sigmoid_circuit(), mode="forward", wrt=wrt)
    assert not found.tangents
    assert "which leaf moves" in str(found.no_gradient)


def test_a_mode_that_there_is_not_is_refused_with_those_there_are() -> None:
    graph = parse("f = x * x", values={"x": 3.0})
    with pytest.raises(GradStudioError, match="“sideways”; the modes are: reverse, forward"):
        evaluate(graph, mode="sideways")  # type: ignore[arg-type]
    with pytest.raises(GradStudioError, match="no mode “None”"):
        evaluate(graph, mode=None, previous=evaluate(graph))  # type: ignore[arg-type]


def test_a_direction_is_refused_where_nothing_moves() -> None:
    with pytest.raises(GradStudioError, match="reverse mode takes none"):
        evaluate(parse("f = x * x", values={"x": 3.0}), wrt="x")


def test_a_chain_of_100000_nodes_needs_no_recursion() -> None:
    nodes = {"x": Node("input", value=np.array(1.0)), "w": Node("parameter", value=np.array(1.0))}
    last = "x"
    for i in range(100_000):
        nodes[f"n{i}"] = Node("mul" if i % 2 else "add", (last, "w"))
        last = f"n{i}"
    found = evaluate(Graph.build(nodes))
    assert found.values[last] == 50_001
    assert found.grads["x"] == 1
    assert len(found.backward) == 100_002


@given(st.integers(0, 200), st.lists(st.floats(-3, 3), min_size=1, max_size=6))
@settings(max_examples=30, deadline=None)
def test_a_dragged_leaf_needs_no_new_order_and_gives_the_same_numbers(
    seed: int, values: list[float]
) -> None:
    graph = random_scalar_graph(np.random.default_rng(seed), 20)
    found = evaluate(graph)
    for value in values:
        graph = graph.set_values({"x0": value})
        after = evaluate(graph, previous=found)
        same(after, evaluate(graph))
        assert after.no_gradient is not None or after.order is found.order
        found = after


def test_another_output_or_another_order_of_nodes_is_seen_through_a_changed_number() -> None:
    graph = sigmoid_circuit()
    found = evaluate(graph)
    other = graph.set_values({"w0": 5}).set_output("mul1")
    same(evaluate(other, previous=found), evaluate(other))
    turned = Graph.build(dict(reversed(graph.set_values({"w0": 5}).nodes.items())))
    same(evaluate(turned, previous=found), evaluate(turned))
    asked = evaluate(graph, output="add1")
    changed = graph.set_values({"w0": 5})
    same(evaluate(changed, previous=asked), evaluate(changed))
