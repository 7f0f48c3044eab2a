"""The process a submission is judged in: its limits, and what becomes of one that dies."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import msgspec
import pytest
from batch import FORKS, assignment, chain, files_of, forks, raw, reason, run
from solving import handed_in, lab, right, write_class

from gradstudio.errors import LabError
from gradstudio.lab import sandbox, worker
from gradstudio.lab.judging import Result
from gradstudio.lab.sandbox import results
from gradstudio.lab.worker import Answer, Job, Limits


@forks
def test_the_limits_hold(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """What no submission can ask for is done on purpose, in the place of judging."""
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

    def boast(*_: Any, **__: Any) -> Result:
        return Result("passed", 6, 6, name="x" * (9 * 2**20))

    def killed(*_: Any, **__: Any) -> Result:
        signal.raise_signal(signal.SIGKILL)
        raise AssertionError

    for judged, said in (
        (spin, "took longer than 1 s of processor time"),
        (sleep, "took longer than 3 s on the clock"),
        (boast, "larger than 8 MB"),
        (killed, "the system ended the process that judged it"),
        (hoard, "took more than 256 MB of memory"),
        (write, "tried to use: open"),
        (connect, "tried to use: socket"),
        (start, "tried to use: os.system"),
        (remove, "tried to use: os.remove"),
        (read, "tried to use: open"),
        (die, "ended unexpectedly"),
        (crash, "cannot be judged (ZeroDivisionError)"),
    ):
        monkeypatch.setattr(worker, "judge", judged)
        # On a busy machine a second of work may take many on the clock.
        limits = Limits(cpu_s=1, wall_s=3 if judged is sleep else 120, memory_mb=256)
        answer = worker._forked(exercise, key, Job("1", "a"), b"", limits)
        result = msgspec.json.decode(answer, type=Answer).result
        assert result.status == "error"
        assert said in reason(result), judged.__name__
    assert not target.exists()
    assert Path(__file__).exists()


def test_where_nothing_forks_the_clock_and_the_ban_on_files_hold(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """As on Windows: a fresh process for each, and a note on what is not limited there."""
    monkeypatch.setattr(worker, "FORKS", False)
    good = handed_in(*right(*lab("xyz"), "1"))
    # The picture at the first wrong edge needs modules that are only then read.
    wrong = raw("2")
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

    monkeypatch.setattr(worker, "FORKS", FORKS)
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
        "from gradstudio.lab import worker\n"
        "worker.FORKS = False\n"
        f"worker.judge = lambda *a, **k: {actions[wanted]}\n"
        "data = sys.stdin.buffer.read()\n"
        "worker.serve(io.BytesIO(data), sys.stdout.buffer)\n"
    )
    setup = worker.Setup(Limits(), True, False)
    given = assignment("xyz")
    frames = (msgspec.json.encode(setup), given.exercise, given.key or b"")
    asked = worker.asked(Job("1", "a"), b"{}")
    done = subprocess.run(
        [sys.executable, "-c", script],
        input=b"".join(map(worker.frame, frames)) + asked,
        capture_output=True,
        check=False,
    )
    said = reason(msgspec.json.decode(done.stdout[8:], type=Answer).result)
    assert "tried to use: " in said, done.stderr
    assert not (tmp_path / "out").exists()


@forks
def test_a_worker_that_dies_costs_one_row(monkeypatch: pytest.MonkeyPatch) -> None:
    good = handed_in(*right(*lab("xyz"), "1"))
    given = worker.asked
    monkeypatch.setattr(
        worker, "asked", lambda job, data: b"\xff" * 16 if job.file == "bad" else given(job, data)
    )
    monkeypatch.setattr(sandbox, "_GRACE_S", 0.0)
    jobs = [(Job("1", name), good) for name in ("a", "bad", "b")]
    found = dict(results(assignment(limits=Limits(wall_s=2)), jobs, 1))
    assert [found[at].status for at in range(3)] == ["passed", "error", "passed"]
    assert "ended unexpectedly" in reason(found[1])


def test_nothing_to_grade_starts_nothing() -> None:
    assert not list(results(assignment(), [], 4))


@forks
def test_a_worker_that_died_of_something_else_costs_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What is lost is judged once more, alone, when the others are done."""
    good = handed_in(*right(*lab("xyz"), "1"))
    given, opened = worker.asked, []

    def asked(job: Job, data: bytes) -> bytes:
        opened.append(job.file)
        return b"\x00" if opened.count("b") == 1 and job.file == "b" else given(job, data)

    monkeypatch.setattr(worker, "asked", asked)
    monkeypatch.setattr(sandbox, "_GRACE_S", 0.0)
    jobs = [(Job("1", name), good) for name in "abcd"]
    found = dict(results(assignment(limits=Limits(wall_s=2)), jobs, 2))
    assert {found[at].status for at in range(4)} == {"passed"}
    assert opened.count("b") == 2


@pytest.mark.parametrize("forking", [pytest.param(True, marks=forks), False])
def test_where_no_worker_starts_grading_ends(
    forking: bool,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """It is no fault of the class: there are no grades then, and the reason is said."""
    broken = tmp_path / "broken"
    broken.mkdir()
    (broken / "msgspec.py").write_text("raise ImportError('msgspec is broken here')")
    monkeypatch.setenv("PYTHONPATH", str(broken))
    monkeypatch.setattr(worker, "FORKS", forking)
    good = handed_in(*right(*lab("xyz"), "1"))
    folder = write_class(tmp_path / "class", lab("xyz")[0], {"1": good, "2": good, "3": good})
    path, key = files_of("xyz")
    code, out, err = run(
        capsys, "grade", path, "--key", key, folder, "--csv", tmp_path / "book.csv", "--jobs", 2
    )
    assert (code, out) == (2, "")
    assert "no process can be started to judge submissions in: " in err
    assert "msgspec is broken here" in err
    assert not (tmp_path / "book.csv").exists()


@forks
def test_where_no_process_forks_grading_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    good = handed_in(*right(*lab("xyz"), "1"))
    script = "import os; os.fork = lambda: (_ for _ in ()).throw(OSError(11, 'no more processes'))"
    start = f"{script}; from gradstudio.lab import worker; worker.main()"
    monkeypatch.setattr(sandbox, "_MODULE", ("-c", start))
    with pytest.raises(LabError, match="no more processes"):
        list(results(assignment(), [(Job("1", "a"), good)], 1))


@forks
@pytest.mark.parametrize("ends", ["os.kill(os.getpid(), 9)", "time.sleep(60)"])
def test_what_others_may_be_to_blame_for_is_judged_again(
    ends: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Short of memory because of those beside it, or of time: alone it gets its result."""
    script = (
        "import os, time\n"
        "from gradstudio.lab import worker\n"
        "judge = worker.judge\n"
        "worker._forbid = lambda *_: None\n"
        "def short(*given, file, **more):\n"
        f"    if file == 'b' and not os.path.exists(mark := {str(tmp_path / 'mark')!r}):\n"
        "        os.mkdir(mark)\n"
        f"        {ends}\n"
        "    return judge(*given, file=file, **more)\n"
        "worker.judge = short\n"
        "worker.main()\n"
    )
    monkeypatch.setattr(sandbox, "_MODULE", ("-c", script))
    good = handed_in(*right(*lab("xyz"), "1"))
    jobs = [(Job("1", name), good) for name in "abc"]
    found = dict(results(assignment(limits=Limits(wall_s=2)), jobs, 2))
    assert [found[at].status for at in range(3)] == ["passed"] * 3
    assert (tmp_path / "mark").exists()


def test_no_more_are_judged_at_once_than_the_clock_allows(monkeypatch: pytest.MonkeyPatch) -> None:
    """Or a submission could lose its points to the others that are judged beside it."""
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {0, 1}, raising=False)
    assert [sandbox.at_once(wanted) for wanted in (1, 4, 8, 64)] == [1, 4, 8, 8]
    assert sandbox.MOST_A_PROCESSOR * Limits().cpu_s < Limits().wall_s
