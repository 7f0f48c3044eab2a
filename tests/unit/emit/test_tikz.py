"""A drawn graph as TikZ: what is drawn is there, and LaTeX takes it."""

from __future__ import annotations

import math
import shutil
import subprocess
from pathlib import Path

import pytest

from gradstudio.emit.tikz import Link, Place, to_tikz
from gradstudio.engine.evaluate import evaluate
from gradstudio.formula import parse
from gradstudio.graph import Graph
from gradstudio.numbers import number_text, value_text
from gradstudio.ops import REGISTRY


def drawn(graph: Graph) -> str:
    found = evaluate(graph)
    places, links = {}, []
    for at, (name, node) in enumerate(graph.nodes.items()):
        value = value_text(found.values[name])
        last = name == graph.output_of()
        places[name] = Place(
            kind=node.op if node.is_leaf else "output" if last else "op",
            op=node.op,
            at=(90.0 * at, 30.0 * (at % 3)),
            half=(23.0, 15.0 if node.is_leaf else 23.0),
            circle=not node.is_leaf,
            text=name if node.is_leaf else node.rules.symbol,
            value=value,
            caption=not node.is_leaf,
            result=(value, "1") if last else ("", ""),
        )
    for edge in graph.edges():
        grad = found.edge_grads.get((edge.target, edge.port))
        x, y = places[edge.target].at
        value = value_text(found.values[edge.source])
        gradient = "" if grad is None else value_text(grad)
        links.append(Link(edge.source, None, (x - 23.0, y), value, gradient))
    return to_tikz(places, links, [("A 50 % & more_$", (-40.0, -40.0, 400.0, 120.0))])


CIRCUIT = parse("f = (x + y) * z_1", values={"x": -2.0, "y": 5.0, "z_1": -4.0})


def test_nodes_edges_numbers_and_frames_are_written() -> None:
    code = drawn(CIRCUIT)
    assert code.count(r"\node[input") == 3
    assert code.count(r"\draw[edge]") == 4
    assert r"node[value, pos=0.72] {$-$2} node[gradient, pos=0.72] {$-$4}" in code
    assert r"{$\times$}" in code
    assert r"\node[output" in code
    assert r"A 50 \% \& more\_\$" in code
    assert r"{$-$12}" in code


def test_what_latex_has_no_letter_for_is_called_by_its_name() -> None:
    graph = parse("f = squeeze(x)", values={"x": [[1.0]]})
    assert "{squeeze}" in drawn(graph)
    named = parse("f = 学习率 * 2", values={"学习率": 0.5})
    code = drawn(named)
    assert "% 学习率" in code
    body = [line for line in code.splitlines() if "%" in line]
    assert all(line.partition("%")[0].isascii() for line in body)


@pytest.mark.parametrize("op", [op for op in REGISTRY.values() if op.listed and not op.leaf])
def test_every_symbol_can_be_written(op: type) -> None:
    place = Place("op", op.name, (0.0, 0.0), (23.0, 23.0), True, op.symbol)
    lines = [line for line in to_tikz({"n": place}, []).splitlines() if "(n1)" in line]
    assert lines
    assert lines[0].isascii()
    assert "?" not in lines[0]


ALL_SIGNS = "".join(
    sorted(
        set(
            "".join(map(number_text, (1e-5, -2.5e12, 3.4e67, 9.8e-10, -math.inf, math.nan)))
            + "".join(map(str, range(10)))
            + "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻ⁿʸˣᵀ₀₁₂₃₄₅₆₇₈₉₊₋ᵢⱼₖₙ"
            + "αβγδεζηθικλμνξοπρςστυφχψωΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡΣΤΥΦΧΨΩ"
            + "·⋅−×÷±∂∇∫√∞≈≠≤≥½¼…⋮→←↑↓⇄‖µ–—“”‘’éüñçåČ"
            + "".join(map(chr, range(32, 127)))
        )
    )
)
"""What figures, symbols of ops, names and titles are written with."""


def written(text: str) -> str:
    place = Place("frame", "", (0.0, 0.0), (23.0, 23.0), False, text)
    (line,) = (line for line in to_tikz({"n": place}, []).splitlines() if "(n1)" in line)
    return line.partition(") at (")[2].partition(") {")[2].removesuffix("};")


@pytest.mark.parametrize(
    ("text", "tex"),
    [
        ("1×10⁻⁵", r"$1\times 10^{-5}$"),
        ("−2.5×10¹²", r"$- 2.5\times 10^{12}$"),
        ("−∞", r"$- \infty$"),
        ("w₁₀", r"w$_{10}$"),
        ("σ²", r"$\sigma^{2}$"),
        ("λA ο", r"$\lambda$A $o$"),
        ("5 $×", r"5 \$$\times$"),
        ("é–", r"\'{e}--"),
    ],
)
def test_what_is_raised_and_lowered_is_mathematics(text: str, tex: str) -> None:
    assert written(text) == tex


def test_every_sign_that_figures_write_is_written() -> None:
    for sign in ALL_SIGNS.replace("?", ""):
        assert "?" not in written(sign), sign
        assert written(sign).isascii(), sign


def test_pdflatex_compiles_it(tmp_path: Path) -> None:
    if shutil.which("pdflatex") is None:
        pytest.skip("pdflatex is not installed")
    found = subprocess.run(["kpsewhich", "standalone.cls"], capture_output=True, check=False)
    if not found.stdout.strip():
        pytest.skip("LaTeX's class standalone is not installed")
    named = parse(
        "f = sum(squeeze(学习率) * b_2 + exp(c))",
        values={"学习率": [[1.0]], "b_2": [1.0, 2.0], "c": 0.5},
    )
    signs = to_tikz(
        {
            f"n{at}": Place("frame", "", (0.0, 40.0 * at), (23.0, 23.0), False, text)
            for at, text in enumerate((ALL_SIGNS, "".join(reversed(ALL_SIGNS)), "1×10⁻⁵"))
        },
        [],
    )
    for number, code in enumerate((drawn(CIRCUIT), drawn(named), signs)):
        (tmp_path / f"{number}.tex").write_text(code, encoding="utf-8")
        done = subprocess.run(
            ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", f"{number}.tex"],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert done.returncode == 0, done.stdout[-2000:]
