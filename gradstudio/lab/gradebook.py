"""The grades as tables: by item, and as nbgrader exports a gradebook.

A spreadsheet runs what begins like a formula, so what came out of a file never does.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

from gradstudio.lab.exercise import Exercise
from gradstudio.lab.grader import Grade, notices
from gradstudio.lab.texts import Language, number

_RUNS = "=+-@＝＋－＠"
COLUMNS = (
    "assignment",
    "duedate",
    "timestamp",
    "student_id",
    "last_name",
    "first_name",
    "email",
    "raw_score",
    "late_submission_penalty",
    "score",
    "max_score",
)
"""What nbgrader's own export writes (`nbgrader.plugins.export.CsvExportPlugin`)."""


def cell(text: str) -> str:
    """Return a text as a cell that no spreadsheet runs: with ' before it where it might."""
    # What is seen of it decides, not what stands in the file: some skip what nobody sees.
    plain = "".join(c if c.isprintable() else " " for c in text)
    runs = text[:1] in ("\t", "\r", "\n") or plain.lstrip()[:1] in tuple(_RUNS)
    return f"'{plain}" if runs else plain


def _time(at: datetime | None) -> str:
    """Return a time as nbgrader writes it: in UTC, without saying so."""
    return "" if at is None else f"{at.astimezone(UTC):%Y-%m-%d %H:%M:%S}"


def gradebook(exercise: Exercise, grades: Iterable[Grade]) -> bytes:
    """Return the gradebook: a row a student, with nbgrader's columns.

    Of names the roster does not part, all stands in `last_name`.
    """
    rows = [
        (
            exercise.id,
            _time(one.due),
            _time(one.at),
            cell(one.student),
            *_person(one),
            number(one.result.points),
            number(one.penalty),
            number(one.score),
            number(exercise.most_points),
        )
        for one in grades
    ]
    return _csv(COLUMNS, rows).encode()


def _person(one: Grade) -> tuple[str, str, str]:
    listed = one.listed
    if listed is None:
        return "", "", ""
    last = listed.last_name or ("" if listed.first_name else listed.name)
    return cell(last), cell(listed.first_name), cell(listed.email)


def by_item(exercise: Exercise, grades: Iterable[Grade], language: Language) -> bytes:
    """Return a row a student with the points of each item, the status and what to look at.

    With a byte order mark, without which Excel takes Chinese for something else.
    """
    header = ["student_id", "name", "status", *exercise.items, "raw_score"]
    header += ["days_late", "late_submission_penalty", "score", "max_score", "notes"]
    rows = []
    for one in grades:
        points = {item.id: number(item.points) for item in one.result.items}
        rows.append(
            [
                cell(one.student),
                cell(one.name),
                one.status,
                *(points.get(id, "0") for id in exercise.items),
                number(one.result.points),
                str(one.days_late),
                number(one.penalty),
                number(one.score),
                number(exercise.most_points),
                cell("; ".join(note.of(language) for note in notices(one))),
            ]
        )
    return _csv(header, rows).encode("utf-8-sig")


def _csv(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return text.getvalue()
