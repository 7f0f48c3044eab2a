"""Training that is done again, within what is allowed."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from judged import judged, one, told, verdicts
from solving import exercise_of

from gradstudio.errors import FileError
from gradstudio.formula import parse
from gradstudio.lab.faults import faults
from gradstudio.lab.items import Judgement
from gradstudio.lab.task import Work


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


def test_what_is_drawn_for_a_student_depends_on_the_id_however_it_is_typed() -> None:
    """As a variant does: the window has the id as it was typed, the grader that of the folder."""
    exercise, _ = exercise_of(
        parse("f = x * 2", values={"x": 1.0}),
        [{"id": "i", "kind": "training", "output": "loss", "target": 1.0}],
    )
    starts = set()
    for student in ("A1", "a1", " Ａ1 "):
        task = exercise.task(student)
        graph = task.given.add("w", "parameter", value=np.zeros(())).add("loss", "square", ["w"])
        item: Any = exercise.items["i"]
        starts.add(float(np.asarray(item.starting(Work(task, graph)).nodes["w"].value)))
    assert len(starts) == 1


def modelled(student: str, *, formula: str, **item: Any) -> Judgement:
    """Return what is said of a line whose model node the student made of `formula`."""
    values: dict[str, Any] = {"w": 0.0, "x": [1, 2, 3], "y": [2, 4, 6]}
    graph = parse("p = w * x; loss = mse(p, y)", values=values)
    fields = {"id": "i", "kind": "training", "output": "loss", "target": 0.01, **item}
    key = {"i": {"inputs": {"x": [4, 5], "y": [8, 10]}}}
    exercise, known = exercise_of(graph, [fields], key, editable=["p"])
    task = exercise.task(student)
    own = parse(formula, values=values)
    mine = task.given
    for name, node in own.nodes.items():
        if name not in mine.nodes:
            mine = mine.add(name, node.op, node.inputs, value=node.value)
    made = own.nodes["p"]
    mine = replace(mine, nodes={**mine.nodes, "p": made})
    work = Work(task, mine, {"i": {"learning_rate": "0.05", "steps": "50"}})
    return exercise.items["i"].judge(work, known.items["i"])


def test_a_prediction_may_not_look_at_the_targets() -> None:
    named: dict[str, Any] = {"prediction": "p", "targets": ["y"]}
    assert modelled("s", formula="p = w * x", **named).right
    seen = modelled("s", formula="z = w * 0; p = y + z", **named)
    assert verdicts(seen) == {"target": "wrong"}
    assert "p depends on y, which it should predict" in told(seen)
    assert verdicts(modelled("s", formula="z = w * 0; p = y + z")) == {"target": "right"}
    # Nor may they be copied into it, which the hidden data finds out.
    copied = modelled("s", formula="z = w * 0; p = [2, 4, 6] + z", **named)
    assert verdicts(copied) == {"target": "wrong"}


@pytest.mark.parametrize(
    ("item", "editable", "said"),
    [
        ({}, ["p"], "p can be changed: name the prediction and its targets"),
        ({"prediction": "p", "targets": ["y"]}, ["p"], ""),
        ({"prediction": "p", "targets": ["y"]}, ["loss"], "loss can be changed, and the loss"),
        ({"prediction": "p", "targets": ["y"]}, ["y"], "y can be changed, and the loss"),
        ({"prediction": "p"}, [], "the prediction and its targets are named together"),
        ({"prediction": "u", "targets": ["y"]}, [], "there is no node called u"),
        ({"prediction": "p", "targets": ["u"]}, [], "there is no node called u"),
        ({"prediction": "p", "targets": ["x"]}, [], "p depends on x, which it should predict"),
        ({"output": "p", "prediction": "loss", "targets": ["y"]}, [], "p does not depend on loss"),
    ],
)
def test_a_target_that_can_be_reached_by_cheating_is_a_fault(
    item: dict[str, Any], editable: list[str], said: str
) -> None:
    values: dict[str, Any] = {"w": 0.0, "x": [1, 2, 3], "y": [2, 4, 6]}
    graph = parse("p = w * x; loss = mse(p, y)", values=values)
    fields = {"id": "i", "kind": "training", "output": "loss", "target": 0.01, **item}
    key = {"i": {"inputs": {"y": [1, 2, 3]}}}
    made = exercise_of(graph, [fields], key, editable=editable)
    found = " ".join(one.say() for one in faults(*made))
    assert said in found
    assert bool(said) == bool(found)


def test_a_model_that_can_be_changed_needs_hidden_data() -> None:
    values: dict[str, Any] = {"w": 0.0, "x": [1, 2, 3], "y": [2, 4, 6]}
    graph = parse("p = w * x; loss = mse(p, y)", values=values)
    item = {"kind": "training", "output": "loss", "target": 0.01, "prediction": "p"}
    fields = {"id": "i", **item, "targets": ["y"]}
    for inputs, good in (({}, False), ({"x": [1, 2, 4]}, False), ({"y": [3, 5, 7]}, True)):
        made = exercise_of(graph, [fields], {"i": {"inputs": inputs}}, editable=["p"])
        found = " ".join(one.say() for one in faults(*made))
        assert good == (not found)
        assert good or "the key needs hidden data" in found
    with pytest.raises(FileError, match="the key of item i is missing"):
        exercise_of(graph, [fields], editable=["p"])
