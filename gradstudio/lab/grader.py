"""A class graded: every submission judged apart, then the late rule, then what is alike.

The same grades come out for any order of the submissions and any number of jobs, and a run that was
interrupted goes on where it was.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from pathlib import Path

import msgspec

from gradstudio.errors import GradStudioError, mark
from gradstudio.lab.exercise import Exercise
from gradstudio.lab.handed_in import Entry, twice
from gradstudio.lab.journal import Journal, digest_of
from gradstudio.lab.judging import Result, Status, refused, status_of
from gradstudio.lab.roster import Listed
from gradstudio.lab.sandbox import results
from gradstudio.lab.texts import Text, said
from gradstudio.lab.variants import student_key
from gradstudio.lab.worker import Assignment, Job

_DAY_S = 24 * 3600.0


class Grade(msgspec.Struct, frozen=True):
    """What one student gets.

    Args:
        student: the id.
        result: of the submission.
        days_late: begun days.
        penalty: the points being late costs.
        score: what is left.
        alike: the students whose work is the same.
        name: what the roster calls the student, or the file.
        notes: what the assistant should know of how it was handed in.
        listed: the student on the roster.
        due: when it was due for this student.
        at: when it was handed in.
    """

    student: str
    result: Result
    days_late: int = 0
    penalty: float = 0.0
    score: float = 0.0
    alike: list[str] = []
    name: str = ""
    notes: list[Text] = []
    listed: Listed | None = None
    due: datetime | None = None
    at: datetime | None = None

    @property
    def status(self) -> Status:
        """What became of it, the late rule included."""
        if self.result.status in ("error", "missing"):
            return self.result.status
        return status_of(self.score, self.result.most)


def grade(
    assignment: Assignment,
    entries: Sequence[Entry],
    *,
    workers: int = 1,
    journal: Path | None = None,
    done: Callable[[int], None] = lambda number: None,
) -> list[Grade]:
    """Grade a class, and return a grade a student, by their ids.

    Args:
        assignment: the exercise, the key and the limits.
        entries: what was handed in.
        workers: how many submissions are judged at the same time.
        journal: where results are kept until all are there.
        done: called with how many have been judged, as they are.
    """
    exercise, _ = assignment.read()
    known = Journal(journal, assignment)
    found: dict[int, Result] = {}
    places: list[tuple[int, str]] = []

    def jobs() -> Iterator[tuple[Job, bytes]]:
        """Read one submission after the other; what is not to be judged has its result at once."""
        for number, entry in enumerate(entries):
            try:
                data = entry.read()
            except GradStudioError as wrong:
                found[number] = refused(exercise, wrong, "missing" if entry.missing else "error")
                continue
            digest = digest_of(entry, data)
            before = known.results.get(digest)
            if before is not None:
                found[number] = before
            else:
                places.append((number, digest))
                yield Job(entry.student, entry.file, entry.by_file), data

    for at, result in results(assignment, jobs(), min(workers, len(entries))):
        number, digest = places[at]
        found[number] = result
        known.keep(digest, result)
        done(len(found))
    done(len(found))
    grades = [_graded(exercise, entry, found[number]) for number, entry in enumerate(entries)]
    return _compared(_one_each(exercise, sorted(grades, key=lambda one: one.student)))


def _one_each(exercise: Exercise, grades: Iterable[Grade]) -> list[Grade]:
    """Return one grade a student: what a file is called told only now whose two of them are."""
    found: dict[str, Grade] = {}
    for one in grades:
        key = student_key(one.student)
        again = key in found
        found[key] = Grade(one.student, refused(exercise, twice(one.student))) if again else one
    return list(found.values())


def _graded(exercise: Exercise, entry: Entry, result: Result) -> Grade:
    listed = entry.listed
    due = (listed.due if listed is not None else None) or exercise.due
    days = _days_late(due, entry.at)
    late = exercise.late
    share = min(1.0, days * late.percent_a_day / 100)
    if late.most_days is not None and days > late.most_days:
        share = 1.0
    penalty = round(result.points * share, 6) if days else 0.0
    return Grade(
        result.student or entry.student,
        result,
        days if entry.path is not None else 0,
        penalty,
        round(result.points - penalty, 6),
        name=(listed.name or _full(listed) if listed is not None else "") or result.name,
        notes=[said(note) for note in entry.notes],
        listed=listed,
        due=due,
        at=entry.at,
    )


def _full(listed: Listed) -> str:
    """Return a name as its owner writes it."""
    parts = [part for part in (listed.first_name, listed.last_name) if part]
    return " ".join(parts) if all(map(str.isascii, parts)) else "".join(reversed(parts))


def _days_late(due: datetime | None, at: datetime | None) -> int:
    if due is None or at is None:
        return 0
    return max(0, math.ceil((at - due).total_seconds() / _DAY_S))


def _compared(grades: list[Grade]) -> list[Grade]:
    """Say of each grade whose work is the same."""
    groups: dict[str, list[str]] = defaultdict(list)
    for one in grades:
        if one.result.likeness:
            groups[one.result.likeness].append(one.student)
    return [
        msgspec.structs.replace(
            one,
            alike=[other for other in groups.get(one.result.likeness, ()) if other != one.student],
        )
        for one in grades
    ]


def notices(one: Grade) -> Iterable[Text]:
    """Yield what an assistant should look at; a student sees nothing of it but the reasons."""
    yield from one.result.reasons
    yield from one.result.notes
    yield from one.notes
    if one.days_late:
        yield said(
            GradStudioError(mark("core", "handed in late (days: {days})"), days=one.days_late)
        )
    if one.alike:
        template = mark("core", "the same work as {students}")
        yield said(GradStudioError(template, students=", ".join(one.alike)))
