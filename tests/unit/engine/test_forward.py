"""Values kept up to date: the same as a fresh evaluation after any change of leaves."""

from __future__ import annotations

import numpy as np
import pytest

from gradstudio.engine.evaluate import evaluate
from gradstudio.engine.floats import PAYS_AFTER
from gradstudio.engine.forward import CompiledForward
from gradstudio.errors import GradStudioError
from gradstudio.graph import Graph, Node


def leaf(op: str, value: object) -> Node:
    return Node(op, value=np.asarray(value, dtype=float))


def graph_of(shape: tuple[int, ...]) -> Graph:
    rng = np.random.default_rng(1)
    nodes = {name: leaf("input", rng.normal(size=shape)) for name in ("a", "b", "c")}
    nodes |= {"two": leaf("constant", 2.0), "ab": Node("mul", ("a", "b"))}
    nodes |= {"q": Node("pow", ("ab", "two")), "bc": Node("max", ("b", "c"))}
    nodes |= {"e": Node("exp", ("bc",)), "end": Node("sub", ("q", "e"))}
    nodes |= {"other": Node("log", ("a",))}
    return Graph.build(nodes)


def check(step: CompiledForward, graph: Graph) -> None:
    for name, value in evaluate(graph).values.items():
        np.testing.assert_allclose(step.value(name), value, rtol=1e-12)


@pytest.mark.parametrize("shape", [(), (2, 3)])
def test_any_leaf_may_change(shape: tuple[int, ...]) -> None:
    graph = graph_of(shape)
    step = CompiledForward(graph)
    assert step.executor == ("floats" if shape == () else "arrays")
    check(step, graph)
    for changes in (
        {"a": np.full(shape, 1.5)},
        {"c": np.full(shape, 3.0)},
        {"a": np.full(shape, -1.0), "b": np.full(shape, 0.0)},
        {"c": np.full(shape, 1000.0)},
        {"two": 3.0},
        {"b": np.full(shape, 0.25)},
    ):
        graph = graph.set_values(changes)
        step.set_values(changes)
        check(step, graph)


def test_a_leaf_that_changes_often() -> None:
    graph = graph_of(())
    step = CompiledForward(graph)
    for i in range(PAYS_AFTER + 5):
        step.set_values({"b": i / 7})
    check(step, graph.set_values({"b": (PAYS_AFTER + 4) / 7}))
    step.set_values({"b": 1000.0})
    check(step, graph.set_values({"b": 1000.0}))


def test_another_shape_is_another_plan() -> None:
    graph = graph_of(())
    step = CompiledForward(graph)
    step.set_values({"a": [1.0, 2.0]})
    assert step.executor == "arrays"
    check(step, graph.set_values({"a": [1.0, 2.0]}))


def test_an_unfinished_graph_is_refused() -> None:
    with pytest.raises(GradStudioError, match="nothing is connected"):
        CompiledForward(graph_of(()).disconnect("ab", 0))
