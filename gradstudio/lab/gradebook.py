"""The grades as tables: by item, and as nbgrader exports a gradebook.

A spreadsheet runs what begins like a formula, so what came out of a file never does.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from gradstudio.lab.exercise import Exercise
from gradstudio.lab.grader import Grade, notices
from gradstudio.lab.texts import Language

_RUNS = "=+-@＝＋－＠"
COLUMNS = (
    "assignment",
    "student_id",
    "raw_score",
    "late_submission_penalty",
    "score",
    "max_score",
)


def cell(text: str) -> str:
    """Return a text as a cell that no spreadsheet runs: with ' before it where it might."""
    plain = "".join(c if c.isprintable() else " " for c in text)
    runs = text[:1] in ("\t", "\r", "\n") or text.lstrip()[:1] in tuple(_RUNS)
    return f"'{plain}" if runs else plain


def number(value: float) -> str:
    """Return points as they are written everywhere: no more digits than they have."""
    return format(round(value, 4) + 0.0, ".10g")


def gradebook(exercise: Exercise, grades: Iterable[Grade]) -> bytes:
    """Return the gradebook: a row a student, with nbgrader's columns."""
    rows = [
        (
            exercise.id,
            cell(one.student),
            number(one.result.points),
            number(one.penalty),
            number(one.score),
            number(exercise.most_points),
        )
        for one in grades
    ]
    return _csv(COLUMNS, rows).encode()


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
