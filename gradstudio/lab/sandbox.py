"""Submissions judged apart: a pool of workers, each of which judges one after the other.

A worker (`worker.py`) is a fresh Python process. A submission comes to it through a pipe, as bytes
the grader has read, and what it answers is decoded as strictly as any file. A submission whose
process the clock or the system ended is judged once more, alone: it need not have been its fault.
Where not even an empty submission gets an answer, nothing is wrong with the class, and grading
ends.

Where there is no `fork` (Windows) each submission gets a fresh worker, one after the other: it
opens no file and no connection either, but of its limits only the one on the clock holds. What a
system cannot limit, `unlimited` tells, and the command says it.
"""

from __future__ import annotations

import contextlib
import os
import selectors
import signal
import subprocess
import sys
import tempfile
import time
from collections import deque
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import IO, TypeAlias

import msgspec

import gradstudio
from gradstudio.errors import GradStudioError, LabError, mark
from gradstudio.lab import worker
from gradstudio.lab.exercise import Exercise
from gradstudio.lab.judging import Result, refused
from gradstudio.lab.worker import LARGEST_ANSWER, LENGTH, Answer, Assignment, Job

MOST_A_PROCESSOR = 4
"""How many are judged at a time by one processor: each still gets its processor time long before
the clock ends it, so that the clock does not decide on a grade."""
_GRACE_S = 30.0
"""How much longer than its children a worker may take, before it is given up."""
_MODULE = ("-m", "gradstudio.lab.worker")
_LAST_WORDS = 2000
_Waiting: TypeAlias = Iterator[tuple[int, tuple[Job, bytes]]]


def unlimited() -> tuple[str, ...]:
    """Return which limits this system cannot set, as a person calls them."""
    if not worker.FORKS:
        return "processor time", "memory"
    return ("memory",) if sys.platform == "darwin" else ()


def at_once(wanted: int) -> int:
    """Return how many can be judged at the same time of as many as are wanted."""
    try:
        processors = len(os.sched_getaffinity(0))
    except AttributeError:  # known on Linux alone
        processors = os.cpu_count() or 1
    return max(1, min(wanted, MOST_A_PROCESSOR * processors))


def results(
    assignment: Assignment, jobs: Iterable[tuple[Job, bytes]], workers: int
) -> Iterator[tuple[int, Result]]:
    """Judge submissions, and yield the number and the result of each as it is done.

    Args:
        assignment: what they are judged by.
        jobs: each with the content of its file; asked for one only when a worker is free, so that
            no more than a few are in memory.
        workers: how many are judged at the same time, if the system has the processors for it.

    Raises:
        LabError: no worker can be started; the message says what it said.
    """
    exercise, _ = assignment.read()
    with tempfile.TemporaryDirectory(prefix="gradstudio-") as scratch:
        pool = _Pool(assignment, exercise, scratch)
        try:
            yield from pool.run(enumerate(jobs), at_once(workers) if worker.FORKS else 1)
        finally:
            pool.close()


class _Worker:
    """A worker, and which job it is at."""

    def __init__(self, assignment: Assignment, scratch: str) -> None:
        self.process = _started(scratch, subprocess.DEVNULL)
        self.number: int | None = None
        self.job: tuple[Job, bytes] | None = None
        self.since = 0.0
        self.answer = bytearray()
        self.send(worker.opening(assignment))

    def send(self, data: bytes) -> None:
        """Hand it data; whether it still lives, reading will find out."""
        stdin = self.process.stdin
        if stdin is not None:
            with contextlib.suppress(BrokenPipeError):
                stdin.write(data)
                stdin.flush()

    def give(self, number: int, job: tuple[Job, bytes]) -> None:
        """Have it judge a submission."""
        self.number, self.job = number, job
        self.answer.clear()
        self.since = time.monotonic()
        self.send(worker.asked(*job))

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
    """Workers at work; what a worker was at when it failed is judged once more, alone."""

    def __init__(self, assignment: Assignment, exercise: Exercise, scratch: str) -> None:
        self._assignment = assignment
        self._exercise = exercise
        self._scratch = scratch
        self._selector = selectors.DefaultSelector()
        self._workers: list[_Worker] = []
        self._lost: deque[tuple[int, tuple[Job, bytes]]] = deque()
        self._answered = False
        self._said = ""

    def close(self) -> None:
        for one in self._workers:
            one.close()
        self._selector.close()

    def run(self, waiting: _Waiting, count: int) -> Iterator[tuple[int, Result]]:
        if not worker.FORKS:
            for number, job in waiting:
                yield number, self._once_more(job) if (found := self._alone(job)) is None else found
            return
        while self._begun(waiting, count):
            while any(one.job is not None for one in self._workers):
                yield from self._heard(waiting)
            while self._lost:
                number, job = self._lost.popleft()
                yield number, self._once_more(job)

    def _begun(self, waiting: _Waiting, count: int) -> bool:
        """Give every worker there should be something to do; return whether there was anything."""
        begun = False
        for at, (number, job) in enumerate(islice(waiting, count)):
            one = self._workers[at] if at < len(self._workers) else self._new()
            one.give(number, job)
            begun = True
        return begun

    def _heard(self, waiting: _Waiting) -> Iterator[tuple[int, Result]]:
        """Yield what workers answer, and give them the next, unless one is to be judged alone."""
        for ready, _ in self._selector.select(timeout=1.0):
            one: _Worker = ready.data
            piece = os.read(ready.fd, 2**16)
            one.answer += piece
            number = one.number
            if number is None:
                continue
            found = _answer(one.answer)
            if found is None and piece and len(one.answer) <= LARGEST_ANSWER:
                continue
            answer = None if found is None else self._decoded(found)
            if answer is None:
                self._gone(one)
                continue
            if answer.perhaps_not_its_fault and one.job is not None:
                self._lost.append((number, one.job))
            one.number = one.job = None
            if not answer.perhaps_not_its_fault:
                yield number, answer.result
            if not self._lost:
                for following, job in islice(waiting, 1):
                    one.give(following, job)
        late = time.monotonic() - self._assignment.limits.wall_s - _GRACE_S
        for one in [one for one in self._workers if one.job is not None and one.since < late]:
            self._gone(one)

    def _new(self) -> _Worker:
        one = _Worker(self._assignment, self._scratch)
        self._workers.append(one)
        if one.process.stdout is not None:
            self._selector.register(one.process.stdout, selectors.EVENT_READ, one)
        return one

    def _gone(self, one: _Worker) -> None:
        """Give a worker up; what it was at is not lost yet."""
        if one.number is not None and one.job is not None:
            self._lost.append((one.number, one.job))
        if one.process.stdout is not None:
            self._selector.unregister(one.process.stdout)
        self._workers.remove(one)
        one.close()

    def _once_more(self, job: tuple[Job, bytes]) -> Result:
        """Judge alone what was lost, and say so if it is lost again.

        Raises:
            LabError: not even an empty submission is ever judged.
        """
        found = self._alone(job)
        if found is not None:
            return found
        if not self._answered and self._alone((Job("", ""), b"")) is None:
            template = mark("core", "no process can be started to judge submissions in: {said}")
            raise LabError(template, said=self._said)
        template = mark("core", "the process that judged it ended unexpectedly")
        return refused(self._exercise, GradStudioError(template))

    def _alone(self, job: tuple[Job, bytes]) -> Result | None:
        """Judge one submission in a worker of its own; None if that does not answer."""
        limits = self._assignment.limits
        with tempfile.TemporaryFile(dir=self._scratch) as errors:
            process = _started(self._scratch, errors)
            try:
                out, _ = process.communicate(
                    worker.opening(self._assignment) + worker.asked(*job),
                    timeout=limits.wall_s + (_GRACE_S if worker.FORKS else 0.0),
                )
            except subprocess.TimeoutExpired:
                out = b""
                if not worker.FORKS:
                    return refused(self._exercise, worker.out_of_time(limits))
            finally:
                process.kill()
                process.wait()
            self._said = _last_words(errors)
        answer = self._decoded(out[LENGTH.size :])
        return None if answer is None else answer.result

    def _decoded(self, data: bytes) -> Answer | None:
        try:
            found = msgspec.json.decode(data, type=Answer)
        except msgspec.MsgspecError:
            return None
        self._answered = True
        return found


def _started(scratch: str, errors: IO[bytes] | int) -> subprocess.Popen[bytes]:
    """Start a worker: it knows where the program lies, and nothing else of who started it."""
    kept = {name: os.environ[name] for name in ("SYSTEMROOT", "PATH", "LANG") if name in os.environ}
    folders = [str(Path(gradstudio.__file__).parent.parent), os.environ.get("PYTHONPATH", "")]
    return subprocess.Popen(
        [sys.executable, "-P", *_MODULE],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=errors,
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


def _answer(data: bytearray) -> bytes | None:
    """Return the frame in `data`; None while it is not whole."""
    if len(data) < LENGTH.size:
        return None
    (size,) = LENGTH.unpack(data[: LENGTH.size])
    return bytes(data[LENGTH.size :]) if len(data) >= LENGTH.size + size else None


def _last_words(errors: IO[bytes]) -> str:
    """Return the last line a worker wrote about what went wrong."""
    size = errors.seek(0, os.SEEK_END)
    errors.seek(max(0, size - _LAST_WORDS))
    lines = errors.read().decode(errors="replace").split("\n")
    return next((line.strip() for line in reversed(lines) if line.strip()), "–")
