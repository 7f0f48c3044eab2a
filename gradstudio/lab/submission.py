"""A submission: a graph file with the student's answers in it, as text, under the field `lab`.

Only what a student typed and drew is read. Whatever else stands in the file (points, values,
instructions) is not looked at. The log of attempts and the hints taken are the file's own word: a
seal tells when someone edited them, and proves nothing, as anyone can compute it who can program.
(Rejected: a signature. Its key would lie on the student's machine, and so would seem to prove what
it does not.)
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from typing import Any

import msgspec

from gradstudio import storage
from gradstudio.decoding import type_error
from gradstudio.errors import FileError, GradStudioError, mark
from gradstudio.graph import Graph

FIELD = "lab"
LONGEST_ID = 120
"""In bytes: with the lab it gives a file its name."""
NOT_IN_NAMES = frozenset('/\\:*?"<>|')
"""What a file name cannot hold on one system or another."""
LARGEST = 4 * 2**20
MOST_NODES = 20_000
LONGEST_ANSWER = 20_000
MOST_ANSWERS = 2000


class Attempt(msgspec.Struct, frozen=True):
    """One check of one item, for the teacher to look at; nothing is graded by it.

    Args:
        at: when, as ISO 8601 in UTC.
        item: which.
        entries: what stood in the blanks.
        counted: whether it cost an attempt.
        right: whether all of it was right; None where only the key can tell.
        kept: whether the student let the answer stand for good, to see what it hides.
        graph: tells the graph that was checked from others, where the item is about it.
    """

    at: str
    item: str
    entries: dict[str, str] = {}
    counted: bool = True
    right: bool | None = None
    kept: bool = False
    # Left out where it is not set, so that the seals of files from before it still hold.
    graph: str | msgspec.UnsetType = msgspec.UNSET


class Answers(msgspec.Struct, frozen=True):
    """What a student did apart from the graph.

    Args:
        id: of the exercise.
        student: who says to have done it.
        name: what they are called.
        exercise: the digest of the edition it was made with.
        answers: what stands in the blanks, by item, then by blank, as it was typed.
        hints: how many hints of each item were taken.
        log: the attempts, oldest first.
        seal: what `seal_of` gave when the program wrote this; else they were edited since.
    """

    id: str
    student: str = ""
    name: str = ""
    exercise: str = ""
    answers: dict[str, dict[str, str]] = {}
    hints: dict[str, int] = {}
    log: list[Attempt] = []
    seal: str = ""


def id_refusal(student: str) -> GradStudioError | None:
    """Return why a student cannot be called so; None if that is possible.

    The name of a file or a folder says whose work it is, and another id would be another variant.
    """
    held = next((one for one in student if one in NOT_IN_NAMES), None)
    if held is not None:
        template = mark(
            "core", "The id cannot hold “{character}”: it is a part of the file that is handed in."
        )
        return GradStudioError(template, character=held)
    if not student.isprintable():
        return GradStudioError(mark("core", "The id holds a character that cannot be seen."))
    if student.startswith(".") or student.endswith("."):
        return GradStudioError(mark("core", "The id cannot begin or end with a dot."))
    if len(student.encode()) > LONGEST_ID:
        return GradStudioError(mark("core", "The id is too long for the name of a file."))
    return None


def seal_of(answers: Answers) -> str:
    """Return the seal of whose work this is, of its log, and of the hints taken."""
    told = (
        answers.id,
        answers.student,
        answers.exercise,
        sorted(answers.hints.items()),
        answers.log,
    )
    return hashlib.sha256(msgspec.json.encode(told)).hexdigest()[:16]


class Submission(msgspec.Struct, frozen=True):
    """A submission, read.

    Args:
        graph: the student's graph.
        answers: the rest.
    """

    graph: Graph
    answers: Answers


def loads(data: bytes, *, file: str = "submission") -> Submission:
    """Return the submission that `data` holds.

    Raises:
        FileError: it holds none; the message says where.
    """
    if len(data) > LARGEST:
        raise FileError(
            mark("core", "{file}: too large: more than {most} MB"),
            file=file,
            most=LARGEST // 2**20,
        )
    # Counted before they are built, which takes seconds; what is written otherwise, after.
    _check_count(data.count(b'"op"'), file)
    graph = storage.loads(data, file=file)
    _check_count(len(graph.nodes), file)
    return Submission(graph, answers_in(graph, file=file))


def _check_count(nodes: int, file: str) -> None:
    if nodes > MOST_NODES:
        raise FileError(
            mark("core", "{file}: {count} nodes; {most} are the most a submission may have"),
            file=file,
            count=nodes,
            most=MOST_NODES,
        )


def answers_in(graph: Graph, *, file: str = "submission") -> Answers:
    """Return the answers a graph carries.

    Raises:
        FileError: it carries none, or they are damaged.
    """
    raw = graph.extra.get(FIELD)
    if raw is None:
        raise FileError(
            mark("core", "{file}: this is a graph without answers, and no submission"), file=file
        )
    try:
        found = msgspec.convert(raw, Answers)
    except msgspec.ValidationError as wrong:
        said = type_error(str(wrong), storage.FORMAT)
        raise FileError(mark("core", "{file}: {said}"), file=file, said=said) from None
    texts = [text for entries in found.answers.values() for text in entries.values()]
    if len(texts) > MOST_ANSWERS or any(len(text) > LONGEST_ANSWER for text in texts):
        said = GradStudioError(mark("core", "the answers are too many or too long"))
        raise FileError(mark("core", "{file}: {said}"), file=file, said=said)
    return found


def graph_digest(graph: Graph) -> str:
    """Return what tells a graph from others, wherever its nodes lie."""
    computed = Graph(
        graph.nodes, output=graph.output, training=graph.training, definitions=graph.definitions
    )
    return hashlib.sha256(storage.dumps(computed)).hexdigest()[:16]


def id_in_file_name(student: str) -> str:
    """Return an id as it stands in the name of a file: other signs than these may be forbidden."""
    return "".join(one if one.isalnum() or one in "._-" else "_" for one in student)


def with_answers(graph: Graph, answers: Answers) -> Graph:
    """Return `graph` with the answers in it: saved, it is a submission."""
    raw: Any = json.loads(msgspec.json.encode(answers))
    return replace(graph, extra={**graph.extra, FIELD: raw})
