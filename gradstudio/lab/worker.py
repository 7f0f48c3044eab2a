"""A submission judged here, in a process with limits: time, memory, files, network.

A worker has read the exercise and the key, and forks once for each submission, so that a limited
process costs milliseconds and not the import of NumPy. The process that looks into a submission
opens no file, may write none, starts no program and no connection, and answers with one JSON
document. What runs out of a limit is ended, and its row says which limit that was.

(Rejected: containers and user namespaces, which an assistant's laptop may not have and which cost
a second each; nothing in a submission is code, so the limits are against what is too large.)
"""

from __future__ import annotations

import contextlib
import gc
import os
import select
import signal
import struct
import sys
import time
from dataclasses import dataclass, field
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
LENGTH = struct.Struct(">Q")
FORKS = hasattr(os, "fork")


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


class Setup(msgspec.Struct, frozen=True):
    """What a worker is told first."""

    limits: Limits
    key: bool
    forks: bool


class Answer(msgspec.Struct, frozen=True):
    """What a worker answers.

    Args:
        result: what came of the submission.
        perhaps_not_its_fault: whether the system or other processes may be why nothing did.
    """

    result: Result
    perhaps_not_its_fault: bool = False


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


def opening(assignment: Assignment) -> bytes:
    """Return what a worker is told first."""
    setup = msgspec.json.encode(Setup(assignment.limits, assignment.key is not None, FORKS))
    return frame(setup) + frame(assignment.exercise) + frame(assignment.key or b"")


def asked(job: Job, data: bytes) -> bytes:
    """Return what a worker is told of one submission."""
    return frame(msgspec.json.encode(job)) + frame(data)


def frame(data: bytes) -> bytes:
    """Return data with its length in front, as it goes through a pipe."""
    return LENGTH.pack(len(data)) + data


def out_of_time(limits: Limits) -> GradStudioError:
    """Return what is said of a submission that the clock ended."""
    template = mark("core", "judging it took longer than {limit} s on the clock")
    return GradStudioError(template, limit=format(limits.wall_s, "g"))


def serve(source: BinaryIO, target: BinaryIO) -> None:
    """Judge what comes, until nothing more does."""
    setup = msgspec.json.decode(_read(source) or b"", type=Setup)
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
        target.write(frame(answer))
        target.flush()


def _read(source: BinaryIO) -> bytes | None:
    head = source.read(LENGTH.size)
    if len(head) < LENGTH.size:
        return None
    (size,) = LENGTH.unpack(head)
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
    return msgspec.json.encode(Answer(result))


if FORKS:
    import resource

    _Why: TypeAlias = tuple[GradStudioError, bool]
    """What is said of a process that ended, and whether the submission is to blame."""

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
        answer, ended = _collected(reading, limits)
        os.close(reading)
        if ended is not None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(child, signal.SIGKILL)
        _, status, used = os.wait4(child, 0)
        if ended is None and os.WIFEXITED(status) and not os.WEXITSTATUS(status) and answer:
            return answer
        cpu_s = used.ru_utime + used.ru_stime
        reason, its_fault = ended or _why(status, cpu_s, limits)
        return msgspec.json.encode(Answer(refused(exercise, reason), not its_fault))

    def _collected(reading: int, limits: Limits) -> tuple[bytes, _Why | None]:
        """Return what comes through a pipe, and why no more of it is waited for."""
        end = time.monotonic() + limits.wall_s
        answer = bytearray()
        while len(answer) <= LARGEST_ANSWER:
            left = end - time.monotonic()
            if left <= 0 or not select.select([reading], [], [], left)[0]:
                return b"", (out_of_time(limits), False)
            piece = os.read(reading, 2**16)
            if not piece:
                return bytes(answer), None
            answer += piece
        template = mark("core", "what came of judging it is larger than {limit} MB")
        return b"", (GradStudioError(template, limit=LARGEST_ANSWER // 2**20), True)

    def _why(status: int, cpu_s: float, limits: Limits) -> _Why:
        """Return why a process that has not answered ended, as the system tells."""
        ended_by = os.WTERMSIG(status) if os.WIFSIGNALED(status) else None
        # Some systems are late with the one signal and send the other.
        if ended_by == signal.SIGXCPU or (ended_by == signal.SIGKILL and cpu_s >= limits.cpu_s):
            template = mark("core", "judging it took longer than {limit} s of processor time")
            return GradStudioError(template, limit=limits.cpu_s), True
        template = mark("core", "the process that judged it ended unexpectedly")
        if ended_by == signal.SIGKILL:
            template = mark(
                "core", "the system ended the process that judged it, as if short of memory"
            )
        return GradStudioError(template), False

    def _limit(limits: Limits) -> None:
        """Take from this process what judging a submission does not need."""
        for which, most, at_last in (
            (resource.RLIMIT_CORE, 0, 0),
            (resource.RLIMIT_FSIZE, 0, 0),
            (resource.RLIMIT_NOFILE, 32, 32),
            # At the first the signal says what for, at the last it only ends.
            (resource.RLIMIT_CPU, limits.cpu_s, limits.cpu_s + 1),
            (resource.RLIMIT_AS, room := _address_space() + limits.memory_mb * 2**20, room),
        ):
            _, hard = resource.getrlimit(which)
            if hard != resource.RLIM_INFINITY:
                most, at_last = min(most, hard), min(at_last, hard)
            with contextlib.suppress(ValueError, OSError):  # macOS has no limit of memory
                resource.setrlimit(which, (most, at_last))
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


def main() -> None:
    """Judge what comes in, and write out what comes of it."""
    serve(sys.stdin.buffer, sys.stdout.buffer)


if __name__ == "__main__":
    main()
