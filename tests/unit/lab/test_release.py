"""Handing out an exercise: what gives a solution away is found, and stays with the teacher."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from batch import run
from solving import LABS, content, exercise_of, lab, raw_of

from gradstudio import resources
from gradstudio.annotations import Note
from gradstudio.formula import parse
from gradstudio.graph import Graph
from gradstudio.lab.release import given_away

GIVEN = parse("q = x + y; f = q * z", values={"x": 1, "y": 2, "z": 3})
EXPRESSION = {"kind": "expression", "id": "e", "names": ["out", "g", "W", "x"]}
NUMBER = {"kind": "number", "id": "n"}
BUILD = {"kind": "build", "id": "b", "output": "h"}
CASE = {"inputs": {"x": 1, "y": 2}, "value": 7}


def found(
    item: dict[str, Any], key: dict[str, Any], text: str = "", *, graph: Graph = GIVEN, **more: Any
) -> list[str]:
    """Return what is found in an exercise of one item that has `text` in a hint."""
    items = [{**item, "hints": [{"text": {"en": "t", "zh": text or "题"}}]}]
    exercise, known = exercise_of(graph, items, {item["id"]: key}, **more)
    data = json.dumps(raw_of(graph, items, **more)).encode()
    return [one.say() for one in given_away(exercise, known, data)]


@pytest.mark.parametrize(
    ("formula", "text"),
    [
        ("out * (1 - out)", "It is out*(1-out)."),
        ("out * (1 - out)", "It is `out * (1 − out)`"),
        ("out * (1 - out)", r"It is out\*(1 - out), is it not?"),
        ("out * (1 - out)", "It is out\u200b*\n(1-out)"),
        ("g @ W.T", "g @ W.T"),
        ("g @ W.T", "Try g@W.T."),
        ("g*x", "dx is g × x"),
        ("g*x", "答案是g*x的"),
        ("-g", "dx is −g"),
    ],
)
def test_a_formula_of_the_key_is_found_however_it_is_written(formula: str, text: str) -> None:
    said = [f"item e: the answer “{formula}” of the key stands in it"]
    assert found(EXPRESSION, {"formula": formula}, text) == said
    assert found(BUILD, {"formula": formula}, text) == [said[0].replace("item e", "item b")]


@pytest.mark.parametrize(
    ("formula", "text"),
    [
        ("out * (1 - out)", "out times one minus out"),
        ("g @ W.T", "g @ W"),
        ("g*x", "g*x2, and bg*x"),
        ("x", "x is a leaf"),
    ],
)
def test_another_formula_is_none(formula: str, text: str) -> None:
    assert found(EXPRESSION, {"formula": formula}, text) == []


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (1234.5, "It is 1234.5."),
        (-0.125, "solution -0.125"),
        (1e-7 * 1.25, "1.25e-7"),
        ([[1, 2], [3, 4]], "as [[1, 2], [3, 4]]"),
    ],
)
def test_a_number_of_the_key_is_found(value: Any, text: str) -> None:
    assert len(found(NUMBER, {"value": value}, text)) == 1
    assert found(NUMBER, {"value": value}) == []


def test_a_number_in_the_graph_or_in_a_note_is_found() -> None:
    leaf = GIVEN.add("answer", "constant", value=np.float64(1234.5))
    assert len(found(NUMBER, {"value": 1234.5}, graph=leaf)) == 1
    notes = replace(GIVEN.annotations, notes={"n": Note("the solution: 1234.5", (0, 0, 90, 60))})
    assert len(found(NUMBER, {"value": 1234.5}, graph=GIVEN.annotate(notes))) == 1
    assert found(NUMBER, {"value": 1234.5}, graph=GIVEN.move({"x": (1234.5, 0.0)})) == []


def test_a_number_that_stands_in_many_a_text_is_none() -> None:
    assert found(NUMBER, {"value": 2}, "in 2 steps") == []


CHOICE = {
    "kind": "choice",
    "id": "c",
    "options": {
        "mean": {"en": "they are averaged", "zh": "取平均"},
        "sum": {"en": "they are added", "zh": "相加"},
    },
}


@pytest.mark.parametrize(
    ("text", "known"),
    [
        ("At a fan-out they are added.", True),
        ("分叉处的梯度是相加的。", True),
        ("At a fan-out they are averaged.", False),
        ("Is it that they are added, or that they are averaged?", False),
        ("Look at the fan-out.", False),
    ],
)
def test_a_hint_that_names_the_right_option_alone_is_found(text: str, known: bool) -> None:
    said = ["item c: a hint names the right option and no other"]
    assert found(CHOICE, {"right": ["sum"]}, text) == (said if known else [])


def test_cases_and_hidden_data_are_found() -> None:
    shown = {**BUILD, "cases": [CASE]}
    assert "item b: the answer" in found(shown, {"formula": "x + y", "cases": [CASE]})[0]
    assert found(BUILD, {"formula": "3*x + 2*y", "cases": [CASE]}) == []
    item = {"kind": "training", "id": "t", "output": "f", "target": 0.25}
    data = {"inputs": {"x": [1.5, 2.5]}, "hidden_target": 0.125}
    assert len(found(item, data, "it is tried on [1.5, 2.5] down to 0.125")) == 2
    assert found(item, {**data, "target": 0.25}, "down to 0.25") == []


def test_what_is_escaped_in_the_file_is_read_as_it_will_be(tmp_path: Path) -> None:
    exercise, key = lab("sigmoid")
    raw = content("sigmoid")
    raw["items"][3]["text"]["en"] += " It is out*(1 - out)."
    data = json.dumps(raw).replace("out*(1", "\\u006fut*(1").encode()
    assert b"\\u006f" in data
    assert any("item slope" in one.say() for one in given_away(exercise, key, data))


@pytest.mark.parametrize(
    "where",
    [
        lambda graph: graph,
        lambda graph: graph["nodes"]["x"],
    ],
)
def test_what_a_graph_carries_along_is_refused(
    where: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A solved file that was taken for the graph still has its answers."""
    raw = content("xyz")
    where(raw["graph"])["lab"] = {"answers": {"forward": {"q": "4"}}}
    path = tmp_path / "a.gradlab"
    path.write_text(json.dumps(raw), encoding="utf-8")
    code, _, err = run(capsys, "lab", "release", path, "-o", tmp_path / "out.gradlab")
    assert code == 2
    assert "its graph carries “lab” along: take that out" in err


def test_no_key_is_among_what_is_handed_out() -> None:
    for name in LABS:
        raw = content(name)
        key = json.loads(resources.path("labs", "keys", f"{name}.gradkey").read_bytes())
        assert key["lab"] == name
        for item in raw["items"]:
            fields = set(key["items"].get(item["id"], {}))
            # What both may have is said to be the item's own: a target, inputs that are ports.
            assert not fields & set(item) - {"target", "inputs"}, item["id"]


def write(path: Path, raw: dict[str, Any]) -> Path:
    path.write_text(json.dumps(raw), encoding="utf-8")
    return path


def test_release_refuses_what_gives_the_solution_away(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    key = resources.path("labs", "keys", "sigmoid.gradkey")
    out = tmp_path / "out.gradlab"
    raw = content("sigmoid")
    raw["items"][3]["text"]["en"] += " It is out*(1 - out)."
    code, _, err = run(
        capsys, "lab", "release", write(tmp_path / "a.gradlab", raw), "--key", key, "-o", out
    )
    assert code == 2
    assert "item slope: the answer “out * (1 - out)” of the key stands in it" in err
    raw = content("sigmoid")
    raw["graph"]["nodes"]["h"] = {"op": "sigmoid", "inputs": ["s"]}
    code, _, err = run(
        capsys, "lab", "release", write(tmp_path / "b.gradlab", raw), "--key", key, "-o", out
    )
    assert code == 2
    assert "h is to be made, but it is given" in err
    assert "item one-node: it is solved in what is handed out" in err
    raw = content("sigmoid")
    raw["items"][3]["key"] = {"formula": "out*(1-out)"}
    code, _, err = run(
        capsys, "lab", "release", write(tmp_path / "c.gradlab", raw), "--key", key, "-o", out
    )
    assert code == 2
    assert "unknown field" in err
    code, _, err = run(
        capsys, "lab", "release", resources.path("labs", "sigmoid.gradlab"), "-o", out
    )
    assert code == 2
    assert "give its --key" in err
    assert not out.exists()
