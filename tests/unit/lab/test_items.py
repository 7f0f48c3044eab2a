"""Every kind of item: what is right, what is wrong, what costs no attempt, and what is said."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest
from solving import FORMULAS, LABS, exercise_of, lab, right, text

from gradstudio.formula import parse
from gradstudio.graph import Graph
from gradstudio.lab.diagnosis import MISTAKES
from gradstudio.lab.exercise import Exercise, Key, faults
from gradstudio.lab.items import KINDS, Judgement, Verdict
from gradstudio.lab.task import Work
from gradstudio.ops import REGISTRY as OPS


def judged(
    made: tuple[Exercise, Key],
    entries: dict[str, str],
    *,
    item: str = "i",
    graph: Graph | None = None,
    key: bool = True,
    also: dict[str, dict[str, str]] | None = None,
) -> Judgement:
    exercise, known = made
    task = exercise.task("s")
    work = Work(task, task.given if graph is None else graph, {**(also or {}), item: entries})
    return exercise.items[item].judge(work, known.items.get(item) if key else None)


def verdicts(judgement: Judgement) -> dict[str, str]:
    return {part.id: part.verdict.value for part in judgement.parts}


def mistakes(judgement: Judgement) -> dict[str, str]:
    return {part.id: part.mistake for part in judgement.parts if part.mistake}


def told(judgement: Judgement) -> str:
    return " ".join(one.say() for one in judgement.feedback())


def one(graph_text: str, values: dict[str, Any], /, **item: Any) -> tuple[Exercise, Key]:
    key = item.pop("key", None)
    graph = parse(graph_text, values=values)
    return exercise_of(graph, [{"id": "i", **item}], None if key is None else {"i": key})


XYZ: dict[str, Any] = {"x": -2, "y": 5, "z": -4}


def gradients(graph_text: str, values: dict[str, Any], **more: Any) -> tuple[Exercise, Key]:
    return one(graph_text, values, kind="gradients", output="f", rtol=1e-6, atol=1e-6, **more)


# -- all kinds -----------------------------------------------------------------------------------


def test_every_kind_is_in_a_lab_that_comes_along() -> None:
    used = {item.kind for name in LABS for item in lab(name)[0].items.values()}
    assert used == set(KINDS)


@pytest.mark.parametrize("name", LABS)
@pytest.mark.parametrize("student", ["1", "A-17", "李雷"])
def test_right_work_is_right(name: str, student: str) -> None:
    exercise, key = lab(name)
    session, graph = right(exercise, key, student)
    work = Work(session.task, graph, session.answers)
    for id, item in exercise.items.items():
        judgement = item.judge(work, key.items.get(id))
        assert judgement.right, (id, told(judgement))
        assert judgement.share == 1
        assert told(judgement) == "All of it is right."


@pytest.mark.parametrize("name", LABS)
def test_blank_work_earns_nothing_and_costs_nothing(name: str) -> None:
    exercise, key = lab(name)
    task = exercise.task("1")
    for id, item in exercise.items.items():
        judgement = item.judge(Work(task, task.given), key.items.get(id))
        assert judgement.share == 0
        assert not judgement.costs_attempt
        assert set(verdicts(judgement).values()) == {"empty"}


@pytest.mark.parametrize("typed", ["three", "nan", "inf", "1,5", "[1, [2]]", "1_000", "f(", "😀"])
@pytest.mark.parametrize("name", LABS)
def test_what_cannot_be_read_costs_no_attempt(name: str, typed: str) -> None:
    exercise, key = lab(name)
    task = exercise.task("1")
    for id, item in exercise.items.items():
        blanks = item.blanks(task)
        # 1_000 and nan are words that a formula may have, and no graph can be unreadable.
        formula = item.kind in ("expression", "formulas") and typed in ("nan", "inf", "1_000")
        if item.kind == "build" or formula:
            continue
        work = Work(task, task.given, {id: {blank.id: typed for blank in blanks}})
        judgement = item.judge(work, key.items.get(id))
        assert judgement.share == 0
        assert not judgement.costs_attempt, (id, told(judgement))
        assert "This did not cost an attempt." in told(judgement)


# -- values --------------------------------------------------------------------------------------


def test_values_follow_the_students_own() -> None:
    made = one("q = x + y; f = q * z; h = f - q", XYZ, kind="values", output="h", atol=1e-6)
    assert verdicts(judged(made, {"q": "3", "f": "-12", "h": "-15"})) == dict.fromkeys(
        "qfh", "right"
    )
    slip = judged(made, {"q": "4", "f": "-16", "h": "−20"})
    assert verdicts(slip) == {"q": "wrong", "f": "right", "h": "right"}
    assert slip.share == pytest.approx(2 / 3)
    # What is truly right is right as well, whatever stands before it.
    assert verdicts(judged(made, {"q": "4", "f": "-12", "h": "-15"}))["f"] == "right"
    # A blank stands for the right value.
    assert verdicts(judged(made, {"f": "-12"})) == {"q": "empty", "f": "right", "h": "empty"}


def test_values_are_diagnosed() -> None:
    made = one("d = x - y; f = d * z", XYZ, kind="values", output="f", atol=1e-6)
    assert mistakes(judged(made, {"d": "7", "f": "-28"})) == {"d": "swapped_operands"}
    assert mistakes(judged(made, {"d": "-7", "f": "-11"})) == {"f": "other_op"}
    assert mistakes(judged(made, {"d": "-7", "f": "-28"})) == {"f": "sign"}
    assert mistakes(judged(made, {"d": "[1, 2]"})) == {"d": "shape"}
    assert not mistakes(judged(made, {"d": "1000"}))


def test_feedback_names_the_first_wrong_thing_and_what_is_right() -> None:
    made = one("q = x + y; f = q * z; h = f - q", XYZ, kind="values", output="h", atol=1e-6)
    said = told(judged(made, {"q": "3", "f": "12", "h": "99"}))
    assert said == (
        "f: the size is right, the sign is not: look for a minus on the way. "
        "What comes before it is right (1)."
    )
    said = told(judged(made, {"q": "3", "f": "-12"}))
    assert said == "h: nothing stands here yet. What comes before it is right (2)."


# -- gradients -----------------------------------------------------------------------------------


def test_one_slip_costs_one_mark() -> None:
    made = gradients("q = x + y; f = q * z", XYZ)
    assert list(verdicts(judged(made, {}))) == ["f.x", "f.y", "q.x", "q.y"]
    right = {"f.x": "-4", "f.y": "3", "q.x": "-4", "q.y": "-4"}
    assert judged(made, right).right
    slip = judged(made, {**right, "f.x": "4", "q.x": "4", "q.y": "4"})
    assert verdicts(slip) == {"f.x": "wrong", "f.y": "right", "q.x": "right", "q.y": "right"}
    assert slip.share == 0.75


def test_a_slip_is_followed_through_a_fan_out_and_a_long_chain() -> None:
    made = gradients("a = x * y; b = sin(a); c = a * b; f = c * x", {"x": 0.5, "y": 2.0})
    exercise, _ = made
    found = exercise.task("s").evaluation("f")
    true = {blank.id: blank for blank in exercise.items["i"].blanks(exercise.task("s"))}
    assert {"a", "x"} < set(true)  # two edges lead back to each
    entries = {
        id: text(
            found.grads[id]
            if blank.port is None
            else found.edge_grads[blank.node or "", blank.port]
        )
        for id, blank in true.items()
    }
    assert judged(made, entries).right
    # c's gradient doubled by mistake: everything below follows from it.
    own = dict(entries)
    own["f.x"] = text(2 * found.edge_grads["f", 0])
    for id in ("c.x", "c.y", "b.x", "a", "a.x", "a.y"):
        own[id] = text(2 * np.asarray(float(entries[id].replace("−", "-").replace("×10", "e"))))
    own["x"] = text(2 * found.edge_grads["a", 0] + found.edge_grads["f", 1])
    slip = judged(made, own)
    assert [part.id for part in slip.parts if part.verdict is not Verdict.RIGHT] == ["f.x"]
    # And without the entries in between it follows from what stands above the gap.
    del own["c.x"], own["b.x"]
    slip = judged(made, own)
    assert [part.id for part in slip.parts if part.verdict is Verdict.WRONG] == ["f.x"]


def test_zeros_everywhere_do_not_follow_from_each_other() -> None:
    made = gradients("q = x + y; f = q * z", XYZ)
    assert judged(made, dict.fromkeys(("f.x", "f.y", "q.x", "q.y"), "0")).share == 0
    made = one("q = x + y; f = q * z; h = f - q", XYZ, kind="values", output="h")
    assert judged(made, dict.fromkeys("qfh", "0")).share == 0
    # But a zero that a usual mistake explains is followed as any number is.
    made = gradients("a = x + y; m = max(a, w); f = m * z", {"x": 3, "y": 1, "w": 2, "z": 5})
    entries = {"f.x": "5", "f.y": "4", "m.x": "0", "m.y": "5", "a.x": "0", "a.y": "0"}
    assert verdicts(judged(made, entries)) == {
        **dict.fromkeys(entries, "right"),
        "m.x": "wrong",
        "m.y": "wrong",
    }


MISTAKEN: dict[str, tuple[str, dict[str, Any], dict[str, Any]]] = {
    "upstream": ("q = x + y; f = q * z; ", XYZ, {"q.x": 1}),
    "sign": ("q = x + y; f = q * z", XYZ, {"f.y": -3}),
    "local": ("q = x * y; f = q * z", XYZ, {"q.x": -4}),
    "unswapped": ("q = x + y; f = q * z", XYZ, {"f.x": 3}),
    "loser": ("m = max(x, y); f = m * z", XYZ, {"m.x": -4}),
    "fan_out": ("a = x * y; f = a * x", {"x": 3, "y": 2}, {"x": 6}),
    "output": ("s = sin(x); f = s * z", {"x": 1.2, "z": 2}, {"s.x": 2 * np.cos(np.sin(1.2))}),
    "value": ("e = exp(x); f = e * z", {"x": 0.7, "z": 3}, {"e.x": 0.7}),
    "sum_for_mean": ("f = mean(v)", {"v": [1.0, 2.0, 4.0]}, {"f.x": [1, 1, 1]}),
    "mean_for_sum": ("f = sum(v)", {"v": [1.0, 2.0, 4.0]}, {"f.x": [1 / 3, 1 / 3, 1 / 3]}),
    "shape": ("f = sum(v)", {"v": [1.0, 2.0, 4.0]}, {"f.x": 1}),
}


@pytest.mark.parametrize("mistake", sorted(MISTAKEN))
def test_usual_mistakes_are_recognized(mistake: str) -> None:
    formula, values, entries = MISTAKEN[mistake]
    made = gradients(formula.strip("; "), values, at=list(entries))
    judgement = judged(made, {id: text(value) for id, value in entries.items()})
    assert mistakes(judgement) == dict.fromkeys(entries, mistake)
    assert MISTAKES[mistake].hint in told(judgement)


def test_sigmoid_and_exp_taken_at_the_output_are_recognized() -> None:
    s = 1 / (1 + np.exp(-0.7))
    again = 1 / (1 + np.exp(-s))
    made = gradients("s = sigmoid(x); f = s * z", {"x": 0.7, "z": 3}, at=["s.x"])
    assert mistakes(judged(made, {"s.x": text(3 * again * (1 - again))})) == {"s.x": "output"}
    made = gradients("e = exp(x); f = e * z", {"x": 0.7, "z": 3}, at=["e.x"])
    assert mistakes(judged(made, {"e.x": text(3 * np.exp(np.exp(0.7)))})) == {"e.x": "output"}


def test_matrix_mistakes_are_recognized() -> None:
    x, w = np.arange(4.0).reshape(2, 2), np.array([[1.0, -2.0], [0.5, 3.0]])
    made = gradients("p = x @ w; f = sum(p * p)", {"x": x, "w": w}, at=["p.x", "p.y"])
    g = 2 * x @ w
    assert judged(made, {"p.x": text(g @ w.T), "p.y": text(x.T @ g)}).right
    assert mistakes(judged(made, {"p.x": text(g @ w)})) == {"p.x": "transposed"}
    assert mistakes(judged(made, {"p.y": text((x.T @ g).T)})) == {"p.y": "transposed"}
    assert mistakes(judged(made, {"p.x": text(g @ x.T)})) == {"p.x": "unswapped"}


def test_no_mistake_is_named_where_none_fits_or_what_is_right_looks_like_one() -> None:
    made = gradients("q = x + y; f = q * z", XYZ)
    assert not mistakes(judged(made, {"f.x": "123"}))
    # The upstream gradient of f is 1: to leave it out is no mistake.
    assert not mistakes(judged(made, {"f.x": "-4"}))


def test_a_tie_of_max_shares_the_gradient() -> None:
    made = gradients("m = max(x, y); f = m * z", {"x": 2, "y": 2, "z": 3}, at=["m.x", "m.y"])
    assert judged(made, {"m.x": "1.5", "m.y": "1.5"}).right
    assert not judged(made, {"m.x": "3", "m.y": "0"}).right
    values = {"x": 2, "y": 2, "z": 3}
    made = gradients("m = max(x, y); f = m * z", values, at=["m.x", "m.y"], ties="any")
    for x, y in (("3", "0"), ("0", "3"), ("1.5", "1.5"), ("1", "2")):
        assert judged(made, {"m.x": x, "m.y": y}).right
    for x in ("4", "-1", "3.1"):
        assert verdicts(judged(made, {"m.x": x}))["m.x"] == "wrong"
    made = gradients("m = max(x, y); f = m * z", {**values, "y": 1}, at=["m.x"], ties="any")
    assert not judged(made, {"m.x": "1.5"}).right


@pytest.mark.parametrize("seed", range(25))
def test_in_any_graph_one_slip_costs_one_mark(seed: int) -> None:
    """The backward pass is done here with one edge wrong; all the rest then counts as right."""
    rng = np.random.default_rng(seed)
    graph = Graph()
    names = [f"x{at}" for at in range(3)]
    for name in names:
        graph = graph.add(name, "input", value=round(float(rng.uniform(0.5, 2.0)), 2))
    for at in range(9):
        op = str(rng.choice(["add", "sub", "mul", "div", "max", "sin", "exp", "sigmoid", "tanh"]))
        count = len(OPS[op].inputs)
        # The newest node is always used, so that all are upstream of the last.
        chosen = [names[-1], *rng.choice(names, count - 1)]
        graph = graph.add(f"n{at}", op, [str(one) for one in chosen])
        names.append(f"n{at}")
    item = {"id": "i", "kind": "gradients", "output": "n8", "rtol": 1e-9, "atol": 1e-12}
    made = exercise_of(graph, [item])
    task = made[0].task("s")
    found = task.evaluation("n8")
    edges = [one for one in made[0].items["i"].blanks(task) if one.port is not None]
    wrong = edges[int(rng.integers(len(edges)))]
    grads: dict[str, list[Any]] = {"n8": [np.ones(())]}
    own: dict[str, str] = {}
    blanks = {one.id for one in made[0].items["i"].blanks(task)}
    for name in found.backward:
        node, g = graph.nodes[name], sum(grads[name])
        if name in blanks:
            own[name] = text(g)
        if node.is_leaf:
            continue
        sources = [str(one) for one in node.inputs]
        inputs = [found.values[one] for one in sources]
        for port, part in enumerate(node.rules.vjp(g, found.values[name], *inputs)):
            place = f"{name}.{node.rules.inputs[port]}"
            given = part + 0.7 if place == wrong.id else part
            own[place] = text(given)
            grads.setdefault(sources[port], []).append(given)
    judgement = judged(made, own)
    assert [part.id for part in judgement.parts if part.verdict is not Verdict.RIGHT] == [wrong.id]


@pytest.mark.parametrize("kind", ["number", "expression", "formulas", "choice", "build"])
def test_feedback_on_hidden_answers_holds_no_number(kind: str) -> None:
    fields: dict[str, dict[str, Any]] = {
        "number": {"key": {"value": 4.25}},
        "expression": {"names": ["x"], "key": {"formula": "sin(x) + 4.25"}},
        "formulas": {"inputs": ["x"], "key": {"forward": "sin(x) + 4.25"}},
        "choice": {"options": OPTIONS, "key": {"right": ["b"]}},
        "build": {"output": "f", "key": {"formula": "sin(x) + 4.25"}},
    }
    made = one("q = x * 0", {"x": 1}, kind=kind, **fields[kind])
    typed = {"number": "x", "formula": "x", "forward": "x", "x": "g*x*x", "choice": "a"}
    typed["number"] = "9"
    graph = made[0].task("s").given.add("f", "sin", ["x"])
    judgement = judged(made, typed, graph=graph)
    assert judgement.share == 0
    said = " ".join(part.said.say() for part in judgement.parts if part.said)
    assert not re.search("[0-9]", said + told(judgement))


def test_a_slip_on_an_edge_that_is_not_asked_is_recognized_at_the_node() -> None:
    made = gradients("h = cos(u); f = h * z", {"u": 0.5, "z": 2}, at=["h", "u"])
    slip = {"h": "2", "u": text(-2 * np.sin(np.cos(0.5)))}
    assert mistakes(judged(made, slip)) == {"u": "output"}


# -- build ---------------------------------------------------------------------------------------

BUILD: dict[str, Any] = {"kind": "build", "output": "f", "points": 4}


def test_build_takes_any_graph_that_computes_the_same() -> None:
    made = one(
        "q = x * 0", {"x": 2, "y": 3}, **BUILD, formula="x*x - 9", ops=["mul", "sub", "add"],
        most_nodes=3,
    )  # fmt: skip
    given = made[0].task("s").given
    right = given.add("c", "constant", value=9).add("p", "mul", ["x", "x"])
    assert judged(made, {}, graph=right.add("f", "sub", ["p", "c"])).right
    three = given.add("c", "constant", value=3)
    three = three.add("a", "add", ["x", "c"]).add("b", "sub", ["x", "c"])
    assert judged(made, {}, graph=three.add("f", "mul", ["a", "b"])).right
    wrong = judged(made, {}, graph=right.add("f", "add", ["p", "c"]))
    assert verdicts(wrong) == dict.fromkeys(("function", "ops", "nodes"), "wrong")
    assert "it gives" in told(wrong)
    assert "should give" in told(wrong)
    turned = judged(made, {}, graph=right.add("f", "sub", ["c", "p"]))
    assert mistakes(turned) == {"function": "sign"}
    square = given.add("c", "constant", value=9).add("p", "square", ["x"])
    assert verdicts(judged(made, {}, graph=square.add("f", "sub", ["p", "c"]))) == {
        "function": "right",
        "ops": "wrong",
        "nodes": "right",
    }
    long = right.add("d", "sub", ["p", "c"]).add("z", "constant", value=0)
    long = long.add("e", "add", ["d", "z"]).add("f", "add", ["e", "z"])
    assert verdicts(judged(made, {}, graph=long))["nodes"] == "wrong"


def test_build_says_nothing_of_hidden_cases() -> None:
    key = {"formula": "x * 1234.5", "cases": [{"inputs": {"x": 77.25}, "value": 95365.125}]}
    made = one("q = x * 0", {"x": 2}, **BUILD, cases=[{"inputs": {"x": 0}, "value": 0}], key=key)
    given = made[0].task("s").given
    graph = given.add("f", "neg", ["x"])
    hidden = told(judged(made, {}, graph=graph))
    assert hidden == "what it computes: it does not compute what is asked in all cases."
    assert verdicts(judged(made, {}, graph=graph, key=False)) == {"function": "recorded"}
    constant = given.add("c", "constant", value=1).add("f", "add", ["c", "x"])
    assert "for x = 0 it gives 1, and should give 0" in told(judged(made, {}, graph=constant))
    right = given.add("c", "constant", value=1234.5).add("f", "mul", ["c", "x"])
    assert judged(made, {}, graph=right).right


def test_build_does_not_believe_the_given_leaves_of_a_file() -> None:
    made = one("q = x * 0", {"x": 2, "y": 3}, **BUILD, formula="x + x")
    given = made[0].task("s").given
    graph = given.set_values({"x": 4}).add("f", "add", ["x", "x"])
    assert "the given node x was changed" in told(judged(made, {}, graph=graph))
    # A constant that equals the leaf is no substitute for it.
    graph = given.add("c", "constant", value=2).add("f", "add", ["c", "c"])
    assert not judged(made, {}, graph=graph).right


@pytest.mark.parametrize("op", ["log", "exp"])
def test_build_survives_what_a_graph_can_do(op: str) -> None:
    made = one("q = x * 0", {"x": 2}, **BUILD, formula="x + 1")
    graph = made[0].task("s").given
    previous = "x"
    for number in range(200):
        graph = graph.add(f"n{number}", op, [previous])
        previous = f"n{number}"
    assert not judged(made, {}, graph=graph.add("f", "neg", [previous])).right
    assert not judged(made, {}, graph=made[0].task("s").given.add("f", "add", ["x"])).right


# -- order ---------------------------------------------------------------------------------------


def test_any_valid_order_is_right() -> None:
    made = one("q = x + y; f = q * z", XYZ, kind="order", output="f")
    for order in ("x y q z f", "z, y, x, q, f", "y→x→z→q→f", "z；x、y；q f"):
        assert judged(made, {"order": order}).right, order
    early = judged(made, {"order": "x q y z f"})
    assert verdicts(early) == {"order": "wrong"}
    assert told(early) == "order: q stands before y, which it needs."
    for order in ("x y q f", "x x y q z f", "x y q z f u"):
        assert not judged(made, {"order": order}).costs_attempt
    back = one("q = x + y; f = q * z", XYZ, kind="order", output="f", backward=True)
    assert judged(back, {"order": "f z q y x"}).right
    assert "whose gradient" in told(judged(back, {"order": "f z y q x"}))


# -- formulas ------------------------------------------------------------------------------------


def pair(forward: str, backward: str, **item: Any) -> Judgement:
    reference = item.pop("reference", "x / (1 + exp(-x))")
    key = {"forward": reference, "seed": 3}
    made = one("q = x * 2", {"x": 1}, kind="formulas", inputs=["x"], key=key, **item)
    return judged(made, {"forward": forward, "x": backward})


def test_formulas_are_held_against_differences() -> None:
    s = "(1/(1+exp(-x)))"
    for backward in (f"g*({s} + x*{s}*(1-{s}))", f"g*({s} + out*(1-{s}))"):
        assert pair("x/(1+exp(-x))", backward).right
    # The backward formula is judged on the student's own forward formula, too.
    slip = pair("1/(1+exp(-x))", "g*out*(1-out)")
    assert verdicts(slip) == {"forward": "wrong", "x": "right"}
    assert "in all cases" in told(slip)
    # But one that does not move proves nothing.
    assert verdicts(pair("x*0", "g*0")) == {"forward": "wrong", "x": "wrong"}


def test_backward_formulas_are_diagnosed() -> None:
    item: dict[str, Any] = {"reference": "sin(x)"}
    assert mistakes(pair("sin(x)", "cos(x)", **item)) == {"x": "upstream"}
    assert mistakes(pair("sin(x)", "-g*cos(x)", **item)) == {"x": "sign"}
    assert mistakes(pair("sin(x)", "g", **item)) == {"x": "local"}
    assert mistakes(pair("sin(x)", "g*cos(out)", **item)) == {"x": "output"}
    assert pair("sin(x)", "g*cos(x)", **item).right


def test_formulas_may_use_what_they_may() -> None:
    ops = ["exp", "div", "add", "neg", "mul", "sub"]
    item: dict[str, Any] = {"reference": "1/(1+exp(-x))", "ops": ops}
    cheap = pair("sigmoid(x)", "g*out*(1-out)", **item)
    assert verdicts(cheap) == {"forward": "wrong", "x": "right"}
    assert "sigmoid may not be used here" in told(cheap)
    assert not pair("1/(1+exp(-y))", "g", **item).costs_attempt
    assert not pair("1/(1+", "g", **item).costs_attempt
    assert not pair("x" + "+x" * 3000, "g", **item).costs_attempt


def test_a_kink_is_passed_over() -> None:
    item: dict[str, Any] = {"reference": "max(x, 0.1*x)", "ranges": {"x": [-3, 3]}}
    for backward in ("g*where(x > 0, 1, 0.1)", "g*where(x >= 0, 1, 0.1)"):
        assert pair("where(x > 0, x, 0.1*x)", backward, **item).right


def test_formulas_without_the_key_are_judged_as_far_as_that_goes() -> None:
    made = one("q = x * 2", {"x": 1}, kind="formulas", inputs=["x"], key={"forward": "sin(x)"})
    judgement = judged(made, {"forward": "cos(x)", "x": "-g*sin(x)"}, key=False)
    assert verdicts(judgement) == {"forward": "recorded", "x": "right"}


# -- training ------------------------------------------------------------------------------------


def fit(entries: dict[str, str], graph: Any = None, **more: Any) -> Judgement:
    key = more.pop("key", None)
    values: dict[str, Any] = {"w": 0.0, "x": [1, 2, 3], "y": [2, 4, 6]}
    item = {"kind": "training", "output": "loss", "target": 0.01, "most_steps": 50, **more}
    made = one("loss = mse(w * x, y)", values, key=key or {}, **item)
    given = made[0].task("s").given
    return judged(made, entries, graph=given if graph is None else graph(given))


def test_training_is_done_again() -> None:
    assert fit({"learning_rate": "0.05", "steps": "50"}).right
    few = fit({"learning_rate": "0.05", "steps": "2"})
    assert "after 2 steps the loss is" in told(few)
    # What the file says w is, is where training left it: it begins where it was given.
    done = fit({"learning_rate": "1e-9", "steps": "1"}, lambda g: g.set_values({"w": 2.0}))
    assert verdicts(done) == {"target": "wrong"}
    # The file's own settings stand for what is left blank.
    assert fit(
        {"learning_rate": "0.05"}, lambda g: g.set_training({"steps": 50, "optimizer": "sgd"})
    ).right


def test_training_keeps_to_its_constraints() -> None:
    assert "from 1 to 50" in told(fit({"learning_rate": "0.05", "steps": "51"}))
    assert "learning rate must be" in told(fit({"learning_rate": "5", "steps": "5"}, most_rate=1))
    assert not fit({"learning_rate": "fast", "steps": "5"}).costs_attempt
    assert "1 numbers are learned" in told(
        fit({"learning_rate": "0.05", "steps": "50"}, most_parameters=0)
    )
    diverged = told(fit({"learning_rate": "9", "steps": "50"}, target=1.0))
    assert "the loss is" in diverged
    changed = fit({"learning_rate": "0.05", "steps": "5"}, lambda g: g.set_values({"y": [0, 0, 0]}))
    assert "the given node y was changed" in told(changed)


def test_training_is_tried_on_hidden_data() -> None:
    inputs = {"x": [10], "y": [-20]}
    judgement = fit({"learning_rate": "0.05", "steps": "50"}, key={"inputs": inputs})
    assert told(judgement).endswith("reached, but not what is asked beyond it.")
    assert fit({"learning_rate": "0.05", "steps": "50"}, key={"target": 1e-30}).share == 0


# -- choice, number, formula ---------------------------------------------------------------------

OPTIONS = {name: {"en": name, "zh": name} for name in "abc"}


def test_choices() -> None:
    made = one("q = x * 2", {"x": 1}, kind="choice", options=OPTIONS, key={"right": ["b"]})
    assert judged(made, {"choice": "b"}).right
    assert verdicts(judged(made, {"choice": "a"})) == {"choice": "wrong"}
    assert not judged(made, {"choice": "a b"}).costs_attempt
    assert not judged(made, {"choice": "d"}).costs_attempt
    assert verdicts(judged(made, {"choice": "a"}, key=False)) == {"choice": "recorded"}
    several = {"kind": "choice", "options": OPTIONS, "several": True}
    made = one("q = x * 2", {"x": 1}, **several, key={"right": ["a", "c"]})
    assert judged(made, {"choice": "c a"}).right
    assert not judged(made, {"choice": "a"}).right


def test_numbers_may_depend_on_the_variant() -> None:
    made = one("q = x * 2", {"x": 3}, kind="number", key={"formula": "x**2 + 1"}, rtol=0, atol=0.1)
    assert judged(made, {"number": "10.05"}).right
    assert mistakes(judged(made, {"number": "-10"})) == {"number": "sign"}
    assert mistakes(judged(made, {"number": "[10]"})) == {"number": "shape"}
    assert verdicts(judged(made, {"number": "11"}, key=False)) == {"number": "recorded"}
    assert "10" not in told(judged(made, {"number": "11"}))


def test_numbers_of_the_graph_are_judged_at_once_and_need_no_key() -> None:
    """f = x y + 3 x at x = 2, y = 5: its gradient by x is 8, from two uses."""
    graph = {"x": 2, "y": 5}
    number: dict[str, Any] = {"kind": "number", "rtol": 0, "atol": 0.01}

    def asked(**item: Any) -> tuple[Exercise, Key]:
        made = one("f = x*y + 3*x", graph, **number, **item)
        assert list(faults(*made)) == []
        assert not made[0].items["i"].needs_key
        return made

    value = asked(at="f")
    assert judged(value, {"number": "16"}, key=False).right
    assert mistakes(judged(value, {"number": "-16"})) == {"number": "sign"}
    gradient = asked(at="x", of="gradient")
    assert judged(gradient, {"number": "8"}, key=False).right
    for wrong, mistake in (("5", "fan_out"), ("3", "fan_out"), ("−8", "sign"), ("2", "value")):
        assert mistakes(judged(gradient, {"number": wrong}, key=False)) == {"number": mistake}
    step = asked(at="x", of="step", learning_rate=0.5)
    assert judged(step, {"number": "-2"}, key=False).right
    for wrong, mistake in (("6", "uphill"), ("-6", "unscaled"), ("2", "sign"), ("[1]", "shape")):
        said = judged(step, {"number": wrong}, key=False)
        assert mistakes(said) == {"number": mistake}
        assert not re.search("[0-9]", told(said))
    assert verdicts(judged(step, {"number": "7"}, key=False)) == {"number": "wrong"}


@pytest.mark.parametrize(
    ("item", "said"),
    [
        ({"at": "z"}, "there is no node called z"),
        ({"at": "f", "key": {"value": 16}}, "the graph answers it: it needs no key"),
        ({"at": "f", "output": "q"}, "q does not depend on f"),
        ({"at": "c1", "of": "gradient"}, "no gradient flows back to c1"),
    ],
)
def test_a_number_the_graph_does_not_have_is_a_fault(item: dict[str, Any], said: str) -> None:
    made = one("q = x * 2; f = q * x", {"x": 3}, kind="number", **item)
    assert said in " ".join(one.say() for one in faults(*made))


def test_what_is_hidden_follows_from_what_is_asked() -> None:
    def hidden(**item: Any) -> str:
        return one("q = x * 2", {"x": 3}, **item)[0].items["i"].hidden

    number = {"kind": "number", "key": {"value": 1}}
    assert hidden(kind="values", output="q") == hidden(kind="order", output="q") == "values"
    assert hidden(kind="gradients", output="q") == "gradients"
    assert hidden(**number) == hidden(**number, at="q") == "values"
    assert hidden(**number, at="x", of="gradient") == "gradients"
    assert hidden(**number, at="x", of="step") == "gradients"
    assert hidden(**number, hides="nothing") == "nothing"
    assert hidden(kind="choice", options=OPTIONS, key={"right": ["a"]}) == "nothing"


def test_short_formulas_are_compared_by_what_they_give() -> None:
    item: dict[str, Any] = {"kind": "expression", "names": ["g", "x"]}
    made = one("q = x * 2", {"x": 3}, **item, key={"formula": "g * (1 - x**2)"})
    for formula in ("g - g*x*x", "(1+x)*(1-x)*g"):
        assert judged(made, {"formula": formula}).right
    assert mistakes(judged(made, {"formula": "g*(x**2 - 1)"})) == {"formula": "sign"}
    assert not judged(made, {"formula": "g * (1 - y**2)"}).costs_attempt
    assert verdicts(judged(made, {"formula": "g"})) == {"formula": "wrong"}
    wide = judged(made, {"formula": "[g, x]"})
    assert wide.share == 0


def test_formulas_of_matrices_are_diagnosed() -> None:
    shapes = {"g": [5, 4], "X": [5, 3], "W": [3, 4]}
    item: dict[str, Any] = {"kind": "expression", "names": list(shapes), "shapes": shapes}
    made = one("q = x * 2", {"x": 3}, **item, key={"formula": "X.T @ g"})
    assert judged(made, {"formula": "(g.T @ X).T"}).right
    assert mistakes(judged(made, {"formula": "g.T @ X"})) == {"formula": "transposed"}
    assert mistakes(judged(made, {"formula": "g"})) == {"formula": "shape"}
    fits_not = judged(made, {"formula": "X @ g"})
    assert verdicts(fits_not) == {"formula": "wrong"}
    assert "(5, 3)" in told(fits_not)


def test_the_sigmoids_slope_has_more_than_one_formula() -> None:
    exercise, key = lab("sigmoid")
    task = exercise.task("1")
    for formula in (FORMULAS["slope"]["formula"], "out - out*out", "out - out**2"):
        work = Work(task, task.given, {"slope": {"formula": formula}})
        assert exercise.items["slope"].judge(work, key.items["slope"]).right


def test_a_reference_is_not_confused_by_names_of_constants() -> None:
    made = one("q = x * 0", {"x": 2}, **BUILD, formula="x*x - 9")
    given = made[0].task("s").given
    assert "c1" in given  # and the formula's 9 has that name, too
    graph = given.add("n", "constant", value=9).add("p", "mul", ["x", "x"])
    assert judged(made, {}, graph=graph.add("f", "sub", ["p", "n"])).right
