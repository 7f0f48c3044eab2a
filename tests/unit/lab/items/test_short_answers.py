"""Orders, choices, numbers and short formulas."""

from __future__ import annotations

import re
from typing import Any

import pytest
from judged import OPTIONS, XYZ, judged, mistakes, one, told, verdicts
from solving import FORMULAS, lab

from gradstudio.lab import typed_formula
from gradstudio.lab.exercise import Exercise, Key
from gradstudio.lab.faults import faults
from gradstudio.lab.task import Work


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


def test_what_is_often_typed_for_a_number_says_what_to_write() -> None:
    made = one("q = x * 2", {"x": 3}, kind="number", at="q")
    for typed, remedy in (("-1/2", "write it with a point"), ("−0,5", "write a point")):
        answer = judged(made, {"number": typed})
        assert not answer.costs_attempt
        assert f"“{typed}”" in told(answer)
        assert remedy in told(answer)
    assert "“half” is no number." in told(judged(made, {"number": "half"}))


def test_a_question_ends_as_one() -> None:
    made = lab("sigmoid")
    said = told(judged(made, {"formula": "out * 1 -"}, item="slope"))
    assert "?" in said
    assert "?." not in said


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
    assert mistakes(judged(step, {"number": "8"}, key=False)) == {"number": "gradient"}
    assert verdicts(judged(step, {"number": "7"}, key=False)) == {"number": "wrong"}


def test_mistakes_made_far_from_a_number_are_recognized() -> None:
    """The loss is the mean of (w x)²: its gradient by w is 7 at w = 1, its value 3.5."""
    values = {"w": 1.0, "x": [1.0, 2.0, 3.0, 0.0]}
    item: dict[str, Any] = {"kind": "number", "at": "w", "rtol": 0, "atol": 0.01}

    def said(typed: str, text: str = "p = w * x; s = p**2; f = mean(s)", **more: Any) -> str:
        made = one(text, values, **{**item, **more})
        return mistakes(judged(made, {"number": typed}, key=False)).get("number", "")

    assert said("7", of="gradient") == ""
    assert said("28", of="gradient") == "sum_for_mean"
    assert said("3.5", of="gradient") == "power"
    assert said("-1.8", of="step", learning_rate=0.1) == "sum_for_mean"
    assert said("0.65", of="step", learning_rate=0.1) == "power"
    assert said("14", at="f") == "sum_for_mean"
    of_sum = {"text": "p = w * x; s = p**2; f = sum(s)"}
    assert said("7", of="gradient", **of_sum) == "mean_for_sum"
    assert said("3.5", at="f", **of_sum) == "mean_for_sum"


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
    said = "formula: “X @ g” does not work out: X: (5, 3), g: (5, 4)."
    assert told(fits_not) == said
    # The shapes are no secret, so it is said without the key as well.
    assert told(judged(made, {"formula": "X @ g"}, key=False)) == said
    assert verdicts(judged(made, {"formula": "g @ W.T"}, key=False)) == {"formula": "recorded"}
    inner = judged(made, {"formula": "(g + 1) @ W"})
    assert told(inner) == "formula: “(g + 1) @ W” does not work out: g + 1: (5, 4), W: (3, 4)."


@pytest.mark.parametrize("key", [True, False])
def test_a_formula_that_would_take_all_memory_is_not_computed(
    monkeypatch: pytest.MonkeyPatch, key: bool
) -> None:
    item: dict[str, Any] = {"kind": "expression", "names": ["x"], "shapes": {"x": [2000]}}
    made = one("q = x * 2", {"x": 3}, **item, key={"formula": "x"})
    computed: list[object] = []
    monkeypatch.setattr(typed_formula, "evaluate", computed.append)
    huge = "reshape(x, shape=(2000, 1, 1)) * reshape(x, shape=(1, 2000, 1)) * x"
    judgement = judged(made, {"formula": huge}, key=key)
    assert verdicts(judgement) == {"formula": "wrong" if key else "recorded"}
    assert computed == []


def test_the_sigmoids_slope_has_more_than_one_formula() -> None:
    exercise, key = lab("sigmoid")
    task = exercise.task("1")
    for formula in (FORMULAS["slope"]["formula"], "out - out*out", "out - out**2"):
        work = Work(task, task.given, {"slope": {"formula": formula}})
        assert exercise.items["slope"].judge(work, key.items["slope"]).right
