"""Gradients that are predicted: judged on the student's own, and the usual mistakes in them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from judged import XYZ, judged, mistakes, one, told, verdicts
from solving import exercise_of, text

from gradstudio.formula import parse
from gradstudio.graph import Graph
from gradstudio.lab.diagnosis import MISTAKES
from gradstudio.lab.exercise import Exercise, Key
from gradstudio.lab.items import Verdict
from gradstudio.ops import REGISTRY as OPS


def gradients(graph_text: str, values: dict[str, Any], **more: Any) -> tuple[Exercise, Key]:
    return one(
        graph_text, values, kind="gradients", output="f", **{"rtol": 1e-6, "atol": 1e-6, **more}
    )


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


def test_small_numbers_do_not_follow_from_each_other() -> None:
    made = gradients("q = x + y; f = q * z", XYZ, atol=5e-3)
    blanks = ("f.x", "f.y", "q.x", "q.y")
    for first in ("0.001", "0.004", "0.03", "-0.004"):
        assert judged(made, {**dict.fromkeys(blanks, "0"), "f.x": first}).share == 0
        assert judged(made, {**dict.fromkeys(blanks, "0.004"), "f.x": first}).share == 0
    # What follows may be small for the tolerance; it must then be told from zero.
    made = gradients("q = x * y; f = q * z", {"x": 0.02, "y": 3, "z": 20}, atol=5e-3)
    slip = {"f.x": "0.3", "f.y": "0.06", "q.x": "0.9", "q.y": "0.006"}
    assert verdicts(judged(made, slip)) == {**dict.fromkeys(blanks, "right"), "f.x": "wrong"}
    assert verdicts(judged(made, {**slip, "q.y": "0"}))["q.y"] == "wrong"


def test_zeros_do_not_follow_across_what_is_not_asked() -> None:
    made = gradients(
        "a = x + y; b = neg(a); c = b * z; f = c * w", {**XYZ, "w": 3}, at=["c.x", "a"]
    )
    for typed in ("0", "0.001"):
        assert judged(made, {"c.x": typed, "a": typed}).share == 0


MISTAKEN: dict[str, tuple[str, dict[str, Any], dict[str, Any]]] = {
    "upstream": ("q = x + y; f = q * z; ", XYZ, {"q.x": 1}),
    "sign": ("q = x + y; f = q * z", XYZ, {"f.y": -3}),
    "local": ("q = x * y; f = q * z", XYZ, {"q.x": -4}),
    "unswapped": ("q = x + y; f = q * z", XYZ, {"f.x": 3}),
    "loser": ("m = max(x, y); f = m * z", XYZ, {"m.x": -4}),
    "fan_out": ("a = x * y; f = a * x", {"x": 3, "y": 2}, {"x": 6}),
    "averaged": ("f = x * y + 3 * x", {"x": 2, "y": 5}, {"x": 4}),
    "output": ("s = sin(x); f = s * z", {"x": 1.2, "z": 2}, {"s.x": 2 * np.cos(np.sin(1.2))}),
    "value": ("e = exp(x); f = e * z", {"x": 0.7, "z": 3}, {"e.x": 0.7}),
    "sum_for_mean": ("f = mean(v)", {"v": [1.0, 2.0, 4.0]}, {"f.x": [1, 1, 1]}),
    "mean_for_sum": ("f = sum(v)", {"v": [1.0, 2.0, 4.0]}, {"f.x": [1 / 3, 1 / 3, 1 / 3]}),
    "power": ("q = x * y; f = q**3", {"x": 2, "y": 3}, {"f.x": 36}),
    "degrees": ("s = sin(x); f = s * z", {"x": 1.2, "z": 2}, {"s.x": 2 * np.cos(np.deg2rad(1.2))}),
    "itself": ("s = cos(x); f = s * z", {"x": 1.2, "z": 2}, {"s.x": 2 * np.cos(1.2)}),
    "shape": ("f = sum(v)", {"v": [1.0, 2.0, 4.0]}, {"f.x": 1}),
}


@pytest.mark.parametrize("mistake", sorted(MISTAKEN))
def test_usual_mistakes_are_recognized(mistake: str) -> None:
    formula, values, entries = MISTAKEN[mistake]
    made = gradients(formula.strip("; "), values, at=list(entries))
    judgement = judged(made, {id: text(value) for id, value in entries.items()})
    assert mistakes(judgement) == dict.fromkeys(entries, mistake)
    assert MISTAKES[mistake].hint in told(judgement)


def test_the_factor_of_a_square_is_missed() -> None:
    for formula, entries in (
        ("d = x - y; f = square(d)", {"f.x": -1}),
        ("f = mse(v, w)", {"f.x": [-1 / 3, 1 / 3, 2 / 3]}),
        ("f = sse(v, w)", {"f.x": [-1, 1, 2]}),
    ):
        values = {"x": 2, "y": 3, "v": [1.0, 3.0, 4.0], "w": [2.0, 2.0, 2.0]}
        used = {name: value for name, value in values.items() if name in formula}
        judgement = judged(
            gradients(formula, used, at=list(entries)),
            {id: text(value) for id, value in entries.items()},
        )
        assert mistakes(judgement) == dict.fromkeys(entries, "power"), formula


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


def test_a_slip_on_an_edge_that_is_not_asked_is_recognized_at_the_node() -> None:
    made = gradients("h = cos(u); f = h * z", {"u": 0.5, "z": 2}, at=["h", "u"])
    slip = {"h": "2", "u": text(-2 * np.sin(np.cos(0.5)))}
    assert mistakes(judged(made, slip)) == {"u": "output"}


def test_the_shares_at_a_tie_add_up_to_what_arrives() -> None:
    values = {"x": 2, "y": 2, "z": 3}
    made = gradients("m = max(x, y); f = m * z", values, at=["m.x", "m.y"], ties="any")
    for x, y in (("0", "0"), ("3", "3"), ("0.9", "0.9"), ("1", "1.5"), ("3", "1.5")):
        assert verdicts(judged(made, {"m.x": x, "m.y": y})) == {"m.x": "right", "m.y": "wrong"}
    assert mistakes(judged(made, {"m.x": "3", "m.y": "3"})) == {"m.y": "loser"}
    # After a share that is none, the other one is judged alone.
    assert verdicts(judged(made, {"m.x": "4", "m.y": "2"})) == {"m.x": "wrong", "m.y": "right"}
    arrays = {"x": [2, 1], "y": [2, 0]}
    made = gradients("m = max(x, y); f = sum(m)", arrays, at=["m.x", "m.y"], ties="any")
    assert judged(made, {"m.x": "[0, 1]", "m.y": "[1, 0]"}).right
    assert not judged(made, {"m.x": "[0, 1]", "m.y": "[0.5, 0]"}).right
    # What arrives may be the student's own.
    made = gradients("m = max(x, y); f = m * z", values, at=["f.x", "m.x", "m.y"], ties="any")
    slip = {"f.x": "8", "m.x": "6", "m.y": "2"}
    assert verdicts(judged(made, slip)) == {"f.x": "wrong", "m.x": "right", "m.y": "right"}
    assert verdicts(judged(made, {**slip, "m.y": "-3"}))["m.y"] == "wrong"


def test_nodes_share_the_gradient_of_a_tie_as_edges_do() -> None:
    values = {"x": 2, "y": 2, "z": 3}
    made = gradients("m = max(x, y); f = m * z", values, at=["x", "y"], ties="any")
    for x, y in (("3", "0"), ("0", "3"), ("1.5", "1.5"), ("1", "2")):
        assert judged(made, {"x": x, "y": y}).right
    for x, y in (("0", "0"), ("3", "3"), ("1", "1.5")):
        judgement = judged(made, {"x": x, "y": y})
        assert sorted(verdicts(judgement).values()) == ["right", "wrong"]
    made = gradients("m = max(x, y); f = m * z", values, at=["x", "y"])
    assert not judged(made, {"x": "3", "y": "0"}).right
    made = gradients("r = relu(x); f = r * z", {"x": 0, "z": 3}, at=["x"], ties="any")
    for share in ("0", "3", "1.5"):
        assert judged(made, {"x": share}).right
    assert not judged(made, {"x": "3.1"}).right
    # One of several edges back to a node is at a tie: it may be any share there, too.
    made = gradients("f = max(x, y) + 3 * x", {"x": 2, "y": 2}, at=["x", "y"], ties="any")
    for x, y in (("4", "0"), ("3", "1"), ("3.5", "0.5")):
        assert judged(made, {"x": x, "y": y}).right
    assert not judged(made, {"x": "2", "y": "1"}).right


def both(**more: Any) -> tuple[Exercise, Key]:
    items = [
        {"id": "v", "kind": "values", "output": "f"},
        {"id": "i", "kind": "gradients", "output": "f", **more},
    ]
    return exercise_of(parse("q = x + y; f = q * z", values=XYZ), items)


def test_gradients_follow_from_the_students_own_values() -> None:
    entries = {"f.x": "-4", "f.y": "4", "q.x": "-4", "q.y": "-4"}
    slip = {"v": {"q": "4", "f": "-16"}}
    assert judged(both(), entries, also=slip).right
    # What is truly right stays right, and a slip of its own is still one.
    assert judged(both(), {**entries, "f.y": "3"}, also=slip).right
    assert verdicts(judged(both(), {**entries, "f.y": "5"}, also=slip))["f.y"] == "wrong"
    assert verdicts(judged(both(), entries))["f.y"] == "wrong"
    # Across edges that are not asked, too.
    graph = parse("q = x + y; s = square(q); t = s * z; f = t + q", values=XYZ)
    items = [
        {"id": "v", "kind": "values", "output": "f", "at": ["q"]},
        {"id": "i", "kind": "gradients", "output": "f", "at": ["q"]},
    ]
    made = exercise_of(graph, items)
    assert judged(made, {"q": "-31"}, also={"v": {"q": "4"}}).right
    assert not judged(made, {"q": "-31"}).right


def test_gradients_do_not_follow_from_values_near_zero() -> None:
    for typed in ("0", "0.001", "0.004"):
        also = {"v": {"q": typed, "f": typed}}
        blanks = ("f.x", "f.y", "q.x", "q.y")
        assert judged(both(), dict.fromkeys(blanks, typed), also=also).share == 0


def test_gradients_follow_from_those_of_another_item() -> None:
    graph = parse("q = x + y; s = square(q); f = s * z", values=XYZ)
    items: list[dict[str, Any]] = [
        {"id": "a", "kind": "gradients", "output": "f", "at": ["f.x", "q"]},
        {"id": "i", "kind": "gradients", "output": "f", "at": ["s.x", "x", "y"]},
    ]
    made = exercise_of(graph, items)
    right = {"s.x": "-24", "x": "-24", "y": "-24"}
    assert judged(made, right).right
    # f.x is −4: whoever has 4 goes on with 24, and whoever has 24 for q all the same with that.
    slip = dict.fromkeys(right, "24")
    assert judged(made, slip, also={"a": {"f.x": "4"}}).right
    assert verdicts(judged(made, {**right, "x": "24", "y": "24"}, also={"a": {"q": "24"}})) == (
        dict.fromkeys(right, "right")
    )
    assert judged(made, right, also={"a": {"f.x": "4", "q": "24"}}).right
    assert judged(made, slip).share < 1
    # Gradients of another output are none of these.
    items[0] = {"id": "a", "kind": "gradients", "output": "s", "at": ["s.x"]}
    made = exercise_of(graph, items)
    assert not judged(made, dict.fromkeys(right, "7"), also={"a": {"s.x": "7"}}).right
    zeros = dict.fromkeys(right, "0")
    made = exercise_of(graph, [{"id": "a", "kind": "gradients", "output": "f"}, items[1]])
    assert judged(made, zeros, also={"a": dict.fromkeys(("f.x", "q", "s.x"), "0")}).share == 0
