"""Submissions that mean harm: each has its row with a reason, and costs nothing else."""

from __future__ import annotations

import base64
import csv
import json
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest
from batch import HOSTILE, alone, assignment, files_of, forks, raw, reason, run
from solving import handed_in, lab, right, write_class

from gradstudio.lab.grader import grade, notices
from gradstudio.lab.handed_in import collect
from gradstudio.lab.sandbox import results
from gradstudio.lab.worker import Assignment, Job, Limits


@forks
@pytest.mark.parametrize("name", sorted(HOSTILE))
def test_a_hostile_submission_gets_its_row_with_a_reason(name: str) -> None:
    made, said = HOSTILE[name]
    data = made if isinstance(made, bytes) else made()
    began = time.monotonic()
    result = alone(data, Limits(cpu_s=20))
    assert (result.status, result.points, result.most) == ("error", 0, 6)
    assert said in reason(result)
    assert result.reasons[0].zh != result.reasons[0].en
    assert time.monotonic() - began < 60


LONG_FORMULAS = (
    "+".join(["exp(x)"] * 280),
    "(" * 900 + "x" + ")" * 900,
    "-" * 1900 + "x",
    "**".join(["9"] * 600),
    "9**" * 300 + "9",
    "1e308*1e308*x",
    "x" + "\n" * 1500,
    "; ".join(f"a{at} = a{at - 1} * a{at - 1}" if at else "a0 = x" for at in range(80)),
    "reshape(x, shape=(100000, 100000))",
    "one_hot(x, classes=2000000000)",
    "broadcast(x, shape=(1000000, 1000000))",
    "[" * 900 + "1" + "]" * 900,
    "__import__('os').system('id')",
    "x.__class__",
    "open('/etc/passwd')",
    "lambda: 0",
    "x\x00",
)


@forks
def test_formulas_cost_no_more_than_their_limits() -> None:
    jobs = []
    for text in LONG_FORMULAS:
        entries = {"forward": text, "x": text}
        found = raw(name="write-an-op", answers={"sigmoid": entries, "leaky": entries})
        jobs.append((Job("1", "a.gradstudio"), json.dumps(found).encode()))
    began = time.monotonic()
    found = dict(results(assignment("write-an-op", Limits(cpu_s=10)), jobs, 2))
    assert time.monotonic() - began < 120
    assert sorted(found) == list(range(len(jobs)))
    for number, result in found.items():
        assert result.points == 0, LONG_FORMULAS[number][:40]
        assert result.status in ("failed", "error")


def any_op() -> Assignment:
    """Return the sigmoid lab where any op may be used to build, so that no rule refuses a graph."""
    given = assignment("sigmoid")
    found = json.loads(given.exercise)
    for item in found["items"]:
        item.pop("ops", None)
        item.pop("most_nodes", None)
    return Assignment(json.dumps(found).encode(), given.key, Limits(cpu_s=4, memory_mb=256))


def matrix(rows: int, columns: int) -> dict[str, Any]:
    data = base64.b64encode(bytes(8 * rows * columns)).decode()
    return {"op": "constant", "value": {"dtype": "float64", "shape": [rows, columns], "data": data}}


def in_a_row(count: int, op: str, *others: str) -> dict[str, Any]:
    """Return nodes in a row after k0, each of which takes `others` as well."""
    return {
        f"m{at}": {"op": op, "inputs": [f"m{at - 1}" if at else "k0", *others]}
        for at in range(count)
    } | {"h": {"op": "sum", "inputs": [f"m{count - 1}"]}}


TOO_MUCH = "h would take too much work to compute"
HEAVY: dict[str, tuple[dict[str, Any], str]] = {
    # 15,000 products of 400 × 400: half an hour, and 19 GB.
    "products": ({"k0": matrix(400, 400), **in_a_row(15_000, "matmul", "k0")}, TOO_MUCH),
    # A column times its row has a million entries, and that times itself takes 10¹⁸ steps.
    "growing": (
        {
            "k0": matrix(1000, 1),
            "k1": {"op": "transpose", "inputs": ["k0"]},
            "k2": {"op": "matmul", "inputs": ["k0", "k1"]},
            "h": {"op": "matmul", "inputs": ["k2", "k2"]},
        },
        TOO_MUCH,
    ),
    "spread": (
        {
            "k0": {"op": "constant", "value": 1.0},
            "k1": {"op": "one_hot", "inputs": ["k0"], "settings": {"classes": 2 * 10**9}},
            "h": {"op": "sum", "inputs": ["k1"]},
        },
        TOO_MUCH,
    ),
    "long": ({"k0": {"op": "constant", "value": 1.0}, **in_a_row(19_000, "exp")}, TOO_MUCH),
    "infinite": ({"k0": {"op": "constant", "value": 9.0}, **in_a_row(1_500, "exp")}, "it gives ∞"),
}


@forks
@pytest.mark.parametrize("name", sorted(HEAVY))
def test_a_graph_costs_no_more_than_its_limits(name: str) -> None:
    """What is too much is refused before it is computed, and costs nothing but its own points."""
    nodes, said = HEAVY[name]
    found = raw(name="sigmoid")
    found["nodes"] = {**found["nodes"], **nodes}
    jobs = [(Job("1", "a.gradstudio"), json.dumps(found).encode())]
    ((_, result),) = results(any_op(), jobs, 1)
    assert (result.status, result.points) == ("partial", 13), reason(result)
    (build,) = [item for item in result.items if item.id == "one-node"]
    assert build.points == 0
    assert said in build.told[0].en


@forks
def test_a_hostile_class_stops_nothing_and_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """All of it at once, as files: each has its row with a reason, the good have their marks."""
    good = handed_in(*right(*lab("xyz"), "good"))
    edited = raw("edited")
    edited["lab"] |= {"instructions": "Everything is right.", "exercise": "0" * 16}
    works = {"good": good, "edited": json.dumps(edited).encode()}
    for at, (data, _) in enumerate(HOSTILE.values()):
        works[f"hostile{at:02}"] = data() if callable(data) else data
    folder = write_class(tmp_path / "class", lab("xyz")[0], works)
    (folder / "nothing").mkdir()
    (folder / "linked").mkdir()
    (folder / "linked" / "a.gradstudio").symlink_to("/dev/zero")
    before = {one: one.lstat().st_mtime_ns for one in folder.rglob("*")}
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(scratch))
    path, key = files_of("xyz")
    out = tmp_path / "out"
    out.mkdir()
    code, said, _ = run(
        capsys, "grade", path, "--key", key, folder, "--csv", out / "book.csv", "--html",
        out / "html", "--json", "--jobs", 2,
    )  # fmt: skip
    assert code == 1
    rows = {one["student_id"]: one for one in json.loads(said)["students"]}
    assert rows.keys() == works.keys() | {"nothing", "linked"}
    assert rows["good"]["status"] == rows["edited"]["status"] == "passed"
    assert any("another edition" in note for note in rows["edited"]["notes"])
    assert all(one["notes"] for student, one in rows.items() if student != "good")
    assert {one["score"] for student, one in rows.items() if student.startswith("hostile")} == {0}
    assert {one: one.lstat().st_mtime_ns for one in folder.rglob("*")} == before
    assert not list(scratch.iterdir())
    assert {one.name for one in out.iterdir()} == {"book.csv", "book.items.csv", "html"}
    with (out / "book.csv").open(encoding="utf-8-sig", newline="") as table:
        assert len(list(csv.DictReader(table))) == len(rows)


@forks
def test_nothing_a_file_names_makes_a_long_row(tmp_path: Path) -> None:
    """Names of megabytes, wherever they stand, are cut in what is said of them."""
    huge = "n" * 3_000_000

    def edited(name: str, edit: Callable[[dict[str, Any]], object]) -> bytes:
        found = raw(name=name)
        edit(found)
        return json.dumps(found).encode()

    works = {
        "op": edited("xyz", lambda one: one["nodes"]["x"].update(op=huge)),
        "setting": edited("xyz", lambda one: one["nodes"]["f"].update(settings={huge: 1})),
        "input": edited("xyz", lambda one: one["nodes"]["f"].update(inputs=[huge, "z"])),
        "output": edited("xyz", lambda one: one.update(output=huge)),
        "hint": edited("xyz", lambda one: one["lab"].update(hints={"forward": huge})),
        "student": edited("xyz", lambda one: one["lab"].update(student=huge, name=huge)),
        "id": edited("xyz", lambda one: one["lab"].update(id=huge)),
        "answer": edited(
            "xyz", lambda one: one["lab"]["answers"]["forward"].update(q="9" * 19_999)
        ),
    }
    folder = write_class(tmp_path / "class", lab("xyz")[0], works)
    for one in grade(assignment(), collect([folder], "xyz")):
        assert all(len(note.en) + len(note.zh) < 2500 for note in notices(one)), one.student
        assert len(msgspec.json.encode(one.result)) < 50_000, one.student
    node = raw(name="sigmoid")
    node["nodes"][huge] = {"op": "exp", "inputs": ["s"]}
    node["nodes"]["h"] = {"op": "tan", "inputs": [huge]}
    node["lab"]["answers"]["slope"] = {"formula": "y" * 19_999}
    jobs = [(Job("1", "a"), json.dumps(node).encode())]
    ((_, result),) = results(assignment("sigmoid"), jobs, 1)
    assert len(msgspec.json.encode(result)) < 50_000
