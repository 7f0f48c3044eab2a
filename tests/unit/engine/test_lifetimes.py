"""What a pass holds: the schedule gives the same numbers, and the picture is what happens."""

from __future__ import annotations

import tracemalloc
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gradstudio.engine.checkpoint import choose
from gradstudio.engine.compile import compile
from gradstudio.engine.evaluate import evaluate
from gradstudio.engine.lifetimes import Reader, lifetimes
from gradstudio.engine.schedule import needs, run, schedule
from gradstudio.errors import GradStudioError
from gradstudio.graph import Graph, Node
from gradstudio.ops import REGISTRY, Op
from gradstudio.training_settings import TrainingSettings


def chain(length: int, size: int = 10) -> Graph:
    nodes = {"x": Node("parameter", value=np.linspace(0.1, 1, size))}
    last = "x"
    for i in range(length):
        nodes[f"n{i}"] = Node("sin", (last,))
        last = f"n{i}"
    nodes["f"] = Node("sum", (last,))
    return Graph.build(nodes)


def random_graph(rng: np.random.Generator, size: int) -> Graph:
    names = ["a", "b", "c"]
    nodes = {name: Node("parameter", value=rng.uniform(-1, 1, 4)) for name in names}
    for i in range(size):
        op = str(rng.choice(["add", "mul", "sub", "max", "tanh", "exp", "sigmoid", "neg", "div"]))
        nodes[f"n{i}"] = Node(op, tuple(str(rng.choice(names[-5:])) for _ in REGISTRY[op].inputs))
        names.append(f"n{i}")
    nodes["f"] = Node("sum", (names[-1],))
    return Graph.build(nodes, output="f")


@pytest.mark.parametrize(
    ("op", "expected"),
    [
        ("add", ()),
        ("exp", (0,)),
        ("log", (1,)),
        ("mul", (1, 2)),
        ("tanh", (0,)),
        ("relu", (1,)),
        ("div", (0, 2)),
    ],
)
def test_what_a_backward_rule_keeps_is_read_off_the_rule(
    op: str, expected: tuple[int, ...]
) -> None:
    rules = REGISTRY[op]
    ports = tuple(range(len(rules.inputs)))
    assert needs(rules, ((3,),) * len(ports), {}, ports) == expected


def test_a_product_with_a_constant_keeps_only_the_constant() -> None:
    assert needs(REGISTRY["mul"], ((3,), (3,)), {}, (0,)) == (2,)


@pytest.mark.parametrize(
    ("op", "shapes", "settings"),
    [
        pytest.param(op, shapes, settings, id=f"{op.name}-{shapes}-{dict(settings)}")
        for op in REGISTRY.values()
        for shapes, settings in op.samples
    ],
)
def test_every_rule_gives_the_screens_numbers_from_what_it_said_it_needs(
    op: type[Op], shapes: Any, settings: Any, rng: np.random.Generator
) -> None:
    inputs = op.draw(rng, shapes, **settings)
    graph = Graph()
    for i, value in enumerate(inputs):
        graph = graph.add(f"x{i}", "input", value=value).add(f"y{i}", "identity", [f"x{i}"])
    graph = (
        graph.add("n", op.name, [f"y{i}" for i in range(len(inputs))], settings=settings)
        .add("s", "sin", ["n"])
        .add("f", "sum", ["s"])
    )
    found = evaluate(graph)
    leaves = [name for name in found.grads if graph.nodes[name].is_leaf]
    if not leaves:
        pytest.skip("the op has no derivative")
    outcome = run(schedule(found, wrt=leaves))
    for name in leaves:
        np.testing.assert_array_equal(outcome.grads[name], found.grads[name])


@given(st.integers(0, 2**32 - 1), st.integers(1, 30))
def test_recomputing_changes_no_number_and_the_picture_is_what_happens(
    seed: int, size: int
) -> None:
    rng = np.random.default_rng(seed)
    graph = random_graph(rng, size)
    found = evaluate(graph)
    if found.no_gradient is not None or found.warnings:
        return
    computed = [
        name for name in found.order[: found.order.index("f") + 1] if not graph.nodes[name].is_leaf
    ]
    dropped = [name for name in computed if rng.random() < 0.5]
    plan = schedule(found, recompute=dropped)
    outcome = run(plan)
    assert outcome.loss == found.values["f"]
    for name, grad in outcome.grads.items():
        np.testing.assert_array_equal(grad, found.grads[name])
    picture = lifetimes(plan)
    assert picture.peak_bytes == outcome.peak_bytes
    assert len(picture.held_bytes) == len(plan.actions)
    for number in range(len(plan.actions)):
        assert sum(hold.size for hold in picture.held_at(number)) == picture.held_bytes[number]


def test_a_value_waits_for_the_backward_steps_that_need_it() -> None:
    graph = (
        Graph()
        .add("x", "parameter", value=[1.0, 2.0])
        .add("e", "exp", ["x"])
        .add("s", "sin", ["e"])
        .add("f", "sum", ["s"])
    )
    picture = lifetimes(schedule(evaluate(graph)))
    holds = {(hold.node, hold.what): hold for hold in picture.holds}
    assert holds["e", "value"].kept_for_backward == (
        Reader("s", "backward", "x"),
        Reader("e", "backward", "out"),
    )
    # sum's backward reads only the shape, so the sine is let go on the way forward.
    assert holds["s", "value"].kept_for_backward == ()
    assert holds["s", "value"].stop == 2
    assert picture.ready == {"x": len(picture.actions) - 1}
    assert holds["x", "gradient"].stop == len(picture.actions) - 1
    kinds = [(action.kind, action.node) for action in picture.actions]
    assert kinds == [
        *(("forward", name) for name in "esf"),
        ("seed", "f"),
        *(("backward", name) for name in "fse"),
    ]


def test_checkpoints_on_a_chain_need_the_square_root_of_its_memory() -> None:
    found = evaluate(chain(400))
    plain = lifetimes(schedule(found)).peak_bytes
    choice = choose(found, plain // 6)
    assert choice.peak_bytes <= plain // 6
    assert choice.recomputed < 400
    outcome = run(choice.plan)
    np.testing.assert_array_equal(outcome.grads["x"], found.grads["x"])
    assert outcome.peak_bytes == choice.peak_bytes


def test_a_budget_that_needs_nothing_recomputes_nothing() -> None:
    assert choose(evaluate(chain(20)), 10**9).recompute == frozenset()


def test_a_budget_that_cannot_be_met_says_what_could() -> None:
    with pytest.raises(GradStudioError, match="the least is"):
        choose(evaluate(chain(20)), 8)


def test_only_computed_nodes_can_be_recomputed() -> None:
    with pytest.raises(GradStudioError, match="x cannot be recomputed"):
        schedule(evaluate(chain(3)), recompute=["x"])


@pytest.mark.parametrize("asked", ["nothing", "f"])
def test_only_leaves_have_a_gradient_that_can_be_asked_for(asked: str) -> None:
    graph = chain(3).add("other", "exp", ["x"])
    output = next(name for name in graph.outputs() if name != "other")
    name = {"nothing": "nothing", "f": output}[asked]
    with pytest.raises(GradStudioError, match=f"{name} is no input or parameter that"):
        schedule(evaluate(graph.set_output(output)), wrt=[name])


def test_without_a_gradient_there_is_nothing_to_plan() -> None:
    graph = Graph().add("x", "input", value=[1, 2]).add("f", "exp", ["x"])
    with pytest.raises(GradStudioError, match="sum or mean"):
        schedule(evaluate(graph))


def test_a_long_chain_is_planned_without_recursion() -> None:
    found = evaluate(chain(30_000, size=1))
    plan = schedule(found, recompute=[f"n{i}" for i in range(30_000) if i % 170])
    assert run(plan).grads["x"] == found.grads["x"]


def layers(rng: np.random.Generator, count: int) -> Graph:
    graph = Graph().add("x", "input", value=rng.normal(size=(40, 8)))
    last = "x"
    for i in range(count):
        graph = (
            graph.add(f"w{i}", "parameter", value=rng.normal(size=(8, 8)) / 3)
            .add(f"z{i}", "matmul", [last, f"w{i}"])
            .add(f"h{i}", "tanh", [f"z{i}"])
        )
        last = f"h{i}"
    return graph.add("s", "square", [last]).add("loss", "mean", ["s"])


@pytest.mark.parametrize("momentum", [0.0, 0.9])
def test_a_training_step_that_recomputes_learns_the_same(
    rng: np.random.Generator, momentum: float
) -> None:
    graph = layers(rng, 30)
    plain = lifetimes(schedule(evaluate(graph)))
    choice = choose(evaluate(graph), plain.peak_bytes * 6 // 10)
    descent = TrainingSettings(learning_rate=0.1, momentum=momentum)
    kept = compile(graph, descent)
    again = compile(graph, descent, recompute=choice.recompute)
    np.testing.assert_allclose(again.run(5), kept.run(5), rtol=1e-12)
    assert again.executor == "scheduled"
    for name, value in kept.parameters.items():
        np.testing.assert_allclose(again.parameters[name], value, rtol=1e-9, atol=1e-12)


def test_a_training_step_that_recomputes_holds_no_more_than_planned(
    rng: np.random.Generator,
) -> None:
    graph = layers(rng, 60)
    found = evaluate(graph)
    plain = schedule(found)
    choice = choose(found, lifetimes(plain).peak_bytes * 6 // 10)

    def held(recompute: frozenset[str]) -> int:
        step = compile(graph, recompute=recompute or frozenset({"z0"}))
        step.backward()
        tracemalloc.start()
        step.backward()
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return peak

    # The graph's 60 weights' gradients are kept by both, and so are a few temporaries.
    saved = lifetimes(plain).peak_bytes - choice.peak_bytes
    assert held(frozenset()) - held(choice.recompute) > saved * 0.7


def test_what_is_recomputed_cannot_be_recorded() -> None:
    with pytest.raises(GradStudioError, match="cannot be recorded"):
        compile(chain(3), recompute=["n0"], record=True)
