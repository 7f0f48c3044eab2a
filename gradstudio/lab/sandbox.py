"""A submission judged in a process of its own, with limits: time, memory, files, network.

A worker is a fresh Python process that has read the exercise and the key and forks once for each
submission, so that a limited process costs milliseconds and not the import of NumPy. The submission
comes through a pipe, as bytes the grader has read: the process that looks into them opens no file,
may write none, starts no program and no connection, and answers with one JSON document, which is
decoded as strictly as any file. What runs out of a limit is ended, and its row says so.

Where there is no `fork` (Windows) each submission gets a fresh worker, one after the other: it
opens no file and no connection either, but of its limits only the one on the clock holds. What a
system cannot limit, `unlimited` tells, and the command says it.

(Rejected: containers and user namespaces, which an assistant's laptop may not have and which cost
a second each; nothing in a submission is code, so the limits are against what is too large.)
"""

from __future__ import annotations

import contextlib
import gc
import os
import select
import selectors
import signal
import struct
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import BinaryIO, TypeAlias

import msgspec

import gradstudio
from gradstudio.errors import GradStudioError, mark
from gradstudio.lab import exercise as exercises
from gradstudio.lab.exercise import Exercise, Key
from gradstudio.lab.judging import Result, judge, refused
from gradstudio.lab.texts import translator

LARGEST_ANSWER = 8 * 2**20
_GRACE_S = 30.0
"""How much longer than its children a worker may take, before it is given up."""
_LENGTH = struct.Struct(">Q")
_FORKS = hasattr(os, "fork")


class Limits(msgspec.Struct, frozen=True):
    """What one submission may cost.

    Args:
        cpu_s: seconds of processor time.
        wall_s: seconds on the clock.
        memory_mb: memory beyond what the program itself takes.
    """

    cpu_s: int = 10
    wall_s: float = 60.0
    memory_mb: int = 512


class Job(msgspec.Struct, frozen=True):
    """One submission to judge.

    Args:
        student: whose.
        file: what messages call it.
        by_file: whether `student` is only what the file is called.
    """

    student: str
    file: str
    by_file: bool = False


_Waiting: TypeAlias = Iterator[tuple[int, tuple[Job, bytes]]]


class _Setup(msgspec.Struct, frozen=True):
    """What a worker is told first."""

    limits: Limits
    key: bool
    forks: bool


@dataclass(frozen=True)
class Assignment:
    """What submissions are judged by.

    Args:
        exercise: the content of the exercise file.
        key: the content of the key file; None without one.
        limits: of each submission.
    """

    exercise: bytes
    key: bytes | None
    limits: Limits = field(default_factory=Limits)

    def read(self) -> tuple[Exercise, Key | None]:
        """Return both, read."""
        exercise = exercises.loads(self.exercise)
        return exercise, None if self.key is None else exercises.loads_key(self.key, exercise)


def unlimited() -> tuple[str, ...]:
    """Return which limits this system cannot set, as a person calls them."""
    if not _FORKS:
        return "processor time", "memory"
    return ("memory",) if sys.platform == "darwin" else ()


def results(
    assignment: Assignment, jobs: Iterable[tuple[Job, bytes]], workers: int
) -> Iterator[tuple[int, Result]]:
    """Judge submissions, and yield the number and the result of each as it is done.

    Args:
        assignment: what they are judged by.
        jobs: each with the content of its file; asked for one only when a worker is free, so that
            no more than a few are in memory.
        workers: how many are judged at the same time.
    """
    exercise, _ = assignment.read()
    waiting = enumerate(jobs)
    with tempfile.TemporaryDirectory(prefix="gradstudio-") as scratch:
        if not _FORKS:
            for number, job in waiting:
                yield number, _one_by_one(assignment, exercise, job, scratch)
            return
        pool = _Pool(assignment, exercise, scratch)
        try:
            yield from pool.run(waiting, workers)
        finally:
            pool.close()


# -- the grader's side ---------------------------------------------------------------------------


class _Worker:
    """A worker, and which job it is at."""

    def __init__(self, assignment: Assignment, scratch: str) -> None:
        self.process = _started(scratch)
        self.job: int | None = None
        self.since = 0.0
        self.answer = bytearray()
        self.send(_opening(assignment))

    def send(self, data: bytes) -> None:
        """Hand it data; whether it still lives, reading will find out."""
        stdin = self.process.stdin
        if stdin is not None:
            with contextlib.suppress(BrokenPipeError):
                stdin.write(data)
                stdin.flush()

    def close(self) -> None:
        """End it, and everything it may still be doing."""
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.process.pid, signal.SIGKILL)
        for stream in (self.process.stdin, self.process.stdout):
            if stream is not None:
                with contextlib.suppress(OSError):
                    stream.close()
        self.process.wait()


class _Pool:
    """Workers at work; a worker that fails is replaced."""

    def __init__(self, assignment: Assignment, exercise: Exercise, scratch: str) -> None:
        self._assignment = assignment
        self._exercise = exercise
        self._scratch = scratch
        self._selector = selectors.DefaultSelector()
        self._workers: list[_Worker] = []

    def close(self) -> None:
        for worker in self._workers:
            worker.close()
        self._selector.close()

    def run(self, waiting: _Waiting, count: int) -> Iterator[tuple[int, Result]]:
        for first, job in islice(waiting, count):
            self._give(self._new(), first, job)
        while any(worker.job is not None for worker in self._workers):
            for ready, _ in self._selector.select(timeout=1.0):
                worker: _Worker = ready.data
                piece = os.read(ready.fd, 2**16)
                worker.answer += piece
                number = worker.job
                if number is None:
                    continue
                found = _answer(worker.answer)
                if found is None and piece and len(worker.answer) <= LARGEST_ANSWER:
                    continue
                if found is None:
                    worker = self._replaced(worker)
                    yield number, self._lost()
                else:
                    yield number, self._decoded(found)
                self._give_next(worker, waiting)
            late = time.monotonic() - self._assignment.limits.wall_s - _GRACE_S
            for worker in list(self._workers):
                if worker.job is not None and worker.since < late:
                    number = worker.job
                    fresh = self._replaced(worker)
                    yield number, self._lost()
                    self._give_next(fresh, waiting)

    def _new(self) -> _Worker:
        worker = _Worker(self._assignment, self._scratch)
        self._workers.append(worker)
        if worker.process.stdout is not None:
            self._selector.register(worker.process.stdout, selectors.EVENT_READ, worker)
        return worker

    def _replaced(self, worker: _Worker) -> _Worker:
        if worker.process.stdout is not None:
            self._selector.unregister(worker.process.stdout)
        self._workers.remove(worker)
        worker.close()
        return self._new()

    def _give_next(self, worker: _Worker, waiting: _Waiting) -> None:
        worker.job = None
        for number, job in islice(waiting, 1):
            self._give(worker, number, job)

    def _give(self, worker: _Worker, number: int, job: tuple[Job, bytes]) -> None:
        worker.job = number
        worker.answer.clear()
        worker.since = time.monotonic()
        worker.send(_asked(*job))

    def _lost(self) -> Result:
        return refused(
            self._exercise,
            GradStudioError(mark("core", "the process that judged it ended unexpectedly")),
        )

    def _decoded(self, data: bytes) -> Result:
        try:
            return msgspec.json.decode(data, type=Result)
        except msgspec.MsgspecError:
            return self._lost()


def _one_by_one(
    assignment: Assignment, exercise: Exercise, job: tuple[Job, bytes], scratch: str
) -> Result:
    """Judge one submission in a worker of its own."""
    process = _started(scratch)
    try:
        out, _ = process.communicate(
            _opening(assignment) + _asked(*job), timeout=assignment.limits.wall_s
        )
        return msgspec.json.decode(out[_LENGTH.size :], type=Result)
    except subprocess.TimeoutExpired:
        return refused(exercise, _too_long(assignment.limits))
    except msgspec.MsgspecError:
        return refused(
            exercise,
            GradStudioError(mark("core", "the process that judged it ended unexpectedly")),
        )
    finally:
        process.kill()
        process.wait()


def _started(scratch: str) -> subprocess.Popen[bytes]:
    """Start a worker: it knows where the program lies, and nothing else of who started it."""
    kept = {name: os.environ[name] for name in ("SYSTEMROOT", "PATH", "LANG") if name in os.environ}
    folders = [str(Path(gradstudio.__file__).parent.parent), os.environ.get("PYTHONPATH", "")]
    return subprocess.Popen(
        [sys.executable, "-P", "-m", "gradstudio.lab.sandbox"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd=scratch,
        env={
            **kept,
            "PYTHONPATH": os.pathsep.join(filter(None, folders)),
            "HOME": scratch,
            "TMPDIR": scratch,
            # A process that forks has one thread.
            "OPENBLAS_NUM_THREADS": "1",
            "OMP_NUM_THREADS": "1",
            "MKL_NUM_THREADS": "1",
        },
        start_new_session=True,
    )


def _opening(assignment: Assignment) -> bytes:
    setup = msgspec.json.encode(_Setup(assignment.limits, assignment.key is not None, _FORKS))
    return _frame(setup) + _frame(assignment.exercise) + _frame(assignment.key or b"")


def _asked(job: Job, data: bytes) -> bytes:
    return _frame(msgspec.json.encode(job)) + _frame(data)


def _frame(data: bytes) -> bytes:
    return _LENGTH.pack(len(data)) + data


def _answer(data: bytearray) -> bytes | None:
    """Return the frame in `data`; None while it is not whole."""
    if len(data) < _LENGTH.size:
        return None
    (size,) = _LENGTH.unpack(data[: _LENGTH.size])
    return bytes(data[_LENGTH.size :]) if len(data) >= _LENGTH.size + size else None


def _too_long(limits: Limits) -> GradStudioError:
    return GradStudioError(
        mark("core", "judging it took longer than {limit} s"), limit=limits.cpu_s
    )


# -- the worker's side ---------------------------------------------------------------------------


def serve(source: BinaryIO, target: BinaryIO) -> None:
    """Judge what comes, until nothing more does."""
    setup = msgspec.json.decode(_read(source) or b"", type=_Setup)
    exercise_data, key_data = _read(source) or b"", _read(source) or b""
    assignment = Assignment(exercise_data, key_data if setup.key else None, setup.limits)
    exercise, key = assignment.read()
    translator("zh")
    gc.collect()
    gc.freeze()
    if not setup.forks:
        # For good: this process judges one submission, and is gone.
        sys.addaudithook(_forbid)
    while (head := _read(source)) is not None:
        job = msgspec.json.decode(head, type=Job)
        data = _read(source) or b""
        answer = (_forked if setup.forks else _judged)(exercise, key, job, data, setup.limits)
        target.write(_frame(answer))
        target.flush()


def _read(source: BinaryIO) -> bytes | None:
    head = source.read(_LENGTH.size)
    if len(head) < _LENGTH.size:
        return None
    (size,) = _LENGTH.unpack(head)
    return source.read(size)


def _judged(exercise: Exercise, key: Key | None, job: Job, data: bytes, limits: Limits) -> bytes:
    """Judge one submission here, whatever it does."""
    try:
        result = judge(exercise, key, job.student, data, file=job.file, by_file=job.by_file)
    except MemoryError:
        result = refused(
            exercise,
            GradStudioError(
                mark("core", "judging it took more than {limit} MB of memory"),
                limit=limits.memory_mb,
            ),
        )
    except _ForbiddenError as wrong:
        reason = GradStudioError(mark("core", "judging it tried to use: {what}"), what=str(wrong))
        result = refused(exercise, reason)
    except Exception as wrong:  # noqa: BLE001 - the boundary: one submission must not stop a class
        kind = type(wrong).__name__
        result = refused(
            exercise, GradStudioError(mark("core", "it cannot be judged ({kind})"), kind=kind)
        )
    return msgspec.json.encode(result)


if _FORKS:
    import resource

    def _forked(
        exercise: Exercise, key: Key | None, job: Job, data: bytes, limits: Limits
    ) -> bytes:
        """Judge one submission in a child with limits, and return what it answers."""
        reading, writing = os.pipe()
        child = os.fork()
        if not child:
            os.close(reading)
            _limit(limits)
            answer = _judged(exercise, key, job, data, limits)
            with os.fdopen(writing, "wb") as pipe:
                pipe.write(answer)
            os._exit(0)
        os.close(writing)
        answer, in_time = _collected(reading, limits.wall_s)
        os.close(reading)
        if not in_time:
            with contextlib.suppress(ProcessLookupError):
                os.kill(child, signal.SIGKILL)
        _, status = os.waitpid(child, 0)
        if in_time and os.WIFEXITED(status) and not os.WEXITSTATUS(status) and answer:
            return answer
        timed_out = not in_time or (
            os.WIFSIGNALED(status) and os.WTERMSIG(status) in (signal.SIGXCPU, signal.SIGKILL)
        )
        reason = (
            _too_long(limits)
            if timed_out
            else GradStudioError(mark("core", "the process that judged it ended unexpectedly"))
        )
        return msgspec.json.encode(refused(exercise, reason))

    def _collected(reading: int, wall_s: float) -> tuple[bytes, bool]:
        """Return what comes through a pipe, and whether it came whole and in time."""
        end = time.monotonic() + wall_s
        answer = bytearray()
        while len(answer) <= LARGEST_ANSWER:
            left = end - time.monotonic()
            if left <= 0 or not select.select([reading], [], [], left)[0]:
                return b"", False
            piece = os.read(reading, 2**16)
            if not piece:
                return bytes(answer), True
            answer += piece
        return b"", False

    def _limit(limits: Limits) -> None:
        """Take from this process what judging a submission does not need."""
        for which, most in (
            (resource.RLIMIT_CORE, 0),
            (resource.RLIMIT_FSIZE, 0),
            (resource.RLIMIT_NOFILE, 32),
            (resource.RLIMIT_CPU, limits.cpu_s),
            (resource.RLIMIT_AS, _address_space() + limits.memory_mb * 2**20),
        ):
            _, hard = resource.getrlimit(which)
            if hard != resource.RLIM_INFINITY:
                most = min(most, hard)
            with contextlib.suppress(ValueError, OSError):  # macOS has no limit of memory
                resource.setrlimit(which, (most, most))
        os.close(0)
        sys.addaudithook(_forbid)

    def _address_space() -> int:
        """Return how many bytes of addresses the program takes itself."""
        try:
            pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
        except (OSError, ValueError):
            return 2 * 2**30
        return pages * os.sysconf("SC_PAGE_SIZE")


class _ForbiddenError(BaseException):
    """Something that judging a submission never needs; no `except Exception` hides it."""


_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
_FORBIDDEN = frozenset(
    (
        *("os.chmod", "os.chown", "os.exec", "os.fork", "os.forkpty", "os.kill", "os.killpg"),
        *("os.link", "os.mkdir", "os.posix_spawn", "os.remove", "os.rename", "os.rmdir"),
        *("os.spawn", "os.startfile", "os.symlink", "os.system", "os.truncate", "os.unlink"),
        *("pty.spawn", "subprocess.Popen", "ctypes.dlopen"),
    )
)


def _real(path: str | os.PathLike[str]) -> str:
    return os.path.normcase(os.path.realpath(path))


_ROOTS = tuple(
    {
        _real(root) + os.sep
        for root in (sys.prefix, sys.base_prefix, Path(gradstudio.__file__).parent.parent)
    }
)


def _forbid(event: str, arguments: tuple[object, ...]) -> None:
    """Refuse what goes out of the process; once set, a hook cannot be taken away."""
    if event == "open":
        path, _, flags = arguments
        writes = isinstance(flags, int) and flags & _WRITING
        inside = isinstance(path, str) and _real(path).startswith(_ROOTS)
        # Modules that are only now needed lie inside.
        if (writes or not inside) and not isinstance(path, int):
            raise _ForbiddenError(event)
    elif event in _FORBIDDEN or event.startswith(("socket.", "shutil.", "ftplib.", "http.")):
        raise _ForbiddenError(event)


if __name__ == "__main__":
    serve(sys.stdin.buffer, sys.stdout.buffer)
