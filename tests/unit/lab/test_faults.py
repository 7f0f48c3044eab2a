"""What is wrong with an exercise is found before it is handed out."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
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
