"""What formulas and graphs are tried on is hidden: a reason why one fails must not tell it."""

from __future__ import annotations

from typing import Any

import pytest
from solving import exercise_of

from gradstudio.formula import parse
from gradstudio.lab.session import begin
from gradstudio.lab.task import Work

GRAPH = parse("p = w*x; loss = mse(p, y)", values={"w": 0.0, "x": [1.0, 2.0], "y": [2.0, 4.0]})
NO_VALUE = "it has no value at some of the places where it is tried"


def said(item: dict[str, Any], key: dict[str, Any], entries: dict[str, str]) -> list[str]:
    """Return what a student is told of each part, without its label."""
    exercise, keys = exercise_of(GRAPH, [item], {"i": key})
    session, graph = begin(exercise, "1")
    work = Work(session.task, graph, {"i": entries})
    parts = exercise.items["i"].judge(work, keys.items["i"]).parts
    return [part.said.say() for part in parts if part.said is not None]


@pytest.mark.parametrize("formula", ["one_hot(a, classes=2)", "a @ a", "sum(a, axis=3)"])
def test_a_short_formula_that_fails_does_not_say_where(formula: str) -> None:
    """Why is said of a place that anyone can see, whatever the hidden ones are."""
    item = {"kind": "expression", "id": "i", "names": ["a"], "ranges": {"a": [5, 90]}}
    told = [said(item, {"formula": "a*a", "seed": seed}, {"formula": formula}) for seed in range(9)]
    assert len(told[0]) == 1
    assert all(one == told[0] for one in told)


def test_a_short_formula_that_fails_at_hidden_places_alone_says_no_more() -> None:
    item = {"kind": "expression", "id": "i", "names": ["a"], "ranges": {"a": [0, 40]}}
    formula = "a*a + sum(one_hot(a > 35, classes=1)) - 1"
    assert said(item, {"formula": "a*a"}, {"formula": formula}) == [NO_VALUE]


def test_the_formulas_of_an_op_that_fail_do_not_say_where() -> None:
    item = {"kind": "formulas", "id": "i", "inputs": ["a"], "ranges": {"a": [5, 9]}}
    entries = {"forward": "a*a", "a": "one_hot(a, classes=2)"}
    assert said(item, {"forward": "a*a"}, entries) == [NO_VALUE]
    entries = {"forward": "one_hot(a, classes=2)", "a": "2*a*g"}
    assert "class" not in " ".join(said(item, {"forward": "a*a"}, entries))


@pytest.mark.parametrize("inputs", [{"x": [1, 2, 3], "y": [1, 2]}, {"x": [1e308, 1e308]}])
def test_hidden_data_do_not_show_their_shape(inputs: dict[str, Any]) -> None:
    item = {"kind": "training", "id": "i", "output": "loss", "target": 0.5}
    entries = {"learning_rate": "0.1", "steps": "50"}
    assert said(item, {}, entries) == []
    assert said(item, {"inputs": inputs}, entries) == [
        "the target shown is reached, but not what is asked beyond it"
    ]
