"""Submissions that mean harm: each has its row with a reason, and costs nothing else."""

from __future__ import annotations

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
from gradstudio.lab.worker import Job, Limits


@forks
@pytest.mark.parametrize("name", sorted(HOSTILE))
def test_a_hostile_submission_gets_its_row_with_a_reason(name: str) -> None:
    made, said = HOSTILE[name]
    data = made if isinstance(made, bytes) else made()
    began = time.monotonic()
    result = alone(data, Limits(cpu_s=20))
    assert (result.status, result.points, result.most) == ("error", 0, 6)
    assert said.replace("“lab", "") in reason(result)
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


@forks
def test_graphs_cost_no_more_than_their_limits() -> None:
    """Built graphs that square, spread and multiply: each is refused, or ended at its limit."""
    heavy = []
    wide = {"x": "s"}
    chain = dict(raw(name="sigmoid")["nodes"])
    for at in range(200):
        chain[f"m{at}"] = {"op": "exp", "inputs": [f"m{at - 1}" if at else "s"]}
    chain["h"] = {"op": "neg", "inputs": ["m199"]}
    heavy.append(chain)
    spread = dict(raw(name="sigmoid")["nodes"])
    ones = {"dtype": "float64", "shape": [1, 300], "data": "AAAA" * 800}
    spread["c"] = {"op": "constant", "value": ones}
    previous = "c"
    for at in range(40):
        spread[f"t{at}"] = {"op": "transpose", "inputs": [previous]}
        spread[f"p{at}"] = {"op": "matmul", "inputs": [f"t{at}", previous]}
        previous = f"p{at}"
    spread["h"] = {"op": "sum", "inputs": [previous]}
    heavy.append(spread)
    assert wide
    jobs = []
    for nodes in heavy:
        found = raw(name="sigmoid")
        found["nodes"] = nodes
        jobs.append((Job("1", "a.gradstudio"), json.dumps(found).encode()))
    for result in dict(results(assignment("sigmoid"), jobs, 1)).values():
        (build,) = [item for item in result.items if item.id == "one-node"]
        assert build.points == 0
        assert any(part.said for part in build.parts)


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
