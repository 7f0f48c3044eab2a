"""The estimate of work: known before anything is computed, and of all nodes, not the leaves."""

import numpy as np
import pytest

from gradstudio import formula
from gradstudio.engine.work import work


@pytest.mark.parametrize(
    ("text", "shapes", "least"),
    [
        ("f = sum(x)", {"x": (1000,)}, 1000),
        ("f = sum(x * y)", {"x": (5000, 1), "y": (1, 5000)}, 25_000_000),
        ("f = sum(x @ x)", {"x": (4000, 4000)}, 4000**3 / 64),
        ("f = sum(x @ y)", {"x": (8, 100, 100), "y": (8, 100, 100)}, 8 * 100**3 / 64),
    ],
)
def test_what_comes_of_the_leaves_counts(
    text: str, shapes: dict[str, tuple[int, ...]], least: float
) -> None:
    values = {name: np.zeros(shape) for name, shape in shapes.items()}
    graph = formula.parse(text).set_values(values)
    assert least <= work(graph) <= 10 * least


def test_counting_ends_where_it_is_too_much() -> None:
    graph = formula.parse("a = x * x; b = a * a; f = sum(b)").set_values({"x": np.zeros(100)})
    assert work(graph) >= 400
    assert 100 <= work(graph, most=50) <= 200


def test_an_unfinished_graph_is_work_too() -> None:
    graph = formula.parse("f = (x + y) @ z").set_values({"x": np.zeros(3), "y": np.zeros(2)})
    assert work(graph) == 5
    assert work(graph.disconnect("f", 0)) == 5
