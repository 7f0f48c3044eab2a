"""What is judged of a class so far, kept beside the tables, so that an interrupted run goes on.

Results stand there under the hash of the submission, for one exercise and one key alone.
"""

from __future__ import annotations

import hashlib
from contextlib import suppress
from pathlib import Path

import msgspec

from gradstudio import __version__, files
from gradstudio.lab.handed_in import Entry
from gradstudio.lab.judging import Result
from gradstudio.lab.variants import student_key
from gradstudio.lab.worker import Assignment

LONGEST_LINE = 16 * 2**20


class _Line(msgspec.Struct, frozen=True):
    """A line of the journal."""

    submission: str
    result: Result


def digest_of(entry: Entry, data: bytes) -> str:
    """Return what tells one submission, as it was handed in, from any other."""
    how = b"file" if entry.by_file else b"folder"
    words = (student_key(entry.student).encode(), how, entry.file.encode(), data)
    return hashlib.sha256(b"\x1f".join(words)).hexdigest()


class Journal:
    """Results as they come, one a line; those of another exercise, key or program do not count.

    Args:
        path: where they are kept; None to keep none.
        assignment: what they were judged by.
    """

    def __init__(self, path: Path | None, assignment: Assignment) -> None:
        self.results: dict[str, Result] = {}
        self._path = path
        about = (
            __version__.encode(),
            assignment.exercise,
            assignment.key or b"",
            msgspec.json.encode(assignment.limits),
        )
        head = hashlib.sha256(b"\x1f".join(about)).hexdigest().encode()
        if path is None:
            return
        with suppress(FileNotFoundError), path.open("rb") as file:
            if file.readline(100).strip() == head:
                for line in iter(lambda: file.readline(LONGEST_LINE), b""):
                    try:
                        one = msgspec.json.decode(line, type=_Line)
                    except msgspec.MsgspecError:
                        break  # the line that was being written
                    self.results[one.submission] = one.result
        # Written anew, so that half a line at its end is gone.
        lines = [_Line(digest, result) for digest, result in self.results.items()]
        files.write(path, b"".join([head + b"\n", *(_written(line) for line in lines)]))

    def keep(self, digest: str, result: Result) -> None:
        """Write down what came of one submission."""
        if self._path is not None:
            with self._path.open("ab") as file:
                file.write(_written(_Line(digest, result)))


def _written(line: _Line) -> bytes:
    return msgspec.json.encode(line) + b"\n"
