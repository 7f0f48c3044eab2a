"""Suggested fixes: each is one edit, and the problem is gone after it."""

import numpy as np
import numpy.typing as npt
import pytest

from gradstudio import formula
from gradstudio.engine.evaluate import evaluate
from gradstudio.engine.problems import Problem, problems
from gradstudio.errors import GraphError
from gradstudio.fixes import MOST, Fix, fixes
from gradstudio.graph import Graph

LEAF = "Give its input y a leaf of its own"


def built(text: str, **values: npt.ArrayLike) -> Graph:
    return formula.parse(text).set_values(values)


def first(graph: Graph, kind: str = "") -> tuple[Problem, tuple[Fix, ...]]:
    evaluation = evaluate(graph)
    problem = next(one for one in problems(evaluation) if kind in ("", one.kind))
    return problem, fixes(problem, evaluation)


def labels(graph: Graph, kind: str = "") -> list[str]:
    return [str(fix.label) for fix in first(graph, kind)[1]]


def deep(op: str, scale: float) -> Graph:
    rng = np.random.default_rng(1)
    text, shape = "h0 = x @ w0", (4, 4)
    for at in range(1, 7):
        text += f"; h{at} = {op}(h{at - 1}) @ w{at}"
    values = {f"w{at}": rng.normal(0, scale, shape) for at in range(7)}
    return built(f"{text}; f = sum(h6)", x=np.ones((2, 4)), **values)


CASES = {
    "transpose": (built("f = sum(x @ w)", x=np.ones((5, 3)), w=np.ones((4, 3))), "shape"),
    "swap": (built("f = sum(x @ w)", x=np.ones((3, 4)), w=np.ones((5, 3))), "shape"),
    "broadcasting": (built("f = sum(x + y)", x=np.ones((5, 3)), y=np.ones(5)), "shape"),
    "axis": (
        built("s = sum(x, axis=0); f = s * s", x=np.ones(3)).set_settings("s", {"axis": 2}),
        "shape",
    ),
    "reshape": (
        built("r = reshape(x, shape=(2, 2)); f = sum(r)", x=np.ones(4)).set_values({"x": [1] * 6}),
        "shape",
    ),
    "unconnected": (built("a = exp(x); f = a * y", x=1, y=1).disconnect("f", 1), "unconnected"),
    "unconnected matrix": (
        built("p = x @ w; f = sum(p)", x=np.ones((2, 3)), w=np.ones((3, 3))).disconnect("p", 1),
        "unconnected",
    ),
    "unconnected altogether": (Graph().add("f", "mul"), "unconnected"),
    "several inputs": (Graph().add("f", "concat"), "unconnected"),
    "no value": (Graph().add("x", "input").add("f", "exp", ["x"]), "no_value"),
    "outputs": (built("a = exp(x); b = sin(x)", x=1).set_output(None), "outputs"),
    "no scalar": (built("f = exp(x)", x=[1, 2]).set_output(None), "not_scalar"),
    "no scalar, chosen": (built("f = exp(x)", x=[1, 2]), "not_scalar"),
    "constant": (Graph().add("c", "constant", value=1).add("f", "exp", ["c"]), "constant"),
    "log of 0": (built("f = log(x)", x=0.0), "not_finite"),
    "division by 0": (built("f = x / y", x=1, y=0), "not_finite"),
    "exp of 1000": (built("f = exp(x)", x=1000), "not_finite"),
    "root at 0": (built("f = sqrt(x) + x", x=0.0), "steep"),
    "negative base": (built("f = x ** y", x=-2, y=0.5), "not_finite"),
    "mse": (built("f = mse(x, y)", x=np.ones((5, 1)), y=np.zeros(5)), "broadcast"),
    "saturated": (built("f = tanh(x)", x=37.0), "saturated"),
    "saturated layer": (built("f = sum(sigmoid(x))", x=[-900, 800, 3]), "saturated"),
    "dead": (built("f = relu(x)", x=-1.0), "dead"),
    "vanishing": (deep("tanh", 0.1), "vanishing"),
    "exploding": (deep("identity", 9.0), "exploding"),
    "unused": (
        built("a = exp(x); f = sin(y)", x=1, y=1).set_output("f").add("w", "parameter", value=1),
        "unused",
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_after_each_fix_the_problem_is_gone(case: str) -> None:
    graph, kind = CASES[case]
    problem, suggested = first(graph, kind)
    assert 0 < len(suggested) <= MOST
    for fix in suggested:
        fixed = fix.edit(graph)
        assert fixed is not graph
        left = problems(evaluate(fixed))
        rest = [one.node for one in left if one.kind == kind]
        if case in ("unconnected altogether", "several inputs"):
            # One port at a time.
            assert len([one for one in fixed.nodes["f"].inputs if one]) == 1
        else:
            assert problem.node not in rest, str(fix.label)


@pytest.mark.parametrize(
    ("case", "wanted"),
    [
        ("transpose", ["Transpose w"]),
        ("swap", ["Swap the inputs of matmul1", "Transpose both inputs of matmul1"]),
        ("broadcasting", ["Transpose x", "Reshape y to (5, 1)"]),
        ("axis", ["Leave the setting axis of s to its default"]),
        ("unconnected", ["Link y to its input y", f"{LEAF}, scalar"]),
        (
            "unconnected matrix",
            ["Link w to its input y", f"{LEAF}, (3, 2)"],
        ),
        ("outputs", ["Choose a as output", "Choose b as output"]),
        ("no scalar", ["Put sum after f", "Put mean after f"]),
        ("constant", ["Make c a parameter"]),
        ("log of 0", ["Keep x at 1×10⁻¹² at least"]),
        ("division by 0", ["Add 1×10⁻¹² to y"]),
        ("mse", ["Reshape x to (5)", "Reshape y to (5, 1)"]),
        ("saturated", ["Multiply x by 0.05"]),
        ("dead", ["Make f a leaky ReLU", "Make f an ELU"]),
        ("vanishing", ["Give all 7 matrices Glorot's variance, 2 / (rows + columns)"]),
        (
            "unused",
            [
                "Remove a and what feeds only it",
                "Remove all 3 unused nodes",
                "Choose a as output",
            ],
        ),
    ],
)
def test_what_is_suggested(case: str, wanted: list[str]) -> None:
    assert labels(*CASES[case]) == wanted


def test_a_number_is_put_into_the_link_that_it_guards() -> None:
    graph = built("f = log(x)", x=0.0).move({"x": (0, 0), "f": (100, 40)})
    fixed = first(graph)[1][0].edit(graph)
    assert fixed.nodes["f"].inputs == ("max1",)
    assert fixed.nodes["max1"].inputs == ("x", "c1")
    assert fixed.nodes["c1"].op == "constant"
    assert float(fixed.nodes["c1"].value) == 1e-12
    assert fixed.positions["max1"] == (50, 20)
    assert float(evaluate(fixed).values["f"]) == np.log(1e-12)


def test_unused_nodes_go_with_what_feeds_only_them() -> None:
    graph = built("a = exp(x); b = a * y; f = sin(x)", x=1, y=2).set_output("f")
    problem, (one, *_) = first(graph)
    assert problem.node == "b"
    fixed = one.edit(graph)
    assert set(fixed.nodes) == {"x", "f"}
    assert fixed.output == "f"


def test_the_output_stays_what_it_is_when_a_sum_follows() -> None:
    graph = built("f = exp(x)", x=[1, 2])
    assert graph.output == "f"
    assert first(graph)[1][0].edit(graph).output == "sum1"
    free = graph.set_output(None)
    assert first(free)[1][0].edit(free).output is None


def test_a_vanishing_gradient_comes_back_by_two_fixes() -> None:
    graph = deep("sigmoid", 0.1)
    for label in ("Replace all 6 sigmoid by tanh", "Give all 7 matrices Glorot's variance"):
        suggested = first(graph, "vanishing")[1]
        graph = next(fix for fix in suggested if str(fix.label).startswith(label)).edit(graph)
    assert {node.op for node in graph.nodes.values()} == {
        "input",
        "parameter",
        "matmul",
        "tanh",
        "sum",
    }
    assert problems(evaluate(graph)) == ()


def test_glorot_keeps_the_direction_of_the_weights() -> None:
    graph = deep("identity", 9.0)
    fix = next(fix for fix in first(graph)[1] if "Glorot" in str(fix.label))
    before, after = graph.nodes["w3"].value, fix.edit(graph).nodes["w3"].value
    assert float(np.std(after)) == pytest.approx(np.sqrt(2 / 8))
    np.testing.assert_allclose(after / before, (after / before)[0, 0])


def test_a_fix_of_what_is_gone_refuses_and_names_it() -> None:
    graph = built("f = log(x)", x=0.0)
    (fix,) = first(graph)[1]
    with pytest.raises(GraphError, match="f has lost the link"):
        fix.edit(graph.disconnect("f", 0))
    with pytest.raises(GraphError, match="f"):
        fix.edit(graph.remove(["f"]))


def test_for_some_problems_there_is_no_easy_fix() -> None:
    assert labels(built("m = w > x; f = x * m", x=2.0, w=1.0)) == []
    assert labels(built("f = x * y", x=1e200, y=1e200)) == []
    assert labels(built("f = sum(x @ w)", x=np.ones((5, 3)), w=np.ones((7, 2)))) == []
