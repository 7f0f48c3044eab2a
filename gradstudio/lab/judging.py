"""One submission judged with the key: its points, item by item, as plain data.

Everything is computed again from what was typed and drawn; what the file says was computed, earned
or asked is not looked at.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator
from typing import Literal, TypeAlias

import msgspec
import numpy as np

from gradstudio.errors import GradStudioError, LabError, mark
from gradstudio.lab import likeness, picture, submission
from gradstudio.lab.exercise import Exercise, Key
from gradstudio.lab.items import Item, Judgement, Part, Verdict
from gradstudio.lab.task import Work
from gradstudio.lab.texts import Text, said
from gradstudio.lab.variants import student_key

Status: TypeAlias = Literal["passed", "partial", "failed", "error", "missing"]
LONGEST_SHOWN = 200
_DIGITS = 6


class PartResult(msgspec.Struct, frozen=True):
    """One part of an item, as reports show it.

    Args:
        id: the blank, or the condition.
        label: what it is called.
        verdict: what is said of it.
        points: what it earned.
        most: what it could have earned.
        given: what stood there; None where nothing did.
        said: why it is not right.
        mistake: which of the usual mistakes it is.
    """

    id: str
    label: Text
    verdict: str
    points: float
    most: float
    given: Text | None = None
    said: Text | None = None
    mistake: str = ""


class ItemResult(msgspec.Struct, frozen=True):
    """One item.

    Args:
        id: which.
        points: what it earned, hints paid.
        most: what it could have earned.
        hints: how many hints were taken.
        price: what they cost.
        parts: in the order one works in.
        told: what a student is told of it: the first thing that is wrong, and what is right.
    """

    id: str
    points: float
    most: float
    hints: int = 0
    price: float = 0.0
    parts: list[PartResult] = []
    told: list[Text] = []


class Result(msgspec.Struct, frozen=True):
    """One submission.

    Args:
        status: what became of it.
        points: before the late rule.
        most: what could be earned.
        items: in the order of the exercise.
        reasons: why there is no result.
        notes: what the assistant should look at, and nobody else.
        student: whose it is, where the file's name left that open.
        name: what the student is called, as the file says, if it is that student's.
        likeness: equal for identical work; empty where there is too little to compare.
        nodes: how many nodes of the student's own were compared.
        picture: the graph at the first wrong edge, as SVG.
        pictured: the item it is a picture of.
    """

    status: Status
    points: float
    most: float
    items: list[ItemResult] = []
    reasons: list[Text] = []
    notes: list[Text] = []
    student: str = ""
    name: str = ""
    likeness: str = ""
    nodes: int = 0
    picture: str = ""
    pictured: str = ""


def refused(exercise: Exercise, reason: GradStudioError, status: Status = "error") -> Result:
    """Return the result of what cannot be graded."""
    items = [ItemResult(id, 0.0, item.points) for id, item in exercise.items.items()]
    return Result(status, 0.0, exercise.most_points, items, [said(reason)])


def status_of(points: float, most: float) -> Status:
    """Return what became of work that was judged: it is passed when no point was lost."""
    return "passed" if points >= round(most, _DIGITS) else "partial" if points > 0 else "failed"


def judge(
    exercise: Exercise,
    key: Key | None,
    student: str,
    data: bytes,
    *,
    file: str = "submission",
    by_file: bool = False,
) -> Result:
    """Judge what a student handed in.

    Args:
        exercise: which.
        key: the teacher's; without it, items that need it earn nothing.
        student: whose numbers it is judged by, whatever the file says.
        data: the content of the file.
        file: what the messages call it.
        by_file: whether `student` is only what a file was called: then it is whoever the work says,
            if that id looks so in a file's name.
    """
    try:
        handed_in = submission.loads(data, file=file)
        answers = handed_in.answers
        if answers.id != exercise.id:
            raise LabError(
                mark("core", "these are answers to {lab}, not to {exercise}"),
                lab=answers.id[:80],
                exercise=exercise.id,
            )
        if by_file and _as_file(answers.student) == _as_file(student):
            student = answers.student
        task = exercise.task(student)
    except GradStudioError as wrong:
        return refused(exercise, wrong)
    work = Work(task, handed_in.graph, answers.answers)
    items = []
    first: tuple[Item, Judgement] | None = None
    for id, item in exercise.items.items():
        judgement = _judged(item, work, None if key is None else key.items.get(id))
        items.append(_result(item, judgement, answers.hints.get(id, 0)))
        wrong_part = judgement.first_wrong
        if first is None and wrong_part is not None and wrong_part.node is not None:
            first = item, judgement
    points = round(math.fsum(item.points for item in items), _DIGITS)
    alike = likeness.likeness(exercise, work)
    compared = alike.digest and alike.size >= exercise.compare_from
    return Result(
        status_of(points, exercise.most_points),
        points,
        exercise.most_points,
        items,
        notes=[said(note) for note in _noticed(exercise, work, answers)],
        student=student if by_file else "",
        name=answers.name[:LONGEST_SHOWN] if _is_of(answers, student) else "",
        likeness=alike.digest if compared else "",
        nodes=alike.size,
        picture="" if first is None else picture.at(work, *first),
        pictured="" if first is None else first[0].id,
    )


def _is_of(answers: submission.Answers, student: str) -> bool:
    """Return whether the work itself says to be of that student."""
    return student_key(answers.student) == student_key(student)


def _as_file(student: str) -> str:
    return student_key(submission.id_in_file_name(student))


def _judged(item: Item, work: Work, key: object | None) -> Judgement:
    """Judge one item; what no rule of it foresaw is said of that item alone."""
    try:
        return item.judge(work, key)
    except GradStudioError as wrong:
        return Judgement((Part(item.id, Verdict.WRONG, item.id, said=wrong),))
    except (ArithmeticError, ValueError, LookupError):
        odd = GradStudioError(mark("core", "this answer cannot be judged"))
        return Judgement((Part(item.id, Verdict.WRONG, item.id, said=odd),))


def _result(item: Item, judgement: Judgement, hints: int) -> ItemResult:
    weights = math.fsum(part.weight for part in judgement.parts)
    parts = []
    for part in judgement.parts:
        most = item.points * part.weight / weights
        earned = most if part.verdict is Verdict.RIGHT else 0.0
        parts.append(
            PartResult(
                part.id,
                _label(part),
                part.verdict.value,
                round(earned, _DIGITS),
                round(most, _DIGITS),
                _given(part),
                None if part.said is None else said(part.said),
                part.mistake,
            )
        )
    taken = min(max(hints, 0), len(item.hints))
    price = math.fsum(hint.price for hint in item.hints[:taken])
    points = max(0.0, item.points * judgement.share - price)
    told = [said(one) for one in judgement.feedback(graded=True)]
    return ItemResult(
        item.id, round(points, _DIGITS), item.points, taken, round(price, _DIGITS), parts, told
    )


def _given(part: Part) -> Text | None:
    """Return what stood there, as it is shown; None where nothing did."""
    if not part.given.strip():
        return None
    return said(part.shown or GradStudioError("{given}", given=part.given[:LONGEST_SHOWN]))


def _label(part: Part) -> Text:
    label = part.label or part.id
    return said(GradStudioError("{label}", label=label))


def _noticed(
    exercise: Exercise, work: Work, answers: submission.Answers
) -> Iterator[GradStudioError]:
    """Yield what the assistant should look at."""
    task = work.task
    if not _is_of(answers, task.student):
        yield GradStudioError(
            mark("core", "the file says it is the work of {student}"),
            student=answers.student[:80] or "–",
        )
    if answers.exercise and answers.exercise != exercise.digest:
        yield GradStudioError(mark("core", "it was made with another edition of the exercise"))
    changed = list(task.changed(work.graph))
    other = [name for name in changed if name in task.drawn and name in work.graph.nodes]
    if other and answers.student and not _is_of(answers, task.student):
        theirs = exercise.task(answers.student)
        if all(
            np.array_equal(
                np.asarray(work.graph.nodes[name].value), np.asarray(theirs.given.nodes[name].value)
            )
            for name in other
        ):
            yield GradStudioError(
                mark("core", "its numbers are the variant of {student}"),
                student=answers.student[:80],
            )
    if changed:
        yield GradStudioError(
            mark("core", "locked parts were changed: {nodes}"),
            nodes=", ".join(changed[:5]) + (", …" if len(changed) > 5 else ""),
        )
    if answers.seal != submission.seal_of(answers):
        yield GradStudioError(
            mark("core", "its log of attempts and hints was edited (a sign, no proof)")
        )
    kept = {one.item: one.entries for one in answers.log if one.kept}
    for item, entries in kept.items():
        if item in exercise.items and answers.answers.get(item, {}) != entries:
            template = mark("core", "the answer to {item} was changed after it was kept")
            yield GradStudioError(template, item=item)
    checked = {one.item: one.entries for one in answers.log if one.counted}
    used = Counter(one.item for one in answers.log if one.counted)
    for item, entries in checked.items():
        most = exercise.attempts_of(item) if item in exercise.items else None
        if most is None or used[item] < most or item in kept:
            continue
        if answers.answers.get(item, {}) != entries:
            template = mark("core", "the answer to {item} was changed after its last attempt")
            yield GradStudioError(template, item=item)
