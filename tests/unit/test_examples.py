"""The examples that come along: evaluated at once, laid out, explained in both languages."""

from __future__ import annotations

import itertools
import math
from pathlib import Path

import pytest

from gradstudio import resources, storage
from gradstudio.engine.evaluate import evaluate
from gradstudio.engine.gradcheck import check
from gradstudio.training.loop import Run
from gradstudio.training_settings import TrainingSettings

EXAMPLES = sorted(resources.path("examples").glob("*.gradstudio"))
NAMES = ("handmade", "leaky-relu", "linear-fit", "mlp", "patterns", "sigmoid", "sigmoid-node",
         "udl-chain", "xyz")  # fmt: skip
TRAINED = [path for path in EXAMPLES if b'"parameter"' in path.read_bytes()]


def test_they_are_all_there() -> None:
    assert {path.stem for path in EXAMPLES} >= set(NAMES)


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_an_example_is_complete(path: Path) -> None:
    graph = storage.load(path)
    assert storage.dumps(graph) == path.read_bytes()
    for field in ("title", "about"):
        assert set(graph.extra[field]) == {"en", "zh"}
        assert all(graph.extra[field].values())
    found = evaluate(graph)
    assert not found.errors
    assert not found.warnings
    assert found.no_gradient is None
    assert all(leaf.passed for leaf in check(graph))


@pytest.mark.parametrize("path", TRAINED, ids=lambda path: path.stem)
def test_an_example_gets_better_by_training(path: Path) -> None:
    graph = storage.load(path)
    settings = TrainingSettings.of(graph)
    run = Run(graph, settings)
    losses = [run.step().loss for _ in range(settings.steps)]
    assert losses[-1] <= losses[0]


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_an_example_is_laid_out_from_left_to_right(path: Path) -> None:
    graph = storage.load(path)
    assert set(graph.positions) == set(graph.nodes)
    for edge in graph.edges():
        assert graph.positions[edge.source][0] + 80 < graph.positions[edge.target][0], edge
    for one, other in itertools.combinations(graph.positions.values(), 2):
        assert math.dist(one, other) > 80
