"""What a class handed in: found in folders nobody vouches for, one entry a student.

A folder a student (`student_id/file.gradstudio`) or a file a student (`student_id.gradstudio`).
Links are not followed, only ordinary files are read, and only up to a size.
"""

from __future__ import annotations

import csv
import io
import os
import re
import stat
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from zoneinfo import ZoneInfo

from gradstudio import files
from gradstudio.errors import FileError, GradStudioError, mark
from gradstudio.lab.submission import LARGEST
from gradstudio.lab.variants import student_key

SUFFIX = ".gradstudio"
TIMESTAMP = "timestamp.txt"
LARGEST_ROSTER = 4 * 2**20
MOST_STUDENTS = 100_000
_ID_COLUMNS = ("student_id", "id", "学号")
_DUE_COLUMNS = ("due", "截止时间")
_NAME_COLUMNS = ("name", "姓名")


@dataclass(frozen=True)
class Entry:
    """What one student handed in.

    Args:
        student: the id.
        path: the file; None where there is none to read.
        reason: why there is none.
        at: when it was handed in: what `timestamp.txt` beside it says, else the file's time.
        due: when it was due for this student alone, as the roster says.
        name: what the roster calls the student.
        missing: whether nothing was handed in.
    """

    student: str
    path: Path | None = None
    reason: GradStudioError | None = None
    at: datetime | None = None
    due: datetime | None = None
    name: str = ""
    missing: bool = False

    @property
    def file(self) -> str:
        """What messages call the file: its name alone, wherever it lies."""
        return self.student if self.path is None else _name(self.path)

    def read(self) -> bytes:
        """Return the content of the file.

        Raises:
            GradStudioError: there is none, or it cannot be read; the message says why.
        """
        if self.reason is not None or self.path is None:
            raise self.reason or _error(mark("core", "nothing was handed in"))
        name = self.file
        try:
            # The file is asked what it is before it is opened: a device can do anything then.
            mode = os.lstat(self.path).st_mode
            if stat.S_ISLNK(mode):
                raise _error(mark("core", "{file}: this is a symbolic link"), file=name)
            return files.read(self.path, LARGEST, follow=False)
        except OSError:
            raise _error(mark("core", "{file}: cannot be read"), file=name) from None
        except FileError as wrong:
            # By its name alone: where a class lies on the assistant's disk is no one's business.
            parts = {**wrong.parts, "file": name, "node": None}
            raise FileError(wrong.template, **parts) from None  # type: ignore[arg-type] # node: None


def _error(template: str, **parts: object) -> GradStudioError:
    return GradStudioError(template, node=None, **parts)


def collect(paths: Iterable[str | os.PathLike[str]], lab: str = "") -> list[Entry]:
    """Return one entry a student, by their ids, for the files and folders at `paths`.

    A folder that holds folders is a class; one that holds several files is a class as well, one
    with a single file or none is a student's.

    Args:
        paths: the files and folders.
        lab: the id of the lab: a file may be called by it and the student (`xyz-20240001`), as the
            window proposes.

    Raises:
        FileError: a path is not there.
    """
    found: list[Entry] = []
    for one in paths:
        path = Path(one)
        if not os.path.lexists(path):
            raise FileError(
                mark("core", "{file}: cannot be read: {reason}"),
                file=os.fspath(path),
                reason=GradStudioError(mark("core", "No such file or directory")),
            )
        if path.is_symlink() or not path.is_dir():
            found.append(_file(path, _stem(path, lab)))
            continue
        try:
            inside = _listed(path)
        except OSError:
            template = mark("core", "{file}: cannot be read")
            found.append(Entry(_name(path), reason=_error(template, file=_name(path))))
            continue
        folders = [entry for entry in inside if entry.is_dir() and not entry.is_symlink()]
        singles = [entry for entry in inside if entry.name.endswith(SUFFIX)]
        if folders or len(singles) > 1:
            for entry in inside:
                if entry.is_symlink() or entry in folders:
                    found.append(_folder(entry, _name(entry)))
                elif entry.name.endswith(SUFFIX):
                    found.append(_file(entry, _stem(entry, lab)))
        else:
            found.append(_folder(path, _name(path.resolve())))
    return _one_each(found)


def _listed(folder: Path) -> list[Path]:
    """Return what lies in a folder, by name; hidden files are of the system's making."""
    return sorted(entry for entry in folder.iterdir() if not entry.name.startswith("."))


def _stem(path: Path, lab: str) -> str:
    stem = _name(path).removesuffix(SUFFIX)
    return (stem.removeprefix(f"{lab}-") if lab else stem) or _name(path)


def _name(path: Path) -> str:
    """Return what a file is called, in characters: its bytes may be no text at all."""
    return path.name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def _folder(folder: Path, student: str) -> Entry:
    if folder.is_symlink():
        template = mark("core", "{file}: this is a symbolic link")
        return Entry(student, reason=_error(template, file=_name(folder)))
    try:
        inside = [entry for entry in _listed(folder) if entry.name != TIMESTAMP]
    except OSError:
        template = mark("core", "{file}: cannot be read")
        return Entry(student, reason=_error(template, file=_name(folder)))
    handed_in = [entry for entry in inside if entry.name.endswith(SUFFIX)]
    if not handed_in:
        template = mark("core", "there is no {suffix} file in the folder {folder}")
        reason = _error(template, suffix=SUFFIX, folder=_name(folder))
        return Entry(student, reason=reason)
    if len(handed_in) > 1:
        names = ", ".join(_name(entry) for entry in handed_in[:5])
        template = mark("core", "several files were handed in, and one is expected: {files}")
        return Entry(student, reason=_error(template, files=names))
    return replace(_file(handed_in[0], student), at=_time(handed_in[0], folder / TIMESTAMP))


def _file(path: Path, student: str) -> Entry:
    return Entry(student, path, at=_time(path, None))


def _time(path: Path, stamp: Path | None) -> datetime | None:
    """Return when a file was handed in, as the course's system wrote it down, or its own time."""
    if stamp is not None:
        try:
            text = files.read(stamp, 1000, follow=False).decode("utf-8-sig").strip()
        except (FileError, UnicodeDecodeError):
            text = ""
        at = _read_time(text)
        if at is not None:
            return at
    try:
        return datetime.fromtimestamp(os.lstat(path).st_mtime, UTC)
    except (OSError, ValueError, OverflowError):
        return None


def _read_time(text: str) -> datetime | None:
    """Read ISO 8601, or as nbgrader writes it, with the name of the zone after it."""
    stamp, _, zone = text.rpartition(" ")
    for candidate, named in ((text, ""), (stamp, zone)):
        try:
            at = datetime.fromisoformat(candidate)
            if at.tzinfo is not None:
                return at
            if re.fullmatch(r"[A-Za-z_+\-0-9]+(/[A-Za-z_+\-0-9]+)*", named):
                info: tzinfo = UTC if named in ("UTC", "GMT") else ZoneInfo(named)
                return at.replace(tzinfo=info)
        except (ValueError, KeyError, OSError):
            continue
    return None


def _one_each(entries: Iterable[Entry]) -> list[Entry]:
    found: dict[str, Entry] = {}
    for entry in sorted(entries, key=lambda one: (one.student, os.fspath(one.path or ""))):
        key = student_key(entry.student)
        before = found.get(key)
        if before is None:
            found[key] = entry
        elif before.path is None or entry.path is None or not _same(before.path, entry.path):
            template = mark("core", "two submissions were handed in for {student}")
            found[key] = Entry(before.student, reason=_error(template, student=before.student))
    return sorted(found.values(), key=lambda one: one.student)


def _same(one: Path, other: Path) -> bool:
    return one.absolute() == other.absolute()


# -- the roster ----------------------------------------------------------------------------------


def with_roster(entries: Iterable[Entry], roster: Mapping[str, Entry]) -> list[Entry]:
    """Return an entry for each student of the roster, and for those who are on none."""
    found = {student_key(entry.student): entry for entry in entries}
    listed = []
    for key, known in roster.items():
        entry = found.pop(key, None)
        if entry is None:
            reason = _error(mark("core", "nothing was handed in"))
            listed.append(replace(known, reason=reason, missing=True))
        else:
            listed.append(replace(entry, student=known.student, due=known.due, name=known.name))
    return sorted([*listed, *found.values()], key=lambda one: one.student)


def read_roster(path: str | os.PathLike[str]) -> dict[str, Entry]:
    """Return the students of a class by their ids, from a CSV file.

    Its columns are `student_id`, and if wanted `name` and `due` (an extension, with its zone). A
    list of ids without a header is a roster as well.

    Raises:
        FileError: it cannot be read; the message names the line.
    """
    name = os.fspath(path)
    try:
        text = files.read(path, LARGEST_ROSTER).decode("utf-8-sig")
        rows = [
            row for row in csv.reader(io.StringIO(text, newline="")) if any(map(str.strip, row))
        ]
    except UnicodeDecodeError:
        raise FileError(mark("core", "{file}: the roster is not UTF-8"), file=name) from None
    except csv.Error as wrong:
        raise FileError(
            mark("core", "{file}: {said}"), file=name, said=GradStudioError("{e}", e=wrong)
        ) from None
    header = [cell.strip().lower() for cell in rows[0]] if rows else []
    column = {
        kind: next((header.index(one) for one in names if one in header), None)
        for kind, names in (("id", _ID_COLUMNS), ("name", _NAME_COLUMNS), ("due", _DUE_COLUMNS))
    }
    at = column["id"]
    body = rows if at is None else rows[1:]
    found: dict[str, Entry] = {}
    for number, row in enumerate(body, start=1 if at is None else 2):

        def cell(kind: str, row: list[str] = row) -> str:
            place = column[kind]
            return row[place].strip() if place is not None and place < len(row) else ""

        student = row[0].strip() if at is None else cell("id")
        if not student:
            continue
        due = None
        if cell("due"):
            due = _read_time(cell("due"))
            if due is None:
                raise FileError(
                    mark("core", "{file}: row {row}: due must be a time with its zone"),
                    file=name,
                    row=number,
                )
        found.setdefault(student_key(student), Entry(student, due=due, name=cell("name")))
    if not found or len(found) > MOST_STUDENTS:
        raise FileError(mark("core", "{file}: the roster names no students"), file=name)
    return found
