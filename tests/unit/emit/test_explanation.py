"""The chain rule in words: what is written is what the engine computed."""

from __future__ import annotations

import numpy as np
import pytest

from gradstudio.emit.explanation import written
from gradstudio.engine.evaluate import evaluate
from gradstudio.errors import GradStudioError
from gradstudio.formula import parse
from gradstudio.graph import Graph


def test_a_product_is_written_with_symbols_and_numbers() -> None:
    graph = parse("q = x * y; f = exp(q)", values={"x": np.array(-2.0), "y": np.array(0.5)})
    x, y = written(evaluate(graph), "q")
    assert x.symbols == "∂f/∂x = ∂f/∂q · y"
    assert x.numbers == "0.3679 × 0.5 = 0.1839"
    assert x.shapes == ""
    assert x.latex == (r"\frac{\partial f}{\partial x} = \frac{\partial f}{\partial q} \cdot y")
    assert y.symbols == "∂f/∂y = ∂f/∂q · x"


def test_a_matrix_product_is_written_with_shapes() -> None:
    values = {"X": np.ones((5, 3)), "W": np.ones((3, 4)), "b": np.ones(4)}
    found = evaluate(parse("z = X @ W; y = z + b; l = sum(y)", values=values))
    x, w = written(found, "z")
    assert x.symbols == "∂l/∂X = ∂l/∂z @ Wᵀ"
    assert x.shapes == "(5, 4) → (5, 3)"
    assert w.symbols == "∂l/∂W = Xᵀ @ ∂l/∂z"
    assert w.latex == (r"\frac{\partial l}{\partial W} = X ^\top \frac{\partial l}{\partial z}")
    _, bias = written(found, "y")
    assert bias.shapes == "(5, 4) → (4), Σ 0"


def test_every_line_of_every_op_is_written(sample: Graph) -> None:
    found = evaluate(sample)
    for line in written(found, "n"):
        assert line.symbols.startswith("∂f/∂x")
        assert line.latex.count("{") == line.latex.count("}")
        assert not set(line.latex) & set("·×÷−²ᵀΣ√πσΦφ≤→←")


def test_a_node_without_a_gradient_has_no_lines() -> None:
    assert written(evaluate(parse("f = x * y")), "f") == ()
    with pytest.raises(GradStudioError, match="nobody"):
        written(evaluate(parse("f = x * y")), "nobody")
