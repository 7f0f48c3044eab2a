"""Every number that the worked examples of the public sources print comes out."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from gradstudio import resources, storage
from gradstudio.engine.evaluate import Evaluation, evaluate
from gradstudio.formula import parse
from gradstudio.graph import Graph

CASES = json.loads((Path(__file__).parents[1] / "data" / "cases.json").read_text(encoding="utf-8"))[
    "cases"
]
SCALAR = [case for case in CASES if "formula" in case]
(MLP,) = (case for case in CASES if "formula" not in case)
EXAMPLES = {
    "cs231n-xyz": "xyz",
    "cs231n-sigmoid": "sigmoid",
    "cs231n-patterns": "patterns",
    "udl-chain": "udl-chain",
    "handmade-autodiff": "handmade",
}


def compare(case: dict[str, Any], found: Evaluation) -> None:
    for name, expected in case["values"].items():
        np.testing.assert_allclose(found.values[name], expected, rtol=0, atol=case["tol"])
    for name, expected in case["grads"].items():
        np.testing.assert_allclose(found.grads[name], expected, rtol=0, atol=case["tol"])
    for source, target, expected in case.get("edges", []):
        port = found.graph.nodes[target].inputs.index(source)
        np.testing.assert_allclose(
            found.edge_grads[target, port], expected, rtol=0, atol=case["tol"]
        )


def graph_of(case: dict[str, Any]) -> Graph:
    return parse(case["formula"]).set_values(case["leaves"])


@pytest.mark.parametrize("case", SCALAR, ids=lambda case: case["id"])
def test_the_printed_numbers_come_out_of_the_formula(case: dict[str, Any]) -> None:
    found = None
    for _ in range(case.get("repeat", 1)):
        found = evaluate(graph_of(case), previous=found)
        compare(case, found)


@pytest.mark.parametrize("case", SCALAR, ids=lambda case: case["id"])
def test_and_out_of_the_file_it_is_saved_to(case: dict[str, Any]) -> None:
    compare(case, evaluate(storage.loads(storage.dumps(graph_of(case)))))


@pytest.mark.parametrize("case", SCALAR, ids=lambda case: case["id"])
def test_and_out_of_the_formula_of_the_graph(case: dict[str, Any]) -> None:
    from gradstudio.emit.formula import to_formula

    compare(case, evaluate(parse(to_formula(graph_of(case), leaves=True))))


def test_the_printed_arrays_of_the_mlp_follow_from_its_last_layer() -> None:
    y2_grad, y1_grad = np.array(MLP["y2_grad"]), np.array(MLP["y1_grad"])
    w2 = np.linalg.lstsq(y2_grad, y1_grad, rcond=None)[0].T
    # y2 as an offset from what y1 gives, so that y1 may be anything and y2 is as printed.
    graph = parse(
        "a = y1 + b1\ny2 = a @ w2 + c\nl = ((y - y2.squeeze()) ** 2).sum()",
        values={
            "y1": np.zeros((5, 4)),
            "b1": np.zeros(4),
            "w2": w2,
            "c": np.array(MLP["y2"])[:, None],
            "y": np.array(MLP["y"]),
        },
    )
    found = evaluate(graph)
    for name, expected in {
        "y2": y2_grad,
        "a": y1_grad,
        "y1": y1_grad,
        "b1": np.array(MLP["b1_grad"]),
    }.items():
        np.testing.assert_allclose(found.grads[name], expected, rtol=0, atol=MLP["tol"])
    assert found.values["l"] == pytest.approx(MLP["l"], abs=MLP["tol"])


@pytest.mark.parametrize(
    "case", [case for case in SCALAR if case["id"] in EXAMPLES], ids=lambda case: case["id"]
)
def test_the_examples_show_the_printed_numbers(case: dict[str, Any]) -> None:
    name = EXAMPLES[case["id"]]
    graph = storage.load(resources.path("examples", f"{name}.gradstudio"))
    assert {leaf: graph.nodes[leaf].value for leaf in case["leaves"]} == case["leaves"]
    compare(case, evaluate(graph))


def test_the_mlp_example_shows_the_printed_arrays() -> None:
    found = evaluate(storage.load(resources.path("examples", "mlp.gradstudio")))
    tolerance = MLP["tol"]
    close = {"rtol": 0, "atol": tolerance}
    np.testing.assert_allclose(np.squeeze(found.values["y2"]), MLP["y2"], **close)
    np.testing.assert_allclose(found.values["y"], MLP["y"], **close)
    np.testing.assert_allclose(found.values["l"], MLP["l"], **close)
    np.testing.assert_allclose(found.grads["y2"], MLP["y2_grad"], **close)
    np.testing.assert_allclose(found.grads["y1"], MLP["y1_grad"], **close)
    np.testing.assert_allclose(found.grads["b1"], MLP["b1_grad"], **close)
