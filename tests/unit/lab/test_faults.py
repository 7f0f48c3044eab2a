"""What is wrong with an exercise is found before it is handed out."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from judged import judged, one
from solving import exercise_of

from gradstudio import cli, resources
from gradstudio.formula import parse
from gradstudio.lab import faults


def test_faults_are_found_with_several_students_numbers() -> None:
    graph = parse("q = x + y; f = log(q)", values={"x": 1, "y": 1})
    item = {"kind": "values", "id": "i", "output": "f"}
    draw = {"x": {"values": [-1, 1]}}
    exercise, key = exercise_of(graph, [item], draw=draw)
    assert any("inf" in one.say() for one in faults.faults(exercise, key))
    exercise, key = exercise_of(graph, [{**item, "output": "u"}])
    assert [one.say() for one in faults.faults(exercise, key)] == [
        "item i: there is no node called u"
    ]
    exercise, key = exercise_of(graph, [{**item, "kind": "gradients", "at": ["f.z"]}])
    assert "no gradient flows back to f.z" in str(next(faults.faults(exercise, key)))


def test_zeros_that_would_be_right_are_warned_of(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    raw = json.loads(resources.path("labs", "sigmoid.gradlab").read_bytes())
    raw["draw"]["w2"] = {"values": [-0.1, -9]}
    path = tmp_path / "a.gradlab"
    path.write_text(json.dumps(raw), encoding="utf-8")
    code = cli.run(["lab", "validate", str(path)])
    said = capsys.readouterr().err
    assert code == 0
    assert "warning: item backward: zeros in all blanks earn 7 of 7 points" in said
    code = cli.run(["lab", "validate", str(path), "--json"])
    assert "item backward" in " ".join(json.loads(capsys.readouterr().out)["warnings"])


BUILD: dict[str, Any] = {"kind": "build", "output": "h"}
OP: dict[str, Any] = {"kind": "formulas", "inputs": ["u"]}
TRAIN: dict[str, Any] = {"kind": "training", "output": "f", "target": 1.0}
RAGGED = [[1.0], [1.0, 2.0]]


def case(value: Any, **inputs: Any) -> dict[str, Any]:
    return {"inputs": inputs, "value": value}


@pytest.mark.parametrize(
    ("item", "key", "said"),
    [
        ({"kind": "values", "output": "x"}, None, "nothing is asked"),
        ({"kind": "gradients", "output": "x"}, None, "nothing is asked"),
        ({**BUILD, "formula": "x * y", "most_nodes": 0}, None, "most_nodes must be 1 or more"),
        ({**BUILD, "formula": "x*y", "cases": [case(9, x=2, y=3)]}, None, "case 1 is not what"),
        ({**BUILD, "formula": "x*y"}, {"cases": [case(9, x=2, y=3)]}, "case 1 is not what"),
        ({**BUILD, "cases": [case(9, x=2, y=3)]}, {"formula": "x*y"}, "case 1 is not what"),
        (
            {**BUILD, "formula": "x*y"},
            {"formula": "x + y"},
            "the key's formula is not the one shown",
        ),
        ({**BUILD, "formula": "x*y", "cases": [case(6, x=2, u=3)]}, None, "case 1: there is no"),
        ({**BUILD, "formula": "x*y", "cases": [case(6, c1=2)]}, None, "case 1: there is no"),
        ({**BUILD, "formula": "x*y", "cases": [case(RAGGED, x=1)]}, None, "case 1: its lists"),
        (BUILD, {"cases": [case(1, x=RAGGED)]}, "case 1: its lists"),
        ({**OP, "cases": [case(RAGGED, u=1)]}, {"forward": "u*u"}, "case 1: its lists"),
        ({**OP, "cases": [case(2, v=1)]}, {"forward": "u*u"}, "case 1: there is no input v"),
        ({**OP, "cases": [case(2, u=1)]}, {"forward": "u*u"}, "case 1 is not what"),
        (
            {"kind": "expression", "names": ["x"], "ops": ["nonsense"]},
            {"formula": "x"},
            "no op called “nonsense”",
        ),
        ({"kind": "expression", "names": ["x y"]}, {"formula": "1"}, "x y"),
        (TRAIN, {"inputs": {"x": [1, 2], "y": [1, 2, 3]}}, "the hidden data: "),
        (TRAIN, {"inputs": {"x": RAGGED}}, "the hidden data: its lists"),
        (TRAIN, {"inputs": {"c1": 2}}, "the hidden data: there is no input c1"),
    ],
)
def test_what_no_student_could_pass_is_a_fault(
    item: dict[str, Any], key: dict[str, Any] | None, said: str
) -> None:
    made = one("q = x * y; f = sum(q * 2 + w)", {"x": 2.0, "y": 3.0, "w": 1.0}, **item, key=key)
    found = [fault.say() for fault in faults.faults(*made)]
    assert said in " ".join(found)
    assert len(found) == len(set(found))


def test_an_item_with_nothing_to_ask_is_never_right() -> None:
    made = one("f = x * y", {"x": 2.0, "y": 3.0}, kind="values", output="x")
    assert not judged(made, {}).right
