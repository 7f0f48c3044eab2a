"""Formulas of an op, held against differences."""

from __future__ import annotations

from typing import Any

from judged import judged, mistakes, one, told, verdicts
from solving import lab

from gradstudio.lab.items import Judgement
from gradstudio.lab.task import Work


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


def test_an_own_forward_formula_must_be_near_the_op_to_be_followed() -> None:
    """Else `out = x` with `dx = g` would earn the backward marks of any op."""
    nothing = {"forward": "wrong", "x": "wrong"}
    for forward, backward in (("x", "g"), ("x*0", "g*0"), ("3*x + 1", "3*g"), ("x*x", "2*g*x")):
        assert verdicts(pair(forward, backward, reference="tanh(x)")) == nothing
        assert verdicts(pair(forward, backward, reference="max(x, 0.1*x)")) == nothing
    # A usual slip is near enough.
    slip = pair("1/(1+exp(x))", "-g*out*(1-out)", reference="1/(1+exp(-x))")
    assert verdicts(slip) == {"forward": "wrong", "x": "right"}
    slip = pair("max(x, 0.3*x)", "g*where(x > 0, 1, 0.3)", reference="max(x, 0.1*x)")
    assert verdicts(slip) == {"forward": "wrong", "x": "right"}
    # One that fails a case the student sees is none to go on with, ...
    cases = [{"inputs": {"x": 0}, "value": 0}]
    slip = pair("sin(x) + 1", "g*cos(x)*1", reference="tanh(x)", cases=cases)
    assert verdicts(slip) == nothing
    made = one("q = x * 2", {"x": 1}, kind="formulas", inputs=["x"], cases=cases,
               key={"forward": "tanh(x)"})  # fmt: skip
    noted = judged(made, {"forward": "sin(x) + 1", "x": "g*cos(x)"}, key=False)
    assert verdicts(noted) == {"forward": "wrong", "x": "recorded"}
    # ... and of an op that is linear a linear one may be.
    slip = pair("2*x", "2*g", reference="3*x")
    assert verdicts(slip) == {"forward": "wrong", "x": "right"}


def test_a_line_earns_nothing_in_the_lab_of_ops() -> None:
    exercise, key = lab("write-an-op")
    task = exercise.task("5")
    for id in ("sigmoid", "leaky"):
        work = Work(task, task.given, {id: {"forward": "x", "x": "g"}})
        assert exercise.items[id].judge(work, key.items[id]).share == 0
