"""A muted node passes an input through, and every reading of the graph agrees that it does."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest

from gradstudio import storage
from gradstudio.emit.formula import to_formula
from gradstudio.emit.latex import to_latex
from gradstudio.emit.numpy import to_numpy
from gradstudio.emit.numpy_modular import to_numpy_modular
from gradstudio.emit.torch import to_torch
from gradstudio.engine.compile import compile as compile_step
from gradstudio.engine.derivatives import grad
from gradstudio.engine.evaluate import evaluate
from gradstudio.engine.expansion import expand
from gradstudio.engine.explain import explain
from gradstudio.engine.gradcheck import check
from gradstudio.engine.jacobian import jacobian, local_jacobian
from gradstudio.engine.lifetimes import lifetimes
from gradstudio.engine.program import Program, program_of
from gradstudio.engine.schedule import run, schedule
from gradstudio.engine.tracing import adjoint, tangent
from gradstudio.errors import FileError, FormulaError, GradStudioError
from gradstudio.formula import parse
from gradstudio.formula.definition import define
from gradstudio.graph import Graph, Node
from gradstudio.ops import REGISTRY, Op
from gradstudio.rewiring import bridge, mute

OPS = [op for op in REGISTRY.values() if op.listed and not op.leaf]


def around(op: type[Op], rng: np.random.Generator) -> Graph | None:
    """A loss of a node of `op`, called `m`, whose inputs are fed by a computed node or two."""
    for shapes, settings in op.samples:
        values = op.draw(rng, shapes, **settings)
        if any(math.prod(shape) == 0 for shape in shapes):
            continue
        graph = Graph()
        for port, value in enumerate(values):
            graph = graph.add(f"w{port}", "parameter", value=value).add(
                f"s{port}", "mul", (f"w{port}", f"w{port}")
            )
        graph = graph.add("m", op.name, [f"s{p}" for p in range(len(values))], settings=settings)
        graph = graph.add("e", "tanh", ("m",)).add("loss", "sum", ("e",))
        return mute(graph.set_output("loss"), ("m",))
    return None


@pytest.fixture(params=OPS, ids=lambda op: op.name)
def pair(request: pytest.FixtureRequest, rng: np.random.Generator) -> tuple[Graph, Graph]:
    """A graph with a muted node, and the same with it bridged by hand."""
    graph = around(request.param, rng)
    if graph is None:
        pytest.skip("an op without a sample that holds numbers")
    return graph, bridge(graph, ("m",))


def passed(graph: Graph) -> str:
    """Return the leaf whose value the muted node passes on, squared."""
    found = evaluate(graph)
    return next(name for name in graph.nodes if name[0] == "w" and name in found.grads)


def last(program: Program, arguments: Mapping[str, Any]) -> Any:
    """Return the last result of a program."""
    return program.run(arguments)[program.results[-1]]


def same(mine: Any, theirs: Any) -> None:
    assert np.shape(mine) == np.shape(theirs)
    np.testing.assert_allclose(mine, theirs, rtol=1e-12, atol=1e-12)


def test_every_number_is_that_of_the_graph_bridged_by_hand(pair: tuple[Graph, Graph]) -> None:
    muted, bridged = pair
    found, wanted = evaluate(muted), evaluate(bridged)
    assert not found.errors
    assert found.no_gradient is None
    for name in wanted.values:
        assert found.values[name].tobytes() == wanted.values[name].tobytes()
    assert set(found.grads) - {"m"} == set(wanted.grads)
    for name in wanted.grads:
        assert found.grads[name].tobytes() == wanted.grads[name].tobytes()
    same(found.grads["m"], wanted.edge_grads["e", 0])


def test_every_reading_of_the_engine_agrees(pair: tuple[Graph, Graph]) -> None:
    muted, bridged = pair
    found, leaf = evaluate(muted), passed(muted)
    step, by_hand = compile_step(muted, record=True), compile_step(bridged)
    same(step.backward(), by_hand.backward())
    same(step.grad(leaf), by_hand.grad(leaf))
    same(step.grad(leaf), found.grads[leaf])
    same(step.value("m"), found.values["m"])
    shapes = {leaf: found.shapes[leaf]}
    values = {leaf: muted.nodes[leaf].value}
    traced = last(adjoint(program_of(muted, None, (leaf,)), (leaf,), shapes), values)
    same(traced, found.grads[leaf])
    direction = {**values, f"d_{leaf}": np.ones(found.shapes[leaf])}
    moved = last(tangent(program_of(muted, None, (leaf,)), (leaf,), shapes), direction)
    same(moved, np.sum(found.grads[leaf]))
    same(evaluate(muted, mode="forward", wrt=leaf).tangents["loss"], np.sum(found.grads[leaf]))
    same(jacobian(found, leaf).tensor, jacobian(evaluate(bridged), leaf).tensor)
    port = muted.nodes["m"].passing_port([found.shapes[one] for one in muted.nodes["m"].inputs])
    entries = math.prod(found.shapes["m"])
    same(local_jacobian(found, "m", port).matrix, np.eye(entries))
    assert all(one.passed for one in check(muted))
    outcome = run(schedule(found))
    same(outcome.loss, found.values["loss"])
    same(outcome.grads[leaf], found.grads[leaf])
    assert all(hold.stop >= hold.start for hold in lifetimes(schedule(found)).holds)
    (term,) = explain(found, "m").terms
    same(term.downstream, found.grads["m"])
    derived = evaluate(grad(muted, wrt=leaf))
    same(derived.values[f"dloss_d{leaf}"], found.grads[leaf])


def test_every_text_agrees(pair: tuple[Graph, Graph]) -> None:
    muted, _ = pair
    found, leaf = evaluate(muted), passed(muted)
    read = parse(to_formula(muted, leaves=True))
    assert read.nodes == {name: muted.nodes[name] for name in read.nodes}
    assert "m" in read.nodes
    assert parse(to_formula(muted), known=muted).nodes == muted.nodes
    assert "muted(" in to_formula(muted)
    names: dict[str, Any] = {"__name__": "emitted"}
    exec(compile(to_numpy(muted), "emitted.py", "exec"), names)
    same(names["loss"], found.values["loss"])
    same(names[f"grad_{leaf}"], found.grads[leaf])
    exec(compile(to_numpy_modular(muted), "emitted.py", "exec"), names)
    same(names["output"], found.values["loss"])
    same(names["grads"][leaf], found.grads[leaf])
    assert "m &= s_" in to_latex(muted)


@pytest.mark.torch
def test_pytorch_agrees(pair: tuple[Graph, Graph]) -> None:
    muted, _ = pair
    found, leaf = evaluate(muted), passed(muted)
    names: dict[str, Any] = {"__name__": "emitted"}
    exec(compile(to_torch(muted), "emitted.py", "exec"), names)
    model = names["Model"]()
    loss = model()
    same(loss.detach().numpy(), found.values["loss"])
    loss.backward()
    same(getattr(model, leaf).grad.numpy(), found.grads[leaf])


def test_an_op_of_the_graphs_own_can_be_muted() -> None:
    cube = define("cube", ("x",), "x * x * x", {"x": "g * 3 * x * x"})
    graph = Graph().define(cube).add("w", "parameter", value=2.0)
    graph = mute(graph.add("f", "cube", ("w",)), ("f",))
    assert evaluate(graph).values["f"] == 2
    assert evaluate(graph).grads["w"] == 1
    assert evaluate(mute(graph, ("f",), False)).grads["w"] == 12
    assert storage.loads(storage.dumps(graph)) == graph


def test_what_passes_is_the_first_of_the_results_shape() -> None:
    values = {"b": np.ones(()), "x": np.arange(6.0).reshape(2, 3)}
    graph = mute(parse("h = b + x\nf = sum(h)", values=values), ("h",))
    found = evaluate(graph)
    assert found.values["f"] == 15
    assert "b" not in found.grads
    same(found.grads["x"], np.ones((2, 3)))


def test_muting_mends_shapes_that_do_not_fit() -> None:
    graph = parse("h = x + y\nf = sum(h)", values={"x": np.ones(2), "y": np.ones(3)})
    assert "h" in evaluate(graph).errors
    assert evaluate(mute(graph, ("h",))).values["f"] == 2


def test_scalars_of_one_op_muted_and_not_keep_apart() -> None:
    text = "a = x * y\nb = x * y * 2\nf = a * b"
    graph = mute(parse(text, values={"x": np.array(3.0), "y": np.array(5.0)}), ("a",))
    wanted = evaluate(graph)
    weights = Graph.build(
        {
            name: Node("parameter", value=node.value) if node.op == "input" else node
            for name, node in graph.nodes.items()
        },
        output="f",
    )
    assert compile_step(weights).backward() == wanted.values["f"] == 90


def test_a_muted_node_is_no_part_of_a_pattern_and_cannot_be_expanded() -> None:
    graph = mute(parse("f = sigmoid(x)", values={"x": np.array(1.0)}), ("f",))
    with pytest.raises(GradStudioError):
        expand(graph, "f")


# -- files and formulas ---------------------------------------------------------------------------


def test_the_file_says_what_is_muted() -> None:
    graph = mute(parse("f = x + y"), ("f",))
    raw = json.loads(storage.dumps(graph))
    assert raw["nodes"]["f"]["muted"] is True
    assert "muted" not in raw["nodes"]["x"]
    assert storage.loads(storage.dumps(graph)) == graph


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("f", '"yes"', "node f: “muted” must be true or false, not text"),
        ("x", "true", "x is a leaf: it has no input that it could pass on"),
    ],
)
def test_a_file_that_mutes_wrongly_is_refused(name: str, value: str, said: str) -> None:
    raw = json.loads(storage.dumps(parse("f = x + y")))
    raw["nodes"][name]["muted"] = json.loads(value)
    with pytest.raises(FileError, match=said):
        storage.loads(json.dumps(raw).encode())


def test_a_formula_mutes_operations_only() -> None:
    graph = parse("f = muted(x + y) * muted(exp(x))")
    assert [name for name, node in graph.nodes.items() if node.muted] == ["add1", "exp1"]
    for text in ("muted(x)", "muted(3)", "muted(-3)", "muted()", "muted(x + y, z)", "muted(np.pi)"):
        with pytest.raises(FormulaError, match=r"line 1, column \d+: muted takes one operation"):
            parse(f"f = {text}")


def test_a_formula_remembers_the_names_of_muted_nodes() -> None:
    graph = mute(parse("f = (x + y) * (x + y)"), ("add2",))
    text = to_formula(graph)
    assert text == "f = (x + y) * muted(x + y)"
    assert parse(text, known=graph).nodes == graph.nodes
