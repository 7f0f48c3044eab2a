"""Grading a class: isolation, hostile submissions, late work, rosters, resuming, the same bytes."""

from __future__ import annotations

import csv
import io
import json
import os
import random
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import msgspec
import pytest
from solving import LABS, handed_in, lab, right, write_class

from gradstudio import cli, resources, storage
from gradstudio.lab import gradebook, report
from gradstudio.lab.exercise import loads
from gradstudio.lab.grader import Grade, grade
from gradstudio.lab.handed_in import collect, read_roster, with_roster
from gradstudio.lab.judging import Result, judge
from gradstudio.lab.report import page_name
from gradstudio.lab.sandbox import Assignment, Job, Limits, results
from gradstudio.lab.session import resume

FORKS = hasattr(os, "fork")
forks = pytest.mark.skipif(not FORKS, reason="this system cannot fork")


def assignment(name: str = "xyz", limits: Limits | None = None) -> Assignment:
    return Assignment(
        resources.path("labs", f"{name}.gradlab").read_bytes(),
        resources.path("labs", "keys", f"{name}.gradkey").read_bytes(),
        limits or Limits(),
    )


def raw(student: str = "1", name: str = "xyz", **changes: Any) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(handed_in(*right(*lab(name), student)))
    found["lab"].update(changes)
    return found


def alone(data: bytes, limits: Limits) -> Result:
    """Return what comes of one submission, judged in a process of its own."""
    jobs = [(Job("1", "a.gradstudio"), data)]
    ((number, result),) = results(assignment("xyz", limits), jobs, 1)
    assert number == 0
    return result


def reason(result: Result) -> str:
    return "; ".join(one.en for one in result.reasons)


def run(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str, str]:
    code = cli.run([str(argument) for argument in arguments])
    out, err = capsys.readouterr()
    return code, out, err


def files_of(name: str) -> tuple[Path, Path]:
    path = resources.path("labs", f"{name}.gradlab")
    return path, path.parent / "keys" / f"{name}.gradkey"


@pytest.mark.parametrize("table", ["", "/", "."])
def test_a_gradebook_needs_a_name(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, table: str
) -> None:
    path, key = files_of("xyz")
    code, out, err = run(capsys, "grade", path, tmp_path, "--key", key, "--csv", table)
    assert (code, out, err) == (2, "", "gradstudio: --csv takes a file\n")


# -- hostile submissions -------------------------------------------------------------------------


def chain(nodes: int, op: str = "op") -> bytes:
    """Return a submission with so many nodes in a row."""
    rest = ",".join(f'"n{at}":{{"{op}":"neg","inputs":["n{at - 1}"]}}' for at in range(1, nodes))
    head = '{"format":"gradstudio","version":1,"lab":{"id":"xyz"},"nodes":{'
    return f'{head}"n0":{{"op":"input","value":1}},{rest}}}}}'.encode()


def hostile() -> dict[str, tuple[bytes | Callable[[], bytes], str]]:
    """Submissions that are no good, and what their rows say."""
    good = raw()
    text = json.dumps(good)
    large = {"dtype": "float64", "shape": [10**6, 10**6], "data": "AAAA"}
    newer = json.dumps({**good, "version": 99})
    return {
        "array of 8 TB": (
            json.dumps({**good, "nodes": {"x": {"op": "input", "value": large}}}).encode(),
            "node x: its value holds more or fewer numbers",
        ),
        "deep nesting": (
            text.replace(
                '"lab": {', '"lab": {"deep": ' + "[" * 10**5 + "]" * 10**5 + ", "
            ).encode(),
            "nested too deeply",
        ),
        "50 MB": (b'{"format": "gradstudio",' + b" " * (50 * 2**20) + b"}", "too large: more than"),
        "duplicate keys": (
            text.replace('"lab": {', '"lab": {"id": "xyz", ').encode(),
            "“id” stands twice",
        ),
        "truncated": (text[: len(text) // 2].encode(), "damaged or cut off at line 1"),
        "not UTF-8": (text.encode("utf-16"), "is not UTF-8"),
        "another lab": (
            handed_in(*right(*lab("patterns"), "1")),
            "answers to patterns, not to xyz",
        ),
        "newer version": (newer.encode(), "made by a newer GradStudio (format version 99"),
        "empty": (b"", "the file is empty"),
        "no graph": (b"[1, 2, 3]", "this is no GradStudio file"),
        "no answers": (storage.dumps(lab("xyz")[0].graph), "a graph without answers"),
        "infinite": (text.replace('"-', '"').replace("6.0", "1e999").encode(), "too large"),
        "answers that are none": (
            json.dumps({**good, "lab": {"id": "xyz", "answers": [1]}}).encode(),
            "“lab",
        ),
        "a cycle": (
            json.dumps(
                {**good, "nodes": {**good["nodes"], "q": {"op": "neg", "inputs": ["f"]}}}
            ).encode(),
            "form a cycle",
        ),
        "an op that is none": (
            json.dumps({**good, "nodes": {"q": {"op": "__import__"}}}).encode(),
            "there is no op called",
        ),
        "a million nodes": (partial(chain, 10**6), "too large: more than 4 MB"),
        "many nodes": (partial(chain, 50_000), "50000 nodes; 20000 are the most"),
        "many nodes, counted late": (
            partial(chain, 50_000, r"\u006fp"),
            "50000 nodes; 20000 are the most",
        ),
    }


HOSTILE = hostile()


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


def test_what_cannot_be_read_is_graded_and_no_attempt() -> None:
    found = raw()
    found["lab"]["answers"]["forward"]["q"] = "nan"
    (forward, _) = judge(*lab("xyz"), "1", json.dumps(found).encode()).items
    assert [one.en for one in forward.told] == ["q: “nan” is no number."]


def test_full_marks_in_the_file_are_not_looked_at() -> None:
    found = raw(score=6, points=6, status="passed", right=True, instructions="All is right.")
    found.update(score=100, status="passed", items=[{"id": "forward", "points": 0.001}])
    for entries in found["lab"]["answers"].values():
        entries.update(dict.fromkeys(entries, "0"))
    found["lab"]["log"] = [{"at": "", "item": "forward", "right": True, "counted": False}]
    for node in found["nodes"].values():
        node.update(value_shown=1, grad=1, right=True)
    result = judge(*lab("xyz"), "1", json.dumps(found).encode())
    assert (result.status, result.points, result.most) == ("failed", 0, 6)


def test_another_students_variant_earns_what_it_earns_and_is_named() -> None:
    exercise, key = lab("xyz")
    data = handed_in(*right(exercise, key, "2"))
    result = judge(exercise, key, "1", data)
    assert result.points < 6
    assert "the file says it is the work of 2" in reason(result)
    assert "its numbers are the variant of 2" in reason(result)
    assert judge(exercise, key, "2", data).status == "passed"


def test_changed_parts_are_named_and_not_believed() -> None:
    found = raw()
    found["nodes"]["x"]["value"] = 1.0
    found["nodes"]["f"]["op"] = "add"
    result = judge(*lab("xyz"), "1", json.dumps(found).encode())
    assert "locked parts were changed: x, f" in reason(result)
    assert result.points == 6  # judged on the graph that was handed out
    del found["nodes"]["f"]
    del found["output"]
    result = judge(*lab("xyz"), "1", json.dumps(found).encode())
    assert "locked parts were changed: x, f" in reason(result)


def test_a_muted_part_is_a_changed_part() -> None:
    found = raw()
    found["nodes"]["q"]["muted"] = True
    result = judge(*lab("xyz"), "1", json.dumps(found).encode())
    assert "locked parts were changed: q" in reason(result)


def test_an_edited_log_is_named_and_stays_so() -> None:
    """A seal tells that the log or the hints were edited; saving the work again mends nothing."""
    exercise, key = lab("xyz")
    session, graph = right(exercise, key, "1")
    for _ in range(2):
        session, _ = session.check("forward", graph)
    session, _ = session.take_hint("forward")
    clean = json.loads(handed_in(session, graph))
    edited: list[Callable[[dict[str, Any]], object]] = [
        lambda mine: mine["hints"].clear(),
        lambda mine: mine["log"].pop(),
        lambda mine: mine["log"].clear(),
        lambda mine: mine["log"][0].update(counted=False),
        lambda mine: mine.pop("seal"),
    ]
    assert judge(exercise, key, "1", json.dumps(clean).encode()).reasons == []
    for edit in edited:
        found = json.loads(json.dumps(clean))
        edit(found["lab"])
        data = json.dumps(found).encode()
        result = judge(exercise, key, "1", data)
        assert "its log of attempts and hints was edited" in reason(result)
        work = storage.loads(data)
        again = storage.dumps(resume(exercise, work).submission(work))
        assert "was edited" in reason(judge(exercise, key, "1", again))


def test_an_answer_changed_after_it_was_kept_is_named() -> None:
    exercise, key = lab("xyz")
    session, graph = right(exercise, key, "1")
    right_q = session.answers["forward"]["q"]
    session, _ = session.enter("forward", "q", "77").keep("forward", graph)
    assert session.kept("forward")
    assert session.attempts_left("forward") == 8
    found = json.loads(handed_in(session, graph))
    assert judge(exercise, key, "1", json.dumps(found).encode()).reasons == []
    found["lab"]["answers"]["forward"]["q"] = right_q
    result = judge(exercise, key, "1", json.dumps(found).encode())
    assert reason(result) == "the answer to forward was changed after it was kept"


def test_another_edition_is_named() -> None:
    result = judge(*lab("xyz"), "1", json.dumps(raw(exercise="0" * 16)).encode())
    assert "another edition" in reason(result)
    assert result.status == "passed"


@pytest.mark.parametrize("typed", ["nan", "NaN", "inf", "-∞", "1e999", "0x10", "1j", "None", "[]"])
def test_an_answer_that_is_no_number_earns_nothing(typed: str) -> None:
    answers = {"forward": {"q": typed, "f": typed}, "backward": {"f.x": typed}}
    result = judge(*lab("xyz"), "1", json.dumps(raw(answers=answers)).encode())
    assert (result.status, result.points) == ("failed", 0)


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


# -- the process ---------------------------------------------------------------------------------


@forks
def test_the_limits_hold(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """What no submission can ask for is done on purpose, in the place of judging."""
    from gradstudio.lab import sandbox

    exercise, key = lab("xyz")
    target = tmp_path / "written"

    def spin(*_: Any, **__: Any) -> Result:
        while True:
            pass

    def sleep(*_: Any, **__: Any) -> Result:
        time.sleep(60)
        raise AssertionError

    def hoard(*_: Any, **__: Any) -> Result:
        return Result("passed", float(len(b"x" * 10**9)), 6)

    def write(*_: Any, **__: Any) -> Result:
        target.write_text("!")
        return Result("passed", 6, 6)

    def connect(*_: Any, **__: Any) -> Result:
        import socket

        socket.create_connection(("127.0.0.1", 9))
        return Result("passed", 6, 6)

    def start(*_: Any, **__: Any) -> Result:
        os.system("true")
        return Result("passed", 6, 6)

    def remove(*_: Any, **__: Any) -> Result:
        Path(__file__).unlink()
        return Result("passed", 6, 6)

    def read(*_: Any, **__: Any) -> Result:
        Path("/etc/passwd").read_bytes()
        return Result("passed", 6, 6)

    def die(*_: Any, **__: Any) -> Result:
        os._exit(0)

    def crash(*_: Any, **__: Any) -> Result:
        raise ZeroDivisionError

    limits = Limits(cpu_s=1, wall_s=3, memory_mb=256)
    for judged, said in (
        (spin, "took longer than 1 s"),
        (sleep, "took longer than 1 s"),
        (hoard, "took more than 256 MB of memory"),
        (write, "tried to use: open"),
        (connect, "tried to use: socket"),
        (start, "tried to use: os.system"),
        (remove, "tried to use: os.remove"),
        (read, "tried to use: open"),
        (die, "ended unexpectedly"),
        (crash, "cannot be judged (ZeroDivisionError)"),
    ):
        monkeypatch.setattr(sandbox, "judge", judged)
        answer = sandbox._forked(exercise, key, Job("1", "a"), b"", limits)
        result = msgspec.json.decode(answer, type=Result)
        assert result.status == "error"
        assert said in reason(result), judged.__name__
    assert not target.exists()
    assert Path(__file__).exists()


def test_where_nothing_forks_the_clock_and_the_ban_on_files_hold(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """As on Windows: a fresh process for each, and a note on what is not limited there."""
    from gradstudio.lab import sandbox

    monkeypatch.setattr(sandbox, "_FORKS", False)
    good = handed_in(*right(*lab("xyz"), "1"))
    # The picture at the first wrong edge needs modules that are only then read.
    wrong = raw()
    wrong["lab"]["answers"]["backward"]["f.x"] = "77"
    folder = write_class(
        tmp_path / "class",
        lab("xyz")[0],
        {"1": good, "2": json.dumps(wrong).encode(), "3": b"{", "4": chain(50_000)},
    )
    path, key = files_of("xyz")
    code, out, err = run(capsys, "grade", path, "--key", key, folder, "--json")
    assert code == 1
    found = {one["student_id"]: one for one in json.loads(out)["students"]}
    assert [found[one]["status"] for one in "1234"] == ["passed", "partial", "error", "error"]
    assert "cannot limit the processor time and the memory of a submission" in err
    assert "60 s on the clock" in err

    monkeypatch.setattr(sandbox, "_FORKS", FORKS)
    monkeypatch.setattr(sys, "platform", "darwin")
    assert sandbox.unlimited() == (("memory",) if FORKS else ("processor time", "memory"))
    monkeypatch.setattr(sys, "platform", "linux")
    assert not FORKS or sandbox.unlimited() == ()


@pytest.mark.parametrize("wanted", ["write", "read", "start", "connect"])
def test_a_process_that_does_not_fork_opens_nothing(wanted: str, tmp_path: Path) -> None:
    """A worker without forks runs in a fresh interpreter, as its ban is for good."""
    actions = {
        "write": f"open({str(tmp_path / 'out')!r}, 'w')",
        "read": f"open({str(tmp_path / 'in')!r}).read()",
        "start": "os.system('true')",
        "connect": "socket.socket().connect(('127.0.0.1', 9))",
    }
    (tmp_path / "in").write_text("secret")
    script = (
        "import io, os, socket, sys\n"
        "from gradstudio.lab import sandbox\n"
        "sandbox._FORKS = False\n"
        f"sandbox.judge = lambda *a, **k: {actions[wanted]}\n"
        "data = sys.stdin.buffer.read()\n"
        "sandbox.serve(io.BytesIO(data), sys.stdout.buffer)\n"
    )
    from gradstudio.lab import sandbox

    setup = sandbox._Setup(Limits(), True, False)
    given = assignment("xyz")
    frames = (msgspec.json.encode(setup), given.exercise, given.key or b"")
    asked = sandbox._asked(Job("1", "a"), b"{}")
    done = subprocess.run(
        [sys.executable, "-c", script],
        input=b"".join(map(sandbox._frame, frames)) + asked,
        capture_output=True,
        check=False,
    )
    said = reason(msgspec.json.decode(done.stdout[8:], type=Result))
    assert "tried to use: " in said, done.stderr
    assert not (tmp_path / "out").exists()


@forks
def test_a_worker_that_dies_costs_one_row(monkeypatch: pytest.MonkeyPatch) -> None:
    from gradstudio.lab import sandbox

    good = handed_in(*right(*lab("xyz"), "1"))
    given = sandbox._asked
    monkeypatch.setattr(
        sandbox, "_asked", lambda job, data: b"\xff" * 16 if job.file == "bad" else given(job, data)
    )
    monkeypatch.setattr(sandbox, "_GRACE_S", 0.0)
    jobs = [(Job("1", name), good) for name in ("a", "bad", "b")]
    found = dict(results(assignment(limits=Limits(wall_s=10)), jobs, 1))
    assert [found[at].status for at in range(3)] == ["passed", "error", "passed"]
    assert "ended unexpectedly" in reason(found[1])


def test_nothing_to_grade_starts_nothing() -> None:
    assert not list(results(assignment(), [], 4))


# -- what is handed in ---------------------------------------------------------------------------


def test_a_class_is_found_in_folders_and_files(tmp_path: Path) -> None:
    data = b"{}"
    folder = write_class(tmp_path / "class", lab("xyz")[0], {"b": data, "a": data})
    (folder / "c.gradstudio").write_bytes(data)
    (folder / "empty").mkdir()
    (folder / ".hidden").mkdir()
    (folder / "notes.txt").write_text("x")
    names = [entry.student for entry in collect([folder])]
    assert names == ["a", "b", "c", "empty"]
    assert [one.student for one in collect(sorted(folder.glob("[a-z]*"), reverse=True))] == [
        "a", "b", "c", "empty", "notes.txt",
    ]  # fmt: skip
    (entry,) = collect([folder / "a"])
    assert (entry.student, entry.read()) == ("a", data)
    flat = tmp_path / "flat"
    flat.mkdir()
    for name in ("x", "y"):
        (flat / f"{name}.gradstudio").write_bytes(data)
    assert [one.student for one in collect([flat])] == ["x", "y"]
    # The same file twice is one; two files of one student are a question to the assistant.
    assert len(collect([flat, flat / "x.gradstudio"])) == 2
    other = write_class(tmp_path / "d", lab("xyz")[0], {"X": data})
    double = {one.student: one for one in collect([flat, other / "X"])}["X"]
    assert "two submissions were handed in for X" in str(double.reason)


def test_what_is_no_submission_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    good = handed_in(*right(*lab("xyz"), "good"))
    folder = write_class(tmp_path / "class", lab("xyz")[0], {"good": good, "two": good})
    (folder / "two" / "other.gradstudio").write_bytes(good)
    (folder / "empty").mkdir()
    (folder / "linked").mkdir()
    (folder / "linked" / "a.gradstudio").symlink_to("/etc/passwd")
    (folder / "link").symlink_to(folder / "good")
    (folder / "inside").mkdir()
    (folder / "inside" / "a.gradstudio").mkdir()
    if hasattr(os, "mkfifo"):
        (folder / "pipe").mkdir()
        os.mkfifo(folder / "pipe" / "a.gradstudio")
    code, out, _ = run(
        capsys, "grade", *files_of("xyz")[:1], folder, "/dev/zero", "--jobs", 1, "--json"
    )
    assert code == 1
    rows = {one["student_id"]: one for one in json.loads(out)["students"]}
    assert rows["good"]["score"] == 6
    expected = {
        "two": "several files were handed in",
        "empty": "there is no .gradstudio file in the folder empty",
        "linked": "a.gradstudio: this is a symbolic link",
        "link": "link: this is a symbolic link",
        "inside": "a.gradstudio",
        "zero": "this is no ordinary file",
    }
    if "pipe" in rows:
        expected["pipe"] = "this is no ordinary file"
    for student, said in expected.items():
        assert rows[student]["status"] == "error"
        assert rows[student]["score"] == 0
        assert any(said in note for note in rows[student]["notes"]), (student, rows[student])
    assert str(tmp_path) not in out


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


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="names are bytes on Linux only")
def test_a_name_that_is_no_text_stops_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    good = handed_in(*right(*lab("xyz"), "1"))
    folder = write_class(tmp_path / "class", lab("xyz")[0], {"1": good, "\x1b[31m": good})
    odd = folder / os.fsdecode(b"\xff\xfe")
    odd.mkdir()
    (odd / os.fsdecode(b"\xff.gradstudio")).write_bytes(b"{")
    code, out, _ = run(
        capsys, "grade", files_of("xyz")[0], folder, "--json", "--html", tmp_path / "html",
        "--csv", tmp_path / "book.csv", "--jobs", 1,
    )  # fmt: skip
    assert code == 1
    rows = {one["student_id"]: one["status"] for one in json.loads(out)["students"]}
    assert rows == {"1": "passed", "\x1b[31m": "partial", "\ufffd\ufffd": "error"}
    assert "\x1b" not in (tmp_path / "book.csv").read_text(encoding="utf-8")


def test_a_roster_tells_who_is_missing_and_who_has_more_time(tmp_path: Path) -> None:
    roster = tmp_path / "roster.csv"
    roster.write_text(
        "student_id,name,due\nA1,Li Lei,\nb2,韩梅梅,2026-03-25T23:59:00+08:00\nc3,,\n",
        encoding="utf-8-sig",
    )
    listed = read_roster(roster)
    assert [one.student for one in listed.values()] == ["A1", "b2", "c3"]
    entries = collect(
        [write_class(tmp_path / "class", lab("xyz")[0], {"a1": b"{}", "b2": b"{}", "z9": b"{}"})]
    )
    found = {one.student: one for one in with_roster(entries, listed)}
    assert sorted(found) == ["A1", "b2", "c3", "z9"]
    assert found["c3"].missing
    assert not found["A1"].missing
    assert found["b2"].due is not None
    assert found["b2"].name == "韩梅梅"
    roster.write_text("1\n2\n", encoding="utf-8")
    assert [one.student for one in read_roster(roster).values()] == ["1", "2"]
    roster.write_text("student_id,due\n1,soon\n", encoding="utf-8")
    with pytest.raises(Exception, match="row 2: due must be a time with its zone"):
        read_roster(roster)
    roster.write_bytes(b"\xff\xfe1\x00")
    with pytest.raises(Exception, match="not UTF-8"):
        read_roster(roster)


# -- late ----------------------------------------------------------------------------------------


def dated(due: str, **late: Any) -> Assignment:
    found = json.loads(resources.path("labs", "xyz.gradlab").read_bytes())
    found.update(due=due, late=late)
    return Assignment(json.dumps(found).encode(), None)


def test_the_late_rule(tmp_path: Path) -> None:
    due = "2026-03-20T23:59:00+08:00"
    stamps = {
        "early": "2026-03-20T23:59:00+08:00",
        "first": "2026-03-21 00:30:00 Asia/Shanghai",
        "second": "2026-03-22 15:58:23.948203 UTC",
        "long": "2026-04-30T00:00:00+08:00",
    }
    exercise = loads(dated(due, percent_a_day=10, most_days=3).exercise)
    _, key = lab("xyz")
    works = {name: handed_in(*right(exercise, key, name)) for name in stamps}
    folder = write_class(tmp_path / "class", exercise, works)
    for name, stamp in stamps.items():
        (folder / name / "timestamp.txt").write_text(stamp)
    grades = {
        one.student: one
        for one in grade(dated(due, percent_a_day=10, most_days=3), collect([folder]))
    }
    assert {name: one.days_late for name, one in grades.items()} == {
        "early": 0, "first": 1, "second": 2, "long": 41,
    }  # fmt: skip
    assert {name: one.score for name, one in grades.items()} == {
        "early": 6, "first": 5.4, "second": 4.8, "long": 0,
    }  # fmt: skip
    assert all(one.result.points == 6 for one in grades.values())
    roster = tmp_path / "roster.csv"
    roster.write_text("student_id,due\nsecond,2026-03-30T00:00:00+08:00\n", encoding="utf-8")
    entries = with_roster(collect([folder]), read_roster(roster))
    again = {one.student: one for one in grade(dated(due, percent_a_day=10), entries)}
    assert again["second"].days_late == 0
    # Without a stamp the file's own time counts.
    (folder / "first" / "timestamp.txt").unlink()
    os.utime(folder / "first" / "xyz.gradstudio", (0, 0))
    (first,) = grade(dated(due), collect([folder / "first"]))
    assert first.days_late == 0


# -- identical work ------------------------------------------------------------------------------


def built(student: str, names: str, extra: str = "sin") -> bytes:
    """Return a submission to the sigmoid lab whose node h is made of many."""
    exercise, key = lab("sigmoid")
    session, _ = right(exercise, key, student)
    graph = session.task.given
    x0 = session.task.given.nodes["x0"].value
    graph = graph.add(f"{names}0", "constant", value=x0)  # the variant's own number
    graph = graph.add(
        f"{names}1", "mul", [f"{names}0", "w0"] if names < "m" else ["w0", f"{names}0"]
    )
    for at, op in enumerate(("neg", extra, "cos", "exp", "neg", "tanh"), start=2):
        graph = graph.add(f"{names}{at}", op, [f"{names}{at - 1}"])
    return handed_in(session, graph.add("h", "sigmoid", [f"{names}7"]))


def test_identical_work_is_found_under_other_names(tmp_path: Path) -> None:
    works = {"1": built("1", "a"), "2": built("2", "z"), "3": built("3", "q", "cos")}
    folder = write_class(tmp_path / "class", lab("sigmoid")[0], works)
    grades = {one.student: one for one in grade(assignment("sigmoid"), collect([folder]))}
    assert {name: one.alike for name, one in grades.items()} == {"1": ["2"], "2": ["1"], "3": []}
    # What everyone has to make is not compared.
    works = {name: handed_in(*right(*lab("sigmoid"), name)) for name in "456"}
    folder = write_class(tmp_path / "other", lab("sigmoid")[0], works)
    assert not any(one.alike for one in grade(assignment("sigmoid"), collect([folder])))


# -- a class of 300 ------------------------------------------------------------------------------


def class_of(count: int, name: str) -> dict[str, bytes]:
    """Return submissions in which many things are right and some are not."""
    rng = random.Random(20240229)
    exercise, key = lab(name)
    works = {}
    for at in range(count):
        student = f"{20240000 + at}"
        session, graph = right(exercise, key, student)
        for item in exercise.items:
            for blank, text in session.answers.get(item, {}).items():
                if rng.random() < 0.15:
                    session = session.enter(
                        item, blank, rng.choice(["", "1", "nan", text.replace("−", "")])
                    )
        works[student] = handed_in(session, graph)
    return works


@forks
def test_a_class_of_300_gets_the_same_grades_at_1_2_and_4_jobs(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    works = class_of(300, "patterns")
    works["20240007"] = b"{"
    works["20240008"] = works["20240009"]
    folder = write_class(tmp_path / "class", lab("patterns")[0], works)
    path, key = files_of("patterns")
    students = sorted(folder.iterdir())
    outputs = []
    for jobs, order in ((1, students), (2, [folder]), (4, list(reversed(students)))):
        out = tmp_path / str(jobs)
        out.mkdir()
        code, said, err = run(
            capsys, "grade", path, "--key", key, *order, "--csv", out / "book.csv",
            "--html", out / "html", "--json", "--jobs", jobs,
        )  # fmt: skip
        assert code == 1
        assert err == ""
        found = {
            str(one.relative_to(out)): one.read_bytes() for one in out.rglob("*") if one.is_file()
        }
        outputs.append((said, found))
    assert outputs[0] == outputs[1] == outputs[2]
    said, found = outputs[0]
    assert set(found) >= {"book.csv", "book.items.csv", "html/index.html"}
    assert len(found) == 303
    rows = list(csv.DictReader(io.StringIO(found["book.csv"].decode())))
    assert len(rows) == 300
    assert list(rows[0]) == [
        "assignment", "student_id", "raw_score", "late_submission_penalty", "score", "max_score",
    ]  # fmt: skip
    by_student = {row["student_id"]: row for row in rows}
    assert by_student["20240007"]["score"] == "0"
    assert 5 < sum(float(row["score"]) for row in rows) / 300 < 16
    exercise, known = lab("patterns")
    for student in ("20240000", "20240123", "20240299"):
        alone_ = judge(exercise, known, student, works[student])
        assert float(by_student[student]["score"]) == pytest.approx(alone_.points, abs=1e-4)


def test_a_run_goes_on_after_an_interruption(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from gradstudio.lab import grader

    folder = write_class(tmp_path / "class", lab("xyz")[0], class_of(8, "xyz"))
    path, key = files_of("xyz")
    arguments = ("grade", path, "--key", key, folder, "--csv", tmp_path / "book.csv", "--jobs", 1)
    real = grader.results
    judged: list[int] = []

    def interrupted(*given: Any) -> Any:
        for number, found in enumerate(real(*given)):
            if number == 3:
                raise KeyboardInterrupt
            yield found

    monkeypatch.setattr(grader, "results", interrupted)
    code, _, err = run(capsys, *arguments)
    assert code == 130
    assert "run the same command again" in err
    journal = tmp_path / ".book.csv.unfinished"
    assert journal.read_bytes().count(b"\n") == 4
    # The machine went down in the middle of a line.
    journal.write_bytes(journal.read_bytes()[:-20])

    def counted(given: Any, jobs: Any, workers: int) -> Any:
        jobs = list(jobs)
        judged.append(len(jobs))
        yield from real(given, jobs, workers)

    monkeypatch.setattr(grader, "results", counted)
    assert run(capsys, *arguments)[0] == 1
    assert judged == [6]
    assert not journal.exists()
    book = (tmp_path / "book.csv").read_bytes()
    assert run(capsys, *arguments)[0] == 1
    assert judged == [6, 8]
    assert (tmp_path / "book.csv").read_bytes() == book


# -- tables and pages ----------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["=1+1", "+1", "-2+3", "@SUM(A1)", "\t=1", "\r=1", " =1", "＝1"])
def test_no_cell_is_run_by_a_spreadsheet(text: str) -> None:
    assert gradebook.cell(text).startswith("'")
    assert "\t" not in gradebook.cell(text)
    assert gradebook.cell("20240001") == "20240001"
    assert gradebook.cell("李雷") == "李雷"


EVIL = "<img src=x onerror=alert(1)>&\"'</title><script>1</script>"


class Tags(HTMLParser):
    """Which tags and attributes a page has."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes.update(name for name, _ in attrs)
        for name, value in attrs:
            assert name not in ("src", "onerror", "onload", "style") or tag in ("i",), (tag, name)
            assert not (name == "href" and re.match(r"[a-z]+:|//", value or ""))


def test_names_with_markup_and_formulas_are_shown_as_they_are(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found = raw("1")
    found["lab"]["name"] = EVIL
    found["lab"]["student"] = "=cmd|' /C calc'!A0"
    found["lab"]["answers"]["forward"] = {"q": EVIL, "f": "=1+1"}
    found["lab"]["answers"]["backward"] = {"f.x": EVIL, EVIL: EVIL}
    student = "=HYPERLINK(1)<b>"
    folder = write_class(
        tmp_path / "class", lab("xyz")[0], {student: json.dumps(found).encode(), "2": b"{"}
    )
    path, key = files_of("xyz")
    for language in ("en", "zh"):
        code, out, _ = run(
            capsys, "grade", path, "--key", key, folder, "--csv", tmp_path / "b.csv", "--html",
            tmp_path / language, "--lang", language, "--jobs", 1,
        )  # fmt: skip
        assert code == 1
        assert "\x1b" not in out
        pages = sorted((tmp_path / language).rglob("*.html"))
        assert len(pages) == 3
        for page in pages:
            text = page.read_text(encoding="utf-8")
            tags = Tags()
            tags.feed(text)
            assert not tags.tags & {"img", "script", "b", "link", "iframe", "base"} - {"b"}
            assert "<img" not in text
            assert "<script" not in text
            assert "default-src 'none'" in text
    for table in ("b.csv", "b.items.csv"):
        for row in csv.reader(io.StringIO((tmp_path / table).read_text(encoding="utf-8-sig"))):
            assert not [cell for cell in row if cell[:1] in "=+-@" and cell]


def test_pages_have_names_of_their_own() -> None:
    assert page_name("20240001") == "20240001.html"
    for odd in ("../x", "A", "a/b", "con.", "李雷", "", "x" * 300, "..", "%2e"):
        assert re.fullmatch(r"s-[0-9a-f]{16}\.html", page_name(odd)), odd
    assert page_name("A") != page_name("a")


def test_a_students_page_names_no_other_student(tmp_path: Path) -> None:
    works = {"s11": built("s11", "a"), "s22": built("s22", "z")}
    folder = write_class(tmp_path / "class", lab("sigmoid")[0], works)
    exercise, _ = lab("sigmoid")
    grades = grade(assignment("sigmoid"), collect([folder]))
    for one, other in (("s11", "s22"), ("s22", "s11")):
        page = report.student_page(exercise, next(g for g in grades if g.student == one), "en")
        assert one in page
        assert other not in page
    assert "Identical work" in report.class_page(exercise, grades, "en")


@pytest.mark.parametrize("name", LABS)
def test_pages_hold_no_answer_of_the_key(name: str) -> None:
    """Of work that is all wrong, judged with the key, nothing hidden can be read anywhere."""
    exercise, key = lab(name)
    session, graph = right(exercise, key, "5")
    secret: set[str] = set()
    for id, item in exercise.items.items():
        for own in item.secrets(key.items[id]) if id in key.items else ():
            secret.add(own)
        for blank in session.blanks(id):
            wrong = "1" if item.kind in ("number", "expression", "formulas") else ""
            session = session.enter(id, blank.id, wrong)
    result = judge(exercise, key, "5", handed_in(session, graph))
    page = report.student_page(exercise, Grade("5", result), "en")
    data = msgspec.json.encode(result).decode() + page
    for text in secret:
        assert not text or text not in data


def test_the_command_says_what_is_wrong(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path, key = files_of("linear-fit")
    assert run(capsys, "grade", path, tmp_path)[2].startswith("gradstudio: ") is True
    code, _, err = run(capsys, "grade", path, tmp_path)
    assert code == 2
    assert "give its --key" in err
    code, _, err = run(capsys, "grade", path, tmp_path / "none", "--key", key)
    assert code == 2
    assert "No such file" in err
    code, _, err = run(capsys, "grade", path, tmp_path, "--key", files_of("xyz")[1])
    assert code == 2
    assert "this is the key of xyz, not of linear-fit" in err
    code, _, err = run(capsys, "grade", key, tmp_path)
    assert code == 2
    assert "no GradStudio file (no “format”: “gradlab”)" in err
