"""Every kind of item: right work, blank work, what cannot be read, and what is hidden."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest
from judged import OPTIONS, judged, one, told, verdicts
from solving import LABS, lab, right, text

from gradstudio.lab.entries import close, entered
from gradstudio.lab.items import KINDS, Verdict
from gradstudio.lab.task import Work

GIVEN = ("values", "gradients")


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


@pytest.mark.parametrize("typed", ["0", "0.001", "0.004"])
@pytest.mark.parametrize("name", LABS)
def test_a_small_number_everywhere_earns_what_is_small(name: str, typed: str) -> None:
    """Who types zeros has not computed anything: only what is truly near zero may be right."""
    exercise, key = lab(name)
    for student in map(str, range(20240001, 20240051)):
        task = exercise.task(student)
        asked = {id: item for id, item in exercise.items.items() if item.kind in GIVEN}
        answers = {
            id: {one.id: text(np.full(one.shape or (), float(typed))) for one in item.blanks(task)}
            for id, item in asked.items()
        }
        work = Work(task, task.given, answers)
        true = right(exercise, key, student)[0].answers
        for id, item in asked.items():
            for part in item.judge(work, None).parts:
                near = close(entered(answers[id][part.id]), entered(true[id][part.id]), item)
                assert (part.verdict is Verdict.RIGHT) == near, (student, id, part.id)
