"""The samples that come with the labs: right, a typical mistake, hostile; each graded exactly."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from solving import LABS, lab

from gradstudio import cli, resources
from gradstudio.lab.judging import judge

RIGHT, MISTAKEN, HOSTILE = "20240001", "20240002", "20240003"

# Points, and by place which of the usual mistakes was recognized.
TYPICAL: dict[str, tuple[float, dict[str, str]]] = {
    "xyz": (4, {"backward.f.x": "unswapped", "backward.f.y": "unswapped"}),
    "patterns": (
        13.3,
        {"backward.m.x": "loser", "backward.m.y": "loser", "backward.x": "fan_out"},
    ),
    "sigmoid": (10.222222, {"backward.f.y": "sign", "slope.formula": "sign"}),
    "udl-chain": (20, {"activations.f2": "output", "parameters.w1": "local"}),
    "fan-out": (8, {"backward.x2": "fan_out", "slip.number": "fan_out"}),
    "shapes": (1.5, {"dw.formula": "transposed", "numbers.Y2": "sign"}),
    "write-an-op": (4, {"sigmoid.x": "upstream"}),
    "linear-fit": (1, {"slope.number": "sign", "step.number": "uphill"}),
}
# Status, points, and what is said of it.
NO_GOOD: dict[str, tuple[str, float, str]] = {
    "xyz": ("failed", 0, ""),
    "patterns": ("partial", 9.4, "its numbers are the variant of 20240099"),
    "sigmoid": ("failed", 0, "locked parts were changed: w0"),
    "udl-chain": ("failed", 0, ""),
    "fan-out": ("error", 0, "fan-out.gradstudio: damaged or cut off at line 43, column 10"),
    "shapes": ("error", 0, "its value holds more or fewer numbers than its shape says"),
    "write-an-op": ("failed", 0, ""),
    "linear-fit": ("failed", 0, ""),
}


def folder(name: str) -> Path:
    return resources.path("labs", "samples", name)


def test_every_lab_has_its_samples() -> None:
    for name in LABS:
        students = sorted(one.name for one in folder(name).iterdir())
        assert students == [RIGHT, MISTAKEN, HOSTILE]
    assert set(TYPICAL) == set(NO_GOOD) == set(LABS)


@pytest.mark.parametrize("name", LABS)
def test_the_samples_are_graded_exactly(name: str) -> None:
    exercise, key = lab(name)
    found = {
        student: judge(
            exercise,
            key,
            student,
            (folder(name) / student / f"{name}.gradstudio").read_bytes(),
            file=f"{name}.gradstudio",
        )
        for student in (RIGHT, MISTAKEN, HOSTILE)
    }
    assert (found[RIGHT].status, found[RIGHT].points) == ("passed", exercise.most_points)
    assert not found[RIGHT].reasons + found[RIGHT].notes
    points, mistakes = TYPICAL[name]
    assert (found[MISTAKEN].status, found[MISTAKEN].points) == ("partial", points)
    assert mistakes == {
        f"{item.id}.{part.id}": part.mistake
        for item in found[MISTAKEN].items
        for part in item.parts
        if part.mistake
    }
    status, points, said = NO_GOOD[name]
    assert (found[HOSTILE].status, found[HOSTILE].points) == (status, points)
    assert said in "; ".join(one.en for one in found[HOSTILE].reasons + found[HOSTILE].notes)


def test_the_samples_are_graded_by_the_command(capsys: pytest.CaptureFixture[str]) -> None:
    path = resources.path("labs", "sigmoid.gradlab")
    key = path.parent / "keys" / "sigmoid.gradkey"
    code = cli.run(["grade", str(path), "--key", str(key), str(folder("sigmoid")), "--json"])
    assert code == 1
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    assert [one["score"] for one in found["students"]] == [15, 10.222222, 0]


@pytest.mark.parametrize("name", LABS)
def test_instructions_number_one_step_a_line(name: str) -> None:
    exercise, _ = lab(name)
    for text in (exercise.instructions.en, exercise.instructions.zh):
        lines = [line for line in text.splitlines() if re.match(r"\d\.", line)]
        assert [int(line[0]) for line in lines] == list(range(1, len(lines) + 1))
        assert not any(re.search(r".[,;，；] ?\d\. ", line) for line in lines)
