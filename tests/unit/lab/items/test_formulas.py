"""Formulas of an op, held against differences."""

from __future__ import annotations

from typing import Any

from judged import judged, mistakes, one, told, verdicts

from gradstudio.lab.items import Judgement


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
