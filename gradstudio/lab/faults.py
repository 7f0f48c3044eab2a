"""What a teacher can get wrong in an exercise, tried with the numbers of several students."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from gradstudio.errors import GradStudioError, LabError, mark
from gradstudio.lab.exercise import Exercise, Key
from gradstudio.lab.task import Work
from gradstudio.numbers import number_text

_TRIED = ("", "A-17", "李雷", *map(str, range(20240001, 20240033)))
"""Ids that an exercise is checked with, as each has numbers of its own."""


def faults(exercise: Exercise, key: Key | None = None) -> Iterator[GradStudioError]:
    """Yield what is wrong with an exercise, tried with several students' numbers.

    Every item must have something to ask, its parts must exist, and what the key says must have a
    value for every student.
    """
    seen: set[str] = set()
    for student in _TRIED:
        try:
            task = exercise.task(student)
        except LabError as wrong:
            yield wrong
            return
        for id, item in exercise.items.items():
            own = None if key is None else key.items.get(id)
            for fault in item.check(task, own):
                text = fault.say()
                if (id + text) not in seen:
                    seen.add(id + text)
                    yield GradStudioError(mark("core", "item {item}: {said}"), item=id, said=fault)


def zeros(exercise: Exercise) -> Iterator[GradStudioError]:
    """Yield the items that zeros in all blanks earn points of, and for whom they earn the most.

    Some may be meant: the loser of a max gets zero. But a number so small that the tolerance
    reaches down to zero is no question. Only items that need no key are tried.
    """
    most: dict[str, tuple[float, str]] = {}
    for student in _TRIED:
        task = exercise.task(student)
        answers = {
            id: {one.id: str(np.zeros(one.shape or ()).tolist()) for one in item.blanks(task)}
            for id, item in exercise.items.items()
        }
        work = Work(task, task.given, answers)
        for id, item in exercise.items.items():
            if item.needs_key:
                continue
            points = item.points * item.judge(work, None).share
            if points > most.get(id, (0.0, ""))[0]:
                most[id] = points, student
    for id, (points, student) in most.items():
        yield GradStudioError(
            mark(
                "core",
                "item {item}: zeros in all blanks earn {points} of {most} points, "
                "as for student “{student}”",
            ),
            item=id,
            points=number_text(points),
            most=number_text(exercise.items[id].points),
            student=student,
        )
