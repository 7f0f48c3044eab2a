"""Who is in a class, as a CSV file of the course's system says."""

from __future__ import annotations

import csv
import io
import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from gradstudio import files
from gradstudio.errors import FileError, GradStudioError, mark
from gradstudio.lab.variants import student_key

LARGEST_ROSTER = 4 * 2**20
MOST_STUDENTS = 100_000
_ZONE = re.compile(r"[A-Za-z_+\-0-9]+(/[A-Za-z_+\-0-9]+)*")
_COLUMNS = {
    "id": ("student_id", "id", "学号"),
    "name": ("name", "姓名"),
    "last_name": ("last_name", "姓"),
    "first_name": ("first_name", "名"),
    "email": ("email", "邮箱"),
    "due": ("due", "截止时间"),
}


@dataclass(frozen=True)
class Listed:
    """One student of a class.

    Args:
        student: the id.
        name: what they are called, in one; else
        last_name: the one, and
        first_name: the other.
        email: where they are written to.
        due: when it is due for this student alone.
    """

    student: str
    name: str = ""
    last_name: str = ""
    first_name: str = ""
    email: str = ""
    due: datetime | None = None


def read_time(text: str) -> datetime | None:
    """Read ISO 8601, or as nbgrader writes it, with the name of the zone after it.

    A time without its zone is none, and “CST” is no zone: it is in China and in America.
    """
    stamp, _, zone = text.rpartition(" ")
    for candidate, named in ((text, ""), (stamp, zone)):
        try:
            at = datetime.fromisoformat(candidate)
            if at.tzinfo is None and _ZONE.fullmatch(named):
                at = at.replace(tzinfo=UTC if named in ("UTC", "GMT") else ZoneInfo(named))
            if at.tzinfo is not None:
                return at.astimezone(UTC)
        except (ValueError, KeyError, OSError, OverflowError):
            continue
    return None


def read_roster(path: str | os.PathLike[str]) -> dict[str, Listed]:
    """Return the students of a class by their ids (as `student_key` sees them), from a CSV file.

    Its columns are `student_id`, and if wanted `name` or `last_name` and `first_name`, `email` and
    `due` (an extension, with its zone). A list of ids without a header is a roster as well.

    Raises:
        FileError: it cannot be read, or names a student twice; the message names the row.
    """
    name = os.fspath(path)
    rows = _rows(name)
    header = [re.sub(r"[\s-]+", "_", cell.strip().lower()) for cell in rows[0]] if rows else []
    column = {
        kind: next((header.index(one) for one in names if one in header), None)
        for kind, names in _COLUMNS.items()
    }
    plain = column["id"] is None
    if plain and _has_header(rows):
        raise FileError(
            mark("core", "{file}: no column is called student_id, and it is no list of ids"),
            file=name,
        )
    found: dict[str, Listed] = {}
    for number, row in enumerate(rows if plain else rows[1:], start=1 if plain else 2):

        def cell(kind: str, row: list[str] = row) -> str:
            place = column[kind]
            return row[place].strip() if place is not None and place < len(row) else ""

        student = row[0].strip() if plain else cell("id")
        if not student:
            continue
        due = read_time(cell("due"))
        if cell("due") and due is None:
            raise FileError(
                mark("core", "{file}: row {row}: due must be a time with its zone"),
                file=name,
                row=number,
            )
        if student_key(student) in found:
            raise FileError(
                mark("core", "{file}: row {row}: {student} stands there twice"),
                file=name,
                row=number,
                student=student[:80],
            )
        names = {kind: cell(kind) for kind in ("name", "last_name", "first_name", "email")}
        found[student_key(student)] = Listed(student, **names, due=due)
    if not found or len(found) > MOST_STUDENTS:
        raise FileError(mark("core", "{file}: the roster names no students"), file=name)
    return found


def _rows(name: str) -> list[list[str]]:
    """Return the rows in which something stands."""
    try:
        text = files.read(name, LARGEST_ROSTER).decode("utf-8-sig")
        rows = csv.reader(io.StringIO(text, newline=""))
        return [row for row in rows if any(map(str.strip, row))]
    except UnicodeDecodeError:
        raise FileError(mark("core", "{file}: the roster is not UTF-8"), file=name) from None
    except csv.Error as wrong:
        raise FileError(
            mark("core", "{file}: {said}"), file=name, said=GradStudioError("{e}", e=wrong)
        ) from None


def _has_header(rows: Sequence[Sequence[str]]) -> bool:
    """Return whether rows without a known header are no list of ids: their first may be one."""
    if max((len(row) for row in rows), default=0) > 1:
        return True
    first, *others = (any(map(str.isdigit, row[0])) for row in rows)
    return bool(others) and not first and all(others)
