"""Graphs that are built: what they compute, and what they may be made of."""

from __future__ import annotations

from typing import Any

import pytest
from judged import judged, mistakes, one, told, verdicts
from solving import exercise_of

from gradstudio.formula.definition import define
from gradstudio.rewiring import mute

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


def test_a_reference_is_not_confused_by_names_of_constants() -> None:
    made = one("q = x * 0", {"x": 2}, **BUILD, formula="x*x - 9")
    given = made[0].task("s").given
    assert "c1" in given  # and the formula's 9 has that name, too
    graph = given.add("n", "constant", value=9).add("p", "mul", ["x", "x"])
    assert judged(made, {}, graph=graph.add("f", "sub", ["p", "n"])).right


def test_build_takes_no_op_of_ones_own_and_no_muted_node() -> None:
    made = one("q = x * y", {"x": 2, "y": 3}, **BUILD, formula="exp(x)*y + x", most_nodes=1)
    given = made[0].task("s").given
    mine = define("mine", ["x", "y"], "exp(x)*y + x", {"x": "g", "y": "g"})
    own = judged(made, {}, graph=given.define(mine).add("f", "mine", ["x", "y"]))
    assert own.share == 0
    assert "f is made by mine, an op of your own: build it from those that are there" in told(own)
    made = one("q = x * 0", {"x": 2}, **BUILD, formula="x", ops=["neg"], most_nodes=1)
    graph = mute(made[0].task("s").given.add("f", "neg", ["x"]), ["f"])
    muted = judged(made, {}, graph=graph)
    assert muted.share == 0
    assert "f is muted, so that it computes nothing" in told(muted)
    # An op that the exercise itself defines is there.
    raw = {"id": "i", **BUILD, "formula": "exp(x)*y + x"}
    made = exercise_of(given.define(mine), [raw])
    assert judged(made, {}, graph=given.define(mine).add("f", "mine", ["x", "y"])).right
    other = define("mine", ["x", "y"], "exp(x)*y + x + 0", {"x": "g", "y": "g"})
    assert judged(made, {}, graph=given.define(other).add("f", "mine", ["x", "y"])).share == 0
