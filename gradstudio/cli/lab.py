"""`gradstudio lab`: what a teacher does with an exercise before it is handed out."""

from __future__ import annotations

from pathlib import Path

import click

from gradstudio import files, storage
from gradstudio.cli.output import (
    json_option,
    plain,
    print_json,
    print_table,
    say,
    shown,
    value_text,
)
from gradstudio.errors import GradStudioError, LabError
from gradstudio.lab import exercise as exercises
from gradstudio.lab import faults
from gradstudio.lab.exercise import Exercise, Key
from gradstudio.lab.judging import Result, judge
from gradstudio.lab.release import given_away
from gradstudio.lab.session import begin
from gradstudio.lab.submission import LARGEST, loads
from gradstudio.lab.texts import LANGUAGES, Language, number, translator

_file = click.argument("file", metavar="LAB", type=click.Path())
_key = click.option("--key", type=click.Path(), metavar="KEY", help="The teacher's key.")
language = click.option(
    "--lang",
    "language",
    type=click.Choice(LANGUAGES),
    default="en",
    show_default=True,
    help="English or Chinese.",
)


@click.group(no_args_is_help=False)
def lab() -> None:
    """Write, check and hand out exercises."""


def _readable(name: str) -> str:
    """Return a name that a terminal may have given in no UTF-8 as a folder of that name is read."""
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def read(file: str, key: str | None) -> tuple[Exercise, Key | None]:
    """Return an exercise, and its key where one is given."""
    exercise = exercises.load(file)
    return exercise, None if key is None else exercises.load_key(key, exercise)


@lab.command()
@_file
@_key
@json_option
def validate(file: str, key: str | None, as_json: bool) -> int:
    """Check an exercise, with several students' numbers.

    Ends with exit code 1 if something is wrong with it. It warns where zeros in all blanks would
    earn points.
    """
    exercise, known = read(file, key)
    found = [fault.say() for fault in faults.faults(exercise, known)]
    warnings = [] if found else [warning.say() for warning in faults.zeros(exercise)]
    if as_json:
        print_json(
            {
                "id": exercise.id,
                "points": exercise.most_points,
                "faults": found,
                "warnings": warnings,
            }
        )
        return 1 if found else 0
    rows = [
        [id, item.kind, shown(number(item.points, 2)), item.title.en]
        for id, item in exercise.items.items()
    ]
    print_table(["item", "kind", "points", "title"], rows, right=4)
    for fault in found:
        say(fault)
    for warning in warnings:
        say(f"warning: {warning}")
    if not found:
        without = known is None and exercise.needing_key
        say("nothing is wrong with it" + ("; give the --key to check that, too" if without else ""))
    return 1 if found else 0


@lab.command()
@_file
@_key
@click.option("-o", "--out", type=click.Path(), required=True, metavar="OUT", help="The file.")
def release(file: str, key: str | None, out: str) -> None:
    """Write the exercise for students, if nothing in it gives the solution away.

    It is refused where it is faulty, where an answer of the key stands in one of its texts (a
    formula however it is spaced, a number of three digits or more, hidden cases and data), where
    its graph carries anything along, and where it earns points as it is handed out.
    """
    exercise, known = read(file, key)
    if known is None and exercise.needing_key:
        raise click.UsageError(
            f"{file}: give its --key, to see that the answers to "
            f"{', '.join(exercise.needing_key)} are not in it"
        )
    data = files.read(file, exercises.LARGEST)
    found = [*faults.faults(exercise, known), *given_away(exercise, known, data)]
    if files.exists(out) and Path(out).samefile(file):
        raise click.UsageError("--out: that is the exercise itself")
    if found:
        raise LabError(
            "{file}: not released: {reasons}",
            file=file,
            reasons="; ".join(one.say() for one in found),
        )
    files.write(out, data)
    points = number(exercise.most_points, 2)
    say(f"released {exercise.id}: {len(exercise.items)} items, {points} points")


@lab.command()
@_file
@click.argument(
    "students",
    nargs=-1,
    required=True,
    metavar="STUDENT...",
    callback=lambda _context, _argument, names: tuple(map(_readable, names)),
)
@json_option
def variants(file: str, students: tuple[str, ...], as_json: bool) -> None:
    """Print the numbers that students have, by their ids."""
    exercise = exercises.load(file)
    tasks = [exercise.task(student) for student in students]
    drawn = list(exercise.draw)
    if as_json:
        print_json(
            [
                {
                    "student": task.student,
                    "values": {name: plain(task.given.nodes[name].value) for name in drawn},
                }
                for task in tasks
            ]
        )
        return
    rows = [
        [task.student, *(value_text(task.given.nodes[name].value) for name in drawn)]
        for task in tasks
    ]
    print_table(["student", *drawn], rows, right=1)


@lab.command("try")
@_file
@click.argument("submission", required=False, type=click.Path())
@_key
@click.option(
    "--student",
    metavar="ID",
    help="Whose numbers; else those of whom the submission says it is, or of 0.",
    callback=lambda _context, _option, name: None if name is None else _readable(name),
)
@click.option("-o", "--out", type=click.Path(), metavar="OUT", help="Write an empty submission.")
@language
@json_option
def try_(
    file: str,
    submission: str | None,
    key: str | None,
    student: str | None,
    out: str | None,
    language: Language,
    as_json: bool,
) -> int:
    """Try an exercise out: list its blanks, or judge one SUBMISSION and say what a student hears.

    Ends with exit code 1 if the submission loses points.
    """
    exercise, known = read(file, key)
    data = None if submission is None else files.read(submission, LARGEST)
    if student is None:
        student = _student_of(data) or "0"
    session, graph = begin(exercise, student)
    if out is not None:
        for id in exercise.items:
            for blank in session.blanks(id):
                session = session.enter(id, blank.id, "")
        storage.save(out, session.submission(graph))
        say(f"wrote {out}")
    if data is None or submission is None:
        if as_json:
            print_json(
                {
                    id: [{"id": blank.id, "label": blank.label} for blank in session.blanks(id)]
                    for id in exercise.items
                }
            )
        elif out is None:
            rows = [
                [id, blank.id, translator(language)(str(blank.label))]
                for id in exercise.items
                for blank in session.blanks(id)
            ]
            print_table(["item", "blank", ""], rows, right=3)
        return 0
    found = judge(exercise, known, student, data, file=submission)
    if as_json:
        print_json(_document(found, language))
    else:
        _print(found, language)
    return 0 if found.status == "passed" else 1


def _student_of(data: bytes | None) -> str:
    """Return whose work a submission says it is; nothing where it cannot be read."""
    try:
        return "" if data is None else loads(data).answers.student
    except GradStudioError:
        return ""


def _document(found: Result, language: Language) -> dict[str, object]:
    return {
        "status": found.status,
        "points": found.points,
        "most": found.most,
        "reasons": [reason.of(language) for reason in found.reasons],
        "notes": [note.of(language) for note in found.notes],
        "items": [
            {
                "id": item.id,
                "points": item.points,
                "most": item.most,
                "told": [one.of(language) for one in item.told],
            }
            for item in found.items
        ],
    }


def _print(found: Result, language: Language) -> None:
    rows = [
        [
            item.id,
            f"{number(item.points, 2)}/{number(item.most, 2)}",
            " ".join(one.of(language) for one in item.told),
        ]
        for item in found.items
    ]
    print_table(["item", "points", "feedback"], rows, right=3)
    for reason in (*found.reasons, *found.notes):
        say(reason.of(language))
