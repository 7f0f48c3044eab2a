"""Every language has its place in the table and on the command line."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from gradstudio import cli, storage
from gradstudio.emit import EMITTERS
from gradstudio.engine.evaluate import evaluate
from gradstudio.errors import GraphError
from gradstudio.formula.definition import define
from gradstudio.graph import Graph, Node

LANGUAGES = [*EMITTERS, "adjoint"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_example_is_exported(language: str, example: Path, tmp_path: Path, capsys: Any) -> None:
    out = tmp_path / "out"
    assert cli.run(["export", str(example), "--to", language, "-o", str(out)]) == 0
    text = out.read_text(encoding="utf-8")
    assert text.endswith("\n")
    assert not text.endswith("\n\n")
    assert cli.run(["export", str(example), "--to", language]) == 0
    captured = capsys.readouterr()
    assert captured.out == text
    assert captured.err == ""


@pytest.mark.parametrize(
    "language", ["numpy", "numpy-modular", pytest.param("torch", marks=pytest.mark.torch)]
)
def test_an_exported_file_runs(language: str, tmp_path: Path) -> None:
    out = tmp_path / "out.py"
    source = tmp_path / "neuron.gradstudio"
    graph = Graph()
    for name, value in {"w0": 2.0, "x0": -1.0, "w1": -3.0, "x1": -2.0}.items():
        graph = graph.add(name, "parameter", value=value)
    graph = graph.add("a", "mul", ["w0", "x0"]).add("b", "mul", ["w1", "x1"])
    storage.save(source, graph.add("s", "add", ["a", "b"]).add("f", "sigmoid", ["s"]))
    assert cli.run(["export", str(source), "--to", language, "-o", str(out)]) == 0
    done = subprocess.run(
        [sys.executable, str(out)], capture_output=True, text=True, check=True, timeout=300
    )
    assert done.stderr == ""
    if language != "torch":
        assert "f = 0.98" in done.stdout
        assert "w0 = -0.017" in done.stdout


def test_the_adjoint_is_a_graph_that_computes_the_gradients(
    example_graph: Graph, tmp_path: Path
) -> None:
    source, out = tmp_path / "in.gradstudio", tmp_path / "out.gradstudio"
    storage.save(source, example_graph)
    assert cli.run(["export", str(source), "--to", "adjoint", "-o", str(out)]) == 0
    expected = evaluate(example_graph)
    found = evaluate(storage.load(out))
    output = example_graph.output_of()
    for name in expected.order:
        if example_graph.nodes[name].is_leaf and name in expected.grads:
            grad = found.values[f"d{output}_d{name}"]
            np.testing.assert_allclose(grad, expected.grads[name], rtol=1e-12)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_formula_is_exported_with_the_values_it_is_given(
    language: str, tmp_path: Path, capsys: Any
) -> None:
    leaves = tmp_path / "leaves.json"
    leaves.write_text('{"x": 7.25}')
    given = ["--set", "w=[1.5, 2.5]", "--leaves", str(leaves)]
    assert cli.run(["export", "--formula", "f = sum(x * w)", *given, "--to", language]) == 0
    written = capsys.readouterr().out
    assert "7.25" in written or language == "formula"


@pytest.mark.parametrize("language", ["numpy", "numpy-modular", "torch", "latex", "adjoint"])
def test_what_has_no_value_is_refused_in_one_line(language: str, capsys: Any) -> None:
    assert cli.run(["export", "--formula", "f = x * w", "--to", language]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.count("\n") == 1
    assert "x has no value" in captured.err


@pytest.mark.parametrize("language", EMITTERS)
def test_a_long_formula_of_the_documents_own_is_written(language: str) -> None:
    terms = " + ".join(["a"] * 2_000)
    mine = define("many", ("a",), terms, {"a": f"g * ({terms})"})
    graph = Graph().define(mine).add("x", "parameter", value=2.0).add("f", "many", ["x"])
    if language == "formula":
        with pytest.raises(GraphError, match="many is defined by this graph"):
            EMITTERS[language](graph)
    else:
        assert EMITTERS[language](graph)


@pytest.mark.parametrize("language", EMITTERS)
def test_a_deep_graph_is_written(language: str) -> None:
    nodes = dict(Graph().add("x", "parameter", value=0.5).nodes)
    for i in range(5_000):
        nodes[f"n{i}"] = Node("tanh", (f"n{i - 1}" if i else "x",))
    assert len(EMITTERS[language](Graph(nodes))) > 50_000
