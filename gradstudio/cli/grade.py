"""`gradstudio grade`: a class of submissions, in one command."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from pathlib import Path

import click

from gradstudio import files
from gradstudio.cli.lab import language as language_option
from gradstudio.cli.output import json_option, print_json, print_table, say
from gradstudio.errors import FileError
from gradstudio.lab import exercise as exercises
from gradstudio.lab import gradebook, report
from gradstudio.lab.exercise import Exercise
from gradstudio.lab.grader import Grade, grade, notices
from gradstudio.lab.handed_in import SUFFIX, Entry, collect, with_roster
from gradstudio.lab.roster import read_roster
from gradstudio.lab.sandbox import unlimited
from gradstudio.lab.texts import Language, number
from gradstudio.lab.worker import Assignment, Limits

MOST_JOBS = 64


@click.command("grade")
@click.argument("lab", type=click.Path())
@click.argument("submissions", nargs=-1, required=True, type=click.Path())
@click.option("--key", type=click.Path(), metavar="KEY", help="The teacher's key.")
@click.option("--roster", type=click.Path(), metavar="FILE.csv", help="Who should have handed in.")
@click.option("--csv", "table", type=click.Path(), metavar="OUT.csv", help="The gradebook.")
@click.option("--html", type=click.Path(), metavar="DIR", help="A page a student, one for all.")
@click.option(
    "--jobs",
    type=click.IntRange(1, MOST_JOBS),
    default=min(os.cpu_count() or 1, MOST_JOBS),
    metavar="N",
    help="How many at the same time, up to four a processor; one a processor if not given.",
)
@click.option(
    "--cpu",
    type=click.IntRange(1, 3600),
    default=Limits().cpu_s,
    show_default=True,
    metavar="S",
    help="Seconds of processor time a submission may take.",
)
@click.option(
    "--memory",
    type=click.IntRange(64, 2**16),
    default=Limits().memory_mb,
    show_default=True,
    metavar="MB",
    help="Memory a submission may take.",
)
@language_option
@json_option
def command(
    lab: str,
    submissions: tuple[str, ...],
    key: str | None,
    roster: str | None,
    table: str | None,
    html: str | None,
    jobs: int,
    cpu: int,
    memory: int,
    language: Language,
    as_json: bool,
) -> int:
    """Grade SUBMISSIONS (files, or a folder a student) by the exercise LAB.

    OUT.csv has nbgrader's columns; beside it, OUT.items.csv has the points by item. A run that was
    interrupted goes on where it was. Ends with exit code 1 if a submission lost points, to
    hints or the late rule as well, and the status “passed” says that it lost none.

    Every answer is judged anew from what was typed and drawn. The hints taken (their price is
    subtracted) and the log of attempts are the file's own word: files of the window carry a seal,
    and where it does not fit, a note says that they were edited. That is a sign and no proof: who
    can program can write any file, seal and all, and who opens the lab anew begins anew, with every
    attempt and no hint taken, having read them.

    Each submission is judged in a process of its own that opens no file, no connection and no
    program, with the limits --cpu and --memory and six times --cpu on the clock. One whose
    process ends for another reason is judged once more, alone. Nothing in a
    submission is code; the limits are against what is too large. Windows keeps to the clock alone,
    macOS to all but the memory; where a limit does not hold, the command says so.
    """
    assignment = Assignment(
        files.read(lab, exercises.LARGEST),
        None if key is None else files.read(key, exercises.LARGEST),
        Limits(cpu_s=cpu, wall_s=6.0 * cpu, memory_mb=memory),
    )
    exercise = exercises.loads(assignment.exercise, file=lab)
    if assignment.key is not None:
        exercises.loads_key(assignment.key, exercise, file=key or "")
    elif exercise.needing_key:
        raise click.UsageError(
            f"{lab}: give its --key: without it there is no judging "
            + ", ".join(exercise.needing_key)
        )
    _check_outputs((lab, key, roster, *submissions), table, html)
    listed = {} if roster is None else read_roster(roster)
    entries = with_roster(collect(submissions, exercise.id, listed), listed)
    journal = _journal(table, html)
    if entries and (missing := unlimited()):
        say(
            f"this system cannot limit the {' and the '.join(missing)} of a submission; each is "
            f"ended after {assignment.limits.wall_s:g} s on the clock"
        )
    grades = _graded(assignment, entries, jobs, journal)
    if table is not None:
        _write_tables(exercise, grades, Path(table), language)
    if html is not None:
        _write_pages(exercise, grades, Path(html), language)
    if journal is not None:
        journal.unlink(missing_ok=True)
    if as_json:
        print_json(_document(exercise, grades, language))
    else:
        _print(grades, language)
    return 0 if all(one.status == "passed" for one in grades) else 1


def _check_outputs(inputs: Iterable[str | None], table: str | None, html: str | None) -> None:
    """Refuse to write onto what is read.

    Raises:
        UsageError: an output is an input, or the pages would lie among the submissions.
    """
    given = [Path(one).resolve() for one in inputs if one is not None]
    if table is not None:
        if not Path(table).name:
            raise click.UsageError("--csv takes a file")
        for written in (Path(table).resolve(), _by_item(Path(table)).resolve()):
            if written in given or (written.suffix == SUFFIX and written.exists()):
                raise click.UsageError(
                    f"--csv: {written.name} is what is to be graded, or graded by"
                )
    if html is not None and any(Path(html).resolve().is_relative_to(one) for one in given):
        raise click.UsageError("--html: the pages would lie among the submissions")


def _by_item(table: Path) -> Path:
    return table.with_name(f"{table.stem}.items{table.suffix}")


def _journal(table: str | None, html: str | None) -> Path | None:
    """Return where results are kept until all are there: beside what is written in the end."""
    if table is not None:
        path = Path(table)
        return path.with_name(f".{path.name}.unfinished")
    if html is not None:
        _made(Path(html))
        return Path(html, ".unfinished")
    return None


def _made(folder: Path) -> Path:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as wrong:
        raise FileError("{file}: {reason}", file=str(folder), reason=wrong.strerror) from None
    return folder


def _graded(
    assignment: Assignment, entries: list[Entry], jobs: int, journal: Path | None
) -> list[Grade]:
    hidden = not sys.stderr.isatty()
    with click.progressbar(
        length=len(entries), label="grading", file=sys.stderr, hidden=hidden, show_pos=True
    ) as bar:
        try:
            return grade(
                assignment,
                entries,
                workers=jobs,
                journal=journal,
                done=lambda number: bar.update(number - bar.pos),
            )
        except OSError as wrong:
            raise FileError(
                "{file}: {reason}", file=wrong.filename or journal, reason=wrong.strerror
            ) from None
        except KeyboardInterrupt:
            if journal is not None:
                say("interrupted: run the same command again to go on from here")
            raise


def _write_tables(exercise: Exercise, grades: list[Grade], table: Path, language: Language) -> None:
    files.write(table, gradebook.gradebook(exercise, grades))
    files.write(
        _by_item(table),
        gradebook.by_item(exercise, grades, language),
    )


def _write_pages(exercise: Exercise, grades: list[Grade], folder: Path, language: Language) -> None:
    students = _made(folder / "students")
    written = set()
    for name, content in report.pages(exercise, grades, language):
        files.write(folder / name, content)
        written.add(folder / name)
    for old in students.glob("*.html"):
        # Pages of an earlier run, of students who are no longer there; a stranger's are left.
        if old not in written and old.is_file() and not old.is_symlink():
            with old.open("rb") as file:
                made_here = report.MADE_BY.encode() in file.read(500)
            if made_here:
                old.unlink()


def _document(exercise: Exercise, grades: list[Grade], language: Language) -> object:
    return {
        "assignment": exercise.id,
        "max_score": exercise.most_points,
        "students": [
            {
                "student_id": one.student,
                "status": one.status,
                "raw_score": one.result.points,
                "late_submission_penalty": one.penalty,
                "score": one.score,
                "items": {item.id: item.points for item in one.result.items},
                "mistakes": {
                    f"{item.id}.{part.id}": part.mistake
                    for item in one.result.items
                    for part in item.parts
                    if part.mistake
                },
                "notes": [note.of(language) for note in notices(one)],
            }
            for one in grades
        ],
    }


def _print(grades: list[Grade], language: Language) -> None:
    rows = [
        [
            one.student,
            one.status,
            f"{number(one.score)}/{number(one.result.most)}",
            "; ".join(note.of(language) for note in notices(one)),
        ]
        for one in grades
    ]
    safe = [["".join(c if c.isprintable() else "�" for c in text) for text in row] for row in rows]
    print_table(["student", "status", "score", "notes"], safe, right=4)
