"""Graphs to emit: the examples, a graph round every sample of every op, and random ones."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from gradstudio import storage
from gradstudio.engine.evaluate import evaluate
from gradstudio.errors import GradStudioError
from gradstudio.formula.definition import define
from gradstudio.graph import Graph
from gradstudio.ops import REGISTRY, Op
from gradstudio.resources import path as resource

OPS = [op for op in REGISTRY.values() if not op.leaf]
SAMPLES = [
    pytest.param(op, shapes, settings, id=f"{op.name}-{shapes}-{dict(settings)}".replace(" ", ""))
    for op in OPS
    for shapes, settings in op.samples
]
EXAMPLES = sorted(resource("examples").rglob("*.gradstudio"))
SHAPES = ((), (3,), (2, 3), (3, 2), (2, 1), (1, 3))


def around(op: type[Op], inputs: tuple[Any, ...], settings: Any) -> Graph:
    """Return Σ sin(op(inputs) · weights): one output, with another upstream for each entry."""
    graph = Graph()
    for i, value in enumerate(inputs):
        graph = graph.add(f"x{i}", "parameter" if i % 2 else "input", value=value)
    graph = graph.add("n", op.name, [f"x{i}" for i in range(len(inputs))], settings=settings)
    shape = np.shape(op.forward(*inputs, **settings))
    weights = np.cos(np.arange(np.prod(shape, dtype=int))).reshape(shape)
    return (
        graph.add("weights", "constant", value=weights)
        .add("product", "mul", ["n", "weights"])
        .add("bent", "sin", ["product"])
        .add("f", "sum", ["bent"])
    )


def made_of_constants(shape: tuple[int, ...]) -> Graph:
    """Return a graph with an op of its own whose formulas are numbers, and may be wrong."""
    flat = define("flat", ("a", "b"), "3", {"a": "2", "b": "1 / 0"})
    bent = define("bent", ("a",), "a * a", {"a": "5"})
    graph = Graph().define(flat).define(bent)
    graph = graph.add("x", "parameter", value=np.ones(shape)).add("b", "constant", value=2.0)
    graph = graph.add("n", "flat", ["x", "b"]).add("m", "bent", ["x"]).add("s", "sum", ["m"])
    return graph.add("p", "mul", ["n", "s"]).add("q", "sum", ["x"]).add("f", "add", ["p", "q"])


def random_graph(seed: int) -> Graph:
    """Return a graph of random ops with one scalar output, finite in value and gradient."""
    rng = np.random.default_rng(seed)
    graph = Graph()
    for i in range(int(rng.integers(2, 6))):
        shape = SHAPES[rng.integers(len(SHAPES))]
        kind = ("input", "parameter", "constant")[rng.integers(3) if i else 1]
        graph = graph.add(f"x{i}", kind, value=rng.uniform(-2, 2, shape))
    for i in range(int(rng.integers(1, 12))):
        op = OPS[rng.integers(len(OPS))]
        count = int(rng.integers(1, 4)) if op.variadic else len(op.inputs)
        fed = rng.choice(list(graph.nodes), count)
        settings = op.samples[rng.integers(len(op.samples))][1]
        wider = graph.add(f"n{i}", op.name, [str(one) for one in fed], settings=settings)
        if _fits(wider, f"n{i}"):
            graph = wider
    total = None
    for name in graph.outputs():
        graph = graph.add(f"sum_{name}", "sum", [name])
        ends = [f"sum_{name}"] if total is None else [total, f"sum_{name}"]
        if total is not None:
            graph = graph.add(f"total_{name}", "add", ends)
        total = f"sum_{name}" if total is None else f"total_{name}"
    return graph.set_output(total)


def _fits(graph: Graph, name: str) -> bool:
    """Return whether a node has values, and gradients, that are finite and not too large."""
    found = evaluate(graph.add("probe", "sum", [name]), output="probe")
    if name not in found.values or np.size(found.values[name]) > 200:
        return False
    numbers = [found.values[name], *found.grads.values()]
    return all(np.all(np.isfinite(one)) and np.all(np.abs(one) < 1e6) for one in numbers)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Give a test that asks for a sample every sample, and so on."""
    if "shapes" in metafunc.fixturenames:
        metafunc.parametrize(("op", "shapes", "settings"), SAMPLES)
    if "example" in metafunc.fixturenames:
        metafunc.parametrize("example", EXAMPLES, ids=[path.stem for path in EXAMPLES])


@pytest.fixture
def sample(op: type[Op], shapes: Any, settings: Any, rng: np.random.Generator) -> Graph:
    """A graph round one op."""
    return around(op, op.draw(rng, shapes, **settings), settings)


@pytest.fixture
def samples(rng: np.random.Generator) -> list[Graph]:
    """The graphs round all ops."""
    return [
        around(op, op.draw(rng, shapes, **settings), settings)
        for op in OPS
        for shapes, settings in op.samples
    ]


@pytest.fixture
def example_graph(example: Any) -> Graph:
    """A graph that is installed with GradStudio and has a value."""
    graph = storage.load(example)
    try:
        output = graph.output_of()
    except GradStudioError as several:
        pytest.skip(str(several))
    if output not in evaluate(graph).values:
        pytest.skip("an example to be finished")
    return graph


@pytest.fixture(params=[(), (3,)], ids=str)
def constants_graph(request: pytest.FixtureRequest) -> Graph:
    """A graph in which rules give numbers."""
    return made_of_constants(request.param)


@pytest.fixture(scope="session")
def random_graphs() -> Callable[[int], Graph]:
    """What makes a random graph from a seed."""
    return random_graph


@pytest.fixture(scope="session")
def ran() -> Callable[[str], dict[str, Any]]:
    """What runs emitted code and returns its names."""

    def run(code: str) -> dict[str, Any]:
        names: dict[str, Any] = {"__name__": "emitted"}
        with np.errstate(all="ignore"), warnings.catch_warnings():
            exec(compile(code, "emitted.py", "exec"), names)
        return names

    return run


@pytest.fixture(scope="session")
def agree() -> Callable[..., None]:
    """What compares two arrays to twelve digits, of the largest entry or of what is said."""

    def compare(mine: Any, theirs: Any, scale: float = 0.0) -> None:
        theirs = np.asarray(theirs)
        largest = np.max(np.abs(theirs), initial=scale, where=np.isfinite(theirs))
        assert np.shape(mine) == theirs.shape
        np.testing.assert_allclose(mine, theirs, rtol=1e-12, atol=1e-12 * largest)

    return compare
