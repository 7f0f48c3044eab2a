"""The check by central differences: right gradients pass, wrong ones fail, kinks are told apart."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from gradstudio.engine.gradcheck import MOST_ENTRIES, check
from gradstudio.errors import GradStudioError
from gradstudio.formula import parse
from gradstudio.graph import Graph
from gradstudio.ops import REGISTRY


def test_right_gradients_pass() -> None:
    graph = (
        Graph()
        .add("x", "input", value=[[1.0, -2.0], [0.5, 3.0]])
        .add("w", "parameter", value=[0.3, -0.7])
        .add("y", "matmul", ["x", "w"])
        .add("s", "sigmoid", ["y"])
        .add("f", "sum", ["s"])
    )
    results = check(graph)
    assert [result.name for result in results] == ["x", "w"]
    assert all(result.passed and result.error < 1e-8 for result in results)
    assert not any(result.at_kink for result in results)


def test_a_wrong_rule_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    def wrong(g: Any, out: Any, x: Any, y: Any) -> Any:
        return g * x, g * y

    monkeypatch.setattr(REGISTRY["mul"], "vjp", staticmethod(wrong))
    graph = (
        Graph().add("x", "input", value=2).add("y", "input", value=5).add("f", "mul", ["x", "y"])
    )
    assert [result.passed for result in check(graph)] == [False, False]


def test_a_kink_is_no_mistake() -> None:
    graph = Graph().add("x", "input", value=0).add("f", "relu", ["x"])
    (result,) = check(graph)
    assert result.passed
    assert result.at_kink
    assert result.numeric[0] == pytest.approx(0.5)


def test_of_a_large_leaf_some_entries_are_compared(rng: np.random.Generator) -> None:
    graph = Graph().add("x", "input", value=rng.normal(size=(40, 40))).add("f", "sum", ["x"])
    (result,) = check(graph)
    assert len(result.entries) == MOST_ENTRIES
    assert result.passed


def test_large_values_do_not_drown_the_check() -> None:
    graph = (
        Graph()
        .add("x", "input", value=1e6)
        .add("c", "constant", value=1e9)
        .add("s", "square", ["x"])
        .add("f", "add", ["s", "c"])
    )
    assert check(graph)[0].passed


def test_without_a_gradient_there_is_nothing_to_check() -> None:
    with pytest.raises(GradStudioError, match="sum or mean"):
        check(Graph().add("x", "input", value=[1, 2]).add("f", "exp", ["x"]))
    with pytest.raises(GradStudioError, match="log"):
        check(Graph().add("x", "input", value=-1).add("f", "log", ["x"]))


def test_inputs_of_class_numbers_are_not_checked() -> None:
    graph = (
        Graph()
        .add("z", "input", value=np.array([[1.0, 2.0]]))
        .add("t", "input", value=[1])
        .add("l", "cross_entropy", ["z", "t"])
    )
    assert [result.name for result in check(graph)] == ["z"]


def test_many_leaves_share_the_entries(
    rng: np.random.Generator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gradstudio.engine.gradcheck.MOST_ENTRIES_IN_ALL", 50)
    graph = Graph()
    for number in range(4):
        graph = graph.add(f"x{number}", "input", value=rng.normal(size=30))
    graph = graph.add("w", "parameter", value=2.0)
    graph = graph.add("a", "mul", ["x0", "x1"]).add("b", "mul", ["x2", "x3"])
    graph = graph.add("c", "mul", ["a", "w"]).add("d", "sub", ["c", "b"]).add("f", "sum", ["d"])
    results = {result.name: result for result in check(graph)}
    assert sum(len(result.entries) for result in results.values()) == 50
    assert len(results["w"].entries) == results["w"].size == 1
    assert all(len(results[f"x{n}"].entries) in (12, 13) for n in range(4))
    assert all(results[f"x{n}"].size == 30 for n in range(4))
    assert all(result.passed for result in results.values())


def test_a_check_is_stopped_between_two_entries() -> None:
    graph = Graph().add("x", "input", value=np.ones(100)).add("f", "sum", ["x"])
    asked: list[None] = []

    def stop() -> bool:
        asked.append(None)
        return len(asked) > 3

    with pytest.raises(GradStudioError, match="stopped"):
        check(graph, stop=stop)
    assert len(asked) == 4


def test_a_leaf_of_class_numbers_that_also_counts_is_named() -> None:
    graph = parse(
        "f = sum(embedding(t, i)) + sum(i)",
        values={"t": np.ones((3, 2)), "i": np.array([0.0, 2.0])},
    )
    with pytest.raises(GradStudioError, match="i cannot be moved a little"):
        check(graph)
