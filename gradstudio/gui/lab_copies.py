"""Work on labs, kept where the program keeps its own: no crash loses what an attempt was paid for.

A copy is written with every check, hint and answer that is kept, one for each student and edition
of a lab. Opening a lab again offers to go on with it, or with the file that lies beside the lab.
It is a help against losing work, no lock: whoever wants to begin anew is let.
"""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Iterable
from pathlib import Path

from PySide6.QtCore import QStandardPaths

from gradstudio import storage
from gradstudio.errors import GradStudioError
from gradstudio.graph import Graph
from gradstudio.lab.exercise import Exercise
from gradstudio.lab.session import Session
from gradstudio.lab.submission import answers_in
from gradstudio.lab.variants import student_key


def folder() -> Path:
    """Return where the copies lie."""
    kind = QStandardPaths.StandardLocation.AppLocalDataLocation
    return Path(QStandardPaths.writableLocation(kind)) / "labs"


def copy_of(exercise: Exercise, student: str) -> Path:
    """Return the copy of a student's work, whether there is one or not."""
    who = hashlib.sha256(student_key(student).encode()).hexdigest()[:16]
    return folder() / f"{exercise.id}-{exercise.digest}-{who}.gradstudio"


def keep(session: Session, graph: Graph) -> None:
    """Write the copy of a student's work, if that can be done."""
    path = copy_of(session.exercise, session.student)
    # Nobody asked for it: on a full disk the student's own file is what matters.
    with contextlib.suppress(GradStudioError, OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        session.save(path, graph)


def newest(
    exercise: Exercise, student: str, files: Iterable[Path]
) -> tuple[Graph, Path | None] | None:
    """Return the work of a student that goes furthest, and its file; None if there is none.

    Args:
        exercise: the edition it is of.
        student: whose.
        files: where it may lie; of the program's own copy no file is returned.
    """
    found: tuple[Graph, Path | None] | None = None
    furthest = (0, 0)
    for path in (*files, copy_of(exercise, student)):
        try:
            graph = storage.load(path)
            answers = answers_in(graph)
        except GradStudioError:
            continue
        theirs = student_key(answers.student) == student_key(student)
        if answers.id != exercise.id or answers.exercise != exercise.digest or not theirs:
            continue
        far = len(answers.log), sum(answers.hints.values())
        if far > furthest:
            own = path.parent == folder()
            found, furthest = (graph, None if own else path), far
    return found
