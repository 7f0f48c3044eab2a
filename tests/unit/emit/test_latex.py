"""Emitted LaTeX is well formed whatever is in the graph, and says what a book would."""

from __future__ import annotations

import contextlib
import re
import shutil
import subprocess
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gradstudio.emit.latex import to_latex
from gradstudio.errors import GradStudioError
from gradstudio.formula import parse
from gradstudio.formula.definition import define
from gradstudio.graph import Graph


def check(code: str) -> None:
    """Check what LaTeX would stop at: brackets, environments, alignment, letters, two indices."""
    text = re.sub(r"^%.*\n", "", code, flags=re.MULTILINE)
    assert text.isascii()
    plain = re.sub(r"\\[{}]", "", text)
    depth = 0
    for letter in plain:
        depth += (letter == "{") - (letter == "}")
        assert depth >= 0
    assert depth == 0
    assert text.count(r"\left") == text.count(r"\right")
    opened: list[str] = []
    for kind, name in re.findall(r"\\(begin|end)\{([a-z*]+)\}", text):
        if kind == "begin":
            opened.append(name)
        else:
            assert opened.pop() == name
    assert not opened
    assert not re.search(r"(?<!\\)[#$%~]", text)
    assert not re.search(r"\}\^\{[^{}]*\}\^|\}_\{[^{}]*\}_", text)
    for block in re.findall(r"\\begin\{align\*\}\n(.*?)\n\\end\{align\*\}", text, re.DOTALL):
        for row in block.split(" \\\\\n"):
            outside = re.sub(r"\\begin\{cases\}.*\\end\{cases\}", "", row)
            assert outside.count("&") == 1


def test_an_op_is_well_formed(sample: Graph) -> None:
    check(to_latex(sample))


def test_an_example_is_well_formed(example_graph: Graph) -> None:
    check(to_latex(example_graph))


def test_a_rule_that_gives_a_number_is_well_formed(constants_graph: Graph) -> None:
    check(to_latex(constants_graph))


@given(st.integers(0, 2**32))
def test_a_random_graph_is_well_formed(random_graphs: Any, seed: int) -> None:
    check(to_latex(random_graphs(seed)))


@given(st.lists(st.text(min_size=1, max_size=8).filter(str.isidentifier), max_size=5))
def test_any_name_is_well_formed_and_told_apart(names: list[str]) -> None:
    graph = Graph()
    for name in ["w_0", "w0", *names]:
        with contextlib.suppress(GradStudioError):  # a keyword, or the same name again
            graph = graph.add(name, "input", value=[1.0])
    code = to_latex(graph.add("together", "concat", list(graph.nodes)))
    check(code)
    symbols = re.findall(r"^(.*) &\\in ", code, flags=re.MULTILINE)
    assert len(set(symbols)) == len(graph)


def compiles(codes: Iterable[str], folder: Path) -> None:
    """Check that pdflatex takes all of these as one document."""
    if shutil.which("pdflatex") is None:
        pytest.skip("pdflatex is not installed")
    begin, end = "\\begin{document}\n", "\n\\end{document}\n"
    head, pages = "", []
    for code in codes:
        head, _, page = code.partition(begin)
        pages.append(page.removesuffix(end))
    (folder / "out.tex").write_text(head + begin + "\n\n".join(pages) + end, encoding="utf-8")
    done = subprocess.run(
        ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "out.tex"],
        cwd=folder,
        capture_output=True,
        text=True,
        errors="replace",
        timeout=120,
    )
    assert done.returncode == 0, done.stdout[-2000:]


def test_pdflatex_compiles_random_graphs(random_graphs: Any, tmp_path: Path) -> None:
    compiles((to_latex(random_graphs(seed)) for seed in range(40)), tmp_path)


def test_pdflatex_compiles_every_op(samples: list[Graph], tmp_path: Path) -> None:
    compiles(map(to_latex, samples), tmp_path)


def test_pdflatex_compiles_an_example(example_graph: Graph, tmp_path: Path) -> None:
    compiles([to_latex(example_graph)], tmp_path)


def rows(formula: str, *, numbers: bool = False, **values: Any) -> list[str]:
    given = {name: np.asarray(value, dtype=float) for name, value in values.items()}
    code = to_latex(parse(formula, values=given), numbers=numbers)
    return code.replace(" \\\\\n", "\n").splitlines()


def test_the_chain_rule_is_written_with_its_factors() -> None:
    written = rows("s = w_0 * x\nf = s + exp(x)", w_0=2.0, x=3.0)
    assert r"s &= w_{0} \cdot x" in written
    assert (
        r"\frac{\partial f}{\partial w_{0}} &= "
        r"\frac{\partial f}{\partial s}\,\frac{\partial s}{\partial w_{0}}"
    ) in written
    assert r"&= \frac{\partial f}{\partial s} \cdot x" in written
    assert (
        r"&= \frac{\partial f}{\partial \mathit{exp}_{1}} \cdot \mathit{exp}_{1}"
        r" + \frac{\partial f}{\partial s} \cdot w_{0}"
    ) in written


def test_matrices_are_transposed() -> None:
    written = rows("f = sum(X @ W)", X=np.ones((2, 3)), W=np.ones((3, 2)))
    assert r"X &\in \mathbb{R}^{2 \times 3}" in written
    assert r"\mathit{matmul}_{1} &= X\,W" in written
    assert r"&= X^{\top}\,\frac{\partial f}{\partial \mathit{matmul}_{1}}" in written


def test_numbers_are_written_when_asked_for() -> None:
    assert r"f &= x^{2} = 9" in rows("f = x ** 2", x=-3.0, numbers=True)
    assert r"f &= \frac{x}{3} \approx 0.3333" in rows("f = x / 3", x=1.0, numbers=True)
    assert r"x &= -3" in rows("f = x ** 2", x=-3.0, numbers=True)
    assert r"f &= x^{2}" in rows("f = x ** 2", x=-3.0)


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        ("f = x - (y - x)", r"f &= x - \mathit{sub}_{1}"),
        ("f = (-2) ** x", r"f &= \left(-2\right)^{x}"),
        ("f = x * (-2)", r"f &= x \cdot \left(-2\right)"),
        ("f = relu(x)", r"f &= \max\left(x, 0\right)"),
        ("f = sigmoid(x)", r"f &= \sigma\left(x\right)"),
        ("f = softplus(x)", r"f &= \operatorname{softplus}\left(x\right)"),
        ("f = sum(x, axis=())", r"f &= \sum_{\mathrm{axis}\,()} x"),
        ("f = x * 1e-7", r"f &= x \cdot \left(1 \cdot 10^{-7}\right)"),
    ],
)
def test_an_op_is_written_as_in_a_book(formula: str, expected: str) -> None:
    assert expected in rows(formula, x=0.5, y=2.0)


def test_a_name_that_latex_cannot_write_is_explained() -> None:
    graph = Graph().add("权重", "parameter", value=2.0).add("f", "square", ["权重"])
    code = to_latex(graph)
    check(code)
    assert "% v_{(1)} is 权重\n" in code


def test_an_op_of_the_documents_own_is_called_by_name() -> None:
    graph = Graph().define(define("my_op", ("a",), "a * 2", {"a": "g * 2"}))
    code = to_latex(graph.add("x", "parameter", value=2.0).add("f", "my_op", ["x"]))
    check(code)
    assert r"f &= \operatorname{my\_op}\left(x\right) = 4" in code


def test_a_graph_without_a_gradient_has_no_chain_rule() -> None:
    assert not any("partial" in row for row in rows("f = x * 2", x=[1.0, 2.0]))
